"""What a query from outside may not do."""

from __future__ import annotations

import contextlib
import time

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


HIDDEN = [
    # The engine reads these as comparisons and strings where the longest token would be an IRI or a long string.
    "PREFIX : <http://127.0.0.1:1/> SELECT * { ?s ?a ?b FILTER(?a<?b)SERVICE:x#>\n{ ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { ?s ?a ?b FILTER(?a<?b)SERVICE#>\n:x { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { FILTER(?a<'x>')SERVICE:x{?s ?p ?o}FILTER('a'='b') }",
    r'PREFIX : <http://127.0.0.1:1/> SELECT * { VALUES ?x { """a"} SERVICE:x{?s ?p ?o} #\z"""' + "\n}",
    r'SELECT * { ?s ?p "\u005C" SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } # "' + "\n}",
    r"SELECT * { # \u000A SERVICE <http://127.0.0.1:1/> { ?s ?p ?o }" + "\n}",
]


@pytest.mark.parametrize("query", HIDDEN)
@pytest.mark.parametrize("allowed", [(), ("http://127.0.0.1:2/",)])
def test_a_call_that_only_some_parsers_see_is_refused(query: str, allowed: tuple[str, ...]) -> None:
    with pytest.raises(guard.Forbidden):
        guard.check(query, allowed)


LISTED = "http://127.0.0.1:1/sparql"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/sparql> { ?s ?p ?o } }",
        "select * { service silent <http://127.0.0.1:1/sparql> { ?s ?p ?o } }",
        "PREFIX o: <http://127.0.0.1:1/> SELECT * { SERVICE o:sparql { ?s ?p ?o } }",
        "PREFIX o: <http://127.0.0.1:1/sparql> SELECT * { { SELECT * { SERVICE o: { ?s ?p ?o } } } }",
        "BASE <http://127.0.0.1:1/x/y> SELECT * { SERVICE <../sparql> { ?s ?p ?o } }",
        "BASE <http://127.0.0.1:1/x> PREFIX o: <sp> SELECT * { SERVICE # here\n SILENT o:arql { ?s ?p ?o } }",
        r"SELECT * { SERV\u0049CE <http://127.0.0.1:1/spar\u0071l> { ?s ?p ?o } }",
    ],
)
def test_a_server_on_the_list_may_be_called(query: str) -> None:
    guard.check(query, (LISTED,))
    with pytest.raises(guard.Forbidden):
        guard.check(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/sparql/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://127.0.0.1:1/sparql?a> { ?s ?p ?o } }",
        "SELECT * { SERVICE <HTTP://127.0.0.1:1/sparql> { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://127.0.0.1:1/x/../sparql> { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://127.0.0.1:1/sparql> { SERVICE <http://127.0.0.1:2/> { ?s ?p ?o } } }",
        "SELECT * { VALUES ?u { <http://127.0.0.1:1/sparql> } SERVICE ?u { ?s ?p ?o } }",
        "SELECT * { BIND(<http://127.0.0.1:1/sparql> AS ?u) SERVICE SILENT $u { ?s ?p ?o } }",
        "SELECT * { SERVICE <sparql> { ?s ?p ?o } }",
        "SELECT * { SERVICE o:sparql { ?s ?p ?o } }",
        "BASE <http://127.0.0.1:1/> BASE <http://127.0.0.1:2/> SELECT * { SERVICE <sparql> { ?s ?p ?o } }",
        "PREFIX o: <http://127.0.0.1:1/> PREFIX o: <http://127.0.0.1:2/> SELECT * { SERVICE o:sparql { ?s ?p ?o } }",
        "PREFIX o: <http://127.0.0.1:1/> PREFIXo: <http://127.0.0.1:2/> SELECT * { SERVICE o:sparql { ?s ?p ?o } }",
        "PREFIX SERVICE: <http://127.0.0.1:1/> SELECT * { SERVICE:sparql { ?s ?p ?o } }",
        "PREFIX SILENT: <http://127.0.0.1:1/> SELECT * { SERVICE SILENT:sparql { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { ?s ?p true SERVICE:sparql { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1:1/sparql>",
    ],
)
def test_with_a_list_what_is_not_certainly_on_it_is_refused(query: str) -> None:
    with pytest.raises(guard.Forbidden):
        guard.check(query, (LISTED,))


@pytest.mark.parametrize(
    "text",
    ["LOAD <{}>", "LOAD SILENT <{}> INTO GRAPH <http://e.org/g>", "CLEAR ALL; PREFIX o: <{}> LOAD o:", "load<{}>"],
)
def test_an_update_loads_only_from_the_list(text: str) -> None:
    guard.check(text.format(LISTED), (LISTED,), update=True)
    for allowed in ((), ("http://127.0.0.1:2/",)):
        with pytest.raises(guard.Forbidden, match="LOAD at line 1"):
            guard.check(text.format(LISTED), allowed, update=True)


@pytest.mark.parametrize("text", ["LOADSILENT <http://127.0.0.1:2/>", "PREFIX : <http://127.0.0.1:2/> LOAD:x"])
def test_an_update_that_loads_without_a_space_is_refused(text: str) -> None:
    with pytest.raises(guard.Forbidden):
        guard.check(text, (LISTED,), update=True)


@pytest.mark.parametrize(
    "piece",
    ["a-", '"""\n\\', '"\\"', "<#>", "<'>", "<SERVICE#>", "<a-", "# SERVICE", "PREFIX a: <x:y> ", "<'''>\\'"],
)
def test_no_text_keeps_the_guard_busy(piece: str) -> None:
    start = time.process_time()
    with contextlib.suppress(guard.Forbidden):
        guard.check(piece * (100_000 // len(piece)), (LISTED,))
    assert time.process_time() - start < 5


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
        "SELECT * { ?s a <http://example.org/service#x> ; <urn:service> ?x . ?x ?p <#service> }",
        "PREFIX s: <http://example.org/services/> SELECT * { ?s a s:SERVICE }",
    ],
)
def test_the_word_alone_is_no_reason_to_refuse(query: str) -> None:
    guard.check(query)
