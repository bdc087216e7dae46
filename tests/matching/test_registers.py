"""Registers are linked as tables, by one model on DuckDB and on Spark; without these, one sentence says what to do."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bench import organisations
from bench.organisations import digest
from zorgkg.matching import registers
from zorgkg.matching.index import Index
from zorgkg.matching.record import Record

REQUIRED = os.environ.get("ZORGKG_REQUIRE_JAVA") == "1"
"""Set by `make test-all`."""

Tables = tuple[list[Record], list[Record], dict[str, str | None]]


@pytest.fixture(scope="module")
def tables(index: Index, records: list[Record]) -> Tables:
    """Rows as people write them, the register that they are of, and what each means."""
    places = organisations.municipalities([place for one in records if (place := index.places.get(one.id))])
    by_iri = {one.iri: one for one in places}
    register = list(organisations.register(places, 2000))
    rows, meant = [], {}
    for number, record in enumerate(register):
        if number % 4 == 0:
            make = organisations.MAKERS[digest("maker", number) % len(organisations.MAKERS)]
            for case in list(make(record, by_iri[record.municipality or ""], places))[:1]:
                row = replace(case.wanted, id=f"urn:row:{number}")
                rows.append(row)
                meant[row.id] = case.expected
    return rows, register, meant


def _needs(module: str) -> None:
    """Pass over a test whose extra is not installed, but not where all is to be tested."""
    if not REQUIRED:
        pytest.importorskip(module)


def check(tables: Tables, index: Index, api: Callable[[], Any] | None = None) -> None:
    rows, register, meant = tables
    matched = {
        one.wanted.id: one.candidate.record.id
        for one in registers.link(rows, register, index.places, api)
        if one.candidate.match
    }
    right = sum(meant[row] == found for row, found in matched.items())
    assert right / len(matched) >= 0.98
    assert right / sum(one is not None for one in meant.values()) >= 0.75


@pytest.mark.slow
def test_a_register_is_linked_on_duckdb(tables: Tables, index: Index) -> None:
    _needs("splink")
    check(tables, index)


@pytest.mark.slow
# What Spark's own Python code does is not ours to mend.
@pytest.mark.filterwarnings("default")
def test_the_same_model_runs_on_spark(tables: Tables, index: Index) -> None:
    _needs("pyspark")
    if shutil.which("java") is None and not REQUIRED:
        pytest.skip("Spark needs Java")
    with registers.spark("local[2]") as api:
        check(tables, index, api)


def test_nothing_is_linked_with_nothing(index: Index) -> None:
    assert list(registers.link([], [], index.places)) == []


def test_without_splink_a_sentence_says_what_to_install(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    record = Record("urn:x", ("Naam",))
    with pytest.raises(registers.NotInstalled, match=r"pip install 'zorgkg\[registers\]'"):
        list(registers.link([record], [record], index.places))
