"""The index of the repository's own data, made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.search import making, schema
from zorgkg.search.index import SearchIndex


@pytest.fixture(scope="session")
def folder(engine: EmbeddedEngine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a version's, with the index in it."""
    folder = tmp_path_factory.mktemp("search")
    making.make(engine.query, folder / schema.FULL)
    return folder


@pytest.fixture(scope="session")
def index(folder: Path) -> Iterator[SearchIndex]:
    """That index, open."""
    index = SearchIndex.open(folder)
    assert index
    yield index
    index.close()
