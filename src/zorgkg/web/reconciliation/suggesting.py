"""Suggesting: entities, types and properties for what a person begins to type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from zorgkg.search import schema
from zorgkg.search.folding import key
from zorgkg.search.index import SearchIndex, Thing
from zorgkg.terms import term
from zorgkg.web.reconciliation import answering, vocabulary
from zorgkg.web.reconciliation.vocabulary import Type

PAGE: Final = 10
"""Suggestions that are given at once."""

FURTHEST: Final = 90
"""How many may be passed over."""


def entities(
    index: SearchIndex, prefix: str, cursor: int, language: str, only: Type | None = None
) -> list[dict[str, Any]]:
    """Suggest things.

    :param index: of the version.
    :param prefix: what was typed: the beginning of a name, or an id.
    :param cursor: how many to pass over.
    :param language: of the names.
    :param only: things of this type; None: of all.
    """
    found: dict[str, Thing] = {}
    iri = vocabulary.iri(prefix) if prefix and " " not in prefix else ""
    if iri:
        found |= index.named([iri], language)
    kinds = [
        kind
        for kind, classes in schema.KINDS.items()
        if kind in vocabulary.TYPES and (only is None or only.classes & {term(one).value for one in classes})
    ]
    for hit in index.find(prefix, language, limit=cursor + PAGE, kinds=kinds):
        found.setdefault(hit.thing.iri, hit.thing)
    page = list(found)[cursor : cursor + PAGE]
    records = {one: record for one in page if (record := index.matching.get(one))}
    if only:
        records = {iri: record for iri, record in records.items() if only.classes & set(record.types)}
    shown = answering.labels(index, records.values(), language)
    return [
        _entity(found[one], answering.describe(record, shown), record.types, language)
        for one, record in records.items()
    ]


def _entity(thing: Thing, description: str, classes: Sequence[str], language: str) -> dict[str, Any]:
    return {
        "id": vocabulary.id_of(thing.iri),
        "name": thing.label,
        **({"description": description} if description else {}),
        "notable": [one.told(language) for one in vocabulary.types_of(classes)],
    }


def types(prefix: str, cursor: int, language: str) -> list[dict[str, Any]]:
    """Suggest types."""
    listed = []
    for one in vocabulary.TYPES.values():
        told = one.told(language)
        if one.broader:
            told["broader"] = [vocabulary.TYPES[wider].told(language) for wider in one.broader]
        listed.append(told)
    return _begun(listed, prefix, cursor)


def properties(prefix: str, cursor: int, language: str) -> list[dict[str, Any]]:
    """Suggest properties."""
    return _begun(vocabulary.properties(language), prefix, cursor)


def _begun(listed: Sequence[dict[str, Any]], prefix: str, cursor: int) -> list[dict[str, Any]]:
    """Those whose id or name has a word that begins so, the ones that begin so themselves first."""
    sought = key(prefix)
    ranked = []
    for one in listed:
        names = [key(one["id"]), key(one["name"])]
        if any(name.startswith(sought) for name in names):
            ranked.append((0, one))
        elif any(f" {sought}" in f" {name}" for name in names):
            ranked.append((1, one))
    ranked.sort(key=lambda pair: pair[0])
    return [one for _, one in ranked][cursor : cursor + PAGE]
