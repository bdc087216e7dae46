"""Finding: from what a person types to the things that are meant, the best first.

Names are looked up whole and by their beginning; then words, in names, in other names, in the names of what a thing
belongs to, in descriptions. When that finds little, words that are nearly the ones that were typed are tried, and at
last all words but one. Each step is cut at so many things that any query takes little time; the ones of a step that
are most connected come first. What was found is then compared with what was typed, name by name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from zorgkg.search.connections import rows
from zorgkg.search.folding import key, words
from zorgkg.search.schema import KINDS
from zorgkg.search.words import Words

MOST_WORDS: Final = 10
"""Words of a query that are looked for; those after them are left out."""

_LETTERS: Final = 60
"""Letters of a word that are looked for."""

_EACH: Final = 40
"""Things that each step takes of each range."""

_FEW: Final = 5
"""With so few found, words that are nearly those that were typed are tried."""

_VARIANTS: Final = 3
"""Words that are tried in place of one."""

_DOUBTED: Final = 4
"""Words of a query that are tried in other spellings."""

_COMBINED: Final = 8
"""Combinations of such words that names are compared with."""

_STEPS: Final = (("called", "label", 0.6), ("called", "", 0.45), ("text", "", 0.25))
"""Tables and columns in which all words are looked for, and what having them there is worth if names are worth less."""

_NUMBERED: Final = 0.98
"""What having exactly that number is worth: no name is worth more but the very one that was typed."""

_OTHER_LANGUAGE: Final = 0.02
_MISSPELT: Final = 0.24
_ALL_BUT_ONE: Final = 0.1

KEPT: Final = (
    "id, iri, type, slug, kind, label_{0}, lang_{0}, alternative, description_{0}, described_{0}, latitude, longitude, "
    "sort_{0}"
)
_ROW: Final = KEPT + ", sort_nl, sort_fr, sort_en"
_ORDER: Final = {kind: place for place, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class Range:
    """Things of some kinds, whose numbers lie together.

    :param schema: `main` or `changes`.
    :param first: the first number.
    :param last: the last one.
    :param kinds: the kinds.
    """

    schema: str
    first: int
    last: int
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What was found.

    :param row: its row, :data:`KEPT`.
    :param alternative: the other name that the words fit better than its label; "" otherwise.
    :param rank: how well they fit, from 0 to 1.
    """

    row: list[Any]
    alternative: str
    rank: float


@dataclass(frozen=True)
class Asked:
    """What was typed, folded.

    :param words: its words.
    :param key: the words, with a space between them.
    """

    words: tuple[str, ...]
    key: str

    @classmethod
    def read(cls, text: str) -> Asked:
        """Fold what was typed."""
        return cls.of(word[:_LETTERS] for word in words(text)[:MOST_WORDS])

    @classmethod
    def of(cls, words: Iterable[str]) -> Asked:
        """Take folded words as what was typed."""
        found = tuple(words)
        return cls(found, " ".join(found))


def everywhere(groups: Sequence[Sequence[str]], column: str = "") -> str:
    """Return what FTS5 is asked for what has a word of each group.

    :param groups: words as :meth:`zorgkg.search.words.Words.begun` gives them, none of the groups empty.
    :param column: only there; "" for anywhere.
    """
    parts = ("(" + " OR ".join(group) + ")" for group in groups)
    return (f"{column} : " if column else "") + "(" + " AND ".join(parts) + ")"


