"""Common properties and notes: checking, normalizing, and turning them into RDF.

Follows "Metadata Vocabulary for Tabular Data", sections 5.8 (Common Properties), 6 (Normalization) and Appendix A
(JSON-LD Dialect), and "Generating RDF from Tabular Data on the Web", section 6 (JSON-LD to RDF).
"""

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode

from zorgkg.csvw.datatypes import canonical_double
from zorgkg.csvw.problems import shown
from zorgkg.csvw.template import absolute, clean
from zorgkg.csvw.vocabulary import CLASSES, DATATYPES, RDF, XSD, expand_prefix, expand_term, has_scheme, is_language

Annotation = tuple[str, object]
"""A common property: the IRI of the property, and its normalized JSON value."""

Node = NamedNode | BlankNode
Triple = tuple[Node, NamedNode, Node | Literal]

_TYPE = NamedNode(RDF + "type")


class InvalidValueError(ValueError):
    """A value that the JSON-LD dialect of the standard forbids.

    Attributes:
        pointer: JSON pointer from the value of the common property to the wrong part.
    """

    def __init__(self, pointer: str, message: str) -> None:
        """Say what is forbidden.

        Args:
            pointer: JSON pointer from the value of the common property to the wrong part.
            message: One sentence saying what is wrong.
        """
        super().__init__(message)
        self.pointer = pointer


def normalize(value: object, base: str, language: str | None, pointer: str = "") -> object:
    """Check and normalize the value of a common property or a note.

    Args:
        value: The JSON value.
        base: The URL that `@id` is resolved against.
        language: The default language, or None.
        pointer: JSON pointer to the value, for errors.

    Returns:
        The normalized value.

    Raises:
        InvalidValueError: If the value is outside the JSON-LD dialect.
    """
    if isinstance(value, list):
        return [normalize(item, base, language, f"{pointer}/{i}") for i, item in enumerate(value)]
    if isinstance(value, str):
        return {"@value": value, "@language": language} if language else {"@value": value}
    if not isinstance(value, dict):
        return value
    if "@value" in value:
        _check_literal(value, pointer)
        return value
    return {key: _member(key, part, base, language, pointer) for key, part in value.items()}


def _member(key: str, value: object, base: str, language: str | None, pointer: str) -> object:
    here = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
    if key == "@id":
        if not isinstance(value, str) or value.startswith("_:"):
            raise InvalidValueError(here, "@id must be a URL, and cannot begin with _:.")
        return _iri(absolute(clean(value), base), here)
    if key == "@type":
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, str) or not _is_class(item):
                message = "@type must be a class of the standard, a prefixed name or an absolute URL."
                raise InvalidValueError(here, message)
            _iri(expand_term(item) or item, here)
        return value
    if key.startswith("@"):
        raise InvalidValueError(here, f"{key} cannot be used here; only @id, @type, @value and @language can.")
    if expand_term(key) is None:
        raise InvalidValueError(here, f"{key} must be a prefixed name such as schema:name, or an absolute URL.")
    _iri(expand_term(key) or key, here)
    return normalize(value, base, language, here)


def _iri(text: str, pointer: str) -> str:
    try:
        return NamedNode(text).value
    except ValueError:
        raise InvalidValueError(pointer, f"{shown(text)} is not a valid URL.") from None


def _is_class(name: str) -> bool:
    return name in CLASSES or (has_scheme(name) and not name.startswith("_:"))


def _check_literal(value: dict[str, object], pointer: str) -> None:
    extra = [key for key in value if key not in ("@value", "@type", "@language")]
    if extra:
        message = "An object with @value can only have @type or @language besides."
        raise InvalidValueError(f"{pointer}/{extra[0]}", message)
    if "@type" in value and "@language" in value:
        raise InvalidValueError(pointer, "An object with @value can have @type or @language, not both.")
    if not isinstance(value["@value"], str | int | float | bool):
        raise InvalidValueError(f"{pointer}/@value", "@value must be a string, a number, true or false.")
    kind = value.get("@type")
    if "@type" in value and not (isinstance(kind, str) and (kind in DATATYPES or has_scheme(kind))):
        raise InvalidValueError(f"{pointer}/@type", "@type must be a datatype, a prefixed name or an absolute URL.")
    if isinstance(kind, str):
        _iri(DATATYPES.get(kind) or expand_prefix(kind), f"{pointer}/@type")
    tag = value.get("@language")
    if tag is not None and not (isinstance(tag, str) and is_language(tag)):
        raise InvalidValueError(f"{pointer}/@language", "@language must be a language tag such as nl.")


def triples(subject: Node, predicate: str, value: object) -> Iterator[Triple]:
    """Turn a normalized common property into triples.

    Args:
        subject: The node that has the property.
        predicate: The IRI of the property.
        value: The normalized value.

    Yields:
        The triples.
    """
    if isinstance(value, list):
        for item in value:
            yield from triples(subject, predicate, item)
    elif isinstance(value, dict) and "@value" not in value:
        yield from _node(subject, predicate, value)
    elif value is not None:
        yield subject, NamedNode(predicate), _literal(value)


def _node(subject: Node, predicate: str, value: dict[str, object]) -> Iterator[Triple]:
    identifier = value.get("@id")
    node: Node = NamedNode(identifier) if isinstance(identifier, str) else BlankNode()
    yield subject, NamedNode(predicate), node
    kinds = value.get("@type", [])
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        yield node, _TYPE, NamedNode(expand_term(str(kind)) or str(kind))
    for key, part in value.items():
        if not key.startswith("@"):
            yield from triples(node, expand_term(key) or key, part)


def _literal(value: object) -> Literal:
    if isinstance(value, dict):
        return _value_object(value)
    if isinstance(value, bool):
        return Literal("true" if value else "false", datatype=NamedNode(XSD + "boolean"))
    if isinstance(value, float) and not value.is_integer():
        return Literal(canonical_double(value), datatype=NamedNode(XSD + "double"))
    if isinstance(value, int | float):
        return Literal(str(int(value)), datatype=NamedNode(XSD + "integer"))
    return Literal(str(value))


def _value_object(value: dict[str, object]) -> Literal:
    content, tag, kind = value["@value"], value.get("@language"), value.get("@type")
    text = content if isinstance(content, str) else _literal(content).value
    if isinstance(tag, str):
        return Literal(text, language=tag)
    if isinstance(kind, str):
        return Literal(text, datatype=NamedNode(DATATYPES.get(kind) or expand_prefix(kind)))
    return Literal(text)
