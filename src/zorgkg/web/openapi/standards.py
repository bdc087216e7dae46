"""The operations of the standards and of versions: SPARQL, SHACL, graphs, datasets; those that write need a token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from zorgkg.collection.declared import Texts, texts
from zorgkg.intake import template
from zorgkg.intake.kinds import KINDS
from zorgkg.languages import LANGUAGES
from zorgkg.publishing.payload import DATASET_FORMATS, GRAPH_FORMATS
from zorgkg.tables.reading import MEDIA
from zorgkg.terms import ID
from zorgkg.web import linking
from zorgkg.web.openapi import operation, schemas
from zorgkg.web.openapi.operation import VERSION_PATTERN, Operation, Parameter, Schema
from zorgkg.web.protocol import evaluation, handed, writing

_TEXT: Final[Schema] = {"type": "string"}
_OBJECT: Final[Schema] = {"type": "object"}
_NOTED: Final[Schema] = {"type": "object", "properties": {"notes": schemas.NOTES}}
_READ: Final = (400, 404, 406, 502, 503, 504)
_QUERIES: Final = (400, 403, 404, 406, 408, 413, 415, 422, 502, 503, 504)
_WRITES: Final = (400, 401, 403, 404, 406, 408, 409, 412, 413, 415, 422, 503, 504)
_VERSION: Final = ("X-Zorgkg-Version",)
_REPORT: Final[Mapping[str, Schema]] = {
    **dict.fromkeys(writing.REPORTS, _TEXT),
    "application/ld+json": {},
    "application/json": _OBJECT,
    "text/plain": _TEXT,
}
_SENT: Final = texts(
    "Wat veranderd werd, en de versie die ontstond.",
    "Ce qui a changé, et la version qui en est née.",
    "What changed, and the version that came of it.",
)


def operations() -> Iterator[Operation]:
    """Give the operations of the standards and of versions."""
    yield from _sparql()
    yield from _graphs()
    yield _template()
    yield from _links()
    yield from _versions()


def _sparql() -> Iterator[Operation]:
    query = texts("Een SPARQL 1.1-query.", "Une requête SPARQL 1.1.", "A SPARQL 1.1 query.")
    default = texts("Graaf van de standaardgraaf.", "Graphe du graphe par défaut.", "Graph of the default graph.")
    named = texts("Benoemde graaf.", "Graphe nommé.", "Named graph.")
    iris: Schema = {"type": "array", "items": {"type": "string", "format": "iri"}}
    answers = {
        **dict.fromkeys((*evaluation.RESULTS, *evaluation.GRAPHS), _TEXT),
        "application/sparql-results+json": _OBJECT,
        "application/json": {},
        "application/ld+json": {},
        "text/html": _TEXT,
    }
    told = texts(
        "Zonder query de dienstbeschrijving (SPARQL 1.1 Service Description).",
        "Sans requête la description du service (SPARQL 1.1 Service Description).",
        "Without a query the service description (SPARQL 1.1 Service Description).",
    )
    example = "SELECT ?project WHERE { ?project a <https://w3id.org/zorgkg/ns#Project> } LIMIT 3"
    dataset = [
        Parameter("default-graph-uri", default, iris, may_be_empty=False),
        Parameter("named-graph-uri", named, iris, may_be_empty=False),
    ]
    text = Parameter("query", query, _TEXT, example=example, may_be_empty=False)
    title = texts("Een SPARQL-query", "Une requête SPARQL", "A SPARQL query")
    for method in ("get", "post"):
        yield Operation(
            f"sparql-{method}",
            "/sparql",
            "sparql",
            title,
            [*([text] if method == "get" else []), *dataset],
            answers,
            told if method == "get" else None,
            _QUERIES,
            _VERSION,
            method,
            takes={} if method == "get" else {"application/sparql-query": _TEXT},
            example="" if method == "get" else example,
        )
    yield Operation(
        "update",
        "/update",
        "writing",
        texts("Een SPARQL-update", "Une mise à jour SPARQL", "A SPARQL update"),
        [_dry_run()],
        {"application/json": _OBJECT},
        _SENT,
        _WRITES,
        method="post",
        takes={"application/sparql-update": _TEXT},
        example="DELETE DATA { <http://example.org/a> <http://example.org/b> 1 }",
        needs_token=True,
    )
    yield Operation(
        "shacl",
        "/shacl",
        "sparql",
        texts("Wat de vormregels van RDF zeggen", "Ce que les formes disent de RDF", "What the shapes say of RDF"),
        [operation.language()],
        _REPORT,
        texts("Er verandert niets.", "Rien ne change.", "Nothing is changed."),
        (400, 403, 404, 406, 408, 413, 415, 422, 503, 504),
        _VERSION,
        "post",
        takes=dict.fromkeys([*GRAPH_FORMATS, *DATASET_FORMATS], _TEXT),
        example="<http://example.org/a> a <https://w3id.org/zorgkg/ns#Project> .",
    )


def _graphs() -> Iterator[Operation]:
    told = texts(
        "IRI van een graaf; zonder de hele dataset.",
        "IRI d'un graphe ; sans, le jeu entier.",
        "IRI of a graph; without it the whole dataset.",
    )
    iri: Schema = {"type": "string", "format": "iri"}
    graph = Parameter("graph", told, iri, example=f"{ID}dataset/ontology", may_be_empty=False)
    whole = ("application/n-quads", "application/trig")
    yield Operation(
        "graph",
        "/graphs",
        "sparql",
        texts("Een graaf, of de hele dataset", "Un graphe, ou le jeu entier", "A graph, or the whole dataset"),
        [graph],
        {**dict.fromkeys((*evaluation.GRAPHS, *whole), _TEXT), "application/ld+json": {}, "application/json": {}},
        problems=_READ,
        headers=_VERSION,
    )
    name = texts("Naam van de dataset.", "Nom du jeu de données.", "Name of the dataset.")
    path = [Parameter("name", name, {"type": "string", "pattern": "^[a-z0-9-]+$"}, "path", True, example="kbs-2021")]
    yield Operation(
        "dataset",
        "/datasets/{name}",
        "things",
        texts("Een dataset: verwijst naar haar beschrijving", "Un jeu de données", "A dataset"),
        [Parameter("name", name, _TEXT, "path", True, example="kbs-2021")],
        problems=_READ,
        headers=("Location",),
        status=303,
    )
    sent = dict.fromkeys(GRAPH_FORMATS, _TEXT)
    writes: tuple[tuple[str, Texts, Mapping[str, Schema], int], ...] = (
        ("put", texts("Een graaf vervangen", "Remplacer un graphe", "Replace a graph"), sent, 200),
        ("post", texts("Aan een graaf toevoegen", "Ajouter à un graphe", "Add to a graph"), sent, 200),
        (
            "patch",
            texts("Een graaf veranderen", "Modifier un graphe", "Change a graph"),
            {"application/sparql-update": _TEXT},
            200,
        ),
        ("delete", texts("Een graaf verwijderen", "Supprimer un graphe", "Remove a graph"), {}, 200),
    )
    for method, title, takes, status in writes:
        yield _write(f"graph-{method}", "/graphs", title, [graph, _dry_run()], method, takes, status)
    binary: Schema = {"type": "string", "format": "binary"}
    package = {"application/zip": binary, **sent, **dict.fromkeys(handed.MEDIA_TYPES, binary)}
    replace = texts("Een dataset vervangen", "Remplacer un jeu de données", "Replace a dataset")
    remove = texts("Een dataset verwijderen", "Supprimer un jeu de données", "Remove a dataset")
    said = [*path, _dry_run(), *_said()]
    yield _write("dataset-put", "/datasets/{name}", replace, said, "put", package, 200, _NOTED)
    yield _write("dataset-delete", "/datasets/{name}", remove, [*path, _dry_run()], "delete", {}, 200)


def _links() -> Iterator[Operation]:
    name = texts("Naam van de dataset.", "Nom du jeu de données.", "Name of the dataset.")
    path = [Parameter("name", name, _TEXT, "path", True, example="links")]
    state = texts("Welke koppelingen.", "Quels liens.", "Which links.")
    sought = texts("Woorden van een naam.", "Mots d'un nom.", "Words of a name.")
    least = texts("De kleinste zekerheid.", "La certitude minimale.", "The least confidence.")
    most = texts("Hoeveel hoogstens.", "Combien au plus.", "How many at most.")
    skipped = texts("Hoeveel er worden overgeslagen.", "Combien sont sautés.", "How many are skipped.")
    shape: Schema = {"type": "object", "required": ["dataset", "counts", "found", "mappings"]}
    yield Operation(
        "links",
        linking.PATH,
        "things",
        texts(
            "De koppelingen van een dataset: voorstellen en beslissingen",
            "Les liens d'un jeu de données : propositions et décisions",
            "The links of a dataset: proposals and decisions",
        ),
        [
            *path,
            Parameter("state", state, {"type": "string", "enum": [*linking.STATES]}, example="all"),
            Parameter("q", sought, _TEXT),
            Parameter("least", least, {"type": "number", "minimum": 0, "maximum": 1}),
            Parameter("limit", most, {"type": "integer", "minimum": 1, "maximum": linking.MOST}),
            Parameter("offset", skipped, {"type": "integer", "minimum": 0, "maximum": 10**9}),
        ],
        {"application/json": shape, "text/tab-separated-values": _TEXT},
        problems=_READ,
        headers=_VERSION,
    )
    decisions: Schema = {
        "type": "object",
        "required": ["decisions"],
        "additionalProperties": False,
        "properties": {
            "decisions": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {"type": "string", "enum": ["accept", "refuse", "unclear", "undo"]},
            },
            "reviewer": {"type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"},
            "comments": {"type": "object", "additionalProperties": {"type": "string"}},
            "propose": {"type": "boolean"},
        },
    }
    decide = texts("Over koppelingen beslissen", "Décider de liens", "Decide on links")
    takes = {"application/json": decisions}
    yield _write("links-decide", linking.PATH, decide, [*path, _dry_run()], "post", takes, 200)


def _versions() -> Iterator[Operation]:
    told = texts(
        "Naam van een versie, het begin ervan, of current.",
        "Nom d'une version, son début, ou current.",
        "Name of a version, the beginning of it, or current.",
    )
    schema: Schema = {"type": "string", "pattern": f"^{VERSION_PATTERN}$"}
    path = [Parameter("id", told, schema, "path", True, example="current")]
    to = Parameter("to", told, schema, example="current")
    for name, where in (("version", "/versions/{id}"), ("versions-one", "/api/versions/{id}")):
        yield Operation(
            name,
            where,
            "versions",
            texts("Een versie", "Une version", "A version"),
            path,
            {"application/json": {"type": "object", "required": ["id", "created", "statements", "served"]}},
            problems=_READ,
        )
    yield Operation(
        "manifests",
        "/versions",
        "versions",
        texts("De versies, de nieuwste eerst", "Les versions, la plus récente d'abord", "The versions, newest first"),
        answers={"application/json": {"type": "object", "required": ["versions"]}},
        problems=_READ,
    )
    yield Operation(
        "difference",
        "/versions/{id}/diff",
        "versions",
        texts("Wat er veranderde tot een andere versie", "Ce qui a changé jusqu'à une autre version", "What changed"),
        [*path, to],
        {"application/json": _OBJECT},
        problems=_READ,
    )
    keep = texts("Zoveel van de nieuwste blijven.", "Autant des plus récentes restent.", "So many of the newest stay.")
    activate = texts("Een versie weer bedienen", "Servir de nouveau une version", "Serve a version again")
    prune = texts("Oude versies verwijderen", "Supprimer d'anciennes versions", "Remove old versions")
    yield _write("activate", "/versions/{id}/activate", activate, path, "post", {}, 200)
    whole: Schema = {"type": "integer", "minimum": 1, "maximum": 10**6}
    yield _write("prune", "/versions/prune", prune, [Parameter("keep", keep, whole, required=True)], "post", {}, 200)


def _write(
    name: str,
    path: str,
    title: Texts,
    parameters: list[Parameter],
    method: str,
    takes: Mapping[str, Schema],
    status: int,
    told: Schema = _OBJECT,
) -> Operation:
    return Operation(
        name,
        path,
        "writing",
        title,
        parameters,
        {"application/json": told},
        _SENT,
        _WRITES,
        method=method,
        status=status,
        takes=takes,
        other={
            201: texts("Gemaakt.", "Créé.", "Made."),
            204: texts("Vervangen.", "Remplacé.", "Replaced."),
        }
        if takes
        else {},
        needs_token=True,
    )


def _dry_run() -> Parameter:
    told = texts("Alleen proberen: er verandert niets.", "Essayer seulement.", "Only try: nothing is changed.")
    return Parameter("dry-run", told, {"type": "boolean"})


def _said() -> list[Parameter]:
    """What may be said of a table."""
    told = {
        "kind": ("Waarvan het een tabel is.", "De quoi c'est le tableau.", "What it is a table of."),
        "sheet": ("Alleen dit blad.", "Seulement cette feuille.", "Only this sheet."),
        "licence": ("IRI van de licentie.", "IRI de la licence.", "IRI of the licence."),
        "publisher": ("Naam van de uitgever.", "Nom de l'éditeur.", "Name of the publisher."),
        "title": ("Titel van de dataset.", "Titre du jeu de données.", "Title of the dataset."),
        "without": ("Kolom die wegblijft.", "Colonne à laisser de côté.", "Column to leave out."),
        "data-lang": ("Taal van de teksten.", "Langue des textes.", "Language of the texts."),
        "dates": ("Hoe dagen geschreven zijn.", "Comment les jours sont écrits.", "How days are written."),
        "file": ("Naam van het bestand.", "Nom du fichier.", "Name of the file."),
    }
    shown: dict[str, Schema] = {
        "kind": {"type": "string", "enum": list(KINDS)},
        "licence": {"type": "string", "format": "iri"},
        "without": {"type": "array", "items": _TEXT},
        "data-lang": {"type": "string", "enum": list(LANGUAGES)},
        "dates": {"type": "string", "enum": ["dmy", "mdy"]},
    }
    return [Parameter(name, texts(*said), shown.get(name, _TEXT)) for name, said in told.items()]


def _template() -> Operation:
    file = texts("Soort tabel, en xlsx of csv.", "Genre de tableau, et xlsx ou csv.", "Kind of table, and xlsx or csv.")
    names = [f"{kind}.{form}" for kind in KINDS for form in template.FORMS]
    return Operation(
        "template",
        "/templates/{file}",
        "things",
        texts("Een lege tabel om in te vullen", "Un tableau vide à remplir", "An empty table to fill in"),
        [
            Parameter("file", file, {"type": "string", "enum": names}, "path", True, example=names[0]),
            operation.language(),
            operation.version(),
        ],
        {MEDIA["xlsx"]: {"type": "string", "format": "binary"}, MEDIA["csv"]: _TEXT},
        texts(
            "Met een gids in drie talen en lijsten om uit te kiezen.",
            "Avec un guide en trois langues et des listes de choix.",
            "With a guide in three languages and lists to choose from.",
        ),
        _READ,
        ("X-Zorgkg-Version", "Content-Language", "ETag"),
    )
