"""A home in which places, lists and a framework are known."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import homes
from zorgkg.publishing.versions import Home


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return homes.known(tmp_path_factory.mktemp("known") / "home").path


@pytest.fixture
def home(known: Path, tmp_path: Path) -> Home:
    """A home of its own."""
    return Home(Path(shutil.copytree(known, tmp_path / "home")))
