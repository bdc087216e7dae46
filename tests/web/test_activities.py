"""Activities over HTTP: a list with days and organisers, and their pages."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store
from starlette.testclient import TestClient

from tests.web import real
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.terms import ID, PREFIXES

AGENDA = """
activity:agenda--1 a zorg:Activity ; rdfs:label "Buurtontbijt"@nl ; zorg:labelNl "Buurtontbijt"@nl ;
    zorg:labelFr "Buurtontbijt"@nl ; zorg:labelEn "Buurtontbijt"@nl ; dcterms:description "Samen eten."@nl ;
    schema:startDate "2025-10-05"^^xsd:date ; schema:organizer organisation:agenda--ocmw ;
    schema:contributor organisation:stad-menen, <https://w3id.org/zorgkg/id/framework/actor-group/volunteers> ;
    zorg:takesPlaceIn place:menen ; zorg:inMunicipality place:menen ; zorg:inProvince place:west-vlaanderen ;
    prov:wasDerivedFrom <https://w3id.org/zorgkg/id/passage/kbs-2021-67396-67429> .
activity:agenda--2 a zorg:Activity ; rdfs:label "Digitaal café"@nl ; zorg:labelNl "Digitaal café"@nl ;
    zorg:labelFr "Digitaal café"@nl ; zorg:labelEn "Digitaal café"@nl ;
    schema:startDate "2025-11-12"^^xsd:date ; schema:endDate "2026-05-27"^^xsd:date ;
    schema:organizer organisation:stad-menen ; zorg:takesPlaceIn place:menen ; zorg:inMunicipality place:menen ;
    zorg:inProvince place:west-vlaanderen .
activity:agenda--3 a zorg:Activity ; rdfs:label "Wandeling"@nl ; zorg:labelNl "Wandeling"@nl ;
    zorg:labelFr "Wandeling"@nl ; zorg:labelEn "Wandeling"@nl ;
    zorg:takesPlaceIn place:roeselare ; zorg:inMunicipality place:roeselare ;
    zorg:inProvince place:west-vlaanderen .
organisation:agenda--ocmw a org:FormalOrganization, org:Organization ; rdfs:label "OCMW van Menen"@nl ;
    zorg:labelNl "OCMW van Menen"@nl ; zorg:labelFr "OCMW van Menen"@nl ; zorg:labelEn "OCMW van Menen"@nl ;
    zorg:identifiedWith organisation:ocmw-menen .
"""
MANY = "".join(
    f"organisation:agenda--many-{n} a org:Organization ; zorg:inMunicipality place:menen .\n" for n in range(500)
)
"""More organisations than a page lists."""

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def store(graph: Store) -> Store:
    """The repository's own graph with an agenda, one of whose organisations is linked with ours."""
    own = {one: f"{ID}{one}/" for one in ("activity", "organisation", "place")}
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in {**PREFIXES, **own}.items())
    made = Store()
    made.bulk_extend(graph)
    made.load((prefixes + AGENDA + MANY).encode(), RdfFormat.TURTLE)
    return made