class Finder:
    """Finds things over one connection.

    :param connection: has the index as `main`, and what changed as `changes`.
    :param ranges: where to look.
    :param changed: whether there are changes.
    :param vocabulary: the words of the index.
    """

    def __init__(
        self, connection: sqlite3.Connection, ranges: Sequence[Range], changed: bool, vocabulary: Words
    ) -> None:
        self._connection = connection
        self._ranges = ranges
        self._still = " AND {0} NOT IN (SELECT id FROM changes.gone)" if changed else ""
        self._vocabulary = vocabulary
        self._found: dict[tuple[str, int], float] = {}
        self._tried: list[tuple[Asked, float]] = []

    def find(self, text: str, language: str, limit: int) -> list[Found]:
        """Find the best things; see :meth:`zorgkg.search.index.SearchIndex.find`."""
        asked = Asked.read(text)
        # Of a kind that nothing is of there is nowhere to look.
        if not asked.words or not self._ranges:
            return []
        self._tried.append((asked, 1.0))
        is_name = self._by_name(asked)
        begun = [self._vocabulary.begun(self._connection, word) for word in asked.words]
        if all(begun):
            self._by_words(begun, limit)
        if len(self._found) < min(limit, _FEW) and not is_name:
            groups = self._misspelt(asked, begun)
            if not self._found and len(asked.words) > 1:
                self._all_but_one(groups)
        return self._ranked(language, limit)

    # Steps

    def _by_name(self, asked: Asked) -> bool:
        """What is called so or has that number, or has a name that begins so; returns whether any has it whole."""
        # Numbers are typed with points and spaces in them, or without.
        self._note(_NUMBERED, self._names("code", "key = ?", "".join(asked.words)))
        self._note(0.0, self._names("name", "key = ?", asked.key))
        is_name = bool(self._found)
        self._note(0.0, self._names("name", "key > ? AND key < ?", asked.key, f"{asked.key}\U0010ffff"))
        return is_name

    def _by_words(self, begun: list[list[str]], limit: int) -> None:
        for table, column, worth in _STEPS:
            self._note(worth, self._texts(table, everywhere(begun, column)))
            if len(self._found) >= limit:
                return

    def _misspelt(self, asked: Asked, begun: list[list[str]]) -> list[list[str]]:
        """What has words that are nearly those; returns for each word what may be meant by it, as FTS5 is asked.

        Words that nothing has are misspelt; where there is none, all are doubted.
        """
        unknown = [place for place, own in enumerate(begun) if not own]
        doubted = (unknown or range(len(begun)))[:_DOUBTED]
        groups: list[list[str]] = []
        variants: list[tuple[tuple[str, ...], float]] = [((), 1.0)]
        for place, (word, own) in enumerate(zip(asked.words, begun, strict=True)):
            last = place == len(begun) - 1
            near = self._vocabulary.near(self._connection, word, last)[:_VARIANTS] if place in doubted else []
            groups.append([*own, *(f'"{other}"' for other, _ in near)])
            longer = [
                ((*chosen, other), worth * nearness)
                for chosen, worth in variants
                for other, nearness in [(word, 1.0)] * bool(own) + near
            ]
            variants = sorted(longer, key=lambda pair: -pair[1])[:_COMBINED]
        if all(groups) and groups != begun:
            self._tried += [
                (Asked.of(chosen), _MISSPELT * worth) for chosen, worth in variants if chosen != asked.words
            ]
            for table in ("called", "text"):
                self._note(_MISSPELT / 8, self._texts(table, everywhere(groups)))
        return groups

    def _all_but_one(self, groups: list[list[str]]) -> None:
        """What has all words but one, or but those that nothing has."""
        known = [group for group in groups if group]
        subsets = [known[:place] + known[place + 1 :] for place in range(len(known))]
        for subset in [known] if len(known) < len(groups) else subsets:
            if subset:
                self._note(_ALL_BUT_ONE, self._texts("text", everywhere(subset)))

    # Reading

    def _note(self, worth: float, selects: Iterable[tuple[str, tuple[object, ...]]]) -> None:
        """Note the numbers that one select for each range gives, but not too many of each."""
        texts, values = [], list[object]()
        for place, (sql, given) in enumerate(selects):
            texts.append(f"SELECT {place} AS place, number FROM ({sql} LIMIT {_EACH})")
            values += given
        for place, number in rows(self._connection, "place, number", " UNION ALL ".join(texts), values):
            self._found.setdefault((self._ranges[place].schema, number), worth)

    def _names(self, table: str, condition: str, *values: str) -> Iterator[tuple[str, tuple[object, ...]]]:
        for one in self._ranges:
            kinds = ",".join(str(_ORDER[kind]) for kind in one.kinds)
            still = self._still.format("thing") if one.schema == "main" else ""
            of = f"{one.schema}.{table} WHERE kind IN ({kinds}) AND {condition}{still}"
            yield f"SELECT thing AS number FROM {of}", values

    def _texts(self, table: str, match: str) -> Iterator[tuple[str, tuple[object, ...]]]:
        for one in self._ranges:
            sql = f"SELECT rowid AS number FROM {one.schema}.{table} WHERE {table} MATCH ? AND rowid BETWEEN ? AND ?"
            values: tuple[object, ...] = (match, one.first, one.last)
            if one.schema == "main":
                yield sql + self._still.format("rowid"), values
            else:
                # What was written again has another number now. A plus sign, or FTS5 is asked once for each number.
                marks = ",".join("?" * len(one.kinds))
                still = f" AND +rowid IN (SELECT id FROM changes.thing WHERE kind IN ({marks}))"
                yield sql + still, (*values, *one.kinds)

    # Ranking

    def _ranked(self, language: str, limit: int) -> list[Found]:
        found: list[tuple[float, int, int, str, Found]] = []
        for row, worth in self._rows(language):
            rank, alternative = 0.0, ""
            for asked, least in self._tried:
                if least <= rank:
                    # The others are worth less, however well they fit.
                    break
                fit, other = _fit(row, asked)
                if fit * least > rank:
                    rank, alternative = fit * least, other
            if rank < worth:
                rank, alternative = min(worth + 0.1 * _share(row, self._tried[0][0]), 1.0), ""
            kind, label = _ORDER.get(row[4], len(_ORDER)), row[12]
            found.append((-rank, kind, len(label), label, Found(row, alternative, round(rank, 3))))
        found.sort(key=lambda one: one[:4])
        return [one for *_, one in found[:limit]]

    def _rows(self, language: str) -> Iterator[tuple[list[Any], float]]:
        columns = _ROW.format(language)
        for schema in ("main", "changes"):
            numbers = [number for where, number in self._found if where == schema]
            if numbers:
                marks = ",".join("?" * len(numbers))
                sql = f"SELECT * FROM {schema}.thing WHERE id IN ({marks})"
                for row in rows(self._connection, columns, sql, numbers):
                    yield row, self._found[schema, row[0]]


