"""Names, made alike: what is left of a name when its language, its legal form and the way it is written don't count.

Dutch and French words for the same kind of organisation become one; "LDC De Bres", "Lokaal dienstencentrum De Bres"
and "Centre de services local De Bres" have the same kind, `ldc`, and the same own words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from zorgkg.matching.phrases import KINDS, LEGAL, SAME, WEAK
from zorgkg.search.folding import words

_INITIALS: Final = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}(?:[^\W\d_]\b)?")
"""Letters with points: "v.z.w.", "O.C.M.W.", "C.P.A.S"."""

_BRACKETS: Final = re.compile(r"\(([^()]*)\)?")

_MOST_WORDS: Final = 24


@dataclass(frozen=True)
class Name:
    """A name, taken apart.

    :param kinds: slugs of the kinds of organisation that it has words for (data/vocabularies).
    :param own: its other words, folded and in their order, without legal forms; Dutch and French made alike.
    :param strong: those of them that are no articles and the like.
    :param plain: all its words, folded, as they stand.
    """

    kinds: frozenset[str]
    own: tuple[str, ...]
    strong: tuple[str, ...]
    plain: tuple[str, ...]

    @property
    def is_bare(self) -> bool:
        """Whether it has words for a kind alone, such as "OCMW": which one is meant, it does not say."""
        return bool(self.kinds) and not self.strong

    @property
    def key(self) -> str:
        """Equal for names that are the same but for language, legal form, articles and order of words."""
        return f"{' '.join(sorted(self.kinds))}|{' '.join(sorted(self.strong or self.own))}"


@lru_cache(maxsize=16_384)
def parse(text: str) -> Name:
    """Take a name apart.

    >>> parse("V.Z.W. Centre de services local De Bres").key
    'ldc|bres'

    :param text: a name as printed.
    """
    joined = _INITIALS.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", text)
    plain, inside = _words(joined)
    # "Linde, De", "Hoplr, vzw".
    before, comma, after = joined.partition(",")
    if comma and "," not in after and 0 < len(behind := words(after)) <= 2:
        plain, inside = (*behind, *words(before)), (False,) * len(plain)
    said = tuple(map(_corrected, plain))
    kinds: set[str] = set()
    own: list[str] = []
    place = 0
    while place < len(plain):
        length, slug = _phrase(said, place)
        if length and not inside[place]:
            if slug:
                kinds.add(slug)
            place += length
        else:
            own.append(SAME.get(said[place], said[place]))
            place += 1
    if not kinds and not own:
        # A legal form alone is a name after all.
        own = list(plain)
    if kinds:
        # "CPAS de Gand", "Ville de Bruges": the words that join a kind to what follows are no part of it.
        while own and own[0] in ("of", "du", "d"):
            own.pop(0)
    return Name(frozenset(kinds), tuple(own), tuple(one for one in own if one not in WEAK), plain)


def spellings(text: str) -> tuple[str, ...]:
    """Return a name, and without what it has in brackets, if it has any.

    >>> spellings("CAW (Mechelen)")
    ('CAW (Mechelen)', 'CAW')
    """
    outside = " ".join(_BRACKETS.sub(" ", text).split()) if "(" in text else ""
    return (text, outside) if outside else (text,)


def aside(text: str) -> str:
    """Return what a name has in brackets.

    >>> aside("CAW (Mechelen)")
    'Mechelen'
    """
    return " ".join(_BRACKETS.findall(text))


def _words(text: str) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """The folded words of a text, and whether each stands inside a name like Herk-de-Stad, where it says no kind."""
    found: list[str] = []
    inside: list[bool] = []
    for part in text.split():
        own = words(part)
        found += own
        inside += (place > 0 and part.count("-") > 1 for place in range(len(own)))
    return tuple(found[:_MOST_WORDS]), tuple(inside[:_MOST_WORDS])


@lru_cache(maxsize=8192)
def _corrected(word: str) -> str:
    """A word that says a kind, where a long word is nearly it; else the word."""
    if len(word) < _LONG - 1 or word in _KIND_WORDS:
        return word
    found = process.extractOne(word, _KIND_WORDS, scorer=OSA.distance, score_cutoff=1)
    return found[2] if found else word


def _phrase(plain: tuple[str, ...], place: int) -> tuple[int, str]:
    """The length of the longest phrase for a kind (or a legal form: "") that begins at a word; 0 when none does."""
    for length in range(min(_LONGEST, len(plain) - place), 0, -1):
        slug = _PHRASES.get(plain[place : place + length])
        if slug is not None:
            return length, slug
    return 0, ""


_PHRASES: Final[dict[tuple[str, ...], str]] = {
    **{words(phrase): "" for phrase in LEGAL},
    **{words(phrase): slug for slug, phrases in KINDS.items() for phrase in phrases},
}
_LONGEST: Final = max(map(len, _PHRASES))
_LONG: Final = 7
_KIND_WORDS: Final = {
    word: word for word in sorted({each for phrase in _PHRASES for each in phrase}) if len(word) >= _LONG
}
"""Words of phrases that are so long that a mistake in them leaves no doubt."""
