"""Assertions: what sources say of a project, an organisation, a component or a place, each as a page needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from zorgkg.engine import reading
from zorgkg.engine.interface import Engine
from zorgkg.terms import NS, PREFIXES, term

MOST: Final = 75
"""At most this many assertions of a kind are read for a page, and one more, to know that there are more."""

ABOUT: Final = {
    **dict.fromkeys(("Participation", "Positioning", "Adjudication", "Figure"), "zorg:project"),
    "Claim": "rdf:subject",
    "Statement": "zorg:about",
}
NAMING: Final = {"Participation": "zorg:agent", "Positioning": "zorg:component", "Claim": "rdf:object"}
"""Kind → the property by which it points at the thing."""

_NAMED: Final = {"Participation": "zorg:ActorGroup", "Positioning": "zorg:Component"}
"""Kind → the class that a part of a framework has when it is named so (ontology/shapes/integrity.ttl). Much else points
at one that is a basis or a role, and none of it needs to be looked through."""

_VARIABLES: Final = {
    term(name).value: name.partition(":")[2]
    for name in (
        *("zorg:project", "zorg:agent", "zorg:role", "zorg:asNamed", "zorg:component", "zorg:basis", "zorg:strength"),
        *("zorg:agreement", "zorg:rationale", "zorg:reason", "zorg:upheld", "rdf:subject", "rdf:predicate"),
        *("rdf:object", "zorg:about", "zorg:topic", "dcterms:description", "rdfs:label", "schema:value"),
        *("schema:unitText", "zorg:approximate"),
    )
}
_PASSAGE: Final = term("prov:wasDerivedFrom").value
_TYPE: Final = term("rdf:type").value
_KINDS: Final = {*ABOUT, *NAMING}


@dataclass
class Assertion:
    """A participation, positioning, adjudication, claim, statement or figure.

    :param iri: its IRI.
    :param kind: local name of its class.
    :param terms: local name of a property → IRI or plain value.
    :param texts: local name of a property → language → text.
    :param passages: IRIs of the passages that it rests on.
    """

    iri: str
    kind: str = ""
    terms: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    passages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Concept:
    """What a page needs to know of a component or an actor.

    :param scheme: IRI of its framework, or "".
    :param order: its place there.
    :param is_group: whether it is a group of people and no organisation.
    """

    scheme: str = ""
    order: int = 0
    is_group: bool = False


def about(engine: Engine, asked: tuple[str, tuple[str, ...]], most: int = MOST + 1) -> list[Assertion]:
    """List what sources say of a thing: who takes part, where it is positioned, what is claimed, counted and stated.

    :param asked: the thing, and kinds of assertions.
    :param most: at most this many of a kind.
    """
    thing, kinds = asked
    return _of_kinds(engine, thing, {kind: ABOUT[kind] for kind in kinds}, most)


def naming(engine: Engine, asked: tuple[str, tuple[str, ...]], most: int = MOST + 1) -> list[Assertion]:
    """List what names a thing: the participations of an actor, positionings on a component, claims that name it.

    :param asked: the thing, and kinds of assertions.
    :param most: at most this many of a kind.
    """
    thing, kinds = asked
    classes = _NAMED if thing.startswith(PREFIXES["framework"]) else {}
    return _of_kinds(engine, thing, {kind: NAMING[kind] for kind in kinds}, most, classes)


def coders(engine: Engine, assertions: tuple[str, ...]) -> dict[str, list[str]]:
    """Return who made assertions: the IRI of one → the public names of its coders.

    :param assertions: their IRIs, each once.
    """
    found: dict[str, list[str]] = {}
    if assertions:
        block = reading.values("it", assertions)
        rows = reading.select(
            engine, f"SELECT ?it ?coder WHERE {{ {block} ?it zorg:coder ?coder }} ORDER BY ?it ?coder"
        )
        for row in rows:
            found.setdefault(reading.value(row, "it"), []).append(reading.value(row, "coder"))
    return found


def told_by(engine: Engine, source: str) -> list[Assertion]:
    """List the statements that rest on a source."""
    return _gathered(
        engine,
        f"""{{ SELECT DISTINCT ?it WHERE {{ ?passage dcterms:isPartOf {NamedNode(source)} .
        ?it prov:wasDerivedFrom ?passage . FILTER EXISTS {{ ?it a zorg:Statement }} }} LIMIT {MOST + 1} }}""",
    )


def resting_on(engine: Engine, passage: str) -> list[tuple[str, str]]:
    """List what rests on a passage, or on a passage within it when it is a section: (IRI, its class)."""
    node = NamedNode(passage)
    parts = (f"?it prov:wasDerivedFrom {node}", f"?passage zorg:section {node} . ?it prov:wasDerivedFrom ?passage")
    # Each part has a limit of its own: which of them is read first may differ each time, and so what one around both
    # leaves.
    each = " UNION ".join(
        f"{{ SELECT DISTINCT ({place} AS ?part) ?it WHERE {{ {one} }} LIMIT {MOST + 1} }}"
        for place, one in enumerate(parts)
    )
    rows = reading.select(
        engine,
        f"""SELECT DISTINCT ?part ?it ?class WHERE {{ {each}
        ?it a ?class . FILTER(STRSTARTS(STR(?class), STR(zorg:))) }}""",
    )
    found = sorted(tuple(reading.value(row, name) for name in ("part", "it", "class")) for row in rows)
    return sorted(list(dict.fromkeys((it, cls) for _, it, cls in found))[: MOST + 1])


def concepts(engine: Engine, iris: tuple[str, ...]) -> dict[str, Concept]:
    """Tell of components and actors what sorts them on a page.

    :param iris: their IRIs, each once.
    """
    if not iris:
        return {}
    rows = reading.select(
        engine,
        f"""SELECT ?thing ?scheme ?order ?group WHERE {{ {reading.values("thing", iris)}
        OPTIONAL {{ ?thing skos:inScheme ?scheme }} OPTIONAL {{ ?thing zorg:order ?order }}
        OPTIONAL {{ ?thing a ?group . VALUES ?group {{ zorg:ActorGroup }} }} }} ORDER BY ?scheme""",
    )
    found: dict[str, Concept] = {}
    for row in rows:
        told = Concept(reading.value(row, "scheme"), int(reading.value(row, "order") or 0), row["group"] is not None)
        found.setdefault(reading.value(row, "thing"), told)
    return found


def _of_kinds(
    engine: Engine, thing: str, ways: Mapping[str, str], most: int, classes: Mapping[str, str] | None = None
) -> list[Assertion]:
    node = NamedNode(thing)
    only = {kind: f"{node} a {cls} ." for kind, cls in (classes or {}).items()}
    # The class is only looked at: as a pattern of its own, some engines begin with all that have it.
    branches = [
        f"""{{ SELECT ?it WHERE {{ {only.get(kind, "")} ?it {way} {node} . FILTER EXISTS {{ ?it a zorg:{kind} }} }}
        LIMIT {most} }}"""
        for kind, way in ways.items()
    ]
    return _gathered(engine, " UNION ".join(branches))


def _gathered(engine: Engine, chosen: str) -> list[Assertion]:
    """Read assertions with all that is said of each; a row a statement, so that nothing multiplies.

    :param chosen: pattern that binds `it`.
    """
    found: dict[str, Assertion] = {}
    for row in reading.select(engine, f"SELECT ?it ?p ?o WHERE {{ {{ {chosen} }} ?it ?p ?o }}"):
        node, predicate, value = row
        iri = node.value
        one = found.get(iri)
        if one is None:
            one = found[iri] = Assertion(iri)
        _note(one, predicate.value, value)
    for one in found.values():
        one.passages.sort()
    return sorted(found.values(), key=lambda one: one.iri)


def _note(one: Assertion, predicate: str, value: NamedNode | BlankNode | Literal) -> None:
    name = _VARIABLES.get(predicate)
    if name:
        if isinstance(value, Literal) and value.language:
            one.texts.setdefault(name, {}).setdefault(value.language, value.value)
        else:
            one.terms.setdefault(name, value.value)
    elif predicate == _PASSAGE:
        if value.value not in one.passages:
            one.passages.append(value.value)
    elif predicate == _TYPE:
        kind = value.value.removeprefix(NS)
        one.kind = kind if kind in _KINDS else one.kind
