"""A small service of its own for every test of the web layer: a graph in memory and two questions."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from zorgkg.content import Content, locate
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.publishing.versions import Manifest
from zorgkg.questions import catalogue
from zorgkg.settings import read
from zorgkg.terms import dataset_graph
from zorgkg.web.app import create
from zorgkg.web.service import Service

with warnings.catch_warnings():
    # Starlette announces httpx2; httpx, which it still takes, is what is pinned.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

HERE = Path(__file__).parent

PROJECTS_OF = """\
#+ summary: {nl: 'Welke projecten zijn er hier?', fr: 'Quels projets ici ?', en: 'Which projects are there here?'}
#+ tags: [places]
#+ params:
#+   place: {type: iri, class: zorg:Place, description: {nl: het gebied, fr: le territoire, en: the area}}
#+   atLeast: {type: integer, min: 0, description: {nl: minstens, fr: au moins, en: at least}}
#+ chart: {none: a list of names}
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT ?project ?projectLabel ?fiche WHERE {
  VALUES ?labels { zorg:labelNl }
  VALUES ?place { <https://w3id.org/zorgkg/id/place/mechelen> }
  VALUES ?atLeast { UNDEF }
  ?project zorg:takesPlaceIn/zorg:partOf* ?place ; ?labels ?projectLabel .
  OPTIONAL { ?project zorg:ficheNumber ?fiche }
} ORDER BY ?projectLabel
"""

NAMES = """\
#+ summary: {nl: "Hoe heten de projecten?", fr: "Quels noms ?", en: "What are the projects called?"}
#+ tags: [gaps]
#+ params:
#+   part: {type: string, values: [Eik, Linde, Es], many: true, description: {nl: deel, fr: partie, en: part}}
#+ chart: {none: a list of names}
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT ?project ?projectLabel WHERE {
  VALUES ?labels { zorg:labelNl }
  VALUES ?part { "Eik" "Linde" "Es" }
  ?project a zorg:Project ; ?labels ?projectLabel ; zorg:labelNl ?name .
  FILTER(CONTAINS(STR(?name), ?part))
} ORDER BY ?projectLabel
"""


@pytest.fixture(scope="session")
def store() -> Store:
    """The graph, with two named graphs."""
    store = Store()
    for name, file in (("proef", "graph.ttl"), ("ontology", "ontology.ttl")):
        store.load((HERE / file).read_bytes(), RdfFormat.TURTLE, to_graph=dataset_graph(name))
    return store


@pytest.fixture(scope="session")
def service(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service on that graph."""
    folder = tmp_path_factory.mktemp("queries")
    (folder / "projects-in.rq").write_text(PROJECTS_OF, "utf-8")
    (folder / "names.rq").write_text(NAMES, "utf-8")
    manifest = Manifest(
        "test", "2025-01-02T03:04:05+00:00", len(store), len(store), "0" * 64, {"ontology": 30, "proef": 100}
    )
    settings = read({"home": str(folder)}, {"ZORGKG_MAX_QUERY": "2000"})
    return Service(
        Content(locate().ontology, folder, folder),
        manifest,
        EmbeddedEngine.of(store, "test"),
        catalogue.read(folder),
        settings,
    )


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    """A client that follows no redirect, so that a test sees each answer."""
    with TestClient(create(service), follow_redirects=False) as client:
        yield client
