"""Start the service: open the published version, listen, and follow what is published later."""

from __future__ import annotations

import socket
import sys

import uvicorn

from zorgkg.content import Content
from zorgkg.publishing.versions import Home
from zorgkg.settings import Settings
from zorgkg.web import metrics
from zorgkg.web.app import create
from zorgkg.web.serving import Serving


def run(content: Content, home: Home, settings: Settings) -> int:
    """Serve until stopped.

    :returns: exit status: 0 after a stop, 2 when the address cannot be listened on.
    """
    metrics.log(settings.log)
    serving = Serving(content, home, settings)
    app = create(serving.current, serving)
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
    serving.close()
    return 0


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
