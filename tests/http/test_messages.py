"""HTTP itself (RFC 9110 and 9112), where a client of the process sees more than one of the application."""

from __future__ import annotations

import json
import socket
from urllib.parse import quote

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

from tests.http.conftest import Server

TURTLE = {"Content-Type": "text/turtle"}


def raw(server: Server, request: bytes) -> bytes:
    """Send bytes and return all that comes back."""
    host, _, port = server.host.rpartition(":")
    received = b""
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(request)
        while some := connection.recv(65_536):
            received += some
    return received


@pytest.mark.parametrize("hosts", [b"", b"Host: one.example\r\nHost: two.example\r\n"])
def test_a_request_without_its_one_host_is_400(server: Server, hosts: bytes) -> None:
    assert raw(server, b"GET /health HTTP/1.1\r\nConnection: close\r\n" + hosts + b"\r\n").startswith(b"HTTP/1.1 400")
    assert b"200 OK" in raw(server, b"GET /health HTTP/1.0\r\n\r\n")


def test_options_of_the_whole_server(server: Server) -> None:
    answer = raw(server, b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").lower()
    assert answer.startswith(b"http/1.1 204")
    assert b"\r\nallow: get, head, post" in answer


def test_a_long_query_can_be_sent_by_get(server: Server) -> None:
    query = f"ASK {{ BIND('{'é' * 10_000}' AS ?x) }}"
    target = f"/sparql?query={quote(query)}"
    assert 60_000 < len(target) < 65_000
    answer = server.send("GET", target)
    assert (answer.status, json.loads(answer.body)["boolean"]) == (200, True)


def test_head_of_an_error_has_its_length_and_no_body(server: Server) -> None:
    get, head = (server.send(method, "/sparql?query=SELEKT") for method in ("GET", "HEAD"))
    assert (get.status, head.status, head.body) == (400, 400, b"")
    for name in ("Content-Length", "Content-Type", "Vary"):
        assert get.headers[name] == head.headers[name]


def test_a_body_that_ends_too_soon_harms_nobody(server: Server) -> None:
    host, _, port = server.host.rpartition(":")
    for start in (b"POST /sparql", b"PUT /graphs?default"):
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            head = b" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + server.token.encode() + b"\r\n"
            kind = b"application/sparql-query" if b"POST" in start else b"text/turtle"
            connection.sendall(start + head + b"Content-Type: " + kind + b"\r\nContent-Length: 99\r\n\r\n<urn:s>")
    assert server.send("GET", "/health").status == 200


def test_behind_a_proxy_addresses_are_those_that_the_client_used(server: Server) -> None:
    headers = {"Accept": "application/n-triples", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    description = server.send("GET", "/sparql", headers=headers).body.decode()
    assert f"<https://{server.host}/sparql>" in description
    assert "evil.example" not in description


def test_a_new_graph_is_located_whatever_letters_its_name_has(server: Server) -> None:
    name = "http://data.example/één€"
    server.write("DELETE", f"/graphs?graph={quote(name)}")
    answer = server.write("PUT", f"/graphs?graph={quote(name)}", "<urn:s> <urn:p> 1 .", TURTLE)
    assert (answer.status, answer.headers["Location"]) == (201, "http://data.example/%C3%A9%C3%A9n%E2%82%AC")
    assert server.send("GET", f"/graphs?graph={quote(name)}").status == 200


@pytest.mark.parametrize("path", ["/graphs/a%20b", "/graphs/%C3%A9", "/graphs/a/", "/graphs//a", "/graphs/a%2Fb"])
def test_a_graph_below_graphs_is_named_by_its_address_as_it_is_sent(server: Server, path: str) -> None:
    server.write("PUT", path, "<> <urn:p> 1 .", TURTLE)
    asked = {"Accept": "application/n-triples"}
    answer = server.send("GET", f"/graphs?graph={quote(f'http://{server.host}{path}', safe='')}", headers=asked)
    assert answer.body.decode().startswith(f"<http://{server.host}{path}> <urn:p>")
    assert server.write("DELETE", path).status in (200, 204)


def test_a_byte_order_mark_is_no_part_of_a_text(server: Server) -> None:
    mark = b"\xef\xbb\xbf"
    assert server.write("PUT", "/graphs/marked", mark + b"<urn:s> <urn:p> 1 .", TURTLE).status == 201
    update = {"Content-Type": "application/sparql-update"}
    target = f"http://{server.host}/graphs/marked"
    assert server.write("POST", "/update", mark + f"DROP GRAPH <{target}>".encode(), update).status == 200
    assert server.send("GET", "/graphs/marked").status == 404


@pytest.mark.parametrize(
    ("target", "media"),
    [
        ("/graphs/f?format=nt", "application/n-triples"),
        ("/graphs/f?format=jsonld", "application/ld+json"),
        ("/graphs/f?format=rdf", "application/rdf+xml"),
        ("/graphs?format=trig", "application/trig"),
        ("/graphs?format=nq", "application/n-quads"),
    ],
)
def test_a_graph_comes_in_the_format_that_the_address_asks_for(server: Server, target: str, media: str) -> None:
    server.write("PUT", "/graphs/f", "<urn:s> <urn:p> 1 .", TURTLE)
    for method in ("GET", "HEAD"):
        answer = server.send(method, target, headers={"Accept": "text/html"})
        assert (answer.status, answer.headers["Content-Type"]) == (200, media)
    assert server.send("GET", f"{target}x").status == 400


@pytest.mark.parametrize(
    ("method", "target", "media", "status", "header"),
    [
        ("PUT", "/graphs/x", "text/plain", 415, "Accept-Put"),
        ("POST", "/graphs/x", "text/turtle; charset=latin1", 415, None),
        ("PATCH", "/graphs/x", "text/turtle", 415, "Accept-Patch"),
        ("POST", "/update", "application/sparql-query", 415, "Accept-Post"),
        ("POST", "/graphs/x", "multipart/form-data", 400, None),
        ("TRACE", "/graphs/x", "text/turtle", 405, "Allow"),
        ("GET", "/update", "text/turtle", 405, "Allow"),
        ("PUT", "/shacl", "text/turtle", 405, "Allow"),
    ],
)
def test_what_is_not_taken_is_told_with_what_is(
    server: Server, method: str, target: str, media: str, status: int, header: str | None
) -> None:
    answer = server.write(method, target, "<urn:s> <urn:p> 1 .", {"Content-Type": media})
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert not header or answer.headers[header]


def test_a_write_without_a_token_says_how_to_show_one(server: Server) -> None:
    for method, target in (("PUT", "/graphs/x"), ("POST", "/update"), ("DELETE", "/graphs"), ("PATCH", "/graphs/x")):
        answer = server.send(method, target, headers=TURTLE)
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="zorgkg"')


def test_a_relative_iri_is_the_same_in_an_update_and_in_a_query(server: Server) -> None:
    update = {"Content-Type": "application/sparql-update"}
    assert server.write("POST", "/update", "INSERT DATA { <relative> <urn:p> <> }", update).status == 200
    for query in ("ASK { <relative> <urn:p> <> }", "ASK { <https://w3id.org/zorgkg/relative> <urn:p> ?base }"):
        assert json.loads(server.send("GET", f"/sparql?query={quote(query)}").body)["boolean"] is True


def test_a_new_graph_of_a_dataset_of_ours_is_created_too(server: Server) -> None:
    target = "/graphs?graph=" + quote("https://w3id.org/zorgkg/id/dataset/fresh", safe="")
    for status in (201, 204):
        assert server.write("PUT", target, "<urn:s> <urn:p> 1 .", TURTLE).status == status
    assert server.write("DELETE", target).status == 200


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_the_client_of_rdflib_writes_and_reads(server: Server, method: str) -> None:
    addresses = (f"http://{server.host}/sparql", f"http://{server.host}/update")
    store = SPARQLUpdateStore(*addresses, method=method, headers={"Authorization": f"Bearer {server.token}"})
    graph = rdflib.Graph(store, identifier=rdflib.URIRef(f"http://data.example/client/{method}"))
    statement = (rdflib.URIRef("urn:s"), rdflib.URIRef("urn:p"), rdflib.Literal("één + één = 100%25"))
    graph.add(statement)
    assert list(graph) == [statement]
    assert graph.query("ASK { ?s ?p ?o }").askAnswer
    assert list(graph.query("CONSTRUCT WHERE { ?s ?p ?o }")) == [statement]
    graph.remove(statement)
    assert len(graph) == 0
