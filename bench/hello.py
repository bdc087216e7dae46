"""The limit of any Python service: bare uvicorn with an application that only greets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

_BODY = b"hello"
_HEADERS = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(_BODY))]


async def app(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[dict[str, Any]], Awaitable[None]]
) -> None:
    """Greet (an ASGI application)."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": _BODY})
