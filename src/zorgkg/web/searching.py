"""Search over HTTP: `/api/search` as data, `/search` as a page; one box over everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import Response

from zorgkg.questions.answering import Table
from zorgkg.search import schema
from zorgkg.search.index import Hit, SearchIndex, TooSlow
from zorgkg.terms import ID
from zorgkg.web import links, openapi, pages, parameters, representations, words
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import Service, of

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
    """`/api/search`: what fits the words, the best first."""
    pairs = parameters.of(request)
    parameters.only(pairs, ("q", "type", "lang", "limit", "format", "excel", "languages"))
    language = parameters.language(request, pairs)
    form = representations.chosen(request, pairs, FORMS)
    sought = _sought(pairs)
    if sought is None:
        detail = f"q is what to look for: up to {LONGEST} characters"
        raise ProblemError(400, "missing-q", detail, parameter="q")
    kinds = _kinds(pairs)
    limit = parameters.whole(pairs, "limit", 1, MOST) or USUAL
    rows = [_row(request, one, language) for one in find(of(request), sought, language, kinds, limit)]
    body = representations.table(form, Table(_COLUMNS, rows, "", False), _told(pairs))
    return representations.response(request, form, body, language, filename="search")


def page(request: Request) -> Response:
    """`/search`: the box, and what fits the words in it."""
    pairs = parameters.of(request)
    parameters.only(pairs, ("q", "type", "lang"))
    language = parameters.language(request, pairs)
    sought, kinds = _sought(pairs), _kinds(pairs)
    hits = find(of(request), sought, language, kinds, _ON_PAGE + 1) if sought else []
    names = sorted(((kind_name(one, language), one) for one in schema.KINDS), key=lambda pair: pair[0].casefold())
    context = {
        "sought": sought or "",
        "results": [Result.of(one, language) for one in hits[:_ON_PAGE]],
        "cut": _ON_PAGE if len(hits) > _ON_PAGE else 0,
        "kinds": [(name, kind, kind in kinds) for name, kind in names],
        "longest": LONGEST,
    }
    return pages.render(request, "search.html", language, context)


@dataclass(frozen=True)
class Result:
    """What was found, for a person; see :class:`zorgkg.search.index.Hit`."""

    iri: str
    kind: str
    label: str
    language: str
    alternative: str
    description: str
    described: str

    @classmethod
    def of(cls, hit: Hit, language: str) -> Result:
        """Tell what was found in a reader's language."""
        one = hit.thing
        kind = kind_name(one.kind, language)
        return cls(where(one.iri), kind, one.label, one.language, hit.alternative, one.description, one.described)


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
        raise ProblemError(
            503, "slow-search", f"{error}; try again, or with other words", {"Retry-After": _AGAIN}
        ) from None


def index(service: Service) -> SearchIndex:
    """Return the search index of a version.

    :raises ProblemError: 503, it is being made; 501, there never will be one.
    """
    if service.search:
        return service.search
    if why := schema.unavailable():
        raise ProblemError(501, "no-search", f"{why}; install Python with a newer SQLite")
    detail = "the search index of this version is being made; try again in a moment"
    raise ProblemError(503, "no-search-yet", detail, {"Retry-After": _AGAIN})


def kind_name(kind: str, language: str) -> str:
    """Return what a kind of things is called."""
    return words.say(language)(f"kind_{kind}")


def where(iri: str) -> str:
    """Return the IRI whose page tells most of a thing: of a question, the question itself."""
    return iri


def operation() -> dict[str, Any]:
    """Return the OpenAPI of `/api/search`."""
    kinds = {"type": "array", "items": {"type": "string", "enum": list(schema.KINDS)}}
    told = openapi.operation(
        "Things by name or words: the best first, whatever the accents, and with small mistakes forgiven",
        {representations.FORMS[one].media: "what was found" for one in FORMS},
        [
            openapi.query(
                "q",
                "What to look for",
                {"type": "string", "minLength": 1, "maxLength": LONGEST, "example": "ocmw gent"},
            ),
            openapi.query("type", "Only these kinds of things", kinds),
            openapi.language(),
            openapi.query("limit", "At most this many", {"type": "integer", "minimum": 1, "maximum": MOST}),
            openapi.query("format", "Form of the answer (else Accept)", {"type": "string", "enum": list(FORMS)}),
        ],
    )
    return {"operationId": "search", **told}


def _sought(pairs: parameters.Pairs) -> str | None:
    sought = parameters.single(pairs, "q")
    if sought and len(sought) > LONGEST:
        detail = f"q has {len(sought):,} characters; it may have {LONGEST}"
        raise ProblemError(400, "invalid-q", detail, parameter="q")
    return sought


def _kinds(pairs: parameters.Pairs) -> tuple[str, ...]:
    # A form sends an empty value for all.
    given = tuple(dict.fromkeys(value for name, value in pairs if name == "type" and value))
    for one in given:
        if one not in schema.KINDS:
            detail = f"there is no kind of things {one!r}; there are: {', '.join(schema.KINDS)}"
            raise ProblemError(400, "unknown-type", detail, parameter="type", allowed=list(schema.KINDS))
    return given


def _row(request: Request, hit: Hit, language: str) -> tuple[NamedNode | Literal | None, ...]:
    one = hit.thing
    local = links.local(where(one.iri))
    return (
        NamedNode(one.iri),
        Literal(one.kind),
        Literal(kind_name(one.kind, language), language=language),
        _text(one.label, one.language),
        Literal(one.language) if one.language else None,
        Literal(hit.alternative) if hit.alternative else None,
        _text(one.description, one.described) if one.description else None,
        Literal(one.described) if one.described else None,
        Literal(links.relative(request, local) if local else one.iri),
        Literal(hit.rank),
    )


def _text(text: str, language: str) -> Literal:
    return Literal(text, language=language) if language else Literal(text)
