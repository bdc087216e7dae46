"""Recorded: the decisions that the graph of a dataset holds, as rows of its link file."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad

from zorgkg.datasets import links
from zorgkg.datasets.sssom import Mapping
from zorgkg.engine.interface import Engine
from zorgkg.engine.reading import select
from zorgkg.terms import dataset_graph


def of(engine: Engine, name: str) -> list[Mapping]:
    """Return the decisions of a dataset, as its graph has them.

    :param engine: answers queries on the version.
    :param name: the dataset.
    """
    graph = dataset_graph(name)
    query = f"SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {{ ?s a sssom:Mapping ; ?p ?o }} }}"
    quads = []
    for row in select(engine, query):
        subject, predicate, value = row["s"], row["p"], row["o"]
        if (
            isinstance(subject, NamedNode)
            and isinstance(predicate, NamedNode)
            and isinstance(value, NamedNode | Literal)
        ):
            quads.append(Quad(subject, predicate, value, graph))
    return links.known(quads)
