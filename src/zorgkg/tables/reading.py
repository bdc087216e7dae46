"""Reading: the tables of a file, whatever its kind."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from zorgkg.tables import columnar, delimited, records, workbook
from zorgkg.tables.table import Table
from zorgkg.tables.told import BadTable, Told

LARGEST: Final = 100_000_000
"""Bytes of a file."""

MEDIA: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
"""Extension → media type of what is read."""

_ALSO: Final = {"ndjson": "jsonl", "txt": "csv", "tab": "tsv"}
_MACROS: Final = ("xlsm", "xltm", "xlam", "xlsb")


@dataclass(frozen=True)
class Given:
    """A file that was handed in.

    :param name: its name, without folders.
    :param media: its media type.
    :param sha256: its checksum.
    :param tables: what is in it.
    :param notes: what is told of the whole.
    """

    name: str
    media: str
    sha256: str
    tables: list[Table]
    notes: list[Told] = field(default_factory=list)


def read_path(path: Path, sheet: str = "") -> Given:
    """Read a file.

    :param path: where it is.
    :param sheet: only this sheet.
    :raises BadTable: it is not there, too large, or cannot be used.
    """
    if not path.is_file():
        raise BadTable(Told("no-file", {"path": path}))
    # Before it is read: nothing this large is taken into memory.
    size = path.stat().st_size
    if size > LARGEST:
        raise BadTable(Told("too-large", {"size": size, "most": LARGEST}))
    return read(path.name, path.read_bytes(), sheet)


def read(name: str, body: bytes, sheet: str = "") -> Given:
    """Read a file that was sent.

    :param name: its name; the extension tells its kind.
    :param body: its bytes.
    :param sheet: only this sheet.
    :raises BadTable: it cannot be used.
    """
    if len(body) > LARGEST:
        raise BadTable(Told("too-large", {"size": len(body), "most": LARGEST}))
    if not body:
        raise BadTable(Told("empty-file"))
    extension = name.rpartition(".")[2].lower()
    kind = _ALSO.get(extension, extension)
    if kind in _MACROS:
        raise BadTable(Told("macros", {"part": f".{kind}"}))
    if kind == "xls":
        raise BadTable(Told("old-workbook"))
    if kind == "ods":
        raise BadTable(Told("open-document"))
    if kind not in MEDIA:
        raise BadTable(Told("unknown-form", {"extension": f".{extension}" if "." in name else name}))
    digest = hashlib.sha256(body).hexdigest()
    if kind == "xlsx":
        tables, notes = workbook.read(body, sheet)
        return Given(name, MEDIA[kind], digest, tables, notes)
    if sheet:
        raise BadTable(Told("sheetless"))
    if kind in ("json", "jsonl"):
        table = records.read(body, lines=kind == "jsonl")
    elif kind == "parquet":
        table = columnar.read(body)
    else:
        table = delimited.read(body, "\t" if kind == "tsv" else "")
    return Given(name, MEDIA[kind], digest, [table])
