"""The draft: a version that is being changed, and what has changed in it so far, statement by statement.

Its default graph is the merge of its named graphs at every step, as in every version. A full comparison with the
version that it came from would cost as much as the graph is large; the draft knows its changes, because each goes
through :meth:`Draft.change`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

Statement = TypeVar("Statement", NamedNode, Quad, Triple)


class Draft:
    """A version that is being changed.

    :param before: the version as it was published; it is only read.
    :param after: a store with the same statements, which is changed here.
    """

    def __init__(self, before: Store, after: Store) -> None:
        self.before = before
        self.after = after
        self.came: set[Quad] = set()
        """Statements of named graphs that the version before does not have."""
        self.went: set[Quad] = set()
        """Statements of named graphs that only the version before has."""
        self.created: set[NamedNode] = set()
        """Named graphs that the version before does not have, with statements or without."""
        self.dropped: set[NamedNode] = set()
        """Named graphs that only the version before has."""
        self.merged_came: set[Triple] = set()
        """Triples that came into the default graph: those that no named graph had before."""
        self.merged_went: set[Triple] = set()
        """Triples that went from the default graph: those that no named graph has any more."""

    def change(self, went: Iterable[Quad], came: Iterable[Quad]) -> None:
        """Remove statements, then add statements.

        :param went: statements of named graphs; those that are not there are left out.
        :param came: statements of named graphs; those that are there already are left out.
        """
        removed = {self._stored(quad) for quad in set(went) if quad in self.after}
        for quad in removed:
            self.after.remove(quad)
            _net(quad, self.came, self.went)
        for triple in {quad.triple for quad in removed}:
            if not self._held(triple):
                self.after.remove(_merged(triple))
                _net(triple, self.merged_came, self.merged_went)
        added = [quad for quad in set(came) if quad not in self.after]
        for graph in {quad.graph_name for quad in added}:
            if isinstance(graph, NamedNode):
                self.create(graph)
        self.after.extend(added)
        kept = {self._stored(quad) for quad in added}
        for quad in kept:
            _net(quad, self.went, self.came)
        fresh = [triple for triple in {quad.triple for quad in kept} if _merged(triple) not in self.after]
        self.after.extend([_merged(triple) for triple in fresh])
        for triple in fresh:
            _net(triple, self.merged_went, self.merged_came)

    def close(self) -> None:
        """Let go of both stores: one that is open still works on its files.

        Whoever held the draft, as the traceback of an exception that was caught does, holds no store then.
        """
        del self.before, self.after

    def statements(self, graph: NamedNode) -> list[Quad]:
        """Return the statements of a named graph."""
        return list(self.after.quads_for_pattern(None, None, None, graph))

    def create(self, graph: NamedNode) -> None:
        """Let a named graph be there, without statements if it has none."""
        if not self.after.contains_named_graph(graph):
            self.after.add_graph(graph)
            _net(graph, self.dropped, self.created)

    def clear(self, graph: NamedNode) -> None:
        """Remove the statements of a named graph; it stays."""
        self.change(self.statements(graph), [])

    def drop(self, graph: NamedNode) -> None:
        """Remove a named graph with its statements."""
        self.clear(graph)
        if self.after.contains_named_graph(graph):
            self.after.remove_graph(graph)
            _net(graph, self.created, self.dropped)

    @property
    def changed(self) -> bool:
        """Whether it differs from the version that it came from."""
        return bool(self.came or self.went or self.created or self.dropped)

    @property
    def graphs(self) -> set[NamedNode]:
        """The named graphs in which something changed."""
        quads = {quad.graph_name for quad in self.came | self.went}
        return {graph for graph in quads if isinstance(graph, NamedNode)} | self.created | self.dropped

    def _stored(self, quad: Quad) -> Quad:
        """A statement that is there, as the store gives it: numbers are kept by value, not as they were written."""
        return next(self.after.quads_for_pattern(quad.subject, quad.predicate, quad.object, quad.graph_name))

    def _held(self, triple: Triple) -> bool:
        """Whether a named graph has a triple."""
        quads = self.after.quads_for_pattern(triple.subject, triple.predicate, triple.object)
        return any(quad.graph_name != DefaultGraph() for quad in quads)


def _merged(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())


def _net(one: Statement, undone: set[Statement], done: set[Statement]) -> None:
    """Note a change: one that undoes an earlier one leaves nothing."""
    if one in undone:
        undone.remove(one)
    else:
        done.add(one)
