"""`/api/evidence` and `?evidence=true`, as whoever builds a dashboard and whoever reads a page meet them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse
from starlette.testclient import TestClient

from zorgkg.content import locate
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.publishing.versions import Manifest
from zorgkg.questions import catalogue
from zorgkg.settings import read
from zorgkg.terms import ID
from zorgkg.web import asking
from zorgkg.web.app import create
from zorgkg.web.service import Service

PAIR = "/api/evidence?subject=project/vitale-buurten&object=organisation/de-ark"
CODED = "/api/evidence?subject=project/verburght-en-de-buren&object=framework/vvsg/7"
ABSENT = "/api/evidence?subject=project/vitale-buurten&object=framework/sombrero/housing"


@pytest.fixture(scope="module")
def web(engine: EmbeddedEngine) -> Iterator[TestClient]:
    """The application on the repository's own graph."""
    manifest = Manifest("test", "2026-01-01T00:00:00+00:00", 1, 1, "0" * 64)
    service = Service(locate(), manifest, engine, catalogue.read(locate().queries), read({}, {}))
    with TestClient(create(service), follow_redirects=False) as client:
        yield client


def told(web: TestClient, path: str) -> dict[str, Any]:
    answer = web.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert isinstance(found, dict)
    return found


# Between two things


def test_a_claim_opens_to_its_passage_and_source(web: TestClient) -> None:
    found = told(web, PAIR + "&lang=en")
    assert found["version"] == "test"
    first = found["evidence"][0]
    assert (first["kind"], first["role"]["label"], first["asNamed"]) == (
        "participation",
        "partner",
        {"text": "SHM De Ark", "lang": "nl"},
    )
    (passage,) = first["passages"]
    assert (passage["start"], passage["end"], passage["section"]["label"]) == (2529, 2539, "Partners")
    assert passage["source"]["label"] == "Project fiche Vitale buurten (2020)"
    assert passage["source"]["labelLang"] == "en"
    for thing in (first, passage, passage["source"], first["dataset"], first["subject"], first["object"]):
        page = web.get(thing["href"], headers={"Accept": "text/html"})
        assert page.status_code == 200, thing["href"]


def test_a_positioning_opens_to_its_coders_and_the_decision(web: TestClient) -> None:
    (one,) = told(web, CODED + "&lang=fr")["evidence"]
    assert [code["coders"] for code in one["codes"]] == [["coder-1"], ["coder-2"]]
    assert all(code["rationale"]["lang"] == "fr" and code["passages"] for code in one["codes"])
    (decision,) = one["decisions"]
    assert (decision["coders"], decision["upheld"], decision["reason"]["lang"]) == (["coder-4"], True, "fr")
    assert decision["codes"] == [], "they are told already"
    assert [way["name"] for way in one["supports"]] == ["zorg:addresses", "zorg:addressesByCoding"]
    assert one["supports"][0]["iri"] == "https://w3id.org/zorgkg/ns#addresses"


def test_that_nothing_connects_two_things_is_said_in_a_sentence(web: TestClient) -> None:
    found = told(web, "/api/evidence?subject=project/vitale-buurten&object=organisation/aaa-care&lang=en")
    assert found["evidence"] == []
    assert re.fullmatch("Nothing in this graph connects “Vitale buurten .*” and “AAA Care”.", found["sentence"])


def test_not_stated_is_said_not_to_mean_not_done(web: TestClient) -> None:
    found = told(web, ABSENT + "&lang=en")
    (absence,) = found["evidence"]
    assert absence["kind"] == "absence"
    assert "Not stated is not the same as not done." in absence["sentence"] == found["sentence"]
    assert [coding["coders"] for coding in absence["readBy"]] == [["coder-1"], ["coder-2"], ["coder-3"]]
    assert {one["object"]["iri"] for one in absence["elsewhere"]} >= {ID + "framework/sombrero/wellbeing"}


def test_things_are_given_by_iri_or_by_path(web: TestClient) -> None:
    by_iri = f"/api/evidence?subject={ID}project/vitale-buurten&object={ID}organisation/de-ark"
    assert told(web, by_iri)["evidence"] == told(web, PAIR)["evidence"]


