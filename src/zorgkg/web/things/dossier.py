"""A thing's dossier: its record, its names, its facts, and what sources say of it, with the evidence of each claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from zorgkg import languages
from zorgkg.collection import reading
from zorgkg.collection.declared import Collection
from zorgkg.engine.interface import Engine
from zorgkg.evidence.asked import Asked
from zorgkg.languages import LABEL_PROPERTY
from zorgkg.questions.binding import is_iri
from zorgkg.results import plain
from zorgkg.rows import LANGUAGE
from zorgkg.terms import PREFIXES, shorten, term
from zorgkg.web.forms import records
from zorgkg.web.things import assertions, descriptions, twins
from zorgkg.web.things.assertions import Assertion, Concept
from zorgkg.web.things.citations import Addresses
from zorgkg.web.things.descriptions import Name, Whereabouts

_LABELS: Final = frozenset(term(one).value for one in (*LABEL_PROPERTY.values(), "rdfs:label", "skos:prefLabel"))
"""Properties that the labels of a record tell already."""

_TAKES_PLACE: Final = PREFIXES["zorg"] + "takesPlaceIn"
_ALL: Final = 10**6
_THINGS: Final = ("project", "agent", "role", "component", "basis", "strength", "agreement", "topic")
"""The variables of an assertion whose values are things."""


def make(engine: Engine, collection: Collection, iri: str, language: str, addresses: Addresses) -> dict[str, Any]:
    """Return all that is told of a thing, as JSON.

    Members are those of its flat record; `labels` and `descriptions` by language; `facts`, property by property; and
    what sources say of it: each claim with its `evidence`.

    :param engine: the engine.
    :param collection: what it belongs to.
    :param iri: the thing.
    :param language: language of labels.
    :param addresses: where more of each claim is told.
    """
    fields = list(collection.fields.values())
    record = reading.records(engine, collection, [iri], [one.name for one in fields], language)[0]
    texts = descriptions.every_label(engine, iri)
    facts = _facts(engine, iri)
    said = _said(engine, collection.type, iri)
    tell = _Teller(engine, language, addresses, facts, [one for found in said.values() for one in found])
    return {
        **records.flat(fields, record),
        "labels": {tag: found[0] for tag, found in sorted(texts["label"].items())},
        "descriptions": {tag: found[0] for tag, found in sorted(texts["description"].items())},
        "facts": [tell.fact(one, values) for one, values in facts.items()],
        **{name: [_SHAPES[name](tell, one) for one in found] for name, found in said.items()},
        **_elsewhere(engine, iri),
    }


def _elsewhere(engine: Engine, iri: str) -> dict[str, Any]:
    """What datasets say of it under other names, by reviewed links; nothing where it has none."""
    found = twins.told(engine, iri)
    listed = [
        {"thing": one.twin, "dataset": one.dataset, "property": one.property, "value": one.value.value} for one in found
    ]
    return {"alsoDescribedBy": listed} if listed else {}


def _facts(engine: Engine, iri: str) -> dict[str, list[NamedNode | Literal]]:
    """Property → values; what hangs on a thing without a name of its own is left to RDF."""
    found: dict[str, list[NamedNode | Literal]] = {}
    for triple in reading.graph(engine, [iri], []):
        if triple.predicate.value not in _LABELS and isinstance(triple.object, NamedNode | Literal):
            found.setdefault(triple.predicate.value, []).append(triple.object)
    return {one: sorted(values, key=str) for one, values in sorted(found.items())}


def _said(engine: Engine, kind: str, iri: str) -> dict[str, list[Assertion]]:
    """What sources say of a thing, by the name that a record gives it; all of it."""
    if kind == "dataset":
        return {}
    if kind == "project":
        kinds = ("Participation", "Positioning", "Claim", "Figure", "Statement")
        found = _by_kind(assertions.about(engine, (iri, kinds), _ALL))
        claims = found.get("Claim", [])
        return {
            "places": [one for one in claims if one.terms.get("predicate") == _TAKES_PLACE],
            "participations": found.get("Participation", []),
            "positionings": found.get("Positioning", []),
            "claims": [one for one in claims if one.terms.get("predicate") != _TAKES_PLACE],
            "figures": found.get("Figure", []),
            "statements": found.get("Statement", []),
        }
    taking_part = {}
    if kind == "organisation":
        taking_part = {"participations": assertions.naming(engine, (iri, ("Participation",)), _ALL)}
    return {**taking_part, "statements": assertions.about(engine, (iri, ("Statement",)), _ALL)}


def _by_kind(found: Iterable[Assertion]) -> dict[str, list[Assertion]]:
    by_kind: dict[str, list[Assertion]] = {}
    for one in found:
        by_kind.setdefault(one.kind, []).append(one)
    return by_kind


class _Teller:
    """Tells of assertions in one language; all names are looked up at once."""

    def __init__(
        self,
        engine: Engine,
        language: str,
        addresses: Addresses,
        facts: Mapping[str, Iterable[NamedNode | Literal]],
        said: list[Assertion],
    ) -> None:
        self._language = language
        self._addresses = addresses
        self._where = descriptions.whereabouts(engine, [one for each in said for one in each.passages], language)
        self._coders = assertions.coders(engine, tuple(dict.fromkeys(one.iri for one in said)))
        concepts = [each.terms[name] for each in said for name in ("component", "agent") if name in each.terms]
        self.concepts = assertions.concepts(engine, tuple(dict.fromkeys(concepts)))
        things = [each.terms[name] for each in said for name in (*_THINGS, "predicate") if name in each.terms]
        things += [each.terms["object"] for each in said if is_iri(each.terms.get("object", ""))]
        things += [one.value for values in facts.values() for one in values if isinstance(one, NamedNode)]
        things += [one.scheme for one in self.concepts.values() if one.scheme]
        things += [iri for one in self._where.values() for iri in (one.source, one.section) if iri]
        self._names = descriptions.names(engine, list(dict.fromkeys([*things, *facts])), language)

    def fact(self, iri: str, values: Iterable[NamedNode | Literal]) -> dict[str, Any]:
        """A property with its values."""
        told = [
            {**self.thing("value", one.value)}
            if isinstance(one, NamedNode)
            else {"value": plain(one), f"value{LANGUAGE}": one.language}
            for one in values
        ]
        return {"property": shorten(iri), **self.label("property", iri), "values": told}

    def thing(self, name: str, iri: str | None) -> dict[str, Any]:
        """A thing as three members: its IRI, its label and the label's language."""
        return {name: iri or None, **self.label(name, iri or "")}

    def label(self, name: str, iri: str) -> dict[str, Any]:
        """The label of a thing, and its language."""
        found = self._names.get(iri) or Name(iri, "")
        return {f"{name}Label": found.text or None, f"{name}Label{LANGUAGE}": found.language or None}

    def text(self, name: str, one: Assertion, variable: str) -> dict[str, Any]:
        """A text of an assertion, in the language of the reader or the next best, and that language."""
        picked = languages.pick(one.texts.get(variable, {}), self._language)
        text, tag = picked or (one.terms.get(variable), None)
        return {name: text, f"{name}{LANGUAGE}": tag}

    def assertion(self, one: Assertion, *names: str) -> dict[str, Any]:
        """What every assertion has: its IRI, some of the things that it connects, and the form that is printed."""
        made: dict[str, Any] = {"iri": one.iri}
        for name in names:
            made |= self.thing(name, one.terms.get(name))
        return made

    def evidence(self, one: Assertion) -> dict[str, Any]:
        """Where it stands, once for each passage; an assertion without a passage has one entry too."""
        found: list[str] = [each for each in one.passages if each in self._where]
        return {"evidence": [self._evidence(one, each) for each in found or [""]]}

    def _evidence(self, one: Assertion, passage: str) -> dict[str, Any]:
        where = self._where.get(passage) or Whereabouts("", "", "", "", "", None)
        # A section is a passage too, and then its own name says where it stands.
        section = passage if where.label else where.section
        return {
            "assertion": one.iri,
            "href": self._addresses.evidence(Asked(of=one.iri)),
            **self.thing("basis", one.terms.get("basis")),
            **self.thing("strength", one.terms.get("strength")),
            **self.thing("agreement", one.terms.get("agreement")),
            "coder": self._coders.get(one.iri, []),
            **self.thing("source", where.source),
            "section": section or None,
            "sectionLabel": where.label.text if where.label else self.label("section", section)["sectionLabel"],
            "passage": passage or None,
            "start": int(where.start) if where.start else None,
            "end": int(where.end) if where.end else None,
            "page": int(where.page) if where.page else None,
        }


