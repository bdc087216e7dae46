"""What questions say of their evidence: the form of the header, and that it leads to passages in the real graph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from pyoxigraph import NamedNode, Store

from zorgkg.content import locate
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.evidence.asked import Asked
from zorgkg.questions import answering, catalogue, evidence
from zorgkg.questions.evidence import Declared, Drill, Entry, declare
from zorgkg.questions.question import Question, QuestionError, parse, read
from zorgkg.rows import Rows
from zorgkg.terms import ID, NS, term
from zorgkg.web.things.citations import Addresses
from zorgkg.web.things.grounds import Grounds

QUESTIONS: Final = catalogue.read(locate().queries)
EMPTY: Final = {"linked-disagreements", "projects-in-merged-municipalities"}
"""Questions whose answer is empty as they stand."""

ROWS: Final = 12
"""So many first rows of each answer are opened."""

QUERY = """\
#+ summary: {nl: Wat?, fr: Quoi ?, en: What?}
#+ tags: [gaps]
#+ evidence: {subject: project, object: component}
#+ params:
#+   component: {type: iri, class: zorg:Component, description: {nl: Het., fr: La., en: The.}}
#+ chart: {none: a list}
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT ?project ?projectLabel WHERE {
  VALUES ?labels { zorg:labelNl }
  VALUES ?component { <https://w3id.org/zorgkg/id/framework/vvsg/1> }
  ?project zorg:addresses ?component ; ?labels ?projectLabel .
} ORDER BY ?project
"""
FORM = "{subject: project, object: component}"

Written = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(form: str, name: str = "what") -> Path:
        path = tmp_path / f"{name}.rq"
        path.write_text(QUERY.replace(FORM, form), "utf-8")
        return path

    return write


# The form


def test_a_pair_names_columns_and_parameters(written: Written) -> None:
    (entry,) = parse(written(FORM)).evidence.entries
    assert isinstance(entry, Entry)
    asked = evidence.asked(entry, {"project": ID + "project/a"}, {"component": [ID + "framework/vvsg/2"]})
    assert asked == Asked(subject=ID + "project/a", object=ID + "framework/vvsg/2")


def test_several_entries_fixed_terms_and_other_questions(written: Written) -> None:
    form = "[{subject: project, predicate: zorg:partner, basis: framework/basis/statement}, "
    form += "{list: other, with: {component: component}}]"
    declared = parse(written(form)).evidence
    (entry,), (drill,) = declared.pairs, declared.drills
    asked = evidence.asked(entry, {"project": ID + "project/a"}, {})
    assert asked is not None
    assert (asked.predicate, asked.basis) == (NS + "partner", ID + "framework/basis/statement")
    assert (drill.question, evidence.given(drill, {"component": "x"}, {})) == ("other", {"component": "x"})
    assert declared.names == ("project", "component")


def test_a_question_may_say_why_there_is_none(written: Written) -> None:
    assert parse(written("{none: it counts what the server did}")).evidence == Declared(
        none="it counts what the server did"
    )


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("project", "a mapping such as"),
        ("[]", "needs an entry"),
        ("{subject: nowhere}", "'nowhere' is no column of the query and no parameter"),
        ("{subject: 'pro ject'}", "must be a column, a parameter"),
        ("{subject: foo:bar}", "must be a column, a parameter"),
        ("{about: project}", "unknown key 'about'"),
        ("{predicate: zorg:partner}", "must name one of subject, object, lacks, of"),
        ("{subject: project, kind: opinion}", "'opinion' must be one of participation"),
        ("{none: ''}", "with the reason"),
        ("{none: x, subject: project}", "must stand alone"),
        ("{list: other, of: project}", "list names a question"),
        ("{list: other, with: component}", "list names a question"),
        ("{list: other, with: {component: nowhere}}", "'nowhere' is no column"),
    ],
)
def test_what_breaks_the_form_is_told_with_file_and_line(written: Written, form: str, message: str) -> None:
    with pytest.raises(QuestionError) as caught:
        parse(written(form))
    assert "what.rq:3: evidence" in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("{list: other}", "there is no question 'other'"),
        ("{list: what, with: {place: project}}", "what has no parameter 'place'"),
    ],
)
def test_what_lists_a_number_is_a_question_of_the_catalogue(
    written: Written, form: str, message: str, tmp_path: Path
) -> None:
    written(form)
    with pytest.raises(QuestionError) as caught:
        catalogue.read(tmp_path)
    assert "what.rq:3: evidence list" in str(caught.value)
    assert message in str(caught.value)


def test_a_row_without_one_of_two_things_asks_nothing_rather_than_everything(written: Written) -> None:
    (entry,) = parse(written(FORM)).evidence.pairs
    assert evidence.asked(entry, {"project": ID + "project/a"}, {}) is None
    assert evidence.asked(entry, {"project": ID + "project/a"}, {"component": ["x:1", "x:2"]}) is None, "which of them?"
    drill = Drill("other", {"component": evidence.Operand("component")})
    assert evidence.given(drill, {}, {}) is None


def test_a_question_keeps_its_evidence_on_its_way_to_another_process(written: Written) -> None:
    for question in (
        parse(written(FORM)),
        parse(written("{none: so}")),
        QUESTIONS["two-lenses"],
        QUESTIONS["most-alike"],
    ):
        assert read(question.written) == question


def test_constants_may_have_any_type_in_yaml() -> None:
    with pytest.raises(ValueError, match="must be a column"):
        declare({"subject": 3}, ["project"], [])


# The catalogue


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_every_question_says_where_its_evidence_is_or_why_there_is_none(question: Question) -> None:
    assert question.evidence.entries or question.evidence.none != "not said"


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_first_rows_of_every_answer_lead_to_passages(
    question: Question, engine: EmbeddedEngine, graph: Store
) -> None:
    rows = _opened(engine, question, {})
    assert rows or question.id in EMPTY
    for row in rows:
        assert any(_rests(one, engine, graph) for one in row), f"{question.id}: nothing under {row}"


def _opened(engine: EmbeddedEngine, question: Question, given: dict[str, str]) -> list[list[dict[str, Any]]]:
    """The evidence of the first rows of an answer."""
    bound = answering.values(engine, question, {name: [value] for name, value in given.items()})
    table = answering.answer(engine, question, bound, "nl", ROWS)
    grounds = Grounds.of(question, bound, Addresses("http://test"))
    return list(grounds.lists(engine, Rows.of(table.columns, table.rows), "nl", {}))


def _rests(one: dict[str, Any], engine: EmbeddedEngine, graph: Store) -> bool:
    """Whether an item of evidence ends at a passage of a source, at a dataset, or at what was looked at."""
    if one["kind"] == "absence":
        return bool(one["sentence"]) and one["framework"] is not None
    if one["kind"] == "question":
        listing = QUESTIONS[one["question"]]
        given = {name: value["iri"] if isinstance(value, dict) else value for name, value in one["given"].items()}
        assert set(given) <= set(listing.parameters)
        rows = _opened(engine, listing, given)
        # A number may be zero, and the list of what was counted then is empty.
        return all(any(_rests(below, engine, graph) for below in row) for row in rows)
    passages = [*one["passages"], *(passage for code in one["codes"] for passage in code["passages"])]
    for passage in passages:
        within = list(graph.quads_for_pattern(NamedNode(passage["iri"]), term("dcterms:isPartOf"), None, None))
        assert within, f"{passage['iri']} is no passage"
        (size,) = {
            int(quad.object.value)  # type: ignore[union-attr]
            for quad in graph.quads_for_pattern(within[0].object, term("zorg:characters"), None, None)  # type: ignore[arg-type]
        }
        assert 0 <= passage["start"] < passage["end"] <= size
    return bool(passages or one["origins"])
