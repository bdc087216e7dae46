"""The collections of initiatives, of those who take part in them, and of where they are."""

from __future__ import annotations

from typing import Final

from zorgkg.collection.common import (
    COMMON,
    GROUP,
    LINKED,
    METHOD,
    MUNICIPALITY,
    PARTICIPANT,
    PROVINCE,
    REGION,
    ROLE,
    alternative,
    description,
    plain,
    point,
    same,
    source,
    thing,
)
from zorgkg.collection.declared import Collection, Property, texts

_PLACES: Final = {
    "neighbourhood": "zorg:Neighbourhood",
    "municipality": "zorg:Municipality",
    "province": "zorg:Province",
    "region": "zorg:Region",
    "country": "zorg:Country",
}
_WITHIN: Final = "zorg:inMunicipality/zorg:partOf+"

_WHERE: Final = (
    thing("municipality", "zorg:inMunicipality", "zorg:Municipality", *MUNICIPALITY, facet="municipality"),
    thing("province", "zorg:inProvince", "zorg:Province", *PROVINCE, facet="province"),
    thing("region", "zorg:inRegion", "zorg:Region", *REGION, facet="region"),
    thing(
        *("place", "zorg:takesPlaceIn", "zorg:Place"),
        *("Plaats die een bron noemt.", "Lieu nommé par une source.", "Place that a source names."),
        facet="takesPlaceIn",
    ),
)
"""Where projects and activities take place."""

PROJECTS: Final = Collection(
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
        *COMMON,
        description(),
        plain("fiche", "zorg:ficheNumber", "integer", "Nummer in het rapport.", "Numéro.", "Number in the report."),
        *_WHERE,
        thing(
            *("call", "zorg:fundedUnder", "zorg:FundingCall"),
            *("Oproep waaronder het steun kreeg.", "Appel qui l'a soutenu.", "Call under which it was funded."),
            facet="call",
        ),
        thing(
            *("initiator", "zorg:initiator", "org:Organization"),
            *("Organisatie die het trekt.", "Organisation qui le porte.", "Organisation that leads it."),
            facet="initiator",
        ),
        thing(
            *("initiatorKind", "zorg:initiatorKind", "zorg:OrganisationKind"),
            *(
                "Soort organisatie die het trekt.",
                "Type d'organisation qui le porte.",
                "Kind of organisation that leads it.",
            ),
            facet="initiatorKind",
            shown=False,
        ),
        thing(
            *("partner", "zorg:partner", "org:Organization"),
            *("Organisatie die partner is.", "Organisation partenaire.", "Organisation that is a partner."),
            facet="partner",
        ),
        PARTICIPANT,
        GROUP,
        METHOD,
        ROLE,
        thing(
            *("component", "zorg:addresses", "zorg:Component"),
            *("Component van een kader waaraan het volgens een bron werkt.",),
            *("Composante d'un cadre à laquelle il travaille selon une source.",),
            *("Component of a framework that it works on, as some source says.",),
            facet="component",
            shown=False,
        ),
        thing(
            *("framework", "zorg:addresses/skos:inScheme", "zorg:Framework"),
            *("Kader waarin een bron het plaatst.", "Cadre où une source le situe.", "Framework it is placed in."),
            facet="framework",
            shown=False,
        ),
        thing(
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
        thing(
            *("source", "zorg:describedIn", "zorg:Source"),
            *("Bron die het beschrijft.", "Source qui le décrit.", "Source that describes it."),
            facet="source",
            shown=False,
        ),
        alternative(),
        plain("website", "foaf:page", "iri", "Website.", "Site web.", "Website.", many=True),
        same(),
        point("zorg:inMunicipality/geo:hasGeometry/geo:asWKT"),
    ),
    facets={"class": ("zorg:Project",)},
)

PROGRAMMES: Final = Collection(
    "programmes",
    "project",
    ("zorg:Programme",),
    texts("Programma's", "Programmes", "Programmes"),
    texts(
        "Trajecten die verschillende buurten of projecten samen begeleiden.",
        "Trajets qui accompagnent ensemble plusieurs quartiers ou projets.",
        "Trajectories that support several neighbourhoods or projects together.",
    ),
    (*COMMON, description(), PARTICIPANT, GROUP, METHOD, ROLE, source(), same()),
    is_small=True,
    facets={"class": ("zorg:Programme",)},
)

