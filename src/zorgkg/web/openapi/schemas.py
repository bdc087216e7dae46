"""Schemas of what is answered: problems, flat records, features, and the texts of the other forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from zorgkg.collection.declared import Kind, Property
from zorgkg.rows import LANGUAGE
from zorgkg.web.forms.representations import FORMS
from zorgkg.web.openapi.operation import Schema
from zorgkg.web.problems import MEDIA_TYPE

NOTES: Final[Schema] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["message", "sheet", "row", "column", "name"],
        "properties": {
            "message": {"type": "string"},
            "sheet": {"type": ["string", "null"]},
            "row": {"type": ["integer", "null"]},
            "column": {"type": ["integer", "null"]},
            "name": {"type": ["string", "null"]},
        },
    },
}
"""What is told of a table that is sent, with its places."""

PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "parameter": {"type": "string"},
        "allowed": {"type": "array", "items": {"type": "string"}},
        "near": {"type": "array", "items": {"type": "string"}},
        "notes": NOTES,
    },
}

_TEXT: Final[Schema] = {"type": "string"}
_PLAIN: Final[Mapping[Kind, Schema]] = {
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "thing": {"type": "string", "format": "iri"},
    "iri": {"type": "string", "format": "iri"},
}
GEOMETRY: Final[Schema] = {
    "type": ["object", "null"],
    "required": ["type"],
    "properties": {"type": {"type": "string"}, "coordinates": {"type": "array"}, "geometries": {"type": "array"}},
}


EVIDENCE: Final[Schema] = {
    "type": "object",
    "required": ["assertion", "basis", "strength", "agreement", "coder", "source", "section", "start", "end", "page"],
    "properties": {
        "assertion": {"type": "string", "format": "iri"},
        "href": {"type": "string", "format": "uri"},
        **{
            name: {"type": ["string", "null"], "format": "iri"}
            for name in ("basis", "strength", "agreement", "source", "section", "passage")
        },
        "coder": {"type": "array", "items": {"type": "string"}},
        **{name: {"type": ["integer", "null"]} for name in ("start", "end", "page")},
    },
}


def problem() -> dict[str, Any]:
    """Return the content of a problem, which a browser is shown as a page."""
    return {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}, "text/html": {"schema": _TEXT}}


def nullable(schema: Schema) -> Schema:
    """Return a schema that null fits too."""
    kinds = schema.get("type")
    if kinds is None:
        return schema
    listed = [kinds] if isinstance(kinds, str) else list(kinds)
    return {**schema, "type": [*listed, *(["null"] if "null" not in listed else [])]}


def members(one: Property) -> dict[str, Schema]:
    """Return the schemas of the members of a record that tell a property."""
    if one.kind == "point":
        number: Schema = {"type": ["number", "null"]}
        return {one.name: {"type": ["string", "null"]}, "latitude": number, "longitude": number}
    value = {"type": "string", "enum": list(one.words)} if one.words else dict(_PLAIN.get(one.kind, _TEXT))
    found = {one.name: _several(value) if one.many else nullable_value(one, value)}
    if one.kind == "thing":
        found[one.tagged] = _several(nullable(_TEXT)) if one.many else nullable(_TEXT)
    if one.tagged:
        found[one.tagged + LANGUAGE] = _several(nullable(_TEXT)) if one.many else nullable(_TEXT)
    return found


def nullable_value(one: Property, value: Schema) -> Schema:
    """Return the schema of a property that a thing may lack; all have an IRI, a slug and a label."""
    if one.kind in ("slug", "label") or (one.kind == "iri" and not one.path):
        return value
    if "enum" in value:
        return {"type": ["string", "null"], "enum": [*value["enum"], None]}
    return nullable(value)


def record(properties: Sequence[Property], all_of: bool) -> Schema:
    """Return the schema of a flat record.

    :param properties: the fields that it may have.
    :param all_of: whether it has all of them, and may have other members too.
    """
    told = {name: schema for one in properties for name, schema in members(one).items()}
    made: Schema = {"type": "object", "properties": told}
    return {**made, "required": list(told)} if all_of else {**made, "additionalProperties": False}


def table(item: Schema, names: Sequence[str]) -> dict[str, Schema]:
    """Return the schemas of all forms of a table.

    :param item: schema of a flat record.
    :param names: names of forms.
    """
    return {FORMS[name].media: _form(name, item) for name in names}


def graph(names: Sequence[str]) -> dict[str, Schema]:
    """Return the schemas of forms of a graph."""
    return {FORMS[name].media: _form(name, {}) for name in names}


def _form(name: str, item: Schema) -> Schema:
    if name == "json":
        return {"type": "array", "items": item}
    if name == "geojson":
        properties = {key: value for key, value in item["properties"].items() if key not in _POSITION}
        features: Schema = {
            "type": "object",
            "required": ["type", "properties", "geometry"],
            "properties": {
                "type": {"const": "Feature"},
                "id": {"type": "string", "format": "iri"},
                "properties": {"type": "object", "properties": properties},
                "geometry": GEOMETRY,
            },
        }
        return {
            "type": "object",
            "required": ["type", "features"],
            "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": features}},
        }
    if name == "sparql-json":
        return {
            "type": "object",
            "required": ["head", "results"],
            "properties": {
                "head": {"type": "object", "required": ["vars"]},
                "results": {"type": "object", "required": ["bindings"]},
            },
        }
    if name == "jsonld":
        return {"type": "object", "properties": {"@context": {"type": "object"}}}
    return {"type": "string", "format": "binary"} if name == "parquet" else _TEXT


_POSITION: Final = ("point", "latitude", "longitude")


def _several(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}
