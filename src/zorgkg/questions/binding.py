"""Binding: given values become typed RDF terms and replace what stands in the VALUES blocks; text is never pasted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from zorgkg.languages import LABEL_PROPERTY
from zorgkg.questions.question import NUMBERS, Block, Parameter, Question
from zorgkg.sparql import tokens
from zorgkg.terms import ID, term

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|^`\\]*")
# Eighteen digits are what engines can compute with; Decimal alone would take "1e999999999" and write it out.
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"(?=.{1,19}\Z)[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")

Value = NamedNode | Literal


class InvalidValue(Exception):
    """A value is none for its parameter.

    :param parameter: the parameter's name.
    :param message: what is wrong and what is expected.
    :param allowed: all values that are allowed, where they can be listed.
    :param near: values that may have been meant.
    """

    def __init__(self, parameter: str, message: str, allowed: Sequence[str] = (), near: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.allowed = tuple(allowed)
        self.near = tuple(near)


def bind(question: Question, values: Mapping[str, Sequence[Value]], language: str, until: Literal | None = None) -> str:
    """Return the question's SPARQL with values in its VALUES blocks.

    :param question: the question.
    :param values: parameter name → RDF terms; a parameter that is left out keeps what the file holds.
    :param language: language of the labels, one of :data:`zorgkg.languages.LANGUAGES`.
    :param until: only the rows before this sort key of projects need be in the answer; None for all.
    :returns: SPARQL query text, which runs anywhere.
    """
    replacements = [(block, LABEL_PROPERTY[language]) for block in question.labels]
    if until is not None:
        replacements += [(block, str(until)) for block in question.until]
    for name, terms in values.items():
        parameter = question.parameters[name]
        replacements += [(block, " ".join(map(str, terms))) for block in (parameter.block, *parameter.again)]
    text = question.text
    for block, inside in sorted(replacements, key=lambda pair: -pair[0].start):
        text = f"{text[: block.start]} {inside} {text[block.end :]}"
    return text


def defaults(question: Question, parameter: Parameter) -> list[Value]:
    """Return the values that a question file holds for a parameter; none when it is optional."""
    if parameter.optional:
        return []
    return list(_defaults(question.text, parameter.block))


def is_iri(text: str) -> bool:
    """Tell whether a text is an absolute IRI (RFC 3987), which then can stand in a query."""
    if not _IRI.fullmatch(text):
        return False
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def to_term(parameter: Parameter, text: str) -> Value:
    """Make the RDF term of a value given as text.

    :param parameter: its parameter; for kind `iri` the text must be an absolute IRI.
    :param text: the value as written by the user.
    :raises InvalidValue: the text is no such value, or none of those allowed.
    """
    if parameter.values and text not in parameter.values:
        detail = f"{text!r} is not allowed; use one of {', '.join(parameter.values)}"
        raise InvalidValue(parameter.name, detail, parameter.values)
    if parameter.kind == "iri":
        if is_iri(text):
            return NamedNode(text)
        raise InvalidValue(parameter.name, f"{text!r} is no IRI, such as {ID}place/mechelen")
    if parameter.kind == "string":
        try:
            return Literal(text)
        except ValueError as error:
            raise InvalidValue(parameter.name, f"{text!r} is no Unicode text") from error
    lexical = _lexical(parameter, text)
    if parameter.kind in NUMBERS and not _within(parameter, lexical):
        raise InvalidValue(parameter.name, f"{text!r} is no number {_bounded(parameter)}")
    return Literal(lexical, datatype=term(f"xsd:{parameter.kind}"))


def _within(parameter: Parameter, number: str) -> bool:
    # As written: a bound of 0.1 is a tenth, not the binary fraction next to it.
    least, most = (None if one is None else Decimal(str(one)) for one in (parameter.least, parameter.most))
    given = Decimal(number)
    return (least is None or given >= least) and (most is None or given <= most)


def _bounded(parameter: Parameter) -> str:
    if parameter.most is None:
        return f"of at least {parameter.least}"
    return f"of at most {parameter.most}" if parameter.least is None else f"from {parameter.least} to {parameter.most}"


@lru_cache(maxsize=1000)
def _defaults(text: str, block: Block) -> tuple[Value, ...]:
    select = next(token.start for token in tokens(text) if token.kind == "word" and token.text.upper() == "SELECT")
    inside = text[block.start : block.end]
    # They stand in the file, whatever the graph holds.
    found = Store().query(f"{text[:select]}\nSELECT ?value WHERE {{ VALUES ?value {{ {inside} }} }}")
    if not isinstance(found, QuerySolutions):
        raise TypeError("a SELECT query gives solutions")
    return tuple(row["value"] for row in found if isinstance(row["value"], NamedNode | Literal))


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
    allowed = ("true", "false") if parameter.kind == "boolean" else ()
    raise InvalidValue(parameter.name, f"{text!r} is not {expected}", allowed)
