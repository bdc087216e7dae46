"""SPARQL Update on a draft: the same graphs as the engine's own update gives, and what changed is known."""

from __future__ import annotations

import tracemalloc

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from zorgkg.publishing.draft import Draft
from zorgkg.publishing.update import DEFAULT, DERIVED, DatasetConflict, Scope, UpdateError, UpdateSyntaxError, apply

START = """\
@prefix : <http://example.org/> .
GRAPH :a { :s1 :p 1 , 2 ; :q :s2 . :s2 :p 3 }
GRAPH :b { :s1 :p 1 . :s3 :q "x"@nl }
GRAPH :c { :s4 :g :a . [] :p "blank" }
"""

PREFIX = "PREFIX : <http://example.org/>\n"

UPDATES = [
    "INSERT DATA { GRAPH :a { :s9 :p 9 } GRAPH :new { :s9 :p 9 ; :q 1, 2 . } }",
    "DELETE DATA { GRAPH :a { :s1 :p 1 } GRAPH :b { :nothing :p 1 } }",
    "DELETE WHERE { GRAPH :a { ?s :p ?o } }",
    "DELETE WHERE { GRAPH ?g { ?s :p 1 } }",
    "DELETE { GRAPH ?g { ?s :p ?o } } INSERT { GRAPH ?g { ?s :q ?o } } WHERE { GRAPH ?g { ?s :p ?o FILTER(?o > 0) } }",
    "WITH :a DELETE { ?s :p ?o } INSERT { ?s :p ?more } WHERE { ?s :p ?o BIND(?o + 1 AS ?more) }",
    "WITH :a INSERT { ?s :seen true . GRAPH :b { ?s :seen false } . ?s :also 1 } WHERE { ?s :p ?o }",
    "WITH :a INSERT { ?s :seen true } WHERE { GRAPH :b { ?s :p ?o } }",
    "INSERT { GRAPH :n { ?s :p ?o } } USING :a USING :b WHERE { ?s :p ?o }",
    "INSERT { GRAPH :n { ?s :p ?o } } USING NAMED :b WHERE { GRAPH ?g { ?s :p ?o } }",
    "INSERT { GRAPH ?where { ?s :here ?where } } WHERE { GRAPH :c { ?s :g ?where } }",
    "INSERT { GRAPH ?o { ?s :p ?o } } WHERE { GRAPH :a { ?s :p ?o } }",
    "INSERT { GRAPH :n { ?s :p [ :q ?o ] . _:x :r ?o } GRAPH :m { _:x :r ?s } } WHERE { GRAPH :a { ?s :p ?o } }",
    "INSERT { GRAPH :n { ?unbound :p 1 . ?s :p 2 } } WHERE { GRAPH :a { ?s :q ?o } OPTIONAL { ?o :none ?unbound } }",
    "INSERT DATA { GRAPH :n { :s :p ( 1 2 ) , \"} ; WHERE {\" , 'a#b' . # } ;\n } }",
    "INSERT { GRAPH :n { ?s :p ?n } } WHERE { SELECT ?s (COUNT(*) AS ?n) WHERE { GRAPH :a { ?s ?p ?o } } GROUP BY ?s }",
    "CLEAR GRAPH :a",
    "DROP GRAPH :a",
    "INSERT DATA { GRAPH :a { :s :p :o {| :q 1 |} } . GRAPH :b { :s :p 1 } }",
    "DROP SILENT GRAPH :none",
    "CREATE GRAPH :empty",
    "CREATE SILENT GRAPH :a",
    "COPY :a TO :b",
    "MOVE GRAPH :a TO GRAPH :b",
    "ADD :a TO :b",
    "ADD SILENT :none TO :b",
    "COPY :a TO :a",
    "CLEAR NAMED",
    "DROP ALL",
    "INSERT DATA { GRAPH :a { :s9 :p 9 } } ; DELETE WHERE { GRAPH :a { :s9 ?p ?o } } ;",
    "DROP GRAPH :a ; INSERT DATA { GRAPH :a { :s1 :p 1 } }",
    "BASE <http://example.org/> INSERT DATA { GRAPH <a> { <s> <p> <o> } }",
    "INSERT DATA { GRAPH <rel> { <s> <p> <o> } }",
    "inSert { graph :n { ?zorgkg :p ?zorgkg0 } } where { graph :a { ?zorgkg :p ?zorgkg0 } }",
    "",
]


