"""Sections: what is said of a thing and what points at it, each as a part of its page; a kind of thing has its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from pyoxigraph import NamedNode

from zorgkg import languages
from zorgkg.engine.interface import Engine
from zorgkg.languages import LANGUAGES
from zorgkg.terms import ID, shorten
from zorgkg.web import words
from zorgkg.web.drawing import atlas
from zorgkg.web.once import Once
from zorgkg.web.things import assertions, descriptions, surroundings, twins
from zorgkg.web.things.assertions import ABOUT, MOST, NAMING, Assertion, Concept
from zorgkg.web.things.descriptions import Name, Text
from zorgkg.web.things.naming import Namer, Telling
from zorgkg.web.things.portraits import Group, Item, Line, Section

Teller = Callable[[str, Namer], Telling[Section | None]]
"""Tells a section of the page of a thing, or that there is none."""


def of(kind: str) -> tuple[Teller, ...]:
    """Return what tells the sections of the page of a thing.

    :param kind: the `{type}` part of its IRI.
    """
    return _SECTIONS.get(kind, (_incoming,))


def said(iri: str, name: Namer) -> list[Assertion]:
    """Return what sources say of a thing, of the kinds that are said of its kind."""
    kind = _kind(iri)
    kinds = tuple(ABOUT) if kind in _PROJECTS else ("Claim", "Statement") if _mentions in of(kind) else ("Statement",)
    return name.once(assertions.about, (iri, kinds))


def named(iri: str, name: Namer) -> list[Assertion]:
    """Return what names a thing, of the kinds that name its kind."""
    kinds = tuple(NAMING) if _kind(iri) == "framework" else ("Participation", "Claim")
    return name.once(assertions.naming, (iri, kinds))


def concepts(iri: str, name: Namer) -> dict[str, Concept]:
    """Return what sorts the actors and components that are named in what sources say of a thing."""
    named = (one.terms.get(key) for one in said(iri, name) for key in ("agent", "component"))
    return name.once(assertions.concepts, tuple(dict.fromkeys(filter(None, named))))


def prepare(engine: Engine) -> None:
    """Find once which organisations the areas have.

    :param engine: answers queries on the version.
    """
    for area in atlas.of(engine, LANGUAGES[0]).areas:
        _of_area(engine, area)


def _kind(iri: str) -> str:
    return iri.removeprefix(ID).partition("/")[0]


def _said(iri: str, name: Namer, kind: str) -> list[Assertion]:
    return [one for one in said(iri, name) if one.kind == kind]


def _named(iri: str, name: Namer, kind: str) -> list[Assertion]:
    return [one for one in named(iri, name) if one.kind == kind]


def _organisations(engine: Engine, area: str) -> list[str]:
    # The area itself last: much points at it, and hardly ever an organisation.
    return surroundings.organisations_in(engine, [*atlas.of(engine, LANGUAGES[0]).areas[area], area])


_of_area: Final = Once(_organisations, "which organisations an area has")
"""Returns the first organisations of an area; there are few areas, and to look into all their municipalities takes
longer than the rest of such a page."""


# Of a project


def _participants(iri: str, name: Namer) -> Telling[Section | None]:
    found = _said(iri, name, "Participation")
    about = concepts(iri, name)
    groups: dict[str, list[Assertion]] = {}
    for one in found:
        key = "group" if about[one.terms["agent"]].is_group else one.terms.get("role", "")
        groups.setdefault(key, []).append(one)
    name.want(role for role in groups if role != "group")
    yield from _wanting(found, ("agent",), name)

    def rank(role: str) -> tuple[int, str]:
        first = {"initiator": 0, "partner": 1}.get(role.rpartition("/")[2], 2)
        return (4, "") if role == "group" else (3, "") if not role else (first, name(role).text.casefold())

    told = []
    for role in sorted(groups, key=rank):
        if role == "group":
            heading: Name | Text = Text(name.say("groups"), name.language)
        else:
            heading = name(role) if role else Text(name.say("no_role"), name.language)
        told.append(Group(heading, _items(groups[role], "agent", (), name)))
    return _section("participants", told, *_cut(found, name))


def _places(iri: str, name: Namer) -> Telling[Section | None]:
    places = surroundings.takes_place_in(name.engine, iri)
    trails = surroundings.trail(name.engine, places)
    name.want([*places, *(one for trail in trails.values() for one in trail)])
    yield
    items = [Item(name(place), trail=[name(one) for one in trails[place]]) for place in places]
    return _section("places", [Group(None, _sorted(items))])


def _claims(iri: str, name: Namer) -> Telling[Section | None]:
    return _grouped("claims", _said(iri, name, "Claim"), "predicate", "object", (), name)


def _positionings(iri: str, name: Namer) -> Telling[Section | None]:
    found = _said(iri, name, "Positioning")
    about = concepts(iri, name)
    found.sort(key=lambda one: (about[one.terms["component"]].order, one.terms["component"]))
    for one in found:
        one.terms["scheme"] = about[one.terms["component"]].scheme
    notes = ("basis", "strength", "agreement")
    return (yield from _grouped("positionings", found, "scheme", "component", notes, name, sort=False))


def _refused(iri: str, name: Namer) -> Telling[Section | None]:
    found = [one for one in _said(iri, name, "Adjudication") if one.terms.get("upheld") == "false"]
    about = concepts(iri, name)
    for one in found:
        one.terms["scheme"] = about[one.terms["component"]].scheme
    return (yield from _grouped("refused", found, "scheme", "component", (), name))


def _figures(iri: str, name: Namer) -> Telling[Section | None]:
    found = _said(iri, name, "Figure")
    yield from _wanting(found, (), name)
    items = []
    for one in found:
        unit = _text(one, "unitText", name)
        about = name.say("approximately") + " " if one.terms.get("approximate") == "true" else ""
        quantity = Text(
            f"{about}{one.terms.get('value', '')} {unit.text if unit else ''}".strip(), unit.language if unit else ""
        )
        label = _text(one, "label", name) or Text(shorten(one.iri))
        items.append(Item(label, [Line([quantity], evidence=name.where(one.passages))]))
    return _section("figures", [Group(None, _sorted(items))], *_cut(found, name))


def _disagreements(iri: str, name: Namer) -> Telling[Section | None]:
    """Initiators and partners that one source of this project names and another doesn't."""
    roles = ("/initiator", "/partner")
    found = [one for one in _said(iri, name, "Participation") if one.terms.get("role", "").endswith(roles)]
    about = concepts(iri, name)
    found = [one for one in found if not about[one.terms["agent"]].is_group]
    yield from _wanting(found, ("agent",), name)
    sources: dict[str, Name] = {}
    naming: dict[str, set[str]] = {}
    for one in found:
        for where in name.where(one.passages):
            if where.source:
                sources[where.source.iri] = where.source
                naming.setdefault(one.terms["agent"], set()).add(where.source.iri)
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


