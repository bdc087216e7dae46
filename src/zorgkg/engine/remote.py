"""The remote engine: any server of the SPARQL 1.1 Protocol underneath."""

from __future__ import annotations

import hashlib
import itertools
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store, parse_query_results

from zorgkg.engine.endpoints import Asked, EndpointError, Endpoints, cut
from zorgkg.engine.interface import Answer, Dataset, QuerySyntaxError
from zorgkg.sparql import decode_escapes, tokens

FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")

TABLES: Final = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/tab-separated-values": QueryResultsFormat.TSV,
    "application/json": QueryResultsFormat.JSON,
    "application/xml": QueryResultsFormat.XML,
}
"""Media types in which an endpoint may give solutions and booleans, when they are to be read."""

GRAPHS: Final = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "text/plain": RdfFormat.N_TRIPLES,
}
"""Media types in which an endpoint may give triples, when they are to be read."""

_log = logging.getLogger("zorgkg.engine")


class RemoteEngine:
    """Answers queries by asking a server; its default graph must be the merge of its named graphs.

    :param endpoints: where the server and its replicas are.
    :param version: what their content is called.
    """

    def __init__(self, endpoints: Endpoints, version: str) -> None:
        self.endpoints = endpoints
        self._version = version

    @property
    def version(self) -> str:
        """Identifier of the version that is served."""
        return self._version

    def query(self, text: str, dataset: Dataset | None = None) -> Answer:
        """Evaluate a query; see :meth:`zorgkg.engine.interface.Engine.query`.

        :raises EndpointError: no endpoint answered.
        :raises TimeLimitError: it took too long.
        :raises ResultLimitError: the answer is too large.
        """
        accept = ", ".join(readable(form(text)))
        media, body = self.endpoints.fetch(Asked(text, dataset or Dataset(), accept))
        return read(media, body, self.endpoints.name)


@dataclass(frozen=True)
class Content:
    """What an endpoint holds.

    :param id: made of the counts and lengths of the statements, by graph and property.
    :param triples: triples in the default graph.
    :param graphs: named graph → number of statements.
    """

    id: str
    triples: int
    graphs: dict[str, int]


def content(endpoints: Endpoints, seconds: float = 60.0) -> Content:
    """Ask an endpoint what it holds.

    Only a change that keeps the number of statements of each property in each graph, and the lengths of their values,
    goes unseen.

    :param seconds: time that each of two queries may take.
    :raises EngineError: it does not answer.
    """
    graphs: dict[str, int] = {}
    lines = []
    for row in _rows(endpoints, _COUNTS, seconds):
        graphs[row[0]] = graphs.get(row[0], 0) + int(row[2])
        lines.append("\t".join(row))
    triples = int(_rows(endpoints, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", seconds)[0][0])
    digest = hashlib.sha256("\n".join([str(triples), *sorted(lines)]).encode()).hexdigest()
    return Content(f"remote-{digest[:12]}", triples, graphs)


def examine(endpoints: Endpoints, seconds: float = 60.0) -> None:
    """Warn when the default graph of an endpoint is not the merge of its named graphs, as far as counts can tell.

    :param seconds: time that each query may take.
    :raises EngineError: it does not answer.
    """
    found = content(endpoints, seconds)
    distinct = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
    tell = ""
    if found.graphs and not found.triples:
        tell = "has named graphs and an empty default graph, so that the questions find nothing"
    elif int(_rows(endpoints, distinct, seconds)[0][0]) < found.triples:
        tell = "counts triples more than once that several named graphs hold, so that numbers come out too high"
    elif found.triples > sum(found.graphs.values()):
        tell = "has triples in its default graph that no named graph has"
    if tell:
        _log.warning("%s %s; docs/operating.md tells how to set it up", endpoints.name, tell)


_COUNTS: Final = (
    "SELECT ?g ?p (COUNT(*) AS ?n) "
    "(SUM(IF(ISBLANK(?s), 0, STRLEN(STR(?s))) + IF(ISBLANK(?o), 0, STRLEN(STR(?o)))) AS ?size) "
    "{ GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ?p"
)


def _rows(endpoints: Endpoints, query: str, seconds: float) -> list[list[str]]:
    media, body = endpoints.fetch(Asked(query, Dataset(), ", ".join(TABLES)), seconds)
    found = read(media, body, endpoints.name)
    if not isinstance(found, QuerySolutions):
        raise EndpointError(f"{endpoints.name} gave no solutions to a SELECT query")
    names = [variable.value for variable in found.variables]
    return [[str(row[name].value) if row[name] else "" for name in names] for row in found]


def form(text: str) -> str:
    """Return the form of a query: SELECT, ASK, CONSTRUCT or DESCRIBE.

    :param text: SPARQL 1.1 query text, as received.
    :raises QuerySyntaxError: it has none, or something stands before it that is no part of SPARQL 1.1, such as the
        pragmas with which some servers can be made to fetch.
    """
    rest = iter(tokens(decode_escapes(text)))
    for token in rest:
        word = token.text.upper() if token.kind == "word" else ""
        if word in FORMS:
            return word
        skipped: Iterator[Any] = itertools.islice(rest, {"BASE": 1, "PREFIX": 2}.get(word, 0))
        if word not in ("BASE", "PREFIX") or not all(one.kind in ("iri", "name") for one in skipped):
            break
    raise QuerySyntaxError(f"a query begins with BASE, PREFIX, {', '.join(FORMS)}")


def readable(form: str) -> Iterable[str]:
    """Return the media types in which an answer to a query of a form can be read."""
    return TABLES if form in ("SELECT", "ASK") else list(GRAPHS)[:-1]


def read(media: str, body: bytes, name: str) -> Answer:
    """Read an answer.

    :param media: its media type.
    :param body: its bytes.
    :param name: who gave it, for messages.
    :raises EndpointError: it is no answer.
    """
    try:
        if media in TABLES:
            # Read once to its end, in native code: a fault further on would otherwise show in the middle of its use.
            first = parse_query_results(body, TABLES[media])
            first.serialize(format=QueryResultsFormat.TSV)
            return parse_query_results(body, TABLES[media])
        if media in GRAPHS:
            store = Store()
            store.bulk_load(body, GRAPHS[media])
            return store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    except (SyntaxError, ValueError, OSError) as error:
        raise EndpointError(f"{name} gave an answer that cannot be read as {media}: {cut(str(error))}") from None
    raise EndpointError(f"{name} answered with {media or 'no media type'}, which is no SPARQL result") from None
