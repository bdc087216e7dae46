"""The command line as a user runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from tests.questions.test_answers import CASES, Case
from zorgkg.content import locate
from zorgkg.publishing.build import build
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.terms import dataset_graph


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the repository's own graph published in it: everything, validated."""
    path = tmp_path_factory.mktemp("zorgkg") / "home"
    build(locate(), Home(path), lambda what, done, steps: None)
    return path


def run(*arguments: str, home: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zorgkg", arguments[0], "--home", str(home), *arguments[1:]]
    return subprocess.run(command, capture_output=True, text=True, input=stdin, timeout=120, check=False)


def test_a_question_is_answered_as_flat_records_in_the_asked_language(home: Path) -> None:
    done = run("ask", "lacking-component", "--lang", "fr", "--component", "icc-sliders/physical-environment", home=home)
    assert done.returncode == 0, done.stderr
    records = json.loads(done.stdout)
    assert len(records) == 31
    assert {record["unstated"] for record in records} == {6}
    labels = {record["project"].rpartition("/")[2]: record["projectLabel"] for record in records}
    assert labels["zorg-voor-de-buurt"] == "Prendre soin du quartier"


def test_the_home_folder_may_be_given_at_the_end_too(home: Path) -> None:
    command = [sys.executable, "-m", "zorgkg"]
    for words in (["ask", "calls-and-areas", "--format", "csv"], ["versions", "list"]):
        done = subprocess.run([*command, *words, "--home", str(home)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout


def test_a_question_can_be_printed_as_the_sparql_that_is_run(home: Path) -> None:
    asked = run("ask", "projects-by-method", "--method=abcd", "--format", "sparql", home=home)
    assert "<https://w3id.org/zorgkg/id/framework/method/abcd>" in asked.stdout
    queried = run("query", "-", "--format", "csv", home=home, stdin=asked.stdout)
    assert queried.returncode == 0
    assert "vitale-buurten" in queried.stdout


def test_a_query_gives_a_table_a_truth_or_a_graph(home: Path) -> None:
    count = run(
        "query", "-", home=home, stdin="SELECT (COUNT(*) AS ?n) { ?p <https://w3id.org/zorgkg/ns#ficheNumber> ?f }"
    )
    assert count.stdout.split() == ["n", "35"]
    assert run("query", "-", home=home, stdin="ASK { ?s ?p ?o }").stdout == "true\n"
    assert run("query", "ASK { ?s ?p ?o }", home=home).stdout == "true\n"
    graph = run("query", "-", "--format", "nt", home=home, stdin="CONSTRUCT WHERE { ?s a ?t } LIMIT 3")
    assert graph.stdout.count(" .\n") == 3


def test_versions_are_listed_compared_served_again_and_pruned(tmp_path: Path) -> None:
    place = tmp_path / "home"
    for number in (1, 2):
        with Home(place).publishing() as candidate:
            store = Store(str(candidate / "store"))
            node = NamedNode(f"https://e.org/{number}")
            store.add(Quad(node, NamedNode("https://e.org/p"), node, dataset_graph("places")))
            store.flush()
            del store
            manifest = Manifest(f"2026-{number}", "2026-01-01T00:00:00+00:00", 1, 1, "0" * 64, {"places": 1})
            Home(place).publish(candidate, manifest)
    listed = run("versions", "list", home=place).stdout.splitlines()
    assert [line.split()[:2] for line in listed] == [["*", "2026-2"], ["2026-1", "2026-01-01T00:00:00+00:00"]]
    compared = run("versions", "diff", "2026-1", home=place).stdout
    assert "places: 1 came, 1 went\n+ <https://e.org/2>" in compared
    assert "\n- <https://e.org/1>" in compared
    assert run("versions", "diff", "2026-1", "--count", home=place).stdout == "places: 1 came, 1 went\n"
    assert run("versions", "activate", "2026-1", home=place).stdout == "serving 2026-1\n"
    assert run("versions", "prune", "--keep", "1", home=place).stdout == "", "the newest, and the one that is served"
    run("versions", "activate", "2026-2", home=place)
    assert run("versions", "prune", "--keep", "1", home=place).stdout == "removed 2026-1\n"


@pytest.mark.parametrize(
    ("arguments", "stdin", "told"),
    [
        (("ask", "no-such-question"), "", "no-such-question"),
        (("ask", "projects-by-method", "--methode", "abcd"), "", "it has: method"),
        (("ask", "projects-by-method", "--method", "abdc"), "", "abcd"),
        (("ask", "projects-by-method", "--method"), "", "needs a value"),
        # Found by the version's index: nothing in the graph is written nearly so.
        (("ask", "organisation-projects", "--organisation", "CAW Zuid-West"), "", "caw-zuid-west-vlaanderen"),
        (("ask", "organisation-projects", "--lang", "fr", "--organisation", "CPAS Gand"), "", "ocmw-gent"),
        (("query", "-"), "SELECT * {", "1:11"),
        (("query", "-"), "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        (("query", "no-such-file.rq"), "", "no-such-file.rq"),
        (("query", "/"), "", "directory"),
        (("query", sys.executable), "", "decode"),
        (("query", "-", "--format", "rdf"), "CONSTRUCT { ?s <http://a/1> 1 } { ?s a ?t } LIMIT 1", "RDF/XML"),
        (("query", "-", "--format", "ttl"), "SELECT * { ?s ?p ?o } LIMIT 1", "table"),
        (("export", "--dataset", "nope"), "", "kbs-2021"),
        (("backup", "/no/such/folder/b.tar.gz"), "", "folder"),
        (("restore", "no-such-file.tar.gz"), "", "no-such-file"),
        (("restore", sys.executable), "", "no whole backup"),
        (("versions", "diff", "nine"), "", "no version"),
        (("versions", "activate", "nine"), "", "no version"),
        (("versions", "prune", "--keep", "0"), "", "whole number"),
        (("frobnicate",), "", "invalid choice"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(home: Path, arguments: tuple[str, ...], stdin: str, told: str) -> None:
    done = run(*arguments, home=home, stdin=stdin)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_without_a_published_graph_one_is_told_to_build(tmp_path: Path) -> None:
    done = run("query", "-", home=tmp_path, stdin="ASK {}")
    assert done.returncode == 2
    assert "zorgkg build" in done.stderr


def test_the_questions_are_listed_with_their_parameters(home: Path) -> None:
    listed = run("questions", "--lang", "en", home=home).stdout
    assert "lacking-component\n" in listed
    assert "--component" in listed


def test_an_export_holds_all_that_is_published(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.nq"
    assert run("export", "--output", str(target), home=home).returncode == 0
    manifest = Home(home).current()
    assert len(target.read_text("utf-8").splitlines()) == manifest.statements
    triples = run("export", "--format", "nt", home=home).stdout.splitlines()
    assert 0 < len(triples) == len(set(triples)) < manifest.statements
    one = run("export", "--dataset", "vvsg-malle", "--format", "nt", home=home)
    assert len(one.stdout.splitlines()) == manifest.datasets["vvsg-malle"]


def test_rdf_beside_the_published_graph_is_validated(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "more.ttl"
    head = "@prefix zorg: <https://w3id.org/zorgkg/ns#> . @prefix p: <https://w3id.org/zorgkg/id/project/> ."
    file.write_text(f"{head} p:nieuw a zorg:Project .")
    wrong = run("validate", str(file), home=home)
    assert wrong.returncode == 1
    assert "project:nieuw" in wrong.stdout
    file.write_text("<https://a/s> <https://a/p> <<( <https://a/s> <https://a/p> 1 )>> .")
    nested = run("validate", str(file), home=home)
    assert nested.returncode == 1
    assert "plain triples" in nested.stderr
    file.write_text(f"{head} p:nieuw a zorg:Project")
    broken = run("validate", str(file), home=home)
    assert broken.returncode == 2
    assert "more.ttl:1" in broken.stderr


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[str]:
    """A real server on a free port; its first line on standard error tells where."""
    command = [sys.executable, "-m", "zorgkg", "serve", "--home", str(home), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        yield line.split(" on ")[1].split()[0]
        process.terminate()


def test_a_started_server_answers_over_http(server: str) -> None:
    with urllib.request.urlopen(f"{server}/health", timeout=10) as response:
        assert json.load(response)["status"] == "ok"
    url = f"{server}/api/questions/lacking-component?component=icc-sliders/physical-environment&lang=en"
    with urllib.request.urlopen(url, timeout=10) as response:
        assert len(json.load(response)) == 31


def _ask(server: str, case: Case) -> tuple[str, str, bytes]:
    query = urllib.parse.urlencode({name: str(value) for name, value in case.params.items()} | {"lang": "fr"})
    with urllib.request.urlopen(f"{server}/api/questions/{case.question}?{query}", timeout=60) as answer:
        return answer.headers["X-Zorgkg-Version"], answer.headers["Content-Type"], answer.read()


@pytest.mark.slow
def test_a_restored_service_answers_every_question_identically(server: str, home: Path, tmp_path: Path) -> None:
    saved, restored = tmp_path / "saved.tar.gz", tmp_path / "restored"
    assert run("backup", str(saved), home=home).returncode == 0
    assert run("restore", str(saved), home=restored).returncode == 0
    command = [sys.executable, "-m", "zorgkg", "serve", "--home", str(restored), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            other = process.stderr.readline().split(" on ")[1].split()[0]
            different = [case.id for case in CASES if _ask(server, case) != _ask(other, case)]
            # All of the merge in one number, and each graph by itself: what the questions do not ask about.
            counts = [_count(one, "?s ?p ?o") + _count(one, "GRAPH ?g { ?s ?p ?o }") for one in (server, other)]
        finally:
            process.terminate()
    assert different == []
    assert counts[0] == counts[1]


def _count(server: str, pattern: str) -> bytes:
    graph = "?g" if "?g" in pattern else ""
    query = f"SELECT {graph} ?p (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY {graph} ?p ORDER BY {graph} ?p"
    url = f"{server}/sparql?{urllib.parse.urlencode({'query': query})}"
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": "text/csv"}), timeout=60) as answer:
        return bytes(answer.read())


def test_a_started_server_tells_what_is_wrong(server: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{server}/api/questions/projects-by-method?method=abdc", timeout=10)
    with caught.value as answer:
        assert answer.code == 422
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "abcd" in json.load(answer)["detail"]


def _post(server: str, query: str) -> int:
    request = urllib.request.Request(
        f"{server}/sparql", query.encode(), {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.fixture(scope="module")
def strict(home: Path) -> Iterator[str]:
    """A server with a time limit of one second."""
    command = [sys.executable, "-m", "zorgkg", "serve", "--home", str(home), "--port", "0"]
    environment = {**os.environ, "ZORGKG_TIMEOUT": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        yield process.stderr.readline().split(" on ")[1].split()[0]
        process.terminate()


ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.mark.parametrize(
    "query", [ENDLESS, "ASK { " + "OPTIONAL { ?s ?p ?o } " * 4_000 + "}"], ids=["join", "optionals"]
)
def test_an_endless_query_ends_alone_and_the_next_one_answers(strict: str, query: str) -> None:
    assert _post(strict, query) == 504
    assert _post(strict, "ASK { ?s ?p ?o }") == 200


@pytest.mark.parametrize(
    "query",
    [
        "ASK " + "{" * 5_000 + "}" * 5_000,
        "ASK { FILTER (" + "!" * 10_000 + "true) }",
    ],
    ids=["braces", "negations"],
)
def test_a_query_that_is_nested_too_deeply_ends_alone_and_the_next_one_answers(server: str, query: str) -> None:
    assert _post(server, query) == 422
    assert _post(server, "ASK { ?s ?p ?o }") == 200


@pytest.mark.slow
def test_forty_runaway_queries_leave_the_server_answering(strict: str) -> None:
    with ThreadPoolExecutor(40) as crowd:
        told = [crowd.submit(_post, strict, ENDLESS) for _ in range(40)]
        with urllib.request.urlopen(f"{strict}/health", timeout=10) as response:
            assert json.load(response)["status"] == "ok"
        codes = {one.result() for one in told}
    assert 504 in codes
    assert codes <= {503, 504}
    assert _post(strict, "ASK { ?s ?p ?o }") == 200


@pytest.mark.slow
def test_an_interrupt_lets_a_running_query_reach_its_limit_and_stops_the_server(home: Path) -> None:
    command = [sys.executable, "-m", "zorgkg", "serve", "--home", str(home), "--port", "0"]
    environment = {**os.environ, "ZORGKG_TIMEOUT": "3"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        server = process.stderr.readline().split(" on ")[1].split()[0]
        with ThreadPoolExecutor(1) as one:
            endless = one.submit(_post, server, ENDLESS)
            time.sleep(0.5)
            assert not endless.done()
            process.send_signal(signal.SIGINT)
            process.wait(timeout=15)
            with pytest.raises(urllib.error.URLError):
                _post(server, "ASK {}")
            endless.exception(timeout=30)


def test_things_are_found_by_what_a_person_types(home: Path) -> None:
    done = run("search", "mechlen", "--type", "municipality", "--lang", "fr", "--limit", "1", home=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert [one["label"] for one in json.loads(done.stdout)] == ["Malines"]
    shown = run("search", "hoplr", "--format", "table", home=home)
    assert "Hoplr" in shown.stdout
    assert run("search", "xqzwv", home=home).stdout == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["--type", "colour"], "colour"), (["--limit", "0"], "--limit 0"), (["--lang", "de"], "de")],
)
def test_a_search_that_cannot_be_is_refused(home: Path, arguments: list[str], told: str) -> None:
    done = run("search", "gent", *arguments, home=home)
    assert done.returncode == 2
    assert told in done.stderr


def test_a_search_makes_the_index_where_there_is_none(home: Path, tmp_path: Path) -> None:
    other = Home(tmp_path / "home")
    version = Home(home).current()
    subprocess.run(["cp", "-r", str(home), str(other.path)], check=True)
    (other.directory(version.id) / "search.sqlite").unlink()
    done = run("search", "Gent", "--limit", "1", home=other.path)
    assert (done.returncode, json.loads(done.stdout)[0]["label"]) == (0, "Gent")
    assert (other.directory(version.id) / "search.sqlite").is_file()
