"""Start the service: open the published version and listen."""

from __future__ import annotations

import socket
import sys
from dataclasses import replace

import uvicorn

from zorgkg.content import Content
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.engine.processes import Limits, QueryProcesses
from zorgkg.publishing.versions import Home
from zorgkg.questions import catalogue
from zorgkg.settings import Settings
from zorgkg.web import evaluation
from zorgkg.web.app import create
from zorgkg.web.service import Service


def open_service(content: Content, home: Home, settings: Settings) -> Service:
    """Open the version that is published in a home folder.

    :raises zorgkg.publishing.versions.NoVersion: nothing is published there.
    :raises zorgkg.questions.question.QuestionError: a question file breaks the form.
    """
    manifest = home.current()
    engine = EmbeddedEngine.open(home.store(manifest.id), manifest.id, manifest.statements, settings.memory_quads)
    return Service(content, manifest, engine, catalogue.read(content.queries), settings)


def run(content: Content, home: Home, settings: Settings) -> int:
    """Serve until stopped.

    :returns: exit status: 0 after a stop, 2 when the address cannot be listened on.
    """
    service = open_service(content, home, settings)
    # Forked here, while this process has neither threads nor connections.
    limits = Limits(settings.timeout, settings.memory, settings.workers)
    processes = QueryProcesses(evaluation.work(service.engine), limits)
    app = create(replace(service, processes=processes))
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
    processes.close()
    return 0


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
