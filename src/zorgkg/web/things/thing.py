"""The page of a thing: what the graph tells of it is arranged and written where the version is, in one go.

A page asks many small questions of the engine. From a query process they cost nothing but themselves; from here, each
would also cost the way to that process and back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from zorgkg.collection.declared import Collection
from zorgkg.collection.table import COLLECTIONS
from zorgkg.engine.interface import Engine
from zorgkg.languages import LANGUAGES
from zorgkg.terms import ID, term
from zorgkg.web import links, pages, problems, words
from zorgkg.web.drawing import atlas, maps, networks, pictures
from zorgkg.web.drawing.pictures import Caption, Node, Spot
from zorgkg.web.once import Once
from zorgkg.web.service import Service
from zorgkg.web.things import descriptions, facts, naming, sections, structured, surroundings
from zorgkg.web.things.descriptions import Evidence
from zorgkg.web.things.fragments import Fragments
from zorgkg.web.things.naming import Namer
from zorgkg.web.things.portraits import Cited, Fact, Map, Network, Portrait, Section
from zorgkg.web.view import View

THING: Final = "thing"
"""Member of a request to a query process that holds the IRI of a thing whose page is asked for."""

Links = list[tuple[str, str]]
"""Titles and references."""

_LISTS: Final = {"project": ("/projects", "projects"), "dataset": ("/datasets", "datasets")}
"""Kind of thing → the page of its own that lists all of them, and its word."""

_COUNTS: Final = {
    "framework": Once(surroundings.projects_by_concept, "how many projects a framework has"),
    "source": Once(surroundings.counted, "how much a source holds"),
}
"""Kind of thing → what counts for its page, once a version: that takes longer than all the rest."""

_AREAS: Final = ("municipality", "province", "region")
_WHOLE: Final = {
    ("funded", ""): ("projects", "call"),
    ("units", ""): ("organisations", "unitOf"),
    ("activities", ""): ("activities", "participant"),
    ("parts", ""): ("places", "partOf"),
    ("positioned", ""): ("projects", "component"),
    ("claimed", term("zorg:Method").value): ("projects", "method"),
    ("claimed", term("zorg:NamedRole").value): ("projects", "role"),
    ("takes_part", term("zorg:ActorGroup").value): ("projects", "group"),
    ("takes_part", ""): ("projects", "participant"),
    **{("projects_here", term(f"zorg:{one.title()}").value): ("projects", one) for one in _AREAS},
    **{("activities_here", term(f"zorg:{one.title()}").value): ("activities", one) for one in _AREAS},
    **{("organisations_here", term(f"zorg:{one.title()}").value): ("organisations", one) for one in _AREAS},
}
"""A section, and a class of the thing or any → the collection and its filter that list the same in full."""

_FRAMEWORKS: Final = {term("zorg:Framework").value, term("zorg:Component").value}

_FOLDED: Final = 12
"""More cited passages than these are folded up."""


def page(service: Service, view: View, iri: str, ways: Mapping[str, Links], more: Sequence[Triple] = ()) -> str | None:
    """Return the page of a thing.

    :param service: the version that it is read from.
    :param view: how it is seen.
    :param iri: the thing.
    :param ways: its other forms: `alternates` by media type, `downloads` by title, and `distributions` of a dataset.
    :param more: what is said of it besides the graph.
    :returns: the text, or None when nothing is known of it.
    """
    kind = iri.removeprefix(ID).partition("/")[0]
    counts = _COUNTS[kind](service.engine, iri) if kind in _COUNTS else {}
    text = (serialize(more, format=RdfFormat.N_TRIPLES) or b"").decode()
    request = {THING: iri, "view": view.told(), "ways": dict(ways), "more": text, "counts": counts}
    header, body = service.processes.ask(request) if service.processes else answer(service.engine, request)
    if "problem" in header:
        raise problems.of(header["problem"])
    return body.decode() if header["found"] else None


def answer(engine: Engine, told: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Answer a request of :func:`page`, where the version is.

    :param engine: answers queries on it.
    :param told: the request (JSON).
    :returns: whether anything is `found`, and the page.
    """
    view = View.read(told["view"])
    more = [quad.triple for quad in parse(told["more"].encode(), format=RdfFormat.N_TRIPLES)]
    portrait, name = portray(engine, told[THING], view.language, more, told["counts"])
    if portrait is None:
        return {"found": False}, b""
    ways = {key: [tuple(one) for one in found] for key, found in told["ways"].items()}
    return {"found": True}, pages.draw(view, "thing.html", _context(portrait, name, view, ways)).encode()


