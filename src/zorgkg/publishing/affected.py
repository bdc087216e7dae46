"""Affected: on which nodes a query, a rule or a shape may answer otherwise after a change than before it.

What reads a graph is described as :class:`Part` s: triple patterns that hold together, and inner parts (optional,
negated, in an EXISTS) that are read for each solution of the outer one. From these, one :class:`Delta` a pattern says
how to come from a changed triple to the nodes asked for (the goal). That finds all of them, because of this: let a
result be there on one side (before or after) only, and take one solution of its positive patterns on that side.

- Either a triple of that solution is changed: then all patterns hold on that side, and the delta of the changed
  triple finds the goal there.
- Or all its triples are on both sides. Then the difference comes from an inner part (or another member of an
  aggregate's group): one of its solutions is on one side only, hence holds a changed triple, and the outer triples
  hold there too.

It finds more than needed: filters, BINDs, and the inner parts beside the one that changed are left out.

Nothing is asked in SPARQL: patterns are followed from the changed triple, and of all that may come next the one with
the fewest triples is followed (found by reading from them in turns). So no planner can begin with the large end, and
blank nodes, which no query can name, are nodes as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, islice
from typing import Any, TypeAlias

import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from zorgkg.publishing.draft import Draft

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Node: TypeAlias = Term | str
"""A term, or the name of a variable."""
Binding: TypeAlias = dict[str, Term]

CAME, WENT = frozenset({"came"}), frozenset({"went"})
EITHER = CAME | WENT


class Unsupported(Exception):
    """A query or shape whose dependencies cannot be followed; it must be evaluated in full."""


@dataclass(frozen=True)
class Step:
    """One triple, as a path.

    :param predicate: its predicate, a variable, or None for any.
    :param excluded: predicates that it may not have.
    :param inverse: whether it is followed from object to subject.
    """

    predicate: NamedNode | str | None
    excluded: frozenset[NamedNode] = frozenset()
    inverse: bool = False


@dataclass(frozen=True)
class Chain:
    """One path after the other."""

    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Choice:
    """One path or the other."""

    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Repeat:
    """A path any number of times: at least once unless `zero`, at most once unless `many`."""

    path: Path
    zero: bool
    many: bool


Path: TypeAlias = Step | Chain | Choice | Repeat


@dataclass(frozen=True)
class Pattern:
    """A subject, a path and an object."""

    subject: Node
    path: Path
    object: Node

    def variables(self) -> set[str]:
        """Return the variables in it."""
        found = {node for node in (self.subject, self.object) if isinstance(node, str)}
        if isinstance(self.path, Step) and isinstance(self.path.predicate, str):
            found.add(self.path.predicate)
        return found

    def steps(self) -> list[Step]:
        """Return the steps of its path."""
        return [step for _, step, _ in _steps(self.path)]


@dataclass(frozen=True)
class Part:
    """What is read together.

    :param patterns: patterns that hold together.
    :param inner: what is read for each solution of the patterns.
    :param signs: which changes of the patterns matter.
    :param domains: variable → the values that it is limited to.
    """

    patterns: tuple[Pattern, ...] = ()
    inner: tuple[Part, ...] = ()
    signs: frozenset[str] = EITHER
    domains: Mapping[str, frozenset[Term]] = field(default_factory=dict)

    def variables(self) -> set[str]:
        """Return the variables of the patterns."""
        return {name for pattern in self.patterns for name in pattern.variables()}


@dataclass(frozen=True)
class Delta:
    """From a changed triple to the goal.

    :param start: what the changed triple must match; its path is a step.
    :param rest: what must hold with it.
    :param goal: the variable asked for.
    :param signs: whether triples that came, that went, or both matter.
    """

    start: Pattern
    rest: tuple[Pattern, ...]
    goal: str
    signs: frozenset[str]


# What reads the graph, as parts.


def query_parts(text: str, rename: Mapping[str, str] | None = None) -> list[Part]:
    """Describe what a query reads.

    :param text: a SPARQL 1.1 query.
    :param rename: new names of variables; all others get names that occur nowhere else.
    :returns: alternatives.
    :raises Unsupported: it holds GRAPH, SERVICE, LIMIT or OFFSET.
    """
    compiled = _Compiler().parts(translateQuery(parseQuery(text)).algebra)
    if rename is None:
        return compiled
    names = dict(rename)
    fresh = _fresh()
    return [_rename(part, lambda name: names.setdefault(name, next(fresh))) for part in compiled]


def template_pattern(triple: tuple[Any, Any, Any]) -> Pattern:
    """Return a triple of a CONSTRUCT template, as RDFLib parses it, as a pattern."""
    subject, predicate, value = triple
    return Pattern(_node(subject), Step(_node(predicate)), _node(value))


_numbers = count()


def _fresh() -> Iterator[str]:
    while True:
        yield f"~{next(_numbers)}"


class _Compiler:
    def __init__(self) -> None:
        self.fresh = _fresh()

    def parts(self, node: Any) -> list[Part]:
        name = node.name
        if name in ("SelectQuery", "ConstructQuery", "AskQuery", "Project", "Distinct", "Reduced", "OrderBy", "Group"):
            return self.parts(node.p)
        if name == "BGP":
            return [Part(tuple(self._pattern(*triple) for triple in node.triples))]
        if name == "Join":
            return [_both(one, two) for one in self.parts(node.p1) for two in self.parts(node.p2)]
        if name == "Union":
            return self.parts(node.p1) + self.parts(node.p2)
        if name == "LeftJoin":
            tested = self._tested(node.expr)
            optional = [replace(part, inner=(*part.inner, *tested)) for part in self.parts(node.p2)]
            return [replace(part, inner=(*part.inner, *optional)) for part in self.parts(node.p1)]
        if name == "Minus":
            taken = self.parts(node.p2)
            return [replace(part, inner=(*part.inner, *taken)) for part in self.parts(node.p1)]
        if name in ("Filter", "Extend"):
            tested = self._tested(node.expr)
            return [replace(part, inner=(*part.inner, *tested)) for part in self.parts(node.p)]
        if name == "AggregateJoin":
            tested = self._tested(node.A)
            return [replace(part, inner=(*part.inner, *tested)) for part in self.parts(node.p)]
        if name == "ToMultiSet":
            return [_values(node.p.res)] if node.p.name == "values" else self._selected(node.p)
        if name == "values":
            return [_values(node.res)]
        raise Unsupported(f"{name} is not followed")

    def _selected(self, node: Any) -> list[Part]:
        """Describe a sub-select: the variables that it does not project are its own."""
        inner = node
        while inner.name != "Project":
            if inner.name not in ("Distinct", "Reduced"):
                raise Unsupported(f"{inner.name} is not followed")
            inner = inner.p
        kept = {str(variable) for variable in inner.PV}
        names = {name: name for name in kept}
        return [_rename(part, lambda name: names.setdefault(name, next(self.fresh))) for part in self.parts(inner)]

    def _tested(self, expression: Any) -> tuple[Part, ...]:
        """Describe the EXISTS of an expression."""
        if isinstance(expression, CompValue):
            if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
                return tuple(self.parts(expression.graph))
            return tuple(part for value in expression.values() for part in self._tested(value))
        if isinstance(expression, (list, tuple)):
            return tuple(part for value in expression for part in self._tested(value))
        return ()

    def _pattern(self, subject: Any, predicate: Any, object: Any) -> Pattern:
        path = Step(_node(predicate)) if isinstance(predicate, rdflib.Variable) else _path(predicate)
        return Pattern(_node(subject), path, _node(object))


def _both(one: Part, two: Part) -> Part:
    return Part(one.patterns + two.patterns, one.inner + two.inner, domains={**one.domains, **two.domains})


def _values(rows: Any) -> Part:
    domains: dict[str, frozenset[Term]] = {}
    for name in {name for row in rows for name in row}:
        values = [row.get(name) for row in rows]
        if all(isinstance(value, rdflib.term.Identifier) for value in values):
            domains[str(name)] = frozenset(to_term(value) for value in values)
    return Part(domains=domains)


def _rename(part: Part, new: Callable[[str], str]) -> Part:
    def node(one: Node) -> Node:
        return new(one) if isinstance(one, str) else one

    def pattern(one: Pattern) -> Pattern:
        path = one.path
        if isinstance(path, Step) and isinstance(path.predicate, str):
            path = replace(path, predicate=new(path.predicate))
        return Pattern(node(one.subject), path, node(one.object))

    return replace(
        part,
        patterns=tuple(pattern(one) for one in part.patterns),
        inner=tuple(_rename(one, new) for one in part.inner),
        domains={new(name): values for name, values in part.domains.items()},
    )


def to_term(node: rdflib.term.Node) -> NamedNode | BlankNode | Literal:
    """Return an RDFLib term as one that a store takes; :func:`as_stored` is how it comes back."""
    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    if not isinstance(node, rdflib.Literal):
        raise Unsupported(f"not an RDF term: {node!r}")
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))


def as_stored(term: Term) -> Term:
    """Return a term as a store gives it back, which keeps the value of a number and not how it was written."""
    if not isinstance(term, Literal):
        return term
    node = NamedNode("urn:x")
    store = Store()
    store.add(Quad(node, node, term))
    stored: Term = next(iter(store)).object
    return stored


def _node(node: Any) -> Any:
    # A blank node of a query stands for anything.
    if isinstance(node, rdflib.BNode):
        return f"_:{node}"
    return str(node) if isinstance(node, rdflib.Variable) else as_stored(to_term(node))


def _path(path: Any) -> Path:
    if isinstance(path, rdflib.URIRef):
        return Step(NamedNode(str(path)))
    if isinstance(path, SequencePath):
        return Chain(tuple(_path(one) for one in path.args))
    if isinstance(path, AlternativePath):
        return Choice(tuple(_path(one) for one in path.args))
    if isinstance(path, InvPath):
        return inverse(_path(path.arg))
    if isinstance(path, MulPath):
        return Repeat(_path(path.path), path.zero, path.more)
    if isinstance(path, NegatedPath):
        forward = frozenset(NamedNode(str(one)) for one in path.args if isinstance(one, rdflib.URIRef))
        backward = frozenset(NamedNode(str(one.arg)) for one in path.args if isinstance(one, InvPath))
        steps = [Step(None, forward)] if forward or not backward else []
        return Choice((*steps, *([Step(None, backward, True)] if backward else [])))
    raise Unsupported(f"not a path: {path!r}")


def inverse(path: Path) -> Path:
    """Return a path from the other end."""
    if isinstance(path, Step):
        return replace(path, inverse=not path.inverse)
    if isinstance(path, Chain):
        return Chain(tuple(inverse(one) for one in reversed(path.paths)))
    if isinstance(path, Choice):
        return Choice(tuple(inverse(one) for one in path.paths))
    return replace(path, path=inverse(path.path))


# From parts to deltas.


def deltas(parts: Iterable[Part], goal: str) -> list[Delta]:
    """Say for each pattern how to come from a triple that matches it to the goal.

    :param parts: alternatives.
    :param goal: a variable.
    :raises Unsupported: the goal does not occur beside some pattern.
    """
    return [delta for part in parts for delta in _deltas(part, (), goal)]


def _deltas(part: Part, outer: tuple[Pattern, ...], goal: str) -> Iterator[Delta]:
    together = outer + part.patterns
    for index, pattern in enumerate(part.patterns, start=len(outer)):
        others = together[:index] + together[index + 1 :]
        for start, context in _occurrences(pattern):
            rest = _connected((*context, *others), start.variables() | {goal})
            known = start.variables().union(*(one.variables() for one in rest))
            if goal not in known:
                raise Unsupported(f"{goal} does not occur beside {pattern}")
            yield Delta(start, tuple(sorted(rest, key=lambda one: _rank(one, start))), goal, part.signs)
    for one in part.inner:
        yield from _deltas(one, together, goal)


def _rank(pattern: Pattern, start: Pattern) -> int:
    """Say how early to read a pattern: first what a changed triple's subject leads to, at last what its predicate does.

    A store in memory reads all triples of a subject, or all of an object: a class is the object of very many.
    """
    if pattern.subject in (start.subject, start.object):
        return 0
    return 1 if pattern.object == start.subject else 2 if pattern.object == start.object else 3


def _connected(patterns: tuple[Pattern, ...], needed: set[str]) -> tuple[Pattern, ...]:
    """Leave out the patterns that lead nowhere: those with a variable of their own ask only whether there is some."""
    while True:
        uses: dict[str, int] = {}
        for pattern in patterns:
            for name in pattern.variables():
                uses[name] = uses.get(name, 0) + 1
        kept = tuple(
            pattern for pattern in patterns if all(uses[name] > 1 or name in needed for name in pattern.variables())
        )
        if kept == patterns:
            return kept
        patterns = kept


def _occurrences(pattern: Pattern) -> Iterator[tuple[Pattern, list[Pattern]]]:
    """List the steps of a pattern's path, each with the way to it and the way from it."""
    for before, step, after in _steps(pattern.path):
        context = []
        start, end = pattern.subject, pattern.object
        if before:
            start = f"~{next(_numbers)}"
            context.append(Pattern(pattern.subject, _chain(before), start))
        if after:
            end = f"~{next(_numbers)}"
            context.append(Pattern(end, _chain(after), pattern.object))
        if step.inverse:
            start, end = end, start
        yield Pattern(start, replace(step, inverse=False), end), context


