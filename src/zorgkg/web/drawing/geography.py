"""Geography: points, and where they lie on a flat picture of Flanders and Brussels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from zorgkg.web.forms.geometry import coordinates

_BROAD, _TALL = 2.4, 1.1
_MARGIN: Final = 0.04


def point(text: str) -> tuple[float, float] | None:
    """Return the longitude and latitude of a point.

    :param text: a `geo:wktLiteral`.
    :returns: None when it is no point of the globe.
    """
    try:
        found = coordinates(text)
    except ValueError:
        return None
    if found["type"] != "Point" or not found["coordinates"]:
        return None
    longitude, latitude = found["coordinates"][:2]
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None


@dataclass(frozen=True)
class Frame:
    """What a map shows: its middle, and how many degrees it is wide and high.

    :param form: `broad` or `tall`, as the style sheet knows the ratio of its sides.
    """

    longitude: float
    latitude: float
    width: float
    height: float
    form: str

    @classmethod
    def around(cls, points: Iterable[tuple[float, float]]) -> Frame:
        """Return the frame in which all points lie.

        :param points: longitudes and latitudes; at least one.
        """
        across, up = zip(*points, strict=True)
        east, west, north, south = max(across), min(across), max(up), min(up)
        longitude, latitude = (east + west) / 2, (north + south) / 2
        # So far north a degree across is shorter than a degree up; nearly the same everywhere on such a map.
        shrink = math.cos(math.radians(latitude))
        width = max(east - west, 0.1) * shrink * (1 + 2 * _MARGIN)
        height = max(north - south, 0.05) * (1 + 2 * _MARGIN)
        form = "broad" if width / height >= (_BROAD + _TALL) / 2 else "tall"
        ratio = _BROAD if form == "broad" else _TALL
        width, height = max(width, height * ratio), max(height, width / ratio)
        return cls(longitude, latitude, width / shrink, height, form)

    @property
    def ratio(self) -> float:
        """Its width by its height, as a picture."""
        return _BROAD if self.form == "broad" else _TALL

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a point lies: percent from the left and from the top."""
        x = 50 + 100 * (longitude - self.longitude) / self.width
        y = 50 - 100 * (latitude - self.latitude) / self.height
        return round(x, 2), round(y, 2)

    def holds(self, longitude: float, latitude: float) -> bool:
        """Tell whether a point lies within."""
        across, up = abs(longitude - self.longitude), abs(latitude - self.latitude)
        return 2 * across <= self.width and 2 * up <= self.height


def near(place: tuple[float, float], other: tuple[float, float]) -> float:
    """Return how far apart two points are, in a measure that sorts rightly over short distances."""
    across = (place[0] - other[0]) * math.cos(math.radians(place[1]))
    return across * across + (place[1] - other[1]) ** 2
