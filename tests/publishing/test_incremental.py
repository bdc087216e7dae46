"""What a change makes the rules derive and the shapes report is what deriving and validating everything would give."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import rdflib
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store
from pyshacl.errors import ReportableRuntimeError
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH, XSD

from tests.shapes import test_shapes as planted
from zorgkg.publishing import rules, validation
from zorgkg.publishing.affected import to_term
from zorgkg.publishing.candidate import to_rdflib
from zorgkg.publishing.draft import Draft
from zorgkg.publishing.incremental import Shapes, validate_all, validate_change
from zorgkg.publishing.rules import GRAPH

ONTOLOGY = planted.ONTOLOGY
DATA = NamedNode("urn:data")
OTHER = NamedNode("urn:other")
PROFILE = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
}


def store(quads: Iterable[Quad]) -> Store:
    """A version: named graphs, and their merge as the default graph."""
    made = Store()
    made.extend(quads)
    made.extend([Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) for quad in made])
    return made


def named(one: Store) -> set[Quad]:
    return {quad for quad in one if quad.graph_name != DefaultGraph()}


def quads(graph: rdflib.Graph, name: NamedNode = DATA) -> set[Quad]:
    return {Quad(to_term(s), to_term(p), to_term(o), name) for s, p, o in graph}  # type: ignore[arg-type]


def results(graph: rdflib.Graph) -> Counter[tuple[str, ...]]:
    """Each result as text: blank nodes of shapes and data keep their names in a report."""
    told = (SH.focusNode, SH.value, SH.sourceConstraintComponent, SH.sourceShape, SH.resultSeverity, SH.resultMessage)
    return Counter(
        tuple(str(sorted(map(repr, graph.objects(result, predicate)))) for predicate in (*told, SH.resultPath))
        for result in graph.objects(None, SH.result)
    )


# The planted faults of the shapes' own tests, as changes.


@pytest.fixture(scope="module")
def shapes_graph() -> rdflib.Graph:
    return validation.read_shapes(ONTOLOGY / "shapes")


@pytest.fixture(scope="module")
def shapes(shapes_graph: rdflib.Graph) -> Shapes:
    # Of the same graph: a result names the blank nodes of its shapes.
    prepared = Shapes(shapes_graph)
    assert prepared.full == {}, "a shape of ours is judged in full at every change"
    return prepared


@pytest.fixture(scope="module")
def valid() -> set[Quad]:
    ontology = rdflib.Graph().parse(ONTOLOGY / "zorgkg.ttl")
    graph = rdflib.Graph().parse(data=planted.VALID, format="turtle")
    for predicate in (RDFS.subClassOf, RDFS.subPropertyOf):
        for triple in ontology.triples((None, predicate, None)):
            graph.add(triple)
    return named(store(quads(graph)))


CHANGES = planted.FAULTS + planted.FINE


@pytest.mark.parametrize("number", range(len(CHANGES)), ids=[change.name for change in CHANGES])
def test_a_planted_fault_is_reported_when_it_comes_as_a_change(
    number: int, valid: set[Quad], shapes: Shapes, shapes_graph: rdflib.Graph
) -> None:
    change = CHANGES[number]
    draft = Draft(store(valid), store(valid))
    draft.change(quads(planted._parse(change.remove)), quads(planted._parse(change.add)))
    report = validate_change(shapes, draft)
    expected = set()
    if number < len(planted.FAULTS):
        expected = planted._subjects(planted.OTHERS.get(change.name, ""))
        if change.name not in planted.NOT_ITSELF:
            expected |= planted._subjects(change.focus)
    assert {result.focus for result in report.results()} == expected
    assert report.conforms == (not expected)
    assert bool(report.graph.value(report.graph.value(None, RDF.type, SH.ValidationReport), SH.conforms)) != bool(
        expected
    )
    # Judged as a whole, of which only what may violate a shape is looked at.
    assert results(validate_all(shapes, draft.after).graph) == results(report.graph)
    if number % 40 == 0:
        # The focus nodes are those of full validation, which the shapes' own tests see; here the results whole.
        assert results(report.graph) == results(validation.validate(to_rdflib(draft.after), shapes_graph).graph)


# Random changes of the valid graph.


@pytest.fixture(scope="module")
def prepared_rules() -> rules.Rules:
    prepared = rules.prepare(ONTOLOGY / "rules")
    assert prepared.full == [], "a rule of ours is derived in full at every change"
    assert prepared.backwards == [], "a rule of ours reads what a later one gives: all is derived anew at every change"
    return prepared


def derived_anew(data: Iterable[Quad], folder: Path) -> set[Quad]:
    """Derive everything from statements that hold nothing derived."""
    fresh = Store()
    fresh.extend(data)
    rules.apply(fresh, folder)
    return set(fresh.quads_for_pattern(None, None, None, GRAPH))


def order(quad: Quad) -> str:
    return str(quad)


def edits(chance: Random, data: set[Quad]) -> tuple[set[Quad], set[Quad]]:
    """Draw statements that go and that come: half of them differ from one that is there in one term."""
    there = sorted(data, key=order)
    went, came = set(), set()
    for _ in range(chance.randint(1, 4)):
        quad = chance.choice(there)
        kind = chance.choice(("remove", "object", "subject", "predicate", "literal", "thing", "blank"))
        if kind == "thing":
            went |= {other for other in there if other.subject == quad.subject}
        elif kind == "blank":
            node = BlankNode("new")
            came.add(Quad(quad.subject, quad.predicate, node, quad.graph_name))
            other = chance.choice(there)
            came.add(Quad(node, other.predicate, other.object, quad.graph_name))
        elif kind == "literal":
            value = chance.choice(("", "Aan mevrouw Peeters", "x", "OCMW van Malle", "7", "-1"))
            made = chance.choice(
                (
                    Literal(value),
                    Literal(value, language="nl"),
                    Literal(value, datatype=NamedNode(str(XSD.integer))),
                )
            )
            came.add(Quad(quad.subject, quad.predicate, made, quad.graph_name))
            if chance.random() < 0.5:
                went.add(quad)
        elif kind != "remove":
            other = (
                chance.choice(there)
                if chance.random() < 0.5
                else chance.choice([one for one in there if one.predicate == quad.predicate])
            )
            parts: dict[str, Any] = {"subject": quad.subject, "predicate": quad.predicate, "object": quad.object}
            parts[kind] = getattr(other, kind)
            came.add(Quad(parts["subject"], parts["predicate"], parts["object"], quad.graph_name))
            if chance.random() < 0.5:
                went.add(quad)
        else:
            went.add(quad)
    return went, came


@pytest.mark.parametrize("seed", range(8))
def test_a_random_change_gives_what_a_full_derivation_and_validation_give(
    seed: int, valid: set[Quad], shapes: Shapes, shapes_graph: rdflib.Graph, prepared_rules: rules.Rules
) -> None:
    base = valid | derived_anew(valid, ONTOLOGY / "rules")
    draft = Draft(store(base), store(base))
    data = set(valid)
    chance = Random(seed)  # noqa: S311
    for _ in range(chance.randint(1, 2)):
        went, came = edits(chance, data)
        draft.change(went, came)
        # As a store keeps them: a number may be written in several ways.
        data = named(store((data - went) | came))
    rules.apply_change(prepared_rules, draft)
    derived = derived_anew(data, ONTOLOGY / "rules")
    assert named(draft.after) == data | derived
    report = validate_change(shapes, draft)
    full = validation.validate(to_rdflib(store(data | derived)), shapes_graph)
    assert report.conforms == full.conforms
    assert results(report.graph) == results(full.graph)


# Random small shapes and rules: what ours do not use, too.

EX = rdflib.Namespace("urn:x:")
NODES: list[rdflib.term.Node] = [EX.a, EX.b, EX.c, EX.d, rdflib.BNode("one"), rdflib.BNode("two")]
CLASSES = [EX.Big, EX.Small, EX.Odd]
LITERALS: list[rdflib.term.Node] = [
    rdflib.Literal("t"),
    rdflib.Literal("t", lang="nl"),
    rdflib.Literal(1),
    rdflib.Literal(2),
]
PREDICATES = [EX.p, EX.q, EX.r]

triples = st.one_of(
    st.tuples(st.sampled_from(NODES), st.sampled_from(PREDICATES), st.sampled_from(NODES + LITERALS)),
    st.tuples(st.sampled_from(NODES), st.just(RDF.type), st.sampled_from(CLASSES)),
    st.tuples(st.sampled_from(CLASSES), st.just(RDFS.subClassOf), st.sampled_from(CLASSES)),
)
graphs = st.sets(triples, min_size=3, max_size=14)


class Draw:
    """Draws shapes into a graph."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.graph = rdflib.Graph()

    def one(self, *values: object) -> object:
        return self.draw(st.sampled_from(values))

    def list(self, members: list[rdflib.term.Node]) -> rdflib.BNode:
        node = rdflib.BNode()
        Collection(self.graph, node, members)
        return node

    def path(self, depth: int) -> rdflib.term.Node:
        kind = self.one("step", "step", "chain", "choice", "inverse", "star", "plus", "maybe") if depth else "step"
        if kind == "step":
            return self.draw(st.sampled_from(PREDICATES))
        if kind == "chain":
            return self.list([self.path(depth - 1), self.path(depth - 1)])
        node = rdflib.BNode()
        if kind == "choice":
            self.graph.add((node, SH.alternativePath, self.list([self.path(depth - 1), self.path(depth - 1)])))
        else:
            named = {"inverse": SH.inversePath, "star": SH.zeroOrMorePath, "plus": SH.oneOrMorePath}
            self.graph.add((node, named.get(str(kind), SH.zeroOrOnePath), self.path(depth - 1)))
        return node

    def shape(self, depth: int, node: rdflib.term.Node, valued: bool | None = None) -> rdflib.term.Node:
        valued = self.draw(st.booleans()) if valued is None else valued
        self.graph.add((node, RDF.type, SH.PropertyShape if valued else SH.NodeShape))
        if valued:
            self.graph.add((node, SH.path, self.path(2)))
        kinds = ["class", "in", "nodeKind", "hasValue"]
        kinds += ["minCount", "maxCount", "uniqueLang", "equals", "disjoint", "lessThan"] if valued else ["closed"]
        kinds += ["not", "or", "and", "xone", "node", "property"] if depth else []
        kinds += ["qualified"] if depth and valued else []
        kinds += ["sparql"]
        for kind in self.draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=2, unique=True)):
            self.constraint(kind, depth, node)
        return node

    def constraint(self, kind: str, depth: int, node: rdflib.term.Node) -> None:
        def add(predicate: rdflib.term.Node, value: rdflib.term.Node) -> None:
            self.graph.add((node, predicate, value))

        if kind == "class":
            add(SH["class"], self.draw(st.sampled_from(CLASSES)))
        elif kind == "in":
            add(SH["in"], self.list(NODES[:2] + LITERALS[:2]))
        elif kind == "nodeKind":
            add(SH.nodeKind, self.draw(st.sampled_from([SH.IRI, SH.Literal, SH.BlankNodeOrIRI])))
        elif kind == "hasValue":
            add(SH.hasValue, self.draw(st.sampled_from(NODES[:4] + LITERALS)))
        elif kind in ("minCount", "maxCount"):
            add(SH[kind], rdflib.Literal(self.draw(st.integers(0, 2))))
        elif kind == "uniqueLang":
            add(SH.uniqueLang, rdflib.Literal(True))
        elif kind in ("equals", "disjoint", "lessThan"):
            add(SH[kind], self.draw(st.sampled_from(PREDICATES)))
        elif kind == "closed":
            add(SH.closed, rdflib.Literal(True))
            add(SH.ignoredProperties, self.list([RDF.type, EX.p]))
        elif kind in ("or", "and", "xone"):
            members = [self.shape(depth - 1, rdflib.BNode()), self.shape(depth - 1, rdflib.BNode())]
            add(SH[kind], self.list(members))
        elif kind == "qualified":
            add(SH.qualifiedValueShape, self.shape(depth - 1, rdflib.BNode()))
            add(SH.qualifiedMinCount, rdflib.Literal(1))
            add(SH.qualifiedMaxCount, rdflib.Literal(1))
        elif kind == "sparql":
            query = rdflib.BNode()
            add(SH.sparql, query)
            inner = self.one(
                "FILTER NOT EXISTS { ?other <urn:x:q> $this }",
                "FILTER NOT EXISTS { ?value <urn:x:q>/^<urn:x:r> ?other FILTER EXISTS { ?other a <urn:x:Odd> } }",
                "OPTIONAL { ?value <urn:x:q> ?other } FILTER (!BOUND(?other))",
                "{ ?value <urn:x:q>+ ?x } UNION { ?x !(<urn:x:p>|<urn:x:q>) $this }",
                "{ SELECT $this ?value (COUNT(?x) AS ?n) WHERE { $this ?any ?value . ?x <urn:x:r> ?value } "
                "GROUP BY $this ?value } FILTER (?n > 1)",
            )
            text = f"SELECT $this ?value WHERE {{ $this <urn:x:p> ?value . {inner} }}"
            self.graph.add((query, SH.select, rdflib.Literal(text)))
        else:
            predicate = {"node": SH.node, "property": SH.property}.get(kind, SH["not"])
            add(predicate, self.shape(depth - 1, rdflib.BNode(), {"node": False, "property": True}.get(kind)))


