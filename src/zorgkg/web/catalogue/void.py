"""VoID (https://www.w3.org/TR/void/): what the graph holds, counted, and where it can be had."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from starlette.requests import Request
from starlette.responses import Response

from zorgkg.engine import reading
from zorgkg.engine.interface import Engine
from zorgkg.publishing.counts import Counts
from zorgkg.terms import BASE, ID, PREFIXES, dataset_graph, graph_of, term
from zorgkg.web import parameters
from zorgkg.web.catalogue import dcat
from zorgkg.web.forms import alternates, representations
from zorgkg.web.once import Once
from zorgkg.web.service import Service, of
from zorgkg.web.things import descriptions
from zorgkg.web.view import View

PATH: Final = "/.well-known/void"
"""RFC 5785; registered for VoID."""

OFFERED: Final = representations.GRAPH

_A: Final = term("rdf:type")
_LINKS: Final = (
    *("owl:sameAs", "owl:equivalentClass", "owl:equivalentProperty", "rdfs:subClassOf", "rdfs:subPropertyOf"),
    *("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch"),
)
"""Properties that link what we name to what others name."""

_EXAMPLES: Final = (
    "?it zorg:ficheNumber ?n",
    "{ SELECT ?project ?n WHERE { ?project zorg:ficheNumber ?n } ORDER BY ?n LIMIT 1 } ?project zorg:initiator ?it",
    "?it a zorg:Municipality",
    "?it a zorg:Component",
    "?it a zorg:Source",
)
"""Patterns of few things, each of which gives an example: the first by number, or else by name."""

_FEATURES: Final = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads")


@dataclass(frozen=True)
class Linkset:
    """How many of our things are linked to things of another space by a property."""

    property: str
    space: str
    triples: int


@dataclass(frozen=True)
class Links:
    """What of a version is not counted when it is published.

    :param linksets: links to what others name.
    :param examples: a thing of each of a few kinds.
    """

    linksets: list[Linkset]
    examples: list[str]


def uses(service: Service) -> Counts:
    """Return how often the version uses each property and class.

    :param service: tells the version; one that nobody counted when it was published is counted here, which takes as
        long as reading all of it.
    """
    manifest = service.manifest
    if manifest.properties:
        return Counts(manifest.properties, manifest.classes)
    return _counted(service.engine)


def _count(engine: Engine, _: str) -> Counts:
    def counts(query: str) -> dict[str, int]:
        rows = reading.select(engine, query)
        found = {reading.value(row, "what"): int(reading.value(row, "n")) for row in rows if row["what"]}
        return dict(sorted(found.items()))

    return Counts(
        counts("SELECT ?what (COUNT(*) AS ?n) WHERE { ?s ?what ?o } GROUP BY ?what"),
        counts("SELECT ?what (COUNT(*) AS ?n) WHERE { ?s a ?what FILTER(isIRI(?what)) } GROUP BY ?what"),
    )


def _link(engine: Engine, _: str) -> Links:
    found = reading.select(
        engine,
        f"""SELECT ?way ?space (COUNT(*) AS ?n) WHERE {{ VALUES ?way {{ {" ".join(_LINKS)} }} ?s ?way ?o
        FILTER(isIRI(?s) && isIRI(?o) && STRSTARTS(STR(?s), "{BASE}") && !STRSTARTS(STR(?o), "{BASE}"))
        BIND(REPLACE(STR(?o), "^([a-z]+://[^/]+/).*$", "$1") AS ?space) }} GROUP BY ?way ?space ORDER BY ?way ?space""",
    )
    return Links(
        [
            Linkset(reading.value(row, "way"), reading.value(row, "space"), int(reading.value(row, "n")))
            for row in found
            if row["way"]
        ],
        [
            iri
            for pattern in _EXAMPLES
            for iri in reading.column(engine, f"SELECT ?it WHERE {{ {pattern} }} ORDER BY ?n ?it LIMIT 1")
        ],
    )


_counted: Final = Once(_count, "how often each term is used")
links: Final = Once(_link, "what the graph links to")
"""Returns the links and examples of the version that an engine answers on."""


def document(request: Request) -> Response:
    """`/.well-known/void`, with or without suffix: the description, as RDF."""
    service = of(request)
    pairs = parameters.of(request)
    parameters.only(pairs, ("lang", "format"))
    form = representations.chosen(request, pairs, OFFERED, representations.suffix(request, OFFERED))
    view = View.of(request, parameters.language(request, pairs))
    iri = dataset_graph(dcat.CATALOGUE)
    triples = [
        *descriptions.outgoing(service.engine, iri.value),
        *dcat.told(request, view, dcat.CATALOGUE),
        *_described(request, view, iri),
    ]
    body = representations.graph(form, dict.fromkeys(triples), iri.value)
    fields = ", ".join([f'<{iri.value}>; rel="describes"', *alternates.fields(view, PATH, OFFERED, form.name)])
    headers = {"Vary": "Accept", "X-Zorgkg-Version": service.manifest.id, "Link": fields}
    return Response(body, headers=headers, media_type=form.content_type)


def _described(request: Request, view: View, iri: NamedNode) -> Iterator[Triple]:
    service = of(request)
    manifest, counted, linked = service.manifest, uses(service), links(service.engine)
    document = NamedNode(view.absolute(PATH))
    yield Triple(document, _A, term("void:DatasetDescription"))
    yield Triple(document, term("foaf:primaryTopic"), iri)
    yield Triple(document, term("dcterms:modified"), Literal(manifest.created, datatype=term("xsd:dateTime")))
    yield Triple(iri, _A, term("void:Dataset"))
    yield Triple(iri, term("void:triples"), Literal(manifest.triples))
    yield Triple(iri, term("void:classes"), Literal(len(counted.classes)))
    yield Triple(iri, term("void:properties"), Literal(len(counted.properties)))
    yield Triple(iri, term("void:uriSpace"), Literal(ID))
    yield Triple(iri, term("void:sparqlEndpoint"), NamedNode(view.absolute("/sparql")))
    yield Triple(iri, term("foaf:homepage"), NamedNode(view.absolute("/")))
    for example in linked.examples:
        yield Triple(iri, term("void:exampleResource"), NamedNode(example))
    for space in PREFIXES.values():
        if any(one.startswith(space) for one in (*counted.classes, *counted.properties)) and not space.startswith(ID):
            yield Triple(iri, term("void:vocabulary"), NamedNode(space))
    for feature in _FEATURES:
        yield Triple(iri, term("void:feature"), NamedNode(f"http://www.w3.org/ns/formats/{feature}"))
    if request.scope.get("zorgkg.serving"):
        yield Triple(iri, term("void:dataDump"), NamedNode(view.absolute("/graphs", [("format", "nq")])))
    yield from _partitions(iri, counted, linked)
    for name, statements in manifest.datasets.items():
        yield Triple(iri, term("void:subset"), graph_of(name))
        yield Triple(graph_of(name), _A, term("void:Dataset"))
        yield Triple(graph_of(name), term("void:triples"), Literal(statements))


def _partitions(iri: NamedNode, counted: Counts, linked: Links) -> Iterator[Triple]:
    for number, (cls, entities) in enumerate(counted.classes.items(), 1):
        node = BlankNode(f"class{number}")
        yield Triple(iri, term("void:classPartition"), node)
        yield Triple(node, term("void:class"), NamedNode(cls))
        yield Triple(node, term("void:entities"), Literal(entities))
    for number, (property_, triples) in enumerate(counted.properties.items(), 1):
        node = BlankNode(f"property{number}")
        yield Triple(iri, term("void:propertyPartition"), node)
        yield Triple(node, term("void:property"), NamedNode(property_))
        yield Triple(node, term("void:triples"), Literal(triples))
    for number, one in enumerate(linked.linksets, 1):
        node, target = BlankNode(f"linkset{number}"), BlankNode(f"target{number}")
        yield Triple(iri, term("void:subset"), node)
        yield Triple(node, _A, term("void:Linkset"))
        yield Triple(node, term("void:subjectsTarget"), iri)
        yield Triple(node, term("void:objectsTarget"), target)
        yield Triple(node, term("void:linkPredicate"), NamedNode(one.property))
        yield Triple(node, term("void:triples"), Literal(one.triples))
        yield Triple(target, _A, term("void:Dataset"))
        yield Triple(target, term("void:uriSpace"), Literal(one.space))
