"""Question files that break the form are told with file and line; those that keep it are read as they stand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from zorgkg.questions import question as files
from zorgkg.questions.question import Question, QuestionError, parse

Written = Callable[[str], Path]

HEADER = """\
#+ summary: {nl: Wat is er?, fr: Qu'est-ce qu'il y a ?, en: What is there?}
#+ tags: [counts]
#+ params:
#+   thing: {type: iri, class: zorg:Component, description: {nl: Het ding., fr: La chose., en: The thing.}}
#+ chart: {none: a list}
"""
QUERY = """\
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT ?thing ?thingLabel (COUNT(?x) AS ?counted)
WHERE {
  VALUES ?thing { zorg:a }
  VALUES ?labels { zorg:labelNl }
  ?thing ?labels ?thingLabel . OPTIONAL { ?x ?y ?thing }
}
GROUP BY ?thing ?thingLabel
ORDER BY ?thing
"""


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(text: str) -> Path:
        path = tmp_path / "what-is-there.rq"
        path.write_text(text, "utf-8")
        return path

    return write


def read(written: Written, text: str) -> Question:
    return parse(written(text))


def test_a_question_is_read(written: Written) -> None:
    question = read(written, HEADER + QUERY)
    assert question.id == "what-is-there"
    assert question.summary["en"] == "What is there?"
    assert question.tags == ("counts",)
    assert question.columns == ("thing", "thingLabel", "counted")
    assert question.chart == {"none": "a list"}
    parameter = question.parameters["thing"]
    assert parameter.cls == "https://w3id.org/zorgkg/ns#Component"
    assert parameter.default == ("zorg:a",)
    assert not parameter.optional
    assert not parameter.many


@pytest.mark.parametrize("undefined", ["UNDEF", "undef"])
def test_undef_makes_a_parameter_optional(written: Written, undefined: str) -> None:
    question = read(written, HEADER + QUERY.replace("{ zorg:a }", f"{{ {undefined} }}"))
    assert question.parameters["thing"].optional


def test_a_text_that_reads_undef_is_a_default(written: Written) -> None:
    question = read(written, HEADER + QUERY.replace("{ zorg:a }", '{ "UNDEF" }'))
    assert not question.parameters["thing"].optional


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("#+ summary", "# summary", 1, "header"),
        ("tags: [counts]", "tags: [counts", 3, "no YAML"),
        ("#+ tags: [counts]", "#+ tags: counts", 2, "list"),
        ("#+ tags: [counts]", "#+ labels: [counts]", 2, "unknown header key 'labels'"),
        (", en: What is there?", "", 1, "summary must be given in nl, fr, en"),
        (", en: The thing.", "", 4, "description must be given in nl, fr, en"),
        ("type: iri", "type: uri", 4, "type must be one of"),
        ("class: zorg:", "class: foo:", 4, "unknown prefix"),
        ("class: zorg:", "klass: zorg:", 4, "unknown key 'klass'"),
        ("#+   thing:", "#+   limit:", 4, "cannot be used"),
        ("#+   thing:", "#+   labels:", 4, "cannot be used"),
        ("#+   thing:", "#+   until:", 4, "cannot be used"),
        ("#+   thing:", "#+   other:", 4, "no VALUES ?other"),
        ("#+ chart: {none: a list}", "#+ chart: {x: thing}", 5, "kind"),
        ("#+ chart: {none: a list}", "#+ chart: {kind: pie}", 5, "bar, line"),
        ("#+ chart: {none: a list}", "#+ chart: {kind: bar, x: nowhere}", 5, "no column"),
        ("#+ chart: {none: a list}", "#+ chart: {kind: matrix, scheme: nothing}", 5, "no parameter"),
        ("{ zorg:a }", "{ }", 9, "default or UNDEF"),
        ("VALUES ?labels { zorg:labelNl }", "VALUES ?labels { zorg:labelFr }", 10, "zorg:labelNl"),
        ("?x ?y ?thing", 'VALUES ?until { "a" }', 11, "VALUES ?until must hold UNDEF"),
        ("?x ?y ?thing", "VALUES ?thing { zorg:b }", 11, "each VALUES ?thing must hold the same"),
        ("SELECT ?thing ?thingLabel (COUNT(?x) AS ?counted)", "SELECT *", 7, "name the columns"),
        ("SELECT ?thing ?thingLabel (COUNT(?x) AS ?counted)\nWHERE", "ASK", 1, "SELECT query"),
    ],
)
def test_a_file_that_breaks_the_form_is_told_with_its_line(
    written: Written, old: str, new: str, line: int, message: str
) -> None:
    assert old in HEADER + QUERY
    with pytest.raises(QuestionError) as caught:
        read(written, (HEADER + QUERY).replace(old, new))
    told = str(caught.value)
    assert "what-is-there.rq:" in told
    assert told.split(":", 2)[1] == str(line)
    assert message in told


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("type: string, min: 1", "min is of a number"),
        ("type: integer, min: 0.5", "min 0.5 is no integer"),
        ("type: decimal, max: .inf", "max inf is no decimal"),
        ("type: decimal, max: true", "max True is no decimal"),
        ("type: decimal, min: far", "min 'far' is no decimal"),
        ("type: decimal, min: 2, max: 1.5", "min 2 is more than max 1.5"),
    ],
)
def test_bounds_are_of_numbers_and_in_order(written: Written, entry: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message) as caught:
        read(written, (HEADER + QUERY).replace("type: iri, class: zorg:Component", entry))
    assert caught.value.line == 4


def test_the_bounds_of_a_number_are_read_in_another_process_too(written: Written) -> None:
    question = read(
        written, (HEADER + QUERY).replace("type: iri, class: zorg:Component", "type: decimal, min: 0, max: 2.5")
    )
    for one in (question, files.read(question.written)):
        assert (one.parameters["thing"].least, one.parameters["thing"].most) == (0, 2.5)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bytes.rq"
    path.write_bytes(b"#+ summary: \xff")
    with pytest.raises(QuestionError, match=r"bytes\.rq:1: .*UTF-8"):
        parse(path)


def test_values_in_texts_and_comments_are_no_blocks(written: Written) -> None:
    decoys = """\
  # VALUES ?thing { zorg:c }
  FILTER (?x != "VALUES ?thing { zorg:d }" && ?x != '''VALUES ?thing { }''' && ?x != <http://example.org/#VALUES>)
"""
    text = HEADER + QUERY.replace("  VALUES ?thing", decoys + "  VALUES ?thing")
    question = read(written, text)
    block = question.parameters["thing"].block
    assert text[block.start : block.end] == " zorg:a "


def test_braces_in_a_default_do_not_end_its_block(written: Written) -> None:
    question = read(written, HEADER + QUERY.replace("{ zorg:a }", '{ "}" "# {" }'))
    assert question.parameters["thing"].default == ('"}"', '"# {"')


def test_other_values_may_repeat(written: Written) -> None:
    twice = "VALUES ?z { 1 } VALUES ?z { 1 2 } VALUES (?p ?q) { (1 2) } VALUES ?thing"
    assert set(read(written, HEADER + QUERY.replace("VALUES ?thing", twice)).parameters) == {"thing"}


@pytest.mark.parametrize(
    ("select", "columns"),
    [
        ("SELECT DISTINCT ?a $b", ("a", "b")),
        ("select ?a (IF(?b = 1, ?c, ?d) AS ?e) ?f", ("a", "e", "f")),
        ('SELECT (GROUP_CONCAT(DISTINCT ?a; SEPARATOR=") AS ?x") AS ?names) # ?no', ("names",)),
        ("SELECT (COUNT(*) AS ?n)", ("n",)),
    ],
)
def test_columns_are_those_of_the_outermost_select(written: Written, select: str, columns: tuple[str, ...]) -> None:
    query = f"{select}\n{{ {{ SELECT ?inner {{ VALUES ?thing {{ 1 }} ?inner ?p ?thing }} }} }} ORDER BY ?a"
    assert read(written, HEADER + query).columns == columns
