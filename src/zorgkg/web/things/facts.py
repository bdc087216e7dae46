"""Facts: what the graph says of a thing itself, property by property, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from zorgkg import languages
from zorgkg.terms import NS, PREFIXES, term
from zorgkg.web.things import surroundings
from zorgkg.web.things.descriptions import Text
from zorgkg.web.things.naming import Namer, Telling
from zorgkg.web.things.portraits import Fact, Nested, Value

ABOUT: Final = (term("dcterms:description"), term("skos:definition"))
"""What a page begins with."""

SCOPE: Final = (term("skos:scopeNote"),)

_TYPE: Final = term("rdf:type")
_HIDDEN: Final = frozenset(
    term(name)
    for name in (
        *("rdf:type", "rdfs:label", "skos:prefLabel", "zorg:labelNl", "zorg:labelFr", "zorg:labelEn"),
        *("dcterms:description", "skos:definition", "skos:scopeNote", "skos:hasTopConcept", "skos:topConceptOf"),
        *("skos:inScheme", "zorg:partOf", "zorg:order", "rdfs:isDefinedBy", "geo:hasGeometry", "dcterms:title"),
        *("dcat:distribution", "dcat:service", "void:sparqlEndpoint"),
        *(f"zorg:{part}{language}" for part in ("sortKey", "sortRest") for language in ("Nl", "Fr", "En")),
    )
)
_IN_SECTIONS: Final = frozenset(
    term(f"zorg:{name}")
    for name in (
        *("initiator", "partner", "funder", "adviser", "coach", "trainer", "coordinator", "manager", "host", "pilot"),
        *("researcher", "artist", "participant", "involves", "takesPlaceIn", "addresses", "usesMethod", "involvesRole"),
        *("inspiredBy", "continuedBy", "follows", "withinInitiative", "relatedTo"),
        *("addressesByCoding", "addressesBySelfAssessment", "addressesByNarrativeExample", "addressesByStatement"),
    )
)
"""Properties of a project that its sections tell better, with role, printed form and passage."""

_EVERY_LANGUAGE: Final = frozenset((term("skos:altLabel"), term("zorg:targetGroup"), term("zorg:asNamed")))
"""Forms printed in sources: none of them is a translation of another."""


_SAID: Final = ("participation", "positioning", "coding", "code", "adjudication", "claim", "statement", "figure")
_UP: Final = {
    **dict.fromkeys(_SAID, (term("zorg:project"), term("rdf:subject"), term("zorg:about"))),
    "passage": (term("zorg:section"), term("dcterms:isPartOf")),
    "": (term("skos:inScheme"), term("org:unitOf")),
}
"""Kind of thing → the properties that lead to what it is part of."""

_RESTS_ON: Final = term("prov:wasDerivedFrom")
_PASSAGES: Final = PREFIXES["passage"]


def classes(own: Sequence[Triple]) -> list[str]:
    """Return the classes of a thing, ours alone where it has one: skos:Concept beside it tells a reader nothing.

    :param own: what the graph says of it.
    """
    types = sorted(objects(own, _TYPE))
    return [one for one in types if one.startswith(NS)] or types


def objects(own: Sequence[Triple], *predicates: NamedNode) -> list[str]:
    """Return the IRIs that a thing is connected with by some properties, in their order."""
    return [
        one.object.value
        for way in predicates
        for one in own
        if one.predicate == way and isinstance(one.object, NamedNode)
    ]


def texts(own: Sequence[Triple], predicates: Sequence[NamedNode], language: str) -> list[Text]:
    """Return of each property the text for readers of a language, by the one fallback."""
    found = []
    for predicate in predicates:
        by_language = {
            one.object.language or "": one.object.value
            for one in own
            if one.predicate == predicate and isinstance(one.object, Literal)
        }
        picked = languages.pick(by_language, language)
        if picked:
            found.append(Text(*picked))
    return found


def passages(own: Sequence[Triple]) -> list[str]:
    """Return the passages that a thing itself rests on."""
    return [iri for iri in objects(own, _RESTS_ON) if iri.startswith(_PASSAGES)]


def above(iri: str, kind: str, own: Sequence[Triple], name: Namer) -> list[str]:
    """Return what a thing is part of, nearest first.

    :param kind: the `{type}` part of its IRI.
    :param own: what the graph says of it.
    :param name: knows the engine, which tells what a place lies in.
    """
    if kind == "place":
        return name.once(surroundings.trail, (iri,))[iri]
    found = objects(own, *_UP.get(kind, _UP[""]))
    # A statement may be about several things; one of them is the way to it.
    return found[:1] if kind in _SAID else found


def told(iri: str, kind: str, triples: Sequence[Triple], name: Namer) -> Telling[list[Fact]]:
    """Tell the facts of a thing that no other part of its page tells better.

    :param kind: the `{type}` part of its IRI.
    :param triples: what the graph says of it, with what hangs on it.
    """
    hidden = _HIDDEN | (_IN_SECTIONS if kind in ("project", "programme") else frozenset())
    shown = [triple for triple in triples if triple.predicate not in hidden and not _is_cited(triple)]
    name.want(triple.predicate.value for triple in shown)
    name.want(triple.object.value for triple in shown if isinstance(triple.object, NamedNode))
    yield
    return _facts(NamedNode(iri), shown, name)


def _is_cited(triple: Triple) -> bool:
    """Whether it names a passage, which the page lists with all that it rests on."""
    node = triple.object
    return triple.predicate == _RESTS_ON and isinstance(node, NamedNode) and node.value.startswith(_PASSAGES)


def _facts(subject: NamedNode | BlankNode, triples: Sequence[Triple], name: Namer) -> list[Fact]:
    by_property: dict[NamedNode, list[NamedNode | BlankNode | Literal]] = {}
    for triple in triples:
        if triple.subject == subject and not isinstance(triple.object, Triple):
            by_property.setdefault(triple.predicate, []).append(triple.object)
    found = []
    for predicate, nodes in by_property.items():
        shown = nodes if predicate in _EVERY_LANGUAGE else _in_language(nodes, name.language)
        values = [value for one in shown if (value := _value(one, subject, triples, name))]
        values.sort(key=lambda value: "" if isinstance(value, Nested) else value.text.casefold())
        if values:
            found.append(Fact(name(predicate.value), values))
    return sorted(found, key=lambda fact: fact.property.text.casefold())


def _value(
    one: NamedNode | BlankNode | Literal,
    owner: NamedNode | BlankNode,
    triples: Sequence[Triple],
    name: Namer,
) -> Value | None:
    if isinstance(one, Literal):
        return Text(_readable(one, name), one.language or "")
    below = isinstance(one, BlankNode) or (
        isinstance(owner, NamedNode) and one.value.startswith(owner.value.partition("#")[0] + "#")
    )
    if below and one != owner:
        # An address may point back at its site; what was told once is not told again.
        rest = [triple for triple in triples if triple.subject != owner]
        nested = _facts(one, rest, name)
        return Nested(nested) if nested else None
    return name(one.value) if isinstance(one, NamedNode) else None


def _in_language(
    objects: Sequence[NamedNode | BlankNode | Literal], language: str
) -> list[NamedNode | BlankNode | Literal]:
    """Of texts in several languages only those that the reader asked for, or the next best."""
    tagged = {one.language for one in objects if isinstance(one, Literal) and one.language}
    best = next((tag for tag in (*languages.order(language), *sorted(tagged)) if tag in tagged), None)
    return [one for one in objects if not (isinstance(one, Literal) and one.language and one.language != best)]


def _readable(literal: Literal, name: Namer) -> str:
    if literal.datatype.value == PREFIXES["xsd"] + "boolean":
        return name.say("yes" if literal.value in ("true", "1") else "no")
    return literal.value
