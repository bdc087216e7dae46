"""Results as text: flat JSON and CSV for dashboards, tables for terminals, and the names of the standard formats."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import IO, Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, RdfFormat, Triple
from rich.console import Console
from rich.table import Table

from zorgkg.terms import PREFIXES, shorten

Cell = NamedNode | Literal | BlankNode | Triple | None

TABLE_FORMATS: Final = {
    "table": QueryResultsFormat.CSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPH_FORMATS: Final = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}

_XSD = PREFIXES["xsd"]
_WHOLE = {_XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger", "gYear")}
_FRACTION = {_XSD + name for name in ("decimal", "double", "float")}


def unwritable(triples: Iterable[Triple]) -> str | None:
    """Return a property that RDF/XML cannot write, or None when it can write all.

    It writes a property as an XML name, which not every IRI ends in (RDF 1.1 XML Syntax, section 2.2).

    :param triples: RDF statements.
    :returns: an IRI.
    """
    wrong = {one.predicate.value for one in triples if not re.search(r"[^\W\d][\w.-]*$", one.predicate.value)}
    return min(wrong, default=None)


def plain(cell: Cell) -> str | int | float | bool | None:
    """Return a term as a JSON value: IRIs and strings as strings, numbers as numbers, unbound as None."""
    if isinstance(cell, Literal):
        kind = cell.datatype.value
        try:
            if kind in _WHOLE:
                return int(cell.value)
            if kind in _FRACTION:
                number = float(cell.value)
                return number if number == number and abs(number) != float("inf") else cell.value
        except ValueError:
            return cell.value
        if kind == _XSD + "boolean":
            return cell.value in ("true", "1")
        return cell.value
    if cell is None:
        return None
    return cell.value if isinstance(cell, NamedNode) else str(cell)


def records(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[dict[str, Any]]:
    """Return the rows as flat records; every record has every column."""
    return [dict(zip(columns, map(plain, row), strict=True)) for row in rows]


def flat_json(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return the rows as a JSON array of flat records, in UTF-8."""
    return json.dumps(records(columns, rows), ensure_ascii=False, indent=1).encode()


def flat_csv(columns: Sequence[str], rows: Sequence[Sequence[Cell]], excel: bool = False) -> bytes:
    r"""Return the rows as CSV (RFC 4180) in UTF-8.

    :param excel: for Excel in a Dutch or French locale: byte order mark and semicolons. A text that Excel would take
        for a formula (it starts with ``= + - @``, a tab or a line break) then gets an apostrophe in front.
    """
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter=";" if excel else ",", lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        cells = ["" if cell is None else _lexical(cell) for cell in row]
        writer.writerow(map(_defused, cells) if excel else cells)
    return output.getvalue().encode("utf-8-sig" if excel else "utf-8")


def render_table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], stream: IO[str]) -> None:
    """Write the rows as a table for a terminal: labels instead of IRIs where the answer has both."""
    shown = [index for index, name in enumerate(columns) if name + "Label" not in columns]
    table = Table(show_lines=False)
    for index in shown:
        table.add_column(columns[index].removesuffix("Label"), overflow="fold")
    for row in rows:
        table.add_row(*("" if row[index] is None else shorten(_lexical(row[index])) for index in shown))
    console = Console(file=stream, markup=False, highlight=False)
    console.print(table)
    console.print(f"{len(rows)} row{'s' if len(rows) != 1 else ''}")


def _lexical(cell: Cell) -> str:
    return str(cell) if isinstance(cell, BlankNode | Triple) else ("" if cell is None else cell.value)


def _defused(text: str) -> str:
    is_number = text.lstrip("+-").replace(".", "", 1).isdigit()
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") and not is_number else text
