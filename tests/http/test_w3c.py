"""The W3C's tests of the SPARQL 1.1 Protocol, the Graph Store HTTP Protocol and the Service Description.

They are https://w3c.github.io/rdf-tests/sparql/sparql11/ (protocol, graph-store-protocol, http-rdf-update and
service-description), by their names there, each as the requests that it sends and what it expects of the answers. The
IRIs are ours; data that their tests would have the server fetch are put into its graphs first.
"""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

import pytest
import rdflib
from rdflib.compare import isomorphic

from tests.http.conftest import Answer, Server

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
TURTLE: Final = "text/turtle; charset=utf-8"

PATHS: Final = {"query": "/sparql", "update": "/update", "graphs": "/graphs"}
RDF_TYPES: Final = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}


@dataclass(frozen=True)
class Step:
    """A request and what is expected of its answer.

    :param target: "query", "update" or "graphs", and what follows its path; {host} and {location} are filled in.
    :param status: the statuses that are right, as in "2xx" or "200 204".
    :param form: what the body is: "boolean", "table" or "RDF".
    :param says: the boolean.
    :param graph: Turtle of the same graph.
    """

    method: str
    target: str
    status: str
    body: str = ""
    type: str | None = None
    accept: str | None = None
    form: str | None = None
    says: bool | None = None
    graph: str | None = None


def asked(query: str, target: str = "query", status: str = "2xx") -> Step:
    """A query that must be answered by true."""
    return Step("POST", target, status, query, QUERY, form="boolean", says=True)


def updated(text: str, target: str = "update", status: str = "2xx") -> Step:
    return Step("POST", target, status, text, UPDATE)


def sent(method: str, target: str, status: str, graph: str) -> Step:
    return Step(method, target, status, graph, TURTLE)


def got(target: str, graph: str) -> Step:
    return Step("GET", target, "200", accept="text/turtle", form="RDF", graph=graph)


# The three documents, each in a graph with its own name.
ONE, TWO, THREE = (f"http://data.example/{name}" for name in ("one", "two", "three"))
DOCUMENT = "<http://xmlns.com/foaf/0.1/Document>"
COPIED = "<http://purl.org/dc/terms/BibliographicResource>"
DATA: Final = [
    sent("PUT", f"graphs?graph={iri}", "200 201 204", f"<{iri}> a {DOCUMENT} .") for iri in (ONE, TWO, THREE)
]
NOWHERE = "default-graph-uri=" + quote("http://data.example/zero", safe="")

BOTH = f"ASK {{ <{ONE}> a ?class . <{TWO}> a ?class }}"
IN_GRAPHS = f"GRAPH ?g {{ <{ONE}> a ?class }} GRAPH ?h {{ <{TWO}> a ?class }}"


def dataset(default: tuple[str, ...] = (), named: tuple[str, ...] = (), using: bool = False) -> str:
    """The query string of a dataset: of a query, or of an update."""
    first, second = ("using-graph-uri", "using-named-graph-uri") if using else ("default-graph-uri", "named-graph-uri")
    pairs = [*((first, iri) for iri in default), *((second, iri) for iri in named)]
    return "&".join(f"{name}={quote(iri, safe='')}" for name, iri in pairs)


def copying(target: str, where: str, query: str, graph: str) -> list[Step]:
    """An update that copies what its dataset shows into a graph, and a query of that graph."""
    name = f"http://data.example/copy/{graph}"
    data = " ".join(f"GRAPH <{iri}> {{ <{iri}> a {DOCUMENT} }}" for iri in (ONE, TWO, THREE))
    template = "?s <http://data.example/in> ?in" if graph == "full" else f"?s a {COPIED}"
    text = f"DROP ALL ; INSERT DATA {{ {data} }} ; INSERT {{ GRAPH <{name}> {{ {template} }} }} WHERE {{ {where} }}"
    return [updated(text, target), asked(query.replace("COPY", f"GRAPH <{name}>"))]


