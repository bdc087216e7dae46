"""Reading a tabular data file into rows of texts.

Follows "Model for Tabular Data and Metadata on the Web", section 8 (Parsing Tabular Data), with two differences: bytes
that do not fit the encoding are an error instead of being replaced, and a quote in the middle of an unquoted cell is
reported and read as an ordinary character instead of opening a quoted text.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from zorgkg.csvw.dialect import Dialect
from zorgkg.csvw.problems import Problem, TableError, shown


class Row(NamedTuple):
    """A row of a table.

    Attributes:
        number: The position among the rows of the table, from 1 (`_row`).
        source: The position among all rows of the file, from 1 (`_sourceRow`).
        line: The line of the file on which the row begins, from 1; it differs from `source` after a cell that spans
            several lines.
        cells: The texts of the cells, trimmed, without skipped columns.
        broken: Whether the quotes of the row are wrong.
    """

    number: int
    source: int
    line: int
    cells: list[str]
    broken: bool


@dataclass
class Sheet:
    """An open tabular data file.

    Attributes:
        path: The file.
        dialect: How it is written.
        titles: The titles in the header rows, by column; a column may have none or several.
        comments: The texts of comment rows, and of rows skipped at the beginning of the file.
        problems: What was wrong with the text so far; iterating the rows may add to it.
        header_line: The line of the first header row.
    """

    path: Path
    dialect: Dialect
    titles: list[list[str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    header_line: int = 1
    _lines: list[str] = field(default_factory=list, repr=False)
    _ends: tuple[str, ...] = ("\r\n", "\n")
    _next: int = 0
    _source: int = 1

    def rows(self) -> Iterator[Row]:
        """Read the rows after the header, once.

        Yields:
            The rows in order.
        """
        number = 1
        for source, line, cells, broken in self._records():
            if self.dialect.skip_blank_rows and not any(cells):
                continue
            yield Row(number, source, line, cells[self.dialect.skip_columns :], broken)
            number += 1

    def read_header(self) -> None:
        """Read the skipped rows and the header rows, which come before any other."""
        for _ in range(self.dialect.skip_rows):
            if self._next < len(self._lines):
                self._comment(self._lines[self._next].rstrip("\r\n"))
                self._next += 1
                self._source += 1
        self.header_line = self._next + 1
        wanted = self.dialect.header_row_count
        while wanted and self._next < len(self._lines):
            wanted -= 1
            line = self._lines[self._next]
            self._source += 1
            if self.dialect.comment_prefix and line.startswith(self.dialect.comment_prefix):
                self._next += 1
                self._comment(line.rstrip("\r\n"))
                continue
            cells, _ = self._record()
            for index, cell in enumerate(cells[self.dialect.skip_columns :]):
                if index >= len(self.titles):
                    self.titles.append([])
                if cell.strip():
                    self.titles[index].append(cell)
        if not self.dialect.header_row_count:
            self._count_columns()

    def _count_columns(self) -> None:
        """Without a header the first row tells how many columns there are."""
        state = self._next, self._source, len(self.problems), len(self.comments)
        first = next(self._records(), None)
        self.titles = [[] for _ in first[2][self.dialect.skip_columns :]] if first else []
        self._next, self._source = state[:2]
        del self.problems[state[2] :], self.comments[state[3] :]

    def _comment(self, text: str) -> None:
        prefix = self.dialect.comment_prefix
        if prefix and text.startswith(prefix):
            text = text[len(prefix) :]
        if text:
            self.comments.append(text.strip())

    def _records(self) -> Iterator[tuple[int, int, list[str], bool]]:
        lines, total = self._lines, len(self._lines)
        quote, delimiter, prefix = self.dialect.quote_char, self.dialect.delimiter, self.dialect.comment_prefix
        escapes = quote is not None and not self.dialect.double_quote
        trimmed, trims = self.dialect.trimmed, self.dialect.trim != "false"
        while self._next < total:
            line, start = lines[self._next], self._next + 1
            source = self._source
            self._source += 1
            if prefix and line.startswith(prefix):
                self._next += 1
                self._comment(self._content(line))
            elif (quote is not None and quote in line) or (escapes and "\\" in line):
                cells, broken = self._record()
                yield source, start, cells, broken
            else:
                self._next += 1
                cells = self._content(line).split(delimiter)
                yield source, start, [trimmed(c) for c in cells] if trims else cells, False

    def _content(self, line: str) -> str:
        for end in self._ends:
            if line.endswith(end):
                return line[: -len(end)]
        return line

    def _record(self) -> tuple[list[str], bool]:
        """Read one row that may hold quotes, and move on past its last line."""
        return _Scanner(self).record()

    def take(self) -> str | None:
        """Take the next line, for a cell that goes on.

        Returns:
            The line with its terminator, or None at the end of the file.
        """
        if self._next >= len(self._lines):
            return None
        self._next += 1
        return self._lines[self._next - 1]

    def content(self, line: str) -> str:
        """Remove the terminator of a line.

        Args:
            line: The line.

        Returns:
            The line without it.
        """
        return self._content(line)

    @property
    def line(self) -> int:
        """The number of the line taken last."""
        return self._next


class _Scanner:
    """Reads one row with quoted cells, which may take several lines."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._dialect = sheet.dialect
        self._quote = sheet.dialect.quote_char or "\0"
        self._text = sheet.take() or ""
        self._start = sheet.line
        self._at = 0
        self._cells: list[str] = []
        self._broken = False

    def record(self) -> tuple[list[str], bool]:
        while True:
            self._skip_space()
            quoted = self._dialect.quote_char is not None and self._text.startswith(self._quote, self._at)
            cell = self._quoted() if quoted else self._plain()
            self._cells.append(self._dialect.trimmed(cell))
            if not self._text.startswith(self._dialect.delimiter, self._at):
                return self._cells, self._broken
            self._at += len(self._dialect.delimiter)

    def _skip_space(self) -> None:
        # White space before a quote is not part of the cell when the dialect trims it.
        if self._dialect.trim in ("true", "start"):
            at = self._at
            while self._text[at : at + 1] in (" ", "\t") and not self._text.startswith(self._dialect.delimiter, at):
                at += 1
            if self._text.startswith(self._quote, at):
                self._at = at

    def _cell_end(self) -> int:
        end = self._text.find(self._dialect.delimiter, self._at)
        return len(self._sheet.content(self._text)) if end < 0 else end

    def _plain(self) -> str:
        end = self._cell_end()
        cell = self._text[self._at : end]
        self._at = end
        if self._dialect.quote_char is not None and self._quote in cell.replace("\\" + self._quote, ""):
            self._complain(
                f"The cell {shown(cell)} has a quote in the middle; put the whole cell in quotes and double the quote."
            )
        return re.sub(r"\\(.)", r"\1", cell) if not self._dialect.double_quote else cell

    def _quoted(self) -> str:
        opened = self._sheet.line
        self._at += len(self._quote)
        pieces: list[str] = []
        while True:
            piece, closed = self._piece()
            pieces.append(piece)
            if closed:
                break
            line = self._sheet.take()
            if line is None:
                self._unclosed(opened, "".join(pieces))
                return "".join(pieces)
            self._text, self._at = line, 0
        end = self._cell_end()
        rest = self._text[self._at : end]
        if rest.strip():
            self._complain(f"After the closing quote comes {shown(rest)} instead of the next cell.")
            pieces.append(rest)
        self._at = end
        return "".join(pieces)

    def _piece(self) -> tuple[str, bool]:
        """Take the text up to the closing quote, or to the end of the line."""
        out: list[str] = []
        while True:
            end = self._text.find(self._quote, self._at)
            slash = -1 if self._dialect.double_quote else self._text.find("\\", self._at)
            if slash >= 0 and (end < 0 or slash < end):
                out.append(self._text[self._at : slash] + self._text[slash + 1 : slash + 2])
                self._at = slash + 2
                continue
            if end < 0:
                out.append(self._text[self._at :])
                return "".join(out), False
            out.append(self._text[self._at : end])
            self._at = end + 1
            if self._dialect.double_quote and self._text.startswith(self._quote, self._at):
                out.append(self._quote)
                self._at += 1
                continue
            return "".join(out), True

    def _unclosed(self, opened: int, text: str) -> None:
        self._at = len(self._text)
        self._complain(f"The quote before {shown(text)} on line {opened} is never closed.", opened)

    def _complain(self, message: str, line: int | None = None) -> None:
        self._broken = True
        column = len(self._cells) + 1
        self._sheet.problems.append(Problem(self._sheet.path, line or self._start, column, None, message))


