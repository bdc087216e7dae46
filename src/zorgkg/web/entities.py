"""Things: `/id/…` names them, `/doc/…` tells of them, `/ns` and `/datasets` likewise; each as a page or as RDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, RdfFormat, Triple, serialize
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from zorgkg.engine.interface import EngineError
from zorgkg.terms import ID, NS, PREFIXES, THING_TYPES, graph_of, shorten, term, thing
from zorgkg.web import descriptions, links, negotiation, pages, parameters, portraits
from zorgkg.web.descriptions import Name, Vocable
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import Service, of

SUFFIXES: Final = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
}
"""RDF by suffix of the path; by Accept also `application/json` (JSON-LD)."""

_HTML = "text/html"
_MEDIA: Final = {
    # The first is for clients that take anything: a browser asks for HTML by name.
    **{media: (media, form) for media, form in SUFFIXES.values()},
    "application/json": ("application/ld+json", RdfFormat.JSON_LD),
    "text/plain": ("text/plain", RdfFormat.N_TRIPLES),
}
_TITLES = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML"}
_SEGMENT = re.compile(r"[^\x00-\x20\x7f<>\"{}|\\^`/?#\ufffd]+")


def identifier(request: Request) -> Response:
    """`/id/{type}/{slug}`: 303 to the document about the thing (https://www.w3.org/TR/cooluris/, section 4.3)."""
    kind, slug = request.path_params["type"], request.path_params["slug"]
    iri = _iri(kind, slug)
    if not _known(of(request), kind, slug, iri):
        raise _nothing(iri)
    # The thing itself is no document; which one fits is negotiated at /doc.
    where = links.relative(request, f"/doc/{kind}/{quote(slug, safe='/-._~')}", parameters.of(request))
    return RedirectResponse(where, 303, headers={"Vary": "Accept"})


def document(request: Request) -> Response:
    """`/doc/{type}/{slug}`, with or without suffix: the description of a thing."""
    service = of(request)
    # Asked for a page only, but a language that we don't have is none in any form.
    parameters.language(request, parameters.of(request))
    kind, slug = request.path_params["type"], request.path_params["slug"]
    slug, suffix = _suffix(slug)
    iri = _iri(kind, slug)
    if not _known(service, kind, slug, iri):
        raise _nothing(iri)
    path = f"/doc/{kind}/{quote(slug, safe='/-._~')}"
    media = _negotiated(request, suffix)
    if media == _HTML:
        return _portrait(request, service, iri, kind, slug, path)
    description = descriptions.describe(service.engine, iri)
    triples = description.triples or _counted(service, slug)
    relations = [f'<{iri}>; rel="describes"', *_alternates(request, path, media)]
    if description.cut:
        # Never a silently shortened answer: the note says what was cut and where the rest is.
        rest = links.absolute(request, "/sparql", [("query", descriptions.incoming_query(iri))])
        title = f"first {descriptions.INCOMING} incoming statements given; all are here"
        relations.append(f'<{rest}>; rel="related"; title="{title}"')
    return _rdf(request, triples, media, relations)


def ontology(request: Request) -> Response:
    """`/ns`, with or without suffix: the ontology."""
    service = of(request)
    language = parameters.language(request, parameters.of(request))
    media = _negotiated(request, request.scope["path"].partition(".")[2])
    triples = descriptions.ontology(service.engine)
    if not triples:
        raise ProblemError(404, "unknown-thing", "this graph holds no ontology")
    if media != _HTML:
        return _rdf(request, triples, media, _alternates(request, "/ns", media))
    vocables = descriptions.vocabulary(service.engine, language)
    name = portraits.Namer(service.engine, language)
    name.learn(iri for one in vocables for iris in one.related.values() for iri in iris)
    told = [_term(one, name) for one in vocables]
    context = {
        "classes": [one for one in told if one.vocable.is_class],
        "properties": [one for one in told if not one.vocable.is_class],
        **_ways(request, "/ns"),
    }
    return pages.render(request, "ns.html", language, context, headers=_link(request, "/ns"))


def datasets(request: Request) -> Response:
    """`/datasets`, with or without suffix: the datasets of this version."""
    service = of(request)
    language = parameters.language(request, parameters.of(request))
    media = _negotiated(request, request.scope["path"].partition(".")[2])
    if media != _HTML:
        triples = [
            triple
            for name in service.manifest.datasets
            for triple in descriptions.outgoing(service.engine, graph_of(name).value) or _counted(service, name)
        ]
        return _rdf(request, list(dict.fromkeys(triples)), media, _alternates(request, "/datasets", media))
    iris = {name: graph_of(name).value for name in service.manifest.datasets}
    named = descriptions.names(service.engine, iris.values(), language)
    listed = [(named.get(iris[one]) or Name(iris[one], one), count) for one, count in service.manifest.datasets.items()]
    context = {"datasets": listed, **_ways(request, "/datasets")}
    return pages.render(request, "datasets.html", language, context, headers=_link(request, "/datasets"))


# Which thing, which form


def _iri(kind: str, slug: str) -> str:
    if not all(_SEGMENT.fullmatch(part) and part not in (".", "..") for part in slug.split("/")):
        raise ProblemError(400, "malformed-identifier", f"{slug!r} cannot be part of an identifier")
    if not _SEGMENT.fullmatch(kind):
        raise ProblemError(400, "malformed-identifier", f"{kind!r} is no type of thing")
    return thing(kind, slug).value


def _known(service: Service, kind: str, slug: str, iri: str) -> bool:
    return descriptions.exists(service.engine, iri) or (kind == "dataset" and slug in service.manifest.datasets)


def _nothing(iri: str) -> ProblemError:
    kind = iri.removeprefix(ID).partition("/")[0]
    hint = "" if kind in THING_TYPES else f"; types of things are {', '.join(THING_TYPES)}"
    return ProblemError(404, "unknown-thing", f"the graph says nothing of {iri}{hint}")


def _suffix(slug: str) -> tuple[str, str]:
    bare, dot, suffix = slug.rpartition(".")
    return (bare, suffix) if dot and (suffix in SUFFIXES or suffix == "html") else (slug, "")


def _negotiated(request: Request, suffix: str) -> str:
    if suffix:
        return _HTML if suffix == "html" else SUFFIXES[suffix][0]
    offered = [next(iter(_MEDIA)), _HTML, *list(_MEDIA)[1:]]
    media = negotiation.choose(request.headers.get("accept"), offered)
    if media is None:
        raise ProblemError(406, "not-acceptable", f"this can be given as {', '.join(offered)}", allowed=offered)
    return media


def _counted(service: Service, name: str) -> list[Triple]:
    """What can be said of a dataset that describes itself nowhere: it is one, of so many statements."""
    iri = graph_of(name)
    size = Literal(service.manifest.datasets[name])
    return [Triple(iri, term("rdf:type"), term("void:Dataset")), Triple(iri, term("void:triples"), size)]


# Answers


def _rdf(request: Request, triples: Sequence[Triple], media: str, relations: Sequence[str]) -> Response:
    told, form = _MEDIA[media]
    try:
        body = serialize(triples, format=form, prefixes=PREFIXES) or b""
    except (OSError, ValueError) as error:
        raise EngineError(str(error)) from error
    headers = {"Vary": "Accept", "X-Zorgkg-Version": of(request).manifest.id, "Link": ", ".join(relations)}
    charset = "; charset=utf-8" if told.startswith("text/") else ""
    return Response(body, headers=headers, media_type=told + charset)


def _portrait(request: Request, service: Service, iri: str, kind: str, slug: str, path: str) -> Response:
    language = parameters.language(request, parameters.of(request))
    portrait = portraits.portray(service.engine, iri, kind, language)
    if portrait is None:
        # A dataset's named graph that nothing describes.
        name = portraits.Namer(service.engine, language)
        size = portraits.Fact(
            name(term("void:triples").value), [descriptions.Text(str(service.manifest.datasets[slug]))]
        )
        portrait = portraits.Portrait(
            iri, Name(iri, slug), [name(term("void:Dataset").value)], [], [], None, [size], []
        )
    headers = _link(request, path)
    headers["Link"] = f'<{iri}>; rel="describes", {headers["Link"]}'
    return pages.render(
        request, "thing.html", language, {"portrait": portrait, **_ways(request, path)}, headers=headers
    )


def _alternates(request: Request, path: str, media: str = _HTML) -> list[str]:
    found = [
        f'<{links.absolute(request, f"{path}.{suffix}")}>; rel="alternate"; type="{other}"'
        for suffix, (other, _) in SUFFIXES.items()
        if other != media
    ]
    if media != _HTML:
        found.append(f'<{links.absolute(request, f"{path}.html")}>; rel="alternate"; type="{_HTML}"')
    return found


def _link(request: Request, path: str) -> dict[str, str]:
    return {"Link": ", ".join(_alternates(request, path))}


def _ways(request: Request, path: str) -> dict[str, list[tuple[str, str]]]:
    """The other forms of a page: for its head and for its reader."""
    return {
        "alternates": [(media, links.relative(request, f"{path}.{suffix}")) for suffix, (media, _) in SUFFIXES.items()],
        "downloads": [(_TITLES[suffix], links.relative(request, f"{path}.{suffix}")) for suffix in SUFFIXES],
    }


@dataclass(frozen=True)
class _Told:
    vocable: Vocable
    anchor: str
    short: str
    related: list[tuple[str, list[tuple[str, str]]]]


def _term(vocable: Vocable, name: portraits.Namer) -> _Told:
    related = [
        (key, [(iri, name(iri).text if iri.startswith(NS) else shorten(iri)) for iri in iris])
        for key, iris in vocable.related.items()
        if iris
    ]
    return _Told(vocable, vocable.iri.removeprefix(NS), shorten(vocable.iri), related)
