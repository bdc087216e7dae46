"""The atlas: where the municipalities lie, and the pale map that they make; the same for all pages of a version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Final

from markupsafe import Markup

from zorgkg.engine import reading
from zorgkg.engine.interface import Engine
from zorgkg.languages import LABEL_PROPERTY
from zorgkg.terms import shorten
from zorgkg.web.drawing import pictures
from zorgkg.web.drawing.geography import Frame, near, point
from zorgkg.web.once import Once
from zorgkg.web.things.descriptions import Name

Point = tuple[float, float]
"""Longitude and latitude."""

NEIGHBOURS: Final = 6
"""So many municipalities near a shown one tell their names on hovering."""


@dataclass(frozen=True)
class Atlas:
    """Where municipalities lie.

    :param points: IRI of a municipality → where it lies.
    :param names: IRI of a municipality → its name, in the language of the atlas.
    :param areas: IRI of an area → the municipalities in it.
    :param home: those of Flanders and Brussels, which have a code of the Belgian register.
    :param frame: what a map of those shows; None without any.
    :param ground: their dots on it.
    :param beside: IRI of a municipality → the nearest, as far as somebody asked.
    """

    points: dict[str, Point]
    names: dict[str, Name]
    areas: dict[str, list[str]]
    home: list[str]
    frame: Frame | None
    ground: Markup
    beside: dict[str, list[str]] = field(default_factory=dict)

    def around(self, shown: Iterable[Point]) -> tuple[Frame, Markup] | None:
        """Return the frame and the pale dots of a map on which some places lie, larger than usual where need be.

        :returns: None when there is nothing to show, or no map.
        """
        places = list(shown)
        if self.frame is None or not places:
            return None
        if all(self.frame.holds(*one) for one in places):
            return self.frame, self.ground
        points = [self.points[one] for one in self.home]
        frame = Frame.around([*points, *places])
        return frame, pictures.ground(points, frame)

    def neighbours(self, municipalities: Iterable[str]) -> list[str]:
        """Return the municipalities that lie nearest to some, without themselves."""
        shown = [one for one in municipalities if one in self.points]
        found: dict[str, None] = {}
        for one in shown:
            found.update(dict.fromkeys(self._nearest(one)))
        return [one for one in found if one not in shown]

    def _nearest(self, one: str) -> list[str]:
        """The municipalities nearest to one, and itself."""
        if one not in self.beside:
            here = self.points[one]
            self.beside[one] = nsmallest(NEIGHBOURS + 1, self.home, lambda other: near(here, self.points[other]))
        return self.beside[one]


def _made(engine: Engine, language: str) -> Atlas:
    points: dict[str, Point] = {}
    names: dict[str, Name] = {}
    home = []
    for row in reading.select(
        engine,
        f"""SELECT DISTINCT ?it ?wkt ?nis ?label WHERE {{ ?it a zorg:Municipality ; geo:hasGeometry/geo:asWKT ?wkt .
        OPTIONAL {{ ?it zorg:nisCode ?nis }} OPTIONAL {{ ?it {LABEL_PROPERTY[language]} ?label }} }} ORDER BY ?it""",
    ):
        where, iri = point(reading.value(row, "wkt")), reading.value(row, "it")
        if where and iri not in points:
            points[iri] = where
            names[iri] = Name(iri, *reading.text(row, "label")) if row["label"] else Name(iri, shorten(iri))
            if row["nis"] is not None:
                home.append(iri)
    areas: dict[str, list[str]] = {}
    within = "SELECT DISTINCT ?it ?area WHERE { ?it a zorg:Municipality ; zorg:partOf+ ?area } ORDER BY ?it"
    for row in reading.select(engine, within):
        areas.setdefault(reading.value(row, "area"), []).append(reading.value(row, "it"))
    if not home:
        return Atlas(points, names, areas, home, None, Markup())
    frame = Frame.around([points[one] for one in home])
    return Atlas(points, names, areas, home, frame, pictures.ground([points[one] for one in home], frame))


of: Final = Once(_made, "the map")
"""Returns the atlas of the version that an engine answers on, in a language."""
