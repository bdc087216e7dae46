"""VoID and DCAT: what the graph holds, counted; and where each dataset can be had, under which licence."""

from __future__ import annotations

import warnings

import pytest
import rdflib
from pyoxigraph import Store
from rdflib import DCAT, DCTERMS, FOAF, RDF, VOID
from starlette.testclient import TestClient

from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.terms import ID, NS
from zorgkg.web.catalogue import void
from zorgkg.web.service import Service

CATALOGUE = rdflib.URIRef(ID + "dataset/zorgkg")
PROEF = rdflib.URIRef(ID + "dataset/proef")
CC0 = rdflib.URIRef("https://creativecommons.org/publicdomain/zero/1.0/")


def graph(client: TestClient, path: str) -> rdflib.Graph:
    answer = client.get(path, headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/turtle")
    return rdflib.Graph().parse(data=answer.content, format="turtle")


def counts(found: rdflib.Graph, part: str, about: str, number: str) -> dict[str, int]:
    return {
        str(found.value(node, VOID[about])): int(str(found.value(node, VOID[number])))
        for node in found.objects(CATALOGUE, VOID[part])
    }


def test_void_counts_what_is_there(client: TestClient, service: Service, store: Store) -> None:
    found = graph(client, "/.well-known/void")
    triples = {(quad.subject, quad.predicate, quad.object) for quad in store}
    by_property: dict[str, int] = {}
    by_class: dict[str, int] = {}
    for _, predicate, value in triples:
        by_property[predicate.value] = by_property.get(predicate.value, 0) + 1
        if predicate.value == str(RDF.type):
            by_class[str(value).strip("<>")] = by_class.get(str(value).strip("<>"), 0) + 1
    assert counts(found, "propertyPartition", "property", "triples") == by_property
    assert counts(found, "classPartition", "class", "entities") == by_class
    assert by_class[NS + "Project"] == 3
    assert str(found.value(CATALOGUE, VOID.properties)) == str(len(by_property))
    assert str(found.value(CATALOGUE, VOID.triples)) == str(service.manifest.triples)


def test_void_says_where_to_begin(client: TestClient) -> None:
    found = graph(client, "/.well-known/void")
    document = rdflib.URIRef("http://testserver/.well-known/void")
    assert (document, RDF.type, VOID.DatasetDescription) in found
    assert (document, FOAF.primaryTopic, CATALOGUE) in found
    assert (CATALOGUE, VOID.sparqlEndpoint, rdflib.URIRef("http://testserver/sparql")) in found
    assert (CATALOGUE, VOID.uriSpace, rdflib.Literal(ID)) in found
    assert (CATALOGUE, VOID.vocabulary, rdflib.URIRef(NS)) in found
    for example in found.objects(CATALOGUE, VOID.exampleResource):
        path = str(example).replace(ID, "/id/")
        assert client.get(path).status_code == 303, path
    assert (CATALOGUE, VOID.exampleResource, rdflib.URIRef(ID + "project/linde")) in found
    subsets = set(found.objects(CATALOGUE, VOID.subset))
    assert {PROEF, rdflib.URIRef(ID + "dataset/ontology")} <= subsets
    assert (PROEF, VOID.triples, rdflib.Literal(100)) in found


def test_void_counts_the_links_to_others(engine: EmbeddedEngine) -> None:
    found = {(one.property.rpartition("#")[2], one.space): one.triples for one in void.links(engine).linksets}
    assert found["exactMatch", "https://data.vlaanderen.be/"] > 300
    assert found["exactMatch", "http://vocab.belgif.be/"] > 300
    assert all(not space.startswith("https://w3id.org/zorgkg") for _, space in found)


@pytest.mark.parametrize("name", void.OFFERED)
def test_void_has_a_path_for_each_form(client: TestClient, name: str) -> None:
    by_suffix, by_format = (client.get(f"/.well-known/void{end}") for end in (f".{name}", f"?format={name}"))
    assert (by_suffix.status_code, by_suffix.content) == (200, by_format.content)
    links = by_suffix.headers["Link"]
    for other in void.OFFERED:
        told = f'<http://testserver/.well-known/void.{other}>; rel="alternate"'
        assert (told in links) == (other != name)
    assert client.get("/.well-known/void.csv").json()["allowed"] == list(void.OFFERED)


def test_what_cannot_be_given_is_refused(client: TestClient) -> None:
    assert client.get("/.well-known/void", headers={"Accept": "image/png"}).status_code == 406
    # A browser takes anything at last.
    assert client.get("/.well-known/void", headers={"Accept": "text/html,*/*;q=0.8"}).status_code == 200


# DCAT


def test_the_catalogue_tells_of_each_dataset_how_it_can_be_had(client: TestClient) -> None:
    found = graph(client, "/datasets")
    assert (CATALOGUE, RDF.type, DCAT.Catalog) in found
    assert set(found.objects(CATALOGUE, DCAT.dataset)) == {PROEF, rdflib.URIRef(ID + "dataset/ontology")}
    assert (PROEF, RDF.type, DCAT.Dataset) in found
    assert (PROEF, DCTERMS.license, CC0) in found
    modified = found.value(PROEF, DCTERMS.modified)
    assert str(modified) == "2025-01-02T03:04:05+00:00"
    media = set()
    for one in found.objects(PROEF, DCAT.distribution):
        assert (one, RDF.type, DCAT.Distribution) in found
        assert (one, DCTERMS.license, CC0) in found
        assert found.value(one, DCTERMS.format)
        type_ = str(found.value(one, DCAT.mediaType)).removeprefix("https://www.iana.org/assignments/media-types/")
        address = str(found.value(one, DCAT.downloadURL)).removeprefix("http://testserver")
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["content-type"].partition(";")[0] == type_
        media.add(type_)
    assert media == {"text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"}


def test_the_catalogue_tells_which_services_serve_the_datasets(client: TestClient) -> None:
    found = graph(client, "/datasets")
    services = set(found.objects(CATALOGUE, DCAT.service))
    assert services == {rdflib.URIRef("http://testserver/sparql"), rdflib.URIRef("http://testserver/api")}
    for one in services:
        assert (one, RDF.type, DCAT.DataService) in found
        assert (one, DCAT.servesDataset, PROEF) in found
        assert {getattr(text, "language", "") for text in found.objects(one, DCTERMS.title)} == {"nl", "fr", "en"}
        described = str(found.value(one, DCAT.endpointDescription)).removeprefix("http://testserver")
        assert client.get(described).status_code == 200


@pytest.mark.parametrize("suffix", ["ttl", "nt", "jsonld", "rdf"])
def test_a_dataset_tells_of_its_distributions_in_every_form(client: TestClient, suffix: str) -> None:
    forms = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found = rdflib.Graph().parse(data=client.get(f"/doc/dataset/proef.{suffix}").content, format=forms[suffix])
    assert len(set(found.objects(PROEF, DCAT.distribution))) == 4


def test_the_page_of_a_dataset_links_what_can_be_downloaded(client: TestClient) -> None:
    page = client.get("/doc/dataset/proef?lang=en", headers={"Accept": "text/html"}).text
    told = page.partition("Download and query")[2].partition("</section>")[0]
    assert "graph=https%3A%2F%2Fw3id.org%2Fzorgkg%2Fid%2Fdataset%2Fproef&amp;format=ttl" in told
    assert 'href="/sparql?lang=en"' in told
    assert "CC0 1.0 (public domain)" in page
    assert "2025-01-02" in page


def test_the_list_of_datasets_tells_licence_date_and_downloads(client: TestClient) -> None:
    page = client.get("/datasets?lang=nl", headers={"Accept": "text/html"}).text
    for words in ("Proefdata", "CC0 1.0 (publiek domein)", "2025-01-02", 'aria-label="Turtle: Proefdata"'):
        assert words in page, words
