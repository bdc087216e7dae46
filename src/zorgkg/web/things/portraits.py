"""Portraits: what a page about a thing tells, in parts; no HTTP, no SPARQL, no HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup
from pyoxigraph import Triple

from zorgkg.web.drawing.geography import Frame
from zorgkg.web.drawing.pictures import Node, Tie
from zorgkg.web.things.descriptions import Evidence, Name, Text


@dataclass(frozen=True)
class Nested:
    """Something without a page of its own, such as an address, told within the facts of its owner."""

    facts: list[Fact]


Value = Name | Text | Nested


@dataclass(frozen=True)
class Fact:
    """A property and its values."""

    property: Name
    values: list[Value]


@dataclass
class Line:
    """One thing that one source says.

    :param notes: role, basis, strength and the like.
    :param quote: the form printed in the source.
    :param remark: a sentence of ours.
    :param reason: why coders' difference was decided so.
    :param claim: IRI of what is said there, when its page tells more than this line.
    :param evidence: where it stands.
    """

    notes: list[Name | Text] = field(default_factory=list)
    quote: Text | None = None
    remark: Text | None = None
    reason: Text | None = None
    claim: str = ""
    evidence: list[Evidence] = field(default_factory=list)


@dataclass
class Item:
    """An entry of a list: a thing or a text, what is said of it, and where it lies."""

    value: Name | Text
    lines: list[Line] = field(default_factory=list)
    trail: list[Name] = field(default_factory=list)
    after: str = ""


@dataclass
class Group:
    """Entries under a common heading, or without one."""

    heading: Name | Text | None
    items: list[Item]


@dataclass
class Section:
    """A part of the page.

    :param key: names its heading in :mod:`zorgkg.web.words`.
    :param groups: what it lists.
    :param note: what is said before that.
    :param is_cut: whether there is more than it lists.
    """

    key: str
    groups: list[Group]
    note: str = ""
    is_cut: bool = False


@dataclass(frozen=True)
class Cited:
    """What a page rests on in one source: its passages by section, in reading order."""

    source: Name
    sections: list[tuple[Name | None, list[Evidence]]]

    @property
    def passages(self) -> list[Evidence]:
        """All passages."""
        return [one for _, passages in self.sections for one in passages]


@dataclass(frozen=True)
class Network:
    """Who a thing is connected with.

    :param nodes: IRI → how it is drawn; the order is that of the drawing.
    :param ties: the connections.
    :param left_out: how many around it are not drawn.
    """

    nodes: dict[str, Node]
    ties: list[Tie]
    left_out: int = 0


@dataclass(frozen=True)
class Placed:
    """A municipality on a map."""

    name: Name
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Map:
    """Where a thing is.

    :param frame: what the map shows.
    :param ground: the dots of all municipalities.
    :param chosen: the municipalities where the thing is.
    :param beside: those beside them.
    """

    frame: Frame
    ground: Markup
    chosen: list[Placed]
    beside: list[Placed]


@dataclass
class Portrait:
    """A page about a thing.

    :param iri: its IRI, the same on every deployment.
    :param kind: the `{type}` part of its IRI.
    :param title: its name.
    :param classes: its classes, those that tell a reader something.
    :param trail: what it is part of, nearest first.
    :param about: its description or definition.
    :param scope: its scope note.
    :param facts: the other properties.
    :param sections: what is said of it and what points at it.
    :param cited: the passages that the page rests on, by source.
    :param network: who it is connected with.
    :param map: where it is.
    :param triples: what the graph says of it, with what hangs on it.
    """

    iri: str
    kind: str
    title: Name
    classes: list[Name] = field(default_factory=list)
    trail: list[Name] = field(default_factory=list)
    about: list[Text] = field(default_factory=list)
    scope: Text | None = None
    facts: list[Fact] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    cited: list[Cited] = field(default_factory=list)
    network: Network | None = None
    map: Map | None = None
    triples: Sequence[Triple] = ()
