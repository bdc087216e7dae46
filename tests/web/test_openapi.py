"""The description of the API: valid, whole and true, in three languages; and the pages that are made of it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, cast
from urllib.parse import quote, urlencode

import jsonschema_rs
import pytest
import schemathesis
from pyoxigraph import Store
from starlette.testclient import TestClient

from tests.web import real
from zorgkg.collection.table import COLLECTIONS
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.languages import LANGUAGES
from zorgkg.web.app import create
from zorgkg.web.openapi import document
from zorgkg.web.openapi.operation import Operation
from zorgkg.web.openapi.serving import Description
from zorgkg.web.service import Service

HTML = {"Accept": "text/html"}
PAGES = {
    *("/", "/projects", "/search", "/metrics", "/sparql", "/static", "/robots.txt"),
    *("/sitemap.xml", "/sitemap-{part}.xml"),
    # Pages about the operations.
    *("/api/docs", "/api/docs/{operation}", "/api/docs/{operation}/open"),
    # What crawlers read.
    *("/robots.txt", "/sitemap.xml", "/sitemap-{part}.xml"),
}
"""Routes that are for people, or that are no reads."""


@pytest.fixture(scope="module")
def service(graph: Store, engine: EmbeddedEngine, tmp_path_factory: pytest.TempPathFactory) -> Service:
    index = real.index_of(graph, tmp_path_factory.mktemp("index"))
    return real.service_of(graph, engine, tmp_path_factory.mktemp("home"), index)


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    with real.client_of(service) as client:
        yield client


@pytest.fixture(scope="module", params=LANGUAGES)
def described(request: pytest.FixtureRequest, client: TestClient) -> dict[str, Any]:
    response = client.get("/api/openapi.json", params={"lang": request.param})
    assert response.headers["content-language"] == request.param
    return cast("dict[str, Any]", response.json())


@pytest.fixture(scope="module")
def operations(service: Service) -> list[Operation]:
    return Description().operations(service, "en")


def schemas(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if isinstance(node.get("schema"), dict):
            yield node["schema"]
        for value in node.values():
            yield from schemas(value)
    elif isinstance(node, list):
        for value in node:
            yield from schemas(value)


def each(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in described["paths"].items():
        for method, one in item.items():
            yield path, method, one


def resolved(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema that can be used by itself."""
    return {**schema, "components": described["components"]}


# The document


def test_it_is_openapi_3_1_as_the_specification_has_it(described: dict[str, Any]) -> None:
    schemathesis.openapi.from_dict(described).validate()
    found = list(schemas(described))
    assert len(found) > 500
    for schema in {json.dumps(one, sort_keys=True) for one in found}:
        jsonschema_rs.meta.validate(json.loads(schema))


def test_every_operation_has_a_name_of_its_own_and_words(described: dict[str, Any]) -> None:
    names = [one["operationId"] for _, _, one in each(described)]
    assert len(names) == len(set(names)) > 90
    tags = {tag["name"] for tag in described["tags"]}
    for path, _, one in each(described):
        assert one["summary"], path
        assert set(one["tags"]) <= tags
        assert all(parameter["description"] for parameter in one.get("parameters", ())), path


def test_each_language_has_its_own_words(client: TestClient) -> None:
    found = [client.get("/api/openapi.json", headers={"Accept-Language": tag}).json() for tag in LANGUAGES]
    for nl, fr, en in zip(*([one for *_, one in each(described)] for described in found), strict=True):
        assert len({nl["summary"], fr["summary"], en["summary"]}) > 1, nl["operationId"]
        assert [one["name"] for one in nl.get("parameters", ())] == [one["name"] for one in en.get("parameters", ())]
        assert fr["operationId"] == nl["operationId"]


