"""A server as an operator starts it: a process of its own, on a free port, with an empty graph and a token."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection

import pytest


@dataclass(frozen=True)
class Answer:
    """What came back: header names are found in any case."""

    status: int
    headers: Message
    body: bytes


@dataclass(frozen=True)
class Server:
    """A server that listens.

    :param host: host and port, as in the Host header.
    :param token: a token that may do everything.
    """

    host: str
    token: str

    def send(
        self, method: str, target: str, body: bytes | str = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request as it is written here: no target is normalised, no header is added but Host and length."""
        content = body.encode() if isinstance(body, str) else body
        connection = HTTPConnection(self.host, timeout=60)
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if content or method in ("POST", "PUT", "PATCH"):
                connection.putheader("Content-Length", str(len(content)))
            connection.endheaders(content)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def write(
        self, method: str, target: str, body: bytes | str = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request with the token."""
        return self.send(method, target, body, {"Authorization": f"Bearer {self.token}", **(headers or {})})


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with an empty graph."""
    token = secrets.token_hex(16)
    environment = {**os.environ, "ZORGKG_HOME": str(tmp_path_factory.mktemp("home")), "ZORGKG_TOKEN": token}
    process = subprocess.Popen(
        [sys.executable, "-m", "zorgkg", "serve", "--empty", "--port", "0"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        told = []
        for line in process.stderr:
            told.append(line)
            if found := re.search(r"serves on http://(\S+)", line):
                break
        else:
            pytest.fail(f"the server did not start: {''.join(told)}")
        # What it logs later is read, or it would wait for a reader.
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield Server(found.group(1), token)
    finally:
        process.terminate()
        process.wait(timeout=30)
