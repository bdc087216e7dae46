"""Small homes for tests: one version with the ontology and a small valid dataset, made in a second."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import DefaultGraph, RdfFormat, Store

from zorgkg.datasets.package import Package, read_turtle
from zorgkg.engine.embedded import merge
from zorgkg.publishing import rules, searching
from zorgkg.publishing.checksum import content_sha256
from zorgkg.publishing.counts import counted
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.publishing.writing import Judge
from zorgkg.terms import dataset_graph, dataset_name

ROOT = Path(__file__).parents[1]

LICENCE = "https://data.vlaanderen.be/id/licentie/creative-commons-zero-verklaring/v1.0"
DESCRIPTION = f"""\
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
<https://w3id.org/zorgkg/id/dataset/stad> a dcat:Dataset ; dcterms:title "Stad"@nl, "Ville"@fr, "City"@en ;
  dcterms:description "Van een stad."@nl, "D'une ville."@fr, "Of a city."@en ; dcterms:language "nl" ;
  dcterms:publisher <https://w3id.org/zorgkg/id/organisation/ocmw-malle> ;
  dcterms:license <{LICENCE}> .
"""
METADATA = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "notes.csv",
    "tableSchema": {
        "aboutUrl": "http://e.org/{id}",
        "columns": [
            {"name": "id", "titles": "id", "required": True, "suppressOutput": True},
            {"name": "count", "titles": "count", "datatype": "integer", "propertyUrl": "http://e.org/count"},
            {
                "name": "project",
                "titles": "project",
                "propertyUrl": "https://w3id.org/zorgkg/ns#about",
                "valueUrl": "https://w3id.org/zorgkg/id/project/{project}",
            },
        ],
    },
}
"""A package of a dataset `stad`, for tests: its description, and the metadata of its table `notes.csv`."""


def small(path: Path) -> Home:
    """Publish the version `2026-1` in a new home folder: the ontology, and the dataset `proef`."""
    store = Store()
    store.bulk_extend(read_turtle(ROOT / "ontology/zorgkg.ttl", dataset_graph("ontology")))
    store.load((ROOT / "tests/shapes/valid.ttl").read_bytes(), RdfFormat.TURTLE, to_graph=dataset_graph("proef"))
    return _published(path, store)


def known(path: Path) -> Home:
    """Publish the version `2026-1` in a new home folder: places, lists and a framework, which a table may name."""
    store = Store()
    store.bulk_extend(read_turtle(ROOT / "ontology/zorgkg.ttl", dataset_graph("ontology")))
    store.bulk_extend(read_turtle(ROOT / "ontology/frameworks/vvsg.ttl", dataset_graph("frameworks")))
    for name in ("places", "vocabularies", "vvsg-malle"):
        store.bulk_extend(Package(ROOT / "data" / name).quads())
    return _published(path, store)


def _published(path: Path, store: Store) -> Home:
    home = Home(path)
    rules.apply(store, ROOT / "ontology/rules")
    with home.publishing() as folder:
        disk = Store(str(folder / "store"))
        disk.bulk_extend(store)
        merge(disk)
        disk.flush()
        searching.make(disk, folder)
        uses = counted(disk.quads_for_pattern(None, None, None, DefaultGraph()))
        counts = {
            dataset_name(graph.value): sum(1 for _ in disk.quads_for_pattern(None, None, None, graph))
            for graph in disk.named_graphs()
        }
        del disk
        digest = Judge(ROOT / "ontology").digest
        home.publish(
            folder,
            Manifest(
                "2026-1",
                "2026-01-01T00:00:00+00:00",
                sum(counts.values()),
                sum(uses.properties.values()),
                content_sha256(store),
                counts,
                shapes=digest,
                properties=uses.properties,
                classes=uses.classes,
            ),
        )
    return home
