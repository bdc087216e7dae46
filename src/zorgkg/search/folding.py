"""Folding: what is left of a text when accents, case and punctuation don't count, in the index and in a query."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_ASCII: Final = re.compile(r"[0-9a-z]+")
_WORD: Final = re.compile(r"[^\W_]+")
_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
"""Accents and points that stand for themselves once letters are taken apart."""

_LETTERS: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n"}
)
"""Letters that Unicode does not take apart, and that people type as these (case folding makes ß of German ss)."""


_KEPT: Final = 200
"""Letters of the longest text whose words are kept: names come again and again, and anyone may send a long text."""


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded.

    >>> words("L’Été à 't Perron, n° 3")
    ('l', 'ete', 'a', 't', 'perron', 'n', '3')

    :param text: any text.
    """
    return _kept(text) if len(text) <= _KEPT else _words(text)


def _words(text: str) -> tuple[str, ...]:
    lower = text.casefold()
    if lower.isascii():
        return tuple(_ASCII.findall(lower))
    # Compatibility decomposition (UAX #15): also full-width letters, ligatures and superscripts become plain ones.
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", lower))
    return tuple(_WORD.findall(plain.casefold().translate(_LETTERS)))


_kept: Final = lru_cache(maxsize=4096)(_words)


def key(text: str) -> str:
    """Return a text as its folded words, with a space between them: equal for texts that a person takes for equal."""
    return " ".join(words(text))
