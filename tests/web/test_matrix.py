"""The picture of a matrix: what stands where, in which order, and when there is none."""

from __future__ import annotations

from pyoxigraph import Literal

from zorgkg.questions.answering import Table
from zorgkg.results import Cell
from zorgkg.terms import term, thing
from zorgkg.web.drawing import matrix

A, B = thing("project", "a"), thing("project", "b")
ONE, TWO = thing("framework", "vvsg/1"), thing("framework", "vvsg/2")
CENTRAL, SUPPORTING = thing("framework", "strength/central"), thing("framework", "strength/supporting")
CHART = {"kind": "matrix", "x": "componentLabel", "y": "projectLabel", "value": "strengthLabel"}


def _table(columns: str, *rows: tuple[Cell, ...]) -> Table:
    return Table(tuple(columns.split()), list(rows), "SELECT …", False)


def _label(text: str) -> Literal:
    return Literal(text, language="en")


def _seen(picture: matrix.Matrix | None) -> list[tuple[str, list[str]]]:
    assert picture
    return [(heading.text, [cell.mark for cell in cells]) for heading, cells in picture.rows]


def test_marks_stand_where_things_meet_and_columns_in_their_order() -> None:
    columns = "project projectLabel component componentLabel strength strengthLabel order"
    table = _table(
        columns,
        (A, _label("Aa"), TWO, _label("Second"), CENTRAL, _label("central"), Literal(2)),
        (B, _label("Bb"), ONE, _label("First"), SUPPORTING, _label("supporting"), Literal(1)),
        (B, _label("Bb"), TWO, _label("Second"), SUPPORTING, _label("supporting"), Literal(2)),
    )
    picture = matrix.draw(table, CHART)
    assert picture
    assert [one.text for one in picture.across] == ["First", "Second"]
    assert _seen(picture) == [("Aa", ["", "●"]), ("Bb", ["○", "○"])]
    assert picture.legend == [("●", "central"), ("○", "supporting")]
    assert picture.rows[0][1][1].text == "central", "a mark is read aloud as its meaning"


def test_of_two_sources_the_strongest_is_seen() -> None:
    columns = "project projectLabel component componentLabel strength strengthLabel order"
    rows = [
        (A, _label("Aa"), ONE, _label("First"), strength, _label(name), Literal(1))
        for strength, name in ((SUPPORTING, "supporting"), (CENTRAL, "central"), (SUPPORTING, "supporting"))
    ]
    assert _seen(matrix.draw(_table(columns, *rows), CHART)) == [("Aa", ["●"])]


def test_a_position_without_strength_is_a_mark_too() -> None:
    table = _table(
        "project projectLabel component componentLabel strength strengthLabel order",
        (A, _label("Aa"), ONE, _label("First"), None, None, Literal(1)),
    )
    picture = matrix.draw(table, CHART, "vermeld")
    assert _seen(picture) == [("Aa", ["■"])]
    assert picture
    assert picture.legend == [("■", "vermeld")]


def test_numbers_are_shown_and_shaded_by_the_largest() -> None:
    table = _table(
        "group groupLabel component componentLabel projects",
        (A, _label("Aa"), ONE, _label("First"), Literal(20)),
        (B, _label("Bb"), ONE, _label("First"), Literal(1)),
        (None, None, ONE, _label("First"), Literal(0)),
    )
    picture = matrix.draw(table, {"kind": "matrix", "x": "componentLabel", "y": "groupLabel", "value": "projects"})
    assert _seen(picture) == [("Aa", ["20"]), ("Bb", ["1"]), ("", ["0"])]
    assert picture
    assert [cells[0].share for _, cells in picture.rows] == [10, 1, 0]


def test_what_is_too_large_to_reckon_with_is_shown_all_the_same() -> None:
    digits = Literal("9" * 400, datatype=term("xsd:integer"))
    table = _table(
        "group groupLabel component componentLabel projects",
        (A, _label("Aa"), ONE, _label("First"), digits),
        (B, _label("Bb"), ONE, _label("First"), Literal(1e308)),
    )
    picture = matrix.draw(table, {"kind": "matrix", "x": "componentLabel", "y": "groupLabel", "value": "projects"})
    assert picture
    assert [cells[0].share for _, cells in picture.rows] == [0, 10]


def test_a_part_is_shown_with_its_whole_and_shaded_by_it() -> None:
    table = _table(
        "group groupLabel component componentLabel projects ofAll",
        (A, _label("Aa"), ONE, _label("First"), Literal(1), Literal(2)),
        (B, _label("Bb"), ONE, _label("First"), Literal(8), Literal(17)),
    )
    chart = {"kind": "matrix", "x": "componentLabel", "y": "groupLabel", "value": "projects", "of": "ofAll"}
    picture = matrix.draw(table, chart)
    assert _seen(picture) == [("Aa", ["1/2"]), ("Bb", ["8/17"])]
    assert picture
    assert [cells[0].share for _, cells in picture.rows] == [5, 5]


def test_nothing_and_too_much_have_no_picture() -> None:
    columns = "project projectLabel component componentLabel strength strengthLabel order"
    assert matrix.draw(_table(columns), CHART) is None
    rows = [
        (
            thing("project", str(n)),
            _label(str(n)),
            thing("framework", f"vvsg/{n}"),
            _label(str(n)),
            None,
            None,
            Literal(n),
        )
        for n in range(150)
    ]
    assert matrix.draw(_table(columns, *rows), CHART) is None
