"""A server as an operator starts it: a process of its own, on a free port, with an empty graph and a token."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path

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
    """A server with an empty graph; whatever the tests send, it logs no fault of its own."""
    token, folder = secrets.token_hex(16), tmp_path_factory.mktemp("server")
    environment = {**os.environ, "ZORGKG_HOME": str(folder / "home"), "ZORGKG_TOKEN": token}
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "zorgkg", "serve", "--empty", "--port", "0"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield Server(_address(process, log), token)
        assert process.poll() is None, log.read_text("utf-8")
        assert "raceback" not in log.read_text("utf-8"), log.read_text("utf-8")
    finally:
        process.terminate()
        process.wait(timeout=30)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Host and port that a server says it listens on."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if found := re.search(r"serves on http://(\S+)", log.read_text("utf-8")):
            return found.group(1)
        time.sleep(0.05)
    pytest.fail(f"the server did not start: {log.read_text('utf-8')}")
