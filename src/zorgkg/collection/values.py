"""Values: what a user writes for a filter becomes the IRI of a thing that there is, or the nearest ones are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from zorgkg.collection.declared import Property
from zorgkg.collection.reading import restricted, things
from zorgkg.collection.table import COLLECTIONS
from zorgkg.engine.interface import Engine
from zorgkg.engine.reading import select
from zorgkg.languages import LABEL_PROPERTY
from zorgkg.questions import answering
from zorgkg.questions.binding import is_iri
from zorgkg.search import nearest
from zorgkg.search.index import SearchIndex
from zorgkg.terms import ID, term

FEW: Final = 100
"""As many values are listed one by one."""

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
            near = nearest.alike(text, dict.fromkeys(allowed, ""))
            raise UnknownValue(one.name, f"{text!r} is none of {', '.join(allowed)}", near, allowed)
        return term(one.words[text]).value
    bare = text.strip("/")
    for candidate in [text] if "://" in text else [ID + bare, ID + _short(one) + bare]:
        if is_iri(candidate) and _is_value(engine, one, candidate):
            return candidate
    known = choices(engine, one, language)
    allowed = [each.value for each in known] if len(known) <= FEW else []
    near = _near(engine, index, one, text, language)
    hint = f"{listing(one)} lists them"
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


def listing(one: Property) -> str:
    """Return the path of the list of the values of a filter, or one that these are among."""
    for collection in COLLECTIONS.values():
        path = f"/api/{collection.name}"
        for each in collection.properties:
            for word, cls in each.words.items():
                if cls == one.cls:
                    return f"{path}?{each.name}={word}"
        if one.cls in collection.classes:
            return f"{path}?framework={one.within}" if one.within else path
    return "/api"


def _is_value(engine: Engine, one: Property, iri: str) -> bool:
    pattern = f"{things([iri])} ?thing a/rdfs:subClassOf* {one.cls} . {restricted(one, 'thing')}"
    return any(True for _ in select(engine, f"SELECT ?thing WHERE {{ {pattern} }} LIMIT 1"))


def _short(one: Property) -> str:
    own = answering.SHORT.get(term(one.cls).value, "")
    return f"{own}{one.within}/" if one.within else own


def _slug(one: Property, iri: str) -> str:
    """What is written for a thing: the last part of its path where that is enough."""
    return answering.written(iri, _short(one))


def _near(engine: Engine, index: SearchIndex | None, one: Property, text: str, language: str) -> list[str]:
    if index is None:
        return nearest.alike(text, {each.value: each.label for each in choices(engine, one, language, _LOOKED_AT)})

    def fits(iri: str) -> bool:
        return _is_value(engine, one, iri)

    found = nearest.of_class(index, text, language, fits, one.cls, _short(one).partition("/")[0])
    return [_slug(one, iri) for iri in found]
