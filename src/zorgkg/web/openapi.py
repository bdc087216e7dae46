"""The OpenAPI 3.1 document: the routes, and one operation for each question with its own parameters."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from zorgkg.engine.interface import Engine
from zorgkg.languages import LANGUAGES
from zorgkg.questions.question import Parameter, Question
from zorgkg.web import questions
from zorgkg.web.problems import MEDIA_TYPE
from zorgkg.web.representations import FORMS
from zorgkg.web.service import Service

PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}

_PROBLEM_SCHEMA: Final = {
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
    },
}
_KINDS: Final[dict[str, dict[str, Any]]] = {
    "iri": {"type": "string"},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}
_CELL: Final = {"type": ["string", "number", "boolean", "null"]}


def document(app: FastAPI, service: Service) -> dict[str, Any]:
    """Return the OpenAPI document.

    :param app: its routes.
    :param service: its questions.
    """
    made = get_openapi(
        title="zorgkg",
        version=service.manifest.id,
        summary="The knowledge graph of caring neighbourhoods in Flanders and Brussels",
        routes=app.routes,
    )
    made["components"] = {**made.get("components", {}), "schemas": {"Problem": _PROBLEM_SCHEMA}}
    for question in service.questions.values():
        made["paths"][f"/api/questions/{question.id}"] = {"get": _operation(service.engine, question)}
    return made


def operation(summary: str, answers: dict[str, str], parameters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return the OpenAPI of a route, for `openapi_extra`.

    :param summary: what it gives.
    :param answers: media type → what it is.
    :param parameters: OpenAPI parameters.
    """
    content = {media: {"schema": {"type": "string", "description": what}} for media, what in answers.items()}
    return {
        "summary": summary,
        "parameters": parameters or [],
        "responses": {"200": {"description": summary, "content": content}, "default": problem()},
    }


def problem() -> dict[str, Any]:
    """Return the response of everything that goes wrong."""
    return {"description": "What is wrong and what to do", "content": {MEDIA_TYPE: {"schema": PROBLEM}}}


def language() -> dict[str, Any]:
    """Return the parameter `lang`."""
    return _query(
        "lang", "Language of labels (else Accept-Language, else Dutch)", {"type": "string", "enum": list(LANGUAGES)}
    )


def _operation(engine: Engine, question: Question) -> dict[str, Any]:
    record = {
        "type": "object",
        "properties": dict.fromkeys(question.columns, _CELL),
        "required": list(question.columns),
    }
    content: dict[str, Any] = {FORMS[name].media: {"schema": {"type": "string"}} for name in questions.FORMS}
    content["application/json"] = {"schema": {"type": "array", "items": record}}
    content["application/sparql-results+json"] = {"schema": {"type": "object"}}
    headers = {
        "Link": {"description": "rel=next and rel=prev when there are more rows; rel=describedby: the SPARQL"},
        "X-Zorgkg-Version": {"description": "The version of the graph that answered"},
    }
    return {
        "operationId": question.id,
        "tags": list(question.tags),
        "summary": question.summary["en"],
        "parameters": [
            *(_parameter(engine, question, one) for one in question.parameters.values()),
            language(),
            _query("format", "Form of the answer (else Accept)", {"type": "string", "enum": list(questions.FORMS)}),
            _query(
                "limit", "At most this many rows", {"type": "integer", "minimum": 1, "maximum": questions.MOST_ROWS}
            ),
            _query("offset", "Rows to skip", {"type": "integer", "minimum": 0}),
        ],
        "responses": {
            "200": {
                "description": "The answer",
                "headers": {name: {**header, "schema": {"type": "string"}} for name, header in headers.items()},
                "content": content,
            },
            "default": problem(),
        },
    }


def _parameter(engine: Engine, question: Question, parameter: Parameter) -> dict[str, Any]:
    schema = {**_KINDS[parameter.kind], **({"enum": list(parameter.values)} if parameter.values else {})}
    told = questions.described(question, "en")["parameters"]
    default = next(one["default"] for one in told if one["name"] == parameter.name)
    if parameter.many:
        schema = {"type": "array", "items": schema}
        if default:
            schema["default"] = [one["value"] for one in default]
    elif default:
        schema["default"] = default["value"]
    what = f" An IRI, a path below /id/ or a slug of {parameter.cls}." if parameter.cls else ""
    return _query(parameter.name, parameter.description["en"] + what, schema)


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
