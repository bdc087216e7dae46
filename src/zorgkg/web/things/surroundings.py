"""Surroundings: where things lie, what they are parts of, and who takes part in what with whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import NamedNode

from zorgkg.engine import reading
from zorgkg.engine.interface import Engine
from zorgkg.terms import ID

MOST: Final = 75
"""At most this many things are listed on a page, and one more is read, to know that there are more."""


_IN: Final = ("zorg:takesPlaceIn", "zorg:inMunicipality", "zorg:inProvince", "zorg:inRegion")
"""How a project or activity is in a neighbourhood, municipality, province or region; rules derive most of it."""

_AREAS: Final = ("zorg:inRegion", "zorg:inProvince")
"""How it is in what a country consists of."""

_IS_PROJECT: Final = f'STRSTARTS(STR(?it), "{ID}project/")'

_AT_ONCE: Final = 50
"""Places that one query asks about; a longer list takes longer to read than to answer."""


def trail(engine: Engine, places: Iterable[str]) -> dict[str, list[str]]:
    """Return for each place the larger ones that it lies in, nearest first."""
    up: dict[str, list[str]] = {}
    for row in reading.select(
        engine,
        f"""SELECT DISTINCT ?part ?whole WHERE {{ {reading.values("place", places)}
        ?place zorg:partOf* ?part . ?part zorg:partOf ?whole }} ORDER BY ?whole""",
    ):
        up.setdefault(reading.value(row, "part"), []).append(reading.value(row, "whole"))
    found: dict[str, list[str]] = {}
    for place in places:
        path, here = [place], place
        while up.get(here) and up[here][0] not in path:
            here = up[here][0]
            path.append(here)
        found[place] = path[1:]
    return found


def takes_place_in(engine: Engine, project: str) -> list[str]:
    """List the places of a project."""
    query = f"SELECT DISTINCT ?it WHERE {{ {NamedNode(project)} zorg:takesPlaceIn ?it }} ORDER BY ?it"
    return reading.column(engine, query)


def projects_in(engine: Engine, place: str) -> list[tuple[str, str]]:
    """List projects in a place and its parts: (project, the place that is named)."""
    node = NamedNode(place)
    # One look at what points at the place: each way on its own would go through all of it, until there are enough.
    # Before the limit: organisations lie in municipalities too, and may be many.
    found = _named_places(engine, f"?it ?way {node} . FILTER(?way IN ({', '.join(_IN)}) && {_IS_PROJECT})")
    if len({one for one, _ in found}) <= MOST:
        # Not in the same query: which part of a UNION is read first, and so what a limit leaves, may differ each time.
        within = f"?area zorg:partOf {node} . ?it ?way ?area . FILTER(?way IN ({', '.join(_AREAS)}) && {_IS_PROJECT})"
        found = sorted({*found, *_named_places(engine, within)})
    return found


def activities_in(engine: Engine, place: str) -> list[tuple[str, str]]:
    """List activities in a place and its parts: (activity, the place that is named)."""
    # They are few beside projects, of which a region has nearly all.
    found = " || ".join(
        f"EXISTS {{ ?it {way} {NamedNode(place)} }}" for way in (*_IN, *(f"{way}/zorg:partOf" for way in _AREAS))
    )
    return _named_places(engine, f"?it a zorg:Activity FILTER({found})")


def _named_places(engine: Engine, found: str) -> list[tuple[str, str]]:
    rows = reading.select(
        engine,
        f"""SELECT ?it ?place WHERE {{ {{ SELECT DISTINCT ?it WHERE {{ {found} }} LIMIT {MOST + 1} }}
        ?it zorg:takesPlaceIn ?place }}""",
    )
    return sorted((reading.value(row, "it"), reading.value(row, "place")) for row in rows)


def organisations_in(engine: Engine, places: Sequence[str]) -> list[str]:
    """List organisations that are based in some municipalities.

    :param places: IRIs; as many are asked about at once as give enough.
    """
    found: list[str] = []
    for start in range(0, len(places), _AT_ONCE):
        # A site of an organisation, which lies somewhere too, has no classification.
        query = f"""SELECT DISTINCT ?it WHERE {{ {reading.values("place", places[start : start + _AT_ONCE])}
        ?it zorg:inMunicipality ?place . FILTER EXISTS {{ ?it org:classification ?kind }} }} LIMIT {MOST + 1}"""
        found += reading.column(engine, query)
        if len(found) > MOST:
            break
    return sorted(dict.fromkeys(found))


def projects_by_concept(engine: Engine, scheme: str) -> dict[str, int]:
    """Count, for each concept of a framework, the projects and programmes that are connected with it in any way."""
    rows = reading.select(
        engine,
        f"""SELECT ?it (COUNT(DISTINCT ?project) AS ?projects) WHERE {{
        ?it skos:inScheme {NamedNode(scheme)} . ?project ?way ?it .
        FILTER(STRSTARTS(STR(?project), "{ID}project/") || STRSTARTS(STR(?project), "{ID}programme/")) }}
        GROUP BY ?it""",
    )
    return {reading.value(row, "it"): int(reading.value(row, "projects")) for row in rows if row["it"] is not None}


def sections(engine: Engine, source: str) -> list[str]:
    """List the sections of a source, in reading order."""
    return reading.column(
        engine,
        f"""SELECT ?it WHERE {{ ?it dcterms:isPartOf {NamedNode(source)} . FILTER EXISTS {{ ?it a zorg:Section }}
        OPTIONAL {{ ?it zorg:startOffset ?start }} }} ORDER BY ?start ?it LIMIT {MOST + 1}""",
    )


def counted(engine: Engine, source: str) -> dict[str, int]:
    """Count the `sections`, `passages` and `statements` of a source."""
    node = NamedNode(source)
    patterns = {
        "sections": f"?it dcterms:isPartOf {node} . FILTER EXISTS {{ ?it a zorg:Section }}",
        "passages": f"?it dcterms:isPartOf {node} . FILTER EXISTS {{ ?it a zorg:Passage }}",
        "statements": f"?passage dcterms:isPartOf {node} . ?it prov:wasDerivedFrom ?passage ; a zorg:Statement",
    }
    return {
        key: int(reading.value(reading.select(engine, f"SELECT (COUNT(DISTINCT ?it) AS ?n) WHERE {{ {one} }}")[0], "n"))
        for key, one in patterns.items()
    }


def pointing(engine: Engine, way: str, thing: str) -> list[str]:
    """List the things that point at a thing with a property.

    :param way: prefixed name of the property, ours and never a user's.
    """
    query = f"SELECT DISTINCT ?it WHERE {{ ?it {way} {NamedNode(thing)} }} LIMIT {MOST + 1}"
    return sorted(reading.column(engine, query))


def other_projects(engine: Engine, actors: Iterable[str], project: str, most: int) -> list[tuple[str, str]]:
    """List what else the actors of a project take part in; what most of them do comes first.

    :param actors: IRIs of organisations and groups.
    :param project: the project, which is left out.
    :param most: at most so many other projects.
    :returns: pairs of an actor and another project.
    """
    return _ties(engine, actors, project, most, "?it zorg:agent ?one ; zorg:project ?other .")


def other_partners(engine: Engine, projects: Iterable[str], actor: str, most: int) -> list[tuple[str, str]]:
    """List the organisations that take part in an actor's projects; those in most of them come first.

    :param projects: IRIs of projects.
    :param actor: the actor, which is left out.
    :param most: at most so many organisations.
    :returns: pairs of a project and an organisation.
    """
    # Groups of people connect nobody: residents take part nearly everywhere.
    tie = "?it zorg:project ?one ; zorg:agent ?other . FILTER NOT EXISTS { ?other a zorg:ActorGroup }"
    return _ties(engine, projects, actor, most, tie)


def _ties(engine: Engine, ones: Iterable[str], middle: str, most: int, tie: str) -> list[tuple[str, str]]:
    values = reading.values("one", ones)
    rows = reading.select(
        engine,
        f"""SELECT DISTINCT ?one ?other WHERE {{
        {{ SELECT ?other (COUNT(DISTINCT ?one) AS ?ties)
           WHERE {{ {values} {tie} FILTER(?other != {NamedNode(middle)}) }}
           GROUP BY ?other ORDER BY DESC(?ties) ?other LIMIT {most} }}
        {values} {tie} }}""",
    )
    return sorted((reading.value(row, "one"), reading.value(row, "other")) for row in rows)
