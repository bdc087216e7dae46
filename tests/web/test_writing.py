"""Writes over HTTP: with a token, as one transaction, refused with the shapes' report, served at once."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from tests import homes
from tests.homes import DESCRIPTION, METADATA
from zorgkg.publishing import writing
from zorgkg.publishing.draft import Draft
from zorgkg.publishing.update import apply
from zorgkg.publishing.validation import Report
from zorgkg.publishing.versions import Home
from zorgkg.publishing.writing import Judge, Outcome
from zorgkg.terms import dataset_graph, dataset_name
from zorgkg.tokens import Tokens

ROOT = Path(__file__).parents[2]
VALID = ROOT / "tests/shapes/valid.ttl"
SECRET = "-".join(["a", "token", "of", "this", "test"])
PROOF = dataset_graph("proef").value
WESTVELD = "https://w3id.org/zorgkg/id/project/het-westveld"
PREFIXES = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
PREFIX project: <https://w3id.org/zorgkg/id/project/>
PREFIX dataset: <https://w3id.org/zorgkg/id/dataset/>
"""
RENAME = PREFIXES + (
    "DELETE { GRAPH ?g { project:het-westveld rdfs:label ?old } }"
    'INSERT { GRAPH ?g { project:het-westveld rdfs:label "Westveld"@nl } }'
    'WHERE { GRAPH ?g { project:het-westveld rdfs:label ?old FILTER (LANG(?old) = "nl") } }'
)
NAMES = """\
#+ summary: {nl: Welke namen?, fr: Quels noms ?, en: Which names?}
#+ chart: {none: a list of names}
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT ?project ?projectLabel {
  VALUES ?labels { zorg:labelNl }
  ?project a zorg:Project ; ?labels ?projectLabel
} ORDER BY ?projectLabel ?project
"""
NO_LABEL = PREFIXES + "DELETE WHERE { GRAPH dataset:proef { project:het-westveld rdfs:label ?label } }"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one version: the ontology, and a small valid dataset."""
    return homes.small(tmp_path_factory.mktemp("writing") / "home").path


class Site:
    """A server with its home folder, as an operator starts it: in processes of its own."""

    def __init__(self, home: Home, client: httpx.Client, tokens: Tokens) -> None:
        self.home = home
        self.client = client
        self.tokens = tokens

    def send(self, method: str, path: str, token: str = SECRET, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **more)

    def update(self, text: str, token: str = SECRET, **more: Any) -> Any:
        return self.send("POST", "/update", token, data={"update": text}, **more)

    def ask(self, pattern: str) -> bool:
        answer = self.client.get("/sparql", params={"query": PREFIXES + f"ASK {{ {pattern} }}"})
        return bool(answer.json()["boolean"])


@contextmanager
def started(home: Path, folder: Path, **environment: str) -> Iterator[httpx.Client]:
    """A server on a free port."""
    for name in ("data", "queries"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    if not (folder / "ontology").exists():
        (folder / "ontology").symlink_to(ROOT / "ontology")
    process = subprocess.Popen(
        [sys.executable, "-m", "zorgkg", "serve", "--home", str(home), "--from", str(folder), "--port", "0"],
        env={**os.environ, "ZORGKG_MAX_WRITE": "2000000", **environment},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        address = next(found[1] for line in process.stderr if (found := re.search(r"serves on (http://\S+)", line)))
        with httpx.Client(base_url=address, timeout=60) as client:
            yield client
    finally:
        process.terminate()
        process.wait(30)
        process.stderr.close()


@pytest.fixture(scope="module")
def running(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, httpx.Client]]:
    folder = tmp_path_factory.mktemp("server")
    shutil.copytree(template, folder / "home")
    (folder / "content/queries").mkdir(parents=True)
    (folder / "content/queries/names.rq").write_text(NAMES, "utf-8")
    with started(folder / "home", folder / "content", ZORGKG_TOKEN=SECRET) as client:
        yield Home(folder / "home"), client


@pytest.fixture
def site(running: tuple[Home, httpx.Client], template: Path) -> Iterator[Site]:
    """The server, with the one version that it began with."""
    home, client = running
    yield Site(home, client, Tokens(home.path / "tokens", SECRET))
    if not home.directory("2026-1").exists():
        shutil.copytree(template / "versions/2026-1", home.directory("2026-1"))
    assert client.post("/versions/2026-1/activate", headers={"Authorization": f"Bearer {SECRET}"}).status_code == 200
    for manifest in home.versions():
        if manifest.id != "2026-1":
            shutil.rmtree(home.directory(manifest.id))
    (home.path / "tokens").unlink(missing_ok=True)


def test_an_update_is_published_derived_and_served_at_once(site: Site) -> None:
    answer = site.update(RENAME)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["before"], told["published"], told["conforms"]) == ("2026-1", True, True)
    assert site.home.current().by == "ZORGKG_TOKEN"
    assert told["changes"]["proef"] == {"came": 1, "went": 1}
    assert site.client.get("/health").json()["version"] == told["version"] == answer.headers["X-Zorgkg-Version"]
    # What rules derive from the label changed with it.
    assert site.ask('project:het-westveld zorg:labelNl "Westveld"@nl')
    assert site.ask('GRAPH dataset:derived { project:het-westveld zorg:labelNl "Westveld"@nl }')
    old = site.client.get(
        "/sparql",
        params={"query": RENAME.partition("DELETE")[0] + "ASK { ?s zorg:labelNl 'Westveld'@nl }", "version": "2026-1"},
    )
    assert old.json()["boolean"] is False
    changed = site.client.get(f"/versions/2026-1/diff?to={told['version']}").json()["datasets"]
    assert len(changed["proef"]["came"]) == len(changed["proef"]["went"]) == 1


READS = (
    "/api/questions/names",
    "/api/questions/names.html",
    "/projects",
    "/doc/project/het-westveld.nt",
    "/doc/project/het-westveld.html",
    "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Chttps%3A%2F%2Fw3id.org%2Fzorgkg%2Fns%23labelNl%3E%20%3Fname%20%7D",
)


def test_a_write_is_seen_at_once_whatever_was_kept_before(site: Site) -> None:
    for path in READS:
        site.client.get(path)
    before = {path: site.client.get(path) for path in READS}
    tags = {path: {"If-None-Match": answer.headers["etag"]} for path, answer in before.items()}
    assert {site.client.get(path, headers=tags[path]).status_code for path in READS} == {304}
    assert site.update(RENAME).status_code == 200
    for path in READS:
        for headers in ({}, tags[path]):
            after = site.client.get(path, headers=headers)
            assert (after.status_code, "Westveld" in after.text) == (200, True)
            assert after.content != before[path].content
        again = site.client.get(path, params={**dict(httpx.URL(path).params), "version": "2026-1"})
        assert "Het Westveld" in again.text
        assert again.headers["cache-control"] == "max-age=31536000, immutable"
    # When the old version is served again, who kept its answers has them still.
    assert site.send("POST", "/versions/2026-1/activate").status_code == 200
    assert {site.client.get(path, headers=tags[path]).status_code for path in READS} == {304}


def test_a_version_that_was_written_has_the_counts_of_its_statements(site: Site) -> None:
    site.update(RENAME)
    site.update(PREFIXES + "INSERT DATA { GRAPH <http://e.org/g> { <http://e.org/a> <http://e.org/p> 1, 2 } }")
    site.send("DELETE", "/graphs?graph=http://e.org/g")
    site.update(PREFIXES + "INSERT DATA { GRAPH <http://e.org/h> { <http://e.org/a> <http://e.org/p> 1, 2 } }")
    manifest = site.home.current()
    quads = list(parse(site.client.get("/graphs").content, format=RdfFormat.N_QUADS))
    counted: dict[str, int] = {}
    for quad in quads:
        name = dataset_name(quad.graph_name.value)
        counted[name] = counted.get(name, 0) + 1
    assert manifest.datasets == counted
    assert manifest.statements == len(quads)
    assert manifest.triples == len({quad.triple for quad in quads})


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/problem+json"),
        ("application/json", "application/problem+json"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("text/plain", "text/plain; charset=utf-8"),
    ],
)
def test_what_the_shapes_refuse_changes_nothing_and_comes_back_as_their_report(
    site: Site, accept: str, media: str
) -> None:
    answer = site.update(NO_LABEL, headers={"Accept": accept, "Accept-Language": "nl"})
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == media
    if "json" in media and "ld+json" not in media:
        results = answer.json()["results"]
        assert {result["focus"] for result in results} == {WESTVELD}
        assert all(result["message"] and result["severity"] == "Violation" for result in results)
    elif media.startswith("text/plain"):
        assert "project:het-westveld" in answer.text or WESTVELD in answer.text
        assert answer.text.endswith("does not conform\n")
    else:
        form = RdfFormat.from_media_type(media)
        assert form is not None
        triples = list(parse(answer.content, format=form))
        assert WESTVELD in {getattr(triple.object, "value", "") for triple in triples}
    assert site.client.get("/health").json()["version"] == "2026-1"
    assert [manifest.id for manifest in site.home.versions()] == ["2026-1"]
    assert not list(site.home.path.glob("candidates/*"))


def test_a_dry_run_tells_what_would_come_of_it_and_publishes_nothing(site: Site) -> None:
    answer = site.update(RENAME, params={"dry-run": ""})
    assert answer.status_code == 200
    assert (answer.json()["published"], answer.json()["conforms"]) == (False, True)
    assert answer.json()["changes"]["derived"]["came"] >= 1
    assert site.update(NO_LABEL, params={"dry-run": "true"}).status_code == 422
    assert site.client.get("/health").json()["version"] == "2026-1"
    assert list((site.home.path / "trials").iterdir()) == []
    assert site.update(RENAME, params={"dry-run": "perhaps"}).status_code == 400
    for name in ("dryrun", "dry_run", "dryRun"):
        misspelt = site.update(RENAME, params={name: ""})
        assert (misspelt.status_code, misspelt.json()["parameter"]) == (400, name)
    assert site.update(RENAME, params={"dry-run": "", "output": "json"}).status_code == 200


def test_a_change_that_changes_nothing_makes_no_version(site: Site) -> None:
    answer = site.update(PREFIXES + "DELETE DATA { GRAPH dataset:proef { project:het-westveld zorg:ficheNumber 99 } }")
    assert (answer.status_code, answer.json()["published"], answer.json()["changes"]) == (200, False, {})
    assert len(site.home.versions()) == 1


def test_a_change_elsewhere_that_breaks_what_refers_to_it_is_refused(site: Site) -> None:
    text = PREFIXES + (
        "DELETE WHERE { GRAPH dataset:proef { <https://w3id.org/zorgkg/id/organisation/ocmw-malle> ?p ?o } }"
    )
    answer = site.update(text)
    assert answer.status_code == 422
    assert any(
        "/participation/" in result["focus"] or result["focus"] == WESTVELD for result in answer.json()["results"]
    )


# Who may


def test_without_a_token_nobody_writes(site: Site) -> None:
    for authorization, status in (
        (None, 401),
        ("Bearer wrong-token-entirely", 401),
        ("Bearer a b", 400),
    ):
        headers = {"Authorization": authorization} if authorization else {}
        answer = site.client.post("/update", data={"update": RENAME}, headers=headers)
        assert answer.status_code == status, authorization
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["Content-Type"] == "application/problem+json"
    for method, path in (
        ("PUT", "/graphs?default"),
        ("DELETE", "/graphs"),
        ("PATCH", "/graphs?default"),
        ("PUT", "/datasets/x"),
        ("DELETE", "/datasets/proef"),
        ("POST", "/versions/2026-1/activate"),
        ("POST", "/versions/prune?keep=1"),
    ):
        assert site.client.request(method, path).status_code == 401, path


def test_where_no_token_is_configured_nobody_can_write(template: Path, tmp_path: Path) -> None:
    shutil.copytree(template, tmp_path / "home")
    with started(tmp_path / "home", tmp_path / "content", ZORGKG_TOKEN="") as client:
        answer = client.post("/update", data={"update": RENAME}, headers={"Authorization": "Bearer anything-at-all"})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (403, "read-only")


def test_a_token_writes_its_own_dataset_and_nothing_else(site: Site) -> None:
    _, token = site.tokens.create(["dataset:malle"])
    body = "<http://e.org/a> <http://e.org/p> 1 ."
    turtle = {"Content-Type": "text/turtle"}
    iri = dataset_graph("malle").value
    assert site.send("PUT", f"/graphs?graph={iri}", token, content=body, headers=turtle).status_code == 201
    for answer in (
        site.send("PUT", f"/graphs?graph={PROOF}", token, content=body, headers=turtle),
        site.update(f"INSERT DATA {{ GRAPH <{iri}> {{ <a:b> <a:c> 1 }} GRAPH <{PROOF}> {{ <a:b> <a:c> 1 }} }}", token),
        site.update("CLEAR ALL", token),
        site.send("POST", "/versions/2026-1/activate", token),
    ):
        assert answer.status_code == 403
        assert "insufficient_scope" in answer.headers["WWW-Authenticate"]
    assert site.ask("<http://e.org/a> <http://e.org/p> 1")
    assert not site.ask("<a:b> ?p ?o")


def test_what_rules_derive_is_written_by_nobody(site: Site) -> None:
    derived = dataset_graph("derived").value
    answer = site.update(f"INSERT DATA {{ GRAPH <{derived}> {{ <a:b> <a:c> 1 }} }}")
    assert answer.status_code == 403
    assert site.send("DELETE", f"/graphs?graph={derived}").status_code == 403


# Bad input


@pytest.mark.parametrize(
    ("text", "status", "kind"),
    [
        ("INSERT DATA { <a:b> <a:c> }", 400, "update-syntax"),
        ("LOAD <http://127.0.0.1:1/x>", 403, "forbidden-query"),
        ("INSERT { <a:b> <a:c> ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403, "forbidden-query"),
        ("DROP GRAPH <http://e.org/none>", 422, "update"),
        ("INSERT DATA { <a:b> <a:c> 1 } ; DROP GRAPH <http://e.org/none>", 422, "update"),
    ],
)
def test_an_update_that_cannot_be_carried_out_is_told_and_changes_nothing(
    site: Site, text: str, status: int, kind: str
) -> None:
    answer = site.update(text)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (status, kind)
    assert len(site.home.versions()) == 1


def test_a_payload_that_is_wrong_is_told_with_its_place(site: Site) -> None:
    turtle = {"Content-Type": "text/turtle"}
    answer = site.send("PUT", "/graphs?default", content="<a:b> <a:c> 1 .\n<a:b> <a:c .", headers=turtle)
    assert (answer.status_code, answer.json()["line"]) == (400, 2)
    quads = {"Content-Type": "application/n-quads"}
    assert site.send("PUT", "/graphs?default", content="", headers=quads).status_code == 415
    assert site.send("PUT", "/graphs?graph=relative", content="", headers=turtle).status_code == 400
    assert site.send("PUT", "/graphs?graph=http://e.org/a&default", content="", headers=turtle).status_code == 400
    assert site.send("PUT", "/graphs?other=1", content="", headers=turtle).status_code == 400
    assert site.send("PUT", "/graphs?default", content="", headers={"Content-Type": ""}).status_code == 415
    long = site.send("PUT", "/graphs?default", content=b" " * 2_000_001, headers=turtle)
    assert (long.status_code, long.json()["limit"]) == (413, 2_000_000)
    latin = {"Content-Type": "text/turtle; charset=iso-8859-1"}
    assert site.send("PUT", "/graphs?default", content=b"", headers=latin).status_code == 415


def test_a_writer_can_insist_on_the_version_that_it_read(site: Site) -> None:
    assert site.update(RENAME, headers={"If-Match": '"2026-1"'}).status_code == 200
    answer = site.update(RENAME, headers={"If-Match": '"2026-1"'})
    assert answer.status_code == 412
    assert site.update(RENAME, headers={"If-Match": "*"}).status_code == 200


# Graphs and datasets


def test_a_graph_can_be_patched_by_an_update_about_it(site: Site) -> None:
    turtle = {"Content-Type": "text/turtle"}
    site.send("PUT", "/graphs?graph=http://e.org/g", content="<a:b> <a:c> 1 .", headers=turtle)
    patch = {"Content-Type": "application/sparql-update"}
    text = "DELETE { ?s <a:c> ?o } INSERT { ?s <a:d> ?o } WHERE { ?s <a:c> ?o }"
    assert site.send("PATCH", "/graphs?graph=http://e.org/g", content=text, headers=patch).status_code == 200
    found = site.client.get("/graphs?graph=http://e.org/g", headers={"Accept": "application/n-triples"})
    assert found.text == '<a:b> <a:d> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'


def test_the_whole_can_be_taken_out_and_put_back(site: Site) -> None:
    site.update(RENAME)
    for media in ("application/n-quads", "application/trig"):
        whole = site.client.get("/graphs", headers={"Accept": media})
        before = set(parse(whole.content, format=RdfFormat.from_media_type(media)))
        site.update(PREFIXES + "INSERT DATA { GRAPH <a:g> { <a:b> <a:c> 1 } }")
        answer = site.send("PUT", "/graphs", content=whole.content, headers={"Content-Type": media})
        assert answer.status_code == 204, answer.text
        again = site.client.get("/graphs", headers={"Accept": media})
        assert len(set(parse(again.content, format=RdfFormat.from_media_type(media)))) == len(before)
        assert not site.ask("GRAPH <a:g> { ?s ?p ?o }")


def test_a_dataset_is_put_with_its_licence_listed_and_removed(site: Site) -> None:
    turtle = {"Content-Type": "text/turtle", "Accept": "application/json"}
    refused = site.send("PUT", "/datasets/stad", content="<a:b> <a:c> 1 .", headers=turtle)
    assert refused.status_code == 422
    assert "dcterms:license" in refused.json()["detail"]
    answer = site.send("PUT", "/datasets/stad", content=DESCRIPTION, headers=turtle)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == dataset_graph("stad").value
    assert site.ask("<https://w3id.org/zorgkg/id/dataset/zorgkg> <http://www.w3.org/ns/dcat#dataset> dataset:stad")
    assert "stad" in site.client.get("/health").json()["datasets"]
    assert site.client.get("/datasets/stad").headers["Location"] == "/doc/dataset/stad"
    assert site.send("DELETE", "/datasets/stad").status_code == 200
    assert site.send("DELETE", "/datasets/stad").status_code == 404
    assert "stad" not in site.client.get("/health").json()["datasets"]
    assert site.send("PUT", "/datasets/Stad%20X", content=DESCRIPTION, headers=turtle).status_code == 400


def package(table: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("stad/csvw.json", json.dumps(METADATA))
        archive.writestr("stad/notes.csv", table)
        archive.writestr("stad/dataset.ttl", DESCRIPTION)
    return body.getvalue()


def test_a_package_is_mapped_and_its_faults_told_by_row_and_column(site: Site) -> None:
    packed = {"Content-Type": "application/zip"}
    wrong = site.send("PUT", "/datasets/stad", content=package("id,count,project\na,1,\nb,many,\n"), headers=packed)
    assert wrong.status_code == 422
    assert [(one["file"], one["row"], one["column"]) for one in wrong.json()["problems"]] == [("notes.csv", 3, 2)]
    right = site.send("PUT", "/datasets/stad", content=package("id,count,project\na,1,\nb,2,\n"), headers=packed)
    assert right.status_code == 201, right.text
    assert site.ask("GRAPH dataset:stad { <http://e.org/b> <http://e.org/count> 2 }")
    assert site.send("PUT", "/datasets/stad", content=b"PK no zip", headers=packed).status_code == 400
    evil = io.BytesIO()
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("../../evil.txt", "x")
    answer = site.send("PUT", "/datasets/stad", content=evil.getvalue(), headers=packed)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (400, "archive")


# Validation without writing


def test_shacl_tells_what_the_shapes_say_of_what_is_posted(site: Site) -> None:
    turtle = {"Content-Type": "text/turtle"}
    right = site.client.post("/shacl", content="<http://e.org/a> <http://e.org/p> 1 .", headers=turtle)
    assert (right.status_code, right.headers["Content-Type"]) == (200, "text/turtle; charset=utf-8")
    assert "sh:conforms true" in right.text
    project = "<https://w3id.org/zorgkg/id/project/x> a <https://w3id.org/zorgkg/ns#Project> ."
    wrong = site.client.post("/shacl?lang=fr", content=project, headers=turtle | {"Accept": "application/json"})
    assert wrong.status_code == 200
    assert wrong.json()["conforms"] is False
    assert {result["focus"] for result in wrong.json()["results"]} == {"https://w3id.org/zorgkg/id/project/x"}
    text = site.client.post("/shacl", content=project, headers=turtle | {"Accept": "text/plain"})
    assert text.text.endswith("does not conform\n")
    assert not site.ask("<https://w3id.org/zorgkg/id/project/x> ?p ?o")
    assert site.client.post("/shacl", content=project, headers={"Content-Type": "text/csv"}).status_code == 415
    assert site.client.post("/shacl", content="<a", headers=turtle).status_code == 400
    lines = """<https://w3id.org/zorgkg/id/project/x> <http://www.w3.org/2000/01/rdf-schema#label> "a\\r\\nb" ."""
    xml = site.client.post("/shacl", content=project + lines, headers=turtle | {"Accept": "application/rdf+xml"})
    assert "a\r\nb" in ElementTree.fromstring(xml.content).itertext(), "read bare, a carriage return ends a line"  # noqa: S314
    assert site.client.get("/shacl").status_code == 405


