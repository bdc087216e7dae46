"""Tables: rows as SPARQL 1.1 JSON and TSV, and as cells of an HTML table with labels in the place of IRIs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from zorgkg.results import Cell, plain
from zorgkg.terms import PREFIXES, shorten
from zorgkg.web.words import Say

_STRING = PREFIXES["xsd"] + "string"


@dataclass(frozen=True)
class Shown:
    """A cell of an HTML table.

    :param text: what is read.
    :param iri: the thing that it names, or "".
    :param language: language tag of the text, or "".
    :param is_number: whether it is set to the right.
    """

    text: str
    iri: str = ""
    language: str = ""
    is_number: bool = False


def sparql_json(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return rows in the SPARQL 1.1 Query Results JSON Format (https://www.w3.org/TR/sparql11-results-json/)."""
    bindings = [
        {column: _json(cell) for column, cell in zip(columns, row, strict=True) if cell is not None} for row in rows
    ]
    body = {"head": {"vars": list(columns)}, "results": {"bindings": bindings}}
    return json.dumps(body, ensure_ascii=False).encode()


def tsv(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return rows in the SPARQL 1.1 TSV format (https://www.w3.org/TR/sparql11-results-csv-tsv/, section 4)."""
    lines = ["\t".join(f"?{column}" for column in columns)]
    # N-Triples escapes tabs and line breaks in strings, as this format needs.
    lines += ["\t".join("" if cell is None else str(cell).replace("\t", "\\t") for cell in row) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def merged(columns: Sequence[str]) -> list[tuple[str, int, int | None]]:
    """Return what a reader sees as columns: (name, index of the thing, index of its label).

    A column `xLabel` beside a column `x` is its label, not a column of its own. A column `order` only sorts.
    """
    index = {name: place for place, name in enumerate(columns)}
    return [
        (name, place, index.get(name + "Label"))
        for name, place in index.items()
        if name != "order" and not (name.endswith("Label") and name.removesuffix("Label") in index)
    ]


def shown(cell: Cell, label: Cell = None, say: Say | None = None) -> Shown:
    """Return a cell for an HTML table.

    :param cell: the term.
    :param label: its label, when the answer has one.
    :param say: the words for yes and no in the reader's language; without it a boolean is shown as it is written.
    """
    iri = cell.value if isinstance(cell, NamedNode) else ""
    if isinstance(label, Literal):
        return Shown(label.value, iri, label.language or "")
    if isinstance(cell, Literal):
        value = plain(cell)
        if say and isinstance(value, bool):
            return Shown(say("yes" if value else "no"))
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return Shown(cell.value, "", cell.language or "", is_number)
    if cell is None:
        return Shown("")
    return Shown(shorten(iri) if iri else str(cell), iri)


def _json(cell: NamedNode | Literal | BlankNode | Triple) -> dict[str, Any]:
    if isinstance(cell, NamedNode):
        return {"type": "uri", "value": cell.value}
    if isinstance(cell, BlankNode):
        return {"type": "bnode", "value": cell.value}
    if isinstance(cell, Triple):
        # SPARQL 1.2; no question of ours gives one.
        parts = {"subject": cell.subject, "predicate": cell.predicate, "object": cell.object}
        return {"type": "triple", "value": {name: _json(part) for name, part in parts.items()}}
    if cell.language:
        return {"type": "literal", "value": cell.value, "xml:lang": cell.language}
    if cell.datatype.value == _STRING:
        return {"type": "literal", "value": cell.value}
    return {"type": "literal", "value": cell.value, "datatype": cell.datatype.value}