def open_sheet(path: Path, dialect: Dialect) -> Sheet:
    """Read a tabular data file and its header rows.

    Args:
        path: The file.
        dialect: How it is written.

    Returns:
        The sheet, ready to read its rows.

    Raises:
        TableError: If the file does not exist, is empty, or is not text in its encoding.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = "does not exist" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        raise TableError(Problem(path, 1, None, None, f"The file {path.name} {reason}.")) from None
    text = _decode(path, data, dialect.encoding)
    if not text.strip():
        raise TableError(Problem(path, 1, None, None, "The file is empty; expected a header row and rows of data."))
    # The longest terminator goes first: a line that ends in CR LF also ends in LF.
    ends = tuple(sorted(dialect.line_terminators, key=len, reverse=True))
    sheet = Sheet(path, dialect, _lines=_split(text, ends), _ends=ends)
    sheet.read_header()
    return sheet


def _decode(path: Path, data: bytes, encoding: str) -> str:
    mark = len(codecs.BOM_UTF8) if codecs.lookup(encoding).name == "utf-8" and data.startswith(codecs.BOM_UTF8) else 0
    try:
        return data[mark:].decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start + mark
        line = data.count(b"\n", 0, at) + 1
        name = encoding.upper()
        found = data[at : at + 1].hex().upper()
        message = f"Byte {at + 1} of the file (0x{found}, on line {line}) is not {name}; save the file as {name}."
        raise TableError(Problem(path, line, None, None, message)) from None
    except UnicodeError:
        message = f"The file is not {encoding.upper()}."
        raise TableError(Problem(path, 1, None, None, message)) from None


def _split(text: str, terminators: tuple[str, ...]) -> list[str]:
    """Split into lines that keep their terminators."""
    if set(terminators) == {"\r\n", "\n"}:
        lines = text.split("\n")
        kept = [line + "\n" for line in lines[:-1]]
        return [*kept, lines[-1]] if lines[-1] else kept
    pieces = re.split("(" + "|".join(map(re.escape, terminators)) + ")", text)
    lines = [a + b for a, b in zip(pieces[::2], [*pieces[1::2], ""], strict=True)]
    return lines if lines[-1] else lines[:-1]