@st.composite
def small_shapes(draw: st.DrawFn) -> rdflib.Graph:
    drawer = Draw(draw)
    for number in range(draw(st.integers(1, 3))):
        node = EX[f"Shape{number}"]
        drawer.shape(2, node)
        kind = draw(st.sampled_from(("class", "subjects", "objects", "node")))
        if kind == "class":
            drawer.graph.add((node, SH.targetClass, draw(st.sampled_from(CLASSES))))
        elif kind == "node":
            drawer.graph.add((node, SH.targetNode, draw(st.sampled_from(NODES[:4]))))
        else:
            predicate = SH.targetSubjectsOf if kind == "subjects" else SH.targetObjectsOf
            drawer.graph.add((node, predicate, draw(st.sampled_from(PREDICATES))))
    return drawer.graph


def as_quads(chosen: Iterable[tuple[rdflib.term.Node, ...]], graph: NamedNode = DATA) -> set[Quad]:
    return {Quad(to_term(s), to_term(p), to_term(o), graph) for s, p, o in chosen}  # type: ignore[arg-type]


def by_shape(graph: rdflib.Graph) -> dict[tuple[str, str], Counter[tuple[str, ...]]]:
    found: dict[tuple[str, str], Counter[tuple[str, ...]]] = {}
    for result, count in results(graph).items():
        found.setdefault((result[0], result[3]), Counter())[result] = count
    return found


