"""A partner's table on the command line: a package is proposed, checked by the rows of the file, and published."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pyoxigraph import Store

from tests import examples
from tests.examples import workbook
from tests.homes import LICENCE
from tests.test_cli_writing import run
from zorgkg.intake import recognition
from zorgkg.intake.kinds import KINDS
from zorgkg.publishing.versions import Home
from zorgkg.tables import reading
from zorgkg.tables.told import MOST

PREFIXES = """\
PREFIX zorg: <https://w3id.org/zorgkg/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX org: <http://www.w3.org/ns/org#> PREFIX schema: <https://schema.org/> PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX id: <https://w3id.org/zorgkg/id/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX adms: <http://www.w3.org/ns/adms#>
"""
SAID = ("--licence", LICENCE, "--publisher", "Stad Voorbeeld")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def new(home: Home, file: Path, *more: str, name: str = "stad") -> subprocess.CompletedProcess[str]:
    return run(home, "dataset", "new", name, "--from", file, *SAID, *more)


def ask(home: Home, query: str) -> list[tuple[str, ...]]:
    store = Store.read_only(str(home.store(home.current().id)))
    found: Any = store.query(PREFIXES + query)
    return [tuple("" if cell is None else cell.value for cell in row) for row in found]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source, delimiter="\t" if path.suffix == ".tsv" else ","))


def test_a_citys_workbook_goes_from_file_to_graph_and_each_fact_tells_its_row(home: Home, here: Path) -> None:
    file = here / "initiatieven.xlsx"
    file.write_bytes(examples.city())
    made = new(home, file, "--without", "Contactpersoon", "--lang", "nl")
    assert made.returncode == 0, made.stderr
    assert "blad Initiatieven, kolom D (Gemeente): → municipality" in made.stdout
    assert "verder: zorgkg dataset check stad" in made.stdout
    assert {path.name for path in (here / "stad").iterdir()} >= {
        "csvw.json",
        "dataset.ttl",
        "report.tsv",
        "projects.csv",
    }
    assert [path.name for path in here.iterdir() if path.name.startswith(".")] == []
    checked = run(home, "dataset", "check", "stad")
    assert (checked.returncode, home.current().id) == (0, "2026-1"), checked.stderr
    added = run(home, "dataset", "add", "stad")
    assert added.returncode == 0, added.stderr
    assert ask(
        home,
        """SELECT ?label ?file ?sheet ?row ?town ?day WHERE { id:project\\/stad--bi-01 rdfs:label ?label ;
        prov:wasDerivedFrom ?passage ; zorg:inMunicipality ?place ; schema:startDate ?day .
        ?passage zorg:sheet ?sheet ; zorg:row ?row ; dcterms:isPartOf/zorg:fileName ?file . ?place rdfs:label ?town
        FILTER (LANG(?town) = "nl") }""",
    ) == [("Soep op de Stoep", "initiatieven.xlsx", "Initiatieven", "4", "Roeselare", "2024-03-06")]
    # A word for a kind alone is the one of the row's municipality, and people are no organisation.
    assert ask(
        home,
        """SELECT ?agent ?as ?kind WHERE {
        ?it zorg:project id:project\\/stad--bi-04 ; zorg:agent ?agent ; zorg:asNamed ?as
        OPTIONAL { ?agent org:classification ?kind } } ORDER BY ?agent""",
    ) == [
        ("https://w3id.org/zorgkg/id/framework/actor-group/volunteers", "vrijwilligers", ""),
        (
            "https://w3id.org/zorgkg/id/organisation/stad--ocmw-roeselare",
            "OCMW",
            "https://w3id.org/zorgkg/id/framework/organisation-kind/ocmw",
        ),
    ]
    assert ask(home, "SELECT ?g WHERE { GRAPH ?g { id:project\\/stad--bi-01 zorg:targetGroup ?group } }")
    assert run(home, "dataset", "remove", "stad").returncode == 0
    assert ask(home, 'SELECT ?s WHERE { ?s ?p ?o FILTER (CONTAINS(STR(?s), "/stad--")) }') == []


def test_personal_columns_are_refused_by_name_and_by_what_they_hold_all_in_one_message(home: Home, here: Path) -> None:
    file = here / "lijst.csv"
    file.write_text(
        "naam,gemeente,Voornaam,mail,bereikbaar,nummer,e-mailadres\n"
        "Soep,Malle,An,an.voorbeeld@example.org,0470 12 34 56,85.07.30-033.28,info@example.org\n",
        "utf-8",
    )
    refused = new(home, file, "--kind", "projects", "--lang", "en")
    assert refused.returncode == 2
    first, *rest = refused.stderr.splitlines()
    assert first.endswith("personal data do not belong in the graph; columns: Voornaam, mail, bereikbaar, nummer")
    assert len(rest) == 4
    assert "an.voorbeeld" not in refused.stderr
    assert "0470" not in refused.stderr
    assert not (here / "stad").exists()
    without = [word for name in ("Voornaam", "mail", "bereikbaar", "NUMMER") for word in ("--without", name)]
    assert new(home, file, "--kind", "projects", *without).returncode == 0
    assert "info@example.org" in (here / "stad" / "projects.csv").read_text()
    assert new(home, file, "--kind", "projects", "--without", "Achternaam", name="b").returncode == 2


def test_enterprise_numbers_are_no_mobile_numbers_and_these_are_refused_among_them(home: Home, here: Path) -> None:
    file = here / "register.csv"
    numbers = [f"0{first}.{97 - first % 97:02d}" for first in range(4701230, 4701238)]
    written = [f"{one[:4]}.{one[4:7]}.{one[7:8]}{one[9:]}" for one in numbers]
    lines = [f"vzw {at};{number}\n" for at, number in enumerate(written)]
    file.write_text("naam;ondernemingsnummer\n" + "".join(lines), "utf-8")
    made = new(home, file)
    assert made.returncode == 0, made.stderr
    assert table(here / "stad" / "organisations.csv")[0]["kbo"] == written[0].replace(".", "")
    file.write_text("naam;ondernemingsnummer\n" + "".join(lines) + "vzw z;0470 12 34 56\n", "utf-8")
    refused = new(home, file, name="b")
    assert "1 cells hold a mobile number (the first in row 10)" in refused.stderr


def test_what_cannot_be_placed_is_told_by_row_and_column_and_holds_the_dataset_back(home: Home, here: Path) -> None:
    file = here / "lijst.xlsx"
    file.write_bytes(
        workbook(
            [
                ["Naam", "Gemeente", "KBO", "Website", "Begin"],
                ["A", "Nergenshuizen", "0207.451.228", "geen", "03/04/2025"],
                ["B", "Malle", "0207.451.227", "www.example.org", "13/04/2025"],
                ["B", "Malle", None, None, None],
            ]
        )
    )
    made = new(home, file, "--kind", "organisations", "--lang", "fr")
    assert made.returncode == 0, made.stderr
    assert "feuille Blad1, colonne E (Begin): pas reconnue ; la colonne n'est pas reprise" in made.stdout
    assert "cellules qui n'ont pas pu être placées : 4" in made.stdout
    checked = run(home, "dataset", "check", "stad", "--lang", "nl")
    assert checked.returncode == 1
    lines = checked.stderr.splitlines()
    assert lines[0].startswith("blad Blad1, rij 2, kolom Gemeente: 'Nergenshuizen' is geen gemeente")
    assert lines[1].startswith("blad Blad1, rij 2, kolom KBO: '0207.451.228' is geen ondernemingsnummer")
    assert lines[2].startswith("blad Blad1, rij 2, kolom Website: 'geen' is geen adres")
    assert lines[3].startswith("blad Blad1, rij 4, kolom Naam: 'B' staat ook in rij 3")
    assert lines[4] == "fouten: 4; niets is gepubliceerd"
    told = json.loads(run(home, "dataset", "check", "stad", "--format", "json").stdout)
    assert told["conforms"] is False
    assert told["problems"][0] | {"message": ""} == {
        "message": "",
        "sheet": "Blad1",
        "row": 2,
        "column": "Gemeente",
        "table": "report.tsv",
        "line": told["problems"][0]["line"],
    }
    added = run(home, "dataset", "add", "stad", "--lang", "nl")
    assert added.returncode == 1
    assert added.stderr.startswith("blad Blad1, rij 2, kolom Gemeente: 'Nergenshuizen' is geen gemeente")
    assert "stad" not in home.current().datasets
    # Somebody decides to leave them out.
    report = here / "stad" / "report.tsv"
    report.write_text(re.sub(r"^todo\t", "left out\t", report.read_text(), flags=re.MULTILINE))
    assert run(home, "dataset", "check", "stad").returncode == 0
    assert [row["name_nl"] for row in table(here / "stad" / "organisations.csv")] == ["A", "B"]


def test_a_mistake_made_in_the_package_is_told_by_the_row_of_the_file(home: Home, here: Path) -> None:
    file = here / "lijst.xlsx"
    file.write_bytes(workbook([["Naam", "Soort", "Gemeente"], ["LDC Ten Hove", "school", "Malle"], ["X", "", "Gent"]]))
    assert new(home, file, "--kind", "organisations").returncode == 0
    made = here / "stad" / "organisations.csv"
    text = made.read_text()
    made.write_text(text.replace("school", "kasteel"))
    checked = run(home, "dataset", "check", "stad", "--lang", "fr")
    assert checked.returncode == 1
    assert checked.stderr.startswith("feuille Blad1, ligne 2, colonne Soort: org:classification ne renvoie à rien")
    made.write_text(text.replace("school", "Kasteel!"))
    checked = run(home, "dataset", "check", "stad", "--lang", "nl")
    assert checked.stderr.startswith("blad Blad1, rij 2, kolom Soort: past niet in de tabel: ")


def test_days_that_can_be_read_in_two_ways_are_refused_unless_it_is_told_or_seen_how(home: Home, here: Path) -> None:
    file = here / "activiteiten.csv"
    file.write_text("activiteit,gemeente,datum\nOntbijt,Malle,03/04/2025\n", "utf-8")
    made = new(home, file)
    assert "'03/04/2025' may have the day or the month first" in made.stdout
    assert run(home, "dataset", "check", "stad").returncode == 1
    assert new(home, file, "--dates", "dmy", name="b").returncode == 0
    assert table(here / "b" / "activities.csv")[0]["start"] == "2025-04-03"
    file.write_text(
        "activiteit,gemeente,datum\nOntbijt,Malle,03/04/2025\nSoep,Gent,25/04/2025\nW,Gent,4 mei 2025\n", "utf-8"
    )
    assert new(home, file, name="c").returncode == 0
    assert [row["start"] for row in table(here / "c" / "activities.csv")] == ["2025-04-03", "2025-04-25", "2025-05-04"]


def test_a_column_with_the_day_first_and_the_month_first_is_undecided(home: Home, here: Path) -> None:
    file = here / "activiteiten.csv"
    file.write_text(
        "activiteit,datum\nOntbijt,31/12/2025\nSoep,12/13/2025\nThee,2025-03-04\nWijn,05/05/2025\n", "utf-8"
    )
    made = new(home, file, "--lang", "nl")
    assert "cellen die niet geplaatst konden worden: 2" in made.stdout
    assert "rij 2, kolom 2 (datum): '31/12/2025': in deze kolom staat soms de dag eerst, soms de maand" in made.stdout
    assert "rij 3, kolom 2 (datum): '12/13/2025': in deze kolom" in made.stdout
    assert [row["start"] for row in table(here / "stad" / "activities.csv")] == ["", "", "2025-03-04", "2025-05-05"]
    # Who tells how they are written is taken at their word.
    for order, wrong in (("dmy", "12/13/2025"), ("mdy", "31/12/2025")):
        assert f"'{wrong}' is no day" in new(home, file, "--dates", order, name=order).stdout


def test_what_nobody_told_is_missing_and_what_is_there_is_not_overwritten(home: Home, here: Path) -> None:
    file = here / "lijst.csv"
    file.write_text("organisatie,soort\nLDC Ten Hove,lokaal dienstencentrum\n", "utf-8")
    made = run(home, "dataset", "new", "stad", "--from", file)
    assert "the licence is missing" in made.stdout
    assert "the publisher is missing" in made.stdout
    before = {path.name: path.read_bytes() for path in (here / "stad").iterdir()}
    assert run(home, "dataset", "check", "stad").returncode == 1
    again = new(home, file)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "stad is there already" in again.stderr
    assert {path.name: path.read_bytes() for path in (here / "stad").iterdir()} == before


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("lijst.csv", b"a,b\n1,2\n", "it is not clear what this is a table of; say it by the kind"),
        ("lijst.csv", b"naam\nCaf\xc3\xa9\nCaf\xe9\n", "row 3: byte 0xE9 at position 15 is not UTF-8, while other"),
        ("lijst.pdf", b"x", "the kind .pdf is not read"),
        ("lijst.xlsm", examples.workbook([["naam"], ["A"]]), "the workbook holds macros (.xlsm)"),
        ("lijst.xls", b"\xd0\xcf\x11\xe0", "this is an old workbook (.xls) or one with a password"),
        (
            "organisaties.xlsx",
            workbook([["naam", "soort"], ["A", "=B9"]]),
            "row 2, column B (soort): the formula in B2",
        ),
        ("organisaties.csv", b"naam,soort\nA,b,c\n", "row 2: the row has 3 cells, the header 2"),
        ("organisaties.csv", b"naam,naam,soort\nA,b,c\n", "row 1: the header 'naam' is there more than once"),
        ("organisaties.csv", b"soort,kbo\nschool,1\n", "it is not clear what this is a table of"),
        ("weg.csv", None, "there is no file"),
    ],
)
def test_a_file_that_cannot_be_used_is_bad_input(
    home: Home, here: Path, name: str, body: bytes | None, sentence: str
) -> None:
    if body is not None:
        (here / name).write_bytes(body)
    refused = new(home, here / name)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert sentence in refused.stderr
    assert not (here / "stad").exists()
    assert new(home, here / name, "--kind", "organisations", name="a--b").returncode == 2


def test_merged_cells_bombs_and_200_megabytes_are_bad_input(home: Home, here: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (["naam", "soort", "gemeente"], ["A", "school", None], ["B", "school", "Malle"]):
        sheet.append(row)
    sheet.merge_cells("B2:C2")
    book.save(here / "merged.xlsx")
    (here / "bomb.xlsx").write_bytes(examples.bomb())
    with (here / "large.csv").open("wb") as file:
        file.truncate(200_000_000)
    for name, sentence in (
        ("merged.xlsx", "sheet Sheet, row 2: the cells B2:C2 are merged across columns"),
        ("bomb.xlsx", "what is in the file unpacks to more than 400,000,000 bytes"),
        ("large.csv", "the file has 200,000,000 bytes, more than the 100,000,000 that are read"),
    ):
        refused = new(home, here / name, "--kind", "organisations")
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
        assert sentence in refused.stderr
    assert not (here / "stad").exists()


FILLED = {
    "organisations": {
        "naam": "LDC Ten Hove",
        "soort": "lokaal dienstencentrum",
        "gemeente": "Malle",
        "postcode": "2390",
    },
    "projects": {"naam": "Soep", "omschrijving": "Soep voor wie wil.", "gemeente": "Malle", "initiatiefnemer": "OCMW"},
    "partnerships": {"project": "Soep", "organisatie": "LDC Ten Hove", "rol": "adviseur"},
    "activities": {"naam": "Ontbijt", "gemeente": "Malle", "begin": "2025-03-04", "organisator": "LDC Ten Hove"},
    "positionings": {"project": "Soep", "component": "vvsg/4", "motivering": "Er wordt samen gegeten."},
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_filled_template_goes_through_without_a_question(home: Home, here: Path, kind: str, form: str) -> None:
    made = run(home, "dataset", "template", kind, "--format", form, "--lang", "nl")
    assert made.returncode == 0, made.stderr
    file = here / f"{kind}.{form}"
    values = FILLED[kind]
    if form == "xlsx":
        book = openpyxl.load_workbook(file)
        assert book.sheetnames[1:4] == ["Gids (nl)", "Guide (fr)", "Guide (en)"]
        sheet: Any = book.worksheets[0]
        header = [cell.value for cell in sheet[1]]
        for name, value in values.items():
            sheet.cell(2, header.index(name) + 1, value)
        book.save(file)
    else:
        header = file.read_text("utf-8-sig").strip().split(",")
        with file.open("a", encoding="utf-8", newline="") as output:
            csv.DictWriter(output, header).writerow(values)
    made = new(home, file, "--lang", "nl")
    assert made.returncode == 0, made.stderr
    assert "niet geplaatst konden" not in made.stdout
    checked = run(home, "dataset", "check", "stad", "--lang", "nl")
    assert checked.returncode == 0, checked.stderr
    assert run(home, "dataset", "add", "stad", "--dry-run").returncode == 0


def test_an_export_of_activities_is_taken_with_its_nested_names_and_its_lists(home: Home, here: Path) -> None:
    made = new(home, examples.EXAMPLES / "activities" / "activiteiten.json", name="agenda")
    assert made.returncode == 0, made.stderr
    assert run(home, "dataset", "add", "agenda").returncode == 0
    assert ask(
        home,
        """SELECT ?label ?organiser ?town WHERE { ?it a zorg:Activity ; rdfs:label ?label ; zorg:inMunicipality ?place ;
        schema:organizer/rdfs:label ?organiser . ?place rdfs:label ?town FILTER (LANG(?town) = "nl") } ORDER BY ?it""",
    )[0] == ("Buurtontbijt", "LDC De Applecross", "Menen")
    assert ask(home, "SELECT ?row WHERE { id:activity\\/agenda--102 prov:wasDerivedFrom/zorg:row ?row }") == [("2",)]


def test_a_register_keeps_its_numbers_and_addresses(home: Home, here: Path) -> None:
    file = here / "register.csv"
    file.write_text(
        "id;Naam;Afkorting;KBO-nummer;Straat;Postcode;Gemeente;E-mail\n"
        "17;Voorbeeld vzw;VB;BE 0207.451.227;Kerkstraat 1;2390;Malle;info@example.org\n",
        "utf-8",
    )
    assert new(home, file, name="register").returncode == 0
    assert run(home, "dataset", "add", "register").returncode == 0
    assert ask(
        home,
        """SELECT ?kbo ?street ?other WHERE { id:organisation\\/register--17 adms:identifier/skos:notation ?kbo ;
        org:hasSite/org:siteAddress/<http://www.w3.org/ns/locn#thoroughfare> ?street ; skos:altLabel ?other }""",
    ) == [("0207451227", "Kerkstraat 1", "VB")]


