"""The kinds of tables that partners bring: their columns, in three languages. Headers are recognised, templates made
and their guides written from this one declaration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Words = tuple[str, str, str]
"""A text in nl, fr and en."""


@dataclass(frozen=True)
class Column:
    """A column that a table of a kind may have.

    :param name: its name in our tables.
    :param value: what its cells hold; see :mod:`zorgkg.intake.values`.
    :param titles: its header in each language, as templates have it.
    :param help: what it means.
    :param example: a value.
    :param synonyms: other headers that mean the same, in any language.
    :param required: whether a row cannot do without.
    """

    name: str
    value: str
    titles: Words
    help: Words
    example: str
    synonyms: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of table.

    :param name: how it is called on the command line and in paths.
    :param titles: in each language.
    :param columns: in the order of the template.
    :param telling: names of columns that tell this kind from the others.
    :param words: how a file, sheet or list of this kind is often called.
    """

    name: str
    titles: Words
    columns: tuple[Column, ...]
    telling: tuple[str, ...]
    words: tuple[str, ...]

    def column(self, name: str) -> Column | None:
        """Return the column of a name, or None."""
        return next((one for one in self.columns if one.name == name), None)


_ID: Final = Column(
    "id",
    "id",
    ("id", "id", "id"),
    (
        "Uw eigen nummer of code voor de rij; het blijft hetzelfde in elke versie. Zonder wordt de naam gebruikt.",
        "Votre numéro ou code pour la ligne ; il reste le même dans chaque version. À défaut, le nom est utilisé.",
        "Your own number or code for the row; it stays the same in every version. Without it the name is used.",
    ),
    "B-017",
    ("code", "nr", "nummer", "numero", "number", "identifier", "identificatie", "identifiant", "key", "sleutel", "ref"),
)


def _name(example: str, *synonyms: str) -> Column:
    return Column(
        "name",
        "name",
        ("naam", "nom", "name"),
        ("De naam.", "Le nom.", "The name."),
        example,
        ("benaming", "titel", "titre", "title", "label", "intitule", "denomination", *synonyms),
        True,
    )


def _in_language(name: str, titles: Words, example: str, *synonyms: str) -> tuple[Column, ...]:
    languages = (("nl", "Nederlands", "néerlandais", "Dutch"), ("fr", "Frans", "français", "French"))
    return tuple(
        Column(
            f"{name}_{code}",
            "text" if name == "description" else "name",
            (f"{titles[0]} ({code})", f"{titles[1]} ({code})", f"{titles[2]} ({code})"),
            (
                f"In het {nl}, als de andere kolom in een andere taal staat.",
                f"En {fr}, si l'autre colonne est dans une autre langue.",
                f"In {en}, when the other column is in another language.",
            ),
            example,
            tuple(f"{one} {code}" for one in (*titles, *synonyms)),
        )
        for code, nl, fr, en in (*languages, ("en", "Engels", "anglais", "English"))
    )


