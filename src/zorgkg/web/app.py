"""The application: one table of routes, one shape of error, and what holds for every answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial, wraps
from typing import Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from zorgkg.engine.guard import Forbidden
from zorgkg.engine.interface import EngineError, QuerySyntaxError
from zorgkg.engine.limits import BusyError, CrashError, LimitError
from zorgkg.questions.answering import UnknownParameter
from zorgkg.questions.binding import InvalidValue
from zorgkg.tokens import Tokens
from zorgkg.web import api, cache, linking, pages, parameters, problems, questions, searching, software
from zorgkg.web.catalogue import datasets, ontology, sitemap, versions, void
from zorgkg.web.compression import Compressed
from zorgkg.web.docs import Documentation
from zorgkg.web.metrics import Metrics, Observed
from zorgkg.web.middleware import Direct, Manners, OfVersion
from zorgkg.web.openapi.serving import Description
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol import graphs, handed, shacl, sparql, update
from zorgkg.web.protocol.writing import Run, Writer
from zorgkg.web.reconciliation import endpoint as reconciliation
from zorgkg.web.repeated import Repeated
from zorgkg.web.service import Follows, Service, of
from zorgkg.web.serving import Serving
from zorgkg.web.things import entities, evidence
from zorgkg.web.threads import released

_log = logging.getLogger("zorgkg.web")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_EXPECTED = (
    ProblemError,
    Forbidden,
    QuerySyntaxError,
    EngineError,
    LimitError,
    CrashError,
    BusyError,
    UnknownParameter,
    InvalidValue,
    ClientDisconnect,
)


def create(
    service: Service,
    serving: Serving | None = None,
    tokens: Tokens | None = None,
    run: Run | None = None,
    following: Follows | None = None,
) -> FastAPI:
    """Make the application.

    :param service: the version, engine and questions that it serves.
    :param serving: gives other versions when they are published or asked for; without it there is only that one.
    :param tokens: who may write.
    :param run: does the work of a change; without it, or without tokens, nobody writes and nothing is validated.
    :param following: gives the version instead, when it is what a remote server holds.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        source: Follows | None = serving or following
        looking = asyncio.create_task(source.follow()) if source else None
        yield
        if looking:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    # FastAPI's own pages of documentation load scripts from another host, so there are none.
    app = _Application(
        title="zorgkg", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, lifespan=lifespan
    )
    metrics = Metrics()
    writer = Writer(run, tokens, service.settings, metrics, serving) if run and tokens else None
    _routes(app)
    app.add_api_route("/metrics", metrics.answer, methods=["GET"], include_in_schema=False, response_class=Response)
    for kind in (*_EXPECTED, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, handle)
    paths = ("/sparql", questions.PATH)
    direct = [route for route in app.routes if isinstance(route, Route) and route.path in paths]
    front: ASGIApp = Direct(app.routed, direct, handle, _EXPECTED)
    front = OfVersion(front, service, serving, writer, following)
    # Within what counts the bytes that are sent.
    front = Manners(Observed(Compressed(front), metrics), handle)

    def version() -> str:
        return (serving.current if serving else service).manifest.id

    if following is None:
        # What another server holds may change before it has another name here.
        front = Repeated(front, version, software.identity(service), partial(_answering, app), metrics.repeated)
    app.front = front
    return app


