"""The paths of the reconciliation service."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from zorgkg.search.index import SearchIndex, TooSlow
from zorgkg.web import links, pages, parameters, searching
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol import writing
from zorgkg.web.reconciliation import answering, asked, extending, suggesting, vocabulary
from zorgkg.web.reconciliation import manifest as offered
from zorgkg.web.service import Service, of
from zorgkg.web.threads import released
from zorgkg.web.view import View

LONGEST: Final = 500_000
"""Bytes of a form."""

_FORM: Final = "application/x-www-form-urlencoded"
_AGAIN: Final = "5"


async def endpoint(request: Request) -> Response:
    """`/reconcile`: the manifest, a batch of queries, or values of properties."""
    service = of(request)
    pairs = parameters.of(request)
    if request.method == "POST":
        writing.media(request, [_FORM])
        pairs = [*pairs, *parameters.decode(await _body(request), "form")]
    # Batches are compared in a thread, never in the event loop.
    return await run_in_threadpool(released(_answer), request, service, pairs)


def _answer(request: Request, service: Service, pairs: Pairs) -> Response:
    # Other parameters are left alone: clients send some of their own (callback, key) to every service.
    language = parameters.language(request, pairs)
    queries, extend = parameters.single(pairs, "queries"), parameters.single(pairs, "extend")
    if queries is not None and extend is not None:
        raise ProblemError(
            400, "queries-and-extend", "queries and extend are two requests; send one", parameter="extend"
        )
    if queries is not None:
        batch = asked.batch(queries)
        return _told(request, _in_time(lambda: answering.answers(searching.index(service), batch, language)), language)
    if extend is not None:
        ids, columns = extending.wanted(extend)
        index = searching.index(service)
        records = {one: record for one in ids if (record := index.matching.get(vocabulary.iri(one)))}
        return _told(request, extending.extend(service, records, ids, columns, language), language)
    if request.method == "POST":
        detail = "a form has queries (names to look up) or extend (values to fetch)"
        raise ProblemError(400, "missing-queries", detail, parameter="queries")
    return _told(request, offered.manifest(View.of(request, language)), language)


def suggest(request: Request) -> Response:
    """`/reconcile/suggest/{what}`: things, types or properties for what was typed."""
    service = of(request)
    pairs = parameters.of(request)
    # Other parameters are left alone: clients send some that Freebase took.
    language = parameters.language(request, pairs)
    prefix = (parameters.single(pairs, "prefix") or "").strip()
    if len(prefix) > searching.LONGEST:
        detail = f"prefix has {len(prefix):,} characters; it may have {searching.LONGEST}"
        raise ProblemError(400, "invalid-prefix", detail, parameter="prefix")
    cursor = parameters.whole(pairs, "cursor", 0, suggesting.FURTHEST) or 0
    what = request.path_params["what"]
    if what == "entity":
        index = searching.index(service)
        only = vocabulary.known(parameters.single(pairs, "type"))
        found = _in_time(lambda: suggesting.entities(index, prefix, cursor, language, only))
    elif what == "type":
        found = suggesting.types(prefix, cursor, language)
    elif what == "property":
        found = suggesting.properties(prefix, cursor, language)
    else:
        detail = f"{what!r} cannot be suggested; entity, type and property can"
        raise ProblemError(404, "no-such-path", detail, allowed=["entity", "type", "property"])
    return _told(request, {"result": found}, language)


def properties(request: Request) -> Response:
    """`/reconcile/properties`: what can be fetched of the things of a type."""
    pairs = parameters.of(request)
    parameters.only(pairs, ("type", "limit", "lang"))
    language = parameters.language(request, pairs)
    given = parameters.single(pairs, "type")
    limit = parameters.whole(pairs, "limit", 1, 1000)
    found = (
        vocabulary.proposed(vocabulary.type_of(given, "type"), language) if given else vocabulary.properties(language)
    )
    answer: dict[str, Any] = {"properties": found[:limit]}
    if given:
        answer["type"] = given
    if limit:
        answer["limit"] = limit
    return _told(request, answer, language)


def preview(request: Request) -> Response:
    """`/reconcile/preview`: a small page about a thing, to be shown inside another."""
    service = of(request)
    pairs = parameters.of(request)
    parameters.only(pairs, ("id", "lang"))
    language = parameters.language(request, pairs)
    index = searching.index(service)
    iri = _thing(index, pairs)
    record = index.matching.get(iri)
    shown = answering.labels(index, [record] if record else [], language)
    thing = shown.get(iri)
    if record is None or thing is None:
        raise _unknown(iri)
    context = {
        "thing": thing,
        "kind": searching.kind_name(thing.kind, language),
        "about": answering.describe(record, shown),
        "numbers": record.identifiers,
        "datasets": record.datasets,
    }
    page = pages.render(request, "preview.html", language, context)
    # Other pages may show this one: it has no forms, and links out of it open in a window of their own.
    page.headers["Content-Security-Policy"] = (
        "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'"
    )
    return page


def view(request: Request) -> Response:
    """`/reconcile/view`: leads to the page of a thing."""
    pairs = parameters.of(request)
    parameters.only(pairs, ("id", "lang"))
    iri = _thing(searching.index(of(request)), pairs)
    language = parameters.language(request, pairs)
    local = links.local(iri)
    target = View.of(request, language).link(local) if local else iri
    return Response(status_code=303, headers={"Location": target})


def _thing(index: SearchIndex, pairs: Pairs) -> str:
    given = parameters.single(pairs, "id")
    if given is None:
        raise ProblemError(400, "missing-id", "id is the id of a thing, as queries give it", parameter="id")
    iri = vocabulary.iri(given)
    # Only what the graph tells of is led to: this is no open redirect.
    if index.matching.get(iri) is None:
        raise _unknown(given)
    return iri


def _unknown(id: str) -> ProblemError:
    return ProblemError(404, "no-such-thing", f"there is nothing with the id {id!r} here", parameter="id")


def _in_time(work: Any) -> Any:
    try:
        return work()
    except TooSlow as error:
        raise ProblemError(503, "slow-search", f"{error}; send fewer at once", {"Retry-After": _AGAIN}) from None


def _told(request: Request, answer: Any, language: str) -> Response:
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Language": language,
        "Vary": "Accept-Language",
        "X-Zorgkg-Version": of(request).manifest.id,
    }
    return Response(body, headers=headers, media_type="application/json")


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST:
            detail = f"the form is longer than {LONGEST:,} bytes; send it in several"
            raise ProblemError(413, "form-too-long", detail, limit=LONGEST)
    return body


PATH: Final = offered.PATH
"""The service itself, which takes forms too."""

READS: Final[dict[str, Callable[[Request], Response]]] = {
    f"{PATH}/suggest/{{what}}": suggest,
    f"{PATH}/properties": properties,
    f"{PATH}/preview": preview,
    f"{PATH}/view": view,
}
"""The paths that are only read."""
