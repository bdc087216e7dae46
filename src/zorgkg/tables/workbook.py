"""Workbooks (xlsx): the cells' values as a person sees them, and what a person does not see told or refused."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterator
from io import BytesIO
from itertools import zip_longest
from typing import Any, Final

from zorgkg.tables import archives
from zorgkg.tables.archives import Part
from zorgkg.tables.table import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, Table, make
from zorgkg.tables.told import BadTable, Told, letters

_MIDNIGHT: Final = datetime.time()
_LAST_ROW: Final = 2**20
"""Of a sheet; what is formatted there has rows up to it without a value."""

_TITLES: Final = 100
"""Rows that may stand above the header of a table that is as long as one may be."""

_MOST_FILLED: Final = 5 * MOST_ROWS


def read(body: bytes, sheet: str = "") -> tuple[list[Table], list[Told]]:
    """Read the tables of a workbook, one a sheet.

    :param body: the file.
    :param sheet: only this one; else all that are not hidden and have a table.
    :returns: the tables, and what is told of sheets that were not read.
    :raises BadTable: the file cannot be used; see :func:`zorgkg.tables.archives.check`.
    """
    parts = archives.check(body)
    with warnings.catch_warnings():
        # Styles and drop-down lists that openpyxl leaves out are none of ours.
        warnings.simplefilter("ignore")
        try:
            values, formulas = (_opened(body, data_only) for data_only in (True, False))
        except Exception as error:
            # What openpyxl raises for a damaged file may be anything.
            raise BadTable(Told("no-workbook")) from error
        try:
            return _tables(values, formulas, parts, sheet)
        finally:
            values.close()
            formulas.close()


def _opened(body: bytes, data_only: bool) -> Any:
    # Here, for a server that reads none starts without it.
    from openpyxl.chartsheet import Chartsheet
    from openpyxl.reader.excel import ExcelReader

    class Reader(ExcelReader):
        """Leaves out the charts of chart sheets, whose parts it would need to be whole; the sheets keep their order."""

        def read_chartsheet(self, sheet: Any, rel: Any) -> None:
            self.wb._sheets.append(Chartsheet(parent=self.wb, title=sheet.name))  # type: ignore[attr-defined]

    reader = Reader(BytesIO(body), read_only=True, data_only=data_only, keep_links=False)
    reader.read()
    return reader.wb


def _tables(values: Any, formulas: Any, parts: dict[str, Part], wanted: str) -> tuple[list[Table], list[Told]]:
    names = [one.title for one in values.worksheets]
    if wanted and wanted not in names:
        raise BadTable(Told("no-sheet", {"name": wanted, "names": ", ".join(names)}))
    tables: list[Table] = []
    notes: list[Told] = []
    for shown, computed in zip(values.worksheets, formulas.worksheets, strict=True):
        name = shown.title
        if wanted and name != wanted:
            continue
        if not wanted and shown.sheet_state != "visible":
            notes.append(Told("hidden", {}, name))
            continue
        part = str(getattr(shown, "_worksheet_path", "")).lstrip("/")
        try:
            tables.append(_table(name, shown, computed, parts.get(part, Part())))
        except BadTable as error:
            # An empty sheet beside others is no matter.
            if wanted or len(names) == 1 or [one.key for one in error.told] != ["empty"]:
                raise
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise BadTable(Told("no-workbook", {}, name)) from error
    if not tables:
        raise BadTable(Told("empty"))
    return tables, notes


def _table(name: str, shown: Any, computed: Any, part: Part) -> Table:
    grid: list[tuple[int, list[str]]] = []
    faults: list[Told] = []
    found: dict[str, list[str]] = {"formulas": [], "whole-numbers": []}
    for number, (row, raw) in enumerate(_rows(shown, computed), 1):
        cells: list[str] = []
        for column, (cell, other) in enumerate(zip_longest(row, raw), 1):
            if column > MOST_COLUMNS * 2:
                break
            cells.append(_text(name, number, column, cell, other, faults, found))
        if number > _LAST_ROW or (number > MOST_ROWS + _TITLES and any(cells)):
            raise BadTable(Told("rows", {"most": MOST_ROWS}, name))
        if number <= MOST_ROWS + _TITLES:
            grid.append((number, cells))
    notes = []
    if found["formulas"]:
        notes.append(Told("formulas", {"count": len(found["formulas"]), "cell": found["formulas"][0]}, name))
    if found["whole-numbers"]:
        notes.append(Told("whole-numbers", {"count": len(found["whole-numbers"])}, name))
    across, filled = _unmerged(name, grid, part.merged)
    try:
        table = make(name, grid, notes, faults)
    except BadTable as error:
        # Merged cells leave columns without a header of their own.
        _refuse_in_header(name, across, error.told[0].row or 0)
        raise
    _refuse_in_header(name, across, table.start)
    # What stands under the last row was left out.
    last = table.rows[-1].number if table.rows else 0
    table.faults += [told for told, low, _ in across if table.start < low <= last]
    table.notes += [one for one in filled if (one.row or 0) > table.start]
    hidden = [row.number for row in table.rows if row.number in part.hidden_rows]
    if hidden:
        table.notes.append(table.told("hidden-rows", hidden[0], count=len(hidden)))
    for index, place in enumerate(table.places):
        if place in part.hidden_columns:
            table.notes.append(table.told("hidden-column", None, index))
    return table


def _refuse_in_header(sheet: str, across: list[tuple[Told, int, int]], start: int) -> None:
    cells = [str(told.values["cells"]) for told, low, high in across if low <= start <= high]
    if cells:
        raise BadTable(Told("merged-header", {"cells": ", ".join(cells)}, sheet, start))


def _rows(shown: Any, computed: Any) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    # Sizes that a file tells of its sheets are often wrong, and then cells are left out.
    shown.reset_dimensions()
    computed.reset_dimensions()
    return zip(shown.iter_rows(), computed.iter_rows(), strict=True)


def _text(
    sheet: str, row: int, column: int, cell: Any, other: Any, faults: list[Told], found: dict[str, list[str]]
) -> str:
    value = getattr(cell, "value", None)
    formula = getattr(other, "data_type", "") == "f"
    where = f"{letters(column)}{row}"
    if formula and value is None:
        faults.append(Told("uncomputed", {"cell": where}, sheet, row, column))
        return ""
    if formula:
        found["formulas"].append(where)
    if value is None:
        return ""
    if getattr(cell, "data_type", "") == "e":
        faults.append(Told("error-cell", {"cell": where, "value": value}, sheet, row, column))
        return ""
    text = written(value)
    if isinstance(value, float) and value.is_integer():
        found["whole-numbers"].append(where)
    if len(text) > MOST_CHARACTERS:
        faults.append(Told("long-cell", {"most": MOST_CHARACTERS}, sheet, row, column))
        return ""
    return text


def written(value: Any) -> str:
    """Return a value as text: dates as ISO 8601 writes them, whole numbers without decimals."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        if value.time() == _MIDNIGHT:
            return value.date().isoformat()
        return value.isoformat(timespec="seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _unmerged(
    sheet: str, grid: list[tuple[int, list[str]]], merged: list[str]
) -> tuple[list[tuple[Told, int, int]], list[Told]]:
    """Fill cells that are merged in one column; tell those that are merged across columns, with their rows."""
    from openpyxl.utils.cell import range_boundaries

    across: list[tuple[Told, int, int]] = []
    filled: list[Told] = []
    count = 0
    for cells in merged:
        left, top, right, bottom = (int(one) for one in range_boundaries(cells) if one is not None)
        if top > len(grid):
            continue
        if left != right:
            across.append((Told("merged", {"cells": cells}, sheet, top), top, bottom))
            continue
        count += min(bottom, len(grid)) - top + 1
        if count > _MOST_FILLED:
            # Cells that are merged twice: no program writes that.
            raise BadTable(Told("no-workbook", {}, sheet))
        row = grid[top - 1][1]
        value = row[left - 1] if left <= len(row) else ""
        for number in range(top, min(bottom, len(grid)) + 1):
            texts = grid[number - 1][1]
            texts += [""] * (left - len(texts))
            texts[left - 1] = value
        filled.append(Told("merged-filled", {"cells": cells}, sheet, top, left))
    # A file has them in any order.
    return across, sorted(filled, key=lambda one: (one.row or 0, one.column or 0))