def test_organisations_of_one_name_in_one_municipality_are_told_apart_by_their_numbers(home: Home, here: Path) -> None:
    lines = (
        "0200.065.765;Jeugdhuis Zon;Vereniging zonder winstoogmerk;Malle;2390",
        "0200.068.636;Jeugdhuis Zon;Vereniging zonder winstoogmerk;Malle;2390",
        "0200.245.711;Jeugdhuis Zon;Vereniging zonder winstoogmerk;Gent;9000",
        "0200.362.408;Harmonie;Vereniging zonder winstoogmerk;Gent;9000",
    )
    made = []
    for name, order in (("stad", lines), ("dorp", lines[::-1])):
        header = "ondernemingsnummer;maatschappelijke naam;rechtsvorm;gemeente;postcode"
        (here / f"{name}.csv").write_text("\n".join((header, *order, "")), "utf-8")
        told = new(home, here / f"{name}.csv", "--lang", "nl", name=name)
        assert "niet geplaatst konden" not in told.stdout, told.stdout
        found = table(here / name / "organisations.csv")
        made.append({row["kbo"]: row["id"].removeprefix(f"{name}--") for row in found})
    assert (
        made[0]
        == made[1]
        == {
            "0200065765": "jeugdhuis-zon-malle-0200065765",
            "0200068636": "jeugdhuis-zon-malle-0200068636",
            "0200245711": "jeugdhuis-zon-gent",
            "0200362408": "harmonie",
        }
    )


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Nom de l'organisation;Commune;N° BCE", "organisations"),
        ("Naam van de organisatie;Gemeente;Btw-nr.", "organisations"),
        ("Nom de l’activité;Organisation;Commune", "activities"),
        ("Intitulé du projet;Porteur de projet;Commune", "projects"),
        ("Naam project;Naam organisatie;Rol", "partnerships"),
    ],
)
def test_columns_are_known_by_how_administrations_call_them(header: str, kind: str) -> None:
    (table,) = reading.read("lijst.csv", f"{header}\na;b;c\n".encode()).tables
    assert recognition.kind_of(table, ["lijst"]) == kind
    assert recognition.lacking(table, KINDS[kind]) == []
    assert [index for index, name in enumerate(table.header) if not recognition._by_header(name, KINDS[kind])] == []


