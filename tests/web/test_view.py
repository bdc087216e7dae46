"""Versions on pages: who asked for one stays in it, and is told so; and a page is the same wherever it is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, Store, parse
from starlette.testclient import TestClient

from zorgkg.content import Content, locate
from zorgkg.engine.embedded import merge
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.settings import read
from zorgkg.terms import ID, dataset_graph
from zorgkg.web.app import create
from zorgkg.web.protocol import graphs
from zorgkg.web.serving import Serving

HERE = Path(__file__).parent
HTML = {"Accept": "text/html"}
OLD, NEW = "20250101T000000Z-aaaa", "20250202T000000Z-bbbb"
PAGES = ["/", "/projects", "/sparql", "/ns", "/datasets", "/doc/project/linde", "/doc/dataset/proef"]


def publish(home: Home, identifier: str) -> None:
    with home.publishing() as candidate:
        store = Store(str(candidate / "store"))
        for name, file in (("proef", "graph.ttl"), ("ontology", "ontology.ttl")):
            store.load((HERE / file).read_bytes(), RdfFormat.TURTLE, to_graph=dataset_graph(name))
        merge(store)
        store.flush()
        statements = len(store)
        del store
        created = f"{identifier[:4]}-{identifier[4:6]}-{identifier[6:8]}T00:00:00+00:00"
        datasets = {"proef": 100, "ontology": 30}
        home.publish(candidate, Manifest(identifier, created, statements, statements, "0" * 64, datasets))


@pytest.fixture(scope="module")
def versioned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server with two versions; queries run in processes of their own."""
    folder = tmp_path_factory.mktemp("served")
    home = Home(folder / "home")
    publish(home, OLD)
    publish(home, NEW)
    queries = folder / "queries"
    queries.mkdir()
    serving = Serving(Content(locate().ontology, queries, queries), home, read({}, {}))
    with TestClient(create(serving.current, serving), follow_redirects=False) as client:
        yield client
    serving.close()


def links(page: str) -> list[str]:
    """The links of a page into this service, but those of the banner, which leave the version."""
    inside = re.sub(r'<aside class="version".*?</aside>', "", page, flags=re.DOTALL)
    return [one.replace("&amp;", "&") for one in re.findall(r'<a [^>]*href="(/[^"]*|\?[^"]*)"', inside)]


@pytest.mark.parametrize("path", PAGES)
def test_who_asked_for_a_version_stays_in_it(versioned: TestClient, path: str) -> None:
    page = versioned.get(f"{path}?version={OLD}", headers=HTML)
    assert page.status_code == 200
    found = links(page.text)
    assert len(found) > 5
    assert [one for one in found if f"version={OLD}" not in one and "/static/" not in one] in (
        [],
        ["/ns/context.jsonld"],
    )
    forms = page.text.count("<form ")
    assert page.text.count(f'<input type="hidden" name="version" value="{OLD}">') == forms
    # Every language of the page is one of the same version.
    assert all(f"version={OLD}" in one for one in found if one.startswith("?"))


@pytest.mark.parametrize("path", ["/api", "/api/projects/linde", "/api/projects/linde.ttl", "/id/project/linde"])
def test_a_program_that_asked_for_a_version_stays_in_it(versioned: TestClient, path: str) -> None:
    answer = versioned.get(f"{path}?version={OLD}")
    assert answer.status_code in (200, 303)
    led = [one["url"] for one in answer.links.values()] + re.findall(r'"(http://testserver[^"]*)"', answer.text)
    assert any(one.startswith("http://testserver/") for one in led)
    assert [one for one in led if one.startswith("http://testserver/") and f"version={OLD}" not in one] == []


def test_language_and_version_are_kept_together(versioned: TestClient) -> None:
    found = links(versioned.get(f"/doc/project/linde?version={OLD}&lang=fr", headers=HTML).text)
    things = [one for one in found if one.startswith("/doc/") and "." not in one.partition("?")[0]]
    assert things
    assert all("lang=fr" in one and f"version={OLD}" in one for one in things)


