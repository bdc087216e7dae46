"""Answers that were given already: those of an immutable version never change, so nobody evaluates them again.

Who asks again with the tag of the answer that it has (RFC 9110, section 13) is told that it still holds; who asks what
somebody asked before is sent the same bytes. The key is the version and the request.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zorgkg.web.cache import BYTES, MARK, UNCHANGED, Cache
from zorgkg.web.compression import EVERY, NO, which
from zorgkg.web.middleware import ALWAYS

_PASSING: Final = {b"if-match", b"range", b"authorization"}
"""Headers with which a request is answered on its own."""

_OVERHEAD: Final = 2000
"""Bytes that an entry takes beside its body and key."""

_VARY: Final = b"Accept, Accept-Language, Accept-Encoding"
_AGAIN: Final = b"no-cache"
"""Kept by whoever likes to, and asked for again each time: a new version is seen at once (RFC 9111, 5.2.2.4)."""

_FOREVER: Final = b"max-age=31536000, immutable"
"""Of a version that the request names in full: it never changes (RFC 8246)."""

_CODED: Final = b"-gzip"
"""What a tag has at its end when the answer is coded: other bytes have another tag (RFC 9110, section 8.8.3.3). It is
what Apache's mod_deflate adds to tags, too."""

_TAG: Final = re.compile(rb'(?:W/)?"[^"]*"')

Tell = Callable[[Scope, str, int, str, int, float], None]
"""Takes the scope, the route, the status, the version, the bytes and the seconds of an answer."""


class _Asked(NamedTuple):
    """What decides an answer.

    :param key: the version and all of the request that an answer may depend on, but for its coding.
    :param version: the version that is served, or that the request names.
    :param named: whether the request names it.
    :param tags: the entity tags of the answers that the client has.
    :param coded: which answers are coded for it.
    """

    key: tuple[Any, ...]
    version: str
    named: bool
    tags: bytes
    coded: int


