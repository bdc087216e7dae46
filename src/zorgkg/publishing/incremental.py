"""Incremental validation: of a change to a version that conforms, only what it can affect is judged.

For each shape it is known which triples its verdict on a focus node can depend on (:mod:`zorgkg.publishing.affected`):
targets, paths, nested shapes, classes of values, SPARQL. The nodes for which one of these came or went are judged by
pySHACL, against that shape alone, on the version after the change. All others conform as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import rdflib
from pyoxigraph import NamedNode, Store
from pyshacl import ShapesGraph, Validator
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS
from pyshacl.helper import get_query_helper_cls
from pyshacl.monkey import apply_patches
from pyshacl.pytypes import SHACLExecutor
from rdflib.namespace import RDF, RDFS, SH

from zorgkg.publishing import validation
from zorgkg.publishing.affected import (
    CAME,
    WENT,
    Chain,
    Choice,
    Index,
    Part,
    Pattern,
    Repeat,
    Step,
    Term,
    Unsupported,
    View,
    as_stored,
    deltas,
    inverse,
    query_parts,
    to_term,
)
from zorgkg.publishing.affected import Path as GraphPath
from zorgkg.publishing.draft import Draft
from zorgkg.publishing.sieve import Sieve
from zorgkg.publishing.storegraph import StoreGraph
from zorgkg.publishing.validation import Report, prepare_query

Shape: TypeAlias = Any
"""A shape of pySHACL, which has no types."""

FOCUS = "this"
INSTANCE = Chain((Step(NamedNode(str(RDF.type))), Repeat(Step(NamedNode(str(RDFS.subClassOf))), zero=True, many=True)))
PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
LISTS = (SH["and"], SH["or"], SH.xone)

# Of a node that conformed, a constraint of this kind can be broken by a value that came, and not by one that went.
BY_NEW_VALUES = frozenset(
    {
        SH.maxCount,
        SH.uniqueLang,
        SH["class"],
        SH.datatype,
        SH.nodeKind,
        SH.pattern,
        SH.flags,
        SH["in"],
        SH.languageIn,
        SH.minLength,
        SH.maxLength,
        SH.minInclusive,
        SH.minExclusive,
        SH.maxInclusive,
        SH.maxExclusive,
        SH.disjoint,
        SH.lessThan,
        SH.lessThanOrEquals,
        SH.node,
        SH.property,
        SH["not"],
        *LISTS,
    }
)
# And of this kind by one that went, and not by one that came.
BY_LOST_VALUES = frozenset({SH.minCount, SH.hasValue})
# What these say depends on the path's values alone.
PLAIN = frozenset(
    {*BY_NEW_VALUES, *BY_LOST_VALUES, SH.qualifiedMinCount, SH.qualifiedMaxCount, SH.ignoredProperties}
) - {
    SH["class"],
    SH.node,
    SH.property,
    SH["not"],
    *LISTS,
    *PAIRS,
}


@dataclass(frozen=True)
class _Target:
    """The targets of a shape."""

    nodes: frozenset[Term]
    classes: frozenset[Term]
    subjects_of: frozenset[NamedNode]
    objects_of: frozenset[NamedNode]

    def parts(self) -> Iterator[Part]:
        """Describe which triples make a node a target."""
        for kind in self.classes:
            yield Part((Pattern(FOCUS, INSTANCE, kind),), signs=CAME)
        for predicate in self.subjects_of:
            yield Part((Pattern(FOCUS, Step(predicate), "~any"),), signs=CAME)
        for predicate in self.objects_of:
            yield Part((Pattern("~any", Step(predicate), FOCUS),), signs=CAME)

    def holds(self, node: Term, view: View) -> bool:
        """Whether a node is a target."""
        return (
            node in self.nodes
            or any(next(view.triples(node, predicate, None), None) for predicate in self.subjects_of)
            or any(next(view.triples(None, predicate, node), None) for predicate in self.objects_of)
            or (bool(self.classes) and any(kind in self.classes for kind in view.follow(node, INSTANCE)))
        )

    def __bool__(self) -> bool:
        return any((self.nodes, self.classes, self.subjects_of, self.objects_of))


class Shapes:
    """Shapes that are prepared for changes.

    :param graph: the shapes graph; it is not changed.
    """

    def __init__(self, graph: rdflib.Graph) -> None:
        apply_patches()  # type: ignore[no-untyped-call]
        self.graph = graph
        own = rdflib.Graph()
        for prefix, namespace in graph.namespaces():
            own.bind(prefix, namespace)
        own += graph
        self.shapes = ShapesGraph(own)
        self.by_name: dict[str, tuple[Shape, _Target]] = {}
        self.full: dict[str, str] = {}
        """Shapes that are judged on all their targets at every change: name → why."""
        entries = []
        for shape in self.shapes.shapes:
            target = self._target(shape)
            if shape.deactivated or not target:
                continue
            name = str(shape.node)
            self.by_name[name] = (shape, target)
            try:
                parts = [*target.parts(), *self._shape_parts(shape)]
                entries += [(name, delta) for delta in deltas(parts, FOCUS)]
            except Unsupported as error:
                self.full[name] = str(error)
        self.index = Index(entries)
        self.least = self._least()

    @classmethod
    def read(cls, folder: Path) -> Shapes:
        """Read the shapes (`*.ttl`) of a folder."""
        return cls(validation.read_shapes(folder))

    def affected(self, draft: Draft) -> dict[str, set[Term]]:
        """Return shape → the focus nodes on which a change may alter its verdict; without those of `full`."""
        view = View(draft.after)
        found = {}
        for name, nodes in self.index.affected(draft).items():
            shape, target = self.by_name[name]
            if name not in self.full:
                held = {node for node in nodes if target.holds(node, view) and not self._enough(shape, node, view)}
                if held:
                    found[name] = held
        return found

    def _target(self, shape: Shape) -> _Target:
        nodes, classes, implicit, objects_of, subjects_of = shape.target()
        return _Target(
            frozenset(as_stored(to_term(node)) for node in nodes),
            frozenset(to_term(node) for node in (*classes, *implicit)),
            frozenset(NamedNode(str(node)) for node in subjects_of),
            frozenset(NamedNode(str(node)) for node in objects_of),
        )

    def _enough(self, shape: Shape, node: Term, view: View) -> bool:
        """Whether a shape that asks only for a number of values has them: there may be very many more."""
        wanted = self.least.get(str(shape.node))
        if wanted is None:
            return False
        number, path = wanted
        reached: set[Term] = set()
        for value in view.follow(node, path):
            reached.add(value)
            if len(reached) >= number:
                return True
        return number == 0

    def _least(self) -> dict[str, tuple[int, GraphPath]]:
        found = {}
        for name, (shape, _) in self.by_name.items():
            if shape.is_property_shape and self._parameters(shape) == {SH.minCount}:
                (number,) = shape.objects(SH.minCount)
                found[name] = (int(number), self._path(shape.path()))
        return found

    # What the verdict of a shape depends on.

    def _parameters(self, shape: Shape) -> set[rdflib.term.Node]:
        found = {predicate for predicate in self.shapes.graph.predicates(shape.node) if predicate in _ALL}
        return found | {component.node for component in shape.find_custom_constraints()}

    def _shape_parts(self, shape: Shape) -> Iterator[Part]:
        part = self._part(shape, FOCUS, ())
        if shape.is_property_shape:
            parameters = self._parameters(shape)
            if parameters <= BY_NEW_VALUES:
                part = replace(part, signs=CAME)
            elif parameters <= BY_LOST_VALUES:
                part = replace(part, signs=WENT)
        yield part

    def _part(self, shape: Shape, focus: str, above: tuple[Shape, ...]) -> Part:
        if shape in above:
            raise Unsupported("the shape refers to itself")
        if not shape.is_property_shape:
            return Part(inner=tuple(self._constraints(shape, focus, focus, (*above, shape))))
        value = _variable()
        return Part(
            (Pattern(focus, self._path(shape.path()), value),),
            tuple(self._constraints(shape, focus, value, (*above, shape))),
        )

    def _constraints(self, shape: Shape, focus: str, value: str, above: tuple[Shape, ...]) -> Iterator[Part]:
        graph = self.shapes.graph
        for predicate, given in graph.predicate_objects(shape.node):
            if predicate == SH["class"]:
                # A class that a value got breaks nothing; below sh:not it may.
                signs = WENT if len(above) == 1 else CAME | WENT
                yield Part((Pattern(value, INSTANCE, to_term(given)),), signs=signs)
            elif predicate in (SH.node, SH.property, SH["not"], SH.qualifiedValueShape):
                yield from self._nested(given, value, above)
            elif predicate in LISTS:
                for one in graph.items(given):
                    yield from self._nested(one, value, above)
            elif predicate in PAIRS:
                yield Part((Pattern(focus, Step(NamedNode(str(given))), _variable()),))
            elif predicate == SH.closed:
                yield Part((Pattern(value, Step(_variable()), _variable()),))
            elif predicate == SH.qualifiedValueShapesDisjoint:
                for parent in graph.subjects(SH.property, shape.node):
                    for sibling in graph.objects(parent, SH.property):
                        for one in graph.objects(sibling, SH.qualifiedValueShape):
                            yield from self._nested(one, value, above)
            elif predicate == SH.sparql:
                yield from self._query_parts(shape, given, graph.value(given, SH.select), focus, value)
            elif predicate in _ALL and predicate not in PLAIN:
                raise Unsupported(f"{predicate} is not followed")
        for component in shape.find_custom_constraints():
            bound = component.make_validator_for_shape(shape)
            yield from self._text_parts(bound.query_helper, focus, value)

    def _nested(self, node: Any, value: str, above: tuple[Shape, ...]) -> Iterator[Part]:
        shape = self.shapes.lookup_shape_from_node(node)
        if not shape.deactivated:
            yield self._part(shape, value, above)

    def _query_parts(self, shape: Shape, node: Any, text: Any, focus: str, value: str) -> Iterator[Part]:
        helper = get_query_helper_cls()(shape, node, str(text))  # type: ignore[no-untyped-call]
        helper.collect_prefixes()
        yield from self._text_parts(helper, focus, value)

    def _text_parts(self, helper: Any, focus: str, value: str) -> Iterator[Part]:
        extra = helper.param_bind_map.keys()
        _, text = helper.pre_bind_variables(RDF.nil, valuenode=RDF.nil if extra else None, extravars=extra)
        text = helper.apply_prefixes(text)
        # Parsing is the slow part: done here, once.
        prepare_query(text)
        yield from query_parts(text, {"this": focus, "value": value} if extra else {"this": focus})

    def _path(self, node: Any) -> GraphPath:
        """Translate a SHACL property path (SHACL, 2.3.1)."""
        if isinstance(node, rdflib.URIRef):
            return Step(NamedNode(str(node)))
        graph = self.shapes.graph
        if graph.value(node, RDF.first) is not None:
            return Chain(tuple(self._path(one) for one in graph.items(node)))
        for predicate, other in graph.predicate_objects(node):
            if predicate == SH.inversePath:
                return inverse(self._path(other))
            if predicate == SH.alternativePath:
                return Choice(tuple(self._path(one) for one in graph.items(other)))
            if predicate == SH.zeroOrMorePath:
                return Repeat(self._path(other), zero=True, many=True)
            if predicate == SH.oneOrMorePath:
                return Repeat(self._path(other), zero=False, many=True)
            if predicate == SH.zeroOrOnePath:
                return Repeat(self._path(other), zero=True, many=False)
        raise Unsupported("not a property path")


_ALL = frozenset(ALL_CONSTRAINT_PARAMETERS)
_numbers = count()


def _variable() -> str:
    return f"~shape{next(_numbers)}"


def validate_change(shapes: Shapes, draft: Draft) -> Report:
    """Judge a change to a version that conforms.

    :param shapes: the shapes.
    :param draft: the changed version, whose version before conforms.
    :returns: the report that a validation of the whole version after the change would give.
    """
    judged: dict[str, Iterable[Term] | None] = {**shapes.affected(draft), **dict.fromkeys(shapes.full)}
    return _judged(shapes, draft.after, judged)


def validate_all(shapes: Shapes, store: Store) -> Report:
    """Judge a whole version.

    :param shapes: the shapes.
    :param store: its statements, its default graph being their merge.
    :returns: the report that :func:`zorgkg.publishing.validation.validate` gives, of which only those nodes are judged
        that may violate a shape.
    """
    sieve = Sieve(shapes.shapes)
    judged: dict[str, Iterable[Term] | None] = {}
    for name, (shape, target) in shapes.by_name.items():
        nodes = {*target.nodes, *sieve.candidates(shape, target.classes, target.subjects_of, target.objects_of, store)}
        if nodes:
            judged[name] = nodes
    return _judged(shapes, store, judged)


def _judged(shapes: Shapes, store: Store, judged: Mapping[str, Iterable[Term] | None]) -> Report:
    """Judge nodes of a store, each by a shape; None: all targets of that shape."""
    graph = StoreGraph(store)
    executor = SHACLExecutor()
    conforms = True
    results: list[Any] = []
    try:
        for name, nodes in judged.items():
            shape, _ = shapes.by_name[name]
            focus = None if nodes is None else [graph.node(node) for node in nodes]
            conformed, found = shape.validate(executor, graph, focus=focus)
            conforms = conforms and conformed
            results += found
        report, _ = Validator.create_validation_report(shapes.shapes, conforms, results)
    finally:
        graph.release()
    return Report(conforms, report)
