"""What crawlers read: the sitemap and its parts, and what they are asked to leave alone."""

from __future__ import annotations

import dataclasses
import re
from xml.etree import ElementTree

import pytest
from pyoxigraph import NamedNode, Quad, Store
from starlette.testclient import TestClient

from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.terms import ID, dataset_graph, term
from zorgkg.web.app import create
from zorgkg.web.catalogue import sitemap
from zorgkg.web.service import Service

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(client: TestClient, path: str, root: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/xml"
    tree = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    assert tree.tag == SITEMAP + root
    for one in tree:
        assert one.findtext(f"{SITEMAP}lastmod") == "2025-01-02T03:04:05+00:00"
    return [one.findtext(f"{SITEMAP}loc") or "" for one in tree]


def paths(client: TestClient) -> list[str]:
    parts = locations(client, "/sitemap.xml", "sitemapindex")
    found = [one for part in parts for one in locations(client, part.removeprefix("http://testserver"), "urlset")]
    assert all(one.startswith("http://testserver/") for one in found)
    return [one.removeprefix("http://testserver") for one in found]


def test_every_address_of_the_sitemap_leads_to_a_page(client: TestClient) -> None:
    found = paths(client)
    assert len(found) == len(set(found))
    for path in found:
        assert client.get(path, headers={"Accept": "text/html"}).status_code == 200, path


def test_the_sitemap_has_what_people_look_for(client: TestClient) -> None:
    found = paths(client)
    for path in (
        *("/", "/projects", "/datasets", "/api/questions/names", "/doc/dataset/proef", "/doc/project/linde"),
        *("/doc/organisation/ldc", "/doc/place/hoekje", "/doc/framework/vvsg/1", "/doc/source/rapport"),
    ):
        assert path in found, path
    assert not any("#" in path or "passage" in path for path in found)


def test_a_part_holds_no_more_than_the_protocol_allows(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "PART", 10)
    store = Store()
    projects = [NamedNode(f"{ID}project/p{n:02}") for n in range(25)]
    store.extend([Quad(one, term("rdf:type"), term("zorg:Project"), dataset_graph("proef")) for one in projects])
    many = dataclasses.replace(service, engine=EmbeddedEngine.of(store, "many"))
    with TestClient(create(many)) as client:
        parts = [one for one in locations(client, "/sitemap.xml", "sitemapindex") if "project" in one]
        assert len(parts) == 3
        sizes = [len(locations(client, one.removeprefix("http://testserver"), "urlset")) for one in parts]
        assert sizes == [10, 10, 5]
        assert len({path for path in paths(client) if path.startswith("/doc/project/")}) == 25


def test_a_name_with_marks_of_xml_is_an_address(service: Service) -> None:
    store = Store()
    store.add(Quad(NamedNode(f"{ID}project/a&b'c"), term("rdf:type"), term("zorg:Project"), dataset_graph("proef")))
    odd = dataclasses.replace(service, engine=EmbeddedEngine.of(store, "odd"))
    with TestClient(create(odd)) as client:
        assert "/doc/project/a%26b%27c" in paths(client)


@pytest.mark.parametrize("path", ["/sitemap-project-2.xml", "/sitemap-nothing-1.xml", "/sitemap-project-01.xml"])
def test_a_part_that_is_not_there_is_404(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


# robots.txt


def allowed(rules: str, path: str) -> bool:
    """What a crawler may read: the longest rule that matches counts, of equals that which allows (RFC 9309, 2.2.2)."""
    best = (0, True)
    for line in rules.splitlines():
        name, _, pattern = line.partition(": ")
        if name in ("Allow", "Disallow"):
            expression = re.escape(pattern.removesuffix("$")).replace(r"\*", ".*") + (
                "$" if pattern.endswith("$") else ""
            )
            if re.match(expression, path):
                best = max(best, (len(pattern), name == "Allow"))
    return best[1]


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/doc/project/linde", "/doc/project/linde?lang=fr", "/doc/project/linde.ttl", "/sparql", "/ns"),
        *("/api/questions/names", "/api/questions/names?lang=fr", "/datasets", "/static/style.css", "/sitemap.xml"),
    ],
)
def test_what_a_crawler_may_read(client: TestClient, path: str) -> None:
    assert allowed(client.get("/robots.txt").text, path)


@pytest.mark.parametrize(
    "path",
    [
        *("/sparql?query=ASK%7B%7D", "/api/questions/names?part=Es", "/api/questions/names?lang=fr&limit=2"),
        *(
            "/graphs?graph=x",
            "/doc/project/linde?version=2025",
            "/versions/x/diff",
            "/doc/project/linde?lang=fr&version=x",
        ),
    ],
)
def test_what_a_crawler_is_asked_to_leave_alone(client: TestClient, path: str) -> None:
    assert not allowed(client.get("/robots.txt").text, path)


def test_robots_name_the_sitemap(client: TestClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "Sitemap: http://testserver/sitemap.xml" in answer.text.splitlines()
