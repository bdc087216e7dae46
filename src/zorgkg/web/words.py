"""The words of the interface in Dutch, French and English, and the names of terms that we borrow from others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from zorgkg.languages import LANGUAGES
from zorgkg.terms import term as prefixed

WORDS: Final[dict[str, tuple[str, str, str]]] = {
    # Every page
    "site": ("Zorgzame buurten", "Quartiers solidaires", "Caring neighbourhoods"),
    "skip": ("Naar de inhoud", "Aller au contenu", "Skip to content"),
    "navigation": ("Hoofdmenu", "Menu principal", "Main menu"),
    "language": ("Taal", "Langue", "Language"),
    "home": ("Vragen", "Questions", "Questions"),
    "projects": ("Projecten", "Projets", "Projects"),
    "vocabulary": ("Woordenschat", "Vocabulaire", "Vocabulary"),
    "datasets": ("Datasets", "Jeux de données", "Datasets"),
    "version": ("Versie {id}, gemaakt op {date}.", "Version {id}, créée le {date}.", "Version {id}, made on {date}."),
    "formats": ("Deze pagina als data", "Cette page sous forme de données", "This page as data"),
    "search": ("Zoeken", "Rechercher", "Search"),
    "filter": ("Zoek in deze lijst", "Chercher dans cette liste", "Search this list"),
    "nothing_found": ("Niets gevonden.", "Rien trouvé.", "Nothing found."),
    "external": ("andere website", "autre site", "other website"),
    # Home
    "one_sentence": (
        "Wat bronnen vertellen over projecten die aan zorgzame buurten bouwen in Vlaanderen en Brussel: met wie, waar "
        "en waaraan, en bij elk feit de passage waar het staat.",
        "Ce que des sources disent de projets qui construisent des quartiers solidaires en Flandre et à Bruxelles : "
        "avec qui, où et sur quoi, et pour chaque fait le passage où il se trouve.",
        "What sources tell about projects that build caring neighbourhoods in Flanders and Brussels: with whom, where "
        "and on what, and for every fact the passage where it stands.",
    ),
    "try_first": ("Probeer deze vraag eerst", "Essayez d'abord cette question", "Try this question first"),
    "all_questions": ("Alle vragen", "Toutes les questions", "All questions"),
    "other_ways": ("Andere ingangen", "Autres entrées", "Other ways in"),
    "other_questions": ("Andere vragen", "Autres questions", "Other questions"),
    "way_projects": (
        "Alle projecten, met plaats en trekker",
        "Tous les projets, avec lieu et initiateur",
        "All projects, with place and initiator",
    ),
    "way_sparql": (
        "Een eigen vraag stellen in SPARQL",
        "Poser sa propre question en SPARQL",
        "Ask a question of your own in SPARQL",
    ),
    "way_api": (
        "De vragen als JSON, voor programma's",
        "Les questions en JSON, pour programmes",
        "The questions as JSON, for programs",
    ),
    "way_openapi": (
        "Beschrijving van de API (OpenAPI)",
        "Description de l'API (OpenAPI)",
        "Description of the API (OpenAPI)",
    ),
    "way_ns": ("De woordenschat van de graaf", "Le vocabulaire du graphe", "The vocabulary of the graph"),
    "way_datasets": (
        "De datasets en hun herkomst",
        "Les jeux de données et leur origine",
        "The datasets and where they come from",
    ),
    "size": (
        "{statements} uitspraken in {datasets} datasets.",
        "{statements} énoncés dans {datasets} jeux de données.",
        "{statements} statements in {datasets} datasets.",
    ),
    # A question
    "parameters": ("Kies", "Choisissez", "Choose"),
    "any": ("(alles)", "(tout)", "(any)"),
    "several": ("Meerdere mogelijk.", "Plusieurs possibles.", "You may choose several."),
    "type_to_search": ("Typ om te zoeken.", "Tapez pour chercher.", "Type to search."),
    "ask": ("Beantwoord", "Répondre", "Answer"),
    "answer": ("Antwoord", "Réponse", "Answer"),
    "rows": ("{n} rijen", "{n} lignes", "{n} rows"),
    "row": ("1 rij", "1 ligne", "1 row"),
    "rows_from": ("Rijen {first} tot {last}", "Lignes {first} à {last}", "Rows {first} to {last}"),
    "no_rows": (
        "Geen rijen. In deze graaf staat niets dat hieraan beantwoordt; dat betekent niet dat het niet bestaat.",
        "Aucune ligne. Rien dans ce graphe n'y correspond ; cela ne veut pas dire que cela n'existe pas.",
        "No rows. Nothing in this graph matches; that doesn't mean it doesn't exist.",
    ),
    "next": ("Volgende", "Suivant", "Next"),
    "previous": ("Vorige", "Précédent", "Previous"),
    "pages": ("Bladeren", "Pagination", "Pages"),
    "download": ("Downloaden", "Télécharger", "Download"),
    "excel": ("CSV voor Excel", "CSV pour Excel", "CSV for Excel"),
    "the_query": ("De SPARQL die werd uitgevoerd", "Le SPARQL exécuté", "The SPARQL that was run"),
    "open_editor": ("Openen in de editor", "Ouvrir dans l'éditeur", "Open in the editor"),
    "yes": ("ja", "oui", "yes"),
    "no": ("nee", "non", "no"),
    # SPARQL
    "sparql": ("SPARQL", "SPARQL", "SPARQL"),
    "sparql_intro": (
        "Stel een vraag aan de graaf in SPARQL 1.1. Zonder FROM ziet een vraag alle datasets samen.",
        "Posez une question au graphe en SPARQL 1.1. Sans FROM, une question voit tous les jeux de données ensemble.",
        "Ask the graph a question in SPARQL 1.1. Without FROM, a query sees all datasets together.",
    ),
    "query": ("Query", "Requête", "Query"),
    "format": ("Antwoord als", "Réponse en", "Answer as"),
    "this_page": ("tabel op deze pagina", "tableau sur cette page", "table on this page"),
    "run": ("Uitvoeren", "Exécuter", "Run"),
    "examples": ("Voorbeelden", "Exemples", "Examples"),
    "result": ("Resultaat", "Résultat", "Result"),
    "first_only": (
        "Alleen de eerste {n} worden hier getoond; kies een ander formaat voor alles.",
        "Seuls les {n} premiers sont affichés ici ; choisissez un autre format pour tout avoir.",
        "Only the first {n} are shown here; choose another format for all of them.",
    ),
    "true": ("waar", "vrai", "true"),
    "false": ("onwaar", "faux", "false"),
    # Errors
    "error": ("Dat lukte niet", "Cela n'a pas fonctionné", "That didn't work"),
    "error_404": ("Niet gevonden", "Introuvable", "Not found"),
    "near": ("Bedoelt u een van deze?", "Vouliez-vous dire l'un de ceux-ci ?", "Did you mean one of these?"),
    "to_home": ("Naar alle vragen", "Vers toutes les questions", "To all questions"),
    # Things
    "identifier": ("Permanent adres", "Adresse permanente", "Permanent address"),
    "facts": ("Gegevens", "Données", "Facts"),
    "property": ("eigenschap", "propriété", "property"),
    "scope_note": ("Wat telt en wat niet", "Ce qui compte et ce qui ne compte pas", "What counts and what doesn't"),
    "source": ("Bron", "Source", "Source"),
    "characters": ("tekens {start}–{end}", "caractères {start}–{end}", "characters {start}–{end}"),
    "row_at": ("rij {row}", "ligne {row}", "row {row}"),
    "page": ("p. {page}", "p. {page}", "p. {page}"),
    "printed": ("gedrukt als", "imprimé comme", "printed as"),
    "participants": ("Wie doet mee", "Qui participe", "Who takes part"),
    "groups": ("Groepen", "Groupes", "Groups"),
    "no_role": ("Zonder genoemde rol", "Sans rôle nommé", "Without a named role"),
    "places": ("Waar het gebeurt", "Où cela se passe", "Where it happens"),
    "claims": ("Methoden, rollen en inspiratie", "Méthodes, rôles et inspirations", "Methods, roles and inspirations"),
    "mentions": ("Zo genoemd in bronnen", "Ainsi nommé dans les sources", "As named in sources"),
    "decided": ("Beslist:", "Tranché :", "Decided:"),
    "how_coded": ("Zo is dit gecodeerd", "Comment cela a été codé", "How this was coded"),
    "stated": ("vermeld", "mentionné", "stated"),
    "no_group": ("niet vermeld", "non précisé", "not stated"),
    "refused": (
        "Door een codeur gezien, maar niet aangehouden",
        "Vu par un codeur, mais non retenu",
        "Seen by a coder, but not upheld",
    ),
    "picture": ("De hele tabel in één blik.", "Le tableau en un coup d'œil.", "The whole table at a glance."),
    "positionings": ("Plaats in de kaders", "Position dans les cadres", "Position in the frameworks"),
    "figures": ("Cijfers", "Chiffres", "Figures"),
    "approximately": ("ongeveer", "environ", "about"),
    "statements": ("Wat bronnen zeggen", "Ce que disent les sources", "What sources say"),
    "disagreements": ("Waar bronnen verschillen", "Où les sources diffèrent", "Where sources differ"),
    "disagreements_note": (
        "Genoemd door de ene bron over dit project en niet door de andere. Wat een bron niet noemt, ontkent zij niet.",
        "Nommé par une source sur ce projet et pas par l'autre. Ce qu'une source ne nomme pas, elle ne le nie pas.",
        "Named by one source on this project and not by another. What a source doesn't name, it doesn't deny.",
    ),
    "named_by": ("genoemd in", "nommé dans", "named in"),
    "not_named_by": ("niet in", "pas dans", "not in"),
    "elsewhere": ("Ook beschreven door", "Aussi décrit par", "Also described by"),
    "elsewhere_note": (
        "Wat andere datasets zeggen van wat volgens een nagekeken koppeling hetzelfde is.",
        "Ce que d'autres jeux de données disent de ce qui, selon un lien vérifié, est la même chose.",
        "What other datasets say of what is the same by a reviewed link.",
    ),
    "takes_part": ("Neemt deel aan", "Participe à", "Takes part in"),
    "units": ("Afdelingen", "Unités", "Units"),
    "positioned": ("Projecten die eraan werken", "Projets qui y travaillent", "Projects that work on it"),
    "claimed": ("Projecten die het noemen", "Projets qui le mentionnent", "Projects that name it"),
    "components": ("Onderdelen", "Éléments", "Parts"),
    "n_projects": ("{n} projecten", "{n} projets", "{n} projects"),
    "one_project": ("1 project", "1 projet", "1 project"),
    "projects_here": ("Projecten hier", "Projets ici", "Projects here"),
    "organisations_here": ("Organisaties hier", "Organisations ici", "Organisations here"),
    "parts": ("Deelgebieden", "Parties", "Areas within"),
    "sections": ("Indeling", "Structure", "Structure"),
    "counts": (
        "{sections} secties, {passages} passages, {statements} uitspraken in deze graaf.",
        "{sections} sections, {passages} passages, {statements} affirmations dans ce graphe.",
        "{sections} sections, {passages} passages, {statements} statements in this graph.",
    ),
    "from_source": ("Uitspraken uit deze bron", "Affirmations tirées de cette source", "Statements from this source"),
    "where": ("Waar het staat", "Où cela se trouve", "Where it stands"),
    "rests_on": ("Wat hierop steunt", "Ce qui s'appuie dessus", "What rests on it"),
    "funded": ("Gesteunde projecten", "Projets soutenus", "Supported projects"),
    "incoming": ("Verwijzingen hiernaartoe", "Ce qui y renvoie", "What refers to it"),
    "cut": (
        "Alleen de eerste {n} worden getoond; de data bevatten er meer.",
        "Seuls les {n} premiers sont affichés ; les données en contiennent davantage.",
        "Only the first {n} are shown; the data hold more.",
    ),
    "passage_of": (
        "{source}, tekens {start}–{end}",
        "{source}, caractères {start}–{end}",
        "{source}, characters {start}–{end}",
    ),
    "row_of": ("{source}, rij {row}", "{source}, ligne {row}", "{source}, row {row}"),
    # Lists
    "projects_intro": (
        "Elk project met de plaats waar het gebeurt en wie het trekt.",
        "Chaque projet avec le lieu où il se passe et qui le porte.",
        "Every project with the place where it happens and who leads it.",
    ),
    "project": ("Project", "Projet", "Project"),
    "place": ("Plaats", "Lieu", "Place"),
    "initiator": ("Initiatiefnemer", "Initiateur", "Initiator"),
    "dataset": ("Dataset", "Jeu de données", "Dataset"),
    "statements_count": ("Uitspraken", "Énoncés", "Statements"),
    "datasets_intro": (
        "Elk feit staat in de named graph van de dataset waaruit het komt.",
        "Chaque fait se trouve dans le graphe nommé du jeu de données dont il vient.",
        "Every fact stands in the named graph of the dataset that it comes from.",
    ),
    "ns_intro": (
        "De eigen klassen en eigenschappen van deze graaf. Wat anderen al benoemden, is van hen overgenomen.",
        "Les classes et propriétés propres à ce graphe. Ce que d'autres avaient déjà nommé leur est repris.",
        "The classes and properties of this graph's own. What others had already named is taken from them.",
    ),
    "classes": ("Klassen", "Classes", "Classes"),
    "properties": ("Eigenschappen", "Propriétés", "Properties"),
    "domain": ("van", "de", "of"),
    "range": ("naar", "vers", "to"),
    "broader": ("bijzonder geval van", "cas particulier de", "special case of"),
    "match": ("sluit aan bij", "correspond à", "aligned to"),
    # Topics of the questions
    "tag_gaps": ("Leemtes", "Lacunes", "Gaps"),
    "tag_coverage": ("Waaraan projecten werken", "À quoi les projets travaillent", "What projects work on"),
    "tag_network": ("Netwerk", "Réseau", "Network"),
    "tag_places": ("Plaatsen", "Lieux", "Places"),
    "tag_methods": ("Methoden en rollen", "Méthodes et rôles", "Methods and roles"),
    "tag_evidence": ("Wat bronnen zeggen", "Ce que disent les sources", "What sources say"),
    "tag_disagreement": ("Waar bronnen verschillen", "Où les sources diffèrent", "Where sources differ"),
    "tag_counts": ("Cijfers", "Chiffres", "Figures"),
    "tag_vocabulary": ("Namen en kaders", "Noms et cadres", "Names and frameworks"),
    # Versions, pictures, things and datasets
    "pinned_version": ("Versie", "Version", "Version"),
    "you_see_version": (
        "U bekijkt versie {id} van {date}.",
        "Vous consultez la version {id} du {date}.",
        "You are looking at version {id} of {date}.",
    ),
    "to_current": ("Naar de huidige versie", "Vers la version actuelle", "To the current version"),
    "breadcrumbs": ("Kruimelpad", "Fil d'Ariane", "Breadcrumbs"),
    "network": ("Netwerk", "Réseau", "Network"),
    "network_of_project": (
        "{name} en {n} deelnemers, met wat die nog meer doen",
        "{name} et {n} participants, avec ce qu'ils font encore",
        "{name} and {n} participants, with what else they take part in",
    ),
    "network_of_actor": (
        "{name} en {n} projecten, met wie er nog meer aan deelneemt",
        "{name} et {n} projets, avec qui d'autre y participe",
        "{name} and {n} projects, with who else takes part in them",
    ),
    "network_legend": (
        "Ruit: project; cirkel: organisatie; vierkant: groep. Dikke lijn: initiatiefnemer. Aan de buitenkant: andere "
        "projecten van dezelfde organisaties. Dezelfde deelnemers staan hieronder als lijst.",
        "Losange : projet ; cercle : organisation ; carré : groupe. Trait épais : initiateur. À l'extérieur : d'autres "
        "projets des mêmes organisations. Les mêmes participants figurent en liste ci-dessous.",
        "Diamond: project; circle: organisation; square: group. Heavy line: initiator. On the outside: other projects "
        "of the same organisations. The same participants are listed below.",
    ),
    "network_legend_actor": (
        "Ruit: project; cirkel: organisatie. Dikke lijn: als initiatiefnemer. Aan de buitenkant: andere organisaties "
        "in dezelfde projecten. Dezelfde projecten staan hieronder als lijst.",
        "Losange : projet ; cercle : organisation. Trait épais : comme initiateur. À l'extérieur : d'autres "
        "organisations dans les mêmes projets. Les mêmes projets figurent en liste ci-dessous.",
        "Diamond: project; circle: organisation. Heavy line: as initiator. On the outside: other organisations in the "
        "same projects. The same projects are listed below.",
    ),
    "network_cut": (
        "Nog {n} staan niet in de tekening, wel in de lijst.",
        "{n} autres ne sont pas dessinés, mais figurent dans la liste.",
        "Another {n} are not drawn, but are in the list.",
    ),
    "map": ("Op de kaart", "Sur la carte", "On the map"),
    "map_of": ("Kaart met {places}", "Carte avec {places}", "Map with {places}"),
    "map_of_many": ("Kaart met {n} gemeenten", "Carte avec {n} communes", "Map with {n} municipalities"),
    "map_legend": (
        "Elke bleke stip is een gemeente in Vlaanderen of Brussel; de gekleurde is hier bedoeld.",
        "Chaque point pâle est une commune de Flandre ou de Bruxelles ; le point coloré est celle dont il s'agit.",
        "Each pale dot is a municipality in Flanders or Brussels; the coloured one is meant here.",
    ),
    "cited": ("Waarop deze pagina steunt", "Sur quoi repose cette page", "What this page rests on"),
    "cited_count": ("{n} passages in {sources}", "{n} passages dans {sources}", "{n} passages in {sources}"),
    "one_source": ("1 bron", "1 source", "1 source"),
    "n_sources": ("{n} bronnen", "{n} sources", "{n} sources"),
    "without_section": ("Elders in de bron", "Ailleurs dans la source", "Elsewhere in the source"),
    "see_all": ("Alles bekijken", "Tout voir", "See all"),
    "n_values": ("{n} waarden", "{n} valeurs", "{n} values"),
    "distributions": ("Downloaden en bevragen", "Télécharger et interroger", "Download and query"),
    "licence": ("Licentie", "Licence", "Licence"),
    "publisher": ("Uitgever", "Éditeur", "Publisher"),
    "modified": ("Gewijzigd", "Modifié", "Modified"),
    "whole_graph": ("De hele graaf", "Le graphe entier", "The whole graph"),
    "templates": ("Breng uw gegevens mee", "Apportez vos données", "Bring your data"),
    "templates_intro": (
        "Lege tabellen om in te vullen, met een gids in drie talen; docs/partners.md zegt hoe ze in de graaf komen.",
        "Des tableaux vides à remplir, avec un guide en trois langues ; docs/partners.md dit comment les publier.",
        "Empty tables to fill in, with a guide in three languages; docs/partners.md tells how they get into the graph.",
    ),
    "one_use": ("1 keer gebruikt", "utilisé 1 fois", "used once"),
    "uses": ("{n} keer gebruikt", "utilisé {n} fois", "used {n} times"),
    "in_graph": ("in de graaf", "dans le graphe", "in the graph"),
    "context_link": (
        "De context voor JSON-LD (korte namen)",
        "Le contexte pour JSON-LD (noms courts)",
        "The context for JSON-LD (short names)",
    ),
    "chart_first": (
        "Getekend zijn de eerste {n}; de tabel heeft ze alle.",
        "Sont dessinés les {n} premiers ; le tableau les contient tous.",
        "Drawn are the first {n}; the table has all of them.",
    ),
    "chart_page": (
        "Getekend zijn de rijen van deze bladzijde.",
        "Sont dessinées les lignes de cette page.",
        "Drawn are the rows of this page.",
    ),
    "chart_outside": ("Buiten de kaart: {places}.", "Hors de la carte : {places}.", "Off the map: {places}."),
    "chart_described": (
        "De tabel hieronder zegt hetzelfde in woorden.",
        "Le tableau ci-dessous dit la même chose en mots.",
        "The table below says the same in words.",
    ),
    "picture_scroll": ("Tekening, kan schuiven", "Dessin, défilable", "Drawing, scrollable"),
    # Evidence
    "evidence_title": ("Waar staat dat?", "Où cela est-il écrit ?", "Where does it say so?"),
    "evidence": ("Bewijs", "Preuve", "Evidence"),
    "evidence_about": (
        "Alles wat hierover gezegd wordt, door wie en waar",
        "Tout ce qui en est dit, par qui et où",
        "All that is said of it, by whom and where",
    ),
    "evidence_row": ("waar staat dat?", "où est-ce écrit ?", "where does it say so?"),
    "evidence_drill": ("wat is geteld?", "qu'a-t-on compté ?", "what was counted?"),
    "evidence_between_0": (
        "Niets in deze graaf verbindt {subject} met {object}.",
        "Rien dans ce graphe ne relie {subject} à {object}.",
        "Nothing in this graph connects {subject} and {object}.",
    ),
    "evidence_between_1": (
        "Eén vermelding verbindt {subject} met {object}.",
        "Une mention relie {subject} à {object}.",
        "One assertion connects {subject} and {object}.",
    ),
    "evidence_between_2": (
        "{n} vermeldingen verbinden {subject} met {object}.",
        "{n} mentions relient {subject} à {object}.",
        "{n} assertions connect {subject} and {object}.",
    ),
    "evidence_between_first": (
        "{n} van de vermeldingen die {subject} met {object} verbinden; er zijn er meer.",
        "{n} des mentions qui relient {subject} à {object} ; il y en a d'autres.",
        "{n} of the assertions that connect {subject} and {object}; there are more.",
    ),
    "evidence_on_0": (
        "Deze graaf vermeldt hierover niets van {subject}.",
        "Ce graphe n'en dit rien à propos de {subject}.",
        "This graph says nothing of this about {subject}.",
    ),
    "evidence_on_1": (
        "Eén vermelding over {subject}.",
        "Une mention à propos de {subject}.",
        "One assertion about {subject}.",
    ),
    "evidence_on_2": (
        "{n} vermeldingen over {subject}.",
        "{n} mentions à propos de {subject}.",
        "{n} assertions about {subject}.",
    ),
    "evidence_on_first": (
        "{n} van de vermeldingen over {subject}; er zijn er meer.",
        "{n} des mentions à propos de {subject} ; il y en a d'autres.",
        "{n} of the assertions about {subject}; there are more.",
    ),
    "evidence_ask": (
        "Noem één of twee dingen: /api/evidence?subject=project/vitale-buurten&object=organisation/blenders.",
        "Nommez une ou deux choses : /api/evidence?subject=project/vitale-buurten&object=organisation/blenders.",
        "Name one thing or two: /api/evidence?subject=project/vitale-buurten&object=organisation/blenders.",
    ),
    "evidence_listed": (
        "Dit is een telling; een andere vraag geeft wat er geteld is.",
        "C'est un comptage ; une autre question donne ce qui a été compté.",
        "This is a count; another question lists what was counted.",
    ),
    "evidence_counted": ("Wat er geteld is:", "Ce qui a été compté :", "What was counted:"),
    "absent": (
        "Geen bron in deze graaf vermeldt dat {subject} werkt aan {object}. Niet vermeld is niet hetzelfde als niet "
        "gedaan.",
        "Aucune source de ce graphe ne mentionne que {subject} travaille à {object}. Non mentionné ne veut pas dire "
        "non réalisé.",
        "No source in this graph states that {subject} works on {object}. Not stated is not the same as not done.",
    ),
    "absent_all": (
        "Van geen enkel project vermeldt een bron in deze graaf dat het werkt aan {object}. Niet vermeld is niet "
        "hetzelfde als niet gedaan.",
        "Aucune source de ce graphe ne mentionne qu'un projet travaille à {object}. Non mentionné ne veut pas dire non "
        "réalisé.",
        "No source in this graph states of any project that it works on {object}. Not stated is not the same as not "
        "done.",
    ),
    "absent_basis": (
        "Hier telt alleen de grondslag {basis}.",
        "Seul compte ici le fondement {basis}.",
        "Only the basis {basis} counts here.",
    ),
    "absent_read": (
        "De beschrijving werd voor {framework} gelezen door {coders}.",
        "La description a été lue pour {framework} par {coders}.",
        "The description was read for {framework} by {coders}.",
    ),
    "evidence_kind_absence": ("Niet vermeld", "Non mentionné", "Not stated"),
    "evidence_kind_more": ("Er is meer", "Il y en a d'autres", "There is more"),
    "evidence_kind_question": ("Vraag", "Question", "Question"),
    "evidence_kind_fact": ("gegeven", "donnée", "fact"),
    "evidence_text": ("in woorden", "en mots", "in words"),
    "evidence_topic": ("onderwerp", "sujet", "topic"),
    "evidence_basis": ("grondslag", "fondement", "basis"),
    "evidence_strength": ("sterkte", "force", "strength"),
    "evidence_agreement": ("overeenstemming", "concordance", "agreement"),
    "evidence_coders": ("codeurs", "codeurs", "coders"),
    "evidence_rationale": ("motivering", "justification", "rationale"),
    "evidence_reason": ("waarom zo beslist", "pourquoi cette décision", "why decided so"),
    "evidence_upheld": ("aangehouden", "retenu", "upheld"),
    "evidence_by_coder": ("Elke codeur apart", "Chaque codeur séparément", "Each coder apart"),
    "evidence_decision": ("De beslissing", "La décision", "The decision"),
    "evidence_own_page": (
        "De eigen pagina van deze vermelding",
        "La page de cette mention",
        "This assertion's own page",
    ),
    "evidence_read_by": ("Gelezen voor dit kader", "Lu pour ce cadre", "Read for this framework"),
    "evidence_elsewhere": (
        "Waar het in dit kader wel staat",
        "Où il se trouve bien dans ce cadre",
        "Where it does stand in this framework",
    ),
    "evidence_nowhere": (
        "Ook voor de rest van dit kader staat er niets over in deze graaf.",
        "Rien n'est mentionné non plus pour le reste de ce cadre.",
        "Nothing is stated for the rest of this framework either.",
    ),
    # The API, its documentation and its collections
    "docs": ("Documentatie van de API", "Documentation de l'API", "Documentation of the API"),
    "docs_short": ("documentatie", "documentation", "documentation"),
    "docs_intro": (
        "Elke bewerking met haar parameters, een formulier om ze te proberen en een opdracht voor curl.",
        "Chaque opération avec ses paramètres, un formulaire pour l'essayer et une commande curl.",
        "Every operation with its parameters, a form to try it, and a command for curl.",
    ),
    "api_intro": (
        "Alles uit de graaf als data, zonder SPARQL: collecties en vragen, als JSON, CSV, Parquet, GeoJSON en RDF.",
        "Tout le graphe sous forme de données, sans SPARQL : collections et questions, en JSON, CSV, Parquet, GeoJSON "
        "et RDF.",
        "All of the graph as data, without SPARQL: collections and questions, as JSON, CSV, Parquet, GeoJSON and RDF.",
    ),
    "way_docs": ("De API leren kennen en proberen", "Découvrir et essayer l'API", "Get to know the API and try it"),
    "contents": ("Inhoud", "Contenu", "Contents"),
    "parameters_are": ("Parameters:", "Paramètres :", "Parameters:"),
    "needs_token": (
        "Hiervoor is een token nodig.",
        "Un jeton est nécessaire.",
        "This needs a token.",
    ),
    "try_it": ("Probeer het", "Essayer", "Try it"),
    "required": ("verplicht", "obligatoire", "required"),
    "open_answer": ("Open het antwoord", "Ouvrir la réponse", "Open the answer"),
    "with_curl": ("Met curl", "Avec curl", "With curl"),
    "takes": ("Wat het aanneemt", "Ce qu'elle accepte", "What it takes"),
    "gives": ("Wat het geeft", "Ce qu'elle donne", "What it gives"),
    "statuses": ("Statussen van het antwoord", "Statuts de la réponse", "Statuses of the answer"),
    "status": ("Status", "Statut", "Status"),
    "meaning": ("Betekenis of media type", "Signification ou type de média", "Meaning or media type"),
    "collections": ("Collecties", "Collections", "Collections"),
    "collection": ("Collectie", "Collection", "Collection"),
    "as_data": ("Als data", "Sous forme de données", "As data"),
    "words": ("Woorden in de naam of beschrijving", "Mots du nom ou de la description", "Words in name or description"),
    "more_filters": ("Meer filters", "Plus de filtres", "More filters"),
    "slug_or_iri": (
        "Een slug, een pad onder /id/ of een IRI.",
        "Un slug, un chemin sous /id/ ou un IRI.",
        "A slug, a path below /id/ or an IRI.",
    ),
    # Search
    "search_all": ("Zoek in alles", "Chercher partout", "Search everything"),
    "search_title": ("Zoeken", "Recherche", "Search"),
    "search_found": ("Gevonden voor “{sought}”", "Trouvé pour « {sought} »", "Found for “{sought}”"),
    "search_none": (
        "Niets gevonden. Probeer een ander woord, of minder woorden.",
        "Rien trouvé. Essayez un autre mot, ou moins de mots.",
        "Nothing found. Try another word, or fewer words.",
    ),
    "search_intro": (
        "Zoek projecten, organisaties, plaatsen, begrippen, bronnen en vragen op naam of op woorden. Accenten tellen "
        "niet mee, en een tikfout mag.",
        "Cherchez des projets, des organisations, des lieux, des notions, des sources et des questions par leur nom ou "
        "par des mots. Les accents ne comptent pas, et une faute de frappe est permise.",
        "Search projects, organisations, places, concepts, sources and questions by name or by words. Accents don't "
        "count, and a typing error is forgiven.",
    ),
    "search_cut": (
        "Alleen de beste {n} staan hier; met meer woorden wordt het preciezer.",
        "Seuls les {n} meilleurs résultats sont montrés ; avec plus de mots, c'est plus précis.",
        "Only the best {n} are shown; more words make it more precise.",
    ),
    "search_kind": ("Soort", "Sorte", "Kind"),
    "search_any_kind": ("alles", "tout", "everything"),
    "also_called": ("ook: {name}", "aussi : {name}", "also: {name}"),
    "suggestions": ("Suggesties", "Suggestions", "Suggestions"),
    "suggestions_some": (
        "{n} suggesties; kies met de pijltjes",
        "{n} suggestions ; choisissez avec les flèches",
        "{n} suggestions; choose with the arrow keys",
    ),
    "suggestions_none": ("Geen suggesties", "Aucune suggestion", "No suggestions"),
    "kind_framework": ("kader", "cadre", "framework"),
    "kind_component": ("onderdeel van een kader", "élément d'un cadre", "component of a framework"),
    "kind_call": ("projectoproep", "appel à projets", "call for projects"),
    "kind_programme": ("programma", "programme", "programme"),
    "kind_region": ("gewest", "région", "region"),
    "kind_province": ("provincie", "province", "province"),
    "kind_municipality": ("gemeente", "commune", "municipality"),
    "kind_neighbourhood": ("buurt", "quartier", "neighbourhood"),
    "kind_country": ("land", "pays", "country"),
    "kind_method": ("methode", "méthode", "method"),
    "kind_role": ("rol", "rôle", "role"),
    "kind_actor-group": ("groep", "groupe", "group"),
    "kind_topic": ("onderwerp", "sujet", "topic"),
    "kind_organisation-kind": ("soort organisatie", "sorte d'organisation", "kind of organisation"),
    "kind_dataset": ("dataset", "jeu de données", "dataset"),
    "kind_source": ("bron", "source", "source"),
    "kind_activity": ("activiteit", "activité", "activity"),
    "kind_practice": ("praktijk", "pratique", "practice"),
    "kind_publication": ("publicatie", "publication", "publication"),
    "kind_question": ("vraag", "question", "question"),
    "kind_organisation": ("organisatie", "organisation", "organisation"),
    "kind_project": ("project", "projet", "project"),
    "kind_scheme": ("lijst van begrippen", "liste de notions", "list of concepts"),
    "kind_concept": ("begrip", "notion", "concept"),
}

TERMS: Final[dict[str, tuple[str, str, str]]] = {
    "rdf:type": ("soort", "type", "type"),
    "rdf:subject": ("over", "à propos de", "about"),
    "rdf:predicate": ("eigenschap", "propriété", "property"),
    "rdf:object": ("waarde", "valeur", "value"),
    "rdfs:label": ("naam", "nom", "name"),
    "rdfs:comment": ("toelichting", "commentaire", "comment"),
    "rdfs:seeAlso": ("zie ook", "voir aussi", "see also"),
    "skos:prefLabel": ("voorkeursnaam", "nom préféré", "preferred name"),
    "skos:altLabel": ("alternatieve naam", "autre nom", "alternative name"),
    "skos:hiddenLabel": ("foute spelling", "graphie fautive", "misspelling"),
    "skos:notation": ("nummer of code", "numéro ou code", "number or code"),
    "skos:definition": ("definitie", "définition", "definition"),
    "skos:scopeNote": ("toepassing", "note d'application", "scope note"),
    "skos:note": ("opmerking", "note", "note"),
    "skos:inScheme": ("in kader", "dans le cadre", "in framework"),
    "skos:broader": ("ruimer", "plus large", "broader"),
    "skos:narrower": ("enger", "plus étroit", "narrower"),
    "skos:related": ("verwant", "apparenté", "related"),
    "skos:exactMatch": ("hetzelfde als", "identique à", "same as"),
    "skos:closeMatch": ("bijna hetzelfde als", "proche de", "close to"),
    "skos:topConceptOf": ("onderdeel van", "élément de", "part of"),
    "dcterms:title": ("titel", "titre", "title"),
    "dcterms:description": ("beschrijving", "description", "description"),
    "dcterms:identifier": ("identificatie", "identifiant", "identifier"),
    "dcterms:creator": ("auteur", "auteur", "author"),
    "dcterms:publisher": ("uitgever", "éditeur", "publisher"),
    "dcterms:issued": ("verschenen", "publié", "issued"),
    "dcterms:modified": ("gewijzigd", "modifié", "modified"),
    "dcterms:license": ("licentie", "licence", "licence"),
    "dcterms:source": ("bron", "source", "source"),
    "dcterms:language": ("taal", "langue", "language"),
    "dcterms:isPartOf": ("deel van", "fait partie de", "part of"),
    "dcterms:relation": ("verwant met", "lié à", "related to"),
    "dcterms:replaces": ("vervangt", "remplace", "replaces"),
    "dcterms:isReplacedBy": ("vervangen door", "remplacé par", "replaced by"),
    "dcterms:references": ("verwijst naar", "renvoie à", "refers to"),
    "dcterms:extent": ("omvang", "étendue", "extent"),
    "dcat:keyword": ("trefwoord", "mot-clé", "keyword"),
    "dcat:landingPage": ("webpagina", "page web", "web page"),
    "dcat:distribution": ("distributie", "distribution", "distribution"),
    "dcat:theme": ("thema", "thème", "theme"),
    "dcat:dataset": ("bevat dataset", "contient le jeu de données", "contains dataset"),
    "dcat:version": ("versie", "version", "version"),
    "dcat:Dataset": ("dataset", "jeu de données", "dataset"),
    "dcat:Catalog": ("catalogus", "catalogue", "catalogue"),
    "void:Dataset": ("dataset", "jeu de données", "dataset"),
    "void:triples": ("uitspraken", "énoncés", "statements"),
    "prov:wasDerivedFrom": ("steunt op", "s'appuie sur", "derived from"),
    "prov:wasGeneratedBy": ("gemaakt bij", "produit par", "made by"),
    "prov:used": ("gelezen bron", "source lue", "source read"),
    "prov:wasInfluencedBy": ("beïnvloed door", "influencé par", "influenced by"),
    "org:classification": ("soort organisatie", "type d'organisation", "kind of organisation"),
    "org:unitOf": ("afdeling van", "unité de", "unit of"),
    "org:hasPrimarySite": ("zetel", "siège", "seat"),
    "org:hasSite": ("vestiging", "site", "site"),
    "org:siteAddress": ("adres", "adresse", "address"),
    "org:member": ("lid", "membre", "member"),
    "org:memberOf": ("lid van", "membre de", "member of"),
    "org:organization": ("organisatie", "organisation", "organisation"),
    "org:Organization": ("organisatie", "organisation", "organisation"),
    "org:FormalOrganization": ("organisatie", "organisation", "organisation"),
    "org:OrganizationalUnit": ("afdeling", "unité", "organisational unit"),
    "org:OrganizationalCollaboration": ("samenwerkingsverband", "partenariat", "collaboration"),
    "org:Membership": ("lidmaatschap", "affiliation", "membership"),
    "foaf:homepage": ("website", "site web", "website"),
    "foaf:page": ("webpagina", "page web", "web page"),
    "schema:contactPoint": ("contact", "contact", "contact"),
    "schema:email": ("e-mail", "courriel", "e-mail"),
    "schema:value": ("waarde", "valeur", "value"),
    "schema:unitText": ("eenheid", "unité", "unit"),
    "schema:validFrom": ("geldig vanaf", "valable à partir de", "valid from"),
    "schema:validThrough": ("geldig tot", "valable jusqu'au", "valid until"),
    "schema:publisher": ("uitgever", "éditeur", "publisher"),
    "schema:location": ("plaats", "lieu", "place"),
    "schema:isPartOf": ("verschenen in", "paru dans", "published in"),
    "schema:funder": ("financier", "financeur", "funder"),
    "schema:citation": ("verwijzing", "citation", "citation"),
    "schema:about": ("gaat over", "porte sur", "about"),
    "schema:startDate": ("begin", "début", "start"),
    "schema:endDate": ("einde", "fin", "end"),
    "locn:thoroughfare": ("straat", "rue", "street"),
    "locn:postCode": ("postcode", "code postal", "postcode"),
    "locn:postName": ("gemeente", "localité", "locality"),
    "adms:identifier": ("identificatie", "identifiant", "identifier"),
    "geo:hasGeometry": ("geometrie", "géométrie", "geometry"),
    "geo:asWKT": ("coördinaten (WKT)", "coordonnées (WKT)", "coordinates (WKT)"),
    "wgs84:lat": ("breedtegraad", "latitude", "latitude"),
    "wgs84:long": ("lengtegraad", "longitude", "longitude"),
    "qb:Observation": ("waarneming", "observation", "observation"),
    "qb:dataSet": ("reeks", "série", "series"),
    "qb:DataSet": ("reeks", "série", "series"),
    "sh:select": ("SPARQL", "SPARQL", "SPARQL"),
    "sh:SPARQLSelectExecutable": ("vraag", "question", "question"),
}

_CC0 = ("CC0 1.0 (publiek domein)", "CC0 1.0 (domaine public)", "CC0 1.0 (public domain)")
_CC_BY = ("CC BY 4.0 (naamsvermelding)", "CC BY 4.0 (attribution)", "CC BY 4.0 (attribution)")
_LANGUAGE = "http://publications.europa.eu/resource/authority/language/"

_BORROWED: Final = {
    **{prefixed(name).value: texts for name, texts in TERMS.items()},
    "https://data.vlaanderen.be/id/licentie/creative-commons-zero-verklaring/v1.0": _CC0,
    "https://creativecommons.org/publicdomain/zero/1.0/": _CC0,
    "https://creativecommons.org/licenses/by/4.0/": _CC_BY,
    f"{_LANGUAGE}NLD": ("Nederlands", "néerlandais", "Dutch"),
    f"{_LANGUAGE}FRA": ("Frans", "français", "French"),
    f"{_LANGUAGE}ENG": ("Engels", "anglais", "English"),
    f"{_LANGUAGE}DEU": ("Duits", "allemand", "German"),
}
"""What others name, by IRI."""

COLUMNS: Final[dict[str, tuple[str, str, str]]] = {
    "above": ("boven toeval", "au-dessus du hasard", "above chance"),
    "across": ("waarlangs", "selon", "by"),
    "agreement": ("overeenstemming", "accord", "agreement"),
    "alsoAtSeat": ("ook bij de initiatiefnemer", "aussi chez l'initiateur", "also at the initiator's"),
    "assessed": ("zelf ingeschat als", "auto-évalué comme", "self-assessed as"),
    "attention": ("volgens het rapport", "selon le rapport", "by the report"),
    "both": ("beide", "les deux", "both"),
    "byCoding": ("volgens de codering", "selon le codage", "by the coding"),
    "bySelfAssessment": ("volgens eigen inschatting", "selon l'auto-évaluation", "by self-assessment"),
    "central": ("centraal", "central", "central"),
    "coded": ("gecodeerd als", "codé comme", "coded as"),
    "coders": ("gezien door", "vu par", "seen by"),
    "decidedBy": ("beslist door", "tranché par", "decided by"),
    "readBy": ("codeurs", "codeurs", "coders"),
    "seenBy": ("gezien door aantal", "vu par (nombre)", "seen by (number)"),
    "comment": ("toelichting", "commentaire", "comment"),
    "components": ("onderdelen", "éléments", "components"),
    "componentsWithProjects": ("onderdelen met projecten", "éléments avec projets", "components with projects"),
    "cube": ("telling", "comptage", "count"),
    "definition": ("definitie", "définition", "definition"),
    "differ": ("verschillen", "diffèrent", "differ"),
    "end": ("tot teken", "jusqu'au caractère", "to character"),
    "expected": ("verwacht", "attendu", "expected"),
    "first": ("het ene", "la première", "the one"),
    "group": ("groep", "groupe", "group"),
    "initiatorMunicipality": ("gemeente van de initiatiefnemer", "commune de l'initiateur", "initiator's municipality"),
    "inTable": ("in de tabel", "dans le tableau", "in the table"),
    "inText": ("in de tekst", "dans le texte", "in the text"),
    "judgements": ("oordelen", "jugements", "judgements"),
    "justification": ("verantwoording", "justification", "justification"),
    "kind": ("soort", "type", "kind"),
    "km": ("km", "km", "km"),
    "lacking": ("projecten zonder", "projets sans", "projects without"),
    "lift": ("verhouding", "rapport", "lift"),
    "mapping": ("koppeling", "lien", "link"),
    "name": ("naam", "nom", "name"),
    "notation": ("nummer of code", "numéro ou code", "number or code"),
    "notSaidBy": ("niet gezegd door", "non dit par", "not said by"),
    "object": ("met", "avec", "with"),
    "ofAll": ("van in totaal", "sur un total de", "of all"),
    "onlyFirst": ("enkel de eerste", "le premier seul", "only the first"),
    "onlyOther": ("enkel het andere", "l'autre seul", "only the other"),
    "onlySecond": ("enkel de tweede", "le second seul", "only the second"),
    "onlyThis": ("enkel dit project", "ce projet seul", "only this project"),
    "organisation": ("organisatie", "organisation", "organisation"),
    "other": ("andere", "autre", "other"),
    "ours": ("volgens de graaf", "selon le graphe", "by this graph"),
    "point": ("punt", "point", "point"),
    "predicate": ("verband", "relation", "relation"),
    "projectMunicipality": ("gemeente van het project", "commune du projet", "project's municipality"),
    "projects": ("projecten", "projets", "projects"),
    "property": ("eigenschap", "propriété", "property"),
    "refused": ("verworpen", "rejeté", "refused"),
    "relation": ("verband", "relation", "relation"),
    "reported": ("volgens het rapport", "selon le rapport", "by the report"),
    "roles": ("rollen", "rôles", "roles"),
    "saidBy": ("gezegd door", "dit par", "said by"),
    "second": ("het andere", "la seconde", "the other"),
    "shared": ("gedeelde partners", "partenaires communs", "shared partners"),
    "sharedCount": ("aantal gedeeld", "nombre en commun", "number shared"),
    "sharedComponents": ("gedeelde onderdelen", "composantes communes", "shared components"),
    "similarity": ("gelijkenis", "ressemblance", "similarity"),
    "start": ("vanaf teken", "à partir du caractère", "from character"),
    "stated": ("iets vermeld in deze tabel", "mentionné dans ce tableau", "stated in this table"),
    "step": ("stap", "étape", "step"),
    "subject": ("wat", "quoi", "what"),
    "subjectText": ("als tekst", "en texte", "as text"),
    "successor": ("opvolger", "successeur", "successor"),
    "supporting": ("ondersteunend", "accessoire", "supporting"),
    "survey": ("enquête", "enquête", "survey"),
    "table": ("sorteertabel", "tableau de tri", "sorting table"),
    "target": ("inspiratie", "inspiration", "inspiration"),
    "text": ("tekst", "texte", "text"),
    "thing": ("wie of wat", "qui ou quoi", "who or what"),
    "unstated": ("projecten zonder enige vermelding", "projets sans aucune mention", "projects without any statement"),
    "value": ("waarde", "valeur", "value"),
    "via": ("via", "via", "via"),
    "what": ("wat", "quoi", "what"),
    "withFirst": ("projecten met het ene", "projets avec la première", "projects with the one"),
    "withSecond": ("projecten met het andere", "projets avec la seconde", "projects with the other"),
}
"""Headings of columns that aren't named after a term of our ontology."""

