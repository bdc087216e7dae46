"""What can be wrong: problems in tables, errors and warnings in metadata.

Follows "Model for Tabular Data and Metadata on the Web", section 6.6 (Validating Tables), and
"Metadata Vocabulary for Tabular Data", section 4 (Annotating Tables).
"""

from dataclasses import dataclass
from pathlib import Path

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a table.

    Attributes:
        file: The tabular data file.
        row: The line of the file on which the row begins; the first line is 1.
        column: The position of the column, from 1, or None when the problem is about the whole row or file.
        name: The name of the column, when it is known.
        message: One sentence saying what is wrong and what was expected.
    """

    file: Path
    row: int
    column: int | None
    name: str | None
    message: str

    def __str__(self) -> str:
        """Write the problem on one line, with its place."""
        where = f"{self.file}:{self.row}"
        if self.column is not None:
            where += f": column {self.column}" + (f" ({self.name})" if self.name else "")
        return f"{where}: {self.message}"


@dataclass(frozen=True, slots=True)
class MetadataWarning:
    """Something in a metadata file that the standard says to ignore with a warning.

    Attributes:
        file: The metadata file.
        pointer: JSON pointer (RFC 6901) to the ignored value.
        message: One sentence saying what is ignored and what was expected.
    """

    file: Path
    pointer: str
    message: str

    def __str__(self) -> str:
        """Write the warning on one line, with its place."""
        return f"{self.file}#{self.pointer}: {self.message}"


class MetadataError(Exception):
    """A metadata file that cannot be used.

    Attributes:
        file: The metadata file.
        pointer: JSON pointer (RFC 6901) to the wrong value; the empty string is the whole document.
        message: One sentence saying what is wrong and what was expected.
    """

    def __init__(self, file: Path, pointer: str, message: str) -> None:
        """Say what is wrong.

        Args:
            file: The metadata file.
            pointer: JSON pointer to the wrong value.
            message: One sentence saying what is wrong and what was expected.
        """
        super().__init__(f"{file}#{pointer}: {message}")
        self.file = file
        self.pointer = pointer
        self.message = message


class TableError(Exception):
    """A tabular data file that cannot be converted at all.

    Attributes:
        problem: What is wrong, and where.
    """

    def __init__(self, problem: Problem) -> None:
        """Say what is wrong.

        Args:
            problem: What is wrong, and where.
        """
        super().__init__(str(problem))
        self.problem = problem


def shown(value: object) -> str:
    """Quote a value for a message, shortened to about sixty characters.

    Args:
        value: The offending value; anything but a string is shown as it is written in JSON-like form.

    Returns:
        The value in double quotes, with line breaks made visible.
    """
    text = value if isinstance(value, str) else repr(value)
    text = text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")
    if len(text) > _SHOWN:
        text = text[: _SHOWN - 1] + "…"
    return f'"{text}"'
