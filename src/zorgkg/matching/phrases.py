"""Words of names in Dutch, French and English that say what kind of organisation it is, what legal form it has, or
little.

The kinds are those of `data/vocabularies` (organisation-kind), by their slugs.
"""

from __future__ import annotations

from typing import Final

KINDS: Final[dict[str, tuple[str, ...]]] = {
    "ocmw": (
        *("ocmw", "cpas", "openbaar centrum voor maatschappelijk welzijn", "centre public d'action sociale"),
        *("centre public d'aide sociale", "public welfare centre", "public centre for social welfare"),
    ),
    "local-authority": (
        *("stad", "ville", "ville de", "city of", "stadsbestuur", "gemeente", "commune", "commune de"),
        *("gemeentebestuur", "administration communale", "administration communale de", "municipality of"),
        *("lokaal bestuur", "administration locale"),
    ),
    "sociaal-huis": ("sociaal huis", "maison sociale", "social house", "welzijnshuis"),
    "ldc": (
        *("ldc", "lokaal dienstencentrum", "lokale dienstencentra", "lokaal diensten centrum", "dienstencentrum"),
        *("centre de services local", "centre local de services", "centre de services locaux", "local service centre"),
    ),
    "wzc": (
        *("wzc", "woonzorgcentrum", "woon en zorgcentrum", "woonzorghuis", "rusthuis", "rvt", "mrs", "care home"),
        *("maison de repos et de soins", "maison de repos", "residentie voor ouderen", "nursing home"),
    ),
    "caw": (
        *("caw", "centrum algemeen welzijnswerk", "centrum voor algemeen welzijnswerk"),
        *("centre d'aide sociale generale", "centre for general welfare work"),
    ),
    "community-work": ("samenlevingsopbouw", "developpement communautaire"),
    "elz": ("elz", "eerstelijnszone", "zone de premiere ligne", "zorgraad", "primary care zone"),
    "community-health-centre": ("wgc", "wijkgezondheidscentrum", "maison medicale", "community health centre"),
    "social-housing-company": (
        *("shm", "sociale huisvestingsmaatschappij", "woonmaatschappij", "societe de logement social"),
        *("societe de logements sociaux",),
    ),
    "care-company": ("zorgbedrijf", "entreprise publique de soins"),
    "library": ("bibliotheek", "bib", "openbare bibliotheek", "bibliotheque", "bibliotheque publique", "library"),
    "police": ("politie", "lokale politie", "politiezone", "zone de police", "police locale", "local police"),
    "childcare": ("kinderdagverblijf", "kdv", "creche", "kinderopvang"),
    "mental-health": (
        *("cgg", "centrum geestelijke gezondheidszorg", "centrum voor geestelijke gezondheidszorg"),
        *("centre de sante mentale",),
    ),
    "school": ("school", "basisschool", "lagere school", "ecole", "ecole fondamentale", "ecole primaire"),
    "culture": ("cultuurcentrum", "gemeenschapscentrum", "centre culturel", "cultural centre"),
    "sheltered-living": ("beschut wonen", "habitations protegees", "sheltered living"),
    "neighbourhood-work": ("buurthuis", "wijkhuis", "maison de quartier", "neighbourhood house"),
}
"""Slug of a kind → how names say it."""

LOCAL: Final = frozenset(
    {
        *("ocmw", "local-authority", "sociaal-huis", "ldc", "wzc", "library", "police", "childcare", "school"),
        *("culture", "neighbourhood-work", "community-health-centre", "municipal-service"),
    }
)
"""Kinds of which many municipalities have one, often of the same name: only with its place it is clear which."""

DISTINCT: Final = frozenset(
    {
        *("ocmw", "local-authority", "sociaal-huis", "ldc", "wzc", "caw", "community-work", "elz", "library"),
        *("community-health-centre", "social-housing-company", "care-company", "police", "childcare", "school"),
    }
)
"""Kinds that no organisation is two of, so that one of the one is none of the other."""

