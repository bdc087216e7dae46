"""The collections of what is known: frameworks and concepts, sources, calls and practices, datasets and versions."""

from __future__ import annotations

from typing import Final

from zorgkg.collection.common import COMMON, alternative, description, plain, source, thing
from zorgkg.collection.declared import Collection, Property, texts

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

FRAMEWORKS: Final = Collection(
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
        *COMMON,
        description("skos:definition"),
        thing(
            *("publisher", "dcterms:publisher", "org:Organization"),
            *("Wie het uitgaf.", "Qui l'a publié.", "Who published it."),
        ),
        source("dcterms:source"),
        alternative(),
    ),
    is_small=True,
    facets={"class": ("zorg:Framework",)},
)

COMPONENTS: Final = Collection(
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
        *COMMON,
        thing(
            *("framework", "skos:inScheme", "zorg:Framework"),
            *("Haar kader.", "Son cadre.", "Its framework."),
            facet="framework",
            many=False,
        ),
        plain("order", "zorg:order", "integer", "Plaats in haar kader.", "Position.", "Position in its framework."),
        plain("notation", "skos:notation", "string", "Nummer of code.", "Numéro ou code.", "Number or code."),
        description("skos:definition"),
        Property(
            "scopeNote",
            "skos:scopeNote",
            "text",
            texts("Wat er wel en niet onder valt.", "Ce qui en relève ou non.", "What belongs to it and what doesn't."),
            shown=False,
        ),
        alternative(),
    ),
    sorts=("label", "iri", "order"),
    is_small=True,
    facets={"class": ("zorg:Component",)},
)

CONCEPTS: Final = Collection(
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
        *COMMON,
        Property(
            "kind",
            "rdf:type",
            "word",
            texts("Soort begrip.", "Type de concept.", "Kind of concept."),
            facet="class",
            words=_CONCEPTS,
        ),
        plain("notation", "skos:notation", "string", "Code.", "Code.", "Code."),
        description("skos:definition"),
        alternative(),
    ),
    is_small=True,
    facets={"class": tuple(_CONCEPTS.values())},
)

SOURCES: Final = Collection(
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
        *COMMON,
        description(),
        plain("issued", "dcterms:issued", "string", "Verschenen.", "Paru.", "Published."),
        thing(
            *("publisher", "dcterms:publisher", "org:Organization"),
            *("Uitgever.", "Éditeur.", "Publisher."),
        ),
        thing(
            *("contributor", "dcterms:contributor|dcterms:creator", "org:Organization"),
            *("Organisatie die eraan werkte.", "Organisation qui y a contribué.", "Organisation that contributed."),
        ),
        plain("characters", "zorg:characters", "integer", "Aantal tekens.", "Caractères.", "Number of characters."),
        plain("fileName", "zorg:fileName", "string", "Bestand.", "Fichier.", "File."),
        plain("page", "foaf:page", "iri", "Website.", "Site web.", "Website.", many=True),
    ),
    sorts=("label", "iri", "issued"),
    is_small=True,
)

PUBLICATIONS: Final = Collection(
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
        *COMMON,
        plain("issued", "dcterms:issued", "integer", "Jaar.", "Année.", "Year."),
        source("^schema:citation"),
        plain("page", "foaf:page", "iri", "Website.", "Site web.", "Website.", many=True),
    ),
    sorts=("label", "iri", "issued"),
    is_small=True,
)

CALLS: Final = Collection(
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
        *COMMON,
        description(),
        plain("issued", "dcterms:issued", "integer", "Jaar.", "Année.", "Year."),
        thing(
            *("funder", "schema:funder", "org:Organization"),
            *("Wie de steun gaf.", "Qui a donné le soutien.", "Who gave the support."),
            facet="funder",
        ),
        source(),
    ),
    sorts=("label", "iri", "issued"),
    is_small=True,
)

PRACTICES: Final = Collection(
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
        *COMMON,
        description(),
        thing("place", "schema:location", "zorg:Place", "Waar zij is.", "Où elle se trouve.", "Where it is."),
        source(),
    ),
    is_small=True,
)

DATASETS: Final = Collection(
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
        *COMMON,
        description(),
        plain("statements", "", "integer", "Aantal uitspraken.", "Nombre d'énoncés.", "Number of statements."),
        source("prov:wasDerivedFrom"),
        plain("license", "dcterms:license", "iri", "Licentie.", "Licence.", "Licence.", many=True),
        plain("language", "dcterms:language", "string", "Talen.", "Langues.", "Languages.", many=True),
    ),
    is_small=True,
)

VERSIONS: Final = Collection(
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
        plain("id", "", "string", "Naam van de versie.", "Nom de la version.", "Name of the version."),
        plain("created", "", "string", "Wanneer gemaakt.", "Date de création.", "When it was made."),
        plain("served", "", "boolean", "Of zij nu antwoordt.", "Si elle répond à présent.", "Whether it answers now."),
        plain("statements", "", "integer", "Aantal uitspraken.", "Nombre d'énoncés.", "Number of statements."),
        plain("triples", "", "integer", "Aantal triples.", "Nombre de triplets.", "Number of triples."),
        plain("dataset", "", "string", "Datasets erin.", "Jeux de données.", "Datasets in it.", many=True),
        plain("base", "", "string", "Versie ervoor.", "Version précédente.", "Version before it."),
        plain("sha256", "", "string", "Controlegetal.", "Somme de contrôle.", "Checksum of its statements."),
    ),
    sorts=("created", "id"),
    order="-created",
    is_small=True,
)
