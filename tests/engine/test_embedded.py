"""Queries on a version: which graphs they see."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from zorgkg.engine.embedded import EmbeddedEngine, merge
from zorgkg.engine.interface import Dataset, EngineError, QuerySyntaxError

A, B = "http://example.org/a", "http://example.org/b"


@pytest.fixture
def engine() -> EmbeddedEngine:
    store = Store()
    for graph in (A, B):
        subject, predicate = NamedNode(graph + "#s"), NamedNode("http://example.org/p")
        store.add(Quad(subject, predicate, Literal(graph[-1]), NamedNode(graph)))
    return EmbeddedEngine.of(store, "test")


def seen(engine: EmbeddedEngine, query: str, dataset: Dataset | None = None) -> set[str]:
    answer = engine.query(query, dataset)
    assert isinstance(answer, QuerySolutions)
    return {row["o"].value for row in answer}


def test_without_a_dataset_all_named_graphs_are_seen_as_one(engine: EmbeddedEngine) -> None:
    assert seen(engine, "SELECT ?o { ?s ?p ?o }") == {"a", "b"}


def test_from_and_from_named_narrow_what_is_seen(engine: EmbeddedEngine) -> None:
    assert seen(engine, f"SELECT ?o FROM <{A}> {{ ?s ?p ?o }}") == {"a"}
    assert seen(engine, f"SELECT ?o FROM NAMED <{B}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == {"b"}
    assert seen(engine, f"SELECT ?o FROM NAMED <{B}> {{ ?s ?p ?o }}") == set()


def test_the_dataset_of_the_protocol_replaces_that_of_the_query(engine: EmbeddedEngine) -> None:
    assert seen(engine, f"SELECT ?o FROM <{A}> {{ ?s ?p ?o }}", Dataset((B,))) == {"b"}
    assert seen(engine, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }", Dataset((), (A,))) == {"a"}
    assert seen(engine, "SELECT ?o { ?s ?p ?o }", Dataset((), (A,))) == set()


def test_what_two_datasets_say_counts_once() -> None:
    store = Store()
    for graph in (A, B):
        store.add(Quad(NamedNode(A), NamedNode(B), Literal("same"), NamedNode(graph)))
    engine = EmbeddedEngine.of(store, "test")
    assert seen(engine, "SELECT (COUNT(*) AS ?o) { ?s ?p ?x }") == {"1"}


def test_a_graph_named_from_does_not_count_as_a_dataset_clause(engine: EmbeddedEngine) -> None:
    assert seen(engine, "SELECT ?o { ?s ?p ?o FILTER(?o != 'FROM') }") == {"a", "b"}


def test_only_a_query_that_names_graphs_is_answered_from_the_files(tmp_path: Path) -> None:
    files = tmp_path / "store"
    store = Store(str(files))
    store.add(Quad(NamedNode(A), NamedNode("http://example.org/p"), Literal("a"), NamedNode(A)))
    merge(store)
    store.flush()
    del store
    held = EmbeddedEngine.open(files, "test", 2, 2)
    shutil.rmtree(files)
    for query in (
        "# all labels of the graph, FROM here on\nSELECT ?o { ?s ?p ?o }",
        "SELECT ?o { ?from ?graph ?o } # GRAPH",
        "PREFIX prov: <http://www.w3.org/ns/prov#> SELECT ?o { ?s ?p ?o MINUS { ?s prov:wasDerivedFrom ?o } }",
    ):
        assert seen(held, query) == {"a"}
    for query in (
        "SELECT ?o { GRAPH ?g { ?s ?p ?o } }",
        f"SELECT ?o{{GRAPH<{A}>{{?s ?p ?o}}}}",
        f"SELECT ?o # from\rFROM<{A}> {{ ?s ?p ?o }}",
        "SELECT ?o { ?s ?p ?o BIND(1<2 AS ?a) FILTER(?o<?b#>)\n) GRAPH ?g { ?s ?p ?o } }",
        f"SELECT ?o {{ GR\\u0041PH <{A}> {{ ?s ?p ?o }} }}",
    ):
        with pytest.raises((EngineError, QuerySyntaxError)):
            seen(held, query)


def test_text_that_is_no_sparql_is_told_apart(engine: EmbeddedEngine) -> None:
    with pytest.raises(QuerySyntaxError, match="1:12"):
        engine.query("SELECT ?o {")
