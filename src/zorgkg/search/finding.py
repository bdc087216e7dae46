"""Finding: from what a person types to the things that are meant, the best first.

Names are looked up whole and by their beginning; then words, in names, in other names, in the names of what a thing
belongs to, in descriptions. When that finds little, words that are nearly the ones that were typed are tried, and at
last all words but one. Each step is cut at so many things that any query takes little time; the ones of a step that
are most connected come first. What was found is then compared with what was typed, name by name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from zorgkg.search.folding import key, words
from zorgkg.search.schema import KINDS
from zorgkg.search.words import Words

MOST_WORDS: Final = 10
"""Words of a query that are looked for; those after them are left out."""

_LETTERS: Final = 60
"""Letters of a word that are looked for."""

_EACH: Final = 60
"""Things that each step takes of each range."""

_FEW: Final = 5
"""With so few found, words that are nearly those that were typed are tried."""

_VARIANTS: Final = 3
"""Words that are tried in place of one."""

_COLUMNS: Final = (("{label}", 0.65), ("{label alternative}", 0.5), ("{label alternative context}", 0.4), ("", 0.25))
"""Where all words are looked for, and what having them there is worth when the names alone are worth less."""

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
    :param kinds: of changes, the kinds that are asked for; none: all.
    """

    schema: str
    first: int
    last: int
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What was found.

    :param row: its row, :data:`KEPT`.
    :param alternative: the other name that the words fit better than its label; "" otherwise.
    :param rank: how well they fit, from 0 to 1.
    """

    row: tuple[object, ...]
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
        found = tuple(word[:_LETTERS] for word in words(text)[:MOST_WORDS])
        return cls(found, " ".join(found))

    def match(self, columns: str = "") -> str:
        """Return what FTS5 is asked for what has every word, or words that begin so."""
        return everywhere(columns, [[word] for word in self.words])


def everywhere(columns: str, groups: Sequence[Sequence[str]]) -> str:
    """Return what FTS5 is asked for what has a word of each group, or one that begins so.

    :param columns: a column filter of FTS5; "" for all columns.
    :param groups: words of letters and digits only, none of the groups empty.
    """
    parts = ("(" + " OR ".join(f'"{word}"*' for word in group) + ")" for group in groups)
    return (f"{columns} : " if columns else "") + "(" + " AND ".join(parts) + ")"


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
        if not asked.words:
            return []
        self._tried.append((asked, 1.0))
        self._by_name(asked, 1.0)
        self._by_words(asked, limit)
        if len(self._found) < min(limit, _FEW):
            groups = self._misspelt(asked)
            if not self._found and len(asked.words) > 1:
                self._all_but_one(groups)
        return self._ranked(language, limit)

    # Steps

    def _by_name(self, asked: Asked, worth: float) -> None:
        """What is called so, or has a name that begins so."""
        for one in self._ranges:
            self._note(one, self._names(one, "key = ?", (asked.key,)), 0.0)
            beginning = "key > ? AND key < ?"
            self._note(one, self._names(one, beginning, (asked.key, f"{asked.key}\U0010ffff")), 0.0)

    def _by_words(self, asked: Asked, limit: int) -> None:
        for columns, worth in _COLUMNS:
            for one in self._ranges:
                self._note(one, self._texts(one, asked.match(columns)), worth)
            if len(self._found) >= limit:
                return

    def _misspelt(self, asked: Asked) -> list[list[tuple[str, float]]]:
        """What has words that are nearly those; returns for each word those that may be meant, with their nearness."""
        groups: list[list[tuple[str, float]]] = []
        for place, word in enumerate(asked.words):
            unfinished = place == len(asked.words) - 1
            near = self._vocabulary.near(self._connection, word, unfinished)[:_VARIANTS]
            known = self._vocabulary.begun(self._connection, word)
            groups.append([(word, 1.0)] * known + near)
        if all(groups) and any(len(group) > 1 or group[0][1] < 1 for group in groups):
            variants = [
                (Asked(tuple(word for word, _ in chosen), " ".join(word for word, _ in chosen)), _together(chosen))
                for chosen in product(*groups)
            ]
            variants.sort(key=lambda pair: -pair[1])
            self._tried += [(one, _MISSPELT * nearness) for one, nearness in variants[:12] if one != asked]
            text = everywhere("", [[word for word, _ in group] for group in groups])
            for columns in ("{label alternative}", ""):
                for one in self._ranges:
                    self._note(one, self._texts(one, f"{columns} : {text}" if columns else text), _MISSPELT / 8)
        return groups

    def _all_but_one(self, groups: list[list[tuple[str, float]]]) -> None:
        """What has all words but one."""
        known = [[word for word, _ in group] for group in groups if group]
        if len(known) < len(groups):
            subsets = [known] if known else []
        else:
            subsets = [known[:place] + known[place + 1 :] for place in range(len(known))]
        for subset in subsets:
            for one in self._ranges:
                self._note(one, self._texts(one, everywhere("", subset)), _ALL_BUT_ONE)

    def _note(self, range: Range, numbers: Iterator[int], worth: float) -> None:
        for number in numbers:
            self._found.setdefault((range.schema, number), worth)

    # Reading

    def _names(self, range: Range, condition: str, values: tuple[str, ...]) -> Iterator[int]:
        sql = f"SELECT thing FROM {range.schema}.name WHERE {condition}" + self._within(range, "thing")
        return self._numbers(sql, (*values, range.first, range.last, *range.kinds))

    def _texts(self, range: Range, match: str) -> Iterator[int]:
        sql = f"SELECT rowid FROM {range.schema}.text WHERE text MATCH ?" + self._within(range, "rowid")
        return self._numbers(sql, (match, range.first, range.last, *range.kinds))

    def _within(self, range: Range, number: str) -> str:
        condition = f" AND {number} BETWEEN ? AND ?"
        if range.schema == "main":
            return condition + self._still.format(number)
        marks = ",".join("?" * len(range.kinds))
        kinds = f" WHERE kind IN ({marks})" if range.kinds else ""
        return condition + f" AND {number} IN (SELECT id FROM changes.thing{kinds})"

    def _numbers(self, sql: str, values: tuple[object, ...]) -> Iterator[int]:
        return (number for (number,) in self._connection.execute(f"{sql} LIMIT {_EACH}", values))

    # Ranking

    def _ranked(self, language: str, limit: int) -> list[Found]:
        found: list[tuple[float, int, int, str, Found]] = []
        for row, worth in self._rows(language):
            fits = [(_fit(row, asked)[0] * least, _fit(row, asked)[1]) for asked, least in self._tried]
            rank, alternative = max(fits, key=lambda pair: pair[0])
            if rank < worth:
                rank, alternative = worth + 0.1 * _share(row, self._tried[0][0]), ""
            kind, label = _ORDER.get(str(row[4]), len(_ORDER)), str(row[12])
            found.append((-rank, kind, len(label), label, Found(row[:12], alternative, round(rank, 3))))
        found.sort(key=lambda one: one[:4])
        return [one for *_, one in found[:limit]]

    def _rows(self, language: str) -> Iterator[tuple[tuple[object, ...], float]]:
        for schema in ("main", "changes"):
            numbers = [number for where, number in self._found if where == schema]
            if numbers:
                marks = ",".join("?" * len(numbers))
                sql = f"SELECT {_ROW.format(language)} FROM {schema}.thing WHERE id IN ({marks})"
                for row in self._connection.execute(sql, numbers):
                    yield row, self._found[schema, row[0]]


def _fit(row: tuple[object, ...], asked: Asked) -> tuple[float, str]:
    """How well a thing's names fit what was typed: its label, or the other name that fits better."""
    shown = str(row[12])
    best = _name(shown, asked)
    for other in {str(one) for one in row[13:]} - {shown}:
        best = max(best, _name(other, asked) - _OTHER_LANGUAGE)
    if best >= 0.6:
        return best, ""
    chosen = ""
    for alternative in str(row[7]).split("\n") if row[7] else ():
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


def _share(row: tuple[object, ...], asked: Asked) -> float:
    """The part of the words that the label has."""
    own = str(row[12]).split(" ")
    return sum(any(word.startswith(begun) for word in own) for begun in asked.words) / len(asked.words)


def _together(chosen: Sequence[tuple[str, float]]) -> float:
    nearness = 1.0
    for _, one in chosen:
        nearness *= one
    return nearness
