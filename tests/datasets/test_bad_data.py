"""Bad input: each planted fault is refused, with file, row and column where there is one, and nothing is published."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Store

from zorgkg.content import Content, locate
from zorgkg.datasets.problems import InvalidData, Problem
from zorgkg.publishing.build import build
from zorgkg.publishing.versions import Home, NoVersion

PACKAGES = ("places", "vocabularies", "links", "vvsg-malle")
"""Enough for a graph that is valid by itself and built fast; of kbs-2021 comes what the frameworks need."""

TOWNS = {"aalst", "brussel", "malle"}


def silent(what: str, done: int, steps: int) -> None:
    """No progress is shown in tests."""


@pytest.fixture
def content(tmp_path: Path) -> Content:
    whole = locate()
    shutil.copytree(whole.ontology, tmp_path / "ontology")
    shutil.copytree(whole.data / "schemas", tmp_path / "data" / "schemas")
    for name in PACKAGES:
        shutil.copytree(whole.data / name, tmp_path / "data" / name)
    links = tmp_path / "data" / "links" / "links.sssom.tsv"
    kept = ("#", "record_id", "mapping:malle-")
    links.write_text("".join(line for line in links.read_text().splitlines(keepends=True) if line.startswith(kept)))
    towns = tmp_path / "data" / "places"
    _keep(whole.data / "places" / "municipalities.csv", towns / "municipalities.csv", TOWNS)
    _keep(whole.data / "places" / "neighbourhoods.csv", towns / "neighbourhoods.csv", {"anneessens"})
    report = tmp_path / "data" / "kbs-2021"
    report.mkdir()
    shutil.copy(whole.data / "kbs-2021" / "dataset.ttl", report)
    _keep(whole.data / "kbs-2021" / "sources.csv", report / "sources.csv", {"kbs-2021"})
    named = {
        "fonds-daniel-de-coninck",
        "koning-boudewijnstichting",
        "vvsg",
        "kenniscentrum-wwz",
        "vicinia",
        "transform",
    }
    _keep(whole.data / "kbs-2021" / "organisations.csv", report / "organisations.csv", named)
    (report / "csvw.json").write_text(
        '{"@context": "http://www.w3.org/ns/csvw", "tables": ['
        '{"url": "sources.csv", "tableSchema": "../schemas/sources.json"},'
        '{"url": "organisations.csv", "tableSchema": "../schemas/organisations.json"}]}'
    )
    (tmp_path / "queries").mkdir()
    return locate(tmp_path)


def _keep(table: Path, target: Path, identifiers: set[str]) -> None:
    with table.open(newline="") as source, target.open("w", newline="") as output:
        reader = csv.DictReader(source)
        writer = csv.DictWriter(output, list(reader.fieldnames or ()), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in reader if row["id"] in identifiers)


def problems(content: Content, tmp_path: Path) -> list[Problem]:
    home = Home(tmp_path / "home")
    with pytest.raises(InvalidData) as caught:
        build(content, home, silent)
    with pytest.raises(NoVersion):
        home.current()
    return caught.value.problems


def edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, "utf-8")


def test_the_small_content_itself_is_published(content: Content, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    try:
        manifest = build(content, home, silent)
    except InvalidData as error:
        pytest.fail("\n".join(map(str, error.problems)))
    assert home.current() == manifest
    assert manifest.datasets["vvsg-malle"] > 0


def _cell(table: str, row: int, column: str, value: str) -> Callable[[Content], Path]:
    """Return a change that puts a value into one cell; rows count from 1, the header's."""

    def change(content: Content) -> Path:
        path = content.data / table
        with path.open(newline="") as source:
            rows = list(csv.reader(source))
        rows[row - 1][rows[0].index(column)] = value
        with path.open("w", newline="") as output:
            csv.writer(output, lineterminator="\n").writerows(rows)
        return path

    return change


def _text(file: str, pattern: str, replacement: str) -> Callable[[Content], Path]:
    def change(content: Content) -> Path:
        path = content.data / file
        edit(path, lambda text: re.sub(pattern, replacement, text, count=1))
        return path

    return change


