"""Rows as text: a table whose cells stand as SPARQL's TSV writes them, and flat JSON and CSV made of it.

Oxigraph writes TSV faster than Python sees one of its rows, and most cells of a table stand in many rows: each text is
read once, and a record is put together of the pieces. Measured beside other ways in bench/rendering.py.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import getitem
from typing import Final, NamedTuple

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from zorgkg.results import Cell, Plain, plain_literal
from zorgkg.terms import PREFIXES

_XSD: Final = PREFIXES["xsd"]
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROL: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_FRACTIONAL: Final = frozenset(_XSD + name for name in ("decimal", "double", "float"))
_LABEL: Final = "Label"
LANGUAGE: Final = "Lang"
"""What the name of a label's column gets behind it, for the column that tells the label's language."""

_json = json.JSONEncoder(ensure_ascii=False).encode


class Written(NamedTuple):
    """What a cell's text says.

    :param text: an IRI, or a literal's lexical form; "" where unbound.
    :param datatype: IRI of a literal's datatype; "" for what is no literal.
    :param language: a literal's language tag, or "".
    """

    text: str
    datatype: str = ""
    language: str = ""


def read(cell: str) -> Written:
    """Read a cell.

    :param cell: a term as Turtle and SPARQL's TSV write it (https://www.w3.org/TR/sparql11-results-csv-tsv/, section
        4); "" where unbound.
    """
    first = cell[:1]
    if first == "<" and cell[1:2] != "<":
        return Written(cell[1:-1])
    if first == '"':
        end = cell.rindex('"')
        text = cell[1:end]
        if "\\" in text:
            text = _ESCAPE.sub(_unescaped, text)
        behind = cell[end + 1 :]
        if behind[:1] == "@":
            return Written(text, PREFIXES["rdf"] + "langString", behind[1:].partition("--")[0])
        return Written(text, behind[3:-1] if behind else _XSD + "string")
    if first in ("", "_", "<"):
        return Written(cell)
    if cell in ("true", "false"):
        return Written(cell, _XSD + "boolean")
    kind = "double" if "e" in cell.lower() else "decimal" if "." in cell else "integer"
    return Written(cell, _XSD + kind)


def value(cell: str) -> Plain:
    """Return a cell as a JSON value: IRIs and strings as strings, numbers as numbers, unbound as None."""
    if not cell:
        return None
    written = read(cell)
    return plain_literal(written.text, written.datatype) if written.datatype else written.text


def array(members: Iterable[str]) -> bytes:
    """Return a JSON array of values that are JSON already, a line each, in UTF-8."""
    inside = ",\n".join(members)
    return f"[\n{inside}\n]\n".encode() if inside else b"[]\n"


@dataclass(frozen=True)
class Rows:
    """A table as text.

    :param columns: names of the columns.
    :param lines: a line a row: its cells as TSV writes them, a tab between two.
    """

    columns: tuple[str, ...]
    lines: Sequence[str]

    @classmethod
    def of(cls, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Rows:
        """Write rows of terms."""
        # N-Triples' escapes leave a tab as it is in a string, and no other term can hold one.
        lines = ["\t".join("" if cell is None else str(cell).replace("\t", "\\t") for cell in row) for row in rows]
        return cls(tuple(columns), lines)

    @classmethod
    def parse(cls, written: bytes) -> Rows:
        """Read what Oxigraph wrote as TSV."""
        head, *lines = written.decode().split("\n")
        # The last line ends too.
        return cls(tuple(name[1:] for name in head.split("\t")), lines[:-1])

    def first(self, most: int | None) -> Rows:
        """Return at most so many rows; all when it is None."""
        return self if most is None or len(self.lines) <= most else Rows(self.columns, self.lines[:most])

    def cells(self) -> Iterator[list[str]]:
        """Give the cells of each row."""
        return (line.split("\t") for line in self.lines)

    def languages(self) -> list[bool]:
        """Tell of each column whether it is a label's, whose language a column of its own tells."""
        return [name.endswith(_LABEL) and name + LANGUAGE not in self.columns for name in self.columns]

    def solutions(self) -> QuerySolutions:
        """Return the rows as the engine gives them."""
        found = parse_query_results(self.tsv(), QueryResultsFormat.TSV)
        assert isinstance(found, QuerySolutions)  # noqa: S101 - it has columns
        return found

    def tsv(self) -> bytes:
        """Return the rows in the SPARQL 1.1 TSV format."""
        return "\n".join(["\t".join(f"?{name}" for name in self.columns), *self.lines, ""]).encode()

    def flat_json(self) -> bytes:
        """Return the rows as a JSON array of flat records, in UTF-8; a label's language follows it."""
        return array(self.records())

    def records(self) -> Iterator[str]:
        """Give each row as a JSON object; a label's language follows it (null where it has none)."""
        return self.assembled(self.members())

    def members(self) -> dict[str, Callable[[str], str]]:
        """Return how the cells of each column become a member's value in JSON."""
        return {
            name: _labelled(name) if told else _fragment
            for name, told in zip(self.columns, self.languages(), strict=True)
        }

    def assembled(self, members: dict[str, Callable[[str], str]], template: str = "") -> Iterator[str]:
        """Put a text together for each row, of one piece a column; each cell's text is made into a piece once.

        :param members: column → what makes the piece of a cell.
        :param template: has `%s` for each column; without it a JSON object is made.
        """
        if not template:
            names = (_json(name).replace("%", "%%") for name in members)
            inside = ",".join(f"{name}:%s" for name in names)
            template = f"{{{inside}}}"
        pieces = [_Pieces(make) for make in members.values()]
        return (template % tuple(map(getitem, pieces, cells)) for cells in self.cells())

    def flat_csv(self, excel: bool = False, languages: bool = False) -> bytes:
        r"""Return the rows as CSV (RFC 4180) in UTF-8.

        :param excel: for Excel in a Dutch or French locale: byte order mark, semicolons, and a comma in a number
            with a fraction. A text that Excel would take for a formula (it starts with ``= + - @``, a tab or a line
            break) then gets an apostrophe in front.
        :param languages: a column with each label's language behind the label's.
        """
        output = io.StringIO(newline="")
        writer = csv.writer(output, delimiter=";" if excel else ",", lineterminator="\r\n")
        told = self.languages() if languages else [False] * len(self.columns)
        writer.writerow(_spread(self.columns, [f"{name}{LANGUAGE}" for name in self.columns], told))
        text = _Pieces(_defused if excel else _lexical)
        if not languages:
            writer.writerows(map(text.__getitem__, cells) for cells in self.cells())
        else:
            language = _Pieces(lambda cell: read(cell).language)
            for cells in self.cells():
                writer.writerow(_spread([text[cell] for cell in cells], [language[cell] for cell in cells], told))
        return output.getvalue().encode("utf-8-sig" if excel else "utf-8")


