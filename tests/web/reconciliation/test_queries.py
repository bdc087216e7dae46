"""Names are looked up: which thing is meant, and whether that is certain."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.reconciliation.conftest import HERE, Ask


def among(place: str) -> list[dict[str, str]]:
    return [{"pid": "municipality", "v": place}]


def matched(result: list[dict[str, Any]]) -> str | None:
    return next((one["id"] for one in result if one["match"]), None)


@pytest.mark.parametrize(
    ("name", "place", "id"),
    [
        ("OCMW", "Gent", "ocmw-gent"),
        ("OCMW", "Gand", "ocmw-gent"),
        ("OCMW", "44021", "ocmw-gent"),
        ("OCMW", "place/gent", "ocmw-gent"),
        ("CPAS", "Lierre", "ocmw-lier"),
        ("CPAS de Lierre", "", "ocmw-lier"),
        ("Ville d'Anvers", "", "stad-antwerpen"),
        ("Stad Gent", "", "stad-gent"),
        ("LDC De Bres", "Poperinge", "ldc-de-bres"),
        ("Centre de services local De Bres", "Poperinge", "ldc-de-bres"),
        ("Lokaal Dienstencentrum Elckerlyc", "Wevelgem", "ldc-elckerlyc"),
        ("Beschut Wonen Roeselare-Tielt vzw", "Tielt", "beschut-wonen-roeselare-tielt"),
        ("Service social du CPAS de Laarne", "Laarne", "sociale-dienst-laarne"),
        ("CAW Zuid-West-Vlaanderen", "", "caw-zuid-west-vlaanderen"),
        # What is nearly the name of its town is no mistake when the other has it too.
        ("De Oostendse Haard", "Oostende", "oostendse-haard"),
        # Nobody tells where it is, and nobody asks.
        ("LDC Cosmos", "", "ldc-cosmos"),
        ("VBS St.-Lodewijk", "", "vbs-sint-lodewijk"),
        # What brackets add tells of nothing else.
        ("OCMW Gent (Openbaar Centrum voor Maatschappelijk Welzijn)", "", "ocmw-gent"),
        ("Enchanté (vzw)", "Gent", "enchante"),
    ],
)
def test_a_name_finds_its_organisation(ask: Ask, name: str, place: str, id: str) -> None:
    result = ask(name, type="organisation", properties=among(place) if place else [])
    assert matched(result) == f"organisation/{id}", result


@pytest.mark.parametrize(
    ("name", "place"),
    [
        # Which region it is of, nobody tells.
        ("CAW", ""),
        ("CAW", "Mechelen"),
        ("CAW", "Kortrijk"),
        ("Samenlevingsopbouw", "Mechelen"),
        # Which municipality.
        ("OCMW", ""),
        ("Stad", ""),
        ("Bibliotheek", ""),
        # The same name elsewhere.
        ("LDC De Bres", "Gent"),
        ("OCMW", "Aarschot"),
        ("LDC De Bres", "Nergenshuizen"),
        ("LDC Cosmos", "Hasselt"),
        ("VBS Sint-Lodewijk", "Gent"),
        ("Dorpspunt Beveren", ""),
        # What a text calls it whose reader knows where it is.
        ("Welzijn", ""),
        ("Jeugddienst", ""),
        ("inloopwerking", ""),
        ("Inloopwerking CAW", ""),
        ("Wijkregie van de stad", ""),
        ("Het sociale wijkteam", ""),
        ("Het centrum", ""),
        # Two bodies.
        ("OCMW Stad Mechelen", ""),
        ("Stad Mechelen / OCMW", ""),
        # Units of it, or what it is a unit of.
        ("Stad Gent (dienst Ouderen)", ""),
        ("UGent (vakgroep Sociaal Werk)", ""),
        ("UGent (Gent) vakgroep Sociaal Werk", ""),
        ("Centrum Deeltijds Leren en Werken", ""),
        ("Afdeling thuiszorg OCMW Poperinge", "Poperinge"),
    ],
)
def test_what_is_not_certain_is_only_proposed(ask: Ask, name: str, place: str) -> None:
    result = ask(name, type="organisation", properties=among(place) if place else [])
    assert matched(result) is None, result


def test_of_two_municipalities_nobody_can_tell_which(ask: Ask) -> None:
    two = [{"pid": "municipality", "v": ["Gent", "Lier"]}]
    assert matched(ask("OCMW", type="organisation", properties=two)) is None
    assert matched(ask("OCMW", type="organisation", properties=[{"pid": "municipality", "v": ["Gent", "Gand"]}]))


def test_a_service_centre_is_not_the_centre_that_it_is_a_unit_of(ask: Ask) -> None:
    result = ask("LDC De Bres", type="organisation", properties=among("Poperinge"))
    scores = {one["id"]: one["score"] for one in result}
    assert scores["organisation/ldc-de-bres"] == 100
    assert scores.get("organisation/ocmw-poperinge", 0) < 50
    other = ask("OCMW Poperinge", type="organisation")
    assert matched(other) == "organisation/ocmw-poperinge"
    assert {one["id"]: one["score"] for one in other}.get("organisation/ldc-de-bres", 0) < 50


def test_one_name_that_two_things_have_is_not_certain(ask: Ask) -> None:
    both = ask("Buurten op de koffie")
    assert matched(both) is None
    assert {"project/samen-op-de-koffie", "practice/buurten-op-de-koffie-laarne"} <= {one["id"] for one in both}
    # Also for who asks for one kind of them.
    assert matched(ask("Buurten op de koffie", type="project")) is None


def test_a_municipality_and_a_neighbourhood_of_one_name(ask: Ask) -> None:
    assert matched(ask("Beveren", type="place")) is None
    assert matched(ask("Beveren", type="municipality")) == "place/beveren"
    assert matched(ask("Beveren-Kruibeke-Zwijndrecht", type="municipality")) == "place/beveren-kruibeke-zwijndrecht"


def test_an_id_or_an_exact_name_gets_its_entity(ask: Ask) -> None:
    for query in ("organisation/ocmw-gent", "https://w3id.org/zorgkg/id/organisation/ocmw-gent"):
        (one,) = ask(query)
        assert (one["id"], one["match"]) == ("organisation/ocmw-gent", True)
    assert ask("Zorgzaam Deerlijk")[0]["id"] == "project/zorgzaam-deerlijk"


def test_candidates_tell_type_score_and_features(ask: Ask) -> None:
    first, *others = ask("OCMW", type="organisation", properties=among("Gent"), limit=3)
    assert first["name"] == "OCMW Gent"
    assert first["description"] == "OCMW · Gent"
    assert [one["id"] for one in first["type"]] == ["organisation", "formal-organisation"]
    assert {one["id"]: one["value"] for one in first["features"]}["municipality"] is True
    assert len(others) <= 2
    assert all({one["id"]: one["value"] for one in other["features"]}["municipality"] is False for other in others)


def test_properties_alone_propose(ask: Ask) -> None:
    given = [{"pid": "kind", "v": {"id": "framework/organisation-kind/ocmw", "name": "OCMW"}}, *among("Lier")]
    assert ask(properties=given)[0]["id"] == "organisation/ocmw-lier"
    assert matched(ask(properties=given)) is None


@pytest.mark.parametrize("kind", ["ocmw", "OCMW", "CPAS", "framework/organisation-kind/ocmw"])
def test_a_kind_tells_names_apart(ask: Ask, kind: str) -> None:
    fitting = ask("Gent", type="organisation", properties=[{"pid": "kind", "v": kind}, *among("Gent")])
    assert fitting[0]["id"] == "organisation/ocmw-gent"
    other = ask("Stad Gent", type="organisation", properties=[{"pid": "kind", "v": kind}])
    assert matched(other) is None


def test_types_restrict_or_are_a_wish(ask: Ask) -> None:
    assert all(one["id"].startswith("place/") for one in ask("Gent", type=["municipality", "province"]))
    wish = ask("Sociaal Huis Oostende", type="project", type_strict="should")
    assert wish[0]["id"] == "organisation/sociaal-huis-oostende"
    assert matched(wish) is None
    # As OpenRefine asks.
    sent = ask("OCMW", type="organisation", type_strict="should", properties=among("Gent"))
    assert matched(sent) == "organisation/ocmw-gent"
    units = ask("OCMW Laarne", type=["organisation", "organisational-unit"], type_strict="all")
    assert "organisation/ocmw-laarne" not in {one["id"] for one in units}


def test_a_batch_by_get_answers_each_key(client: TestClient) -> None:
    batch = {"a": {"query": "Stad Gent"}, "b": {"query": " "}, "c": {"query": "xqzwv"}}
    found = client.get("/reconcile", params={"queries": json.dumps(batch)}).json()
    assert found["a"]["result"][0]["id"] == "organisation/stad-gent"
    assert found["b"] == {"result": []}
    assert set(found) == {"a", "b", "c"}


def test_names_are_in_the_language_of_the_reader(client: TestClient) -> None:
    batch = {"queries": json.dumps({"q0": {"query": "OCMW Gent", "type": "organisation"}})}
    french = client.post("/reconcile?lang=fr", data=batch)
    assert french.headers["content-language"] == "fr"
    assert french.json()["q0"]["result"][0]["description"] == "CPAS · Gand"
    accepted = client.post("/reconcile", data=batch, headers={"Accept-Language": "fr-BE"})
    assert accepted.json() == french.json()
    assert accepted.headers["access-control-allow-origin"] == "*"


def test_a_page_of_another_site_may_ask(client: TestClient) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    answer = client.options("/reconcile", headers=asked)
    assert answer.status_code == 204
    assert "POST" in answer.headers["access-control-allow-methods"]


# Bad input


@pytest.mark.parametrize(
    ("queries", "told"),
    [
        ('{"q0"', "queries is no JSON: Expecting ':' delimiter at line 1, column 6"),
        ('{"q0": {"query": "a", "limit": NaN}}', "queries is no JSON: NaN is no number"),
        (f'{{"q0": {{"query": "a", "limit": {"1" * 5000}}}}}', "queries is no JSON: "),
        ('{"q0": {"query": "\\ud800"}}', "queries has half of a surrogate pair"),
        ("[1]", "queries is an object with a query under each key"),
        ('{"q0": 1}', "queries.q0 is an object"),
        ('{"q0": {}}', "queries.q0 needs a query"),
        ('{"q0": {"query": 1}}', "queries.q0.query is a text"),
        ('{"q0": {"query": "a", "typ": "b"}}', "queries.q0.typ is nothing that a query has"),
        ('{"q0": {"query": "a", "type": "b"}}', "queries.q0.type: there is no type 'b'"),
        ('{"q0": {"query": "a", "limit": 0}}', "queries.q0.limit is a whole number"),
        ('{"q0": {"query": "a", "type_strict": "b"}}', "queries.q0.type_strict is one of any, all, should"),
        (
            '{"q0": {"query": "a", "properties": [{"pid": "b", "v": 1}]}}',
            "queries.q0.properties.0.pid 'b' is no property",
        ),
        (
            '{"q0": {"query": "a", "properties": [{"pid": "kbo"}]}}',
            "queries.q0.properties.0 is an object with pid and v",
        ),
    ],
)
def test_a_bad_batch_is_refused_with_what_is_wrong(client: TestClient, queries: str, told: str) -> None:
    answer = client.post("/reconcile", data={"queries": queries})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["parameter"].startswith("queries")
    assert told in answer.json()["detail"]


@pytest.mark.parametrize("path", sorted((HERE / "examples/invalid").glob("*.json")), ids=lambda path: path.stem)
def test_what_the_specification_calls_invalid_is_refused(client: TestClient, path: Any) -> None:
    assert client.post("/reconcile", data={"queries": path.read_text("utf-8")}).status_code == 400


@pytest.mark.parametrize("path", sorted((HERE / "examples/valid").glob("*.json")), ids=lambda path: path.stem)
def test_of_what_the_specification_calls_valid_only_other_services_types_are_refused(
    client: TestClient, path: Any
) -> None:
    text = path.read_text("utf-8")
    answer = client.post("/reconcile", data={"queries": text})
    if answer.status_code != 200:
        assert "there is no type" in answer.json()["detail"] or "no property that narrows" in answer.json()["detail"]


def test_too_many_queries_are_refused_and_the_most_that_are_taken_is_told(client: TestClient) -> None:
    batch = {f"q{number}": {"query": "Stad Gent"} for number in range(51)}
    answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
    assert (answer.status_code, answer.json()["limit"]) == (413, 50)
    batch.popitem()
    assert client.post("/reconcile", data={"queries": json.dumps(batch)}).status_code == 200
    assert client.post("/reconcile", data={"queries": "x" * 600_000}).status_code == 413


def test_a_form_without_either_is_refused(client: TestClient) -> None:
    assert client.post("/reconcile", data={"q": "a"}).json()["parameter"] == "queries"
    assert client.post("/reconcile", json={"queries": {}}).status_code == 415
    both = client.post("/reconcile", data={"queries": "{}", "extend": "{}"})
    assert both.status_code == 400
