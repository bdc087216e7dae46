"""Checking a package: what is wrong with it, told by sheet, row and column of the file that it was made from."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zorgkg.datasets.package import METADATA
from zorgkg.datasets.problems import Problem
from zorgkg.intake import writing
from zorgkg.intake.changes import TODO, Change
from zorgkg.publishing.validation import Result
from zorgkg.tables.told import Told, say


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    :param message: in the reader's language.
    :param sheet: of the file that was handed in; "" where it has none.
    :param row: in that file; None where it is not of one row.
    :param column: header in that file; "" where it is not of one column.
    :param table: file of the package.
    :param line: its line.
    """

    message: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    table: str = ""
    line: int | None = None

    def text(self, language: str) -> str:
        """Return the whole sentence, with its place in front."""
        if self.row is None:
            place = ":".join(str(part) for part in (self.table, self.line) if part)
            return f"{place}: {self.message}" if place else self.message
        place = Told("", {}, self.sheet, self.row, None, self.column).place(language)
        return f"{place}: {self.message}"

    def plain(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self)


class Origins:
    """Tells of the rows of a package's tables from which rows of the file they come.

    :param folder: the package.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[str, dict[int, tuple[str, int]]] = {}
        try:
            self._headers = writing.headers(json.loads((folder / METADATA).read_text("utf-8")))
        except (OSError, ValueError, AttributeError):
            # What is wrong with the metadata is told when they are read.
            self._headers = {}

    def finding(self, problem: Problem, message: str) -> Finding:
        """Return a problem of a table as one of the file that was handed in.

        :param message: what is wrong, in the reader's language.
        """
        if problem.file is None:
            return Finding(message)
        name = problem.file.name
        sheet, row = self._read(name).get(problem.row or 0, ("", None))
        column = self._headers.get(name, {}).get(problem.name or "", "")
        return Finding(message, sheet, row, column, name, problem.row)

    def _read(self, name: str) -> dict[int, tuple[str, int]]:
        if name not in self._rows:
            self._rows[name] = found = {}
            path = self._folder / name
            if path.suffix == ".csv" and path.exists():
                with path.open(encoding="utf-8", newline="", errors="replace") as source:
                    reader = csv.DictReader(source)
                    for record in reader:
                        if (record.get("row") or "").isdigit():
                            found[reader.line_num] = (record.get("sheet") or "", int(record["row"]))
        return self._rows[name]


def undecided(folder: Path, language: str) -> list[Finding]:
    """Tell the cells that could not be placed and that nobody decided on.

    :param folder: the package.
    """
    return [_undecided(change, line, language) for line, change in writing.read_report(folder) if change.state == TODO]


def of_problems(folder: Path, problems: Iterable[Problem], language: str) -> list[Finding]:
    """Tell what the tables' schema refuses.

    :param folder: the package.
    :param problems: as :meth:`zorgkg.datasets.package.Package.quads` gives them.
    """
    origins = Origins(folder)
    found = []
    for problem in problems:
        message = say(language, "schema", message=problem.message)
        found.append(origins.finding(problem, message))
    return found


def of_results(folder: Path, results: Sequence[Result], traced: Sequence[Problem]) -> list[Finding]:
    """Tell what the shapes refuse.

    :param folder: the package.
    :param results: with their message in the reader's language.
    :param traced: for each, its place in a table.
    """
    origins = Origins(folder)
    return [
        origins.finding(place, f"{result.message} ({result.value})" if result.value else result.message)
        for result, place in zip(results, traced, strict=True)
    ]


def _undecided(change: Change, line: int, language: str) -> Finding:
    told = change.told
    message = say(language, "undecided", message=told.message(language))
    return Finding(message, told.sheet, told.row, told.name, writing.REPORT, line)