@pytest.fixture(scope="module", params=["indexed", "plain"])
def client(
    request: pytest.FixtureRequest, store: Store, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A client of a service with its index, and of one that never has one."""
    index = real.index_of(store, tmp_path_factory.mktemp("index")) if request.param == "indexed" else None
    service = real.service_of(store, EmbeddedEngine.of(store, "test"), tmp_path_factory.mktemp("home"), index)
    with real.client_of(service) as found:
        yield found
    if index:
        index.close()


def listed(client: TestClient, **parameters: Any) -> list[str]:
    response = client.get("/api/activities", params={"fields": "slug", "sort": "iri", **parameters})
    assert response.status_code == 200, response.text
    return [row["slug"].removeprefix("agenda--") for row in response.json()]


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({}, "123"),
        ({"municipality": "menen"}, "12"),
        ({"province": "west-vlaanderen"}, "123"),
        ({"province": "vlaams-brabant"}, ""),
        ({"place": "roeselare"}, "3"),
        ({"q": "samen"}, "1"),
        ({"q": "digitaal", "from": "2026-01-01"}, "2"),
        ({"q": "digitaal", "to": "2025-11-11"}, ""),
        ({"organiser": "stad-menen"}, "2"),
        ({"participant": "stad-menen"}, "12"),
        # By a reviewed link the partner's name is one of ours.
        ({"organiser": "ocmw-menen"}, "1"),
        ({"organiser": "agenda--ocmw"}, "1"),
        ({"organiser": ["ocmw-menen", "stad-menen"]}, "12"),
        ({"organiser": "ocmw-menen", "municipality": "menen", "q": "ontbijt"}, "1"),
        # What has one day is over after it; what goes on till May has not ended in January.
        ({"from": "2025-10-05"}, "12"),
        ({"from": "2025-10-06"}, "2"),
        ({"from": "2026-01-01", "to": "2026-01-31"}, "2"),
        ({"from": "2026-05-28"}, ""),
        ({"to": "2025-10-05"}, "1"),
        ({"to": "2025-10-04"}, ""),
        ({"from": "2025-10-05", "to": "2025-11-12"}, "12"),
        ({"from": "", "to": ""}, "123"),
        ({"sort": "-start", "from": "2025-01-01"}, "21"),
    ],
    ids=str,
)
def test_activities_are_found_by_place_organiser_days_and_words(
    client: TestClient, parameters: dict[str, Any], wanted: str
) -> None:
    assert "".join(listed(client, **parameters)) == wanted


def test_activities_are_found_by_the_projects_of_their_organiser(client: TestClient) -> None:
    projects = client.get("/api/projects?participant=ocmw-menen&fields=slug").json()
    assert projects
    for project in projects:
        assert "1" in listed(client, project=project["slug"])
    (other,) = client.get("/api/projects?q=aardig+gezond&fields=slug&limit=1").json()
    assert listed(client, project=other["slug"]) == []


@pytest.mark.parametrize(
    ("parameters", "status", "parameter"),
    [
        ("from=morgen", 400, "from"),
        ("to=2025-02-30", 400, "to"),
        ("from=20251005", 400, "from"),
        ("from=2025-W40-7", 400, "from"),
        ("from=2025-10-05T10:00:00", 400, "from"),
        ("from=2025-10-05&from=2025-10-06", 400, "from"),
        ("from=2025-10-05&to=2025-10-04", 422, "to"),
        ("organiser=niemand", 422, "organiser"),
        ("since=2025-10-05", 400, "since"),
    ],
)
def test_what_is_no_day_is_refused(client: TestClient, parameters: str, status: int, parameter: str) -> None:
    response = client.get(f"/api/activities?{parameters}")
    assert response.status_code == status
    assert response.json()["parameter"] == parameter


def test_only_what_has_days_is_asked_for_them(client: TestClient) -> None:
    assert client.get("/api/projects?from=2025-10-05").json()["parameter"] == "from"


def test_an_activity_is_told_with_its_days_and_its_point(client: TestClient) -> None:
    (row,) = client.get("/api/activities?organiser=ocmw-menen&lang=fr").json()
    assert (row["start"], row["end"]) == ("2025-10-05", None)
    assert row["contributorLabel"] == ["bénévoles", "Stad Menen"]
    (feature,) = client.get("/api/activities.geojson?organiser=ocmw-menen").json()["features"]
    assert feature["geometry"]["type"] == "Point"
    assert client.get("/api/activities/agenda--1").json()["start"] == "2025-10-05"


def test_the_page_of_the_list_has_fields_for_days(client: TestClient) -> None:
    page = client.get("/api/activities?from=2025-10-05", headers=HTML).text
    assert re.search(r'<input type="date" [^>]*name="from" value="2025-10-05">', page)
    assert "Digitaal café" in page
    assert "Wandeling" not in page


def text(client: TestClient, path: str) -> str:
    page = client.get(path, headers=HTML).text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])).split())


def test_the_page_of_a_place_tells_projects_from_activities(client: TestClient) -> None:
    page = text(client, "/doc/place/menen?lang=en")
    projects, activities = page.partition("Projects here")[2].partition("Activities here")[::2]
    assert "Buurtontbijt" not in projects
    assert "Tuinwijk" in projects
    assert "Buurtontbijt" in activities.partition("Organisations here")[0]


def test_the_page_of_an_activity_tells_where_and_is_an_event(client: TestClient) -> None:
    page = client.get("/doc/activity/agenda--1?lang=en", headers=HTML).text
    assert "On the map" in page
    assert "1 passage in 1 source" in page
    assert '<a href="/api/activities?lang=en">Activities</a>' in page
    script = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    event, _ = json.loads(script)["@graph"]
    assert (event["@type"], event["startDate"]) == ("Event", "2025-10-05")
    assert event["organizer"]["name"] == "OCMW van Menen"
    # A group of people is no organisation.
    assert event["contributor"] == {
        "@type": "Organization",
        "@id": f"{ID}organisation/stad-menen",
        "name": "Stad Menen",
    }
