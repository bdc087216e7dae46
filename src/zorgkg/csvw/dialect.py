"""How a tabular data file is written: delimiter, quotes, header rows and the like.

Follows "Metadata Vocabulary for Tabular Data", section 5.9 (Dialect Descriptions). Where that document and the model
disagree on a default, rows are not comments unless a dialect names a `commentPrefix`: a cell that happens to begin with
# must not make its row vanish.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """A dialect description.

    Attributes:
        comment_prefix: The text that begins a comment row, or None.
        delimiter: The text between cells.
        double_quote: Whether a quote in a quoted cell is doubled; if not, a backslash goes before it.
        encoding: The character encoding.
        header_row_count: The number of header rows.
        line_terminators: The texts that end a row.
        quote_char: The character around quoted cells, or None.
        skip_blank_rows: Whether rows of empty cells only are ignored.
        skip_columns: The number of columns to ignore at the beginning of each row.
        skip_rows: The number of rows to ignore at the beginning of the file.
        trim: Which white space around cells is removed: "true", "false", "start" or "end".
    """

    comment_prefix: str | None = None
    delimiter: str = ","
    double_quote: bool = True
    encoding: str = "utf-8"
    header_row_count: int = 1
    line_terminators: tuple[str, ...] = ("\r\n", "\n")
    quote_char: str | None = '"'
    skip_blank_rows: bool = False
    skip_columns: int = 0
    skip_rows: int = 0
    trim: str = "true"

    def trimmed(self, text: str) -> str:
        """Remove white space around a cell as the dialect asks.

        Args:
            text: The text of the cell.

        Returns:
            The trimmed text.
        """
        if self.trim == "true":
            return text.strip()
        if self.trim == "start":
            return text.lstrip()
        return text.rstrip() if self.trim == "end" else text