NAMES: Final = {"nl": "Nederlands", "fr": "Français", "en": "English"}
"""What each language calls itself."""

Say = Callable[..., str]


def say(language: str) -> Say:
    """Return the function that gives the interface's words in a language: `say("nl")("rows", n=3)`."""
    index = LANGUAGES.index(language)

    def word(key: str, **values: object) -> str:
        return WORDS[key][index].format(**values) if values else WORDS[key][index]

    return word


def term(iri: str, language: str) -> str | None:
    """Return the name of a class or property that we borrow, or None for one that we don't know."""
    found = _BORROWED.get(iri)
    return found[LANGUAGES.index(language)] if found else None


def column(name: str, language: str) -> str:
    """Return the heading of a column: its name in words where we have none."""
    bare = name.removesuffix("Labels").removesuffix("Label")
    found = COLUMNS.get(bare)
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in bare)
    return found[LANGUAGES.index(language)] if found else spaced.strip()


def tag(name: str, language: str) -> str:
    """Return the name of a topic of questions."""
    found = WORDS.get(f"tag_{name}")
    return found[LANGUAGES.index(language)] if found else name.replace("-", " ").capitalize()


def number(value: int, language: str) -> str:
    """Return a whole number with the language's separator of thousands."""
    # Dutch: a point; French: a narrow no-break space; English: a comma.
    return f"{value:,}".replace(",", {"nl": ".", "fr": "\u202f", "en": ","}[language])
