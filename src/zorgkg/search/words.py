"""Words that are nearly the one that was typed: those that share groups of three letters with it, letter by letter."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from zorgkg.search.connections import rows
from zorgkg.search.schema import PREFIXES

LEAST: Final = 3
"""Letters of the shortest word that is corrected."""

_LOOKED_AT: Final = 80
"""Words of about the same length that share the most groups with the one that was typed: their letters are compared."""

_LONGER: Final = 40
"""Likewise, words that are longer."""

_TERMS: Final = 200
"""Words that begin alike and are asked for one by one; more are asked for by their beginning."""

_END: Final = "_"
"""Stands before and after a word, so that its first and last letters count more. No word has it."""


def grams(word: str) -> set[str]:
    """Return the groups of three letters of a word, its ends included."""
    padded = f"{_END}{word}{_END}"
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def is_corrected(word: str) -> bool:
    """Whether a word can be meant by one that is nearly it: no number can."""
    return len(word) >= LEAST and not word.isdigit()


def distance(typed: str, word: str, most: int) -> tuple[int, int]:
    """Compare two words: letters that are wrong, missing, too many, or swapped with the next (optimal alignment).

    :param typed: what was typed.
    :param word: a word that may be meant.
    :param most: a larger distance need not be told exactly.
    :returns: the distance of the whole word, and that of the beginning of it that is nearest.
    """
    before: list[int] = []
    last = list(range(len(typed) + 1))
    beginning = last[-1]
    for at, letter in enumerate(word, 1):
        row = [at]
        for place, other in enumerate(typed, 1):
            cost = min(row[-1] + 1, last[place] + 1, last[place - 1] + (letter != other))
            if at > 1 and place > 1 and letter == typed[place - 2] and word[at - 2] == other:
                cost = min(cost, before[place - 2] + 1)
            row.append(cost)
        before, last = last, row
        beginning = min(beginning, row[-1])
        if min(row) > most and min(before) > most:
            # Every beginning that follows is at least as far.
            return most + 1, beginning
    return last[-1], beginning


def allowed(word: str) -> int:
    """Return how many mistakes are forgiven in a word."""
    return 1 if len(word) <= 5 else 2


class Words:
    """The words of an index.

    :param lengths: length → the first and last `id` of the words that have it.
    :param others: words that changes brought.
    :param schemas: `main`, and `changes` where there are any.
    """

    def __init__(self, lengths: dict[int, tuple[int, int]], others: list[str], schemas: Sequence[str]) -> None:
        self._lengths = lengths
        self._others = others
        self._schemas = schemas

    @classmethod
    def read(cls, connection: sqlite3.Connection, schemas: Sequence[str]) -> Words:
        """Read what is kept in memory: very little.

        :param connection: has the index as `main`, and the changes as `changes`.
        :param schemas: `main`, and `changes` where there are any.
        """
        lengths = {length: (first, last) for length, first, last in connection.execute("SELECT * FROM main.length")}
        more = connection.execute("SELECT text FROM changes.word") if "changes" in schemas else ()
        return cls(lengths, [word for (word,) in more], schemas)

    def begun(self, connection: sqlite3.Connection, beginning: str) -> list[str]:
        """Return the words that begin so, as FTS5 is asked for them.

        Of the words themselves FTS5 reads no more than is asked for; of a beginning, it first puts together everything
        that begins so, unless it is so short that this was done before.

        :param connection: as for :meth:`read`.
        :param beginning: a folded word.
        """
        if len(beginning) <= PREFIXES or not is_corrected(beginning):
            sql = "SELECT 1 FROM {}.text WHERE text MATCH ? LIMIT 1"
            asked = f'"{beginning}"*'
            found = any(connection.execute(sql.format(one), (asked,)).fetchone() for one in self._schemas)
            return [asked] if found else []
        sql = "SELECT text FROM main.word WHERE text >= ? AND text < ? LIMIT ?"
        words = rows(connection, "text", sql, (beginning, f"{beginning}\U0010ffff", _TERMS + 1))
        if len(words) > _TERMS:
            return [f'"{beginning}"*']
        words += (word for word in self._others if word.startswith(beginning))
        return [f'"{word}"' for word in words]

    def near(self, connection: sqlite3.Connection, typed: str, unfinished: bool) -> list[tuple[str, float]]:
        """Return words that may be meant by one, with how near they are (below 1), the nearest first.

        :param connection: as for :meth:`read`.
        :param typed: a folded word.
        :param unfinished: whether it may be the beginning of a word.
        """
        if not is_corrected(typed):
            return []
        most, letters = allowed(typed), set(typed)
        found: dict[str, float] = {}
        for word in chain(self._sharing(connection, typed, most, unfinished), self._others):
            # Each letter that the word lacks is a mistake at least.
            if len(letters.difference(word)) > most:
                continue
            whole, beginning = distance(typed, word, most)
            if whole <= most:
                found[word] = 1 - whole / (len(typed) + 1)
            elif unfinished and len(typed) > LEAST and beginning <= most:
                found[word] = 0.95 - beginning / (len(typed) + 1)
            elif len(typed) > LEAST and typed in word:
                found[word] = 0.8
        found.pop(typed, None)
        return sorted(found.items(), key=lambda pair: (-pair[1], abs(len(pair[0]) - len(typed)), pair[0]))

    def misspelt(self, connection: sqlite3.Connection, typed: str) -> list[str]:
        """Return words of about the same length that are nearly a whole word, the nearest first.

        :param connection: as for :meth:`read`.
        :param typed: a folded word.
        """
        if not is_corrected(typed):
            return []
        most = allowed(typed)
        words = (*self._sharing(connection, typed, most, False, False), *self._others)
        found = process.extract(typed, words, scorer=OSA.distance, score_cutoff=most, limit=None)
        near = sorted((distance, word) for word, distance, _ in found if word != typed)
        return [word for _, word in near]

    def _sharing(
        self, connection: sqlite3.Connection, typed: str, most: int, unfinished: bool, longer: bool = True
    ) -> list[str]:
        asked = sorted(grams(typed))
        marks = ",".join("?" * len(asked))
        found = connection.execute(f"SELECT words FROM main.gram WHERE gram IN ({marks})", asked).fetchall()
        lists = [array("I", words) for (words,) in found]
        # The words have their numbers by length: those of about the same length lie side by side.
        near = [self._lengths[one] for one in range(len(typed) - most, len(typed) + most + 1) if one in self._lengths]
        ids: list[int] = []
        if near:
            first, last = near[0][0], near[-1][1]
            same = Counter(
                chain.from_iterable(one[bisect_left(one, first) : bisect_left(one, last + 1)] for one in lists)
            )
            ids += [number for number, _ in same.most_common(_LOOKED_AT)]
        if longer and (unfinished or len(typed) > LEAST):
            # As the beginning or the end of a longer word, or inside it.
            first = near[-1][1] + 1 if near else 0
            sharing = Counter(chain.from_iterable(one[bisect_left(one, first) :] for one in lists))
            ids += [number for number, _ in sharing.most_common(_LONGER)]
        marks = ",".join("?" * len(ids))
        return rows(connection, "text", f"SELECT text FROM main.word WHERE id IN ({marks})", ids)