FAULTS: list[tuple[str, Callable[[Content], Path], str, int | None, str | None]] = [
    ("a row with a cell too many", _text("vvsg-malle/names.csv", r"4075\n", "4075,x\n"), "cell", 2, None),
    ("a quote that is never closed", _text("vvsg-malle/names.csv", r"Buurten", '"Buurten'), "quot", None, None),
    ("an unknown column", _text("vvsg-malle/names.csv", r"^project,name", "project,naam"), "naam", 1, None),
    ("a missing column", _text("vvsg-malle/names.csv", r",name,source", ",source"), "name", 1, None),
    ("a wrong number", _cell("vvsg-malle/names.csv", 2, "start", "vier"), "vier", 2, "start"),
    ("an empty required cell", _cell("vvsg-malle/projects.csv", 2, "name_fr", ""), "required", 2, "name_fr"),
    ("a slug with capitals", _cell("vvsg-malle/projects.csv", 2, "id", "Malle"), "Malle", 2, "id"),
    ("a dangling place", _cell("vvsg-malle/locations.csv", 2, "place", "nergens"), "nergens", 2, "place"),
    ("a dangling organisation", _cell("vvsg-malle/participations.csv", 2, "agent", "niemand"), "niemand", 2, "agent"),
    ("a dangling method", _cell("vvsg-malle/methods.csv", 2, "method", "toverij"), "toverij", 2, "method"),
    ("an unknown role", _cell("vvsg-malle/participations.csv", 2, "role", "baas"), "baas", 2, "role"),
    ("a NIS code of four digits", _cell("places/municipalities.csv", 2, "nis", "4100"), "4100", 2, "nis"),
    ("a NIS code of another province", _cell("places/municipalities.csv", 2, "nis", "71002"), "aalst", 2, None),
    (
        "a KBO number of nine digits",
        _cell("vvsg-malle/organisations.csv", 2, "kbo", "020745124"),
        "020745124",
        2,
        "kbo",
    ),
    (
        "a KBO number that fails its check",
        _cell("vvsg-malle/organisations.csv", 2, "kbo", "0207451228"),
        "97 minus",
        2,
        "kbo",
    ),
    (
        "a personal mailbox",
        _cell("vvsg-malle/projects.csv", 2, "mailbox", "jan.janssens@malle.be"),
        "mailbox",
        None,
        None,
    ),
    ("a first name's mailbox", _cell("vvsg-malle/projects.csv", 2, "mailbox", "wendy@malle.be"), "mailbox", None, None),
    (
        "a phone number in a text",
        _cell("vvsg-malle/projects.csv", 2, "description_nl", "Bel 03 312 49 61."),
        "a telephone number",
        2,
        "description_nl",
    ),
    ("a passage past the end", _cell("vvsg-malle/names.csv", 2, "end", "999999"), "beyond the end", 2, None),
    (
        "a dataset without licence",
        _text("vvsg-malle/dataset.ttl", r"dcterms:license", "dcterms:rights"),
        "license",
        None,
        None,
    ),
    (
        "a description that is no Turtle",
        _text("vvsg-malle/dataset.ttl", r"a dcat:Dataset ;", "a dcat:Dataset"),
        "Turtle",
        None,
        None,
    ),
    ("metadata that is no JSON", _text("vvsg-malle/csvw.json", r"\}", ""), "not valid JSON", None, None),
    (
        "a link without a reviewer",
        _text("links/links.sssom.tsv", "id:reviewer/editor-1", ""),
        "required",
        None,
        "reviewer_id",
    ),
    (
        "a link from a list with an unknown prefix",
        _text("links/links.sssom.tsv", "source:vvsg-malle", "bron:vvsg-malle"),
        "prefix",
        None,
        "subject_source",
    ),
    (
        "a link to what is no IRI",
        _text("links/links.sssom.tsv", "project:samen-op-de-koffie", "https://a b"),
        "no IRI",
        None,
        None,
    ),
    (
        "a link of a day that is none",
        _text("links/links.sssom.tsv", r"\d{4}-\d{2}-\d{2}(\t|\n)", r"2025-13-45\1"),
        "YYYY-MM-DD",
        None,
        "mapping_date",
    ),
    (
        "a link to nothing",
        _text("links/links.sssom.tsv", "project:samen-op-de-koffie", "project:nergens"),
        "nergens",
        None,
        None,
    ),
]