def test_a_column_that_lacks_is_called_as_the_reader_calls_it(home: Home, here: Path) -> None:
    file = here / "lijst.csv"
    file.write_text("Commune;Rue\nMalle;Rue A\n", "utf-8")
    made = new(home, file, "--kind", "activities", "--lang", "fr")
    assert (made.returncode, "il n'y a pas de colonne 'nom' ; il la faut pour activities" in made.stderr) == (2, True)


def test_a_package_is_written_only_into_a_folder_that_is_there(home: Home, here: Path) -> None:
    file = here / "lijst.csv"
    file.write_text("activiteit\nSoep\n", "utf-8")
    made = new(home, file, "--to", "nergens/stad", "--lang", "nl")
    assert (made.returncode, made.stderr.strip()) == (2, f"zorgkg: {file}: er is geen map nergens; maak ze eerst")


def test_of_several_things_with_one_name_the_one_in_the_rows_municipality_is_meant(home: Home, here: Path) -> None:
    book = openpyxl.Workbook()
    first: Any = book.active
    first.title = "Organisaties"
    for row in (["Naam", "Gemeente"], ["De Schakel", "Malle"], ["De Schakel", "Gent"]):
        first.append(row)
    second: Any = book.create_sheet("Activiteiten")
    for row in (
        ["Activiteit", "Gemeente", "Organisator"],
        ["Soep", "Gent", "De Schakel; vzw Jong"],
        ["Thee", "", "De Schakel"],
    ):
        second.append(row)
    book.save(here / "lijst.xlsx")
    made = new(home, here / "lijst.xlsx")
    assert made.returncode == 0, made.stderr
    assert "row 3, column C (Organisator): 'De Schakel' is the name of 2 rows of this file" in made.stdout
    report = here / "stad" / "report.tsv"
    report.write_text(report.read_text("utf-8").replace("todo\t", "left out\t"), "utf-8")
    added = run(home, "dataset", "add", "stad")
    assert added.returncode == 0, added.stderr
    # An activity may have several who hold it.
    assert ask(home, "SELECT ?who WHERE { id:activity\\/stad--soep schema:organizer ?who } ORDER BY ?who") == [
        ("https://w3id.org/zorgkg/id/organisation/stad--de-schakel-gent",),
        ("https://w3id.org/zorgkg/id/organisation/stad--vzw-jong",),
    ]
    assert ask(home, "SELECT ?who WHERE { id:activity\\/stad--thee schema:organizer ?who }") == []


