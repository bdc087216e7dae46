"""Rules: CONSTRUCT queries that derive triples from what the datasets say (`ontology/rules/*.rq`, in order of name)."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Quad, QueryTriples, Store

from zorgkg.datasets.problems import InvalidData, Problem
from zorgkg.terms import dataset_graph


def apply(store: Store, rules: Path) -> dict[str, int]:
    """Run every rule over the union of all graphs and add what it derives to the graph of the dataset `derived`.

    :param store: the candidate; it is changed.
    :param rules: folder of CONSTRUCT queries; a rule sees what the rules before it derived.
    :returns: rule name → number of triples that it gave.
    :raises InvalidData: a file is no CONSTRUCT query; the problem names it.
    """
    graph = dataset_graph("derived")
    given: dict[str, int] = {}
    for path in sorted(rules.glob("*.rq")):
        try:
            triples = store.query(path.read_text("utf-8"), use_default_graph_as_union=True)
        except SyntaxError as error:
            raise InvalidData([Problem(f"not SPARQL: {error}", path)]) from error
        if not isinstance(triples, QueryTriples):
            raise InvalidData([Problem("a rule must be a CONSTRUCT query", path)])
        derived = [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]
        store.extend(derived)
        given[path.stem] = len(derived)
    return given
