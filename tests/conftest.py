"""What tests of several folders share: the graph of the repository's own data, and engines that answer on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyoxigraph import Store

from tests import servers
from zorgkg.content import locate
from zorgkg.engine.embedded import EmbeddedEngine, merge
from zorgkg.engine.endpoints import Endpoints
from zorgkg.engine.interface import Engine
from zorgkg.engine.remote import RemoteEngine
from zorgkg.publishing import candidate


@pytest.fixture(scope="session")
def graph() -> Store:
    """The graph as the repository's data make it, mapped and derived but not validated, merged in the default graph."""
    store = Store()
    store.bulk_extend(candidate.make(locate(), lambda what, done, steps: None).store)
    merge(store)
    return store


@pytest.fixture(scope="session")
def engine(graph: Store) -> EmbeddedEngine:
    """An engine over that graph."""
    return EmbeddedEngine(graph, "test")


@pytest.fixture(scope="session", params=servers.KINDS)
def remote_engine(request: pytest.FixtureRequest, graph: Store) -> Iterator[Engine]:
    """Another server over that graph, one kind after the other."""
    with servers.started(request.param, graph) as server:
        endpoints = Endpoints([server.url], seconds=60)
        yield RemoteEngine(endpoints, "test")
        endpoints.close()
