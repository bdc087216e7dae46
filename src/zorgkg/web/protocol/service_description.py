"""What the service says of itself: SPARQL 1.1 Service Description (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from zorgkg.publishing.versions import Manifest
from zorgkg.terms import graph_of, term

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_RESULTS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)
_PAYLOADS: Final = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "N-Quads", "TriG")
_SIMPLE: Final = NamedNode("http://www.w3.org/ns/entailment/Simple")


def describe(manifest: Manifest, query: str, update: str | None = None, federated: bool = False) -> list[Triple]:
    """Return the description of the endpoints.

    There is no sd:DereferencesURIs: a graph that is not here is empty, and never fetched.

    :param manifest: the version that is served; it has the numbers.
    :param query: address of the endpoint that answers queries, as the client reached it.
    :param update: address of the one that takes updates; None when nobody may write.
    :param federated: whether a query may call any other server.
    """
    service, dataset, default = BlankNode("service"), BlankNode("dataset"), BlankNode("default")
    features = ["UnionDefaultGraph", "EmptyGraphs", *(["BasicFederatedQuery"] if federated else [])]
    triples = [
        Triple(service, term("rdf:type"), _sd("Service")),
        Triple(service, _sd("endpoint"), NamedNode(query)),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        *(Triple(service, _sd("feature"), _sd(name)) for name in features),
        *(Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + name)) for name in _RESULTS),
        Triple(service, _sd("defaultEntailmentRegime"), _SIMPLE),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(dataset, term("rdf:type"), _sd("Dataset")),
        Triple(dataset, term("rdf:type"), term("void:Dataset")),
        Triple(dataset, term("void:sparqlEndpoint"), NamedNode(query)),
        Triple(dataset, term("void:triples"), Literal(manifest.triples)),
        Triple(dataset, _sd("defaultGraph"), default),
        *_graph(default, manifest.triples),
    ]
    if update is not None:
        writer = BlankNode("update")
        triples += [
            Triple(writer, term("rdf:type"), _sd("Service")),
            Triple(writer, _sd("endpoint"), NamedNode(update)),
            Triple(writer, _sd("supportedLanguage"), _sd("SPARQL11Update")),
            *(Triple(writer, _sd("feature"), _sd(name)) for name in features[:2]),
            *(Triple(writer, _sd("inputFormat"), NamedNode(_FORMATS + name)) for name in _PAYLOADS),
            Triple(writer, _sd("defaultEntailmentRegime"), _SIMPLE),
            Triple(writer, _sd("defaultDataset"), dataset),
        ]
    for number, (name, count) in enumerate(manifest.datasets.items()):
        named, graph = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
        triples += [
            Triple(dataset, _sd("namedGraph"), named),
            Triple(named, term("rdf:type"), _sd("NamedGraph")),
            Triple(named, _sd("name"), graph_of(name)),
            Triple(named, _sd("graph"), graph),
            *_graph(graph, count),
        ]
    return triples


def _graph(node: BlankNode, count: int) -> Sequence[Triple]:
    return (
        Triple(node, term("rdf:type"), _sd("Graph")),
        Triple(node, term("rdf:type"), term("void:Dataset")),
        Triple(node, term("void:triples"), Literal(count)),
    )


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)
