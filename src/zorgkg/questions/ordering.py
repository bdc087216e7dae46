"""Whether ORDER BY decides the place of every row, so that pages of an answer neither overlap nor leave rows out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set

from zorgkg.questions.syntax import (
    LABELS_VERB,
    Bind,
    Group,
    Nested,
    Select,
    Triple,
    Union,
    Values,
    given,
    mentioned,
    visible,
)

Dependency = tuple[frozenset[str], str]
"""Rows with the same values of these variables have the same value of that one."""


def undecided(query: Select, many: Set[str]) -> list[str]:
    """Return the columns in which rows may differ that ORDER BY gives the same place.

    A key counts when it is a variable, not what a function makes of it: two labels may be equal in small letters. What
    follows from the keys is decided too: a label from its thing, an aggregate from what it is grouped by, what BIND
    gives from what it looks at. That a property has one value is not taken for granted.

    :param query: the query; its rows that are equal in all columns may change places unseen.
    :param many: names of the parameters that take several values.
    """
    decided = {expression.alone for expression in query.order} - {""}
    dependencies = list(_of_query(query, many))
    before = -1
    while before < len(decided):
        before = len(decided)
        decided.update(name for given_, name in dependencies if given_ <= decided)
    return [column.name for column in query.columns if column.name not in decided]


def _of_query(query: Select, many: Set[str]) -> Iterator[Dependency]:
    yield from _of_group(query.where, many)
    keys = None if query.grouped is None else frozenset(query.grouped)
    if keys is None and query.aggregates:
        keys = frozenset()
    for column in query.columns:
        if query.single:
            yield frozenset(), column.name
        elif column.expression:
            yield column.expression.reach if keys is None else keys, column.name


def _of_group(group: Group, many: Set[str]) -> Iterator[Dependency]:
    before: frozenset[str] = frozenset()
    for element in group.elements:
        if isinstance(element, Triple):
            if element.verb == LABELS_VERB and element.object.startswith("?"):
                yield frozenset({element.subject.removeprefix("?")} & element.variables), element.object[1:]
        elif isinstance(element, Bind):
            seen = element.expression.variables | (element.expression.reach & before)
            yield seen, element.variable
        elif isinstance(element, Values):
            if element.rows <= 1 and not set(element.variables) & many:
                yield from ((frozenset(), name) for name in element.variables if name not in element.undefined)
        elif isinstance(element, Select):
            yield from _renamed(_of_query(element, many), _scope(element))
        elif isinstance(element, Union):
            # Of two branches each has dependencies of its own, which need not hold between them.
            if len(element.groups) == 1:
                yield from _of_group(element.groups[0], many)
        elif isinstance(element, Nested) and element.keyword == "OPTIONAL":
            yield from _of_optional(element.group, before, many)
        elif isinstance(element, Nested) and element.keyword != "MINUS":
            yield from _of_group(element.group, many)
        before |= given(element)


def _of_optional(group: Group, before: frozenset[str], many: Set[str]) -> Iterator[Dependency]:
    brings, shares = visible(group) - before, mentioned(group) & before
    for seen, name in _of_group(group, many):
        # Whether it matched shows in what it brought; else it depends on all that it shares with what stands before.
        if name not in before:
            yield (seen if seen & brings else seen | shares), name


def _scope(query: Select) -> Callable[[str], str]:
    """Name what a sub-select does not project, so that nothing around it is taken for the same."""
    projected = {column.name for column in query.columns}
    return lambda name: name if name in projected else f"{query.start}.{name}"


def _renamed(dependencies: Iterable[Dependency], rename: Callable[[str], str]) -> Iterator[Dependency]:
    for seen, name in dependencies:
        yield frozenset(map(rename, seen)), rename(name)