def _statements(iri: str, name: Namer) -> Telling[Section | None]:
    return _told("statements", _said(iri, name, "Statement"), "topic", name)


# Of an organisation, a group, a component, a practice


def _takes_part(iri: str, name: Namer) -> Telling[Section | None]:
    return _grouped("takes_part", _named(iri, name, "Participation"), "", "project", ("role",), name)


def _elsewhere(iri: str, name: Namer) -> Telling[Section | None]:
    """What other datasets tell of it under another name, by a reviewed link."""
    found = name.once(twins.told, iri)
    for one in found:
        name.want([one.twin, one.dataset, one.property])
        name.want([one.value.value] if isinstance(one.value, NamedNode) else ())
    yield
    groups: dict[str, dict[str, Item]] = {}
    for one in found:
        item = groups.setdefault(one.dataset, {}).setdefault(one.twin, Item(name(one.twin)))
        value = one.value
        told = name(value.value) if isinstance(value, NamedNode) else Text(value.value, value.language or "")
        item.lines.append(Line([name(one.property), told]))
    listed = [Group(name(dataset), _sorted(items.values())) for dataset, items in groups.items()]
    listed.sort(key=lambda group: group.heading.text.casefold() if group.heading else "")
    return _section("elsewhere", listed, name.say("elsewhere_note"))


def _mentions(iri: str, name: Namer) -> Telling[Section | None]:
    return _grouped("mentions", _said(iri, name, "Claim"), "predicate", "object", (), name)


def _claimed(iri: str, name: Namer) -> Telling[Section | None]:
    return _grouped("claimed", _named(iri, name, "Claim"), "predicate", "subject", (), name)


def _positioned(iri: str, name: Namer) -> Telling[Section | None]:
    found = _named(iri, name, "Positioning")
    return _grouped("positioned", found, "basis", "project", ("strength", "agreement"), name)


