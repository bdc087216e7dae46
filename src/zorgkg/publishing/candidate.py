"""The candidate: everything that goes into a version, as one in-memory store of named graphs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import rdflib
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    Store,
    Triple,
)

from zorgkg.content import Content
from zorgkg.datasets import links
from zorgkg.datasets.package import LINKS, Package, packages, read_turtle
from zorgkg.datasets.problems import InvalidData, Problem
from zorgkg.publishing import rules
from zorgkg.publishing.checksum import content_sha256
from zorgkg.publishing.validation import PreparedGraph
from zorgkg.questions import catalogue, description
from zorgkg.terms import PREFIXES, dataset_graph, dataset_name, term

Progress = Callable[[str, int, int], None]
"""Called as (what is being done, steps done, steps in all)."""


class Candidate:
    """A graph that may become a version.

    :param store: its statements.
    :param packages: the dataset packages in it.
    :param derived: rule name → number of triples.
    """

    def __init__(self, store: Store, found: list[Package], derived: dict[str, int]) -> None:
        self.store = store
        self.packages = found
        self.derived = derived

    def counts(self) -> dict[str, int]:
        """Return dataset name → number of statements in its named graph."""
        counted: dict[str, int] = {}
        for quad in self.store:
            if isinstance(quad.graph_name, NamedNode):
                name = dataset_name(quad.graph_name.value)
                counted[name] = counted.get(name, 0) + 1
        return dict(sorted(counted.items()))

    def sha256(self) -> str:
        """Return the SHA-256 of the content; see :func:`content_sha256`."""
        return content_sha256(self.store)

    def union(self) -> rdflib.Graph:
        """Return the union of all named graphs as an RDFLib graph, for validation."""
        return to_rdflib(self.store)


def make(content: Content, progress: Progress, kept: Sequence[Quad] = ()) -> Candidate:
    """Map, link and derive: everything but validation.

    :param content: the folders of ontology, datasets and questions.
    :param progress: told after each step.
    :param kept: statements of other named graphs that go into it too.
    :returns: the candidate.
    :raises InvalidData: something in the folders is malformed; problems name file, row and column.
    """
    found = packages(content.data)
    if not found:
        raise InvalidData([Problem("no dataset package in this folder", content.data)])
    steps = len(found) + 4
    store = Store()
    problems: list[Problem] = []
    for done, package in enumerate(found, start=1):
        try:
            store.bulk_extend(_collect(package, problems))
            if (package.directory / LINKS).exists():
                store.bulk_extend(list(links.read(package.directory / LINKS, package.graph)))
        except InvalidData as error:
            problems.extend(error.problems)
        progress(f"dataset {package.name}", done, steps)
    if problems:
        raise InvalidData(problems)
    for name in ("zorgkg.ttl", "datasets.ttl"):
        store.bulk_extend(read_turtle(content.ontology / name, dataset_graph("ontology")))
    store.bulk_extend(quad for package in found for quad in listed(package.graph))
    progress("ontology", steps - 3, steps)
    for path in sorted((content.ontology / "frameworks").glob("*.ttl")):
        store.bulk_extend(read_turtle(path, dataset_graph("frameworks")))
    progress("frameworks", steps - 2, steps)
    store.bulk_extend(description.quads(catalogue.read(content.queries)))
    progress("questions", steps - 1, steps)
    store.bulk_extend(kept)
    derived = rules.apply(store, content.ontology / "rules")
    progress("rules", steps, steps)
    return Candidate(store, found, derived)


def listed(graph: NamedNode) -> list[Quad]:
    """List a dataset in the catalogue, and as one that the derived dataset is derived from.

    It is listed in its own graph, so that nothing refers to it any more when that is removed.

    :param graph: IRI of the dataset and of its named graph.
    """
    whole, derived = dataset_graph("zorgkg"), dataset_graph("derived")
    return [
        Quad(whole, term("dcat:dataset"), graph, graph),
        Quad(derived, term("prov:wasDerivedFrom"), graph, graph),
    ]


def _collect(package: Package, problems: list[Problem]) -> list[Quad]:
    try:
        return list(package.quads())
    except InvalidData as error:
        problems.extend(error.problems)
        return []


def _resource(
    node: NamedNode | BlankNode | Triple, known: dict[NamedNode, rdflib.URIRef]
) -> rdflib.term.IdentifiedNode:
    if isinstance(node, NamedNode):
        iri = known.get(node)
        if iri is None:
            iri = known[node] = rdflib.URIRef(node.value)
        return iri
    if isinstance(node, BlankNode):
        return rdflib.BNode(node.value)
    raise InvalidData([Problem("a triple term (RDF 1.2) cannot be validated; write it as plain triples")])


def rdflib_term(
    node: NamedNode | BlankNode | Literal | Triple, known: dict[NamedNode, rdflib.URIRef]
) -> rdflib.term.IdentifiedNode | rdflib.Literal:
    """Return a term of a store as one of RDFLib.

    :param known: IRIs that were made before; each is made once.
    :raises InvalidData: it is a triple term.
    """
    if not isinstance(node, Literal):
        return _resource(node, known)
    if node.language:
        return rdflib.Literal(node.value, lang=node.language)
    if node.datatype.value == PREFIXES["xsd"] + "string":
        # RDFLib holds "a" and "a"^^xsd:string for different terms; shapes are read with the former.
        return rdflib.Literal(node.value)
    return rdflib.Literal(node.value, datatype=rdflib.URIRef(node.datatype.value))


def to_rdflib(store: Store) -> rdflib.Graph:
    """Return the union of a store's graphs as an RDFLib graph, which pySHACL validates."""
    graph = PreparedGraph()
    known: dict[NamedNode, rdflib.URIRef] = {}
    for quad in store:
        graph.add((_resource(quad.subject, known), _resource(quad.predicate, known), rdflib_term(quad.object, known)))
    return graph
