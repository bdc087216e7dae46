"""A table: a header and rows of text, each cell with the place that it comes from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from zorgkg.search.folding import key
from zorgkg.tables.told import BadTable, Told, letters

MOST_ROWS: Final = 1_000_000
MOST_COLUMNS: Final = 500
MOST_CHARACTERS: Final = 100_000
"""What one table, row and cell may have."""

SEPARATOR: Final = "\n"
"""Between the values of a cell that has several: those of a JSON or Parquet list."""

_LOOKED: Final = 30
_TOTAL: Final = re.compile(
    r"(?:algemeen |eind|sub|sous |grand |nombre )?(?:totaal|totalen|total|totaux|totals)"
    r"(?: general| generaux| aantal.*| \d+)*"
)
_FOOTER: Final = re.compile(
    r"\s*(?:bron(?:nen)?|sources?|voetnoot|noot|nota|notes?|opmerking(?:en)?|remarques?|remarks?|legende?|legend)\s*:.*",
    re.IGNORECASE | re.DOTALL,
)
_FIGURES: Final = re.compile(r"[\d.,:%€\s+-]*")
_UNFIT: Final = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no text of XML has; in JSON all of it can be written, as an escape."""

_ERRORS: Final = frozenset(
    (
        *("#N/A", "#N/B", "#REF!", "#VERW!", "#VALUE!", "#WAARDE!", "#VALEUR!", "#NAME?", "#NAAM?", "#NOM?"),
        *("#DIV/0!", "#DEEL/0!", "#NULL!", "#LEEG!", "#NUL!", "#NUM!", "#GETAL!", "#NOMBRE!"),
    )
)
"""What a formula that fails leaves in a csv, in the languages of spreadsheet programs."""


@dataclass(frozen=True)
class Row:
    """A row.

    :param number: as who opens the file counts it, from 1.
    :param cells: as many as the table has columns; "" where empty.
    """

    number: int
    cells: tuple[str, ...]


@dataclass
class Table:
    """One table of a file.

    :param sheet: name of its sheet; "" where the file has none.
    :param header: names of the columns.
    :param rows: the rows that have any text.
    :param places: number of each column in the file, from 1.
    :param notes: what was done to read it.
    :param faults: what is wrong with cells; a fault in a column that is left out does not matter.
    :param start: number of the header's row.
    """

    sheet: str
    header: tuple[str, ...]
    rows: list[Row]
    places: tuple[int, ...] = ()
    notes: list[Told] = field(default_factory=list)
    faults: list[Told] = field(default_factory=list)
    start: int = 0

    def told(self, key: str, row: int | None = None, column: int | None = None, **values: object) -> Told:
        """Return something to tell of this table.

        :param column: index of the column, from 0.
        """
        if column is None:
            return Told(key, values, self.sheet, row)
        return Told(key, values, self.sheet, row, self.places[column], self.header[column])

    def column(self, index: int) -> Iterator[tuple[int, str]]:
        """Give the cells of a column that have text, with their row's number."""
        return ((row.number, row.cells[index]) for row in self.rows if row.cells[index])

    def without(self, names: Sequence[str]) -> Table:
        """Return the table without some columns.

        :param names: headers, in any case; those that it has not are no matter.
        """
        left_out = {name.strip().casefold() for name in names}
        kept = [index for index, name in enumerate(self.header) if name.casefold() not in left_out]
        gone = {self.places[index] for index in range(len(self.header)) if index not in kept}
        if not gone:
            return self
        rows = [Row(row.number, tuple(row.cells[index] for index in kept)) for row in self.rows]
        return Table(
            self.sheet,
            tuple(self.header[index] for index in kept),
            [row for row in rows if any(row.cells)],
            tuple(self.places[index] for index in kept),
            [one for one in self.notes if one.column not in gone],
            [one for one in self.faults if one.column not in gone],
            self.start,
        )


