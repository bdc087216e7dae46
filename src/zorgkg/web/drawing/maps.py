"""Maps: the municipalities where a thing is, and those beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import Triple

from zorgkg.terms import term
from zorgkg.web.drawing import atlas
from zorgkg.web.things import facts
from zorgkg.web.things.naming import Namer
from zorgkg.web.things.portraits import Map, Placed

LABELLED: Final = 12
"""With more municipalities than these, those beside them are of no use."""

_IN: Final = term("zorg:inMunicipality")


def of(iri: str, kind: str, own: Sequence[Triple], name: Namer) -> Map | None:
    """Return where a thing is.

    :param iri: the thing.
    :param kind: the `{type}` part of its IRI; places, projects, programmes, activities and
        organisations lie somewhere.
    :param own: what the graph says of it.
    :param name: knows the engine and the language.
    """
    known = atlas.of(name.engine, name.language)
    chosen = [one for one in _municipalities(iri, kind, own, known, name) if one in known.points]
    drawn = known.around(known.points[one] for one in chosen)
    if drawn is None:
        return None
    frame, ground = drawn
    beside = known.neighbours(chosen) if len(chosen) <= LABELLED else []
    placed = {one: Placed(known.names[one], *known.points[one]) for one in (*chosen, *beside)}
    return Map(frame, ground, [placed[one] for one in chosen], [placed[one] for one in beside])


def _municipalities(iri: str, kind: str, own: Sequence[Triple], known: atlas.Atlas, name: Namer) -> list[str]:
    if kind in ("project", "programme", "activity", "organisation"):
        return list(dict.fromkeys(facts.objects(own, _IN)))
    if kind != "place":
        return []
    for one in (iri, *facts.above(iri, kind, own, name)):
        if one in known.points:
            return [one]
    return known.areas.get(iri, [])
