"""Values given by users become terms in the VALUES blocks: whatever they hold, they stay values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from zorgkg.questions.binding import InvalidValue, Value, bind, to_term
from zorgkg.questions.evidence import Declared
from zorgkg.questions.question import Block, Parameter, Question, parse

TEXT = """\
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT ?given ?other ?labels {
  VALUES ?given { "file" } # VALUES ?given { }
  VALUES ?other { UNDEF }
  VALUES ?labels { zorg:labelNl }
}
"""


def parameter(kind: str, name: str = "given", values: tuple[str, ...] = (), block: Block | None = None) -> Parameter:
    texts = {"nl": "", "fr": "", "en": ""}
    return Parameter(name, kind, "", texts, values, False, (), block or Block(0, 0))


def inside(name: str) -> Block:
    start = TEXT.index("{", TEXT.index(f"VALUES ?{name}")) + 1
    return Block(start, TEXT.index("}", start))


def question(kind: str = "string") -> Question:
    parameters = {name: parameter(kind, name, block=inside(name)) for name in ("given", "other")}
    return Question("q", Path("q.rq"), TEXT, {}, (), parameters, ("given",), {}, (inside("labels"),), Declared())


def answers(text: str, name: str) -> list[object]:
    found = Store().query(text)
    assert isinstance(found, QuerySolutions)
    return [row[name] for row in found]


def test_without_values_the_file_is_asked_as_it_is() -> None:
    assert answers(bind(question(), {}, "nl"), "given") == [Literal("file")]
    assert answers(bind(question(), {}, "nl"), "other") == [None]


def test_labels_follow_the_language() -> None:
    for language, name in (("nl", "labelNl"), ("fr", "labelFr"), ("en", "labelEn")):
        assert answers(bind(question(), {}, language), "labels") == [NamedNode(f"https://w3id.org/zorgkg/ns#{name}")]


def test_several_values_and_several_parameters() -> None:
    values: dict[str, list[Value]] = {"given": [Literal("a"), Literal("b")], "other": [Literal("c")]}
    text = bind(question(), values, "en")
    assert answers(text, "given") == [Literal("a"), Literal("b")]
    assert answers(text, "other") == [Literal("c"), Literal("c")]


def test_a_value_and_the_label_property_stand_in_every_sub_select_that_needs_them(tmp_path: Path) -> None:
    path = tmp_path / "twice.rq"
    path.write_text(
        "#+ summary: {nl: Wat?, fr: Quoi ?, en: What?}\n"
        "#+ params: {given: {type: string, description: {nl: Dit., fr: Ceci., en: This.}}}\n"
        "PREFIX zorg: <https://w3id.org/zorgkg/ns#>\n"
        "SELECT ?first ?second ?one ?two WHERE {\n"
        "  { SELECT (?given AS ?first) (?labels AS ?one) { VALUES ?given { 'file' } "
        "VALUES ?labels { zorg:labelNl } } }\n"
        "  { SELECT (?given AS ?second) (?labels AS ?two) { VALUES ?given { 'file' } "
        "VALUES ?labels { zorg:labelNl } } }\n"
        "}\n"
    )
    text = bind(parse(path), {"given": [Literal("a")]}, "fr")
    assert answers(text, "first") == answers(text, "second") == [Literal("a")]
    assert answers(text, "one") == answers(text, "two") == [NamedNode("https://w3id.org/zorgkg/ns#labelFr")]


@pytest.mark.parametrize(
    "text",
    [
        '" } SELECT * { ?s ?p ?o } #',
        "'''",
        '"""',
        "} UNION { ?s ?p ?o",
        "\\",
        '\\"',
        "\n} # \r\n",
        "<http://example.org/>",
        "UNDEF",
        "?given",
        "\\u007D",
        "é😀\u0000",
        "",
    ],
)
def test_a_text_cannot_break_out(text: str) -> None:
    assert answers(bind(question(), {"given": [to_term(parameter("string"), text)]}, "nl"), "given") == [Literal(text)]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert answers(bind(question(), {"given": [to_term(parameter("string"), text)]}, "nl"), "given") == [Literal(text)]


