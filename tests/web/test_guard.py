"""No query makes the service call another server: proved with a server that listens."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient


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
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_a_federated_query_is_refused_and_nothing_arrives(
    client: TestClient, listener: socket.socket, query: str, accept: str
) -> None:
    text = query.format(url=f"http://127.0.0.1:{listener.getsockname()[1]}/sparql")
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


def test_from_fetches_nothing(client: TestClient, listener: socket.socket) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/graph"
    response = client.get("/sparql", params={"query": f"SELECT * FROM <{url}> {{ ?s ?p ?o }}"})
    assert response.status_code == 200
    assert response.json()["results"]["bindings"] == []
    assert not arrived(listener)
