"""Cartesian products: groups of patterns that share no variable, so that each row of one meets each of the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from zorgkg.questions.syntax import (
    LABELS_VERB,
    Bind,
    Element,
    Filter,
    Group,
    Nested,
    Select,
    Triple,
    Union,
    Values,
    expressions,
    given,
    mentioned,
    visible,
)


@dataclass(frozen=True)
class Product:
    """Two parts of a group that meet in every combination.

    :param start: offset of the second part.
    :param one: variables of the first.
    :param other: variables of the second.
    """

    start: int
    one: tuple[str, ...]
    other: tuple[str, ...]


def find(query: Select, parameters: Set[str]) -> Iterator[Product]:
    """Find the products of a query, in all its groups.

    What has one value joins nothing: `?a zorg:basis ?basis . ?b zorg:basis ?basis` is a product when `?basis` is given.
    So a variable of one row of VALUES, of a BIND of such variables, or of a sub-select of one row does not count, nor
    does the one label of such a thing, nor a parameter: its VALUES will hold one value even where the file says UNDEF.
    A FILTER or BIND that looks at both parts joins them. An OPTIONAL does not: it comes after the product was made.

    :param query: the query.
    :param parameters: names of the variables whose VALUES the users fill.
    """
    return _in_group(query.where, frozenset(), parameters)


def _in_group(group: Group, outer: frozenset[str], parameters: Set[str]) -> Iterator[Product]:
    single = _single(group, outer, parameters)
    yield from _parts(group, single)
    for element in group.elements:
        if isinstance(element, Select):
            yield from find(element, parameters)
        elif isinstance(element, Union):
            for one in element.groups:
                yield from _in_group(one, single, parameters)
        elif isinstance(element, Nested):
            # MINUS compares whole solutions: its pattern knows no value from outside.
            inherited = frozenset[str]() if element.keyword == "MINUS" else single
            yield from _in_group(element.group, inherited, parameters)
        if not isinstance(element, Select):
            for expression in expressions(element):
                for pattern in expression.patterns:
                    yield from _in_group(pattern, single, parameters)


def _single(group: Group, outer: frozenset[str], parameters: Set[str]) -> frozenset[str]:
    """The variables that have one value in a group, or around it."""
    found = set(outer)
    before = -1
    while before < len(found):
        before = len(found)
        for element in group.elements:
            found |= _of_element(element, frozenset(found), parameters)
    return frozenset(found)


def _of_element(element: Element, single: frozenset[str], parameters: Set[str]) -> frozenset[str]:
    """The variables that have one value because of an element of a group.

    :param single: those that have one value already.
    """
    if isinstance(element, Values):
        if element.rows <= 1 or set(element.variables) <= parameters:
            return frozenset(element.variables) - (element.undefined - parameters)
    elif isinstance(element, Bind):
        if element.expression.reach <= single:
            return frozenset((element.variable,))
    elif isinstance(element, Select):
        return _single_columns(element, parameters)
    elif isinstance(element, Union):
        if len(element.groups) == 1:
            return _single(element.groups[0], single, parameters)
    elif isinstance(element, Nested):
        if element.keyword == "GRAPH":
            return _single(element.group, single, parameters)
        if element.keyword == "OPTIONAL" and len(element.group.elements) == 1:
            label = element.group.elements[0]
            return _label(label, single) if isinstance(label, Triple) else frozenset()
    elif isinstance(element, Triple):
        return _label(element, single)
    return frozenset()


def _label(triple: Triple, single: frozenset[str]) -> frozenset[str]:
    """The label of what has one value: a thing has one in each language (rule 90)."""
    given_ = triple.verb == LABELS_VERB and triple.variables - {triple.object.removeprefix("?")} <= single
    return frozenset((triple.object[1:],)) if given_ and triple.object.startswith("?") else frozenset()


def _single_columns(query: Select, parameters: Set[str]) -> frozenset[str]:
    inside = _single(query.where, frozenset(), parameters)
    return frozenset(
        column.name
        for column in query.columns
        if query.single
        or (column.expression is None and column.name in inside)
        or (column.expression and not column.expression.aggregates and column.expression.reach <= inside)
    )


def _parts(group: Group, single: frozenset[str]) -> Iterator[Product]:
    joined = _Joined()
    starts: list[tuple[int, frozenset[str]]] = []
    for element in group.elements:
        if not isinstance(element, Bind | Filter | Nested) or (isinstance(element, Nested) and element.required):
            named = element.variables if isinstance(element, Triple) else given(element)
            if open_ := named - single:
                joined.join(open_)
                starts.append((element.start, open_))
    brought: dict[str, frozenset[str]] = {}
    before: frozenset[str] = frozenset()
    for element in group.elements:
        if isinstance(element, Nested) and element.keyword == "OPTIONAL":
            brings = visible(element.group) - before - single
            shares = (mentioned(element.group) & before) - single
            joined.join(brings | frozenset(sorted(shares)[:1]))
            brought.update(dict.fromkeys(brings, shares))
            if brings and not shares:
                starts.append((element.start, brings))
        before |= given(element)
    for element in group.elements:
        if isinstance(element, Bind | Filter):
            named = (element.expression.reach | given(element)) - single
            # What an OPTIONAL brought tells nothing more of a part that this looks at anyway.
            joined.join(name for name in named if not brought.get(name, frozenset()) & named)
    starts.sort(key=lambda part: part[0])
    roots: dict[str, set[str]] = {}
    for start, named in starts:
        root = joined.root(min(named))
        if roots and root not in roots:
            yield Product(start, _written(next(iter(roots.values()))), _written(named))
        roots.setdefault(root, set()).update(named)


def _written(names: Iterable[str]) -> tuple[str, ...]:
    """The variables, as they are written; of blank nodes there is nothing to tell."""
    return tuple(f"?{name}" for name in sorted(names) if not name.startswith("_:"))


class _Joined:
    """Sets of names that grow together (union–find)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, name: str) -> str:
        """Return the name that stands for all that are joined with a name."""
        while (parent := self._parent.get(name, name)) != name:
            name = parent
        return name

    def join(self, names: Iterable[str]) -> None:
        """Join names."""
        ordered = sorted(names)
        for name in ordered[1:]:
            self._parent[self.root(name)] = self.root(ordered[0])
