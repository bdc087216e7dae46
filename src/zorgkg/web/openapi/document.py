"""The OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1.html), made of the operations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, Final

from zorgkg.collection.declared import Texts, texts
from zorgkg.web import words
from zorgkg.web.openapi import schemas
from zorgkg.web.openapi.operation import HEADERS, Operation, Parameter

TAGS: Final = {
    "collections": texts("Collecties", "Collections", "Collections"),
    "things": texts("Linked data", "Données liées", "Linked data"),
    "sparql": texts("SPARQL", "SPARQL", "SPARQL"),
    "reconciliation": texts("Reconciliatie", "Réconciliation", "Reconciliation"),
    "versions": texts("Versies", "Versions", "Versions"),
    "writing": texts("Schrijven", "Écriture", "Writing"),
    "service": texts("De dienst", "Le service", "The service"),
}
"""Tags of the operations that are no questions; those of a question are its topics."""

_SUMMARY: Final = texts(
    "De kennisgraaf van zorgzame buurten in Vlaanderen en Brussel",
    "Le graphe de connaissances des quartiers solidaires en Flandre et à Bruxelles",
    "The knowledge graph of caring neighbourhoods in Flanders and Brussels",
)
_DESCRIPTION: Final = texts(
    "Collecties en vragen als platte records, met taal en bron. Fouten zijn `application/problem+json` en zeggen wat "
    "toegestaan is. Een pad met achtervoegsel (`/api/projects.csv`) is hetzelfde als `?format=csv`. Met "
    "`Accept-Encoding: gzip` komt een groot antwoord gecomprimeerd.",
    "Collections et questions en enregistrements plats, avec langue et source. Les erreurs sont "
    "`application/problem+json` et disent ce qui est permis. Un chemin avec suffixe (`/api/projects.csv`) équivaut à "
    "`?format=csv`. Avec `Accept-Encoding: gzip`, une grande réponse arrive comprimée.",
    "Collections and questions as flat records, with language and source. Errors are `application/problem+json` and "
    "tell what is allowed. A path with a suffix (`/api/projects.csv`) is the same as `?format=csv`. With "
    "`Accept-Encoding: gzip` a large answer comes compressed.",
)
_PROBLEMS: Final = {
    400: texts("Een parameter is geen geldige.", "Un paramètre n'est pas valide.", "A parameter is not valid."),
    401: texts("Er is een token nodig.", "Un jeton est nécessaire.", "A token is needed."),
    403: texts("Het mag niet.", "Ce n'est pas permis.", "It is not allowed."),
    404: texts("Er is niets.", "Il n'y a rien.", "There is nothing there."),
    406: texts("Deze vorm is er niet.", "Cette forme n'existe pas.", "There is no such form of it."),
    422: texts(
        "Een waarde is niets wat hier bestaat; het probleem noemt wat erop lijkt.",
        "Une valeur ne désigne rien ici ; le problème nomme ce qui y ressemble.",
        "A value names nothing that is here; the problem names what is like it.",
    ),
    502: texts("De motor faalde.", "Le moteur a échoué.", "The engine failed."),
    503: texts("Te druk; zie Retry-After.", "Trop occupé ; voir Retry-After.", "Too busy; see Retry-After."),
    504: texts("Het duurde te lang.", "Cela a pris trop de temps.", "It took too long."),
}


def make(operations: Iterable[Operation], version: str, language: str) -> dict[str, Any]:
    """Return the document.

    :param operations: all operations.
    :param version: identifier of the version of the graph.
    :param language: one of :data:`zorgkg.languages.LANGUAGES`.
    """
    listed = list(operations)
    paths: dict[str, dict[str, Any]] = {}
    values: dict[str, Any] = {}
    for one in listed:
        paths.setdefault(one.path, {})[one.method] = _operation(one, language, values)
    statuses = sorted({status for one in listed for status in one.problems})
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "zorgkg",
            "version": version,
            "summary": _SUMMARY[language],
            "description": _DESCRIPTION[language],
            "license": {"name": "CC0 1.0", "identifier": "CC0-1.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": tag(name, language)} for name in dict.fromkeys(_tags(listed))],
        "paths": paths,
        "components": {
            "schemas": {"Problem": schemas.PROBLEM, "Evidence": schemas.EVIDENCE, **dict(sorted(values.items()))},
            "responses": {
                f"Problem{status}": {"description": problem(status)[language], "content": schemas.problem()}
                for status in statuses
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def tag(name: str, language: str) -> str:
    """Return what a tag is called."""
    return TAGS[name][language] if name in TAGS else words.tag(name, language)


def _tags(operations: Sequence[Operation]) -> list[str]:
    used = [one.tag for one in operations]
    return [*(name for name in ("collections",) if name in used), *(name for name in used if name not in TAGS), *used]


def _operation(one: Operation, language: str, values: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"operationId": one.id, "tags": [one.tag], "summary": one.summary[language]}
    if one.description:
        made["description"] = one.description[language]
    if one.parameters:
        made["parameters"] = [_parameter(each, language, values) for each in one.parameters]
    if one.takes:
        content = {
            media: {
                "schema": schema,
                **({"example": one.example} if one.example and media != "application/zip" else {}),
            }
            for media, schema in one.takes.items()
        }
        made["requestBody"] = {"required": True, "content": content}
    made["responses"] = _responses(one, language)
    if one.needs_token:
        made["security"] = [{"token": []}]
    return made


def _responses(one: Operation, language: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": one.summary[language]}
    if one.headers:
        answer["headers"] = {
            name: {"description": HEADERS[name][language], "schema": {"type": "string"}} for name in one.headers
        }
    if one.answers:
        answer["content"] = {media: {"schema": schema} for media, schema in one.answers.items()}
    responses = {str(one.status): answer}
    if "ETag" in one.headers:
        unchanged = texts("Nog hetzelfde.", "Toujours le même.", "Still the same.")
        responses["304"] = {"description": unchanged[language]}
    for status, told in one.other.items():
        responses[str(status)] = {"description": told[language]}
    for status in one.problems:
        responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    return dict(sorted(responses.items()))


def problem(status: int) -> Texts:
    """Return what a status of a problem means."""
    phrase = HTTPStatus(status).phrase
    return _PROBLEMS.get(status) or texts(phrase, phrase, phrase)


def _parameter(one: Parameter, language: str, values: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": one.name,
        "in": one.where,
        "required": one.required or one.where == "path",
        "description": one.description[language],
        "schema": _shared(one, values),
    }
    if one.may_be_empty and one.where == "query":
        made["allowEmptyValue"] = True
    if one.joined:
        made |= {"style": "form", "explode": False}
    if one.example is not None:
        made["example"] = one.example
    return made


def _shared(one: Parameter, values: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter, with a reference to the values that others have too.

    :param values: where those are put, by name.
    """
    if not one.values_name:
        return one.schema
    values[one.values_name] = {"type": "string", "enum": one.single["enum"]}
    reference = {"$ref": f"#/components/schemas/{one.values_name}"}
    if one.schema.get("type") == "array":
        return {**one.schema, "items": reference}
    return {**reference, **({"default": one.schema["default"]} if "default" in one.schema else {})}