@given(st.text())
def test_any_text_is_an_iri_or_refused(text: str) -> None:
    try:
        term = to_term(parameter("iri"), text)
    except InvalidValue:
        return
    assert answers(bind(question(), {"given": [term]}, "nl"), "given") == [NamedNode(text)]


@pytest.mark.parametrize(
    "text",
    [
        "http://example.org/> } # ",
        "http://example.org/a b",
        "http://example.org/{x}",
        'http://example.org/"x"',
        "http://example.org/\\u003E",
        "http://[example",
        "http://example.org/%zz",
        "relative",
        "",
    ],
)
def test_an_iri_cannot_break_out(text: str) -> None:
    with pytest.raises(InvalidValue, match="is no IRI"):
        to_term(parameter("iri"), text)


def test_a_text_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(InvalidValue, match="no Unicode"):
        to_term(parameter("string"), "\ud800")


XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("kind", "text", "lexical"),
    [
        ("integer", "42", "42"),
        ("integer", "-007", "-7"),
        ("decimal", "2.5", "2.5"),
        ("decimal", ".5", "0.5"),
        ("decimal", "-60", "-60"),
        ("boolean", "1", "true"),
        ("boolean", "false", "false"),
        ("date", "2021-04-30", "2021-04-30"),
    ],
)
def test_numbers_dates_and_booleans_are_typed(kind: str, text: str, lexical: str) -> None:
    term = to_term(parameter(kind), text)
    assert term == Literal(lexical, datatype=NamedNode(XSD + kind))
    assert answers(bind(question(kind), {"given": [term]}, "nl"), "given") == [term]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("integer", "4.0", "a whole number"),
        ("integer", "1_000", "a whole number"),
        ("integer", "", "a whole number"),
        ("integer", "9" * 19, "18 digits"),
        ("integer", "٣", "a whole number"),
        ("decimal", "2,5", "a number"),
        ("decimal", "NaN", "a number"),
        ("decimal", "Infinity", "a number"),
        ("decimal", "1e999999999", "a number"),
        ("decimal", ".", "a number"),
        ("decimal", "1" * 30, "18 digits"),
        ("boolean", "yes", "true or false"),
        ("date", "30/04/2021", "YYYY-MM-DD"),
        ("date", "2021-02-30", "YYYY-MM-DD"),
    ],
)
def test_what_is_no_such_value_is_told(kind: str, text: str, expected: str) -> None:
    with pytest.raises(InvalidValue, match=expected) as caught:
        to_term(parameter(kind), text)
    assert caught.value.parameter == "given"


@pytest.mark.parametrize(
    ("kind", "least", "most", "inside", "outside", "told"),
    [
        ("decimal", 0, 1000, ("0", "-0", "1000.0", "0.1"), ("-0.1", "1000.01"), "no number from 0 to 1000"),
        ("decimal", 0.1, None, ("0.1", "5"), ("0.09",), "no number of at least 0.1"),
        ("integer", None, 9, ("9", "-7"), ("10",), "no number of at most 9"),
    ],
)
def test_a_number_is_within_its_bounds(
    kind: str, least: float | None, most: float | None, inside: tuple[str, ...], outside: tuple[str, ...], told: str
) -> None:
    bounded = replace(parameter(kind), least=least, most=most)
    for text in inside:
        assert to_term(bounded, text).value
    for text in outside:
        with pytest.raises(InvalidValue, match=f"{text}' is {told}"):
            to_term(bounded, text)


def test_only_allowed_values() -> None:
    choice = parameter("string", values=("urban", "rural"))
    assert to_term(choice, "urban") == Literal("urban")
    with pytest.raises(InvalidValue, match="use one of urban, rural"):
        to_term(choice, "suburban")