class _Application(FastAPI):
    """An application whose own layers stand around FastAPI's: what they answer themselves does not pay for those."""

    front: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.front(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def routed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request by the routes."""
        await super().__call__(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """Leave out the layer that answers what nobody expected: the front does, inside what holds for every answer."""
        return cast(ServerErrorMiddleware, super().build_middleware_stack()).app


def _answering(app: FastAPI, scope: Scope) -> str:
    """The path of the route that answers a request, with its parameters' names."""
    path = scope["path"].rstrip("/") or "/"
    routes = (one for one in app.routes if one.matches({**scope, "path": path, "method": "GET"})[0] == Match.FULL)
    return str(getattr(next(routes, None), "path", "none"))


def _routes(app: FastAPI) -> None:
    def read(path: str, endpoint: Any, fixed: bool = True, ordered: bool = True) -> None:
        """Add a read.

        :param fixed: its answers depend on the version and the request alone.
        :param ordered: and have the same bytes each time; else the engine chooses which of many come first.
        """
        # GET only: HEAD is answered as GET by the middleware. What is read is described in zorgkg.web.openapi.
        app.add_api_route(
            path,
            _kept(released(endpoint), path, ordered) if fixed else released(endpoint),
            methods=["GET"],
            response_class=Response,
        )

    # Handlers that aren't async run in a thread: nothing is evaluated in the event loop.
    read("/", pages.home)
    read("/projects", pages.projects)
    read("/search", searching.page)
    for path in ("/api/search", "/api/search.{suffix}"):
        read(path, searching.api)
    read("/health", _health, fixed=False)
    app.add_route("/sparql", sparql.endpoint, methods=["GET", "POST"])
    app.add_route(reconciliation.PATH, reconciliation.endpoint, methods=["GET", "POST"])
    for path, answer in reconciliation.READS.items():
        read(path, answer)
    app.add_route("/update", update.endpoint, methods=["POST"])
    for path in ("/graphs", "/graphs/{path:path}"):
        app.add_route(path, graphs.endpoint, methods=["GET", "PUT", "POST", "PATCH", "DELETE"])
    app.add_route("/shacl", shacl.endpoint, methods=["POST"])
    app.add_route("/datasets/{name}", graphs.dataset, methods=["GET", "PUT", "DELETE"])
    app.add_route(linking.PATH, linking.endpoint, methods=["GET", "POST"])
    app.add_route("/versions/{id}/activate", versions.activate, methods=["POST"])
    app.add_route("/versions/prune", versions.prune, methods=["POST"])
    read("/versions", versions.listed, fixed=False)
    read("/versions/{id}", versions.one, fixed=False)
    read("/versions/{id}/diff", versions.difference, fixed=False)
    for path, endpoint, fixed in api.routes():
        read(path, endpoint, fixed)
    description = Description()
    documentation = Documentation(description)
    read("/api/openapi.json", description.answer)
    read("/api/docs", documentation.index)
    read("/api/docs/{operation}", documentation.operation)
    read("/api/docs/{operation}/open", documentation.open, fixed=False)
    for path in ("/api/questions", "/api/questions.{suffix}"):
        read(path, questions.catalogue)
    for path in (evidence.PATH, evidence.PATH + ".{suffix}"):
        read(path, evidence.answer)
    app.add_route(questions.PATH, questions.answer, methods=["GET"])
    read("/id/{type}/{slug:path}", entities.identifier)
    read("/doc/{type}/{slug:path}", entities.document, ordered=False)
    read(ontology.CONTEXT, ontology.context)
    for path, endpoint in (("/ns", ontology.document), ("/datasets", datasets.document)):
        read(path, endpoint)
        for suffix in ontology.OFFERED:
            read(f"{path}.{suffix}", endpoint)
    # A workbook has the time in it at which it was made.
    read(handed.PATH, handed.answer, ordered=False)
    for path in (void.PATH, void.PATH + ".{suffix}"):
        read(path, void.document)
    read("/sitemap.xml", sitemap.index)
    read("/sitemap-{part}.xml", sitemap.part, ordered=False)
    read("/robots.txt", sitemap.robots)
    app.mount("/static", StaticFiles(directory=pages.HERE / "static"), name="static")


def _kept(endpoint: Callable[[Request], Response], path: str, ordered: bool) -> Callable[[Request], Response]:
    """Note of what an endpoint answers that it may be kept."""

    @wraps(endpoint)
    def answer(request: Request) -> Response:
        response = endpoint(request)
        if response.status_code == 200 and response.headers.get("cache-control") != "no-store":
            cache.keep(request, path, ordered)
        return response

    return answer


async def handle(request: Request, error: Exception) -> Response:
    """Answer an error: `application/problem+json`, or a page for a client that prefers one.

    What nobody expected is logged with its traceback, and told without it.
    """
    problem = _problem(request, error)
    if problem is None:
        allow = _allowed(error)
        patch = {"Accept-Patch": "application/sparql-update"} if "PATCH" in allow else {}
        return Response(status_code=204, headers={"Allow": allow, **patch})
    request.scope["zorgkg.problem"] = problem.kind
    if problem.status == 500:
        _log.error("%s %s", request.method, request.url.path, exc_info=error)
    response = pages.problem(request, problem) if pages.wanted(request) else problems.response(problem)
    response.headers.setdefault("Vary", "Accept, Accept-Language")
    return response


def _problem(request: Request, error: Exception) -> ProblemError | None:
    if isinstance(error, RequestValidationError):
        return ProblemError(400, "request", "; ".join(str(one.get("msg", "")) for one in error.errors()))
    if not isinstance(error, HTTPException):
        return problems.from_error(error)
    path = request.url.path
    if error.status_code == 404:
        return ProblemError(404, "no-such-path", f"there is nothing at {path}")
    if error.status_code == 405:
        if request.method == "OPTIONS":
            return None
        allow = _allowed(error)
        return ProblemError(405, "method", f"{path} takes {allow}, not {request.method}", {"Allow": allow})
    return ProblemError(error.status_code, "http", str(error.detail), error.headers)


def _allowed(error: Exception) -> str:
    """The methods of the path whose route refused one: HEAD is taken wherever GET is, and OPTIONS everywhere."""
    told = (getattr(error, "headers", None) or {}).get("Allow", "GET").replace(" ", "").split(",")
    taken = {*told, "OPTIONS", "HEAD" if "GET" in told else ""}
    return ", ".join(one for one in _METHODS if one in taken)


def _health(request: Request) -> Response:
    parameters.only(parameters.of(request), ())
    manifest = of(request).manifest
    serving: Serving | None = request.scope.get("zorgkg.serving")
    if serving and serving.is_broken:
        # What is open is still served; a supervisor that looks here starts the server anew.
        detail = "The process from which all others are forked has ended: start the server anew."
        raise ProblemError(503, "broken", detail)
    return JSONResponse(
        {
            "status": "ok",
            "version": manifest.id,
            "created": manifest.created,
            "statements": manifest.statements,
            "datasets": manifest.datasets,
        },
        headers={"Cache-Control": "no-store", "X-Zorgkg-Version": manifest.id},
    )