@pytest.mark.parametrize("name", ["links", "places", "ontology", "derived"])
def test_a_name_of_the_graphs_own_datasets_is_refused(home: Home, here: Path, name: str) -> None:
    file = here / "lijst.csv"
    file.write_text("activiteit\nSoep\n", "utf-8")
    refused = new(home, file, "--lang", "nl", name=name)
    assert (refused.returncode, refused.stderr.count("\n"), (here / name).exists()) == (2, 1, False)
    assert f"'{name}' is een dataset van de graaf zelf, die dan vervangen zou worden" in refused.stderr


def test_sheets_whose_names_differ_in_signs_only_have_passages_of_their_own(home: Home, here: Path) -> None:
    made = []
    for name, sheets in (("stad", ("Gent (2024)", "Gent 2024")), ("dorp", ("Gent 2024", "Gent (2024)"))):
        book = openpyxl.Workbook()
        for at, title in enumerate(sheets):
            sheet: Any = book.create_sheet(title, at)
            sheet.append(["activiteit", "gemeente"])
            sheet.append([f"In {title.replace('(', 'de ')}", "Gent"])
        book.save(here / f"{name}.xlsx")
        assert new(home, here / f"{name}.xlsx", name=name).returncode == 0
        made.append({row["sheet"]: row["passage"] for row in table(here / name / "activities.csv")})
    assert made[0] == {"Gent (2024)": "stad--gent-2024--1-2", "Gent 2024": "stad--gent-2024--2-2"}
    # The order of the sheets does not matter.
    assert made[1] == {sheet: passage.replace("stad", "dorp") for sheet, passage in made[0].items()}
    assert run(home, "dataset", "add", "stad").returncode == 0


