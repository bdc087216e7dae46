"""The limit of any Python service: bare uvicorn, which greets, or sends as many bytes as it is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

_GREETING = b"hello"


async def app(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[dict[str, Any]], Awaitable[None]]
) -> None:
    """Greet at `/`, and send so many bytes at `/{number}` (an ASGI application)."""
    if scope["type"] == "http":
        body = _of(scope["path"][1:])
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@cache
def _of(number: str) -> bytes:
    return b"x" * int(number) if number else _GREETING