@pytest.mark.slow
@settings(max_examples=100, **PROFILE)  # type: ignore[arg-type]
@given(shapes=small_shapes(), before=graphs, after=graphs)
def test_any_shapes_report_what_a_change_broke(
    shapes: rdflib.Graph, before: set[tuple[rdflib.term.Node, ...]], after: set[tuple[rdflib.term.Node, ...]]
) -> None:
    warnings.simplefilter("ignore")  # Some of the drawn shapes make no sense to pySHACL, which says so.
    old, kept = as_quads(before), as_quads(after)
    draft = Draft(store(old), store(old))
    draft.change(sorted(old, key=order)[:2], sorted(kept, key=order)[:3])
    prepared = Shapes(shapes)
    try:
        full = by_shape(validation.validate(to_rdflib(draft.after), shapes).graph)
    except ReportableRuntimeError:
        reject()  # pySHACL compares no blank nodes.
    try:
        broken_before = by_shape(validation.validate(to_rdflib(draft.before), shapes).graph)
    except ReportableRuntimeError:
        reject()
    incremental = by_shape(validate_change(prepared, draft).graph)
    for where, found in full.items():
        # Of a node that a shape refused before, nothing is promised: no version that does not conform is published.
        if where not in broken_before:
            assert incremental.get(where) == found
    for where, found in incremental.items():
        assert full.get(where) == found
    # A message of pySHACL may list values in any order.
    assert by_shape(validate_all(prepared, draft.after).graph).keys() == full.keys()