# Versions


def test_an_older_version_is_activated_and_old_ones_are_pruned(site: Site) -> None:
    newer = site.update(RENAME).json()["version"]
    _, token = site.tokens.create(["versions"])
    answer = site.send("POST", "/versions/2026-1/activate", token)
    assert (answer.status_code, answer.json()["id"], answer.json()["served"]) == (200, "2026-1", True)
    assert site.client.get("/health").json()["version"] == "2026-1"
    assert site.send("POST", "/versions/none/activate", token).status_code == 404
    assert site.send("POST", f"/versions/{newer}/activate", token).status_code == 200
    assert site.send("POST", "/versions/prune", token).status_code == 400
    assert site.send("POST", "/versions/prune?keep=1", token).json() == {"removed": ["2026-1"]}
    assert site.update("INSERT DATA { <a:b> <a:c> 1 }", token).status_code == 403


def test_writes_at_once_wait_for_each_other_and_none_is_lost(site: Site) -> None:
    found: list[int] = []

    def one(number: int) -> None:
        answer = site.update(f"INSERT DATA {{ GRAPH <http://e.org/{number}> {{ <a:b> <a:c> {number} }} }}")
        found.append(answer.status_code)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * 4
    assert all(site.ask(f"GRAPH <http://e.org/{number}> {{ ?s ?p {number} }}") for number in range(4))


