"""The service on the graph of the repository's own data, with its search index or without, for tests of the API."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Store

from zorgkg import content
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.engine.interface import Engine
from zorgkg.publishing.versions import Manifest
from zorgkg.questions import catalogue
from zorgkg.search import making, schema
from zorgkg.search.index import SearchIndex
from zorgkg.settings import read
from zorgkg.terms import dataset_name
from zorgkg.web.app import create
from zorgkg.web.service import Service

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


def index_of(store: Store, folder: Path) -> SearchIndex:
    """Make the search index of a graph."""
    making.make(EmbeddedEngine(store, "test").query, folder / schema.FULL)
    index = SearchIndex.open(folder)
    assert index is not None
    return index


def service_of(store: Store, engine: Engine, folder: Path, index: SearchIndex | None) -> Service:
    """Return a service of the repository's questions on its graph."""
    located = content.locate()
    counts = {
        dataset_name(graph.value): sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
        for graph in store.named_graphs()
    }
    manifest = Manifest("test", "2025-01-02T03:04:05+00:00", sum(counts.values()), 1, "0" * 64, counts)
    settings = read({"home": str(folder)}, {})
    return Service(located, manifest, engine, catalogue.read(located.queries), settings, None, index)


@contextmanager
def client_of(service: Service) -> Iterator[TestClient]:
    """Run the application on a service."""
    with TestClient(create(service), follow_redirects=False) as client:
        yield client
