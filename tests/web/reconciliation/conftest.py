"""A client of the service, and the schemas of the specification."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pyoxigraph import Store
from starlette.testclient import TestClient

from tests.web import real
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.web.service import Service

HERE = Path(__file__).parent

Answer = dict[str, Any]
Ask = Callable[..., list[Answer]]


def schema(name: str) -> Answer:
    """Return a schema of the specification; its address of a draft is none that a validator knows."""
    found: Answer = json.loads((HERE / "schemas" / f"{name}.json").read_text("utf-8"))
    found["$schema"] = "http://json-schema.org/draft-07/schema#"
    return found


def _retrieve(address: str) -> Answer:
    name = "openapi" if "swagger.io" in address else address.rpartition("/")[2].partition(".json")[0]
    return schema(name)


@pytest.fixture(scope="session")
def valid() -> Callable[[str, object], None]:
    """Checks an answer against a schema of the specification."""

    def check(name: str, answer: object) -> None:
        jsonschema_rs.Draft7Validator(schema(name), retriever=_retrieve).validate(answer)

    return check


@pytest.fixture(scope="module")
def service(graph: Store, engine: EmbeddedEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    index = real.index_of(graph, tmp_path_factory.mktemp("index"))
    yield real.service_of(graph, engine, tmp_path_factory.mktemp("home"), index)
    index.close()


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    with real.client_of(service) as client:
        yield client


@pytest.fixture
def ask(client: TestClient, valid: Callable[[str, object], None]) -> Ask:
    """Sends one query as a form, and returns its candidates; question and answer are as the specification has them."""

    def query(text: str = "", **more: Any) -> list[Answer]:
        batch = {"q0": {**({"query": text} if text else {}), **more}}
        valid("reconciliation-query-batch", batch)
        response = client.post("/reconcile", data={"queries": json.dumps(batch)})
        assert response.status_code == 200, response.text
        valid("reconciliation-result-batch", response.json())
        result: list[Answer] = response.json()["q0"]["result"]
        assert [one["score"] for one in result] == sorted((one["score"] for one in result), reverse=True)
        assert sum(one["match"] for one in result) <= 1
        return result

    return query
