"""A question answered whole where the version is: its values checked and bound, evaluated, and written in its form.

That is one way to a query process and back for each request, as for a query at `/sparql`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import QueryResultsFormat, QuerySolutions

from zorgkg.engine.interface import Engine, EngineError
from zorgkg.engine.limits import ResultLimitError
from zorgkg.questions import answering
from zorgkg.questions.answering import UnknownParameter
from zorgkg.questions.binding import InvalidValue, Value, bind
from zorgkg.questions.question import Question, read
from zorgkg.results import write
from zorgkg.rows import Rows, array
from zorgkg.web import problems
from zorgkg.web.forms import representations
from zorgkg.web.forms.representations import FORMS, SPARQL_RESULTS
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol.bounded import Bounded
from zorgkg.web.things.citations import Addresses
from zorgkg.web.things.grounds import Grounds

OWN: Final = ("lang", "format", "excel", "languages", "limit", "offset", "evidence", "version")
"""Parameters that every question has beside its own."""

QUESTION: Final = "question"
"""Member of a request to a query process that holds a question."""


MOST_GROUNDED: Final = 1000
"""At most this many rows are given with the evidence of each."""


@dataclass(frozen=True)
class Grounded:
    """That the evidence of each row is asked for too.

    :param root: where the service is, for the addresses in the answer.
    :param kept: parameters that go along in those.
    :param summaries: the questions that list what this one counts: identifier → language → the question in words.
    """

    root: str
    kept: Sequence[Sequence[str]]
    summaries: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Asked:
    """What is asked of a question.

    :param given: its parameters' values, as they were written.
    :param form: name of a form of a table, or `sparql`.
    :param language: language of the labels.
    :param limit: at most this many rows; None for all.
    :param offset: rows to skip.
    :param languages: in CSV, columns with the labels' languages.
    :param grounded: with the evidence of each row, or None.
    """

    given: Mapping[str, Sequence[str]]
    form: str
    language: str
    limit: int | None = None
    offset: int = 0
    languages: bool = False
    grounded: Grounded | None = None


def request(question: Question, asked: Asked) -> dict[str, Any]:
    """Return the request to a query process (JSON)."""
    grounded = vars(asked.grounded) if asked.grounded else None
    return {QUESTION: question.written, "asked": vars(asked) | {"grounded": grounded}}


def answer(engine: Engine, told: Mapping[str, Any], max_result: int) -> tuple[dict[str, Any], bytes]:
    """Answer a request that :func:`request` made, where the version is.

    :param engine: answers queries on it.
    :param told: the request.
    :param max_result: the largest answer, in bytes.
    :returns: whether there are rows after these (`more`), and the answer.
    :raises ProblemError: 404, 406 or 422, as what is asked is wrong.
    """
    question, asked = read(told[QUESTION]), _asked(told["asked"])
    try:
        bound = answering.values(engine, question, asked.given)
    except (UnknownParameter, InvalidValue) as error:
        raise wrong(question, error) from error
    query = bind(question, bound, asked.language)
    if asked.form == "sparql":
        return {"more": False}, query.encode()
    plain = not (asked.offset or asked.languages or asked.grounded)
    if asked.form in SPARQL_RESULTS and asked.limit is None and plain:
        found = answering.solutions(engine, question, query)
        return {"more": False}, _written(found, SPARQL_RESULTS[asked.form], Bounded(max_result))

    def evaluate(query: str) -> Rows:
        found = answering.solutions(engine, question, query)
        # The form that is asked for may be shorter than this one, but hardly by half.
        return Rows.parse(_written(found, QueryResultsFormat.TSV, Bounded(2 * max_result, max_result)))

    page = (asked.limit, asked.offset)
    rows = answering.some(
        engine, question, bound, asked.language, *page, evaluate=evaluate, count=lambda found: len(found.lines)
    )
    more = asked.limit is not None and len(rows.lines) > asked.limit
    if asked.offset and not rows.lines:
        raise beyond(answering.count(engine, question, query), asked.offset)
    rows = rows.first(asked.limit)
    if asked.grounded:
        body = _grounded(engine, question, bound, rows, asked, asked.grounded)
    else:
        body = representations.rows(FORMS[asked.form], rows, asked.languages)
    if len(body) > max_result:
        raise ResultLimitError(max_result)
    return {"more": more}, body


def wrong(question: Question, error: UnknownParameter | InvalidValue) -> ProblemError:
    """Return the problem of a parameter that is wrong, with what is allowed."""
    problem = problems.from_error(error)
    if isinstance(error, UnknownParameter):
        problem.more["allowed"] = [*question.parameters, *OWN]
    return problem


def beyond(rows: int, offset: int) -> ProblemError:
    """Return the problem of a page that begins after the last row."""
    detail = f"offset {offset:,} is beyond the last row: the answer has {rows:,}, the first of them at offset 0"
    return ProblemError(404, "page-out-of-range", detail, parameter="offset", rows=rows)


def _asked(told: Mapping[str, Any]) -> Asked:
    grounded = told["grounded"]
    return Asked(**{**told, "grounded": Grounded(**grounded) if grounded else None})


def _grounded(
    engine: Engine, question: Question, bound: Mapping[str, Sequence[Value]], rows: Rows, asked: Asked, how: Grounded
) -> bytes:
    """The rows with their evidence: in JSON what it is, in other forms where it is."""
    grounds = Grounds.of(question, bound, Addresses(how.root, tuple((name, value) for name, value in how.kept)))
    if asked.form != "json":
        lines = [
            f"{line}\t{f'<{address}>' if address else ''}"
            for line, address in zip(rows.lines, grounds.addresses(rows), strict=True)
        ]
        return representations.rows(FORMS[asked.form], Rows((*rows.columns, "evidence"), lines), asked.languages)
    if len(rows.lines) > MOST_GROUNDED:
        detail = f"evidence is given with at most {MOST_GROUNDED:,} rows at once: add limit, and offset for the rest"
        raise ProblemError(422, "too-many-rows", detail, parameter="evidence", limit=MOST_GROUNDED)
    lists = grounds.lists(engine, rows, asked.language, how.summaries)
    return array(
        f'{record[:-1]},"evidence":{json.dumps(listed, ensure_ascii=False)}}}'
        for record, listed in zip(rows.records(), lists, strict=True)
    )


def _written(found: QuerySolutions, form: QueryResultsFormat, output: Bounded) -> bytes:
    try:
        write(found, output, form)
    except (OSError, ValueError) as error:
        raise EngineError(str(error)) from error
    return output.getvalue()
