"""Recorded: the decisions that the graph of a dataset holds, as rows of its link file."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad

from zorgkg.datasets import links
from zorgkg.datasets.sssom import Mapping
from zorgkg.engine.interface import Engine
from zorgkg.terms import PREFIXES, dataset_graph


def of(engine: Engine, name: str) -> list[Mapping]:
    """Return the decisions of a dataset, as its graph has them.

    :param engine: answers queries on the version.
    :param name: the dataset.
    """
    graph = dataset_graph(name)
    query = f"SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {{ ?s a <{PREFIXES['sssom']}Mapping> ; ?p ?o }} }}"
    quads = []
    for row in engine.query(query):
        subject, predicate, value = row[0], row[1], row[2]  # type: ignore[index]
        if (
            isinstance(subject, NamedNode)
            and isinstance(predicate, NamedNode)
            and isinstance(value, NamedNode | Literal)
        ):
            quads.append(Quad(subject, predicate, value, graph))
    return links.known(quads)
