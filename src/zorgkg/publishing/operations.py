"""Operations: what a change does to a draft, whoever asks for it, over HTTP or on the command line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad

from zorgkg.datasets import links
from zorgkg.datasets.archive import unpack
from zorgkg.datasets.package import LINKS, Package
from zorgkg.datasets.sssom import Mapping
from zorgkg.engine import guard
from zorgkg.publishing import payload
from zorgkg.publishing import update as updates
from zorgkg.publishing.affected import Term
from zorgkg.publishing.candidate import listed
from zorgkg.publishing.draft import Draft
from zorgkg.publishing.payload import Payload, PayloadError
from zorgkg.publishing.update import DEFAULT, DERIVED, Scope
from zorgkg.terms import ID, dataset_graph, term

POSTED: Final = NamedNode("urn:x-zorgkg:posted")
"""The graph that statements are in while they are only validated."""

_TYPE: Final = term("rdf:type")
_MAPPING: Final = term("sssom:Mapping")
_ENDS: Final = (term("sssom:subject_id"), term("sssom:object_id"))

Operation = Callable[[Draft], None]


class NoGraph(Exception):
    """There is no such graph to remove."""


# What goes into a draft


def package(source: Package) -> list[Quad]:
    """Return the statements of a dataset package: its tables, its description and its links, listed in the catalogue.

    They are all in the dataset's own graph, so that the next package of that name replaces them.

    :raises zorgkg.datasets.problems.InvalidData: something in it is malformed.
    """
    quads = [*source.quads()]
    if (source.directory / LINKS).exists():
        quads += links.read(source.directory / LINKS, source.graph)
    return [*quads, *listed(source.graph)]


def unpacked(name: str, body: bytes, folder: Path) -> Package:
    """Return the package of a zip archive.

    :param name: name of the dataset.
    :param body: the archive.
    :param folder: where it is unpacked; it is needed as long as the package is.
    :raises zorgkg.datasets.archive.BadArchive: it is no zip archive, or not a safe one.
    """
    directory = folder / name
    directory.mkdir()
    unpack(body, directory)
    return Package(directory)


def described(name: str, quads: Iterable[Quad]) -> list[Quad]:
    """Return the statements of a dataset that is given as RDF, listed in the catalogue.

    :raises PayloadError: they do not say under which licence it may be used.
    """
    graph = dataset_graph(name)
    found = list(quads)
    if not any(quad.subject == graph and quad.predicate == term("dcterms:license") for quad in found):
        raise PayloadError(
            f"the dataset does not say under which licence it may be used: give <{graph.value}> a dcterms:license"
        )
    # What rules derive refers only to what has a type: a reference to anything else is refused.
    typed = any(quad.subject == graph and quad.predicate == term("rdf:type") for quad in found)
    return [*found, *(quad for quad in listed(graph) if typed or quad.predicate == term("dcat:dataset"))]


def posted(payloads: Iterable[Payload]) -> list[Quad]:
    """Return statements that are only validated: those without a graph are in one of their own.

    :raises PayloadError: a document is malformed.
    """
    return [
        quad if quad.graph_name != DEFAULT else Quad(quad.subject, quad.predicate, quad.object, POSTED)
        for quad in payload.dataset(payloads)
    ]


# What is done to it


def update(text: str, services: Collection[str], scope: Scope) -> Operation:
    """Return what carries out a SPARQL 1.1 update; see :func:`zorgkg.publishing.update.apply`.

    :param text: the update.
    :param services: endpoints that it may call by SERVICE; LOAD is refused.
    :param scope: what is told beside the text.
    :raises zorgkg.engine.guard.Forbidden: it calls another server.
    """
    guard.check(text, services)
    return lambda draft: updates.apply(draft, text, scope)


def put(graph: NamedNode | None, quads: Iterable[Quad]) -> Operation:
    """Return what replaces a graph, or without one the whole dataset, by statements."""
    wanted = set(quads)

    def replace(draft: Draft) -> None:
        if graph is None:
            _put_whole(draft, wanted)
            return
        draft.create(graph)
        draft.change([quad for quad in draft.statements(graph) if quad not in wanted], wanted)

    return replace


def post(graph: NamedNode | None, quads: Iterable[Quad]) -> Operation:
    """Return what adds statements, to a graph that is there afterwards or to those that they name."""

    def add(draft: Draft) -> None:
        if graph is not None:
            draft.create(graph)
        draft.change([], quads)

    return add


def put_dataset(graph: NamedNode, quads: Iterable[Quad], links_too: bool = False) -> Operation:
    """Return what replaces a dataset; one that brings no links keeps those of its things that it still describes.

    :param graph: the dataset.
    :param quads: its statements.
    :param links_too: whether it brings a link file, which may hold no decision.
    """
    wanted = set(quads)
    whole = links_too or any(_is_mapping(quad) for quad in wanted)

    def replace(draft: Draft) -> None:
        kept: set[Quad] = set()
        if not whole:
            described = {quad.subject for quad in wanted if quad.predicate == _TYPE}
            those = [
                one
                for one in links.known(_link_statements(draft, graph))
                if all(NamedNode(iri) in described or _is_described(draft, iri, graph) for iri in one.things)
            ]
            kept = set(links.quads(those, graph))
        put(graph, wanted | kept)(draft)

    return replace


def link(graph: NamedNode, read: Callable[[], Iterable[Mapping]]) -> Operation:
    """Return what makes the links of a dataset those of its link file.

    A decision on a thing that the graph does not describe (any more) is left out: it waits in the file.

    :param graph: the dataset.
    :param read: gives the rows of its link file, at the time of the change.
    """

    def replace(draft: Draft) -> None:
        rows = [one for one in read() if one.is_decided and all(_is_described(draft, iri) for iri in one.things)]
        wanted = set(links.quads(rows, graph))
        held = _link_statements(draft, graph)
        held |= set(links.quads(links.known(held), graph))
        draft.change(held - wanted, wanted)

    return replace


def _link_statements(draft: Draft, graph: NamedNode) -> set[Quad]:
    """What a dataset says of its mappings."""
    nodes = {quad.subject for quad in draft.after.quads_for_pattern(None, _TYPE, _MAPPING, graph)}
    return {
        quad
        for node in nodes
        if isinstance(node, NamedNode)
        for quad in draft.after.quads_for_pattern(node, None, None, graph)
    }


def _left_behind(draft: Draft, things: Iterable[Term]) -> set[Quad]:
    """What is said of mappings, and follows from them, that point to things that the graph describes no more."""
    found: set[Quad] = set()
    for thing in things:
        if not isinstance(thing, NamedNode) or _is_described(draft, thing.value):
            continue
        for end in _ENDS:
            for pointing in draft.after.quads_for_pattern(None, end, thing):
                graph = pointing.graph_name
                if isinstance(graph, NamedNode) and isinstance(pointing.subject, NamedNode):
                    said = list(draft.after.quads_for_pattern(pointing.subject, None, None, graph))
                    found |= {*said, *links.quads(links.known(said), graph)}
    return found


def _is_mapping(quad: Quad) -> bool:
    return quad.predicate == _TYPE and quad.object == _MAPPING


def _is_described(draft: Draft, iri: str, apart: NamedNode | None = None) -> bool:
    """Whether a graph describes a thing, other than one that is left apart; what is not ours need not be here."""
    if not iri.startswith(ID):
        return True
    found = draft.after.quads_for_pattern(NamedNode(iri), _TYPE, None)
    return any(quad.graph_name not in (DefaultGraph(), apart) for quad in found)


def delete(graph: NamedNode | None) -> Operation:
    """Return what removes a graph, or without one all but what rules derive; it raises :class:`NoGraph`.

    Links of others to things that only this graph described go too: there is nothing left that they link to.
    """

    def remove(draft: Draft) -> None:
        if graph is None:
            for one in _written(draft):
                draft.drop(one)
        elif graph == DEFAULT or draft.after.contains_named_graph(graph):
            # The default graph is always there (SPARQL 1.1 Graph Store HTTP Protocol, section 5.4).
            things = {quad.subject for quad in draft.after.quads_for_pattern(None, _TYPE, None, graph)}
            draft.drop(graph)
            draft.change(_left_behind(draft, things), [])
        else:
            raise NoGraph(f"there is no graph <{graph.value}>")

    return remove


def _put_whole(draft: Draft, wanted: set[Quad]) -> None:
    named = {quad.graph_name for quad in wanted}
    for graph in _written(draft):
        if graph in named:
            draft.change(set(draft.statements(graph)) - wanted, [])
        else:
            draft.drop(graph)
    draft.change([], wanted)


def _written(draft: Draft) -> list[NamedNode]:
    return [one for one in draft.after.named_graphs() if isinstance(one, NamedNode) and one != DERIVED]
