"""Pages as a reader meets them: language, structure, nothing from elsewhere, nothing unescaped; and what all share."""

from __future__ import annotations

import logging
import re
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from zorgkg.engine.interface import Answer, Dataset
from zorgkg.languages import LANGUAGES
from zorgkg.web import pages, words
from zorgkg.web.app import create
from zorgkg.web.service import Service

PAGES = [
    *("/", "/projects", "/sparql", "/ns", "/datasets", "/api/questions", "/api/questions/names", "/nothing"),
    *("/api/questions/projects-in", "/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D", "/doc/project/linde"),
    *(
        "/doc/project/eik",
        "/doc/organisation/ocmw",
        "/doc/framework/vvsg",
        "/doc/place/mechelen",
        "/doc/source/rapport",
        "/doc/dataset/proef",
    ),
]
HTML = {"Accept": "text/html"}


class Outline(HTMLParser):
    """What a browser would load, jump to and read."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.fields: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        # A data block is not executed (HTML standard, section 4.12.1), so no policy keeps it out.
        if tag in ("script", "img", "iframe", "source") and given.get("type") != "application/ld+json":
            self.loaded.append(given.get("src", "inline"))
        if tag == "link" and given["rel"] in ("stylesheet", "icon"):
            self.loaded.append(given["href"])
        if tag == "a":
            self.links.append(given["href"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self.labels.append(given["for"])
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.fields.append(given["id"])


def outline(text: str) -> Outline:
    parser = Outline()
    parser.feed(text)
    return parser


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_loads_nothing_from_elsewhere(client: TestClient, path: str) -> None:
    page = client.get(path, headers=HTML)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in page.headers
    found = outline(page.text)
    assert all(where.startswith("/static/") for where in found.loaded)
    assert all(client.get(where).status_code == 200 for where in found.loaded)
    assert not found.inline
    assert "style" not in found.tags


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_read_by_everyone(client: TestClient, path: str) -> None:
    page = client.get(path, headers=HTML).text
    found = outline(page)
    assert {"header", "nav", "main", "footer", "title", "h1"} <= set(found.tags)
    assert found.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(found.headings, found.headings[1:], strict=False))
    assert len(found.ids) == len(set(found.ids))
    assert set(found.fields) <= set(found.labels)
    assert found.links[0] == "#content"
    assert found.tags.count("table") == found.tags.count("caption")
    assert page.count("<th ") + page.count("<th>") == page.count("<th scope=") + page.count("<th class=")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_comes_in_the_asked_language_and_offers_the_others(client: TestClient, path: str, language: str) -> None:
    separator = "&" if "?" in path else "?"
    page = client.get(f"{path}{separator}lang={language}", headers=HTML)
    assert f'<html lang="{language}">' in page.text
    assert page.headers["content-language"] == language
    for other in LANGUAGES:
        assert re.search(rf'<a href="\?[^"]*lang={other}" lang="{other}" hreflang="{other}"', page.text)


def test_the_language_switch_keeps_the_rest_of_the_address(client: TestClient) -> None:
    page = client.get("/api/questions/names?part=Es&limit=1&lang=nl", headers=HTML).text
    assert '<a href="?part=Es&amp;limit=1&amp;lang=fr"' in page


def test_the_language_that_was_chosen_goes_along_to_the_next_page(client: TestClient) -> None:
    links = [where for where in outline(client.get("/?lang=fr", headers=HTML).text).links if where.startswith("/")]
    assert all("lang=fr" in where or where == "/api/openapi.json" for where in links)
    unchosen = client.get("/", headers={**HTML, "Accept-Language": "fr"}).text
    assert '<html lang="fr">' in unchosen
    assert 'href="/projects"' in unchosen


def test_an_unknown_language_is_400_and_still_a_page(client: TestClient) -> None:
    response = client.get("/?lang=de", headers=HTML)
    assert response.status_code == 400
    assert '<html lang="nl">' in response.text


def test_every_link_of_a_page_leads_somewhere(client: TestClient) -> None:
    for path in PAGES:
        for where in outline(client.get(path, headers=HTML).text).links:
            if where.startswith("/"):
                assert client.get(where, headers=HTML).status_code == 200, (path, where)


def test_every_anchor_of_the_ontology_is_on_its_page(client: TestClient) -> None:
    page = outline(client.get("/ns", headers=HTML).text)
    assert {"Project", "inProvince"} <= set(page.ids)


@pytest.mark.parametrize("path", ["/doc/project/eik", "/projects", "/api/questions/names", "/doc/place/mechelen"])
def test_a_script_in_a_name_is_text(client: TestClient, path: str) -> None:
    page = client.get(path, headers=HTML).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_script_in_an_address_is_no_link(client: TestClient) -> None:
    page = client.get("/doc/project/eik", headers=HTML).text
    assert "javascript:alert" in page
    assert 'href="javascript:' not in page


def test_a_script_in_what_was_asked_is_text(client: TestClient) -> None:
    planted = '"><script>alert(1)</script>'
    for path in ("/", "/projects", "/api/questions/projects-in", "/sparql", "/doc/project/linde"):
        for name in ("q", "place", "query", planted):
            page = client.get(path, params={name: planted}, headers=HTML).text
            assert "<script>alert" not in page
    assert "<script>alert" not in client.get(f"/{planted}", headers=HTML).text


def test_another_site_is_left_safely_and_marked(client: TestClient) -> None:
    page = client.get("/doc/organisation/ocmw", headers=HTML).text
    assert '<a class="outside" href="https://example.org/ocmw" rel="external noopener">' in page


def test_a_name_in_another_language_says_so(client: TestClient) -> None:
    page = client.get("/doc/project/linde?lang=fr", headers=HTML).text
    assert '<h1 lang="nl">De Linde</h1>' in page
    assert '<span lang="nl">Fiche 3: partners</span>' in page


def test_home_starts_with_a_question_and_lists_all_by_topic(client: TestClient) -> None:
    page = client.get("/?lang=en", headers=HTML).text
    first = page.partition("Try this question first")[2]
    assert first.index("What are the projects called?") < first.index("All questions")
    assert "<h3>Gaps</h3>" in page
    assert "<h3>Places</h3>" in page


def test_the_list_can_be_searched_without_a_script(client: TestClient) -> None:
    page = client.get("/?q=called&lang=en", headers=HTML).text.partition("All questions")[2]
    assert "What are the projects called?" in page
    assert "Which projects are there here?" not in page
    assert "Linde" not in client.get("/projects?q=eik", headers=HTML).text
    assert "Nothing found." in client.get("/projects?q=zzz&lang=en", headers=HTML).text


def test_more_projects_than_a_page_holds_are_listed_page_by_page(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST", 1)
    elsewhere = client.get("/projects?q=eik&lang=en", headers=HTML)
    assert elsewhere.status_code == 303
    answer = client.get(elsewhere.headers["location"], headers=HTML)
    assert "De Eik" in answer.text
    assert "De Linde" not in answer.text
    assert 'value="eik"' in answer.text


def test_projects_are_listed_with_place_and_initiator(client: TestClient) -> None:
    page = client.get("/projects?lang=fr", headers=HTML).text
    row = page.partition(">De Linde</a>")[2].partition("</tr>")[0]
    assert "Het Hoekje" in row
    assert "Malines" in row
    assert "CPAS de Malines" in row


def test_health_tells_the_version(client: TestClient) -> None:
    body = client.get("/health").json()
    assert (body["status"], body["version"], body["datasets"]["proef"]) == ("ok", "test", 100)
    assert set(body) == {"status", "version", "created", "statements", "datasets"}


def test_the_api_describes_each_question_with_its_parameters(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    operation = document["paths"]["/api/questions/projects-in"]["get"]
    assert [one["name"] for one in operation["parameters"]][:2] == ["place", "atLeast"]
    assert operation["parameters"][0]["schema"]["default"] == "place/mechelen"
    assert {"/sparql", "/health", "/api/questions", "/doc/{type}/{slug}"} <= set(document["paths"])
    assert "cdn" not in client.get("/api/openapi.json").text
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404


EVERYWHERE = [
    *PAGES,
    "/health",
    "/api/openapi.json",
    "/static/style.css",
    "/doc/project/linde.ttl",
    "/id/project/linde",
]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_head_is_get_without_the_body(client: TestClient, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers.get("content-type") == get.headers.get("content-type")


@pytest.mark.parametrize("path", EVERYWHERE)
def test_any_site_may_read(client: TestClient, path: str) -> None:
    response = client.get(path, headers={"Origin": "https://example.org"})
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-expose-headers"] == "*"


def test_what_is_no_page_can_do_nothing_where_it_is_shown(client: TestClient) -> None:
    policy = "default-src 'none'; frame-ancestors 'none'"
    for path in ("/api/projects", "/api/projects.csv", "/api/projects.ttl", "/metrics", "/api/projects/no-such"):
        assert client.get(path).headers["content-security-policy"] == policy
    # What may hold a script, or is drawn with our own styles, has the policy of pages.
    assert "default-src 'self'" in client.get("/api/projects.xml").headers["content-security-policy"]


def test_that_a_page_still_holds_leaves_its_policy_as_it_was(client: TestClient) -> None:
    # A cache takes the fields of a 304 over into what it keeps (RFC 9111, section 3.2).
    page = client.get("/api/questions", headers=HTML)
    again = client.get("/api/questions", headers=HTML | {"If-None-Match": page.headers["etag"]})
    assert again.status_code == 304
    assert "content-security-policy" not in again.headers


def test_a_browser_may_ask_whether_it_may_post(client: TestClient) -> None:
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = client.options("/sparql", headers=asked)
    assert response.status_code == 204
    assert "POST" in response.headers["access-control-allow-methods"]
    assert response.headers["access-control-allow-headers"] == "content-type"


@pytest.mark.parametrize("path", ["/projects/", "/ns/", "/health/", "/api/questions/", "/doc/project/linde/", "//"])
def test_a_slash_at_the_end_makes_no_difference(client: TestClient, path: str) -> None:
    assert client.get(path, headers=HTML).status_code == 200


def test_another_path_is_404_and_another_method_405_as_problems(client: TestClient) -> None:
    missing, wrong = client.get("/nothing"), client.post("/projects")
    assert (missing.status_code, wrong.status_code) == (404, 405)
    assert missing.headers["content-type"] == wrong.headers["content-type"] == "application/problem+json"
    assert wrong.headers["allow"] == "GET, HEAD, OPTIONS"
    assert client.options("/projects").headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_failure_is_logged_and_told_without_its_trace(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        version = "test"

        def query(self, text: str, dataset: Dataset | None = None) -> Answer:
            raise RuntimeError("the secret of the cellar")

    broken = Service(service.content, service.manifest, Broken(), service.questions, service.settings)
    with TestClient(create(broken), follow_redirects=False) as client, caplog.at_level(logging.ERROR):
        data = client.get("/doc/project/linde.ttl", headers={"Origin": "https://example.org"})
        page = client.get("/projects", headers=HTML)
    assert data.status_code == page.status_code == 500
    assert data.headers["content-type"] == "application/problem+json"
    assert data.headers["access-control-allow-origin"] == "*"
    assert "cellar" not in data.text + page.text
    assert "the secret of the cellar" in caplog.text
    assert "Traceback" in caplog.text


def test_every_word_is_there_in_every_language() -> None:
    for key, texts in {**words.WORDS, **words.TERMS, **words.COLUMNS}.items():
        assert len(texts) == len(LANGUAGES), key
        assert all(texts), key
        assert len({tuple(sorted(re.findall(r"\{\w+\}", text))) for text in texts}) == 1, key
