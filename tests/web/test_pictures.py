"""Pictures: what is drawn can be told without colours, read without seeing it, and never grows beyond the page."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode
from starlette.testclient import TestClient

from zorgkg.content import locate
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.questions import answering, catalogue
from zorgkg.questions.answering import Table
from zorgkg.terms import ID, term
from zorgkg.web.app import create
from zorgkg.web.drawing import atlas, charts, pictures
from zorgkg.web.drawing.geography import Frame, point
from zorgkg.web.drawing.pictures import Bar, Caption, Node, Spot, Tie
from zorgkg.web.service import Service
from zorgkg.web.view import Edition, View

CAPTION = Caption("it", "Who does what", "The table says the same.")
VIEW = View("en", "/api/questions/x", [], "", "http://testserver", Edition("test", "2025-01-02", 1, 1))
FLANDERS = Frame.around([(2.6, 50.8), (5.9, 51.4)])


def read(picture: Markup) -> ElementTree.Element:
    """The picture, which must be well-formed as XML too."""
    return ElementTree.fromstring(str(picture))  # noqa: S314 - our own


def texts(picture: Markup, name: str = "text") -> list[str]:
    return ["".join(one.itertext()) for one in read(picture).iter(name)]


def percent(value: str | None) -> float:
    assert value is not None
    assert value.endswith("%")
    return float(value[:-1])


def drawn() -> list[Markup]:
    """One of each kind, with marks of HTML in every text."""
    evil = '<b>"&'
    nodes = {"a": Node(evil, "/a?x=1&y=2"), "b": Node("b", shape="square"), "c": Node("c", shape="diamond")}
    ties = [Tie("a", "b", evil, is_strong=True), Tie("b", "c")]
    caption = Caption("it", evil, evil)
    return [
        pictures.bars(caption, [Bar(evil, 2, evil, "/a"), Bar("b", 0, "0")]),
        pictures.line(caption, [Bar(evil, 2, evil), Bar("b", 0, "0")]),
        pictures.network(caption, nodes, ties, "a"),
        pictures.network(caption, nodes, ties),
        pictures.locator(caption, Markup(), FLANDERS, [Spot(evil, 4, 51, "/a", note=evil)], [Spot(evil, 4.1, 51)]),
    ]


@pytest.mark.parametrize("number", range(5))
def test_a_picture_is_well_formed_named_and_without_style_or_script(number: int) -> None:
    picture = drawn()[number]
    root = read(picture)
    identified = {one.get("id"): "".join(one.itertext()) for one in root.iter() if one.get("id")}
    for attribute in ("aria-labelledby", "aria-describedby"):
        assert identified[root.get(attribute)] == '<b>"&'
    # What can be reached with a keyboard may not lie inside an image.
    assert root.get("role") == ("group" if list(root.iter("a")) else "img")
    assert all(one.get("aria-label") for one in root.iter("a"))
    for one in root.iter():
        assert one.tag not in ("style", "script")
        assert not [name for name in one.attrib if name in ("style", "fill", "stroke") or name.startswith("on")]


def test_bars_are_as_long_as_their_numbers() -> None:
    picture = pictures.bars(CAPTION, [Bar("ten", 10, "10"), Bar("five", 5, "5"), Bar("none", 0, "0")])
    ten, five, none = (percent(one.get("width")) for one in read(picture).iter("rect"))
    assert ten == pytest.approx(2 * five)
    assert none == 0
    assert texts(picture) == ["ten", "10", "five", "5", "none", "0"]


def test_nothing_but_zeros_can_be_drawn() -> None:
    zeros = [Bar("a", 0, "0"), Bar("b", 0, "0")]
    for picture in (pictures.bars(CAPTION, zeros), pictures.line(CAPTION, zeros)):
        assert "nan" not in picture.lower()


def test_a_line_goes_up_where_the_numbers_do() -> None:
    picture = pictures.line(CAPTION, [Bar(str(2018 + n), n, str(n)) for n in range(20)])
    heights = [float(one.get("cy") or 0) for one in read(picture).iter("circle")]
    assert heights == sorted(heights, reverse=True)
    # Not every point has room for its name.
    assert len([one for one in texts(picture) if one.startswith("20")]) <= 8


def test_the_centre_of_a_network_stands_in_the_middle_and_everything_inside_the_picture() -> None:
    around = {f"n{n}": Node(f"Name {n}") for n in range(24)}
    outside = {f"o{n}": Node(f"Other {n}", shape="diamond") for n in range(24)}
    ties = [Tie("c", key) for key in around] + [Tie(f"n{n}", f"o{n}") for n in range(24)]
    picture = pictures.network(CAPTION, {"c": Node("Centre"), **around, **outside}, ties, "c")
    root = read(picture)
    marks = [one for one in root.iter() if one.tag in ("circle", "rect")]
    assert len(marks) == 49
    across = [percent(one.get("cx") or one.get("x")) for one in marks]
    down = [float(one.get("cy") or one.get("y") or 0) for one in marks]
    assert across[0] == 50
    assert sum(one < 50 for one in across) == sum(one > 50 for one in across) == 24
    assert all(0 < one < float(root.get("height") or 0) for one in down)
    # No two names lie on each other: of those on the same line, each has its own column.
    places = list(zip(across, down, strict=True))
    for index, (x, y) in enumerate(places):
        assert all(abs(x - u) > 5 or abs(y - v) >= 14 for u, v in places[index + 1 :])


def test_what_is_tied_to_nothing_drawn_is_left_out() -> None:
    nodes = {"c": Node("Centre"), "a": Node("A"), "lost": Node("Lost")}
    picture = pictures.network(CAPTION, nodes, [Tie("c", "a"), Tie("c", "gone")], "c")
    assert texts(picture) == ["Centre", "A"]


def test_a_long_name_is_cut_and_told_in_full() -> None:
    long = "Samenwerkingsverband voor de ontmoeting van iedereen in de wijk"
    picture = pictures.network(CAPTION, {"c": Node("Centre"), "a": Node(long)}, [Tie("c", "a")], "c")
    assert long not in texts(picture)
    assert long in texts(picture, "title")


def test_places_lie_as_on_the_ground() -> None:
    spots = [Spot("West", 2.8, 51.0), Spot("East", 5.6, 51.0), Spot("North", 4.0, 51.4), Spot("South", 4.0, 50.8)]
    picture = pictures.locator(CAPTION, Markup(), FLANDERS, spots)
    at = {
        one.findtext("title"): (percent(one.get("cx")), percent(one.get("cy"))) for one in read(picture).iter("circle")
    }
    assert at["West"][0] < at["North"][0] == at["South"][0] < at["East"][0]
    assert at["North"][1] < at["West"][1] == at["East"][1] < at["South"][1]
    assert all(0 <= one <= 100 for pair in at.values() for one in pair)


def test_names_on_a_map_do_not_lie_on_each_other() -> None:
    close = [Spot(f"Gemeente {n}", 4 + n / 1000, 51 + n / 1000) for n in range(10)]
    picture = pictures.locator(CAPTION, Markup(), FLANDERS, close)
    assert len(texts(picture)) == 1
    assert len([one for one in texts(picture, "title") if one.startswith("Gemeente")]) == 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("POINT(4.48 51.03)", (4.48, 51.03)),
        ("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(51.03 4.48)", (4.48, 51.03)),
        ("POINT(448 51)", None),
        ("LINESTRING(4 51, 5 51)", None),
        ("nonsense", None),
    ],
)
def test_a_point_is_read_whichever_way_round_it_is_written(text: str, expected: tuple[float, float] | None) -> None:
    assert point(text) == expected


# Charts of answers


def names(count: int) -> list[tuple[NamedNode, Literal, Literal]]:
    return [
        (NamedNode(f"{ID}place/p{n}"), Literal(f"Place {n}", language="nl"), Literal(count - n)) for n in range(count)
    ]


def chart(
    service: Service, kind: dict[str, str], columns: tuple[str, ...], rows: list[tuple[object, ...]]
) -> charts.Chart:
    made = charts.draw(VIEW, service.engine, "Which?", kind, Table(columns, rows, "", False), 0)  # type: ignore[arg-type]
    assert made is not None
    return made


def test_the_first_forty_bars_are_drawn_and_the_rest_is_told(service: Service) -> None:
    columns = ("place", "placeLabel", "n")
    made = chart(service, {"kind": "bar", "x": "placeLabel", "y": "n"}, columns, [*names(55)])
    assert len(list(read(made.picture).iter("rect"))) == 40
    assert "40" in made.note
    few = chart(service, {"kind": "bar", "x": "placeLabel", "y": "n"}, columns, [*names(5)])
    assert few.note == ""
    assert 'href="/doc/place/p0"' in few.picture


def test_rows_without_a_number_are_not_drawn_as_zero(service: Service) -> None:
    rows: list[tuple[object, ...]] = [*names(2), (NamedNode("urn:x"), Literal("x"), None)]
    made = chart(service, {"kind": "line", "x": "placeLabel", "y": "n"}, ("place", "placeLabel", "n"), rows)
    assert len(list(read(made.picture).iter("circle"))) == 2


@pytest.mark.parametrize("kind", ["bar", "line", "map"])
def test_a_number_of_more_digits_than_can_be_drawn_is_none(service: Service, kind: str) -> None:
    here, far = (Literal(one, datatype=term("geo:wktLiteral")) for one in ("POINT(4.48 51.03)", "POINT(4.7 50.88)"))
    rows = [
        (NamedNode("urn:a"), Literal("A"), Literal("9" * 400, datatype=term("xsd:integer")), here),
        (NamedNode("urn:b"), Literal("B"), Literal(3), far),
    ]
    asked = {"kind": kind, "x": "placeLabel", "y": "n", "geometry": "point"}
    made = chart(service, asked, ("place", "placeLabel", "n", "point"), [*rows])
    assert ("A" in texts(made.picture)) == (kind == "map")


def test_a_network_of_many_pairs_is_limited_and_says_so(service: Service) -> None:
    columns = ("one", "oneLabel", "other", "otherLabel")
    rows = [
        (NamedNode(f"urn:{a}"), Literal(f"One {a}"), NamedNode(f"urn:o{b}"), Literal(f"Other {b}"))
        for a in range(40)
        for b in range(50)
    ]
    made = chart(service, {"kind": "network", "x": "oneLabel", "y": "otherLabel"}, columns, [*rows])
    assert len(list(read(made.picture).iter("circle"))) == charts.LEFT + charts.RIGHT
    assert made.note
    assert made.is_wide
    # The same thing may stand on both sides of a tie.
    mutual = [(NamedNode("urn:a"), Literal("A"), NamedNode("urn:b"), Literal("B"))]
    mutual += [(NamedNode("urn:b"), Literal("B"), NamedNode("urn:a"), Literal("A"))]
    both = chart(service, {"kind": "network", "x": "oneLabel", "y": "otherLabel"}, columns, [*mutual])
    assert sorted(texts(both.picture)) == ["A", "A", "B", "B"]


def test_a_map_counts_the_rows_of_a_place_and_tells_what_lies_off_it(service: Service) -> None:
    wkt = term("geo:wktLiteral")

    def row(slug: str, text: str) -> tuple[object, ...]:
        return NamedNode(f"{ID}place/{slug}"), Literal(slug), Literal(text, datatype=wkt)

    rows = [row("mechelen", "POINT(4.48 51.03)")] * 2 + [row("emmeloord", "POINT(5.75 52.71)")]
    made = chart(service, {"kind": "map", "x": "place", "geometry": "point"}, ("place", "placeLabel", "point"), rows)
    assert "<title>mechelen: 2 rows</title>" in made.picture
    assert made.note == "Off the map: emmeloord."
    only = chart(
        service, {"kind": "map", "x": "place", "geometry": "point"}, ("place", "placeLabel", "point"), rows[2:]
    )
    assert "<title>emmeloord: 1 row</title>" in only.picture


def test_an_answer_without_rows_has_no_picture(service: Service) -> None:
    empty = Table(("a", "b"), [], "", False)
    assert charts.draw(VIEW, service.engine, "?", {"kind": "bar", "x": "a", "y": "b"}, empty, 0) is None
    full = Table(("a", "b"), [(Literal("x"), Literal(1))], "", False)
    assert charts.draw(VIEW, service.engine, "?", {"none": "a list"}, full, 0) is None


def test_the_map_has_a_dot_for_each_municipality_of_flanders_and_brussels(engine: EmbeddedEngine) -> None:
    known = atlas.of(engine, "nl")
    assert len(known.home) == 331
    assert known.frame is not None
    assert all(known.frame.holds(*known.points[one]) for one in known.home)
    assert len(re.findall(r"h0", known.ground)) == 331
    near = {one.removeprefix(ID) for one in known.neighbours([f"{ID}place/mechelen"])}
    assert "place/sint-katelijne-waver" in near
    assert "place/brugge" not in near


PER_PLACE = """\
#+ summary: {nl: 'Hoeveel projecten waar?', fr: 'Combien de projets où ?', en: 'How many projects where?'}
#+ tags: [places]
#+ chart: {kind: bar, x: placeLabel, y: projects}
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT ?place ?placeLabel (COUNT(?project) AS ?projects) WHERE {
  VALUES ?labels { zorg:labelNl }
  ?project zorg:takesPlaceIn ?place . ?place ?labels ?placeLabel
} GROUP BY ?place ?placeLabel ORDER BY ?placeLabel
"""


def test_a_question_is_drawn_above_its_table(service: Service, tmp_path: Path) -> None:
    (tmp_path / "per-place.rq").write_text(PER_PLACE, "utf-8")
    asked = dataclasses.replace(service, questions=catalogue.read(tmp_path))
    with TestClient(create(asked)) as client:
        page = client.get("/api/questions/per-place?lang=fr", headers={"Accept": "text/html"}).text
    picture, _, table = page.partition("<figure>")[2].partition("</figure>")
    assert '<svg class="picture bars"' in picture
    assert "Combien de projets où ?" in picture
    assert 'href="/doc/place/mechelen?lang=fr"' in picture
    assert "<table>" in table


@pytest.mark.slow
def test_every_question_of_the_catalogue_that_declares_a_picture_has_one(engine: EmbeddedEngine) -> None:
    drawn = 0
    for question in catalogue.read(locate().queries).values():
        if question.chart.get("kind") in (None, "matrix"):
            continue
        table = answering.answer(engine, question, {}, "nl", 200)
        made = charts.draw(VIEW, engine, question.summary["nl"], question.chart, table, 0)
        assert made is not None, question.id
        assert read(made.picture).tag == "svg"
        drawn += 1
    assert drawn > 15