def test_a_write_waits_while_another_process_publishes(site: Site) -> None:
    with ThreadPoolExecutor(1) as one:
        with site.home.publishing():
            waiting = one.submit(site.update, RENAME)
            time.sleep(0.5)
            assert not waiting.done()
        assert waiting.result(30).status_code == 200


def test_validations_beyond_the_most_at_once_are_told_to_come_back_and_others_go_on(site: Site) -> None:
    project = "<https://w3id.org/zorgkg/id/project/x> a <https://w3id.org/zorgkg/ns#Project> ."
    turtle = {"Content-Type": "text/turtle", "Accept": "application/json"}

    def check(_: int) -> int:
        return int(site.client.post("/shacl", content=project, headers=turtle).status_code)

    with ThreadPoolExecutor(30) as many:
        found = list(many.map(check, range(30)))
        assert set(found) <= {200, 503}
    assert found.count(200) >= 10
    assert check(0) == 200


@pytest.mark.slow
def test_a_write_leaves_only_so_many_versions(template: Path, tmp_path: Path) -> None:
    shutil.copytree(template, tmp_path / "home")
    home = Home(tmp_path / "home")
    with started(home.path, tmp_path / "content", ZORGKG_TOKEN=SECRET, ZORGKG_KEEP="2") as client:
        site = Site(home, client, Tokens(home.path / "tokens", SECRET))
        written = [site.update(f"INSERT DATA {{ <a:b> <a:c> {number} }}").json()["version"] for number in range(3)]
        assert [manifest.id for manifest in home.versions()] == written[:0:-1]
        assert not list(home.path.glob("candidates/*"))
        # What was made from a version that is gone is whole nonetheless.
        assert site.ask("<a:b> <a:c> 0, 1, 2")
    with started(home.path, tmp_path / "content", ZORGKG_TOKEN=SECRET) as client:
        assert Site(home, client, Tokens(home.path / "tokens", SECRET)).ask("<a:b> <a:c> 0, 1, 2")