def _fit(row: list[Any], asked: Asked) -> tuple[float, str]:
    """How well a thing's names fit what was typed: its label, or the other name that fits better."""
    shown = row[12]
    best = _name(shown, asked)
    for other in set(row[13:]) - {shown}:
        best = max(best, _name(other, asked) - _OTHER_LANGUAGE)
    if best >= 0.6:
        return best, ""
    chosen = ""
    for alternative in row[7].split("\n") if row[7] else ():
        fit = _name(key(alternative), asked)
        worth = 0.5 + 0.12 * fit if fit > 0 else 0.0
        if worth > best:
            best, chosen = worth, alternative
    return best, chosen


def _name(name: str, asked: Asked) -> float:
    """How well a folded name fits what was typed: the same, begins so, has all words, or (0) none of these."""
    if name == asked.key:
        return 1.0
    covered = len(asked.key) / (len(name) + 1)
    if name.startswith(asked.key):
        whole = name[len(asked.key)] == " "
        return 0.83 + 0.1 * covered + 0.04 * whole
    own = name.split(" ")
    if all(any(word.startswith(begun) for word in own) for begun in asked.words):
        return 0.65 + 0.1 * min(covered, 1) + 0.05 * (set(asked.words) <= set(own))
    return 0.0


def _share(row: list[Any], asked: Asked) -> float:
    """The part of the words that the label has."""
    own = row[12].split(" ")
    return sum(any(word.startswith(begun) for word in own) for begun in asked.words) / len(asked.words)
