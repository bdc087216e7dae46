"""Charts: the picture of an answer that its question declares: bars, a line, a network or a map.

A matrix is a table of its own (web/drawing/matrix.py). Beside each picture the page has the table, which says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from pyoxigraph import Literal

from zorgkg.engine.interface import Engine
from zorgkg.questions.answering import Table
from zorgkg.results import Cell
from zorgkg.web import words
from zorgkg.web.drawing import atlas, pictures
from zorgkg.web.drawing.geography import point
from zorgkg.web.drawing.matrix import column, labelled, number
from zorgkg.web.drawing.pictures import Bar, Caption, Node, Spot, Tie
from zorgkg.web.forms.tables import Shown
from zorgkg.web.view import View

BARS: Final = 40
"""At most so many bars or points are drawn."""

LEFT, RIGHT = 30, 40
"""At most so many things are drawn on each side of a network."""

PLACES: Final = 400
"""At most so many places are drawn on a map."""


@dataclass(frozen=True)
class Chart:
    """A picture, and what the page says below it.

    :param picture: the SVG.
    :param note: what is not drawn, or "".
    :param is_wide: whether it needs more room than a narrow screen has.
    """

    picture: Markup
    note: str
    is_wide: bool = False


def draw(view: View, engine: Engine, title: str, chart: Mapping[str, str], table: Table, offset: int) -> Chart | None:
    """Draw the rows of a page as its question says.

    :param view: how the page is seen.
    :param engine: knows the map.
    :param title: the question.
    :param chart: its `chart`: `kind`, and the columns `x`, `y` and `geometry`.
    :param table: the rows.
    :param offset: rows before them.
    :returns: None when nothing can be drawn.
    """
    make = {"bar": _bars, "line": _line, "network": _network, "map": _map}.get(chart.get("kind", ""))
    if make is None or not table.rows:
        return None
    say = words.say(view.language)
    made = make(view, engine, Caption("chart", title, say("chart_described")), chart, table)
    if made is None or not (table.more or offset):
        return made
    return Chart(made.picture, f"{say('chart_page')} {made.note}".strip(), made.is_wide)


def _bars(view: View, engine: Engine, caption: Caption, chart: Mapping[str, str], table: Table) -> Chart | None:
    found = _measured(view, chart, table)
    return Chart(pictures.bars(caption, found[:BARS]), _first(view, len(found), BARS)) if found else None


def _line(view: View, engine: Engine, caption: Caption, chart: Mapping[str, str], table: Table) -> Chart | None:
    found = _measured(view, chart, table)
    return Chart(pictures.line(caption, found[:BARS]), _first(view, len(found), BARS)) if found else None


def _measured(view: View, chart: Mapping[str, str], table: Table) -> list[Bar]:
    """What `x` and `y` say, row by row; a row without a number that is at least zero is left out."""
    across, up = column(table, chart["x"]), table.columns.index(chart["y"])
    found = []
    for row in table.rows:
        size = number(row[up])
        if size is not None and size >= 0:
            name = labelled(row, across)
            found.append(Bar(name.text, size, _written(row[up]), _leads(view, name)))
    return found


def _network(view: View, engine: Engine, caption: Caption, chart: Mapping[str, str], table: Table) -> Chart | None:
    ones, others = column(table, chart["x"]), column(table, chart["y"])
    left: dict[str, Shown] = {}
    right: dict[str, Shown] = {}
    pairs: dict[tuple[str, str], None] = {}
    for row in table.rows:
        one, other = labelled(row, ones), labelled(row, others)
        # The same thing may stand on both sides.
        key, far = f"<{one.iri or one.text}", f">{other.iri or other.text}"
        if one.text and other.text:
            left.setdefault(key, one)
            right.setdefault(far, other)
            pairs[key, far] = None
    if not pairs:
        return None
    shown = {**dict(list(left.items())[:LEFT]), **dict(list(right.items())[:RIGHT])}
    ties = [Tie(one, other) for one, other in pairs if one in shown and other in shown]
    nodes = {key: Node(name.text, _leads(view, name)) for key, name in shown.items()}
    centre = next(iter(left)) if len(left) == 1 else ""
    note = ""
    if len(shown) < len(left) + len(right):
        note = words.say(view.language)("chart_first", n=words.number(len(ties), view.language))
    return Chart(pictures.network(caption, nodes, ties, centre), note, is_wide=True)


def _map(view: View, engine: Engine, caption: Caption, chart: Mapping[str, str], table: Table) -> Chart | None:
    place, where = column(table, chart["x"]), table.columns.index(chart["geometry"])
    value = table.columns.index(chart["y"]) if "y" in chart else None
    rows: dict[str, list[tuple[Cell, ...]]] = {}
    names: dict[str, Shown] = {}
    points: dict[str, tuple[float, float]] = {}
    for row in table.rows:
        cell, name = row[where], labelled(row, place)
        found = point(cell.value) if isinstance(cell, Literal) else None
        if found:
            key = name.iri or name.text
            names.setdefault(key, name)
            points.setdefault(key, found)
            rows.setdefault(key, []).append(row)
    known, say = atlas.of(engine, view.language), words.say(view.language)
    inside = [key for key in points if known.frame and known.frame.holds(*points[key])]
    shown = (inside or list(points))[:PLACES]
    drawn = known.around(points[key] for key in shown)
    if drawn is None:
        return None
    # One place far away would leave no room for all the others.
    outside = ", ".join(names[key].text for key in points if key not in inside) if inside else ""
    notes = [_first(view, len(inside or points), PLACES), say("chart_outside", places=outside) if outside else ""]
    # A place with several rows counts them: no one value of theirs is that of the place.
    is_single = all(len(rows[key]) == 1 for key in shown)
    sizes = {key: number(rows[key][0][value]) if is_single and value is not None else len(rows[key]) for key in shown}
    largest = max((size for size in sizes.values() if size is not None), default=0)
    varied = len(set(sizes.values())) > 1
    spots = [
        Spot(
            names[key].text,
            *points[key],
            href=_leads(view, names[key]),
            share=max(0.0, (sizes[key] or 0) / largest) if varied and largest > 0 else 0.0,
            note=_written(rows[key][0][value])
            if is_single and value is not None
            else say("row")
            if len(rows[key]) == 1
            else say("rows", n=len(rows[key])),
        )
        for key in shown
    ]
    frame, ground = drawn
    return Chart(pictures.locator(caption, ground, frame, spots), " ".join(filter(None, notes)))


def _first(view: View, count: int, most: int) -> str:
    return words.say(view.language)("chart_first", n=words.number(most, view.language)) if count > most else ""


def _leads(view: View, name: Shown) -> str:
    leads = view.href(name.iri) if name.iri else None
    return leads[0] if leads and not leads[1] else ""


def _written(cell: Cell) -> str:
    return cell.value if isinstance(cell, Literal) else ""