def make(
    sheet: str, grid: Sequence[tuple[int, Sequence[str]]], notes: Sequence[Told] = (), faults: Sequence[Told] = ()
) -> Table:
    """Make a table of what a file has: find its header, and leave out what is empty.

    :param sheet: name of the sheet, or "".
    :param grid: each row's number and cells; rows may differ in length.
    :param notes: what was done already.
    :param faults: what is wrong with cells.
    :raises BadTable: there is no header, two columns have the same one, or a column has values but no header.
    """
    filled = [(number, cells) for number, cells in grid if any(cell.strip() for cell in cells)]
    if not filled:
        raise BadTable(Told("empty", {}, sheet))
    first = _header(filled)
    above = filled[:first]
    start, names = filled[first]
    header = [" ".join(name.split()) for name in names]
    body, totals, footers = _without_end(filled[first + 1 :], header if start else [])
    if len(body) > MOST_ROWS:
        raise BadTable(Told("rows", {"most": MOST_ROWS}, sheet))
    if not sheet:
        # Without a grid to look at, a cell too many is a mistake in its row, not a column without a name.
        faults = [*faults, *_longer(body, len(header))]
        body = [(number, cells[: len(header)]) for number, cells in body]
    width = max((len(cells) for _, cells in body), default=0)
    header += [""] * (width - len(header))
    used = [
        index
        for index, name in enumerate(header)
        if name or any(index < len(cells) and cells[index].strip() for _, cells in body)
    ]
    if len(used) > MOST_COLUMNS:
        raise BadTable(Told("columns", {"most": MOST_COLUMNS}, sheet))
    # The names in a JSON record stand in no row.
    at = start or None
    wrong = [Told("headless", {}, sheet, at, index + 1) for index in used if not header[index]]
    wrong += [_unfit(found, sheet, at, index + 1) for index in used if (found := _UNFIT.search(header[index]))]
    counts = Counter(header[index].casefold() for index in used if header[index])
    for name, count in counts.items():
        if count > 1:
            where = [index for index in used if header[index].casefold() == name]
            which = ", ".join(letters(index + 1) if sheet else str(index + 1) for index in where)
            wrong.append(Told("twice", {"name": header[where[0]], "which": which}, sheet, at))
    if wrong:
        raise BadTable(*wrong)
    rows = []
    for number, cells in body:
        texts = tuple(cells[index].strip() if index < len(cells) else "" for index in used)
        rows.append(Row(number, texts))
    faults = [*faults, *_unusable(sheet, rows, used)]
    table = Table(sheet, tuple(header[index] for index in used), rows, tuple(index + 1 for index in used))
    table.notes = [*notes]
    table.start = start
    if above:
        table.notes.append(Told("above", {"count": len(above), "row": start}, sheet))
    if totals:
        table.notes.append(Told("totals", {"count": len(totals)}, sheet, min(totals)))
    if footers:
        table.notes.append(Told("footers", {"count": len(footers)}, sheet, min(footers)))
    # What is wrong above the header, with the header's own row or in what was left out, is no cell of the table.
    named = dict(zip(table.places, table.header, strict=True))
    table.faults = [
        Told(one.key, one.values, sheet, one.row, one.column, named.get(one.column or 0, ""))
        for one in faults
        if one.row is None or (one.row > start and one.row not in totals | footers)
    ]
    return table


def _without_end(
    body: Sequence[tuple[int, Sequence[str]]], header: Sequence[str]
) -> tuple[Sequence[tuple[int, Sequence[str]]], set[int], set[int]]:
    """Leave out the rows at the end that are none of the table's.

    :param header: none for records, which have no notes among them.
    :returns: the others; the numbers of those that say "total" and have only figures behind it; of those that have
        "Source: …" or another such note in the first column and nothing behind it.
    """
    end, totals, footers = len(body), set(), set()
    named = [index for index, name in enumerate(header) if name]
    while end:
        number, cells = body[end - 1]
        if _is_total(cells):
            totals.add(number)
        elif len(named) > 1 and _is_footer(cells, named[0]):
            footers.add(number)
        else:
            break
        end -= 1
    return body[:end], totals, footers


def _is_total(cells: Sequence[str]) -> bool:
    first, *others = (cell for cell in cells if cell.strip())
    return _TOTAL.fullmatch(key(first)) is not None and all(map(_FIGURES.fullmatch, others))


def _is_footer(cells: Sequence[str], first: int) -> bool:
    filled = [index for index, cell in enumerate(cells) if cell.strip()]
    return len(filled) == 1 and filled[0] <= first and _FOOTER.fullmatch(cells[filled[0]]) is not None


def _unusable(sheet: str, rows: Sequence[Row], used: Sequence[int]) -> Iterator[Told]:
    """Tell the cells that hold what is no text, or the error of a formula."""
    for row in rows:
        for index, text in zip(used, row.cells, strict=True):
            if found := _UNFIT.search(text):
                yield _unfit(found, sheet, row.number, index + 1)
            elif text in _ERRORS:
                cell = f"{letters(index + 1)}{row.number}"
                yield Told("error-cell", {"cell": cell, "value": text}, sheet, row.number, index + 1)


def _unfit(found: re.Match[str], sheet: str, row: int | None, column: int) -> Told:
    return Told("unfit", {"code": f"U+{ord(found[0]):04X}"}, sheet, row, column)


def _longer(body: Sequence[tuple[int, Sequence[str]]], width: int) -> Iterator[Told]:
    for number, cells in body:
        if any(cell.strip() for cell in cells[width:]):
            yield Told("longer", {"count": len(cells), "width": width}, row=number)


def _header(filled: Sequence[tuple[int, Sequence[str]]]) -> int:
    """Which row is the header: the first that is about as wide as the table; a title above it is narrow."""
    counts = [sum(1 for cell in cells if cell.strip()) for _, cells in filled[:_LOOKED]]
    widest = max(counts)
    return next(index for index, count in enumerate(counts) if count >= min(widest, max(2, (widest + 1) // 2)))
