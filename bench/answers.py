"""Whether two services give the same answer: compared as RDF terms, whatever their order and way of writing."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

from pyoxigraph import RdfFormat, parse

from bench.workload import GRAPH

XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {XSD + name for name in ("integer", "int", "long", "decimal", "nonNegativeInteger")}

Row = tuple[tuple[str, str], ...]


def read(body: bytes, accept: str) -> Counter[Row]:
    """Read an answer.

    :param body: SPARQL results as JSON, or N-Triples.
    :param accept: which of the two.
    :returns: its rows, or triples, and how often each occurs.
    :raises ValueError: it is neither.
    """
    if accept == GRAPH:
        return Counter((("", str(triple)),) for triple in set(parse(body, format=RdfFormat.N_TRIPLES)))
    told = json.loads(body)
    if "boolean" in told:
        return Counter([(("", str(told["boolean"])),)])
    return Counter(
        tuple(sorted((name, _term(cell)) for name, cell in row.items())) for row in told["results"]["bindings"]
    )


def difference(one: Counter[Row], other: Counter[Row]) -> str:
    """Return what differs between two answers, in a few words; nothing when they are the same."""
    if one == other:
        return ""
    only_one, only_other = one - other, other - one
    example = next(iter([*only_one, *only_other]))
    told = " ".join(f"{name}={value}" for name, value in example)[:200]
    return (
        f"{one.total()} and {other.total()} rows, {only_one.total()} and {only_other.total()} of their own, as {told}"
    )


def _term(cell: dict[str, Any]) -> str:
    value = str(cell["value"])
    if cell["type"] == "uri":
        return f"<{value}>"
    if cell["type"] == "bnode":
        return "_:"
    if language := cell.get("xml:lang"):
        return f'"{value}"@{language.lower()}'
    datatype = cell.get("datatype", XSD + "string")
    if datatype in _NUMBERS:
        try:
            return f"{Decimal(value).normalize()}"
        except InvalidOperation:
            pass
    return f'"{value}"' if datatype == XSD + "string" else f'"{value}"^^{datatype}'
