"""Pages: HTML from templates, in the reader's language, with nothing from another host and everything escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from zorgkg.collection import finding
from zorgkg.collection.initiatives import PROJECTS
from zorgkg.languages import LANGUAGES, negotiate
from zorgkg.questions.question import Question
from zorgkg.web import links, parameters, problems, words
from zorgkg.web.forms import negotiation
from zorgkg.web.forms.tables import Shown
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import Service, of
from zorgkg.web.things import descriptions
from zorgkg.web.view import View

HERE: Final = Path(__file__).parent

FIRST: Final = "lacking-component"
"""The question that the home page offers first, where the catalogue has it; else one about gaps."""

MOST: Final = 1000
"""As many projects stand on one page, and are sought there while one types."""

_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(
    request: Request,
    template: str,
    language: str,
    context: Mapping[str, Any],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Render a template.

    :param request: decides the language switch, and which links keep language and version.
    :param template: file name in `templates/`.
    :param language: language of the page.
    :param context: further variables of the template.
    :param status: HTTP status.
    :param headers: further response headers.
    """
    view = View.of(request, language)
    return response(view, draw(view, template, context), status, headers)


def draw(view: View, template: str, context: Mapping[str, Any]) -> str:
    """Return the text of a page.

    :param view: how it is seen.
    :param template: file name in `templates/`.
    :param context: further variables of the template.
    """
    page = {
        **context,
        "view": view,
        "say": words.say(view.language),
        "language": view.language,
        "number": lambda value: words.number(value, view.language),
        "link": view.link,
        "link_plain": view.plain,
        "link_static": lambda name: view.plain(f"/static/{name}"),
        "href": view.href,
        "path": view.path,
    }
    return _environment.get_template(template).render(page)


def prepare() -> None:
    """Compile all templates, which else happens to each when it is first drawn."""
    for name in _environment.list_templates():
        _environment.get_template(name)


def response(view: View, body: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a page as it is sent.

    :param view: how it is seen.
    :param body: its text.
    :param status: HTTP status.
    :param headers: further response headers.
    """
    answer = {
        "Content-Language": view.language,
        "Vary": "Accept, Accept-Language",
        "X-Zorgkg-Version": view.version.id,
    }
    return Response(body, status, {**answer, **(headers or {})}, "text/html; charset=utf-8")


def wanted(request: Request) -> bool:
    """Tell whether a client would rather read a page than data; clients that take anything get data."""
    return (
        negotiation.choose(request.headers.get("accept"), [problems.MEDIA_TYPE, "application/json", "text/html"])
        == "text/html"
    )


def problem(request: Request, error: ProblemError) -> Response:
    """Render an error for a person."""
    language = reader(request)
    context = {"problem": error, "near": [(one, error.pages.get(one)) for one in error.more.get("near", ())]}
    return render(
        request, "problem.html", language, context, error.status, {**error.headers, "Cache-Control": "no-store"}
    )


def reader(request: Request) -> str:
    """Return the language of a page whose query string may be wrong."""
    given = dict(_pairs(request)).get("lang")
    return negotiate(given if given in LANGUAGES else None, request.headers.get("accept-language"))


# Home and lists


@dataclass(frozen=True)
class Topic:
    """Questions that share their first tag."""

    tag: str
    title: str
    questions: list[Question]


def home(request: Request) -> Response:
    """`/`: what this is, the first question to try, and all questions by topic."""
    return catalogue(request, ("q", "lang"))


def catalogue(request: Request, taken: Sequence[str]) -> Response:
    """Return the home page, at any address.

    :param taken: the parameters that this address takes.
    :raises ProblemError: 400, there is another one.
    """
    service = of(request)
    pairs = parameters.of(request)
    parameters.only(pairs, taken)
    language = parameters.language(request, pairs)
    sought = (parameters.single(pairs, "q") or "").strip()
    everything = list(service.questions.values())
    found = [one for one in everything if _mentions(one, sought)]
    gaps = next((one for one in everything if "gaps" in one.tags), everything[0] if everything else None)
    first = service.questions.get(FIRST) or gaps
    context = {"topics": _topics(found, language), "first": first, "sought": sought}
    return render(request, "home.html", language, context)


def projects(request: Request) -> Response:
    """`/projects`: all projects with place and initiator; where those are many, their collection, page by page."""
    service = of(request)
    pairs = parameters.of(request)
    parameters.only(pairs, ("q", "lang"))
    language = parameters.language(request, pairs)
    if len(finding.some(service.engine, PROJECTS, MOST + 1)) > MOST:
        return RedirectResponse(links.relative(request, "/api/projects", links.replaced(pairs, format="html")), 303)
    sought = (parameters.single(pairs, "q") or "").strip()
    listed = descriptions.projects(service.engine, language)
    found = [
        one
        for one in listed
        if sought.casefold()
        in " ".join(name.text for name in (one.project, *one.places, *one.municipalities, *one.initiators)).casefold()
    ]
    return render(request, "projects.html", language, {"projects": found, "sought": sought})


# SPARQL


@dataclass(frozen=True)
class Result:
    """The answer to a query for a person.

    :param columns: names of the columns, for a table.
    :param rows: cells of the first rows.
    :param verdict: the answer to ASK.
    :param turtle: the answer to CONSTRUCT or DESCRIBE.
    :param cut: how many are shown when there are more, else 0.
    """

    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Shown]] = ()
    verdict: bool | None = None
    turtle: str = ""
    cut: int = 0


EXAMPLE: Final = """\
PREFIX zorg: <https://w3id.org/zorgkg/ns#>

SELECT ?project ?projectLabel ?place ?placeLabel WHERE {
  ?project a zorg:Project ; zorg:labelNl ?projectLabel ; zorg:takesPlaceIn ?place .
  ?place zorg:labelNl ?placeLabel .
} ORDER BY ?projectLabel
"""


def sparql(
    request: Request, service: Service, query: str = "", result: Result | None = None, error: ProblemError | None = None
) -> Response:
    """`/sparql` for a person: a form, examples and the answer.

    :param request: the request.
    :param service: holds the questions, which are the examples.
    :param query: the query that was asked, or "".
    :param result: its answer.
    :param error: what was wrong with it.
    """
    language = reader(request)
    context = {
        "query": query or EXAMPLE.replace("labelNl", f"label{language.capitalize()}"),
        "asked": bool(query),
        "result": result,
        "error": error,
        "topics": _topics(list(service.questions.values()), language),
        "formats": ("json", "xml", "csv", "tsv", "ttl", "nt", "jsonld", "rdf"),
    }
    headers = {"Cache-Control": "no-store"} if error else {}
    return render(request, "sparql.html", language, context, error.status if error else 200, headers)


# Helpers


def _pairs(request: Request) -> Pairs:
    """The query string's parameters, or none when it cannot be read: an error page still has to be shown."""
    try:
        return parameters.of(request)
    except ProblemError:
        return []


def _topics(questions: Sequence[Question], language: str) -> list[Topic]:
    by_tag: dict[str, list[Question]] = {}
    for question in questions:
        by_tag.setdefault(question.tags[0] if question.tags else "", []).append(question)
    topics = [
        Topic(tag, words.tag(tag, language) if tag else words.say(language)("other_questions"), members)
        for tag, members in by_tag.items()
    ]
    return sorted(topics, key=lambda topic: (not topic.tag, topic.title.casefold()))


def _mentions(question: Question, sought: str) -> bool:
    return all(
        word in " ".join((question.id, *question.tags, *question.summary.values())).casefold()
        for word in sought.casefold().split()
    )
