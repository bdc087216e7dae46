"""Schemathesis over the whole description, against a real server: it finds nothing.

With few cases; `make fuzz` takes two hundred for each operation.
"""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path

import pytest

from scripts import fuzz_api
from tests import homes

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home")
    homes.small(path)
    return path


def test_no_request_made_of_the_description_is_answered_otherwise_than_it_says(home: Path) -> None:
    with fuzz_api.serving(home) as url:
        with urllib.request.urlopen(f"{url}/api/openapi.json", timeout=30) as answer:
            described = answer.read().count(b'"operationId"')
        found = fuzz_api.run(url, 3, ["--phases", "examples,fuzzing", "--seed", "1"])
    assert found.returncode == 0, found.stdout[-8000:]
    selected, total = map(int, re.findall(r"Selected: (\d+)/(\d+)", found.stdout)[0])
    tested = int(re.findall(r"Tested: (\d+)", found.stdout)[0])
    assert selected == total == tested == described > 90


def test_what_is_at_the_edges_of_each_parameter_is_answered_as_it_says(home: Path) -> None:
    with fuzz_api.serving(home) as url:
        options = [
            "--phases",
            "coverage",
            "--include-path-regex",
            "^/(api/(projects|places|versions)|id|graphs|sparql)",
        ]
        found = fuzz_api.run(url, 1, options)
    assert found.returncode == 0, found.stdout[-8000:]


def test_a_difference_is_found(home: Path, tmp_path: Path) -> None:
    """The checks are on: a description that promises what is not so is told of."""
    with fuzz_api.serving(home) as url:
        with urllib.request.urlopen(f"{url}/api/openapi.json?lang=en", timeout=30) as answer:
            described = json.load(answer)
        operation = described["paths"]["/api/calls"]["get"]
        item = operation["responses"]["200"]["content"]["application/json"]["schema"]["items"]
        item["properties"]["label"] = {"type": "integer"}
        item["required"] = ["no-such-member"]
        described["paths"] = {"/api/calls": {"get": operation}}
        file = tmp_path / "wrong.json"
        file.write_text(json.dumps(described), "utf-8")
        found = fuzz_api.run(url, 3, ["--url", url], location=str(file))
    assert found.returncode == 1, found.stdout[-3000:]
    assert "Response violates schema" in found.stdout
