"""Answering: a question and the user's words in, a table of RDF terms out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions

from zorgkg.engine.interface import Engine, EngineError, QuerySyntaxError
from zorgkg.languages import LABEL_PROPERTY
from zorgkg.questions import beginning
from zorgkg.questions.binding import InvalidValue, Value, bind, to_term
from zorgkg.questions.question import Parameter, Question
from zorgkg.results import Cell
from zorgkg.search import nearest
from zorgkg.search.index import SearchIndex
from zorgkg.sparql import tokens
from zorgkg.terms import ID, PREFIXES, shorten, term

Found = TypeVar("Found")

SHORT = {
    term("zorg:Project").value: "project/",
    term("schema:Project").value: "project/",
    term("zorg:Programme").value: "project/",
    term("zorg:FundingCall").value: "call/",
    term("zorg:Component").value: "framework/",
    term("zorg:Framework").value: "framework/",
    term("zorg:Method").value: "framework/method/",
    term("zorg:NamedRole").value: "framework/named-role/",
    term("zorg:ActorGroup").value: "framework/actor-group/",
    term("zorg:OrganisationKind").value: "framework/organisation-kind/",
    term("zorg:MunicipalityKind").value: "framework/municipality-kind/",
    term("zorg:Topic").value: "framework/topic/",
    term("zorg:Basis").value: "framework/basis/",
    term("zorg:ParticipationRole").value: "framework/participation-role/",
    term("zorg:Source").value: "source/",
    term("org:Organization").value: "organisation/",
    term("zorg:Place").value: "place/",
    term("zorg:Municipality").value: "place/",
    term("zorg:Province").value: "place/",
    term("zorg:Region").value: "place/",
}
"""Where the things of a class live below `/id/`, so that `mechelen` may be written for `place/mechelen`."""


LISTED: Final = 100
"""At most this many things are listed as what is allowed."""


class UnknownParameter(Exception):
    """The question has no such parameter.

    :param parameter: the name that was given.
    """

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


@dataclass(frozen=True)
class Choice:
    """A thing that may be given for a parameter: its IRI and label."""

    iri: str
    label: str


@dataclass(frozen=True)
class Table:
    """An answer.

    :param columns: names of the columns.
    :param rows: one cell a column; None where unbound.
    :param query: the SPARQL that was evaluated.
    :param more: whether there are rows after these.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    query: str
    more: bool


def values(
    engine: Engine,
    question: Question,
    given: Mapping[str, Sequence[str]],
    index: SearchIndex | None = None,
    language: str = "nl",
) -> dict[str, list[Value]]:
    """Turn the values that a user gave into RDF terms.

    :param engine: tells whether an IRI is a thing of the wanted class.
    :param question: the question.
    :param given: parameter name → one or more values as text. For a thing: its IRI, its path below `/id/`, or its slug.
    :param index: finds what may have been meant by a name of no thing; None leaves that to the graph, which is not
        looked through to its end.
    :param language: language of the labels by which that is found.
    :raises UnknownParameter: the question has no such parameter.
    :raises InvalidValue: a value does not fit its parameter.
    """
    bound: dict[str, list[Value]] = {}
    for name, texts in given.items():
        parameter = question.parameters.get(name)
        if parameter is None:
            known = ", ".join(question.parameters) or "none"
            raise UnknownParameter(name, f"{question.id} has no parameter {name!r}; it has: {known}")
        if len(texts) > 1 and not parameter.many:
            raise InvalidValue(name, f"give one value, not {len(texts)}")
        bound[name] = [_value(engine, parameter, text, index, language) for text in texts]
    return bound


def answer(
    engine: Engine,
    question: Question,
    bound: Mapping[str, Sequence[Value]],
    language: str,
    limit: int | None = None,
    offset: int = 0,
) -> Table:
    """Answer a question.

    :param engine: the engine.
    :param question: the question.
    :param bound: parameter name → RDF terms.
    :param language: language of the labels.
    :param limit: at most this many rows; one more is asked for, to know whether there are more.
    :param offset: rows to skip.
    """

    def evaluate(query: str) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
        found = solutions(engine, question, query)
        columns = tuple(variable.value for variable in found.variables)
        return columns, [tuple(solution[column] for column in columns) for solution in found]

    columns, rows = some(
        engine, question, bound, language, limit, offset, evaluate=evaluate, count=lambda found: len(found[1])
    )
    more = limit is not None and len(rows) > limit
    return Table(columns, rows[:limit] if limit is not None else rows, bind(question, bound, language), more)


def some(
    engine: Engine,
    question: Question,
    bound: Mapping[str, Sequence[Value]],
    language: str,
    limit: int | None = None,
    offset: int = 0,
    *,
    evaluate: Callable[[str], Found],
    count: Callable[[Found], int],
) -> Found:
    """Evaluate a question for some of its rows and one more, which tells whether there are any after them.

    Of a long list its beginning alone is asked for first, where that may do.

    :param engine: the engine.
    :param question: the question.
    :param bound: parameter name → RDF terms.
    :param language: language of the labels.
    :param limit: at most this many rows; None for all.
    :param offset: rows to skip.
    :param evaluate: evaluates a query.
    :param count: tells how many rows that gave.
    """
    seen = before = 0
    if question.until and limit is not None:
        wanted = offset + limit + 1
        for end, projects in beginning.ends(engine, language, wanted):
            if before and seen * projects < wanted * before:
                break
            found = evaluate(paged(bind(question, bound, language, end), limit, offset))
            if count(found) > limit:
                return found
            seen, before = offset + count(found), projects
    return evaluate(paged(bind(question, bound, language), limit, offset))


