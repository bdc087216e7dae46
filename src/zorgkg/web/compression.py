"""Content coding gzip: large answers in text are sent in fewer bytes (RFC 9110, 8.4.1 and 12.5.3)."""

from __future__ import annotations

import asyncio
import os
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST: Final = 14_000
"""Bytes from which on an answer is coded: what is smaller comes with the first segments of a connection, coded or not
(RFC 6928: ten of 1,460 bytes, with the headers)."""

NO, LARGE, EVERY = 0, 1, 2
"""Which answers are coded: none; those that become much smaller; all, for the client refuses what is not coded."""

_LONG: Final = 128_000
"""Bytes from which on they are coded in a thread; fewer take less than a millisecond of the event loop."""

_LEVEL: Final = 6
"""zlib's own."""

_TEXT: Final = re.compile(
    rb"text/|application/(json|xml|n-triples|n-quads|trig|sparql-query)\b|[^;]+\+(json|xml)\b", re.IGNORECASE
)
_QUALITY: Final = re.compile(rb"\s*q\s*=\s*(\d+\.?\d*|\.\d+)\s*", re.ASCII)
_EMPTY: Final = (204, 206, 304)
"""Statuses of answers without content, or with a part of it."""

# Not the threads of the handlers: downloads may hold all of those while they wait for what is coded to be sent.
_threads: Final = ThreadPoolExecutor(os.cpu_count(), "compression")


class Compressed:
    """ASGI middleware: codes what a request's Accept-Encoding wants coded.

    What is text varies by that header, also where it is too small to be coded. An answer that has a coding already, or
    a tag of the bytes that it has, is left as it is.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = which(b",".join(value for name, value in scope["headers"] if name == b"accept-encoding"))
        # The beginning of an answer that is coded, until the length of the coded bytes is known.
        begin: Message | None = None
        coder: _Coder | None = None

        async def coded(message: Message) -> None:
            nonlocal begin, coder
            if message["type"] == "http.response.start":
                message, is_coded = _begun(message, wanted)
                if is_coded:
                    begin, coder = message, _Coder()
                    return
            elif coder and message["type"] == "http.response.body":
                more = message.get("more_body", False)
                body = await coder.code(message.get("body", b""), more)
                message = {**message, "body": body}
                if begin:
                    length = () if more else ((b"content-length", b"%d" % len(body)),)
                    await send({**begin, "headers": [*begin["headers"], *length]})
                    begin = None
            await send(message)

        await self._app(scope, receive, coded)


class _Coder:
    """Codes one answer, in the event loop or, what is long, in a thread."""

    def __init__(self) -> None:
        # 16: with the frame of gzip (RFC 1952).
        self._zip = zlib.compressobj(_LEVEL, wbits=16 + zlib.MAX_WBITS)

    async def code(self, body: bytes, more: bool) -> bytes:
        """Code a piece of it, as far as its last byte: whoever reads waits for none of it.

        :param body: the piece.
        :param more: whether others follow.
        """
        if len(body) < _LONG:
            return self._coded(body, more)
        return await asyncio.get_running_loop().run_in_executor(_threads, self._coded, body, more)

    def _coded(self, body: bytes, more: bool) -> bytes:
        return self._zip.compress(body) + self._zip.flush(zlib.Z_SYNC_FLUSH if more else zlib.Z_FINISH)


@lru_cache(maxsize=100)
def which(accept: bytes) -> int:
    """Return which answers are coded: :data:`NO`, :data:`LARGE` or :data:`EVERY`.

    A part of the header that breaks the grammar is passed over. A client that takes neither gets what is not coded.

    :param accept: the Accept-Encoding header; empty when there is none.
    """
    qualities: dict[bytes, float] = {}
    for part in accept.lower().split(b","):
        name, mark, weight = part.partition(b";")
        quality = _QUALITY.fullmatch(weight) if mark else None
        if not mark or quality:
            # Section 8.4.1.3: x-gzip is gzip.
            qualities[name.strip().removeprefix(b"x-")] = min(1.0, float(quality[1])) if quality else 1.0
    others = qualities.get(b"*")
    gzip, identity = qualities.get(b"gzip", others or 0.0), qualities.get(b"identity", others)
    if not gzip or (identity or 0.0) > gzip:
        return NO
    return EVERY if identity == 0.0 else LARGE


def _begun(message: Message, wanted: int) -> tuple[Message, bool]:
    """The beginning of an answer as it is sent, and whether the answer is coded."""
    headers: list[tuple[bytes, bytes]] = message["headers"]
    found = dict(headers)
    is_text = _TEXT.match(found.get(b"content-type", b"")) is not None
    if not is_text and wanted != EVERY:
        return message, False
    if message["status"] in _EMPTY or b"content-encoding" in found or b"etag" in found:
        return message, False
    # What has no length is made while it is sent, for it is large.
    is_coded = wanted == EVERY or (wanted == LARGE and int(found.get(b"content-length", LEAST)) >= LEAST)
    own = [(b"vary", b", ".join(one for one in (found.get(b"vary"), b"Accept-Encoding") if one))]
    if is_coded:
        own.append((b"content-encoding", b"gzip"))
    gone = (b"vary", b"content-length") if is_coded else (b"vary",)
    return {**message, "headers": [*(one for one in headers if one[0] not in gone), *own]}, is_coded
