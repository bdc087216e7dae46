"""A server is stopped: the port closes, what is running gets its answer, and no process is left."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.web.test_serving import publish
from zorgkg.publishing.versions import Home

pytestmark = pytest.mark.slow

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


class Server:
    """A real server in a process group of its own."""

    def __init__(self, home: Path, seconds: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "zorgkg", "serve", "--home", str(home), "--port", "0"],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "ZORGKG_TIMEOUT": str(seconds), "ZORGKG_WRITE_TIMEOUT": str(seconds)},
            start_new_session=True,
        )
        assert self.process.stderr is not None
        self.url = self.process.stderr.readline().split(" on ")[1].split()[0]

    def ask(self, query: str) -> str:
        url = f"{self.url}/sparql?{urllib.parse.urlencode({'query': query})}"
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": "text/csv"}), timeout=60) as answer:
            return str(answer.read().decode())

    def slow(self) -> tuple[str, str]:
        """A query that takes some seconds here, and was not asked before, and its answer.

        Long beside what a test does while it runs: what was measured while other tests ran may take half of it later.
        """
        size = 300
        while True:
            rows = f"{{ SELECT * {{ VALUES ?a {{ {' '.join(map(str, range(size)))} }} }} }}"
            query = f"SELECT (COUNT(*) AS ?n) {{ {rows} {rows.replace('?a', '?b')} FILTER (STR(?a) != STR(?b)) }}"
            start = time.monotonic()
            answer = self.ask(query)
            if time.monotonic() - start > 4:
                # With a comment, for an answer that was given before may be kept.
                return f"{query} # again", answer
            size = size * 3 // 2

    @property
    def address(self) -> tuple[str, int]:
        found = urllib.parse.urlsplit(self.url)
        return str(found.hostname), int(found.port or 0)

    def is_open(self) -> bool:
        try:
            socket.create_connection(self.address, timeout=5).close()
        except ConnectionError:
            return False
        return True

    def processes(self) -> list[int]:
        """The processes of its group that run, itself too."""
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, _, group = path.read_text().rpartition(")")[2].split()[:3]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(group) == self.process.pid and state != "Z":
                found.append(int(path.parent.name))
        return found

    def is_alone(self) -> bool:
        """Whether no process is left; those that end because the server ended have a moment for it."""
        return until(lambda: not self.processes())


def until(condition: Callable[[], bool], seconds: float = 3.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    publish(Home(tmp_path / "home"), "2026-1")
    started = Server(tmp_path / "home", getattr(request, "param", 60))
    try:
        yield started
    finally:
        # Its own group, and nothing else; what is left of it is what the test has told.
        for process in started.processes():
            os.kill(process, signal.SIGKILL)
        started.process.wait()
        assert started.process.stderr is not None
        started.process.stderr.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_query_that_runs_when_the_server_is_stopped_gets_its_answer(server: Server, number: signal.Signals) -> None:
    query, answer = server.slow()
    assert len(server.processes()) > 1, "it has processes for queries"
    # A client that keeps its connection, and asks nothing, holds nobody up.
    with socket.create_connection(server.address), ThreadPoolExecutor(1) as one:
        running = one.submit(server.ask, query)
        time.sleep(0.5)
        assert not running.done()
        server.process.send_signal(number)
        assert until(lambda: not server.is_open(), 1), "the port closes at once"
        assert not running.done(), "the query was too fast for this test"
        assert running.result(timeout=60) == answer
    assert server.process.wait(timeout=10) == 0
    assert server.is_alone()


@pytest.mark.parametrize("server", [2], indirect=True)
def test_a_query_without_end_holds_the_stop_up_to_its_time_limit(server: Server) -> None:
    with ThreadPoolExecutor(1) as one:
        running = one.submit(server.ask, ENDLESS)
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=20) == 0, "it would not end of itself"
        with pytest.raises(urllib.error.HTTPError) as caught:
            running.result(timeout=10)
        with caught.value as answer:
            assert answer.code == 504
    assert server.is_alone()


def test_a_second_signal_stops_at_once_and_leaves_no_process(server: Server) -> None:
    with ThreadPoolExecutor(1) as one:
        running = one.submit(server.ask, ENDLESS)
        time.sleep(0.5)
        server.process.send_signal(signal.SIGTERM)
        assert until(lambda: not server.is_open(), 1)
        assert server.process.poll() is None
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=1) == 1
        with pytest.raises((OSError, urllib.error.URLError)):
            running.result(timeout=10)
    assert server.is_alone()


@pytest.mark.parametrize("server", [1], indirect=True)
def test_a_client_that_does_not_read_its_answer_does_not_keep_the_server_from_stopping(server: Server) -> None:
    with socket.socket() as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        lazy.connect(server.address)
        query = urllib.parse.urlencode({"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"})
        lazy.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\n\r\n".encode())
        time.sleep(0.8)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=20) in (0, 1)
    assert server.is_alone()
