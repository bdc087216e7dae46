"""Portraits: the description of a thing arranged as a page that a person wants to read; no HTTP, no SPARQL, no HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from zorgkg import languages
from zorgkg.engine.interface import Engine
from zorgkg.terms import ID, NS, PREFIXES, shorten, term
from zorgkg.web import descriptions, words
from zorgkg.web.descriptions import Assertion, Evidence, Name, Text

SHOWN: Final = 300
"""At most this many lines of one list are shown; the section then says so."""


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
    """A part of the page; `key` names its heading in :mod:`zorgkg.web.words`."""

    key: str
    groups: list[Group]
    note: str = ""


@dataclass
class Portrait:
    """A page about a thing.

    :param iri: its IRI, the same on every deployment.
    :param title: its name.
    :param kinds: its classes.
    :param trail: what it is part of, nearest first.
    :param about: its description or definition.
    :param scope: its scope note.
    :param facts: the other properties.
    :param sections: what is said of it and what points at it.
    """

    iri: str
    title: Name
    kinds: list[Name]
    trail: list[Name]
    about: list[Text]
    scope: Text | None
    facts: list[Fact]
    sections: list[Section]


class Namer:
    """Names of things in one language, looked up in batches."""

    def __init__(self, engine: Engine, language: str) -> None:
        """Make names from what an engine knows, for readers of one language."""
        self.engine = engine
        self.language = language
        self.say = words.say(language)
        self._known: dict[str, Name] = {}

    def learn(self, iris: Iterable[str]) -> None:
        """Look up the names of things, so that asking for each costs nothing."""
        unknown = [iri for iri in dict.fromkeys(iris) if iri and iri not in self._known]
        if not unknown:
            return
        self._known.update(descriptions.names(self.engine, unknown, self.language))
        unnamed = {iri for iri in unknown if iri not in self._known and iri.startswith(ID)}
        # A name made of other names must come to an end, also where something is said about itself.
        self._known.update({iri: Name(iri, shorten(iri)) for iri in unnamed})
        made_of = descriptions.parts_of_name(self.engine, unnamed)
        self.learn(parts[key] for parts in made_of.values() for key in ("of", "one", "two") if key in parts)
        for iri in unknown:
            if iri in unnamed or iri not in self._known:
                self._known[iri] = self._made(iri, made_of.get(iri))

    def __call__(self, iri: str) -> Name:
        """Return the name of a thing; its prefixed name when it has no label."""
        if iri not in self._known:
            self.learn([iri])
        return self._known.get(iri) or Name(iri, shorten(iri))

    def _made(self, iri: str, parts: dict[str, str] | None) -> Name:
        borrowed = words.term(iri, self.language)
        if borrowed:
            return Name(iri, borrowed, self.language)
        if iri.startswith("mailto:"):
            return Name(iri, iri.removeprefix("mailto:"))
        if not parts:
            return Name(iri, shorten(iri))
        of = self(parts["of"]).text
        if parts["kind"] == "passage":
            return Name(iri, self.say("passage_of", source=of, start=parts.get("start", ""), end=parts.get("end", "")))
        words_ = [self(parts[key]).text for key in ("one", "two") if key in parts]
        return Name(iri, f"{of}: {' · '.join(words_)}" if words_ else of)


Teller = Callable[[str, Namer], Section | None]


def portray(engine: Engine, iri: str, kind: str, language: str) -> Portrait | None:
    """Arrange what the graph says of a thing.

    :param engine: the engine.
    :param iri: the thing.
    :param kind: the `{type}` part of its IRI; it decides which sections there are.
    :param language: one of :data:`zorgkg.languages.LANGUAGES`.
    :returns: the page, or None when the graph says nothing of the thing.
    """
    outgoing = descriptions.outgoing(engine, iri)
    if not outgoing:
        return None
    name = Namer(engine, language)
    told = [section for tell in _SECTIONS.get(kind, (_incoming,)) if (section := tell(iri, name))]
    own = [triple for triple in outgoing if triple.subject == NamedNode(iri)]
    name.learn(_iris(outgoing))
    hidden = _HIDDEN | (_IN_SECTIONS if kind in ("project", "programme") else frozenset())
    types = [
        triple.object.value for triple in own if triple.predicate == _TYPE and isinstance(triple.object, NamedNode)
    ]
    return Portrait(
        iri=iri,
        title=name(iri),
        kinds=[name(one) for one in _telling(types)],
        trail=_trail(iri, kind, own, name),
        about=_texts(own, _ABOUT, language),
        scope=next(iter(_texts(own, (term("skos:scopeNote"),), language)), None),
        facts=_facts(NamedNode(iri), outgoing, hidden, name),
        sections=told,
    )


# Header and facts

_TYPE = term("rdf:type")
_ABOUT = (term("dcterms:description"), term("skos:definition"))
_HIDDEN: Final = frozenset(
    term(name)
    for name in (
        *("rdf:type", "rdfs:label", "skos:prefLabel", "zorg:labelNl", "zorg:labelFr", "zorg:labelEn"),
        *("dcterms:description", "skos:definition", "skos:scopeNote", "skos:hasTopConcept", "skos:topConceptOf"),
        *("skos:inScheme", "zorg:partOf", "zorg:order", "rdfs:isDefinedBy"),
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


def _telling(types: Sequence[str]) -> list[str]:
    """Our classes and those of ORG, DCAT and Data Cube tell a reader something; skos:Concept beside them doesn't."""
    ours = [one for one in types if one.startswith(NS)]
    return sorted(ours) or sorted(types)


