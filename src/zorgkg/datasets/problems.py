"""What is wrong with data, and where: file, row, column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One problem in a file.

    :param message: what is wrong and what is expected, in one sentence.
    :param file: the file, where known.
    :param row: line number in the file, from 1 (the header of a table is 1).
    :param column: column number, from 1.
    :param name: the column's name.
    """

    message: str
    file: Path | None = None
    row: int | None = None
    column: int | None = None
    name: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.row, self.column) if part is not None)
        named = f"{self.name}: " if self.name else ""
        return f"{place}: {named}{self.message}" if place else f"{named}{self.message}"


class InvalidData(Exception):
    """Data that cannot be published; nothing was changed. `problems` lists everything that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in the data")
        self.problems = list(problems)