def _units(iri: str, name: Namer) -> Telling[Section | None]:
    return _listed("units", surroundings.pointing(name.engine, "org:unitOf", iri), name)


def _activities(iri: str, name: Namer) -> Telling[Section | None]:
    return _listed("activities", surroundings.pointing(name.engine, "schema:organizer|schema:contributor", iri), name)


# Of a framework, a place, a source, a passage, a call


def _components(iri: str, name: Namer) -> Telling[Section | None]:
    found = descriptions.concepts(name.engine, iri)
    name.want(found)
    yield
    items = [Item(name(one), after=_projects(name.counts.get(one, 0), name)) for one in found]
    return _section("components", [Group(None, items)])


def _projects_here(iri: str, name: Namer) -> Telling[Section | None]:
    return _taking_place("projects_here", surroundings.projects_in(name.engine, iri), iri, name)


def _activities_here(iri: str, name: Namer) -> Telling[Section | None]:
    return _taking_place("activities_here", surroundings.activities_in(name.engine, iri), iri, name)


def _taking_place(key: str, pairs: Iterable[tuple[str, str]], iri: str, name: Namer) -> Telling[Section | None]:
    found: dict[str, list[str]] = {}
    for one, place in pairs:
        found.setdefault(one, []).append(place)
    name.want([*found, *(place for places in found.values() for place in places)])
    yield
    items = []
    for one, places in list(found.items())[:MOST]:
        parts = ", ".join(name(place).text for place in places if place != iri)
        items.append(Item(name(one), after=f"({parts})" if parts else ""))
    return _section(key, [Group(None, _sorted(items))], *_cut(list(found), name))


def _organisations_here(iri: str, name: Namer) -> Telling[Section | None]:
    is_area = iri in atlas.of(name.engine, name.language).areas
    found = _of_area(name.engine, iri) if is_area else surroundings.organisations_in(name.engine, [iri])
    return _listed("organisations_here", found, name)


def _parts(iri: str, name: Namer) -> Telling[Section | None]:
    return _listed("parts", surroundings.pointing(name.engine, "zorg:partOf", iri), name)


def _funded(iri: str, name: Namer) -> Telling[Section | None]:
    return _listed("funded", surroundings.pointing(name.engine, "zorg:fundedUnder", iri), name)


def _sections(iri: str, name: Namer) -> Telling[Section | None]:
    found = surroundings.sections(name.engine, iri)
    name.want(found)
    yield
    # Sections keep the order of the source.
    items = [Item(name(one)) for one in found[:MOST]]
    counts = {key: words.number(count, name.language) for key, count in name.counts.items()}
    note, is_cut = _cut(found, name)
    note = f"{name.say('counts', **counts)} {note}".strip()
    return Section("sections", [Group(None, items)], note, is_cut)


def _from_source(iri: str, name: Namer) -> Telling[Section | None]:
    return _told("from_source", name.once(assertions.told_by, iri), "about", name)


def _where(iri: str, name: Namer) -> Telling[Section | None]:
    name.cite([iri])
    yield
    where = name.cited.pop(iri, None)
    if where is None or where.source is None:
        return None
    return _section("where", [Group(None, [Item(where.source, [Line(evidence=[where])])])])


def _rests_on(iri: str, name: Namer) -> Telling[Section | None]:
    found = assertions.resting_on(name.engine, iri)
    name.want(one for pair in found for one in pair)
    yield
    groups: dict[str, list[Item]] = {}
    for one, cls in found[:MOST]:
        groups.setdefault(cls, []).append(Item(name(one)))
    told = [Group(name(cls), _sorted(items)) for cls, items in sorted(groups.items())]
    return _section("rests_on", told, *_cut(found, name))


def _incoming(iri: str, name: Namer) -> Telling[Section | None]:
    triples, _ = descriptions.incoming(name.engine, iri, MOST + 1)
    by_property: dict[str, list[str]] = {}
    for triple in triples[:MOST]:
        if isinstance(triple.subject, NamedNode):
            by_property.setdefault(triple.predicate.value, []).append(triple.subject.value)
    name.want([*by_property, *(one for many in by_property.values() for one in many)])
    yield
    told = [Group(name(way), _sorted([Item(name(one)) for one in many])) for way, many in by_property.items()]
    return _section("incoming", told, *_cut(triples, name))