@pytest.mark.parametrize("query", ["", "?subject=&lang=en", "?format=csv", "?limit=5"])
def test_without_a_thing_a_program_has_made_a_mistake(web: TestClient, query: str) -> None:
    answer = web.get(f"/api/evidence{query}")
    problem = answer.json()
    assert (answer.status_code, problem["type"].rpartition("/")[2]) == (422, "missing-parameter")
    assert (problem["parameter"], problem["allowed"]) == ("subject", ["subject", "object", "lacks", "of", "question"])


def test_without_a_thing_a_page_says_how_to_ask(web: TestClient) -> None:
    page = web.get("/api/evidence?subject=&lang=en", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "Name one thing or two: /api/evidence?subject=" in page.text
    assert web.get("/api/evidence.docx").status_code == 404


@pytest.mark.parametrize("form", ["csv", "csv-excel", "tsv", "sparql-json", "xml", "parquet", "json", "html"])
def test_every_form_can_be_had(web: TestClient, form: str) -> None:
    answer = web.get(f"{CODED}&format={form}")
    assert answer.status_code == 200
    assert answer.content


def test_a_table_has_a_row_for_each_passage_of_each_coder(web: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(web.get(CODED.replace("?", ".csv?") + "&lang=nl").text)))
    assert [row["part"] for row in rows] == ["evidence", "code", "code", "decision"]
    assert [row["coders"] for row in rows] == ["coder-1, coder-2", "coder-1", "coder-2", "coder-4"]
    assert {row["restedOnBy"] for row in rows[1:]} == {rows[0]["assertion"]}
    assert (rows[1]["start"], rows[1]["end"], rows[1]["sourceLabel"]) == (
        "227409",
        "227529",
        "Lokaal samenwerken in zorgzame buurten",
    )
    absent = list(csv.DictReader(io.StringIO(web.get(ABSENT + "&format=csv").text)))
    assert absent[0]["kind"] == "absence"
    assert [row["part"] for row in absent[1:4]] == ["read-by"] * 3
    assert {row["part"] for row in absent[4:]} == {"elsewhere"}


@pytest.mark.parametrize(
    ("form", "syntax"),
    [("ttl", RdfFormat.TURTLE), ("nt", RdfFormat.N_TRIPLES), ("rdf", RdfFormat.RDF_XML), ("jsonld", None)],
)
def test_rdf_gives_the_assertions_themselves(web: TestClient, form: str, syntax: RdfFormat | None) -> None:
    body = web.get(f"{CODED}&format={form}").content
    if syntax is None:
        assert "verburght-en-de-buren_kbs-2021_vvsg_7" in json.dumps(json.loads(body))
        return
    subjects = {str(quad.subject) for quad in parse(body, syntax)}
    assert f"<{ID}adjudication/verburght-en-de-buren_kbs-2021_vvsg_7>" in subjects
    assert f"<{ID}passage/kbs-2021-227409-227529>" in subjects


def test_links_lead_to_other_forms_and_further_pages(web: TestClient) -> None:
    answer = web.get("/api/evidence?subject=project/vitale-buurten&kind=claim&limit=5")
    assert answer.json()["more"]
    relations = dict(re.findall(r'<([^>]+)>; rel="(next|about)"', answer.headers["Link"]))
    following = next(where for where, relation in relations.items() if relation == "next")
    second = web.get(following).json()["evidence"]
    assert len(second) == 5
    assert not {one["iri"] for one in second} & {one["iri"] for one in answer.json()["evidence"]}
    assert f"{ID}project/vitale-buurten" in relations
    assert 'rel="alternate"; type="text/csv"' in answer.headers["Link"]
    assert answer.headers["X-Zorgkg-Version"] == "test"


# Bad input