ACTIVITIES: Final = Collection(
    "activities",
    "activity",
    ("zorg:Activity",),
    texts("Activiteiten", "Activités", "Activities"),
    texts(
        "Wat organisaties voor mensen in een buurt doen, uit de agenda's die partners brengen.",
        "Ce que des organisations font pour les gens d'un quartier, d'après les agendas de partenaires.",
        "What organisations do for people in a neighbourhood, from the agendas that partners bring.",
    ),
    (
        *COMMON,
        description(),
        plain("start", "schema:startDate", "date", "Eerste dag.", "Premier jour.", "First day."),
        plain("end", "schema:endDate", "date", "Laatste dag.", "Dernier jour.", "Last day."),
        *_WHERE,
        thing(
            *("organiser", "schema:organizer", "org:Organization"),
            *("Organisatie die het doet.", "Organisation qui la propose.", "Organisation that holds it."),
        ),
        Property(
            "contributor",
            "schema:contributor",
            "thing",
            texts("Organisatie of groep die meehelpt.", "Organisation ou groupe qui aide.", "Who helps with it."),
            many=True,
        ),
        thing(
            *("participant", "schema:organizer|schema:contributor", "org:Organization"),
            *("Organisatie die het doet of meehelpt.", "Organisation qui la propose ou qui aide."),
            "Organisation that holds it or helps with it.",
            is_field=False,
        ),
        # No source says of which project an activity is a part: the organisation is what they have in common.
        thing(
            *("project", f"schema:organizer/{LINKED}/^zorg:agent/zorg:project", "zorg:Project"),
            *("Project waaraan de organisator meewerkt.", "Projet auquel l'organisateur collabore."),
            "Project that the organiser takes part in.",
            is_field=False,
        ),
        source(),
        plain("website", "foaf:page", "iri", "Website.", "Site web.", "Website.", many=True),
        same(),
        point("zorg:inMunicipality/geo:hasGeometry/geo:asWKT"),
    ),
    sorts=("label", "iri", "start", "end"),
    is_small=True,
    period=("start", "end"),
)

ORGANISATIONS: Final = Collection(
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
        *COMMON,
        thing(
            *("kind", "org:classification", "zorg:OrganisationKind"),
            *("Soort organisatie.", "Type d'organisation.", "Kind of organisation."),
            facet="kind",
        ),
        thing("municipality", "zorg:inMunicipality", "zorg:Municipality", *MUNICIPALITY, facet="municipality"),
        thing("province", _WITHIN, "zorg:Province", *PROVINCE, facet="province", is_mixed=True),
        thing("region", _WITHIN, "zorg:Region", *REGION, facet="region", is_mixed=True),
        thing(
            *("unitOf", "org:unitOf", "org:Organization"),
            *("Organisatie waarvan zij een afdeling is.", "Organisation dont elle est une unité."),
            "Organisation of which it is a unit.",
            facet="unitOf",
        ),
        alternative(),
        plain("homepage", "foaf:homepage", "iri", "Website.", "Site web.", "Website.", many=True),
        plain(
            *("identifier", "adms:identifier/skos:notation", "string"),
            *("Ondernemingsnummer en dergelijke.", "Numéro d'entreprise et autres.", "Enterprise number and the like."),
            many=True,
        ),
        same(),
        point("zorg:inMunicipality/geo:hasGeometry/geo:asWKT"),
    ),
)

PLACES: Final = Collection(
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
        *COMMON,
        Property(
            "kind",
            "rdf:type",
            "word",
            texts("Soort plaats.", "Type de lieu.", "Kind of place."),
            facet="class",
            words=_PLACES,
        ),
        thing(
            *("partOf", "zorg:partOf", "zorg:Place"),
            *("Grotere plaats waarin zij ligt.", "Lieu plus grand où il se trouve.", "Larger place that it lies in."),
            facet="partOf",
        ),
        thing(
            *("within", "zorg:partOf+", "zorg:Place"),
            *("Elke grotere plaats waarin zij ligt.", "Tous les lieux plus grands où il se trouve."),
            "Every larger place that it lies in.",
            facet="within",
            shown=False,
        ),
        plain("nisCode", "zorg:nisCode", "string", "NIS-code.", "Code INS.", "NIS code."),
        thing(
            *("municipalityKind", "zorg:municipalityKind", "zorg:MunicipalityKind"),
            *("Soort gemeente.", "Type de commune.", "Kind of municipality."),
            many=False,
        ),
        plain("validFrom", "schema:validFrom", "date", "Bestaat sinds.", "Existe depuis.", "Exists since."),
        plain("validThrough", "schema:validThrough", "date", "Bestond tot en met.", "A existé jusque.", "Last day."),
        thing(
            *("replacedBy", "dcterms:isReplacedBy", "zorg:Place"),
            *("Gemeente waarin zij opging.", "Commune qui l'a remplacée.", "Municipality that replaced it."),
        ),
        alternative(),
        same(),
        point("geo:hasGeometry/geo:asWKT"),
    ),
    is_small=True,
)
