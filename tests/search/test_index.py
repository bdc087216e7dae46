"""The index as lists are made of it: exact filters, order, pages, single things; many threads, and its end."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

from tests import servers
from tests.search.contents import contents
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.engine.interface import Engine
from zorgkg.languages import LANGUAGES
from zorgkg.search import index as module
from zorgkg.search import making, schema
from zorgkg.search.connections import Connections
from zorgkg.search.folding import key
from zorgkg.search.index import SearchIndex, TooSlow
from zorgkg.terms import ID, PREFIXES, term

_PROLOGUE = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())


def _asked(engine: Engine, pattern: str) -> list[str]:
    """The things that a pattern gives, by SPARQL."""
    answer = engine.query(f"{_PROLOGUE} SELECT DISTINCT ?thing WHERE {{ {pattern} }}")
    assert isinstance(answer, QuerySolutions)
    return sorted(row["thing"].value for row in answer)


@pytest.mark.parametrize(
    ("kind", "filters", "pattern"),
    [
        ("project", {}, "?thing a/rdfs:subClassOf* schema:Project"),
        ("project", {"class": [term("zorg:Project").value]}, "?thing a zorg:Project"),
        ("project", {"municipality": [f"{ID}place/gent"]}, "?thing a zorg:Project ; zorg:inMunicipality <P:gent>"),
        ("project", {"province": [f"{ID}place/provincie-limburg"]}, "?thing zorg:inProvince <P:provincie-limburg>"),
        (
            "project",
            {"province": [f"{ID}place/provincie-limburg", f"{ID}place/provincie-antwerpen"]},
            "VALUES ?in { <P:provincie-limburg> <P:provincie-antwerpen> } ?thing zorg:inProvince ?in",
        ),
        (
            "project",
            {"region": [f"{ID}place/vlaams-gewest"], "component": [f"{ID}framework/icc-sliders/physical-environment"]},
            "?thing zorg:inRegion <P:vlaams-gewest> ; zorg:addresses <F:icc-sliders/physical-environment>",
        ),
        ("project", {"framework": [f"{ID}framework/sombrero"]}, "?thing zorg:addresses/skos:inScheme <F:sombrero>"),
        ("project", {"method": [f"{ID}framework/method/hoplr"]}, "?thing zorg:usesMethod <F:method/hoplr>"),
        ("project", {"initiator": [f"{ID}organisation/ocmw-gent"]}, "?thing zorg:initiator <O:ocmw-gent>"),
        ("project", {"participant": [f"{ID}organisation/hoplr"]}, "?one zorg:project ?thing ; zorg:agent <O:hoplr>"),
        (
            "organisation",
            {"municipality": [f"{ID}place/gent"]},
            "?thing org:classification ?k ; zorg:inMunicipality <P:gent>",
        ),
        (
            "organisation",
            {"province": [f"{ID}place/west-vlaanderen"]},
            "?thing org:classification ?k ; zorg:inMunicipality/zorg:partOf+ <P:west-vlaanderen>",
        ),
        (
            "organisation",
            {"kind": [f"{ID}framework/organisation-kind/ocmw"]},
            "?thing org:classification <F:organisation-kind/ocmw>",
        ),
        ("place", {"within": [f"{ID}place/vlaams-gewest"]}, "?thing zorg:partOf+ <P:vlaams-gewest>"),
        ("place", {"partOf": [f"{ID}place/vlaams-gewest"]}, "?thing zorg:partOf <P:vlaams-gewest>"),
        ("place", {"kind": [term("zorg:Province").value]}, "?thing a zorg:Province"),
        ("framework", {"class": [term("zorg:Component").value]}, "?thing a zorg:Component"),
        ("framework", {"framework": [f"{ID}framework/vvsg"]}, "?thing skos:inScheme <F:vvsg>"),
        ("project", {"dataset": [f"{ID}dataset/vvsg-malle"]}, None),
        ("project", {"municipality": ["http://nowhere.org/"]}, "?thing zorg:inMunicipality <http://nowhere.org/>"),
    ],
)
def test_filters_give_what_the_graph_says(
    index: SearchIndex, engine: EmbeddedEngine, kind: str, filters: dict[str, list[str]], pattern: str | None
) -> None:
    found = sorted(one.iri for one in index.page(kind, "nl", filters=filters, limit=10_000).things)
    if pattern is None:
        about = "{ ?thing ?p ?o } UNION { ?x zorg:project|rdf:subject|zorg:about|zorg:agent ?thing }"
        pattern = f"GRAPH <D:vvsg-malle> {{ {about} }} ?thing a zorg:Project"
    for short, name in (("P", "place"), ("F", "framework"), ("O", "organisation"), ("D", "dataset")):
        pattern = pattern.replace(f"<{short}:", f"<{ID}{name}/")
    expected = _asked(engine, pattern)
    assert found == expected
    assert found or "nowhere" in pattern


def test_pages_together_are_the_whole_list_in_order(index: SearchIndex) -> None:
    for language in LANGUAGES:
        for descending in (False, True):
            whole = index.page("place", language, descending=descending, limit=10_000)
            assert not whole.more
            pieces = []
            for offset in range(0, len(whole.things), 37):
                page = index.page("place", language, descending=descending, limit=37, offset=offset)
                assert page.more == (offset + 37 < len(whole.things))
                pieces += page.things
            assert pieces == whole.things
            keys = [key(one.label) for one in whole.things]
            assert keys == sorted(keys, reverse=descending)


def test_order_by_iri(index: SearchIndex) -> None:
    iris = [one.iri for one in index.page("organisation", "nl", sort="iri", limit=10_000).things]
    assert iris == sorted(iris)
    backwards = [one.iri for one in index.page("organisation", "nl", sort="iri", descending=True, limit=10_000).things]
    assert backwards == iris[::-1]


def test_words_and_filters_together(index: SearchIndex) -> None:
    filters = {"region": [f"{ID}place/vlaams-gewest"]}
    all_of_them = {one.iri for one in index.page("project", "nl", filters=filters, limit=1000).things}
    found = {one.iri for one in index.page("project", "nl", filters=filters, text="buurten vitale", limit=1000).things}
    assert found
    assert found < all_of_them
    misspelt = index.page("project", "nl", filters=filters, text="vitaale", limit=1000).things
    assert {one.iri for one in misspelt} == {
        one.iri for one in index.page("project", "nl", filters=filters, text="vitale", limit=1000).things
    }
    assert index.page("project", "nl", text="xqzwv").things == []
    assert index.page("project", "nl", text="?!").things == []
    assert index.page("project", "nl", text=" ").things


def test_a_filter_that_leaves_many_gives_the_same_as_one_that_leaves_few(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"filters": {"region": [f"{ID}place/vlaams-gewest"]}, "text": "zorg", "limit": 1000}
    few = index.page("project", "fr", **asked)  # type: ignore[arg-type]
    monkeypatch.setattr(module, "_MANY", 2)
    assert index.page("project", "fr", **asked) == few  # type: ignore[arg-type]
    assert few.things


def test_one_thing_by_its_address(index: SearchIndex) -> None:
    one = index.get("framework", "vvsg/1", "fr")
    assert one
    assert (one.iri, one.type, one.kind, one.slug) == (f"{ID}framework/vvsg/1", "framework", "component", "vvsg/1")
    assert one.language == "fr"
    gent = index.get("place", "gent", "nl")
    assert gent
    assert gent.latitude == pytest.approx(51.05, abs=0.1)
    assert gent.longitude == pytest.approx(3.73, abs=0.1)
    assert index.get("place", "no-such", "nl") is None
    assert index.get("place", "", "nl") is None
    assert index.get("project", "gent", "nl") is None


def test_what_there_is_not_is_refused(index: SearchIndex) -> None:
    with pytest.raises(KeyError):
        index.page("project", "nl", filters={"colour": ["x"]})
    with pytest.raises(KeyError):
        index.page("project", "nl", sort="colour")


def test_reading_chunk_by_chunk_gives_the_same_as_reading_everything(
    engine: EmbeddedEngine, folder: Path, tmp_path: Path
) -> None:
    making.make(engine.query, tmp_path / schema.FULL, chunks=True)
    assert contents(tmp_path) == contents(folder)


@pytest.mark.slow
def test_another_server_gives_the_same_index(remote_engine: Engine, folder: Path, tmp_path: Path) -> None:
    assert servers.KINDS
    making.make(remote_engine.query, tmp_path / schema.FULL, chunks=True)
    assert contents(tmp_path) == contents(folder)


def test_many_threads_may_ask_at_once(folder: Path) -> None:
    index = SearchIndex.open(folder)
    assert index
    texts = ["gent", "mechlen", "ocmw", "zorg", "vitaale burten"] * 20
    expected = [index.find(text, "nl") for text in texts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda text: index.find(text, "nl"), texts)) == expected
    index.close()


def test_an_index_answers_on_after_its_folder_is_gone(folder: Path, tmp_path: Path) -> None:
    """A version may be pruned while it is open, also while several threads need connections."""
    shutil.copytree(folder, tmp_path / "version")
    index = SearchIndex.open(tmp_path / "version")
    assert index
    shutil.rmtree(tmp_path / "version")
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda text: index.find(text, "nl"), ["gent"] * 20))
    assert all(found)
    index.close()


def test_a_connection_that_is_in_use_is_closed_when_it_is_given_back(folder: Path) -> None:
    connections = Connections(folder / schema.FULL, None)
    with connections.use(1) as connection:
        connections.close()
        assert connection.execute("SELECT COUNT(*) FROM thing").fetchone()[0] > 0
    with pytest.raises(sqlite3.ProgrammingError):
        connection.execute("SELECT 1")


def test_what_takes_too_long_is_ended(folder: Path) -> None:
    connections = Connections(folder / schema.FULL, None)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT MAX(x) FROM n"
    with pytest.raises(TooSlow), connections.use(0.05) as connection:
        connection.execute(endless).fetchone()
    with connections.use(5) as connection:
        assert connection.execute("SELECT COUNT(*) FROM thing").fetchone()[0] > 0
    connections.close()


def test_threads_leave_no_more_connections_than_were_used_at_once(folder: Path) -> None:
    connections = Connections(folder / schema.FULL, None)
    barrier = threading.Barrier(3)

    def use() -> None:
        with connections.use(5) as connection:
            barrier.wait()
            connection.execute("SELECT 1").fetchone()

    for _ in range(3):
        threads = [threading.Thread(target=use) for _ in range(3)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert len(connections._free) == 3
    connections.close()
