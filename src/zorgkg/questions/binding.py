"""Binding: given values become typed RDF terms and replace what stands in the VALUES blocks; text is never pasted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from zorgkg.languages import LABEL_PROPERTY
from zorgkg.questions.question import Parameter, Question
from zorgkg.terms import term

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|^`\\]*")
# Eighteen digits are what engines can compute with; Decimal alone would take "1e999999999" and write it out.
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"(?=.{1,19}\Z)[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")

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
    replacements += [(block, LABEL_PROPERTY[language]) for block in question.labels]
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
        try:
            return NamedNode(text)
        except ValueError as error:
            raise InvalidValue(parameter.name, f"{text!r} is no IRI") from error
    if parameter.kind == "string":
        try:
            return Literal(text)
        except ValueError as error:
            raise InvalidValue(parameter.name, f"{text!r} is no Unicode text") from error
    return Literal(_lexical(parameter, text), datatype=term(f"xsd:{parameter.kind}"))


def _lexical(parameter: Parameter, text: str) -> str:
    if parameter.kind == "integer" and _INTEGER.fullmatch(text):
        return str(int(text))
    if parameter.kind == "decimal" and _DECIMAL.fullmatch(text):
        return f"{Decimal(text):f}"
    if parameter.kind == "date":
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            pass
    if parameter.kind == "boolean" and text in ("true", "false", "1", "0"):
        return "true" if text in ("true", "1") else "false"
    expected = {
        "integer": "a whole number of at most 18 digits",
        "decimal": "a number of at most 18 digits, such as 2.5",
        "date": "a date, YYYY-MM-DD",
        "boolean": "true or false",
    }[parameter.kind]
    raise InvalidValue(parameter.name, f"{text!r} is not {expected}")
