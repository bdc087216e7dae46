"""Questions over HTTP."""

from __future__ import annotations

import csv
import io

import pytest
from starlette.testclient import TestClient

from zorgkg.terms import ID

PLACES = "/api/questions/projects-in"
NAMES = "/api/questions/names"


def link(response: object, relation: str) -> str | None:
    links: dict[str, dict[str, str]] = response.links  # type: ignore[attr-defined]
    return links.get(relation, {}).get("url")


def test_the_catalogue_tells_all_that_one_needs_to_ask(client: TestClient) -> None:
    catalogue = {one["id"]: one for one in client.get("/api/questions?lang=fr").json()}
    assert set(catalogue) == {"names", "projects-in"}
    question = catalogue["projects-in"]
    assert question["summary"] == "Quels projets ici ?"
    assert set(question["summaries"]) == {"nl", "fr", "en"}
    assert question["href"] == f"http://testserver{PLACES}"
    assert question["columns"] == ["project", "projectLabel", "fiche"]
    place, at_least = question["parameters"]
    assert place["class"] == "https://w3id.org/zorgkg/ns#Place"
    assert place["description"] == "le territoire"
    assert place["default"] == {"value": "place/mechelen", "iri": ID + "place/mechelen"}
    assert (at_least["kind"], at_least["optional"], at_least["default"]) == ("integer", True, None)
    part = catalogue["names"]["parameters"][0]
    assert (part["values"], part["many"]) == (["Eik", "Linde", "Es"], True)
    assert part["default"] == [{"value": "Eik"}, {"value": "Linde"}, {"value": "Es"}]


def test_the_catalogue_has_its_forms_by_suffix_by_parameter_and_by_accept(client: TestClient) -> None:
    for suffix, media in (("json", "application/json"), ("csv", "text/csv"), ("ttl", "text/turtle")):
        by_suffix = client.get(f"/api/questions.{suffix}")
        assert by_suffix.headers["content-type"].partition(";")[0] == media
        assert client.get(f"/api/questions?format={suffix}").content == by_suffix.content
        assert client.get("/api/questions", headers={"Accept": media}).content == by_suffix.content
    assert client.get("/api/questions.json").json() == client.get("/api/questions").json()
    assert "<html" in client.get("/api/questions.html").text
    assert client.get("/api/questions.geojson").status_code == 404