# What was found by attacking


def test_what_could_never_be_validated_is_refused(site: Site) -> None:
    for statement in ("<a:b> <a:c> <<( <a:b> <a:c> <a:d> )>>", "<a:b> <a:c> <a:d> {| <a:e> <a:f> |}"):
        answer = site.update(f"INSERT DATA {{ {statement} }}")
        assert (answer.status_code, "triple term" in answer.text) == (422, True), statement
    assert len(site.home.versions()) == 1


def test_no_graph_has_the_name_of_a_scratch_graph(site: Site) -> None:
    name = f"urn:x-zorgkg:came:{PROOF}"
    turtle = {"Content-Type": "text/turtle"}
    for answer in (
        site.update(f"INSERT DATA {{ GRAPH <{name}> {{ <a:b> <a:c> 1 }} }}"),
        site.update(f"INSERT DATA {{ GRAPH <{name}> {{ <a:b> <a:c> 1 }} }} ; INSERT DATA {{ <a:b> <a:c> 2 }}"),
        site.send("PUT", "/graphs", params={"graph": name}, content="<a:b> <a:c> 1 .", headers=turtle),
    ):
        assert answer.status_code == 403
    assert len(site.home.versions()) == 1


def test_two_graphs_are_two_datasets_whatever_their_names(site: Site) -> None:
    names = ("http://e.org/g", dataset_graph("").value + "http://e.org/g", dataset_graph("").value)
    turtle = {"Content-Type": "text/turtle"}
    for number, name in enumerate(names):
        answer = site.send("PUT", "/graphs", params={"graph": name}, content=f"<a:b> <a:c> {number} .", headers=turtle)
        assert answer.status_code == 201
    assert {name: site.home.current().datasets[name] for name in names} == dict.fromkeys(names, 1)
    assert site.send("DELETE", "/graphs", params={"graph": names[0]}).status_code == 200
    assert site.client.get("/graphs", params={"graph": names[0]}).status_code == 404
    assert site.client.get("/graphs", params={"graph": names[1]}).status_code == 200


