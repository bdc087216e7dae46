"""What an operator sees: counts by route, and one log line a request that tells nothing of what was asked."""

from __future__ import annotations

import json
import logging

import pytest
from starlette.testclient import TestClient

from zorgkg.web.metrics import ACCESS, JsonLines


def _counts(client: TestClient) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_requests_are_counted_by_route_method_and_status(client: TestClient) -> None:
    client.get("/sparql", params={"query": "ASK {}"})
    client.head("/sparql", params={"query": "ASK {}"})
    client.get("/sparql", params={"query": "ASK {"})
    client.get("/doc/project/linde", headers={"Accept": "text/turtle"})
    client.get("/doc/project/other", headers={"Accept": "text/turtle"})
    client.get("/no/such/path")
    client.get("/projects", params={"version": "nine"})
    counts = _counts(client)
    assert counts['zorgkg_requests_total{method="GET",route="/sparql",status="200"}'] == 1
    assert counts['zorgkg_requests_total{method="HEAD",route="/sparql",status="200"}'] == 1
    assert counts['zorgkg_requests_total{method="GET",route="/sparql",status="400"}'] == 1
    assert counts['zorgkg_requests_total{method="GET",route="none",status="404"}'] == 2
    by_route = {name: n for name, n in counts.items() if 'route="/doc/{type}/{slug:path}"' in name and "total" in name}
    assert sum(by_route.values()) == 2, "a series a route, not one a thing"
    assert counts['zorgkg_request_seconds_count{route="/sparql"}'] == 3
    for word in ("BREW", "PROPFIND"):
        client.request(word, "/health")
    assert not any("BREW" in name or "PROPFIND" in name for name in _counts(client)), "a series for any word"


def test_the_state_of_the_version_is_told(client: TestClient) -> None:
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    counts = _counts(client)
    assert counts['zorgkg_version_info{id="test"}'] == 1
    assert counts["zorgkg_version_age_seconds"] > 0
    assert counts["zorgkg_statements"] > 0
    assert counts['zorgkg_queries_ended_total{reason="time-limit"}'] == 0


def test_the_log_has_a_line_a_request_and_nothing_of_what_was_asked(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger=ACCESS):
        client.get("/sparql?query=ASK%20%7B%20%3Fsecret%20%3Fp%20%3Fo%20%7D")
        client.get("/projects?q=secret")
        client.post("/sparql", data={"query": "ASK { ?secret ?p ?o }"})
    lines = [JsonLines().format(record) for record in caplog.records if record.name == ACCESS]
    told = [json.loads(line) for line in lines]
    assert [(one["method"], one["path"], one["status"]) for one in told] == [
        ("GET", "/sparql", 200),
        ("GET", "/projects", 200),
        ("POST", "/sparql", 200),
    ]
    assert all(one["version"] == "test" and one["ms"] >= 0 and one["bytes"] > 0 and one["time"] for one in told)
    assert "secret" not in "".join(lines)


def test_an_error_is_one_line_with_its_traceback() -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        made = logging.LogRecord("zorgkg.web", logging.ERROR, "", 1, "GET %s", ("/x",), (ValueError, error, None))
    line = JsonLines().format(made)
    assert "\n" not in line
    assert json.loads(line)["message"] == "GET /x"
    assert "ValueError: broken" in json.loads(line)["traceback"]
