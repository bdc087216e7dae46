"""What a client may name: the types of things, the properties that narrow a search, and those that can be fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from zorgkg.collection.declared import Collection, Property, Texts, texts
from zorgkg.collection.table import COLLECTIONS
from zorgkg.search import schema
from zorgkg.terms import ID, term
from zorgkg.web import words
from zorgkg.web.problems import ProblemError


@dataclass(frozen=True)
class Type:
    """A type of things.

    :param id: what it is called in the API.
    :param classes: IRIs of the classes whose things have it.
    :param name: what a reader sees.
    :param collection: the collection that tells of such things, whose fields can be fetched.
    :param broader: the types that have all its things too.
    """

    id: str
    classes: frozenset[str]
    name: Texts
    collection: Collection
    broader: tuple[str, ...] = ()

    def told(self, language: str) -> dict[str, Any]:
        """Return it as the API tells it."""
        return {"id": self.id, "name": self.name[language]}


@dataclass(frozen=True)
class Narrowing:
    """A property that a query may give values of.

    :param id: what it is called.
    :param name: what a reader sees.
    :param description: what to give.
    """

    id: str
    name: Texts
    description: Texts


def _kind(id: str, collection: str, *broader: str) -> Type:
    name = texts(*words.WORDS[f"kind_{id}"])
    classes = frozenset(term(one).value for one in schema.KINDS[id])
    return Type(id, classes, name, COLLECTIONS[collection], broader)


def _class(id: str, name: str, texts_: Texts) -> Type:
    return Type(id, frozenset({term(name).value}), texts_, COLLECTIONS["organisations"], ("organisation",))


_PLACES: Final = ("municipality", "neighbourhood", "province", "region", "country")
_PLACE: Final = Type(
    "place",
    frozenset(term(one).value for kind in _PLACES for one in schema.KINDS[kind]),
    texts("plaats", "lieu", "place"),
    COLLECTIONS["places"],
)

TYPES: Final = {
    one.id: one
    for one in (
        _kind("organisation", "organisations"),
        _class(
            "formal-organisation", "org:FormalOrganization", texts("rechtspersoon", "personne morale", "legal body")
        ),
        _class("organisational-unit", "org:OrganizationalUnit", texts("afdeling", "unité", "organisational unit")),
        _class(
            *("collaboration", "org:OrganizationalCollaboration"),
            texts("samenwerkingsverband", "partenariat", "collaboration"),
        ),
        _kind("project", "projects"),
        _kind("programme", "programmes"),
        _kind("practice", "practices"),
        *(_kind(one, "places", "place") for one in _PLACES),
        _PLACE,
        _kind("framework", "frameworks"),
        _kind("component", "components"),
        *(_kind(one, "concepts") for one in ("method", "role", "actor-group", "topic", "organisation-kind")),
        _kind("call", "calls"),
        _kind("source", "sources"),
        _kind("publication", "publications"),
    )
}
"""The types, by their ids."""

DEFAULT: Final = ("organisation", "project", "practice", "municipality")
"""The types that are proposed before anything is known of a column."""

_ALIASES: Final = {
    **{iri: one.id for one in reversed(TYPES.values()) if len(one.classes) == 1 for iri in one.classes},
    term("org:Organization").value: "organisation",
    term("zorg:Place").value: "place",
}


def type_of(id: str, where: str) -> Type:
    """Return a type by its id, or by the IRI of its class.

    :param id: as a client gives it.
    :param where: the parameter that gave it, for the message.
    :raises ProblemError: 400, there is none.
    """
    found = known(id)
    if found is None:
        detail = f"{where}: there is no type {id!r}; there are: {', '.join(TYPES)}"
        raise ProblemError(400, "unknown-type", detail, parameter=where, allowed=list(TYPES))
    return found


def known(id: str | None) -> Type | None:
    """Return a type by its id, or by the IRI of its class; None when there is none."""
    return TYPES.get(_ALIASES.get(id, id)) if id else None


def types_of(classes: Iterable[str]) -> list[Type]:
    """Return the types of a thing, the one that a person would call it first.

    :param classes: IRIs of its classes.
    """
    having = set(classes)
    return [one for one in TYPES.values() if having & one.classes]


NARROWING: Final = {
    one.id: one
    for one in (
        Narrowing(
            "municipality",
            texts("gemeente", "commune", "municipality"),
            texts(
                "Naam (nl, fr, en), ook van voor een fusie van 2025; NIS-code; of een gevonden plaats.",
                "Nom (nl, fr, en), même d'avant une fusion de 2025 ; code INS ; ou un lieu trouvé.",
                "Name (nl, fr, en), also from before a merger of 2025; NIS code; or a reconciled place.",
            ),
        ),
        Narrowing(
            "postcode",
            texts("postcode", "code postal", "postcode"),
            texts("Vier cijfers.", "Quatre chiffres.", "Four digits."),
        ),
        Narrowing(
            "kind",
            texts("soort organisatie", "sorte d'organisation", "kind of organisation"),
            texts(
                "Slug of naam van een soort (OCMW, lokaal dienstencentrum …).",
                "Identifiant ou nom d'une sorte (CPAS, centre de services local …).",
                "Slug or name of a kind (OCMW, local service centre …).",
            ),
        ),
        Narrowing(
            "kbo",
            texts("KBO-nummer", "numéro BCE", "KBO number"),
            texts(
                "Ondernemingsnummer, met of zonder punten en BE.",
                "Numéro d'entreprise, avec ou sans points et BE.",
                "Enterprise number, with or without points and BE.",
            ),
        ),
        Narrowing(
            "vcode",
            texts("VCode", "VCode", "VCode"),
            texts(
                "Nummer in het Vlaamse verenigingsregister.",
                "Numéro au registre flamand des associations.",
                "Number in the Flemish register of associations.",
            ),
        ),
        Narrowing(
            "nis",
            texts("NIS-code", "code INS", "NIS code"),
            texts("Vijf cijfers, van een plaats.", "Cinq chiffres, d'un lieu.", "Five digits, of a place."),
        ),
    )
}
"""The properties that narrow a search."""

NUMBERS: Final = ("kbo", "vcode", "nis", "postcode")
"""Of these, those that are fetched from what identifies a thing, and not from a collection's field."""

