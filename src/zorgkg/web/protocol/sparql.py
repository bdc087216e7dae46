"""`/sparql`: the query operation of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), and a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from zorgkg.engine.interface import Dataset
from zorgkg.engine.remote import RemoteEngine
from zorgkg.results import written
from zorgkg.sparql import decode_escapes, tokens
from zorgkg.terms import PREFIXES
from zorgkg.web import cache, links, pages, parameters
from zorgkg.web.forms import negotiation
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol import evaluation, relay, service_description, writing
from zorgkg.web.protocol.evaluation import GRAPHS, RESULTS
from zorgkg.web.service import Service, of
from zorgkg.web.threads import disconnection

SHORT: Final = {
    "json": "application/sparql-results+json, application/ld+json;q=0.9",
    "xml": "application/sparql-results+xml, application/rdf+xml;q=0.9",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "turtle": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "json-ld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "rdf+xml": "application/rdf+xml",
}
"""Values of `?format`, for clients that cannot set a header."""

_DATASET = ("default-graph-uri", "named-graph-uri")
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


@dataclass(frozen=True)
class _Operation:
    query: str | None
    dataset: Dataset
    format: str | None


async def endpoint(request: Request) -> Response:
    """Answer a query sent by GET, by POST as a form, or by POST as `application/sparql-query`."""
    service = of(request)
    operation = await _operation(request, service.settings.max_query)
    accept = request.headers.get("accept")
    if operation.format is not None:
        accept = SHORT[operation.format]
    if operation.query is None:
        return _without_query(request, service, accept)
    if _wants_page(operation.query, accept):
        return await _page(request, service, operation.query, operation.dataset)
    if isinstance(service.engine, RemoteEngine):
        return await relay.answer(service, service.engine, operation.query, operation.dataset, accept)
    found = await evaluation.answer(service, operation.query, operation.dataset, accept, disconnection(request))
    if found.is_fixed:
        # An answer without ORDER BY may come in another order once the version is held in memory.
        cache.keep(request, "/sparql", ordered=False)
    headers = {"Vary": "Accept", "X-Zorgkg-Version": service.manifest.id}
    return Response(found.body, headers=headers, media_type=found.media)


async def _operation(request: Request, longest: int) -> _Operation:
    pairs = parameters.of(request)
    if request.method == "POST":
        kind = writing.media(request, [_FORM, _QUERY])
        body = await _body(request, longest)
        if kind == _FORM:
            pairs = [*pairs, *parameters.decode(body, "form")]
        else:
            if any(name == "query" for name, _ in pairs):
                raise ProblemError(400, "query-twice", "the query stands in the body and in the query string")
            # Editors put a byte order mark before the text; it is none of it (Unicode, section 23.8).
            pairs = [*pairs, ("query", _utf8(body, "body").removeprefix("\ufeff"))]
        if not any(name == "query" for name, _ in pairs):
            raise ProblemError(400, "no-query", "the parameter query is missing", parameter="query")
    return _read(pairs, longest)


def _read(pairs: Pairs, longest: int) -> _Operation:
    if any(name == "update" for name, _ in pairs):
        raise ProblemError(400, "update", "/sparql answers queries; updates go to /update", parameter="update")
    # Other parameters are left alone: clients send ones of their own (output, results, timeout …) to every endpoint.
    for name in ("query", "format", "lang"):
        parameters.single(pairs, name)
    query = dict(pairs).get("query")
    if query is not None and len(query.encode()) > longest:
        raise ProblemError(413, "query-too-long", f"the query is longer than {longest:,} bytes, the most that is taken")
    graphs = {name: tuple(value for one, value in pairs if one == name) for name in _DATASET}
    for name, iris in graphs.items():
        for iri in iris:
            try:
                NamedNode(iri)
            except ValueError as error:
                raise ProblemError(400, "invalid-iri", f"{name}: {iri!r} is no absolute IRI", parameter=name) from error
    return _Operation(query, Dataset(graphs[_DATASET[0]], graphs[_DATASET[1]]), parameters.form(pairs, tuple(SHORT)))


async def _body(request: Request, longest: int) -> bytes:
    body = b""
    # Percent-encoding can triple a text's length; the text's own length is checked after decoding.
    async for chunk in request.stream():
        body += chunk
        if len(body) > 3 * longest + 10_000:
            raise ProblemError(
                413, "query-too-long", f"the query is longer than {longest:,} bytes, the most that is taken"
            )
    return body


def _utf8(body: bytes, where: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError(400, "encoding", f"the {where} is not UTF-8 (byte {error.start + 1})") from error


def _wants_page(query: str, accept: str | None) -> bool:
    tables, graphs = (negotiation.choose(accept, [*types, "text/html"]) == "text/html" for types in (RESULTS, GRAPHS))
    if tables == graphs:
        return tables
    # Only the query's form tells which types compete with the page; the text isn't parsed in this process.
    words = (token.text.upper() for token in tokens(decode_escapes(query)) if token.kind == "word")
    return graphs if next((word for word in words if word in _FORMS), "") in ("CONSTRUCT", "DESCRIBE") else tables


async def _page(request: Request, service: Service, query: str, dataset: Dataset) -> Response:
    """The form with its query and, below it, the answer or what is wrong."""
    try:
        if isinstance(service.engine, RemoteEngine):
            result = await relay.page(service, service.engine, query, dataset)
        else:
            result = await evaluation.page(service, query, dataset, disconnection(request))
    except ProblemError as error:
        return await run_in_threadpool(pages.sparql, request, service, query, error=error)
    return await run_in_threadpool(pages.sparql, request, service, query, result)


def _without_query(request: Request, service: Service, accept: str | None) -> Response:
    media = negotiation.choose(accept, ["text/turtle", "text/html", *list(GRAPHS)[1:]])
    if media is None:
        raise ProblemError(
            406, "not-acceptable", "the service description can be given as RDF or HTML", allowed=list(GRAPHS)
        )
    if media == "text/html":
        return pages.sparql(request, service)
    endpoint = links.absolute(request, "/sparql")
    writer: writing.Writer | None = request.scope.get("zorgkg.writer")
    update = links.absolute(request, "/update") if writer and writer.open else None
    federated = bool(service.settings.services)
    triples = service_description.describe(service.manifest, endpoint, update, federated)
    prefixes = {name: iri for name, iri in PREFIXES.items() if name == "void"} | {"sd": service_description.SD}
    body = written(triples, GRAPHS[media], prefixes)
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    headers = {"Vary": "Accept", "X-Zorgkg-Version": service.manifest.id}
    return Response(body, headers=headers, media_type=media + charset)
