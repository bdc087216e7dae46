"""The dataset that a query chooses: a default graph of several graphs is their merge (SPARQL 1.1 Query, section 13.2).

Oxigraph's union of graphs gives a triple once for each graph that holds it, so counts over it come out too high.
"""

from __future__ import annotations

from typing import cast

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QuerySolutions, RdfFormat, Store

from zorgkg.engine.interface import Dataset
from zorgkg.sparql import decode_escapes, tokens
from zorgkg.terms import BASE

Graph = NamedNode | BlankNode | DefaultGraph


def stated(text: str) -> Dataset | None:
    """Return the dataset that FROM and FROM NAMED give, when its default graph is of several graphs.

    :param text: SPARQL 1.1 query text; need not be valid.
    :returns: None when one graph or none makes the default graph, or when the clauses cannot be told apart from a name
        that is written like their keyword: what the engine makes of them then holds.
    """
    text = decode_escapes(text)
    if text.upper().count("FROM") < 2:
        return None
    found = list(tokens(text))
    default: list[str] = []
    named: list[str] = []
    first = mentions = 0
    for index, token in enumerate(found):
        if token.kind not in ("word", "name"):
            continue
        mentions += token.text.upper().count("FROM")
        if token.kind == "word" and token.text.upper() == "FROM":
            first = first or token.start
            rest = [one.text for one in found[index + 1 : index + 3]]
            if rest and rest[0].upper() == "NAMED":
                named += rest[1:]
            else:
                default += rest[:1]
    if mentions != len(default) + len(named) or len(default) < 2:
        return None
    prologue: list[str] = []
    rest = [token.text for token in found]
    while rest and rest[0].upper() in ("BASE", "PREFIX"):
        taken = 2 if rest[0].upper() == "BASE" else 3
        prologue, rest = prologue + rest[:taken], rest[taken:]
    try:
        return Dataset(_resolved(prologue, default), _resolved(prologue, named))
    except SyntaxError:
        # The engine tells what is wrong with the query, and where.
        return None


def _resolved(prologue: list[str], names: list[str]) -> tuple[str, ...]:
    """The IRIs of names as the query's prologue has them, which the engine reads."""
    query = f"{' '.join(prologue)} SELECT ?graph WHERE {{ VALUES ?graph {{ {' '.join(names)} }} }}"
    return tuple(str(row["graph"].value) for row in _rows(Store(), query))


def merged(store: Store, dataset: Dataset) -> Store | None:
    """Return a store in which the default graph of a dataset is a set of triples.

    :param store: the version; its own default graph is the merge of all its named graphs.
    :param dataset: what a query asked for.
    :returns: None when the graphs have no triple in common, so that Oxigraph's union is their merge.
    """
    here = [graph for graph in dict.fromkeys(dataset.default_nodes) if store.contains_named_graph(graph)]
    if len(here) < 2 or not _overlap(store, here):
        return None
    # Written and read by the engine as N-Quads: twice as fast as statement by statement. Read at once, so that a
    # blank node stays one node.
    text = [store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b"" for graph in here]
    for graph in dict.fromkeys(dataset.named_nodes):
        lines = store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b""
        text.append(lines.replace(b" .\n", f" {graph} .\n".encode()))
    copy = Store()
    copy.bulk_load(b"".join(text), RdfFormat.N_QUADS)
    return copy


def _overlap(store: Store, graphs: list[Graph]) -> bool:
    # Compared by the engine itself: five times cheaper than the copy that it may save.
    several = _rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", graphs)
    ones = _rows(store, "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }", graphs)
    return [row["n"] for row in several] != [row["n"] for row in ones]


def _rows(store: Store, query: str, graphs: list[Graph] | None = None) -> QuerySolutions:
    return cast(QuerySolutions, store.query(query, base_iri=BASE, default_graph=graphs))
