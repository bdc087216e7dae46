"""Blocks: the keys by which candidates are found without comparing with everything, and the tables that hold them.

A thing has a key for each identifier, for each whole name, for each word of its names, also together with its
municipality or its postcode, and for its kind in its municipality. A key is kept as a number of 64 bits: two texts
hardly ever have the same, and if they do, a candidate more is compared.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, Final

from zorgkg.matching import groups, names
from zorgkg.matching.record import Record
from zorgkg.terms import PREFIXES

TABLES: Final = (
    "CREATE TABLE matched (id INTEGER PRIMARY KEY, record TEXT NOT NULL)",
    "CREATE TABLE block (key INTEGER NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (key, thing)) WITHOUT ROWID",
)
"""`matched` has what :func:`written` makes of a record; `block` the numbers of the records that have a key."""

_KIND: Final = f"{PREFIXES['framework']}organisation-kind/"


def number(*parts: str) -> int:
    """Return a key as a number."""
    digest = blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def of(record: Record) -> set[int]:
    """Return all keys of a record."""
    return {number(*parts) for parts in _parts(record)}


def _parts(record: Record) -> Iterator[tuple[str, ...]]:
    yield "iri", record.id
    if groups.of(record) == groups.PLACE:
        yield ("place",)
    for scheme, value in record.identifiers:
        yield "id", scheme, value
    kinds = set(slugs(record))
    for name in dict.fromkeys(names.parse(text) for one in record.names for text in names.spellings(one)):
        kinds |= name.kinds
        yield "name", name.key
        if name.strong:
            yield "joined", "".join(name.strong)
        for word in name.strong or name.own:
            yield "word", word
            if record.municipality:
                yield "word in", word, record.municipality
            if record.postcode:
                yield "word at", word, record.postcode
    for kind in kinds:
        yield "kind", kind
        if record.municipality:
            yield "kind in", kind, record.municipality


def slugs(record: Record) -> tuple[str, ...]:
    """Return the slugs of a record's kinds."""
    return tuple(one.removeprefix(_KIND) for one in record.kinds if one.startswith(_KIND))


def add(connection: sqlite3.Connection, place: int, record: Record) -> None:
    """Add a record.

    :param connection: has the tables.
    :param place: its number.
    :param record: the record.
    """
    connection.execute("INSERT INTO main.matched VALUES (?, ?)", (place, written(record)))
    connection.executemany("INSERT INTO main.block VALUES (?, ?)", ((key, place) for key in of(record)))


def remove(connection: sqlite3.Connection, place: int) -> None:
    """Take a record away.

    :param connection: has the tables.
    :param place: its number.
    """
    found = connection.execute("SELECT record FROM main.matched WHERE id = ?", (place,)).fetchone()
    if found:
        keys = of(read(json.loads(found[0])))
        connection.executemany("DELETE FROM main.block WHERE key = ? AND thing = ?", ((key, place) for key in keys))
        connection.execute("DELETE FROM main.matched WHERE id = ?", (place,))


def written(record: Record) -> str:
    """Return a record as JSON, without what is empty at its end."""
    values: list[Any] = [
        *(record.id, record.names, record.types, record.kinds, record.municipality, record.postcode),
        *(record.identifiers, record.datasets, record.unit_of, record.within, record.replaced_by),
    ]
    while not values[-1]:
        values.pop()
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def read(values: list[Any]) -> Record:
    """Return the record that :func:`written` wrote."""
    iri, called, types, kinds, municipality, postcode, identifiers, *more = values + [()] * (11 - len(values))
    return Record(
        iri,
        tuple(called),
        tuple(types),
        tuple(kinds),
        municipality or None,
        postcode or None,
        tuple((scheme, value) for scheme, value in identifiers),
        *(tuple(one) for one in more),
    )
