"""Beginnings of long lists of projects: sort keys before which the rows of a page stand; the rest need not be sorted.

Reading a hundred thousand rows, looking up their labels and sorting them takes an engine seconds; leaving out by a
short key what surely comes later takes it hundredths of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from weakref import WeakKeyDictionary

from pyoxigraph import Literal, QuerySolutions

from zorgkg.engine.interface import Engine, EngineError
from zorgkg.languages import LABEL_PROPERTY
from zorgkg.terms import term

MANY: Final = (4, 64)
"""How many times as many projects as rows are wanted are tried: not each of them has a row in each answer."""

_KEY: Final = 16
_PART: Final = 8
"""Characters of a sort key, and of the part of it by which projects are counted at once."""

_counted: WeakKeyDictionary[Engine, dict[tuple[str, str], list[tuple[str, int]]]] = WeakKeyDictionary()


def ends(engine: Engine, language: str, rows: int) -> Iterator[tuple[Literal, int]]:
    """Give sort keys, each farther than the one before, and how many projects come before it: some times the rows.

    :param engine: the engine; what it holds is counted once.
    :param language: language of the labels by which projects are sorted.
    :param rows: how many rows are wanted.
    :returns: none where they would leave out less than half of the projects, which gains nothing.
    :raises EngineError: the engine failed.
    """
    most = sum(number for _, number in _counts(engine, language, "")) / 2
    last = 0
    for times in MANY:
        end, before = _end(engine, language, times * rows, "")
        if not end or before > most:
            return
        if before > last:
            yield Literal(end), before
        last = before


def _end(engine: Engine, language: str, wanted: int, within: str) -> tuple[str, int]:
    """A sort key that so many projects come before, of those whose keys begin so, and how many do; "" for none."""
    before = 0
    for begin, number in _counts(engine, language, within):
        if before >= wanted:
            return begin, before
        if len(within) + _PART < _KEY and number > 2 * wanted:
            end, more = _end(engine, language, wanted - before, begin)
            if end:
                return end, before + more
        before += number
    return "", before


def _counts(engine: Engine, language: str, within: str) -> list[tuple[str, int]]:
    """How many projects have which next part of their sort key, in the order of SPARQL (code points)."""
    known = _counted.setdefault(engine, {})
    if (language, within) not in known:
        found = engine.query(
            f"""SELECT ?begin (COUNT(*) AS ?projects)
            WHERE {{
              {term(LABEL_PROPERTY[language])} {term("zorg:sortKey")} ?key . ?project ?key ?first .
              FILTER (STRSTARTS(?first, {Literal(within)}))
            }}
            GROUP BY (SUBSTR(?first, 1, {len(within) + _PART}) AS ?begin)"""
        )
        if not isinstance(found, QuerySolutions):
            raise EngineError("a SELECT query gives solutions")
        pairs = ((row["begin"], row["projects"]) for row in found)
        known[language, within] = sorted(
            (begin.value, int(number.value))
            for begin, number in pairs
            if isinstance(begin, Literal) and isinstance(number, Literal)
        )
    return known[language, within]