_LEFT_OUT: Final = frozenset({"iri", "slug", "nisCode", "identifier"})


def fields(type: Type) -> dict[str, Property]:
    """Return the properties of a type's things that can be fetched, by name, beside :data:`NUMBERS`."""
    return {name: one for name, one in type.collection.fields.items() if name not in _LEFT_OUT}


def field_name(one: Property, language: str) -> str:
    """Return what a property is called."""
    return words.column(one.name, language)


def proposed(type: Type, language: str) -> list[dict[str, str]]:
    """Return the properties that can be fetched of a type's things, as the API tells them."""
    found = [
        {"id": one.name, "name": field_name(one, language), "description": one.description[language]}
        for one in fields(type).values()
    ]
    numbers = {"organisations": ("kbo", "vcode", "postcode"), "places": ("nis",)}.get(type.collection.name, ())
    return found + [_told(NARROWING[name], language) for name in numbers]


def properties(language: str) -> list[dict[str, str]]:
    """Return all properties, those that narrow a search first, as the API tells them."""
    found = {one.id: _told(one, language) for one in NARROWING.values()}
    for one in TYPES.values():
        for told in proposed(one, language):
            found.setdefault(told["id"], told)
    return list(found.values())


def field(name: str) -> Property | None:
    """Return a property of any collection that can be fetched; None when there is none of that name."""
    return next((found for one in TYPES.values() if (found := fields(one).get(name))), None)


def _told(one: Narrowing, language: str) -> dict[str, str]:
    return {"id": one.id, "name": one.name[language], "description": one.description[language]}


# Things


def iri(id: str) -> str:
    """Return the IRI of a thing by its id: what comes after `/id/`, or the IRI itself."""
    return id if "://" in id or id.startswith("urn:") else ID + id.strip("/")


def id_of(iri: str) -> str:
    """Return the id of a thing: our IRIs without the identifier space, all others whole."""
    return iri.removeprefix(ID)
