"""`/sparql`: the query operation of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), and a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from zorgkg.engine.interface import Dataset
from zorgkg.engine.remote import RemoteEngine
from zorgkg.terms import PREFIXES, graph_of, term
from zorgkg.web import evaluation, negotiation, pages, parameters, relay
from zorgkg.web.evaluation import GRAPHS, RESULTS
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import Service, of

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
_ALLOW = "GET, HEAD, POST, OPTIONS"


@dataclass(frozen=True)
class _Operation:
    query: str | None
    dataset: Dataset
    format: str | None


async def endpoint(request: Request) -> Response:
    """Answer a query sent by GET, by POST as a form, or by POST as `application/sparql-query`."""
    service = of(request)
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": _ALLOW})
    if request.method not in ("GET", "HEAD", "POST"):
        raise ProblemError(405, "method", f"/sparql takes {_ALLOW}", {"Allow": _ALLOW})
    operation = await _operation(request, service.settings.max_query)
    accept = request.headers.get("accept")
    if operation.format is not None:
        accept = SHORT[operation.format]
    if operation.query is None:
        return _without_query(request, service, accept)
    if negotiation.choose(accept, [*RESULTS, *GRAPHS, "text/html"]) == "text/html":
        return await _page(request, service, operation.query, operation.dataset)
    if isinstance(service.engine, RemoteEngine):
        return await relay.answer(service, service.engine, operation.query, operation.dataset, accept)
    media, body = await evaluation.answer(service, operation.query, operation.dataset, accept)
    return Response(body, headers={"Vary": "Accept", "X-Zorgkg-Version": service.manifest.id}, media_type=media)


async def _operation(request: Request, longest: int) -> _Operation:
    pairs = parameters.of(request)
    if request.method == "POST":
        kind, _, rest = request.headers.get("content-type", "").partition(";")
        kind = kind.strip().lower()
        if kind not in (_FORM, _QUERY):
            given = kind or "no Content-Type"
            detail = f"POST takes {_FORM} or {_QUERY}, not {given}"
            raise ProblemError(415, "media-type", detail, {"Accept-Post": f"{_FORM}, {_QUERY}"})
        charset = dict(parse_qsl(rest.strip().replace(";", "&"))).get("charset", "utf-8").strip('"').lower()
        if charset not in ("utf-8", "utf8"):
            raise ProblemError(415, "charset", f"charset {charset!r}: SPARQL is sent as UTF-8")
        body = await _body(request, longest)
        if kind == _FORM:
            pairs = [*pairs, *parameters.decode(body, "form")]
        else:
            if any(name == "query" for name, _ in pairs):
                raise ProblemError(400, "query-twice", "the query stands in the body and in the query string")
            pairs = [*pairs, ("query", _utf8(body, "body"))]
        if not any(name == "query" for name, _ in pairs):
            raise ProblemError(400, "no-query", "the parameter query is missing", parameter="query")
    return _read(pairs, longest)


def _read(pairs: Pairs, longest: int) -> _Operation:
    if any(name == "update" for name, _ in pairs):
        raise ProblemError(400, "update", "/sparql answers queries; it takes no updates", parameter="update")
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


async def _page(request: Request, service: Service, query: str, dataset: Dataset) -> Response:
    """The form with its query and, below it, the answer or what is wrong."""
    try:
        if isinstance(service.engine, RemoteEngine):
            result = await relay.page(service, service.engine, query, dataset)
        else:
            result = await evaluation.page(service, query, dataset)
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
    base = str(request.url.replace(query="", fragment=""))
    body = serialize(_description(service, base), format=GRAPHS[media], prefixes={**PREFIXES, "sd": _SD})
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    return Response(body, headers={"Vary": "Accept"}, media_type=media + charset)


_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"


def _description(service: Service, endpoint: str) -> list[Triple]:
    """SPARQL 1.1 Service Description (https://www.w3.org/TR/sparql11-service-description/)."""

    def sd(name: str) -> NamedNode:
        return NamedNode(_SD + name)

    here, dataset, default = BlankNode(), BlankNode(), BlankNode()
    kind = term("rdf:type")
    formats = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
    triples = [
        Triple(here, kind, sd("Service")),
        Triple(here, sd("endpoint"), NamedNode(endpoint)),
        Triple(here, sd("supportedLanguage"), sd("SPARQL11Query")),
        Triple(here, sd("feature"), sd("UnionDefaultGraph")),
        *(
            Triple(here, sd("resultFormat"), NamedNode(_FORMATS + name))
            for name in (*formats, "Turtle", "N-Triples", "RDF_XML", "JSON-LD")
        ),
        Triple(here, sd("defaultDataset"), dataset),
        Triple(dataset, kind, sd("Dataset")),
        Triple(dataset, sd("defaultGraph"), default),
        Triple(default, kind, sd("Graph")),
        Triple(default, term("void:triples"), Literal(service.manifest.triples)),
    ]
    for name, count in service.manifest.datasets.items():
        named, graph = BlankNode(), BlankNode()
        triples += [
            Triple(dataset, sd("namedGraph"), named),
            Triple(named, kind, sd("NamedGraph")),
            Triple(named, sd("name"), graph_of(name)),
            Triple(named, sd("graph"), graph),
            Triple(graph, kind, sd("Graph")),
            Triple(graph, term("void:triples"), Literal(count)),
        ]
    return triples
