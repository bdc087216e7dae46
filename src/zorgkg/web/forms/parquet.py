"""Parquet: a table with typed columns, for programs that read columns (pandas, R, DuckDB, Power BI)."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from zorgkg.engine import memory
from zorgkg.rows import LANGUAGE, Rows, Written, read
from zorgkg.terms import PREFIXES

# Read by pyarrow when it is loaded: its own allocator sets a gigabyte of addresses aside, which would count as memory
# that the query has taken.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

_XSD: Final = PREFIXES["xsd"]
_LONG: Final = 2**63


def write(found: Rows) -> bytes:
    """Write a table as Parquet, compressed with Snappy.

    A column whose cells are all of one kind has its type: whole numbers `int64`, decimal and floating point numbers
    `double`, dates `date32`, booleans `bool`; any other is `string`. A label's language stands in a column behind it.

    :param found: the table.
    """
    # Loaded when it is first asked for: it takes longer to load than most questions take to answer.
    with memory.uncounted():
        import pyarrow
        from pyarrow import parquet

    columns: dict[str, Any] = {}
    cells = list(zip(*found.cells(), strict=True)) or [()] * len(found.columns)
    for name, told, column in zip(found.columns, found.languages(), cells, strict=True):
        known: dict[str, Written] = {cell: read(cell) for cell in set(column)}
        kind, convert = _kind(known.values())
        values = {cell: convert(one.text) if cell else None for cell, one in known.items()}
        columns[name] = pyarrow.array([values[cell] for cell in column], getattr(pyarrow, kind)())
        if told:
            languages = [known[cell].language or None for cell in column]
            columns[name + LANGUAGE] = pyarrow.array(languages, pyarrow.string())
    output = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), output, compression="snappy")
    return output.getvalue()


def _kind(cells: Sequence[Written] | Any) -> tuple[str, Callable[[str], Any]]:
    """The type of a column, and what makes a value of it."""
    bound = [one for one in cells if one.text or one.datatype]
    for kind, datatypes, convert in _KINDS:
        if bound and all(one.datatype in datatypes and _fits(convert, one.text) for one in bound):
            return kind, convert
    return "string", str


def _fits(convert: Callable[[str], Any], text: str) -> bool:
    try:
        convert(text)
    except (ValueError, KeyError):
        return False
    return True


def _long(text: str) -> int:
    number = int(text)
    if not -_LONG <= number < _LONG:
        raise ValueError("too large")
    return number


def _truth(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


_WHOLE: Final = {
    _XSD + one for one in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger", "gYear")
}
_KINDS: Final[tuple[tuple[str, set[str], Callable[[str], Any]], ...]] = (
    ("int64", _WHOLE, _long),
    ("float64", _WHOLE | {_XSD + one for one in ("decimal", "double", "float")}, float),
    ("date32", {_XSD + "date"}, date.fromisoformat),
    ("bool_", {_XSD + "boolean"}, _truth),
)
"""Type of a column, the datatypes that it holds, and what makes a value of a text."""
