"""The operations of the collections, made of their declarations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from zorgkg.collection.declared import Collection, Property, Texts, texts
from zorgkg.collection.table import COLLECTIONS
from zorgkg.collection.values import FEW
from zorgkg.languages import LANGUAGES
from zorgkg.web import lists
from zorgkg.web.openapi import operation, schemas
from zorgkg.web.openapi.known import Known
from zorgkg.web.openapi.operation import Operation, Parameter, Schema
from zorgkg.web.things import details

TAG = "collections"
READ = (400, 404, 406, 422, 502, 503, 504)
"""Statuses of problems that a read may answer with."""

_LONG = ("iri", "slug", "description")
"""Fields that an example does without."""

_DAY: Schema = {"type": "string", "format": "date"}
_HEADERS = ("Link", "X-Zorgkg-Version", "Content-Language", "ETag")


def operations(known: Known) -> Iterator[Operation]:
    """Give the operations of all collections.

    :param known: the values of filters and slugs.
    """
    for collection in COLLECTIONS.values():
        yield _list(collection, known)
        if collection.name == "versions":
            continue
        yield _one(collection, known)
    components = COLLECTIONS["components"]
    yield _components(known)
    yield _one(components, known, "framework-component", "/api/frameworks")


def filters(collection: Collection, known: Known, without: Sequence[str] = ()) -> list[Parameter]:
    """Return the parameters that filter a collection."""
    return [_filter(one, known) for name, one in collection.filters.items() if name not in without]


def _list(collection: Collection, known: Known) -> Operation:
    return _listing(collection, known, collection.name, f"/api/{collection.name}", collection.title, ())


def _components(known: Known) -> Operation:
    title = texts("Componenten van een kader", "Composantes d'un cadre", "Components of a framework")
    scheme = _slug(COLLECTIONS["frameworks"], known, "scheme")
    path = "/api/frameworks/{scheme}/components"
    return _listing(COLLECTIONS["components"], known, "framework-components-list", path, title, [scheme])


def _listing(
    collection: Collection, known: Known, name: str, path: str, title: Texts, before: Sequence[Parameter]
) -> Operation:
    forms = lists.forms(collection)
    fields = list(collection.fields)
    own = {
        "from": Parameter(
            "from",
            texts(
                "Wat op deze dag of later nog doorgaat; zonder datum valt het weg.",
                "Ce qui a encore lieu ce jour-là ou plus tard ; sans date, c'est omis.",
                "What still goes on on this day or later; what has no day is left out.",
            ),
            _DAY,
            example="2025-10-05",
        ),
        "to": Parameter(
            "to",
            texts(
                "Wat op deze dag of eerder begonnen is.",
                "Ce qui a commencé ce jour-là ou plus tôt.",
                "What has begun on this day or before.",
            ),
            _DAY,
            example="2025-12-31",
        ),
        "q": Parameter(
            "q",
            texts(
                "Woorden die in de namen of de beschrijving voorkomen.",
                "Mots présents dans les noms ou la description.",
                "Words in its names or description.",
            ),
            {"type": "string", "maxLength": lists.LONGEST},
            example="buurt",
        ),
        "sort": Parameter(
            "sort",
            texts("Volgorde; - is omgekeerd.", "Ordre ; - l'inverse.", "Order; - reverses it."),
            {"type": "string", "enum": list(collection.orders), "default": collection.order},
        ),
        "limit": operation.limit(lists.MOST, lists.LIMIT),
        "offset": operation.offset(lists.FARTHEST),
        "fields": Parameter(
            "fields",
            _fields_told(collection),
            {"type": "array", "items": {"type": "string", "enum": fields}},
            joined=True,
            example=[one.name for one in collection.fields.values() if one.shown and one.name not in _LONG][:3],
        ),
        "lang": operation.language(),
        "format": operation.form(forms),
        "excel": operation.excel(),
        "languages": operation.languages(),
    }
    chosen = [own[one] for one in lists.own(collection)]
    narrowed = filters(collection, known, ["framework"] if before else [])
    item = schemas.record([*collection.fields.values()], False)
    return Operation(
        name,
        path,
        TAG,
        title,
        [*before, *narrowed, *chosen, operation.version()],
        schemas.table(item, forms),
        collection.description,
        READ,
        _HEADERS,
    )


def _one(collection: Collection, known: Known, name: str = "", above: str = "") -> Operation:
    parts = ("scheme", "component" if collection.name == "components" else "concept")
    path = above or f"/api/{collection.name}"
    if collection.type == "framework" and collection.name != "frameworks":
        path += f"/{{{parts[0]}}}/{{{parts[1]}}}"
        slugs = [_slug_part(collection, known, place, part) for place, part in enumerate(parts)]
    else:
        path += "/{slug}"
        slugs = [_slug(collection, known, "slug")]
    item = schemas.record([*collection.fields.values()], True)
    item["properties"] |= _dossier(collection)
    told = texts(
        f"{collection.title['nl']}: één, met alles wat erover gezegd wordt",
        f"{collection.title['fr']} : un seul élément, avec tout ce qui en est dit",
        f"{collection.title['en']}: one, with all that is said of it",
    )
    answers = schemas.graph([one for one in details.FORMS if one != "json"])
    return Operation(
        name or f"{collection.name}-one",
        path,
        TAG,
        told,
        [
            *slugs,
            operation.language(),
            operation.form(details.FORMS),
            operation.version(),
        ],
        {"application/json": item, **answers},
        collection.description,
        READ,
        _HEADERS,
    )


def _fields_told(collection: Collection) -> Texts:
    """What `fields` does, and what each field is."""
    lead = texts(
        "Alleen deze velden, in deze volgorde; zonder deze parameter die met *.",
        "Seulement ces champs, dans cet ordre ; sans ce paramètre, ceux avec *.",
        "Only these fields, in this order; without this parameter those with *.",
    )
    return {
        tag: lead[tag]
        + "".join(
            f"\n- `{one.name}`{'*' if one.shown else ''}: {one.description[tag]}" for one in collection.fields.values()
        )
        for tag in LANGUAGES
    }


def _filter(one: Property, known: Known) -> Parameter:
    choices = known.of(one)
    value: Schema = {"type": "string"}
    example: Any = None
    name = ""
    if choices and len(choices) <= FEW:
        value["enum"] = [each.value for each in choices]
        name = f"{one.cls.rpartition(':')[2]}Slug{one.within.title().replace('-', '')}" if one.cls else ""
    if choices:
        example = [choices[0].value]
    how = texts(
        "Een slug, een pad onder /id/ of een IRI; meer dan één: één ervan volstaat.",
        "Un slug, un chemin sous /id/ ou un IRI ; plusieurs : l'un d'eux suffit.",
        "A slug, a path below /id/ or an IRI; of several, any fits.",
    )
    several = texts("Meer dan één: één ervan volstaat.", "Plusieurs : l'un d'eux suffit.", "Of several, any fits.")
    hint = several if one.words else how
    told = {tag: f"{one.description[tag]} {hint[tag]}" for tag in LANGUAGES}
    return Parameter(one.name, told, {"type": "array", "items": value}, example=example, values_name=name)


def _slug(collection: Collection, known: Known, name: str) -> Parameter:
    return _path_parameter(name, known.slugs(collection))


def _slug_part(collection: Collection, known: Known, part: int, name: str) -> Parameter:
    # The parts of one thing: its scheme alone leads nowhere, so that only an example is given.
    slugs = known.slugs(collection)[:1]
    return _path_parameter(name, [slug.split("/")[part] for slug in slugs], False)


def _path_parameter(name: str, slugs: Sequence[str], all_of: bool = True) -> Parameter:
    told = texts("Het laatste deel van haar pad.", "La dernière partie de son chemin.", "The last part of its path.")
    schema: Schema = {"type": "string", "pattern": "^[^/]+$"}
    if all_of and slugs and len(slugs) <= FEW:
        schema = {"type": "string", "enum": list(slugs)}
    return Parameter(name, told, schema, "path", True, example=slugs[0] if slugs else None)


def _dossier(collection: Collection) -> dict[str, Schema]:
    """The schemas of what a record of one thing has beside its fields."""
    by_language: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
    objects: Schema = {"type": "array", "items": {"type": "object"}}
    claim: Schema = {
        "type": "object",
        "required": ["iri", "evidence"],
        "properties": {
            "iri": {"type": "string", "format": "iri"},
            "evidence": {"type": "array", "items": {"$ref": "#/components/schemas/Evidence"}},
        },
    }
    claims: Schema = {"type": "array", "items": claim}
    names = {
        "project": ("places", "participations", "positionings", "claims", "figures"),
        "organisation": ("participations",),
    }
    return {
        "labels": by_language,
        "descriptions": by_language,
        "facts": objects,
        **dict.fromkeys(names.get(collection.type, ()), claims),
        **({} if collection.type == "dataset" else {"statements": claims}),
    }