USING_ONE, USING_BOTH = (dataset(graphs, using=True) for graphs in ((ONE,), (ONE, TWO)))
NAMED_BOTH = dataset(named=(ONE, TWO), using=True)
FULL = dataset((ONE,), (TWO,), using=True)
COPIES = f"ASK {{ COPY {{ <{ONE}> a {COPIED} . <{TWO}> a {COPIED} }} MINUS {{ COPY {{ <{THREE}> a {COPIED} }} }} }}"

PROTOCOL: Final[dict[str, list[Step]]] = {
    "query_post_form": [Step("POST", f"query?{NOWHERE}", "2xx", "query=ASK%20%7B%7D", FORM, form="boolean", says=True)],
    "query_dataset_default_graphs_get": [
        *DATA,
        Step("GET", f"query?query={quote(BOTH)}&{dataset((ONE, TWO))}", "2xx", form="boolean", says=True),
    ],
    "query_dataset_default_graphs_post": [*DATA, asked(BOTH, f"query?{dataset((ONE, TWO))}")],
    "query_dataset_named_graphs_post": [*DATA, asked(f"ASK {{ {IN_GRAPHS} }}", f"query?{dataset(named=(ONE, TWO))}")],
    "query_dataset_named_graphs_get": [
        *DATA,
        Step(
            "GET",
            f"query?query={quote(f'ASK {{ {IN_GRAPHS} }}')}&{dataset(named=(ONE, TWO))}",
            "2xx",
            form="boolean",
            says=True,
        ),
    ],
    "query_dataset_full": [
        *DATA,
        asked(f"ASK {{ <{THREE}> a ?class {IN_GRAPHS} }}", f"query?{dataset((THREE,), (ONE, TWO))}"),
    ],
    "query_multiple_dataset": [
        *DATA,
        asked(f"ASK FROM <{THREE}> {{ {IN_GRAPHS} }}", f"query?{dataset(named=(ONE, TWO))}"),
    ],
    "query_get": [Step("GET", f"query?query=ASK%20%7B%7D&{NOWHERE}", "2xx", form="boolean", says=True)],
    "query_content_type_select": [Step("POST", f"query?{NOWHERE}", "2xx", "SELECT (1 AS ?n) {}", QUERY, form="table")],
    "query_content_type_ask": [Step("POST", f"query?{NOWHERE}", "2xx", "ASK {}", QUERY, form="boolean")],
    "query_content_type_describe": [
        Step("POST", f"query?{NOWHERE}", "2xx", "DESCRIBE <http://data.example/>", QUERY, form="RDF")
    ],
    "query_content_type_construct": [
        Step("POST", f"query?{NOWHERE}", "2xx", "CONSTRUCT { <a> <b> 1 } WHERE {}", QUERY, form="RDF")
    ],
    "update_dataset_default_graph": [
        updated(
            f"CLEAR ALL ; INSERT DATA {{ GRAPH <{ONE}> {{ <{ONE}> a {DOCUMENT} }} }} ; "
            f"INSERT {{ GRAPH <http://data.example/copy/> {{ ?s a {COPIED} }} }} WHERE {{ ?s a {DOCUMENT} }}",
            f"update?{USING_ONE}",
        ),
        asked(f"ASK {{ GRAPH <http://data.example/copy/> {{ <{ONE}> a {COPIED} }} }}"),
    ],
    "update_dataset_default_graphs": copying(f"update?{USING_BOTH}", f"?s a {DOCUMENT}", COPIES, "default"),
    "update_dataset_named_graphs": copying(f"update?{NAMED_BOTH}", f"GRAPH ?g {{ ?s a {DOCUMENT} }}", COPIES, "named"),
    "update_dataset_full": copying(
        f"update?{FULL}",
        f"{{ GRAPH ?in {{ ?s a {DOCUMENT} }} }} UNION {{ ?s a {DOCUMENT} BIND('default' AS ?in) }}",
        f"ASK {{ COPY {{ <{ONE}> ?in 'default' . <{TWO}> ?in <{TWO}> }} MINUS {{ COPY {{ <{THREE}> ?x ?y }} }} }}",
        "full",
    ),
    "update_post_form": [Step("POST", "update", "2xx", "update=CLEAR+ALL", FORM)],
    "update_post_direct": [updated("CLEAR ALL")],
    "update_base_uri": [
        updated(
            "CLEAR SILENT GRAPH <http://data.example/base/> ; "
            "INSERT DATA { GRAPH <http://data.example/base/> { <http://data.example/s> <http://data.example/p> <o> } }"
        ),
        asked("ASK { GRAPH <http://data.example/base/> { ?s ?p ?o FILTER(isIRI(?o) && STR(?o) != 'o') } }"),
    ],
    "query_post_direct": [asked("ASK {}")],
    "bad_query_method": [Step("PUT", f"query?query=ASK%20%7B%7D&{NOWHERE}", "4xx", type=FORM)],
    "bad_multiple_queries": [Step("GET", "query?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", "4xx")],
    "bad_query_wrong_media_type": [Step("POST", "query", "4xx", "ASK {}", "text/plain")],
    "bad_query_missing_form_type": [Step("POST", "query", "4xx", "query=ASK%20%7B%7D")],
    "bad_query_missing_direct_type": [Step("POST", "query", "4xx", "ASK {}")],
    "bad_query_non_utf8": [Step("POST", "query", "4xx", "ASK {}", f"{QUERY}; charset=UTF-16")],
    "bad_query_syntax": [Step("GET", "query?query=ASK%20%7B", "4xx")],
    "bad_update_get": [Step("GET", "update?update=CLEAR%20ALL", "4xx")],
    "bad_multiple_updates": [
        Step("POST", "update", "4xx", "update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM),
    ],
    "bad_update_wrong_media_type": [Step("POST", "update", "4xx", "CLEAR NAMED", "text/plain")],
    "bad_update_missing_form_type": [Step("POST", "update", "4xx", "update=CLEAR%20NAMED")],
    "bad_update_non_utf8": [Step("POST", "update", "4xx", "CLEAR NAMED", f"{UPDATE}; charset=UTF-16")],
    "bad_update_syntax": [Step("POST", "update", "4xx", "update=CLEAR%20XYZ", FORM)],
    "bad_update_dataset_conflict": [
        updated(
            "WITH <http://data.example/people> DELETE { ?s ?p 'Bill' } INSERT { ?s ?p 'Ann' } WHERE { ?s ?p 'Bill' }",
            f"update?using-named-graph-uri={quote(ONE, safe='')}",
            "4xx",
        )
    ],
}
"""34 tests of the query and update operations."""

PREFIXES = "@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix v: <http://www.w3.org/2006/vcard/ns#> ."
PERSON = "<http://data.example/person/1>"
ALICE = f"{PREFIXES} [] a foaf:Person ; foaf:businessCard [ a v:VCard ; v:given-name 'Alice' ] ."
BOUNDARY = "6f1c1b7e2d"


def person(name: str, more: str = "") -> str:
    return f"{PREFIXES} {PERSON} a foaf:Person ; {more} foaf:businessCard [ a v:VCard ; v:fn '{name}' ] ."


def parts(target: str, *triples: str, status: str = "200 204") -> Step:
    """Two files in one POST, as a form of a page sends them."""
    lines = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{number}"; filename="{number}.ttl"\r\n'
        f"Content-Type: {TURTLE}\r\n\r\n{PREFIXES} {PERSON} {one} .\r\n\r\n"
        for number, one in enumerate(triples)
    ]
    return Step(
        "POST", target, status, "".join(lines) + f"--{BOUNDARY}--\r\n", f"multipart/form-data; boundary={BOUNDARY}"
    )


