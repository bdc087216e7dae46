"""Tables over HTTP: a partner with a token of their own sends one, and it is published or refused as a whole."""

from __future__ import annotations

import io
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import openpyxl
import pytest

from tests import examples, homes
from tests.examples import workbook
from tests.homes import LICENCE
from tests.web.test_writing import SECRET, Site, started
from zorgkg.publishing.versions import Home
from zorgkg.tables.reading import MEDIA
from zorgkg.tokens import Tokens

SAID = {"licence": LICENCE, "publisher": "Stad Voorbeeld"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("handed")
    home = homes.known(folder / "home")
    (folder / "content" / "data" / "own").mkdir(parents=True)
    with started(home.path, folder / "content", ZORGKG_TOKEN=SECRET) as client:
        yield Site(home, client, Tokens(home.path / "tokens", SECRET))


def put(site: Site, body: bytes, extension: str, token: str = SECRET, **said: Any) -> httpx.Response:
    name = said.pop("name", "stad")
    headers = {"Content-Type": MEDIA[extension], "Accept-Language": said.pop("lang", "en")}
    answer: httpx.Response = site.send(
        "PUT", f"/datasets/{name}", token, headers=headers, content=body, params={**SAID, **said}
    )
    return answer


def versions(home: Home) -> int:
    return len(home.versions())


def test_a_token_of_one_dataset_sends_its_table_and_nothing_else(site: Site) -> None:
    _, text = site.tokens.create(["dataset:stad"])
    before = site.home.current().id
    tried = put(site, examples.city(), "xlsx", text, **{"without": "Contactpersoon", "dry-run": ""})
    assert (tried.status_code, tried.json()["published"], site.home.current().id) == (200, False, before), tried.text
    sent = put(site, examples.city(), "xlsx", text, without="Contactpersoon", file="initiatieven.xlsx")
    assert sent.status_code == 201, sent.text
    assert sent.headers["Location"] == "https://w3id.org/zorgkg/id/dataset/stad"
    assert site.ask("GRAPH dataset:stad { project:stad--bi-01 rdfs:label ?name }")
    assert site.client.get("/doc/project/stad--bi-01.ttl").status_code == 200
    assert "initiatieven.xlsx" in site.client.get("/doc/project/stad--bi-01.html", follow_redirects=True).text
    assert put(site, examples.city(), "xlsx", text, name="dorp", without="Contactpersoon").status_code == 403
    assert site.send("DELETE", "/datasets/stad", text).status_code in (200, 204)
    assert not site.ask("project:stad--bi-01 ?p ?o")


@pytest.mark.parametrize(("charset", "status"), [("windows-1252", 200), ("ISO-8859-1", 200), ("koi8-r", 415)])
def test_a_table_may_tell_the_encoding_that_it_is_in(site: Site, charset: str, status: int) -> None:
    answer = site.send(
        "PUT",
        "/datasets/agenda",
        SECRET,
        headers={"Content-Type": f"text/csv; charset={charset}"},
        content="activiteit;gemeente\nCafé;Malle\n".encode("cp1252"),
        params={**SAID, "dry-run": ""},
    )
    assert answer.status_code == status, answer.text
    assert status == 200 or "a table is sent as UTF-8, UTF-16 or Windows-1252" in answer.text


@pytest.mark.parametrize("extension", ["csv", "json", "parquet"])
def test_every_form_of_a_table_is_taken(site: Site, extension: str) -> None:
    if extension == "csv":
        body = "activiteit;gemeente\nOntbijt;Malle\n".encode("utf-16")
    elif extension == "json":
        body = json.dumps([{"activiteit": "Ontbijt", "gemeente": "Malle"}]).encode()
    else:
        import pyarrow as pa
        import pyarrow.parquet as pq

        output = io.BytesIO()
        pq.write_table(pa.table({"activiteit": ["Ontbijt"], "gemeente": ["Malle"]}), output)
        body = output.getvalue()
    answer = put(site, body, extension, name="agenda", **{"dry-run": ""})
    assert (answer.status_code, answer.json()["conforms"]) == (200, True), answer.text


@pytest.mark.parametrize(
    ("body", "extension", "said", "kind", "sentence"),
    [
        (b"a,b\n1,2\n", "csv", {}, "table", "niet duidelijk waarvan dit een tabel is"),
        (
            b"activiteit,gsm\nSoep,0470123456\n",
            "csv",
            {},
            "table",
            "horen niet in de graaf; kolommen: gsm",
        ),
        (b"activiteit\nSoep\n", "csv", {"licence": ""}, "incomplete", "de licentie ontbreekt"),
        (b"activiteit,gemeente\nSoep,Weg\n", "csv", {}, "table", "rij 2, kolom 2 (gemeente): 'Weg' is geen gemeente"),
        (b"activiteit,id\nSoep,1\nKaas,1\n", "csv", {}, "table", "rij 3, kolom 2 (id): '1' staat ook in rij 2"),
        (b"activiteit\nCaf\xc3\xa9\nCaf\xe9\n", "csv", {}, "table", "rij 3: byte 0xE9"),
        (b'[{"activiteit": "A"', "json", {}, "table", "rij 1: dit is geen JSON"),
        (b'[{"activiteit": "A\\ud800"}]', "json", {}, "table", "een teken in dat geen tekst heeft (U+D800)"),
        (b"PK\x03\x04", "xlsx", {}, "table", "dit is geen xlsx-bestand"),
        (b"nothing", "parquet", {}, "table", "dit is geen Parquet-bestand"),
        (examples.bomb(), "xlsx", {}, "table", "is uitgepakt meer dan 400,000,000 bytes"),
        (b"activiteit,datum\nSoep,03/04/2025\n", "csv", {}, "table", "kan dag of maand eerst zijn"),
        (workbook([["activiteit", "gemeente"], ["Soep", "=A1"]]), "xlsx", {}, "table", "de formule in B2 heeft geen"),
    ],
)
def test_a_table_that_cannot_be_taken_is_refused_and_nothing_changes(
    site: Site, body: bytes, extension: str, said: dict[str, str], kind: str, sentence: str
) -> None:
    before = versions(site.home)
    answer = put(site, body, extension, lang="nl", **said)
    told = answer.json()
    assert (answer.status_code, told["type"].rpartition("/")[2]) == (422, kind), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert sentence in told["detail"]
    if kind == "incomplete":
        assert told["missing"] == ["licence"]
    assert versions(site.home) == before


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_what_may_be_said_of_a_table_is_called_as_a_parameter(site: Site, language: str) -> None:
    incomplete = put(site, b"activiteit\nSoep\n", "csv", lang=language, licence="", publisher="").json()
    assert "(licence=IRI)" in incomplete["detail"]
    assert "(publisher=TEXT)" in incomplete["detail"]
    people = put(site, b"activiteit,voornaam,gsm\nSoep,An,0470123456\n", "csv", lang=language).json()
    assert all("(without=" in one["message"] for one in people["problems"][1:])
    dates = put(site, b"activiteit,datum\nSoep,03/04/2025\n", "csv", lang=language).json()
    assert "dates=dmy" in dates["detail"]
    assert "--" not in json.dumps([incomplete, people, dates])


def test_what_the_shapes_refuse_is_told_with_the_row_of_the_file(site: Site) -> None:
    body = workbook([["activiteit", "omschrijving"], ["Soep", "Goed"], ["Kaas", "Vraag ernaar bij mevrouw Janssens."]])
    answer = put(site, body, "xlsx")
    assert answer.status_code == 422
    (result,) = answer.json()["results"]
    assert (result["sheet"], result["row"], result["column"]) == ("Blad1", 3, "omschrijving")


def lists(dish: str = "Goed", town: str = "Malle") -> bytes:
    """A workbook with all that is left out of a table, and cells that are merged."""
    rows = [["Agenda 2025"], ["activiteit", "gemeente", "omschrijving", "onzin"], ["Soep", town, dish, "x"]]
    rows += [[f"Kaas {number}", "Malle", "", ""] for number in range(60)]
    rows += [[], ["activiteit", "gemeente"], ["Thee", "Malle"], ["Totaal", ""], ["Bron: de stad"]]
    book = openpyxl.load_workbook(io.BytesIO(workbook(rows, "Agenda")))
    for row in range(4, 64, 2):
        book.worksheets[0].merge_cells(start_row=row, end_row=row + 1, start_column=2, end_column=2)
    book.worksheets[0].row_dimensions[3].hidden = True
    for name, state in (("Prijzen", "visible"), ("Geheim", "hidden")):
        sheet = book.create_sheet(name)
        sheet.append(["a", "b"])
        sheet.append(["1", "2"])
        sheet.sheet_state = state
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


LEFT_OUT = [
    ("Geheim", None, None, None, "het blad is verborgen en niet gelezen; noem het om het te lezen"),
    ("Prijzen", None, None, None, "niet herkend als een tabel; het blad wordt niet overgenomen"),
    ("Agenda", None, None, None, "rijen boven de kop (rij 2) die weggelaten zijn: 1"),
    ("Agenda", 4, 2, None, "de samengevoegde cellen B4:B5 kregen elk de waarde van de eerste"),
    (None, None, None, None, "en nog 10"),
    ("Agenda", 3, None, None, "verborgen rijen, die wel gelezen zijn: 1; verwijder ze als ze er niet bij horen"),
    (
        "Agenda",
        65,
        None,
        None,
        "hier begint een tweede tabel, onder de eerste; ze wordt niet overgenomen (rijen: 2); zet ze op een eigen blad "
        "of in een eigen bestand",
    ),
    ("Agenda", None, 4, "onzin", "niet herkend; de kolom wordt niet overgenomen"),
]


def noted(answer: httpx.Response) -> list[tuple[Any, ...]]:
    members = ("sheet", "row", "column", "name", "message")
    return [tuple(one[member] for member in members) for one in answer.json()["notes"]]


def test_what_is_left_out_of_a_table_is_told_whether_it_is_tried_made_or_replaced(site: Site) -> None:
    tried = put(site, lists(), "xlsx", name="agenda", lang="nl", **{"dry-run": ""})
    made, replaced = (put(site, lists(dish), "xlsx", name="agenda", lang="nl") for dish in ("Goed", "Beter"))
    # Nobody asked for JSON: what was left out is told all the same.
    assert [answer.status_code for answer in (tried, made, replaced)] == [200, 201, 200], replaced.text
    assert [one for one in noted(tried) if one in LEFT_OUT] == LEFT_OUT
    assert noted(tried) == noted(made) == noted(replaced)
    assert len([one for one in noted(tried) if "samengevoegde" in one[-1]]) == 20
    french = put(site, lists(), "xlsx", name="agenda", lang="fr", **{"dry-run": ""})
    assert ("Agenda", None, 4, "onzin", "pas reconnue ; la colonne n'est pas reprise") in noted(french)
    assert "notes" not in site.send("DELETE", "/datasets/agenda", headers={"Accept": "application/json"}).json()


def test_totals_sources_and_values_that_are_left_out_are_told(site: Site) -> None:
    body = "naam;gemeente;soort\nvzw A;Gent;poezenclub\nTotaal;;1\nBron: de stad;;\n"
    told = noted(put(site, body.encode(), "csv", name="lijst", **{"dry-run": "", "kind": "organisations"}))
    assert (None, 3, None, None, "rows with a total, at the end, that are left out: 1") in told
    assert (None, 4, None, None, "rows with a source or note, at the end, that are left out: 1") in told
    assert [one[1:4] for one in told if "poezenclub" in one[-1]] == [(2, 3, "soort")]


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"dish": "Vraag ernaar bij mevrouw Janssens."}, "invalid-data"),
        ({"town": "Weg"}, "table"),
        ({"licence": ""}, "incomplete"),
    ],
)
def test_what_is_left_out_is_told_of_a_table_that_is_refused_too(
    site: Site, changed: dict[str, str], kind: str
) -> None:
    said = {name: value for name, value in changed.items() if name in SAID}
    body = lists(**{name: value for name, value in changed.items() if name not in SAID})
    answer = put(site, body, "xlsx", name="agenda", lang="nl", **said)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, kind), answer.text
    assert [one for one in noted(answer) if one in LEFT_OUT] == LEFT_OUT