@pytest.mark.parametrize(
    ("change", "message", "row", "name"),
    # Each builds a graph, so CI tries them all and `make test` some.
    [pytest.param(*f[1:], id=f[0], marks=[pytest.mark.slow] if n % 3 else []) for n, f in enumerate(FAULTS)],
)
def test_a_fault_is_refused_and_told(
    content: Content,
    tmp_path: Path,
    change: Callable[[Content], Path],
    message: str,
    row: int | None,
    name: str | None,
) -> None:
    path = change(content)
    found = problems(content, tmp_path)
    fitting = [
        problem
        for problem in found
        if message in str(problem)
        and (problem.file is None or problem.file == path)
        and (row is None or problem.row == row)
        and (name is None or problem.name == name)
    ]
    assert fitting, "\n".join(map(str, found))


def test_a_file_that_is_not_utf8_is_told(content: Content, tmp_path: Path) -> None:
    path = content.data / "vvsg-malle" / "names.csv"
    path.write_bytes(path.read_bytes().replace(b"koffie", b"koffi\xe9"))
    assert any(problem.file == path and "UTF-8" in problem.message for problem in problems(content, tmp_path))


@pytest.mark.slow
def test_a_refused_change_leaves_the_published_version_served(content: Content, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    manifest = build(content, home, silent)
    _cell("vvsg-malle/locations.csv", 2, "place", "nergens")(content)
    with pytest.raises(InvalidData):
        build(content, home, silent)
    assert home.current() == manifest


def test_two_printed_forms_of_one_name_make_one_organisation(content: Content, tmp_path: Path) -> None:
    path = content.data / "vvsg-malle" / "participations.csv"
    with path.open(newline="") as source:
        row = next(csv.DictReader(source))
    again = {**row, "as_named": "het huis", "start": str(int(row["start"]) + 1)}
    with path.open("a", newline="") as output:
        csv.DictWriter(output, list(row), lineterminator="\n").writerow(again)
    home = Home(tmp_path / "home")
    manifest = build(content, home, silent)
    found = Store.read_only(str(home.store(manifest.id))).query(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX zorg: <https://w3id.org/zorgkg/ns#> "
        f'ASK {{ ?agent skos:altLabel "het huis"@nl, "{row["as_named"]}"@nl }}',
        use_default_graph_as_union=True,
    )
    assert found


def test_a_table_that_no_metadata_lists_is_told(content: Content, tmp_path: Path) -> None:
    path = content.data / "vvsg-malle" / "extra.csv"
    path.write_text("id\na\n")
    assert any(problem.file == path and "not listed" in problem.message for problem in problems(content, tmp_path))


def test_a_folder_without_description_is_told(content: Content, tmp_path: Path) -> None:
    (content.data / "nieuw").mkdir()
    assert any("nieuw" in str(problem) and "description" in problem.message for problem in problems(content, tmp_path))


def test_tables_without_metadata_are_told(content: Content, tmp_path: Path) -> None:
    (content.data / "vvsg-malle" / "csvw.json").unlink()
    assert any("no metadata" in problem.message for problem in problems(content, tmp_path))


def test_a_right_kbo_number_links_to_the_registers(content: Content, tmp_path: Path) -> None:
    _cell("vvsg-malle/organisations.csv", 2, "kbo", "0207451227")(content)
    home = Home(tmp_path / "home")
    manifest = build(content, home, silent)
    found = Store.read_only(str(home.store(manifest.id))).query(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        "ASK { ?organisation skos:exactMatch <https://data.vlaanderen.be/id/onderneming/0207451227> }"
    )
    assert found
