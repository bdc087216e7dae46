"""SPARQL for evidence: terms as their N-Triples form, and rows of what an engine answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, QuerySolution


def values(variable: str, iris: Iterable[str]) -> str:
    """Return a VALUES block of things; what is no IRI is left out."""
    return f"VALUES ?{variable} {{ {' '.join(map(str, nodes(iris)))} }}"


def nodes(iris: Iterable[str]) -> Iterator[NamedNode]:
    """Return the IRIs among texts as terms, each once."""
    for iri in dict.fromkeys(iris):
        node = named(iri)
        if node is not None:
            yield node


def named(iri: str) -> NamedNode | None:
    """Return the term of an IRI, or None when the text is none."""
    if ":" not in iri:
        return None
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def iri(row: QuerySolution, name: str) -> str:
    """Return the IRI or the text of a cell, "" when it is unbound or a blank node."""
    value = row[name]
    return value.value if isinstance(value, NamedNode | Literal) else ""