VARIABLES = ("?a", "?b", "?c")


@st.composite
def groups(draw: st.DrawFn, depth: int, predicates: tuple[str, ...]) -> str:
    """Draw a group graph pattern that binds the anchor ?a."""

    def node() -> str:
        return draw(st.sampled_from((*VARIABLES, *VARIABLES, "<urn:x:a>", "?z")))

    def step() -> str:
        one, two = draw(st.sampled_from(predicates)), draw(st.sampled_from(predicates))
        forms = (one, one, one, f"{one}/{two}", f"({one}|^{two})", f"{one}+", f"{one}*", f"^{one}", f"!({one}|^{two})")
        return draw(st.sampled_from((*forms, f"({one}/{two}?)*")))

    def pattern() -> str:
        return f"{node()} {step()} {node()} ."

    parts = [f"?a {draw(st.sampled_from(predicates))} {draw(st.sampled_from(('?b', '?c')))} ."]
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(
            st.sampled_from(("pattern", "optional", "minus", "not", "exists", "union", "filter", "count", "bind"))
        )
        if kind == "pattern" or (not depth and kind in ("optional", "minus", "not", "exists", "union", "count")):
            parts.append(pattern())
        elif kind in ("optional", "minus", "not", "exists"):
            word = {"optional": "OPTIONAL", "minus": "MINUS", "not": "FILTER NOT EXISTS", "exists": "FILTER EXISTS"}[
                kind
            ]
            inner = draw(groups(depth - 1, predicates)) if draw(st.booleans()) else pattern()
            parts.append(f"{word} {{ {inner} }}")
        elif kind == "union":
            parts.append(
                f"{{ {draw(groups(depth - 1, predicates))} }} UNION {{ {draw(groups(depth - 1, predicates))} }}"
            )
        elif kind == "count":
            parts.append(
                f"{{ SELECT ?a (COUNT(?b) AS ?n) (MIN(STR(?c)) AS ?m) WHERE {{\n# anchor: ?a\n"
                f"{draw(groups(depth - 1, predicates))} }} GROUP BY ?a }} FILTER (?n > 1)"
            )
        elif kind == "filter":
            parts.append(draw(st.sampled_from(("FILTER (?b != ?c)", "FILTER (!BOUND(?c))", "FILTER (isIRI(?b))"))))
        else:
            parts.append("OPTIONAL { ?b <urn:x:q> ?o } BIND (COALESCE(?o, ?b) AS ?y)")
            break
    return " ".join(parts)


