"""The operations of the reconciliation service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from zorgkg.collection.declared import texts
from zorgkg.web import searching
from zorgkg.web.openapi import operation
from zorgkg.web.openapi.operation import Operation, Parameter, Schema
from zorgkg.web.reconciliation import suggesting, vocabulary
from zorgkg.web.reconciliation.manifest import PATH

_OBJECT: Final[Schema] = {"type": "object"}
_TEXT: Final[Schema] = {"type": "string"}
_TAG: Final = "reconciliation"
_PROBLEMS: Final = (400, 404, 413, 501, 502, 503, 504)
_HEADERS: Final = ("X-Zorgkg-Version", "Content-Language")
_BATCH: Final = '{"q0":{"query":"OCMW","type":"organisation","properties":[{"pid":"municipality","v":"Gent"}]}}'


def operations() -> Iterator[Operation]:
    """Give the operations of the reconciliation service."""
    queries = texts("Vragen, als JSON.", "Requêtes, en JSON.", "Queries, as JSON.")
    extend = texts(
        "Dingen en eigenschappen waarvan de waarden gevraagd worden, als JSON.",
        "Choses et propriétés dont les valeurs sont demandées, en JSON.",
        "Things, and properties whose values are asked for, as JSON.",
    )
    told = texts(
        "Reconciliation Service API 0.2. Zonder parameters het manifest.",
        "Reconciliation Service API 0.2. Sans paramètres le manifeste.",
        "Reconciliation Service API 0.2. Without parameters the manifest.",
    )
    yield Operation(
        "reconcile",
        PATH,
        _TAG,
        texts("Namen opzoeken: welk ding bedoeld is", "Rechercher des noms", "Look names up: which thing is meant"),
        [
            Parameter("queries", queries, _TEXT, example=_BATCH),
            Parameter("extend", extend, _TEXT),
            operation.language(),
            operation.version(),
        ],
        {"application/json": _OBJECT},
        told,
        _PROBLEMS,
        _HEADERS,
    )
    yield Operation(
        "reconcile-post",
        PATH,
        _TAG,
        texts("Namen opzoeken, als formulier", "Rechercher des noms, par formulaire", "Look names up, as a form"),
        [operation.language(), operation.version()],
        {"application/json": _OBJECT},
        None,
        (*_PROBLEMS, 408, 415),
        _HEADERS,
        "post",
        takes={
            "application/x-www-form-urlencoded": {
                "type": "object",
                "properties": {"queries": _TEXT, "extend": _TEXT},
                "minProperties": 1,
            }
        },
    )
    typed = texts("Wat getypt is.", "Ce qui est tapé.", "What was typed.")
    cursor = texts("Zoveel overslaan.", "En sauter autant.", "How many to pass over.")
    yield Operation(
        "reconcile-suggest",
        f"{PATH}/suggest/{{what}}",
        _TAG,
        texts("Suggesties bij het typen", "Suggestions à la saisie", "Suggestions while one types"),
        [
            Parameter(
                "what",
                texts("Waarvan.", "De quoi.", "Of what."),
                {"type": "string", "enum": ["entity", "type", "property"]},
                "path",
                True,
                example="entity",
            ),
            Parameter("prefix", typed, {"type": "string", "maxLength": searching.LONGEST}, example="ocmw"),
            Parameter("cursor", cursor, {"type": "integer", "minimum": 0, "maximum": suggesting.FURTHEST}),
            operation.language(),
            operation.version(),
        ],
        {"application/json": {"type": "object", "required": ["result"]}},
        problems=_PROBLEMS,
        headers=(*_HEADERS, "ETag"),
    )
    kind: Schema = {"type": "string", "enum": list(vocabulary.TYPES)}
    yield Operation(
        "reconcile-properties",
        f"{PATH}/properties",
        _TAG,
        texts("Welke eigenschappen er te halen zijn", "Quelles propriétés obtenir", "Which properties can be fetched"),
        [
            Parameter("type", texts("Van dit type.", "De ce type.", "Of this type."), kind),
            operation.limit(1000),
            operation.language(),
            operation.version(),
        ],
        {"application/json": {"type": "object", "required": ["properties"]}},
        problems=_PROBLEMS,
        headers=(*_HEADERS, "ETag"),
    )
    thing = Parameter(
        "id",
        texts("Wat na /id/ komt, of een IRI.", "Ce qui suit /id/, ou un IRI.", "What comes after /id/, or an IRI."),
        {"type": "string", "minLength": 1},
        required=True,
        example="place/gent",
        may_be_empty=False,
    )
    yield Operation(
        "reconcile-preview",
        f"{PATH}/preview",
        _TAG,
        texts("Een ding in het klein", "Une chose en petit", "A thing in small"),
        [thing, operation.language(), operation.version()],
        {"text/html": _TEXT},
        problems=_PROBLEMS,
        headers=(*_HEADERS, "ETag"),
    )
    yield Operation(
        "reconcile-view",
        f"{PATH}/view",
        _TAG,
        texts("Naar de pagina van een ding", "Vers la page d'une chose", "To the page of a thing"),
        [thing, operation.language(), operation.version()],
        problems=_PROBLEMS,
        headers=("Location",),
        status=303,
    )
