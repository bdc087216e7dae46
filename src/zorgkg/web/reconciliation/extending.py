"""Data extension: the values of properties of things that were reconciled."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal

from zorgkg.collection import reading
from zorgkg.collection.declared import Property
from zorgkg.collection.reading import Value
from zorgkg.matching.record import Record
from zorgkg.terms import term
from zorgkg.web.problems import ProblemError
from zorgkg.web.reconciliation import vocabulary
from zorgkg.web.reconciliation.asked import loaded, wrong
from zorgkg.web.service import Service

MOST: Final = 200
"""Things of one request."""

PROPERTIES: Final = 50
"""Properties of one request."""

_POINT: Final = re.compile(r"(?:<[^>]*>\s*)?POINT\s*\(\s*(\S+)\s+(\S+)\s*\)", re.IGNORECASE)
_NUMBERS: Final = {term(f"xsd:{name}") for name in ("decimal", "double", "float")}

Cell = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A property that is asked for.

    :param id: the property.
    :param limit: values of each thing at most; 0: all.
    """

    id: str
    limit: int = 0


def wanted(text: str) -> tuple[list[str], list[Column]]:
    """Read a request.

    :param text: the value of `extend`.
    :returns: ids of things, and properties.
    :raises ProblemError: 400, it is none; 413, it asks for too much.
    """
    given = loaded(text, "extend")
    if not isinstance(given, dict) or not isinstance(given.get("ids"), list):
        raise wrong("extend", "is an object with a list of ids and a list of properties")
    ids = given["ids"]
    if not all(isinstance(one, str) for one in ids):
        raise wrong("extend.ids", "is a list of ids of things")
    if len(ids) > MOST:
        detail = f"extend.ids: a request may name {MOST} things, and this one names {len(ids):,}; send them in several"
        raise ProblemError(413, "batch-too-large", detail, parameter="extend", limit=MOST)
    listed = given.get("properties")
    if not isinstance(listed, list) or len(listed) > PROPERTIES:
        raise wrong("extend.properties", f"is a list of up to {PROPERTIES} objects with the id of a property")
    return list(dict.fromkeys(ids)), [_column(one, f"extend.properties.{place}") for place, one in enumerate(listed)]


def _column(given: Any, where: str) -> Column:
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise wrong(where, "is an object with the id of a property")
    name = given["id"]
    if name not in vocabulary.NUMBERS and vocabulary.field(name) is None:
        allowed = [one["id"] for one in vocabulary.properties("en")]
        detail = f"{where}.id: there is no property {name!r}; there are: {', '.join(allowed)}"
        raise ProblemError(400, "unknown-property", detail, parameter="extend", allowed=allowed)
    settings = given.get("settings") or {}
    limit = settings.get("limit", 0) if isinstance(settings, dict) else None
    try:
        # OpenRefine sends what stands in the field of its form: a text.
        number = int(limit or 0)
    except (TypeError, ValueError, OverflowError):
        number = -1
    if number < 0:
        raise wrong(f"{where}.settings.limit", "is a whole number of 0 or more")
    return Column(name, number)


def extend(
    service: Service, records: Mapping[str, Record], ids: Sequence[str], columns: Sequence[Column], language: str
) -> dict[str, Any]:
    """Return the values of properties.

    :param service: the version.
    :param records: those of the things that there are, by id.
    :param ids: the things that are asked for.
    :param columns: the properties.
    :param language: of names and texts.
    """
    rows: dict[str, dict[str, list[Cell]]] = {thing: {one.id: [] for one in columns} for thing in ids}
    by_type: dict[str, list[str]] = {}
    for thing, record in records.items():
        for one in columns:
            if one.id in vocabulary.NUMBERS:
                rows[thing][one.id] = [{"str": value} for value in _numbers(record, one.id)]
        for found in vocabulary.types_of(record.types)[:1]:
            by_type.setdefault(found.id, []).append(thing)
    for name, members in by_type.items():
        of = vocabulary.TYPES[name]
        fields = vocabulary.fields(of)
        asked = [one.id for one in columns if one.id in fields]
        things = {records[thing].id: thing for thing in members}
        for read in reading.records(service.engine, of.collection, list(things), asked, language):
            for field in asked:
                rows[things[read.iri]][field] = [_cell(fields[field], value) for value in read.values[field]]
    for each in rows.values():
        for one in columns:
            if one.limit:
                each[one.id] = each[one.id][: one.limit]
    return {"meta": [_meta(one, language) for one in columns], "rows": rows}


def _numbers(record: Record, id: str) -> list[str]:
    if id == "postcode":
        return [record.postcode] if record.postcode else []
    return [value for scheme, value in record.identifiers if scheme == id]


def _meta(column: Column, language: str) -> dict[str, Any]:
    one = vocabulary.field(column.id)
    if one is None:
        return {"id": column.id, "name": vocabulary.NARROWING[column.id].name[language]}
    made: dict[str, Any] = {"id": column.id, "name": vocabulary.field_name(one, language)}
    if one.kind == "thing" and (types := vocabulary.types_of([term(one.cls).value]) or _wider(one)):
        made["type"] = types[0].told(language)
    return made


def _wider(one: Property) -> list[vocabulary.Type]:
    ids = {"org:Organization": "organisation", "zorg:Place": "place"}
    return [vocabulary.TYPES[ids[one.cls]]] if one.cls in ids else []


def _cell(one: Property, value: Value) -> Cell:
    """A value as the API tells it."""
    if one.kind == "thing":
        return {"id": vocabulary.id_of(value.term.value), "name": value.shown}
    text = value.term.value
    if one.kind == "point":
        found = _POINT.fullmatch(text)
        return {"str": f"{found[2]},{found[1]}" if found else text}
    if one.kind == "date" and (match := _DATE.fullmatch(text)):
        return {"date": f"{match[1]}T00:00:00"}
    make: Callable[[str], Any] | None = None
    if one.kind == "integer":
        make = int
    elif isinstance(value.term, Literal) and value.term.datatype in _NUMBERS:
        make = float
    if make:
        try:
            return {"int" if make is int else "float": make(text)}
        except ValueError:
            pass
    return {"str": text}


_DATE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?")