_DESCRIPTION: Final = Column(
    "description",
    "text",
    ("omschrijving", "description", "description"),
    (
        "Wat er gebeurt, in enkele zinnen; zonder namen van personen.",
        "Ce qui se fait, en quelques phrases ; sans noms de personnes.",
        "What happens, in a few sentences; without names of people.",
    ),
    "Elke donderdag soep en een babbel.",
    ("beschrijving", "toelichting", "uitleg", "samenvatting", "resume", "explication", "summary", "inhoud", "about"),
)
_MUNICIPALITY: Final = Column(
    "municipality",
    "municipality",
    ("gemeente", "commune", "municipality"),
    (
        "De gemeente: naam (nl, fr) of NIS-code, van voor of na een fusie van 2025.",
        "La commune : nom (nl, fr) ou code INS, d'avant ou d'après une fusion de 2025.",
        "The municipality: name (nl, fr) or NIS code, from before or after a merger of 2025.",
    ),
    "Gent",
    (
        "stad",
        "ville",
        "city",
        "town",
        "gemeentenaam",
        "woonplaats",
        "plaats",
        "localite",
        "nis",
        "niscode",
        "nis code",
        "code ins",
        "stad of gemeente",
        "gemeente stad",
        "place",
        "location",
        "locatie",
    ),
)
_NEIGHBOURHOOD: Final = Column(
    "neighbourhood",
    "text",
    ("buurt", "quartier", "neighbourhood"),
    (
        "De buurt of wijk, zoals u ze noemt; alleen samen met de gemeente.",
        "Le quartier, comme vous l'appelez ; seulement avec la commune.",
        "The neighbourhood, as you call it; only together with the municipality.",
    ),
    "Rabot",
    (
        "wijk",
        "deelgemeente",
        "neighborhood",
        "district",
        "buurtnaam",
        "wijknaam",
        "buurt wijk",
        "wijk buurt",
        "buurt of wijk",
    ),
)
_START: Final = Column(
    "start",
    "date",
    ("begin", "début", "start"),
    ("De eerste dag: jjjj-mm-dd.", "Le premier jour : aaaa-mm-jj.", "The first day: yyyy-mm-dd."),
    "2025-03-04",
    (
        "startdatum",
        "gestart op",
        "gestart",
        "start op",
        "commence le",
        "begindatum",
        "datum",
        "date",
        "date debut",
        "date de debut",
        "start date",
        "startdate",
        "van",
        "sinds",
        "depuis",
    ),
)
_END: Final = Column(
    "end",
    "date",
    ("einde", "fin", "end"),
    ("De laatste dag: jjjj-mm-dd.", "Le dernier jour : aaaa-mm-jj.", "The last day: yyyy-mm-dd."),
    "2026-06-30",
    ("einddatum", "tot", "date fin", "date de fin", "end date", "enddate", "jusqu au"),
)
_WEBSITE: Final = Column(
    "website",
    "url",
    ("website", "site web", "website"),
    ("Het adres van de webpagina.", "L'adresse de la page web.", "The address of the web page."),
    "https://www.example.org/soep",
    (
        "url",
        "web",
        "webpagina",
        "site",
        "homepage",
        "link",
        "lien",
        "internet",
        "webadres",
        "page web",
        "site internet",
    ),
)
_MAILBOX: Final = Column(
    "mailbox",
    "mailbox",
    ("mailbox", "boîte mail", "mailbox"),
    (
        "Een adres van de organisatie (info@ …), nooit dat van een persoon.",
        "Une adresse de l'organisation (info@ …), jamais celle d'une personne.",
        "An address of the organisation (info@ …), never that of a person.",
    ),
    "info@example.org",
    (
        "e mail",
        "email",
        "mail",
        "e mailadres",
        "mailadres",
        "emailadres",
        "adresse mail",
        "courriel",
        "algemeen e mail",
        "algemeen e mailadres",
        "adresse e mail",
        "adresse email",
        "adresse electronique",
    ),
)
_KBO: Final = Column(
    "kbo",
    "kbo",
    ("ondernemingsnummer", "numéro d'entreprise", "enterprise number"),
    (
        "Tien cijfers van de Kruispuntbank van Ondernemingen, met of zonder punten.",
        "Dix chiffres de la Banque-Carrefour des Entreprises, avec ou sans points.",
        "Ten digits of the Crossroads Bank for Enterprises, with or without points.",
    ),
    "0207.451.227",
    (
        "kbo",
        "kbo nummer",
        "kbonummer",
        "bce",
        "numero bce",
        "btw",
        "btw nummer",
        "tva",
        "cbe",
        "cbe number",
        "vat",
        "ondernemingsnr",
        "kbo nr",
        "btw nr",
        "n bce",
        "n tva",
        "n d entreprise",
        "n entreprise",
        "numero tva",
        "ondernemingsnummer kbo",
    ),
)
_PROJECT: Final = Column(
    "project",
    "project",
    ("project", "projet", "project"),
    (
        "De naam van het project, of het adres (https://w3id.org/zorgkg/id/project/…) van een project van de graaf.",
        "Le nom du projet, ou l'adresse (https://w3id.org/zorgkg/id/project/…) d'un projet du graphe.",
        "The project's name, or the address (https://w3id.org/zorgkg/id/project/…) of a project of the graph.",
    ),
    "https://w3id.org/zorgkg/id/project/het-westveld",
    (
        "projectnaam",
        "naam project",
        "initiatief",
        "initiative",
        "nom du projet",
        "project name",
        "naam van het project",
    ),
    True,
)
_PARTNERS: Final = Column(
    "partners",
    "organisations",
    ("partners", "partenaires", "partners"),
    (
        "De organisaties die meewerken, met een puntkomma tussen twee.",
        "Les organisations qui collaborent, séparées par un point-virgule.",
        "The organisations that take part, with a semicolon between two.",
    ),
    "LDC De Bres; Samenlevingsopbouw",
    ("partner", "partenaire", "partnerorganisaties", "samenwerking", "medewerkende organisaties", "met wie", "avec"),
)

