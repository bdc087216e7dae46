"""The nearest: things that somebody may have meant who named one that there is not."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Final

from zorgkg.search.index import SearchIndex, TooSlow
from zorgkg.search.schema import KINDS

MOST: Final = 5
"""At most this many are told."""


def nearest(
    index: SearchIndex,
    text: str,
    language: str,
    fits: Callable[[str], bool],
    types: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> list[str]:
    """Return the IRIs of the things whose names are most like what was written, the likest first.

    :param index: the search index.
    :param text: a slug, a path, an IRI or a label.
    :param language: language of the labels.
    :param fits: whether an IRI is that of a thing that can be meant.
    :param types: only things with these `{type}` s of their IRIs; none: all.
    :param kinds: only these kinds of things, beside the types; none: all.
    """
    words = text.strip("/").rpartition("/")[2].replace("-", " ")
    try:
        hits = index.find(words, language, types, 4 * MOST, kinds)
    except TooSlow:
        # What is wrong can be said without it.
        return []
    return list(islice((hit.thing.iri for hit in hits if fits(hit.thing.iri)), MOST))


def of_class(
    index: SearchIndex, text: str, language: str, fits: Callable[[str], bool], cls: str, type: str
) -> list[str]:
    """Return what :func:`nearest` does, of the things of a class.

    :param cls: the class, as a prefixed name.
    :param type: the `{type}` of their IRIs, where the index knows no kind of things with that class.
    """
    kinds = [kind for kind, classes in KINDS.items() if cls in classes]
    return nearest(index, text, language, fits, [] if kinds else [type], kinds)


def alike(text: str, known: Mapping[str, str]) -> list[str]:
    """Return the values that are most like what was written, without an index; the one that is called so, if any is.

    :param text: what was written.
    :param known: value → label.
    """
    called = [value for value, label in known.items() if label.casefold() == text.casefold()]
    return called[:1] or difflib.get_close_matches(text, known, n=MOST, cutoff=0.5)
