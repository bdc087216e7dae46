"""Values: what a user writes for a filter becomes the IRI of a thing that there is, or the nearest ones are told."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from zorgkg.collection.declared import Property
from zorgkg.collection.reading import restricted, things
from zorgkg.engine.interface import Engine
from zorgkg.engine.reading import select
from zorgkg.languages import LABEL_PROPERTY
from zorgkg.questions import answering
from zorgkg.questions.binding import is_iri
from zorgkg.search import schema
from zorgkg.search.index import SearchIndex, TooSlow
from zorgkg.terms import ID, term

FEW: Final = 100
"""As many values are listed one by one."""

_NEAR: Final = 5
_LOOKED_AT: Final = 5000


@dataclass(frozen=True)
class Choice:
    """A value of a filter: what may be written for it, its label, and its IRI, "" of a word."""

    value: str
    label: str
    iri: str = ""


class UnknownValue(Exception):
    """There is no such thing.

    :param name: name of the filter.
    :param near: values that may have been meant.
    :param allowed: all values, where they are few; empty otherwise.
    """

    def __init__(self, name: str, message: str, near: Sequence[str], allowed: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.near = list(near)
        self.allowed = list(allowed)


def resolve(engine: Engine, index: SearchIndex | None, one: Property, text: str, language: str) -> str:
    """Return the IRI that a value of a filter names.

    :param engine: tells whether there is such a thing.
    :param index: finds the nearest ones; None leaves that to the graph.
    :param one: the filter.
    :param text: an IRI, a path below `/id/`, or a slug; for kind `word` one of its words.
    :param language: language of labels, by which the nearest ones are found too.
    :raises UnknownValue: there is none, or it is of another class.
    """
    if one.kind == "word":
        if text not in one.words:
            allowed = list(one.words)
            raise UnknownValue(one.name, f"{text!r} is none of {', '.join(allowed)}", _close(text, allowed), allowed)
        return term(one.words[text]).value
    bare = text.strip("/")
    for candidate in [text] if "://" in text else [ID + bare, ID + _short(one) + bare]:
        if is_iri(candidate) and _is_value(engine, one, candidate):
            return candidate
    known = choices(engine, one, language)
    allowed = [each.value for each in known] if len(known) <= FEW else []
    near = _near(engine, index, one, text, language)
    hint = "the collection that holds such things lists them"
    if near:
        hint = f"did you mean {', '.join(near)}?"
    elif allowed:
        hint = f"there are: {', '.join(allowed)}"
    raise UnknownValue(one.name, f"{text!r} is no {one.cls.partition(':')[2]} here; {hint}", near, allowed)


def choices(engine: Engine, one: Property, language: str, most: int = FEW) -> list[Choice]:
    """Return some values of a filter: all, by label, when they are few, else one more than that, and in no order.

    :param engine: the engine.
    :param one: the filter.
    :param language: language of the labels.
    :param most: how many are few.
    """
    if one.kind == "word":
        return [Choice(word, word) for word in one.words]
    # Without an order, so that it costs as much among a hundred thousand as among a hundred.
    query = (
        f"SELECT DISTINCT ?thing ?label WHERE {{ ?class rdfs:subClassOf* {one.cls} . ?thing a ?class ; "
        f"{LABEL_PROPERTY[language]} ?label . {restricted(one, 'thing')} }} LIMIT {most + 1}"
    )
    rows = [(row["thing"].value, row["label"].value) for row in select(engine, query)]
    found = [Choice(_slug(one, iri), label, iri) for iri, label in rows]
    return sorted(found, key=lambda each: (each.label.casefold(), each.value)) if len(found) <= most else found


def _is_value(engine: Engine, one: Property, iri: str) -> bool:
    pattern = f"{things([iri])} ?thing a/rdfs:subClassOf* {one.cls} . {restricted(one, 'thing')}"
    return any(True for _ in select(engine, f"SELECT ?thing WHERE {{ {pattern} }} LIMIT 1"))


def _short(one: Property) -> str:
    own = answering.SHORT.get(term(one.cls).value, "")
    return f"{own}{one.within}/" if one.within else own


def _slug(one: Property, iri: str) -> str:
    """What is written for a thing: the last part of its path where that is enough."""
    short = ID + _short(one)
    return iri.removeprefix(short) if iri.startswith(short) else iri.removeprefix(ID)


def _near(engine: Engine, index: SearchIndex | None, one: Property, text: str, language: str) -> list[str]:
    if index is None:
        known = choices(engine, one, language, _LOOKED_AT)
        by_label = {each.label.casefold(): each.value for each in known}
        if text.casefold() in by_label:
            return [by_label[text.casefold()]]
        return _close(text, [each.value for each in known])
    kinds = [kind for kind, classes in schema.KINDS.items() if one.cls in classes]
    types = [] if kinds else [_short(one).partition("/")[0]]
    words = text.rpartition("/")[2].replace("-", " ")
    try:
        hits = index.find(words, language, types, 4 * _NEAR, kinds)
    except TooSlow:
        # What is wrong can be said without it.
        return []
    return [_slug(one, hit.thing.iri) for hit in hits if _is_value(engine, one, hit.thing.iri)][:_NEAR]


def _close(text: str, known: Sequence[str]) -> list[str]:
    return difflib.get_close_matches(text, known, n=_NEAR, cutoff=0.5)