def start() -> Store:
    store = Store()
    store.load(START.encode(), RdfFormat.TRIG)
    return store


def draft() -> Draft:
    before, after = start(), start()
    for store in (before, after):
        store.extend([Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) for quad in store])
    # A blank node of a file gets another name each time that it is read.
    after.clear()
    after.extend(before)
    return Draft(before, after)


def named(store: Store) -> list[Quad]:
    return [quad for quad in store if quad.graph_name != DefaultGraph()]


def canonical(quads: list[Quad]) -> set[str]:
    """Statements with every blank node alike: the updates here never make two that differ by name alone."""
    import re

    return {re.sub(r"_:\w+", "_:b", str(quad)) for quad in quads}


@pytest.mark.parametrize("update", UPDATES)
def test_an_update_gives_the_graphs_that_the_engine_gives(update: str) -> None:
    expected = start()
    expected.update(PREFIX + update, base_iri="http://example.org/")
    made = draft()
    apply(made, PREFIX + update, Scope(base="http://example.org/"))
    assert canonical(named(made.after)) == canonical(list(expected))
    assert len(named(made.after)) == len(list(expected))
    assert set(made.after.named_graphs()) == set(expected.named_graphs())


@pytest.mark.parametrize("update", UPDATES)
def test_the_draft_knows_what_changed_and_its_default_graph_stays_the_merge(update: str) -> None:
    made = draft()
    before = set(named(made.before))
    apply(made, PREFIX + update, Scope(base="http://example.org/"))
    after = set(named(made.after))
    assert (made.came, made.went) == (after - before, before - after)
    merged = {quad.triple for quad in made.after if quad.graph_name == DefaultGraph()}
    assert merged == {quad.triple for quad in after}
    earlier = {quad.triple for quad in before}
    assert (made.merged_came, made.merged_went) == (merged - earlier, earlier - merged)


def test_a_prologue_may_stand_before_each_operation() -> None:
    made = draft()
    text = "CREATE GRAPH :d ; PREFIX e: <http://example.org/> MOVE e:a TO e:d ;\n"
    text += "BASE <http://example.org/> CLEAR GRAPH <b>"
    apply(made, PREFIX + text)
    assert len(made.statements(NamedNode("http://example.org/d"))) == 4
    assert not made.statements(NamedNode("http://example.org/b"))
    with pytest.raises(UpdateSyntaxError, match="error at 3:"):
        apply(made, PREFIX + "CREATE GRAPH :e ;\nPREFIX e: <http://example.org/> MOVE e:a e:d")


def test_what_names_no_graph_is_written_to_the_dataset_default_and_where_sees_all() -> None:
    made = draft()
    apply(made, PREFIX + "INSERT { ?s :twice ?o } WHERE { ?s :p ?o . ?s :q ?other } ; DELETE DATA { :s1 :p 1 }")
    assert {str(quad.graph_name.value) for quad in made.came} == {DEFAULT.value}  # type: ignore[union-attr]
    assert len(made.came) == 2
    assert not made.went


