"""IRIs: the namespaces of the graph, its prefixes, and how the IRI of a thing is made and read (docs/model.md)."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from pyoxigraph import NamedNode

BASE: Final = "https://w3id.org/zorgkg/"
ID: Final = BASE + "id/"
NS: Final = BASE + "ns#"

PREFIXES: Final[dict[str, str]] = {
    "zorg": NS,
    "id": ID,
    "project": ID + "project/",
    "organisation": ID + "organisation/",
    "place": ID + "place/",
    "framework": ID + "framework/",
    "dataset": ID + "dataset/",
    "source": ID + "source/",
    "passage": ID + "passage/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "prov": "http://www.w3.org/ns/prov#",
    "org": "http://www.w3.org/ns/org#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "https://schema.org/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "wgs84": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "locn": "http://www.w3.org/ns/locn#",
    "adms": "http://www.w3.org/ns/adms#",
    "qb": "http://purl.org/linked-data/cube#",
    "m8g": "http://data.europa.eu/m8g/",
    "sh": "http://www.w3.org/ns/shacl#",
    "sssom": "https://w3id.org/sssom/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "void": "http://rdfs.org/ns/void#",
    "dc": "http://purl.org/dc/elements/1.1/",
}

THING_TYPES: Final = (
    "project",
    "organisation",
    "place",
    "framework",
    "source",
    "call",
    "passage",
    "positioning",
    "coding",
    "code",
    "adjudication",
    "participation",
    "claim",
    "statement",
    "figure",
    "observation",
    "practice",
    "activity",
    "publication",
    "programme",
    "mapping",
    "question",
    "dataset",
)
"""The `{type}` part of `/id/{type}/{slug}`, for every kind of thing that the graph holds."""

_SAFE_LOCAL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_\-.]*[A-Za-z0-9_\-])?")


def term(name: str) -> NamedNode:
    """Return the IRI of a prefixed name.

    :param name: prefixed name such as ``zorg:Project``; the prefix is one of :data:`PREFIXES`.
    :returns: the IRI.
    :raises KeyError: the prefix is unknown.
    """
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def thing(kind: str, slug: str) -> NamedNode:
    """Return the IRI of a thing.

    :param kind: one of :data:`THING_TYPES`.
    :param slug: readable and permanent; for a component ``{scheme}/{component}``.
    :returns: ``https://w3id.org/zorgkg/id/{kind}/{slug}``.
    """
    return NamedNode(f"{ID}{kind}/{quote(slug, safe='/-._~')}")


def dataset_graph(name: str) -> NamedNode:
    """Return the IRI of a dataset, which is also the IRI of its named graph."""
    return thing("dataset", name)


def is_dataset_name(name: str) -> bool:
    """Return whether a dataset can have a name: small letters, digits and hyphens."""
    return name.isascii() and name.replace("-", "").isalnum() and name == name.lower()


def dataset_name(graph: str) -> str:
    """Return the name of the dataset that a named graph holds, or its IRI when it is none of our datasets.

    :param graph: the graph's IRI.
    """
    name = graph.removeprefix(PREFIXES["dataset"])
    # Only what leads back to the same graph: two graphs have two names.
    return name if name and ":" not in name and dataset_graph(name).value == graph else graph


def graph_of(name: str) -> NamedNode:
    """Return the graph that :func:`dataset_name` gives a name to."""
    return NamedNode(name) if ":" in name else dataset_graph(name)


def shorten(iri: str) -> str:
    """Return an IRI as a prefixed name where that is valid in SPARQL and Turtle, else as it is.

    The longest matching namespace wins, so that ``id/project/x`` reads ``project:x``.
    """
    best = ""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(namespace) > len(PREFIXES.get(best, "")):
            local = iri[len(namespace) :]
            if not local or _SAFE_LOCAL.fullmatch(local):
                best = prefix
    return f"{best}:{iri[len(PREFIXES[best]) :]}" if best else iri
