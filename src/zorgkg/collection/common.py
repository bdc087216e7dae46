"""Properties that several collections have, and the short ways to declare one."""

from __future__ import annotations

from typing import Final

from zorgkg.collection.declared import Kind, Property, texts

LINKED: Final = "zorg:identifiedWith?/^zorg:identifiedWith?"
"""From a thing to all that it is called, by reviewed links, itself among them."""

_IRI: Final = Property(
    "iri",
    "",
    "iri",
    texts(
        "Haar IRI, op elke server dezelfde.", "Son IRI, le même sur chaque serveur.", "Its IRI, the same everywhere."
    ),
)
_SLUG: Final = Property(
    "slug",
    "",
    "slug",
    texts("Het laatste deel van haar pad.", "La dernière partie de son chemin.", "The last part of its path."),
)
_LABEL: Final = Property("label", "", "label", texts("Naam.", "Nom.", "Name."))


def description(path: str = "dcterms:description") -> Property:
    """Return the short description of a thing.

    :param path: where things of its kind have it.
    """
    told = texts("Korte omschrijving.", "Brève description.", "Short description.")
    return Property("description", path, "text", told)


def alternative() -> Property:
    """Return the other names of a thing."""
    told = texts(
        "Andere namen, zoals bronnen ze drukken.", "Autres noms, tels qu'imprimés.", "Other names, as printed."
    )
    return Property("alternative", "skos:altLabel", "printed", told, many=True, shown=False)


def same() -> Property:
    """Return what else a thing is called, in registers and, by reviewed links, in other datasets."""
    told = texts(
        "Dezelfde in een register of, volgens een nagekeken koppeling, in een andere dataset.",
        "Le même dans un registre ou, par un lien vérifié, dans un autre jeu de données.",
        "The same in a register or, by a reviewed link, in another dataset.",
    )
    return Property("sameAs", "skos:exactMatch|zorg:sameThing", "iri", told, many=True, further=LINKED)


def thing(
    name: str,
    path: str,
    cls: str,
    nl: str,
    fr: str,
    en: str,
    *,
    facet: str = "",
    many: bool = True,
    shown: bool = True,
    within: str = "",
    is_field: bool = True,
    is_mixed: bool = False,
) -> Property:
    """Return a property whose values are things, so that it is a filter too.

    The parameters are those of :class:`zorgkg.collection.declared.Property`; what it says is given in nl, fr and en.
    """
    told = texts(nl, fr, en)
    return Property(name, path, "thing", told, many, shown, cls, facet, within, is_field=is_field, is_mixed=is_mixed)


def plain(name: str, path: str, kind: Kind, nl: str, fr: str, en: str, many: bool = False) -> Property:
    """Return a property whose values are no things; see :class:`zorgkg.collection.declared.Property`."""
    return Property(name, path, kind, texts(nl, fr, en), many)


def source(path: str = "prov:wasDerivedFrom/dcterms:isPartOf") -> Property:
    """Return the sources that a thing is told in.

    :param path: the way to them.
    """
    told = ("Bron waarin zij staat.", "Source où elle figure.", "Source that names it.")
    return thing("source", path, "zorg:Source", *told, shown=False, is_mixed=True)


def point(path: str) -> Property:
    """Return where a thing is on a map.

    :param path: the way to geometries as WKT.
    """
    told = texts(
        "Punt op de kaart als WKT (WGS 84): dat van de gemeente; breedte en lengte waar het er één is.",
        "Point sur la carte en WKT (WGS 84) : celui de la commune ; latitude et longitude s'il n'y en a qu'un.",
        "Point on the map as WKT (WGS 84): that of the municipality; latitude and longitude where there is one.",
    )
    return Property("point", path, "point", told)


MUNICIPALITY: Final = ("Gemeente.", "Commune.", "Municipality.")
PROVINCE: Final = ("Provincie.", "Province.", "Province.")
REGION: Final = ("Gewest.", "Région.", "Region.")
COMMON: Final = (_IRI, _SLUG, _LABEL)
"""What every thing has."""

METHOD: Final = thing(
    *("method", "zorg:usesMethod", "zorg:Method"),
    *("Methode die het gebruikt.", "Méthode utilisée.", "Method that it uses."),
    facet="method",
    shown=False,
)
ROLE: Final = thing(
    *("role", "zorg:involvesRole", "zorg:NamedRole"),
    *("Rol van mensen, zoals buurtcoach.", "Rôle de personnes, comme coach de quartier.", "Role of people."),
    facet="role",
    shown=False,
)
GROUP: Final = thing(
    *("group", "zorg:involves", "zorg:ActorGroup"),
    *("Groep die meewerkt, zoals bewoners.", "Groupe qui collabore, comme les habitants.", "Group that takes part."),
    facet="involves",
    shown=False,
)
PARTICIPANT: Final = thing(
    *("participant", "^zorg:project/zorg:agent", "org:Organization"),
    *("Organisatie die meewerkt, in welke rol ook.", "Organisation qui collabore, quel que soit son rôle."),
    "Organisation that takes part, in whatever role.",
    facet="participant",
    is_field=False,
)
