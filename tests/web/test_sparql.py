"""The SPARQL 1.1 Protocol, as its clients meet it."""

from __future__ import annotations

import csv
import io
import json
import warnings
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import rdflib
from starlette.testclient import TestClient

from zorgkg.terms import dataset_graph

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
SELECT = "SELECT ?s WHERE { ?s a <https://w3id.org/zorgkg/ns#Project> } ORDER BY ?s"
CONSTRUCT = "CONSTRUCT WHERE { ?s a <https://w3id.org/zorgkg/ns#Project> }"
PROJECTS = [f"https://w3id.org/zorgkg/id/project/{slug}" for slug in ("eik", "es", "linde")]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def found(response: object) -> list[str]:
    body = json.loads(response.content)  # type: ignore[attr-defined]
    return [row["s"]["value"] for row in body["results"]["bindings"]]


def test_a_query_by_get_by_form_and_by_body_gives_the_same_answer(client: TestClient) -> None:
    answers = [
        client.get("/sparql", params={"query": SELECT}),
        client.post("/sparql", data={"query": SELECT}),
        client.post("/sparql", content=SELECT, headers={"Content-Type": QUERY}),
        client.post("/sparql", content=SELECT, headers={"Content-Type": f"{QUERY}; charset=UTF-8"}),
    ]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert all(found(answer) == PROJECTS for answer in answers)
    assert {answer.headers["content-type"] for answer in answers} == {"application/sparql-results+json"}


def test_a_trailing_slash_is_the_same_path_and_no_redirect(client: TestClient) -> None:
    assert found(client.get("/sparql/", params={"query": SELECT})) == PROJECTS


def test_head_has_the_headers_of_get_and_no_body(client: TestClient) -> None:
    get = client.get("/sparql", params={"query": SELECT})
    head = client.head("/sparql", params={"query": SELECT})
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["content-length"] == str(len(get.content))


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("application/json", "application/json"),
        ("application/xml", "application/xml"),
        ("text/csv;q=0.4, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("text/*", "text/csv; charset=utf-8"),
        ("text/csv;q=0, */*;q=0.1", "application/sparql-results+json"),
        ("application/sparql-results+json;q=0, text/csv", "text/csv; charset=utf-8"),
        (BROWSER, "text/html; charset=utf-8"),
    ],
)
def test_a_table_comes_in_the_form_that_accept_prefers(client: TestClient, accept: str | None, media: str) -> None:
    client.headers.pop("accept", None)
    response = client.get("/sparql", params={"query": SELECT}, headers={"Accept": accept} if accept else {})
    assert response.status_code == 200
    assert response.headers["content-type"] == media
    assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_every_table_format_can_be_read(client: TestClient, name: str) -> None:
    content = client.get("/sparql", params={"query": SELECT, "format": name}).content
    if name == "json":
        rows = [row["s"]["value"] for row in json.loads(content)["results"]["bindings"]]
    elif name == "xml":
        rows = [node.text or "" for node in ElementTree.fromstring(content).iter() if node.tag.endswith("uri")]  # noqa: S314
    else:
        lines = csv.reader(io.StringIO(content.decode()), delimiter="," if name == "csv" else "\t")
        rows = [line[0].strip("<>") for line in list(lines)[1:]]
    assert rows == PROJECTS


@pytest.mark.parametrize(("name", "parser"), [("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld"), ("rdf", "xml")])
def test_every_graph_format_can_be_read(client: TestClient, name: str, parser: str) -> None:
    response = client.get("/sparql", params={"query": CONSTRUCT, "format": name})
    with warnings.catch_warnings():
        # RDFLib's own JSON-LD parser makes a ConjunctiveGraph, which RDFLib calls deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        graph = rdflib.Graph().parse(data=response.content, format=parser)
    assert sorted(map(str, graph.subjects())) == PROJECTS


def test_ask_gives_a_boolean(client: TestClient) -> None:
    assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True


