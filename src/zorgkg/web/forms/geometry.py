"""Geometry: tables with points and areas as GeoJSON (RFC 7946), which has longitude first, in WGS 84."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final

from pyoxigraph import Literal

from zorgkg.results import Cell
from zorgkg.rows import Rows, array, read
from zorgkg.terms import PREFIXES
from zorgkg.web.problems import ProblemError

_WKT: Final = PREFIXES["geo"] + "wktLiteral"
_LONGITUDE_FIRST: Final = ("", "http://www.opengis.net/def/crs/OGC/1.3/CRS84")
_LATITUDE_FIRST: Final = (
    "http://www.opengis.net/def/crs/EPSG/0/4326",
    "http://www.opengis.net/def/crs/EPSG/9.9.1/4326",
    "https://www.opengis.net/def/crs/EPSG/0/4326",
)
_KINDS: Final = {
    "POINT": ("Point", 0),
    "LINESTRING": ("LineString", 1),
    "POLYGON": ("Polygon", 2),
    "MULTIPOINT": ("MultiPoint", 1),
    "MULTILINESTRING": ("MultiLineString", 2),
    "MULTIPOLYGON": ("MultiPolygon", 3),
}
"""Kind in WKT → kind in GeoJSON, and how many lists lie around a position."""

_WKT_FORM: Final = re.compile(
    r"\s*(?:<([^>]*)>\s*)?([A-Za-z]+)\s*(Z|M|ZM)?\s*(EMPTY|\(.*\))\s*", re.DOTALL | re.IGNORECASE
)
_NUMBER: Final = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_POSITION: Final = re.compile(rf"{_NUMBER}(?:\s+{_NUMBER}){{1,3}}")


def geojson(found: Rows) -> bytes:
    """Write a table as a GeoJSON FeatureCollection: a feature a row, with the other columns as its properties.

    :param found: one column has geometries as WKT (GeoSPARQL 1.1, section 8.5.1); the first such column is meant. A row
        without one has no geometry.
    :raises ProblemError: 406, no column has any, or one is written in a way that GeoJSON cannot hold.
    """
    place = _column(found)
    if place is None:
        if found.lines:
            raise ProblemError(406, "no-geometry", "no column of this answer has geometries, so it is no GeoJSON")
        return b'{"type":"FeatureCollection","features":[]}\n'
    # The geometry goes last, behind the properties.
    order = [*(one for one in range(len(found.columns)) if one != place), place]
    moved = Rows(
        tuple(found.columns[one] for one in order),
        ["\t".join(cells[one] for one in order) for cells in found.cells()],
    )
    *names, name = moved.columns
    properties = ",".join(json.dumps(one, ensure_ascii=False).replace("%", "%%") + ":%s" for one in names)
    template = f'{{"type":"Feature","properties":{{{properties}}},"geometry":%s}}'
    geometries: Callable[[str], str] = partial(_member, name)
    features = array(moved.assembled({**moved.members(), name: geometries}, template))
    return b'{"type":"FeatureCollection","features":' + features.rstrip() + b"}\n"


def has_any(rows: Iterable[Sequence[Cell]]) -> bool:
    """Tell whether a table has geometries as WKT."""
    return any(isinstance(cell, Literal) and cell.datatype.value == _WKT for row in rows for cell in row)


def coordinates(wkt: str) -> dict[str, Any]:
    """Return the GeoJSON geometry of a WKT text.

    :param wkt: perhaps with the IRI of its coordinate system in front (GeoSPARQL 1.1, section 8.5.1): CRS 84, or EPSG
        4326, which has latitude first.
    :raises ValueError: it is no such text; the message says what is wrong.
    """
    form = _WKT_FORM.fullmatch(wkt)
    if form is None or form[2].upper() not in _KINDS:
        raise ValueError(f"{wkt[:80]!r} is no geometry of a kind that GeoJSON has ({', '.join(_KINDS)})")
    system = form[1] or ""
    if system not in (*_LONGITUDE_FIRST, *_LATITUDE_FIRST):
        raise ValueError(f"the coordinate system <{system}> is not WGS 84")
    kind, depth = _KINDS[form[2].upper()]
    if form[4].upper() == "EMPTY":
        return {"type": kind, "coordinates": []}
    has_measure = (form[3] or "").upper().endswith("M")
    text = _POSITION.sub(lambda one: _position(one[0], system in _LATITUDE_FIRST, has_measure), form[4])
    text = text.replace("(", "[").replace(")", "]")
    try:
        found = json.loads(text)
    except ValueError:
        raise ValueError(f"{wkt[:80]!r} is no WKT") from None
    if kind == "Point" and len(found) == 1:
        found = found[0]
    elif kind == "MultiPoint":
        # Each may stand in brackets of its own, or not.
        found = [one[0] if isinstance(one[0], list) else one for one in found]
    if _depth(found) != depth:
        raise ValueError(f"{wkt[:80]!r} is no {kind}")
    return {"type": kind, "coordinates": found}


def _position(text: str, swapped: bool, has_measure: bool) -> str:
    numbers = [float(one) for one in text.split()]
    if has_measure:
        numbers = numbers[:-1]
    first, second, *height = numbers
    return json.dumps([second, first, *height] if swapped else [first, second, *height])


def _depth(found: Any) -> int:
    """How many lists lie around each position; -1 where that differs, or where there is none."""
    if not isinstance(found, list) or not found:
        return -1
    if all(isinstance(one, float) for one in found):
        return 0
    depths = {_depth(one) for one in found}
    return 1 + depths.pop() if len(depths) == 1 and -1 not in depths else -1


def _column(found: Rows) -> int | None:
    left = set(range(len(found.columns)))
    for cells in found.cells():
        for place in sorted(left):
            if cells[place]:
                if read(cells[place]).datatype == _WKT:
                    return place
                left.discard(place)
        if not left:
            break
    return None


def _member(column: str, cell: str) -> str:
    if not cell:
        return "null"
    try:
        return json.dumps(coordinates(read(cell).text))
    except ValueError as error:
        raise ProblemError(406, "no-geojson", f"column {column}: {error}") from None
