"""The index of what can be meant: few candidates are found by their blocks, and only those are compared."""

from __future__ import annotations

import math
import shutil
import sqlite3
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from zorgkg.matching import blocks, groups, scoring
from zorgkg.matching.features import Wanted
from zorgkg.matching.places import Places
from zorgkg.matching.record import Record
from zorgkg.matching.scoring import Candidate
from zorgkg.search import making, schema
from zorgkg.search.connections import Connections, rows
from zorgkg.search.folding import words as folded
from zorgkg.search.words import Words

SECONDS: Final = 5.0
"""Seconds that one name may take."""

_COMMON: Final = 600
"""A word that more things have than this finds none of them by itself."""

_COMPARED: Final = 40
"""Candidates that are compared at a time."""

_FEW: Final = 12
"""Likewise, when what is meant was found."""

_DOUBTED: Final = 3
"""Words that are looked for in other spellings."""

_VARIANTS: Final = 3
_ENOUGH: Final = 88.0
"""With a candidate this good, other spellings are not tried."""

_CERTAIN: Final = 100.0
_PER_QUERY: Final = 200

Only = Callable[[Record], bool]


class Index:
    """What can be meant; any number of threads may ask it.

    :param connections: to the files of a version's index, or to one of :meth:`of`.
    :param changed: whether there is a file of changes.
    :param vocabulary: the words of the index.
    """

    def __init__(self, connections: Connections, changed: bool, vocabulary: Words) -> None:
        self._connections = connections
        self._schemas = ("main", "changes") if changed else ("main",)
        self._vocabulary = vocabulary
        self.safe = scoring.SAFE
        """The least score of a match."""
        self._remove: Callable[[], object] = lambda: None

    @classmethod
    def of(cls, records: Iterable[Record]) -> Index:
        """Make an index of some records, in a temporary file that lasts as long as it does.

        :param records: the places that others lie in should be among them.
        """
        folder = tempfile.mkdtemp(prefix="zorgkg-matching-")
        path = Path(folder) / schema.FULL
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=OFF").fetchall()
            connection.execute("BEGIN")
            for statement in (*blocks.TABLES, *schema.WORDS):
                connection.execute(statement)
            known: set[str] = set()
            for place, record in enumerate(records):
                blocks.add(connection, place, record)
                known.update(word for name in record.names for word in folded(name))
            making.add_words(connection, known)
            connection.execute("COMMIT")
        connections = Connections(path, None)
        with connections.use(SECONDS) as connection:
            index = cls(connections, False, Words.read(connection, ("main",)))
        index._remove = weakref.finalize(index, shutil.rmtree, folder, ignore_errors=True)
        return index

    @cached_property
    def places(self) -> Places:
        """The places of the graph."""
        with self._connections.use(SECONDS) as connection:
            return Places.of(self._records(connection, self._having(connection, [blocks.number("place")])))

    def get(self, iri: str) -> Record | None:
        """Return a record by its IRI; None when there is none."""
        with self._connections.use(SECONDS) as connection:
            found = self._records(connection, self._having(connection, [blocks.number("iri", iri)]))
        return next((one for one in found if one.id == iri), None)

    def candidates(
        self, wanted: Record, limit: int = 10, without: Collection[str] = (), only: Only | None = None
    ) -> list[Candidate]:
        """Return what a record may mean.

        :param wanted: what is looked for; what it has itself (the same IRI) is never a candidate.
        :param limit: how many at most.
        :param without: names of datasets; what only these speak of is no candidate.
        :param only: tells whether a record may be a candidate; None: each may.
        :returns: by descending score; the first may be a match.
        :raises zorgkg.search.connections.TooSlow: it took longer than :data:`SECONDS`.
        """
        asked = Wanted(wanted, self.places, frozenset(without))
        with self._connections.use(SECONDS) as connection:
            seen: set[tuple[str, int]] = set()
            compared = self._compared(connection, asked, self._exact(asked), seen, _COMPARED)
            # Where the very name is there, others are told of, but few.
            few = any(one.same and one.clear and one.municipality == 1 for _, one in compared)
            compared += self._compared(connection, asked, self._loose(asked), seen, _FEW if few else _COMPARED)
            if max((one.score for _, one in compared), default=0.0) < _ENOUGH:
                keys = self._misspelt(connection, asked)
                compared += self._compared(connection, asked, keys, seen, _COMPARED)
        if only:
            # An activity of another kind may have been meant all the same: where it is as likely, nothing is certain.
            compared = [(one, how) for one, how in compared if only(one) or groups.of(one) == groups.ACTIVITY]
        return scoring.rank(compared, limit, only, self.safe)

    def close(self) -> None:
        """Close the files."""
        self._connections.close()
        self._remove()

    # Blocks

    def _exact(self, asked: Wanted) -> list[tuple[float, int]]:
        """Keys that by themselves say nearly what is meant, with how much."""
        around = self._around(asked)
        found = [(_CERTAIN, blocks.number("id", *one)) for one in asked.record.identifiers]
        found += ((_CERTAIN / 2, blocks.number("kind in", kind, iri)) for kind in asked.kinds for iri in around)
        for name in [one.name for placed in asked.names for one in placed.spellings]:
            found.append((_CERTAIN / 2, blocks.number("name", name.key)))
            if name.strong:
                found.append((_CERTAIN / 4, blocks.number("joined", "".join(name.strong))))
            for iri in around:
                # A kind in a municipality is few things.
                found += ((_CERTAIN / 2, blocks.number("kind in", kind, iri)) for kind in name.kinds)
        return found

    def _loose(self, asked: Wanted) -> list[tuple[float, int]]:
        return self._words(
            asked, dict.fromkeys(word for one in asked.names for word in one.name.strong or one.name.own)
        )

    def _words(self, asked: Wanted, words: Iterable[str]) -> list[tuple[float, int]]:
        found: list[tuple[float, int]] = []
        around = self._around(asked)
        for word in words:
            found.append((0.0, blocks.number("word", word)))
            found += ((0.0, blocks.number("word in", word, iri)) for iri in around)
            if asked.record.postcode:
                found.append((0.0, blocks.number("word at", word, asked.record.postcode)))
        return found

    def _misspelt(self, connection: sqlite3.Connection, asked: Wanted) -> list[tuple[float, int]]:
        """Keys of words that are nearly those of the names: of the longest, which say most."""
        said = {word for one in asked.names for word in one.name.strong}
        near: dict[str, None] = {}
        for word in sorted(said, key=lambda one: (-len(one), one))[:_DOUBTED]:
            near |= dict.fromkeys(self._vocabulary.misspelt(connection, word)[:_VARIANTS])
        found = self._words(asked, near)
        return found + self._loose(asked) if found else []

    def _around(self, asked: Wanted) -> list[str]:
        return sorted({other for iri in asked.municipalities for other in self.places.family(iri)})

    def _compared(
        self,
        connection: sqlite3.Connection,
        asked: Wanted,
        keys: Sequence[tuple[float, int]],
        seen: set[tuple[str, int]],
        most: int,
    ) -> list[Any]:
        """Compare with those that have most of some keys, the rare ones counting more."""
        weights: dict[tuple[str, int], float] = {}
        for weight, key in dict.fromkeys(keys):
            having = self._having(connection, [key])
            if not having or (weight < _CERTAIN / 2 and len(having) > _COMMON):
                continue
            for one in having:
                weights[one] = weights.get(one, 0.0) + weight + math.log1p(_COMMON / len(having))
        best = sorted((one for one in weights if one not in seen), key=lambda one: -weights[one])[:most]
        seen.update(best)
        return [(record, asked.compare(record)) for record in self._records(connection, best) if asked.may_mean(record)]

    # Reading

    def _having(self, connection: sqlite3.Connection, keys: Sequence[int]) -> list[tuple[str, int]]:
        """The numbers of what has any of some keys."""
        marks = ",".join("?" * len(keys))
        found: list[tuple[str, int]] = []
        for one in self._schemas:
            sql = f"SELECT thing FROM {one}.block WHERE key IN ({marks})"
            if one == "main" and len(self._schemas) > 1:
                sql += " AND thing NOT IN (SELECT id FROM changes.gone)"
            sql += f" LIMIT {_COMMON + 1}"
            found += ((one, place) for place in rows(connection, "thing", sql, keys))
        return found

    def _records(self, connection: sqlite3.Connection, places: Sequence[tuple[str, int]]) -> list[Record]:
        found: list[Record] = []
        for one in self._schemas:
            numbers = [place for where, place in places if where == one]
            for at in range(0, len(numbers), _PER_QUERY):
                chunk = numbers[at : at + _PER_QUERY]
                sql = f"SELECT json(record) AS record FROM {one}.matched WHERE id IN ({','.join('?' * len(chunk))})"
                found += (blocks.read(values) for values in rows(connection, "json(record)", sql, chunk))
        return found
