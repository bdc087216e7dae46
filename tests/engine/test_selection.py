"""The dataset of a query: several graphs make one set of triples, whichever way they are given."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store

from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.engine.interface import Dataset, QuerySyntaxError
from zorgkg.engine.selection import stated

S, P = NamedNode("https://e.org/s"), NamedNode("https://e.org/p")
FIRST, SECOND, THIRD, APART = (f"https://e.org/{name}" for name in ("first", "second", "third", "apart"))
COUNT = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"


@pytest.fixture(scope="module")
def engine() -> EmbeddedEngine:
    """Three graphs that hold the same triple and one of their own, and one graph that shares none."""
    store = Store()
    for name in (FIRST, SECOND, THIRD):
        store.add(Quad(S, P, S, NamedNode(name)))
        store.add(Quad(S, P, NamedNode(name), NamedNode(name)))
    store.add(Quad(S, P, P, NamedNode(APART)))
    return EmbeddedEngine.of(store, "test")


def number(engine: EmbeddedEngine, query: str, dataset: Dataset | None = None) -> int:
    found = engine.query(query, dataset)
    assert isinstance(found, QuerySolutions)
    return int(next(found)["n"].value)


@pytest.mark.parametrize(
    ("graphs", "triples"),
    [
        ((FIRST,), 2),
        ((FIRST, SECOND), 3),
        ((FIRST, FIRST), 2),
        ((FIRST, APART), 3),
        ((FIRST, SECOND, "https://e.org/nowhere"), 3),
        ((FIRST, SECOND, THIRD, APART), 5),
    ],
)
def test_graphs_together_hold_a_triple_once(engine: EmbeddedEngine, graphs: tuple[str, ...], triples: int) -> None:
    assert number(engine, COUNT.format(""), Dataset(graphs)) == triples
    assert number(engine, COUNT.format(" ".join(f"FROM <{graph}>" for graph in graphs))) == triples


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX e: <https://e.org/> SELECT (COUNT(*) AS ?n) FROM e:first FROM e:second { ?s ?p ?o }",
        "BASE <https://e.org/x> SELECT (COUNT(*) AS ?n) from <first> # FROM <third>\nfrom <second> { ?s ?p ?o }",
        "SELECT(COUNT(*)AS ?n)FROM<https://e.org/first>FROM<https://e.org/\\u0073econd>{?s ?p ?o}",
        "SELECT (COUNT(*) AS ?n) FROM <https://e.org/first> FROM <https://e.org/second> { ?s ?p ?o "
        "FILTER(?s != 'FROM <https://e.org/third>') }",
    ],
)
def test_from_is_found_however_it_is_written(engine: EmbeddedEngine, query: str) -> None:
    assert number(engine, query) == 3


def test_named_graphs_stay_those_of_the_query(engine: EmbeddedEngine) -> None:
    query = f"""SELECT (COUNT(*) AS ?n) FROM <{FIRST}> FROM <{SECOND}> FROM NAMED <{THIRD}> FROM NAMED <{APART}>
      {{ GRAPH ?g {{ ?s ?p ?o }} }}"""
    assert number(engine, query) == 3
    assert number(engine, query, Dataset((FIRST, SECOND))) == 0
    assert number(engine, query, Dataset((FIRST, SECOND), (FIRST,))) == 2
    assert number(engine, COUNT.format(f"FROM NAMED <{FIRST}>")) == 0


def test_a_blank_node_and_a_text_are_the_same_in_both_views() -> None:
    store, node = Store(), BlankNode()
    text = Literal("ends with a full stop .\n<urn:s> <urn:p> <urn:o> .\n")
    for name in (FIRST, SECOND):
        store.add(Quad(S, P, node, NamedNode(name)))
        store.add(Quad(node, P, text, NamedNode(name)))
    query = f"""SELECT (COUNT(*) AS ?n) FROM <{FIRST}> FROM <{SECOND}> FROM NAMED <{FIRST}>
      {{ ?s ?p ?node . ?node ?q ?text . GRAPH ?g {{ ?s ?p ?node . ?node ?q ?text }} }}"""
    engine = EmbeddedEngine.of(store, "test")
    store.add(Quad(S, P, P, NamedNode(APART)))
    assert number(engine, query) == number(EmbeddedEngine.of(store, "test"), query) == 1


def test_a_name_that_looks_like_the_keyword_leaves_the_engine_its_own_reading() -> None:
    assert stated("PREFIX from: <urn:> SELECT * FROM from:a FROM from:b { ?s ?p ?o }") is None
    assert stated("SELECT * FROM <urn:a> { ?s ?p ?o }") is None


def test_what_is_wrong_with_a_query_is_told_where_it_stands(engine: EmbeddedEngine) -> None:
    with pytest.raises(QuerySyntaxError, match=r"2:\d+"):
        engine.query("SELECT * FROM <urn:a>\nFROM e:b { ?s ?p ?o }")


def test_a_relative_iri_is_one_of_ours(engine: EmbeddedEngine) -> None:
    found = engine.query("SELECT (STR(<id/project/x>) AS ?n) {}")
    assert isinstance(found, QuerySolutions)
    assert next(found)["n"].value == "https://w3id.org/zorgkg/id/project/x"