def identified(first: str, second: str, missing: str) -> dict[str, list[Step]]:
    """The tests that hold for both ways of naming a graph.

    :param first: target of one graph; second: of another; missing: of one that is never made.
    """
    any_ = "200 201 204"
    gone = Step("DELETE", first, "200 204 404")
    again = [got(first, person("Jane Doe")), parts(first, "foaf:familyName 'Doe'", "foaf:givenName 'Jane'")]
    head = Step("HEAD", first, "200", accept=TURTLE)
    return {
        "put_get_repeat": [
            gone,
            sent("PUT", first, "201", person("John Doe")),
            got(first, person("John Doe")),
            sent("PUT", first, "200 204", person("Jane Doe")),
            got(first, person("Jane Doe")),
        ],
        "put_delete_get_delete": [
            sent("PUT", second, any_, ALICE),
            Step("DELETE", second, "200 204"),
            Step("GET", second, "404"),
            Step("DELETE", second, "200 204 404"),
        ],
        "post_get_post_get": [
            gone,
            sent("POST", first, any_, person("Jane Doe")),
            *again,
            got(first, person("Jane Doe", "foaf:familyName 'Doe' ; foaf:givenName 'Jane' ;")),
        ],
        "head_existing": [sent("PUT", first, any_, person("John Doe")), head],
        "head_non_existing": [replace(head, target=missing, status="404")],
    }


