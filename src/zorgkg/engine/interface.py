"""What every engine offers: an answer to a SPARQL query on one published version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QueryBoolean, QuerySolutions, Triple

Answer = QuerySolutions | QueryBoolean | Iterator[Triple]
"""SELECT gives solutions, ASK a boolean, CONSTRUCT and DESCRIBE triples."""


class QuerySyntaxError(Exception):
    """The query is no SPARQL 1.1 query; the message is the parser's, with line and column."""


class EngineError(Exception):
    """The engine failed to evaluate a valid query."""


@dataclass(frozen=True)
class Dataset:
    """The dataset of a query given by protocol (SPARQL 1.1 Protocol, section 2.1.4); it replaces FROM and FROM NAMED.

    :param default_graphs: IRIs whose union is the default graph.
    :param named_graphs: IRIs that GRAPH can see.
    """

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    @property
    def default_nodes(self) -> list[NamedNode | BlankNode | DefaultGraph]:
        """The default graphs as RDF terms."""
        return [NamedNode(iri) for iri in self.default_graphs]

    @property
    def named_nodes(self) -> list[NamedNode | BlankNode]:
        """The named graphs as RDF terms."""
        return [NamedNode(iri) for iri in self.named_graphs]


class Engine(Protocol):
    """Answers queries on one version of the graph."""

    @property
    def version(self) -> str:
        """Identifier of the version that is served."""
        ...

    def query(self, text: str, dataset: Dataset | None = None) -> Answer:
        """Evaluate a query.

        :param text: SPARQL 1.1 query text; a relative IRI without BASE is one of ours (`zorgkg.terms.BASE`), whatever
            the address of the server (SPARQL 1.1 Query, section 4.1.1.2).
        :param dataset: the dataset given by protocol; None leaves the choice to the query. Without either, the
            default graph is the union of all named graphs.
        :returns: the answer, evaluated lazily where the engine can.
        :raises QuerySyntaxError: the text is no SPARQL 1.1 query.
        :raises EngineError: evaluation failed.
        """
        ...
