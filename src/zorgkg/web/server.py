"""Start the service: open the published version, listen, and follow what is published later."""

from __future__ import annotations

import socket
import sys
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from zorgkg.content import Content
from zorgkg.publishing.versions import Home
from zorgkg.settings import Settings
from zorgkg.tokens import Tokens
from zorgkg.web import changes, metrics
from zorgkg.web.app import create
from zorgkg.web.relay import Following
from zorgkg.web.serving import Serving


def run(content: Content, home: Home, settings: Settings, personal: bool = True) -> int:
    """Serve until stopped.

    :param content: folders of ontology, datasets and questions.
    :param home: where versions are published.
    :param settings: the settings in force.
    :param personal: whether the shapes hold that keep personal data out.
    :returns: exit status: 0 after a stop, 2 when the address cannot be listened on.
    """
    metrics.log(settings.log)
    if settings.engine:
        following = Following(content, settings)
        try:
            return _listen(create(following.current, following=following), settings)
        finally:
            following.close()
    serving = Serving(content, home, settings)
    carry_out, prepare = changes.job(content, home, personal)
    prepare()

    async def run(told: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        return await run_in_threadpool(carry_out, told, body)

    try:
        return _listen(create(serving.current, serving, Tokens(settings.tokens, settings.token), run), settings)
    finally:
        serving.close()


def _listen(app: FastAPI, settings: Settings) -> int:
    config = uvicorn.Config(app, host=settings.host, port=settings.port, log_level="warning", server_header=False)
    try:
        listening = socket.create_server((settings.host, settings.port), family=_family(settings.host), backlog=2048)
    except OSError as error:
        print(f"zorgkg: cannot listen on {settings.host}:{settings.port}: {error.strerror}", file=sys.stderr)
        return 2
    with listening:
        host, port = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        print(f"zorgkg serves on http://{shown}:{port} (stop with Ctrl-C)", file=sys.stderr, flush=True)
        uvicorn.Server(config).run(sockets=[listening])
    return 0


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