def indirect(path: str) -> str:
    return "graphs?graph=" + quote(f"http://data.example/person/{path}", safe="")


PLAIN, TWICE = (f"graphs?graph=http://data.example/person/{code}.ttl" for code in ("%31", "%2531"))
INDIRECT: Final[dict[str, list[Step]]] = {
    **{
        f"{name}_indirect": steps
        for name, steps in identified(indirect("1.ttl"), indirect("2.ttl"), indirect("4.ttl")).items()
    },
    "put_get_default": [sent("PUT", "graphs?default", "200 201 204", ALICE), got("graphs?default", ALICE)],
    "post_get_new_graph": [
        replace(sent("POST", "graphs", "201", ALICE), form="location"),
        got("graphs?graph={location}", ALICE),
        got("{location}", ALICE),
    ],
    "put_get_uri_pct_encoded_indirect": [
        Step("DELETE", indirect("1.ttl"), "200 204 404"),
        sent("PUT", indirect("1.ttl"), "201", person("John Doe")),
        got("graphs?graph=http://data.example/person/1.ttl", person("John Doe")),
    ],
    "put_get_uri_pct_encoded_twice": [
        *(Step("DELETE", target, "200 204 404") for target in (PLAIN, TWICE)),
        sent("PUT", PLAIN, "201", person("John Doe")),
        sent("PUT", TWICE, "201", person("Jane Doe")),
        got(PLAIN, person("John Doe")),
        got(TWICE, person("Jane Doe")),
    ],
}
"""9 tests of graphs named by a parameter."""

DIRECT: Final = {
    f"{name}_direct": steps
    for name, steps in identified("graphs/person/1.ttl", "graphs/person/2.ttl", "graphs/person/4.ttl").items()
}
"""5 tests of graphs named by the request's own address."""

HERE = "graphs/people/1.ttl"
NAMED = f"{PREFIXES} <http://data.example/person/1> foaf:name 'Jane Doe' ."
WITH_NAMES = person("Jane Doe", "foaf:name 'Jane Doe' ; foaf:givenName 'Jane' ; foaf:familyName 'Doe' ;")
SEQUENCE: Final = [
    *(Step("DELETE", f"graphs/people/{number}.ttl", "200 204 404") for number in (1, 2)),
    sent("PUT", HERE, "201", person("John Doe")),
    got("graphs?graph=http://{host}/graphs/people/1.ttl", person("John Doe")),
    sent("PUT", HERE, "204", person("Jane Doe")),
    got(HERE, person("Jane Doe")),
    sent("PUT", "graphs?default", "200 201 204", ALICE),
    got("graphs?default", ALICE),
    sent("PUT", "graphs/people/2.ttl", "201", ALICE),
    Step("DELETE", "graphs/people/2.ttl", "200 204"),
    Step("GET", "graphs/people/2.ttl", "404"),
    Step("DELETE", "graphs/people/2.ttl", "404"),
    sent("POST", HERE, "200 204", NAMED),
    got(HERE, person("Jane Doe", "foaf:name 'Jane Doe' ;")),
    parts(HERE, "foaf:familyName 'Doe'", "foaf:givenName 'Jane'"),
    got(HERE, WITH_NAMES),
    replace(sent("POST", "graphs", "201", ALICE), form="location"),
    got("{location}", ALICE),
    sent("POST", "{location}", "200 204", ""),
    got("{location}", ALICE),
    Step("HEAD", HERE, "200", accept="text/turtle"),
    Step("HEAD", "graphs/people/4.ttl", "404"),
    sent("PUT", HERE, "400", "@prefix foo"),
    got(HERE, WITH_NAMES),
    sent("PUT", "graphs/people/2.ttl", "201", ""),
    got("graphs/people/2.ttl", ""),
    sent("PUT", "graphs/people/2.ttl", "200 204", ALICE),
    got("graphs/people/2.ttl", ALICE),
]
"""The 18 tests of 2012, which are one sequence; and what became no test of theirs: a broken body, an empty graph."""


