"""Repeated answers: the same bytes, of the version that is served, and never of a query that changes by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from zorgkg.questions import catalogue
from zorgkg.questions.catalogue import Catalogue
from zorgkg.web.app import create
from zorgkg.web.cache import Cache, is_fixed
from zorgkg.web.protocol import evaluation
from zorgkg.web.service import Service

WHEN = """\
#+ summary: {nl: Wanneer?, fr: Quand ?, en: When?}
#+ chart: {none: a moment}
SELECT ?when { BIND(NOW() AS ?when) }
ORDER BY ?when
"""

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
        "SELECT * { SERVICE <http://e.org/sparql> { ?s ?p ?o } }",
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
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was evaluated, and not answered from what is kept."""
    asked: list[Any] = []
    run = evaluation._run

    async def noted(service: Service, request: dict[str, Any], *rest: object) -> object:
        asked.append(request)
        return await run(service, request, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(evaluation, "_run", noted)
    return asked


def test_a_repeated_query_is_evaluated_once_and_answered_alike(client: TestClient, evaluated: list[Any]) -> None:
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
def test_what_changes_and_what_fails_is_not_kept(client: TestClient, evaluated: list[Any], query: str) -> None:
    for _ in range(2):
        client.get("/sparql", params={"query": query})
    assert len(evaluated) == 2


QUESTION = "/api/questions/names?part=Es"
READS = (
    QUESTION,
    "/api/questions/names.csv",
    "/api/questions/names.html",
    "/api/questions",
    "/api/openapi.json",
    "/",
    "/projects",
    "/doc/project/linde",
    "/doc/project/linde.ttl",
    "/ns",
    "/datasets",
    "/sparql?query=ASK%7B%7D",
)


@pytest.mark.parametrize("path", READS)
def test_every_read_has_a_tag_and_who_has_it_is_told_so_without_an_evaluation(
    client: TestClient, evaluated: list[Any], path: str
) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache", "a new version is seen at once"
    assert first.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"
    evaluated.clear()
    for method in ("GET", "HEAD"):
        again = client.request(method, path, headers={"If-None-Match": f'"other", {tag}'})
        assert (again.status_code, again.content, evaluated) == (304, b"", [])
        for name in ("etag", "cache-control", "vary", "x-zorgkg-version", "access-control-allow-origin"):
            assert again.headers[name] == first.headers[name]
        assert "content-length" not in again.headers
    assert client.get(path, headers={"If-None-Match": f"W/{tag.removeprefix('W/')}"}).status_code == 304
    assert client.get(path, headers={"If-None-Match": '"other"'}).content == first.content
    assert client.head(path).headers["etag"] == tag


@pytest.mark.parametrize("path", READS)
def test_who_wants_it_only_where_there_is_none_is_told_that_there_is(client: TestClient, path: str) -> None:
    for method in ("GET", "HEAD", "GET"):
        answer = client.request(method, path, headers={"If-None-Match": "*"})
        assert (answer.status_code, answer.content) == (304, b"")
        assert "content-length" not in answer.headers
    whole = client.get(path)
    assert (whole.status_code, whole.headers["etag"]) == (200, answer.headers["etag"])
    assert whole.content


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/doc/project/none", 404), ("/?no-such=1", 400), ("/health", 200)]
)
def test_where_nothing_is_tagged_the_answer_is_given(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path, headers={"If-None-Match": "*"})
    assert (answer.status_code, answer.json()) == (status, client.get(path).json())


def test_what_is_given_again_is_counted_by_its_route(client: TestClient) -> None:
    tag = {"If-None-Match": client.get(QUESTION).headers["etag"]}
    client.get(QUESTION)
    client.get(QUESTION, headers=tag)
    client.get(
        "/doc/project/linde.ttl/", headers={"If-None-Match": client.get("/doc/project/linde.ttl/").headers["etag"]}
    )
    counts = client.get("/metrics").text
    for route, status, many in (
        ("/api/questions/{id}", 200, 2),
        ("/api/questions/{id}", 304, 1),
        ("/doc/{type}/{slug:path}", 304, 1),
    ):
        assert f'zorgkg_requests_total{{method="GET",route="{route}",status="{status}"}} {many}.0' in counts


