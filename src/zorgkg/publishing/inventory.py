"""The inventory of a version: its datasets, how they describe themselves, and when each was last changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from zorgkg.languages import pick
from zorgkg.publishing.versions import Home, Manifest, NoVersion
from zorgkg.terms import graph_of, term


@dataclass(frozen=True)
class Holding:
    """One dataset of a version.

    :param name: its name, or its graph's IRI where that is none of ours.
    :param graph: IRI of the dataset and of its named graph.
    :param title: its title; empty where it has none.
    :param description: its description; empty where it has none.
    :param licence: IRIs of its licence.
    :param publisher: IRIs of its publisher.
    :param source: IRIs of what it comes from.
    :param statements: number of statements in its named graph.
    :param origin: `folder` (as the build made it), `written` (by a write since then) or `rules`.
    """

    name: str
    graph: NamedNode
    title: str
    description: str
    licence: list[str]
    publisher: list[str]
    source: list[str]
    statements: int
    origin: str


def holding(store: Store, manifest: Manifest, name: str, language: str) -> Holding:
    """Describe a dataset.

    :param store: the version's store.
    :param manifest: the version's manifest, which has the dataset.
    :param name: the dataset's name.
    :param language: language of title and description, where they have it.
    """
    graph = graph_of(name)

    def values(*predicates: str) -> list[NamedNode | Literal]:
        quads = (quad for one in predicates for quad in store.quads_for_pattern(graph, term(one), None, None))
        return list(dict.fromkeys(quad.object for quad in quads if isinstance(quad.object, NamedNode | Literal)))

    def text(*predicates: str) -> str:
        for predicate in predicates:
            texts = {one.language or "": one.value for one in values(predicate) if isinstance(one, Literal)}
            if chosen := pick(texts, language):
                return chosen[0]
        return ""

    def plain(*predicates: str) -> list[str]:
        return sorted(one.value for one in values(*predicates))

    return Holding(
        name,
        graph,
        text("dcterms:title", "rdfs:label"),
        text("dcterms:description"),
        plain("dcterms:license"),
        plain("dcterms:publisher"),
        plain("prov:wasDerivedFrom", "dcterms:source"),
        manifest.datasets[name],
        "rules" if name == "derived" else "written" if graph.value in manifest.written else "folder",
    )


def last_change(home: Home, manifest: Manifest, graph: NamedNode) -> tuple[Manifest, bool]:
    """Find the version that last changed a dataset.

    :param home: where the versions are.
    :param manifest: the version to begin with; those that it was made from follow.
    :param graph: the dataset's named graph.
    :returns: the version, and whether it was that one; if not, an earlier one, which is not known any more.
    """
    while manifest.base:
        folder = home.directory(manifest.id)
        if not (folder / "came.nq").exists():
            # One that was restored from a backup has no record of what it changed.
            return manifest, False
        if _mentions(folder, graph):
            return manifest, True
        try:
            manifest = home.manifest(manifest.base)
        except NoVersion:
            return manifest, False
    # A build makes all anew, but for what it keeps of earlier writes.
    return manifest, graph.value not in manifest.written


def _mentions(folder: Path, graph: NamedNode) -> bool:
    """Whether a statement of a graph is among those that a version changed."""
    end = f" {graph} .".encode()
    for name in ("came.nq", "went.nq"):
        with (folder / name).open("rb") as file:
            for line in file:
                # A triple of the merge may end so too: the graph is what it tells about, then.
                if line.rstrip().endswith(end) and _graph(line) == graph:
                    return True
    return False


def _graph(line: bytes) -> object:
    return next(parse(line, format=RdfFormat.N_QUADS)).graph_name
