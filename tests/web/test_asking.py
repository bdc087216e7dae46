"""Questions in query processes: answered as in a thread, within the same limits, and of the version that is served."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store
from starlette.testclient import TestClient

from zorgkg.content import Content
from zorgkg.engine.embedded import EmbeddedEngine, merge
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.questions import catalogue
from zorgkg.questions.question import RESERVED
from zorgkg.settings import Settings, read
from zorgkg.terms import dataset_graph
from zorgkg.web.app import create
from zorgkg.web.asking import OWN
from zorgkg.web.forms.representations import TABLE
from zorgkg.web.service import Service
from zorgkg.web.serving import Serving

HERE = Path(__file__).parent
HEADER = "#+ summary: {nl: Wat?, fr: Quoi ?, en: What?}\n#+ chart: {none: a list}\n"
MANY = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(9))
QUESTIONS = {
    "projects": HEADER.replace(
        "#+ chart",
        "#+ params:\n#+   place: {type: iri, class: zorg:Place, description: {nl: P., fr: L., en: P.}}\n#+ chart",
    )
    + """PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT ?project ?projectLabel ?fiche {
  VALUES ?labels { zorg:labelNl }
  VALUES ?place { UNDEF }
  ?project a zorg:Project ; ?labels ?projectLabel .
  OPTIONAL { ?project zorg:ficheNumber ?fiche }
  OPTIONAL { ?project zorg:takesPlaceIn/zorg:partOf* ?in }
  FILTER(!BOUND(?place) || ?in = ?place)
} ORDER BY ?projectLabel ?project""",
    "marks": HEADER + "SELECT ?mark { ?mark <https://e.org/in> ?mark } ORDER BY ?mark",
    "none": HEADER + "SELECT ?x { ?x <https://e.org/none> ?y } ORDER BY ?x",
    "endless": HEADER + f"SELECT (COUNT(*) AS ?n) {{ {MANY} }} ORDER BY ?n",
    "large": HEADER
    + 'SELECT ?a ?b ?c ?d ?e { ?a ?b ?c . ?d a ?e . FILTER(STRENDS(STR(?e), "#Project")) } ORDER BY ?a ?b ?c ?d ?e',
}
LIMITS = {"ZORGKG_MAX_RESULT": "50000"}


def publish(home: Home, identifier: str) -> Store:
    with home.publishing() as candidate:
        store = Store(str(candidate / "store"))
        store.load((HERE / "graph.ttl").read_bytes(), RdfFormat.TURTLE, to_graph=dataset_graph("proef"))
        store.load((HERE / "ontology.ttl").read_bytes(), RdfFormat.TURTLE, to_graph=dataset_graph("ontology"))
        mark = NamedNode(f"https://e.org/{identifier}")
        store.add(Quad(mark, NamedNode("https://e.org/in"), mark, dataset_graph("marks")))
        merge(store)
        store.flush()
        statements = len(store)
        copy = Store()
        copy.bulk_extend(store)
        del store
        home.publish(candidate, Manifest(identifier, "2026-01-01T00:00:00+00:00", statements, 1, "0" * 64))
    return copy


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("queries")
    for name, text in QUESTIONS.items():
        (folder / f"{name}.rq").write_text(text, "utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def serving(home: Home, folder: Path) -> Iterator[Serving]:
    publish(home, "2026-1")
    opened = Serving(Content(folder, folder, folder), home, settings())
    yield opened
    opened.close()


@pytest.fixture
def client(serving: Serving) -> Iterator[TestClient]:
    """A client of a server that answers in processes."""
    with TestClient(create(serving.current, serving), follow_redirects=False) as client:
        yield client


def settings(seconds: int = 2) -> Settings:
    return read({}, LIMITS | {"ZORGKG_TIMEOUT": str(seconds)})


def kind(problem: dict[str, str]) -> str:
    return problem["type"].rpartition("/")[2]


def test_a_process_answers_as_a_thread_does(home: Home, folder: Path, tmp_path: Path) -> None:
    # The first Parquet of a process loads a large library, which takes long where others work too.
    patient = settings(60)
    publish(home, "2026-1")
    engine = EmbeddedEngine(publish(Home(tmp_path / "other"), "2026-1"), "2026-1")
    service = Service(Content(folder, folder, folder), home.current(), engine, catalogue.read(folder), patient)
    with (
        closing(Serving(Content(folder, folder, folder), home, patient)) as serving,
        TestClient(create(serving.current, serving), follow_redirects=False) as client,
        TestClient(create(service), follow_redirects=False) as thread,
    ):
        forms = [one for one in (*TABLE, "html", "sparql") if one != "geojson"]
        asked = [f"projects.{form}{page}" for form in forms for page in ("", "?limit=1&offset=1&lang=fr")]
        asked += ["projects?place=mechelen", "none", "none?offset=1", "projects?place=mechele", "projects?x=1"]
        asked += ["projects.geojson", "projects?limit=0", "projects.csv?languages=true&lang=fr"]
        for path in asked:
            one, other = (each.get(f"/api/questions/{path}") for each in (client, thread))
            assert (one.status_code, one.content) == (other.status_code, other.content), path
            assert dict(one.headers) == dict(other.headers)


def test_a_question_that_takes_too_long_ends_alone(client: TestClient) -> None:
    late = client.get("/api/questions/endless")
    assert (late.status_code, kind(late.json())) == (504, "time-limit")
    assert (late.json()["setting"], late.json()["limit"]) == ("ZORGKG_TIMEOUT", 2)
    assert client.get("/api/questions/projects").status_code == 200


@pytest.mark.parametrize("form", ["json", "csv", "sparql-json", "ttl"])
def test_an_answer_that_is_too_large_is_refused_and_never_cut(client: TestClient, form: str) -> None:
    large = client.get(f"/api/questions/large.{form}")
    assert (large.status_code, kind(large.json())) == (422, "result-limit")
    assert (large.json()["setting"], large.json()["limit"]) == ("ZORGKG_MAX_RESULT", 50000)
    page = client.get(f"/api/questions/large.{form}?limit=20")
    assert (page.status_code, 'rel="next"' in page.headers["link"]) == (200, True)


def test_an_answer_without_rows_is_an_answer_and_has_no_second_page(client: TestClient) -> None:
    assert (client.get("/api/questions/none").status_code, client.get("/api/questions/none").json()) == (200, [])
    beyond = client.get("/api/questions/none?offset=1")
    assert (beyond.status_code, beyond.json()["rows"]) == (404, 0)


def test_a_new_version_is_answered_at_once_whatever_was_kept(client: TestClient, home: Home, serving: Serving) -> None:
    def mark(version: str = "", **headers: str) -> tuple[int, str]:
        answer = client.get(f"/api/questions/marks.csv{version}", headers=headers)
        return answer.status_code, answer.text.rpartition("/")[2].strip()

    tag = client.get("/api/questions/marks.csv").headers["etag"]
    assert mark() == mark() == (200, "2026-1")
    assert mark(**{"If-None-Match": tag}) == (304, "")
    publish(home, "2026-2")
    serving.look()
    assert mark(**{"If-None-Match": tag}) == (200, "2026-2")
    assert mark() == (200, "2026-2")
    # What was before can still be asked, and is told never to change; also to whoever only has its tag.
    old = client.get("/api/questions/marks.csv?version=2026-1")
    assert (old.headers["cache-control"], old.text.split()[-1][-6:]) == ("max-age=31536000, immutable", "2026-1")
    assert client.get("/api/questions/marks.csv?version=2026-").status_code == 404
    tag = old.headers["etag"]
    assert mark("?version=2026-1", **{"If-None-Match": tag}) == (304, "")


def test_the_parameters_of_every_question_are_those_that_none_may_take_for_itself() -> None:
    assert set(OWN) < set(RESERVED)
