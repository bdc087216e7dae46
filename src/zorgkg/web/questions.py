"""`/api/questions`: the catalogue, and each question answered as data, as its SPARQL, or as a page."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from pyoxigraph import Literal, NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from zorgkg.engine.interface import Engine, EngineError
from zorgkg.questions import answering, binding
from zorgkg.questions.answering import Table, UnknownParameter
from zorgkg.questions.binding import InvalidValue, Value
from zorgkg.questions.question import Parameter, Question
from zorgkg.results import Cell, plain
from zorgkg.rows import Rows
from zorgkg.terms import ID, NS, thing
from zorgkg.web import asking, cache, links, pages, parameters, words
from zorgkg.web.asking import Asked, Grounded
from zorgkg.web.drawing import charts, matrix
from zorgkg.web.forms import geometry, representations, tables
from zorgkg.web.forms.representations import Form
from zorgkg.web.forms.tables import Shown
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol import evaluation
from zorgkg.web.service import Service, of
from zorgkg.web.things import descriptions
from zorgkg.web.things.citations import Addresses
from zorgkg.web.things.grounds import Grounds
from zorgkg.web.threads import disconnection, released
from zorgkg.web.view import View

PATH: Final = "/api/questions/{id}"
"""The path of a question."""

FORMS: Final = (*representations.TABLE, "sparql", "html")
"""Names of the forms of an answer, the default first."""

CATALOGUE: Final = ("json", "html", *(name for name in representations.TABLE if name not in ("json", "geojson")))
"""Names of the forms of the catalogue: JSON, where parameters nest, tables with a row a question, the home page."""

COLUMNS: Final = ("question", "id", "href", "summary", "summaryLang", "tags", "parameters", "columns", "chart")
"""Columns of the catalogue as a table; of several values in one cell, with `; ` between."""

MOST_ROWS: Final = 10_000
"""The highest `limit`."""

FARTHEST: Final = 10**9
"""The highest `offset`."""

PAGE_ROWS: Final = 200
"""Rows on a page for people when `limit` isn't given."""

_TITLES: Final = {
    "json": "JSON",
    "csv": "CSV",
    "tsv": "TSV",
    "parquet": "Parquet",
    "sparql-json": "SPARQL JSON",
    "xml": "SPARQL XML",
    "jsonld": "JSON-LD",
    "ttl": "Turtle",
    "geojson": "GeoJSON",
    "sparql": "SPARQL",
}
_DOWNLOADS: Final = ("json", "csv", "csv-excel", "tsv", "parquet", "sparql-json", "xml", "jsonld", "ttl")
"""Forms that a page offers for every answer."""

_MOST_OPTIONS = 500


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
    least: int | float | None = None
    most: int | float | None = None
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
    evidence: list[str]


def catalogue(request: Request) -> Response:
    """`/api/questions`, with or without suffix: every question with its parameters; a person has the home page."""
    service = of(request)
    pairs = parameters.of(request)
    form = representations.chosen(request, pairs, CATALOGUE, representations.suffix(request, CATALOGUE))
    if form.kind == "page":
        return pages.catalogue(request, ("q", "lang", "format", "excel"))
    parameters.only(pairs, ("lang", "format", "excel"))
    language = parameters.language(request, pairs)
    view = View.of(request, language)
    if form.name == "json":
        listed = [described(question, view) for question in service.questions.values()]
        body = json.dumps(listed, ensure_ascii=False, indent=1).encode()
    else:
        rows = [_row(question, view) for question in service.questions.values()]
        body = representations.table(form, Table(COLUMNS, rows, "", False))
    return representations.response(request, form, body, language, filename="questions")


async def answer(request: Request) -> Response:
    """`/api/questions/{id}`: the answer, in the form that the client prefers.

    :raises ProblemError: 400, 404, 406 or 422, as the parameters are wrong.
    """
    service = of(request)
    question, suffix = _question(request, service)
    pairs = parameters.of(request)
    language = parameters.language(request, pairs)
    form = representations.chosen(request, pairs, FORMS, suffix)
    given = _given(pairs, question)
    for name in ("languages", "evidence"):
        # Whatever the form: a value that means nothing is refused, not passed over.
        parameters.truth(pairs, name)
    if form.kind == "page":
        response = await run_in_threadpool(released(_paged), request, question, language, pairs, given)
    else:
        response = await _answered(request, service, question, Read(pairs, given, language, form, bool(suffix)))
    response.headers["X-Zorgkg-Question"] = question.id
    if response.status_code == 200 and _is_fixed(question.text):
        cache.keep(request, PATH)
    return response


