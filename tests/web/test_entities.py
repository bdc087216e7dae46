"""Things: their identifiers, their descriptions in every format, and what their pages tell."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import warnings
from typing import Any

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Store
from rdflib.compare import isomorphic
from starlette.testclient import TestClient

from zorgkg.engine.embedded import EmbeddedEngine, merge
from zorgkg.terms import ID, dataset_graph, term
from zorgkg.web.app import create
from zorgkg.web.service import Service
from zorgkg.web.things import assertions, descriptions

HTML = {"Accept": "text/html"}
FORMATS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}
MEDIA = {
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
PATHS = [
    "project/linde",
    "organisation/ocmw",
    "organisation/ldc",
    "framework/vvsg/1",
    "place/mechelen",
    "dataset/proef",
]


def graph(content: bytes, suffix: str) -> rdflib.Graph:
    with warnings.catch_warnings():
        # RDFLib's own JSON-LD parser makes a ConjunctiveGraph, which RDFLib calls deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        return rdflib.Graph().parse(data=content, format=FORMATS[suffix])


def read(client: TestClient, path: str) -> str:
    """The words of a page, without its tags."""
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 200
    main = page.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.mark.parametrize("accept", ["text/turtle", "text/html", "application/ld+json", "*/*"])
@pytest.mark.parametrize("path", PATHS)
def test_an_identifier_leads_to_a_document(client: TestClient, path: str, accept: str) -> None:
    response = client.get(f"/id/{path}", headers={"Accept": accept})
    assert response.status_code == 303
    assert response.headers["location"] == f"/doc/{path}"
    assert response.headers["vary"] == "Accept"
    assert client.get(response.headers["location"], headers={"Accept": accept}).status_code == 200


def test_an_identifier_keeps_the_language_that_was_asked(client: TestClient) -> None:
    assert client.get("/id/project/linde?lang=fr").headers["location"] == "/doc/project/linde?lang=fr"


@pytest.mark.parametrize("path", PATHS)
def test_every_format_says_the_same(client: TestClient, path: str) -> None:
    graphs = []
    for suffix, media in MEDIA.items():
        by_suffix = client.get(f"/doc/{path}.{suffix}")
        by_accept = client.get(f"/doc/{path}", headers={"Accept": media.partition(";")[0]})
        assert by_suffix.headers["content-type"] == by_accept.headers["content-type"] == media
        assert by_suffix.content == by_accept.content
        graphs.append(graph(by_suffix.content, suffix))
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])
    assert len(graphs[0]) > 2
    assert (rdflib.URIRef(ID + path), None, None) in graphs[0]


def test_a_description_holds_what_is_said_of_a_thing_and_what_points_at_it(client: TestClient) -> None:
    found = graph(client.get("/doc/organisation/ocmw.nt").content, "nt")
    ocmw = rdflib.URIRef(ID + "organisation/ocmw")
    assert (rdflib.URIRef(ID + "project/linde"), None, ocmw) in found
    assert (rdflib.URIRef(ID + "organisation/ldc"), None, ocmw) in found
    # Its site and address have no document of their own.
    street = rdflib.URIRef("http://www.w3.org/ns/locn#thoroughfare")
    assert (rdflib.URIRef(f"{ocmw}#address"), street, rdflib.Literal("Lange Straat 1")) in found
    # What is said of others is not.
    assert (rdflib.URIRef(ID + "organisation/ldc"), rdflib.RDFS.label, None) not in found


def test_a_description_holds_blank_nodes_to_the_end(client: TestClient) -> None:
    found = graph(client.get("/doc/organisation/ldc.ttl").content, "ttl")
    comments = {str(text) for text in found.objects(predicate=rdflib.RDFS.comment)}
    assert comments == {"een naamloze knoop", "en nog een"}


def test_a_description_never_leaves_out_statements_in_silence() -> None:
    store = Store()
    thing, predicate = NamedNode(ID + "place/druk"), NamedNode("urn:p")
    store.add(Quad(thing, predicate, Literal("x")))
    store.extend([Quad(NamedNode(f"urn:s{n}"), predicate, thing) for n in range(descriptions.INCOMING + 5)])
    found = descriptions.describe(EmbeddedEngine.of(store, "test"), thing.value)
    assert found.cut
    assert len(found.incoming) == descriptions.INCOMING
    assert found.triples[0].subject == thing


def test_a_description_that_is_cut_is_the_same_with_and_without_graphs() -> None:
    store = Store()
    thing, predicate = NamedNode(ID + "place/druk"), NamedNode("urn:p")
    for number in range(descriptions.INCOMING + 5):
        for name in ("one", "two"):
            store.add(Quad(NamedNode(f"urn:s{number}"), predicate, thing, dataset_graph(name)))
    merge(store)
    engine = EmbeddedEngine.of(store, "test")
    quads = descriptions.quads(engine, thing.value)
    assert {one.triple for one in quads} == set(descriptions.describe(engine, thing.value).triples)
    assert {one.graph_name for one in quads} == {dataset_graph("one"), dataset_graph("two")}


def test_things_that_point_at_each_other_end(client: TestClient) -> None:
    store = Store()
    site, address = NamedNode(ID + "organisation/x#site"), NamedNode(ID + "organisation/x#address")
    thing, predicate = NamedNode(ID + "organisation/x"), NamedNode("urn:p")
    store.extend([Quad(thing, predicate, site), Quad(site, predicate, address), Quad(address, predicate, site)])
    assert len(descriptions.describe(EmbeddedEngine.of(store, "test"), thing.value).outgoing) == 3


@pytest.mark.parametrize("path", ["project/niets", "project/linde/meer", "nonsense/linde", "project/linde.xyz"])
def test_an_unknown_thing_is_404(client: TestClient, path: str) -> None:
    for start in ("/id/", "/doc/"):
        response = client.get(start + path)
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"


def test_an_unknown_thing_is_a_page_for_a_person(client: TestClient) -> None:
    response = client.get("/doc/project/niets?lang=en", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert "<h1>Not found</h1>" in response.text


@pytest.mark.parametrize(
    "path",
    [
        "project/a%20b",
        "project/%3Cx%3E",
        "project/a//b",
        "project/%FF",
        "project/%22",
        "pro%C2%8Dject/a",
        "proj%C3%A9/a",
    ],
)
def test_what_cannot_be_an_identifier_is_400(client: TestClient, path: str) -> None:
    assert client.get(f"/doc/{path}").status_code == 400
    assert client.get(f"/id/{path}").status_code == 400


def test_a_document_that_cannot_be_given_is_406(client: TestClient) -> None:
    assert client.get("/doc/project/linde", headers={"Accept": "image/png"}).status_code == 406


def test_a_document_names_its_other_forms(client: TestClient) -> None:
    response = client.get("/doc/project/linde", headers={"Accept": "text/html"})
    assert response.headers["content-type"].startswith("text/html")
    assert f'<{ID}project/linde>; rel="describes"' in response.headers["link"]
    assert 'project/linde.jsonld>; rel="alternate"; type="application/ld+json"' in response.headers["link"]
    assert '<link rel="alternate" type="application/ld+json" href="/doc/project/linde.jsonld">' in response.text
    assert client.get("/doc/project/linde.html").headers["content-type"].startswith("text/html")


def test_the_page_of_a_project_tells_who_where_what_and_on_whose_word(client: TestClient) -> None:
    page = read(client, "/doc/project/linde?lang=en")
    for words in (
        "Neighbours cook together.",
        "Het Hoekje Mechelen › province of Antwerp › Flanders",
        "initiator OCMW Mechelen",
        "printed as het OCMW van Mechelen",
        "Rapport 2021 , Fiche 3: partners , characters 100–120",
        "Groups neighbours",
        "uses method ABCD",
        "Functions of care Neighbourhood analysis coding of the fiche It asks every neighbour.",
        "diners about 40 people",
        "approach One meal a week.",
        "Call 2018",
    ):
        assert words in page, words


def test_the_page_of_a_project_tells_where_sources_differ(client: TestClient) -> None:
    page = read(client, "/doc/project/linde?lang=en")
    told = page.partition("Where sources differ")[2].partition("Methods, roles")[0]
    assert "Basisschool named in · Rapport 2021 not in · Terugblik 2024" in told
    assert "OCMW" not in told
    assert "neighbours" not in told


def test_the_page_of_an_organisation_tells_its_projects_units_and_address(client: TestClient) -> None:
    page = read(client, "/doc/organisation/ocmw?lang=en")
    for words in ("OCMW Mechelen", "De Linde initiator · printed as", "LDC De Schakel", "Lange Straat 1", "het OCMW"):
        assert words in page, words


def test_the_page_of_a_component_tells_definition_scope_and_projects(client: TestClient) -> None:
    page = read(client, "/doc/framework/vvsg/1?lang=en")
    for words in ("Functions of care", "Finding out what", "Include: a survey.", "coding of the fiche De Linde"):
        assert words in page, words


def test_the_page_of_a_framework_counts_the_projects_of_each_part(client: TestClient) -> None:
    assert "Neighbourhood analysis 1 project Working together" in read(client, "/doc/framework/vvsg?lang=en")


def test_the_page_of_a_place_tells_the_projects_in_it_and_in_its_parts(client: TestClient) -> None:
    page = read(client, "/doc/place/antwerpen?lang=en")
    assert "De Linde (Het Hoekje)" in page
    assert "Areas within Mechelen" in page


def test_the_page_of_a_source_tells_its_sections_and_statements(client: TestClient) -> None:
    page = read(client, "/doc/source/rapport?lang=en")
    assert "1 sections, 3 passages, 1 statements" in page
    assert "Fiche 3: partners" in page


def test_the_page_of_a_passage_tells_where_it_stands_and_what_rests_on_it(client: TestClient) -> None:
    page = read(client, "/doc/passage/rapport-130-150?lang=en")
    assert "Rapport 2021, characters 130–150" in page
    assert "De Linde: Basisschool · partner" in page


@pytest.mark.parametrize(
    "path",
    [
        *("participation/linde-ocmw", "positioning/linde-1", "claim/linde-abcd", "statement/linde-1", "figure/linde-1"),
        *(
            "call/oproep",
            "framework/method/abcd",
            "framework/actor-group/buren",
            "framework/participation-role/partner",
        ),
        *("dataset/proef", "dataset/ontology", "passage/rapport-0-900"),
    ],
)
def test_everything_else_has_a_page_too(client: TestClient, path: str) -> None:
    assert read(client, f"/doc/{path}?lang=fr")


def test_the_ontology_is_there_as_rdf_and_as_a_page(client: TestClient) -> None:
    graphs = [graph(client.get(f"/ns.{suffix}").content, suffix) for suffix in FORMATS]
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])
    page = client.get("/ns?lang=en", headers={"Accept": "text/html"}).text
    assert 'id="Project"' in page
    assert "A local initiative." in page
    told = read(client, "/ns?lang=en")
    assert "in province zorg:inProvince of org:Organization schema:Project to province in the graph used once" in told


def test_the_datasets_are_listed_and_described(client: TestClient) -> None:
    assert "Test data" in read(client, "/datasets?lang=en")
    found = graph(client.get("/datasets.ttl").content, "ttl")
    named = {str(one) for one in found.subjects() if str(one).startswith(ID)}
    assert named == {ID + name for name in ("dataset/zorgkg", "dataset/proef", "dataset/ontology")}


def test_quads_tell_which_dataset_says_what(client: TestClient) -> None:
    forms = {"trig": "trig", "nq": "nquads"}
    found = []
    for suffix, name in forms.items():
        answer = client.get(f"/doc/project/linde.{suffix}")
        assert answer.status_code == 200
        with warnings.catch_warnings():
            # RDFLib's own parsers use what RDFLib calls deprecated.
            warnings.simplefilter("ignore", DeprecationWarning)
            dataset = rdflib.Dataset()
            dataset.parse(data=answer.content, format=name)
            found.append(set(dataset.quads()))
    assert found[0] == found[1]
    graphs = {str(g) for _, _, _, g in found[0]}
    assert graphs == {ID + "dataset/proef"}
    linde = rdflib.URIRef(ID + "project/linde")
    assert any(s == linde for s, _, _, _ in found[0])
    assert any(o == linde for _, _, o, _ in found[0])


def test_quads_and_triples_say_the_same(client: TestClient) -> None:
    for path in PATHS[:5]:
        triples = graph(client.get(f"/doc/{path}.nt").content, "nt")
        quads = client.get(f"/doc/{path}.nq").text.splitlines()
        assert len(quads) == len(triples), path


def test_a_name_and_its_documents_point_at_each_other(client: TestClient) -> None:
    named = client.get("/id/project/linde")
    assert named.headers["link"] == '<http://testserver/doc/project/linde>; rel="describedby"'
    for suffix in ("ttl", "nq", "html"):
        link = client.get(f"/doc/project/linde.{suffix}").headers["link"]
        assert f'<{ID}project/linde>; rel="describes"' in link
        assert f"project/linde.{suffix}>" not in link
    page = client.get("/doc/project/linde?lang=fr", headers=HTML)
    canonical = "http://testserver/doc/project/linde?lang=fr"
    assert f'<{canonical}>; rel="canonical"' in page.headers["link"]
    assert f'<link rel="canonical" href="{canonical}">' in page.text
    assert '<link rel="alternate" hreflang="nl" href="http://testserver/doc/project/linde?lang=nl">' in page.text
    assert '<link rel="alternate" hreflang="x-default" href="http://testserver/doc/project/linde">' in page.text
    assert '<meta property="og:title" content="De Linde">' in page.text
    assert '<meta property="og:description" content="Des voisins cuisinent ensemble.">' in page.text


@pytest.mark.parametrize("path", ["/id/project/linde", "/doc/project/linde", "/ns", "/datasets", "/.well-known/void"])
def test_a_parameter_that_is_not_known_is_refused(client: TestClient, path: str) -> None:
    answer = client.get(f"{path}?formaat=ttl")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "formaat"
    assert "format" in answer.json()["allowed"]


def test_the_form_may_be_asked_as_a_parameter(client: TestClient) -> None:
    assert client.get("/doc/project/linde?format=jsonld").headers["content-type"] == "application/ld+json"
    assert client.get("/datasets?format=nt").headers["content-type"] == "application/n-triples"
    assert client.get("/doc/project/linde?format=csv").status_code == 400


def test_json_ld_is_in_our_short_names_and_the_context_is_served(client: TestClient) -> None:
    told = client.get("/doc/project/linde.jsonld").json()
    assert told["id"] == "project/linde"
    assert told["takesPlaceIn"] == ["place/hoekje"]
    context = client.get("/ns/context.jsonld", headers={"Origin": "https://example.org"})
    assert context.headers["content-type"] == "application/ld+json"
    assert context.headers["access-control-allow-origin"] == "*"
    served = context.json()["@context"]
    assert all(served[name] == meaning for name, meaning in told["@context"].items())


# schema.org


def structured(client: TestClient, path: str) -> tuple[rdflib.Graph, list[dict[str, Any]]]:
    """The data block of a page: as RDF, and as it stands."""
    page = client.get(path, headers=HTML)
    assert page.status_code == 200
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    assert len(blocks) == 1
    told = json.loads(blocks[0])
    assert told["@context"] == "https://schema.org"
    # Its context is not fetched for a test: all its terms are in one namespace.
    told["@context"] = {"@vocab": "https://schema.org/"}
    return graph(json.dumps(told).encode(), "jsonld"), told["@graph"]


@pytest.mark.parametrize(
    ("path", "type_", "properties"),
    [
        ("project/linde", "Project", ["name", "description", "location", "member"]),
        ("organisation/ocmw", "Organization", ["name", "url", "address", "alternateName"]),
        ("organisation/ldc", "Organization", ["name", "parentOrganization"]),
        ("place/mechelen", "City", ["name", "geo", "containedInPlace", "identifier"]),
        ("place/antwerpen", "AdministrativeArea", ["name", "containedInPlace"]),
        ("place/hoekje", "Place", ["name", "containedInPlace"]),
        ("framework/vvsg", "DefinedTermSet", ["name", "hasDefinedTerm"]),
        ("framework/vvsg/1", "DefinedTerm", ["name", "description", "termCode", "inDefinedTermSet"]),
        ("source/rapport", "Report", ["name"]),
        ("passage/rapport-130-150", "CreativeWork", ["name", "isPartOf"]),
        ("dataset/proef", "Dataset", ["name", "license", "distribution", "dateModified"]),
        ("claim/linde-abcd", "Claim", ["name", "about", "appearance"]),
        ("call/oproep", "FundingScheme", ["name"]),
    ],
)
def test_a_page_tells_search_engines_what_it_is_about(
    client: TestClient, path: str, type_: str, properties: list[str]
) -> None:
    found, _ = structured(client, f"/doc/{path}")
    thing = rdflib.URIRef(ID + path)
    schema = rdflib.Namespace("https://schema.org/")
    assert (thing, rdflib.RDF.type, schema[type_]) in found
    for name in [*properties, "mainEntityOfPage"]:
        assert (thing, schema[name], None) in found, name
    pages = {str(one) for one in found.objects(thing, schema.mainEntityOfPage)}
    assert pages == {f"http://testserver/doc/{path}"}


def test_breadcrumbs_are_seen_and_told(client: TestClient) -> None:
    page = client.get("/doc/place/hoekje?lang=en", headers=HTML).text
    nav = page.partition('aria-label="Breadcrumbs"')[2].partition("</nav>")[0]
    seen = [html.unescape(re.sub(r"<[^>]+>", "", one)) for one in re.findall(r"<li[^>]*>(.*?)</li>", nav)]
    assert seen == ["Caring neighbourhoods", "Places", "Flanders", "province of Antwerp", "Mechelen", "Het Hoekje"]
    _, told = structured(client, "/doc/place/hoekje?lang=en")
    crumbs = next(one for one in told if one["@type"] == "BreadcrumbList")["itemListElement"]
    assert [one["name"] for one in crumbs] == seen
    assert [one["position"] for one in crumbs] == [1, 2, 3, 4, 5, 6]
    assert crumbs[2]["item"] == "http://testserver/doc/place/vlaanderen?lang=en"


@pytest.mark.parametrize("path", ["participation/linde-ocmw", "project/linde"])
def test_breadcrumbs_lead_through_the_list_of_projects(client: TestClient, path: str) -> None:
    page = client.get(f"/doc/{path}?lang=en", headers=HTML).text
    nav = page.partition('aria-label="Breadcrumbs"')[2].partition("</nav>")[0]
    assert '<a href="/projects?lang=en">Projects</a>' in nav


def test_nothing_in_a_name_can_end_the_data_block(client: TestClient) -> None:
    page = client.get("/doc/project/eik", headers=HTML).text
    block = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert "<" not in block
    assert json.loads(block)["@graph"][0]["name"] == "De Eik <script>alert(1)</script>"


# Pictures of a thing


def test_a_project_shows_its_network(client: TestClient) -> None:
    page = client.get("/doc/project/linde?lang=en", headers=HTML).text
    picture = page.partition('<svg class="picture network"')[2].partition("</svg>")[0]
    assert "De Linde and 3 participants" in picture
    for name in ("OCMW Mechelen", "Basisschool", "neighbours"):
        assert f"<title>{name}</title>" in picture
    assert 'href="/doc/organisation/ocmw?lang=en"' in picture
    # The one initiator's line is heavy, and tells its role.
    assert re.findall(r'class="tie strong"><title>(.*?)</title>', picture) == ["initiator"]
    assert picture.count('class="square"') == 1


def test_an_organisation_shows_its_projects_and_who_else_is_in_them(client: TestClient) -> None:
    page = client.get("/doc/organisation/ocmw?lang=en", headers=HTML).text
    picture = page.partition('<svg class="picture network"')[2].partition("</svg>")[0]
    assert "OCMW Mechelen and 1 projects" in picture
    assert "<title>Basisschool</title>" in picture
    # A group of people connects nobody.
    assert "neighbours" not in picture


def test_a_thing_shows_where_it_is_and_what_is_beside(client: TestClient) -> None:
    for path in ("project/linde", "place/hoekje", "place/mechelen"):
        page = client.get(f"/doc/{path}?lang=fr", headers=HTML).text
        picture = page.partition('<svg class="picture map')[2].partition("</figure>")[0]
        assert "<title>Malines</title>" in picture, path
        assert "<title>Zemst</title>" in picture, path
        assert "Emmeloord" not in picture, path
        assert 'class="ground"' in picture
    assert "picture map" not in client.get("/doc/organisation/school", headers=HTML).text


def test_a_place_outside_is_shown_with_all_the_others(client: TestClient) -> None:
    page = client.get("/doc/place/emmeloord", headers=HTML).text
    picture = page.partition('<svg class="picture map tall"')[2].partition("</figure>")[0]
    assert "<title>Emmeloord</title>" in picture


def test_the_passages_that_a_page_rests_on_are_listed_by_source(client: TestClient) -> None:
    page = read(client, "/doc/project/linde?lang=en").partition("What this page rests on")[2]
    assert page.startswith(" 3 passages in 2 sources Rapport 2021")
    first, _, second = page.partition("Terugblik 2024")
    assert "Fiche 3: partners : characters 100–120 , characters 130–150" in first
    assert "Elsewhere in the source: characters 5–25" in second
    linked = client.get("/doc/project/linde", headers=HTML).text.partition('id="cited"')[2]
    assert '<a href="/doc/passage/rapport-130-150">' in linked


def test_what_rests_on_a_section_itself_is_listed_before_what_rests_on_its_passages() -> None:
    store, graph_name = Store(), dataset_graph("proef")

    def add(subject: str, predicate: str, value: NamedNode) -> None:
        store.add(Quad(NamedNode(ID + subject), term(predicate), value, graph_name))

    # Several, as the order in which an engine reads the parts of a query may depend on what it is asked about.
    sections = [NamedNode(f"{ID}passage/rapport-{number}") for number in range(8)]
    for section in sections:
        for number in range(100):
            add(f"passage/p{number}", "zorg:section", section)
            add(f"statement/a{number:03}", "prov:wasDerivedFrom", NamedNode(f"{ID}passage/p{number}"))
            add(f"statement/b{number // 2:02}", "prov:wasDerivedFrom", section)
            for name in (f"a{number:03}", f"b{number // 2:02}"):
                add(f"statement/{name}", "rdf:type", term("zorg:Statement"))
    for section in sections:
        found = assertions.resting_on(EmbeddedEngine.of(store, "many"), section.value)
        assert len(found) == assertions.MOST + 1
        assert sum("statement/b" in iri for iri, _ in found) == 50


def test_a_list_that_is_cut_says_so_and_leads_to_all(service: Service) -> None:
    store = Store()
    call, graph_name = NamedNode(ID + "call/oproep"), dataset_graph("proef")
    store.add(Quad(call, term("rdf:type"), term("zorg:FundingCall"), graph_name))
    for number in range(90):
        project = NamedNode(f"{ID}project/p{number}")
        store.add(Quad(project, term("zorg:fundedUnder"), call, graph_name))
        store.add(Quad(project, term("zorg:labelNl"), Literal(f"Project {number}", language="nl"), graph_name))
    many = dataclasses.replace(service, engine=EmbeddedEngine.of(store, "many"))
    with TestClient(create(many)) as client:
        page = client.get("/doc/call/oproep?lang=nl", headers=HTML).text
    section = page.partition('id="funded"')[2].partition("</section>")[0]
    assert section.count('<span class="main">') == 75
    assert "Alleen de eerste 75 worden getoond" in section
    assert '<a href="/api/projects?call=call%2Foproep&amp;lang=nl">Alles bekijken</a>' in section