def test_copy_and_clear_of_the_default_graph_mean_the_dataset_default() -> None:
    made = draft()
    apply(made, PREFIX + "INSERT DATA { :s :p 7 } ; COPY DEFAULT TO :b ; CLEAR DEFAULT")
    assert [str(quad.object) for quad in made.statements(NamedNode("http://example.org/b"))] == [
        '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]
    assert made.statements(DEFAULT) == []


def test_the_dataset_of_where_can_be_given_by_protocol() -> None:
    made = draft()
    scope = Scope(using=("http://example.org/b",))
    apply(made, PREFIX + "INSERT { GRAPH :n { ?s :p ?o } } WHERE { ?s ?p ?o }", scope)
    assert len(made.came) == 2
    apply(made, PREFIX + "DELETE WHERE { GRAPH :a { ?s ?p ?o } }", Scope(named=("http://example.org/b",)))
    assert not made.went
    for clause in ("WITH :a DELETE { ?s ?p ?o } WHERE", "INSERT { ?s ?p ?o } USING :a WHERE"):
        with pytest.raises(DatasetConflict):
            apply(made, PREFIX + clause + " { ?s ?p ?o }", scope)


def test_a_semicolon_at_the_end_is_no_operation_that_names_a_dataset() -> None:
    made = draft()
    apply(made, PREFIX + "INSERT DATA { :s9 :p 9 } ;", Scope(using=("http://example.org/b",)))
    assert len(made.came) == 1


def test_thousands_of_graphs_in_one_operation() -> None:
    made = draft()
    groups = " ".join(f"GRAPH :g{number} {{ :s :p {number} }}" for number in range(5000))
    apply(made, PREFIX + f"INSERT DATA {{ {groups} }}")
    assert {(str(quad.graph_name), str(quad.object)) for quad in made.came} == {
        (f"<http://example.org/g{number}>", str(Literal(number))) for number in range(5000)
    }


def test_a_long_text_of_small_operations_takes_no_memory_for_each() -> None:
    text = " ;\n".join(
        f"{PREFIX}INSERT DATA {{ GRAPH :a {{ :s :p{number} '{'x' * 500}' }} }}" for number in range(1500)
    )
    made = draft()
    tracemalloc.start()
    try:
        apply(made, text)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(made.came) == 1500
    assert most < 30 * len(text)


def test_a_fault_is_told_where_it_stands_in_the_whole_text() -> None:
    text = f"{PREFIX}INSERT DATA {{ :a :p 1 }} ;\n# a comment\n{PREFIX}INSERT DATA {{ :a :p\n1, }}"
    with pytest.raises(UpdateSyntaxError, match="error at 6:5"):
        apply(draft(), text)


def test_a_patch_is_about_its_graph() -> None:
    made = draft()
    scope = Scope(graph=NamedNode("http://example.org/a"))
    apply(made, PREFIX + "DELETE { ?s :p ?o } INSERT { ?s :old ?o } WHERE { ?s :p ?o }", scope)
    assert {quad.graph_name for quad in made.came | made.went} == {scope.graph}
    assert (len(made.came), len(made.went)) == (3, 3)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { :s :p }",
        "SELECT * { ?s ?p ?o }",
        "INSERT DATA { _:a :p ?v }",
        "DELETE DATA { _:a :p 1 }",
        "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o",
        "INSERT DATA { GRAPH :a { GRAPH :b { :s :p 1 } } }",
        "CLEAR GRAPH nope:a",
        "INSERT DATA { :s :p 1 } DELETE WHERE { ?s ?p ?o }",
        "INSERT DATA { :s :p 1 } ; ; CLEAR ALL",
        "; CLEAR ALL",
        "CLEAR ALL ; PREFIX x:",
        "CLEAR ALL }",
        "INSERT DATA { _:a :p 1 } ; INSERT DATA { _:a :p 2 }",
    ],
)
def test_what_is_no_update_changes_nothing(update: str) -> None:
    made = draft()
    with pytest.raises(UpdateSyntaxError):
        apply(made, PREFIX + update)
    assert not made.changed


@pytest.mark.parametrize("update", ["DROP GRAPH :none", "CLEAR GRAPH :none", "CREATE GRAPH :a", "COPY :none TO :a"])
def test_an_operation_on_a_graph_that_is_not_there_is_told(update: str) -> None:
    with pytest.raises(UpdateError, match=r"http://example\.org/"):
        apply(draft(), PREFIX + update)


def test_clearing_all_leaves_what_rules_write() -> None:
    made = draft()
    made.change(
        [],
        list(parse(b"<x:s> <x:p> <x:o> .", RdfFormat.TURTLE))
        and [Quad(NamedNode("x:s"), NamedNode("x:p"), NamedNode("x:o"), DERIVED)],
    )
    apply(made, "CLEAR ALL")
    assert {quad.graph_name for quad in named(made.after)} == {DERIVED}