def test_the_catalogue_as_a_table_has_a_row_a_question(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/api/questions.csv?lang=fr").text)))
    assert [row["id"] for row in rows] == [one["id"] for one in client.get("/api/questions").json()]
    (row,) = (one for one in rows if one["id"] == "projects-in")
    assert (row["question"], row["href"]) == (ID + "question/projects-in", f"http://testserver{PLACES}")
    assert (row["summary"], row["summaryLang"], row["tags"]) == ("Quels projets ici ?", "fr", "places")
    assert (row["parameters"], row["columns"]) == ("place; atLeast", "project; projectLabel; fiche")


def test_what_there_is_has_its_forms_by_suffix(client: TestClient) -> None:
    assert client.get("/api.json").json() == client.get("/api").json()
    assert "<html" in client.get("/api.html").text
    assert client.get("/api.csv").json()["allowed"] == ["json", "html"]


def test_the_default_is_flat_records_with_numbers_as_numbers(client: TestClient) -> None:
    response = client.get(PLACES)
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-zorgkg-version"] == "test"
    assert response.json()[1] == {
        "project": ID + "project/linde",
        "projectLabel": "De Linde",
        "projectLabelLang": "nl",
        "fiche": 3,
    }
    assert response.json()[0]["fiche"] is None


def test_an_answer_names_its_version_its_question_and_its_query(client: TestClient) -> None:
    for form in ("", ".csv", ".html"):
        answer = client.get(PLACES + form)
        assert (answer.headers["x-zorgkg-version"], answer.headers["x-zorgkg-question"]) == ("test", "projects-in")
        assert link(answer, "describedby") == f"http://testserver{PLACES}?format=sparql"


def test_the_language_of_each_label_is_told(client: TestClient) -> None:
    rows = client.get(f"{NAMES}?lang=fr").json()
    told = {row["projectLabel"]: row["projectLabelLang"] for row in rows}
    assert told["Le Frêne"] == "fr"
    assert told["De Linde"] == "nl", "there is no French one"


@pytest.mark.parametrize("value", ["place/antwerpen", "antwerpen", ID + "place/antwerpen"])
def test_a_thing_may_be_given_by_slug_by_path_and_by_iri(client: TestClient, value: str) -> None:
    assert len(client.get(PLACES, params={"place": value}).json()) == 2


def test_the_default_of_the_catalogue_may_be_sent_back(client: TestClient) -> None:
    assert client.get(PLACES, params={"place": "place/mechelen"}).json() == client.get(PLACES).json()


def test_several_values_are_a_repeated_parameter(client: TestClient) -> None:
    rows = client.get(f"{NAMES}?part=Linde&part=Es").json()
    assert [row["projectLabel"] for row in rows] == ["De Es", "De Linde"]


def test_labels_come_in_the_asked_language(client: TestClient) -> None:
    by_parameter = client.get(f"{NAMES}?part=Es&lang=fr")
    by_header = client.get(f"{NAMES}?part=Es", headers={"Accept-Language": "en;q=0.1, fr-BE"})
    neither = client.get(f"{NAMES}?part=Es", headers={"Accept-Language": "de"})
    assert by_parameter.json()[0]["projectLabel"] == by_header.json()[0]["projectLabel"] == "Le Frêne"
    assert neither.json()[0]["projectLabel"] == "De Es"
    assert [one.headers["content-language"] for one in (by_parameter, by_header, neither)] == ["fr", "fr", "nl"]
    assert by_header.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"


def test_csv_has_a_row_for_the_names_and_a_row_each(client: TestClient) -> None:
    response = client.get(PLACES, headers={"Accept": "text/csv"})
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    assert rows[0] == ["project", "projectLabel", "fiche"]
    assert rows[2] == [ID + "project/linde", "De Linde", "3"]


def test_csv_for_excel_has_a_mark_and_semicolons(client: TestClient) -> None:
    response = client.get(PLACES, params={"format": "csv-excel"})
    assert response.content.startswith(b"\xef\xbb\xbfproject;projectLabel;fiche\r\n")
    assert 'filename="projects-in.csv"' in response.headers["content-disposition"]


def test_tsv_and_sparql_json_keep_the_terms(client: TestClient) -> None:
    tsv = client.get(PLACES, params={"format": "tsv"}).text.splitlines()
    assert tsv[0] == "?project\t?projectLabel\t?fiche"
    assert tsv[2].startswith(f'<{ID}project/linde>\t"De Linde"@nl\t')
    bindings = client.get(PLACES, headers={"Accept": "application/sparql-results+json"}).json()["results"]["bindings"]
    assert bindings[1]["projectLabel"] == {"type": "literal", "value": "De Linde", "xml:lang": "nl"}
    assert bindings[1]["fiche"]["datatype"].endswith("#integer")
    assert "fiche" not in bindings[0]


def test_the_query_behind_an_answer_runs_as_it_is(client: TestClient) -> None:
    answer = client.get(PLACES, params={"place": "antwerpen", "lang": "fr"})
    text = client.get(link(answer, "describedby") or "")
    assert text.headers["content-type"] == "application/sparql-query"
    assert f"VALUES ?place {{ <{ID}place/antwerpen> }}" in text.text
    again = client.get("/sparql", params={"query": text.text}).json()["results"]["bindings"]
    assert [row["project"]["value"] for row in again] == [row["project"] for row in answer.json()]


def test_pages_follow_each_other_and_end(client: TestClient) -> None:
    where: str | None = f"{NAMES}?limit=1"
    seen = []
    while where:
        page = client.get(where)
        assert len(page.json()) == 1
        seen += page.json()
        where = link(page, "next")
    assert seen == client.get(NAMES).json()
    assert link(page, "prev") == "http://testserver/api/questions/names?limit=1&offset=1"


def test_there_is_no_next_page_where_nothing_follows(client: TestClient) -> None:
    assert link(client.get(f"{NAMES}?limit=3"), "next") is None
    assert link(client.get(NAMES), "next") is None


@pytest.mark.parametrize("accept", ["application/json", "text/csv", "text/html"])
def test_a_page_after_the_last_is_404_and_tells_how_many_rows_there_are(client: TestClient, accept: str) -> None:
    after = client.get(f"{NAMES}?limit=2&offset=3", headers={"Accept": accept})
    assert after.status_code == 404
    assert "the answer has 3" in after.text
    if accept != "text/html":
        assert after.json()["type"].endswith("/page-out-of-range")
        assert (after.json()["rows"], after.json()["parameter"]) == (3, "offset")
    assert client.get(f"{NAMES}?offset=2", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    "given", ["limit=0", "limit=-1", "limit=10001", "limit=x", "limit=1_0", "offset=-1", "offset=1.5"]
)
def test_a_wrong_limit_or_offset_is_400(client: TestClient, given: str) -> None:
    response = client.get(f"{NAMES}?{given}")
    assert response.status_code == 400
    assert response.json()["parameter"] in ("limit", "offset")


def test_an_unknown_question_is_404_with_names_that_are_near(client: TestClient) -> None:
    response = client.get("/api/questions/project-in")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["near"] == ["projects-in"]


def test_an_unknown_parameter_is_400_with_those_that_there_are(client: TestClient) -> None:
    response = client.get(f"{PLACES}?plaats=mechelen")
    assert response.status_code == 400
    assert response.json()["parameter"] == "plaats"
    assert "place" in response.json()["allowed"]


def test_an_unknown_parameter_is_refused_even_when_it_is_empty(client: TestClient) -> None:
    assert client.get(f"{PLACES}?plaats=").status_code == 400
    assert client.get(f"{PLACES}?plaats=", headers={"Accept": "text/html"}).status_code == 400


@pytest.mark.parametrize("value", ["http://e.org/a b", "https://w3id.org/zorgkg/id/place/<x>", "x://%"])
def test_a_malformed_iri_is_told_as_one(client: TestClient, value: str) -> None:
    response = client.get(PLACES, params={"place": value})
    assert response.status_code == 422
    assert "is no IRI" in response.json()["detail"]


def test_a_value_that_is_not_allowed_is_422_with_those_that_are(client: TestClient) -> None:
    response = client.get(f"{NAMES}?part=Beuk")
    assert response.status_code == 422
    assert response.json()["allowed"] == ["Eik", "Linde", "Es"]


@pytest.mark.parametrize("value", ["mechele", "project/linde", "x> } DROP ALL #", "https://example.org/"])
def test_a_thing_of_another_kind_or_none_is_422(client: TestClient, value: str) -> None:
    response = client.get(PLACES, params={"place": value})
    assert response.status_code == 422
    assert response.json()["parameter"] == "place"


def test_a_misspelt_thing_is_answered_with_the_near_one(client: TestClient) -> None:
    problem = client.get(PLACES, params={"place": "mechele"}).json()
    assert "mechelen" in problem["detail"]
    assert problem["near"] == ["mechelen"]
    assert set(problem["allowed"]) == {"antwerpen", "emmeloord", "mechelen", "zemst"}


def test_a_text_for_a_number_is_422(client: TestClient) -> None:
    assert client.get(f"{PLACES}?atLeast=two").status_code == 422


def test_two_values_for_one_are_400_as_for_any_parameter(client: TestClient) -> None:
    for accept in ("application/json", "text/html"):
        answer = client.get(f"{PLACES}?place=mechelen&place=antwerpen", headers={"Accept": accept})
        assert answer.status_code == 400
    problem = client.get(f"{PLACES}?place=mechelen&place=mechelen").json()
    assert problem["type"].endswith("/parameter-twice")
    assert problem["parameter"] == "place"


def test_a_number_out_of_bounds_is_422_and_the_bounds_are_told(client: TestClient) -> None:
    answer = client.get(f"{PLACES}?atLeast=-1")
    assert (answer.status_code, answer.json()["parameter"]) == (422, "atLeast")
    assert "at least 0" in answer.json()["detail"]
    assert client.get(f"{PLACES}?atLeast=0").status_code == 200
    catalogue = {one["id"]: one for one in client.get("/api/questions").json()}
    assert [(one["min"], one["max"]) for one in catalogue["projects-in"]["parameters"]] == [(None, None), (0, None)]
    assert 'type="number" step="1" min="0" value=""' in client.get(PLACES, headers={"Accept": "text/html"}).text
    described = client.get("/api/openapi.json").json()["paths"]["/api/questions/projects-in"]["get"]["parameters"]
    assert next(one["schema"] for one in described if one["name"] == "atLeast")["minimum"] == 0
    assert 'min="0"' in client.get("/api/docs/projects-in").text


@pytest.mark.parametrize("given", ["lang=de", "format=xlsx", "lang=nl&lang=fr", "part=%FF", "labels=x"])
def test_an_unknown_language_or_format_is_400(client: TestClient, given: str) -> None:
    assert client.get(f"{NAMES}?{given}").status_code == 400


def test_a_form_that_we_do_not_have_is_406(client: TestClient) -> None:
    assert client.get(NAMES, headers={"Accept": "image/png"}).status_code == 406


def test_what_a_form_sends_empty_was_not_chosen(client: TestClient) -> None:
    assert client.get(f"{PLACES}?place=&atLeast=&limit=&lang=").json() == client.get(PLACES).json()


def test_the_page_has_the_question_its_form_its_table_and_its_query(client: TestClient) -> None:
    page = client.get(f"{PLACES}?place=antwerpen&lang=fr", headers={"Accept": "text/html"})
    assert page.headers["content-language"] == "fr"
    assert "<h1>Quels projets ici ?</h1>" in page.text
    assert '<option value="place/antwerpen" selected>province d&#39;Anvers</option>' in page.text
    assert '<a href="/doc/project/linde?lang=fr" lang="nl">De Linde</a>' in page.text
    assert '<th scope="col">projet</th>' in page.text
    assert 'href="/api/questions/projects-in?place=antwerpen&amp;lang=fr&amp;format=csv"' in page.text
    assert 'href="/sparql?query=' in page.text


def test_the_page_shows_what_is_wrong_above_the_form(client: TestClient) -> None:
    page = client.get(f"{PLACES}?place=nergens", headers={"Accept": "text/html"})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert "<select" in page.text


def test_the_page_of_a_limited_answer_leads_to_the_next(client: TestClient) -> None:
    page = client.get(f"{NAMES}?limit=2&lang=en", headers={"Accept": "text/html"}).text
    assert "Rows 1 to 2" in page
    assert 'rel="next" href="/api/questions/names?limit=2&amp;lang=en&amp;offset=2"' in page
