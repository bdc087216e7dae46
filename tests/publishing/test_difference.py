"""The difference of two versions: by dataset, and blank nodes by what hangs on them, not by their names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store

from zorgkg.publishing.difference import compare

GRAPH = "https://w3id.org/zorgkg/id/dataset/places"


def store(trig: str) -> Store:
    made = Store()
    made.load(f"@prefix : <https://e.org/> . @prefix d: <https://w3id.org/zorgkg/id/dataset/> . {trig}", RdfFormat.TRIG)
    return made


def test_what_came_and_went_is_told_by_dataset() -> None:
    older = store("d:a { :x :y 1 . :x :y 2 } d:b { :x :y 1 } d:same { :x :y 1 }")
    newer = store("d:a { :x :y 2 . :x :y 3 } d:c { :x :y 1 } d:same { :x :y 1 }")
    found = compare(older, newer)
    assert list(found) == ["a", "b", "c"]
    one = '<https://e.org/x> <https://e.org/y> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    three = one.replace('"1"', '"3"')
    assert (found["a"].came, found["a"].went) == ([three], [one])
    assert (found["b"].came, found["b"].went) == ([], [one])
    assert (found["c"].came, found["c"].went) == ([one], [])


def test_a_blank_node_by_another_name_is_no_change() -> None:
    older = store("d:a { :x :p _:a . _:a :q _:b . _:b :r 1 . :z :p _:c . _:c :r 1 }")
    newer = store("d:a { :z :p _:x . _:x :r 1 . :x :p _:y . _:y :q _:z . _:z :r 1 }")
    assert compare(older, newer) == {}


def test_what_hangs_on_one_blank_node_changes_as_a_whole_and_leaves_the_others_alone() -> None:
    found = compare(store("d:a { :x :p [ :q 1 ] . :z :p [ :q 2 ] }"), store("d:a { :x :p [ :q 1 ] . :z :p [ :q 3 ] }"))
    assert [len(lines) for lines in (found["a"].came, found["a"].went)] == [2, 2]
    assert all("<https://e.org/z>" in line or "_:" in line for line in found["a"].came + found["a"].went)
    assert not any("<https://e.org/x>" in line for line in found["a"].came + found["a"].went)


def test_as_many_like_blank_nodes_must_be_there() -> None:
    found = compare(store("d:a { [] :q 1 . [] :q 1 }"), store("d:a { [] :q 1 }"))
    assert (len(found["a"].came), len(found["a"].went)) == (0, 1)


def test_the_default_graph_is_the_merge_and_is_left_out() -> None:
    older, newer = store("d:a { :x :y 1 }"), store("d:a { :x :y 1 }")
    newer.add(Quad(NamedNode("https://e.org/x"), NamedNode("https://e.org/y"), Literal(9), DefaultGraph()))
    assert compare(older, newer) == {}


NODES = [NamedNode(f"https://e.org/{name}") for name in "ab"] + [BlankNode(name) for name in "xyz"]
QUADS = some.builds(
    Quad,
    some.sampled_from(NODES),
    some.just(NamedNode("https://e.org/p")),
    some.sampled_from(NODES),
    some.just(NamedNode(GRAPH)),
)


@given(some.sets(QUADS, max_size=8), some.permutations("xyz"))
def test_renaming_blank_nodes_never_makes_a_difference(quads: set[Quad], names: list[str]) -> None:
    renamed = dict(zip("xyz", names, strict=True))

    def other(node: NamedNode | BlankNode) -> NamedNode | BlankNode:
        return BlankNode("n" + renamed[node.value]) if isinstance(node, BlankNode) else node

    older, newer = Store(), Store()
    older.extend(quads)
    newer.extend(Quad(other(q.subject), q.predicate, other(q.object), q.graph_name) for q in quads)  # type: ignore[arg-type]
    assert compare(older, newer) == {}