def test_a_form_that_was_cut_off_is_refused(site: Site) -> None:
    multipart = {"Content-Type": "multipart/form-data; boundary=x"}
    part = '--x\r\nContent-Disposition: form-data; name="f{0}"; filename="{0}.nt"\r\nContent-Type: text/turtle\r\n\r\n'
    first = part.format(1) + "<a:b> <a:c> 1 .\r\n"
    whole = first + part.format(2) + "<a:b> <a:c> 2 .\r\n--x--\r\n"
    for body in ("broken", "--x\r\nbroken", "--x--\r\n", first, whole[:-7], first + part.format(2)):
        answer = site.send("PUT", "/graphs", params={"graph": PROOF}, content=body, headers=multipart)
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json"), body
    assert len(site.home.versions()) == 1
    answer = site.send("POST", "/graphs", params={"graph": PROOF}, content=whole, headers=multipart)
    assert answer.json()["changes"]["proef"] == {"came": 2, "went": 0}


def test_graphs_without_statements_are_seen_as_after_a_restart(site: Site) -> None:
    graphs = {"query": "SELECT ?g WHERE { GRAPH ?g { } }"}

    def seen() -> set[str]:
        rows = site.client.get("/sparql", params=graphs).json()["results"]["bindings"]
        return {row["g"]["value"] for row in rows}

    wait_until_held(site)
    before = seen()
    assert site.update("CREATE GRAPH <http://e.org/empty>").status_code == 200
    assert seen() - before == {"http://e.org/empty"}
    site.update("INSERT DATA { GRAPH <http://e.org/full> { <a:b> <a:c> 1 } } ; DROP GRAPH <http://e.org/empty>")
    assert seen() - before == {"http://e.org/full"}
    site.update("DROP GRAPH <http://e.org/full>")
    assert seen() == before


