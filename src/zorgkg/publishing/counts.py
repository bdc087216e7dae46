"""Counts: how often a version uses each property and each class, kept up by what a write changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Triple

from zorgkg.terms import term

_A = term("rdf:type")


@dataclass(frozen=True)
class Counts:
    """How often each term is used.

    :param properties: IRI of a property → number of triples with it.
    :param classes: IRI of a class → number of its instances.
    """

    properties: dict[str, int]
    classes: dict[str, int]


def counted(triples: Iterable[Triple | Quad]) -> Counts:
    """Count the uses in triples, each of which is given once."""
    properties: Counter[NamedNode] = Counter()
    classes: Counter[NamedNode] = Counter()
    for triple in triples:
        properties[triple.predicate] += 1
        if triple.predicate == _A and isinstance(triple.object, NamedNode):
            classes[triple.object] += 1
    return Counts(_told(properties), _told(classes))


def followed(before: Counts, came: Iterable[Triple], went: Iterable[Triple]) -> Counts:
    """Return the counts after a change.

    :param before: those of the version that was changed.
    :param came: triples that are new.
    :param went: triples that are no longer there.
    """
    more, fewer = counted(came), counted(went)
    return Counts(
        _changed(before.properties, more.properties, fewer.properties),
        _changed(before.classes, more.classes, fewer.classes),
    )


def _told(counts: Mapping[NamedNode, int]) -> dict[str, int]:
    return {node.value: number for node, number in sorted(counts.items(), key=lambda one: one[0].value)}


def _changed(before: Mapping[str, int], more: Mapping[str, int], fewer: Mapping[str, int]) -> dict[str, int]:
    names = sorted({*before, *more})
    after = {name: before.get(name, 0) + more.get(name, 0) - fewer.get(name, 0) for name in names}
    return {name: number for name, number in after.items() if number}
