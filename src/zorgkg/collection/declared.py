"""What a collection is: the things of some classes, the properties told of them, and those that they are found by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from zorgkg.languages import LANGUAGES
from zorgkg.terms import ID

Texts = Mapping[str, str]
"""A text in each of our languages."""

Kind = Literal[
    "thing", "text", "printed", "string", "integer", "boolean", "date", "iri", "word", "slug", "label", "point"
]
"""What the values of a property are.

- `thing`: things of ours, told by IRI and label.
- `text`: one text, by the fallback of languages. `label` is that of the thing itself.
- `printed`: texts as sources print them, each with its language.
- `word`: classes, each told by a word.
- `point`: geometries, told as WKT and, where it is one point, as latitude and longitude.
- `slug`, and the others: as they are.
"""


def texts(nl: str, fr: str, en: str) -> Texts:
    """Return a text in our languages."""
    return dict(zip(LANGUAGES, (nl, fr, en), strict=True))


@dataclass(frozen=True)
class Property:
    """A property of the things of a collection.

    :param name: name of its column, and of the parameter that filters by it.
    :param path: SPARQL property path from the thing to the values, with our prefixes; "" for what needs none.
    :param kind: what the values are.
    :param description: what it says of a thing.
    :param many: whether a thing may have several.
    :param shown: whether a record has it when no fields are asked for.
    :param cls: class of the values of a filter, as a prefixed name; "" where it is no filter by things.
    :param facet: what the search index calls it; "" where it does not know it.
    :param is_mixed: whether its path leads to things of other classes too, which are no values of it.
    :param within: further than the class: values are concepts of this scheme, by its name.
    :param words: word → class, as a prefixed name; for kind `word`.
    :param is_field: whether a record can have it.
    :param further: path to values beside those of `path`, for a record; itself a thing is none of them.
    """

    name: str
    path: str
    kind: Kind
    description: Texts
    many: bool = False
    shown: bool = True
    cls: str = ""
    facet: str = ""
    within: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    is_field: bool = True
    is_mixed: bool = False
    further: str = ""

    @property
    def is_filter(self) -> bool:
        """Whether things can be found by it."""
        return bool(self.cls or (self.kind == "word" and self.facet))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a table that tell it; flat JSON has one more behind each that :attr:`tagged` names."""
        if self.kind == "thing":
            return (self.name, f"{self.name}Label")
        if self.kind == "point":
            return (self.name, "latitude", "longitude")
        return (self.name,)

    @property
    def tagged(self) -> str:
        """The column whose texts have a language, or ""."""
        if self.kind == "thing":
            return f"{self.name}Label"
        return self.name if self.kind in ("text", "printed", "label") else ""


@dataclass(frozen=True)
class Collection:
    """A collection.

    :param name: the last part of its path, `/api/{name}`.
    :param type: the `{type}` of its things' IRIs.
    :param classes: classes whose instances, and those of their sub-classes, belong to it, as prefixed names.
    :param title: what it is called.
    :param description: what is in it.
    :param properties: of its things, those that every collection has first.
    :param sorts: names of properties that its list can be ordered by; others than label and IRI only where it is small.
    :param order: the order when none is asked for, one of :attr:`orders`.
    :param is_small: whether it stays so small, however many projects there are, that its list may be made without the
        index.
    :param facets: facet → IRIs, as prefixed names, that tell the index which things of the type belong to it.
    :param period: names of the properties that tell on which day its things begin and end, by which they can be found;
        only where it is small.
    """

    name: str
    type: str
    classes: tuple[str, ...]
    title: Texts
    description: Texts
    properties: tuple[Property, ...]
    sorts: tuple[str, ...] = ("label", "iri")
    order: str = "label"
    is_small: bool = False
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    period: tuple[str, str] | None = None

    @property
    def fields(self) -> dict[str, Property]:
        """The properties that a record can have, by name."""
        return {one.name: one for one in self.properties if one.is_field}

    @property
    def filters(self) -> dict[str, Property]:
        """The properties that things can be found by, by name."""
        return {one.name: one for one in self.properties if one.is_filter}

    @property
    def orders(self) -> tuple[str, ...]:
        """The values of `sort`."""
        return tuple(f"{sign}{name}" for name in self.sorts for sign in ("", "-"))

    @property
    def has_points(self) -> bool:
        """Whether its things can be drawn on a map."""
        return any(one.kind == "point" for one in self.properties)

    @property
    def is_of_things(self) -> bool:
        """Whether the graph tells of its members."""
        return "iri" in self.fields

    def slug(self, iri: str) -> str:
        """Return the last part of the path of one of its things."""
        return iri.removeprefix(f"{ID}{self.type}/")
