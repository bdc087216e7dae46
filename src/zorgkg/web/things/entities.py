"""Things: `/id/…` names them, `/doc/…` tells of them, as a page or as RDF."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from pyoxigraph import Quad, Triple
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from zorgkg.search import nearest
from zorgkg.terms import ID, THING_TYPES, thing
from zorgkg.web import links, pages, parameters
from zorgkg.web.catalogue import dcat
from zorgkg.web.forms import alternates, representations
from zorgkg.web.forms.representations import Form
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import Service, of
from zorgkg.web.things import descriptions
from zorgkg.web.things import thing as things
from zorgkg.web.things.descriptions import Description
from zorgkg.web.view import View

RDF: Final = (*representations.GRAPH, *representations.QUADS)
"""Forms of RDF in which a thing is described. The first is for clients that take anything."""

OFFERED: Final = (*RDF, "html")

_SEGMENT: Final = re.compile(r"[^\x00-\x20\x7f<>\"{}|\\^`/?#\ufffd]+")

_KIND: Final = re.compile(r"[A-Za-z0-9._~-]+")
"""Types stand in an IRI as they are: what would have to be encoded there is none."""


def identifier(request: Request) -> Response:
    """`/id/{type}/{slug}`: 303 to the document about the thing (https://www.w3.org/TR/cooluris/, section 4.3)."""
    kind, slug = request.path_params["type"], request.path_params["slug"]
    pairs = parameters.of(request)
    parameters.only(pairs, ("lang", "format"))
    iri = _iri(kind, slug)
    if not _known(of(request), kind, slug, iri):
        raise _nothing(of(request), kind, slug, parameters.language(request, pairs))
    # The thing itself is no document; which one fits is negotiated at /doc.
    path = _path(kind, slug)
    where = links.relative(request, path, pairs)
    view = View.of(request, parameters.language(request, pairs))
    described = f'<{view.absolute(path, view.version_pair)}>; rel="describedby"'
    return RedirectResponse(where, 303, headers={"Vary": "Accept", "Link": described})


def document(request: Request) -> Response:
    """`/doc/{type}/{slug}`, with or without suffix: the description of a thing."""
    service = of(request)
    pairs = parameters.of(request)
    parameters.only(pairs, ("lang", "format"))
    kind, (slug, suffix) = (
        request.path_params["type"],
        representations.split_suffix(request.path_params["slug"], OFFERED),
    )
    iri = _iri(kind, slug)
    path = _path(kind, slug)
    form = representations.chosen(request, pairs, OFFERED, suffix)
    view = View.of(request, parameters.language(request, pairs))
    more = dcat.told(request, view, slug) if kind == "dataset" else []
    if form.kind == "page":
        return _page(request, view, kind, slug, more)
    relations = [f'<{iri}>; rel="describes"', *alternates.fields(view, path, OFFERED, form.name)]
    description = descriptions.describe(service.engine, iri)
    if not description.triples and not more:
        raise _nothing(service, kind, slug, view.language)
    body = _written(service, iri, form, description, more)
    if description.cut:
        # Never a silently shortened answer: the note says what was cut and where the rest is.
        rest = view.absolute("/sparql", [("query", descriptions.incoming_query(iri)), *view.version_pair])
        title = f"first {descriptions.INCOMING} incoming statements given; all are here"
        relations.append(f'<{rest}>; rel="related"; title="{title}"')
    headers = {"Vary": "Accept", "X-Zorgkg-Version": service.manifest.id, "Link": ", ".join(relations)}
    return Response(body, headers=headers, media_type=form.content_type)


def _written(service: Service, iri: str, form: Form, description: Description, more: list[Triple]) -> bytes:
    if form.name in representations.QUADS:
        # What this service itself adds, such as where a dataset can be had, stands in no dataset's graph.
        own = [Quad(one.subject, one.predicate, one.object) for one in more]
        return representations.quads(form, [*descriptions.quads(service.engine, iri), *own])
    triples = dict.fromkeys([*description.triples, *more])
    return representations.graph(form, triples, iri)


def _page(request: Request, view: View, kind: str, slug: str, more: list[Triple]) -> Response:
    iri, path = _iri(kind, slug), _path(kind, slug)
    ways = alternates.ways(view, path, RDF)
    if more:
        ways["distributions"] = dcat.links(request, view, iri)
    body = things.page(of(request), view, iri, ways, more)
    if body is None:
        raise _nothing(of(request), kind, slug, view.language)
    relations = [
        f'<{iri}>; rel="describes"',
        f'<{view.absolute(path, view.language_pair)}>; rel="canonical"',
        *alternates.fields(view, path, RDF, "html"),
    ]
    return pages.response(view, body, headers={"Link": ", ".join(relations)})


def _path(kind: str, slug: str) -> str:
    return f"/doc/{kind}/{quote(slug, safe='/-._~')}"


def _iri(kind: str, slug: str) -> str:
    if not all(_SEGMENT.fullmatch(part) and part not in (".", "..") for part in slug.split("/")):
        raise ProblemError(400, "malformed-identifier", f"{slug!r} cannot be part of an identifier")
    if not _KIND.fullmatch(kind):
        raise ProblemError(400, "malformed-identifier", f"{kind!r} is no type of thing")
    return thing(kind, slug).value


def _known(service: Service, kind: str, slug: str, iri: str) -> bool:
    return descriptions.exists(service.engine, iri) or (kind == "dataset" and slug in service.manifest.datasets)


def _nothing(service: Service, kind: str, slug: str, language: str) -> ProblemError:
    """The problem of a thing of which nothing is said, with those of its type that have a like name."""
    if kind not in THING_TYPES:
        hint = f"types of things are {', '.join(THING_TYPES)}"
        return ProblemError(404, "unknown-thing", f"the graph says nothing of {_iri(kind, slug)}; {hint}", near=[])
    start = f"{ID}{kind}/"

    def fits(iri: str) -> bool:
        return iri.startswith(start)

    found = nearest.nearest(service.search, slug, language, fits, [kind]) if service.search else []
    near = {one.removeprefix(start): links.local(one) or "/" for one in found}
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    detail = f"the graph says nothing of {_iri(kind, slug)}{hint}"
    return ProblemError(404, "unknown-thing", detail, pages=near, near=list(near))
