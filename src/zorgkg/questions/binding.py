"""Binding: given values become typed RDF terms and replace what stands in the VALUES blocks; text is never pasted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode

from zorgkg.languages import LABEL_PROPERTY
from zorgkg.questions.question import Parameter, Question
from zorgkg.terms import term

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|^`\\]*")

Value = NamedNode | Literal


class InvalidValue(Exception):
    """A value is none for its parameter.

    :param parameter: the parameter's name.
    :param message: what is wrong and what is expected.
    """

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


def bind(question: Question, values: Mapping[str, Sequence[Value]], language: str) -> str:
    """Return the question's SPARQL with values in its VALUES blocks.

    :param question: the question.
    :param values: parameter name → RDF terms; a parameter that is left out keeps what the file holds.
    :param language: language of the labels, one of :data:`zorgkg.languages.LANGUAGES`.
    :returns: SPARQL query text, which runs anywhere.
    """
    replacements = [(question.parameters[name].block, " ".join(map(str, terms))) for name, terms in values.items()]
    if question.labels:
        replacements.append((question.labels, LABEL_PROPERTY[language]))
    text = question.text
    for block, inside in sorted(replacements, key=lambda pair: -pair[0].start):
        text = f"{text[: block.start]} {inside} {text[block.end :]}"
    return text


def to_term(parameter: Parameter, text: str) -> Value:
    """Make the RDF term of a value given as text.

    :param parameter: its parameter; for kind `iri` the text must be an absolute IRI.
    :param text: the value as written by the user.
    :raises InvalidValue: the text is no such value, or none of those allowed.
    """
    if parameter.values and text not in parameter.values:
        raise InvalidValue(parameter.name, f"{text!r} is not allowed; use one of {', '.join(parameter.values)}")
    if parameter.kind == "iri":
        if not _IRI.fullmatch(text):
            raise InvalidValue(parameter.name, f"{text!r} is no IRI")
        return NamedNode(text)
    if parameter.kind == "string":
        return Literal(text)
    return Literal(_lexical(parameter, text), datatype=term(f"xsd:{parameter.kind}"))


def _lexical(parameter: Parameter, text: str) -> str:
    try:
        if parameter.kind == "integer":
            return str(int(text))
        if parameter.kind == "decimal":
            value = Decimal(text)
            if value.is_finite():
                return f"{value:f}"
        elif parameter.kind == "date":
            return date.fromisoformat(text).isoformat()
        elif text in ("true", "false", "1", "0"):
            return "true" if text in ("true", "1") else "false"
    except (ValueError, InvalidOperation):
        pass
    expected = {
        "integer": "a whole number",
        "decimal": "a number",
        "date": "a date, YYYY-MM-DD",
        "boolean": "true or false",
    }[parameter.kind]
    raise InvalidValue(parameter.name, f"{text!r} is not {expected}")
