"""`/api/questions`: the catalogue, and each question answered as data, as its SPARQL, or as a page."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, QuerySolutions
from starlette.requests import Request
from starlette.responses import Response

from zorgkg.engine.interface import Engine, EngineError, QuerySyntaxError
from zorgkg.questions import answering
from zorgkg.questions.answering import Table, UnknownParameter
from zorgkg.questions.binding import InvalidValue, Value, bind
from zorgkg.questions.question import RESERVED, Parameter, Question
from zorgkg.results import plain
from zorgkg.sparql import tokens
from zorgkg.terms import ID, NS
from zorgkg.web import (
    descriptions,
    links,
    matrix,
    negotiation,
    pages,
    parameters,
    problems,
    representations,
    tables,
    words,
)
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import of
from zorgkg.web.tables import Shown

FORMS: Final = (*representations.TABLE, "sparql", "html")
"""Names of the forms of an answer, the default first."""

FORMATS: Final = {name: representations.FORMS[name].media for name in FORMS}
"""Values of `?format`, and their media types."""

MOST_ROWS: Final = 10_000
"""The highest `limit`."""

PAGE_ROWS: Final = 200
"""Rows on a page for people when `limit` isn't given."""

_OFFSET = 10**9
_MOST_OPTIONS = 500
_OWN = ("lang", "format", "excel", "languages", "limit", "offset", "version")


@dataclass(frozen=True)
class Option:
    """A value that a form offers."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class OptionGroup:
    """Values under a common heading, which is "" when they need none."""

    label: str
    options: list[Option]


@dataclass(frozen=True)
class Field:
    """A parameter as a field of a form; `widget` is `select`, `datalist` or a type of `<input>`."""

    name: str
    description: str
    widget: str
    value: str = ""
    optional: bool = False
    many: bool = False
    step: str = ""
    groups: Sequence[OptionGroup] = ()


@dataclass(frozen=True)
class Heading:
    """The heading of a column."""

    text: str
    is_number: bool


@dataclass(frozen=True)
class _Shown:
    headings: list[Heading]
    rows: list[list[Shown]]
    query: str


def catalogue(request: Request) -> Response:
    """`/api/questions`: every question with its parameters, as JSON; a person is shown the home page."""
    service = of(request)
    pairs = parameters.of(request)
    chosen = parameters.form(pairs, ("json", "html"))
    accept = FORMATS[chosen] if chosen else request.headers.get("accept")
    media = negotiation.choose(accept, ["application/json", "text/html"])
    if media is None:
        raise ProblemError(406, "not-acceptable", "the catalogue can be given as application/json or text/html")
    if media == "text/html":
        return pages.home(request)
    parameters.only(pairs, ("lang", "format"))
    language = parameters.language(request, pairs)
    listed = [described(service.engine, question, language) for question in service.questions.values()]
    body = json.dumps(listed, ensure_ascii=False, indent=1).encode()
    return Response(body, headers=_headers(request, language), media_type="application/json")


def answer(request: Request) -> Response:
    """`/api/questions/{id}`: the answer, in the form that the client prefers.

    :raises ProblemError: 400, 404, 406 or 422, as the parameters are wrong.
    """
    service = of(request)
    identifier, suffix = representations.split_suffix(request.path_params["id"], FORMS)
    question = service.questions.get(identifier)
    if question is None:
        raise _unknown(identifier, list(service.questions))
    pairs = parameters.of(request)
    language = parameters.language(request, pairs)
    form = representations.chosen(request, pairs, FORMS, suffix).name
    limit = parameters.whole(pairs, "limit", 1, MOST_ROWS)
    offset = parameters.whole(pairs, "offset", 0, _OFFSET) or 0
    given = _given(pairs)
    try:
        bound = answering.values(service.engine, question, given)
    except (UnknownParameter, InvalidValue) as error:
        problem = _wrong(question, error)
        if form == "html":
            return _page(request, question, language, pairs, given, {}, problem=problem)
        raise problem from error
    if form == "html" and limit is None:
        limit = PAGE_ROWS
    if form == "sparql":
        # Binding doesn't need the rows: no row is asked for.
        text = bind(question, bound, language)
        return Response(text.encode(), headers=_headers(request, language), media_type=FORMATS["sparql"])
    try:
        table = answering.answer(service.engine, question, bound, language, limit, offset)
    except QuerySyntaxError as error:
        # The client wrote no SPARQL: the file is wrong, and that is ours.
        raise EngineError(f"the question {question.id} is no SPARQL 1.1: {error}") from error
    if form == "html":
        return _page(request, question, language, pairs, given, bound, table, limit or PAGE_ROWS, offset)
    written = representations.FORMS[form]
    name = question.id if parameters.single(pairs, "format") else ""
    body = representations.table(written, table)
    return representations.response(
        request, written, body, language, _links(request, pairs, table, limit, offset), name
    )


def described(engine: Engine, question: Question, language: str) -> dict[str, Any]:
    """Return a question as the catalogue tells it.

    :param engine: reads the defaults.
    :param question: the question.
    :param language: language of `summary` and `description`.
    """
    return {
        "id": question.id,
        "href": f"/api/questions/{question.id}",
        "summary": question.summary[language],
        "summaries": dict(question.summary),
        "tags": list(question.tags),
        "parameters": [_described(engine, question, one, language) for one in question.parameters.values()],
        "columns": list(question.columns),
        "chart": dict(question.chart),
    }


def defaults(engine: Engine, question: Question, parameter: Parameter) -> list[Value]:
    """Return the values that a question file holds for a parameter; none when it is optional.

    :param engine: reads the terms, with the prefixes of the file.
    """
    if parameter.optional:
        return []
    select = next(
        token.start for token in tokens(question.text) if token.kind == "word" and token.text.upper() == "SELECT"
    )
    inside = question.text[parameter.block.start : parameter.block.end]
    found = engine.query(f"{question.text[:select]}\nSELECT ?value WHERE {{ VALUES ?value {{ {inside} }} }}")
    if not isinstance(found, QuerySolutions):
        raise TypeError("a SELECT query gives solutions")
    return [row["value"] for row in found if isinstance(row["value"], NamedNode | Literal)]


# Reading the request


def _given(pairs: Pairs) -> dict[str, list[str]]:
    """The question's own parameters; what a form sends empty was not chosen."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in _OWN and value:
            given.setdefault(name, []).append(value)
        elif name not in _OWN and name in RESERVED:
            raise ProblemError(400, "unknown-parameter", f"there is no parameter {name!r}", parameter=name)
    return given