_PROJECTS: Final = ("project", "programme")
_AGENT: Final[tuple[Teller, ...]] = (_elsewhere, _takes_part, _activities, _units, _mentions, _claimed, _statements)
_PROJECT: Final[tuple[Teller, ...]] = (
    _elsewhere,
    *(_places, _participants, _disagreements, _claims, _positionings, _refused, _figures, _statements),
    *(_claimed, _takes_part),
)
_SECTIONS: Final[dict[str, tuple[Teller, ...]]] = {
    "project": _PROJECT,
    "programme": _PROJECT,
    "organisation": _AGENT,
    "framework": (_components, _positioned, _takes_part, _claimed, _statements),
    "place": (_projects_here, _activities_here, _organisations_here, _parts, _statements),
    "source": (_sections, _statements, _from_source),
    "passage": (_where, _rests_on),
    "call": (_funded, _statements),
    "practice": (_elsewhere, _mentions, _claimed, _statements, _incoming),
    "activity": (_elsewhere, _claimed, _statements, _incoming),
    "publication": (_claimed, _incoming),
}


# Helpers


def _wanting(found: Sequence[Assertion], variables: Iterable[str], name: Namer) -> Telling[None]:
    """Wait for the names of what assertions are about, and for where their passages stand."""
    shown = found[:MOST]
    name.want(one.terms[variable] for one in shown for variable in variables if variable in one.terms)
    name.cite(passage for one in shown for passage in one.passages)
    yield


def _items(found: Sequence[Assertion], main: str, notes: Sequence[str], name: Namer, sort: bool = True) -> list[Item]:
    """One entry a thing; what several sources say of it are its lines."""
    items: dict[str, Item] = {}
    for one in found:
        # The object of a claim may be a text, such as a printed name.
        value = name(one.terms[main]) if main in one.terms else _text(one, main, name, printed=True) or Text("")
        item = items.setdefault(one.terms.get(main, value.text), Item(value))
        item.lines.append(
            Line(
                [name(one.terms[note]) for note in notes if note in one.terms],
                _text(one, "asNamed", name, printed=True),
                _text(one, "rationale", name),
                _text(one, "reason", name),
                one.iri if {"agreement", "reason"} & (one.terms.keys() | one.texts.keys()) else "",
                name.where(one.passages),
            )
        )
    return _sorted(items.values()) if sort else list(items.values())


def _grouped(
    key: str, found: list[Assertion], by: str, main: str, notes: Sequence[str], name: Namer, sort: bool = True
) -> Telling[Section | None]:
    yield from _wanting(found, (by, main, *notes), name)
    groups: dict[str, list[Assertion]] = {}
    for one in found[:MOST]:
        groups.setdefault(one.terms.get(by, ""), []).append(one)
    told = [
        Group(name(one) if one else None, _items(members, main, notes, name, sort)) for one, members in groups.items()
    ]
    told.sort(key=lambda group: group.heading.text.casefold() if group.heading else "")
    return _section(key, told, *_cut(found, name))


def _told(key: str, found: list[Assertion], by: str, name: Namer) -> Telling[Section | None]:
    yield from _wanting(found, (by,), name)
    groups: dict[str, list[Item]] = {}
    for one in found[:MOST]:
        item = Item(_text(one, "description", name) or name(one.iri), [Line(evidence=name.where(one.passages))])
        groups.setdefault(one.terms.get(by, ""), []).append(item)
    told = [Group(name(topic) if topic else None, items) for topic, items in groups.items()]
    told.sort(key=lambda group: group.heading.text.casefold() if group.heading else "")
    return _section(key, told, *_cut(found, name))


def _listed(key: str, iris: Sequence[str], name: Namer) -> Telling[Section | None]:
    name.want(iris)
    yield
    shown = [Item(name(one)) for one in iris[:MOST]]
    return _section(key, [Group(None, _sorted(shown))], *_cut(iris, name))


def _section(key: str, groups: list[Group], note: str = "", is_cut: bool = False) -> Section | None:
    filled = [group for group in groups if group.items]
    return Section(key, filled, note, is_cut) if filled else None


def _cut(found: Sequence[object], name: Namer) -> tuple[str, bool]:
    """What a section says of how much it shows, and whether there is more."""
    return (name.say("cut", n=MOST), True) if len(found) > MOST else ("", False)


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