class Repeated:
    """ASGI middleware around all others: tags answers, keeps them, and gives them again.

    It knows nothing of what is asked: a handler says which answers may be kept (:func:`zorgkg.web.cache.keep`).
    """

    def __init__(
        self,
        app: ASGIApp,
        version: Callable[[], str],
        software: str,
        route: Callable[[Scope], str],
        tell: Tell,
        most: int = BYTES,
    ) -> None:
        """Wrap an application.

        :param app: the application.
        :param version: gives the version that is served now.
        :param software: what else than the version makes the answers: another program gives other ones.
        :param route: gives the path of the route that answers a request.
        :param tell: is told of each answer that is given from here.
        :param most: bytes that are kept.
        """
        self._app = app
        self._version = version
        self._software = software
        self._route = route
        self._tell = tell
        self._cache = Cache(most)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        asked = self._read(scope) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        if asked is None:
            await self._app(scope, receive, send)
            return
        begin = time.perf_counter()
        unchanged: list[bool] = []
        if asked.tags.strip(b", \t") == b"*":
            # Whatever there is will do: that there is something is only known once it is found.
            scope, send = {**scope, UNCHANGED: unchanged}, _unless_there(asked, send, unchanged)
        elif asked.tags and (tag := self._held(asked)):
            await send(_unchanged(asked, tag))
            await send({"type": "http.response.body", "body": b""})
            self._tell(scope, self._route(scope), 304, asked.version, 0, time.perf_counter() - begin)
            return
        found = self._cache.get((asked.key, asked.coded))
        if found is not None:
            start, body, route = found
            if scope["method"] == "HEAD":
                body = {**body, "body": b""}
            await send(start)
            await send(body)
            status, size = (304, 0) if unchanged else (200, len(body["body"]))
            self._tell(scope, route, status, asked.version, size, time.perf_counter() - begin)
            return
        await self._first(asked, scope, receive, send)

    async def _first(self, asked: _Asked, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered; note the answer when it may be kept."""
        kept: list[tuple[str, bool]] = []
        start: Message = {}
        body: list[bytes] | None = [] if scope["method"] == "GET" and not asked.named else None
        whole, size = False, sum(len(str(part)) for part in asked.key) + _OVERHEAD

        async def noted(message: Message) -> None:
            nonlocal start, body, whole, size
            if message["type"] == "http.response.start":
                # One request can begin with one version and end when another is served already.
                if (
                    kept
                    and message["status"] == 200
                    and _header(message, b"x-zorgkg-version") == asked.version.encode()
                ):
                    start = message = self._tagged(message, asked, kept[0][1])
                else:
                    body = None
            elif body is not None:
                piece = message.get("body", b"")
                body.append(piece)
                whole, size = not message.get("more_body"), size + len(piece)
                if size > self._cache.largest:
                    body = None
            await send(message)

        await self._app({**scope, MARK: kept}, receive, noted)
        if body and whole:
            self._cache.put((asked.key, asked.coded), (*_in_one(start, b"".join(body)), kept[0][0]), size)

    def _read(self, scope: Scope) -> _Asked | None:
        query = scope["query_string"]
        accept = language = host = tags = coding = b""
        for name, value in scope["headers"]:
            if name == b"accept":
                accept += value + b","
            elif name == b"accept-language":
                language += value + b","
            elif name == b"accept-encoding":
                coding += value + b","
            elif name == b"host":
                host += value
            elif name == b"if-none-match":
                tags += value + b","
            elif name in _PASSING:
                return None
        version, named = self._version(), False
        if b"version" in query:
            # The beginning of a name may be asked for too; then it is none that the answer tells.
            asked = [value for name, value in parse_qsl(query.decode("latin-1")) if name == "version"]
            if len(asked) > 1:
                return None
            if asked and asked[0] != "current":
                version, named = asked[0], True
        # Links in an answer hold scheme and host.
        where = scope.get("scheme", ""), host, scope.get("root_path", "")
        key = version, scope["path"], query, accept, language, *where
        return _Asked(key, version, named, tags, which(coding))

    def _tag(self, asked: _Asked, is_coded: bool) -> bytes:
        digest = hashlib.blake2b(repr((self._software, asked.key)).encode(), digest_size=16)
        return b'"' + digest.hexdigest().encode() + (_CODED if is_coded else b"") + b'"'

    def _held(self, asked: _Asked) -> bytes | None:
        """The tag of the answer, as the client has it; None when it has another one, or none.

        Who takes an answer coded takes it without coding too, unless it says otherwise; not the other way round.
        """
        taken = [self._tag(asked, is_coded) for is_coded, never in ((False, EVERY), (True, NO)) if asked.coded != never]
        # Weak comparison (RFC 9110, section 13.1.2): a proxy that compresses makes a tag weak.
        return next((one for one in _TAG.findall(asked.tags) if one.removeprefix(b"W/") in taken), None)

    def _tagged(self, message: Message, asked: _Asked, ordered: bool) -> Message:
        tag = self._tag(asked, _header(message, b"content-encoding") is not None)
        tag = tag if ordered else b"W/" + tag
        own = {b"etag": tag, b"cache-control": _FOREVER if asked.named else _AGAIN, b"vary": _VARY}
        return {**message, "headers": [*(one for one in message["headers"] if one[0] not in own), *own.items()]}


def _unchanged(asked: _Asked, tag: bytes) -> Message:
    """The beginning of an answer without one, with what the answer itself would have (RFC 9110, section 15.4.5)."""
    own = {
        b"etag": tag,
        b"cache-control": _FOREVER if asked.named else _AGAIN,
        b"vary": _VARY,
        b"x-zorgkg-version": asked.version.encode(),
    }
    headers = [*own.items(), *(one for one in ALWAYS if one[0] not in own)]
    return {"type": "http.response.start", "status": 304, "headers": headers}


def _unless_there(asked: _Asked, send: Send, unchanged: list[bool]) -> Send:
    """Return what sends a tagged answer as unchanged, and anything else as it is (RFC 9110, section 13.1.2, `*`).

    :param unchanged: filled when it did.
    """

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            tag = _header(message, b"etag") if message["status"] == 200 else None
            if tag is not None:
                unchanged.append(True)
            await send(message if tag is None else _unchanged(asked, tag))
        elif not unchanged:
            await send(message)
        elif not message.get("more_body"):
            await send({"type": "http.response.body", "body": b""})

    return told


def _header(message: Message, name: bytes) -> bytes | None:
    return next((bytes(value) for one, value in message["headers"] if one.lower() == name), None)


def _in_one(start: Message, body: bytes) -> tuple[Message, Message]:
    """The messages of an answer in one piece, whose length is told whether or not it was known at its beginning."""
    headers = [one for one in start["headers"] if one[0] != b"content-length"]
    headers.append((b"content-length", b"%d" % len(body)))
    return {**start, "headers": headers}, {"type": "http.response.body", "body": body}