def _unknown(identifier: str, known: Sequence[str]) -> ProblemError:
    near = difflib.get_close_matches(identifier, known, n=5, cutoff=0.4)
    hint = f"; did you mean {', '.join(near)}?" if near else "; /api/questions lists them"
    return ProblemError(404, "unknown-question", f"there is no question {identifier!r}{hint}", near=near)


def _wrong(question: Question, error: UnknownParameter | InvalidValue) -> ProblemError:
    problem = problems.from_error(error)
    if isinstance(error, UnknownParameter):
        problem.more["allowed"] = [*question.parameters, *_OWN]
    elif values := question.parameters[error.parameter].values:
        problem.more["allowed"] = list(values)
    return problem


# Rendering


def _headers(request: Request, language: str) -> dict[str, str]:
    return {
        "Content-Language": language,
        "Vary": "Accept, Accept-Language",
        "X-Zorgkg-Version": of(request).manifest.id,
    }


def _links(request: Request, pairs: Pairs, table: Table, limit: int | None, offset: int) -> list[str]:
    """Link header fields (RFC 8288): the query behind the answer, and the pages before and after."""
    path = request.scope["path"]

    def link(relation: str, changed: Pairs) -> str:
        return f'<{links.absolute(request, path, changed)}>; rel="{relation}"'

    found = [link("describedby", links.replaced(pairs, format="sparql", limit=None, offset=None))]
    if limit is not None and table.more:
        found.append(link("next", links.replaced(pairs, offset=offset + limit)))
    if limit is not None and offset:
        found.append(link("prev", links.replaced(pairs, offset=max(0, offset - limit) or None)))
    return found


def _described(engine: Engine, question: Question, parameter: Parameter, language: str) -> dict[str, Any]:
    values = [_default(value) for value in defaults(engine, question, parameter)]
    return {
        "name": parameter.name,
        "kind": parameter.kind,
        "class": parameter.cls or None,
        "description": parameter.description[language],
        "descriptions": dict(parameter.description),
        "optional": parameter.optional,
        "many": parameter.many,
        "default": values if parameter.many and values else (values[0] if values else None),
        "values": list(parameter.values) or None,
    }


def _default(value: Value) -> dict[str, Any]:
    if isinstance(value, NamedNode):
        return {"value": _short(value.value), "iri": value.value}
    return {"value": plain(value)}


def _short(iri: str) -> str:
    """What may be written for a thing in a query string: its path below `/id/`."""
    return iri.removeprefix(ID)


# The page


def _page(
    request: Request,
    question: Question,
    language: str,
    pairs: Pairs,
    given: Mapping[str, Sequence[str]],
    bound: Mapping[str, Sequence[Value]],
    table: Table | None = None,
    limit: int = PAGE_ROWS,
    offset: int = 0,
    problem: ProblemError | None = None,
) -> Response:
    engine = of(request).engine
    say = words.say(language)
    path = request.scope["path"]

    def where(**changed: str | int | None) -> str:
        # Without the host: what a person follows from a page stays behind the proxy that they came through.
        return links.relative(request, path, links.replaced(pairs, **changed))

    labels = ("JSON", "CSV", say("excel"), "TSV", "SPARQL JSON", "SPARQL")
    downloads = [
        (label, where(format=name, limit=None, offset=None)) for label, name in zip(labels, FORMATS, strict=False)
    ]
    context = {
        "question": question,
        "error": problem,
        "fields": [_field(engine, question, one, language, given, bound) for one in question.parameters.values()],
        "table": _shown(engine, table, language) if table else None,
        "matrix": _matrix(engine, question, bound, language, table, offset) if table else None,
        "counted": _counted(table, offset, say, language) if table else "",
        "downloads": downloads,
        "next": where(offset=offset + limit) if table and table.more else None,
        "previous": where(offset=max(0, offset - limit) or None) if offset else None,
    }
    status = problem.status if problem else 200
    headers = {"Cache-Control": "no-store"} if problem else {}
    if table:
        headers["Link"] = ", ".join(_links(request, pairs, table, limit, offset))
    return pages.render(request, "question.html", language, context, status, headers)


