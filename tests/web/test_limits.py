"""A server that cannot be knocked over: each limit ends its query alone, and the next one answers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import RdfFormat, Store

from zorgkg.engine.embedded import merge
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.terms import dataset_graph

HERE = Path(__file__).parent

SECONDS = 2
LIMITS = {
    "ZORGKG_TIMEOUT": str(SECONDS),
    "ZORGKG_MEMORY": "150",
    "ZORGKG_MAX_RESULT": "300000",
    "ZORGKG_MAX_QUERY": "250000",
    "ZORGKG_WORKERS": "4",
}
SLACK = 8
"""Seconds for what a loaded machine does to a wall clock."""

MANY = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(9))
CROSS = f"SELECT (COUNT(*) AS ?n) {{ {MANY} }}"
PATHS = "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|^(!<urn:x>))* ?b . ?b (!<urn:x>|^(!<urn:x>))* ?c . ?c (!<urn:x>)* ?d }"
SORT = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
CONCATENATED = 'SELECT (GROUP_CONCAT(STR(?b); SEPARATOR="----------------") AS ?all) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }'
CHEAP = "SELECT ?s { ?s a <https://w3id.org/zorgkg/ns#Project> } ORDER BY ?s"


def published(folder: Path) -> Home:
    """A home folder with one version."""
    home = Home(folder)
    with home.publishing() as candidate:
        store = Store(str(candidate / "store"))
        store.load((HERE / "graph.ttl").read_bytes(), RdfFormat.TURTLE, to_graph=dataset_graph("proef"))
        merge(store)
        store.flush()
        statements = len(store)
        del store
        home.publish(candidate, Manifest("2026-1", "2026-01-01T00:00:00+00:00", statements, 1, "0" * 64))
    return home


class Server:
    """A server process; its address and what it may be asked."""

    def __init__(self, address: str, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.client = httpx.Client(base_url=address, timeout=60)

    def ask(self, query: str, accept: str = "application/sparql-results+json, text/turtle") -> httpx.Response:
        return self.client.post("/sparql", data={"query": query}, headers={"Accept": accept})

    def answers(self) -> bool:
        return self.ask(CHEAP).status_code == 200


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = published(tmp_path_factory.mktemp("home"))
    command = [sys.executable, "-m", "zorgkg", "serve", "--home", str(home.path), "--port", "0"]
    environment = {**os.environ, **LIMITS, "PYTHONPATH": str(HERE.parents[1] / "src")}
    environment.pop("PYTEST_CURRENT_TEST", None)
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        told = process.stderr.readline()
        address = re.search(r"http://\S+", told)
        assert address, told
        started = Server(address.group(), process)
        yield started
        started.client.close()
        process.terminate()
        process.wait(30)


def problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["type"].rpartition("/")[2] == kind, told
    return told


def counted(server: Server, reason: str) -> float:
    metrics = server.client.get("/metrics").text
    found = re.search(rf'zorgkg_queries_ended_total{{reason="{reason}"}} (\S+)', metrics)
    assert found
    return float(found.group(1))


@pytest.mark.parametrize("query", [CROSS, PATHS])
def test_a_runaway_query_is_stopped_and_the_next_one_answers(server: Server, query: str) -> None:
    before = counted(server, "time-limit")
    begin = time.monotonic()
    told = problem(server.ask(query), 504, "time-limit")
    assert time.monotonic() - begin < SECONDS + 1 + SLACK
    assert (told["limit"], told["setting"]) == (SECONDS, "ZORGKG_TIMEOUT")
    assert "2 seconds" in told["detail"]
    assert "ZORGKG_TIMEOUT" in told["detail"]
    assert server.answers()
    assert counted(server, "time-limit") == before + 1


@pytest.mark.parametrize("query", [SORT, CONCATENATED])
def test_a_query_that_takes_all_memory_is_stopped_and_the_next_one_answers(server: Server, query: str) -> None:
    answer = server.ask(query)
    # On a slow machine the time limit may come first.
    if answer.status_code != 504:
        told = problem(answer, 422, "memory-limit")
        assert (told["limit"], told["setting"]) == (150, "ZORGKG_MEMORY")
        assert "150 MiB" in told["detail"]
    assert server.answers()


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "text/csv"),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "application/sparql-results+json"),
        ("CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "text/turtle"),
        ("CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "application/n-triples"),
    ],
)
def test_an_answer_that_becomes_too_large_is_refused_and_never_cut(server: Server, query: str, accept: str) -> None:
    told = problem(server.ask(query, accept), 422, "result-limit")
    assert (told["limit"], told["setting"]) == (300_000, "ZORGKG_MAX_RESULT")
    assert "300,000 bytes" in told["detail"]
    assert server.answers()


def test_an_answer_just_below_the_limit_is_whole(server: Server) -> None:
    size = 280_000
    answer = server.ask(f'SELECT ("{"x" * 1000}" AS ?x) {{ {" UNION ".join(["{}"] * (size // 1100))} }}', "text/csv")
    assert answer.status_code == 200
    assert len(answer.content.splitlines()) == 1 + size // 1100


def test_a_text_that_breaks_the_parser_breaks_nothing_else(server: Server) -> None:
    told = problem(server.ask("SELECT * " + "{" * 40_000 + "}" * 40_000), 422, "too-complex")
    assert "nests too deeply" in told["detail"]
    assert server.answers()


def test_a_text_that_is_too_long_is_not_read(server: Server) -> None:
    told = problem(server.ask("#" * 250_001), 413, "query-too-long")
    assert "250,000 bytes" in told["detail"]


def test_with_forty_runaways_at_once_a_cheap_query_a_page_and_a_question_answer(server: Server) -> None:
    def hurried(_: int) -> httpx.Response:
        with httpx.Client(base_url=server.client.base_url, timeout=60) as client:
            return client.post("/sparql", data={"query": CROSS})

    with ThreadPoolExecutor(40) as pool:
        runaways = [pool.submit(hurried, number) for number in range(40)]
        time.sleep(0.5)
        begin = time.monotonic()
        assert server.answers()
        page = server.client.get("/doc/project/linde", headers={"Accept": "text/html"})
        waited = time.monotonic() - begin
        ended = [one.result() for one in runaways]
    assert page.status_code == 200
    # Four at a time make room after half a second: five seconds for the forty.
    assert waited < 5 + SLACK
    assert {one.status_code for one in ended} <= {503, 504}
    refused = [one for one in ended if one.status_code == 503]
    assert refused
    for one in refused:
        told = problem(one, 503, "busy")
        assert int(one.headers["Retry-After"]) > 0
        assert "ZORGKG_WORKERS" in told["detail"]
    assert server.answers()


def test_a_client_that_goes_away_takes_its_query_along(server: Server) -> None:
    def running() -> float:
        found = re.search(r"^zorgkg_queries_running (\S+)", server.client.get("/metrics").text, re.MULTILINE)
        assert found
        return float(found.group(1))

    with httpx.Client(base_url=server.client.base_url) as client, pytest.raises(httpx.ReadTimeout):
        client.post("/sparql", data={"query": CROSS}, timeout=0.3)
    begin = time.monotonic()
    while running():
        time.sleep(0.02)
    assert time.monotonic() - begin < SECONDS + SLACK


def test_all_processes_end_with_a_server_that_is_killed(tmp_path: Path) -> None:
    home = published(tmp_path / "home")
    command = [sys.executable, "-m", "zorgkg", "serve", "--home", str(home.path), "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1] / "src")}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True) as one:
        assert one.stderr
        address = re.search(r"http://\S+", one.stderr.readline())
        assert address
        # A query runs in a worker while the server dies.
        with httpx.Client(base_url=address.group()) as client, pytest.raises(httpx.ReadTimeout):
            client.post("/sparql", data={"query": CROSS}, timeout=0.3)
        assert len(_session(one.pid)) >= 4, "server, origin, parent and worker"
        one.kill()
        one.wait()
        end = time.monotonic() + SLACK
        while _session(one.pid) and time.monotonic() < end:
            time.sleep(0.05)
        assert _session(one.pid) == []


def _session(leader: int) -> list[int]:
    """The processes of a session that live."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found
