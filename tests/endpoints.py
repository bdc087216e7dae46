"""A SPARQL endpoint whose answers a test writes itself: what a real server does not do on demand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

JSON = "application/sparql-results+json"
FAR = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"far"}}]}}'


@dataclass
class Call:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    fields: list[tuple[str, str]]
    handler: BaseHTTPRequestHandler

    def answer(self, status: int = 200, body: bytes = FAR, length: int | None = None, **headers: str) -> None:
        """Answer; headers are written with _ for -, and `length` may be another than that of the body."""
        self.handler.send_response(status)
        for name, value in {"Content_Type": JSON, **headers}.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.send_header("Content-Length", str(len(body) if length is None else length))
        self.handler.end_headers()
        self.handler.wfile.write(body)


@dataclass
class Endpoint:
    """An endpoint that listens: its address and the calls that came."""

    url: str
    calls: list[Call] = field(default_factory=list)


@contextmanager
def listening(do: Callable[[Call], None] = Call.answer) -> Iterator[Endpoint]:
    """Listen, and do something with each call."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            call = Call(self.path, headers, parse_qsl(body.decode(), keep_blank_values=True), self)
            here.calls.append(call)
            # A client that has gone away is part of what is tested.
            try:
                do(call)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        here = Endpoint(f"http://127.0.0.1:{server.server_port}/sparql")
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield here
        finally:
            server.shutdown()
            thread.join()
