"""A small lexer for SPARQL 1.1 text: it finds keywords, VALUES blocks and braces outside strings, IRIs and comments.

It follows the terminals of the grammar (SPARQL 1.1 Query, section 19.8); it does not parse. It takes time in proportion
to the text, whatever that holds, because the server itself reads texts from outside with it: what was looked for in
vain (the end of a string, the colon of a name) is not looked for again from each place that the first search passed.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_NAME_START = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME = _NAME_START + r"0-9_\u00B7\u0300-\u036F\u203F-\u2040\-"

_LOCAL = rf"[{_NAME}.:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_PREFIXED = rf"""
      (?P<name>(?:[{_NAME_START}](?:[{_NAME}.]*[{_NAME}])?)?:
        (?:(?:[{_NAME_START}0-9_:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])
           (?:(?:{_LOCAL})*(?:[{_NAME}:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)?)
    | """
_OTHER = rf"""
      (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<word>[{_NAME_START}_][{_NAME_START}0-9_]*)
    | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<mark>.)
    """
# An IRI may hold codepoint escapes where the engine decodes them after it has found the tokens, as SPARQL 1.2 does.
_START = rf"""
      (?P<space>\s+)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
    | (?P<variable>[?$][{_NAME_START}0-9_][{_NAME_START}0-9_\u00B7\u0300-\u036F\u203F-\u2040]*)
    | (?P<blank>_:[{_NAME_START}0-9_](?:[{_NAME}.]*[{_NAME}])?)
    | """
_TOKEN: Final = re.compile(_START + _PREFIXED + _OTHER, re.VERBOSE | re.DOTALL)
_UNPREFIXED: Final = re.compile(_START + _OTHER, re.VERBOSE | re.DOTALL)
_RUN: Final = re.compile(f"[{_NAME}.]*")
_ESCAPE = r"\\(?:[tbnrf\"'\\]|u(?!D[89A-F])[0-9A-F]{4}|U000(?!0D[89A-F])[01][0-9A-F]{4}|U0010[0-9A-F]{4})"
# No search goes back: as in a parser, what a string has taken it keeps.
_LONG: Final = {
    quote: re.compile(rf"{quote * 3}(?:{quote}{{0,2}}+(?:[^{quote}\\]|{_ESCAPE}))*+", re.IGNORECASE) for quote in "\"'"
}
_SHORT: Final = {quote: re.compile(rf"{quote}(?:[^{quote}\\\r\n]|{_ESCAPE})*+", re.IGNORECASE) for quote in "\"'"}
_LINE: Final = re.compile(r"[^\r\n]*")
_CERTAIN: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*://")

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
    """Yield the tokens of a SPARQL text, the longest at each place, without white space and comments.

    :param text: SPARQL query or update; need not be valid.
    """
    lexer = _Lexer(text)
    at = 0
    while at < len(text):
        kind, end = lexer.token(at)
        if kind not in ("space", "comment"):
            yield Token(kind, text[at:end], at)
        at = end


def readings(text: str) -> dict[int, tuple[str, int]]:
    """Return the tokens of every way to read a SPARQL text, with white space and comments.

    The longest token is what the grammar says; a parser that knows what may stand where reads ``?a<?b)SERVICE:x#>`` as
    a comparison and more, not as an IRI. From ``<scheme://`` no parser can go on but with an IRI.

    :param text: SPARQL query or update; need not be valid.
    :returns: offset → kind and end of the token that starts there, for the offsets that some reading reaches.
    """
    lexer = _Lexer(text)
    found: dict[int, tuple[str, int]] = {}
    ahead = [0] if text else []
    while ahead:
        at = heapq.heappop(ahead)
        if at in found:
            continue
        kind, end = found[at] = lexer.token(at)
        for following in (end, at + 1) if kind == "iri" and not _CERTAIN.match(text, at) else (end,):
            if following < len(text):
                heapq.heappush(ahead, following)
    return found


class _Lexer:
    """Tells the longest token at a place; places are asked for in rising order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._no_name = 0
        self._no_long: dict[str, int] = {}
        self._no_short: dict[str, int] = {}
        self._line_end = 0

    def token(self, at: int) -> tuple[str, int]:
        """Return the kind and the end of the token that starts at an offset."""
        first = self._text[at]
        if first in _SHORT and (end := self._string(at)) is not None:
            return "string", end
        if first == "#":
            return "comment", self._end_of_line(at)
        if at >= self._no_name and (run := _RUN.match(self._text, at)) and not self._text.startswith(":", run.end()):
            self._no_name = run.end()
        match = (_UNPREFIXED if at < self._no_name else _TOKEN).match(self._text, at)
        if match is None:
            raise AssertionError("the last alternative takes any character")
        return match.lastgroup or "mark", match.end()

    def _string(self, at: int) -> int | None:
        quote = self._text[at]
        if self._text.startswith(quote * 3, at) and at >= self._no_long.get(quote, 0):
            match = _LONG[quote].match(self._text, at)
            end = match.end() if match else at
            if self._text.startswith(quote * 3, end):
                return end + 3
            # A string that starts before this place would come to it too, and no further.
            self._no_long[quote] = end
        if at < self._no_short.get(quote, 0):
            return None
        match = _SHORT[quote].match(self._text, at)
        end = match.end() if match else at
        if self._text.startswith(quote, end):
            return end + 1
        self._no_short[quote] = end
        return None

    def _end_of_line(self, at: int) -> int:
        if at >= self._line_end:
            match = _LINE.match(self._text, at)
            self._line_end = match.end() if match else at
        return self._line_end


def decode_escapes(text: str) -> str:
    r"""Return the text with codepoint escapes (``\uXXXX``, ``\UXXXXXXXX``; SPARQL 1.1, section 19.2) decoded.

    Escapes of surrogates and of codepoints beyond Unicode stay as they are: no parser takes them.
    """

    if "\\" not in text:
        return text

    def decode(match: re.Match[str]) -> str:
        code = int(match.group(1) or match.group(2), 16)
        return match.group() if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)

    return _CODEPOINT.sub(decode, text)


def position(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column (both from 1) of an offset in a text."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def fault(message: str) -> tuple[int, int, str] | None:
    """Read the engine's message on a text that is no SPARQL.

    :param message: such as `error at 2:7: expected one of …`.
    :returns: line and column, from 1, and what was expected there, as far as that helps; None for another message.
    """
    place = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if not place:
        return None
    # The parser lists every character class of a name; the plain tokens are what helps.
    expected = [word for word in re.findall(r'"((?:[^"\\]|\\.)+)"', place[3]) if len(word) < 20]
    return int(place[1]), int(place[2]), f"; expected one of {' '.join(expected)}" if expected else ""
