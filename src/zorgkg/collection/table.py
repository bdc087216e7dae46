"""The collections: one table, from which routes, parameters, their description and their documentation are made."""

from __future__ import annotations

from typing import Final

from zorgkg.collection.declared import Collection, Kind, Property, texts

_PLACES: Final = {
    "neighbourhood": "zorg:Neighbourhood",
    "municipality": "zorg:Municipality",
    "province": "zorg:Province",
    "region": "zorg:Region",
    "country": "zorg:Country",
}
_CONCEPTS: Final = {
    "method": "zorg:Method",
    "actor-group": "zorg:ActorGroup",
    "named-role": "zorg:NamedRole",
    "organisation-kind": "zorg:OrganisationKind",
    "participation-role": "zorg:ParticipationRole",
    "topic": "zorg:Topic",
    "basis": "zorg:Basis",
    "strength": "zorg:Strength",
    "agreement": "zorg:Agreement",
    "section-kind": "zorg:SectionKind",
    "municipality-kind": "zorg:MunicipalityKind",
    "category": "zorg:Category",
}

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


def _description(path: str = "dcterms:description", shown: bool = True) -> Property:
    told = texts("Korte omschrijving.", "Brève description.", "Short description.")
    return Property("description", path, "text", told, shown=shown)


def _alternative() -> Property:
    told = texts(
        "Andere namen, zoals bronnen ze drukken.", "Autres noms, tels qu'imprimés.", "Other names, as printed."
    )
    return Property("alternative", "skos:altLabel", "printed", told, many=True, shown=False)


