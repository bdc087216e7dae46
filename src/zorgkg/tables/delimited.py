"""Delimited text: csv and tsv as spreadsheet programs and databases write them."""

from __future__ import annotations

import csv
import io
from typing import Final

from zorgkg.tables.encoding import decode
from zorgkg.tables.table import MOST_CHARACTERS, Table, make
from zorgkg.tables.told import BadTable, Told

DELIMITERS: Final = (",", ";", "\t", "|")
_SHOWN: Final = {"\t": "tab"}
_SAMPLE: Final = 50

Grid = list[tuple[int, list[str]]]


def read(body: bytes, delimiter: str = "") -> Table:
    """Read a table.

    :param body: the file.
    :param delimiter: what separates its cells; found when it is not given.
    :raises BadTable: the encoding, a quote or the length of a row is wrong.
    """
    text, notes = decode(body)
    chosen = delimiter or _delimiter(text)
    grid = _parse(text, chosen)
    if chosen != ",":
        notes.append(Told("delimiter", {"delimiter": _SHOWN.get(chosen, chosen)}))
    table = make("", grid, notes)
    _ragged(table, grid)
    return table


def _parse(text: str, delimiter: str, most: int | None = None) -> Grid:
    csv.field_size_limit(MOST_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    grid: Grid = []
    start = 1
    try:
        for cells in reader:
            grid.append((start, cells))
            start = reader.line_num + 1
            if most and len(grid) >= most:
                break
    except csv.Error as error:
        long = "field larger" in str(error)
        raise BadTable(Told("long-cell" if long else "quote", {"most": MOST_CHARACTERS}, row=start)) from None
    return grid


def _delimiter(text: str) -> str:
    """The delimiter with which the first rows have most cells, and alike; else the one whose quotes are wrong."""
    best, most, broken = ",", 0.0, ""
    for delimiter in DELIMITERS:
        try:
            grid = _parse(text, delimiter, _SAMPLE)
        except BadTable:
            broken = broken or delimiter
            continue
        counts = [len(cells) for _, cells in grid if any(cells)]
        if not counts:
            continue
        common = max(set(counts), key=lambda one: (counts.count(one), one))
        score = counts.count(common) / len(counts) * (common > 1) * (1 + common / 1000)
        if score > most:
            best, most = delimiter, score
    # That a quote is wrong tells more than that the whole is one column.
    return best if most else broken or best


def _ragged(table: Table, grid: Grid) -> None:
    width = max(table.places)
    inside = {row.number for row in table.rows}
    shorter = [number for number, cells in grid if number in inside and len(cells) < width]
    if shorter:
        table.notes.append(Told("shorter", {"count": len(shorter), "row": shorter[0]}))