@st.composite
def small_rules(draw: st.DrawFn) -> list[str]:
    """Draw rules, of which each may read what those before it give."""
    made = []
    predicates: tuple[str, ...] = ("<urn:x:p>", "<urn:x:q>", "<urn:x:r>")
    for number in range(draw(st.integers(1, 3))):
        templates = ("?a <urn:d:%d> ?b", "?b <urn:d:%d> ?a", "?b <urn:d:%d> ?c", "?b <urn:d:%d> ?y", "?a <urn:d:9> ?b")
        chosen = draw(st.lists(st.sampled_from(templates), min_size=1, max_size=2, unique=True))
        template = " . ".join(one % number if "%d" in one else one for one in chosen)
        body = draw(groups(2, predicates))
        made.append(f"CONSTRUCT {{ {template} }} WHERE {{\n# anchor: ?a\n{body} }}")
        predicates = (*predicates, f"<urn:d:{number}>")
    return made


@pytest.mark.slow
@settings(max_examples=100, **PROFILE)  # type: ignore[arg-type]
@given(texts=small_rules(), before=graphs, other=graphs, after=graphs)
def test_any_rules_derive_from_a_change_what_they_derive_anew(
    texts: list[str],
    before: set[tuple[rdflib.term.Node, ...]],
    other: set[tuple[rdflib.term.Node, ...]],
    after: set[tuple[rdflib.term.Node, ...]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("rules")
    for number, text in enumerate(texts):
        (folder / f"{number}.rq").write_text(text, "utf-8")
    try:
        for text in texts:
            Store().query(text)
    except SyntaxError:
        reject()
    prepared = rules.prepare(folder)
    data = as_quads(before) | as_quads(other, OTHER)
    base = data | derived_anew(data, folder)
    draft = Draft(store(base), store(base))
    went, came = set(sorted(data, key=order)[:2]), set(sorted(as_quads(after), key=order)[:3])
    draft.change(went, came)
    data = (data - went) | came
    rules.apply_change(prepared, draft)
    assert named(draft.after) == data | derived_anew(data, folder)
    assert {quad.triple for quad in draft.after.quads_for_pattern(None, None, None, DefaultGraph())} == {
        quad.triple for quad in named(draft.after)
    }
