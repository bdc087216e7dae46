"""Everything that an index tells of each thing, so that two of them can be compared."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

from zorgkg.search import making, schema
from zorgkg.search.connections import address

_THING = """iri, type, slug, kind, label_nl, label_fr, label_en, lang_nl, lang_fr, lang_en, sort_nl, sort_fr, sort_en,
    alternative, description_nl, description_fr, description_en, described_nl, described_fr, described_en,
    latitude, longitude"""


def contents(folder: Path) -> dict[str, Any]:
    """Read an index, with its changes where it has some.

    :param folder: the version's folder.
    :returns: IRI → what the index has of it: its row, facets, names, and words by where they stand.
    """
    full, changes = folder / schema.FULL, folder / schema.CHANGES
    gone: set[int] = set()
    found: dict[str, Any] = {}
    if making.changed(full, changes) is not None:
        found = _read(changes, gone)
        with closing(sqlite3.connect(address(changes), uri=True)) as connection:
            gone = {number for (number,) in connection.execute("SELECT id FROM gone")}
    whole = _read(full, gone)
    assert not whole.keys() & found.keys(), "a thing is there twice"
    return whole | found


def _read(path: Path, gone: set[int]) -> dict[str, Any]:
    with closing(sqlite3.connect(address(path), uri=True)) as connection:
        things = {
            number: row for number, *row in connection.execute(f"SELECT id, {_THING} FROM thing") if number not in gone
        }
        told: dict[int, set[Any]] = defaultdict(set)
        for facet, value, number in connection.execute(
            "SELECT property, iri, thing FROM facet JOIN value ON value.id = facet.value"
        ):
            told[number].add((schema.FACETS[facet], value))
        for kind, name, number in connection.execute("SELECT kind, key, thing FROM name"):
            told[number].add(("name", kind, name))
        for kind, code, number in connection.execute("SELECT kind, key, thing FROM code"):
            told[number].add(("code", kind, code))
        for table, form in (("called", "col"), ("text", "row")):
            connection.execute(f"CREATE VIRTUAL TABLE temp.words_of_{table} USING fts5vocab (main, {table}, instance)")
            column = "col" if form == "col" else "NULL"
            for term, number, where in connection.execute(f"SELECT term, doc, {column} FROM temp.words_of_{table}"):
                told[number].add((table, where, term))
        return {row[0]: (row, told[number]) for number, row in things.items()}
