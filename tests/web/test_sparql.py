"""The SPARQL 1.1 Protocol, as its clients meet it."""

from __future__ import annotations

import csv
import io
import json
import warnings
from dataclasses import replace
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import rdflib
from starlette.testclient import TestClient

from zorgkg.terms import dataset_graph
from zorgkg.web.app import create
from zorgkg.web.service import Service

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
        ("application/sparql-results+json;q=0.5, text/csv", "text/csv; charset=utf-8"),
        ("application/sparql-results+xml;charset=UTF-8", "application/sparql-results+xml"),
        ("text/csv;header=present", "text/csv; charset=utf-8"),
        ("image/png;q=1, nonsense, */*;q=0.1", "application/sparql-results+json"),
        (BROWSER, "text/html; charset=utf-8"),
        # Turtle is no answer to SELECT, so the page is what suits best.
        ("text/html, text/turtle", "text/html; charset=utf-8"),
        ("text/turtle, text/html;q=0.8, */*;q=0.1", "text/html; charset=utf-8"),
        ("text/turtle, text/html;q=0.8, text/csv;q=0.9", "text/csv; charset=utf-8"),
    ],
)
def test_a_table_comes_in_the_form_that_accept_prefers(client: TestClient, accept: str | None, media: str) -> None:
    client.headers.pop("accept", None)
    response = client.get("/sparql", params={"query": SELECT}, headers={"Accept": accept} if accept else {})
    assert response.status_code == 200
    assert response.headers["content-type"] == media
    assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        ("ASK {}", "*/*", "application/sparql-results+json"),
        (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "text/html, text/turtle", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "text/csv, text/html;q=0.5", "text/html; charset=utf-8"),
        ("PREFIX select: <urn:> DESCRIBE <urn:x> # SELECT", "text/html, text/turtle", "text/turtle; charset=utf-8"),
        ("DESCRIBE <urn:x>", "*/*", "text/turtle; charset=utf-8"),
        (
            "DESCRIBE <urn:x>",
            'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"',
            "application/ld+json",
        ),
        ("DESCRIBE <urn:x>", "text/plain", "text/plain; charset=utf-8"),
        ("DESCRIBE <urn:x>", "application/json", "application/json"),
    ],
)
def test_each_form_of_query_has_types_of_its_own(client: TestClient, query: str, accept: str, media: str) -> None:
    response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, media)


def test_ask_as_text_is_the_word_alone(client: TestClient) -> None:
    # SPARQL 1.1 Results in CSV and TSV are of SELECT only; the word is what other servers give.
    for name in ("csv", "tsv"):
        assert client.get("/sparql", params={"query": "ASK {}", "format": name}).text == "true"


def test_lines_of_accept_are_one_list(client: TestClient) -> None:
    lines = [("Accept", "image/png"), ("Accept", "text/csv;q=0.4"), ("Accept", "application/xml")]
    response = client.get("/sparql", params={"query": "ASK {}"}, headers=lines)
    assert response.headers["content-type"] == "application/xml"


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


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ('SELECT ("a\\r\\nb" AS ?x) {}', "xml"),
        ('CONSTRUCT { <urn:s> <http://example.org/p> "a\\r\\nb" } WHERE {}', "rdf"),
    ],
)
def test_xml_keeps_the_ends_of_lines_as_they_are(client: TestClient, query: str, name: str) -> None:
    content = client.get("/sparql", params={"query": query, "format": name}).content
    texts = [one.text for one in ElementTree.fromstring(content).iter() if one.text]  # noqa: S314
    assert "a\r\nb" in texts


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


@pytest.mark.parametrize(
    ("media", "status"),
    [
        ("application/sparql-query", 200),
        ("APPLICATION/SPARQL-QUERY", 200),
        ("application/sparql-query;", 200),
        ('application/sparql-query; x="a;charset=utf-16"; charset="UTF-8"', 200),
        ("application/sparql-query; charset=utf-16", 415),
        ("application/sparql-query; x=y; CHARSET=utf-16", 415),
        ("application/sparql-query; charset=iso-8859-1", 415),
    ],
)
def test_the_parameters_of_a_content_type_are_read(client: TestClient, media: str, status: int) -> None:
    assert client.post("/sparql", content="ASK {}", headers={"Content-Type": media}).status_code == status
    form = media.lower().replace(QUERY, FORM)
    assert client.post("/sparql", content="query=ASK+%7B%7D", headers={"Content-Type": form}).status_code == status