def prepare(engine: Engine) -> None:
    """Do once what the pages of a version share: templates, the map, common names, and what areas have.

    :param engine: answers queries on the version.
    """
    pages.prepare()
    for language in LANGUAGES:
        atlas.of(engine, language)
        naming.common(engine, language)
    sections.prepare(engine)


def portray(
    engine: Engine,
    iri: str,
    language: str,
    more: Sequence[Triple] = (),
    counts: Mapping[str, int] | None = None,
) -> tuple[Portrait | None, Namer]:
    """Arrange what the graph says of a thing.

    :param engine: the engine.
    :param iri: the thing.
    :param language: one of :data:`zorgkg.languages.LANGUAGES`.
    :param more: what is said of it besides.
    :param counts: numbers of a framework or a source that the page tells.
    :returns: the portrait, None when nothing is known of the thing; and what named everything in it.
    """
    name = Namer(engine, language, counts, naming.common(engine, language))
    triples = [*descriptions.outgoing(engine, iri), *more]
    if not triples:
        return None, name
    kind = iri.removeprefix(ID).partition("/")[0]
    own = [triple for triple in triples if triple.subject == NamedNode(iri)]
    classes, above = facts.classes(own), facts.above(iri, kind, own, name)
    name.want([iri, *classes, *above])
    name.cite(facts.passages(own))
    told = naming.together(
        name,
        [
            facts.told(iri, kind, triples, name),
            networks.of(iri, kind, name),
            *(tell(iri, name) for tell in sections.of(kind)),
        ],
    )
    found = Portrait(
        iri=iri,
        kind=kind,
        title=name(iri),
        classes=list({name(one).text: name(one) for one in classes}.values()),
        trail=[name(one) for one in above],
        about=facts.texts(own, facts.ABOUT, language),
        scope=next(iter(facts.texts(own, facts.SCOPE, language)), None),
        facts=cast(list[Fact], told[0]),
        network=cast(Network | None, told[1]),
        map=maps.of(iri, kind, own, name),
        sections=[cast(Section, one) for one in told[2:] if one],
        cited=_by_source(name.cited.values()),
        triples=triples,
    )
    return found, name


def _by_source(passages: Iterable[Evidence]) -> list[Cited]:
    ordered = sorted(passages, key=lambda one: (int(one.start or one.row or 0), int(one.end or 0)))
    found: dict[str, Cited] = {}
    for one in ordered:
        if one.source is None:
            continue
        sections = found.setdefault(one.source.iri, Cited(one.source, [])).sections
        # Reading order also puts the passages of a section side by side.
        if not sections or sections[-1][0] != one.section:
            sections.append((one.section, []))
        sections[-1][1].append(one)
    return sorted(found.values(), key=lambda one: (one.source.text.casefold(), one.source.iri))


# What the template takes


def _context(portrait: Portrait, name: Namer, view: View, ways: Mapping[str, Links]) -> dict[str, Any]:
    crumbs = _crumbs(portrait, view)
    path = links.local(portrait.iri) or "/"
    address = view.absolute(path, view.kept)
    count = sum(len(one.passages) for one in portrait.cited)
    about = portrait.about[0].text if portrait.about else ", ".join(one.text for one in portrait.classes)
    described = structured.described(portrait, name, view, address)
    trail = structured.breadcrumbs([(text, view.origin + where) for text, where, _ in crumbs], portrait, address)
    return {
        "portrait": portrait,
        "show": Fragments(view),
        "crumbs": crumbs,
        "whole": {one.key: _whole(one.key, portrait, view) for one in portrait.sections if one.is_cut},
        "network": _network(portrait, view) if portrait.network else None,
        "map": _map(portrait.map, portrait, view) if portrait.map else None,
        "folded": count > _FOLDED,
        "cited": count,
        "structured": structured.script([described, trail]),
        "canonical": view.absolute(path, [pair for pair in view.kept if pair[0] == "lang"]),
        "languages": [(tag, view.absolute(path, [("lang", tag)])) for tag in LANGUAGES],
        "default": view.absolute(path),
        "description": about,
        "distributions": (),
        **ways,
    }


