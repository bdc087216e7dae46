"""Whatever bytes come in, an answer goes out: never a fault of the server's own, and errors in the one shape."""

from __future__ import annotations

import json
import socket
from http.client import HTTPResponse
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.conftest import Server

PATHS = (
    "/sparql",
    "/update",
    "/graphs",
    "/graphs/a/b",
    "/shacl",
    "/datasets/x",
    "/versions",
    "/health",
    "/api/questions",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE")
NAMES = [
    "query",
    "update",
    "default-graph-uri",
    "named-graph-uri",
    "using-graph-uri",
    "using-named-graph-uri",
    "graph",
    "default",
    "format",
    "lang",
    "version",
    "dry-run",
    "to",
]
TEXTS = (
    "ASK {}",
    "SELECT * { ?s ?p ?o } LIMIT 1",
    "SELECT * FROM <urn:a> FROM <urn:b> { ?s ?p ?o } LIMIT 1",
    "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1",
    "INSERT DATA { <urn:s> <urn:p> 1 }",
    "CLEAR NAMED",
    "<urn:s> <urn:p> 'o' .",
    '{"@id": "urn:s"}',
    "urn:g",
    "json",
    "current",
    "",
)
MEDIA = (
    "*/*",
    "text/html",
    "text/turtle",
    "application/sparql-query",
    "application/sparql-update",
    "application/x-www-form-urlencoded",
    "application/sparql-results+json",
    "application/json",
    "application/n-quads",
    "application/zip",
    "multipart/form-data; boundary=b",
    "application/sparql-query; charset=utf-16",
)
HEADERS = [
    "Accept",
    "Accept-Language",
    "Content-Type",
    "Content-Encoding",
    "If-Match",
    "If-None-Match",
    "Origin",
    "Authorization",
    "Access-Control-Request-Method",
    "Access-Control-Request-Headers",
    "X-Forwarded-Proto",
    "X-Forwarded-For",
    "Range",
]

# Bytes that a request line or a header can hold: what can't is refused before it is a request.
visible = st.binary(max_size=12).map(lambda raw: bytes(one for one in raw if 0x20 < one < 0x7F and one != 0x23))
anything = st.binary(max_size=40)
value = st.one_of(
    st.sampled_from(TEXTS).map(lambda text: quote_from_bytes(text.encode())), anything.map(quote_from_bytes)
)
pair = st.tuples(st.sampled_from(NAMES), value).map(lambda one: "=".join(one).encode())
query = st.lists(st.one_of(pair, visible), max_size=4).map(b"&".join)
header = st.tuples(
    st.sampled_from(HEADERS),
    st.one_of(
        st.lists(st.sampled_from(MEDIA), min_size=1, max_size=3).map(", ".join), st.text('aA*/;,=q" .1é', max_size=20)
    ),
)
body = st.one_of(st.sampled_from(TEXTS).map(str.encode), query, anything)


def exchange(server: Server, method: str, path: str, query: bytes, headers: list[tuple[str, str]], body: bytes) -> None:
    """Send a request, and check what every answer must be."""
    host, _, port = server.host.rpartition(":")
    target = path.encode() + (b"?" + query if query else b"")
    lines = [f"{name}: {text.strip()}".encode("latin-1") for name, text in headers]
    shown = f"Authorization: Bearer {server.token}".encode()
    head = b"\r\n".join(
        [
            method.encode() + b" " + target + b" HTTP/1.1",
            b"Host: " + server.host.encode(),
            b"Connection: close",
            b"Content-Length: %d" % len(body),
            *lines,
            *([] if any(name == "Authorization" for name, _ in headers) else [shown]),
        ]
    )
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(head + b"\r\n\r\n" + body)
        response = HTTPResponse(connection, method=method)
        response.begin()
        content = response.read()
        kind = response.headers.get("Content-Type", "")
        told = f"{head!r} {body!r} → {response.status} {kind} {content[:300]!r}"
        response.close()
    assert response.status < 500, told
    assert response.headers["Access-Control-Allow-Origin"] == "*", told
    if method == "HEAD":
        assert content == b"", told
    elif response.status >= 400 and kind != "text/html; charset=utf-8" and response.status != 422:
        assert kind == "application/problem+json", told
        problem = json.loads(content)
        assert problem["status"] == response.status, told
        assert problem["detail"], told


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(METHODS),
    path=st.sampled_from(PATHS),
    query=query,
    headers=st.lists(header, max_size=3),
    body=body,
)
@pytest.mark.slow
def test_any_request_is_answered(
    server: Server, method: str, path: str, query: bytes, headers: list[tuple[str, str]], body: bytes
) -> None:
    exchange(server, method, path, query, headers, body)
