"""Payloads: RDF that somebody sent, read into statements of named graphs."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse

from zorgkg.publishing.update import DEFAULT, DERIVED

GRAPH_FORMATS: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}
"""Media types that hold one graph; JSON-LD may name others."""

DATASET_FORMATS: Final = {
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
    "application/ld+json": RdfFormat.JSON_LD,
}
"""Media types that hold a dataset: several graphs, each with its name."""


_ENTITY: Final = re.compile(rb'<!ENTITY[^"]*"([^"]*)"')
_REFERENCE: Final = re.compile(rb"&(?!(?:#|amp;|lt;|gt;|quot;|apos;))[^;&<]*;")
_EXPANDED: Final = 10_000_000
"""Bytes that the entities of an RDF/XML document may come to, beside ten times its own length."""

_NESTED: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_DEEPEST: Final = 200
"""Levels of objects and lists in JSON-LD. The parser's memory grows with the square of the depth (785 MB at 2,000), and
at 4,000, in 50 kB, it overflows the stack and takes its process with it."""


class PayloadError(Exception):
    """What was sent is not what its media type says, or not about the graph that it was sent to.

    :param line: line of the fault, from 1; None where it has no place.
    :param column: column, from 1.
    """

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


@dataclass(frozen=True)
class Payload:
    """One document that was sent.

    :param media: its media type, of :data:`GRAPH_FORMATS` or :data:`DATASET_FORMATS`.
    :param body: its bytes.
    :param base: base IRI of relative IRIs.
    """

    media: str
    body: bytes
    base: str | None = None


def graph(payloads: Iterable[Payload], name: NamedNode) -> Iterator[Quad]:
    """Read documents as statements of one graph.

    :param payloads: the documents; a blank node of one is never one of another.
    :param name: the graph.
    :raises PayloadError: a document is malformed, or names another graph.
    """
    for quad in _quads(payloads):
        if quad.graph_name not in (DefaultGraph(), name):
            raise PayloadError(f"the document names the graph {quad.graph_name}; it was sent to <{name.value}>")
        yield Quad(quad.subject, quad.predicate, quad.object, name)


def dataset(payloads: Iterable[Payload]) -> Iterator[Quad]:
    """Read documents as statements of the graphs that they name.

    Statements without a graph go to the dataset `default`; those of the derived graph, as an export has them, are left
    out, for rules derive them again.

    :raises PayloadError: a document is malformed.
    """
    for quad in _quads(payloads):
        name = DEFAULT if quad.graph_name == DefaultGraph() else quad.graph_name
        if name != DERIVED:
            yield Quad(quad.subject, quad.predicate, quad.object, name)


def _quads(payloads: Iterable[Payload]) -> Iterator[Quad]:
    formats = {**DATASET_FORMATS, **GRAPH_FORMATS}
    for payload in payloads:
        if payload.media == "application/rdf+xml":
            _entities(payload.body)
        elif payload.media == "application/ld+json":
            _depth(payload.body)
        try:
            for quad in parse(
                # A byte order mark, which editors put before a text, is none of it.
                payload.body.removeprefix(codecs.BOM_UTF8),
                format=formats[payload.media],
                base_iri=payload.base,
                rename_blank_nodes=True,
            ):
                if isinstance(quad.subject, Triple) or isinstance(quad.object, Triple):
                    raise PayloadError("a triple term (RDF 1.2) cannot be validated; write it as plain triples")
                if not isinstance(quad.graph_name, NamedNode | DefaultGraph):
                    raise PayloadError("a graph is named by a blank node, which nobody could ask for; give it an IRI")
                yield quad
        except SyntaxError as error:
            raise PayloadError(f"not {payload.media}: {error.msg}", error.lineno, error.offset) from error


def _entities(body: bytes) -> None:
    """Refuse RDF/XML that is small as it is sent and grows without measure where the parser puts in its entities.

    :raises PayloadError: an entity is made of others, or all together come to too much.
    """
    values = _ENTITY.findall(body)
    if any(b"&" in value for value in values):
        raise PayloadError("an entity of the document holds a reference; write each entity in full")
    if values and len(_REFERENCE.findall(body)) * max(map(len, values)) > _EXPANDED + 10 * len(body):
        raise PayloadError("the document's entities make it more than ten times as large; write it without them")


def _depth(body: bytes) -> None:
    """Refuse JSON that is nested so deeply that its parser would not survive it.

    :raises PayloadError: it is.
    """
    depth = 0
    for found in _NESTED.finditer(body):
        token = found[0]
        if token in (b"{", b"["):
            depth += 1
            if depth > _DEEPEST:
                raise PayloadError(f"the document nests objects and lists more than {_DEEPEST} levels deep")
        elif token in (b"}", b"]"):
            depth -= 1
