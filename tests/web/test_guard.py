"""No query makes the service call another server: proved with a server that listens."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest
from pyoxigraph import Store
from starlette.testclient import TestClient

from tests import endpoints
from tests.endpoints import Call
from zorgkg.web.app import create
from zorgkg.web.service import Service


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def arrived(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except TimeoutError:
        return False
    return True


QUERIES = [
    "SELECT * WHERE {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "SELECT * WHERE {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
    "select * where {{ service <{url}> {{ ?s ?p ?o }} }}",
    "PREFIX x: <{url}> SELECT * WHERE {{ SERVICE x: {{ ?s ?p ?o }} }}",
    "SELECT * WHERE {{ VALUES ?u {{ <{url}> }} SERVICE ?u {{ ?s ?p ?o }} }}",
    "SELECT * WHERE {{ {{ SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }} }}",
    "SELECT * WHERE {{ FILTER EXISTS {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}",
    "SELECT * WHERE {{ \\u0053ERVICE <{url}> {{ ?s ?p ?o }} }}",
    "PREFIX x: <{url}> SELECT * WHERE {{ FILTER(true)SERVICE x: {{ ?s ?p ?o }} }}",
    "SELECT * WHERE {{ BIND(<{url}> AS ?u) SERVICE SILENT ?u {{ ?s ?p ?o }} }}",
    "SELECT * WHERE {{ SERVICE # <http://example.org/>\n <{url}> {{ ?s ?p ?o }} }}",
    "SELECT * WHERE {{ SERVICE <{slashes}> {{ ?s ?p ?o }} }}",
    "PREFIX SERVICE: <{url}> SELECT * WHERE {{ SERVICE SERVICE: {{ ?s ?p ?o }} }}",
    "PREFIX SERVICE: <{url}> SELECT * WHERE {{ SERVICE: {{ ?s ?p ?o }} }}",
    "PREFIX : <{url}> SELECT * {{ BIND(1 AS ?a) BIND(2 AS ?b) FILTER(?a<?b)SERVICE:#>\n{{ ?s ?p ?o }} }}",
    "PREFIX : <{url}> SELECT * {{ FILTER(1<'x>'||true)SERVICE:{{ ?s ?p ?o }}FILTER('a'='a') }}",
    'PREFIX : <{url}> SELECT * {{ VALUES ?x {{ """a"}} SERVICE:{{ ?s ?p ?o }} #\\z"""\n}}',
    "LOAD <{url}>",
    "LOAD SILENT <{url}> INTO GRAPH <http://example.org/>",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
]


def written(query: str, server: socket.socket) -> str:
    url = f"http://127.0.0.1:{server.getsockname()[1]}/sparql"
    return query.format(url=url, slashes=url.replace("/", "\\u002F"))


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_a_federated_query_is_refused_and_nothing_arrives(
    client: TestClient, listener: socket.socket, query: str, accept: str
) -> None:
    text = written(query, listener)
    responses = [
        client.get("/sparql", params={"query": text}, headers={"Accept": accept}),
        client.post("/sparql", data={"query": text}, headers={"Accept": accept}),
        client.post("/sparql", content=text, headers={"Accept": accept, "Content-Type": "application/sparql-query"}),
    ]
    assert [response.status_code for response in responses] == [403, 403, 403]
    assert not arrived(listener)


def test_the_listener_of_these_tests_would_hear_a_call(listener: socket.socket) -> None:
    socket.create_connection(listener.getsockname()).close()
    assert arrived(listener)


def test_a_refusal_says_where_and_why(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": "ASK {\n SERVICE <http://example.org/> { ?s ?p ?o } }"})
    assert response.status_code == 403
    assert "line 2, column 2" in response.json()["detail"]


def test_the_word_in_a_string_is_no_call(client: TestClient) -> None:
    assert client.get("/sparql", params={"query": 'SELECT ("SERVICE" AS ?x) {}'}).status_code == 200


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED", "default-graph-uri", "named-graph-uri"])
def test_the_dataset_of_a_query_is_never_fetched(client: TestClient, listener: socket.socket, clause: str) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/graph"
    dataset = f"{clause} <{url}>" if clause.startswith("FROM") else ""
    parameters = {"query": f"SELECT * {dataset} {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"}
    response = client.get("/sparql", params=parameters if dataset else {**parameters, clause: url})
    assert response.status_code == 200
    assert response.json()["results"]["bindings"] == []
    assert not arrived(listener)


@dataclass
class Peer:
    """A SPARQL endpoint that counts its calls, and may send them on."""

    url: str = ""
    calls: list[str] = field(default_factory=list)
    onward: str = ""

    def take(self, call: Call) -> None:
        self.calls.append(call.path)
        call.answer(302 if self.onward else 200, Location=self.onward)


@contextmanager
def listening() -> Iterator[Peer]:
    peer = Peer()
    with endpoints.listening(peer.take) as endpoint:
        peer.url = endpoint.url
        yield peer


@pytest.fixture
def peer() -> Iterator[Peer]:
    with listening() as peer:
        yield peer


@pytest.fixture
def open_client(service: Service, peer: Peer) -> Iterator[TestClient]:
    """A client of a service with the peer on its list."""
    settings = replace(service.settings, services=frozenset({peer.url}))
    with TestClient(create(replace(service, settings=settings)), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize("query", [query for query in QUERIES if "||true" in query or "?a<?b" in query or "z" in query])
def test_without_the_guard_these_calls_would_be_made(store: Store, peer: Peer, query: str) -> None:
    with contextlib.suppress(SyntaxError, OSError):
        list(store.query(query.format(url=peer.url, slashes="")))  # type: ignore[arg-type]
    assert peer.calls


def test_a_server_on_the_list_is_called_and_its_answer_given(open_client: TestClient, peer: Peer) -> None:
    for query in ("SELECT ?s { SERVICE <%s> { ?s ?p ?o } }", "PREFIX x: <%s> SELECT ?s { SERVICE x: { ?s ?p ?o } }"):
        response = open_client.get("/sparql", params={"query": query % peer.url})
        assert [row["s"]["value"] for row in response.json()["results"]["bindings"]] == ["far"]
    assert peer.calls == ["/sparql", "/sparql"]


@pytest.mark.parametrize("query", QUERIES)
def test_with_a_list_no_other_server_is_called(open_client: TestClient, listener: socket.socket, query: str) -> None:
    assert open_client.get("/sparql", params={"query": written(query, listener)}).status_code == 403
    assert not arrived(listener)


def test_a_server_on_the_list_cannot_send_us_on_to_another(open_client: TestClient, peer: Peer) -> None:
    with listening() as other:
        peer.onward = other.url
        response = open_client.get("/sparql", params={"query": f"SELECT ?s {{ SERVICE <{peer.url}> {{ ?s ?p ?o }} }}"})
        assert response.status_code >= 500
        assert peer.calls
        assert other.calls == []
