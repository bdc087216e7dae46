"""Sieve: which nodes may violate a shape, asked of the engine for all of them at once.

pySHACL judges one node after the other, which for a hundred thousand nodes takes too long. So each shape is translated
into a condition (SPARQL) that holds of every node that violates it, and perhaps of some that do not; only the nodes of
which it holds are judged. What is not translated counts as perhaps violated: then all targets are judged.

Under `sh:not` the question turns round. So there are always two conditions: one that holds wherever the shape *may* be
violated, and one that holds only where it *must* be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import count
from typing import Any, Final, TypeAlias

import rdflib
from pyoxigraph import NamedNode, QuerySolutions, Store
from rdflib.namespace import RDF, RDFS, SH, XSD

from zorgkg.publishing.affected import Term
from zorgkg.publishing.conditions import (
    FALSE,
    NEVER,
    TRUE,
    UNKNOWN,
    Condition,
    all_of,
    any_of,
    exactly,
    exists,
    negated,
)

Shape: TypeAlias = Any
"""A shape of pySHACL, which has no types."""

Steps: TypeAlias = tuple[str, ...]
"""SPARQL paths, one behind the other."""

FOCUS: Final = "this"

_SELECT: Final = re.compile(r"\s*SELECT\s+DISTINCT\s+\$this\s+\?value\s+WHERE\s*\{(.*)\}\s*", re.DOTALL)
_CASTS: Final = {XSD.integer, XSD.decimal, XSD.boolean, XSD.double, XSD.float, XSD.date, XSD.dateTime}
"""Datatypes whose lexical forms the engine can check."""

_FORMS: Final = {
    XSD.nonNegativeInteger: "^[0-9]{1,18}$",
    XSD.positiveInteger: "^[0-9]{0,17}[1-9]$",
    XSD.gYear: "^[0-9]{4}$",
    XSD.gYearMonth: "^[0-9]{4}-(0[1-9]|1[0-2])$",
}
"""Datatypes, and a form that is well-formed; there may be others."""

_MOST: Final = 2
"""The highest number of values that is counted here: an engine may hold every combination of all but the last."""

_ORDERS: Final = {SH.minInclusive: ">=", SH.minExclusive: ">", SH.maxInclusive: "<=", SH.maxExclusive: "<"}
_KINDS: Final = {
    SH.IRI: "isIRI({v})",
    SH.Literal: "isLiteral({v})",
    SH.BlankNode: "isBlank({v})",
    SH.BlankNodeOrIRI: "!isLiteral({v})",
    SH.BlankNodeOrLiteral: "!isIRI({v})",
    SH.IRIOrLiteral: "!isBlank({v})",
}


class Sieve:
    """Shapes, translated.

    :param shapes: pySHACL's shapes graph.
    """

    def __init__(self, shapes: Any) -> None:
        self._shapes = shapes
        self._graph: rdflib.Graph = shapes.graph
        self._numbers = count()
        self._prefixes: dict[str, str] = {}
        self._bodies: list[str] = []
        """Groups of queries of our own that find a target; joined with it, an engine can begin with what is few."""
        self._above: list[Any] = []

    def candidates(
        self,
        shape: Shape,
        classes: Iterable[Term],
        subjects_of: Iterable[Term],
        objects_of: Iterable[Term],
        store: Store,
    ) -> Iterator[Term]:
        """Give the targets of a shape that may violate it.

        :param shape: the shape.
        :param classes: IRIs of its target classes; nodes of their subclasses are targets too.
        :param subjects_of: properties whose subjects are targets.
        :param objects_of: properties whose objects are targets.
        :param store: the statements, its default graph being their merge.
        """
        self._prefixes, self._bodies = {}, []
        condition = self._shape(shape, FOCUS).may
        wanted = [f"{{ {one} }}" for one in self._bodies]
        if condition != FALSE:
            wanted.append("" if condition == TRUE else f"FILTER({condition})")
        kinds = sorted({str(kind) for one in classes for kind in _subclasses(store, one)})
        targets = [f"{{ VALUES ?type {{ {' '.join(kinds)} }} ?this a ?type }}"] if kinds else []
        targets += [f"{{ ?this {one} ?any }}" for one in subjects_of]
        targets += [f"{{ ?any {one} ?this }}" for one in objects_of]
        prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in self._prefixes.items())
        for target in targets:
            for one in wanted:
                yield from _column(store, f"{prologue}SELECT DISTINCT ?this WHERE {{ {target} {one} }}")

    # Shapes

    def _shape(self, shape: Shape, focus: str) -> Condition:
        if shape.deactivated:
            return NEVER
        if shape.node in self._above:
            return UNKNOWN
        self._above.append(shape.node)
        try:
            return any_of(self._constraints(shape, focus))
        finally:
            self._above.pop()

    def _list(self, node: Any) -> list[Any]:
        return list(self._graph.items(node))

    def _nested(self, node: Any, focus: str) -> Condition:
        return self._shape(self._shapes.lookup_shape_from_node(node), focus)

    def _constraints(self, shape: Shape, focus: str) -> Iterator[Condition]:
        path = self._steps(shape.path()) if shape.is_property_shape else None
        if shape.is_property_shape and path is None:
            yield UNKNOWN
            return
        given = sorted(self._graph.predicate_objects(shape.node))
        for predicate, value in given:
            if predicate in _OF_PATH:
                yield UNKNOWN if path is None else self._counted(shape, predicate, value, focus, path)
            elif predicate == SH.hasValue:
                yield self._has_value(value, focus, path)
            elif predicate in _PAIRS:
                yield UNKNOWN if path is None else self._pair(predicate, value, focus, path)
            elif predicate in _OF_VALUES or predicate in _NESTING:
                yield self._values(focus, path, partial(self._value, shape, predicate, value))
            elif predicate in _REST:
                yield UNKNOWN
        for component in shape.find_custom_constraints():
            yield self._custom(component, shape, focus, path)

    def _values(self, focus: str, path: Steps | None, told: Callable[[str], Condition]) -> Condition:
        """When some value of a path, or the node itself where there is none, is wrong."""
        if path is None:
            return told(focus)
        value = self._variable()
        wrong = told(value)
        return Condition(
            self._reached(focus, path, f"?{value}", wrong.may), self._reached(focus, path, f"?{value}", wrong.must)
        )

    def _value(self, shape: Shape, predicate: Any, given: Any, value: str) -> Condition:
        """When a value violates a constraint."""
        v = f"?{value}"
        if predicate in (SH.node, SH.property):
            return self._nested(given, value)
        if predicate == SH["not"]:
            return self._nested(given, value).negated
        if predicate in (SH["and"], SH["or"]):
            members = [self._nested(one, value) for one in self._list(given)]
            return any_of(members) if predicate == SH["and"] else all_of(members)
        if predicate == SH["class"]:
            kind = self._variable()
            path = f"?{kind} {_SUBCLASS} {given.n3()}"
            return exactly(f"(isLiteral({v}) || !EXISTS {{ {v} {_TYPE} ?{kind} . {path} }})")
        if predicate == SH.nodeKind:
            return exactly(f"!({_KINDS[given].format(v=v)})") if given in _KINDS else UNKNOWN
        if predicate == SH.datatype:
            return self._datatype(given, v)
        if predicate == SH["in"]:
            terms = self._list(given)
            if any(isinstance(one, rdflib.BNode) for one in terms):
                return UNKNOWN
            return exactly(f"!({' || '.join(f'sameTerm({v}, {one.n3()})' for one in terms) or FALSE})")
        if predicate == SH.languageIn:
            ranges = [f"LANGMATCHES(LANG({v}), {one.n3()})" for one in self._list(given)]
            return exactly(f"!COALESCE(isLiteral({v}) && ({' || '.join(ranges) or FALSE}), false)")
        if predicate == SH.pattern:
            return self._pattern(shape, given, v)
        if predicate in (SH.minLength, SH.maxLength):
            sign = ">=" if predicate == SH.minLength else "<="
            return exactly(f"!COALESCE(!isBlank({v}) && STRLEN(STR({v})) {sign} {int(given)}, false)")
        if predicate in _ORDERS:
            right = f"COALESCE({v} {_ORDERS[predicate]} {given.n3()}, false)"
            # What cannot be compared here may be comparable to the judge.
            return Condition(f"!{right}", FALSE)
        return UNKNOWN

    def _datatype(self, datatype: Any, v: str) -> Condition:
        other = f"!COALESCE(DATATYPE({v}) = {datatype.n3()}, false)"
        if datatype in (XSD.string, RDF.langString):
            return exactly(other)
        if datatype in _CASTS:
            ill = f"!COALESCE({datatype.n3()}(STR({v})) = {v}, false)"
            return Condition(f"({other} || {ill})", other)
        if datatype in _FORMS:
            ill = f"!REGEX(STR({v}), {rdflib.Literal(_FORMS[datatype]).n3()})"
            return Condition(f"({other} || {ill})", other)
        return Condition(TRUE, other)

    def _pattern(self, shape: Shape, pattern: Any, v: str) -> Condition:
        flags = "".join(str(one) for one in self._graph.objects(shape.node, SH.flags))
        if len(list(self._graph.objects(shape.node, SH.pattern))) > 1 and flags:
            return UNKNOWN
        fits = f"REGEX(STR({v}), {rdflib.Literal(str(pattern)).n3()}, {rdflib.Literal(flags).n3()})"
        # Where lines end, two engines differ; and one may know an expression that the other does not.
        wrong = f"(isBlank({v}) || !COALESCE({fits}, false))"
        surely = f'COALESCE(isBlank({v}) || (!{fits} && !CONTAINS(STR({v}), "\\n")), false)'
        return Condition(wrong, surely)

    def _counted(self, shape: Shape, predicate: Any, given: Any, focus: str, path: Steps) -> Condition:
        if predicate == SH.qualifiedValueShape:
            return self._qualified(shape, given, focus, path)
        if predicate == SH.uniqueLang:
            if str(given) not in ("true", "1"):
                return NEVER
            names = [self._variable(), self._variable()]
            one, other = (f"LCASE(LANG(?{name}))" for name in names)
            return exactly(self._several(focus, path, 2, names, [f'{one} != "" && {one} = {other}']))
        number = int(given) + (predicate == SH.maxCount)
        if number == 0:
            return NEVER
        found = exactly(self._several(focus, path, min(number, _MOST)))
        if number > _MOST:
            # With two values it may have too many; without two it has too few for certain.
            return Condition(found.may, FALSE) if predicate == SH.maxCount else Condition(TRUE, negated(found.must))
        return found if predicate == SH.maxCount else found.negated

    def _qualified(self, shape: Shape, given: Any, focus: str, path: Steps) -> Condition:
        graph, node = self._graph, shape.node
        if len(list(graph.objects(node, SH.qualifiedValueShape))) > 1 or graph.value(
            node, SH.qualifiedValueShapesDisjoint
        ):
            return UNKNOWN

        def some(number: int) -> Condition:
            """When there are so many values that fit."""
            if number > _MOST:
                return UNKNOWN
            names = [self._variable() for _ in range(number)]
            fits = [self._nested(given, name).negated for name in names]
            return Condition(
                self._several(focus, path, number, names, [one.may for one in fits]),
                self._several(focus, path, number, names, [one.must for one in fits]),
            )

        least, most = graph.value(node, SH.qualifiedMinCount), graph.value(node, SH.qualifiedMaxCount)
        parts = [some(int(str(least))).negated] if least is not None and int(str(least)) > 0 else []
        return any_of([*parts, *([some(int(str(most)) + 1)] if most is not None else [])])

    def _several(
        self, focus: str, path: Steps, number: int, names: Sequence[str] = (), conditions: Sequence[str] = ()
    ) -> str:
        """The condition that there are so many values of a path, each another, of each of which a condition holds."""
        names = names or [self._variable() for _ in range(number)]
        if FALSE in conditions:
            return FALSE
        if number == 1:
            return self._reached(focus, path, f"?{names[0]}", conditions[0] if conditions else TRUE)
        found = " . ".join(f"?{focus} {'/'.join(path)} ?{name}" for name in names)
        kept = [f"!sameTerm(?{a}, ?{b})" for place, a in enumerate(names) for b in names[place + 1 :]]
        kept += [one for one in conditions if one != TRUE]
        return f"EXISTS {{ {found} FILTER({' && '.join(kept)}) }}" if kept else f"EXISTS {{ {found} }}"

    def _has_value(self, given: Any, focus: str, path: Steps | None) -> Condition:
        if isinstance(given, rdflib.BNode):
            return UNKNOWN
        if path is None:
            return exactly(f"!sameTerm(?{focus}, {given.n3()})")
        return exactly(negated(self._reached(focus, path, given.n3())))

    def _pair(self, predicate: Any, given: Any, focus: str, path: Steps) -> Condition:
        one, other = f"?{self._variable()}", f"?{self._variable()}"
        yours = f"EXISTS {{ ?{focus} {given.n3()} {one} }}"
        if predicate == SH.disjoint:
            return exactly(self._reached(focus, path, one, yours))
        if predicate == SH.equals:
            more = self._reached(focus, path, one, negated(yours))
            fewer = f"EXISTS {{ ?{focus} {given.n3()} {other} FILTER({negated(self._reached(focus, path, other))}) }}"
            return exactly(f"({more} || {fewer})")
        sign, contrary = ("<", ">=") if predicate == SH.lessThan else ("<=", ">")
        beside = f"?{focus} {given.n3()} {other}"
        return Condition(
            self._reached(focus, path, one, f"EXISTS {{ {beside} FILTER(!COALESCE({one} {sign} {other}, false)) }}"),
            self._reached(focus, path, one, f"EXISTS {{ {beside} FILTER(COALESCE({one} {contrary} {other}, false)) }}"),
        )

    def _reached(self, focus: str, path: Steps, value: str, condition: str = TRUE) -> str:
        """The condition that a path has a value of which a condition holds.

        Each step is a group in the one before: of a group with several, an engine may read all of the graph.
        """
        if condition == FALSE:
            return FALSE
        between = [f"?{self._variable()}" for _ in path[1:]]
        found = condition
        for start, step, end in reversed(list(zip([f"?{focus}", *between], path, [*between, value], strict=True))):
            found = exists(f"{start} {step} {end}", found)
        return found

    def _custom(self, component: Any, shape: Shape, focus: str, path: Steps | None) -> Condition:
        """When a query of our own finds something; only of the targets themselves, for it speaks of `$this`."""
        helper = component.make_validator_for_shape(shape).query_helper
        match = _SELECT.fullmatch(str(helper.select_text))
        if match is None or focus != FOCUS or path is None or "SELECT" in match[1].upper():
            return UNKNOWN
        helper.collect_prefixes()
        self._prefixes |= {str(name): str(iri) for name, iri in helper.prefixes.items()}
        text = re.sub(r"[$?]PATH\b", lambda _: "/".join(path), match[1])
        for name, value in helper.param_bind_map.items():
            term = str(value.n3())
            text = re.sub(rf"[$?]{name}\b", term.replace("\\", r"\\"), text)
        if len(self._above) == 1:
            self._bodies.append(text)
            return NEVER
        return Condition(f"EXISTS {{ {text} }}", FALSE)

    def _steps(self, node: Any) -> Steps | None:
        """Write a SHACL property path as one or more SPARQL paths behind each other; None when it is none."""
        if isinstance(node, rdflib.BNode) and self._graph.value(node, RDF.first) is not None:
            parts = [self._path(one) for one in self._list(node)]
            return None if None in parts else tuple(one for one in parts if one)
        whole = self._path(node)
        return None if whole is None else (whole,)

    def _path(self, node: Any) -> str | None:
        """Write a SHACL property path as one of SPARQL; None when it is none."""
        graph = self._graph
        if isinstance(node, rdflib.URIRef):
            return str(node.n3())
        if graph.value(node, RDF.first) is not None:
            return self._joined("/", graph.items(node))
        for predicate, other in graph.predicate_objects(node):
            if predicate == SH.alternativePath:
                return self._joined("|", graph.items(other))
            if predicate in _PATHS:
                inner = self._path(other)
                return None if inner is None else _PATHS[predicate].format(inner)
        return None

    def _joined(self, sign: str, nodes: Iterable[Any]) -> str | None:
        parts = [self._path(one) for one in nodes]
        return f"({sign.join(filter(None, parts))})" if parts and None not in parts else None

    def _variable(self) -> str:
        return f"v{next(self._numbers)}"


_TYPE: Final = f"<{RDF.type}>"
_SUBCLASS: Final = f"<{RDFS.subClassOf}>*"
_PATHS: Final[dict[Any, str]] = {
    SH.inversePath: "(^{})",
    SH.zeroOrMorePath: "({})*",
    SH.oneOrMorePath: "({})+",
    SH.zeroOrOnePath: "({})?",
}
_OF_PATH: Final = {SH.minCount, SH.maxCount, SH.uniqueLang, SH.qualifiedValueShape}
_PAIRS: Final = {SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals}
_NESTING: Final = {SH.node, SH.property, SH["not"], SH["and"], SH["or"]}
_OF_VALUES: Final = {
    *(SH["class"], SH.nodeKind, SH.datatype, SH["in"], SH.languageIn, SH.pattern, SH.minLength, SH.maxLength),
    *_ORDERS,
}
_REST: Final = {SH.xone, SH.closed, SH.sparql, SH.js, SH.expression}


def _subclasses(store: Store, kind: Term) -> set[NamedNode]:
    found = {kind}
    found |= {*_column(store, f"SELECT ?this WHERE {{ ?this {_SUBCLASS} {kind} }}")}
    return {one for one in found if isinstance(one, NamedNode)}


def _column(store: Store, query: str) -> Iterator[Term]:
    found = store.query(query)
    if not isinstance(found, QuerySolutions):
        raise TypeError("a SELECT query gives solutions")
    for row in found:
        yield row["this"]
