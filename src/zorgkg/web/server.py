"""Start the service: open the published version, listen, and follow what is published later."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI

from zorgkg.content import Content
from zorgkg.publishing.versions import Home
from zorgkg.settings import Settings
from zorgkg.tokens import Tokens
from zorgkg.web import metrics
from zorgkg.web.app import create
from zorgkg.web.protocol.relay import Following
from zorgkg.web.serving import Serving

GRACE: Final = 2
"""Seconds beyond the time limit that a stop leaves to queries, for their answers to arrive."""

_log = logging.getLogger("zorgkg.web")


def run(content: Content, home: Home, settings: Settings, personal: bool = True) -> int:
    """Serve until SIGTERM or SIGINT: then the port closes, and what is running ends, or reaches its time limit.

    :param content: folders of ontology, datasets and questions.
    :param home: where versions are published.
    :param settings: the settings in force.
    :param personal: whether the shapes hold that keep personal data out.
    :returns: exit status: 0 after a stop, 2 when the address cannot be listened on. A second signal ends the process
        at once, with status 1.
    """
    metrics.log(settings.log)
    if settings.engine:
        following = Following(content, settings)
        try:
            return _listen(create(following.current, following=following), settings)
        finally:
            following.close()
    serving = Serving(content, home, settings, personal)
    try:
        return _listen(
            create(serving.current, serving, Tokens(settings.tokens, settings.token), serving.change), settings
        )
    finally:
        serving.close()


def _listen(app: FastAPI, settings: Settings) -> int:
    # A query may wait for its turn as long as it may take. A client that does not read its answer is not waited for,
    # and a write that takes longer is as if it had not been sent.
    patience = 2 * settings.timeout + GRACE
    config = uvicorn.Config(
        app,
        log_level="warning",
        server_header=False,
        # Each request is told by zorgkg.web.metrics; uvicorn would make ready a line that nobody reads.
        access_log=False,
        timeout_graceful_shutdown=patience,
        # Addresses of 64 KiB are taken by whichever of uvicorn's parsers is installed; httptools takes no longer ones.
        h11_max_incomplete_event_size=131_072,
    )
    try:
        listening = socket.create_server((settings.host, settings.port), family=_family(settings.host), backlog=2048)
    except OSError as error:
        print(f"zorgkg: cannot listen on {settings.host}:{settings.port}: {error.strerror}", file=sys.stderr)
        return 2
    with listening:
        host, port = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        print(f"zorgkg serves on http://{shown}:{port} (stop with Ctrl-C)", file=sys.stderr, flush=True)
        _Server(config, patience + GRACE).run(sockets=[listening])
    return 0


class _Server(uvicorn.Server):
    """A server that ends by itself: one of uvicorn ends by the signal that stopped it, before we have tidied up.

    :param longest: seconds from the first signal after which the process ends, whatever still runs in it.
    """

    def __init__(self, config: uvicorn.Config, longest: float) -> None:
        super().__init__(config)
        self._longest = longest

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals over, and keep them: after the server, it is we who are stopping already."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.handle_exit)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; the second time at once. The query processes end when their connections close."""
        if self.should_exit:
            os._exit(1)
        self.should_exit = True
        # A thread cannot be ended, and Python waits for it.
        last = threading.Timer(self._longest, _end)
        last.daemon = True
        last.start()


def _end() -> None:
    _log.error("stopped while something was still running")
    os._exit(1)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
