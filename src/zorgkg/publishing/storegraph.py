"""A store's default graph as an RDFLib graph: read triple by triple, nothing is copied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store
from rdflib.plugins.stores.memory import SimpleMemory

from zorgkg.publishing.affected import Term, to_term
from zorgkg.publishing.candidate import rdflib_term
from zorgkg.publishing.validation import PreparedGraph


class StoreGraph(PreparedGraph):
    """A store's default graph, with the terms that :func:`zorgkg.publishing.candidate.to_rdflib` gives.

    :param store: the store, which is only read.
    """

    def __init__(self, store: Store) -> None:
        self.reader = _Reader(store)
        super().__init__(store=self.reader)

    def __bool__(self) -> bool:
        # pySHACL asks whether there is a graph; the length would be counted.
        return True

    def release(self) -> None:
        """Let go of the store, also for those who keep the graph: pySHACL keeps tracebacks, and these all that was."""
        self.reader.read = Store()

    def node(self, term: Term) -> rdflib.term.IdentifiedNode | rdflib.Literal:
        """Return a term of the store as one of this graph."""
        return self.reader.node(term)


class _Reader(SimpleMemory):
    """Only the namespaces are kept in memory."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.read = store
        self.known: dict[NamedNode, rdflib.URIRef] = {}
        self.terms: dict[rdflib.term.Node, set[Term]] = {}

    def node(self, term: Term) -> rdflib.term.IdentifiedNode | rdflib.Literal:
        node = rdflib_term(term, self.known)
        # RDFLib may write a literal in another way than the store, which must find it again.
        self.terms.setdefault(node, set()).add(term)
        return node

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:
        raise TypeError("this graph is only read")

    def remove(self, triple_pattern: Any, context: Any = None) -> None:
        raise TypeError("this graph is only read")

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:
        subject, predicate, value = triple_pattern
        if predicate is not None and not isinstance(predicate, rdflib.URIRef):
            return
        resource = None if subject is None else to_term(subject)
        if isinstance(resource, Literal):
            return
        if value is None:
            yield from self._matching(resource, predicate, None)
        else:
            for term in self.terms.get(value) or (to_term(value),):
                yield from self._matching(resource, predicate, term)

    def _matching(self, subject: NamedNode | BlankNode | None, predicate: Any, object: Term | None) -> Iterator[Any]:
        for quad in self.read.quads_for_pattern(
            subject,
            None if predicate is None else NamedNode(str(predicate)),
            object,
            DefaultGraph(),
        ):
            yield self._triple(quad), iter(())

    def _triple(self, quad: Quad) -> tuple[Any, Any, Any]:
        return self.node(quad.subject), self.node(quad.predicate), self.node(quad.object)

    def __len__(self, context: Any = None) -> int:
        return sum(1 for _ in self.read.quads_for_pattern(None, None, None, DefaultGraph()))
