"""Names are matched as well as docs/matching.md says: a small version of `python -m bench.matching`."""

from __future__ import annotations

import pytest

from bench import matching, organisations
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.matching.index import Index
from zorgkg.matching.places import Place
from zorgkg.matching.record import Record
from zorgkg.terms import ID


@pytest.fixture(scope="module")
def places(index: Index, records: list[Record]) -> list[Place]:
    return organisations.municipalities([place for one in records if (place := index.places.get(one.id))])


def test_what_our_sources_print_is_matched(engine: EmbeddedEngine, records: list[Record], places: list[Place]) -> None:
    told, cases = matching.of_sources(records, matching.printed_forms(engine), places)
    _, measured = matching.halves(cases)
    index = Index.of(told)
    quality = matching.measured(list(matching.judge(index, measured)))
    index.close()
    assert quality.meant > 300
    assert quality.precision >= 0.98
    assert quality.recall >= 0.9


def test_names_of_a_register_are_matched(records: list[Record], places: list[Place]) -> None:
    around = [one for one in records if one.id.startswith(f"{ID}place/")]
    told, cases = matching.of_register(places, around, 1400)
    _, measured = matching.halves(cases)
    index = Index.of(told)
    quality = matching.measured(list(matching.judge(index, measured[::8])))
    index.close()
    assert quality.meant > 300
    assert quality.precision >= 0.99
    assert quality.recall >= 0.95