ORGANISATIONS: Final = Kind(
    "organisations",
    ("organisaties", "organisations", "organisations"),
    (
        _ID,
        _name(
            "LDC De Bres",
            "organisatie",
            "organisation",
            "organization",
            "vereniging",
            "association",
            "instelling",
            "raison sociale",
            "denomination sociale",
            "maatschappelijke naam",
        ),
        *_in_language("name", ("naam", "nom", "name"), "Centre de services local De Bres"),
        Column(
            "other_name",
            "names",
            ("andere namen", "autres noms", "other names"),
            (
                "Afkortingen en andere namen, met een puntkomma tussen twee.",
                "Abréviations et autres noms, séparés par un point-virgule.",
                "Abbreviations and other names, with a semicolon between two.",
            ),
            "De Bres",
            ("afkorting", "abreviation", "abbreviation", "roepnaam", "alternatieve naam", "alias", "korte naam"),
        ),
        Column(
            "kind",
            "kind",
            ("soort", "type", "kind"),
            (
                "De soort organisatie, uit de lijst.",
                "Le type d'organisation, de la liste.",
                "The kind of organisation, from the list.",
            ),
            "lokaal dienstencentrum",
            (
                "categorie",
                "category",
                "soort organisatie",
                "type organisatie",
                "type d organisation",
                "rechtsvorm",
                "forme juridique",
                "forme legale",
            ),
        ),
        _MUNICIPALITY,
        Column(
            "postcode",
            "postcode",
            ("postcode", "code postal", "postcode"),
            ("Vier cijfers.", "Quatre chiffres.", "Four digits."),
            "8970",
            ("postnummer", "zip", "zip code", "postal code", "cp"),
        ),
        Column(
            "street",
            "text",
            ("straat en nummer", "rue et numéro", "street and number"),
            (
                "Het adres van de organisatie; alleen samen met de postcode.",
                "L'adresse de l'organisation ; seulement avec le code postal.",
                "The organisation's address; only together with the postcode.",
            ),
            "Ieperstraat 130",
            ("straat", "straat nr", "adres", "rue", "rue et n", "adresse", "address", "street", "straatnaam"),
        ),
        _KBO,
        _WEBSITE,
        _MAILBOX,
    ),
    ("kbo", "kind", "postcode", "other_name"),
    ("organisaties", "organisatie", "organisations", "organisation", "verenigingen", "associations", "register"),
)

PROJECTS: Final = Kind(
    "projects",
    ("projecten", "projets", "projects"),
    (
        _ID,
        _name("Soep op de stoep", "project", "projet", "initiatief", "initiative", "projectnaam", "naam initiatief"),
        *_in_language("name", ("naam", "nom", "name"), "Soupe sur le trottoir"),
        _DESCRIPTION,
        *_in_language(
            "description", ("omschrijving", "description", "description"), "Chaque jeudi, soupe et conversation."
        ),
        _MUNICIPALITY,
        _NEIGHBOURHOOD,
        _START,
        _END,
        Column(
            "initiator",
            "organisation",
            ("initiatiefnemer", "initiateur", "initiator"),
            (
                "De organisatie die het project trekt; nooit een persoon.",
                "L'organisation qui porte le projet ; jamais une personne.",
                "The organisation that leads the project; never a person.",
            ),
            "OCMW Gent",
            (
                "trekker",
                "organisator",
                "organiser",
                "organizer",
                "aanvrager",
                "promotor",
                "porteur",
                "porteur de projet",
                "porteur du projet",
                "organisation porteuse",
                "organisateur",
                "lead",
                "initiatiefnemende organisatie",
                "organisatie",
                "organisation",
                "trekkende organisatie",
            ),
        ),
        _PARTNERS,
        Column(
            "target_group",
            "text",
            ("doelgroep", "groupe cible", "target group"),
            ("Voor wie het is.", "Pour qui c'est.", "Whom it is for."),
            "ouderen die alleen wonen",
            ("voor wie", "publiek", "public", "public cible", "doelpubliek", "audience"),
        ),
        _WEBSITE,
        _MAILBOX,
    ),
    ("initiator", "partners", "target_group", "description"),
    ("projecten", "projets", "projects", "initiatieven", "initiatives", "buurtinitiatieven", "project", "projet"),
)

