"""What a reader sees of the coding, on the repository's own graph: the picture, the decisions, what was refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from zorgkg.content import locate
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.publishing.versions import Manifest
from zorgkg.questions import catalogue
from zorgkg.settings import read
from zorgkg.web.app import create
from zorgkg.web.service import Service


@pytest.fixture(scope="module")
def pages(engine: EmbeddedEngine) -> Iterator[TestClient]:
    manifest = Manifest("test", "2026-01-01T00:00:00+00:00", 1, 1, "0" * 64)
    service = Service(locate(), manifest, engine, catalogue.read(locate().queries), read({}, {}))
    with TestClient(create(service), headers={"Accept": "text/html"}) as client:
        yield client


def _seen(pages: TestClient, path: str) -> str:
    answer = pages.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_the_matrix_is_a_picture_whose_marks_have_words(pages: TestClient) -> None:
    html = pages.get("/api/questions/matrix?lang=en").text
    picture = html[html.index('class="matrix"') : html.index("</table>", html.index('class="matrix"'))]
    assert picture.count('scope="col"') == 8
    assert picture.count('scope="row"') == 37
    assert picture.count('<span class="unseen">central</span>') > 80
    assert "○</span> supporting" in picture, "the legend"


def test_the_picture_is_of_the_whole_answer_whichever_page_of_the_table_is_shown(pages: TestClient) -> None:
    html = pages.get("/api/questions/matrix?lang=en&limit=5&offset=20").text
    assert html.count('scope="row"') == 37


def test_a_component_that_no_project_has_stands_in_the_picture_too(pages: TestClient) -> None:
    html = pages.get("/api/questions/matrix?lang=en&framework=icc-principles").text
    picture = html[html.index('class="matrix"') : html.index("</table>", html.index('class="matrix"'))]
    headings = re.findall(r'href="/doc/framework/icc-principles/(\d)', picture)
    assert headings == ["1", "2", "3", "4", "5", "6", "7"]


def test_counts_stand_with_the_whole_of_which_they_are_a_part(pages: TestClient) -> None:
    text = _seen(pages, "/api/questions/coverage-across?lang=en&framework=sombrero&across=call")
    assert "3/22" in text


def test_a_project_tells_strength_agreement_reason_and_what_was_refused(pages: TestClient) -> None:
    text = _seen(pages, "/doc/project/het-westveld?lang=en")
    assert "supporting · adjudicated" in text
    assert "Decided: More than inviting" in text
    assert "How this was coded" in text
    refused = _seen(pages, "/doc/project/buren-in-eeklo?lang=en").partition("Seen by a coder, but not upheld")[2]
    assert "Creating valued social roles" in refused


def test_a_framework_counts_published_positions_only(pages: TestClient) -> None:
    html = pages.get("/doc/framework/vvsg?lang=en").text
    counted = {row["component"].rpartition("/")[2]: row["projects"] for row in _coverage(pages)}
    for component, projects in counted.items():
        entry = html[html.index(f'href="/doc/framework/vvsg/{component}') :]
        assert re.search(rf"\b{projects} projects?\b", entry[:400]), (component, projects)


def _coverage(pages: TestClient) -> list[dict[str, str]]:
    answer = pages.get("/api/questions/coverage-by-component?framework=vvsg&format=json")
    return list(answer.json())


def test_a_position_leads_to_its_codes_and_the_decision(pages: TestClient) -> None:
    html = pages.get("/doc/positioning/het-westveld_vvsg_6_fiche-coding_kbs-2021").text
    for path in ("code/het-westveld_kbs-2021_vvsg_6_coder-1", "adjudication/het-westveld_kbs-2021_vvsg_6"):
        assert f'href="/doc/{path}' in html
        assert pages.get(f"/doc/{path}").status_code == 200