def paged(query: str, limit: int | None, offset: int) -> str:
    """Return a question's query for some of its rows, and one more: that tells whether there are any after them.

    :param query: SPARQL without LIMIT and OFFSET.
    :param limit: at most this many rows; None for all.
    :param offset: rows to skip.
    """
    text = query if limit is None else f"{query.rstrip()}\nLIMIT {limit + 1}"
    return f"{text}\nOFFSET {offset}" if offset else text


def solutions(engine: Engine, question: Question, query: str) -> QuerySolutions:
    """Evaluate the query of a question.

    :param engine: the engine.
    :param question: the question.
    :param query: its SPARQL, with values in place.
    :raises EngineError: it fails, or is no SELECT query, which is a fault of the file.
    """
    try:
        found = engine.query(query)
    except QuerySyntaxError as error:
        # Whoever asks wrote no SPARQL: the file is wrong, and that is ours.
        raise EngineError(f"the question {question.id} is no SPARQL 1.1: {error}") from error
    if not isinstance(found, QuerySolutions):
        raise EngineError(f"{question.id} is no SELECT query")
    return found


def count(engine: Engine, question: Question, query: str) -> int:
    """Return how many rows a question's answer has.

    :param engine: the engine.
    :param question: the question.
    :param query: its SPARQL, with values in place and without LIMIT and OFFSET.
    """
    select = next(token.start for token in tokens(query) if token.kind == "word" and token.text.upper() == "SELECT")
    inside = f"{query[:select]}SELECT (COUNT(*) AS ?zorgkgRows) WHERE {{ {query[select:]}\n}}"
    rows = [row["zorgkgRows"] for row in solutions(engine, question, inside)]
    return int(rows[0].value) if isinstance(rows[0], Literal) else 0


def choices(engine: Engine, cls: str, language: str, limit: int = 1000) -> list[Choice]:
    """List the things of a class, by label.

    :param engine: the engine.
    :param cls: IRI of the class; instances of its sub-classes count.
    :param language: language of the labels.
    :param limit: at most this many.
    """
    label = term(LABEL_PROPERTY[language]).value
    solutions = engine.query(
        f"SELECT DISTINCT ?thing ?label {{ ?class <{PREFIXES['rdfs']}subClassOf>* <{cls}> . "
        f"?thing a ?class ; <{label}> ?label }} ORDER BY LCASE(?label) ?thing LIMIT {limit}"
    )
    if not isinstance(solutions, QuerySolutions):
        raise TypeError("a SELECT query gives solutions")
    return [Choice(row["thing"].value, row["label"].value) for row in solutions]


def written(iri: str, short: str) -> str:
    """Return what may be written for a thing: its slug where that is enough, else its path below `/id/`.

    :param iri: the thing.
    :param short: where the things of its class live, as in :data:`SHORT`.
    """
    return iri.removeprefix(ID).removeprefix(short)


def _value(engine: Engine, parameter: Parameter, text: str, index: SearchIndex | None, language: str) -> Value:
    if parameter.kind != "iri":
        return to_term(parameter, text)
    if "://" in text:
        node = to_term(parameter, text)
        if not parameter.cls or _is_a(engine, node, parameter.cls):
            return node
        raise _no_such_thing(engine, parameter, text, index, language)
    if not parameter.cls:
        return to_term(parameter, ID + text.strip("/"))
    short = SHORT.get(parameter.cls, "")
    for candidate in dict.fromkeys((ID + text.strip("/"), ID + short + text.strip("/"))):
        try:
            node = to_term(parameter, candidate)
        except InvalidValue:
            continue  # such as a label with spaces: the hint below names the thing that has it
        if _is_a(engine, node, parameter.cls):
            return node
    raise _no_such_thing(engine, parameter, text, index, language)


def _is_a(engine: Engine, node: Value, cls: str) -> bool:
    found = engine.query(f"ASK {{ {node} a/<{PREFIXES['rdfs']}subClassOf>* <{cls}> }}")
    return isinstance(found, QueryBoolean) and bool(found)


def _no_such_thing(
    engine: Engine, parameter: Parameter, text: str, index: SearchIndex | None, language: str
) -> InvalidValue:
    cls, short = parameter.cls, SHORT.get(parameter.cls, "")
    known = {written(choice.iri, short): choice.label for choice in choices(engine, cls, language)}
    near: list[str] = []
    if index:

        def fits(iri: str) -> bool:
            return _is_a(engine, NamedNode(iri), cls)

        found = nearest.of_class(index, text, language, fits, shorten(cls), short.partition("/")[0])
        near = [written(iri, short) for iri in found]
    near = near or nearest.alike(text, known)
    listed = near or list(known)[:20]
    what = "did you mean" if near else "for example"
    kind = parameter.cls.rpartition("#")[2].rpartition("/")[2]
    detail = f"{text!r} is no {kind} here; {what} {', '.join(listed)}?"
    return InvalidValue(parameter.name, detail, list(known) if len(known) <= LISTED else (), near)