def test_wrong_parameters_are_told(site: Site) -> None:
    body = b"activiteit\nSoep\n"
    assert put(site, body, "csv", kind="boeken").status_code in (400, 422)
    assert put(site, body, "csv", onzin="1").status_code == 400
    assert put(site, body, "csv", name="a--b").status_code == 400
    turtle = {"Content-Type": "text/turtle"}
    assert site.send("PUT", "/datasets/stad?kind=projects", headers=turtle, content="").status_code == 400
    unknown = {"Content-Type": "application/vnd.ms-excel.sheet.macroEnabled.12"}
    assert site.send("PUT", "/datasets/stad", headers=unknown, content=b"x").status_code == 415
    # The server of this test takes two megabytes.
    assert put(site, b"x" * 2_000_001, "csv").status_code == 413


def test_a_name_of_the_graphs_own_datasets_is_refused_and_a_partners_replaced(site: Site) -> None:
    before = versions(site.home)
    for name in ("derived", "own"):
        answer = put(site, b"activiteit\nSoep\n", "csv", name=name, lang="fr")
        assert answer.status_code == 422, answer.text
        assert answer.json()["detail"].startswith(f"{name!r} est un jeu de données du graphe lui-même")
    assert versions(site.home) == before
    for body, status in ((b"activiteit\nSoep\n", 201), (b"activiteit\nThee\n", 200)):
        assert put(site, body, "csv", name="dorp").status_code == status
    assert site.send("DELETE", "/datasets/dorp").status_code in (200, 204)


