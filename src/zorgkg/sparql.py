"""A small lexer for SPARQL 1.1 text: it finds keywords, VALUES blocks and braces outside strings, IRIs and comments.

It follows the terminals of the grammar (SPARQL 1.1 Query, section 19.8); it does not parse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_NAME_START = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME = _NAME_START + r"0-9_\u00B7\u0300-\u036F\u203F-\u2040\-"

_TOKEN: Final = re.compile(
    rf"""
      (?P<space>\s+)
    | (?P<comment>\#[^\r\n]*)
    | (?P<iri><[^<>"{{}}|^`\\\x00-\x20]*>)
    | (?P<string>\"\"\"(?:(?:\"|\"\")?(?:[^\"\\]|\\.))*\"\"\"|'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''
        |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    | (?P<variable>[?$][{_NAME_START}0-9_][{_NAME_START}0-9_\u00B7\u0300-\u036F\u203F-\u2040]*)
    | (?P<blank>_:[{_NAME_START}0-9_](?:[{_NAME}.]*[{_NAME}])?)
    | (?P<name>(?:[{_NAME_START}](?:[{_NAME}.]*[{_NAME}])?)?:
        (?:(?:[{_NAME_START}0-9_:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])
           (?:(?:[{_NAME}.:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])*
              (?:[{_NAME}:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)?)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<word>[{_NAME_START}_][{_NAME_START}0-9_]*)
    | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_CODEPOINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True)
class Token:
    """A piece of SPARQL text: its kind (``iri``, ``string``, ``variable``, ``word``, ``mark`` …) and place."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Offset just after the token."""
        return self.start + len(self.text)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a SPARQL text, without white space and comments.

    :param text: SPARQL query or update; need not be valid.
    """
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "mark"
        if kind not in ("space", "comment"):
            yield Token(kind, match.group(), match.start())


def decode_escapes(text: str) -> str:
    r"""Return the text with codepoint escapes (``\uXXXX``, ``\UXXXXXXXX``; SPARQL 1.1, section 19.2) decoded.

    Escapes of surrogates and of codepoints beyond Unicode stay as they are: no parser takes them.
    """

    def decode(match: re.Match[str]) -> str:
        code = int(match.group(1) or match.group(2), 16)
        return match.group() if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)

    return _CODEPOINT.sub(decode, text)


def position(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column (both from 1) of an offset in a text."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
