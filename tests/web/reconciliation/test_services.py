"""The manifest, and the services that it names: suggest, preview, view, data extension."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from starlette.testclient import TestClient

from zorgkg.languages import LANGUAGES

Valid = Callable[[str, object], None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manifest_is_as_the_specification_has_it(client: TestClient, valid: Valid, language: str) -> None:
    manifest = client.get("/reconcile", params={"lang": language}).json()
    valid("manifest", manifest)
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://w3id.org/zorgkg/id/"
    assert manifest["batchSize"] == 50


def followed(client: TestClient, service: dict[str, str], **query: Any) -> Any:
    """Ask a service of the manifest, as a client does that joins both parts and adds its parameters."""
    url = service["service_url"] + service["service_path"]
    parts = urlsplit(url)
    joined = "&" if parts.query else "?"
    given = "&".join(f"{name}={quote(str(value))}" for name, value in query.items())
    answer = client.get(f"{url}{joined}{given}")
    assert answer.status_code == 200, answer.text
    return answer


def test_the_addresses_of_the_manifest_keep_the_language(client: TestClient, valid: Valid) -> None:
    manifest = client.get("/reconcile?lang=fr").json()
    types = followed(client, manifest["suggest"]["type"], prefix="")
    valid("suggest-types-response", types.json())
    assert types.json()["result"][0] == {"id": "organisation", "name": "organisation"}
    assert "commune" in {one["name"] for one in types.json()["result"]}
    entities = followed(client, manifest["suggest"]["entity"], prefix="OCMW Gent")
    valid("suggest-entities-response", entities.json())
    assert entities.json()["result"][0]["description"] == "CPAS · Gand"
    proposed = followed(client, manifest["extend"]["propose_properties"], type="organisation", limit=2)
    valid("data-extension-property-proposal", proposed.json())
    assert proposed.json()["properties"][0]["name"] == "nom"
    preview = client.get(manifest["preview"]["url"].replace("{{id}}", quote("organisation/ocmw-gent", safe="")))
    assert preview.headers["content-language"] == "fr"
    seen = client.get(manifest["view"]["url"].replace("{{id}}", quote("organisation/ocmw-gent", safe="")))
    assert seen.headers["location"] == "/doc/organisation/ocmw-gent?lang=fr"


# Suggest


@pytest.mark.parametrize("prefix", ["organisation/ocmw-gent", "OCMW Gent", "ocmw g", "CPAS de Gand"])
def test_a_name_its_beginning_or_an_id_suggests_the_entity(client: TestClient, prefix: str) -> None:
    found = client.get("/reconcile/suggest/entity", params={"prefix": prefix}).json()["result"]
    expected = "organisation/ocmw-gent"
    assert prefix == "CPAS de Gand" or found[0]["id"] == expected
    assert all({"id", "name", "notable"} <= one.keys() for one in found)


def test_more_suggestions_follow_the_cursor(client: TestClient) -> None:
    pages = [
        client.get("/reconcile/suggest/entity", params={"prefix": "buurt", "cursor": cursor}).json()["result"]
        for cursor in (0, 10)
    ]
    ids = [one["id"] for page in pages for one in page]
    assert len(ids) == len(set(ids)) == 20


def test_a_type_that_a_client_sends_along_keeps_to_it(client: TestClient) -> None:
    given = {"prefix": "gent", "type": "municipality", "type_strict": "any"}
    found = client.get("/reconcile/suggest/entity", params=given).json()["result"]
    assert found[0]["id"] == "place/gent"
    assert all("municipality" in [kind["id"] for kind in one["notable"]] for one in found)


def test_properties_are_suggested_by_id_and_by_name(client: TestClient, valid: Valid) -> None:
    for prefix in ("munic", "gemeen"):
        found = client.get("/reconcile/suggest/property", params={"prefix": prefix, "lang": "nl"}).json()
        valid("suggest-properties-response", found)
        assert found["result"][0]["id"] == "municipality"


def test_what_cannot_be_suggested_is_told(client: TestClient) -> None:
    assert client.get("/reconcile/suggest/flyout").status_code == 404
    assert client.get("/reconcile/suggest/entity?cursor=x").json()["parameter"] == "cursor"
    assert client.get("/reconcile/suggest/entity", params={"prefix": "x" * 201}).json()["parameter"] == "prefix"
    assert client.get("/reconcile/properties?type=x").json()["parameter"] == "type"


# Preview


def test_a_preview_may_stand_in_a_page_of_another_site(client: TestClient) -> None:
    preview = client.get("/reconcile/preview", params={"id": "organisation/ldc-de-bres"})
    assert preview.status_code == 200
    assert "frame-ancestors" not in preview.headers["content-security-policy"]
    assert "Lokaal dienstencentrum De Bres" in preview.text
    assert "Poperinge" in preview.text
    assert "kbs-2021" in preview.text
    assert "<form" not in preview.text


def test_of_what_is_not_here_there_is_no_preview_and_no_view(client: TestClient) -> None:
    for path in ("preview", "view"):
        assert client.get(f"/reconcile/{path}", params={"id": "https://evil.example/"}).status_code == 404
        assert client.get(f"/reconcile/{path}").json()["parameter"] == "id"


def test_a_view_in_a_language_that_there_is_not_is_refused(client: TestClient) -> None:
    given = {"id": "organisation/ldc-de-bres", "lang": "xx"}
    assert client.get("/reconcile/view", params=given, follow_redirects=False).status_code == 400
    assert client.get("/reconcile/view", params=given | {"lang": "fr"}, follow_redirects=False).status_code == 303


# Data extension


def extend(client: TestClient, ids: list[str], *properties: str, **settings: Any) -> Any:
    given = {"ids": ids, "properties": [{"id": one, "settings": settings} for one in properties]}
    return client.post("/reconcile", data={"extend": json.dumps(given)})


def test_values_come_as_things_texts_numbers_and_dates(client: TestClient, valid: Valid) -> None:
    ids = ["organisation/ocmw-gent", "place/beveren", "project/samen-op-de-koffie", "nothing/at-all"]
    answer = extend(client, ids, "municipality", "validThrough", "nis", "kind", "alternative", "fiche", "point").json()
    valid("data-extension-response", answer)
    assert list(answer["rows"]) == ids
    assert answer["rows"]["organisation/ocmw-gent"]["municipality"] == [{"id": "place/gent", "name": "Gent"}]
    assert answer["rows"]["place/beveren"]["validThrough"] == [{"date": "2024-12-31T00:00:00"}]
    assert answer["rows"]["place/beveren"]["nis"] == [{"str": "46003"}]
    assert {"str": "Buurten op de koffie"} in answer["rows"]["project/samen-op-de-koffie"]["alternative"]
    assert all(values == [] for values in answer["rows"]["nothing/at-all"].values())
    meta = {one["id"]: one for one in answer["meta"]}
    assert meta["municipality"] == {
        "id": "municipality",
        "name": "gemeente",
        "type": {"id": "municipality", "name": "gemeente"},
    }
    numbers = extend(client, ["project/zorgzaam-deerlijk"], "fiche").json()
    assert numbers["rows"]["project/zorgzaam-deerlijk"]["fiche"] == [{"int": 33}]


def test_a_setting_limits_the_values(client: TestClient) -> None:
    ids = ["project/zorgzaam-deerlijk"]
    assert len(extend(client, ids, "component").json()["rows"][ids[0]]["component"]) > 1
    # OpenRefine sends the text of its form.
    for limit in (1, "1"):
        assert len(extend(client, ids, "component", limit=limit).json()["rows"][ids[0]]["component"]) == 1


def test_every_property_of_every_type_can_be_fetched(client: TestClient, valid: Valid) -> None:
    kinds = [one["id"] for one in client.get("/reconcile/suggest/type").json()["result"]]
    for kind in kinds:
        proposed = client.get("/reconcile/properties", params={"type": kind}).json()["properties"]
        suggested = client.get("/reconcile/suggest/entity", params={"prefix": "zorg", "type": kind}).json()["result"]
        ids = [one["id"] for one in suggested][:3]
        answer = extend(client, ids, *(one["id"] for one in proposed))
        assert answer.status_code == 200, answer.text
        valid("data-extension-response", answer.json())


def test_by_get_too(client: TestClient) -> None:
    given = json.dumps({"ids": ["place/gent"], "properties": [{"id": "label"}]})
    answer = client.get("/reconcile", params={"extend": given, "lang": "fr"}).json()
    assert answer["rows"]["place/gent"]["label"] == [{"str": "Gand"}]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{", "extend is no JSON"),
        ("[]", "extend is an object with a list of ids"),
        ('{"ids": [1], "properties": []}', "extend.ids is a list of ids"),
        ('{"ids": [], "properties": [{}]}', "extend.properties.0 is an object with the id of a property"),
        ('{"ids": [], "properties": [{"id": "x"}]}', "there is no property 'x'; there are: municipality"),
        (
            '{"ids": [], "properties": [{"id": "label", "settings": {"limit": "a"}}]}',
            "settings.limit is a whole number",
        ),
        (
            '{"ids": [], "properties": [{"id": "label", "settings": {"limit": 1e999}}]}',
            "settings.limit is a whole number",
        ),
        ('{"ids": ["\\ud800"], "properties": []}', "extend has half of a surrogate pair"),
    ],
)
def test_a_bad_request_is_refused_with_what_is_wrong(client: TestClient, given: str, told: str) -> None:
    answer = client.post("/reconcile", data={"extend": given})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "extend"
    assert told in answer.json()["detail"]


def test_too_many_things_are_refused(client: TestClient) -> None:
    assert extend(client, [f"place/p{number}" for number in range(201)], "label").status_code == 413
