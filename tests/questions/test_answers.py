"""The answers of all questions against those worked out by hand from the sources (form: see expected.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from ruamel.yaml import YAML

from zorgkg import content
from zorgkg.engine.interface import Engine
from zorgkg.questions import answering, catalogue
from zorgkg.questions.catalogue import Catalogue
from zorgkg.results import Cell
from zorgkg.terms import ID, term

Value = str | Decimal | bool | None
Row = tuple[Value, ...]
Pattern = Sequence[object]

EXPECTED: Final = Path(__file__).with_name("expected.yaml")
CASE_KEYS: Final = {"question", "name", "params", "source", "expect"}
EXPECT_KEYS: Final = {
    "columns",
    "where",
    "rows",
    "optional",
    "ordered",
    "includes",
    "excludes",
    "first",
    "count",
    "mentions",
    "notMentions",
}
NUMERIC: Final = {term(f"xsd:{name}").value for name in ("integer", "decimal", "double", "float", "int", "long")}
BETWEEN: Final = re.compile(r"(-?[\d.]*\d)\.\.(-?\d[\d.]*)")


@dataclass(frozen=True)
class Case:
    """A question with parameters, and what the sources say that the answer is."""

    question: str
    name: str
    params: Mapping[str, object]
    source: str
    expect: Mapping[str, Any]

    @property
    def id(self) -> str:
        return f"{self.question}: {self.name}"


def read_cases() -> list[Case]:
    cases = []
    for entry in YAML(typ="safe", pure=True).load(EXPECTED):
        assert set(entry) <= CASE_KEYS, f"unknown keys {set(entry) - CASE_KEYS} in {entry}"
        assert set(entry["expect"]) <= EXPECT_KEYS, f"unknown keys {set(entry['expect']) - EXPECT_KEYS} in {entry}"
        cases.append(Case(**{"params": {}, **entry}))
    return cases


CASES: Final = read_cases()


@pytest.fixture(scope="module")
def questions() -> Catalogue:
    return catalogue.read(content.locate().queries)


def test_cases_have_distinct_names() -> None:
    assert len({case.id for case in CASES}) == len(CASES)


def test_every_question_has_a_case(questions: Catalogue) -> None:
    assert set(questions) - {case.question for case in CASES} == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_answer(case: Case, engine: Engine, questions: Catalogue) -> None:
    told(case, engine, questions)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.slow
def test_another_server_gives_the_same_answer(
    case: Case, engine: Engine, remote_engine: Engine, questions: Catalogue
) -> None:
    columns, rows = told(case, remote_engine, questions)
    assert (columns, rows) == told(case, engine, questions)


def told(case: Case, engine: Engine, questions: Catalogue) -> tuple[tuple[str, ...], list[Row]]:
    """Return an answer that is as the sources say."""
    assert case.question in questions, f"no question {case.question}"
    question = questions[case.question]
    given = {name: [str(value)] for name, value in case.params.items()}
    bound = answering.values(engine, question, given)
    table = answering.answer(engine, question, bound, "nl")
    rows = [tuple(plain(cell) for cell in row) for row in table.rows]
    problems = check(case.expect, table.columns, rows)
    if problems:
        given_text = ", ".join(f"{name}={value}" for name, value in case.params.items()) or "no parameters"
        pytest.fail("\n".join([f"{case.question} ({given_text})", f"source: {case.source}", *problems]), pytrace=False)
    return table.columns, rows


def check(expect: Mapping[str, Any], columns: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Compare an answer with what is expected and tell every difference in a line."""
    for name, pattern in expect.get("where", {}).items():
        position = column(columns, name)
        rows = [row for row in rows if matches(pattern, row[position])]
    positions = [column(columns, name) for name in expect.get("columns", columns)]
    picked = list(dict.fromkeys(tuple(row[position] for position in positions) for row in rows))
    problems = []
    if "rows" in expect:
        problems += exactly(expect["rows"], expect.get("optional", []), picked)
        if expect.get("ordered") and not problems:
            problems += in_order(expect["rows"], picked)
    if "first" in expect and (not picked or not row_matches(expect["first"], picked[0])):
        problems.append(f"first row: expected {show(expect['first'])}, found {show(picked[0]) if picked else 'no row'}")
    if "count" in expect and len(rows) != expect["count"]:
        problems.append(f"rows: expected {expect['count']}, found {len(rows)}")
        problems += listed("found", rows)
    missing = [row for row in expect.get("includes", []) if not any(row_matches(row, found) for found in picked)]
    forbidden = [row for row in picked if any(row_matches(pattern, row) for pattern in expect.get("excludes", []))]
    problems += listed("missing", missing) + listed("must not be there", forbidden)
    if missing:
        problems += listed("found", picked)
    problems += [f"no cell mentions {word!r}" for word in expect.get("mentions", []) if not mentions(word, rows)]
    problems += [f"a cell mentions {word!r}" for word in expect.get("notMentions", []) if mentions(word, rows)]
    return problems


def column(columns: Sequence[str], name: str) -> int:
    for alternative in name.split("|"):
        if alternative in columns:
            return columns.index(alternative)
    pytest.fail(f"the answer has no column {name}; it has {', '.join(columns)}", pytrace=False)