def test_an_upload_that_ends_halfway_publishes_nothing(site: Site) -> None:
    before = versions(site.home)
    address = httpx.URL(str(site.client.base_url))
    body = b"activiteit\nSoep\n"
    head = (
        f"PUT /datasets/half?licence={LICENCE}&publisher=x HTTP/1.1\r\nHost: {address.host}\r\n"
        f"Authorization: Bearer {SECRET}\r\nContent-Type: text/csv\r\n"
    )
    for length in (f"Content-Length: {len(body) + 100}\r\n\r\n".encode(), b"Transfer-Encoding: chunked\r\n\r\n"):
        sent = body if b"Length" in length else b"%x\r\n%s\r\n" % (len(body), body)
        with socket.create_connection((address.host, address.port or 80), timeout=10) as connection:
            connection.sendall(head.encode() + length + sent)
            time.sleep(0.5)
    time.sleep(1)
    assert versions(site.home) == before
    assert site.client.get("/health").status_code == 200
    assert "half" not in site.home.current().datasets
    assert not [path for path in site.home.path.rglob("*") if path.name == "half"]


def test_templates_are_listed_and_can_be_filled_in(site: Site) -> None:
    page = site.client.get("/datasets?lang=nl", headers={"Accept": "text/html"}).text
    assert "/templates/activities.xlsx" in page
    answer = site.client.get("/templates/activities.xlsx?lang=fr")
    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA["xlsx"])
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames[:2] == ["activités", "Guide (fr)"]
    header = [cell.value for cell in book.worksheets[0][1]]
    book.worksheets[0].append([{"nom": "Soupe", "commune": "Malle"}.get(str(name)) for name in header])
    output = io.BytesIO()
    book.save(output)
    sent = put(site, output.getvalue(), "xlsx", name="agenda", **{"dry-run": ""})
    assert (sent.status_code, sent.json()["conforms"]) == (200, True), sent.text
    assert site.client.get("/templates/activities.csv?lang=en").text.startswith("\ufeffid,name,")
    assert site.client.get("/templates/boeken.xlsx").status_code == 404


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_template_is_that_of_a_version_and_is_not_sent_twice(site: Site, form: str) -> None:
    path = f"/templates/activities.{form}"
    answer = site.client.get(path)
    assert answer.headers["X-Zorgkg-Version"] == site.home.current().id
    again = site.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    named = site.client.get(path, params={"version": site.home.current().id})
    assert "immutable" in named.headers["Cache-Control"]


def test_what_excel_would_run_is_made_harmless_in_the_csv_for_it(site: Site) -> None:
    formula = '=HYPERLINK("http://example.org","klik")'
    body = json.dumps([{"activiteit": formula, "gemeente": "Malle"}, {"activiteit": "-2+3", "gemeente": "Malle"}])
    assert put(site, body.encode(), "json", name="gevaar").status_code == 201
    query = "SELECT ?n ?x WHERE { ?it a zorg:Activity ; rdfs:label ?n BIND (-3 AS ?x) } ORDER BY ?n"
    prefixes = "PREFIX zorg: <https://w3id.org/zorgkg/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    faithful = site.client.get("/sparql", params={"query": prefixes + query}, headers={"Accept": "text/csv"}).text
    assert '"=HYPERLINK(""http' in faithful
    table = site.client.get("/api/search", params={"q": "klik", "format": "csv", "excel": "true"}).text
    assert "=HYPERLINK" in table
    assert "'=HYPERLINK" in table
    assert site.send("DELETE", "/datasets/gevaar").status_code in (200, 204)


def test_the_home_keeps_nothing_of_what_was_tried(site: Site) -> None:
    assert not list(site.home.path.rglob("csvw.json"))
