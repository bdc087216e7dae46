"""The synthetic graph: the same bytes each time, derived as the rules derive, conforming to the shapes."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, QueryBoolean, RdfFormat, Store

from bench import synthetic, workload
from zorgkg.content import locate
from zorgkg.publishing import candidate, rules, validation
from zorgkg.publishing.candidate import to_rdflib
from zorgkg.terms import dataset_graph

pytestmark = pytest.mark.slow

PROJECTS = 70
DERIVED = dataset_graph("derived")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("real") / "real.nq"
    store = candidate.make(locate(), lambda what, done, steps: None).store
    store.dump(str(target), format=RdfFormat.N_QUADS)
    return target


@pytest.fixture(scope="module")
def written(real: Path) -> synthetic.Written:
    return synthetic.write(real, PROJECTS, real.with_name("graph.nq"))


@pytest.fixture(scope="module")
def store(written: synthetic.Written) -> Store:
    store = Store()
    store.bulk_load(path=str(written.path), format=RdfFormat.N_QUADS)
    return store


def test_the_same_real_graph_gives_the_same_bytes_whatever_its_order_and_blank_nodes(
    real: Path, written: synthetic.Written
) -> None:
    lines = [re.sub(r"(^|\s)_:", r"\1_:other", line) for line in real.read_text("utf-8").splitlines()]
    random.Random(1).shuffle(lines)  # noqa: S311 - any order will do
    other = real.with_name("other.nq")
    other.write_text("\n".join(lines) + "\n", "utf-8")
    again = synthetic.write(other, PROJECTS, real.with_name("again.nq"))
    assert again.sha256 == written.sha256
    assert again.path.read_bytes() == written.path.read_bytes()


def test_it_has_as_many_projects_and_statements_as_it_says(store: Store, written: synthetic.Written) -> None:
    query = "SELECT DISTINCT ?p WHERE { GRAPH ?g { ?p a <https://w3id.org/zorgkg/ns#Project> } }"
    assert len(list(store.query(query))) == PROJECTS == written.projects  # type: ignore[arg-type]
    assert len(store) == written.statements


def test_what_is_derived_in_it_is_what_the_rules_derive(store: Store) -> None:
    said = Store()
    said.bulk_extend(quad for quad in store if quad.graph_name != DERIVED)
    rules.apply(said, locate().ontology / "rules")
    assert set(said.quads_for_pattern(None, None, None, DERIVED)) == set(
        store.quads_for_pattern(None, None, None, DERIVED)
    )


def test_what_is_invented_conforms_to_the_shapes(store: Store) -> None:
    # The real part has its own tests; here it only gives what the invented part refers to.
    needed = {quad for quad in store if "/bench-" in str(quad.subject)}
    assert len(needed) > 30 * 50
    seen: set[NamedNode] = set()
    for _ in range(4):
        objects = {quad.object for quad in needed if isinstance(quad.object, NamedNode)} - seen
        seen |= objects
        needed |= {quad for one in objects for quad in store.quads_for_pattern(one, None, None)}
    shapes = validation.read_shapes(locate().ontology / "shapes")
    report = validation.validate(to_rdflib(_store(needed)), shapes)
    wrong = [str(result) for result in report.results() if "/bench-" in result.focus]
    assert wrong == []
    # And the shapes do look: without its passages an invented project conforms no more.
    fewer = {quad for quad in needed if "/passage/bench-" not in str(quad.subject)}
    report = validation.validate(to_rdflib(_store(fewer)), shapes)
    assert any("/project/bench-" in result.focus for result in report.results())


def test_every_query_finds_something(store: Store, real: Path) -> None:
    base, _ = synthetic.read(real)
    queries = workload.read(base, PROJECTS)
    assert len(queries) >= 8
    for query in queries:
        found = (store.query(form, use_default_graph_as_union=True) for form in query.forms)
        assert any(bool(one) if isinstance(one, QueryBoolean) else any(True for _ in one) for one in found), query.name


def _store(quads: set[Quad]) -> Store:
    store = Store()
    store.bulk_extend(quads)
    return store
