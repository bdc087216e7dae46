"""The operations of the questions, made of their files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from zorgkg.collection.declared import texts
from zorgkg.collection.values import FEW
from zorgkg.languages import LANGUAGES
from zorgkg.questions import binding
from zorgkg.questions.question import Parameter as Asked
from zorgkg.questions.question import Question
from zorgkg.results import plain
from zorgkg.terms import ID
from zorgkg.web import questions
from zorgkg.web.openapi import columns, grounded, operation, schemas
from zorgkg.web.openapi.known import Known
from zorgkg.web.openapi.operation import Operation, Parameter, Schema

PROBLEMS: Final = (400, 404, 406, 422, 502, 503, 504)
"""Statuses of problems that a question may answer with."""

_KINDS: Final[Mapping[str, Schema]] = {
    "iri": {"type": "string"},
    "string": {"type": "string"},
    "integer": {"type": "integer", "minimum": -(10**18) + 1, "maximum": 10**18 - 1},
    "decimal": {"type": "number", "minimum": -(10**18) + 1, "maximum": 10**19 - 1},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}
_HEADERS: Final = ("Link", "X-Zorgkg-Version", "X-Zorgkg-Question", "Content-Language", "ETag")


def operations(catalogue: Mapping[str, Question], known: Known, ranges: Mapping[str, Schema]) -> Iterator[Operation]:
    """Give an operation for each question.

    :param catalogue: the questions.
    :param known: the values of their parameters.
    :param ranges: what :func:`zorgkg.web.openapi.columns.ranges` gave.
    """
    for question in catalogue.values():
        yield _operation(question, known, ranges)


def _operation(question: Question, known: Known, ranges: Mapping[str, Schema]) -> Operation:
    forms = [name for name in questions.FORMS if name != "geojson" or "geo:asWKT" in question.text]
    members = columns.schemas(question, ranges)
    item: Schema = {
        "type": "object",
        "properties": members | grounded.member(question),
        "required": list(members),
        "additionalProperties": False,
    }
    note = texts(
        "De SPARQL erachter: ?format=sparql. Kolommen: ",
        "Le SPARQL derrière : ?format=sparql. Colonnes : ",
        "The SPARQL behind it: ?format=sparql. Columns: ",
    )
    return Operation(
        question.id,
        f"/api/questions/{question.id}",
        question.tags[0] if question.tags else "questions",
        question.summary,
        [
            *(_parameter(question, one, known) for one in question.parameters.values()),
            operation.limit(questions.MOST_ROWS),
            operation.offset(questions.FARTHEST),
            operation.language(),
            operation.form(forms),
            operation.excel(),
            operation.languages(),
            *grounded.beside(question),
            operation.version(),
        ],
        schemas.table(item, forms),
        {tag: note[tag] + ", ".join(question.columns) + "." for tag in LANGUAGES},
        PROBLEMS,
        _HEADERS,
    )


def _parameter(question: Question, one: Asked, known: Known) -> Parameter:
    bounds = {"minimum": one.least, "maximum": one.most}
    schema: Schema = _KINDS[one.kind] | {key: bound for key, bound in bounds.items() if bound is not None}
    told = dict(one.description)
    name = ""
    if one.values:
        schema["enum"] = list(one.values)
    elif one.cls:
        choices = known.of_class(one.cls)
        if choices and len(choices) <= FEW:
            schema["enum"] = [each.iri.removeprefix(ID) for each in choices]
            name = f"{re.split('[#/]', one.cls)[-1]}Path"
        how = texts(
            "Een slug, een pad onder /id/ of een IRI.",
            "Un slug, un chemin sous /id/ ou un IRI.",
            "A slug, a path below /id/ or an IRI.",
        )
        told = {tag: f"{told[tag]} {how[tag]}" for tag in LANGUAGES}
    elif one.kind == "iri":
        schema["format"] = "iri-reference"
    default = [plain(each) for each in binding.defaults(question, one)]
    default = [each.removeprefix(ID) if isinstance(each, str) else each for each in default]
    if one.many:
        made: Schema = {"type": "array", "items": schema} | ({"default": default} if default else {})
        return Parameter(one.name, told, made, values_name=name)
    return Parameter(one.name, told, schema | ({"default": default[0]} if default else {}), values_name=name)
