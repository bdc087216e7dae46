"""Search over HTTP: as data, as a page, while its index is made, and after writes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store
from starlette.testclient import TestClient

from tests import homes, servers
from zorgkg.content import Content
from zorgkg.engine.embedded import merge
from zorgkg.publishing import searching, writing
from zorgkg.publishing.draft import Draft
from zorgkg.publishing.versions import Home
from zorgkg.publishing.writing import Judge
from zorgkg.search import folding, schema
from zorgkg.search.index import SearchIndex, Thing, TooSlow
from zorgkg.settings import read
from zorgkg.terms import ID, dataset_graph, term
from zorgkg.web import serving as module
from zorgkg.web import words
from zorgkg.web.app import create
from zorgkg.web.protocol.relay import Following
from zorgkg.web.searching import path
from zorgkg.web.service import Service
from zorgkg.web.serving import Serving

WESTVELD = f"{ID}project/het-westveld"
JUDGE = Judge(homes.ROOT / "ontology")


@pytest.fixture(scope="module")
def found(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service of the tests of the web layer, with a search index."""
    folder = tmp_path_factory.mktemp("version")
    store: Store = service.engine.store  # type: ignore[attr-defined]
    searching.make(store, folder)
    index = SearchIndex.open(folder)
    assert index
    yield replace(service, search=index)
    index.close()


