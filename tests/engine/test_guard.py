"""What a query from outside may not do."""

from __future__ import annotations

import pytest

from zorgkg.engine import guard


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { service ?where { ?s ?p ?o } }",
        r"SELECT * { SERV\u0049CE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        r"SELECT * { \U00000053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:x { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { ?s ?p true . SERVICE:x { ?a ?b ?c } }",
        "SELECT * { { SELECT * { SERVICE<http://127.0.0.1:1/>{ ?s ?p ?o } } } }",
        "SELECT * { ?s ?p 'a' # comment\n SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        'SELECT * { ?s ?p """a"b""" SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }',
        "LOAD <http://127.0.0.1:1/>",
    ],
)
def test_a_query_that_would_call_another_server_is_refused(query: str) -> None:
    with pytest.raises(guard.Forbidden, match=r"line \d+, column \d+"):
        guard.check(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p ?o }",
        "SELECT * { ?s a <http://example.org/SERVICE> }",
        'SELECT * { ?s ?p "SERVICE <http://example.org/> { }" }',
        "SELECT * { ?s ?p '''it's SERVICE''' }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://example.org/>",
        "PREFIX m8g: <http://data.europa.eu/m8g/> SELECT * { ?s a m8g:PublicService }",
        'SELECT * { ?s ?p "load"@en }',
    ],
)
def test_the_word_alone_is_no_reason_to_refuse(query: str) -> None:
    guard.check(query)
