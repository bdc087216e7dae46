"""The catalogue: what DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/) says of the datasets and of where they can be had.

The datasets describe themselves in the graph; this service adds where it gives them. What it adds has addresses of its
own, while a dataset has the same IRI on every deployment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple
from starlette.requests import Request

from zorgkg.engine import reading
from zorgkg.engine.interface import Engine
from zorgkg.publishing.versions import Manifest
from zorgkg.terms import dataset_graph, graph_of, term
from zorgkg.web.forms import alternates
from zorgkg.web.forms.representations import FORMS, GRAPH, QUADS
from zorgkg.web.service import of
from zorgkg.web.view import View

CATALOGUE: Final = "zorgkg"
"""Name of the catalogue, which is a dataset too: all of them."""

_IANA: Final = "https://www.iana.org/assignments/media-types/"
_FILE_TYPE: Final = "http://publications.europa.eu/resource/authority/file-type/"
_FILE_TYPES: Final = {
    "ttl": "RDF_TURTLE",
    "jsonld": "JSON_LD",
    "nt": "RDF_N_TRIPLES",
    "rdf": "RDF_XML",
    "trig": "RDF_TRIG",
    "nq": "RDF_N_QUADS",
}
"""Form → its name among the file types that European catalogues (DCAT-AP) use."""

_A: Final = term("rdf:type")

Licences = dict[str, list[NamedNode]]
"""IRI of a dataset → its licences."""

_SPARQL_TITLES: Final = {"nl": "SPARQL-toegang", "fr": "Accès SPARQL", "en": "SPARQL endpoint"}
_API_TITLES: Final = {"nl": "Vragen als API", "fr": "Questions par API", "en": "Questions as an API"}
_CONFORMS: Final = {
    "/sparql": "https://www.w3.org/TR/sparql11-protocol/",
    "/api": "https://spec.openapis.org/oas/v3.1.0",
}


def told(request: Request, view: View, name: str) -> list[Triple]:
    """Return what this service says of a dataset, or of the catalogue; nothing of what it does not have.

    :param request: the request, by whose address it is had.
    :param view: how the request sees the service.
    :param name: name of the dataset.
    """
    service = of(request)
    if name == CATALOGUE and name not in service.manifest.datasets:
        licences = _licences(service.engine, [CATALOGUE])
        return list(dict.fromkeys(_catalogue(view, service.manifest, licences, _is_whole(request))))
    if name not in service.manifest.datasets:
        return []
    licences = _licences(service.engine, [name])
    return list(dict.fromkeys(_dataset(view, service.manifest, name, modified(request, name), licences)))


def everything(request: Request, view: View) -> list[Triple]:
    """Return what this service says of the catalogue, all its datasets and the services that serve them."""
    service = of(request)
    names = list(service.manifest.datasets)
    licences = _licences(service.engine, [CATALOGUE, *names])
    found = [*_catalogue(view, service.manifest, licences, _is_whole(request)), *_services(view, names, licences)]
    for name in names:
        found += _dataset(view, service.manifest, name, modified(request, name), licences)
    return list(dict.fromkeys(found))


def links(request: Request, view: View, iri: str) -> alternates.Links:
    """Return where a dataset, or all of them, can be had: titles and references, for a page.

    :param request: the request.
    :param view: how the page is seen.
    :param iri: IRI of the dataset.
    """
    forms: Sequence[str] = GRAPH
    if iri == dataset_graph(CATALOGUE).value:
        forms = QUADS if _is_whole(request) else ()
    found = [(alternates.title(name), _reference(view, iri, name)) for name in forms]
    return [*found, ("SPARQL", view.link("/sparql")), ("API", view.link("/api/questions", format="json"))]


def modified(request: Request, name: str) -> str:
    """Return when a dataset was last changed, as far as that is known: ISO 8601."""
    manifest = of(request).manifest
    serving = request.scope.get("zorgkg.serving")
    changed: str = serving.modified(manifest, graph_of(name)) if serving else manifest.created
    return changed


def _reference(view: View, iri: str, form: str, absolute: bool = False) -> str:
    """Where a graph, or with the catalogue's IRI the whole, is downloaded."""
    graph = [] if iri == dataset_graph(CATALOGUE).value else [("graph", iri)]
    pairs = [*graph, ("format", form), *view.version_pair]
    return view.absolute("/graphs", pairs) if absolute else view.plain("/graphs", pairs)


