"""`/links/{dataset}`: what is proposed and decided, to read and to decide, with a token for that dataset alone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import homes
from tests.homes import ROOT
from tests.linking import partner
from tests.linking.partner import OCMW, organisation
from tests.test_cli_writing import run
from tests.web.test_writing import started
from zorgkg.tokens import Tokens

STAD = organisation("stad", "1")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Path]]:
    folder = tmp_path_factory.mktemp("links-page")
    home = homes.small(folder / "home")
    added = run(home, "dataset", "add", partner.package(folder / "stad"))
    assert added.returncode == 0, added.stderr
    assert run(home, "link", "stad").returncode == 0
    (folder / "content").mkdir()
    shutil.copytree(ROOT / "queries", folder / "content" / "queries")
    with started(home.path, folder / "content") as client:
        yield client, home.path


@pytest.fixture
def client(site: tuple[httpx.Client, Path]) -> httpx.Client:
    return site[0]


@pytest.fixture(scope="module")
def token(site: tuple[httpx.Client, Path]) -> str:
    return Tokens(site[1] / "tokens").create(["dataset:stad"])[1]


def told(client: httpx.Client, **query: str) -> dict[str, Any]:
    answer = client.get("/links/stad", params=query, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def record(client: httpx.Client, subject: str, other: str) -> str:
    return next(
        str(one["record"])
        for one in told(client, state="all", limit="200")["mappings"]
        if (one["subject"]["iri"], one["object"]["iri"]) == (subject, other)
    )


def asked(client: httpx.Client, pattern: str) -> bool:
    query = (
        "PREFIX zorg: <https://w3id.org/zorgkg/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        f"ASK {{ {pattern} }}"
    )
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "application/sparql-results+json"})
    return bool(answer.json()["boolean"])


@pytest.mark.slow
def test_a_form_decides_and_is_undone(client: httpx.Client, token: str) -> None:
    one = record(client, STAD, OCMW)
    page = client.get("/links/stad", headers={"Accept": "text/html", "Accept-Language": "nl"})
    assert page.status_code == 200
    assert "<script" not in page.text.partition("<main")[2], "it works without scripts"
    assert f'name="decision:{one}" value="accept"' in page.text
    for label in re.findall(r'<input id="(\w+)"', page.text):
        assert f'<label for="{label}"' in page.text, label
    form = {f"decision:{one}": "accept", "reviewer": "city-desk", "token": token}
    sent = client.post("/links/stad", data=form, headers={"Accept": "text/html"})
    assert sent.status_code == 303, sent.text
    assert sent.headers["location"] == "/links/stad"
    assert asked(client, f"<{STAD}> skos:exactMatch <{OCMW}> ; zorg:identifiedWith <{OCMW}>")
    (accepted,) = told(client, state="accepted")["mappings"]
    assert accepted["reviewer"] == "https://w3id.org/zorgkg/id/reviewer/city-desk"
    about = client.get("/doc/organisation/ocmw-malle", headers={"Accept": "text/html", "Accept-Language": "en"}).text
    assert "Also described by" in about
    assert "/doc/dataset/stad" in about.partition("Also described by")[2]
    record_ = client.get("/api/organisations/ocmw-malle").json()
    assert {told["thing"] for told in record_["alsoDescribedBy"]} == {STAD}
    assert STAD in record_["sameAs"]
    # A list has a record for each name, and each leads to the other.
    rows = client.get("/api/organisations", params={"fields": "iri,sameAs", "limit": "1000"}).json()
    linked = {row["iri"]: {STAD, OCMW} & set(row["sameAs"]) for row in rows}
    assert {one: others for one, others in linked.items() if others} == {STAD: {OCMW}, OCMW: {STAD}}
    form = {f"decision:{one}": "undo", "token": token}
    assert client.post("/links/stad", data=form, headers={"Accept": "text/html"}).status_code == 303
    assert not asked(client, f"<{STAD}> skos:exactMatch <{OCMW}>")


def test_programs_decide_in_json(client: httpx.Client, token: str) -> None:
    one = record(client, STAD, OCMW)
    headers = {"Authorization": f"Bearer {token}"}
    body = {"decisions": {one: "refuse"}, "reviewer": "curator", "comments": {one: "Another one."}}
    tried = client.post("/links/stad?dry-run", json=body, headers=headers)
    assert tried.json()["published"] is False
    assert told(client)["counts"]["refused"] == 0
    sent = client.post("/links/stad", json=body, headers=headers)
    assert sent.status_code == 200, sent.text
    assert sent.json()["changes"]["stad"]["came"] > 0
    (refused,) = told(client, state="refused")["mappings"]
    assert refused["comment"] == "Another one."
    # Proposed anew it does not come back.
    assert client.post("/links/stad", json={"propose": True}, headers=headers).status_code == 200
    assert one not in {each["record"] for each in told(client, state="open")["mappings"]}
    assert client.post("/links/stad", json={"decisions": {one: "undo"}}, headers=headers).status_code == 200


def test_only_who_shows_a_token_for_the_dataset_decides(
    client: httpx.Client, token: str, site: tuple[httpx.Client, Path]
) -> None:
    form = {f"decision:{record(client, STAD, OCMW)}": "accept", "reviewer": "curator"}
    other = Tokens(site[1] / "tokens").create(["dataset:proef"])[1]
    assert client.post("/links/stad", data=form).status_code == 401
    assert client.post("/links/stad", data={**form, "token": "zorgkg_x"}).status_code == 401
    assert client.post("/links/stad", data={**form, "token": other}).status_code == 403
    # What a browser sends by itself is not enough, nor is a form of another site.
    assert client.post("/links/stad", data=form, auth=("x", token)).status_code == 401
    for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post("/links/stad", data={**form, "token": token}, headers=foreign).status_code == 403
    assert not asked(client, f"<{STAD}> skos:exactMatch <{OCMW}>")


def test_what_cannot_be_decided_is_told(client: httpx.Client, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    for body, status, text in (
        ({"decisions": {"x": "maybe"}}, 422, "no decision on x"),
        ({"decisions": {"x": "accept"}}, 422, "no proposal or decision"),
        ({"decisions": {}}, 422, "nothing is decided"),
        ({"decisions": {"x": "accept"}, "reviewer": "Jan Peeters"}, 422, "no role"),
        ({"verdicts": {}}, 422, "no member"),
    ):
        answer = client.post("/links/stad", json=body, headers=headers)
        assert (answer.status_code, text in answer.text) == (status, True), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    for content in (b"{", b'{"decisions": {"\\ud800": "accept"}}'):
        sent = {**headers, "Content-Type": "application/json"}
        assert client.post("/links/stad", content=content, headers=sent).status_code == 400
    assert client.get("/links/nowhere").status_code == 404
    assert client.get("/links/stad?state=maybe").status_code == 400


def test_the_list_is_filtered_and_given_in_every_form(client: httpx.Client) -> None:
    assert told(client, q="boudewijn", state="all")["found"] < told(client, state="all")["found"]
    assert told(client, least="1")["found"] <= told(client)["found"]
    assert len(told(client, limit="1")["mappings"]) == 1
    tsv = client.get("/links/stad?format=sssom")
    assert tsv.headers["content-type"].startswith("text/tab-separated-values")
    assert "#mapping_set_id: https://w3id.org/zorgkg/id/dataset/stad" in tsv.text
    for language, text in (("nl", "Koppelingen van stad"), ("fr", "Liens de stad"), ("en", "Links of stad")):
        assert text in client.get(f"/links/stad?lang={language}", headers={"Accept": "text/html"}).text
