"""Another SPARQL server as the engine: its answers, its limits, and what happens when it fails."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import logging
import time
from collections.abc import Callable, Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, Store

from tests import servers
from tests.endpoints import FAR, JSON, Call, listening
from zorgkg.engine import remote
from zorgkg.engine.embedded import EmbeddedEngine, merge
from zorgkg.engine.endpoints import BusyEndpointError, EndpointError, Endpoints, SlowEndpointError
from zorgkg.engine.interface import Answer, Dataset, QuerySyntaxError
from zorgkg.engine.limits import ResultLimitError, TimeLimitError
from zorgkg.engine.remote import RemoteEngine
from zorgkg.terms import BASE

A, B = "http://example.org/a", "http://example.org/b"
ASK = "ASK {}"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"

Connect = Callable[..., RemoteEngine]


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    for graph in (A, B):
        for number in range(500):
            store.add(Quad(NamedNode(f"{graph}#{number}"), NamedNode(BASE + "p"), Literal(number), NamedNode(graph)))
        store.add(Quad(NamedNode(A), NamedNode(B), Literal("gelijk", language="nl"), NamedNode(graph)))
    merge(store)
    return store


@pytest.fixture(scope="module", params=servers.KINDS)
def server(request: pytest.FixtureRequest, store: Store) -> Iterator[servers.Server]:
    with servers.started(request.param, store) as server:
        yield server


@pytest.fixture
def connect() -> Iterator[Connect]:
    with contextlib.ExitStack() as stack:

        def connect(*urls: str, seconds: float = 10, most: int = 10**7) -> RemoteEngine:
            endpoints = Endpoints(urls, seconds, most)
            stack.callback(endpoints.close)
            return RemoteEngine(endpoints, "test")

        yield connect


def values(answer: Answer) -> list[str]:
    """The answer, in no particular order."""
    if isinstance(answer, QueryBoolean):
        return [str(bool(answer))]
    if isinstance(answer, QuerySolutions):
        return sorted(" ".join(str(cell) for cell in row) for row in answer)
    return sorted(map(str, answer))


@pytest.mark.parametrize(
    ("query", "dataset"),
    [
        ("SELECT ?s ?o { ?s ?p ?o FILTER(?o < 20) }", None),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", None),
        ("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", None),
        (f"SELECT (COUNT(*) AS ?n) FROM <{A}> {{ ?s ?p ?o }}", None),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Dataset((B,))),
        ("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", Dataset((), (B,))),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Dataset((), (B,))),
        ("ASK { ?s ?p 'gelijk'@nl }", None),
        ("ASK { ?s ?p 'gelijk' }", None),
        (f"CONSTRUCT {{ ?s <{B}> ?o }} {{ ?s ?p ?o FILTER(?o < 20) }}", None),
        ("PREFIX x: <http://e.org/> SELECT ?o { ?s ?p ?o FILTER(STR(?o) = 'SERVICE' || !BOUND(?p)) }", None),
    ],
)
def test_a_server_answers_as_the_embedded_engine_does(
    server: servers.Server, store: Store, connect: Connect, query: str, dataset: Dataset | None
) -> None:
    here = EmbeddedEngine(store, "test").query(query, dataset)
    assert values(connect(server.url).query(query, dataset)) == values(here)


def test_a_relative_iri_is_one_of_ours(server: servers.Server, connect: Connect) -> None:
    assert values(connect(server.url).query("SELECT (COUNT(*) AS ?n) { ?s <p> ?o }")) == values(
        connect(server.url).query(f"SELECT (COUNT(*) AS ?n) {{ ?s <{BASE}p> ?o }}")
    )


def test_text_that_is_no_sparql_is_told_apart_with_its_place(server: servers.Server, connect: Connect) -> None:
    with pytest.raises(QuerySyntaxError, match=r"^error at 2:1[0-9]: "):
        connect(server.url).query("SELECT ?o {\n ?s ?p ?o . . }")


def test_a_query_beyond_the_time_limit_ends_in_time_and_the_next_one_answers(
    server: servers.Server, connect: Connect
) -> None:
    engine = connect(server.url, seconds=1)
    started = time.monotonic()
    with pytest.raises(TimeLimitError, match="1 second"):
        engine.query(RUNAWAY)
    assert time.monotonic() - started < 20, "it would not end of itself"
    assert values(engine.query(ASK)) == ["True"]


@pytest.mark.slow
def test_fuseki_stops_too_for_it_counts_the_limit_that_is_sent_in_seconds(store: Store, connect: Connect) -> None:
    with servers.started("fuseki", store) as server:
        started = time.monotonic()
        with pytest.raises(SlowEndpointError):
            connect(f"{server.url}?timeout=1", seconds=20).query(RUNAWAY)
        assert 0.9 < time.monotonic() - started < 10


def test_an_answer_beyond_the_result_limit_is_refused(server: servers.Server, connect: Connect) -> None:
    with pytest.raises(ResultLimitError, match="5,000 bytes"):
        connect(server.url, most=5000).query("SELECT * { ?s ?p ?o }")


def test_what_a_server_holds_names_its_version(
    server: servers.Server, connect: Connect, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    remote.examine(connect(server.url).endpoints)
    found = remote.content(connect(server.url).endpoints)
    assert (found.triples, found.graphs) == (1001, {A: 501, B: 501})
    assert found.id.startswith("remote-")
    assert remote.content(connect(server.url).endpoints) == found
    assert caplog.records == []


@pytest.mark.parametrize(
    ("options", "tell"), [((), "an empty default graph"), (("--union-default-graph",), "counts triples more than once")]
)
def test_a_server_without_a_merged_default_graph_is_told(
    connect: Connect, caplog: pytest.LogCaptureFixture, options: tuple[str, ...], tell: str
) -> None:
    bare = Store()
    bare.extend(Quad(NamedNode(A), NamedNode(B), Literal(1), NamedNode(graph)) for graph in (A, B))
    with servers.started("oxigraph", bare, *options) as server:
        remote.examine(connect(server.url).endpoints)
    assert tell in caplog.text


def test_when_a_server_is_killed_in_the_middle_the_query_fails_and_names_it(store: Store, connect: Connect) -> None:
    with servers.started("oxigraph", store) as server:
        engine = connect(server.url.replace("http://", "http://maria:geheim@"), seconds=30)
        assert values(engine.query(ASK)) == ["True"]

        async def killed() -> None:
            asking = asyncio.create_task(asyncio.to_thread(engine.query, RUNAWAY))
            await asyncio.sleep(0.5)
            server.kill()
            await asking

        with pytest.raises(EndpointError, match=server.url) as told:
            asyncio.run(killed())
        assert "geheim" not in str(told.value)


def test_of_two_replicas_one_may_die(store: Store, connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    with servers.started("oxigraph", store) as first, servers.started("oxigraph", store) as second:
        engine = connect(first.url, second.url)
        assert {values(engine.query(ASK))[0] for _ in range(4)} == {"True"}
        first.kill()
        assert {values(engine.query(ASK))[0] for _ in range(10)} == {"True"}
        assert caplog.text.count("cannot be reached") == 1, "it is passed over, not asked again each time"
        second.kill()
        with pytest.raises(EndpointError, match="cannot be reached"):
            engine.query(ASK)


def test_a_replica_that_comes_back_is_used_again(connect: Connect) -> None:
    fails = [True]

    def do(call: Call) -> None:
        call.answer(503 if fails[0] else 200, b"" if fails[0] else FAR)

    def refuses(call: Call) -> None:
        call.answer(502 if fails[0] else 200, b"" if fails[0] else FAR)

    with listening(refuses) as first, listening() as second:
        engine = connect(first.url, second.url)
        for _ in range(6):
            assert values(engine.query("SELECT ?s {}")) == ['"far"']
        assert len(first.calls) == 1
        fails[0] = False

        async def look() -> None:
            await engine.endpoints.look()
            await engine.endpoints.aclose()

        asyncio.run(look())
        for _ in range(6):
            engine.query("SELECT ?s {}")
        assert len(first.calls) == 1 + 1 + 3


@pytest.mark.parametrize("status", [301, 302, 307, 308, 401, 404, 500, 502])
def test_a_server_that_fails_is_named_and_nowhere_else_is_asked(connect: Connect, status: int) -> None:
    with listening() as other, listening(lambda call: call.answer(status, b"x", Location=other.url)) as broken:
        with pytest.raises(EndpointError, match=f"{broken.url} answered with status {status}"):
            connect(broken.url).query(ASK)
        assert other.calls == []


@pytest.mark.parametrize(
    ("media", "body", "tell"),
    [
        ("text/html", b"<h1>Welcome</h1>", "text/html, which is no SPARQL result"),
        (JSON, FAR[:-3], "cannot be read"),
        (JSON, b"", "cannot be read"),
        (JSON, FAR.replace(b'"literal"', b'"thing"'), "cannot be read"),
        ("application/n-triples", b"<a> <b> .", "cannot be read"),
    ],
)
def test_an_answer_that_is_none_is_refused(connect: Connect, media: str, body: bytes, tell: str) -> None:
    with (
        listening(lambda call: call.answer(200, body, Content_Type=media)) as broken,
        pytest.raises(EndpointError, match=tell),
    ):
        connect(broken.url).query("SELECT ?s {}")


def break_off(call: Call) -> None:
    call.answer(200, FAR, len(FAR) + 10)
    call.handler.close_connection = True


def test_an_answer_that_breaks_off_is_refused(connect: Connect) -> None:
    with (
        listening(break_off) as broken,
        pytest.raises(EndpointError, match="broke off"),
    ):
        connect(broken.url).query("SELECT ?s {}")


def partly(status: int, headers: dict[str, str]) -> Callable[[Call], None]:
    return lambda call: call.answer(status, FAR, None, **headers)


def test_a_busy_server_and_one_with_a_shorter_limit_are_told_apart(connect: Connect) -> None:
    with listening(lambda call: call.answer(503, b"Try later", Retry_After="7")) as busy:
        with pytest.raises(BusyEndpointError) as told:
            connect(busy.url).query(ASK)
        assert told.value.retry == "7"
    with listening(lambda call: call.answer(503, b"Query timed out")) as slow, pytest.raises(SlowEndpointError):
        connect(slow.url).query(ASK)
    for status, headers in ((200, {"X_SQL_State": "S1TAT"}), (206, {})):
        with listening(partly(status, headers)) as partial, pytest.raises(SlowEndpointError):
            connect(partial.url).query(ASK)


def test_a_query_that_brings_servers_down_is_not_given_to_all(connect: Connect) -> None:
    def die(call: Call) -> None:
        call.handler.connection.close()

    with contextlib.ExitStack() as stack:
        replicas = [stack.enter_context(listening(die)) for _ in range(4)]
        with pytest.raises(EndpointError, match="broke off"):
            connect(*(one.url for one in replicas)).query(ASK)
        assert sum(len(one.calls) for one in replicas) == 2


def test_a_server_that_drips_is_ended_by_the_time_limit(connect: Connect) -> None:
    def drip(call: Call) -> None:
        call.answer(200, b"", 1000)
        for _ in range(1000):
            call.handler.wfile.write(b" ")
            time.sleep(0.05)

    started = time.monotonic()
    with listening(drip) as slow, pytest.raises(TimeLimitError):
        connect(slow.url, seconds=1).query(ASK)
    assert time.monotonic() - started < 20, "it drips for fifty seconds"


def test_what_is_sent(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with listening() as server:
        url = server.url.replace("http://", "http://maria:geheim%21@") + "?key=a"
        connect(url, seconds=2.5).query("SELECT ?s {}", Dataset((A, B), (A,)))
        (call,) = server.calls
        assert call.path == "/sparql?key=a"
        assert call.headers["authorization"] == "Basic " + base64.b64encode(b"maria:geheim!").decode()
        assert call.headers["content-type"] == "application/x-www-form-urlencoded"
        assert call.headers["accept"].startswith(JSON)
        (_, query), *rest = call.fields
        assert query == f"BASE <{BASE}>\nSELECT ?s {{}}"
        graphs = [("default-graph-uri", A), ("default-graph-uri", B), ("named-graph-uri", A)]
        assert rest == [*graphs, ("timeout", "4")]
        connect(f"{server.url}?timeout=9000").query("SELECT ?s {}")
        assert "timeout" not in dict(server.calls[-1].fields), "the operator's own, in the unit of that server"
    assert "geheim" not in caplog.text


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("# ASK\nbase <x> prefix a: <b#> PREFIX : <c> ask {}", "ASK"),
        (r"CONSTR\u0055CT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("DESCRIBE<x>", "DESCRIBE"),
    ],
)
def test_the_form_of_a_query_is_known_before_it_is_asked(query: str, form: str) -> None:
    assert remote.form(query) == form


@pytest.mark.parametrize("query", ["", "INSERT DATA {}", "DEFINE get:soft 'soft' SELECT * {}", "PREFIX a SELECT * {}"])
def test_what_is_no_query_reaches_no_server(connect: Connect, query: str) -> None:
    with listening() as server:
        with pytest.raises(QuerySyntaxError):
            connect(server.url).query(query)
        assert server.calls == []


def test_json_of_the_test_endpoint_is_what_it_says() -> None:
    assert json.loads(FAR)["results"]["bindings"][0]["s"]["value"] == "far"
