"""The question files of the repository: their form, and that each of them answers on the repository's own graph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions
from rdflib.plugins.sparql import prepareQuery

from zorgkg.content import locate
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.languages import LANGUAGES
from zorgkg.questions import answering, catalogue
from zorgkg.questions.question import Question
from zorgkg.sparql import Token, tokens
from zorgkg.terms import PREFIXES

QUESTIONS: Final = catalogue.read(locate().queries)
EMPTY: Final = {"linked-disagreements", "projects-in-merged-municipalities"}
"""Questions whose answer is empty as they stand; expected.yaml says why."""

each_question = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)


def words(question: Question) -> list[str]:
    return [token.text.upper() for token in tokens(question.text) if token.kind == "word"]


def after_the_pattern(question: Question) -> list[Token]:
    """The tokens behind the last closing brace: the solution modifiers of the outermost query."""
    stream = list(tokens(question.text))
    last = max(index for index, token in enumerate(stream) if token.kind == "mark" and token.text == "}")
    return stream[last + 1 :]


def defaults(engine: EmbeddedEngine, question: Question, name: str) -> Iterator[NamedNode]:
    parameter = question.parameters[name]
    select = next(token.start for token in tokens(question.text) if token.text.upper() == "SELECT")
    inside = question.text[parameter.block.start : parameter.block.end]
    found = engine.query(f"{question.text[:select]} SELECT ?value {{ VALUES ?value {{ {inside} }} }}")
    assert isinstance(found, QuerySolutions)
    for row in found:
        assert isinstance(row["value"], NamedNode)
        yield row["value"]


def test_the_catalogue_is_in_alphabetical_order() -> None:
    assert len(QUESTIONS) > 0
    assert list(QUESTIONS) == sorted(QUESTIONS)


@each_question
def test_file_name_is_an_address(question: Question) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", question.id)


@each_question
def test_summary_is_a_question_in_every_language(question: Question) -> None:
    assert set(question.summary) == set(LANGUAGES)
    for text in question.summary.values():
        assert text.endswith("?")
        assert text[0].isupper()
    assert len(set(question.summary.values())) == len(LANGUAGES)


@each_question
def test_every_parameter_is_described_and_used(question: Question) -> None:
    for name, parameter in question.parameters.items():
        assert all(text.endswith(".") for text in parameter.description.values()), name
        assert parameter.kind != "iri" or parameter.cls, f"{name}: of which class?"
        assert [token.text for token in tokens(question.text)].count(f"?{name}") > 1, f"{name} is not used"


@each_question
def test_tags_tell_topics(question: Question) -> None:
    assert question.tags
    assert all(re.fullmatch(r"[a-z]+", tag) for tag in question.tags)


@each_question
def test_chart_names_columns_or_tells_why_there_is_none(question: Question) -> None:
    drawn = {key: value for key, value in question.chart.items() if key not in ("kind", "none")}
    if "none" in question.chart:
        assert question.chart["none"]
        assert not drawn
    else:
        scheme = drawn.pop("scheme", None)
        assert scheme is None or scheme in question.parameters
        assert set(drawn.values()) <= set(question.columns)
        assert "x" in drawn


@each_question
def test_columns_are_named_and_unique(question: Question) -> None:
    assert question.columns
    assert len(set(question.columns)) == len(question.columns)


@each_question
def test_labels_are_in_the_asked_language(question: Question) -> None:
    shown = [column for column in question.columns if column.endswith(("Label", "Labels"))]
    assert not shown or question.labels
    assert len(set(re.findall(r"zorg:label(?:Nl|Fr|En)", question.text))) <= 1, "labels in one language only"


@each_question
def test_order_is_told_and_the_pages_are_left_to_the_server(question: Question) -> None:
    behind = [token.text.upper() for token in after_the_pattern(question)]
    assert "ORDER" in behind
    assert not {"LIMIT", "OFFSET"} & set(behind)
    sorted_by = set(behind[behind.index("ORDER") :])
    assert sorted_by & {f"?{column}".upper() for column in question.columns}


@each_question
def test_text_is_standard_and_reads_nothing_elsewhere(question: Question) -> None:
    assert not {"SERVICE", "FROM"} & set(words(question))
    # Which dataset says a thing is asked of its graph, and of nothing else.
    assert "GRAPH" not in words(question) or "dataset" in question.columns
    functions = {token.text for token in tokens(question.text) if token.kind == "name"} & {"geof:distance"}
    assert not functions


@each_question
def test_another_parser_reads_it(question: Question) -> None:
    prepareQuery(question.text)


@each_question
def test_prefixes_are_those_of_the_project(question: Question) -> None:
    declared = dict(re.findall(r"^PREFIX (\w+): <(\S+)>$", question.text, re.MULTILINE))
    for prefix, namespace in declared.items():
        assert PREFIXES.get(prefix, namespace) == namespace
        assert re.search(rf"[\s(^/|!]{prefix}:\w", question.text), f"{prefix}: is not used"


@each_question
def test_defaults_are_things_of_their_class(question: Question, engine: EmbeddedEngine) -> None:
    for name, parameter in question.parameters.items():
        if parameter.optional or parameter.kind != "iri":
            continue
        for thing in defaults(engine, question, name):
            known = engine.query(f"ASK {{ {thing} a/<{PREFIXES['rdfs']}subClassOf>* <{parameter.cls}> }}")
            assert isinstance(known, QueryBoolean)
            assert bool(known), f"{name}: {thing}"


@each_question
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_answers_with_its_columns(question: Question, language: str, engine: EmbeddedEngine) -> None:
    table = answering.answer(engine, question, {}, language)
    assert table.columns == question.columns
    assert table.rows or question.id in EMPTY


@each_question
def test_pages_are_parts_of_the_whole(question: Question, engine: EmbeddedEngine) -> None:
    whole = answering.answer(engine, question, {}, "nl").rows
    assert answering.answer(engine, question, {}, "nl").rows == whole
    page = answering.answer(engine, question, {}, "nl", limit=2, offset=1)
    assert page.rows == whole[1:3]
    assert page.more == (len(whole) > 3)


@each_question
def test_no_row_comes_twice(question: Question, engine: EmbeddedEngine) -> None:
    # A triple may stand in several datasets, and Oxigraph's union of them is no set.
    rows = answering.answer(engine, question, {}, "nl").rows
    assert len(set(rows)) == len(rows)


@each_question
def test_labels_of_things_are_never_missing(question: Question, engine: EmbeddedEngine) -> None:
    table = answering.answer(engine, question, {}, "fr")
    pairs = [(column, f"{column}Label") for column in table.columns if f"{column}Label" in table.columns]
    for thing, label in pairs:
        at, labelled = table.columns.index(thing), table.columns.index(label)
        missing = {str(row[at]) for row in table.rows if isinstance(row[at], NamedNode) and row[labelled] is None}
        assert not missing, f"{label}: {sorted(missing)[:5]}"


@each_question
def test_texts_change_with_the_language(question: Question, engine: EmbeddedEngine) -> None:
    if not question.labels:
        pytest.skip("no labels")
    dutch, french = (answering.answer(engine, question, {}, language).rows for language in ("nl", "fr"))
    assert len(dutch) == len(french)
    if len(dutch) > 3:
        assert dutch != french


def test_optional_parameters_take_a_value_too(engine: EmbeddedEngine) -> None:
    for question in QUESTIONS.values():
        for name, parameter in question.parameters.items():
            if parameter.optional and parameter.cls and question.id not in EMPTY:
                everything = answering.answer(engine, question, {}, "nl").rows
                narrowed = []
                for choice in answering.choices(engine, parameter.cls, "nl")[:5]:
                    bound = answering.values(engine, question, {name: [choice.iri]})
                    narrowed.append(answering.answer(engine, question, bound, "nl").rows)
                assert any(rows != everything for rows in narrowed), f"{question.id}: {name} changes nothing"