@dataclass(frozen=True)
class Read:
    """What a request asks of a question, read.

    :param pairs: its query string.
    :param given: the values of the question's own parameters.
    :param language: language of the labels.
    :param form: how the answer is written.
    :param by_suffix: whether the path names the form.
    """

    pairs: Pairs
    given: Mapping[str, Sequence[str]]
    language: str
    form: Form
    by_suffix: bool


async def _answered(request: Request, service: Service, question: Question, read: Read) -> Response:
    limit, offset = _page_of(read.pairs)
    languages = parameters.truth(read.pairs, "languages")
    grounded = _grounded(request, service, question, read.pairs)
    asked = Asked(read.given, read.form.name, read.language, limit, offset, languages, grounded)
    try:
        body, more = await evaluation.question(service, question, asked, disconnection(request))
    except ProblemError as problem:
        if service.search is None or problem.kind != "invalid-value":
            raise
        # Where the question was evaluated there is no index, which finds what was meant among any number of things.
        raise await run_in_threadpool(released(_nearer), service, question, read) or problem from None
    found = [] if read.form.kind == "query" else _links(request, question, read.pairs, more, limit, offset)
    named = read.by_suffix or any(name in ("format", "excel") for name, _ in read.pairs)
    return representations.response(request, read.form, body, read.language, found, question.id if named else "")


def _nearer(service: Service, question: Question, read: Read) -> ProblemError | None:
    """The problem of a value that is none, with what the search index knows to be like it."""
    try:
        answering.values(service.engine, question, read.given, service.search, read.language)
    except (UnknownParameter, InvalidValue) as error:
        return asking.wrong(question, error)
    return None


def _paged(
    request: Request, question: Question, language: str, pairs: Pairs, given: Mapping[str, Sequence[str]]
) -> Response:
    """The answer as a page."""
    service = of(request)
    engine = service.engine
    limit, offset = _page_of(pairs)
    limit = limit or PAGE_ROWS
    bound: Mapping[str, Sequence[Value]] = {}
    try:
        bound = answering.values(engine, question, given, service.search, language)
        table = answering.answer(engine, question, bound, language, limit, offset)
        if offset and not table.rows:
            raise asking.beyond(answering.count(engine, question, table.query), offset)
    except (UnknownParameter, InvalidValue, ProblemError) as error:
        problem = error if isinstance(error, ProblemError) else asking.wrong(question, error)
        return _page(request, question, language, pairs, given, bound, problem=problem)
    return _page(request, question, language, pairs, given, bound, table, limit, offset)


def described(question: Question, view: View) -> dict[str, Any]:
    """Return a question as the catalogue tells it.

    :param question: the question.
    :param view: where it is asked, of which version, and the language of `summary` and `description`.
    """
    return {
        "id": question.id,
        "href": _address(question, view),
        "summary": question.summary[view.language],
        "summaries": dict(question.summary),
        "tags": list(question.tags),
        "parameters": [_described(question, one, view.language) for one in question.parameters.values()],
        "columns": list(question.columns),
        "chart": dict(question.chart),
    }


def _row(question: Question, view: View) -> tuple[Cell, ...]:
    """A question as a row of the catalogue."""
    return (
        thing("question", question.id),
        Literal(question.id),
        Literal(_address(question, view)),
        Literal(question.summary[view.language], language=view.language),
        Literal(view.language),
        *(Literal("; ".join(several)) for several in (question.tags, question.parameters, question.columns)),
        Literal(question.chart.get("kind", "none")),
    )


# Reading the request


def _address(question: Question, view: View) -> str:
    return view.absolute(f"/api/questions/{question.id}", view.version_pair)


def _question(request: Request, service: Service) -> tuple[Question, str]:
    """The question of a path, and the suffix that names a form."""
    identifier, suffix = representations.split_suffix(request.path_params["id"], FORMS)
    question = service.questions.get(identifier)
    if question is None:
        raise _unknown(identifier, list(service.questions))
    return question, suffix


def _given(pairs: Pairs, question: Question) -> dict[str, list[str]]:
    """The question's own parameters, and those that it does not have; what a form sends empty was not chosen.

    :raises ProblemError: 400, one that has a single value is given more than once.
    """
    for parameter in question.parameters.values():
        if not parameter.many:
            parameters.single(pairs, parameter.name)
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in asking.OWN and (value or name not in question.parameters):
            given.setdefault(name, []).append(value)
    return given


def _grounded(request: Request, service: Service, question: Question, pairs: Pairs) -> Grounded | None:
    """What is needed to give the evidence of each row; None when it isn't asked for."""
    if not parameters.truth(pairs, "evidence"):
        return None
    if question.evidence.none:
        detail = f"{question.id} has no evidence of its rows: {question.evidence.none}"
        raise ProblemError(400, "no-evidence", detail, parameter="evidence")
    listing = {drill.question: service.questions[drill.question].summary for drill in question.evidence.drills}
    return Grounded(links.absolute(request, ""), _kept(pairs), listing)


