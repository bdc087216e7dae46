"""What becomes of cells: records of a package's tables, and what is to be told."""

from __future__ import annotations

from dataclasses import dataclass, field

from zorgkg.tables.told import Told

TODO, DONE, LEFT_OUT = "todo", "done", "left out"
"""What became of a cell: somebody has to mend it; it was written otherwise than it stands; it is not taken over."""

Record = dict[str, str]
"""A row of a package's table: column → text."""


@dataclass(frozen=True)
class Change:
    """What became of a cell, or of a row.

    :param state: :data:`TODO`, :data:`DONE` or :data:`LEFT_OUT`.
    :param told: what is to be told, with its place.
    :param given: the cell as it stood.
    :param became: as it is written now; "" when it is not.
    """

    state: str
    told: Told
    given: str = ""
    became: str = ""


@dataclass
class Tables:
    """The tables of a package while they are made.

    :param rows: file name → key → record; a key is there once.
    :param changes: what became of the cells.
    """

    rows: dict[str, dict[str, Record]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def add(self, file: str, key: str, record: Record) -> None:
        """Add a record unless there is one of its key."""
        self.rows.setdefault(file, {}).setdefault(key, record)
