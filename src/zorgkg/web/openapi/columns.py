"""Columns of a question: what kind of values each has, read from its text and from the ranges of our properties.

Nothing is said of a column of which the text does not tell it for sure: then any plain value fits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pyoxigraph import QuerySolutions

from zorgkg.engine.interface import Engine
from zorgkg.languages import LABEL_PROPERTY
from zorgkg.questions.question import Question
from zorgkg.rows import LANGUAGE
from zorgkg.sparql import Token, tokens
from zorgkg.terms import NS, PREFIXES
from zorgkg.web.openapi.operation import Schema

_XSD: Final = PREFIXES["xsd"]
_ANY: Final[Schema] = {"type": ["string", "number", "boolean", "null"]}
_TEXT: Final[Schema] = {"type": ["string", "null"]}
_WHOLE: Final[Schema] = {"type": ["integer", "null"]}
_NUMBER: Final[Schema] = {"type": ["number", "null"]}
_TRUTH: Final[Schema] = {"type": ["boolean", "null"]}
_RANGES: Final = {
    f"{_XSD}integer": _WHOLE,
    f"{_XSD}gYear": _WHOLE,
    f"{_XSD}decimal": _NUMBER,
    f"{_XSD}boolean": _TRUTH,
    f"{_XSD}string": _TEXT,
    f"{PREFIXES['rdf']}langString": _TEXT,
}
_FUNCTIONS: Final = {
    "COUNT": _WHOLE,
    "GROUP_CONCAT": _TEXT,
    "STR": _TEXT,
    "CONCAT": _TEXT,
    "REPLACE": _TEXT,
    "BOUND": _TRUTH,
    "SUM": _NUMBER,
    "AVG": _NUMBER,
    "ROUND": _NUMBER,
    "ABS": _NUMBER,
    "XSD:INTEGER": _WHOLE,
}
_KINDS: Final = {"integer": _WHOLE, "decimal": _NUMBER, "boolean": _TRUTH}
_BORROWED: Final = ("skos", "prov", "org", "foaf", "rdfs", "rdf", "dcterms", "geo", "sssom")
"""Prefixes of vocabularies whose properties lead to things and texts."""

_NUMERIC: Final = ("dcterms:issued", "sssom:confidence", "rdf:value")
"""Properties of those that may lead to a number all the same."""


def ranges(engine: Engine) -> dict[str, Schema]:
    """Return the schema of the values of each of our properties, by the prefixed name's last part.

    :param engine: holds the ontology.
    """
    found = engine.query(
        f"SELECT ?property ?range WHERE {{ ?property <{PREFIXES['rdfs']}range> ?range . "
        f'FILTER(isIRI(?range) && STRSTARTS(STR(?property), "{NS}")) }}'
    )
    if not isinstance(found, QuerySolutions):
        raise TypeError("a SELECT query gives solutions")
    return {
        row["property"].value.removeprefix(NS): _RANGES.get(
            row["range"].value, _TEXT if not row["range"].value.startswith(_XSD) else _ANY
        )
        for row in found
    }


def schemas(question: Question, known: Mapping[str, Schema]) -> dict[str, Schema]:
    """Return the schema of each member of a question's flat record, in order.

    :param question: the question.
    :param known: what :func:`ranges` gave.
    """
    stream = list(tokens(question.text))
    made: dict[str, Schema] = {}
    for name in question.columns:
        is_label = name.endswith(("Label", "Labels"))
        parameter = question.parameters.get(name)
        if parameter and not is_label:
            made[name] = _KINDS.get(parameter.kind, _TEXT)
        else:
            made[name] = _TEXT if is_label else _schema(f"?{name}", stream, known)
        if name.endswith("Label") and name + LANGUAGE not in question.columns:
            made[name + LANGUAGE] = _TEXT
    return made


def _schema(variable: str, stream: list[Token], known: Mapping[str, Schema]) -> Schema:
    """What every place where a variable gets its value says; any, when one of them doesn't say or they differ."""
    found: list[Schema] = []
    for place, token in enumerate(stream):
        if token.kind != "variable" or token.text != variable or place == 0:
            continue
        before = stream[place - 1]
        after = stream[place + 1] if place + 1 < len(stream) else before
        if before.kind == "word" and before.text.upper() == "AS":
            found.append(_expression(stream, place - 1, known))
        elif before.kind == "name":
            found.append(_range(before, known))
        elif before.kind == "mark" and before.text in "*+" and stream[place - 2].kind == "name":
            # A path of any length leads from thing to thing.
            found.append(_TEXT)
        elif before.kind == "word" and before.text == "a":
            found.append(_TEXT)
        elif before.kind in ("mark", "iri", "number", "string") and (
            after.kind == "name" or (after.kind == "word" and after.text == "a")
        ):
            # It is the subject of what follows.
            found.append(_TEXT)
    if not found or any(one != found[0] for one in found):
        return _ANY
    return found[0]


def _range(property: Token, known: Mapping[str, Schema]) -> Schema:
    prefix, _, local = property.text.partition(":")
    if property.text in LABEL_PROPERTY.values():
        return _TEXT
    if prefix in _BORROWED and property.text not in _NUMERIC:
        return _TEXT
    return known.get(local, _ANY) if prefix == "zorg" else _ANY


def _expression(stream: list[Token], end: int, known: Mapping[str, Schema]) -> Schema:
    """The schema of an expression in brackets that ends before AS: by the function around the whole of it."""
    depth = 0
    for place in range(end - 1, -1, -1):
        text = stream[place].text
        if stream[place].kind == "mark" and text == ")":
            depth += 1
        elif stream[place].kind == "mark" and text == "(":
            if depth == 0:
                inner = stream[place + 1 : end]
                break
            depth -= 1
    else:
        return _ANY
    outside = _outside(inner)
    first = inner[0].text.upper() if inner else ""
    if first == "EXISTS":
        return _TRUTH
    variables = [token.text for token in inner if token.kind == "variable"]
    if (
        first == "COALESCE"
        and len(variables) == 1
        and [token.text for token in inner[2:]] == [*variables, ",", "0", ")"]
    ):
        # A count, or none where nothing was counted.
        return _WHOLE if _schema(variables[0], stream, known) == _WHOLE else _NUMBER
    if any(token.kind == "mark" and token.text in "-/" for token in outside):
        return _NUMBER
    # One call, so that nothing else stands outside its brackets.
    return _FUNCTIONS.get(first, _ANY) if len(outside) == 1 else _ANY


def _outside(inner: list[Token]) -> list[Token]:
    """The tokens that stand in no bracket."""
    depth, found = 0, []
    for token in inner:
        is_mark = token.kind == "mark"
        if is_mark and token.text in "({":
            depth += 1
        elif is_mark and token.text in ")}":
            depth -= 1
        elif depth == 0:
            found.append(token)
    return found
