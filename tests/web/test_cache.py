"""Repeated answers: the same bytes, of the version that is served, and never of a query that changes by itself."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from zorgkg.web import evaluation
from zorgkg.web.cache import Cache, is_fixed
from zorgkg.web.service import Service

SELECT = "SELECT ?s WHERE { ?s a <https://w3id.org/zorgkg/ns#Project> } ORDER BY ?s"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?x) {}",
        "SELECT (now() AS ?x) {}",
        r"SELECT (\u004eOW() AS ?x) {}",
        "SELECT ?x { BIND(RAND() AS ?x) }",
        "SELECT (UUID() AS ?x) {}",
        "SELECT (STRUUID() AS ?x) {}",
        "SELECT (BNODE() AS ?x) {}",
        "SELECT * { FILTER(true||RAND()>0) }",
    ],
)
def test_a_query_that_changes_by_itself_is_told_apart(query: str) -> None:
    assert not is_fixed(query)


@pytest.mark.parametrize(
    "query",
    [
        SELECT,
        "SELECT ?now { ?now <https://e.org/NOW> 'RAND()' } # UUID()",
        "PREFIX foaf: <http://xmlns.com/foaf/0.1/> SELECT * { ?a foaf:knows ?b }",
    ],
)
def test_the_word_alone_does_not_make_a_query_change(query: str) -> None:
    assert is_fixed(query)


def test_the_least_recently_asked_go_first() -> None:
    cache = Cache(100)
    for name in "abc":
        cache.put(name, name, 6)
    assert cache.size == 18
    for number in range(14):
        cache.put(number, number, 6)
        assert cache.get("a") == "a"
    assert cache.get("b") is None
    assert cache.size <= 100
    cache.put("large", "large", 7)
    assert cache.get("large") is None, "it would push out too many"
    cache.put("a", "new", 5)
    assert (cache.get("a"), len(cache)) == ("new", 16)


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that were evaluated, and not answered from what is kept."""
    asked: list[str] = []
    run = evaluation._run

    async def noted(service: Service, query: str, *rest: object) -> object:
        asked.append(query)
        return await run(service, query, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(evaluation, "_run", noted)
    return asked


def test_a_repeated_query_is_evaluated_once_and_answered_alike(client: TestClient, evaluated: list[str]) -> None:
    first, second = (client.get("/sparql", params={"query": SELECT}) for _ in range(2))
    assert len(evaluated) == 1
    assert (second.status_code, second.content) == (200, first.content)
    assert dict(second.headers) == dict(first.headers)
    assert second.headers["Access-Control-Allow-Origin"] == "*"
    counts = client.get("/metrics").text
    assert 'zorgkg_requests_total{method="GET",route="/sparql",status="200"} 2.0' in counts
    assert 'zorgkg_request_seconds_count{route="/sparql"} 2.0' in counts


def test_each_form_of_an_answer_is_its_own(client: TestClient) -> None:
    for _ in range(2):
        for accept in ("text/csv", "application/sparql-results+xml", "text/html"):
            answer = client.get("/sparql", params={"query": SELECT}, headers={"Accept": accept})
            assert answer.headers["Content-Type"].startswith(accept)
        assert client.head("/sparql", params={"query": SELECT}).content == b""


@pytest.mark.parametrize("query", ["SELECT (RAND() AS ?x) {}", "SELECT * {", "SELECT * { SERVICE <urn:x> {} }"])
def test_what_changes_and_what_fails_is_not_kept(client: TestClient, evaluated: list[str], query: str) -> None:
    for _ in range(2):
        client.get("/sparql", params={"query": query})
    assert len(evaluated) == 2


def test_a_version_that_is_asked_for_by_name_is_looked_up_each_time(client: TestClient, evaluated: list[str]) -> None:
    for _ in range(2):
        client.get("/sparql", params={"query": SELECT, "version": "test"})
    assert len(evaluated) == 2
