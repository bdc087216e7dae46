"""Records: JSON and JSON Lines as a table. An object inside an object gives columns `a.b`; a list, several values."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

from zorgkg.tables.encoding import decode
from zorgkg.tables.table import MOST_COLUMNS, SEPARATOR, Table, make
from zorgkg.tables.told import BadTable, Told
from zorgkg.tables.workbook import written

DEEPEST: Final = 20
_NESTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)


class _TooLarge(str):
    """A number that JSON allows and that is more than a computer counts."""


def read(body: bytes, lines: bool = False) -> Table:
    """Read a table.

    :param body: the file.
    :param lines: whether each line is a record (JSON Lines).
    :raises BadTable: it is no JSON, or no list of objects.
    """
    text, notes = decode(body)
    if lines:
        # A line ends where JSON Lines say: a text may hold other characters that Python takes for an end.
        records = [(number, _parsed(line, number)) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    else:
        found = _parsed(text)
        records = list(enumerate(_list(found, notes), 1))
    return of(records, notes)


def of(records: Iterable[tuple[int, Any]], notes: list[Told]) -> Table:
    """Make a table of records.

    :param records: each with its number.
    :param notes: what was done to read them.
    :raises BadTable: one is no object.
    """
    flat: list[tuple[int, dict[str, list[str]]]] = []
    names: dict[str, None] = {}
    lists = 0
    large: list[tuple[int, str, str]] = []
    for number, record in records:
        if not isinstance(record, Mapping):
            raise BadTable(Told("no-object", {"number": number}, row=number))
        cells: dict[str, list[str]] = {}
        lists += _flatten(record, "", cells)
        names |= dict.fromkeys(cells)
        large += [(number, name, one) for name, texts in cells.items() for one in texts if isinstance(one, _TooLarge)]
        if len(names) > MOST_COLUMNS:
            raise BadTable(Told("columns", {"most": MOST_COLUMNS}, row=number))
        flat.append((number, cells))
    if not names:
        raise BadTable(Told("empty"))
    if lists:
        notes.append(Told("lists", {"count": lists}))
    grid: list[tuple[int, list[str]]] = [(0, list(names))]
    grid += [(number, [SEPARATOR.join(cells.get(name, ())) for name in names]) for number, cells in flat]
    places = {name: place for place, name in enumerate(names, 1)}
    faults = [Told("large-number", {"value": one}, "", number, places[name]) for number, name, one in large]
    return make("", grid, notes, faults)


def _flatten(value: Any, name: str, cells: dict[str, list[str]]) -> int:
    """Put what a value has into cells; returns how many lists of several values it has."""
    if isinstance(value, Mapping):
        return sum(_flatten(one, f"{name}.{key}" if name else str(key), cells) for key, one in value.items())
    if isinstance(value, list):
        return sum(_flatten(one, name, cells) for one in value) + (len(value) > 1)
    if value is None:
        return 0
    # A value of several is one line; a single text may have many.
    infinite = isinstance(value, float) and math.isinf(value)
    text = _TooLarge(value) if infinite or isinstance(value, _TooLarge) else written(value)
    cells.setdefault(name, []).append(text)
    return 0


def _list(found: Any, notes: list[Told]) -> list[Any]:
    if isinstance(found, Mapping):
        named = [(name, one) for name, one in found.items() if isinstance(one, list) and one and _objects(one)]
        if len(named) == 1:
            notes.append(Told("list-name", {"name": named[0][0]}))
            return list(named[0][1])
    if isinstance(found, list):
        return found
    raise BadTable(Told("no-records"))


def _objects(values: list[Any]) -> bool:
    return all(isinstance(one, Mapping) for one in values)


def _parsed(text: str, line: int | None = None) -> Any:
    depth = 0
    for token in _NESTED.finditer(text):
        if token[0] in "{[":
            depth += 1
            if depth > DEEPEST:
                raise BadTable(Told("deep", {"most": DEEPEST}, row=line or text.count("\n", 0, token.start()) + 1))
        elif token[0] in "}]":
            depth -= 1
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float)
    except json.JSONDecodeError as error:
        raise BadTable(Told("not-json", {"message": error.msg}, row=line or error.lineno)) from None
    except ValueError as error:
        # Python reads no number of thousands of digits.
        raise BadTable(Told("not-json", {"message": str(error)}, row=line)) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise BadTable(Told("key-twice", {"name": key}))
        found[key] = value
    return found


def _float(text: str) -> float | _TooLarge:
    number = float(text)
    return _TooLarge(text) if math.isinf(number) else number


def _constant(text: str) -> NoReturn:
    raise BadTable(Told("no-number", {"value": text}))
