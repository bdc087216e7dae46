"""Answering queries: candidates as the API tells them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from zorgkg.matching.record import Record
from zorgkg.matching.scoring import Candidate, Feature
from zorgkg.search.index import SearchIndex, Thing
from zorgkg.web.reconciliation import vocabulary
from zorgkg.web.reconciliation.asked import Asked

_OTHER_TYPE: Final = 0.9
_POOR: Final = 60.0
"""With no better candidate of the types that should be, others are shown too."""


def answers(index: SearchIndex, batch: Mapping[str, Asked], language: str) -> dict[str, Any]:
    """Answer a batch of queries, each by itself.

    :param index: of the version.
    :param batch: the queries, by their keys.
    :param language: of names and descriptions.
    """
    found = {name: candidates(index, one) for name, one in batch.items()}
    shown = labels(index, (one.record for each in found.values() for one in each), language)
    return {name: {"result": [told(one, shown, language) for one in each]} for name, each in found.items()}


def candidates(index: SearchIndex, asked: Asked) -> list[Candidate]:
    """Return the candidates of a query, by descending score."""
    if not asked.text and not any(asked.properties.values()):
        return []
    matching = index.matching
    meant = matching.get(vocabulary.iri(asked.text)) if asked.text and " " not in asked.text else None
    if meant and asked.may_be(meant):
        # Who gives an id means that thing, whatever others are called.
        sure = Candidate(meant, 100.0, (Feature("id", True),), True, "semapv:ManualMappingCuration")
        return [sure]
    wanted = asked.record(matching)
    found = [one for one in matching.candidates(wanted, asked.limit, only=asked.may_be) if one.score > 0]
    if asked.strict == "should" and (not found or found[0].score < _POOR):
        # OpenRefine always sends "should"; so the types count, and others are only shown where these have nothing.
        others = matching.candidates(replace(wanted, types=()), asked.limit, only=lambda one: not asked.may_be(one))
        found += [_other(one) for one in others if one.score > 0]
        found = sorted(found, key=lambda one: -one.score)[: asked.limit]
    return found


def _other(one: Candidate) -> Candidate:
    """A candidate of another type than those that were given: worth less, and never certain."""
    features = (*one.features, Feature("type", False))
    return replace(one, features=features, score=round(one.score * _OTHER_TYPE, 1), match=False)


def labels(index: SearchIndex, records: Iterable[Record], language: str) -> dict[str, Thing]:
    """Return what the index shows of some things, of their kinds and of their municipalities."""
    iris: dict[str, None] = {}
    for one in records:
        iris |= dict.fromkeys((one.id, *one.kinds, *([one.municipality] if one.municipality else ()), *one.within))
    listed = list(iris)
    found: dict[str, Thing] = {}
    for at in range(0, len(listed), 500):
        found |= index.named(listed[at : at + 500], language)
    return found


def told(one: Candidate, shown: Mapping[str, Thing], language: str) -> dict[str, Any]:
    """Return a candidate as the API tells it."""
    record = one.record
    description = describe(record, shown)
    return {
        "id": vocabulary.id_of(record.id),
        "name": name(record, shown),
        **({"description": description} if description else {}),
        "type": [each.told(language) for each in vocabulary.types_of(record.types)],
        "score": one.score,
        "match": one.match,
        "features": [{"id": feature.id, "value": feature.value} for feature in one.features],
    }


def name(record: Record, shown: Mapping[str, Thing]) -> str:
    """Return what a thing is called."""
    return shown[record.id].label if record.id in shown else record.names[0]


def describe(record: Record, shown: Mapping[str, Thing]) -> str:
    """Return what tells a thing from others of its name: kinds, and where it is."""
    where = [record.municipality] if record.municipality else list(record.within[:1])
    parts = [", ".join(shown[iri].label for iri in iris if iri in shown) for iris in (record.kinds, where)]
    return " · ".join(part for part in parts if part)
