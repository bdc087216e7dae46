"""Tables for people: rows as cells of an HTML table, with labels in the place of IRIs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from zorgkg.results import Cell, plain
from zorgkg.terms import shorten
from zorgkg.web.words import Say


@dataclass(frozen=True)
class Shown:
    """A cell of an HTML table.

    :param text: what is read.
    :param iri: the thing that it names, or "".
    :param language: language tag of the text, or "".
    :param is_number: whether it is set to the right.
    """

    text: str
    iri: str = ""
    language: str = ""
    is_number: bool = False


def merged(columns: Sequence[str]) -> list[tuple[str, int, int | None]]:
    """Return what a reader sees as columns: (name, index of the thing, index of its label).

    A column `xLabel` beside a column `x` is its label, not a column of its own. A column `order` only sorts.
    """
    index = {name: place for place, name in enumerate(columns)}
    return [
        (name, place, index.get(name + "Label"))
        for name, place in index.items()
        if name != "order" and not (name.endswith("Label") and name.removesuffix("Label") in index)
    ]


def shown(cell: Cell, label: Cell = None, say: Say | None = None) -> Shown:
    """Return a cell for an HTML table.

    :param cell: the term.
    :param label: its label, when the answer has one.
    :param say: the words for yes and no in the reader's language; without it a boolean is shown as it is written.
    """
    iri = cell.value if isinstance(cell, NamedNode) else ""
    if isinstance(label, Literal):
        return Shown(label.value, iri, label.language or "")
    if isinstance(cell, Literal):
        value = plain(cell)
        if say and isinstance(value, bool):
            return Shown(say("yes" if value else "no"))
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return Shown(cell.value, "", cell.language or "", is_number)
    if cell is None:
        return Shown("")
    return Shown(shorten(iri) if iri else str(cell), iri)
