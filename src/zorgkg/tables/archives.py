"""The archive that a workbook is, looked through before anything parses it."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from zorgkg.tables.told import BadTable, Told

MOST_UNPACKED: Final = 400_000_000
_MOST_PARTS: Final = 2000
_OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DECLARATION: Final = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_MOST_MERGED: Final = 100_000
_MERGED: Final = re.compile(rb'<(?:\w{1,20}:)?mergeCell\s[^<>]{0,99}?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_HIDDEN: Final = rb'(?=[^<>]{0,300}?(?<=\s)hidden="(?:1|true)")'
_HIDDEN_ROW: Final = re.compile(rb"<(?:\w{1,20}:)?row\s" + _HIDDEN + rb'[^<>]{0,300}?(?<=\s)r="([0-9]{1,7})"')
_HIDDEN_COLUMNS: Final = re.compile(rb"<(?:\w{1,20}:)?col\s" + _HIDDEN + rb"([^<>]{0,300})")
_FIRST_AND_LAST: Final = tuple(re.compile(rb'(?:^|\s)%s="([0-9]{1,5})"' % name) for name in (b"min", b"max"))
_MOST_HIDDEN: Final = 2**20
_WIDEST: Final = 2**14
_OVERLAP: Final = 400


@dataclass
class Part:
    """What a part of the archive has that the readers of its cells do not tell.

    :param merged: the cells that are merged in it, such as `A1:B2`.
    :param hidden_rows: numbers of the rows that are hidden.
    :param hidden_columns: numbers of the columns that are.
    """

    merged: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def check(body: bytes) -> dict[str, Part]:
    """Look through a workbook: what it unpacks to is counted, not kept.

    :param body: the file.
    :returns: name of a part → what it has.
    :raises BadTable: it is no xlsx, or has macros, links to other files or entities, or unpacks to too much.
    """
    if body.startswith(_OLD):
        raise BadTable(Told("old-workbook"))
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            return _looked_through(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise BadTable(Told("no-workbook")) from error


def _looked_through(archive: zipfile.ZipFile) -> dict[str, Part]:
    names = [entry.filename for entry in archive.infolist()]
    if "mimetype" in names and "content.xml" in names:
        raise BadTable(Told("open-document"))
    if len(names) > _MOST_PARTS or sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
        raise BadTable(Told("bomb", {"most": MOST_UNPACKED}))
    for name in names:
        low = name.lower()
        if "vbaproject" in low or "/macrosheets/" in low or low.startswith("macrosheets/"):
            raise BadTable(Told("macros", {"part": name}))
        if "externallinks/" in low:
            raise BadTable(Told("external", {"part": name}))
    if "[Content_Types].xml" not in names:
        raise BadTable(Told("no-workbook"))
    left = MOST_UNPACKED
    merged = hidden = 0
    parts: dict[str, Part] = {}
    for entry in archive.infolist():
        text = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
        before = b""
        # What the archive says of sizes may be a lie: what comes out is counted.
        with archive.open(entry) as source:
            while block := source.read(min(2**20, left + 1)):
                left -= len(block)
                if left < 0:
                    raise BadTable(Told("bomb", {"most": MOST_UNPACKED}))
                if not text:
                    continue
                # In UTF-16 every other byte is zero.
                seen = before + (block.replace(b"\0", b"") if b"\0" in block else block)
                if _DECLARATION.search(seen):
                    raise BadTable(Told("entity", {"part": entry.filename}))
                if entry.filename == "[Content_Types].xml" and b"macroEnabled" in seen:
                    raise BadTable(Told("macros", {"part": entry.filename}))
                found = [one.decode() for one in _MERGED.findall(seen)]
                part = parts.setdefault(entry.filename, Part())
                new = [one for one in found if one not in part.merged[-50:]]
                part.merged += new
                merged += len(new)
                if merged > _MOST_MERGED:
                    raise BadTable(Told("merged-many", {"most": _MOST_MERGED}))
                # As many as a sheet has; more are not told of.
                if hidden < _MOST_HIDDEN:
                    rows = {int(one) for one in _HIDDEN_ROW.findall(seen)} - part.hidden_rows
                    part.hidden_rows |= rows
                    hidden += len(rows)
                for told in _HIDDEN_COLUMNS.findall(seen):
                    first, last = (int(place[1]) if (place := one.search(told)) else 0 for one in _FIRST_AND_LAST)
                    part.hidden_columns.update(range(first, min(last, _WIDEST) + 1))
                before = seen[-_OVERLAP:]
    return parts