def _counted(table: Table, offset: int, say: words.Say, language: str) -> str:
    rows = len(table.rows)
    if table.more or offset:
        return say("rows_from", first=words.number(offset + 1, language), last=words.number(offset + rows, language))
    return say("row") if rows == 1 else say("rows", n=words.number(rows, language))


def _shown(engine: Engine, table: Table, language: str) -> _Shown:
    columns = tables.merged(table.columns)
    rows = [
        [
            tables.shown(row[place], None if label is None else row[label], words.say(language))
            for _, place, label in columns
        ]
        for row in table.rows
    ]
    numbers = [
        bool(rows) and all(row[index].is_number or not row[index].text for row in rows) for index in range(len(columns))
    ]
    titles = _titles(engine, [name for name, _, _ in columns], language)
    return _Shown([Heading(title, number) for title, number in zip(titles, numbers, strict=True)], rows, table.query)


def _matrix(
    engine: Engine,
    question: Question,
    bound: Mapping[str, Sequence[Value]],
    language: str,
    table: Table,
    offset: int,
) -> matrix.Matrix | None:
    """The picture is of the whole answer, whichever of its pages is shown; without it the page still has the table."""
    if question.chart.get("kind") != "matrix":
        return None
    if table.more or offset:
        try:
            table = answering.answer(engine, question, bound, language, matrix.MOST_CELLS)
        except EngineError:
            return None
    known: list[Shown] = []
    if "scheme" in question.chart:
        parameter = question.parameters[question.chart["scheme"]]
        chosen = bound.get(parameter.name) or defaults(engine, question, parameter)
        concepts = [one for value in chosen for one in descriptions.concepts(engine, value.value)]
        named = descriptions.names(engine, concepts, language)
        known = [Shown(named[iri].text, iri, named[iri].language) for iri in concepts if iri in named]
    return None if table.more else matrix.draw(table, question.chart, words.say(language)("stated"), known)


def _titles(engine: Engine, columns: Sequence[str], language: str) -> list[str]:
    """Headings in the reader's language where a column has the name of a term of ours, else that name in words."""
    bare = {name: name.removesuffix("Labels").removesuffix("Label") for name in columns}
    terms = {name: (NS + one, NS + one[:1].upper() + one[1:]) for name, one in bare.items()}
    named = descriptions.names(engine, [iri for pair in terms.values() for iri in pair], language)
    return [
        next((named[iri].text for iri in terms[name] if iri in named), None) or words.column(name, language)
        for name in columns
    ]


def _field(
    engine: Engine,
    question: Question,
    parameter: Parameter,
    language: str,
    given: Mapping[str, Sequence[str]],
    bound: Mapping[str, Sequence[Value]],
) -> Field:
    typed = list(given.get(parameter.name, ()))
    chosen = (
        list(bound[parameter.name])
        if parameter.name in bound
        else ([] if typed else defaults(engine, question, parameter))
    )
    values = [_short(one.value) for one in chosen] or typed
    options = [(one, one) for one in parameter.values]
    if parameter.kind == "iri" and parameter.cls:
        options = [(_short(one.iri), one.label) for one in answering.choices(engine, parameter.cls, language)]
    elif parameter.kind == "boolean":
        options = [("true", words.say(language)("yes")), ("false", words.say(language)("no"))]
    widget = {"integer": "number", "decimal": "number", "date": "date"}.get(parameter.kind, "text")
    if options:
        widget = "select" if parameter.many or len(options) <= _MOST_OPTIONS else "datalist"
    return Field(
        name=parameter.name,
        description=parameter.description[language],
        widget=widget,
        value=values[0] if values else "",
        optional=parameter.optional,
        many=parameter.many,
        step={"integer": "1", "decimal": "any"}.get(parameter.kind, ""),
        groups=_groups(engine, [Option(value, label, value in values) for value, label in options], language),
    )


def _groups(engine: Engine, options: list[Option], language: str) -> list[OptionGroup]:
    """The parts of several frameworks under the names of those; everything else in one list."""
    schemes: dict[str, list[Option]] = {}
    for option in options:
        kind, _, rest = option.value.partition("/")
        scheme, deeper, _ = rest.partition("/")
        schemes.setdefault(f"{kind}/{scheme}" if kind == "framework" and deeper else "", []).append(option)
    if len(schemes) == 1:
        return [OptionGroup("", options)]
    named = descriptions.names(engine, [ID + scheme for scheme in schemes if scheme], language)
    groups = [
        OptionGroup(named[ID + scheme].text if ID + scheme in named else scheme, members)
        for scheme, members in schemes.items()
    ]
    return sorted(groups, key=lambda group: group.label.casefold())
