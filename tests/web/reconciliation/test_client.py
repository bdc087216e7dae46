"""A client of others, the package `reconciler`, against a server that runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store

from scripts import fuzz_api
from zorgkg.content import locate
from zorgkg.engine.embedded import merge
from zorgkg.publishing import searching
from zorgkg.publishing.checksum import content_sha256
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.publishing.writing import Judge


@pytest.fixture(scope="module")
def home(graph: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's own graph, published."""
    home = Home(tmp_path_factory.mktemp("home"))
    with home.publishing() as folder:
        store = Store(str(folder / "store"))
        store.bulk_extend(quad for quad in graph if str(quad.graph_name) != "DEFAULT")
        merge(store)
        store.flush()
        searching.make(store, folder)
        manifest = Manifest(
            "2026-1",
            "2026-01-01T00:00:00+00:00",
            1,
            1,
            content_sha256(store),
            {},
            shapes=Judge(locate().ontology).digest,
        )
        del store
        home.publish(folder, manifest)
    return home.path


# What the client uses of pandas is its own affair.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_reconciler_package_finds_our_organisations(home: Path) -> None:
    pandas = pytest.importorskip("pandas")
    reconcile = pytest.importorskip("reconciler").reconcile
    names = ["OCMW", "Sociaal Huis", "LDC Elckerlyk", "CAW", "Ville de Gand", "Bibliotheek Deinze"]
    towns = ["Gent", "Oostende", "Wevelgem", "Mechelen", "Gand", "Deinze"]
    table = pandas.DataFrame({"name": names * 3, "town": towns * 3})
    with fuzz_api.serving(home) as url:
        found = reconcile(
            table["name"].iloc[:6],
            type_id="organisation",
            property_mapping={"municipality": table["town"].iloc[:6]},
            reconciliation_endpoint=f"{url}/reconcile?lang=en",
        )
        everything = reconcile(table["name"], top_res="all", reconciliation_endpoint=f"{url}/reconcile")
    best = {row["input_value"]: (row["id"], row["match"]) for _, row in found.iterrows()}
    assert best == {
        "OCMW": ("organisation/ocmw-gent", True),
        "Sociaal Huis": ("organisation/sociaal-huis-oostende", True),
        "LDC Elckerlyk": ("organisation/ldc-elckerlyc", True),
        "CAW": ("organisation/caw-mechelen", False),
        "Ville de Gand": ("organisation/stad-gent", True),
        "Bibliotheek Deinze": ("organisation/bibliotheek-deinze", True),
    }
    assert set(found["type"]) == {"organisation"}
    assert len(everything) > len(names)
