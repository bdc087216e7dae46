"""Search over HTTP: `/api/search` as data, `/search` as a page; one box over everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import Response

from zorgkg.questions.answering import Table
from zorgkg.results import Cell
from zorgkg.search import schema
from zorgkg.search.index import Hit, SearchIndex, Thing, TooSlow
from zorgkg.web import links, pages, parameters, words
from zorgkg.web.forms import representations
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import Service, of
from zorgkg.web.view import View

LONGEST: Final = 200
"""Characters that may be searched for."""

MOST: Final = 100
"""Things that are found at most."""

USUAL: Final = 10
"""Things that are found when no number is given."""

FORMS: Final = tuple(one for one in representations.TABLE if one != "geojson")
"""The forms of an answer; what is found has no geometry."""

_ON_PAGE: Final = 50
_AGAIN: Final = "5"
_COLUMNS: Final = (
    *("iri", "type", "typeLabel", "label", "labelLang", "alternative", "description", "descriptionLang"),
    *("href", "rank"),
)


def api(request: Request) -> Response:
    """`/api/search`, with or without suffix: what fits the words, the best first."""
    service = of(request)
    pairs = parameters.of(request)
    parameters.only(pairs, ("q", "type", "lang", "limit", "format", "excel", "languages"))
    language = parameters.language(request, pairs)
    form = representations.chosen(request, pairs, FORMS, representations.suffix(request, FORMS))
    sought = parameters.sought(pairs, LONGEST)
    if sought is None:
        raise ProblemError(400, "missing-q", f"q is what to look for: up to {LONGEST} characters", parameter="q")
    kinds = _kinds(pairs)
    limit = parameters.whole(pairs, "limit", 1, MOST) or USUAL
    hits = find(service, parameters.searchable(sought), language, kinds, limit)
    view = View.of(request, language)
    rows = [_row(hit, path(service, hit.thing), view) for hit in hits]
    body = representations.table(form, Table(_COLUMNS, rows, "", False), parameters.truth(pairs, "languages"))
    return representations.response(request, form, body, language, filename="search")


def page(request: Request) -> Response:
    """`/search`: the box, and what fits the words in it."""
    service = of(request)
    pairs = parameters.of(request)
    parameters.only(pairs, ("q", "type", "lang"))
    language = parameters.language(request, pairs)
    sought = parameters.sought(pairs, LONGEST) or ""
    # The form sends an empty type for all.
    kinds = _kinds([pair for pair in pairs if pair != ("type", "")])
    hits = find(service, sought, language, kinds, _ON_PAGE + 1) if sought else []
    names = sorted(((kind_name(one, language), one) for one in schema.KINDS), key=lambda pair: pair[0].casefold())
    context = {
        "sought": sought,
        "hits": [Shown(hit, path(service, hit.thing), kind_name(hit.thing.kind, language)) for hit in hits[:_ON_PAGE]],
        "cut": _ON_PAGE if len(hits) > _ON_PAGE else 0,
        "kinds": [(name, kind, kind in kinds) for name, kind in names],
    }
    return pages.render(request, "search.html", language, context)


@dataclass(frozen=True)
class Shown:
    """What was found, for a person.

    :param hit: what was found.
    :param path: of its page here, or None.
    :param kind: what its kind is called.
    """

    hit: Hit
    path: str | None
    kind: str


def find(service: Service, text: str, language: str, kinds: tuple[str, ...], limit: int) -> list[Hit]:
    """Find things.

    :param service: the version.
    :param text: what was typed.
    :param language: language of the labels.
    :param kinds: only these; none: all.
    :param limit: how many at most.
    :raises ProblemError: 503, there is no index yet, or it takes too long; 501, there never will be.
    """
    try:
        return index(service).find(text, language, limit=limit, kinds=kinds)
    except TooSlow as error:
        detail = f"{error}; try again, or with other words"
        raise ProblemError(503, "slow-search", detail, {"Retry-After": _AGAIN}) from None


def index(service: Service) -> SearchIndex:
    """Return the search index of a version.

    :raises ProblemError: 503, it is being made; 501, there never will be one.
    """
    if service.search:
        return service.search
    if why := schema.unavailable():
        raise ProblemError(501, "no-search", f"{why}; the operator can run it with another Python")
    detail = "the search index of this version is being made; try again in a moment"
    raise ProblemError(503, "no-search-yet", detail, {"Retry-After": _AGAIN})


def kind_name(kind: str, language: str) -> str:
    """Return what a kind of things is called."""
    return words.say(language)(f"kind_{kind}")


def path(service: Service, one: Thing) -> str | None:
    """Return the path of the page that a person who looks for a thing wants; None when there is none here."""
    if one.type == "question" and one.slug in service.questions:
        return f"/api/questions/{one.slug}"
    return links.local(one.iri)


def _kinds(pairs: parameters.Pairs) -> tuple[str, ...]:
    given = tuple(dict.fromkeys(value for name, value in pairs if name == "type" and value))
    for one in given:
        if one not in schema.KINDS:
            detail = f"there is no kind of things {one!r}; there are: {', '.join(schema.KINDS)}"
            raise ProblemError(400, "unknown-type", detail, parameter="type", allowed=list(schema.KINDS))
    return given


def _row(hit: Hit, local: str | None, view: View) -> tuple[Cell, ...]:
    one = hit.thing
    return (
        NamedNode(one.iri),
        Literal(one.kind),
        Literal(kind_name(one.kind, view.language), language=view.language),
        _text(one.label, one.language),
        _text(one.language),
        _text(hit.alternative),
        _text(one.description, one.described),
        _text(one.described),
        Literal(view.origin + view.link(local) if local else one.iri),
        Literal(hit.rank),
    )


def _text(text: str, language: str = "") -> Literal | None:
    if not text:
        return None
    return Literal(text, language=language) if language else Literal(text)