PARTNERSHIPS: Final = Kind(
    "partnerships",
    ("partnerschappen", "partenariats", "partnerships"),
    (
        _PROJECT,
        Column(
            "organisation",
            "organisation",
            ("organisatie", "organisation", "organisation"),
            (
                "De organisatie die meedoet: haar naam, of haar adres in de graaf.",
                "L'organisation qui participe : son nom, ou son adresse dans le graphe.",
                "The organisation that takes part: its name, or its address in the graph.",
            ),
            "LDC De Bres",
            ("partner", "partenaire", "organization", "naam organisatie", "partnernaam", "vereniging", "association"),
            True,
        ),
        Column(
            "role",
            "role",
            ("rol", "rôle", "role"),
            ("Wat ze doet, uit de lijst.", "Ce qu'elle fait, de la liste.", "What it does, from the list."),
            "partner",
            ("functie", "fonction", "hoedanigheid", "als"),
        ),
        _MUNICIPALITY,
        _KBO,
    ),
    ("organisation", "role", "project"),
    ("partnerschappen", "partners", "partenariats", "partnerships", "samenwerkingen"),
)

ACTIVITIES: Final = Kind(
    "activities",
    ("activiteiten", "activités", "activities"),
    (
        _ID,
        _name("Buurtontbijt", "activiteit", "activite", "activity", "evenement", "event", "event name"),
        *_in_language("name", ("naam", "nom", "name"), "Petit-déjeuner de quartier"),
        _DESCRIPTION,
        *_in_language("description", ("omschrijving", "description", "description"), "Manger ensemble, gratuitement."),
        _MUNICIPALITY,
        _NEIGHBOURHOOD,
        _START,
        _END,
        Column(
            "organiser",
            "organisation",
            ("organisator", "organisateur", "organiser"),
            (
                "De organisatie die de activiteit doet; nooit een persoon.",
                "L'organisation qui propose l'activité ; jamais une personne.",
                "The organisation that holds the activity; never a person.",
            ),
            "LDC De Bres",
            (
                "organizer",
                "inrichter",
                "aanbieder",
                "organisatie",
                "organisation",
                "initiatiefnemer",
                "trekker",
                "host",
            ),
        ),
        _PARTNERS,
        _WEBSITE,
        _MAILBOX,
    ),
    ("organiser", "start", "partners"),
    (
        "activiteiten",
        "activites",
        "activities",
        "activiteit",
        "activite",
        "activity",
        "agenda",
        "events",
        "evenementen",
        "kalender",
    ),
)

POSITIONINGS: Final = Kind(
    "positionings",
    ("positioneringen", "positionnements", "positionings"),
    (
        _PROJECT,
        Column(
            "component",
            "component",
            ("component", "composante", "component"),
            (
                "Waaraan het project werkt, uit de lijst: kader/component.",
                "Ce à quoi le projet travaille, de la liste : cadre/composante.",
                "What the project works on, from the list: framework/component.",
            ),
            "vvsg/4",
            ("focus", "functie", "onderdeel", "kader component", "principe", "bouwsteen", "pijler"),
            True,
        ),
        Column(
            "basis",
            "basis",
            ("grondslag", "fondement", "basis"),
            (
                "Waarop dat berust, uit de lijst; zonder: een uitspraak in de tekst.",
                "Sur quoi cela repose, de la liste ; à défaut : une affirmation dans le texte.",
                "What that rests on, from the list; without: a statement in the text.",
            ),
            "statement",
            ("gebaseerd op", "fonde sur"),
        ),
        Column(
            "rationale",
            "text",
            ("motivering", "justification", "rationale"),
            (
                "Waarom, in hoogstens 25 woorden; enkel bij een uitspraak.",
                "Pourquoi, en 25 mots au plus ; seulement pour une affirmation.",
                "Why, in 25 words at most; only for a statement.",
            ),
            "Vrijwilligers bezoeken wie alleen woont.",
            ("reden", "waarom", "raison", "reason", "uitleg", "toelichting", "motivation"),
        ),
    ),
    ("component", "basis", "rationale"),
    ("positioneringen", "positionnements", "positionings", "coderingen"),
)

KINDS: Final = {one.name: one for one in (ORGANISATIONS, PROJECTS, PARTNERSHIPS, ACTIVITIES, POSITIONINGS)}
"""Name → kind."""
