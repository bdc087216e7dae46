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

SLOW = (
    "tests/test_cli.py",
    "tests/web/test_writing.py",
    "tests/test_cli_writing.py",
    "tests/publishing/test_write_kills.py",
    "tests/http/test_w3c.py",
    "tests/publishing/test_incremental.py",
    "tests/engine/test_remote.py",
    "tests/web/test_limits.py",
    "tests/web/test_server.py",
    "tests/questions/test_answers.py",
)
"""Files that take longest. They go first, so that no processor waits at the end for another's last file."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow files first, and leave the order otherwise."""
    order = {name: number for number, name in enumerate(SLOW)}
    items.sort(key=lambda item: order.get(item.nodeid.partition("::")[0], len(SLOW)))


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