class _Pieces(dict[str, str]):
    """What becomes of a cell's text, each made once."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, cell: str) -> str:
        made = self[cell] = self._make(cell)
        return made


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _CONTROL.get(found[3], found[3])


def _fragment(cell: str) -> str:
    # Most cells are IRIs, and texts without an escape: what stands between their marks is JSON already.
    if cell[:1] == "<" and cell[1:2] != "<":
        return f'"{cell[1:-1]}"'
    if cell[:1] == '"' and cell[-1:] == '"' and "\\" not in cell and cell.isprintable():
        return cell
    return _json(value(cell))


def _labelled(name: str) -> Callable[[str], str]:
    member = _json(name + LANGUAGE)

    def labelled(cell: str) -> str:
        text, quote, tag = cell.rpartition('"')
        if tag[:1] == "@" and tag[1:].isalpha() and "\\" not in text and text.isprintable():
            return f'{text}{quote},{member}:"{tag[1:]}"'
        return f"{_json(value(cell))},{member}:{_json(read(cell).language or None)}"

    return labelled


def _lexical(cell: str) -> str:
    return read(cell).text


def _defused(cell: str) -> str:
    text, datatype, _ = read(cell)
    if datatype in _FRACTIONAL:
        # Where the list separator is a semicolon, Excel reads 2.5 as the second of May.
        return text.replace(".", ",")
    is_number = text.lstrip("+-").replace(".", "", 1).isdigit()
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") and text and not is_number else text


def _spread(texts: Sequence[str], languages: Sequence[str], told: Sequence[bool]) -> list[str]:
    """Put each label's language behind it."""
    spread = []
    for text, language, is_told in zip(texts, languages, told, strict=True):
        spread.append(text)
        if is_told:
            spread.append(language)
    return spread
