"""The tables of the search index, and the kinds of things that it holds.

Two files lie beside a version's store. `search.sqlite` holds the whole version that it was made of, and is shared by
the versions that were written since; `search-changes.sqlite` has the same tables, for the things that changed since.
"""

from __future__ import annotations

from typing import Final

FULL: Final = "search.sqlite"
"""The file that is made of a whole version, and never changed."""

CHANGES: Final = "search-changes.sqlite"
"""The file with the things that changed since."""

FACETS: Final = (
    "class",
    "kind",
    "municipality",
    "province",
    "region",
    "partOf",
    "takesPlaceIn",
    "call",
    "funder",
    "initiator",
    "partner",
    "participant",
    "involves",
    "component",
    "framework",
    "method",
    "role",
    "within",
    "unitOf",
    "dataset",
)
"""What things can be filtered by; each value is an IRI. See :mod:`zorgkg.search.making` for what each stands for."""

KINDS: Final[dict[str, str]] = {
    "framework": "zorg:Framework",
    "component": "zorg:Component",
    "call": "zorg:FundingCall",
    "programme": "zorg:Programme",
    "region": "zorg:Region",
    "province": "zorg:Province",
    "municipality": "zorg:Municipality",
    "neighbourhood": "zorg:Neighbourhood",
    "country": "zorg:Country",
    "method": "zorg:Method",
    "role": "zorg:NamedRole",
    "actor-group": "zorg:ActorGroup",
    "topic": "zorg:Topic",
    "organisation-kind": "zorg:OrganisationKind",
    "concept": "skos:Concept",
    "dataset": "dcat:Dataset",
    "source": "zorg:Source",
    "publication": "zorg:Publication",
    "practice": "zorg:Practice",
    "question": "sh:SPARQLSelectExecutable",
    "organisation": "org:Organization",
    "project": "zorg:Project",
}
"""What a person calls the kinds of things, and the class that makes a thing one of them."""

TABLES: Final = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, type TEXT NOT NULL, slug TEXT NOT NULL, kind TEXT NOT NULL,
  label_nl TEXT NOT NULL, label_fr TEXT NOT NULL, label_en TEXT NOT NULL,
  lang_nl TEXT NOT NULL, lang_fr TEXT NOT NULL, lang_en TEXT NOT NULL,
  sort_nl TEXT NOT NULL, sort_fr TEXT NOT NULL, sort_en TEXT NOT NULL,
  alternative TEXT NOT NULL,
  description_nl TEXT NOT NULL, description_fr TEXT NOT NULL, description_en TEXT NOT NULL,
  latitude REAL, longitude REAL
);
CREATE TABLE facet (
  property TEXT NOT NULL, value TEXT NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (property, value, thing)
) WITHOUT ROWID;
"""