def _participation(tell: _Teller, one: Assertion) -> dict[str, Any]:
    made = tell.assertion(one, "project", "agent", "role")
    return {
        **made,
        "isGroup": tell.concepts.get(one.terms.get("agent", ""), Concept()).is_group,
        **tell.text("asNamed", one, "asNamed"),
        **tell.evidence(one),
    }


def _positioning(tell: _Teller, one: Assertion) -> dict[str, Any]:
    scheme = tell.concepts.get(one.terms.get("component", ""), Concept()).scheme
    made = tell.assertion(one, "component") | tell.thing("framework", scheme)
    made |= tell.assertion(one, "basis", "strength", "agreement")
    texts = {**tell.text("rationale", one, "rationale"), **tell.text("reason", one, "reason")}
    return {**made, **texts, **tell.text("asNamed", one, "asNamed"), **tell.evidence(one)}


def _claim(tell: _Teller, one: Assertion) -> dict[str, Any]:
    predicate = one.terms.get("predicate", "")
    told = {"property": shorten(predicate), **tell.label("property", predicate)}
    # The object of a claim may be a text, such as a printed name.
    is_thing = is_iri(one.terms.get("object", ""))
    value = tell.thing("value", one.terms["object"]) if is_thing else tell.text("value", one, "object")
    return {"iri": one.iri, **told, **value, **tell.text("asNamed", one, "asNamed"), **tell.evidence(one)}


def _place(tell: _Teller, one: Assertion) -> dict[str, Any]:
    place = tell.thing("place", one.terms.get("object"))
    return {"iri": one.iri, **place, **tell.text("asNamed", one, "asNamed"), **tell.evidence(one)}


def _figure(tell: _Teller, one: Assertion) -> dict[str, Any]:
    value = one.terms.get("value")
    return {
        "iri": one.iri,
        **tell.text("label", one, "label"),
        "value": plain(Literal(value, datatype=term("xsd:decimal"))) if value else None,
        **tell.text("unit", one, "unitText"),
        "isApproximate": one.terms.get("approximate") == "true",
        **tell.evidence(one),
    }


def _statement(tell: _Teller, one: Assertion) -> dict[str, Any]:
    return {**tell.assertion(one, "topic"), **tell.text("text", one, "description"), **tell.evidence(one)}


_SHAPES: Final[Mapping[str, Callable[[_Teller, Assertion], dict[str, Any]]]] = {
    "places": _place,
    "participations": _participation,
    "positionings": _positioning,
    "claims": _claim,
    "figures": _figure,
    "statements": _statement,
}
"""What a record tells of each kind of assertion."""
