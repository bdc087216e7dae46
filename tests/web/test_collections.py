"""Collections over HTTP, on the graph of the repository's own data: with the search index, and by SPARQL alone."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pyarrow
import pytest
from pyarrow import parquet
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)
from starlette.testclient import TestClient

from tests.web import real
from zorgkg.collection import reading, values
from zorgkg.collection.table import COLLECTIONS
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.engine.interface import Engine
from zorgkg.languages import LANGUAGES
from zorgkg.questions.answering import SHORT
from zorgkg.search.index import SearchIndex
from zorgkg.terms import ID, PREFIXES, term
from zorgkg.web import lists
from zorgkg.web.forms import records
from zorgkg.web.things import details

HTML = {"Accept": "text/html"}
THINGS = [one for one in COLLECTIONS.values() if one.is_of_things]


@pytest.fixture(scope="module")
def index(graph: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    found = real.index_of(graph, tmp_path_factory.mktemp("index"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def indexed(
    graph: Store, engine: EmbeddedEngine, index: SearchIndex, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A client of a service with its index."""
    with real.client_of(real.service_of(graph, engine, tmp_path_factory.mktemp("home"), index)) as client:
        yield client


@pytest.fixture(scope="module")
def plain(graph: Store, engine: EmbeddedEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a service that never has an index."""
    with real.client_of(real.service_of(graph, engine, tmp_path_factory.mktemp("home"), None)) as client:
        yield client


@pytest.fixture(params=["indexed", "plain"])
def client(request: pytest.FixtureRequest) -> TestClient:
    """Each of the two, one after the other: what a reader notices is the same."""
    found: TestClient = request.getfixturevalue(request.param)
    return found


def rows(client: TestClient, path: str, **parameters: Any) -> list[dict[str, Any]]:
    response = client.get(path, params={"limit": 1000, **parameters})
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()
    return found


def slugs(client: TestClient, path: str, **parameters: Any) -> list[str]:
    return [row["slug"] for row in rows(client, path, fields="slug", **parameters)]


def refused(client: TestClient, path: str, status: int, kind: str) -> dict[str, Any]:
    response = client.get(path)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["type"].rpartition("/")[2] == kind
    return problem


def select(store: Store, query: str) -> list[str]:
    prefixes = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
    found = store.query(prefixes + query)
    assert isinstance(found, QuerySolutions)
    return [row["it"].value for row in found]


# What is in them


@pytest.mark.parametrize(
    ("name", "number"),
    # As the sources and the tables in data/ have them: 35 fiches and two practices; 2024's trajectory is a programme.
    [("projects", 37), ("programmes", 1), ("sources", 5), ("calls", 4), ("frameworks", 16)],
)
def test_a_collection_has_what_the_sources_name(client: TestClient, name: str, number: int) -> None:
    assert len(rows(client, f"/api/{name}")) == number


@pytest.mark.parametrize("collection", [one for one in THINGS if one.name != "datasets"], ids=lambda one: one.name)
def test_a_collection_has_every_thing_of_its_classes(client: TestClient, graph: Store, collection: Any) -> None:
    classes = " ".join(collection.classes)
    wanted = set(
        select(graph, f"SELECT ?it {{ VALUES ?root {{ {classes} }} ?class rdfs:subClassOf* ?root . ?it a ?class }}")
    )
    found = [row["iri"] for row in rows(client, f"/api/{collection.name}", fields="iri")]
    assert len(found) == len(set(found))
    assert set(found) == {iri for iri in wanted if iri.startswith(f"{ID}{collection.type}/") and "#" not in iri}


def test_a_record_is_flat_and_tells_the_language_of_each_label(client: TestClient) -> None:
    (row,) = rows(client, "/api/projects", initiator="stad-mechelen", municipality="mechelen", lang="en", q="aardig")
    assert row["iri"] == ID + "project/vaardig-gezond"
    assert (row["slug"], row["fiche"]) == ("vaardig-gezond", 35)
    assert row["label"].startswith("(V)aardig gezond (")
    assert row["labelLang"] == row["descriptionLang"] == "en"
    assert row["municipality"] == [ID + "place/mechelen"]
    assert (row["municipalityLabel"], row["provinceLabel"]) == (["Mechelen"], ["Antwerp"])
    assert row["initiatorLabel"] == sorted(row["initiatorLabel"], key=str.casefold)
    assert (
        dict(zip(row["initiator"], row["initiatorLabelLang"], strict=True))[ID + "organisation/stad-mechelen"] == "nl"
    )
    assert (row["latitude"], row["longitude"]) == (51.035, 4.4367)
    assert all(not isinstance(value, dict) for value in row.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_labels_come_in_the_asked_language(client: TestClient, lang: str) -> None:
    by_parameter = client.get("/api/frameworks", params={"lang": lang})
    by_header = client.get("/api/frameworks", headers={"Accept-Language": f"de, {lang}-BE;q=0.5"})
    assert by_parameter.json() == by_header.json()
    assert by_parameter.headers["content-language"] == lang
    assert {row["labelLang"] for row in by_parameter.json()} == {lang}
    assert by_header.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"


def test_the_datasets_are_those_of_the_version_also_where_nothing_describes_them(client: TestClient) -> None:
    found = {row["slug"]: row for row in rows(client, "/api/datasets", lang="en")}
    assert found["kbs-2021"]["label"].startswith("Report Working together locally")
    assert found["kbs-2021"]["statements"] > 10_000
    assert found.keys() >= {"ontology", "links", "derived"}
    assert rows(client, "/api/datasets", source="kbs-2021")[0]["statements"] > 1000


def test_versions_tell_which_one_answers(client: TestClient) -> None:
    response = client.get("/api/versions")
    (row,) = response.json()
    assert (row["id"], row["served"]) == ("test", True)
    assert "kbs-2021" in row["dataset"]
    # Another may be published at any time.
    assert response.headers["cache-control"] == "no-store"
    assert client.get("/api/versions/test").json()["id"] == "test"
    assert refused(client, "/api/versions?q=x", 400, "unknown-parameter")["allowed"]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_the_page_of_a_collection_can_be_read_in_each_language(client: TestClient, name: str) -> None:
    page = client.get(f"/api/{name}", headers=HTML).text
    for language in LANGUAGES:
        assert f'href="?lang={language}"' in page
        answer = client.get(f"/api/{name}?lang={language}", headers=HTML)
        assert (answer.status_code, answer.headers["content-language"]) == (200, language)


# Filters

# Of activities there are none here (test_activities.py).
FILTERS = [(one.name, name) for one in THINGS for name in one.filters if one.name != "activities"]


@pytest.mark.parametrize(("name", "filter"), FILTERS)
def test_the_index_and_the_graph_find_the_same(indexed: TestClient, plain: TestClient, name: str, filter: str) -> None:
    """Two ways that share no code: facets that were made with the version, and paths that are asked now."""
    collection = COLLECTIONS[name]
    one = collection.filters[filter]
    if one.words:
        values = list(one.words)
    else:
        known = rows(plain, f"/api/{name}", fields=filter) if one.is_field else rows(plain, "/api/organisations")
        column = filter if one.is_field else "iri"
        cells = [row[column] for row in known]
        values = list(
            dict.fromkeys(iri for cell in cells for iri in (cell if isinstance(cell, list) else [cell]) if iri)
        )
    assert values, "no thing has it, so that nothing is tested"
    for value in (*values[:4], *values[-3:]):
        found = sorted(slugs(indexed, f"/api/{name}", **{filter: value}))
        assert found == sorted(slugs(plain, f"/api/{name}", **{filter: value})), value
        assert found or not one.is_field or one.words, value


def test_a_filter_keeps_what_has_the_value(client: TestClient) -> None:
    for row in rows(client, "/api/projects", province="oost-vlaanderen", fields="province"):
        assert ID + "place/oost-vlaanderen" in row["province"]
    # The fiches that the report puts in the row "Leefbaarheid, woonkwaliteit, mobiele toegankelijkheid": 3, 17, 22, 31;
    # more of the projects are put there by no other source.
    found = rows(client, "/api/projects", component="icc-sliders/physical-environment", fields="fiche")
    assert {row["fiche"] for row in found} >= {3, 17, 22, 31}


@pytest.mark.parametrize("value", ["malle", "place/malle", ID + "place/malle", "/malle/"])
def test_a_value_may_be_a_slug_a_path_or_an_iri(client: TestClient, value: str) -> None:
    assert slugs(client, "/api/projects", municipality=value) == ["samen-op-de-koffie"]


def test_projects_are_found_by_who_leads_them_and_by_what_describes_them(client: TestClient) -> None:
    led = rows(client, "/api/projects", initiatorKind="vzw", source="kbs-2020", fields="slug,initiatorKind,source")
    assert [one["slug"] for one in led] == ["vitale-buurten"]
    assert led[0]["initiatorKind"] == [f"{ID}framework/organisation-kind/vzw"]
    assert sorted(led[0]["source"]) == [f"{ID}source/kbs-2020", f"{ID}source/kbs-2021"]


def test_of_several_values_any_fits_and_of_several_filters_all(client: TestClient) -> None:
    def found(query: str) -> set[str]:
        return {row["slug"] for row in client.get(f"/api/projects?fields=slug&limit=1000&{query}").json()}

    one, other = found("municipality=mechelen"), found("municipality=kortrijk")
    assert one
    assert other
    assert found("municipality=mechelen&municipality=kortrijk") == one | other
    assert found("municipality=mechelen&municipality=kortrijk&province=west-vlaanderen") == other
    assert found("municipality=mechelen&province=west-vlaanderen") == set()
    # A target group and a component are two filters, though both are parts of frameworks.
    both = found("targetGroup=older-people&component=vvsg/4")
    assert both == found("targetGroup=older-people") & found("component=vvsg/4")


def test_what_a_form_left_empty_was_not_chosen(client: TestClient) -> None:
    assert slugs(client, "/api/projects", province="", q="", sort="") == slugs(client, "/api/projects")


@pytest.mark.parametrize(
    ("query", "near"),
    [
        ("projects?municipality=mechelenn", "mechelen"),
        ("projects?component=icc-sliders/physical-environmnt", "icc-sliders/physical-environment"),
        ("organisations?kind=lcd", "ldc"),
        ("projects?initiator=stad-mechlen", "stad-mechelen"),
    ],
)
def test_a_value_that_is_no_such_thing_is_refused_with_what_is_like_it(
    client: TestClient, query: str, near: str
) -> None:
    problem = refused(client, f"/api/{query}", 422, "invalid-value")
    assert problem["parameter"] == query.partition("?")[2].partition("=")[0]
    if "=lcd" not in query:
        assert near in problem["near"]


@pytest.mark.parametrize(
    "value", ["place/oost-vlaanderen", ID + "place/oost-vlaanderen", "x y", "<x>", '"', "\x00", "é"]
)
def test_a_thing_of_another_class_or_none_is_refused(client: TestClient, value: str) -> None:
    response = client.get("/api/projects", params={"municipality": value})
    assert response.status_code == 422
    assert response.json()["parameter"] == "municipality"


def test_a_word_that_is_none_is_refused_with_all_that_are(client: TestClient) -> None:
    problem = refused(client, "/api/places?kind=hamlet", 422, "invalid-value")
    assert problem["allowed"] == ["neighbourhood", "municipality", "province", "region", "country"]


@pytest.mark.parametrize(
    ("name", "value", "listed"),
    [
        ("municipality", "mechelen", "/api/places?kind=municipality"),
        ("initiator", "stad-mechelen", "/api/organisations"),
        ("place", "mechelen", "/api/places"),
    ],
)
def test_where_they_are_many_it_is_told_where_they_are_listed(
    client: TestClient, name: str, value: str, listed: str
) -> None:
    problem = refused(client, f"/api/projects?{name}=xyzzyplugh", 422, "invalid-value")
    assert problem["near"] == []
    assert f"; {listed} lists them" in problem["detail"]
    assert value in slugs(client, listed)


def test_every_filter_has_a_list_of_its_values(plain: TestClient, engine: EmbeddedEngine) -> None:
    for one in {(each.cls, each.within): each for way in THINGS for each in way.filters.values() if each.cls}.values():
        path = values.listing(one)
        listed = {row["iri"] for row in rows(plain, path, fields="iri")}
        wanted = {each.iri for each in values.choices(engine, one, "nl", 10_000)}
        assert wanted <= listed, (one.name, path)


def test_a_thing_that_there_is_not_is_refused_with_all_that_are_where_they_are_few(client: TestClient) -> None:
    problem = refused(client, "/api/projects?province=xyzzyplugh", 422, "invalid-value")
    assert {"vlaams-brabant", "provincie-limburg"} <= set(problem["allowed"])
    assert "vlaams-brabant" in problem["detail"]
    # Municipalities are too many to list.
    assert "allowed" not in refused(client, "/api/projects?municipality=xyzzyplugh", 422, "invalid-value")


# Words


def test_words_are_found_in_names_and_descriptions(client: TestClient) -> None:
    assert "zorgzaam-deerlijk" in slugs(client, "/api/projects", q="deerlijk zorgzaam")
    assert "vaardig-gezond" in slugs(client, "/api/projects", q="gezondheidswerker")
    assert slugs(client, "/api/projects", q="deerlijk xyzzyplugh") == []


@pytest.mark.parametrize("text", ["***", "?!", "\U0001f600"])
def test_words_without_letters_are_nothing_to_look_for(client: TestClient, indexed: TestClient, text: str) -> None:
    for one in (client, indexed):
        for path in ("/api/projects", "/api/datasets", "/api/frameworks/vvsg/components"):
            problem = refused(one, f"{path}?q={quote(text)}", 422, "nothing-to-look-for")
            assert problem["parameter"] == "q"
        assert one.get("/api/projects", params={"q": text}, headers=HTML).status_code == 422


def test_accents_and_the_end_of_a_word_are_forgiven_by_the_index(indexed: TestClient) -> None:
    assert slugs(indexed, "/api/places", q="beguines") == slugs(indexed, "/api/places", q="Béguines") != []
    assert "mechelen" in slugs(indexed, "/api/places", q="mechel", kind="municipality")


def test_words_and_an_order_of_its_own_go_together(client: TestClient) -> None:
    found = rows(client, "/api/components", q="zorg", framework="vvsg", sort="order", fields="order,label")
    assert len(found) > 1
    assert [row["order"] for row in found] == sorted(row["order"] for row in found)


# Order, pages, fields


def test_pages_follow_each_other_by_their_links(client: TestClient) -> None:
    whole = slugs(client, "/api/organisations")
    url: str | None = "/api/organisations?fields=slug&limit=100"
    seen, pages = list[str](), 0
    while url:
        response = client.get(url)
        seen += [row["slug"] for row in response.json()]
        pages += 1
        assert response.links["first"]["url"].endswith("?fields=slug&limit=100")
        if pages > 1:
            assert client.get(response.links["prev"]["url"]).json()
        else:
            assert "prev" not in response.links
        url = response.links.get("next", {}).get("url")
    assert pages == 3
    assert seen == whole


def test_a_page_beyond_the_end_is_not_there(client: TestClient) -> None:
    problem = refused(client, "/api/projects?offset=37", 404, "page-out-of-range")
    assert problem["parameter"] == "offset"
    assert client.get("/api/projects?offset=36").status_code == 200
    assert client.get("/api/projects?q=xyzzyplugh").json() == []
    assert refused(client, "/api/projects?offset=37&format=ttl", 404, "page-out-of-range")
    assert client.get("/api/projects?offset=37", headers=HTML).status_code == 404


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "limit=1.5", "offset=-1", "limit=1&limit=2"])
def test_a_page_of_no_sensible_size_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/api/projects?{query}").json()["parameter"] in query


def test_lists_are_ordered_by_label_both_ways(client: TestClient) -> None:
    forth = slugs(client, "/api/practices")
    assert forth == slugs(client, "/api/practices", sort="label")
    assert forth[::-1] == slugs(client, "/api/practices", sort="-label")
    assert slugs(client, "/api/practices", sort="iri") == sorted(forth)
    years = [row["issued"] for row in rows(client, "/api/publications", sort="-issued", fields="issued")]
    known = [year for year in years if year is not None]
    assert known == sorted(known, reverse=True)
    assert len(known) > 50


def test_the_order_follows_the_language(indexed: TestClient) -> None:
    for lang in LANGUAGES:
        labels = [row["label"] for row in rows(indexed, "/api/calls", lang=lang)]
        assert labels == sorted(labels, key=lambda label: label.casefold().replace("à", "a"))


def test_an_unknown_order_or_field_is_refused_with_those_that_are_known(client: TestClient) -> None:
    assert "-label" in refused(client, "/api/projects?sort=size", 400, "unknown-sort")["allowed"]
    assert "order" not in refused(client, "/api/projects?sort=order", 400, "unknown-sort")["allowed"]
    assert "municipality" in refused(client, "/api/projects?fields=slug,gemeente", 400, "unknown-field")["allowed"]
    refused(client, "/api/projects?fields=slug,,label", 400, "unknown-field")
    assert client.get("/api/projects?fields=").json() == client.get("/api/projects").json()
    assert "call" in refused(client, "/api/projects?appel=x", 400, "unknown-parameter")["allowed"]


def test_only_the_fields_that_are_asked_for_are_told(client: TestClient) -> None:
    row = rows(client, "/api/projects", fields="label,component")[0]
    assert list(row) == ["label", "labelLang", "component", "componentLabel", "componentLabelLang"]
    repeated = client.get("/api/projects?fields=label&fields=component&limit=1").json()
    assert list(repeated[0]) == list(row)
    assert "component" not in rows(client, "/api/projects")[0]


# Forms


def asked(client: TestClient, path: str, form: str) -> bytes:
    # Not as `params`, which would take the place of what the path has.
    response = client.get(f"{path}{'&' if '?' in path else '?'}format={form}&lang=nl")
    assert response.status_code == 200, response.text
    return bytes(response.content)


MALLE = "/api/projects?municipality=mechelen&fields=slug,label,fiche,initiator,point"


def test_several_values_are_a_list_in_json_and_one_cell_elsewhere(client: TestClient) -> None:
    records = json.loads(asked(client, MALLE, "json"))
    several = next(row for row in records if len(row["initiator"]) > 1)
    table = list(csv.DictReader(io.StringIO(asked(client, MALLE, "csv").decode())))
    row = next(row for row in table if row["slug"] == several["slug"])
    assert row["initiator"] == "; ".join(several["initiator"])
    assert row["initiatorLabel"] == "; ".join(several["initiatorLabel"])
    assert list(row) == [*("slug", "label", "fiche", "initiator", "initiatorLabel", "point", "latitude", "longitude")]
    for form, read in (
        ("sparql-json", QueryResultsFormat.JSON),
        ("xml", QueryResultsFormat.XML),
        ("tsv", QueryResultsFormat.TSV),
    ):
        found = parse_query_results(asked(client, MALLE, form), read)
        assert isinstance(found, QuerySolutions)
        cells = {one["slug"].value: one for one in found}[several["slug"]]
        assert cells["initiator"].value == "; ".join(several["initiator"])
        assert cells["label"].language == "nl"
        assert cells["fiche"].datatype == term("xsd:integer")


def test_csv_tells_languages_when_asked_and_suits_excel(client: TestClient) -> None:
    response = client.get("/api/calls.csv?languages=true&fields=label,funder&lang=fr")
    head, first, *_ = csv.reader(io.StringIO(response.text))
    assert head == ["label", "labelLang", "funder", "funderLabel", "funderLabelLang"]
    assert (first[1], first[4]) == ("fr", "fr")
    assert client.get("/api/calls.csv?fields=label").text.splitlines()[0] == "label"
    order = client.get("/api/calls.csv?fields=issued,label,slug&fields=label").text.splitlines()[0]
    assert order == "issued,label,slug"
    excel = client.get("/api/calls?excel&format=csv&fields=label,funder").content
    assert excel.startswith(b"\xef\xbb\xbflabel;funder;funderLabel\r\n")


def test_parquet_has_types_and_lists(client: TestClient) -> None:
    table = parquet.read_table(io.BytesIO(asked(client, "/api/projects?limit=1000", "parquet")))
    kinds = {one.name: one.type for one in table.schema}
    assert kinds["fiche"] == pyarrow.int64()
    assert kinds["latitude"] == pyarrow.float64()
    assert kinds["municipality"] == kinds["municipalityLabelLang"] == pyarrow.list_(pyarrow.string())
    assert kinds["labelLang"] == pyarrow.string()
    assert table.to_pylist() == json.loads(asked(client, "/api/projects?limit=1000", "json"))
    places = parquet.read_table(io.BytesIO(asked(client, "/api/places?kind=municipality&limit=1000", "parquet")))
    assert places.schema.field("validThrough").type == pyarrow.date32()
    assert places.column("validThrough").drop_null()[0].as_py().year == 2024


def test_geojson_has_a_feature_for_each_thing(client: TestClient) -> None:
    collection = json.loads(asked(client, "/api/projects?limit=1000", "geojson"))
    assert (collection["type"], len(collection["features"])) == ("FeatureCollection", 37)
    records = {row["slug"]: row for row in json.loads(asked(client, "/api/projects?limit=1000", "json"))}
    kinds = set()
    for feature in collection["features"]:
        record, shape = records[feature["properties"]["slug"]], feature["geometry"]
        assert "point" not in feature["properties"]
        assert feature["id"] == record["iri"]
        kinds.add(shape and shape["type"])
        if shape and shape["type"] == "Point":
            assert shape["coordinates"] == [record["longitude"], record["latitude"]]
        elif shape:
            # A project in several municipalities has all their points, so that none is shown in the place of another.
            assert len(shape["coordinates"]) == len(record["municipality"])
            assert record["latitude"] is None
            assert record["point"].startswith("MULTIPOINT")
    assert kinds >= {"Point", "MultiPoint"}
    assert all(
        2 < one["geometry"]["coordinates"][0] < 7
        for one in collection["features"]
        if one["geometry"] and one["geometry"]["type"] == "Point"
    )


def test_what_else_a_thing_is_called_is_a_field_of_each_that_can_be_linked(client: TestClient) -> None:
    for name in ("projects", "programmes", "activities", "organisations", "places"):
        assert all(isinstance(row["sameAs"], list) for row in rows(client, f"/api/{name}"))
    told = {row["iri"]: set(row["sameAs"]) for row in rows(client, "/api/places", fields="iri,sameAs")}
    assert told[ID + "place/mechelen"]
    # In RDF it is what the graph says.
    answer = client.get("/api/places.nt?fields=sameAs&limit=1000")
    said: dict[str, set[str]] = {iri: set() for iri in told}
    for one in parse(answer.content, RdfFormat.N_TRIPLES):
        if one.predicate == term("skos:exactMatch") and isinstance(one.object, NamedNode):
            said[str(one.subject).strip("<>")].add(one.object.value)
    assert said == told


def test_what_else_a_thing_is_called_is_known_through_others_too() -> None:
    store = Store()
    names = [f"{ID}organisation/{slug}" for slug in ("a", "b--1", "c--1")]
    first, second, third = map(NamedNode, names)
    links = [(first, second), (second, first), (second, third), (third, second)]
    store.extend(Quad(one, term("zorg:sameThing"), other) for one, other in links)
    store.extend(Quad(one, term("zorg:identifiedWith"), first) for one in (second, third))
    store.add(Quad(first, term("skos:exactMatch"), NamedNode("https://e.org/register/1")))
    found = reading.records(EmbeddedEngine.of(store, "test"), COLLECTIONS["organisations"], names, ["sameAs"], "nl")
    told = {one.iri: [value.term.value for value in one.values["sameAs"]] for one in found}
    assert told == {
        names[0]: ["https://e.org/register/1", names[1], names[2]],
        names[1]: [names[0], names[2]],
        names[2]: [names[0], names[1]],
    }


def test_points_keep_all_their_digits() -> None:
    (point,) = (one for one in COLLECTIONS["projects"].properties if one.kind == "point")
    texts = ("POINT(4.70151234 50.87981234)", "POINT(3.22424321 51.20933214)")
    values = [reading.Value(Literal(text, datatype=term("geo:wktLiteral"))) for text in texts]
    record = reading.Record(ID + "project/x", {"point": values})
    told = records.flat([point], record)
    assert told["point"] == "MULTIPOINT ((4.70151234 50.87981234), (3.22424321 51.20933214))"


def test_what_has_no_points_is_no_geojson(client: TestClient) -> None:
    assert "csv" in refused(client, "/api/calls?format=geojson", 400, "unknown-format")["allowed"]
    assert refused(client, "/api/calls.geojson", 404, "no-such-path")["allowed"]
    response = client.get("/api/calls", headers={"Accept": "application/geo+json"})
    assert response.status_code == 406
    assert "text/csv" in response.json()["allowed"]


@pytest.mark.parametrize(
    ("form", "read"),
    [("ttl", RdfFormat.TURTLE), ("nt", RdfFormat.N_TRIPLES), ("rdf", RdfFormat.RDF_XML), ("jsonld", RdfFormat.JSON_LD)],
)
def test_as_rdf_it_is_what_the_graph_says_of_the_things_of_the_page(
    client: TestClient, graph: Store, form: str, read: RdfFormat
) -> None:
    page = "/api/calls?limit=2"
    things = [NamedNode(row["iri"]) for row in client.get(page).json()]
    found = {quad.triple for quad in parse(asked(client, page, form), read, base_iri=ID)}
    assert found == {quad.triple for one in things for quad in graph.quads_for_pattern(one, None, None, None)}
    chosen = parse(asked(client, f"{page}&fields=label,funder", form), read, base_iri=ID)
    assert {quad.predicate.value.rpartition("#")[2].rpartition("/")[2] for quad in chosen} == {
        *("type", "label", "labelNl", "labelFr", "labelEn", "funder")
    }


@pytest.mark.parametrize("collection", THINGS, ids=lambda one: one.name)
def test_every_form_of_every_collection_can_be_had_in_three_ways(client: TestClient, collection: Any) -> None:
    for name in lists.forms(collection):
        path = f"/api/{collection.name}"
        by_format, by_suffix = client.get(f"{path}?limit=3&format={name}"), client.get(f"{path}.{name}?limit=3")
        assert by_format.status_code == by_suffix.status_code == 200, name
        media = by_format.headers["content-type"]
        assert by_suffix.headers["content-type"] == media
        if name not in ("html", "parquet"):
            assert by_suffix.content == by_format.content, name
        by_accept = client.get(f"{path}?limit=3", headers={"Accept": media.partition(";")[0]})
        assert by_accept.headers["content-type"] == media


def test_an_answer_can_be_kept_where_it_cannot_change(indexed: TestClient, plain: TestClient) -> None:
    tag = indexed.get("/api/projects").headers["etag"]
    assert indexed.get("/api/projects", headers={"If-None-Match": tag}).status_code == 304
    # The index that may still come orders some names otherwise.
    assert plain.get("/api/projects").headers["cache-control"] == "no-store"


# One thing


def test_one_thing_has_its_names_in_every_language_and_all_its_fields(client: TestClient) -> None:
    made = client.get("/api/projects/vaardig-gezond?lang=fr").json()
    assert made["labels"].keys() == made["descriptions"].keys() == {"nl", "fr", "en"}
    assert made["label"] == made["labels"]["fr"]
    assert set(COLLECTIONS["projects"].fields) <= set(made)
    facts = {one["property"]: one for one in made["facts"]}
    assert facts["zorg:fundedUnder"]["propertyLabelLang"] == "fr"
    assert facts["zorg:fundedUnder"]["values"][0]["value"] == ID + "call/gezondheidsvaardigheden-2019"
    assert facts["zorg:ficheNumber"]["values"] == [{"value": 35, "valueLang": None}]


def test_each_claim_comes_with_its_evidence(client: TestClient) -> None:
    """As data/kbs-2021 and data/fiche-coding have it."""
    made = client.get("/api/projects/vaardig-gezond?lang=en").json()
    place = next(one for one in made["places"] if one["place"] == ID + "place/nekkerspoel")
    assert place["evidence"][0]["source"] == ID + "source/kbs-2021"
    assert (place["evidence"][0]["start"], place["evidence"][0]["end"] - place["evidence"][0]["start"]) == (275001, 11)
    coded = next(one for one in made["positionings"] if one["component"] == ID + "framework/vvsg/7")
    evidence = coded["evidence"][0]
    assert evidence["assertion"] == coded["iri"] == ID + "positioning/vaardig-gezond_vvsg_7_fiche-coding_kbs-2021"
    assert evidence["basis"] == ID + "framework/basis/fiche-coding"
    assert evidence["strengthLabel"] == "central"
    assert evidence["agreement"].startswith(ID + "framework/agreement/")
    assert evidence["coder"] == ["coder-1", "coder-2", "coder-3"]
    assert coded["iri"] in client.get(evidence["href"]).text
    assert evidence["sectionLabel"]
    partners = {one["agentLabel"]: one for one in made["participations"] if one["role"].endswith("/partner")}
    assert partners["Oikonde"]["evidence"][0]["passage"].startswith(ID + "passage/kbs-2021-")
    for section in ("places", "participations", "positionings", "claims", "figures", "statements"):
        for one in made[section]:
            assert one["evidence"], one["iri"]
            assert all(each["source"] and each["start"] < each["end"] for each in one["evidence"]), one["iri"]


def test_a_disagreement_of_sources_shows_as_two_pieces_of_evidence(client: TestClient) -> None:
    made = client.get("/api/projects/vitale-buurten").json()
    sources = {each["source"] for one in made["participations"] for each in one["evidence"]}
    assert len(sources) > 1


@pytest.mark.parametrize("collection", THINGS, ids=lambda one: one.name)
def test_every_thing_of_a_list_can_be_opened(client: TestClient, collection: Any) -> None:
    for row in rows(client, f"/api/{collection.name}", limit=3):
        response = client.get(f"/api/{collection.name}/{row['slug']}")
        assert response.status_code == 200
        made = response.json()
        assert {name: made[name] for name in row} == row
        assert response.links["describes"]["url"] == row["iri"]
        assert client.get(response.links["alternate"]["url"], headers=HTML).status_code == 200


def test_one_thing_as_rdf_is_its_description(client: TestClient) -> None:
    for form in details.FORMS[1:]:
        mine = client.get(f"/api/frameworks/vvsg.{form}")
        theirs = client.get(f"/doc/framework/vvsg.{form}")
        kind = RdfFormat.from_media_type(mine.headers["content-type"].partition(";")[0])
        assert kind is not None
        assert {one.triple for one in parse(mine.content, kind, base_iri=ID)} == {
            one.triple for one in parse(theirs.content, kind, base_iri=ID)
        }


def test_a_framework_has_its_components_below_it(client: TestClient) -> None:
    found = rows(client, "/api/frameworks/vvsg/components", sort="order", fields="slug")
    assert [row["slug"] for row in found] == [f"vvsg/{number}" for number in range(1, 9)]
    assert client.get("/api/frameworks/vvsg/components.csv?fields=slug").text.count("\r\n") == 9
    one, same = client.get("/api/frameworks/vvsg/1"), client.get("/api/components/vvsg/1")
    assert one.json() == same.json()
    assert one.json()["framework"] == ID + "framework/vvsg"
    assert client.get("/api/concepts/method/abcd").json()["kind"] == "method"
    assert refused(client, "/api/frameworks/vvsg/components?framework=sombrero", 400, "unknown-parameter")
    assert refused(client, "/api/frameworks/method/abcd", 404, "unknown-thing")


def test_what_is_not_there_is_404_with_what_is_like_it(indexed: TestClient, plain: TestClient) -> None:
    assert "vaardig-gezond" in refused(indexed, "/api/projects/vaardig-gezonde", 404, "unknown-thing")["near"]
    assert refused(plain, "/api/projects/vaardig-gezonde", 404, "unknown-thing")["near"] == []
    assert refused(plain, "/api/frameworks/vvsgg/components", 404, "unknown-thing")
    # An organisation is no project, and what has two names has one address.
    assert refused(plain, "/api/projects/stad-mechelen", 404, "unknown-thing")
    for slug in ("%3Cx%3E", "a%20b", "%22", "..%2Fx", "%00"):
        assert plain.get(f"/api/projects/{slug}").status_code == 404


@pytest.mark.parametrize("path", ["/doc/project/vaardig-gezonde", "/id/project/vaardig-gezonde"])
def test_a_name_that_is_none_leads_to_those_that_are_like_it(indexed: TestClient, plain: TestClient, path: str) -> None:
    problem = refused(indexed, path, 404, "unknown-thing")
    assert "vaardig-gezond" in problem["near"]
    assert "did you mean" in problem["detail"]
    assert refused(plain, path, 404, "unknown-thing")["near"] == []
    page = indexed.get(path, headers=HTML)
    assert page.status_code == 404
    assert '<a href="/doc/project/vaardig-gezond">vaardig-gezond</a>' in page.text
    browser = {"Accept": "text/html,*/*;q=0.8"}
    page = indexed.get("/api/projects/vaardig-gezonde", headers=browser)
    assert '<a href="/doc/project/vaardig-gezond">vaardig-gezond</a>' in page.text


def test_a_browser_gets_json_where_there_is_no_page(indexed: TestClient) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
    for path in ("/api/projects/vaardig-gezond", "/api/search?q=gezond"):
        for accept, media in (
            (browser, "application/json"),
            # Who asks for XML before all, or for nothing else that there is, gets it.
            ("application/xml, text/html;q=0.9, */*;q=0.8", "application/xml"),
            ("text/html, application/xml;q=0.9", "application/xml"),
        ):
            assert indexed.get(path, headers={"Accept": accept}).headers["content-type"] == media
    assert indexed.get("/api/projects", headers={"Accept": browser}).headers["content-type"].startswith("text/html")


def test_only_what_is_of_the_type_is_like_a_name_that_is_none(indexed: TestClient) -> None:
    for kind, slug in (("place", "mechelenn"), ("organisation", "stad-mechelenn"), ("framework", "vvsgg/4")):
        near = refused(indexed, f"/doc/{kind}/{slug}", 404, "unknown-thing")["near"]
        assert near
        for one in near:
            assert indexed.get(f"/doc/{kind}/{one}").status_code == 200


def test_evidence_of_a_thing_that_is_none_names_those_that_are_like_it(indexed: TestClient, plain: TestClient) -> None:
    path = "/api/evidence?subject=project/vaardig-gezonde"
    problem = refused(indexed, path, 422, "invalid-value")
    assert "project/vaardig-gezond" in problem["near"]
    assert all(one.startswith("project/") for one in problem["near"])
    assert "did you mean project/vaardig-gezond" in problem["detail"]
    for one in refused(indexed, "/api/evidence?object=vaardig-gezonde", 422, "invalid-value")["near"]:
        assert indexed.get(f"/api/evidence?object={one}").status_code == 200
    assert refused(plain, path, 422, "invalid-value")["near"] == []
    page = indexed.get(path, headers=HTML)
    assert (page.status_code, "<li>project/vaardig-gezond</li>" in page.text) == (422, True)


def test_what_a_page_says_is_like_a_value_leads_to_no_question(client: TestClient) -> None:
    page = client.get("/api/projects?municipality=mechelenn", headers=HTML)
    assert page.status_code == 422
    assert "<li>mechelen</li>" in page.text


@pytest.mark.parametrize("name", ["organisation-projects", "organisation-network"])
@pytest.mark.parametrize("written", ["centrum-algemeen-welzijnswerk-zuid-west-vlaandern", "caw zuid west vlaandrn"])
def test_a_question_too_finds_by_the_index_what_was_meant(indexed: TestClient, name: str, written: str) -> None:
    path = f"/api/questions/{name}"
    response = indexed.get(path, params={"organisation": written})
    assert response.status_code == 422
    assert "caw-zuid-west-vlaanderen" in response.json()["near"]
    assert "caw-zuid-west-vlaanderen" in response.json()["detail"]
    page = indexed.get(path, params={"organisation": written}, headers=HTML)
    assert page.status_code == 422
    assert "caw-zuid-west-vlaanderen" in page.text.partition('role="alert"')[2].partition("</div>")[0]


# Pages


def test_a_person_gets_a_form_and_a_table(client: TestClient) -> None:
    page = client.get(
        "/api/projects?province=antwerpen&lang=en".replace("antwerpen", "provincie-antwerpen"), headers=HTML
    ).text
    assert '<option value="provincie-antwerpen" selected>' in page
    assert '<a href="/doc/project/vaardig-gezond?lang=en"' in page
    assert 'href="/api/projects?province=provincie-antwerpen&amp;lang=en&amp;format=csv"' in page
    assert "Zorgzaam Deerlijk" not in page
    assert "Nothing found." in client.get("/api/projects?q=xyzzyplugh&lang=en", headers=HTML).text
    paged = client.get("/api/organisations?lang=en", headers=HTML).text
    assert 'rel="next"' in paged


def test_the_index_of_the_api_leads_everywhere(client: TestClient) -> None:
    made = client.get("/api?lang=en").json()
    assert [one["name"] for one in made["collections"]] == list(COLLECTIONS)
    for one in made["collections"]:
        assert client.get(one["href"]).status_code == 200
    for name in ("questions", "openapi", "documentation", "sparql", "datasets", "vocabulary"):
        assert client.get(made[name]).status_code == 200
    page = client.get("/api?lang=fr", headers=HTML).text
    assert "Jeux de données" in page
    assert client.get("/api").links["service-desc"]["url"].endswith("/api/openapi.json")


# Declarations


def test_whatever_grows_with_the_projects_is_found_by_the_index_alone() -> None:
    for one in COLLECTIONS.values():
        if not one.is_small:
            assert set(one.sorts) <= {"label", "iri"}
            assert all(each.facet for each in one.filters.values())


def test_the_values_of_every_filter_can_be_written_short() -> None:
    for one in THINGS:
        for each in one.filters.values():
            assert each.words or term(each.cls).value in SHORT, (one.name, each.name)


def test_every_collection_is_told_in_every_language() -> None:
    for one in COLLECTIONS.values():
        for told in (one.title, one.description, *(each.description for each in one.properties)):
            assert all(told[lang] for lang in LANGUAGES)


@pytest.mark.slow
def test_a_server_of_others_gives_the_same(
    indexed: TestClient, graph: Store, remote_engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    service = real.service_of(graph, remote_engine, tmp_path_factory.mktemp("home"), None)
    with real.client_of(service) as remote:
        for path in (
            *("/api/projects?province=west-vlaanderen&sort=iri&fields=iri,component,point", "/api/places?kind=region"),
            *("/api/projects/vaardig-gezond", "/api/components/vvsg/1", "/api/organisations?kind=ldc&sort=iri"),
        ):
            assert remote.get(path).json() == indexed.get(path).json()
        found = remote.get("/api/calls.nt").text
        assert sorted(found.splitlines()) == sorted(indexed.get("/api/calls.nt").text.splitlines())
