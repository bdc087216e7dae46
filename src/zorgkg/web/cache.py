"""Answers that were given already: those of an immutable version never change, so they are sent again as they were.

The key is the version and the request; an entry is what was sent, headers and all. The least recently asked go first
when the bytes are used up.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zorgkg.sparql import decode_escapes, tokens

BYTES: Final = 64_000_000
"""Bytes of answers that are kept."""

_PART: Final = 16
"""An answer larger than this part of all bytes is not kept: it would push out too many others."""

_OVERHEAD: Final = 2000
"""Bytes that an entry takes beside its body and key."""

_MARK: Final = "zorgkg.kept"
_PASSING: Final = {b"if-none-match", b"if-modified-since", b"if-match", b"range", b"authorization"}
"""Headers with which a request is answered on its own."""

_CHANGING: Final = ("NOW", "RAND", "UUID", "BNODE")
"""Functions whose values differ from one evaluation to the next; STRUUID holds one of them."""


def is_fixed(query: str) -> bool:
    r"""Tell whether a query always has the same answer on the same version.

    :param query: SPARQL 1.1 query text; the parser needs no space around a keyword, so any word that holds one counts,
        also when it is written with ``\\u`` escapes.
    """
    text = decode_escapes(query)
    # Most texts hold none of the words anywhere, which is seen ten times sooner.
    if not any(name in text.upper() for name in _CHANGING):
        return True
    for token in tokens(text):
        if token.kind == "word":
            word = token.text.upper()
        elif token.kind in ("name", "blank"):
            word = token.text.partition(":")[0].upper()
        else:
            continue
        if any(name in word for name in _CHANGING):
            return False
    return True


class Cache:
    """Answers by key, bounded by their bytes; used in the event loop only.

    :param most: bytes that are kept.
    """

    def __init__(self, most: int = BYTES) -> None:
        self._most = most
        self._entries: OrderedDict[Any, tuple[Any, int]] = OrderedDict()
        self.size = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Any) -> Any:
        """Return what was put under a key, or None."""
        found = self._entries.get(key)
        if found is None:
            return None
        self._entries.move_to_end(key)
        return found[0]

    def put(self, key: Any, value: Any, size: int) -> None:
        """Keep something, unless it is too large.

        :param key: hashable.
        :param value: what is kept.
        :param size: bytes that value and key take.
        """
        if size > self._most // _PART:
            return
        if key in self._entries:
            self.size -= self._entries.pop(key)[1]
        self._entries[key] = (value, size)
        self.size += size
        while self.size > self._most:
            _, (_, gone) = self._entries.popitem(last=False)
            self.size -= gone


def keep(request: Request, route: str) -> None:
    """Note that the answer to a request may be kept: it succeeds, and depends on the version and the request alone.

    :param request: the request.
    :param route: the path of its route, for the metrics.
    """
    kept = request.scope.get(_MARK)
    if kept is not None:
        kept.append(route)


class Repeated:
    """ASGI middleware around all others: answers a repeated GET as it was answered before.

    It knows nothing of what is asked: the handler said of the first answer that it may be kept (:func:`keep`).
    """

    def __init__(self, app: ASGIApp, version: Callable[[], str], tell: Tell, most: int = BYTES) -> None:
        """Wrap an application.

        :param app: the application.
        :param version: gives the version that is served now.
        :param tell: is told of each answer that is given from here.
        :param most: bytes that are kept.
        """
        self._app = app
        self._version = version
        self._tell = tell
        self._cache = Cache(most)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        key = self._key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        found = self._cache.get(key)
        if found is not None:
            begin = time.perf_counter()
            start, body, route = found
            await send(start)
            await send(body)
            self._tell(scope, route, key[0], len(body["body"]), time.perf_counter() - begin)
            return
        kept: list[str] = []
        sent: list[Message] = []

        async def noted(message: Message) -> None:
            if kept and len(sent) < 3:
                sent.append(message)
            await send(message)

        await self._app({**scope, _MARK: kept}, receive, noted)
        if kept and _is_whole(sent):
            self._put(key, kept[0], sent[0], sent[1])

    def _key(self, scope: Scope) -> tuple[Any, ...] | None:
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        query = scope["query_string"]
        # Another version may be asked for by the beginning of its name, which may come to mean another.
        if b"version" in query:
            return None
        accept = language = b""
        for name, value in scope["headers"]:
            if name == b"accept":
                accept += value + b","
            elif name == b"accept-language":
                language += value + b","
            elif name in _PASSING:
                return None
        return self._version(), scope["path"], query, accept, language, scope.get("root_path", "")

    def _put(self, key: tuple[Any, ...], route: str, start: Message, body: Message) -> None:
        size = len(body["body"]) + sum(map(len, key)) + _OVERHEAD
        # One request can begin with one version and end when another is served already.
        if dict(start["headers"]).get(b"x-zorgkg-version") == key[0].encode():
            self._cache.put(key, (start, body, route), size)


Tell = Callable[[Scope, str, str, int, float], None]
"""Takes the scope, the route, the version, the bytes and the seconds of an answer."""


def _is_whole(sent: list[Message]) -> bool:
    """Whether it is one successful answer in one piece."""
    return (
        len(sent) == 2
        and sent[0]["type"] == "http.response.start"
        and sent[0]["status"] == 200
        and sent[1]["type"] == "http.response.body"
        and not sent[1].get("more_body")
    )