@pytest.mark.parametrize("path", READS)
def test_what_is_told_to_be_unchanged_is_counted_as_unchanged(client: TestClient, path: str) -> None:
    client.get(path, headers={"If-None-Match": "*"})
    client.get(path, headers={"If-None-Match": "*"})
    (one,) = (each for each in client.get("/metrics").text.splitlines() if each.startswith("zorgkg_requests_total{"))
    assert one.endswith('status="304"} 2.0'), "when it is found, and when it was kept"


def test_a_tag_is_of_one_request_only(client: TestClient) -> None:
    asked: list[tuple[str, dict[str, str]]] = [
        (QUESTION, {}),
        (QUESTION + "&lang=fr", {}),
        (QUESTION, {"Accept": "text/csv"}),
        (QUESTION, {"Accept-Language": "fr"}),
        (QUESTION, {"Host": "elsewhere.example"}),
        ("/api/questions/names", {}),
    ]
    tags = [client.get(path, headers=headers).headers["etag"] for path, headers in asked]
    assert len(set(tags)) == len(asked)
    assert client.get(QUESTION + "&lang=fr", headers={"If-None-Match": tags[0]}).status_code == 200


def test_a_tag_outlives_the_server_but_not_another_program(service: Service) -> None:
    tags = []
    changed = {**service.questions, "names": replace(service.questions["names"], text="SELECT ?a {}")}
    for one in (service, service, replace(service, questions=Catalogue(changed))):
        with TestClient(create(one)) as client:
            tags.append(client.get("/projects").headers["etag"])
    assert tags[0] == tags[1]
    assert tags[1] != tags[2]


def test_links_in_an_answer_are_of_the_host_that_was_asked(client: TestClient) -> None:
    for host in ("one.example", "two.example", "one.example"):
        answer = client.get(QUESTION, headers={"Host": host})
        assert answer.links["describedby"]["url"].startswith(f"http://{host}/")


@pytest.mark.parametrize("path", READS)
def test_every_read_is_answered_the_second_time_as_the_first(
    client: TestClient, evaluated: list[Any], service: Service, path: str
) -> None:
    first = client.get(path)
    evaluated.clear()
    second = client.get(path)
    assert second.content == first.content
    assert dict(second.headers) == dict(first.headers)
    assert evaluated == []


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/api/questions/names?part=Beuk", "/api/questions/none", "/doc/project/none", "/sparql?query=X"],
)
def test_what_is_wrong_is_kept_by_nobody(client: TestClient, path: str) -> None:
    for accept in ("application/json", "text/html"):
        answer = client.get(path, headers={"Accept": accept})
        assert answer.status_code >= 400
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers


@pytest.mark.parametrize("path", ["/health", "/metrics", "/versions"])
def test_what_is_of_the_moment_is_kept_by_nobody(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "etag" not in answer.headers


def test_a_version_that_is_named_in_full_never_changes(client: TestClient) -> None:
    named = client.get(f"{QUESTION}&version=test")
    assert named.headers["cache-control"] == "max-age=31536000, immutable"
    again = client.get(f"{QUESTION}&version=test", headers={"If-None-Match": named.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, named.headers["cache-control"])
    current = client.get(f"{QUESTION}&version=current")
    assert current.headers["cache-control"] == "no-cache"


def test_a_version_that_is_asked_for_by_name_is_looked_up_each_time(client: TestClient, evaluated: list[Any]) -> None:
    for _ in range(2):
        client.get("/sparql", params={"query": SELECT, "version": "test"})
    assert len(evaluated) == 2


def test_a_question_that_changes_by_itself_is_not_kept(service: Service, tmp_path: Path, evaluated: list[Any]) -> None:
    (tmp_path / "when.rq").write_text(WHEN, "utf-8")
    with TestClient(create(replace(service, questions=catalogue.read(tmp_path)))) as client:
        answers = [client.get("/api/questions/when") for _ in range(2)]
    assert len(evaluated) == 2
    assert [one.headers["cache-control"] for one in answers] == ["no-cache", "no-cache"]
    assert "etag" not in answers[0].headers