def _steps(path: Path) -> Iterator[tuple[tuple[Path, ...], Step, tuple[Path, ...]]]:
    if isinstance(path, Step):
        yield (), path, ()
    elif isinstance(path, Choice):
        for one in path.paths:
            yield from _steps(one)
    elif isinstance(path, Chain):
        for index, one in enumerate(path.paths):
            for before, step, after in _steps(one):
                yield path.paths[:index] + before, step, after + path.paths[index + 1 :]
    else:
        around: tuple[Path, ...] = (Repeat(path.path, True, True),) if path.many else ()
        for before, step, after in _steps(path.path):
            yield around + before, step, after + around


def _chain(paths: tuple[Path, ...]) -> Path:
    return paths[0] if len(paths) == 1 else Chain(paths)


# Following patterns in a store.


class View:
    """The default graph of a store, to be followed."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def triples(self, subject: Term | None, predicate: NamedNode | None, object: Term | None) -> Iterator[Any]:
        """Read the triples that match."""
        if isinstance(subject, (Literal, Triple)):
            return iter(())
        return self.store.quads_for_pattern(subject, predicate, object, DefaultGraph())

    def follow(self, node: Term, path: Path) -> Iterator[Term]:
        """Go along a path; a node that is reached in two ways may come twice, except along a repeated path."""
        if isinstance(path, Step):
            predicate = path.predicate if isinstance(path.predicate, NamedNode) else None
            if path.inverse:
                found = ((quad.predicate, quad.subject) for quad in self.triples(None, predicate, node))
            else:
                found = ((quad.predicate, quad.object) for quad in self.triples(node, predicate, None))
            yield from (other for used, other in found if used not in path.excluded)
        elif isinstance(path, Choice):
            for one in path.paths:
                yield from self.follow(node, one)
        elif isinstance(path, Chain):
            first, rest = path.paths[0], path.paths[1:]
            if not rest:
                yield from self.follow(node, first)
                return
            seen = set()
            for between in self.follow(node, first):
                if between not in seen:
                    seen.add(between)
                    yield from self.follow(between, Chain(rest))
        else:
            yield from self._repeat(node, path)

    def _repeat(self, node: Term, path: Repeat) -> Iterator[Term]:
        reached: set[Term] = set()
        if path.zero:
            reached.add(node)
            yield node
        ahead = [node]
        while ahead:
            for other in self.follow(ahead.pop(), path.path):
                if other not in reached:
                    reached.add(other)
                    yield other
                    if path.many:
                        ahead.append(other)

    def matches(self, pattern: Pattern, binding: Binding) -> Iterator[Binding]:
        """Bind the variables of a pattern, one end of which is a term or bound."""
        subject, value = _bound(pattern.subject, binding), _bound(pattern.object, binding)
        path = pattern.path
        if isinstance(path, Step) and not path.inverse:
            predicate = _bound(path.predicate, binding) if path.predicate is not None else None
            if predicate is not None and not isinstance(predicate, NamedNode):
                return
            for quad in self.triples(subject, predicate, value):
                found = match(pattern, quad.triple, binding)
                if found is not None:
                    yield found
        elif subject is not None:
            for other in self.follow(subject, path):
                if value is None and isinstance(pattern.object, str):
                    yield {**binding, pattern.object: other}
                elif value == other:
                    yield binding
        elif value is not None and isinstance(pattern.subject, str):
            for other in self.follow(value, inverse(path)):
                yield {**binding, pattern.subject: other}
        else:
            raise Unsupported(f"neither end of {pattern} is known")

    def holds(self, pattern: Pattern, binding: Binding) -> bool:
        """Whether a pattern has a match."""
        return next(self.matches(pattern, binding), None) is not None


def _bound(node: Node, binding: Binding) -> Term | None:
    return binding.get(node) if isinstance(node, str) else node


def match(pattern: Pattern, triple: Triple, binding: Binding) -> Binding | None:
    """Bind the variables of a pattern whose path is a step to a triple.

    :returns: None when the triple does not match.
    """
    path = pattern.path
    if not isinstance(path, Step) or triple.predicate in path.excluded:
        return None
    found = binding
    for node, term in (
        (pattern.subject, triple.subject),
        (path.predicate, triple.predicate),
        (pattern.object, triple.object),
    ):
        if node is None:
            continue
        if isinstance(node, str):
            known = found.get(node)
            if known is None:
                found = {**found, node: term}
                continue
            node = known
        if node != term:
            return None
    return found


Seen: TypeAlias = set[tuple[Any, ...]]


def find(view: View, patterns: tuple[Pattern, ...], binding: Binding, goal: str, seen: Seen | None = None) -> set[Term]:
    """Return the values that a variable has where patterns hold.

    When the goal is known, patterns with other unknown variables are no longer asked: more may be returned.

    :param seen: what was followed before with the same patterns; not followed again.
    """
    seen = set() if seen is None else seen
    found: set[Term] = set()
    stack = [(binding, patterns)]
    while stack:
        binding, patterns = stack.pop()
        known = [pattern for pattern in patterns if pattern.variables() <= binding.keys()]
        rest = tuple(pattern for pattern in patterns if pattern not in known)
        if not all(view.holds(pattern, binding) for pattern in known):
            continue
        if goal in binding:
            found.add(binding[goal])
            continue
        names = sorted({goal}.union(*(pattern.variables() for pattern in rest)) & binding.keys())
        state = (rest, *((name, binding[name]) for name in names))
        if state in seen:
            continue
        seen.add(state)
        chosen, following = _fewest(view, rest, binding)
        left = tuple(pattern for pattern in rest if pattern is not chosen)
        stack.extend((extended, left) for extended in following)
    return found


def _fewest(view: View, patterns: tuple[Pattern, ...], binding: Binding) -> tuple[Pattern, Iterable[Binding]]:
    """Choose the pattern with the fewest matches, by reading from all in turns until one has no more."""
    ahead = [pattern for pattern in patterns if _end(pattern, binding.keys())]
    if not ahead:
        # Nothing leads on: begin anew at a pattern with a constant.
        ahead = [pattern for pattern in patterns if _starts(pattern)]
    if not ahead:
        raise Unsupported("patterns without any known node")
    if len(ahead) == 1:
        return ahead[0], view.matches(ahead[0], binding)
    readers = [(pattern, view.matches(pattern, binding), list[Binding]()) for pattern in ahead]
    size = 16
    while True:
        for pattern, reader, read in readers:
            read.extend(islice(reader, size - len(read)))
            if len(read) < size:
                return pattern, read
        size *= 2


def _end(pattern: Pattern, names: Iterable[str]) -> bool:
    return any(isinstance(node, str) and node in names for node in (pattern.subject, pattern.object))


def _starts(pattern: Pattern) -> bool:
    step = isinstance(pattern.path, Step) and isinstance(pattern.path.predicate, NamedNode)
    return step or not (isinstance(pattern.subject, str) and isinstance(pattern.object, str))


class Index:
    """Deltas by the predicate that they start at.

    :param entries: what is affected, with how to find it.
    """

    def __init__(self, entries: Iterable[tuple[str, Delta]]) -> None:
        self.by_predicate: dict[NamedNode | None, list[tuple[str, Delta]]] = {}
        for name, delta in entries:
            predicate = delta.start.path.predicate if isinstance(delta.start.path, Step) else None
            key = predicate if isinstance(predicate, NamedNode) else None
            held = self.by_predicate.setdefault(key, [])
            if (name, delta) not in held:
                held.append((name, delta))

    def affected(self, draft: Draft) -> dict[str, set[Term]]:
        """Return for each thing that a change affects the values of its goal."""
        found: dict[str, set[Term]] = {}
        sides: Sequence[tuple[str, Iterable[Triple], View]] = (
            ("went", draft.merged_went, View(draft.before)),
            ("came", draft.merged_came, View(draft.after)),
        )
        for sign, triples, view in sides:
            seen: dict[int, Seen] = {}
            for changed in triples:
                # As the store has it: a number may have been written in another way, and terms are compared here.
                stored = next(view.triples(changed.subject, changed.predicate, changed.object), None)
                if stored is None:
                    continue
                triple = stored.triple
                for key in (triple.predicate, None):
                    for name, delta in self.by_predicate.get(key, ()):
                        binding = match(delta.start, triple, {}) if sign in delta.signs else None
                        if binding is None:
                            continue
                        held = found.setdefault(name, set())
                        if binding.get(delta.goal) in held:
                            continue
                        held |= find(view, delta.rest, binding, delta.goal, seen.setdefault(id(delta), set()))
        return {name: nodes for name, nodes in found.items() if nodes}