def test_a_compressed_query_is_415(client: TestClient) -> None:
    headers = {"Content-Type": QUERY, "Content-Encoding": "gzip"}
    response = client.post("/sparql", content="ASK {}", headers=headers)
    assert response.status_code == 415
    assert response.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_another_method_is_405_and_says_which_are_taken(client: TestClient, method: str) -> None:
    response = client.request(method, "/sparql")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert response.headers["content-type"] == "application/problem+json"


def test_a_syntax_error_tells_line_and_column(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": "SELECT *\nWHERE { ?s ?p }"})
    assert response.status_code == 400
    assert response.json()["line"] == 2


@pytest.mark.parametrize(
    "encoded",
    [
        "query=%FF%FE",
        "query=SELECT%E9",
        "query=ASK%20%7B%7D&more=%C3",
        # A lone surrogate, an overlong form, and percent signs that begin nothing.
        "query=SELECT('%ED%A0%80'AS%20?s)%7B%7D",
        "query=SELECT('%C0%AF'AS%20?s)%7B%7D",
        "query=SELECT('100%'AS%20?s)%7B%7D",
        "query=SELECT('%zz'AS%20?s)%7B%7D",
        "query=ASK%20%7B%7D&more=%1",
    ],
)
def test_text_that_is_no_utf8_is_400(client: TestClient, encoded: str) -> None:
    assert client.get(f"/sparql?{encoded}").status_code == 400
    assert client.post("/sparql", content=encoded, headers={"Content-Type": FORM}).status_code == 400


def test_a_body_that_is_no_utf8_is_400(client: TestClient) -> None:
    response = client.post("/sparql", content=b"ASK { ?s ?p '\xff' }", headers={"Content-Type": QUERY})
    assert response.status_code == 400


@pytest.mark.parametrize("query", ["ASK {}\0", "SELECT ('\\uD800' AS ?s) {}", "", "\ufeff\ufeffASK {}"])
def test_text_that_no_query_can_hold_is_400(client: TestClient, query: str) -> None:
    assert client.post("/sparql", data={"query": query}).status_code == 400
    assert client.post("/sparql", content=query.encode(), headers={"Content-Type": QUERY}).status_code == 400


def test_what_editors_and_shells_send_is_taken(client: TestClient) -> None:
    query = "SELECT ('één' AS ?s) {}".encode()
    assert found(client.post("/sparql", content=b"query=" + query, headers={"Content-Type": FORM})) == ["één"]
    marked = b"\xef\xbb\xbf" + query
    assert found(client.post("/sparql", content=marked, headers={"Content-Type": QUERY})) == ["één"]


def test_a_plus_is_a_space_and_a_plus_is_sent_encoded(client: TestClient) -> None:
    encoded = "query=SELECT('a+b%2Bc%252Bd'+AS+?s)%7B%7D"
    assert found(client.get(f"/sparql?{encoded}")) == ["a b+c%2Bd"]
    assert found(client.post("/sparql", content=encoded, headers={"Content-Type": FORM})) == ["a b+c%2Bd"]


def test_the_body_of_a_get_is_no_query(client: TestClient) -> None:
    headers = {"Content-Type": QUERY}
    response = client.request("GET", "/sparql?query=ASK+%7B%7D", content="SELEKT", headers=headers)
    assert response.json()["boolean"] is True


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


def test_the_dataset_of_a_query_in_the_body_stands_in_the_query_string(client: TestClient) -> None:
    here, there = (dataset_graph(name).value for name in ("proef", "ontology"))
    headers = {"Content-Type": QUERY}
    for parameters, expected in (
        ({"default-graph-uri": here}, PROJECTS),
        ({"default-graph-uri": there}, []),
        ({"default-graph-uri": [there, here]}, PROJECTS),
        ({"named-graph-uri": here}, []),
        ({"default-graph-uri": "https://e.org/nowhere"}, []),
    ):
        assert found(client.post("/sparql", params=parameters, content=SELECT, headers=headers)) == expected


def test_with_graphs_by_protocol_from_named_shows_nothing(client: TestClient) -> None:
    graph = dataset_graph("ontology")
    query = f"SELECT DISTINCT (STR(?g) AS ?s) FROM NAMED {graph} {{ GRAPH ?g {{ ?x ?y ?z }} }}"
    assert found(client.get("/sparql", params={"query": query})) == [graph.value]
    assert found(client.get("/sparql", params={"query": query, "default-graph-uri": graph.value})) == []


@pytest.mark.parametrize("iri", ["", "relative", "http://e.org/a b", "http://e.org/\0", "http://e.org/<"])
def test_a_graph_is_named_by_an_absolute_iri(client: TestClient, iri: str) -> None:
    for name in ("default-graph-uri", "named-graph-uri"):
        assert client.get("/sparql", params={"query": SELECT, name: iri}).status_code == 400


def test_a_relative_iri_of_a_query_is_one_of_ours(client: TestClient) -> None:
    query = "SELECT ?s { <id/project/linde> a ?s }"
    assert found(client.get("/sparql", params={"query": query})) == ["https://w3id.org/zorgkg/ns#Project"]


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


SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
SCHEMA: dict[rdflib.term.Node, tuple[rdflib.URIRef, rdflib.URIRef | set[rdflib.URIRef] | None]] = {
    SD.endpoint: (SD.Service, None),
    SD.supportedLanguage: (SD.Service, {SD.SPARQL11Query, SD.SPARQL11Update}),
    SD.feature: (SD.Service, {SD.UnionDefaultGraph, SD.BasicFederatedQuery, SD.EmptyGraphs, SD.RequiresDataset}),
    SD.resultFormat: (SD.Service, None),
    SD.inputFormat: (SD.Service, None),
    SD.defaultEntailmentRegime: (SD.Service, None),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.Dataset, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
}
"""Of each property of the vocabulary that we use, the class that has it and the class or the values that it takes."""


@pytest.mark.parametrize(
    "media", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_without_a_query_there_is_a_service_description(client: TestClient, media: str) -> None:
    response = client.get("/sparql", headers={"Accept": media})
    assert response.headers["content-type"].partition(";")[0] == media
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        graph = rdflib.Graph().parse(data=response.content, format={"text/turtle": "turtle"}.get(media, media))
    service = graph.value(predicate=SD.endpoint, object=rdflib.URIRef("http://testserver/sparql"))
    assert (service, SD.supportedLanguage, SD.SPARQL11Query) in graph
    assert (service, SD.feature, SD.UnionDefaultGraph) in graph
    assert (service, SD.feature, SD.DereferencesURIs) not in graph
    assert (service, SD.feature, SD.BasicFederatedQuery) not in graph
    for subject, predicate, value in graph:
        if predicate in SCHEMA:
            owner, taken = SCHEMA[predicate]
            assert (subject, rdflib.RDF.type, owner) in graph, predicate
            assert not isinstance(value, rdflib.Literal), predicate
            assert not isinstance(taken, set) or value in taken, value
            assert not isinstance(taken, rdflib.URIRef) or (value, rdflib.RDF.type, taken) in graph, predicate
        else:
            assert not str(predicate).startswith(str(SD)), predicate


def test_a_service_that_may_call_others_says_so(service: Service) -> None:
    settings = replace(service.settings, services=frozenset({"https://e.org/sparql"}))
    with TestClient(create(replace(service, settings=settings))) as client:
        graph = rdflib.Graph().parse(data=client.get("/sparql").content, format="turtle")
    assert list(graph.subjects(SD.feature, SD.BasicFederatedQuery)) == list(
        graph.subjects(SD.supportedLanguage, SD.SPARQL11Query)
    )


def test_the_service_description_has_the_graphs_and_their_numbers(client: TestClient) -> None:
    graph = rdflib.Graph().parse(data=client.get("/sparql").content, format="turtle")
    sizes = {
        str(name): int(str(graph.value(graph.value(named, SD.graph), VOID.triples)))
        for named, name in graph.subject_objects(SD.name)
    }
    assert sizes == {dataset_graph("ontology").value: 30, dataset_graph("proef").value: 100}
    dataset = next(graph.objects(predicate=SD.defaultDataset))
    whole = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?s) { ?s ?p ?o }"})
    assert len(list(graph.objects(dataset, SD.defaultGraph))) == 1
    assert found(whole) == [str(graph.value(graph.value(dataset, SD.defaultGraph), VOID.triples))]


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
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert client.options("/health").headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_page_of_another_origin_may_read_answers_and_errors(client: TestClient) -> None:
    asked = {
        "Origin": "https://e.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, authorization",
    }
    preflight = client.options("/sparql", headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["access-control-allow-headers"] == "content-type, authorization"
    for query in ("ASK {}", "SELEKT"):
        response = client.get("/sparql", params={"query": query}, headers={"Origin": "https://e.org"})
        assert response.headers["access-control-allow-origin"] == "*"
