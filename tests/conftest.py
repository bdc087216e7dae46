"""What tests of several folders share: the graph of the repository's own data."""

from __future__ import annotations

import pytest

from zorgkg.content import locate
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.publishing import candidate


@pytest.fixture(scope="session")
def engine() -> EmbeddedEngine:
    """An engine over the graph as the repository's data make it, mapped and derived but not validated."""
    return EmbeddedEngine.of(candidate.make(locate(), lambda what, done, steps: None).store, "test")
