"""The tables of the search index, and the kinds of things that it holds.

Two files lie beside a version's store. `search.sqlite` holds the whole version that it was made of, and is shared by
the versions that were written since; `search-changes.sqlite` has the same tables, for the things that changed since.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import Final

from zorgkg.languages import LANGUAGES
from zorgkg.matching import blocks

FULL: Final = "search.sqlite"
"""The file that is made of a whole version, and never changed."""

CHANGES: Final = "search-changes.sqlite"
"""The file with the things that changed since."""

FORM: Final = "4"
"""What an index is made like; one that was made otherwise is made anew."""

KINDS: Final[dict[str, tuple[str, ...]]] = {
    "framework": ("zorg:Framework",),
    "component": ("zorg:Component",),
    "call": ("zorg:FundingCall",),
    "programme": ("zorg:Programme",),
    "region": ("zorg:Region",),
    "province": ("zorg:Province",),
    "municipality": ("zorg:Municipality",),
    "neighbourhood": ("zorg:Neighbourhood",),
    "country": ("zorg:Country",),
    "method": ("zorg:Method",),
    "role": ("zorg:NamedRole",),
    "actor-group": ("zorg:ActorGroup",),
    "topic": ("zorg:Topic",),
    "organisation-kind": ("zorg:OrganisationKind",),
    "dataset": ("dcat:Dataset", "dcat:Catalog"),
    "source": ("zorg:Source",),
    "practice": ("zorg:Practice",),
    "activity": ("zorg:Activity",),
    "publication": ("zorg:Publication",),
    "question": ("sh:SPARQLSelectExecutable",),
    "organisation": (
        "org:FormalOrganization",
        "org:OrganizationalUnit",
        "org:OrganizationalCollaboration",
        "org:Organization",
    ),
    "project": ("zorg:Project", "schema:Project"),
    "scheme": ("skos:ConceptScheme",),
    "concept": ("skos:Concept", "skos:Collection"),
}
"""What a person calls the kinds of things, and the classes that make a thing one of them.

A thing is of the first kind that it can be. Where names fit equally well, earlier kinds come first.
"""

TYPES: Final[dict[str, tuple[str, ...]]] = {
    "framework": (
        *("framework", "component", "method", "role", "actor-group", "topic", "organisation-kind", "scheme", "concept"),
    ),
    "place": ("region", "province", "municipality", "neighbourhood", "country"),
    "project": ("project", "programme"),
}
"""The `{type}` of an IRI, where there are several kinds of things of it, or it is not called as they are."""

FACETS: Final = (
    "call",
    "class",
    "component",
    "dataset",
    "framework",
    "funder",
    "initiator",
    "initiatorKind",
    "involves",
    "kind",
    "method",
    "municipality",
    "participant",
    "partOf",
    "partner",
    "programme",
    "province",
    "region",
    "role",
    "source",
    "takesPlaceIn",
    "targetGroup",
    "unitOf",
    "within",
)
"""What things can be filtered by; each value is an IRI. See :mod:`zorgkg.search.reading` for what each stands for."""

PREFIXES: Final = 6
"""Letters of the longest beginning of a word for which what begins so is put together in the index."""

_PREFIXES: Final = " ".join(map(str, range(1, PREFIXES + 1)))
_TOKENS: Final = "unicode61 remove_diacritics 0"

_WORD: Final = "CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)"

TABLES: Final = (
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE thing (
      id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, type TEXT NOT NULL, slug TEXT NOT NULL, kind TEXT NOT NULL,
      label_nl TEXT NOT NULL, label_fr TEXT NOT NULL, label_en TEXT NOT NULL,
      lang_nl TEXT NOT NULL, lang_fr TEXT NOT NULL, lang_en TEXT NOT NULL,
      sort_nl TEXT NOT NULL, sort_fr TEXT NOT NULL, sort_en TEXT NOT NULL,
      alternative TEXT NOT NULL,
      description_nl TEXT NOT NULL, description_fr TEXT NOT NULL, description_en TEXT NOT NULL,
      described_nl TEXT NOT NULL, described_fr TEXT NOT NULL, described_en TEXT NOT NULL,
      latitude REAL, longitude REAL
    )""",
    "CREATE TABLE value (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE)",
    """CREATE TABLE facet (
      property INTEGER NOT NULL, value INTEGER NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (property, value, thing)
    ) WITHOUT ROWID""",
    """CREATE TABLE name (
      kind INTEGER NOT NULL, key TEXT NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (kind, key, thing)
    ) WITHOUT ROWID""",
    """CREATE TABLE code (
      kind INTEGER NOT NULL, key TEXT NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (kind, key, thing)
    ) WITHOUT ROWID""",
    f"""CREATE VIRTUAL TABLE called USING fts5 (
      label, alternative, content='', columnsize=0, detail=column, prefix='{_PREFIXES}', tokenize="{_TOKENS}"
    )""",
    f"""CREATE VIRTUAL TABLE text USING fts5 (
      words, content='', columnsize=0, detail=none, prefix='{_PREFIXES}', tokenize="{_TOKENS}"
    )""",
    _WORD,
    *blocks.TABLES,
)
"""`facet` has the place of the facet among :data:`FACETS` and the `id` of the value. `name` has the whole names of
things, folded, by the place of their kind among :data:`KINDS`, and `code` likewise the numbers that are their own;
`called` has the words of those names, and `text` all words of a thing: names, codes, descriptions, and the names of
what it belongs to; their `rowid` is the `id` of the thing. `word` has all words, the shortest first; of changes, only
those that the other file does not have. The tables of :mod:`zorgkg.matching.blocks` are for those who look for the
thing that a name or a row of a table means.

Names have a table of their own: to look only for them among all words, FTS5 would read what all words are in."""

_SPELT: Final = (
    "CREATE TABLE length (length INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL)",
    "CREATE TABLE gram (gram TEXT PRIMARY KEY, words BLOB NOT NULL) WITHOUT ROWID",
)

WORDS: Final = (_WORD, *_SPELT)
"""What misspelt words are found with."""

WHOLE: Final = (
    "CREATE TABLE range (kind TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID",
    *_SPELT,
)
"""Only of a whole version: the `id` s of each kind's things, the most connected of which come first; those of the words
of each length; the groups of three letters in words, each with the sorted `id` s of the words as 32-bit numbers."""

GONE: Final = ("CREATE TABLE gone (id INTEGER PRIMARY KEY)",)
"""Only of changes: the things of the other file that changed or are there no more."""

INDICES: Final = tuple(f"CREATE INDEX thing_{one} ON thing (type, sort_{one}, iri)" for one in LANGUAGES)
"""For lists; made once the tables are filled."""


@cache
def unavailable() -> str:
    """Tell why no index can be had here: this Python's SQLite lacks a part that it needs; "" when it can."""
    connection = sqlite3.connect(":memory:")
    try:
        for statement in TABLES:
            connection.execute(statement)
        connection.execute("SELECT json_group_array(1)")
    except sqlite3.OperationalError as error:
        return f"SQLite {sqlite3.sqlite_version} of this Python cannot hold a search index: {error}"
    finally:
        connection.close()
    return ""