def test_the_page_of_a_version_says_so_and_leads_to_the_current_one(versioned: TestClient) -> None:
    page = versioned.get(f"/doc/project/linde?version={OLD}&lang=en", headers=HTML)
    banner = page.text.partition('<aside class="version"')[2].partition("</aside>")[0]
    assert f"You are looking at version {OLD} of 2025-01-01." in banner
    assert 'href="/doc/project/linde?lang=en"' in banner
    assert 'rel="latest-version"' in page.headers["link"]
    assert "<http://testserver/doc/project/linde>" in page.headers["link"]
    assert '<aside class="version"' not in versioned.get("/doc/project/linde", headers=HTML).text
    assert '<aside class="version"' not in versioned.get("/doc/project/linde?version=current", headers=HTML).text


def test_the_beginning_of_a_version_is_kept_by_its_whole_name(versioned: TestClient) -> None:
    found = links(versioned.get(f"/projects?version={OLD[:6]}", headers=HTML).text)
    assert "/projects?version=" + OLD in found


def test_a_version_that_is_not_there_is_not_kept(versioned: TestClient) -> None:
    page = versioned.get("/projects?version=nothing", headers=HTML)
    assert page.status_code == 404
    assert "version=nothing" not in "".join(one for one in links(page.text) if one.startswith("/"))


def test_other_forms_and_downloads_are_of_the_same_version(versioned: TestClient) -> None:
    page = versioned.get(f"/doc/dataset/proef?version={OLD}", headers=HTML)
    assert f'<link rel="alternate" type="text/turtle" href="/doc/dataset/proef.ttl?version={OLD}">' in page.text
    assert f"format=ttl&amp;version={OLD}" in page.text
    data = versioned.get(f"/doc/dataset/proef.ttl?version={OLD}")
    assert data.headers["x-zorgkg-version"] == OLD
    assert f"format=ttl&version={OLD}" in data.text


def test_a_canonical_address_has_no_version(versioned: TestClient) -> None:
    page = versioned.get(f"/doc/project/linde?version={OLD}", headers=HTML)
    assert '<link rel="canonical" href="http://testserver/doc/project/linde">' in page.text


@pytest.mark.parametrize(
    "path", ["project/linde", "organisation/ocmw", "framework/vvsg", "source/rapport", "place/mechelen"]
)
def test_a_page_made_in_another_process_is_the_same(client: TestClient, versioned: TestClient, path: str) -> None:
    def main(served: TestClient) -> str:
        page = served.get(f"/doc/{path}?lang=en", headers=HTML)
        assert page.status_code == 200
        return str(page.text.partition("<main")[2].partition("</main>")[0])

    assert main(client) == main(versioned)


def test_what_is_unknown_there_is_404_and_not_a_failure(versioned: TestClient) -> None:
    assert versioned.get("/doc/project/niets", headers=HTML).status_code == 404


@pytest.mark.parametrize("form", ["nt", "ttl"])
def test_a_large_graph_is_downloaded_as_it_is_read(
    versioned: TestClient, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    path = f"/graphs?graph={quote(ID, safe='')}dataset%2Fproef&format={form}"
    at_once = versioned.get(path)
    monkeypatch.setattr(graphs, "_LARGE", 10)
    monkeypatch.setattr(graphs, "_BATCH", 7)
    streamed = versioned.get(path)
    assert "content-length" in at_once.headers
    assert "content-length" not in streamed.headers
    assert streamed.headers["content-type"] == at_once.headers["content-type"]
    kind = RdfFormat.TURTLE if form == "ttl" else RdfFormat.N_TRIPLES
    first, second = (Dataset(parse(one.content, kind)) for one in (at_once, streamed))
    for one in (first, second):
        one.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert len(first) > 100
    assert first == second
    assert versioned.head(path).content == b""


def test_the_address_of_a_dataset_keeps_what_was_asked(versioned: TestClient) -> None:
    where = versioned.get(f"/datasets/proef?lang=fr&version={OLD}").headers["location"]
    assert where == f"/doc/dataset/proef?lang=fr&version={OLD}"


def test_the_catalogue_offers_the_whole_where_it_can_be_had(versioned: TestClient) -> None:
    page = versioned.get("/datasets?lang=en", headers=HTML).text.partition("The whole graph")[2]
    assert 'href="/graphs?format=nq"' in page
    assert versioned.get("/graphs?format=nq").headers["content-type"] == "application/n-quads"
    assert "http://testserver/graphs?format=nq" in versioned.get("/.well-known/void").text