def _licences(engine: Engine, names: Iterable[str]) -> Licences:
    values = reading.values("it", (graph_of(name).value for name in names))
    found: dict[str, list[NamedNode]] = {}
    for row in reading.select(
        engine, f"SELECT DISTINCT ?it ?licence WHERE {{ {values} ?it dcterms:license ?licence }}"
    ):
        if isinstance(row["licence"], NamedNode):
            found.setdefault(reading.value(row, "it"), []).append(row["licence"])
    return found


def _dataset(view: View, manifest: Manifest, name: str, changed: str, licences: Licences) -> Iterator[Triple]:
    iri = graph_of(name)
    yield Triple(iri, _A, term("dcat:Dataset"))
    yield Triple(iri, _A, term("void:Dataset"))
    yield Triple(iri, term("void:triples"), Literal(manifest.datasets[name]))
    yield Triple(iri, term("dcterms:modified"), Literal(changed, datatype=term("xsd:dateTime")))
    yield Triple(iri, term("void:sparqlEndpoint"), NamedNode(view.absolute("/sparql")))
    for form in GRAPH:
        yield from _distribution(view, iri, form, licences)


def _catalogue(view: View, manifest: Manifest, licences: Licences, is_whole: bool) -> Iterator[Triple]:
    iri = dataset_graph(CATALOGUE)
    yield Triple(iri, _A, term("dcat:Catalog"))
    yield Triple(iri, term("dcterms:modified"), Literal(manifest.created, datatype=term("xsd:dateTime")))
    yield Triple(iri, term("dcat:version"), Literal(manifest.id))
    for name in manifest.datasets:
        yield Triple(iri, term("dcat:dataset"), graph_of(name))
    for path in _CONFORMS:
        yield Triple(iri, term("dcat:service"), NamedNode(view.absolute(path)))
    for form in QUADS if is_whole else ():
        yield from _distribution(view, iri, form, licences)


def _distribution(view: View, iri: NamedNode, form: str, licences: Licences) -> Iterator[Triple]:
    node = NamedNode(_reference(view, iri.value, form, absolute=True))
    yield Triple(iri, term("dcat:distribution"), node)
    yield Triple(node, _A, term("dcat:Distribution"))
    yield Triple(node, term("dcterms:title"), Literal(alternates.title(form), language="en"))
    yield Triple(node, term("dcat:downloadURL"), node)
    yield Triple(node, term("dcat:accessURL"), node)
    yield Triple(node, term("dcat:accessService"), NamedNode(view.absolute("/sparql")))
    yield Triple(node, term("dcat:mediaType"), NamedNode(_IANA + FORMS[form].media))
    yield Triple(node, term("dcterms:format"), NamedNode(_FILE_TYPE + _FILE_TYPES[form]))
    for licence in licences.get(iri.value, ()):
        yield Triple(node, term("dcterms:license"), licence)


def _services(view: View, names: Sequence[str], licences: Licences) -> Iterator[Triple]:
    described = {"/sparql": "/sparql", "/api": "/api/openapi.json"}
    for path, titles in (("/sparql", _SPARQL_TITLES), ("/api", _API_TITLES)):
        node = NamedNode(view.absolute(path))
        yield Triple(node, _A, term("dcat:DataService"))
        for language, title in titles.items():
            yield Triple(node, term("dcterms:title"), Literal(title, language=language))
        yield Triple(node, term("dcat:endpointURL"), node)
        yield Triple(node, term("dcat:endpointDescription"), NamedNode(view.absolute(described[path])))
        yield Triple(node, term("dcterms:conformsTo"), NamedNode(_CONFORMS[path]))
        for licence in licences.get(dataset_graph(CATALOGUE).value, ()):
            yield Triple(node, term("dcterms:license"), licence)
        for name in names:
            yield Triple(node, term("dcat:servesDataset"), graph_of(name))


def _is_whole(request: Request) -> bool:
    """Whether all graphs can be had at once, which they cannot when another server holds them."""
    return request.scope.get("zorgkg.serving") is not None
