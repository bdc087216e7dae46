"""The values of cells.

Follows "Model for Tabular Data and Metadata on the Web", section 6.4 (Parsing Cells).
"""

from collections.abc import Callable
from typing import NamedTuple

from zorgkg.csvw.group import Column
from zorgkg.csvw.problems import shown
from zorgkg.csvw.vocabulary import DATATYPES

_REMEMBERED = 20_000


class Value(NamedTuple):
    """One value.

    Attributes:
        lexical: The value in the lexical form of its datatype.
        canonical: The value in canonical form, for URI templates and keys.
        datatype: The IRI of the datatype.
        lang: The language tag, or None.
    """

    lexical: str
    canonical: str
    datatype: str
    lang: str | None


class Cell(NamedTuple):
    """A parsed cell.

    Attributes:
        value: None, a value, or a list of values.
        errors: Sentences that say what is wrong.
    """

    value: Value | list[Value] | None
    errors: tuple[str, ...] = ()

    @property
    def variable(self) -> str | list[str] | None:
        """The value of the cell as a template variable."""
        value = self.value
        if isinstance(value, Value):
            return value.canonical
        return None if value is None else [item.canonical for item in value]


def cell_parser(column: Column) -> Callable[[str], Cell]:
    """Prepare the parsing of the cells of a column.

    Args:
        column: The column.

    Returns:
        A function from the text of a cell to the parsed cell.
    """
    parser = _Parser(column)
    known: dict[str, Cell] = {}

    def parse(text: str) -> Cell:
        cell = known.get(text)
        if cell is None:
            cell = parser.parse(text)
            if len(known) < _REMEMBERED:
                known[text] = cell
        return cell

    return parse


class _Parser:
    def __init__(self, column: Column) -> None:
        inherited = column.inherited
        self._datatype = inherited.datatype
        self._default = inherited.default
        self._null = frozenset(inherited.null)
        self._separator = inherited.separator
        self._required = inherited.required
        self._lang = None if inherited.lang == "und" else inherited.lang

    def parse(self, text: str) -> Cell:
        text = self._datatype.normalize(text)
        if self._separator is not None:
            return self._list(text or self._default, self._separator)
        text = text or self._default
        if text in self._null:
            return Cell(None, self._missing())
        errors: list[str] = []
        value = self._value(text, errors)
        return Cell(value, tuple(errors))

    def _missing(self) -> tuple[str, ...]:
        return ("The cell is empty; a value is required.",) if self._required else ()

    def _list(self, text: str, separator: str) -> Cell:
        if text == "":
            return Cell([], self._missing())
        if text in self._null:
            return Cell(None, self._missing())
        values: list[Value] = []
        errors: list[str] = []
        for item in text.split(separator):
            if self._datatype.strips_items:
                item = item.strip()
            item = item or self._default
            if item not in self._null:
                values.append(self._value(item, errors))
        return Cell(values, tuple(errors))

    def _value(self, text: str, errors: list[str]) -> Value:
        datatype = self._datatype
        try:
            parsed = datatype.parse(text)
        except ValueError as error:
            errors.append(f"The value {shown(text)} is not valid; expected {error}.")
            return Value(text, text, DATATYPES["string"], self._lang if datatype.base == "string" else None)
        return Value(parsed.lexical, parsed.canonical, datatype.iri, self._lang if datatype.is_text else None)
