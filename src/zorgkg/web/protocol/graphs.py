"""`/graphs`: the SPARQL 1.1 Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/).

A graph is named by `?graph=`, by `?default`, or directly: what is asked for below `/graphs/` is the graph with that
very IRI. Without a graph it is the whole dataset. `?default` is what was written without naming a graph; queries see
the merge of all graphs.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import Final
from urllib.parse import quote

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, serialize
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import Message

from zorgkg.engine.interface import Dataset
from zorgkg.publishing.payload import DATASET_FORMATS, GRAPH_FORMATS
from zorgkg.publishing.update import DEFAULT
from zorgkg.terms import PREFIXES, dataset_graph, dataset_name, is_dataset_name
from zorgkg.web import links, parameters
from zorgkg.web.forms import negotiation
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol import evaluation, handed, writing
from zorgkg.web.protocol.sparql import SHORT
from zorgkg.web.protocol.writing import Part
from zorgkg.web.service import Service, of
from zorgkg.web.threads import streamed

_MULTIPART: Final = "multipart/form-data"
_UPDATE: Final = "application/sparql-update"
_WHOLE: Final = {"application/n-quads": RdfFormat.N_QUADS, "application/trig": RdfFormat.TRIG}
_BATCH: Final = 5000
_LARGE: Final = 200_000
_LINES: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.N_TRIPLES,
}
"""Forms in which a graph of more than so many statements is given as it is read."""


async def endpoint(request: Request) -> Response:
    """Give, replace, add to, change or remove a graph, or the whole dataset."""
    pairs = parameters.of(request)
    graph = _named(request, pairs)
    if request.method == "GET":
        parameters.only(pairs, ("graph", "default", "format"))
        return await _get(request, graph, _accept(request, pairs, graph))
    parameters.only(pairs, ("graph", "default", "dry-run", "lang"))
    return await _write(request, pairs, graph)


async def dataset(request: Request) -> Response:
    """`PUT` and `DELETE` of `/datasets/{name}`: a dataset as a package (zip), as RDF or as a table."""
    name = request.path_params["name"]
    if request.method == "GET":
        where = links.relative(request, f"/doc/dataset/{quote(name)}", parameters.of(request))
        return RedirectResponse(where, 303)
    pairs = parameters.of(request)
    parameters.only(pairs, ("dry-run", "lang", *(handed.PARAMETERS if request.method == "PUT" else ())))
    if not is_dataset_name(name):
        raise ProblemError(400, "dataset-name", f"{name!r}: a dataset's name has small letters, digits and hyphens")
    graph = dataset_graph(name)
    writer = writing.of(request)
    writer.allow(request, graph)
    if request.method == "DELETE":
        told, sent = writing.change(request, pairs, "delete", graph)
    else:
        taken = ["application/zip", *GRAPH_FORMATS, *DATASET_FORMATS, *handed.MEDIA_TYPES]
        kind = writing.media(request, taken, tables=handed.MEDIA_TYPES)
        table = handed.told(pairs, name, kind) if kind in handed.MEDIA_TYPES else None
        if table is None:
            parameters.only(pairs, ("dry-run", "lang"))
        body = await writing.body(request, writer.longest)
        does = "table" if table else "package" if kind == "application/zip" else "dataset"
        told, sent = writing.change(request, pairs, does, graph, [Part(kind, body)])
        told |= {"table": table}
    outcome, report = await writer.write(request, told | {"name": name}, sent, writing.dry_run(pairs))
    return writing.answer(request, outcome, report, graph.value)


async def _write(request: Request, pairs: Pairs, graph: NamedNode | None) -> Response:
    writer = writing.of(request)
    writer.allow(request, graph)
    if request.method == "DELETE":
        told, sent = writing.change(request, pairs, "delete", graph)
    elif request.method == "PATCH":
        if graph is None:
            raise ProblemError(400, "no-graph", "PATCH changes one graph; name it, or send the update to /update")
        writing.media(request, [_UPDATE], "Accept-Patch")
        body = await writing.body(request, writer.longest)
        told, sent = writing.change(request, pairs, "update", graph, [Part(_UPDATE, body)])
        told |= {"using": [], "named": []}
    else:
        forms = dict.fromkeys([*GRAPH_FORMATS, *([] if graph else DATASET_FORMATS), _MULTIPART])
        parts = await _parts(request, writing.media(request, forms, f"Accept-{request.method.title()}"), writer.longest)
        if graph is None and request.method == "POST" and all(part.media in GRAPH_FORMATS for part in parts):
            # Section 5.5: what is sent to the graph store itself makes a graph with a new name.
            graph = NamedNode(f"{writing.address(request).rstrip('/')}/{uuid.uuid4()}")
        elif graph is None and any(part.media not in DATASET_FORMATS for part in parts):
            detail = f"name the graph by ?graph= or ?default, or send the whole as {', '.join(DATASET_FORMATS)}"
            raise ProblemError(400, "no-graph", detail)
        told, sent = writing.change(request, pairs, request.method.lower(), graph, parts)
    outcome, report = await writer.write(request, told, sent, writing.dry_run(pairs))
    return writing.answer(request, outcome, report, graph.value if graph else "")


def _named(request: Request, pairs: Pairs) -> NamedNode | None:
    """The graph that a request is about; None for the whole dataset."""
    given, default = parameters.single(pairs, "graph"), any(name == "default" for name, _ in pairs)
    direct = request.path_params.get("path", "")
    if (given is not None) + default + bool(direct) > 1:
        raise ProblemError(400, "graph-twice", "the graph is named twice; give the path, ?graph= or ?default")
    if default:
        return DEFAULT
    if given is None and any(name == "graph" for name, _ in pairs):
        raise ProblemError(400, "invalid-iri", "graph: an IRI is missing", parameter="graph")
    iri = writing.address(request) if direct else given
    if iri is None:
        return None
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise ProblemError(400, "invalid-iri", f"graph: {iri!r} is no absolute IRI", parameter="graph") from error


def _accept(request: Request, pairs: Pairs, graph: NamedNode | None) -> str | None:
    """The media types that a client prefers: `?format` is for those that cannot set a header."""
    formats = {suffix.removeprefix("."): media for media, suffix in _SUFFIX.items()} if graph is None else SHORT
    chosen = parameters.form(pairs, tuple(formats))
    return formats[chosen] if chosen else request.headers.get("accept")


async def _get(request: Request, graph: NamedNode | None, accept: str | None) -> Response:
    service = of(request)
    if graph is None:
        return _whole(request, service, accept)
    if graph != DEFAULT and dataset_name(graph.value) not in service.manifest.datasets:
        raise ProblemError(404, "no-such-graph", f"there is no graph <{graph.value}>; /datasets lists them")
    offered = [*evaluation.GRAPHS]
    if negotiation.choose(accept, offered) is None:
        raise ProblemError(406, "not-acceptable", f"a graph can be given as {', '.join(offered)}", allowed=offered)
    media, serving = negotiation.choose(accept, offered), request.scope.get("zorgkg.serving")
    size = service.manifest.datasets.get(dataset_name(graph.value), 0)
    if media in _LINES and serving is not None and size > _LARGE:
        # As the whole dataset: a download has no limit, an answer to a query has.
        lines = _downloaded(request, serving.store(service.manifest.id), _LINES[media], graph)
        return StreamingResponse(lines, headers=_headers(service), media_type=media)
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph.value}> {{ ?s ?p ?o }} }}"
    found = await evaluation.answer(service, query, Dataset(), accept)
    return Response(found.body, headers=_headers(service), media_type=found.media)


def _whole(request: Request, service: Service, accept: str | None) -> Response:
    media = negotiation.choose(accept, list(_WHOLE))
    if media is None:
        offered = list(_WHOLE)
        detail = (
            f"the whole dataset can be given as {', '.join(offered)}; one graph by ?graph= also as Turtle and others"
        )
        raise ProblemError(406, "not-acceptable", detail, allowed=offered)
    serving = request.scope.get("zorgkg.serving")
    if serving is None:
        raise ProblemError(404, "no-dataset", "the whole dataset is not given here; ask for one graph by ?graph=")
    headers = _headers(service) | {"Content-Disposition": f'attachment; filename="zorgkg{_SUFFIX[media]}"'}
    lines = _downloaded(request, serving.store(service.manifest.id), _WHOLE[media], None)
    return StreamingResponse(lines, headers=headers, media_type=media)


_SUFFIX: Final = {"application/n-quads": ".nq", "application/trig": ".trig"}


def _downloaded(request: Request, store: Store, form: RdfFormat, graph: NamedNode | None) -> AsyncIterator[bytes]:
    """The statements of a graph, or of all; the answer to HEAD has no body, and nothing is read for it."""
    if request.scope.get("zorgkg.method") == "HEAD":
        return streamed(lambda: iter(()))
    return streamed(lambda: _serialised(store, form, graph))


def _serialised(store: Store, form: RdfFormat, graph: NamedNode | None) -> Iterator[bytes]:
    """Batch by batch: each is a document, and so are all of them together."""
    for one in [graph] if graph else store.named_graphs():
        quads = iter(store.quads_for_pattern(None, None, None, one))
        while batch := list[Quad](islice(quads, _BATCH)):
            told = batch if form.supports_datasets else [quad.triple for quad in batch]
            yield serialize(told, format=form, prefixes=PREFIXES) or b""


def _headers(service: Service) -> dict[str, str]:
    return {"Vary": "Accept", "X-Zorgkg-Version": service.manifest.id}


async def _parts(request: Request, kind: str, longest: int) -> list[Part]:
    body = await writing.body(request, longest)
    if kind != _MULTIPART:
        return [Part(kind, body)]

    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    parts = []
    async with Request(request.scope, again).form() as form:
        for _, file in form.multi_items():
            if not isinstance(file, UploadFile):
                raise ProblemError(400, "multipart", "each part of the form is a file with its Content-Type")
            media = writing.read_media(file.content_type or "", GRAPH_FORMATS, f"{file.filename}: a part")
            parts.append(Part(media, await file.read()))
    # A form that was cut off would count as one that has less, and replace a graph with that.
    if not parts or not body.rstrip().endswith(b"--"):
        raise ProblemError(400, "multipart", "the form has no part, or does not end with its boundary")
    return parts
