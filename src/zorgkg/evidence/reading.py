"""Reading: what assertions say, who says it, on what it rests and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from zorgkg.engine.interface import Engine
from zorgkg.engine.reading import select
from zorgkg.evidence.asked import ASSERTIONS, FACT
from zorgkg.evidence.finding import (
    ADDRESSES,
    ADDRESSES_BY,
    DESCRIBED_IN,
    INITIATOR_KIND,
    PLACES,
    ROLE,
    TAKES_PLACE,
    Fact,
)
from zorgkg.evidence.query import iri, named, values
from zorgkg.terms import ID, NS, term

TYPE, DERIVED_FROM, RESTS_ON = (term(one).value for one in ("rdf:type", "prov:wasDerivedFrom", "zorg:restsOn"))
_NUMBERS: Final = ("start", "end", "page", "row")
CODER, START, USED = (term(one).value for one in ("zorg:coder", "zorg:startOffset", "prov:used"))

GROUP: Final = ID + "framework/actor-group/"

_BY_CLASS: Final = {kind.cls: kind.name for kind in ASSERTIONS.values()}

Term = NamedNode | Literal


@dataclass(frozen=True)
class Passage:
    """A stretch of a source's text, or a row of its table.

    :param iri: its IRI.
    :param source: the source.
    :param section: the smallest named part of the source that holds it: itself when it is one; or "".
    :param start: offset of its first character; None for a row.
    :param end: offset just behind its last; None for a row.
    :param page: printed page, or None.
    :param row: the row, or None.
    :param sheet: the sheet that it is in, or "".
    """

    iri: str
    source: str
    section: str
    start: int | None
    end: int | None
    page: int | None
    row: int | None = None
    sheet: str = ""


@dataclass
class Assertion:
    """What one source, or one coder, says.

    :param iri: its IRI; of a fact, the IRI of the thing that it is about.
    :param kind: one of :data:`zorgkg.evidence.asked.KINDS`.
    :param terms: property → what it has for it.
    :param dataset: IRI of the named graph that states it, or "".
    :param passages: where it stands.
    :param origins: what it was made from that is no passage, such as a dataset.
    :param codes: the codes that a positioning, or a decision, rests on.
    :param decisions: the decisions that a positioning rests on.
    :param fact: subject, property and object of a fact.
    """

    iri: str
    kind: str
    terms: dict[str, list[Term]] = field(default_factory=dict)
    dataset: str = ""
    passages: list[Passage] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)
    codes: list[Assertion] = field(default_factory=list)
    decisions: list[Assertion] = field(default_factory=list)
    fact: Fact = ("", "", "")

    def one(self, name: str) -> str:
        """Return the value of a property, given by its prefixed name; "" when it has none."""
        return next((value.value for value in self.terms.get(term(name).value, ())), "")

    def texts(self, name: str) -> dict[str, str]:
        """Return the texts of a property by language tag."""
        found = (value for value in self.terms.get(term(name).value, ()) if isinstance(value, Literal))
        return {value.language or "": value.value for value in found}

    @property
    def subject(self) -> str:
        """What it is about."""
        return self.fact[0] if self.kind == FACT else self._end(ASSERTIONS[self.kind].subjects)

    @property
    def object(self) -> Term | None:
        """What it says of that."""
        if self.kind == FACT:
            return named(self.fact[2]) or (Literal(self.fact[2]) if self.fact[2] else None)
        ends = ASSERTIONS[self.kind].objects
        return next((value for end in ends for value in self.terms.get(end, ())), None)

    @property
    def predicate(self) -> str:
        """The property by which the graph says the same in short, or ""."""
        return next(iter(self.supports), "")

    @property
    def supports(self) -> tuple[str, ...]:
        """The properties of the subject that follow from it (ontology/rules, and the short forms beside assertions)."""
        if self.kind == FACT:
            return (self.fact[1],) if self.fact[1] else ()
        if self.kind == "participation":
            if self._end(ASSERTIONS[self.kind].objects).startswith(GROUP):
                return (NS + "involves", DESCRIBED_IN)
            role = self.one("zorg:role").removeprefix(ROLE)
            kind = (INITIATOR_KIND,) if role == "initiator" else ()
            return (NS + role, *kind, DESCRIBED_IN) if role else (DESCRIBED_IN,)
        if self.kind == "positioning":
            by = ADDRESSES_BY.get(self.one("zorg:basis"))
            return (ADDRESSES, by) if by else (ADDRESSES,)
        if self.kind == "claim":
            said = self.one("rdf:predicate")
            return (said, *PLACES, DESCRIBED_IN) if said == TAKES_PLACE else (said, DESCRIBED_IN)
        if self.kind == "membership":
            return tuple(term(one).value for one in ("org:hasMember", "org:memberOf"))
        return (self.one("sssom:predicate_id"),) if self.kind == "mapping" else ()

    @property
    def rests(self) -> list[Assertion]:
        """The codes and decisions that it rests on."""
        return [*self.codes, *self.decisions]

    @property
    def coders(self) -> list[str]:
        """Who coded or decided it."""
        return sorted(value.value for value in self.terms.get(CODER, ()))

    def _end(self, ends: Iterable[str]) -> str:
        return next((value.value for end in ends for value in self.terms.get(end, ())), "")


def read(
    engine: Engine, assertions: Iterable[str], facts: Iterable[Fact] = (), whole: bool = True
) -> dict[str | Fact, Assertion]:
    """Read assertions and facts.

    :param engine: the engine.
    :param assertions: IRIs of assertions.
    :param facts: statements without an assertion of their own.
    :param whole: also what they rest on, and which dataset states them.
    :returns: by IRI and by fact; without those that the graph does not hold, or that are no assertion.
    """
    listed, stated = list(dict.fromkeys(assertions)), list(dict.fromkeys(facts))
    if not listed and not stated:
        return {}
    rests = _rests(engine, listed) if whole else {}
    iris = [*listed, *(rest for those in rests.values() for rest in those)]
    parts = [fact[2] for fact in stated if _is_part(fact)]
    terms = _terms(engine, [*iris, *(fact[0] for fact in stated), *parts])
    found: dict[str | Fact, Assertion] = {}
    for one in dict.fromkeys(iris):
        if one in terms:
            kinds = [_BY_CLASS[value.value] for value in terms[one].get(TYPE, ()) if value.value in _BY_CLASS]
            # What is no assertion is described as a whole.
            found[one] = Assertion(one, kinds[0] if kinds else FACT, terms[one], fact=(one, "", ""))
    for fact in stated:
        if fact[0] in terms:
            # A part of a thing, such as one of its addresses, may have a place of its own in a source.
            part = terms.get(fact[2], {}) if _is_part(fact) else {}
            said = {**terms[fact[0]], DERIVED_FROM: part.get(DERIVED_FROM) or terms[fact[0]].get(DERIVED_FROM, [])}
            found[fact] = Assertion(fact[0], FACT, said, fact=fact)
    graphs = _datasets(engine, found) if whole else {}
    _place(engine, found.values())
    for key, assertion in found.items():
        assertion.dataset = graphs.get(key, "")
        for rest in sorted(rests.get(assertion.iri, ())) if assertion.kind != FACT else ():
            if rest in found:
                (assertion.codes if found[rest].kind == "code" else assertion.decisions).append(found[rest])
    return found


def _is_part(fact: Fact) -> bool:
    return "#" in fact[2]


def _rests(engine: Engine, iris: Iterable[str]) -> dict[str, list[str]]:
    """The codes and decisions that positionings rest on, and the codes that decisions are about."""
    found: dict[str, list[str]] = {}
    for row in select(engine, f"SELECT ?it ?rest WHERE {{ {values('it', iris)} ?it zorg:restsOn ?rest }}"):
        found.setdefault(iri(row, "it"), []).append(iri(row, "rest"))
    return found


def _terms(engine: Engine, iris: Iterable[str]) -> dict[str, dict[str, list[Term]]]:
    """Everything that the graph says of things."""
    found: dict[str, dict[str, list[Term]]] = {}
    for row in select(engine, f"SELECT ?it ?way ?value WHERE {{ {values('it', iris)} ?it ?way ?value }}"):
        value = row["value"]
        if isinstance(value, NamedNode | Literal):
            said = found.setdefault(iri(row, "it"), {}).setdefault(iri(row, "way"), [])
            if value not in said:
                said.append(value)
    return found


def _datasets(engine: Engine, keys: Iterable[str | Fact]) -> dict[str | Fact, str]:
    """The named graph that states each: of a fact, one that holds the very statement."""
    found: dict[str | Fact, str] = {}
    iris = [key for key in keys if isinstance(key, str)]
    query = f"SELECT ?it ?dataset WHERE {{ {values('it', iris)} GRAPH ?dataset {{ ?it a ?class }} }} ORDER BY ?dataset"
    for row in select(engine, query):
        found.setdefault(iri(row, "it"), iri(row, "dataset"))
    lines = []
    for one, way, other in (key for key in keys if not isinstance(key, str)):
        # Of a thing as a whole it is the graph that says what it is; of a text, one that says any of that property.
        ends = named(one), named(way) or NamedNode(TYPE), named(other) or "UNDEF"
        lines.append(f"({' '.join(map(str, ends))})")
    if lines:
        block = f"VALUES (?one ?way ?other) {{ {' '.join(lines)} }}"
        query = f"SELECT ?one ?way ?other ?dataset WHERE {{ {block} GRAPH ?dataset {{ ?one ?way ?other }} }}"
        for row in select(engine, f"{query} ORDER BY ?dataset"):
            one, way, other = (iri(row, name) for name in ("one", "way", "other"))
            found.setdefault((one, "", "") if way == TYPE else (one, way, other), iri(row, "dataset"))
    return found


def _place(engine: Engine, assertions: Iterable[Assertion]) -> None:
    """Put the passages where they belong."""
    derived: dict[str, list[Assertion]] = {}
    for assertion in assertions:
        # What was read for a coding is where it comes from, as a whole.
        way = DERIVED_FROM if DERIVED_FROM in assertion.terms else USED
        for value in assertion.terms.get(way, ()):
            derived.setdefault(value.value, []).append(assertion)
        if START in assertion.terms:
            derived.setdefault(assertion.iri, []).append(assertion)
    passages = _passages(engine, derived)
    for origin in sorted(derived, key=lambda one: _order(one, passages)):
        for assertion in derived[origin]:
            if origin in passages:
                assertion.passages.append(passages[origin])
            else:
                assertion.origins.append(origin)


def _order(origin: str, passages: Mapping[str, Passage]) -> tuple[str, int, int, str]:
    passage = passages.get(origin)
    if passage is None:
        return ("", 0, 0, origin)
    return (passage.source, passage.start or passage.row or 0, passage.end or 0, origin)


def _passages(engine: Engine, iris: Iterable[str]) -> dict[str, Passage]:
    rows = select(
        engine,
        f"""SELECT ?passage ?source ?section ?start ?end ?page ?row ?sheet ?own WHERE {{ {values("passage", iris)}
        ?passage dcterms:isPartOf ?source ; zorg:startOffset|zorg:row ?where .
        OPTIONAL {{ ?passage zorg:startOffset ?start }} OPTIONAL {{ ?passage zorg:endOffset ?end }}
        OPTIONAL {{ ?passage zorg:row ?row }} OPTIONAL {{ ?passage zorg:sheet ?sheet }}
        OPTIONAL {{ ?passage zorg:section ?section }} OPTIONAL {{ ?passage zorg:page ?page }}
        OPTIONAL {{ ?passage zorg:sectionKind ?own }} }} ORDER BY ?passage ?section""",
    )
    found: dict[str, Passage] = {}
    for row in rows:
        start, end, page, number = (int(text) if (text := iri(row, name)) else None for name in _NUMBERS)
        where = Passage(
            iri(row, "passage"),
            iri(row, "source"),
            iri(row, "passage" if row["own"] else "section"),
            start,
            end,
            page,
            number,
            iri(row, "sheet"),
        )
        found.setdefault(where.iri, where)
    return found
