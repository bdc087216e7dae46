"""Reading a row of a recognised table: its cells as our tables write them, and what could not be placed noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from zorgkg.intake import values
from zorgkg.intake.changes import DONE, LEFT_OUT, TODO, Change, Record
from zorgkg.intake.recognition import Recognised
from zorgkg.intake.values import Placed, Result, Unplaced
from zorgkg.intake.vocabulary import Vocabulary
from zorgkg.languages import LANGUAGES
from zorgkg.matching import names
from zorgkg.tables.table import Row, Table

_NO_KIND: Final = "other"


class Reader:
    """Reads one row.

    :param recognised: the table.
    :param row: the row.
    :param passages: how the slugs of the table's passages begin.
    :param known: what the graph knows.
    :param order: name of a column of days → how they are written.
    :param changes: what became of the cells; more is added.
    """

    def __init__(
        self,
        recognised: Recognised,
        row: Row,
        passages: str,
        known: Vocabulary,
        order: Mapping[str, str],
        changes: list[Change],
    ) -> None:
        self._recognised = recognised
        self.row = row
        self._passages = passages
        self._known = known
        self._order = order
        self._changes = changes

    @property
    def table(self) -> Table:
        """The table."""
        return self._recognised.table

    @property
    def kind_name(self) -> str:
        """What it is a table of."""
        return self._recognised.kind.name

    @property
    def language(self) -> str:
        """In which its texts are."""
        return self._recognised.language

    def text(self, column: str) -> str:
        """Return a cell; "" when there is none."""
        return " ".join(self._cell(column).split())

    def _cell(self, column: str) -> str:
        index = self._recognised.columns.get(column)
        return "" if index is None else self.row.cells[index]

    def several(self, column: str) -> Iterator[str]:
        """Give the values of a cell, each once."""
        yield from dict.fromkeys(" ".join(one.split()) for one in values.several(self._cell(column)))

    def tell(self, state: str, why: str, column: str, given: str, became: str = "", **more: Any) -> None:
        """Note what became of a cell."""
        index = self._recognised.columns.get(column)
        told = self.table.told(why, self.row.number, index, **({"value": given} | more))
        change = Change(state, told, given, became)
        if change not in self._changes[-20:]:
            self._changes.append(change)

    def placed(self, column: str, read: Callable[[str], Result], required: bool = False) -> str:
        """Return a cell as our tables write it; what cannot be placed is noted."""
        text = self.needed(column) if required else self.text(column)
        if not text:
            return ""
        return self._became(column, text, read(text))

    def _became(self, column: str, text: str, result: Result) -> str:
        if isinstance(result, Unplaced):
            self.tell(TODO, result.key, column, text, **_rest(result))
            return ""
        # A name that became the part of an address is no change that anybody has to look at.
        if result.text not in (text, values.slug(text)):
            self.tell(DONE, "written", column, text, result.text, now=result.text)
        return result.text

    def needed(self, column: str) -> str:
        """Return a cell that a row cannot do without; what is missing is noted."""
        text = self.text(column)
        if not text:
            self.tell(TODO, "required", column, "")
        return text

    def named(self, column: str) -> Record:
        """Return the texts of a column in all languages."""
        found = {f"{column}_{self.language}": self.text(column)}
        for code in LANGUAGES:
            if text := self.text(f"{column}_{code}"):
                found[f"{column}_{code}"] = text
        return found

    def kind(self, name: str) -> str:
        """Return the kind of organisation, as the row or else the name tells it."""
        given = self.text("kind")
        if given:
            result = values.listed(given, self._known.kinds, "kind-listed")
            if isinstance(result, Placed):
                return self._became("kind", given, result)
            self.tell(LEFT_OUT, result.key, "kind", given, _NO_KIND, **_rest(result))
        return self.kind_of_name(name)

    def kind_of_name(self, name: str) -> str:
        """Return the one kind that a name has words for, else that it is not known."""
        found = {one for one in names.parse(name).kinds if self._known.kinds.find(one) == (one,)}
        return found.pop() if len(found) == 1 else _NO_KIND

    def municipality(self, silent: bool = False) -> str:
        """Return the slug of the row's municipality."""
        text = self.text("municipality")
        if not text:
            return ""
        result = values.municipality(text, self._known)
        if silent:
            return result.text if isinstance(result, Placed) else ""
        return self._became("municipality", text, result)

    def whereabouts(self) -> tuple[str, str]:
        """Return the slug of the row's municipality and the name of its neighbourhood."""
        town, name = self.municipality(), self.text("neighbourhood")
        if name and not self.text("municipality"):
            self.tell(LEFT_OUT, "no-town", "neighbourhood", name)
        return town, name if town else ""

    def address(self) -> Record:
        """Return postcode and street; a street without postcode is left out."""
        code, street = self.placed("postcode", values.postcode), self.text("street")
        if street and not code:
            self.tell(LEFT_OUT, "no-postcode-for-street", "street", street)
        return {"postcode": code, "street": street if code else ""}

    def dates(self) -> Record:
        """Return begin and end."""
        found = {}
        for column in ("start", "end"):
            found[column] = self.placed(column, partial(values.day, order=self._order.get(column, "")))
        if found["start"] and found["end"] and found["start"] > found["end"]:
            self.tell(TODO, "end-before-start", "end", self.text("end"), start=found["start"])
            found["end"] = ""
        return found

    def column_of(self, mention: str) -> str:
        """Return the column that has a mention."""
        for column in ("organisation", "initiator", "organiser", "partners"):
            if mention in self.several(column):
                return column
        return ""

    def origin(self) -> Record:
        """Return where the row comes from."""
        number = str(self.row.number)
        return {"passage": f"{self._passages}-{number}", "sheet": self.table.sheet, "row": number}


def _rest(result: Unplaced) -> dict[str, Any]:
    return {name: value for name, value in result.values.items() if name != "value"}