@pytest.mark.parametrize(
    ("query", "status", "parameter", "said"),
    [
        ("predicate=partner", 422, "subject", "subject, object, lacks, of"),
        ("subject=project/nothing", 422, "subject", "says nothing of"),
        ("subject=project%2Fa%20b", 422, "subject", "is no IRI"),
        ("subject=project/vitale-buurten&objekt=x", 400, "objekt", "there is no parameter"),
        ("subject=project/vitale-buurten&subject=x", 400, "subject", "more than once"),
        ("subject=project/vitale-buurten&kind=opinion", 422, "kind", "positioning"),
        ("subject=project/vitale-buurten&basis=hearsay", 422, "basis", "framework/basis/self-assessment"),
        ("subject=project/vitale-buurten&source=x", 422, "source", "source/kbs-2021"),
        ("subject=project/vitale-buurten&start=1", 422, "source", "give source too"),
        ("subject=project/vitale-buurten&source=kbs-2021&start=-1", 422, "start", "no offset"),
        ("subject=project/vitale-buurten&predicate=foo:bar", 422, "predicate", "zorg:"),
        ("subject=project/vitale-buurten&predicate=partnr", 422, "predicate", "did you mean zorg:partner"),
        ("subject=project/vitale-buurten&predicate=dcterms:nope", 422, "predicate", "/ns"),
        ("of=figure/x&subject=project/vitale-buurten", 422, "of", "nothing beside it"),
        ("subject=project/vitale-buurten&object=place/turnhout&lacks=place/turnhout", 422, "lacks", "not both"),
        ("subject=project/vitale-buurten&lang=de", 400, "lang", "nl, fr, en"),
        ("subject=project/vitale-buurten&format=geojson", 400, "format", "json"),
        ("subject=project/vitale-buurten&limit=5000", 400, "limit", "1,000"),
        ("subject=project/vitale-buurten&kind=figure&offset=900", 404, "offset", "no assertion after"),
        ("question=nothing", 422, "question", "/api/questions"),
        ("question=matrix", 422, None, "project, component"),
        ("question=matrix&project=project/vitale-buurten&colour=red", 400, "colour", "there is no parameter"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_allowed(
    web: TestClient, query: str, status: int, parameter: str | None, said: str
) -> None:
    answer = web.get(f"/api/evidence?{query}")
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem.get("parameter") == parameter
    assert said in json.dumps(problem, ensure_ascii=False)


# Beside the rows of a question


def test_each_record_can_have_its_evidence(web: TestClient) -> None:
    rows = web.get("/api/questions/partners-of-project?project=vitale-buurten&evidence=true&lang=en").json()
    plain = web.get("/api/questions/partners-of-project?project=vitale-buurten&lang=en").json()
    assert [{key: value for key, value in row.items() if key != "evidence"} for row in rows] == plain
    for row in rows:
        (one,) = row["evidence"]
        (passage,) = one["passages"]
        assert (passage["start"], passage["end"]) == (row["start"], row["end"])
        assert one["asNamed"]["text"] == row["asNamed"]


def test_other_tables_have_the_address_of_the_evidence(web: TestClient) -> None:
    answer = web.get("/api/questions/projects-on-component?evidence=true&format=csv&lang=en&limit=3")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 3
    for row in rows:
        found = told(web, row["evidence"])
        assert found["evidence"][0]["subject"]["iri"] == row["project"]
        assert found["evidence"][0]["basis"]["iri"] == ID + "framework/basis/fiche-coding"
        assert "lang=en" in row["evidence"]


def test_a_row_of_two_claims_leads_to_both(web: TestClient) -> None:
    path = "/api/questions/two-lenses?evidence=true&limit=4"
    records = web.get(path).json()
    addresses = [row["evidence"] for row in csv.DictReader(io.StringIO(web.get(path + "&format=csv").text))]
    for record, address in zip(records, addresses, strict=True):
        assert "question=two-lenses" in address
        assert told(web, address)["evidence"] == record["evidence"]
        kinds = [one["kind"] for one in record["evidence"]]
        assert ("positioning" in kinds[:1]) == record["byCoding"]
        assert kinds.count("absence") == 2 - record["byCoding"] - record["bySelfAssessment"]


def test_a_number_leads_to_the_list_of_what_was_counted(web: TestClient) -> None:
    rows = web.get("/api/questions/projects-by-municipality?evidence=true&lang=fr").json()
    for row in rows[:3]:
        (listing,) = row["evidence"]
        assert (listing["kind"], listing["question"]) == ("question", "projects-in-place")
        assert listing["label"].endswith("?")
        counted = web.get(listing["href"], headers={"Accept": "application/json"}).json()
        assert len({one["project"] for one in counted}) == row["projects"]


def test_that_there_is_more_than_is_given_with_a_row_is_said_with_where(web: TestClient) -> None:
    rows = web.get("/api/questions/coverage-by-component?evidence=true&framework=icc-sliders").json()
    row = max(rows, key=lambda one: one["projects"])
    *some, more = row["evidence"]
    assert [one["kind"] for one in some] == ["positioning"] * 20
    assert more["kind"] == "more"
    assert len({one["subject"]["iri"] for one in told(web, more["href"])["evidence"]}) == row["projects"] > 20


def test_evidence_is_true_or_false_and_only_where_there_is_some(web: TestClient) -> None:
    assert web.get("/api/questions/matrix?evidence=yes").json()["allowed"] == ["true", "false"]
    assert "evidence" not in web.get("/api/questions/matrix?evidence=false&limit=1").json()[0]


def test_a_question_that_has_none_says_why(client: TestClient) -> None:
    problem = client.get("/api/questions/names?evidence=true")
    assert (problem.status_code, problem.json()["parameter"]) == (400, "evidence")
    assert "names has no evidence of its rows: not said" in problem.json()["detail"]
    assert client.get("/api/evidence?question=names&part=Eik").status_code == 422
    assert "waar staat dat" not in client.get("/api/questions/names?format=html").text


def test_more_rows_than_can_be_given_with_evidence_are_asked_in_pages(
    web: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_GROUNDED", 5)
    problem = web.get("/api/questions/matrix?evidence=true")
    assert (problem.status_code, problem.json()["limit"]) == (422, 5)
    assert "add limit" in problem.json()["detail"]
    assert len(web.get("/api/questions/matrix?evidence=true&limit=5").json()) == 5
    assert web.get("/api/questions/matrix?evidence=true&format=csv").status_code == 200


# The page


Page = Callable[[str], str]


@pytest.fixture
def page(web: TestClient) -> Page:
    def get(path: str) -> str:
        answer = web.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/html")
        return str(answer.text)

    return get


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_reader_sees_who_says_it_and_where(page: Page) -> None:
    html = page(CODED + "&lang=en")
    text = _text(html)
    for said in (
        "Where does it say so?",
        "coder-1",
        "coder-4",
        "Matching to informal help suffices",
        "characters 227409",
    ):
        assert said in text
    assert 'href="/doc/passage/kbs-2021-227409-227529?lang=en"' in html
    assert 'href="/doc/source/kbs-2021?lang=en"' in html
    assert html.count("<h1>") == 1
    assert html.index("<h2") < html.index("<h3") < html.index("<h4")


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", "Niet vermeld is niet hetzelfde"), ("fr", "Non mentionné ne veut pas dire"), ("en", "Not stated is not")],
)
def test_a_reader_is_told_of_absence_in_their_language(page: Page, language: str, said: str) -> None:
    html = page(f"{ABSENT}&lang={language}")
    assert f'<html lang="{language}">' in html
    assert _text(html).count(said) == 1


def test_each_row_of_a_question_leads_to_its_evidence(page: Page, web: TestClient) -> None:
    html = page("/api/questions/lacking-component?lang=nl&component=sombrero/housing&basis=fiche-coding")
    links = re.findall(r'<a href="(/api/evidence[^"]+)">waar staat dat\?</a>', html)
    assert len(links) > 20
    answer = web.get(links[0].replace("&amp;", "&"), headers={"Accept": "text/html"})
    assert "Niet vermeld is niet hetzelfde als niet gedaan." in answer.text


def test_each_row_of_a_count_leads_to_what_was_counted(page: Page) -> None:
    html = page("/api/questions/methods-used?lang=en")
    assert '<a href="/api/questions/projects-by-method?method=framework%2Fmethod%2F' in html
    assert "what was counted?</a>" in html


@pytest.mark.parametrize(
    "path",
    ["project/vitale-buurten", "organisation/de-ark", "positioning/verburght-en-de-buren_vvsg_7_fiche-coding_kbs-2021"],
)
def test_the_page_of_a_thing_leads_to_all_that_is_said_of_it(page: Page, path: str) -> None:
    html = page(f"/doc/{path}?lang=en")
    (where,) = re.findall(r'href="(/api/evidence[^"]+)"', html)
    text = _text(page(where.replace("&amp;", "&")))
    assert "Where does it say so?" in text
    assert "characters " in text