def _iris(triples: Iterable[Triple]) -> list[str]:
    found = [triple.predicate.value for triple in triples]
    found += [triple.object.value for triple in triples if isinstance(triple.object, NamedNode)]
    return found


def _trail(iri: str, kind: str, own: Sequence[Triple], name: Namer) -> list[Name]:
    if kind == "place":
        above = descriptions.trail(name.engine, [iri])[iri]
    else:
        up = (
            (term("skos:inScheme"), term("org:unitOf"))
            if kind != "passage"
            else (term("zorg:section"), term("dcterms:isPartOf"))
        )
        above = [
            one.object.value for way in up for one in own if one.predicate == way and isinstance(one.object, NamedNode)
        ]
    name.learn(above)
    return [name(one) for one in above]


def _texts(own: Sequence[Triple], predicates: Sequence[NamedNode], language: str) -> list[Text]:
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


def _facts(
    subject: NamedNode | BlankNode, triples: Sequence[Triple], hidden: frozenset[NamedNode], name: Namer
) -> list[Fact]:
    by_property: dict[NamedNode, list[NamedNode | BlankNode | Literal]] = {}
    for triple in triples:
        if triple.subject == subject and triple.predicate not in hidden and not isinstance(triple.object, Triple):
            by_property.setdefault(triple.predicate, []).append(triple.object)
    facts = []
    for predicate, objects in by_property.items():
        shown = objects if predicate in _EVERY_LANGUAGE else _in_language(objects, name.language)
        values = [value for one in shown if (value := _value(one, subject, triples, hidden, name))]
        values.sort(key=lambda value: "" if isinstance(value, Nested) else value.text.casefold())
        if values:
            facts.append(Fact(name(predicate.value), values))
    return sorted(facts, key=lambda fact: fact.property.text.casefold())