@pytest.fixture
def client(found: Service) -> Iterator[TestClient]:
    with TestClient(create(found), follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def shared(found: Service) -> Iterator[TestClient]:
    with TestClient(create(found), follow_redirects=False) as client:
        yield client


def _search(client: TestClient, text: str, **more: Any) -> list[dict[str, Any]]:
    answer = client.get("/api/search", params={"q": text, **more})
    assert answer.status_code == 200, answer.text
    records = answer.json()
    assert isinstance(records, list)
    return records


# As data


def test_a_record_tells_what_was_found_and_where_its_page_is(client: TestClient) -> None:
    first = _search(client, "ocmw mechelen", lang="fr")[0]
    assert first == {
        "iri": f"{ID}organisation/ocmw",
        "type": "organisation",
        "typeLabel": "organisation",
        "typeLabelLang": "fr",
        "label": "CPAS de Malines",
        "labelLang": "fr",
        "alternative": None,
        "description": None,
        "descriptionLang": None,
        "href": "http://testserver/doc/organisation/ocmw?lang=fr",
        "rank": first["rank"],
    }
    assert 0.9 < first["rank"] <= 1
    assert client.get(first["href"], headers={"Accept": "text/html"}).status_code == 200


def test_the_name_that_fits_is_told_beside_the_label(client: TestClient) -> None:
    first = _search(client, "het ocmw")[0]
    assert (first["label"], first["alternative"]) == ("OCMW Mechelen", "het OCMW")


@pytest.mark.parametrize("text", ["linde", "LINDE", "lïnde", "linbe", "lind", "de linde", "frene", "Frêne"])
def test_accents_case_and_mistakes_are_forgiven(client: TestClient, text: str) -> None:
    expected = "es" if text.lower().startswith("fr") else "linde"
    assert _search(client, text)[0]["iri"] == f"{ID}project/{expected}"


def test_labels_are_in_the_language_that_the_client_asks_for(client: TestClient) -> None:
    french = client.get("/api/search", params={"q": "de es"}, headers={"Accept-Language": "fr"})
    assert french.headers["Content-Language"] == "fr"
    assert french.json()[0]["label"] == "Le Frêne"
    assert french.json()[0]["typeLabel"] == "projet"
    english = _search(client, "de es", lang="en")[0]
    assert (english["label"], english["labelLang"]) == ("De Es", "nl")


def test_types_limit_what_is_found(client: TestClient) -> None:
    everything = {one["type"] for one in _search(client, "mechelen", limit=100)}
    assert {"organisation", "municipality"} <= everything
    assert {one["type"] for one in _search(client, "mechelen", type="organisation")} == {"organisation"}
    both = client.get("/api/search?q=mechelen&type=organisation&type=municipality&limit=100").json()
    assert {one["type"] for one in both} == {"organisation", "municipality"}


def test_no_more_than_the_limit_is_found(client: TestClient) -> None:
    assert len(_search(client, "e", limit=2)) == 2
    assert len(_search(client, "e")) <= 10


@pytest.mark.parametrize(
    ("form", "media", "start"),
    [
        ("csv", "text/csv", b"iri,type,typeLabel,label"),
        ("csv-excel", "text/csv", b"\xef\xbb\xbfiri;type;typeLabel;label"),
        ("tsv", "text/tab-separated-values", b"?iri\t?type"),
        ("sparql-json", "application/sparql-results+json", b'{"head"'),
        ("ttl", "text/turtle", b"@prefix"),
    ],
)
def test_other_forms_of_a_table(client: TestClient, form: str, media: str, start: bytes) -> None:
    answer = client.get("/api/search", params={"q": "linde", "format": form})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(media)
    assert answer.content.startswith(start)
    assert b"De Linde" in answer.content


@pytest.mark.parametrize(
    ("query", "kind", "parameter"),
    [
        ("", "missing-q", "q"),
        ("q=", "missing-q", "q"),
        ("q=a&q=b", "parameter-twice", "q"),
        (f"q={'a' * 201}", "invalid-q", "q"),
        ("q=a&type=nothing", "unknown-type", "type"),
        ("q=a&limit=0", "invalid-limit", "limit"),
        ("q=a&limit=101", "invalid-limit", "limit"),
        ("q=a&limit=x", "invalid-limit", "limit"),
        ("q=a&lang=de", "unknown-language", "lang"),
        ("q=a&format=xls", "unknown-format", "format"),
        ("q=a&colour=red", "unknown-parameter", "colour"),
        ("q=%ff", "encoding", None),
    ],
)
def test_what_is_wrong_with_a_request_is_told(client: TestClient, query: str, kind: str, parameter: str | None) -> None:
    answer = client.get(f"/api/search?{query}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"].endswith(f"/{kind}")
    assert problem.get("parameter") == parameter
    if kind == "unknown-type":
        assert problem["allowed"] == list(schema.KINDS)


def test_the_form_may_be_a_suffix(client: TestClient) -> None:
    by_suffix, by_format = (client.get(f"/api/search{end}") for end in (".csv?q=linde", "?q=linde&format=csv"))
    assert by_suffix.status_code == 200
    assert by_suffix.text == by_format.text
    assert by_suffix.text.startswith("iri,type,")
    wrong = client.get("/api/search.geojson?q=linde")
    assert (wrong.status_code, "csv" in wrong.json()["allowed"]) == (404, True)


@pytest.mark.parametrize("text", [" ", "?!", "\U0001f600", '"', "*"])
def test_a_text_without_letters_is_nothing_to_look_for(client: TestClient, text: str) -> None:
    answer = client.get("/api/search", params={"q": text})
    assert (answer.status_code, answer.json()["parameter"]) == (422, "q")
    assert answer.json()["type"].endswith("/nothing-to-look-for")
    assert client.get("/search", params={"q": text}, headers={"Accept": "text/html"}).status_code == 200


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
@example('linde" OR "x')
@example("NEAR(linde es, 2)")
@example("label:linde*")
@example("linde\0es")
@settings(deadline=None, max_examples=60)
def test_any_text_is_answered(shared: TestClient, text: str) -> None:
    answer = shared.get(f"/api/search?q={quote(text, safe='')}")
    assert answer.status_code == (200 if folding.words(text) else 422)
    page = shared.get(f"/search?q={quote(text, safe='')}", headers={"Accept": "text/html"})
    assert page.status_code == 200


def test_it_is_described(client: TestClient) -> None:
    operation = client.get("/api/openapi.json").json()["paths"]["/api/search"]["get"]
    parameters = {one["name"]: one for one in operation["parameters"]}
    assert parameters["q"]["required"]
    assert parameters["type"]["schema"]["items"]["enum"] == list(schema.KINDS)


def test_each_kind_has_a_name_in_each_language() -> None:
    for language in ("nl", "fr", "en"):
        for kind in schema.KINDS:
            assert words.say(language)(f"kind_{kind}")


def test_a_search_that_takes_too_long_says_so(
    client: TestClient, found: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(*_: object, **__: object) -> None:
        raise TooSlow("searching took longer than 0.5 seconds")

    monkeypatch.setattr(found.search, "find", find)
    answer = client.get("/api/search", params={"q": "linde"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


# As a page


def _page(client: TestClient, path: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_every_page_has_the_box(client: TestClient) -> None:
    for where in ("/", "/projects", "/sparql", "/datasets", "/doc/project/linde"):
        page = _page(client, where)
        assert page.count('action="/search"') == 1, where
        assert 'data-suggest="/api/search?' in page
        assert re.search(
            r'<label class="unseen" for="seek">Zoek in alles</label>\s*<input type="search" id="seek"', page
        )
        assert "<script src=" in page
        assert not re.search(r"<script(?![^>]* (src=|type=.application/ld.json))", page), "no script stands in a page"
    assert client.get("/static/search.js").status_code == 200


def test_the_page_works_without_script(client: TestClient) -> None:
    page = _page(client, "/search?q=linbe&lang=en")
    assert 'value="linbe"' in page
    assert re.search(r'<a href="/doc/project/linde\?lang=en" lang="nl">De Linde</a>', page)
    assert "Neighbours cook together." in page
    assert page.count("<h1>") == 1
    assert 'id="seek"' not in page, "one box is enough"


def test_the_page_limits_to_a_kind(client: TestClient) -> None:
    page = _page(client, "/search?q=mechelen&type=municipality")
    assert '<option value="municipality" selected>gemeente</option>' in page
    assert "OCMW" not in unescape(page).split("</h1>")[1]
    assert _page(client, "/search?q=mechelen&type=").count("OCMW Mechelen") == 1


def test_the_page_without_words_is_the_box_alone(client: TestClient) -> None:
    page = _page(client, "/search")
    assert "Niets gevonden" not in page
    assert "Niets gevonden" in _page(client, "/search?q=xqzwv")


def test_a_question_leads_to_the_question(found: Service) -> None:
    assert "names" in found.questions
    assert (
        path(found, Thing(f"{ID}question/names", "question", "names", "question", "x", "nl")) == "/api/questions/names"
    )
    assert path(found, Thing(f"{ID}question/gone", "question", "gone", "question", "x", "nl")) == "/doc/question/gone"
    assert path(found, Thing("https://e.org/x", "project", "", "project", "x", "nl")) is None


def test_what_was_typed_is_shown_as_text(client: TestClient) -> None:
    page = _page(client, "/search?q=%3Cscript%3Ealert(1)%3C/script%3E%22")
    assert "<script>alert" not in page
    eik = _page(client, "/search?q=eik")
    assert "De Eik &lt;script&gt;" in eik


# Where the index comes from


def test_without_an_index_search_says_when_to_come_back(service: Service) -> None:
    assert service.search is None
    with TestClient(create(service)) as client:
        answer = client.get("/api/search", params={"q": "linde"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert answer.json()["type"].endswith("/no-search-yet")
        assert client.get("/projects").status_code == 200
        page = client.get("/search", params={"q": "linde"}, headers={"Accept": "text/html"})
        assert page.status_code == 503


def test_where_none_can_be_had_search_says_so(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "unavailable", lambda: "SQLite 3.0 of this Python cannot hold a search index: no FTS5")
    with TestClient(create(service)) as client:
        answer = client.get("/api/search", params={"q": "linde"})
        assert answer.status_code == 501
        assert "FTS5" in answer.json()["detail"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return homes.small(tmp_path / "home")


@pytest.fixture
def serving(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    monkeypatch.setattr(module, "LOOK", 0.05)
    folder = tmp_path / "queries"
    folder.mkdir()
    opened = Serving(Content(homes.ROOT / "ontology", folder, folder), home, read({}, {"ZORGKG_TIMEOUT": "3"}))
    yield opened
    opened.close()


def _rename(home: Home, name: str) -> str:
    """Publish another name of a project; returns the version."""
    thing, label, graph = NamedNode(WESTVELD), term("rdfs:label"), dataset_graph("proef")

    def change(draft: Draft) -> None:
        old = [
            one for one in draft.after.quads_for_pattern(thing, label, None, graph) if str(one.object).endswith("@nl")
        ]
        draft.change(old, [Quad(thing, label, Literal(name, language="nl"), graph)])

    outcome = writing.write(home, JUDGE, change)
    assert outcome.after
    return outcome.after.id


def _until_found(client: TestClient, text: str, version: str = "") -> list[str]:
    more = {"version": version} if version else {}
    for _ in range(400):
        answer = client.get("/api/search", params={"q": text, **more})
        if answer.status_code == 200 and answer.json():
            return [one["iri"] for one in answer.json()]
        assert answer.status_code in (200, 503)
        time.sleep(0.05)
    pytest.fail(f"{text!r} is not found")


@pytest.mark.slow
def test_what_is_written_is_found_at_once_and_older_versions_as_they_were(serving: Serving, home: Home) -> None:
    with TestClient(create(serving.current, serving)) as client:
        assert _until_found(client, "westveld") == [WESTVELD]
        first = home.current().id
        second = _rename(home, "Zonnestraal")
        assert _until_found(client, "zonnestraal") == [WESTVELD]
        assert client.get("/api/search", params={"q": "zonnestraal", "version": first}).json() == []
        old = client.get("/api/search", params={"q": "westveld", "version": first}).json()
        assert [one["iri"] for one in old] == [WESTVELD]
        assert old[0]["href"] == f"http://testserver/doc/project/het-westveld?version={first}"
        home.activate(first)
        assert _until_found(client, "westveld") == [WESTVELD]
        assert _until_found(client, "zonnestraal", second) == [WESTVELD]


@pytest.mark.slow
def test_a_version_without_an_index_gets_one_while_it_is_served(serving: Serving, home: Home) -> None:
    first = home.current().id
    (home.directory(first) / schema.FULL).unlink()
    second = _rename(home, "Zonnestraal")
    assert not (home.directory(second) / schema.FULL).exists()
    with TestClient(create(serving.current, serving)) as client:
        assert client.get("/health").status_code == 200
        assert _until_found(client, "zonnestraal") == [WESTVELD]
        assert (home.directory(second) / schema.FULL).is_file()
        assert _until_found(client, "westveld", first) == [WESTVELD]
        assert (home.directory(first) / schema.FULL).is_file()
    assert not list((home.path / "trials").iterdir())


@pytest.mark.slow
def test_what_another_server_holds_is_found_once_its_index_is_made(store: Store, tmp_path: Path) -> None:
    merged = Store()
    merged.bulk_extend(store)
    merge(merged)
    with servers.started("oxigraph", merged) as server:
        following = Following(Content(tmp_path, tmp_path, tmp_path), read({}, {"ZORGKG_ENGINE": server.url}))
        with TestClient(create(following.current, following=following)) as client:
            assert f"{ID}project/linde" in _until_found(client, "linbe")
            assert client.get("/api/search", params={"q": "mechelen", "type": "municipality"}).json()[0]["label"]
        following.close()


@pytest.mark.slow
def test_many_changes_are_taken_up_while_the_version_is_served(
    serving: Serving, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    with TestClient(create(serving.current, serving)) as client:
        _rename(home, "Zonnestraal")
        version = _rename(home, "Maneschijn")
        before = (home.directory(version) / schema.FULL).stat().st_ino
        for _ in range(400):
            if serving.current.manifest.id == version and serving.current.search and not serving.current.search.written:
                break
            time.sleep(0.05)
        else:
            pytest.fail("the changes are not taken up")
        assert (home.directory(version) / schema.FULL).stat().st_ino != before
        assert _until_found(client, "maneschijn") == [WESTVELD]
        _rename(home, "Avondrood")
        assert _until_found(client, "avondrood") == [WESTVELD]
