"""What holds for every answer: open reads (CORS), a strict content policy, HEAD like GET, every error answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zorgkg.publishing.versions import NoVersion
from zorgkg.web import parameters
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol.writing import Writer
from zorgkg.web.service import Follows, Service
from zorgkg.web.serving import Serving

Handle = Callable[[Request, Exception], Awaitable[Response]]

_METHODS: Final = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_LISTS: Final = (b"accept", b"accept-language", b"if-match", b"if-none-match", b"access-control-request-headers")
ALWAYS: Final[tuple[tuple[bytes, bytes], ...]] = (
    # Given without asking for Origin, so that a shared cache never keeps an answer that lacks it.
    (b"access-control-allow-origin", b"*"),
    # Every field may be read; no origin may send cookies, for which the star would not do (Fetch standard, 3.2.3).
    (b"access-control-expose-headers", b"*"),
    (b"x-content-type-options", b"nosniff"),
    # Without it a cache may guess for how long an answer holds (RFC 9111, section 4.2.2).
    (b"cache-control", b"no-cache"),
)
"""Headers of every answer that does not have its own."""

_SHOWN: Final = (
    *ALWAYS,
    (
        b"content-security-policy",
        b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)
"""Those of what a browser shows as a document: HTML, SVG, XML."""

_DATA: Final = (*ALWAYS, (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"))
"""Those of everything else: were it shown, it could do nothing. They are short, for a server checks each byte."""


class Manners:
    """ASGI middleware around the whole application.

    - A trailing slash is dropped before routing: no redirect, so no loop and no lost body.
    - Lines of the same list-valued header are read as one (RFC 9110, section 5.3).
    - HEAD is answered as GET without the body (RFC 9110, section 9.3.2), on every route.
    - A request without Host, or with two, is refused (RFC 9112, section 3.2); `OPTIONS *` is of the server as a whole.
    - A CORS preflight (Fetch standard, section 3.2.2) is answered here; every answer may be read from any origin.
    - An unexpected exception is answered here, inside what holds for every answer, and not by the server's own page.
    """

    def __init__(self, app: ASGIApp, handle: Handle) -> None:
        """Wrap an application; `handle` answers what it raises."""
        self._app = app
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = _routed(scope)
        head = scope["zorgkg.method"] == "HEAD"
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                given = list(message.get("headers", ()))
                own = dict(given)
                media_type = own.get(b"content-type", b"")
                more = _SHOWN if b"html" in media_type or b"xml" in media_type else _DATA
                message = {**message, "headers": [*given, *(one for one in more if one[0] not in own)]}
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        if _is_preflight(scope):
            await _preflight(scope)(scope, receive, answer)
            return
        if scope["method"] == "OPTIONS" and scope.get("raw_path") == b"*":
            await Response(status_code=204, headers={"Allow": _METHODS})(scope, receive, answer)
            return
        try:
            _check_host(scope)
            await self._app(scope, receive, answer)
        except Exception as error:
            if started:
                raise
            response = await self._handle(Request(scope), error)
            await response(scope, receive, answer)


class Direct:
    """ASGI middleware: some paths are answered without the router, which takes longer than many a query.

    Methods that such a path does not take go to the router, which says so.
    """

    def __init__(
        self, app: ASGIApp, routes: Sequence[Route], handle: Handle, expected: tuple[type[Exception], ...]
    ) -> None:
        """Wrap an application.

        :param app: the application.
        :param routes: routes of it whose endpoints take a request and give a response.
        :param handle: answers what an endpoint raises.
        :param expected: what it raises to be answered.
        """
        self._app = app
        # By the part of the path before its parameters, which is seen soonest.
        self._routes = [(route.path.partition("{")[0], route) for route in routes]
        self._handle = handle
        self._expected = expected

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        route = self._found(scope) if scope["type"] == "http" else None
        if route is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = route
        request = Request(scope, receive, send)
        try:
            response = await route.endpoint(request)
        except self._expected as error:
            response = await self._handle(request, error)
        await response(scope, receive, send)

    def _found(self, scope: Scope) -> Route | None:
        path = scope["path"]
        for begin, route in self._routes:
            if path.startswith(begin) and scope["method"] in (route.methods or ()):
                match, found = route.matches(scope)
                if match == Match.FULL:
                    scope.update(found)
                    return route
        return None


def unknown_version(error: NoVersion) -> ProblemError:
    """Return the problem of a version that is not there: without the server's folder, which is nobody's business."""
    detail = str(error).partition(" in ")[0] + "; /versions lists them"
    return ProblemError(404, "unknown-version", detail, parameter="version")


class OfVersion:
    """ASGI middleware: each request is answered by one version from its beginning to its end.

    That is the one that is served when it comes, or with `?version=` the one that it asks for.
    """

    def __init__(
        self,
        app: ASGIApp,
        service: Service,
        serving: Serving | None,
        writer: Writer | None = None,
        following: Follows | None = None,
    ) -> None:
        """Wrap an application.

        :param service: answers all requests when there is no `serving`.
        :param serving: the versions that are open.
        :param following: what a remote server holds, instead.
        :param writer: carries out changes.
        """
        self._app = app
        self._writer = writer
        self._service = service
        self._serving = serving
        self._following = following

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["zorgkg.serving"] = self._serving
        scope["zorgkg.writer"] = self._writer
        while True:
            service = scope["zorgkg.service"] = await self._chosen(scope)
            # The version may have been closed in the moment since it was chosen; then another is served.
            if service.processes is None or service.processes.enter():
                break
        try:
            await self._app(scope, receive, send)
        finally:
            if service.processes:
                service.processes.leave()

    async def _chosen(self, scope: Scope) -> Service:
        source: Follows | None = self._serving or self._following
        service = source.current if source else self._service
        # For what is answered when the version cannot be found.
        scope["zorgkg.service"] = service
        if b"version" in scope["query_string"]:
            asked = parameters.single(parameters.of(Request(scope)), "version")
            if asked and asked not in (service.manifest.id, "current"):
                return await self._older(asked)
        return service

    async def _older(self, asked: str) -> Service:
        try:
            if self._serving is None:
                raise NoVersion(f"there is no version {asked!r}")
            return await run_in_threadpool(self._serving.older, asked)
        except NoVersion as error:
            raise unknown_version(error) from error


def _routed(scope: Scope) -> Scope:
    path = scope["path"]
    return {
        **scope,
        "path": path.rstrip("/") or "/",
        "headers": _joined(scope["headers"]),
        "method": "GET" if scope["method"] == "HEAD" else scope["method"],
        "zorgkg.method": scope["method"],
    }


def _joined(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Join the lines of each header that is a list; whoever looks one up sees its first line only."""
    names = [name for name, _ in headers]
    if len(set(names)) == len(names):
        return headers
    for name in _LISTS:
        values = [value for one, value in headers if one == name]
        if len(values) > 1:
            headers = [(one, value) for one, value in headers if one != name] + [(name, b", ".join(values))]
    return headers


def _check_host(scope: Scope) -> None:
    """Refuse what no HTTP/1.1 client sends: without its one Host, nobody knows which address was meant.

    :raises ProblemError: 400 (RFC 9112, section 3.2).
    """
    hosts = sum(name == b"host" for name, _ in scope["headers"])
    if hosts > 1 or (hosts == 0 and scope.get("http_version") == "1.1"):
        raise ProblemError(400, "host", f"a request has one Host header, not {hosts}")


def _is_preflight(scope: Scope) -> bool:
    if scope["method"] != "OPTIONS":
        return False
    return any(name == b"access-control-request-method" for name, _ in scope["headers"])


def _preflight(scope: Scope) -> Response:
    asked = Request(scope).headers.get("access-control-request-headers", "")
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Methods": _METHODS,
            # A wildcard would not cover Authorization, which a client may send by habit.
            "Access-Control-Allow-Headers": asked or "*",
            "Access-Control-Max-Age": "86400",
            "Vary": "Access-Control-Request-Headers",
        },
    )