def test_a_form_that_we_do_not_have_is_406_and_lists_those_that_we_have(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": SELECT}, headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert response.headers["content-type"] == "application/problem+json"
    assert "text/csv" in response.json()["allowed"]


def test_a_property_that_is_no_xml_name_is_406_as_rdf_xml(client: TestClient) -> None:
    query = "CONSTRUCT { ?s <http://example.org/> ?o } WHERE { ?s ?p ?o } LIMIT 3"
    accept = {"Accept": "application/rdf+xml"}
    assert client.get("/sparql", params={"query": query}, headers=accept).status_code == 406
    assert client.get("/sparql", params={"query": query}, headers={"Accept": "text/turtle"}).status_code == 200


def test_a_table_asked_for_as_turtle_is_406(client: TestClient) -> None:
    assert client.get("/sparql", params={"query": SELECT, "format": "ttl"}).status_code == 406


def test_an_unknown_format_is_400_and_lists_the_known(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": SELECT, "format": "xlsx"})
    assert response.status_code == 400
    assert "csv" in response.json()["allowed"]


@pytest.mark.parametrize("media", ["text/plain", "application/json", "application/sparql-update", ""])
def test_another_media_type_in_post_is_415_and_says_which_are_taken(client: TestClient, media: str) -> None:
    response = client.post("/sparql", content=SELECT, headers={"Content-Type": media} if media else {})
    assert response.status_code == 415
    assert QUERY in response.headers["accept-post"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_405_and_says_which_are_taken(client: TestClient, method: str) -> None:
    response = client.request(method, "/sparql")
    assert response.status_code == 405
    assert "POST" in response.headers["allow"]
    assert response.headers["content-type"] == "application/problem+json"


def test_a_syntax_error_tells_line_and_column(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": "SELECT *\nWHERE { ?s ?p }"})
    assert response.status_code == 400
    assert response.json()["line"] == 2


@pytest.mark.parametrize("encoded", ["query=%FF%FE", "query=SELECT%E9"])
def test_text_that_is_no_utf8_is_400(client: TestClient, encoded: str) -> None:
    assert client.get(f"/sparql?{encoded}").status_code == 400
    assert client.post("/sparql", content=encoded, headers={"Content-Type": FORM}).status_code == 400


def test_a_body_that_is_no_utf8_is_400(client: TestClient) -> None:
    response = client.post("/sparql", content=b"ASK { ?s ?p '\xff' }", headers={"Content-Type": QUERY})
    assert response.status_code == 400


def test_percent_encoding_is_decoded_once(client: TestClient) -> None:
    query = 'SELECT ("100%25 & 1+1" AS ?s) {}'
    assert found(client.get(f"/sparql?query={quote(query, safe='')}")) == ["100%25 & 1+1"]
    assert found(client.post("/sparql", data={"query": query})) == ["100%25 & 1+1"]


def test_a_query_without_from_sees_all_graphs_together(client: TestClient) -> None:
    query = """SELECT ?s { ?s a ?class . ?class <http://www.w3.org/2000/01/rdf-schema#subClassOf>
      <https://schema.org/Project> } ORDER BY ?s"""
    assert found(client.get("/sparql", params={"query": query})) == PROJECTS


def test_from_limits_a_query_to_a_graph(client: TestClient) -> None:
    query = "SELECT ?s FROM {} {{ ?s a <https://w3id.org/zorgkg/ns#Project> }} ORDER BY ?s"
    assert found(client.get("/sparql", params={"query": query.format(dataset_graph("proef"))})) == PROJECTS
    assert found(client.get("/sparql", params={"query": query.format(dataset_graph("ontology"))})) == []


def test_the_dataset_of_the_protocol_goes_before_from(client: TestClient) -> None:
    query = f"SELECT ?s FROM {dataset_graph('proef')} {{ ?s a <https://w3id.org/zorgkg/ns#Project> }}"
    parameters = {"query": query, "default-graph-uri": dataset_graph("ontology").value}
    assert found(client.get("/sparql", params=parameters)) == []
    assert found(client.post("/sparql", data=parameters)) == []


def test_named_graphs_of_the_protocol_are_those_that_graph_sees(client: TestClient) -> None:
    query = "SELECT DISTINCT (STR(?g) AS ?s) { GRAPH ?g { ?x ?y ?z } }"
    graph = dataset_graph("ontology").value
    assert found(client.get("/sparql", params={"query": query, "named-graph-uri": graph})) == [graph]


def test_a_graph_that_is_no_iri_is_400(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": SELECT, "default-graph-uri": "no iri"})
    assert response.status_code == 400
    assert response.json()["parameter"] == "default-graph-uri"


@pytest.mark.parametrize("given", ["update=CLEAR+ALL", "query=ASK+{}&query=ASK+{}"])
def test_parameters_that_make_no_sense_are_400(client: TestClient, given: str) -> None:
    assert client.get(f"/sparql?{given}").status_code == 400


def test_a_post_without_query_is_400(client: TestClient) -> None:
    assert client.post("/sparql", data={"format": "json"}).status_code == 400


def test_a_query_that_is_too_long_is_413(client: TestClient) -> None:
    long = SELECT + " " * 2_000
    assert client.get("/sparql", params={"query": long}).status_code == 413
    assert client.post("/sparql", content=long, headers={"Content-Type": QUERY}).status_code == 413
    assert client.post("/sparql", content=b" " * 50_000, headers={"Content-Type": QUERY}).status_code == 413


def test_without_a_query_there_is_a_service_description(client: TestClient) -> None:
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    response = client.get("/sparql")
    graph = rdflib.Graph().parse(data=response.content, format="turtle")
    assert response.headers["content-type"].startswith("text/turtle")
    assert graph.value(predicate=sd.endpoint, object=rdflib.URIRef("http://testserver/sparql"))
    assert {str(name) for name in graph.objects(predicate=sd.name)} == {
        dataset_graph(name).value for name in ("proef", "ontology")
    }
    assert "json" in client.get("/sparql", headers={"Accept": "application/ld+json"}).headers["content-type"]


def test_a_browser_gets_a_form_with_the_answer_below_it(client: TestClient) -> None:
    page = client.get("/sparql", params={"query": SELECT}, headers={"Accept": BROWSER}).text
    assert "<textarea" in page
    assert 'href="/doc/project/linde"' in page


def test_a_browser_sees_what_is_wrong_with_its_query_beside_the_query(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": "SELEKT"}, headers={"Accept": BROWSER})
    assert response.status_code == 400
    assert "SELEKT</textarea>" in response.text
    assert "line 1" in response.text


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", CONSTRUCT, "SELECT * { ?s <urn:nothing> ?o }"])
def test_a_browser_can_read_every_kind_of_answer(client: TestClient, query: str) -> None:
    assert client.get("/sparql", params={"query": query, "lang": "en"}, headers={"Accept": BROWSER}).status_code == 200


def test_options_tells_the_methods(client: TestClient) -> None:
    response = client.options("/sparql")
    assert response.status_code == 204
    assert "POST" in response.headers["allow"]