def test_every_route_is_described_or_a_page(client: TestClient, service: Service) -> None:
    described = client.get("/api/openapi.json").json()["paths"]
    plain = {re.sub(r":path\}", "}", path) for path in described}
    shapes = {re.sub(r"\{[^}]*\}", "{}", path) for path in plain}
    for route in create(service).routes:
        path = re.sub(r":path\}", "}", route.path)  # type: ignore[attr-defined]
        # A suffix and a deeper path are the same operation, which its description tells.
        shape = re.sub(r"\{[^}]*\}", "{}", path).removesuffix(".{}")
        shape = re.sub(r"\.(ttl|jsonld|nt|rdf|html)$", "", shape)
        known = shape in shapes or f"{shape}/{{}}" in shapes or shape == "/graphs/{}"
        is_question = shape == "/api/questions/{}" and any(one.startswith("/api/questions/") for one in described)
        assert path in PAGES or path in plain or known or is_question, path


def test_the_schemas_of_values_hold_all_that_there_are(client: TestClient) -> None:
    described = client.get("/api/openapi.json?lang=en").json()
    parameters = {one["name"]: one for one in described["paths"]["/api/projects"]["get"]["parameters"]}
    provinces = resolved(described, parameters["province"]["schema"])
    shared = described["components"]["schemas"][provinces["items"]["$ref"].rpartition("/")[2]]
    assert set(shared["enum"]) >= {"antwerpen", "oost-vlaanderen"} or "provincie-antwerpen" in shared["enum"]
    # Too many to list: an example that works.
    assert "$ref" not in parameters["municipality"]["schema"]["items"]
    assert parameters["municipality"]["example"]
    frameworks = {one["slug"] for one in client.get("/api/frameworks").json()}
    slug = described["paths"]["/api/frameworks/{slug}"]["get"]["parameters"][0]["schema"]
    assert set(slug["enum"]) == frameworks