def _kept(pairs: Pairs) -> Pairs:
    """The parameters that the addresses in an answer keep."""
    return [(name, value) for name, value in pairs if name in ("lang", "version") and value]


def _unknown(identifier: str, known: Sequence[str]) -> ProblemError:
    near = difflib.get_close_matches(identifier, known, n=5, cutoff=0.4)
    hint = f"; did you mean {', '.join(near)}?" if near else "; /api/questions lists them"
    found = {one: f"/api/questions/{one}" for one in near}
    return ProblemError(404, "unknown-question", f"there is no question {identifier!r}{hint}", pages=found, near=near)


def _page_of(pairs: Pairs) -> tuple[int | None, int]:
    """The limit, None where there is none, and the offset."""
    return parameters.whole(pairs, "limit", 1, MOST_ROWS), parameters.whole(pairs, "offset", 0, FARTHEST) or 0


@lru_cache(maxsize=500)
def _is_fixed(text: str) -> bool:
    return cache.is_fixed(text)


# Rendering


def _links(request: Request, question: Question, pairs: Pairs, more: bool, limit: int | None, offset: int) -> list[str]:
    """Link header fields (RFC 8288): the query behind the answer, and the pages before and after."""
    path = request.scope["path"]

    def link(relation: str, changed: Pairs, path: str = path) -> str:
        return f'<{links.absolute(request, path, changed)}>; rel="{relation}"'

    query = links.replaced(pairs, format="sparql", limit=None, offset=None, excel=None, languages=None)
    found = [link("describedby", query, f"/api/questions/{question.id}")]
    if limit is not None and more:
        found.append(link("next", links.replaced(pairs, offset=offset + limit)))
    if limit is not None and offset:
        found.append(link("prev", links.replaced(pairs, offset=max(0, offset - limit) or None)))
    return found


def _described(question: Question, parameter: Parameter, language: str) -> dict[str, Any]:
    values = [_default(value) for value in binding.defaults(question, parameter)]
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
        "min": parameter.least,
        "max": parameter.most,
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
    path = f"/api/questions/{question.id}"

    def where(**changed: str | int | None) -> str:
        # Without the host: what a person follows from a page stays behind the proxy that they came through.
        return links.relative(request, path, links.replaced(pairs, **changed))

    names = [*_DOWNLOADS, *(["geojson"] if table and geometry.has_any(table.rows) else []), "sparql"]
    downloads = [(_label(name, say), where(format=name, limit=None, offset=None)) for name in names]
    context = {
        "question": question,
        "error": problem,
        "fields": [_field(engine, question, one, language, given, bound) for one in question.parameters.values()],
        "table": _shown(engine, table, language, _grounds(request, question, bound, pairs)) if table else None,
        "chart": charts.draw(
            View.of(request, language), engine, question.summary[language], question.chart, table, offset
        )
        if table
        else None,
        "matrix": _matrix(engine, question, bound, language, table, offset) if table else None,
        "counted": _counted(table, offset, say, language) if table else "",
        "downloads": downloads,
        "next": where(offset=offset + limit) if table and table.more else None,
        "previous": where(offset=max(0, offset - limit) or None) if offset else None,
    }
    status = problem.status if problem else 200
    headers = {"Cache-Control": "no-store"} if problem else {}
    if table:
        headers["Link"] = ", ".join(_links(request, question, pairs, table.more, limit, offset))
    return pages.render(request, "question.html", language, context, status, headers)


def _label(form: str, say: words.Say) -> str:
    return say("excel") if form == "csv-excel" else _TITLES[form]


def _counted(table: Table, offset: int, say: words.Say, language: str) -> str:
    rows = len(table.rows)
    if table.more or offset:
        return say("rows_from", first=words.number(offset + 1, language), last=words.number(offset + rows, language))
    return say("row") if rows == 1 else say("rows", n=words.number(rows, language))


def _grounds(
    request: Request, question: Question, bound: Mapping[str, Sequence[Value]], pairs: Pairs
) -> Grounds | None:
    if question.evidence.none:
        return None
    return Grounds.of(question, bound, Addresses(links.relative(request, ""), tuple(_kept(pairs))))


def _shown(engine: Engine, table: Table, language: str, grounds: Grounds | None) -> _Shown:
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
    headings = [Heading(title, number) for title, number in zip(titles, numbers, strict=True)]
    evidence = list(grounds.addresses(Rows.of(table.columns, table.rows))) if grounds else []
    return _Shown(headings, rows, table.query, evidence)


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
        chosen = bound.get(parameter.name) or binding.defaults(question, parameter)
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
        else ([] if typed else binding.defaults(question, parameter))
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
        least=parameter.least,
        most=parameter.most,
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
