"""Results: their terms as plain values, tables for terminals, and the names of the standard formats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import IO, Final, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    serialize,
)
from rich.console import Console
from rich.table import Table

from zorgkg.terms import PREFIXES, shorten

Cell = NamedNode | Literal | BlankNode | Triple | None
Plain = str | int | float | bool | None
"""A JSON value that stands for a cell."""

Writable = QuerySolutions | QueryBoolean | Iterable[Triple] | Iterable[Quad]

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
_BOOLEAN = _XSD + "boolean"
_FRACTION = {_XSD + name for name in ("decimal", "double", "float")}


def unwritable(triples: Iterable[Triple]) -> str | None:
    """Return a property that RDF/XML cannot write, or None when it can write all.

    It writes a property as an XML name, which not every IRI ends in (RDF 1.1 XML Syntax, section 2.2).

    :param triples: RDF statements.
    :returns: an IRI.
    """
    wrong = {one.predicate.value for one in triples if not re.search(r"[^\W\d][\w.-]*$", one.predicate.value)}
    return min(wrong, default=None)


class _Xml:
    """Takes XML, and gives it on with carriage returns that stay: read bare, each ends a line (XML 1.0, 2.11)."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output

    def write(self, data: bytes) -> int:
        self._output.write(data.replace(b"\r", b"&#xD;"))
        return len(data)

    def flush(self) -> None:
        self._output.flush()


def write(
    found: Writable,
    output: IO[bytes],
    form: QueryResultsFormat | RdfFormat,
    prefixes: Mapping[str, str] = PREFIXES,
) -> None:
    """Write an answer or statements.

    :param found: what is written.
    :param output: takes it.
    :param form: a format that it has.
    :param prefixes: are declared where the format has prefixes.
    :raises OSError: the engine fails, or the output does.
    :raises ValueError: the format cannot say it.
    """
    if form in (QueryResultsFormat.XML, RdfFormat.RDF_XML):
        output = cast(IO[bytes], _Xml(output))
    if isinstance(found, QuerySolutions | QueryBoolean):
        found.serialize(output, cast(QueryResultsFormat, form))
    else:
        serialize(found, output, cast(RdfFormat, form), prefixes=dict(prefixes))


def written(
    found: Writable,
    form: QueryResultsFormat | RdfFormat,
    prefixes: Mapping[str, str] = PREFIXES,
) -> bytes:
    """Return what :func:`write` writes."""
    output = BytesIO()
    write(found, output, form, prefixes)
    return output.getvalue()


def plain(cell: Cell) -> Plain:
    """Return a term as a JSON value: IRIs and strings as strings, numbers as numbers, unbound as None."""
    if isinstance(cell, Literal):
        return plain_literal(cell.value, cell.datatype.value)
    if cell is None:
        return None
    return cell.value if isinstance(cell, NamedNode) else str(cell)


def plain_literal(text: str, datatype: str) -> str | int | float | bool:
    """Return a literal as a JSON value; what JSON has no number for stays as it is written.

    :param text: its lexical form.
    :param datatype: IRI of its datatype.
    """
    try:
        if datatype in _WHOLE:
            return int(text)
        if datatype in _FRACTION:
            number = float(text)
            return number if number == number and abs(number) != float("inf") else text
    except ValueError:
        return text
    return text in ("true", "1") if datatype == _BOOLEAN else text


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