def test_the_parameters_of_a_collection_are_those_that_it_takes(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    for collection in COLLECTIONS.values():
        told = [one["name"] for one in described["paths"][f"/api/{collection.name}"]["get"]["parameters"]]
        refused = client.get(f"/api/{collection.name}?no-such=1").json()
        assert set(refused["allowed"]) == set(told)


def test_a_question_tells_the_types_of_its_columns(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()

    def members(question: str) -> dict[str, Any]:
        answers = described["paths"][f"/api/questions/{question}"]["get"]["responses"]["200"]["content"]
        return cast("dict[str, Any]", answers["application/json"]["schema"]["items"]["properties"])

    coverage = members("coverage-by-province")
    assert {"integer", "null"} in [set(one["type"]) for one in coverage.values()]
    lacking = members("lacking-component")
    assert lacking["project"]["type"] == lacking["projectLabel"]["type"] == ["string", "null"]
    assert lacking["lacking"]["type"] == ["integer", "null"]
    assert list(lacking)[:3] == ["project", "projectLabel", "projectLabelLang"]
    known = [kind for one in service_questions(described) for kind in members(one).values()]
    unknown = [one for one in known if len(one["type"]) > 2]
    assert len(unknown) < len(known) / 10


def service_questions(described: dict[str, Any]) -> list[str]:
    return [path.rpartition("/")[2] for path in described["paths"] if path.startswith("/api/questions/")]


def test_it_is_made_once_for_a_version_and_a_language(service: Service) -> None:
    description = Description()
    assert description.operations(service, "nl") is description.operations(service, "nl")
    assert description.operations(service, "nl") is not description.operations(service, "fr")


# What it promises


OF_NONE = "/api/activities/{slug}"
"""There is no activity until a partner brings one, and so no example."""


def request_of(one: dict[str, Any], path: str) -> str:
    """The request of an operation's own examples."""
    pairs: list[tuple[str, str]] = []
    for parameter in one.get("parameters", ()):
        example = parameter.get("example")
        if parameter["in"] == "path":
            value = example or parameter["schema"]["enum"][0]
            path = path.replace(f"{{{parameter['name']}}}", quote(str(value), safe=""))
        elif parameter["name"] != "version" and example is not None:
            pairs += [
                (parameter["name"], str(value)) for value in (example if isinstance(example, list) else [example])
            ]
    return path, pairs  # type: ignore[return-value]


def required(one: dict[str, Any]) -> set[str]:
    return {each["name"] for each in one.get("parameters", ()) if each["in"] == "query" and each["required"]}


def test_the_examples_work_and_the_answers_are_as_described(client: TestClient) -> None:
    """Of every read: with each of its examples, and in JSON of the very form that its schema tells."""
    described = client.get("/api/openapi.json?lang=en").json()
    for template, method, one in each(described):
        if method != "get" or template in ("/metrics", OF_NONE):
            continue
        path, pairs = cast("tuple[str, list[tuple[str, str]]]", request_of(one, template))
        # Without a version on disk the whole dataset is nowhere; evidence is of one thing or another.
        needed = [pair for pair in pairs if pair[0] in required(one)]
        for query in [
            *([needed] if template not in ("/graphs", "/api/evidence") else []),
            *([*needed, pair] for pair in pairs[len(needed) :]),
        ]:
            response = client.get(f"{path}{'?' + urlencode(query) if query else ''}")
            assert str(response.status_code) in one["responses"], (path, query, response.text)
            assert response.status_code < 400, (path, query, response.text)
            told = one["responses"][str(response.status_code)]
            for header in told.get("headers", ()):
                assert header in response.headers or header in ("Link", "ETag"), (path, header)
            media = response.headers.get("content-type", "").partition(";")[0]
            if told.get("content"):
                assert media in told["content"], (path, media)
            if media == "application/json":
                schema = resolved(described, told["content"][media]["schema"])
                errors = [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(response.json())]
                assert not errors, (path, query, errors[:3])
                if query and query[-1][0] in ("q", "fields") and template != "/api/activities":
                    assert response.json() not in ([], {}), (path, query)


PASSING = {"/sparql", "/reconcile", "/reconcile/suggest/{what}"}
"""Reads to which clients of a standard send parameters of their own."""


def test_a_parameter_that_there_is_not_is_refused_everywhere(client: TestClient) -> None:
    described = client.get("/api/openapi.json?lang=en").json()
    asked = [
        request_of(one, template)[0]
        for template, method, one in each(described)
        if method == "get" and template not in PASSING and template != OF_NONE
    ]
    asked += [*sorted(path for path in PAGES - PASSING - {"/static"} if "{" not in path), "/sitemap-pages-1.xml"]
    asked += ["/api/docs/projects", "/api/questions?format=html", "/search?q=lier"]
    silent = [path for path, method, one in each(described) if method == "get" and "400" not in one["responses"]]
    assert silent == []
    for path in asked:
        response = client.get(f"{path}{'&' if '?' in path else '?'}no-such=1")
        if response.status_code == 303:
            # What a page is moved to refuses it.
            response = client.get(response.headers["location"])
        assert response.status_code == 400, path
        assert response.json()["type"].endswith("/unknown-parameter"), path
        assert response.json()["parameter"] == "no-such", path
    # A new file may be asked for under a new address.
    assert client.get("/static/style.css?v=2").status_code == 200


def test_every_form_that_is_described_can_be_had(client: TestClient) -> None:
    described = client.get("/api/openapi.json?lang=en").json()
    for path in ("/api/projects", "/api/calls", "/api/questions/projects-near", "/api/questions/coverage-by-province"):
        one = described["paths"][path]["get"]
        form = next(parameter for parameter in one["parameters"] if parameter["name"] == "format")
        given = set()
        for name in form["schema"]["enum"]:
            response = client.get(path, params={"format": name, "limit": 3})
            assert response.status_code == 200, (path, name)
            given.add(response.headers["content-type"].partition(";")[0])
        assert given == set(one["responses"]["200"]["content"])
    near = described["paths"]["/api/questions/coverage-by-province"]["get"]["parameters"]
    assert "geojson" not in next(one for one in near if one["name"] == "format")["schema"]["enum"]


# Pages


class Reader(HTMLParser):
    """Collects what a page loads, and its fields and their labels."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.fields: dict[str, dict[str, str | None]] = {}
        self.labels: list[str] = []
        self.ids: list[str] = []
        self.forms: list[dict[str, str | None]] = []
        # The box that searches everything stands on every page, above what is the page's own.
        self.feed(page.partition("<main")[0].partition("<form")[0] + page.partition("<main")[2].partition("</main>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in ("script", "img", "link", "iframe"):
            self.loaded.append(str(found.get("src") or found.get("href")))
        if tag in ("input", "select") and found.get("type") != "hidden":
            self.fields[str(found["name"])] = found
        if tag == "label":
            self.labels.append(str(found["for"]))
        if tag == "form":
            self.forms.append(found)
        if "id" in found:
            self.ids.append(str(found["id"]))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_documentation_lists_every_operation_by_tag(
    client: TestClient, operations: list[Operation], lang: str
) -> None:
    page = client.get("/api/docs", params={"lang": lang}).text
    for one in operations:
        assert f'href="/api/docs/{one.id}?lang={lang}"' in page
        assert f"{one.method.upper()} {one.path}" in page
        assert document.tag(one.tag, lang) in page.replace("&#39;", "'")
    assert all(where.startswith("/") for where in Reader(page).loaded)
    assert "<script>" not in page


def test_every_operation_has_a_page_with_a_field_for_each_parameter(
    client: TestClient, operations: list[Operation]
) -> None:
    for place, one in enumerate(operations):
        response = client.get(f"/api/docs/{one.id}", params={"lang": LANGUAGES[place % 3]})
        assert response.status_code == 200
        read = Reader(response.text)
        assert all(where.startswith("/") for where in read.loaded)
        assert len(read.ids) == len(set(read.ids)), one.id
        if one.method == "get":
            assert list(read.fields) == [each.name for each in one.parameters]
            for field in read.fields.values():
                assert field["id"] in read.labels
                assert field["aria-describedby"] in read.ids
        else:
            assert not read.forms


def test_a_form_opens_the_answer_without_a_script(client: TestClient) -> None:
    page = Reader(client.get("/api/docs/projects-one").text)
    assert page.forms[0]["method"] == "get"
    where = f"{page.forms[0]['action']}?slug=zorgzaam-deerlijk&lang=&format=ttl&version="
    opened = client.get(where)
    assert opened.status_code == 303
    assert opened.headers["location"] == "/api/projects/zorgzaam-deerlijk?format=ttl"
    assert client.get(opened.headers["location"]).headers["content-type"].startswith("text/turtle")
    several = client.get("/api/docs/projects/open?province=&framework=vvsg&framework=sombrero&fields=slug&fields=label")
    assert several.headers["location"] == "/api/projects?framework=vvsg&framework=sombrero&fields=slug&fields=label"
    assert client.get(several.headers["location"]).status_code == 200
    assert client.get("/api/docs/projects-one/open?slug=").status_code == 400
    assert client.get("/api/docs/nothing").status_code == 404
    # A value stays a part of the path.
    assert client.get("/api/docs/projects-one/open?slug=../x").headers["location"] == "/api/projects/..%2Fx"


def test_the_command_for_curl_works_as_it_stands(client: TestClient, operations: list[Operation]) -> None:
    for one in operations:
        if one.needs_token or one.path == OF_NONE:
            continue
        text = re.search(r"<pre[^>]*><code>(.*?)</code>", client.get(f"/api/docs/{one.id}").text, re.DOTALL)
        assert text
        command = shlex.split(
            text[1].replace("&#39;", "'").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
        )
        assert command[0] == "curl"
        url = command[-1].removeprefix("http://testserver")
        if one.method == "get":
            assert client.get(url).status_code in (200, 303), url
        elif one.path == "/sparql":
            headers = dict([command[command.index("-H") + 1].split(": ", 1)])
            body = command[command.index("--data-binary") + 1]
            assert client.post(url, content=body, headers=headers).status_code == 200


def test_home_and_api_lead_to_the_documentation(client: TestClient) -> None:
    for path in ("/", "/api"):
        assert 'href="/api/docs"' in client.get(path, headers=HTML).text
