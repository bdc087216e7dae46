"""The search index of a version: found by words, listed by filters, or named."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from zorgkg.matching.index import Index
from zorgkg.search import making, schema
from zorgkg.search.connections import Connections, TooSlow, rows
from zorgkg.search.finding import KEPT, Asked, Finder, Range, everywhere
from zorgkg.search.words import Words
from zorgkg.terms import ID, thing

FIND_SECONDS: Final = 0.5
"""Seconds that a search may take."""

LIST_SECONDS: Final = 5.0
"""Seconds that a page of a list may take."""

_WIDE: Final = 2000
"""Kinds with more things than these are searched for themselves, so that none of them fills what a step may take."""

_MANY: Final = 3000
"""A filter that leaves more things is asked of each thing in the order of the list; of fewer, those are sorted."""

__all__ = ["Hit", "Page", "SearchIndex", "Thing", "TooSlow"]


@dataclass(frozen=True)
class Thing:
    """Something that can be found.

    :param iri: its IRI.
    :param type: the `{type}` of `/id/{type}/{slug}`.
    :param slug: the `{slug}`; of a component `{scheme}/{component}`.
    :param kind: what a person calls it, one of :data:`zorgkg.search.schema.KINDS`.
    :param label: its label for readers of the asked language, by the one fallback.
    :param language: the language of that label.
    :param alternative: its other names.
    :param description: a text about it in the asked language, by the same fallback; "" where there is none.
    :param described: the language of that text.
    :param latitude: of a place (WGS 84); None elsewhere.
    :param longitude: likewise.
    """

    iri: str
    type: str
    slug: str
    kind: str
    label: str
    language: str
    alternative: tuple[str, ...] = ()
    description: str = ""
    described: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Hit:
    """Something that was found by words.

    :param thing: what was found.
    :param alternative: the other name that the words fit better than its label; "" otherwise.
    :param rank: how well they fit, from 1 (nothing fits better) down to 0.
    """

    thing: Thing
    alternative: str
    rank: float


@dataclass(frozen=True)
class Page:
    """A part of a list.

    :param things: the things of this page, in the order that was asked for.
    :param more: whether others follow.
    """

    things: list[Thing]
    more: bool


class SearchIndex:
    """The search index of one version; any number of threads may ask it.

    :param full: the index of a whole version.
    :param changes: what changed since; None when nothing did.
    :raises sqlite3.DatabaseError: a file is no index.
    """

    def __init__(self, full: Path, changes: Path | None = None) -> None:
        self._full = full
        self._connections = Connections(full, changes)
        self._changed = changes is not None
        self.written = making.changed(full, changes) or 0 if changes else 0
        """How many things were written since the index of a whole version was made."""
        self._schemas = ("main", "changes") if self._changed else ("main",)
        with self._connections.use(LIST_SECONDS) as connection:
            self._words = Words.read(connection, self._schemas)
            sql = "SELECT kind, first, last FROM main.range ORDER BY first"
            self._ranges: list[tuple[str, int, int]] = connection.execute(sql).fetchall()
        self.matching = Index(self._connections, self._changed, self._words)
        """The same things, for those who look for what a name or a row of a table means."""

    @classmethod
    def open(cls, folder: Path) -> SearchIndex | None:
        """Open the index of a version.

        :param folder: the version's folder.
        :returns: None when it has none that can be read here.
        """
        full, changes = folder / schema.FULL, folder / schema.CHANGES
        if not making.identity(full):
            return None
        try:
            # Changes of another index are in this one already.
            return cls(full, None if making.changed(full, changes) is None else changes)
        except sqlite3.DatabaseError:
            return None

    def close(self) -> None:
        """Close the files, each connection as soon as nobody uses it."""
        self._connections.close()

    def remove(self) -> None:
        """Close an index that belongs to no version, and remove its file."""
        self.close()
        self._full.unlink(missing_ok=True)

    def find(
        self, text: str, language: str, types: Sequence[str] = (), limit: int = 10, kinds: Sequence[str] = ()
    ) -> list[Hit]:
        """Find things by what a person types; accents, case and small mistakes are forgiven.

        :param text: any text; the last word may be unfinished.
        :param language: one of :data:`zorgkg.languages.LANGUAGES`.
        :param types: only things with these `{type}` s of their IRIs; none: all.
        :param limit: how many at most.
        :param kinds: only these kinds of things (:data:`zorgkg.search.schema.KINDS`), beside the types; none: all.
        :returns: what was found, the best first; empty for a text without a letter or digit.
        :raises TooSlow: it took longer than :data:`FIND_SECONDS`.
        """
        wanted = (*kinds, *(kind for one in types for kind in schema.TYPES.get(one, (one,))))
        with self._connections.use(FIND_SECONDS) as connection:
            found = Finder(connection, self._parts(wanted), self._changed, self._words).find(text, language, limit)
        return [Hit(_thing(one.row), one.alternative, one.rank) for one in found]

    def page(
        self,
        type: str,
        language: str,
        *,
        filters: Mapping[str, Sequence[str]] | None = None,
        text: str = "",
        sort: str = "label",
        descending: bool = False,
        limit: int = 50,
        offset: int = 0,
    ) -> Page:
        """List the things of one type.

        :param type: the `{type}` of their IRIs.
        :param language: one of :data:`zorgkg.languages.LANGUAGES`.
        :param filters: facet (one of :data:`zorgkg.search.schema.FACETS`) → values (IRIs), any of which a thing must
            have; of several facets it must have one in each.
        :param text: words that each must have, or in place of a word that nothing has, one that is nearly it.
        :param sort: `label`, or `iri`.
        :param descending: whether the last comes first.
        :param limit: how many at most.
        :param offset: how many to pass over.
        :raises KeyError: there is no such facet, or no such order.
        :raises TooSlow: it took longer than :data:`LIST_SECONDS`.
        """
        by = {"label": f"sort_{language}", "iri": "iri"}[sort]
        order = "DESC" if descending else "ASC"
        given = {facet: tuple(dict.fromkeys(values)) for facet, values in (filters or {}).items()}
        if unknown := given.keys() - set(schema.FACETS):
            raise KeyError(min(unknown))
        with self._connections.use(LIST_SECONDS) as connection:
            match = self._match(connection, text)
            if match is None:
                return Page([], False)
            selects, values = [], list[Any]()
            for place, one in enumerate(self._schemas):
                where, more = _conditions(connection, one, type, given, match)
                still = " AND id NOT IN (SELECT id FROM changes.gone)" if one == "main" and self._changed else ""
                # What stands in an index alone, so that no row is read of what is passed over.
                of = f"{one}.thing WHERE {where}{still}"
                selects.append(f"SELECT {place} AS place, id, {by} AS name, iri AS address FROM {of}")
                values += more
            sql = f"{' UNION ALL '.join(selects)} ORDER BY name {order}, address {order} LIMIT ? OFFSET ?"
            listed = rows(connection, "place, id", sql, (*values, limit + 1, offset))
            found = []
            for place, one in enumerate(self._schemas):
                ids = ",".join(str(number) for where, number in listed if where == place)
                found += rows(connection, KEPT.format(language), f"SELECT * FROM {one}.thing WHERE id IN ({ids})")
        found.sort(key=lambda row: (row[12] if sort == "label" else "", row[1]), reverse=descending)
        return Page([_thing(row) for row in found[:limit]], len(found) > limit)

    def get(self, type: str, slug: str, language: str) -> Thing | None:
        """Return one thing, or None when there is none.

        :param type: the `{type}` of its IRI.
        :param slug: the `{slug}`, percent-encoded or not.
        :param language: one of :data:`zorgkg.languages.LANGUAGES`.
        """
        iris = (thing(type, slug).value, f"{ID}{type}/{slug}")
        with self._connections.use(LIST_SECONDS) as connection:
            for one in reversed(self._schemas):
                still = " AND id NOT IN (SELECT id FROM changes.gone)" if one == "main" and self._changed else ""
                sql = f"SELECT {KEPT.format(language)} FROM {one}.thing WHERE iri IN (?, ?){still}"
                for row in connection.execute(sql, iris):
                    return _thing(row)
        return None

    def named(self, iris: Sequence[str], language: str) -> dict[str, Thing]:
        """Return things by their IRIs; those that there are.

        :param iris: any IRIs, a few hundred at most.
        :param language: one of :data:`zorgkg.languages.LANGUAGES`.
        """
        found: dict[str, Thing] = {}
        marks = ",".join("?" * len(iris))
        with self._connections.use(LIST_SECONDS) as connection:
            for one in self._schemas:
                still = " AND id NOT IN (SELECT id FROM changes.gone)" if one == "main" and self._changed else ""
                sql = f"SELECT * FROM {one}.thing WHERE iri IN ({marks}){still}"
                for row in rows(connection, KEPT.format(language), sql, list(iris)):
                    found[row[1]] = _thing(row)
        return found

    def _parts(self, kinds: tuple[str, ...]) -> list[Range]:
        """Where to look for things of some kinds: the smaller ones that lie side by side together."""
        found: list[Range] = []
        apart = True
        for kind, first, last in self._ranges:
            if kinds and kind not in kinds:
                apart = True
                continue
            is_wide = last - first >= _WIDE
            if apart or is_wide:
                found.append(Range("main", first, last, (kind,)))
            else:
                found[-1] = Range("main", found[-1].first, last, (*found[-1].kinds, kind))
            apart = is_wide
        if self._changed:
            found.append(Range("changes", 0, 2**62, kinds or tuple(schema.KINDS)))
        return found

    def _match(self, connection: sqlite3.Connection, text: str) -> str | None:
        """What FTS5 is asked for the words of a list; "" for none, None when nothing can have them."""
        groups = []
        for word in Asked.read(text).words:
            begun = self._words.begun(connection, word)
            near = [] if begun else self._words.near(connection, word, unfinished=True)[:3]
            groups.append(begun or [f'"{other}"' for other, _ in near])
        if not groups:
            return None if text.strip() else ""
        return everywhere(groups) if all(groups) else None


def _conditions(
    connection: sqlite3.Connection, part: str, type: str, filters: Mapping[str, tuple[str, ...]], match: str
) -> tuple[str, list[Any]]:
    """What a thing of a list must be, so that SQLite begins with the few things that a filter leaves, if one does.

    A plus sign keeps SQLite from beginning there.
    """
    facets = [(schema.FACETS.index(facet), _ids(connection, part, values)) for facet, values in filters.items()]
    ofs = [f"{part}.facet WHERE property = {place} AND value IN ({','.join(map(str, ids))})" for place, ids in facets]
    found = f"{part}.text WHERE text MATCH ?"
    few = [(_count(connection, f"SELECT 1 FROM {of}"), place) for place, of in enumerate(ofs)]
    if match and not any(count < _MANY for count, _ in few):
        few.append((_count(connection, f"SELECT 1 FROM {found}", match), len(ofs)))
    count, first = min(few, default=(_MANY, -1))
    if count >= _MANY:
        first = -1
    where = ["type = ?" if first < 0 else "+type = ?"]
    for place, of in enumerate(ofs):
        if place == first:
            where.append(f"id IN (SELECT thing FROM {of})")
        else:
            where.append(f"EXISTS (SELECT 1 FROM {of} AND facet.thing = +id)")
    if match:
        where.append(f"{'' if first == len(ofs) else '+'}id IN (SELECT rowid FROM {found})")
    return " AND ".join(where), [type, match] if match else [type]


def _ids(connection: sqlite3.Connection, part: str, iris: tuple[str, ...]) -> list[int]:
    marks = ",".join("?" * len(iris))
    return rows(connection, "id", f"SELECT id FROM {part}.value WHERE iri IN ({marks})", iris)


def _count(connection: sqlite3.Connection, select: str, *values: str) -> int:
    """Count rows, but not further than anyone wants to know."""
    (count,) = connection.execute(f"SELECT COUNT(*) FROM ({select} LIMIT {_MANY})", values).fetchone()
    return int(count)


def _thing(row: Sequence[Any]) -> Thing:
    _, iri, of, slug, kind, label, language, alternative, description, described, latitude, longitude, *_ = row
    others = tuple(alternative.split("\n")) if alternative else ()
    return Thing(iri, of, slug, kind, label, language, others, description, described, latitude, longitude)
