"""Several versions in one server: what is published is served at once, and older ones can be asked."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, parse, serialize
from starlette.testclient import TestClient

from zorgkg.content import Content
from zorgkg.engine.embedded import merge
from zorgkg.engine.limits import CrashError
from zorgkg.engine.processes import QueryProcesses
from zorgkg.publishing.versions import Home, Manifest, NoVersion
from zorgkg.settings import read
from zorgkg.terms import dataset_graph
from zorgkg.web import serving as module
from zorgkg.web.app import create
from zorgkg.web.serving import Serving

HERE = Path(__file__).parent
ASK = "SELECT ?which { ?which <https://e.org/in> ?version }"


def publish(home: Home, identifier: str) -> None:
    """Publish a version that says which one it is."""
    with home.publishing() as candidate:
        store = Store(str(candidate / "store"))
        store.load((HERE / "graph.ttl").read_bytes(), RdfFormat.TURTLE, to_graph=dataset_graph("proef"))
        node = NamedNode(f"https://e.org/{identifier}")
        store.add(Quad(node, NamedNode("https://e.org/in"), node, dataset_graph("marks")))
        merge(store)
        store.flush()
        statements = len(store)
        del store
        home.publish(candidate, Manifest(identifier, "2026-01-01T00:00:00+00:00", statements, 1, "0" * 64))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    publish(home, "2026-1")
    publish(home, "2026-2")
    return home


@pytest.fixture
def serving(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    monkeypatch.setattr(module, "LOOK", 0.05)
    folder = tmp_path / "queries"
    folder.mkdir()
    opened = Serving(Content(folder, folder, folder), home, read({}, {"ZORGKG_TIMEOUT": "3"}))
    yield opened
    opened.close()


@pytest.fixture
def client(serving: Serving) -> Iterator[TestClient]:
    with TestClient(create(serving.current, serving), follow_redirects=False) as client:
        yield client


def which(client: TestClient, version: str = "") -> str:
    """Which version answers, as the graph and the header say."""
    parameters = {"query": ASK} | ({"version": version} if version else {})
    answer = client.get("/sparql", params=parameters, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    told = str(answer.text.split()[-1]).removeprefix("https://e.org/")
    assert answer.headers["X-Zorgkg-Version"] == told
    return told


def until(client: TestClient, version: str) -> None:
    for _ in range(200):
        if which(client) == version:
            return
        time.sleep(0.02)
    pytest.fail(f"version {version} is not served")


def until_served(client: TestClient, version: str) -> None:
    for _ in range(400):
        if client.get("/health").json()["version"] == version:
            return
        time.sleep(0.02)
    pytest.fail(f"version {version} is not served")


def test_what_is_published_or_activated_is_served_without_a_restart(client: TestClient, home: Home) -> None:
    assert which(client) == "2026-2"
    publish(home, "2026-3")
    until(client, "2026-3")
    assert client.get("/health").json()["version"] == "2026-3"
    home.activate("2026-1")
    until(client, "2026-1")


def test_every_read_can_be_asked_of_an_older_version(client: TestClient) -> None:
    assert which(client, "2026-1") == "2026-1"
    assert which(client, "2026-2") == which(client, "current") == which(client) == "2026-2"
    asked = {"version": "2026-1"}
    for path in ("/health", "/api/questions", "/doc/project/linde.ttl"):
        answer = client.get(path, params=asked)
        assert (answer.status_code, answer.headers["X-Zorgkg-Version"]) == (200, "2026-1"), path
    assert client.get("/health", params=asked).json()["version"] == "2026-1"
    assert client.get("/api/openapi.json", params=asked).json()["info"]["version"] == "2026-1"
    assert 'zorgkg_version_info{id="2026-2"}' in client.get("/metrics", params=asked).text, "what is served"


@pytest.mark.slow
def test_more_older_versions_than_stay_open_answer_all(client: TestClient, home: Home) -> None:
    for number in (3, 4, 5):
        publish(home, f"2026-{number}")
    for _ in range(2):
        for number in (1, 2, 3, 4):
            assert which(client, f"2026-{number}") == f"2026-{number}"


@pytest.mark.parametrize("version", ["nine", "2026", "../home", "2026-1/../2026-2"])
def test_an_unknown_or_unclear_version_is_refused(client: TestClient, version: str) -> None:
    answer = client.get("/sparql", params={"query": ASK, "version": version})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["parameter"] == "version"
    assert "home" not in answer.json()["detail"].replace(version, ""), "the server's folders are nobody's business"


@pytest.mark.slow
def test_a_version_that_cannot_be_opened_leaves_the_old_one_served(client: TestClient, home: Home) -> None:
    with home.publishing() as candidate:
        (candidate / "store").mkdir()
        (candidate / "store" / "CURRENT").write_text("not a store\n")
        home.publish(candidate, Manifest("2026-9", "2026-01-01T00:00:00+00:00", 1, 1, "0" * 64))
    time.sleep(0.3)
    assert which(client) == "2026-2"
    answer = client.get("/sparql", params={"query": ASK, "version": "2026-9"})
    assert answer.status_code == 500
    (home.path / "versions" / "broken").mkdir()
    (home.path / "versions" / "broken" / "manifest.json").write_text("[]")
    (home.path / "current").write_text("broken")
    time.sleep(0.3)
    assert which(client) == "2026-2"
    publish(home, "2027")
    until(client, "2027")


def answers(client: TestClient) -> list[str]:
    """What the version says, as one would see a difference in the named graphs or in their merge."""
    queries = (
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(!isBlank(?s) && !isBlank(?o)) }",
        "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o FILTER(!isBlank(?s) && !isBlank(?o)) } }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    )
    found = []
    for query in queries:
        answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv, application/n-triples"})
        assert answer.status_code == 200, answer.text
        found += sorted(answer.text.splitlines())
    return found


def lines(triples: set[Triple]) -> str:
    return (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()


def write(home: Home, base: str, identifier: str, went: str, came: str) -> None:
    """Publish a version that differs from another by a few statements, as a write does."""
    with home.publishing() as candidate:
        store = Store()
        disk = Store.read_only(str(home.store(base)))
        store.bulk_extend(
            quad for graph in disk.named_graphs() for quad in disk.quads_for_pattern(None, None, None, graph)
        )
        before = {quad.triple for quad in store}
        for text, change in ((went, store.remove), (came, store.add)):
            for quad in parse(text, RdfFormat.N_QUADS):
                change(quad)
        after = {quad.triple for quad in store}
        merge(store)
        made = Store(str(candidate / "store"))
        made.bulk_extend(store)
        made.flush()
        del made
        (candidate / "went.nq").write_text(went + lines(before - after))
        (candidate / "came.nq").write_text(came + lines(after - before))
        manifest = Manifest(identifier, "2026-01-01T00:00:00+00:00", len(store), 1, "0" * 64, base=base)
        home.publish(candidate, manifest)


def test_a_write_is_served_without_reading_the_version_anew(
    client: TestClient, home: Home, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks, proef = dataset_graph("marks"), dataset_graph("proef")
    two, three = "<https://e.org/2026-2>", "<https://e.org/2026-3>"
    within = "<https://e.org/in>"
    went = f"{two} {within} {two} {marks} .\n"
    # One triple in two graphs: it counts once in their merge, and stays there when one graph loses it.
    came = f"{three} {within} {three} {marks} .\n{three} {within} {three} {proef} .\n"
    begun: list[str] = []
    begin = Serving._begin

    def noted(self: Serving, manifest: Manifest, held: bool) -> QueryProcesses:
        begun.append(manifest.id)
        return begin(self, manifest, held)

    serving.hold()

    monkeypatch.setattr(Serving, "_begin", noted)
    write(home, "2026-2", "2026-3", went, came)
    until(client, "2026-3")
    assert begun == [], "no version was opened from its folder"
    write(home, "2026-3", "2026-4", f"{three} {within} {three} {marks} .\n", "")
    until_served(client, "2026-4")
    assert begun == []
    assert "<https://e.org/2026-3>" in "".join(answers(client)), "one dataset still says so"
    served = answers(client)
    # The same version, opened from its folder by another server.
    other = Serving(serving._content, home, serving._settings)
    with TestClient(create(other.current, other), follow_redirects=False) as fresh:
        assert answers(fresh) == served
    other.close()


def test_a_version_is_served_from_its_files_at_once_and_then_from_memory(client: TestClient, serving: Serving) -> None:
    before = serving.current
    served = answers(client)
    serving.hold()
    assert serving.current.manifest == before.manifest
    serving.hold()
    assert answers(client) == served


@pytest.mark.slow
def test_changes_that_cannot_be_read_cost_a_reading_of_the_version_and_no_more(client: TestClient, home: Home) -> None:
    graph = dataset_graph("marks")
    three = "<https://e.org/2026-3>"
    write(home, "2026-2", "2026-9", "", f"{three} <https://e.org/in> {three} {graph} .\n")
    (home.directory("2026-9") / "came.nq").write_text("no statement")
    home.activate("2026-1")
    until_served(client, "2026-1")
    home.activate("2026-2")
    until_served(client, "2026-2")
    home.activate("2026-9")
    until_served(client, "2026-9")
    assert "https://e.org/2026-3" in "".join(answers(client))


@pytest.mark.slow
def test_a_request_that_began_with_a_version_ends_with_it(client: TestClient, home: Home, serving: Serving) -> None:
    before = serving.current
    assert before.processes
    assert before.processes.enter()
    publish(home, "2026-3")
    until(client, "2026-3")
    told = before.engine.query(ASK)
    assert isinstance(told, QuerySolutions)
    assert [row["which"].value for row in told] == ["https://e.org/2026-2"]
    before.processes.leave()
    with pytest.raises(CrashError):
        before.engine.query(ASK)


@pytest.mark.slow
def test_a_version_whose_process_is_killed_is_opened_again(client: TestClient, serving: Serving) -> None:
    before = serving.current.processes
    assert before
    header, _ = before.ask({"own": "ASK {}"})
    assert header == {}
    before._control.shutdown(socket.SHUT_RDWR)
    for _ in range(200):
        if serving.current.processes is not before:
            break
        time.sleep(0.05)
    assert which(client) == "2026-2"


@pytest.mark.slow
def test_versions_are_listed_and_compared(client: TestClient) -> None:
    listed = client.get("/versions").json()["versions"]
    assert [(one["id"], one["served"]) for one in listed] == [("2026-2", True), ("2026-1", False)]
    assert client.get("/versions/2026-1").json()["id"] == "2026-1"
    found = client.get("/versions/2026-1/diff").json()
    assert (found["older"], found["newer"]) == ("2026-1", "2026-2")
    assert found["datasets"] == {
        "marks": {
            "came": ["<https://e.org/2026-2> <https://e.org/in> <https://e.org/2026-2> ."],
            "went": ["<https://e.org/2026-1> <https://e.org/in> <https://e.org/2026-1> ."],
        }
    }
    assert client.get("/versions/2026-1/diff", params={"to": "2026-1"}).json()["datasets"] == {}
    for path in ("/versions/nine", "/versions/nine/diff", "/versions/2026-1/diff?to=nine"):
        assert client.get(path).status_code == 404
    assert client.get("/versions?colour=red").status_code == 400


def test_a_home_without_a_version_cannot_be_served(tmp_path: Path) -> None:
    with pytest.raises(NoVersion):
        Serving(Content(tmp_path, tmp_path, tmp_path), Home(tmp_path / "empty"), read({}, {}))


def test_a_server_that_can_fork_no_more_says_so(client: TestClient, serving: Serving) -> None:
    assert client.get("/health").status_code == 200
    os.kill(serving._origin._process, signal.SIGKILL)
    until_broken = time.monotonic() + 10
    while client.get("/health").status_code == 200 and time.monotonic() < until_broken:
        time.sleep(0.05)
    assert client.get("/health").status_code == 503
    assert answers(client), "what is open is still served"
