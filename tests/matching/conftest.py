"""The things of the repository's own graph, and an index of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.matching import reading
from zorgkg.matching.index import Index
from zorgkg.matching.record import Record


@pytest.fixture(scope="session")
def records(engine: EmbeddedEngine) -> list[Record]:
    return list(reading.records(engine))


@pytest.fixture(scope="session")
def index(records: list[Record]) -> Iterator[Index]:
    found = Index.of(records)
    yield found
    found.close()