def _thing(
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
    """A property whose values are things, which is also a filter."""
    told = texts(nl, fr, en)
    return Property(name, path, "thing", told, many, shown, cls, facet, within, is_field=is_field, is_mixed=is_mixed)


def _plain(name: str, path: str, kind: Kind, nl: str, fr: str, en: str, many: bool = False) -> Property:
    return Property(name, path, kind, texts(nl, fr, en), many)


_WITHIN: Final = "zorg:inMunicipality/zorg:partOf+"


def _source(path: str = "prov:wasDerivedFrom/dcterms:isPartOf") -> Property:
    told = ("Bron waarin zij staat.", "Source où elle figure.", "Source that names it.")
    return _thing("source", path, "zorg:Source", *told, shown=False, is_mixed=True)


def _point(path: str) -> Property:
    told = texts(
        "Punt op de kaart als WKT (WGS 84): dat van de gemeente; breedte en lengte waar het er één is.",
        "Point sur la carte en WKT (WGS 84) : celui de la commune ; latitude et longitude s'il n'y en a qu'un.",
        "Point on the map as WKT (WGS 84): that of the municipality; latitude and longitude where there is one.",
    )
    return Property("point", path, "point", told)


_MUNICIPALITY: Final = ("Gemeente.", "Commune.", "Municipality.")
_PROVINCE: Final = ("Provincie.", "Province.", "Province.")
_REGION: Final = ("Gewest.", "Région.", "Region.")
_COMMON: Final = (_IRI, _SLUG, _LABEL)

_METHOD: Final = _thing(
    *("method", "zorg:usesMethod", "zorg:Method"),
    *("Methode die het gebruikt.", "Méthode utilisée.", "Method that it uses."),
    facet="method",
    shown=False,
)
_ROLE: Final = _thing(
    *("role", "zorg:involvesRole", "zorg:NamedRole"),
    *("Rol van mensen, zoals buurtcoach.", "Rôle de personnes, comme coach de quartier.", "Role of people."),
    facet="role",
    shown=False,
)
_GROUP: Final = _thing(
    *("group", "zorg:involves", "zorg:ActorGroup"),
    *("Groep die meewerkt, zoals bewoners.", "Groupe qui collabore, comme les habitants.", "Group that takes part."),
    facet="involves",
    shown=False,
)
_PARTICIPANT: Final = _thing(
    *("participant", "^zorg:project/zorg:agent", "org:Organization"),
    *("Organisatie die meewerkt, in welke rol ook.", "Organisation qui collabore, quel que soit son rôle."),
    "Organisation that takes part, in whatever role.",
    facet="participant",
    is_field=False,
)

_PROJECTS: Final = Collection(
    "projects",
    "project",
    ("zorg:Project",),
    texts("Projecten", "Projets", "Projects"),
    texts(
        "Lokale initiatieven die aan een zorgzame buurt bouwen.",
        "Initiatives locales qui construisent un quartier solidaire.",
        "Local initiatives that build a caring neighbourhood.",
    ),
    (
        *_COMMON,
        _description(),
        _plain("fiche", "zorg:ficheNumber", "integer", "Nummer in het rapport.", "Numéro.", "Number in the report."),
        _thing("municipality", "zorg:inMunicipality", "zorg:Municipality", *_MUNICIPALITY, facet="municipality"),
        _thing("province", "zorg:inProvince", "zorg:Province", *_PROVINCE, facet="province"),
        _thing("region", "zorg:inRegion", "zorg:Region", *_REGION, facet="region"),
        _thing(
            *("place", "zorg:takesPlaceIn", "zorg:Place"),
            *("Plaats die een bron noemt.", "Lieu nommé par une source.", "Place that a source names."),
            facet="takesPlaceIn",
        ),
        _thing(
            *("call", "zorg:fundedUnder", "zorg:FundingCall"),
            *("Oproep waaronder het steun kreeg.", "Appel qui l'a soutenu.", "Call under which it was funded."),
            facet="call",
        ),
        _thing(
            *("initiator", "zorg:initiator", "org:Organization"),
            *("Organisatie die het trekt.", "Organisation qui le porte.", "Organisation that leads it."),
            facet="initiator",
        ),
        _thing(
            *("partner", "zorg:partner", "org:Organization"),
            *("Organisatie die partner is.", "Organisation partenaire.", "Organisation that is a partner."),
            facet="partner",
        ),
        _PARTICIPANT,
        _GROUP,
        _METHOD,
        _ROLE,
        _thing(
            *("component", "zorg:addresses", "zorg:Component"),
            *("Component van een kader waaraan het volgens een bron werkt.",),
            *("Composante d'un cadre à laquelle il travaille selon une source.",),
            *("Component of a framework that it works on, as some source says.",),
            facet="component",
            shown=False,
        ),
        _thing(
            *("framework", "zorg:addresses/skos:inScheme", "zorg:Framework"),
            *("Kader waarin een bron het plaatst.", "Cadre où une source le situe.", "Framework it is placed in."),
            facet="framework",
            shown=False,
        ),
        _thing(
            *("targetGroup", "zorg:addresses", "zorg:Component"),
            *("Doelgroep, uit het kader target-group.", "Groupe cible, du cadre target-group."),
            "Target group, of the framework target-group.",
            facet="targetGroup",
            shown=False,
            within="target-group",
        ),
        Property(
            "targetGroupNamed",
            "zorg:targetGroup",
            "printed",
            texts("Voor wie het is, zoals gedrukt.", "Pour qui il est, tel qu'imprimé.", "For whom it is, as printed."),
            many=True,
            shown=False,
        ),
        _alternative(),
        _plain("website", "foaf:page", "iri", "Website.", "Site web.", "Website.", many=True),
        _point("zorg:inMunicipality/geo:hasGeometry/geo:asWKT"),
    ),
    facets={"class": ("zorg:Project",)},
)

_PROGRAMMES: Final = Collection(
    "programmes",
    "project",
    ("zorg:Programme",),
    texts("Programma's", "Programmes", "Programmes"),
    texts(
        "Trajecten die verschillende buurten of projecten samen begeleiden.",
        "Trajets qui accompagnent ensemble plusieurs quartiers ou projets.",
        "Trajectories that support several neighbourhoods or projects together.",
    ),
    (*_COMMON, _description(), _PARTICIPANT, _GROUP, _METHOD, _ROLE, _source()),
    is_small=True,
    facets={"class": ("zorg:Programme",)},
)

_ORGANISATIONS: Final = Collection(
    "organisations",
    "organisation",
    ("org:Organization",),
    texts("Organisaties", "Organisations", "Organisations"),
    texts(
        "Organisaties die projecten trekken, steunen of er partner in zijn, en hun afdelingen.",
        "Organisations qui portent ou soutiennent des projets ou y sont partenaires, et leurs unités.",
        "Organisations that lead or support projects or are partners in them, and their units.",
    ),
    (
        *_COMMON,
        _thing(
            *("kind", "org:classification", "zorg:OrganisationKind"),
            *("Soort organisatie.", "Type d'organisation.", "Kind of organisation."),
            facet="kind",
        ),
        _thing("municipality", "zorg:inMunicipality", "zorg:Municipality", *_MUNICIPALITY, facet="municipality"),
        _thing("province", _WITHIN, "zorg:Province", *_PROVINCE, facet="province", is_mixed=True),
        _thing("region", _WITHIN, "zorg:Region", *_REGION, facet="region", is_mixed=True),
        _thing(
            *("unitOf", "org:unitOf", "org:Organization"),
            *("Organisatie waarvan zij een afdeling is.", "Organisation dont elle est une unité."),
            "Organisation of which it is a unit.",
            facet="unitOf",
        ),
        _alternative(),
        _plain("homepage", "foaf:homepage", "iri", "Website.", "Site web.", "Website.", many=True),
        _plain(
            *("identifier", "adms:identifier/skos:notation", "string"),
            *("Ondernemingsnummer en dergelijke.", "Numéro d'entreprise et autres.", "Enterprise number and the like."),
            many=True,
        ),
        _plain(
            *("sameAs", "skos:exactMatch", "iri"),
            *("Dezelfde in een register.", "La même dans un registre.", "The same in a register."),
            many=True,
        ),
        _point("zorg:inMunicipality/geo:hasGeometry/geo:asWKT"),
    ),
)

_PLACE: Final = Collection(
    "places",
    "place",
    ("zorg:Place",),
    texts("Plaatsen", "Lieux", "Places"),
    texts(
        "Buurten, gemeenten, provincies, gewesten en landen.",
        "Quartiers, communes, provinces, régions et pays.",
        "Neighbourhoods, municipalities, provinces, regions and countries.",
    ),
    (
        *_COMMON,
        Property(
            "kind",
            "rdf:type",
            "word",
            texts("Soort plaats.", "Type de lieu.", "Kind of place."),
            facet="class",
            words=_PLACES,
        ),
        _thing(
            *("partOf", "zorg:partOf", "zorg:Place"),
            *("Grotere plaats waarin zij ligt.", "Lieu plus grand où il se trouve.", "Larger place that it lies in."),
            facet="partOf",
        ),
        _thing(
            *("within", "zorg:partOf+", "zorg:Place"),
            *("Elke grotere plaats waarin zij ligt.", "Tous les lieux plus grands où il se trouve."),
            "Every larger place that it lies in.",
            facet="within",
            shown=False,
        ),
        _plain("nisCode", "zorg:nisCode", "string", "NIS-code.", "Code INS.", "NIS code."),
        _thing(
            *("municipalityKind", "zorg:municipalityKind", "zorg:MunicipalityKind"),
            *("Soort gemeente.", "Type de commune.", "Kind of municipality."),
            many=False,
        ),
        _plain("validFrom", "schema:validFrom", "date", "Bestaat sinds.", "Existe depuis.", "Exists since."),
        _plain("validThrough", "schema:validThrough", "date", "Bestond tot en met.", "A existé jusque.", "Last day."),
        _thing(
            *("replacedBy", "dcterms:isReplacedBy", "zorg:Place"),
            *("Gemeente waarin zij opging.", "Commune qui l'a remplacée.", "Municipality that replaced it."),
        ),
        _alternative(),
        _plain(
            *("sameAs", "skos:exactMatch", "iri"),
            *("Dezelfde in een register.", "Le même dans un registre.", "The same in a register."),
            many=True,
        ),
        _point("geo:hasGeometry/geo:asWKT"),
    ),
    is_small=True,
)

_FRAMEWORKS: Final = Collection(
    "frameworks",
    "framework",
    ("zorg:Framework",),
    texts("Kaders", "Cadres", "Frameworks"),
    texts(
        "Kaders en indelingen waarin bronnen projecten plaatsen.",
        "Cadres et classifications où des sources situent des projets.",
        "Frameworks and classifications in which sources place projects.",
    ),
    (
        *_COMMON,
        _description("skos:definition"),
        _thing(
            *("publisher", "dcterms:publisher", "org:Organization"),
            *("Wie het uitgaf.", "Qui l'a publié.", "Who published it."),
        ),
        _source("dcterms:source"),
        _alternative(),
    ),
    is_small=True,
    facets={"class": ("zorg:Framework",)},
)

_COMPONENTS: Final = Collection(
    "components",
    "framework",
    ("zorg:Component",),
    texts("Componenten", "Composantes", "Components"),
    texts(
        "De onderdelen van de kaders: functies, principes, lagen, categorieën.",
        "Les éléments des cadres : fonctions, principes, couches, catégories.",
        "The parts of the frameworks: functions, principles, layers, categories.",
    ),
    (
        *_COMMON,
        _thing(
            *("framework", "skos:inScheme", "zorg:Framework"),
            *("Haar kader.", "Son cadre.", "Its framework."),
            facet="framework",
            many=False,
        ),
        _plain("order", "zorg:order", "integer", "Plaats in haar kader.", "Position.", "Position in its framework."),
        _plain("notation", "skos:notation", "string", "Nummer of code.", "Numéro ou code.", "Number or code."),
        _description("skos:definition"),
        Property(
            "scopeNote",
            "skos:scopeNote",
            "text",
            texts("Wat er wel en niet onder valt.", "Ce qui en relève ou non.", "What belongs to it and what doesn't."),
            shown=False,
        ),
        _alternative(),
    ),
    sorts=("label", "iri", "order"),
    is_small=True,
    facets={"class": ("zorg:Component",)},
)

_CONCEPT: Final = Collection(
    "concepts",
    "framework",
    tuple(_CONCEPTS.values()),
    texts("Begrippen", "Concepts", "Concepts"),
    texts(
        "Methoden, groepen, rollen, soorten organisaties en andere begrippen die de data gebruiken.",
        "Méthodes, groupes, rôles, types d'organisations et autres concepts que les données utilisent.",
        "Methods, groups, roles, kinds of organisation and other concepts that the data use.",
    ),
    (
        *_COMMON,
        Property(
            "kind",
            "rdf:type",
            "word",
            texts("Soort begrip.", "Type de concept.", "Kind of concept."),
            facet="class",
            words=_CONCEPTS,
        ),
        _plain("notation", "skos:notation", "string", "Code.", "Code.", "Code."),
        _description("skos:definition"),
        _alternative(),
    ),
    is_small=True,
    facets={"class": tuple(_CONCEPTS.values())},
)

_SOURCES: Final = Collection(
    "sources",
    "source",
    ("zorg:Source",),
    texts("Bronnen", "Sources", "Sources"),
    texts(
        "De documenten waaruit de feiten komen.",
        "Les documents dont viennent les faits.",
        "The documents from which the facts come.",
    ),
    (
        *_COMMON,
        _description(),
        _plain("issued", "dcterms:issued", "string", "Verschenen.", "Paru.", "Published."),
        _thing(
            *("publisher", "dcterms:publisher", "org:Organization"),
            *("Uitgever.", "Éditeur.", "Publisher."),
        ),
        _thing(
            *("contributor", "dcterms:contributor|dcterms:creator", "org:Organization"),
            *("Organisatie die eraan werkte.", "Organisation qui y a contribué.", "Organisation that contributed."),
        ),
        _plain("characters", "zorg:characters", "integer", "Aantal tekens.", "Caractères.", "Number of characters."),
        _plain("fileName", "zorg:fileName", "string", "Bestand.", "Fichier.", "File."),
        _plain("page", "foaf:page", "iri", "Website.", "Site web.", "Website.", many=True),
    ),
    sorts=("label", "iri", "issued"),
    is_small=True,
)

_PUBLICATIONS: Final = Collection(
    "publications",
    "publication",
    ("zorg:Publication",),
    texts("Publicaties", "Publications", "Publications"),
    texts(
        "Werken die de bronnen aanhalen.",
        "Ouvrages que les sources citent.",
        "Works that the sources refer to.",
    ),
    (
        *_COMMON,
        _plain("issued", "dcterms:issued", "integer", "Jaar.", "Année.", "Year."),
        _source("^schema:citation"),
        _plain("page", "foaf:page", "iri", "Website.", "Site web.", "Website.", many=True),
    ),
    sorts=("label", "iri", "issued"),
    is_small=True,
)

_CALLS: Final = Collection(
    "calls",
    "call",
    ("zorg:FundingCall",),
    texts("Oproepen", "Appels à projets", "Funding calls"),
    texts(
        "Projectoproepen en andere steun waarmee een fonds projecten steunt.",
        "Appels à projets et autres soutiens d'un fonds.",
        "Calls for projects and other lines of support of a fund.",
    ),
    (
        *_COMMON,
        _description(),
        _plain("issued", "dcterms:issued", "integer", "Jaar.", "Année.", "Year."),
        _thing(
            *("funder", "schema:funder", "org:Organization"),
            *("Wie de steun gaf.", "Qui a donné le soutien.", "Who gave the support."),
            facet="funder",
        ),
        _source(),
    ),
    sorts=("label", "iri", "issued"),
    is_small=True,
)

_PRACTICES: Final = Collection(
    "practices",
    "practice",
    ("zorg:Practice",),
    texts("Praktijken elders", "Pratiques d'ailleurs", "Practices elsewhere"),
    texts(
        "Initiatieven, modellen en onderzoek buiten de projecten waarnaar een bron verwijst.",
        "Initiatives, modèles et recherches hors des projets, auxquels une source fait référence.",
        "Initiatives, models and studies outside the projects to which a source refers.",
    ),
    (
        *_COMMON,
        _description(),
        _thing("place", "schema:location", "zorg:Place", "Waar zij is.", "Où elle se trouve.", "Where it is."),
        _source(),
    ),
    is_small=True,
)

_DATASETS: Final = Collection(
    "datasets",
    "dataset",
    ("dcat:Dataset",),
    texts("Datasets", "Jeux de données", "Datasets"),
    texts(
        "De datasets van deze versie; elk is een benoemde graaf.",
        "Les jeux de données de cette version ; chacun est un graphe nommé.",
        "The datasets of this version; each is a named graph.",
    ),
    (
        *_COMMON,
        _description(),
        _plain("statements", "", "integer", "Aantal uitspraken.", "Nombre d'énoncés.", "Number of statements."),
        _source("prov:wasDerivedFrom"),
        _plain("license", "dcterms:license", "iri", "Licentie.", "Licence.", "Licence.", many=True),
        _plain("language", "dcterms:language", "string", "Talen.", "Langues.", "Languages.", many=True),
    ),
    is_small=True,
)

_VERSIONS: Final = Collection(
    "versions",
    "version",
    (),
    texts("Versies", "Versions", "Versions"),
    texts(
        "De gepubliceerde versies; elke andere vraag kan met ?version= aan een ervan gesteld worden.",
        "Les versions publiées ; toute autre question peut être posée à l'une d'elles avec ?version=.",
        "The published versions; anything else can be asked of one of them with ?version=.",
    ),
    (
        _plain("id", "", "string", "Naam van de versie.", "Nom de la version.", "Name of the version."),
        _plain("created", "", "string", "Wanneer gemaakt.", "Date de création.", "When it was made."),
        _plain("served", "", "boolean", "Of zij nu antwoordt.", "Si elle répond à présent.", "Whether it answers now."),
        _plain("statements", "", "integer", "Aantal uitspraken.", "Nombre d'énoncés.", "Number of statements."),
        _plain("triples", "", "integer", "Aantal triples.", "Nombre de triplets.", "Number of triples."),
        _plain("dataset", "", "string", "Datasets erin.", "Jeux de données.", "Datasets in it.", many=True),
        _plain("base", "", "string", "Versie ervoor.", "Version précédente.", "Version before it."),
        _plain("sha256", "", "string", "Controlegetal.", "Somme de contrôle.", "Checksum of its statements."),
    ),
    sorts=("created", "id"),
    order="-created",
    is_small=True,
)

COLLECTIONS: Final = {
    one.name: one
    for one in (
        *(_PROJECTS, _PROGRAMMES, _ORGANISATIONS, _PLACE, _FRAMEWORKS, _COMPONENTS, _CONCEPT, _SOURCES),
        *(_PUBLICATIONS, _CALLS, _PRACTICES, _DATASETS, _VERSIONS),
    )
}
"""The collections, by name, in the order in which they are told."""
