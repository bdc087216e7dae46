"""The operations that read: what there is, things and the vocabulary, search, and whether the service answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from zorgkg.collection.declared import texts
from zorgkg.search import schema
from zorgkg.terms import THING_TYPES
from zorgkg.web import api, questions, searching
from zorgkg.web.catalogue import datasets, ontology, void
from zorgkg.web.openapi import operation, schemas
from zorgkg.web.openapi.operation import Operation, Parameter, Schema
from zorgkg.web.things import entities

_SEGMENT: Final = r'^(?!\.{1,2}$)[^\u0000-\u0020\u007f<>"{}|\\^`/?#\ufffd]+$'
"""What can be part of an IRI of ours."""

_TEXT: Final[Schema] = {"type": "string"}
_OBJECT: Final[Schema] = {"type": "object"}
_READ: Final = (400, 404, 406, 502, 503, 504)
_VERSION: Final = ("X-Zorgkg-Version",)


def operations() -> Iterator[Operation]:
    """Give the operations that read, but for collections and questions."""
    yield from _catalogue()
    yield _search()
    yield from _things()
    yield from _service()


def _catalogue() -> Iterator[Operation]:
    yield Operation(
        "api",
        "/api",
        "service",
        texts("Wat de API heeft", "Ce que contient l'API", "What the API has"),
        [operation.language(), operation.form(api.FORMS)],
        {"application/json": _OBJECT, "text/html": _TEXT},
        problems=(400, 406),
        headers=_VERSION,
    )
    row: Schema = {"type": "object", "properties": dict.fromkeys(questions.COLUMNS, _TEXT)}
    yield Operation(
        "questions",
        "/api/questions",
        "service",
        texts("Alle vragen, met hun parameters", "Toutes les questions, avec leurs paramètres", "All questions"),
        [
            operation.language(),
            operation.form(questions.CATALOGUE),
            operation.excel(),
            operation.version(),
        ],
        schemas.table(row, questions.CATALOGUE) | {"application/json": {"type": "array", "items": _OBJECT}},
        problems=(*_READ, 422),
        headers=("X-Zorgkg-Version", "Content-Language", "ETag"),
    )
    yield Operation(
        "openapi",
        "/api/openapi.json",
        "service",
        texts("Deze beschrijving", "Cette description", "This description"),
        [operation.language(), operation.version()],
        {"application/json": {"type": "object", "required": ["openapi", "info", "paths"]}},
        problems=(400, 404, 502, 503, 504),
        headers=("X-Zorgkg-Version", "Content-Language"),
    )


def _search() -> Operation:
    sought = texts("Wat gezocht wordt.", "Ce qui est cherché.", "What to look for.")
    kinds = texts("Alleen deze soorten.", "Seulement ces types.", "Only these kinds.")
    text: Schema = {"type": ["string", "null"]}
    item: Schema = {
        "type": "object",
        "required": ["iri", "type", "label", "href", "rank"],
        "properties": {
            "iri": {"type": "string", "format": "iri"},
            "type": {"type": "string", "enum": list(schema.KINDS)},
            "label": {"type": "string"},
            **dict.fromkeys(("typeLabel", "labelLang", "alternative", "description", "descriptionLang"), text),
            "href": {"type": "string", "format": "iri"},
            "rank": {"type": "number", "minimum": 0, "maximum": 1},
        },
    }
    return Operation(
        "search",
        "/api/search",
        "collections",
        texts("Zoeken in alles", "Chercher partout", "Search everything"),
        [
            Parameter(
                "q",
                sought,
                {"type": "string", "minLength": 1, "maxLength": searching.LONGEST},
                required=True,
                example="buurt",
                may_be_empty=False,
            ),
            Parameter("type", kinds, {"type": "array", "items": {"type": "string", "enum": list(schema.KINDS)}}),
            operation.limit(searching.MOST, searching.USUAL),
            operation.language(),
            operation.form(searching.FORMS),
            operation.excel(),
            operation.languages(),
            operation.version(),
        ],
        schemas.table(item, searching.FORMS),
        texts(
            "Op naam of op woorden, het best passende eerst; accenten en kleine fouten worden vergeven.",
            "Par nom ou par mots, le plus pertinent d'abord ; accents et petites fautes sont pardonnés.",
            "By name or words, the best first; accents and small mistakes are forgiven.",
        ),
        (400, 404, 406, 422, 501, 503, 504),
        ("X-Zorgkg-Version", "Content-Language", "ETag"),
    )


def _things() -> Iterator[Operation]:
    kind = texts("Soort ding.", "Type de chose.", "Kind of thing.")
    slug = texts(
        "Het laatste deel van de IRI; van een component kader/component.",
        "La dernière partie de l'IRI ; d'une composante cadre/composante.",
        "The last part of its IRI; of a component framework/component.",
    )
    path = [
        Parameter("type", kind, {"type": "string", "enum": list(THING_TYPES)}, "path", True, example="framework"),
        Parameter("slug", slug, {"type": "string", "pattern": _SEGMENT}, "path", True, example="vvsg"),
    ]
    yield Operation(
        "thing",
        "/id/{type}/{slug}",
        "things",
        texts("Een ding: verwijst naar wat erover gezegd wordt", "Une chose : renvoie à ce qui en est dit", "A thing"),
        [*path, operation.language(), operation.version()],
        problems=_READ,
        headers=("Location", "Link"),
        status=303,
    )
    known = (
        (
            "description",
            "/doc/{type}/{slug}",
            texts(
                "Wat de graaf van een ding zegt", "Ce que le graphe dit d'une chose", "What the graph says of a thing"
            ),
            entities.OFFERED,
        ),
        ("ns", "/ns", texts("De woordenschat", "Le vocabulaire", "The vocabulary"), ontology.OFFERED),
        (
            "datasets-rdf",
            "/datasets",
            texts("De datasets als DCAT", "Les jeux de données en DCAT", "The datasets as DCAT"),
            datasets.OFFERED,
        ),
        (
            "void",
            void.PATH,
            texts("Wat hier te halen is (VoID)", "Ce qu'on trouve ici (VoID)", "What can be had here (VoID)"),
            void.OFFERED,
        ),
    )
    for name, where, told, forms in known:
        yield Operation(
            name,
            where,
            "things",
            told,
            [
                *(path if name == "description" else []),
                operation.language(),
                operation.form(forms),
                operation.version(),
            ],
            schemas.graph(forms),
            problems=_READ,
            headers=("Link", "X-Zorgkg-Version"),
        )
    yield Operation(
        "context",
        ontology.CONTEXT,
        "things",
        texts("De JSON-LD-context", "Le contexte JSON-LD", "The JSON-LD context"),
        answers={"application/ld+json": {"type": "object", "required": ["@context"]}},
        problems=(400, 404),
    )


def _service() -> Iterator[Operation]:
    yield Operation(
        "health",
        "/health",
        "service",
        texts(
            "Of de dienst antwoordt, en welke versie", "Si le service répond, et quelle version", "Whether it answers"
        ),
        answers={"application/json": {"type": "object", "required": ["status", "version"]}},
        problems=(400, 503),
        headers=_VERSION,
    )
    yield Operation(
        "metrics",
        "/metrics",
        "service",
        texts("Metingen, voor Prometheus", "Mesures, pour Prometheus", "Measurements, for Prometheus"),
        answers={"text/plain": _TEXT},
        problems=(400, 503),
    )
