"""An operation of the API: what it takes and what it gives, in words of three languages and in JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from zorgkg.collection.declared import Texts, texts
from zorgkg.languages import LANGUAGES

Schema = dict[str, Any]
"""A JSON Schema (2020-12), as OpenAPI 3.1 has it."""

VERSION_PATTERN: Final = "[0-9A-Za-z._-]+"


@dataclass(frozen=True)
class Parameter:
    """A parameter.

    :param name: its name.
    :param description: what it does.
    :param schema: its values; an array may be given several times.
    :param where: `query` or `path`.
    :param required: whether it must be given; those of a path always.
    :param joined: whether the values of an array stand in one, with commas between.
    :param example: a value that works; None when the schema says enough.
    :param may_be_empty: whether it may be given without a value, as forms do; that is as if it were not given.
    :param values_name: what the document calls its listed values, where other parameters have the same; "" otherwise.
    """

    name: str
    description: Texts
    schema: Schema
    where: str = "query"
    required: bool = False
    joined: bool = False
    example: Any = None
    may_be_empty: bool = True
    values_name: str = ""

    @property
    def values(self) -> list[str]:
        """All values that it may have, where they are listed."""
        return [str(one) for one in self.single.get("enum", ())]

    @property
    def single(self) -> Schema:
        """The schema of one value."""
        items: Schema = self.schema.get("items", self.schema)
        return items


@dataclass(frozen=True)
class Operation:
    """An operation.

    :param id: its identifier.
    :param path: its path, parameters in braces.
    :param tag: what it belongs to, one of :data:`zorgkg.web.openapi.document.TAGS` or a topic of questions.
    :param summary: what it gives, in a few words.
    :param description: more words.
    :param parameters: its parameters.
    :param answers: media type → schema of what it gives.
    :param problems: statuses of problems that it may answer with.
    :param headers: names of headers of the answer, of :data:`HEADERS`.
    :param method: HTTP method, in small letters.
    :param status: status of the answer.
    :param takes: media type → schema of what is sent.
    :param example: an example of what is sent.
    :param other: further statuses without a problem → what they tell.
    :param needs_token: whether a token is needed.
    """

    id: str
    path: str
    tag: str
    summary: Texts
    parameters: Sequence[Parameter] = ()
    answers: Mapping[str, Schema] = field(default_factory=dict)
    description: Texts | None = None
    problems: Sequence[int] = ()
    headers: Sequence[str] = ()
    method: str = "get"
    status: int = 200
    takes: Mapping[str, Schema] = field(default_factory=dict)
    example: str = ""
    other: Mapping[int, Texts] = field(default_factory=dict)
    needs_token: bool = False


HEADERS: Final[Mapping[str, Texts]] = {
    "Link": texts(
        "De pagina's ervoor en erna, en wat erbij hoort (RFC 8288).",
        "Les pages avant et après, et ce qui s'y rapporte (RFC 8288).",
        "The pages before and after, and what belongs to it (RFC 8288).",
    ),
    "X-Zorgkg-Version": texts(
        "De versie van de graaf die antwoordde.",
        "La version du graphe qui a répondu.",
        "The version of the graph that answered.",
    ),
    "X-Zorgkg-Question": texts("De vraag.", "La question.", "The question."),
    "Content-Language": texts("Taal van de labels.", "Langue des libellés.", "Language of the labels."),
    "ETag": texts(
        "Merk van het antwoord, voor If-None-Match.",
        "Marque de la réponse, pour If-None-Match.",
        "Tag of the answer, for If-None-Match.",
    ),
    "Location": texts("Waar het staat.", "Où il se trouve.", "Where it is."),
}
"""What headers of answers tell."""

# Parameters that many operations have


def language() -> Parameter:
    """Return the parameter `lang`."""
    told = texts(
        "Taal van de labels (anders Accept-Language, anders Nederlands).",
        "Langue des libellés (sinon Accept-Language, sinon néerlandais).",
        "Language of labels (else Accept-Language, else Dutch).",
    )
    return Parameter("lang", told, {"type": "string", "enum": list(LANGUAGES)})


def version() -> Parameter:
    """Return the parameter `version`."""
    told = texts(
        "Antwoord uit een oudere versie: haar naam of het begin ervan (/api/versions).",
        "Répondre à partir d'une version antérieure : son nom ou son début (/api/versions).",
        "Answer from an older version: its name or the beginning of it (/api/versions).",
    )
    return Parameter("version", told, {"type": "string"}, example="current")


def form(names: Sequence[str]) -> Parameter:
    """Return the parameter `format`.

    :param names: names of forms, the default first.
    """
    told = texts(
        "Vorm van het antwoord; gaat voor het achtervoegsel van het pad, en dat voor Accept.",
        "Forme de la réponse ; prime sur le suffixe du chemin, qui prime sur Accept.",
        "Form of the answer; comes before the suffix of the path, and that before Accept.",
    )
    return Parameter("format", told, {"type": "string", "enum": list(names)})


def limit(most: int, default: int | None = None) -> Parameter:
    """Return the parameter `limit`."""
    told = texts("Hoogstens zoveel.", "Au plus autant.", "At most this many.")
    schema: Schema = {"type": "integer", "minimum": 1, "maximum": most}
    return Parameter("limit", told, schema | ({"default": default} if default else {}))


def offset(most: int) -> Parameter:
    """Return the parameter `offset`."""
    told = texts("Zoveel overslaan.", "En sauter autant.", "How many to pass over.")
    return Parameter("offset", told, {"type": "integer", "minimum": 0, "maximum": most, "default": 0})


def languages() -> Parameter:
    """Return the parameter `languages`."""
    told = texts(
        "In CSV: achter elk label een kolom met zijn taal.",
        "En CSV : derrière chaque libellé une colonne avec sa langue.",
        "In CSV: behind each label a column with its language.",
    )
    return Parameter("languages", told, {"type": "boolean"})


def excel() -> Parameter:
    """Return the parameter `excel`."""
    told = texts(
        "CSV voor Excel in een Nederlandse of Franse instelling: bytevolgordeteken, puntkomma's, decimale komma's.",
        "CSV pour Excel en néerlandais ou français : marque d'ordre, points-virgules, virgules décimales.",
        "CSV for Excel in a Dutch or French locale: byte order mark, semicolons, decimal commas.",
    )
    return Parameter("excel", told, {"type": "boolean"})
