"""How a tabular data file is written: delimiter, quotes, header rows and the like.

Follows "Metadata Vocabulary for Tabular Data", section 5.9 (Dialect Descriptions). Where that document and the model
disagree on a default, rows are not comments unless a dialect names a `commentPrefix`: a cell that happens to begin with
# must not make its row vanish.
"""

import codecs
from dataclasses import dataclass, replace

from zorgkg.csvw.document import Object, Place, Reader
from zorgkg.csvw.problems import shown

_DIALECT = frozenset(
    {
        "commentPrefix", "delimiter", "doubleQuote", "encoding", "header", "headerRowCount", "lineTerminators",
        "quoteChar", "skipBlankRows", "skipColumns", "skipInitialSpace", "skipRows", "trim", "@id", "@type",
    }
)  # fmt: skip


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


def read_dialect(reader: Reader, value: object, place: Place) -> Dialect:
    """Read a dialect description ("Metadata Vocabulary for Tabular Data", section 5.9).

    Args:
        reader: Where to report.
        value: An object, or the URL of a file that holds one.
        place: The place of the value.

    Returns:
        The dialect, with defaults for what is missing or not valid.

    Raises:
        MetadataError: If the file does not exist, or `@id` or `@type` is wrong.
    """
    obj, place = reader.description(value, place, "dialect")
    reader.known(obj, place, _DIALECT, "Dialect")
    dialect = Dialect(
        comment_prefix=_dialect_text(reader, obj, "commentPrefix", None, place) or None,
        delimiter=_dialect_text(reader, obj, "delimiter", ",", place) or ",",
        double_quote=_dialect_flag(reader, obj, "doubleQuote", True, place),
        encoding=_encoding(reader, obj, place),
        line_terminators=_terminators(reader, obj, place),
        quote_char=_dialect_text(reader, obj, "quoteChar", '"', place),
        skip_blank_rows=_dialect_flag(reader, obj, "skipBlankRows", False, place),
        skip_columns=_dialect_count(reader, obj, "skipColumns", 0, place),
        skip_rows=_dialect_count(reader, obj, "skipRows", 0, place),
        trim=_trim(reader, obj, place),
    )
    header = _dialect_flag(reader, obj, "header", True, place)
    return replace(dialect, header_row_count=_dialect_count(reader, obj, "headerRowCount", int(header), place))


def _dialect_text(reader: Reader, obj: Object, key: str, usual: str | None, place: Place) -> str | None:
    value = obj.get(key, usual)
    if isinstance(value, str) or (value is None and key in ("quoteChar", "commentPrefix")):
        return value
    reader.warn(place.at(key), f"{shown(value)} is ignored: {key} must be a text.")
    return usual


def _dialect_flag(reader: Reader, obj: Object, key: str, usual: bool, place: Place) -> bool:
    value = obj.get(key, usual)
    if isinstance(value, bool):
        return value
    reader.warn(place.at(key), f"{shown(value)} is ignored: {key} must be true or false.")
    return usual


def _dialect_count(reader: Reader, obj: Object, key: str, usual: int, place: Place) -> int:
    value = obj.get(key, usual)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    reader.warn(place.at(key), f"{shown(value)} is ignored: {key} must be a whole number.")
    return usual


def _encoding(reader: Reader, obj: Object, place: Place) -> str:
    value = obj.get("encoding", "utf-8")
    try:
        if isinstance(value, str):
            # Python also knows encodings that are not of text; only using them tells them apart.
            "a".encode(value)
            return codecs.lookup(value).name
    except (LookupError, ValueError):
        pass
    reader.warn(place.at("encoding"), f"{shown(value)} is ignored: it is not a known encoding such as utf-8.")
    return "utf-8"


def _terminators(reader: Reader, obj: Object, place: Place) -> tuple[str, ...]:
    value = obj.get("lineTerminators", ["\r\n", "\n"])
    items = value if isinstance(value, list) else [value]
    if items and all(isinstance(item, str) and item for item in items):
        return tuple(items)
    reader.warn(place.at("lineTerminators"), f"{shown(value)} is ignored: it must be one or more texts.")
    return ("\r\n", "\n")


def _trim(reader: Reader, obj: Object, place: Place) -> str:
    usual = "start" if _dialect_flag(reader, obj, "skipInitialSpace", False, place) else "true"
    value = obj.get("trim", usual)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value in ("true", "false", "start", "end"):
        return str(value)
    reader.warn(place.at("trim"), f"{shown(value)} is ignored: trim is true, false, start or end.")
    return "true"
