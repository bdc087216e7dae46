"""Folding: what is left of a text when accents, case and punctuation don't count; the same in the index and in a query."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ASCII: Final = re.compile(r"[0-9a-z]+")
_WORD: Final = re.compile(r"[^\W_]+")
_LETTERS: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n"}
)
"""Letters that Unicode does not take apart, and that people type as these (case folding makes ß of German ss)."""


def words(text: str) -> list[str]:
    """Return the words of a text, folded.

    >>> words("L’Été à 't Perron, n° 3")
    ['l', 'ete', 'a', 't', 'perron', 'n', '3']

    :param text: any text.
    """
    lower = text.casefold()
    if lower.isascii():
        return _ASCII.findall(lower)
    # Compatibility decomposition (UAX #15): also full-width letters, ligatures and superscripts become plain ones.
    apart = unicodedata.normalize("NFKD", lower)
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    return _WORD.findall(plain.casefold().translate(_LETTERS))


def key(text: str) -> str:
    """Return a text as its folded words, with a space between them: equal for texts that a person takes for equal."""
    return " ".join(words(text))