def wait_until_held(site: Site) -> None:
    """Until the version is in memory, from which the next ones then follow."""
    time.sleep(2)
    assert site.update(RENAME).status_code == 200


def test_if_match_takes_a_list(site: Site) -> None:
    told = {"dry-run": ""}
    assert site.update(RENAME, params=told, headers={"If-Match": '"other", "2026-1"'}).status_code == 200
    assert site.update(RENAME, params=told, headers={"If-Match": '"other", "another"'}).status_code == 412


@pytest.mark.slow
def test_a_change_that_a_limit_ends_leaves_nothing(template: Path, tmp_path: Path) -> None:
    shutil.copytree(template, tmp_path / "home")
    runaway = "INSERT { ?a ?b ?c } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    headers = {"Authorization": f"Bearer {SECRET}"}
    with started(tmp_path / "home", tmp_path / "content", ZORGKG_TOKEN=SECRET, ZORGKG_WRITE_TIMEOUT="3") as client:
        for told in ({}, {"dry-run": ""}):
            answer = client.post("/update", data={"update": runaway}, params=told, headers=headers)
            assert (answer.status_code, answer.json()["limit"]) == (504, 3)
            left = [path for name in ("candidates", "trials") for path in (tmp_path / "home" / name).glob("*")]
            assert left == []


