"""The other operations: things, SPARQL, graphs, versions and the service itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from zorgkg.collection.declared import Texts, texts
from zorgkg.publishing.payload import DATASET_FORMATS, GRAPH_FORMATS
from zorgkg.search import schema
from zorgkg.terms import ID, THING_TYPES
from zorgkg.web import datasets, entities, evaluation, ontology, representations, searching, void, writing
from zorgkg.web.openapi import operation, schemas
from zorgkg.web.openapi.operation import VERSION_PATTERN, Operation, Parameter, Schema

_SEGMENT: Final = r'^(?!\.{1,2}$)[^\u0000-\u0020\u007f<>"{}|\\^`/?#\ufffd]+$'
"""What can be part of an IRI of ours."""

_TEXT: Final[Schema] = {"type": "string"}
_OBJECT: Final[Schema] = {"type": "object"}
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
    """Give the operations that neither a collection nor a question is."""
    yield from _catalogue()
    yield _search()
    yield from _things()
    yield from _sparql()
    yield from _graphs()
    yield from _versions()
    yield from _service()


def _catalogue() -> Iterator[Operation]:
    yield Operation(
        "api",
        "/api",
        "service",
        texts("Wat de API heeft", "Ce que contient l'API", "What the API has"),
        [operation.language(), operation.form(("json", "html"))],
        {"application/json": _OBJECT, "text/html": _TEXT},
        problems=(400, 406),
        headers=_VERSION,
    )
    yield Operation(
        "questions",
        "/api/questions",
        "service",
        texts("Alle vragen, met hun parameters", "Toutes les questions, avec leurs paramètres", "All questions"),
        [operation.language(), operation.form(("json", "html")), operation.version()],
        {"application/json": {"type": "array", "items": _OBJECT}, "text/html": _TEXT},
        problems=_READ,
        headers=("X-Zorgkg-Version", "Content-Language", "ETag"),
    )
    yield Operation(
        "openapi",
        "/api/openapi.json",
        "service",
        texts("Deze beschrijving", "Cette description", "This description"),
        [operation.language(), operation.version()],
        {"application/json": {"type": "object", "required": ["openapi", "info", "paths"]}},
        problems=(400, 404, 502, 503, 504),
        headers=("X-Zorgkg-Version", "Content-Language"),
    )


def _search() -> Operation:
    sought = texts("Wat gezocht wordt.", "Ce qui est cherché.", "What to look for.")
    kinds = texts("Alleen deze soorten.", "Seulement ces types.", "Only these kinds.")
    text: Schema = {"type": ["string", "null"]}
    item: Schema = {
        "type": "object",
        "required": ["iri", "type", "label", "href", "rank"],
        "properties": {
            "iri": {"type": "string", "format": "iri"},
            "type": {"type": "string", "enum": list(schema.KINDS)},
            "label": {"type": "string"},
            **dict.fromkeys(("typeLabel", "labelLang", "alternative", "description", "descriptionLang"), text),
            "href": {"type": "string"},
            "rank": {"type": "number", "minimum": 0, "maximum": 1},
        },
    }
    return Operation(
        "search",
        "/api/search",
        "collections",
        texts("Zoeken in alles", "Chercher partout", "Search everything"),
        [
            Parameter(
                "q",
                sought,
                {"type": "string", "minLength": 1, "maxLength": searching.LONGEST},
                required=True,
                example="buurt",
                may_be_empty=False,
            ),
            Parameter("type", kinds, {"type": "array", "items": {"type": "string", "enum": list(schema.KINDS)}}),
            operation.limit(searching.MOST, searching.USUAL),
            operation.language(),
            operation.form(searching.FORMS),
            operation.excel(),
            operation.languages(),
            operation.version(),
        ],
        schemas.table(item, searching.FORMS),
        texts(
            "Op naam of op woorden, het best passende eerst; accenten en kleine fouten worden vergeven.",
            "Par nom ou par mots, le plus pertinent d'abord ; accents et petites fautes sont pardonnés.",
            "By name or words, the best first; accents and small mistakes are forgiven.",
        ),
        (400, 404, 406, 422, 501, 503, 504),
        ("X-Zorgkg-Version", "Content-Language", "ETag"),
    )


def _things() -> Iterator[Operation]:
    kind = texts("Soort ding.", "Type de chose.", "Kind of thing.")
    slug = texts(
        "Het laatste deel van de IRI; van een component kader/component.",
        "La dernière partie de l'IRI ; d'une composante cadre/composante.",
        "The last part of its IRI; of a component framework/component.",
    )
    path = [
        Parameter("type", kind, {"type": "string", "enum": list(THING_TYPES)}, "path", True, example="framework"),
        Parameter("slug", slug, {"type": "string", "pattern": _SEGMENT}, "path", True, example="vvsg"),
    ]
    yield Operation(
        "thing",
        "/id/{type}/{slug}",
        "things",
        texts("Een ding: verwijst naar wat erover gezegd wordt", "Une chose : renvoie à ce qui en est dit", "A thing"),
        [*path, operation.language(), operation.version()],
        problems=_READ,
        headers=("Location", "Link"),
        status=303,
    )
    known = (
        (
            "description",
            "/doc/{type}/{slug}",
            texts(
                "Wat de graaf van een ding zegt", "Ce que le graphe dit d'une chose", "What the graph says of a thing"
            ),
            entities.OFFERED,
        ),
        ("ns", "/ns", texts("De woordenschat", "Le vocabulaire", "The vocabulary"), ontology.OFFERED),
        (
            "datasets-rdf",
            "/datasets",
            texts("De datasets als DCAT", "Les jeux de données en DCAT", "The datasets as DCAT"),
            datasets.OFFERED,
        ),
        (
            "void",
            void.PATH,
            texts("Wat hier te halen is (VoID)", "Ce qu'on trouve ici (VoID)", "What can be had here (VoID)"),
            representations.GRAPH,
        ),
    )
    for name, where, told, forms in known:
        yield Operation(
            name,
            where,
            "things",
            told,
            [
                *(path if name == "description" else []),
                operation.language(),
                operation.form(forms),
                operation.version(),
            ],
            schemas.graph(forms),
            problems=_READ,
            headers=("Link", "X-Zorgkg-Version"),
        )
    yield Operation(
        "context",
        ontology.CONTEXT,
        "things",
        texts("De JSON-LD-context", "Le contexte JSON-LD", "The JSON-LD context"),
        answers={"application/ld+json": {"type": "object", "required": ["@context"]}},
        problems=(400, 404),
    )


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
    package = {"application/zip": {"type": "string", "format": "binary"}, **sent}
    replace = texts("Een dataset vervangen", "Remplacer un jeu de données", "Replace a dataset")
    remove = texts("Een dataset verwijderen", "Supprimer un jeu de données", "Remove a dataset")
    yield _write("dataset-put", "/datasets/{name}", replace, [*path, _dry_run()], "put", package, 200)
    yield _write("dataset-delete", "/datasets/{name}", remove, [*path, _dry_run()], "delete", {}, 200)


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


def _service() -> Iterator[Operation]:
    yield Operation(
        "health",
        "/health",
        "service",
        texts(
            "Of de dienst antwoordt, en welke versie", "Si le service répond, et quelle version", "Whether it answers"
        ),
        answers={"application/json": {"type": "object", "required": ["status", "version"]}},
        problems=(503,),
        headers=_VERSION,
    )
    yield Operation(
        "metrics",
        "/metrics",
        "service",
        texts("Metingen, voor Prometheus", "Mesures, pour Prometheus", "Measurements, for Prometheus"),
        answers={"text/plain": _TEXT},
        problems=(503,),
    )


def _write(
    name: str,
    path: str,
    title: Texts,
    parameters: list[Parameter],
    method: str,
    takes: Mapping[str, Schema],
    status: int,
) -> Operation:
    return Operation(
        name,
        path,
        "writing",
        title,
        parameters,
        {"application/json": _OBJECT},
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
