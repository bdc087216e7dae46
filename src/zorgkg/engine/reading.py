"""Reading: an engine is asked in SPARQL, with our prefixes, and its rows are read.

An IRI enters a query as an RDF term (its N-Triples form), never as pasted text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolution, QuerySolutions, Triple

from zorgkg.engine.interface import Engine
from zorgkg.terms import PREFIXES

_USED: Final = (
    *("zorg", "rdf", "rdfs", "owl", "skos", "dcterms", "prov", "org", "foaf", "schema", "dcat", "void", "geo"),
    *("adms", "qb", "sssom"),
)
_PROLOGUE: Final = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in _USED)


def select(engine: Engine, query: str) -> list[QuerySolution]:
    """Return the solutions of a SELECT query, which needs no prologue."""
    answer = engine.query(_PROLOGUE + query)
    if not isinstance(answer, QuerySolutions):
        raise TypeError("a SELECT query gives solutions")
    return list(answer)


def ask(engine: Engine, query: str) -> bool:
    """Return the answer to an ASK query."""
    answer = engine.query(_PROLOGUE + query)
    return isinstance(answer, QueryBoolean) and bool(answer)


def construct(engine: Engine, query: str) -> list[Triple]:
    """Return the triples of a CONSTRUCT query."""
    answer = engine.query(_PROLOGUE + query)
    if isinstance(answer, QuerySolutions | QueryBoolean):
        raise TypeError("a CONSTRUCT query gives triples")
    return list(answer)


def column(engine: Engine, query: str) -> list[str]:
    """Return the IRIs that a SELECT query gives for its variable `it`."""
    return [value(row, "it") for row in select(engine, query) if isinstance(row["it"], NamedNode)]


def values(variable: str, iris: Iterable[str]) -> str:
    """Return the VALUES block of a variable; what is no IRI is left out.

    :param variable: its name, ours and never a user's.
    :param iris: absolute IRIs.
    """
    terms = []
    for iri in iris:
        try:
            terms.append(str(NamedNode(iri)))
        except ValueError:
            continue
    return f"VALUES ?{variable} {{ {' '.join(terms)} }}"


def value(row: QuerySolution, name: str) -> str:
    """Return the IRI or the text of a variable, "" where it is unbound."""
    found = row[name]
    if found is None:
        return ""
    return str(found) if isinstance(found, Triple) else found.value


def text(row: QuerySolution, name: str) -> tuple[str, str]:
    """Return the text of a variable and its language tag, "" where it has none."""
    found = row[name]
    return tagged(found) if isinstance(found, Literal) else (value(row, name), "")


def tagged(node: NamedNode | BlankNode | Literal) -> tuple[str, str]:
    """Return the text of a term and its language tag, "" where it has none."""
    return node.value, (node.language or "" if isinstance(node, Literal) else "")
