"""Pages of long lists, which are asked for as beginnings of the whole answer, are the same as without that."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from tests.web import real
from zorgkg import content
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.languages import LANGUAGES
from zorgkg.questions import answering, beginning, catalogue
from zorgkg.questions.answering import paged
from zorgkg.questions.binding import Value, bind
from zorgkg.questions.question import Question
from zorgkg.terms import ID, term

from .test_answers import CASES, Case

LONG = {one.id: one for one in catalogue.read(content.locate().queries).values() if one.until}
ASKED = [case for case in CASES if case.question in LONG]


@pytest.fixture(params=ASKED, ids=lambda case: case.id)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


def bound(engine: EmbeddedEngine, case: Case) -> dict[str, list[Value]]:
    return answering.values(engine, LONG[case.question], {name: [str(value)] for name, value in case.params.items()})


def rows(engine: EmbeddedEngine, question: Question, query: str) -> list[tuple[object, ...]]:
    found = answering.solutions(engine, question, query)
    return [tuple(row) for row in found]


def keys(engine: EmbeddedEngine) -> list[str]:
    query = f"SELECT DISTINCT ?key {{ ?project {term('zorg:sortKeyNl')} ?key }} ORDER BY ?key"
    found = engine.query(query)
    assert isinstance(found, QuerySolutions)
    return [row["key"].value for row in found]


@pytest.mark.slow
def test_until_gives_a_beginning_of_the_answer(engine: EmbeddedEngine, case: Case) -> None:
    question, given = LONG[case.question], bound(engine, case)
    whole = rows(engine, question, bind(question, given, "nl"))
    before = 0
    for key in ["", *keys(engine)[::6], "\U0010ffff"]:
        part = rows(engine, question, bind(question, given, "nl", Literal(key)))
        assert part == whole[: len(part)]
        assert len(part) >= before
        before = len(part)


@pytest.mark.parametrize("language", ["nl", *(pytest.param(one, marks=pytest.mark.slow) for one in LANGUAGES[1:])])
def test_pages_are_those_of_the_whole_answer(engine: EmbeddedEngine, case: Case, language: str) -> None:
    question, given = LONG[case.question], bound(engine, case)
    whole = answering.answer(engine, question, given, language).rows
    for limit, offset in ((1, 0), (2, 0), (1, 3), (3, len(whole) - 2), (2, len(whole) + 1)):
        page = answering.answer(engine, question, given, language, limit, max(offset, 0))
        assert page.rows == whole[max(offset, 0) :][:limit]
        assert page.more == (len(whole) > max(offset, 0) + limit)
        assert page.query == bind(question, given, language)


def asked(engine: EmbeddedEngine, question: Question, limit: int | None, rows: int) -> list[str]:
    """The queries that are evaluated for a page, where each gives so many rows."""
    queries: list[str] = []

    def evaluate(query: str) -> int:
        queries.append(query)
        return rows

    assert answering.some(engine, question, {}, "nl", limit, evaluate=evaluate, count=int) == rows
    return queries


@pytest.mark.parametrize("question", LONG.values(), ids=lambda one: one.id)
def test_a_beginning_is_asked_for_first_and_all_when_it_has_too_few_rows(
    engine: EmbeddedEngine, question: Question
) -> None:
    whole = [paged(bind(question, {}, "nl"), 1, 0)]
    full = asked(engine, question, 1, 2)
    assert len(full) == 1
    assert full != whole
    assert asked(engine, question, 1, 0) == full + whole
    assert asked(engine, question, None, 0) == [bind(question, {}, "nl")]


def projects(names: list[str]) -> EmbeddedEngine:
    store = Store()
    store.add(Quad(term("zorg:labelNl"), term("zorg:sortKey"), term("zorg:sortKeyNl")))
    for number, name in enumerate(names):
        store.add(Quad(NamedNode(f"{ID}project/{number}"), term("zorg:sortKeyNl"), Literal(name)))
    return EmbeddedEngine(store, "test")


@pytest.mark.parametrize("start", ["", "zorgzaam ", "zorgzame buurt "])
def test_ends_come_after_enough_projects_but_leave_out_half(start: str) -> None:
    names = sorted(f"{start}{letter}{number:03}"[:16] for letter in "bdéz" for number in range(1000))
    ends = [end.value for end, _ in beginning.ends(projects(names), "nl", 10)]
    before = [sum(name < end for name in names) for end in ends]
    assert before == [number for _, number in beginning.ends(projects(names), "nl", 10)]
    # Names that begin alike for all of their key come together.
    assert ends if start == "zorgzame buurt " else len(ends) == len(beginning.MANY)
    assert all(number >= times * 10 for number, times in zip(before, beginning.MANY, strict=False))
    assert all(number <= len(names) / 2 for number in before)
    assert all(one < other for one, other in pairwise(before))


@pytest.mark.parametrize("names", [[], ["a"] * 30, [f"zorgzame buurt van {n}"[:16] for n in range(1000)]])
def test_there_is_no_end_where_nothing_is_gained(names: list[str]) -> None:
    assert not list(beginning.ends(projects(names), "nl", 10))


@pytest.mark.parametrize("question", ["initiator-elsewhere", "projects-by-call", "unstated-projects"])
def test_pages_over_http_are_those_of_the_whole_answer(
    graph: Store, engine: EmbeddedEngine, question: str, tmp_path: Path
) -> None:
    with real.client_of(real.service_of(graph, engine, tmp_path, None)) as client:
        whole = client.get(f"/api/questions/{question}").json()
        assert len(whole) > 6
        paged: list[object] = []
        while (answer := client.get(f"/api/questions/{question}?limit=2&offset={len(paged)}")).links.get("next"):
            paged += answer.json()
        assert [*paged, *answer.json()] == whole