REGIONAL: Final = frozenset(
    {"caw", "community-work", "elz", "mental-health", "sheltered-living", "social-housing-company", "care-company"}
)
"""Kinds that serve several municipalities: a table may name such a body with any of them."""

WIDE: Final = frozenset(
    {
        *("home-care-service", "health-insurance-fund", "government", "higher-education", "umbrella-organisation"),
        *("knowledge-centre", "foundation", "public-company", "digital-platform-provider", "intermunicipal-body"),
    }
)
"""Kinds that work in many places under a name that no other has: "Familiehulp" is one, wherever it is met."""

OWNERS: Final = frozenset({"ocmw", "local-authority", "sociaal-huis", "care-company"})
"""Kinds of what runs others, and stands in their names: "LDC De Bres, OCMW Poperinge"."""

ONE_EACH: Final = frozenset({"ocmw", "local-authority", "sociaal-huis", "library"})
"""Kinds of which a municipality has one: with the municipality, the kind alone says which."""

LEGAL: Final = (
    *("vzw", "asbl", "ivzw", "aisbl", "npo", "ngo", "nv", "sa", "bv", "bvba", "srl", "sprl", "cv", "cvba", "scrl"),
    *("cvso", "vof", "snc", "vereniging zonder winstoogmerk", "association sans but lucratif"),
    *("internationale vereniging zonder winstoogmerk", "feitelijke vereniging", "association de fait"),
    *("stichting van openbaar nut", "fondation d'utilite publique"),
)
"""Legal forms: they tell no two organisations apart."""

WEAK: Final = frozenset(
    {
        *("de", "het", "een", "t", "s", "n", "den", "der", "des", "d", "du", "la", "le", "les", "l"),
        *("un", "une", "the", "of", "a", "an", "van", "voor", "in", "op", "te", "aan", "en", "et", "and"),
        *("und", "bij", "uit", "met", "au", "aux", "pour", "par", "sur", "avec", "for", "at", "to", "with"),
    }
)
"""Words that hardly count."""

LITTLE: Final = frozenset(
    {
        *("organisatie", "organisation", "werkgroep", "vereniging", "groep", "groupe", "project", "initiatief"),
        *(
            "werking",
            "kenniscentrum",
            "vrije",
            "gemeentelijke",
            "gemeentelijk",
            "stedelijke",
            "stedelijk",
            "plaatselijke",
        ),
        *("lokale", "lokaal", "communal", "communale", "municipal", "municipale"),
    }
)
"""Words that say little: one name may have them, and another of the same thing not."""

_ALIKE: Final = (
    "centrum centre center ctr centra centres",
    "dienst service diensten services",
    "sociaal sociale social sociaux",
    "huis maison house",
    "wijk quartier quartiers",
    "buurt neighbourhood neighborhood",
    "sint saint st sainte sinte ste",
    "zorg soins care",
    "gezondheid sante health",
    "welzijn bienetre",
    "gezin famille familie family",
    "ouderen aines senioren seniors",
    "jeugd jeunesse",
    "jongeren jeunes",
    "vrijwilligers benevoles volunteers",
    "netwerk reseau network",
    "vlaanderen flandre flanders",
    "vlaams vlaamse flamand flamande flemish",
    "brussel bruxelles brussels brusselse",
    "west ouest occidentale",
    "oost est orientale east",
    "noord nord north",
    "zuid sud south",
    "provincie province",
    "fonds fund",
    "stichting fondation foundation",
    "koning roi king",
    "universiteit universite university",
    "ziekenhuis hopital hospital zkh",
    "vereniging association",
    "federatie federation",
    "wonen logement",
    "samen ensemble together",
    "kind enfant kinderen enfants child children",
    "nieuw nieuwe nouveau nouvelle new",
    "oud oude vieux vieille old",
    "kerk eglise church",
    "parochie paroisse parish",
    "raad conseil council",
    "comite committee",
    "project projet",
)

SAME: Final[dict[str, str]] = {word: first for first, *others in map(str.split, _ALIKE) for word in others}
"""Word → the one that stands for it and its translations."""