def exactly(wanted: Sequence[Pattern], optional: Sequence[Pattern], found: Sequence[Row]) -> list[str]:
    missing = [pattern for pattern in wanted if not any(row_matches(pattern, row) for row in found)]
    allowed = [*wanted, *optional]
    unexpected = [row for row in found if not any(row_matches(pattern, row) for pattern in allowed)]
    return listed("missing", missing) + listed("unexpected", unexpected)


def in_order(wanted: Sequence[Pattern], found: Sequence[Row]) -> list[str]:
    order = [next(index for index, pattern in enumerate(wanted) if row_matches(pattern, row)) for row in found]
    return [] if order == sorted(order) else ["wrong order:", *listed("found", found)]


def mentions(word: str, rows: Iterable[Row]) -> bool:
    return any(re.search(word, text(cell), re.IGNORECASE) for row in rows for cell in row)


def row_matches(pattern: Pattern, row: Row) -> bool:
    return len(pattern) == len(row) and all(matches(*pair) for pair in zip(pattern, row, strict=True))


def matches(pattern: object, cell: Value) -> bool:
    if isinstance(pattern, bool) or isinstance(cell, bool):
        return pattern is cell
    if isinstance(pattern, int | float):
        return isinstance(cell, Decimal) and cell == Decimal(str(pattern))
    if not isinstance(pattern, str):
        return pattern is None and cell is None
    if pattern.startswith("~"):
        return re.search(pattern[1:], text(cell), re.IGNORECASE) is not None
    if pattern.startswith(">="):
        return isinstance(cell, Decimal) and cell >= Decimal(pattern[2:])
    if between := BETWEEN.fullmatch(pattern):
        low, high = map(Decimal, between.groups())
        return isinstance(cell, Decimal) and low <= cell <= high
    return cell == pattern


def plain(cell: Cell) -> Value:
    """Turn an RDF term into what expected.yaml writes: a thing becomes its path below /id/."""
    if isinstance(cell, NamedNode):
        return cell.value.removeprefix(ID)
    if isinstance(cell, Literal):
        if cell.datatype.value == term("xsd:boolean").value:
            return cell.value in ("true", "1")
        return Decimal(cell.value) if cell.datatype.value in NUMERIC else cell.value
    assert cell is None or isinstance(cell, BlankNode | Triple)
    return None if cell is None else str(cell)


def text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, Decimal) and cell == cell.to_integral_value():
        return str(int(cell))
    return str(cell)


def show(row: Sequence[object]) -> str:
    return " | ".join(text(cell) for cell in row)


def listed(what: str, rows: Sequence[Sequence[object]], most: int = 40) -> list[str]:
    """Tell rows one a line, at most so many."""
    lines = [f"{what}: {show(row)}" for row in rows[:most]]
    return [*lines, f"{what}: … and {len(rows) - most} more"] if len(rows) > most else lines


@pytest.mark.parametrize(
    ("pattern", "cell", "expected"),
    [
        ("project/enchante", "project/enchante", True),
        ("~ark$", "organisation/de-ark", True),
        ("~^0?$", None, True),
        ("~^0?$", Decimal("0"), True),
        ("~^0?$", Decimal("10"), False),
        (3, Decimal("3.0"), True),
        (1, True, False),
        (True, True, True),
        (">=3", Decimal(3), True),
        ("56..57", Decimal("56.5"), True),
        ("56..57", Decimal("55"), False),
        ("0..0.5", Decimal("0"), True),
        (None, None, True),
        ("8..10", "8..10", False),
    ],
)
def test_cell_patterns(pattern: object, cell: Value, expected: bool) -> None:
    assert matches(pattern, cell) is expected


@pytest.mark.parametrize(
    ("expect", "tell"),
    [
        ({"columns": ["a"], "rows": [["x"], ["y"]]}, []),
        ({"columns": ["a"], "rows": [["x"]]}, ["unexpected: y"]),
        ({"columns": ["a"], "rows": [["x"]], "optional": [["y"]]}, []),
        ({"columns": ["a"], "where": {"n": 1}, "rows": [["x"]]}, []),
        ({"columns": ["z|a"], "first": ["y"]}, ["first row: expected y, found x"]),
        ({"columns": ["a"], "rows": [["y"], ["x"]], "ordered": True}, ["wrong order:", "found: x", "found: y"]),
        ({"columns": ["a", "n"], "includes": [["x", 1]], "excludes": [["y", 3]]}, []),
        ({"columns": ["a"], "excludes": [["y"]]}, ["must not be there: y"]),
        ({"columns": ["a"], "includes": [["z"]]}, ["missing: z", "found: x", "found: y"]),
        ({"mentions": ["X"], "notMentions": ["z"]}, []),
        ({"where": {"n": 2}, "count": 0}, ["rows: expected 0, found 1", "found: y | 2"]),
    ],
)
def test_differences_are_told(expect: Mapping[str, Any], tell: list[str]) -> None:
    assert check(expect, ("a", "n"), [("x", Decimal(1)), ("y", Decimal(2))]) == tell
