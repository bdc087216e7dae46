"""Networks: who a project or an organisation is connected with, and what else those take part in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zorgkg.web.drawing.pictures import Node, Tie
from zorgkg.web.things import sections, surroundings
from zorgkg.web.things.assertions import Assertion
from zorgkg.web.things.naming import Namer, Telling
from zorgkg.web.things.portraits import Network

AROUND: Final = 24
"""At most so many are drawn around the thing; the list on the page has all."""

OUTSIDE: Final = 24
"""At most so many others outside them, those with the most ties."""

_LEADS: Final = "/initiator"


def of(iri: str, kind: str, name: Namer) -> Telling[Network | None]:
    """Tell the network of a thing.

    :param iri: the thing.
    :param kind: the `{type}` part of its IRI; projects, programmes and organisations have a network.
    :param name: reads and names what is in it.
    """
    if kind in ("project", "programme"):
        return (yield from _of_project(iri, name))
    if kind == "organisation":
        return (yield from _of_organisation(iri, name))
    return None


def _of_project(iri: str, name: Namer) -> Telling[Network | None]:
    found = _participations(sections.said(iri, name))
    about = sections.concepts(iri, name)
    by_actor = _by(found, "agent")
    actors = sorted(by_actor, key=lambda one: (about[one].is_group, not _leads(by_actor[one]), one))
    shown = actors[:AROUND]
    # Groups of people, such as residents, take part nearly everywhere and connect nobody.
    organisations = [one for one in shown if not about[one].is_group]
    others = surroundings.other_projects(name.engine, organisations, iri, OUTSIDE) if organisations else []
    _want(iri, found, others, name)
    yield
    nodes = {iri: Node(name(iri).text, shape="diamond")}
    nodes |= {one: Node(name(one).text, shape="square" if about[one].is_group else "circle") for one in shown}
    nodes |= {other: Node(name(other).text, shape="diamond") for _, other in others}
    return _network(iri, shown, nodes, by_actor, others, len(actors), name)


def _of_organisation(iri: str, name: Namer) -> Telling[Network | None]:
    found = _participations(sections.named(iri, name))
    by_project = _by(found, "project")
    projects = sorted(by_project, key=lambda one: (not _leads(by_project[one]), one))
    shown = projects[:AROUND]
    others = surroundings.other_partners(name.engine, shown, iri, OUTSIDE) if shown else []
    _want(iri, found, others, name)
    yield
    nodes = {iri: Node(name(iri).text)}
    nodes |= {one: Node(name(one).text, shape="diamond") for one in shown}
    nodes |= {other: Node(name(other).text) for _, other in others if other not in nodes}
    return _network(iri, shown, nodes, by_project, others, len(projects), name)


def _network(
    iri: str,
    shown: Sequence[str],
    nodes: dict[str, Node],
    by: dict[str, list[Assertion]],
    others: Sequence[tuple[str, str]],
    whole: int,
    name: Namer,
) -> Network | None:
    if not shown:
        return None
    ties = []
    for one in shown:
        roles = dict.fromkeys(name(told.terms["role"]).text for told in by[one] if "role" in told.terms)
        ties.append(Tie(iri, one, ", ".join(roles), _leads(by[one])))
    ties += [Tie(one, other) for one, other in others]
    return Network(nodes, ties, whole - len(shown))


def _participations(found: Sequence[Assertion]) -> list[Assertion]:
    return [one for one in found if one.kind == "Participation" and {"agent", "project"} <= one.terms.keys()]


def _by(found: Sequence[Assertion], variable: str) -> dict[str, list[Assertion]]:
    by: dict[str, list[Assertion]] = {}
    for one in found:
        by.setdefault(one.terms[variable], []).append(one)
    return by


def _leads(found: Sequence[Assertion]) -> bool:
    return any(one.terms.get("role", "").endswith(_LEADS) for one in found)


def _want(iri: str, found: Sequence[Assertion], others: Sequence[tuple[str, str]], name: Namer) -> None:
    name.want([iri, *(one.terms[key] for one in found for key in ("agent", "project", "role") if key in one.terms)])
    name.want(other for _, other in others)
