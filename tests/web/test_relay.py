"""`/sparql`, questions and pages with another SPARQL server underneath, as a client sees them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient

from tests import servers
from tests.endpoints import FAR, JSON, Call, listening
from zorgkg.cli import main
from zorgkg.engine.embedded import merge
from zorgkg.engine.endpoints import HELD, EndpointError, Endpoints
from zorgkg.engine.interface import Dataset
from zorgkg.engine.limits import ResultLimitError
from zorgkg.engine.remote import RemoteEngine
from zorgkg.web.app import create
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol import relay
from zorgkg.web.service import Service

SELECT = (
    "PREFIX zorg: <https://w3id.org/zorgkg/ns#> SELECT ?s ?name { ?s a zorg:Project ; zorg:labelNl ?name } ORDER BY ?s"
)
CONSTRUCT = "CONSTRUCT WHERE { ?s a <https://w3id.org/zorgkg/ns#Project> }"
RUNAWAY = "SELECT (COUNT(*) AS ?count) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"

Over = Callable[..., Service]


@pytest.fixture(scope="module")
def merged(store: Store) -> Store:
    copy = Store()
    copy.bulk_extend(store)
    merge(copy)
    return copy


@pytest.fixture(scope="module", params=servers.KINDS)
def server(request: pytest.FixtureRequest, merged: Store) -> Iterator[servers.Server]:
    with servers.started(request.param, merged) as server:
        yield server


@pytest.fixture
def over(service: Service) -> Iterator[Over]:
    """The service of these tests over other servers."""
    with contextlib.ExitStack() as stack:

        def over(*urls: str, seconds: float = 10, most: int = 10**7, workers: int = 8, queue: int = 64) -> Service:
            endpoints = Endpoints(urls, seconds, most, workers, queue)
            stack.callback(endpoints.close)
            settings = replace(service.settings, max_result=most)
            return replace(service, engine=RemoteEngine(endpoints, "remote-1"), settings=settings)

        yield over


@pytest.fixture
def remote_client(server: servers.Server, over: Over) -> Iterator[TestClient]:
    with serving(over(server.url)) as client:
        yield client


@contextlib.contextmanager
def serving(service: Service) -> Iterator[TestClient]:
    """A client of a service, whose connections end with it."""

    class Ends:
        current = service

        async def follow(self) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                assert isinstance(service.engine, RemoteEngine)
                await service.engine.endpoints.aclose()

    with TestClient(create(service, following=Ends()), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(
    "accept", [None, JSON, "application/json", "application/sparql-results+xml", "text/xml", "text/csv", "text/*;q=0.5"]
)
def test_solutions_come_in_every_form_that_the_embedded_engine_has(
    remote_client: TestClient, client: TestClient, accept: str | None
) -> None:
    headers = {"Accept": accept} if accept else {}
    there, here = (one.get("/sparql", params={"query": SELECT}, headers=headers) for one in (remote_client, client))
    assert (there.status_code, here.status_code) == (200, 200)
    assert there.headers["content-type"] == here.headers["content-type"]
    if "json" in here.headers["content-type"]:
        assert there.json()["results"] == here.json()["results"]
    elif "csv" in here.headers["content-type"]:
        assert there.text == here.text
    else:
        assert there.text.count("<result>") == here.text.count("<result>") == 3


@pytest.mark.parametrize("accept", [JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"])
def test_a_boolean_is_written_as_the_embedded_engine_does(
    remote_client: TestClient, client: TestClient, accept: str
) -> None:
    there, here = (
        one.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": accept}) for one in (remote_client, client)
    )
    assert there.text == here.text


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("text/plain", RdfFormat.N_TRIPLES),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/json", RdfFormat.JSON_LD),
        ("application/rdf+xml", RdfFormat.RDF_XML),
    ],
)
def test_statements_come_in_every_form(
    remote_client: TestClient, client: TestClient, accept: str, form: RdfFormat
) -> None:
    there, here = (
        one.get("/sparql", params={"query": CONSTRUCT}, headers={"Accept": accept}) for one in (remote_client, client)
    )
    assert there.headers["content-type"] == here.headers["content-type"]
    assert set(parse(there.content, form)) == set(parse(here.content, form)) != set()


def test_what_cannot_be_given_or_read_is_told(remote_client: TestClient) -> None:
    assert remote_client.get("/sparql", params={"query": SELECT}, headers={"Accept": "image/png"}).status_code == 406
    for query in ("SELECT ?o {\n ?s ?p", "INSERT DATA {}", ""):
        refused = remote_client.get("/sparql", params={"query": query})
        assert refused.status_code == 400
        assert refused.headers["content-type"] == "application/problem+json"
    placed = remote_client.get("/sparql", params={"query": "SELECT ?o {\n ?s ?p ?o . . }"}).json()
    assert (placed["type"].rpartition("/")[2], placed["line"]) == ("query-syntax", 2)
    assert len(placed["detail"]) < 500
    wrong = "<http://example.org/1>"
    unwritable = f"CONSTRUCT {{ <http://e.org/> {wrong} 1 }} {{}}"
    answer = remote_client.get("/sparql", params={"query": unwritable}, headers={"Accept": "application/rdf+xml"})
    assert (answer.status_code, wrong in answer.json()["detail"]) == (406, True)


def test_questions_and_pages_are_answered_from_there(remote_client: TestClient, client: TestClient) -> None:
    browser = {"Accept": "text/html"}
    for path in ("/api/questions/projects-in", "/api/questions/names?format=csv"):
        assert remote_client.get(path).text == client.get(path).text, path
    there, here = (
        set(parse(one.get("/doc/project/eik.nt").content, RdfFormat.N_TRIPLES)) for one in (remote_client, client)
    )
    assert there == here != set()
    assert "Eik" in remote_client.get("/projects", headers=browser).text
    page = remote_client.get("/sparql", params={"query": SELECT}, headers=browser)
    assert (page.status_code, "Eik" in page.text) == (200, True)


@pytest.mark.parametrize(
    "form", ["json", "csv", "csv-excel", "tsv", "sparql-json", "nt", "jsonld", "parquet", "sparql"]
)
def test_a_question_has_every_form_there_too_and_no_tag(
    remote_client: TestClient, client: TestClient, form: str
) -> None:
    paths = [f"/api/questions/projects-in.{form}{page}" for page in ("", "?limit=1", "?limit=1&offset=1&lang=fr")]
    for path in paths:
        there, here = remote_client.get(path), client.get(path)
        assert (there.status_code, there.content, there.headers["link"] if form != "sparql" else "") == (
            200,
            here.content,
            here.headers["link"] if form != "sparql" else "",
        )
        # What the other server holds may have changed since.
        assert (there.headers["cache-control"], "etag" in there.headers) == ("no-cache", False)


@pytest.mark.parametrize(
    "path",
    [
        *("project/linde", "organisation/ocmw", "place/antwerpen", "framework/vvsg", "source/rapport"),
        *("passage/rapport-130-150", "claim/linde-abcd"),
    ],
)
def test_the_page_of_a_thing_is_the_same_there(remote_client: TestClient, client: TestClient, path: str) -> None:
    def main(served: TestClient) -> str:
        page = served.get(f"/doc/{path}?lang=en", headers={"Accept": "text/html"})
        assert page.status_code == 200
        return str(page.text.partition("<main")[2].partition("</main>")[0])

    assert main(remote_client) == main(client)


@pytest.mark.parametrize(
    "path", ["/.well-known/void", "/sitemap.xml", "/sitemap-project-1.xml", "/doc/project/linde.nq"]
)
def test_what_machines_read_is_there_too(remote_client: TestClient, client: TestClient, path: str) -> None:
    there, here = remote_client.get(path), client.get(path)
    assert (there.status_code, here.status_code) == (200, 200)
    assert len(there.text.splitlines()) == len(here.text.splitlines())


@pytest.mark.parametrize("query", ["?place=mechele", "?limit=1&offset=9", "?plaats=x", "?place=http://[bad"])
def test_a_wrong_question_is_refused_there_as_here(remote_client: TestClient, client: TestClient, query: str) -> None:
    there, here = (one.get(f"/api/questions/projects-in{query}") for one in (remote_client, client))
    assert (there.status_code, there.json()) == (here.status_code, here.json())


def test_forbidden_queries_reach_no_server(over: Over) -> None:
    with listening() as endpoint, serving(over(endpoint.url)) as client:
        for query in ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", "LOAD <http://example.org/>"):
            for accept in ("*/*", "text/html"):
                answer = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
                assert answer.status_code == 403
        assert endpoint.calls == []


def test_each_limit_ends_its_query_and_is_named(server: servers.Server, over: Over) -> None:
    with serving(over(server.url, seconds=1, most=3000)) as client:
        slow = client.get("/sparql", params={"query": RUNAWAY})
        assert (slow.status_code, slow.json()["limit"], slow.json()["setting"]) == (504, 1, "ZORGKG_TIMEOUT")
        large = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"})
        assert (large.status_code, large.json()["limit"], large.json()["setting"]) == (422, 3000, "ZORGKG_MAX_RESULT")
        assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


def test_when_all_are_busy_the_next_one_is_told_to_come_back(over: Over) -> None:
    go = threading.Event()

    def wait(call: Call) -> None:
        go.wait(10)
        call.answer()

    async def ask() -> list[int]:
        with listening(wait) as endpoint:
            service = over(endpoint.url, workers=2, queue=1)
            assert isinstance(service.engine, RemoteEngine)
            asking = [
                asyncio.create_task(relay.answer(service, service.engine, "SELECT ?s {}", Dataset(), None))
                for _ in range(4)
            ]
            await asyncio.sleep(0.5)
            assert len(endpoint.calls) == 2
            go.set()
            found = await asyncio.gather(*asking, return_exceptions=True)
            await service.engine.endpoints.aclose()
            return sorted(one.status if isinstance(one, ProblemError) else 200 for one in found)

    assert asyncio.run(ask()) == [200, 200, 200, 503]


@pytest.mark.parametrize(
    ("status", "headers", "expected"), [(500, {}, 502), (302, {}, 502), (503, {"Retry_After": "9"}, 503)]
)
def test_a_server_that_fails_is_a_502_and_a_busy_one_a_503(
    over: Over, status: int, headers: dict[str, str], expected: int
) -> None:
    with listening(lambda call: call.answer(status, b"secret", None, **headers)) as endpoint:
        url = endpoint.url.replace("http://", "http://maria:geheim@")
        with serving(over(url)) as client:
            for path in ("/sparql", "/api/questions/names"):
                answer = client.get(path, params={"query": "ASK {}"} if path == "/sparql" else {})
                assert answer.status_code == expected
                assert endpoint.url in answer.json()["detail"]
                assert "geheim" not in answer.text
                assert "secret" not in answer.text
                assert answer.headers.get("Retry-After") == headers.get("Retry_After")


def test_a_server_that_is_not_there_is_a_502(over: Over) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/query"
    with serving(over(url)) as client:
        answer = client.get("/sparql", params={"query": "ASK {}"})
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (502, "engine")
        assert client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": "text/html"}).status_code == 502


def streamed(over: Over, do: Callable[[Call], None], after: Callable[[], None], most: int = 10**7) -> bytes:
    """What a client gets of a large answer, and do something when its beginning has come."""

    async def ask() -> bytes:
        with listening(do) as endpoint:
            service = over(endpoint.url, most=most)
            assert isinstance(service.engine, RemoteEngine)
            response = await relay.answer(service, service.engine, "SELECT ?s {}", Dataset(), JSON)
            assert isinstance(response, StreamingResponse)
            found = b""
            try:
                async for chunk in response.body_iterator:
                    assert isinstance(chunk, bytes)
                    found += chunk
                    after()
            finally:
                await service.engine.endpoints.aclose()
            return found

    return asyncio.run(ask())


def test_a_large_answer_is_passed_on_before_its_end_has_come(over: Over) -> None:
    go = threading.Event()
    body = FAR.replace(b"far", b"far" * HELD)

    def do(call: Call) -> None:
        call.answer(200, body[: 2 * HELD], len(body))
        assert go.wait(10), "nothing was passed on"
        call.handler.wfile.write(body[2 * HELD :])

    assert streamed(over, do, go.set) == body


def test_a_large_answer_that_fails_on_its_way_breaks_off_and_is_never_taken_for_whole(over: Over) -> None:
    def dies(call: Call) -> None:
        call.answer(200, b" " * 2 * HELD, 10 * HELD)
        call.handler.connection.shutdown(socket.SHUT_RDWR)

    with pytest.raises(EndpointError, match="broke off"):
        streamed(over, dies, lambda: None)
    with pytest.raises(ResultLimitError):
        streamed(over, lambda call: call.answer(200, b" " * 10 * HELD), lambda: None, most=3 * HELD)


def test_the_command_line_asks_the_server_too(
    server: servers.Server, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("ZORGKG_ENGINE", server.url)
    assert main(["query", "--home", str(tmp_path), "--format", "csv", "SELECT (1 + 1 AS ?n) {}"]) == 0
    assert capfd.readouterr().out.split() == ["n", "2"]
    monkeypatch.setenv("ZORGKG_ENGINE", "http://maria:geheim@127.0.0.1:9/query")
    assert main(["query", "--home", str(tmp_path), "ASK {}"]) == 2
    told = capfd.readouterr().err
    assert "http://127.0.0.1:9/query cannot be reached" in told
    assert "geheim" not in told


def test_a_server_without_a_version_of_its_own_serves_what_the_other_holds(
    server: servers.Server, tmp_path: Path
) -> None:
    environment = {**os.environ, "ZORGKG_ENGINE": server.url, "ZORGKG_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "zorgkg", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, text=True) as process:
        try:
            assert process.stderr
            told = process.stderr.readline()
            assert "serves on" in told
            base = told.split()[3]
            with urllib.request.urlopen(f"{base}/health") as response:
                health = json.load(response)
            assert health["version"].startswith("remote-")
            assert set(health["datasets"]) == {"proef", "ontology"}
            with urllib.request.urlopen(f"{base}/sparql?query=ASK%7B%7D") as response:
                assert json.load(response)["boolean"] is True
                assert response.headers["X-Zorgkg-Version"] == health["version"]
            with urllib.request.urlopen(f"{base}/versions") as response:
                assert [one["id"] for one in json.load(response)["versions"]] == [health["version"]]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)
    assert not (tmp_path / "home").exists()
