"""Validation of tables.

Follows "Model for Tabular Data and Metadata on the Web", section 6.6 (Validating Tables), and "Metadata Vocabulary for
Tabular Data", sections 5.5.1 (Schema Compatibility) and 5.5 (primaryKey, foreignKeys). Ours, where the standard is
silent or too strict to be of use: a column described by a name only is compared with the header by that name; a row
whose foreign key is empty refers to nothing; in a list, each item must occur in the referenced column. With `strict`, a
header needs titles to compare with, an empty foreign key is a problem, and a list is one value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from zorgkg.csvw.cell import Cell, Value, cell_parser
from zorgkg.csvw.group import Column, ForeignKey, Table, TableGroup, bound
from zorgkg.csvw.problems import Problem, TableError, shown
from zorgkg.csvw.table import Row, Sheet
from zorgkg.csvw.template import Url, Variable, decode_name

Key = tuple[str | tuple[str, ...] | None, ...]


@dataclass
class _Facts:
    """What is remembered of a table to check keys."""

    problems: list[Problem] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    referenced: dict[tuple[str, ...], dict[Key, int]] = field(default_factory=dict)
    references: list[tuple[ForeignKey, list[tuple[Key, int]]]] = field(default_factory=list)
    complete: bool = True


def check(group: TableGroup, limit: int = 1000, *, strict: bool = False) -> list[Problem]:
    """Validate the tables of a group.

    Args:
        group: The group.
        limit: The greatest number of problems to collect.
        strict: Follow the letter of the standard.

    Returns:
        The problems, table by table.
    """
    facts: list[_Facts] = []
    left = limit
    for table in group.tables:
        found = _Checker(table, group, max(left, 0), strict).check()
        left -= len(found.problems)
        facts.append(found)
    by_table = {id(table): found for table, found in zip(group.tables, facts, strict=True)}
    problems: list[Problem] = []
    for table, found in zip(group.tables, facts, strict=True):
        own = [*found.problems, *_dangling(table, found, by_table)]
        problems += sorted(own, key=lambda p: p.row)
    return problems[:limit]


class _Checker:
    """Checks one table."""

    def __init__(self, table: Table, group: TableGroup, limit: int, strict: bool) -> None:
        self._table = table
        self._strict = strict
        self._limit = limit
        self._facts = _Facts(references=[(key, []) for key in table.foreign_keys])
        for other in group.tables:
            for key in other.foreign_keys:
                if key.table is table:
                    self._facts.referenced[key.targets] = {}

    def check(self) -> _Facts:
        facts = self._facts
        try:
            sheet = self._table.open()
        except TableError as error:
            facts.problems.append(error.problem)
            facts.complete = False
            return facts
        facts.columns = self._table.columns(sheet)
        delimiter = _delimiter_problem(self._table, sheet)
        if delimiter is not None:
            facts.problems.append(delimiter)
            facts.complete = False
            return facts
        if self._table.dialect.header_row_count:
            facts.problems += _header_problems(self._table, sheet, facts.columns, self._strict)
        facts.problems += self._unknown_columns()
        self._rows(sheet)
        facts.problems += sheet.problems
        facts.complete = facts.complete and not sheet.problems
        return facts

    def _unknown_columns(self) -> Iterator[Problem]:
        known = {column.name for column in self._facts.columns}
        named = [name for key in self._table.foreign_keys for name in key.columns]
        named += [name for names in self._facts.referenced for name in names]
        for name in dict.fromkeys(named):
            if name not in known:
                message = f"There is no column {name}, which a foreign key uses."
                yield Problem(self._table.path, 1, None, name, message)

    def _rows(self, sheet: Sheet) -> None:
        facts = self._facts
        real = [column for column in facts.columns if not column.virtual]
        parsers = [cell_parser(column) for column in real]
        keys = self._positions(real)
        urls = _UrlCheck(self._table, facts.columns)
        first_rows: dict[Key, int] = {}
        for row in sheet.rows():
            if len(facts.problems) > self._limit:
                facts.complete = False
                return
            if not row.broken and len(row.cells) != len(real):
                facts.problems.append(self._wrong_width(row, real))
            cells = [parse(text) for parse, text in zip(parsers, row.cells, strict=False)]
            for column, cell in zip(real, cells, strict=False):
                for message in cell.errors:
                    facts.problems.append(Problem(self._table.path, row.line, column.number, column.name, message))
            if len(cells) == len(real):
                self._keys(row, cells, keys, first_rows)
                facts.problems += urls.problems(row, cells)

    def _wrong_width(self, row: Row, real: list[Column]) -> Problem:
        found, wanted = len(row.cells), len(real)
        if found <= 1 and not any(row.cells):
            message = f"The row is blank; expected {wanted} cells."
        else:
            message = f"The row has {found} {'cell' if found == 1 else 'cells'}; expected {wanted}."
        return Problem(self._table.path, row.line, None, None, message)

    def _positions(self, real: list[Column]) -> Mapping[tuple[str, ...], list[int]]:
        places = {column.name: index for index, column in enumerate(real)}
        wanted = [self._table.primary_key, *self._facts.referenced, *(k.columns for k in self._table.foreign_keys)]
        return {names: [places[n] for n in names] for names in wanted if names and all(n in places for n in names)}

    def _keys(
        self, row: Row, cells: list[Cell], places: Mapping[tuple[str, ...], list[int]], first_rows: dict[Key, int]
    ) -> None:
        facts, primary = self._facts, self._table.primary_key
        if primary in places:
            key = _key(cells, places[primary])
            first = first_rows.setdefault(key, row.line)
            if first != row.line:
                facts.problems.append(self._duplicate(row, key, first))
        for names, counts in facts.referenced.items():
            if names in places:
                key = _key(cells, places[names])
                counts[key] = counts.get(key, 0) + 1
        for foreign, found in facts.references:
            if foreign.columns in places:
                at = places[foreign.columns]
                wanted = [_key(cells, at)] if self._strict else _references(cells, at)
                found += [(key, row.line) for key in wanted]

    def _duplicate(self, row: Row, key: Key, first: int) -> Problem:
        primary = self._table.primary_key
        column = next(c for c in self._facts.columns if c.name == primary[0])
        own = " + ".join(primary)
        message = f"The key {_key_text(key)} already occurs in row {first}; each row needs its own {own}."
        return Problem(self._table.path, row.line, column.number, column.name, message)


class _UrlCheck:
    """Finds values that do not fit in the URLs that templates make of them."""

    def __init__(self, table: Table, columns: list[Column]) -> None:
        self._table = table
        self._names = [column.name for column in columns if not column.virtual]
        self._urls: dict[str, tuple[Column, Url]] = {}
        for column in columns:
            inherited = column.inherited
            for template in (inherited.about_url, inherited.property_url, inherited.value_url):
                # Templates that encode reserved characters cannot go wrong.
                url = bound(table, column, template) if template and template.keeps_reserved else None
                if url is not None and url.variables:
                    self._urls.setdefault(url.template.text, (column, url))

    def problems(self, row: Row, cells: list[Cell]) -> Iterator[Problem]:
        """Check the URLs of a row.

        Args:
            row: The row.
            cells: Its cells.

        Yields:
            A problem for each URL that is not valid.
        """
        if not self._urls:
            return
        variables: dict[str, Variable] = {n: c.variable for n, c in zip(self._names, cells, strict=True)}
        variables["_row"], variables["_sourceRow"] = str(row.number), str(row.source)
        for column, url in self._urls.values():
            text = url.expand(variables)
            try:
                NamedNode(text)
            except ValueError:
                message = f"{shown(text)}, made by the template {shown(url.template.text)}, is not a valid URL."
                yield Problem(self._table.path, row.line, column.number, column.name, message)


def _key(cells: list[Cell], places: list[int]) -> Key:
    return tuple(tuple(v) if isinstance(v := cells[i].variable, list) else v for i in places)


def _references(cells: list[Cell], places: list[int]) -> list[Key]:
    if len(places) == 1:
        value = cells[places[0]].value
        if value is None:
            return []
        return [(v.canonical,) for v in ([value] if isinstance(value, Value) else value)]
    key = _key(cells, places)
    return [] if any(part is None or part == () for part in key) else [key]


def _key_text(key: Key) -> str:
    parts = [", ".join(part) if isinstance(part, tuple) else part or "" for part in key]
    return shown(" + ".join(parts))


def _dangling(table: Table, facts: _Facts, by_table: Mapping[int, _Facts]) -> Iterator[Problem]:
    """Find values that do not refer to exactly one row of another table."""
    for foreign, found in facts.references:
        target = by_table[id(foreign.table)]
        if not target.complete:
            # What could not be read may hold the row that is missed here.
            continue
        counts = target.referenced[foreign.targets]
        column = next((c for c in facts.columns if c.name == foreign.columns[0]), None)
        where = f"{' + '.join(foreign.targets)} of {foreign.table.path.name}"
        for key, line in found:
            count = counts.get(key, 0)
            if count == 1:
                continue
            message = f"The value {_key_text(key)} does not occur in {where}."
            if count > 1:
                message = f"The value {_key_text(key)} occurs in {count} rows of {where}; expected one."
            yield Problem(table.path, line, column.number if column else None, foreign.columns[0], message)


# Headers


def _delimiter_problem(table: Table, sheet: Sheet) -> Problem | None:
    """Recognize a file with another delimiter, which would be wrong in every row."""
    titles = [title for column in sheet.titles for title in column]
    if len(titles) != 1 or sum(1 for column in table.declared or () if not column.virtual) < 2:
        return None
    used = next((other for other in (";", "\t", ",", "|") if other in titles[0]), None)
    if used is None:
        return None
    wanted = shown(table.dialect.delimiter)
    message = f"The cells seem to be separated by {shown(used)}; expected {wanted}, as the dialect says."
    return Problem(table.path, sheet.header_line, 1, None, message)


def _header_problems(table: Table, sheet: Sheet, columns: list[Column], strict: bool) -> list[Problem]:
    found = sheet.titles
    real = [column for column in columns if not column.virtual]
    if table.declared is None:
        return _repeated(table, sheet)
    declared = sum(1 for column in table.declared if not column.virtual)
    problems: list[Problem] = []
    for column in real[: min(declared, len(found))]:
        titles = found[column.number - 1]
        if not _fits(table, column, titles, strict):
            problems.append(_mismatch(table, sheet, column, titles, real[:declared]))
    for column in real[len(found) : declared]:
        message = f"The column {shown(_expected(column))} is missing."
        problems.append(Problem(table.path, sheet.header_line, column.number, column.name, message))
    for number in range(declared + 1, len(found) + 1):
        title = " / ".join(found[number - 1])
        message = f"The column {shown(title)} is not described; expected {declared} columns."
        problems.append(Problem(table.path, sheet.header_line, number, None, message))
    return problems


def _repeated(table: Table, sheet: Sheet) -> list[Problem]:
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, titles in enumerate(sheet.titles, 1):
        if titles and seen.setdefault(titles[0], number) != number:
            message = f"The column {shown(titles[0])} occurs twice, as column {seen[titles[0]]} too."
            problems.append(Problem(table.path, sheet.header_line, number, None, message))
    return problems


def _mismatch(table: Table, sheet: Sheet, column: Column, titles: list[str], real: list[Column]) -> Problem:
    title, wanted = " / ".join(titles), shown(_expected(column))
    other = next((c for c in real if c is not column and titles and _fits(table, c, titles, False)), None)
    if not titles:
        message = f"The column has no header; expected {wanted}."
    elif any(title in texts for texts in column.titles.values() for title in titles):
        languages, lang = ", ".join(column.titles), table.inherited.lang
        message = f"The title {wanted} is described in the language {languages}, but the table is in {lang}."
    elif other is not None:
        message = f"The column {shown(title)} belongs in place {other.number}; expected {wanted} here."
    else:
        message = f"The column {shown(title)} is unknown; expected {wanted} here."
    return Problem(table.path, sheet.header_line, column.number, column.name, message)


def _expected(column: Column) -> str:
    for texts in column.titles.values():
        return texts[0]
    return decode_name(column.name)


def _fits(table: Table, column: Column, titles: list[str], strict: bool) -> bool:
    """Compare a description with the titles in the file (Schema Compatibility, section 5.5.1)."""
    if not column.titles and not column.is_named:
        return True
    if not titles:
        return False
    if column.is_named and column.name in titles and not strict:
        return True
    lang = table.inherited.lang
    return any(title in texts for tag, texts in column.titles.items() if _same_language(tag, lang) for title in titles)


def _same_language(one: str, other: str) -> bool:
    if "und" in (one, other):
        return True
    length = min(len(one), len(other))
    return one[:length].lower() == other[:length].lower()