def _crumbs(portrait: Portrait, view: View) -> list[tuple[str, str, str]]:
    """What leads here from the home page: text, reference, and language of the text."""
    say = words.say(view.language)
    found = [(say("site"), view.link("/"), "")]
    top = portrait.trail[-1].iri if portrait.trail else portrait.iri
    kind = top.removeprefix(ID).partition("/")[0]
    if kind in _LISTS:
        where, word = _LISTS[kind]
        found.append((say(word), view.link(where), ""))
    elif listed := _collection(kind, portrait):
        found.append((listed.title[view.language], view.link(f"/api/{listed.name}"), ""))
    for one in reversed(portrait.trail):
        leads = view.href(one.iri)
        if leads and not leads[1]:
            found.append((one.text, leads[0], one.language))
    return found


def _whole(key: str, portrait: Portrait, view: View) -> str | None:
    """Where all is listed of which a section of the page shows the first; None where no collection has it."""
    for cls in (*(one.iri for one in portrait.classes), ""):
        found = _WHOLE.get((key, cls))
        if found:
            name, filter_ = found
            return view.link(f"/api/{name}", **{filter_: portrait.iri.removeprefix(ID)})
    return None


def _collection(kind: str, portrait: Portrait) -> Collection | None:
    """The collection that lists things of a kind; a list of concepts, such as methods, is no framework."""
    if kind == "framework" and not {one.iri for one in portrait.classes} & _FRAMEWORKS:
        return COLLECTIONS["concepts"]
    return next((one for one in COLLECTIONS.values() if one.type == kind), None)


def _network(portrait: Portrait, view: View) -> dict[str, Any]:
    network = portrait.network
    assert network is not None  # noqa: S101
    say = words.say(view.language)
    nodes = {iri: _node(iri, node, portrait.iri, view) for iri, node in network.nodes.items()}
    around = sum(1 for tie in network.ties if portrait.iri in (tie.one, tie.other))
    is_actor = portrait.kind == "organisation"
    told = say("network_of_actor" if is_actor else "network_of_project", name=portrait.title.text, n=around)
    legend = say("network_legend_actor" if is_actor else "network_legend")
    drawn = pictures.network(Caption("network", told, legend), nodes, network.ties, portrait.iri)
    more = say("network_cut", n=network.left_out) if network.left_out else ""
    return {"picture": drawn, "legend": legend, "more": more}


def _node(iri: str, node: Node, centre: str, view: View) -> Node:
    leads = view.href(iri) if iri != centre else None
    return Node(node.text, leads[0] if leads else "", node.shape)


def _map(found: Map, portrait: Portrait, view: View) -> dict[str, Any]:
    say = words.say(view.language)
    chosen = []
    for one in found.chosen:
        leads = view.href(one.name.iri) if one.name.iri != portrait.iri else None
        chosen.append(Spot(one.name.text, one.longitude, one.latitude, leads[0] if leads else ""))
    near = [Spot(one.name.text, one.longitude, one.latitude) for one in found.beside]
    names = ", ".join(spot.text for spot in chosen[: maps.LABELLED])
    many = len(chosen) > maps.LABELLED
    told = say("map_of_many", n=len(chosen)) if many else say("map_of", places=names)
    caption = Caption("map", told, say("map_legend"))
    return {"picture": pictures.locator(caption, found.ground, found.frame, chosen, near), "title": told}
