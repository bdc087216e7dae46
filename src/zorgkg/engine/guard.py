"""The guard: what a text from outside may not do. It makes the server call no other but those on the allow-list."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from pyoxigraph import RdfFormat, parse

from zorgkg.sparql import Token, decode_escapes, position, readings, tokens

_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_KEYWORDS: Final = ("SERVICE", "LOAD")
_TARGETS: Final = ("iri", "name", "variable")


class Forbidden(Exception):
    """The text asks for something that this server does not do; the message says what, where and what to do."""


def check(text: str, allowed: Collection[str] = (), update: bool = False) -> None:
    r"""Refuse a text that would make the engine call a server that is not on the allow-list.

    Let through is ``SERVICE [SILENT] <iri>``, and in an update ``LOAD [SILENT] <iri>``, with a full IRI or a prefixed
    name that the text itself declares once, when exactly that IRI is on the list. Whatever else may be such a call is
    refused, also where only some parser would see one: the engine's parser needs no space around keywords
    (``trueSERVICE:x`` is a call), reads ``<`` as the operator where an expression goes on, and takes ``\u`` escapes
    where they stand, while others decode them before they parse. Strings, IRIs, comments, variables and local names
    are no calls.

    :param text: SPARQL 1.1 query or update, as received.
    :param allowed: IRIs that may be called.
    :param update: whether the text is an update; a query never loads.
    :raises Forbidden: it may call a server that is not on the list.
    """
    for reading in dict.fromkeys((text, decode_escapes(text))):
        # A text that holds the letters of no keyword has none, however it is read: seen a hundred times sooner.
        upper = reading.upper()
        if any(keyword in upper for keyword in _KEYWORDS):
            _Reading(reading, allowed, update).check()


class _Reading:
    """A text as a parser may see it."""

    def __init__(self, text: str, allowed: Collection[str], update: bool) -> None:
        self._text, self._allowed, self._update = text, allowed, update
        self._found = readings(text)

    def check(self) -> None:
        # What the longest tokens show counts also where nothing follows that can be called.
        plain = {token.start for token in tokens(self._text)}
        for start in self._found:
            token = self._token(start)
            keyword = _keyword(token)
            if keyword and (start in plain or self._calls(token)):
                iri = self._target(token, keyword)
                if iri is None or iri not in self._allowed or (keyword == "LOAD" and not self._update):
                    self._refuse(keyword, start, iri)

    def _refuse(self, keyword: str, start: int, iri: str | None) -> None:
        line, column = position(self._text, start)
        if not self._allowed:
            why = "this server calls no other server for a query"
        elif iri is None:
            why = "this server calls only those on its list, written as SERVICE <iri>"
        else:
            why = f"<{iri}> is not on the list of servers that this server calls"
        raise Forbidden(
            f"{keyword} at line {line}, column {column}: {why}. "
            "Fetch the other data yourself, or add it here as a dataset."
        )

    def _calls(self, keyword: Token) -> bool:
        if keyword.kind == "name":
            return True
        following = self._after(keyword.end)
        return following is not None and (
            following.kind in _TARGETS or following.text == "\\" or following.text.upper().startswith("SILENT")
        )

    def _target(self, token: Token, keyword: str) -> str | None:
        """Return the IRI that is called, or None when that is not certain."""
        if token.kind != "word" or token.text.upper() != keyword:
            return None
        target = self._after(token.end)
        if target and target.kind == "word" and target.text.upper() == "SILENT":
            target = self._after(target.end)
        if target is None:
            return None
        if target.kind == "iri":
            return self._absolute(target.text)
        prefix, colon, local = target.text.partition(":")
        if target.kind != "name" or prefix.upper().startswith("SILENT"):
            return None
        namespace = self._prefixes().get(prefix + colon)
        return namespace and namespace + re.sub(r"\\(.)", r"\1", local)

    def _prefixes(self) -> dict[str, str | None]:
        """The prefixes that are declared; None where it is not certain what a prefix stands for."""
        declared: dict[str, str | None] = {}
        for token in map(self._token, self._found):
            if token.kind == "word" and token.text.upper() == "PREFIX":
                name = self._after(token.end)
                target = self._after(name.end) if name else None
                if name and target and name.kind == "name" and target.kind == "iri":
                    iri = self._absolute(target.text)
                    declared[name.text] = iri if declared.get(name.text, iri) == iri else None
            elif token.kind in ("word", "name") and "PREFIX" in token.text.partition(":")[0].upper():
                # The engine takes `PREFIXa:<…>` for a declaration.
                return {}
        return declared

    def _absolute(self, written: str) -> str | None:
        iri = decode_escapes(written[1:-1])
        if _ABSOLUTE.match(iri):
            return iri
        bases = list(self._bases())
        if len(bases) != 1 or bases[0] is None:
            return None
        try:
            # The engine's own way to resolve it.
            statement = next(parse(f"<{iri}> <p:p> <p:p> .", RdfFormat.TURTLE, base_iri=bases[0]))
            return str(statement.subject.value)
        except (SyntaxError, ValueError):
            return None

    def _bases(self) -> Iterator[str | None]:
        for token in map(self._token, self._found):
            if token.kind == "word" and "BASE" in token.text.upper():
                target = self._after(token.end)
                if target and target.kind == "iri":
                    iri = decode_escapes(target.text[1:-1])
                    yield iri if _ABSOLUTE.match(iri) else None

    def _token(self, start: int) -> Token:
        kind, end = self._found[start]
        # Comments may be read from many places: their text is not copied.
        return Token(kind, "" if kind in ("space", "comment") else self._text[start:end], start)

    def _after(self, offset: int) -> Token | None:
        while offset in self._found:
            kind, end = self._found[offset]
            if kind not in ("space", "comment"):
                return self._token(offset)
            offset = end
        return None


def _keyword(token: Token) -> str | None:
    if token.kind not in ("word", "name", "blank"):
        return None
    word = token.text.partition(":")[0].upper()
    if "SERVICE" in word:
        return "SERVICE"
    return "LOAD" if word.startswith("LOAD") and token.kind in ("word", "name") else None
