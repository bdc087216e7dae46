"""OpenRefine itself, headless, where one runs: `ZORGKG_OPENREFINE=http://127.0.0.1:3333`."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from scripts import fuzz_api
from tests.web.reconciliation.test_client import home  # noqa: F401 - a fixture

ADDRESS = os.environ.get("ZORGKG_OPENREFINE", "")
TABLE = """naam;gemeente
OCMW;Gent
CPAS;Lierre
CAW;Mechelen
LDC Elckerlyk;Wevelgem
LDC De Bres;Gent
Sociaal Huis;Oostende
"""
ENGINE = json.dumps({"facets": [], "mode": "row-based"})

pytestmark = pytest.mark.skipif(not ADDRESS, reason="no OpenRefine runs")


class Refine:
    """A project in OpenRefine."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        file = {"project-file": ("namen.csv", TABLE.encode(), "text/csv")}
        given = {"format": "text/line-based/*sv", "options": json.dumps({"separator": ";", "encoding": "UTF-8"})}
        query = {"csrf_token": self._token(), "project-name": "namen", **given}
        made = client.post("/command/core/create-project-from-upload", params=query, files=file, data=given)
        self.project = made.headers["location"].rpartition("project=")[2]

    def _token(self) -> str:
        return str(self._client.get("/command/core/get-csrf-token").json()["token"])

    def run(self, command: str, **given: str) -> Any:
        """Run a command, and wait until what it began is done."""
        data = {"project": self.project, "engine": ENGINE, "csrf_token": self._token(), **given}
        answer = self._client.post(f"/command/core/{command}", params={"project": self.project}, data=data).json()
        assert answer["code"] in ("ok", "pending"), answer
        for _ in range(240):
            if not self._client.get(f"/command/core/get-processes?project={self.project}").json()["processes"]:
                return answer
            time.sleep(0.25)
        raise TimeoutError(command)

    def rows(self) -> list[list[Any]]:
        """Return the cells of all rows."""
        query = {"project": self.project, "start": "0", "limit": "50"}
        found = self._client.post("/command/core/get-rows", params=query, data={"engine": ENGINE}).json()
        self.pool = found.get("pool", {}).get("recons", {})
        return [row["cells"] for row in found["rows"]]


@pytest.fixture
def refine() -> Iterator[Refine]:
    with httpx.Client(base_url=ADDRESS, timeout=60) as client:
        yield Refine(client)


def test_a_column_is_reconciled_and_extended(refine: Refine, home: Path) -> None:  # noqa: F811
    with fuzz_api.serving(home) as url:
        service = f"{url}/reconcile?lang=fr"
        manifest = httpx.get(service).json()
        config = {
            "mode": "standard-service",
            "service": service,
            "identifierSpace": manifest["identifierSpace"],
            "schemaSpace": manifest["schemaSpace"],
            "type": manifest["defaultTypes"][0],
            "autoMatch": True,
            "columnDetails": [
                {"column": "gemeente", "property": {"id": "municipality", "name": "commune"}},
            ],
            "limit": 5,
        }
        refine.run("reconcile", columnName="naam", config=json.dumps(config))
        recons = {}
        for name, town in (cells[:2] for cells in refine.rows()):
            recon = name.get("r") and refine.pool.get(str(name["r"]), name["r"])
            recons[name["v"], town["v"]] = recon.get("m", {}).get("id") if recon.get("j") == "matched" else None
        assert recons == {
            ("OCMW", "Gent"): "organisation/ocmw-gent",
            ("CPAS", "Lierre"): "organisation/ocmw-lier",
            ("CAW", "Mechelen"): None,
            ("LDC Elckerlyk", "Wevelgem"): "organisation/ldc-elckerlyc",
            ("LDC De Bres", "Gent"): None,
            ("Sociaal Huis", "Oostende"): "organisation/sociaal-huis-oostende",
        }
        extension = {"properties": [{"id": "municipality", "name": "commune"}, {"id": "kind", "name": "type"}]}
        refine.run(
            "extend-data",
            baseColumnName="naam",
            endpoint=service,
            identifierSpace=manifest["identifierSpace"],
            schemaSpace=manifest["schemaSpace"],
            columnInsertIndex="1",
            extension=json.dumps(extension),
        )
        first = refine.rows()[0]
        assert {cell["v"] for cell in first} == {"OCMW", "Gent", "Gand", "CPAS"}
