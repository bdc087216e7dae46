"""Links in and out: SSSOM as others' tools take it, OpenRefine's export, and what is wrong told by row and column."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from scripts import fetch_sssom
from tests.homes import ROOT
from tests.linking.partner import KBS, LDC, OCMW
from zorgkg.datasets import links, sssom
from zorgkg.datasets.problems import InvalidData, Problem
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.linking import commands, deciding
from zorgkg.linking.deciding import Reviewer
from zorgkg.linking.linkfile import LinkFile
from zorgkg.terms import dataset_graph

REVIEWER = Reviewer.of("curator", "2026-01-02")
HEADER = "subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\treviewer_id\tmapping_date\n"
GOOD = (
    "organisation:ldc-malle\tLDC\tskos:exactMatch\torganisation:kbs\t"
    "semapv:LexicalMatching\tid:reviewer/desk\t2026-01-01\n"
)


@pytest.fixture(scope="module")
def engine() -> EmbeddedEngine:
    store = Store()
    store.load((ROOT / "tests/shapes/valid.ttl").read_bytes(), RdfFormat.TURTLE, to_graph=dataset_graph("proef"))
    return EmbeddedEngine.of(store, "test")


@pytest.fixture
def file(tmp_path: Path) -> LinkFile:
    return LinkFile(tmp_path / "links.sssom.tsv", "proef")


def problem(read: Callable[[], object]) -> Problem:
    with pytest.raises(InvalidData) as refused:
        read()
    return refused.value.problems[0]


def given(tmp_path: Path, text: str, name: str = "given.tsv") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_a_file_is_written_as_it_was_read() -> None:
    path = ROOT / "data/links/links.sssom.tsv"
    rows = sssom.read(path)
    again = sssom.parse(sssom.text(rows, "https://e.org/set"), path)
    assert again == rows
    graph = dataset_graph("links")
    told = set(links.quads(rows, graph))
    assert set(links.quads(links.known(told), graph)) == told, "the graph tells all that the file does"


def test_what_was_exported_can_be_imported(tmp_path: Path, file: LinkFile, engine: EmbeddedEngine) -> None:
    assert commands.take_over(file, engine, given(tmp_path, HEADER + GOOD), REVIEWER) == 1
    commands.export(file, tmp_path / "out.sssom.tsv")
    other = LinkFile(tmp_path / "other.tsv", "proef")
    commands.take_over(other, engine, tmp_path / "out.sssom.tsv", REVIEWER)
    assert other.read() == file.read()
    (one,) = file.read()
    assert one.is_accepted
    assert one["reviewer_id"].endswith("/reviewer/desk")


def test_who_disagrees_with_a_mapping_refuses_it(tmp_path: Path, file: LinkFile, engine: EmbeddedEngine) -> None:
    text = HEADER.replace("\n", "\treviewer_agreement\n") + GOOD.replace("\n", "\t-1.0\n")
    commands.take_over(file, engine, given(tmp_path, text), REVIEWER)
    assert [one.is_refused for one in file.read()] == [True]
    text = HEADER.replace("\n", "\treviewer_agreement\n") + GOOD.replace("\n", "\t0.0\n").replace("kbs", "netwerk")
    commands.take_over(file, engine, given(tmp_path, text), REVIEWER)
    assert [one.is_unclear for one in file.read()] == [False, True]


@pytest.mark.parametrize(
    ("text", "message", "row", "column"),
    [
        (HEADER.replace("object_id", "object") + GOOD, "column object_id is missing", 1, None),
        (HEADER + GOOD.replace("skos:exactMatch", "skos:nothing"), "must be one of", 2, 3),
        (HEADER + GOOD + GOOD.replace("organisation:kbs", "orga:kbs"), "unknown prefix", 3, 4),
        (HEADER + GOOD.replace("2026-01-01", "1/1/2026"), "must be a date", 2, 7),
        (HEADER + GOOD.replace("2026-01-01", ""), "the day of the decision", 2, 7),
        (HEADER + GOOD.replace("organisation:ldc-malle", ""), "a value is required", 2, 1),
        (HEADER + GOOD.replace("\tLDC", ""), "cells of the header", 2, None),
        (HEADER + GOOD.replace("organisation:kbs", "organisation:nowhere"), "is not in the graph", 2, None),
        ("#a: b\n" + HEADER + GOOD.replace("semapv:LexicalMatching", "lexical"), "no IRI", 3, 5),
        ("", "no column for the row's key", 1, None),
    ],
)
def test_a_bad_file_is_refused_with_row_and_column(
    tmp_path: Path, file: LinkFile, engine: EmbeddedEngine, text: str, message: str, row: int, column: int | None
) -> None:
    told = problem(lambda: commands.take_over(file, engine, given(tmp_path, text), REVIEWER))
    assert message in told.message, told
    assert (told.row, told.column) == (row, column)
    assert not file.path.exists(), "nothing of it was taken over"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path, file: LinkFile, engine: EmbeddedEngine) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("sleutel,match\né,x\n".encode("latin-1"))
    assert "not UTF-8" in problem(lambda: commands.take_over(file, engine, path, REVIEWER)).message


def test_a_file_that_goes_against_a_decision_is_refused(tmp_path: Path, file: LinkFile, engine: EmbeddedEngine) -> None:
    commands.take_over(file, engine, given(tmp_path, HEADER + GOOD), REVIEWER)
    chain = (
        GOOD.replace("ldc-malle", "netwerk").replace("LDC", "Netwerk")
        + GOOD.replace("ldc-malle", "netwerk").replace("organisation:kbs", "organisation:ldc-malle")
    ).splitlines(keepends=True)
    refused = chain[1].replace("\n", "\tNot\n")
    text = HEADER.replace("\n", "\tpredicate_modifier\n") + chain[0].replace("\n", "\t\n") + refused
    told = problem(lambda: commands.take_over(file, engine, given(tmp_path, text), REVIEWER))
    assert "goes against another decision" in told.message
    assert len(file.read()) == 1


def test_an_export_of_openrefine_becomes_decisions(tmp_path: Path, file: LinkFile, engine: EmbeddedEngine) -> None:
    table = (
        f"id,naam,match\nid/organisation/ldc-malle,LDC,organisation/kbs\norganisation:netwerk,Net,\n{OCMW},O,{LDC}\n"
    )
    assert commands.take_over(file, engine, given(tmp_path, table, "x.csv"), REVIEWER) == 2
    rows = file.read()
    assert {(one.subject, one.object) for one in rows} == {(LDC, KBS), (OCMW, LDC)}
    assert {one["mapping_justification"] for one in rows} == {sssom.MANUAL}
    assert {one["review_date"] for one in rows} == {"2026-01-02"}
    # What a person made goes when it is taken back.
    left = deciding.decide(rows, {rows[0].id: "undo"}, REVIEWER)
    assert left == rows[1:]


def test_a_cell_may_have_any_separator_of_unicode(tmp_path: Path, file: LinkFile, engine: EmbeddedEngine) -> None:
    table = f"id,naam,match\n{OCMW},OCMW\u2028Malle,{LDC}\n"
    assert commands.take_over(file, engine, given(tmp_path, table, "x.csv"), REVIEWER) == 1
    text = commands.export(file, None).replace("OCMW Malle", "OCMW\u2028Malle\x0c")
    assert "\u2028" in text
    assert commands.take_over(file, engine, given(tmp_path, text, "x.tsv"), REVIEWER) == 1


@pytest.mark.parametrize(
    ("text", "message", "row", "column"),
    [
        ("id,naam\na,b\n", "no column for the identifier that was matched", 1, None),
        ("id;match\norganisation/kbs;organisation/nowhere\n", "names nothing in the graph", 2, 2),
        ("id,match\n42,organisation/kbs\n", "names nothing in the graph", 2, 1),
        ("id,match\norganisation/kbs\n", "the row has 1 cells", 2, None),
        ('"id"x,match\n', "not a table of comma- or tab-separated values", 1, None),
        ('"predicate_id"x\tsubject_id\n', "not tab-separated values", 1, None),
    ],
)
def test_a_bad_export_of_openrefine_is_refused(
    tmp_path: Path, file: LinkFile, engine: EmbeddedEngine, text: str, message: str, row: int, column: int | None
) -> None:
    told = problem(lambda: commands.take_over(file, engine, given(tmp_path, text, "x.csv"), REVIEWER))
    assert message in told.message, told
    assert (told.row, told.column) == (row, column)


@pytest.mark.slow
def test_the_tool_of_the_standard_takes_our_files(tmp_path: Path, file: LinkFile, engine: EmbeddedEngine) -> None:
    if not fetch_sssom.is_here():
        why = "sssom is not here; scripts/fetch_sssom.py fetches it (`make test-all`)"
        if os.environ.get("ZORGKG_REQUIRE_SSSOM") == "1":
            pytest.fail(why)
        pytest.skip(why)
    text = HEADER.replace("\n", "\treviewer_agreement\tsimilarity_score\tother\n")
    text += GOOD.replace("\n", "\t0.0\t0.75\tname=0.75|match=false\n")
    text += GOOD.replace("kbs", "netwerk").replace("\n", "\t-1.0\t0.5\t\n")
    text += GOOD.replace("kbs", "ocmw-malle").replace("id:reviewer/desk", "").replace("\n", "\t\t0.9\t\n")
    commands.take_over(file, engine, given(tmp_path, text), REVIEWER)
    judged = fetch_sssom.judge([ROOT / "data/links/links.sssom.tsv", file.path])
    assert judged.returncode == 0, judged.stdout + judged.stderr
    bad = given(tmp_path, file.path.read_text().replace("0.75", "7.5"), "bad.sssom.tsv")
    assert fetch_sssom.judge([bad]).returncode == 1, "it does judge"
