"""The picture of an answer whose chart is a matrix: things against things, with a mark or a number where they meet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from zorgkg.questions.answering import Table
from zorgkg.results import Cell, plain
from zorgkg.terms import thing
from zorgkg.web.forms.tables import Shown, shown

MOST_CELLS: Final = 20_000
"""A larger picture would be neither seen nor quick; the table stays."""

_STRONGEST: Final = {"●"}
_STATED: Final = "■"
_MARKS: Final[dict[Cell, str]] = {
    thing("framework", "strength/central"): "●",
    thing("framework", "strength/supporting"): "○",
}


@dataclass(frozen=True)
class Meeting:
    """A cell of the picture.

    :param mark: what is seen: a mark or a number, "" where the two don't meet.
    :param text: what is read aloud in its place, "" when the mark says it all.
    :param share: of its whole, else of the largest number in the picture, in tenths rounded up; 0 for a mark.
    """

    mark: str = ""
    text: str = ""
    share: int = 0


@dataclass(frozen=True)
class Matrix:
    """Headings across, and rows of a heading and its cells; the legend explains the marks."""

    across: list[Shown]
    rows: list[tuple[Shown, list[Meeting]]]
    legend: list[tuple[str, str]]


def draw(table: Table, chart: Mapping[str, str], stated: str = "stated", known: Sequence[Shown] = ()) -> Matrix | None:
    """Arrange an answer as a matrix.

    :param table: the whole answer.
    :param chart: the question's chart: `x` and `y` are the columns of the headings, `value` (optional) that of the
        cells, `of` (optional) the whole of which each value is a part. A column
        `order` gives the order of what is across.
    :param known: what is across in any case, in this order; what the answer has besides comes after it.
    :param stated: what a mark without a value means, in the reader's language.
    :returns: the picture, or None when there is nothing to draw or too much of it.
    """
    across, down = column(table, chart["x"]), column(table, chart["y"])
    value = column(table, chart["value"]) if "value" in chart else None
    of = table.columns.index(chart["of"]) if "of" in chart else None
    order = table.columns.index("order") if "order" in table.columns else None
    # Also what nobody has: a gap is what a reader looks for.
    headings: dict[Cell, tuple[float, Shown]] = {
        NamedNode(one.iri): (place - len(known), one) for place, one in enumerate(known)
    }
    rows: dict[Cell, tuple[Shown, dict[Cell, Meeting]]] = {}
    legend: dict[str, str] = {}
    largest = max((_number(row[value[0]]) for row in table.rows), default=0.0) if value else 0.0
    for row in table.rows:
        place = _number(row[order]) if order is not None else float(len(headings))
        headings.setdefault(row[across[0]], (place, labelled(row, across)))
        _, meetings = rows.setdefault(row[down[0]], (labelled(row, down), {}))
        meeting = _meeting(row, value, of, largest, stated)
        # Two sources may differ on the strength: the strongest is seen here, both are in the table.
        before = meetings.get(row[across[0]], Meeting())
        if before.mark not in _STRONGEST:
            meetings[row[across[0]]] = meeting
        if meeting.text:
            legend[meeting.mark] = meeting.text
    if not rows or len(rows) * len(headings) > MOST_CELLS:
        return None
    sorted_headings = sorted(headings, key=lambda one: headings[one][0])
    return Matrix(
        [headings[one][1] for one in sorted_headings],
        [(name, [meetings.get(one, Meeting()) for one in sorted_headings]) for name, meetings in rows.values()],
        [(mark, legend[mark]) for mark in (*_MARKS.values(), _STATED) if mark in legend],
    )


def column(table: Table, name: str) -> tuple[int, int | None]:
    """Return the index of a column's thing, and of its label; None where it has none.

    :param table: the answer.
    :param name: the column, by the name of the thing or of its label.
    """
    bare = name.removesuffix("Label")
    if bare not in table.columns:
        return table.columns.index(name), None
    label = bare + "Label"
    return table.columns.index(bare), table.columns.index(label) if label in table.columns else None


def labelled(row: tuple[Cell, ...], where: tuple[int, int | None]) -> Shown:
    """Return what a reader sees of a column that :func:`column` found.

    :param row: a row of the answer.
    :param where: index of the thing, and of its label.
    """
    place, label = where
    return shown(row[place], None if label is None else row[label])


def _meeting(
    row: tuple[Cell, ...], value: tuple[int, int | None] | None, of: int | None, largest: float, stated: str
) -> Meeting:
    if value is None or row[value[0]] is None:
        return Meeting(_STATED, stated)
    cell = row[value[0]]
    if isinstance(cell, NamedNode):
        return Meeting(_MARKS.get(cell, _STATED), labelled(row, value).text)
    size = _number(cell)
    whole = largest if of is None else _number(row[of])
    share = math.ceil(min(10 * size / whole, 10)) if size > 0 and whole else 0
    text = labelled(row, value).text
    return Meeting(text if of is None else f"{text}/{labelled(row, (of, None)).text}", share=share)


def number(cell: Cell) -> float | None:
    """Return the number that a cell is; None where it is none, or has more digits than can be drawn."""
    value = plain(cell)
    try:
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    except OverflowError:
        return None


def _number(cell: Cell) -> float:
    return number(cell) or 0.0
