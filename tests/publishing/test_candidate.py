"""The candidate of the repository's own folders."""

from __future__ import annotations

import pytest

from zorgkg.content import locate
from zorgkg.publishing import candidate


@pytest.mark.slow
def test_the_same_folders_give_the_same_content_hash() -> None:
    made = [candidate.make(locate(), lambda what, done, steps: None) for _ in range(2)]
    assert made[0].sha256() == made[1].sha256()


def test_every_statement_is_in_the_named_graph_of_a_described_dataset() -> None:
    store = candidate.make(locate(), lambda what, done, steps: None).store
    undescribed = store.query(
        """
        PREFIX dcat: <http://www.w3.org/ns/dcat#>
        PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT DISTINCT ?graph WHERE {
          GRAPH ?graph { ?s ?p ?o }
          FILTER NOT EXISTS { GRAPH ?any { ?graph a dcat:Dataset ; dcterms:license ?licence } }
        }
        """
    )
    assert [str(row["graph"]) for row in undescribed] == []  # type: ignore[union-attr]
    assert not list(store.query("SELECT * { ?s ?p ?o }"))  # type: ignore[arg-type]
