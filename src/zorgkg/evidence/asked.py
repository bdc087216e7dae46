"""What evidence is asked for: the things that it has to connect, and what narrows it down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zorgkg.terms import term


@dataclass(frozen=True)
class Kind:
    """A kind of assertion: a node of the graph that says something of something, with a source of its own.

    :param name: what `kind` calls it.
    :param cls: its class.
    :param subjects: properties that lead from it to what it is about.
    :param objects: properties that lead to what it says of that.
    """

    name: str
    cls: str
    subjects: tuple[str, ...]
    objects: tuple[str, ...] = ()

    @property
    def ends(self) -> tuple[str, ...]:
        """The properties that lead to the things that it connects."""
        return self.subjects + self.objects


def _kind(name: str, cls: str, subjects: str, objects: str = "") -> Kind:
    return Kind(
        name,
        term(cls).value,
        tuple(term(one).value for one in subjects.split()),
        tuple(term(one).value for one in objects.split()),
    )


ASSERTIONS: Final = {
    kind.name: kind
    for kind in (
        _kind("participation", "zorg:Participation", "zorg:project", "zorg:agent"),
        _kind("positioning", "zorg:Positioning", "zorg:project", "zorg:component"),
        _kind("code", "zorg:Code", "zorg:project", "zorg:component"),
        _kind("adjudication", "zorg:Adjudication", "zorg:project", "zorg:component"),
        _kind("coding", "zorg:Coding", "zorg:project", "zorg:framework"),
        _kind("claim", "zorg:Claim", "rdf:subject", "rdf:object"),
        _kind("statement", "zorg:Statement", "zorg:about", "zorg:topic"),
        _kind("figure", "zorg:Figure", "zorg:project"),
        _kind(
            "observation",
            "qb:Observation",
            "qb:dataSet",
            "zorg:category zorg:call zorg:area zorg:framework zorg:component",
        ),
        _kind("membership", "org:Membership", "org:organization", "org:member"),
        _kind("mapping", "sssom:Mapping", "sssom:subject_id", "sssom:object_id"),
    )
}
"""The kinds of assertion, by name."""

FACT: Final = "fact"
"""The kind of what no assertion of its own says: a property of a thing, whose description as a whole has a passage."""

KINDS: Final = (*ASSERTIONS, FACT)
"""The names of all kinds."""


@dataclass(frozen=True)
class Asked:
    """What evidence is asked for; every part may be left out, as long as there is a thing to ask of.

    :param subject: IRI of the one thing.
    :param object: IRI of the other thing.
    :param lacks: in the place of an object: a component or framework that is *not* stated, which is what a row tells.
    :param of: IRI of an assertion, which then is the evidence.
    :param predicate: only what says this property.
    :param basis: only positionings that rest on this.
    :param source: only what stands in this source …
    :param start: … in a passage from this character …
    :param end: … to this one.
    :param named: only what the source prints so.
    :param kind: only this kind, one of :data:`KINDS`.
    """

    subject: str = ""
    object: str = ""
    lacks: str = ""
    of: str = ""
    predicate: str = ""
    basis: str = ""
    source: str = ""
    start: str = ""
    end: str = ""
    named: str = ""
    kind: str = ""

    @property
    def other(self) -> str:
        """The second thing: what the first is said to have to do with, or not."""
        return self.object or self.lacks

    @property
    def is_of_two(self) -> bool:
        """Whether it asks what connects two things, rather than what is said of one."""
        return bool(self.subject and self.other and not self.of)

    @property
    def thing(self) -> str:
        """The thing, when it asks of one."""
        return self.of or self.subject or self.other