def test_who_may_not_write_a_graph_is_told_before_the_upload(site: Site) -> None:
    _, token = site.tokens.create(["dataset:malle"])
    for path in (f"/graphs?graph={PROOF}", "/datasets/proef"):
        with socket.create_connection((site.client.base_url.host, site.client.base_url.port or 0), 10) as connection:
            connection.sendall(
                f"PUT {path} HTTP/1.1\r\nHost: e.org\r\nContent-Type: text/turtle\r\nContent-Length: 1000000\r\n"
                f"Authorization: Bearer {token}\r\n\r\n".encode()
            )
            assert connection.recv(100).startswith(b"HTTP/1.1 403 "), path


class Told(Judge):
    """A judge that remembers whether it was asked for all."""

    whole: bool | None = None

    def report(self, draft: Draft, whole: bool) -> Report:
        self.whole = whole
        return super().report(draft, whole)


@pytest.mark.slow
def test_a_change_of_much_of_a_graph_is_judged_as_a_whole(template: Path, tmp_path: Path) -> None:
    shutil.copytree(template, tmp_path / "home")
    home, judge = Home(tmp_path / "home"), Told(ROOT / "ontology")

    def attempt(update: str) -> Outcome:
        return writing.attempt(home, judge, lambda draft: apply(draft, PREFIXES + update))

    assert attempt("INSERT DATA { <a:b> <a:c> 1 }").report.conforms
    assert judge.whole is False
    assert attempt("DROP ALL").changes.keys() == {"ontology", "proef", "derived"}
    assert judge.whole is True
    some = "DELETE WHERE { GRAPH dataset:proef { ?s rdfs:label ?o } }"
    assert not attempt(some + " ; INSERT { <a:b> ?p ?o } WHERE { ?s ?p ?o }").report.conforms
    assert judge.whole is True


@pytest.mark.slow
def test_what_was_tried_leaves_nothing_however_many_try_at_once(site: Site) -> None:
    big = " ".join(f"<http://e.org/s{number}> <http://e.org/p> {number} ." for number in range(3000))

    def attempt(number: int) -> int:
        if number % 2:
            return int(site.update(f"INSERT DATA {{ {big} }}", params={"dry-run": ""}).status_code)
        answer = site.client.post("/shacl", content=big, headers={"Content-Type": "text/turtle"})
        return answer.status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(attempt, range(16))) == {200}
    assert list((site.home.path / "trials").iterdir()) == []


def test_versions_are_managed_while_another_process_writes(site: Site) -> None:
    # Another process has the lock for a moment again and again, as a second server on this folder does.
    stop = threading.Event()

    def hold() -> None:
        while not stop.is_set():
            with site.home.publishing(10):
                time.sleep(0.3)
            time.sleep(0.1)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        time.sleep(0.1)
        assert site.send("POST", "/versions/2026-1/activate").status_code == 200
        assert site.send("POST", "/versions/prune?keep=5").status_code == 200
    finally:
        stop.set()
        holder.join()