@pytest.mark.parametrize("second", ["Organisatie;Gemeente;Rechtsvorm", "Naam;Gemeente;", "Projectnaam;Partner;"])
def test_a_second_table_under_the_first_is_told_and_not_published(home: Home, here: Path, second: str) -> None:
    file = here / "organisaties.csv"
    # A row that stands apart is a row of the table.
    file.write_text(
        f"Naam;Gemeente;Soort\nLDC A;Gent;\n\nOrganisatie;Gent;school\n\nNog meer;;\n{second}\nvzw B;Gent;vzw\n",
        "utf-8",
    )
    made = new(home, file, "--lang", "nl")
    assert made.returncode == 0, made.stderr
    assert "rij 7: hier begint een tweede tabel, onder de eerste; ze wordt niet overgenomen (rijen: 3)" in made.stdout
    assert [row["name_nl"] for row in table(here / "stad" / "organisations.csv")] == ["LDC A", "Organisatie"]


def test_of_many_merged_cells_the_first_are_told_and_how_many_more_there_are(home: Home, here: Path) -> None:
    file = here / "agenda.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(workbook([["activiteit", "onzin"], *([f"Soep {n}"] for n in range(90))])))
    for row in range(2, 92, 2):
        book.worksheets[0].merge_cells(start_row=row, end_row=row + 1, start_column=2, end_column=2)
    book.save(file)
    made = new(home, file, "--lang", "fr")
    assert made.returncode == 0, made.stderr
    told = made.stdout.splitlines()
    merged = [place for place, line in enumerate(told) if "fusionnées" in line]
    assert len(merged) == MOST
    assert told[merged[-1] + 1] == "et encore 25"
    assert "feuille Blad1, colonne B (onzin): pas reconnue ; la colonne n'est pas reprise" in told


def test_each_organisation_of_a_partnerships_cell_takes_part(home: Home, here: Path) -> None:
    file = here / "lijst.csv"
    file.write_text('Project;Partner;Rol\nSoep;"LDC A; vzw B\nvzw C";partner\n', "utf-8")
    made = new(home, file)
    assert made.returncode == 0, made.stderr
    assert [row["agent"] for row in table(here / "stad" / "participations.csv")] == [
        "stad--ldc-a",
        "stad--vzw-b",
        "stad--vzw-c",
    ]
