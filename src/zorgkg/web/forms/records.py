"""Records of collections as text: flat, with lists where a field may have several values and the form has lists.

JSON, GeoJSON and Parquet have lists, and the language of every text beside it. In the W3C's table formats and in CSV
several values stand in one cell, with a semicolon between two.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from pyoxigraph import Literal

from zorgkg.collection.declared import Property
from zorgkg.collection.reading import Record, Value
from zorgkg.questions.answering import Table
from zorgkg.results import Cell, Plain, plain
from zorgkg.rows import LANGUAGE
from zorgkg.terms import term
from zorgkg.web.forms import geometry, representations
from zorgkg.web.forms.representations import Form
from zorgkg.web.problems import ProblemError

BETWEEN: Final = "; "
"""What stands between several values of one cell."""

_WKT: Final = term("geo:wktLiteral")


def write(form: Form, properties: Sequence[Property], records: Sequence[Record], languages: bool) -> bytes:
    """Write records as a table.

    :param form: one of :data:`zorgkg.web.forms.representations.TABLE` that is no form of RDF.
    :param properties: the fields, in order.
    :param records: the records.
    :param languages: in CSV, a column with the language of each text.
    """
    if form.name == "json":
        return _listed([flat(properties, one) for one in records])
    if form.name == "geojson":
        features = _listed([_feature(properties, one) for one in records])
        return b'{"type":"FeatureCollection","features":' + features.rstrip() + b"}\n"
    if form.name == "parquet":
        return _parquet(properties, records)
    # Asked for here, as these columns' names differ from those of a question's labels.
    return representations.table(form, table(properties, records, languages and form.media == "text/csv"))


def columns(properties: Iterable[Property], languages: bool = True) -> list[str]:
    """Return the names of a record's members, or of a table's columns.

    :param properties: the fields.
    :param languages: whether the language of each text stands behind it.
    """
    found = []
    for one in properties:
        for name in one.columns:
            found.append(name)
            if languages and name == one.tagged:
                found.append(name + LANGUAGE)
    return found


def flat(properties: Sequence[Property], record: Record) -> dict[str, Any]:
    """Return a record as a flat JSON object; every record has every member."""
    made: dict[str, Any] = {}
    for one in properties:
        values = record.values.get(one.name, [])
        if one.kind == "point":
            longitude, latitude = _position(values)
            made |= {one.name: _wkt(values), "latitude": latitude, "longitude": longitude}
            continue
        made[one.name] = _told(one, [plain(each.term) for each in values])
        if one.kind == "thing":
            made[one.tagged] = _told(one, [each.label.value if each.label else None for each in values])
        if one.tagged:
            made[one.tagged + LANGUAGE] = _told(one, [_language(one, each) for each in values])
    return made


def table(properties: Sequence[Property], records: Sequence[Record], languages: bool) -> Table:
    """Return records as a table of terms, several values joined in one."""
    rows = []
    for record in records:
        row: list[Cell] = []
        for one in properties:
            values = record.values.get(one.name, [])
            if one.kind == "point":
                wkt = _wkt(values)
                longitude, latitude = _position(values)
                row.append(None if wkt is None else Literal(wkt, datatype=_WKT))
                row += [None if number is None else Literal(number) for number in (latitude, longitude)]
                continue
            row.append(_cell([each.term for each in values]))
            if one.kind == "thing":
                row.append(_cell([each.label for each in values if each.label]))
            if one.tagged and languages:
                row.append(_cell([Literal(_language(one, each) or "") for each in values]))
        rows.append(tuple(row))
    return Table(tuple(columns(properties, languages)), rows, "", False)


def _listed(made: Sequence[Any]) -> bytes:
    """A JSON array, a record a line."""
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in made]
    return b"[]\n" if not lines else ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _told(one: Property, values: list[Plain]) -> Plain | list[Plain]:
    if one.many:
        return values
    return values[0] if values else None


def _language(one: Property, value: Value) -> str | None:
    text = value.label if one.kind == "thing" else value.term
    return text.language if isinstance(text, Literal) else None


def _cell(terms: Sequence[Cell]) -> Cell:
    if len(terms) < 2:
        return terms[0] if terms else None
    texts = [one.value for one in terms if one is not None and hasattr(one, "value")]
    tags = {one.language if isinstance(one, Literal) else None for one in terms}
    tag = tags.pop() if len(tags) == 1 else None
    return Literal(BETWEEN.join(texts), language=tag) if tag else Literal(BETWEEN.join(texts))


# Points


def _feature(properties: Sequence[Property], record: Record) -> dict[str, Any]:
    told = [one for one in properties if one.kind != "point"]
    values = [each for one in properties if one.kind == "point" for each in record.values[one.name]]
    try:
        found = [geometry.coordinates(each.term.value) for each in values]
    except ValueError as error:
        raise ProblemError(406, "no-geojson", f"the point of {record.iri}: {error}") from None
    # What it is called everywhere, also where `fields` leaves it out (RFC 7946, section 3.2).
    return {"type": "Feature", "id": record.iri, "properties": flat(told, record), "geometry": _joined(found)}


def _shapes(values: Sequence[Value]) -> list[dict[str, Any]]:
    """The geometries, or none where one of them is written in a way that we cannot read."""
    try:
        return [geometry.coordinates(each.term.value) for each in values]
    except ValueError:
        return []


def _joined(found: list[dict[str, Any]]) -> dict[str, Any] | None:
    if len(found) < 2:
        return found[0] if found else None
    if all(one["type"] == "Point" for one in found):
        return {"type": "MultiPoint", "coordinates": [one["coordinates"] for one in found]}
    return {"type": "GeometryCollection", "geometries": found}


def _position(values: Sequence[Value]) -> tuple[float | None, float | None]:
    """Longitude and latitude, where it is one point."""
    found = _shapes(values)
    if len(found) == 1 and found[0]["type"] == "Point":
        longitude, latitude, *_ = found[0]["coordinates"]
        return longitude, latitude
    return None, None


def _wkt(values: Sequence[Value]) -> str | None:
    """One WKT text: the points of several places are one geometry of several points."""
    found = _shapes(values)
    if len(found) < 2 or any(one["type"] != "Point" for one in found):
        return BETWEEN.join(each.term.value for each in values) or None
    points = ", ".join(f"({' '.join(map(str, one['coordinates']))})" for one in found)
    return f"MULTIPOINT ({points})"


# Parquet


def _parquet(properties: Sequence[Property], records: Sequence[Record]) -> bytes:
    # Loaded when it is first asked for: it takes longer to load than most lists take to make.
    import pyarrow
    from pyarrow import parquet

    made: dict[str, Any] = {}
    rows = [flat(properties, one) for one in records]
    for one in properties:
        for name in columns([one]):
            own = name == one.name
            kind = _type(one.kind) if own else "float64" if one.kind == "point" else "string"
            arrow = getattr(pyarrow, kind)()
            values = [_stored(kind, row[name]) for row in rows]
            made[name] = pyarrow.array(values, pyarrow.list_(arrow) if one.many and one.kind != "point" else arrow)
    output = io.BytesIO()
    parquet.write_table(pyarrow.table(made), output, compression="snappy")
    return output.getvalue()


def _type(kind: str) -> str:
    return {"integer": "int64", "boolean": "bool_", "date": "date32"}.get(kind, "string")


def _stored(kind: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_stored(kind, one) for one in value]
    if kind == "date32" and value is not None:
        return date.fromisoformat(value)
    return str(value) if kind == "string" and value is not None else value