def run(server: Server, steps: list[Step]) -> None:
    location = ""
    for step in steps:
        filled = step.target.replace("{host}", server.host).replace("{location}", location)
        name = re.match(r"\w+", filled)
        target = PATHS.get(name.group(), "") + filled[name.end() :] if name and name.group() in PATHS else filled
        target = re.sub(rf"^https?://{re.escape(server.host)}", "", target)
        headers = {"Content-Type": step.type, "Accept": step.accept}
        answer = server.write(step.method, target, step.body, {key: one for key, one in headers.items() if one})
        told = (
            f"{step.method} {target} → {answer.status} {answer.headers['Content-Type']}\n{answer.body.decode()[:500]}"
        )
        right = [re.fullmatch(one.replace("x", r"\d"), str(answer.status)) for one in step.status.split()]
        assert any(right), f"expected {step.status}: {told}"
        if answer.status >= 400 and step.method != "HEAD":
            assert answer.headers["Content-Type"] == "application/problem+json", told
        if step.form == "location":
            location = str(answer.headers["Location"])
        elif step.form:
            check(step, answer, told)
        if step.method == "HEAD":
            assert answer.body == b"", told
        if step.accept and answer.status == 200:
            assert answer.headers["Content-Type"] == TURTLE, told


def check(step: Step, answer: Answer, told: str) -> None:
    media = answer.headers["Content-Type"].partition(";")[0]
    if step.form == "RDF":
        graph = rdflib.Graph().parse(data=answer.body, format=RDF_TYPES[media])
        if step.graph is not None:
            assert isomorphic(graph, rdflib.Graph().parse(data=step.graph, format="turtle")), told
        return
    tables = {"text/csv", "text/tab-separated-values"} if step.form == "table" else set()
    assert media in {"application/sparql-results+json", "application/sparql-results+xml", *tables}, told
    if step.says is not None:
        assert json.loads(answer.body)["boolean"] is step.says, told


@pytest.mark.parametrize("name", PROTOCOL)
def test_sparql_protocol(server: Server, name: str) -> None:
    run(server, PROTOCOL[name])


@pytest.mark.parametrize("name", [*INDIRECT, *DIRECT])
def test_graph_store_protocol(server: Server, name: str) -> None:
    run(server, {**INDIRECT, **DIRECT}[name])


def test_graph_store_protocol_of_2012(server: Server) -> None:
    run(server, SEQUENCE)


SD: Final = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")


@pytest.mark.parametrize("media", RDF_TYPES)
def test_service_description(server: Server, media: str) -> None:
    """returns-rdf and has-endpoint-triple; conforms-to-schema is checked in tests/web/test_sparql.py."""
    answer = server.send("GET", PATHS["query"], headers={"Accept": media})
    assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (200, media)
    with warnings.catch_warnings():
        # RDFLib's own JSON-LD parser makes a ConjunctiveGraph, which RDFLib calls deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        graph = rdflib.Graph().parse(data=answer.body, format=RDF_TYPES[media])
    endpoints = {
        str(graph.value(service, SD.endpoint)): set(graph.objects(service, SD.supportedLanguage))
        for service in graph.subjects(rdflib.RDF.type, SD.Service)
    }
    assert endpoints == {
        f"http://{server.host}{PATHS['query']}": {SD.SPARQL11Query},
        f"http://{server.host}{PATHS['update']}": {SD.SPARQL11Update},
    }


def test_a_service_description_without_accept_is_rdf(server: Server) -> None:
    answer = server.send("GET", PATHS["query"])
    assert answer.headers["Content-Type"] == TURTLE
    assert server.send("HEAD", PATHS["query"]).headers["Content-Length"] == str(len(answer.body))
