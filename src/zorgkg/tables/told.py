"""What is told of a table: what was done to it or is wrong with it, where, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from zorgkg.languages import LANGUAGES
from zorgkg.tables.words import WORDS

MOST: Final = 20
"""Faults that one message lists, and notes of one kind in a row."""

FLAGS: Final = {
    "licence_": "--licence IRI",
    "publisher_": "--publisher TEXT",
    "without_": "--without",
    "data_lang_": "--data-lang",
    "dmy_": "--dates dmy",
    "mdy_": "--dates mdy",
}
"""What may be said of a table, as the command line has it."""

IN_ADDRESS: Final = {
    "licence_": "licence=IRI",
    "publisher_": "publisher=TEXT",
    "without_": "without=…",
    "data_lang_": "data-lang=…",
    "dmy_": "dates=dmy",
    "mdy_": "dates=mdy",
}
"""The same as parameters of an address."""


def letters(column: int) -> str:
    """Return the letters of a spreadsheet's column.

    :param column: its number, from 1.
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@dataclass(frozen=True)
class Told:
    """One thing to tell.

    :param key: which text of :data:`zorgkg.tables.words.WORDS`.
    :param values: what stands in it.
    :param sheet: name of the sheet; "" where the file has none.
    :param row: the row as who opens the file counts it, from 1; None: of the whole.
    :param column: the column, from 1.
    :param name: the column's header.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    sheet: str = ""
    row: int | None = None
    column: int | None = None
    name: str = ""

    def message(self, language: str, ways: Mapping[str, str] = FLAGS) -> str:
        """Return what is told, without the place.

        :param language: one of :data:`zorgkg.languages.LANGUAGES`.
        :param ways: how the reader says things of a table: :data:`FLAGS` or :data:`IN_ADDRESS`.
        """
        return say(language, self.key, **{**ways, **self.values})

    def place(self, language: str) -> str:
        """Return where it is: sheet, row and column."""
        parts = [say(language, "sheet", name=self.sheet)] if self.sheet else []
        if self.row is not None:
            parts.append(say(language, "row", number=self.row))
        if self.column is not None:
            # A csv or JSON file shows no letters above its columns.
            which = letters(self.column) if self.sheet else str(self.column)
            parts.append(say(language, "column", which=which) + (f" ({self.name})" if self.name else ""))
        elif self.name:
            parts.append(say(language, "column", which=self.name))
        return ", ".join(parts)

    def text(self, language: str, ways: Mapping[str, str] = FLAGS) -> str:
        """Return the whole sentence, with its place in front."""
        place, message = self.place(language), self.message(language, ways)
        return f"{place}: {message}" if place else message


def say(language: str, key: str, /, **values: Any) -> str:
    """Return a text in a language.

    :param key: which one.
    :param values: what stands in it.
    """
    return WORDS[key][LANGUAGES.index(language)].format(**values)


class BadTable(Exception):
    """A table that cannot be used.

    :param told: what is wrong, all of it; the message is the first in English.
    """

    def __init__(self, *told: Told) -> None:
        super().__init__(told[0].text("en"))
        self.told = list(told)

    def lines(self, language: str) -> list[str]:
        """Return what is wrong in a language, a sentence each."""
        return lines(self.told, language)


def lines(told: Iterable[Told], language: str, most: int = MOST) -> list[str]:
    """Return sentences; when there are many, the first of them and how many more there are."""
    return [one.text(language) for one in first(told, most)]


def first(told: Iterable[Told], most: int = MOST) -> list[Told]:
    """Return what is told; when it is much, the first of it and how much more there is."""
    every = list(told)
    more = len(every) - most
    return [*every[:most], Told("more", {"count": more})] if more > 0 else every


def shortened(told: Iterable[Told], most: int = MOST) -> list[Told]:
    """Return what is told without long runs of one kind, among which the rest would be overlooked."""
    return [one for _, run in groupby(told, lambda one: one.key) for one in first(run, most)]
