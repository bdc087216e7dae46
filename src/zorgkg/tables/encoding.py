"""Encodings: the text of a file whose encoding nobody told, or where it stops being one."""

from __future__ import annotations

import codecs
import re
from typing import Final

from zorgkg.tables.told import BadTable, Told

CHARSETS: Final = frozenset(
    ["utf-8", "utf8", "us-ascii", "utf-16", "utf-16le", "utf-16be", "windows-1252", "cp1252", "iso-8859-1", "latin1"]
)
"""What who sends a file may call its encoding; which of them it is, is found all the same. Programs that say ISO-8859-1
write Windows-1252 (WHATWG Encoding, section 4.2)."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", ""),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_MULTIBYTE: Final = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")
_WESTERN: Final = frozenset("àâäæçèéêëîïíìñóòôöœùúûüÿßáøåÀÂÄÆÇÈÉÊËÎÏÍÑÓÔÖŒÙÚÛÜŸ€‚„…†‰‘’“”•–—™«»°²³½¼¾§©®·´¨ªº\xa0¿¡µ×")
"""What stands in Dutch and French text beyond ASCII."""


def decode(body: bytes) -> tuple[str, list[Told]]:
    """Return the text of a file: UTF-8, UTF-16 or Windows-1252.

    :param body: the file.
    :returns: the text, and what is to be told of its encoding.
    :raises BadTable: it is none of them; the first wrong byte and its line are told.
    """
    if not body.strip():
        raise BadTable(Told("empty-file"))
    for mark, name, shown in _MARKS:
        if body.startswith(mark):
            return _strict(body, name), [Told("read-as", {"encoding": shown})] if shown else []
    if guessed := _wide(body):
        return _strict(body, guessed), [Told("read-as", {"encoding": "UTF-16"})]
    try:
        return _whole(body.decode("utf-8")), []
    except UnicodeDecodeError as error:
        wrong = _fault(body, error.start, "mixed" if _MULTIBYTE.search(body[: error.start]) else "not-utf8")
    if wrong.key == "mixed":
        raise BadTable(wrong)
    try:
        text = body.decode("cp1252")
    except UnicodeDecodeError as error:
        raise BadTable(_fault(body, error.start, "not-utf8")) from None
    if any(character > "\x7f" and character not in _WESTERN for character in set(text)):
        raise BadTable(wrong)
    if _MULTIBYTE.search(body):
        raise BadTable(_fault(body, _first_wrong(body), "mixed"))
    return _whole(text), [Told("read-as", {"encoding": "Windows-1252"})]


def _wide(body: bytes) -> str:
    """UTF-16 without a mark: every other byte of its beginning is zero."""
    start = body[:200]
    for name, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[0::2])):
        if len(zeros) > 3 and zeros.count(0) > len(zeros) * 0.8:
            return name
    return ""


def _strict(body: bytes, name: str) -> str:
    try:
        return _whole(body.decode(name))
    except UnicodeDecodeError as error:
        raise BadTable(_fault(body, error.start, "not-utf8")) from None


def _first_wrong(body: bytes) -> int:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _fault(body: bytes, position: int, key: str) -> Told:
    line = body[:position].count(b"\n") + 1
    return Told(key, {"byte": f"0x{body[position]:02X}", "position": position + 1}, row=line)


def _whole(text: str) -> str:
    if "\0" in text:
        raise BadTable(Told("nul", row=text[: text.index("\0")].count("\n") + 1))
    return text
