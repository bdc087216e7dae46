"""The difference of two versions: which statements came and went, dataset by dataset.

Statements without blank nodes are the same when their terms are. A blank node has no name of its own, so the statements
around blank nodes that hang together are compared as one whole, named by RDFC-1.0 (https://www.w3.org/TR/rdf-canon/):
when one of them changed, the whole went and the changed whole came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from zorgkg.terms import dataset_name


@dataclass
class Change:
    """What changed in one dataset: statements in N-Triples, sorted.

    :param came: in the newer version only.
    :param went: in the older version only.
    """

    came: list[str] = field(default_factory=list)
    went: list[str] = field(default_factory=list)


def compare(older: Store, newer: Store) -> dict[str, Change]:
    """Compare two versions.

    :param older: a store of named graphs; its default graph (their merge) is left out.
    :param newer: likewise.
    :returns: dataset name (or the graph's IRI where it is none of ours) → what changed, without unchanged datasets.
    """
    changes: dict[str, Change] = {}
    graphs = {graph for store in (older, newer) for graph in store.named_graphs() if isinstance(graph, NamedNode)}
    # One graph at a time: what is held in memory is the largest dataset, not the version.
    for graph in sorted(graphs, key=lambda one: one.value):
        before, blank_before = _parts(older, graph)
        after, blank_after = _parts(newer, graph)
        change = Change(
            sorted([*map(_line, after - before), *_lines(blank_after - blank_before)]),
            sorted([*map(_line, before - after), *_lines(blank_before - blank_after)]),
        )
        if change.came or change.went:
            changes[dataset_name(graph.value)] = change
    return changes


def _parts(store: Store, graph: NamedNode) -> tuple[set[Triple], Counter[str]]:
    """A graph's triples without blank nodes, and its lines around blank nodes, whole by whole in canonical form."""
    plain: set[Triple] = set()
    blank: list[Triple] = []
    for quad in store.quads_for_pattern(None, None, None, graph):
        if _nodes(quad.triple):
            blank.append(quad.triple)
        else:
            plain.add(quad.triple)
    return plain, Counter("\n".join(whole) for whole in _wholes(blank))


def _wholes(triples: list[Triple]) -> Iterator[list[str]]:
    """The statements around each set of blank nodes that hang together, in canonical form."""
    leader: dict[BlankNode, BlankNode] = {}

    def find(node: BlankNode) -> BlankNode:
        while leader.setdefault(node, node) != node:
            leader[node] = node = leader[leader[node]]
        return node

    for triple in triples:
        first, *rest = _nodes(triple)
        for other in rest:
            leader[find(other)] = find(first)
    wholes: dict[BlankNode, list[Triple]] = {}
    for triple in triples:
        wholes.setdefault(find(_nodes(triple)[0]), []).append(triple)
    for members in wholes.values():
        named = Dataset(Quad(triple.subject, triple.predicate, triple.object) for triple in members)
        named.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        yield sorted(_line(quad.triple) for quad in named)


def _lines(wholes: Counter[str]) -> Iterator[str]:
    for whole in wholes.elements():
        yield from whole.splitlines()


def _nodes(triple: Triple) -> list[BlankNode]:
    return [term for term in (triple.subject, triple.object) if isinstance(term, BlankNode)]


def _line(triple: Triple) -> str:
    return (serialize([triple], format=RdfFormat.N_TRIPLES) or b"").decode().rstrip("\n")