def _value(
    one: NamedNode | BlankNode | Literal,
    owner: NamedNode | BlankNode,
    triples: Sequence[Triple],
    hidden: frozenset[NamedNode],
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
        nested = _facts(one, rest, hidden, name)
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


# Sections


def _participants(iri: str, name: Namer) -> Section | None:
    found = descriptions.participations(name.engine, project=iri)
    groups: dict[str, list[Assertion]] = {}
    for one in found:
        key = "group" if one.terms.get("group") == "true" else one.terms.get("role", "")
        groups.setdefault(key, []).append(one)
    name.learn([*groups, *(one.terms["agent"] for one in found)])
    where = _evidence(found, name)

    def rank(role: str) -> tuple[int, str]:
        first = {"initiator": 0, "partner": 1}.get(role.rpartition("/")[2], 2)
        return (4, "") if role == "group" else (3, "") if not role else (first, name(role).text.casefold())

    told = []
    for role in sorted(groups, key=rank):
        if role == "group":
            heading: Name | Text = Text(name.say("groups"), name.language)
        else:
            heading = name(role) if role else Text(name.say("no_role"), name.language)
        told.append(Group(heading, _items(groups[role], "agent", name, where, lambda one: [])))
    return Section("participants", told) if told else None


def _takes_part(iri: str, name: Namer) -> Section | None:
    found = descriptions.participations(name.engine, agent=iri)
    return _grouped("takes_part", found, "", "project", name, ("role",))


def _places(iri: str, name: Namer) -> Section | None:
    places = descriptions.takes_place_in(name.engine, iri)
    trails = descriptions.trail(name.engine, places)
    name.learn([*places, *(one for trail in trails.values() for one in trail)])
    items = [Item(name(place), trail=[name(one) for one in trails[place]]) for place in places]
    return _section("places", [Group(None, _sorted(items))])


def _claims(iri: str, name: Namer) -> Section | None:
    found = descriptions.claims(name.engine, subject=iri)
    return _grouped("claims", found, "predicate", "object", name, ())


def _mentions(iri: str, name: Namer) -> Section | None:
    found = descriptions.claims(name.engine, subject=iri)
    return _grouped("mentions", found, "predicate", "object", name, ())


def _claimed(iri: str, name: Namer) -> Section | None:
    found = descriptions.claims(name.engine, object=iri)
    return _grouped("claimed", found, "predicate", "subject", name, ())


def _positionings(iri: str, name: Namer) -> Section | None:
    found = descriptions.positionings(name.engine, project=iri)
    found.sort(key=lambda one: (int(one.terms.get("order", "0")), one.terms["component"]))
    return _grouped("positionings", found, "scheme", "component", name, ("basis", "strength", "agreement"), sort=False)


def _refused(iri: str, name: Namer) -> Section | None:
    return _grouped("refused", descriptions.refusals(name.engine, iri), "scheme", "component", name, ())


def _positioned(iri: str, name: Namer) -> Section | None:
    found = descriptions.positionings(name.engine, component=iri)
    return _grouped("positioned", found, "basis", "project", name, ("strength", "agreement"))


def _figures(iri: str, name: Namer) -> Section | None:
    found = descriptions.figures(name.engine, iri)
    where = _evidence(found, name)
    items = []
    for one in found:
        unit = _text(one, "unit", name)
        about = name.say("approximately") + " " if one.terms.get("approximate") == "true" else ""
        quantity = Text(
            f"{about}{one.terms.get('value', '')} {unit.text if unit else ''}".strip(), unit.language if unit else ""
        )
        label = _text(one, "label", name) or Text(shorten(one.iri))
        items.append(Item(label, [Line([quantity], evidence=[where[p] for p in one.passages if p in where])]))
    return _section("figures", [Group(None, _sorted(items))])


def _statements(iri: str, name: Namer) -> Section | None:
    return _told("statements", descriptions.statements(name.engine, about=iri), "topic", name)


def _from_source(iri: str, name: Namer) -> Section | None:
    return _told("from_source", descriptions.statements(name.engine, source=iri), "about", name)


def _told(key: str, found: list[Assertion], by: str, name: Namer) -> Section | None:
    where = _evidence(found, name)
    name.learn(one.terms[by] for one in found if by in one.terms)
    groups: dict[str, list[Item]] = {}
    for one in found[:SHOWN]:
        item = Item(
            _text(one, "description", name) or name(one.iri),
            [Line(evidence=[where[passage] for passage in one.passages if passage in where])],
        )
        groups.setdefault(one.terms.get(by, ""), []).append(item)
    told = [Group(name(topic) if topic else None, items) for topic, items in groups.items()]
    told.sort(key=lambda group: group.heading.text.casefold() if group.heading else "")
    return _section(key, told, _cut(found, name))


def _disagreements(iri: str, name: Namer) -> Section | None:
    """Initiators and partners that one source of this project names and another doesn't."""
    roles = ("/initiator", "/partner")
    found = [
        one
        for one in descriptions.participations(name.engine, project=iri)
        if one.terms.get("role", "").endswith(roles) and one.terms.get("group") != "true"
    ]
    where = _evidence(found, name)
    sources: dict[str, Name] = {}
    naming: dict[str, set[str]] = {}
    for one in found:
        for passage in one.passages:
            source = where[passage].source if passage in where else None
            if source:
                sources[source.iri] = source
                naming.setdefault(one.terms["agent"], set()).add(source.iri)
    name.learn(naming)
    items = []
    for agent, by in naming.items():
        silent = set(sources) - by
        if silent:
            said: list[Name | Text] = [Text(name.say("named_by"), name.language), *(sources[one] for one in sorted(by))]
            unsaid: list[Name | Text] = [
                Text(name.say("not_named_by"), name.language),
                *(sources[one] for one in sorted(silent)),
            ]
            items.append(Item(name(agent), [Line(said), Line(unsaid)]))
    return _section("disagreements", [Group(None, _sorted(items))], name.say("disagreements_note"))


def _components(iri: str, name: Namer) -> Section | None:
    found = descriptions.concepts(name.engine, iri)
    counts = descriptions.projects_by_concept(name.engine, iri)
    name.learn(found)
    items = [Item(name(one), after=_projects(counts.get(one, 0), name)) for one in found]
    return _section("components", [Group(None, items)])


def _projects_here(iri: str, name: Namer) -> Section | None:
    by_project: dict[str, list[str]] = {}
    for project, place in descriptions.projects_in(name.engine, iri):
        by_project.setdefault(project, []).append(place)
    name.learn([*by_project, *(place for places in by_project.values() for place in places)])
    items = []
    for project, places in by_project.items():
        parts = ", ".join(name(place).text for place in places if place != iri)
        items.append(Item(name(project), after=f"({parts})" if parts else ""))
    return _section("projects_here", [Group(None, _sorted(items))])


def _organisations_here(iri: str, name: Namer) -> Section | None:
    return _listed("organisations_here", descriptions.organisations_in(name.engine, iri), name)


def _parts(iri: str, name: Namer) -> Section | None:
    return _listed("parts", descriptions.parts(name.engine, iri), name)


def _units(iri: str, name: Namer) -> Section | None:
    return _listed("units", descriptions.pointing(name.engine, "org:unitOf", iri), name)


def _funded(iri: str, name: Namer) -> Section | None:
    return _listed("funded", descriptions.pointing(name.engine, "zorg:fundedUnder", iri), name)


def _sections(iri: str, name: Namer) -> Section | None:
    found = descriptions.sections(name.engine, iri)
    name.learn(found)
    note = name.say(
        "counts",
        sections=len(found),
        passages=words.number(descriptions.passage_count(name.engine, iri), name.language),
        statements=words.number(len(descriptions.statements(name.engine, source=iri, limit=10**6)), name.language),
    )
    # Sections keep the order of the source.
    return Section("sections", [Group(None, [Item(name(one)) for one in found])], note)


def _where(iri: str, name: Namer) -> Section | None:
    found = descriptions.evidence(name.engine, [iri], name.language)
    if iri not in found or not found[iri].source:
        return None
    source = found[iri].source
    return Section("where", [Group(None, [Item(source, [Line(evidence=[found[iri]])])])]) if source else None


def _rests_on(iri: str, name: Namer) -> Section | None:
    found = descriptions.resting_on(name.engine, iri)
    name.learn(one for pair in found for one in pair)
    groups: dict[str, list[Item]] = {}
    for one, cls in found:
        groups.setdefault(cls, []).append(Item(name(one)))
    told = [Group(name(cls), _sorted(items)) for cls, items in groups.items()]
    return _section("rests_on", told)


def _incoming(iri: str, name: Namer) -> Section | None:
    triples = descriptions.incoming(name.engine, iri)[0]
    by_property: dict[str, list[str]] = {}
    for triple in triples[:SHOWN]:
        if isinstance(triple.subject, NamedNode):
            by_property.setdefault(triple.predicate.value, []).append(triple.subject.value)
    name.learn([*by_property, *(one for many in by_property.values() for one in many)])
    told = [Group(name(way), _sorted([Item(name(one)) for one in many])) for way, many in by_property.items()]
    return _section("incoming", told, _cut(triples, name))


_AGENT: Final[tuple[Teller, ...]] = (_takes_part, _units, _mentions, _claimed, _statements)
_PROJECT: Final[tuple[Teller, ...]] = (
    *(_places, _participants, _disagreements, _claims, _positionings, _refused, _figures, _statements),
    *(_claimed, _takes_part),
)
_SECTIONS: Final[dict[str, tuple[Teller, ...]]] = {
    "project": _PROJECT,
    "programme": _PROJECT,
    "organisation": _AGENT,
    "framework": (_components, _positioned, _takes_part, _claimed, _statements),
    "place": (_projects_here, _organisations_here, _parts, _statements),
    "source": (_sections, _statements, _from_source),
    "passage": (_where, _rests_on),
    "call": (_funded, _statements),
    "practice": (_mentions, _claimed, _statements, _incoming),
    "publication": (_claimed, _incoming),
}


# Helpers


def _items(
    found: Sequence[Assertion],
    main: str,
    name: Namer,
    where: dict[str, Evidence],
    notes: Callable[[Assertion], list[Name | Text]],
    sort: bool = True,
) -> list[Item]:
    """One entry a thing; what several sources say of it are its lines."""
    items: dict[str, Item] = {}
    for one in found:
        # The object of a claim may be a text, such as a printed name.
        value = name(one.terms[main]) if main in one.terms else _text(one, main, name, printed=True) or Text("")
        item = items.setdefault(one.terms.get(main, value.text), Item(value))
        printed = _text(one, "asNamed", name, printed=True)
        item.lines.append(
            Line(
                notes(one),
                printed,
                _text(one, "rationale", name),
                _text(one, "reason", name),
                one.iri if {"agreement", "reason"} & (one.terms.keys() | one.texts.keys()) else "",
                [where[passage] for passage in one.passages if passage in where],
            )
        )
    return _sorted(items.values()) if sort else list(items.values())


def _grouped(
    key: str, found: list[Assertion], by: str, main: str, name: Namer, notes: Sequence[str], sort: bool = True
) -> Section | None:
    name.learn(one.terms[variable] for one in found for variable in (by, main, *notes) if variable in one.terms)
    where = _evidence(found[:SHOWN], name)
    groups: dict[str, list[Assertion]] = {}
    for one in found[:SHOWN]:
        groups.setdefault(one.terms.get(by, ""), []).append(one)

    def noted(one: Assertion) -> list[Name | Text]:
        return [name(one.terms[note]) for note in notes if note in one.terms]

    told = [
        Group(name(one) if one else None, _items(members, main, name, where, noted, sort))
        for one, members in groups.items()
    ]
    told.sort(key=lambda group: group.heading.text.casefold() if group.heading else "")
    return _section(key, told, _cut(found, name))


def _listed(key: str, iris: Sequence[str], name: Namer) -> Section | None:
    name.learn(iris)
    return _section(key, [Group(None, _sorted([Item(name(one)) for one in iris]))])


def _section(key: str, groups: list[Group], note: str = "") -> Section | None:
    filled = [group for group in groups if group.items]
    return Section(key, filled, note) if filled else None


def _cut(found: Sequence[object], name: Namer) -> str:
    return name.say("cut", n=SHOWN) if len(found) > SHOWN else ""


def _evidence(found: Iterable[Assertion], name: Namer) -> dict[str, Evidence]:
    return descriptions.evidence(name.engine, [passage for one in found for passage in one.passages], name.language)


def _text(one: Assertion, variable: str, name: Namer, printed: bool = False) -> Text | None:
    texts = one.texts.get(variable)
    if not texts:
        return Text(one.terms[variable]) if variable in one.terms else None
    # What a source printed is not translated: any of its languages is the original.
    picked = languages.pick(texts, sorted(texts)[0] if printed and len(texts) == 1 else name.language)
    return Text(*picked) if picked else None


def _sorted(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.value.text.casefold(), item.value.text))


def _projects(count: int, name: Namer) -> str:
    if not count:
        return ""
    return name.say("one_project") if count == 1 else name.say("n_projects", n=words.number(count, name.language))
