"""The index after a write: what it tells is what one that is made anew tells, and it costs no more than the change."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from tests import homes
from tests.search.contents import contents
from zorgkg.publishing import backup, searching, writing
from zorgkg.publishing.draft import Draft
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.publishing.writing import Judge
from zorgkg.search import making, schema
from zorgkg.search.index import SearchIndex
from zorgkg.terms import ID, dataset_graph, term

PROOF = dataset_graph("proef")
WESTVELD = NamedNode(f"{ID}project/het-westveld")
LABEL = term("rdfs:label")


@dataclass
class Site:
    """A home that is written to.

    :param home: the home.
    :param judge: its shapes and rules.
    """

    home: Home
    judge: Judge

    def write(self, change: Callable[[Draft], None]) -> Manifest:
        """Publish a change that conforms."""
        outcome = writing.write(self.home, self.judge, change)
        assert outcome.after, outcome.report.results("en")
        return outcome.after

    def rename(self, thing: NamedNode, name: str) -> Manifest:
        """Give a thing another Dutch label."""

        def change(draft: Draft) -> None:
            old = [quad for quad in draft.after.quads_for_pattern(thing, LABEL, None, PROOF) if _dutch(quad)]
            assert old
            draft.change(old, [Quad(thing, LABEL, Literal(name, language="nl"), PROOF)])

        return self.write(change)

    def folder(self) -> Path:
        """The folder of the version that is served."""
        return self.home.directory(self.home.current().id)

    def find(self, text: str) -> list[str]:
        """What a reader finds in the version that is served."""
        index = SearchIndex.open(self.folder())
        assert index
        try:
            return [hit.thing.iri.removeprefix(ID) for hit in index.find(text, "nl", limit=50)]
        finally:
            index.close()

    def check(self, tmp_path: Path) -> None:
        """What the index tells is what one that is made anew of the version tells."""
        assert contents(self.folder()) == _anew(Store.read_only(str(self.folder() / "store")), tmp_path)


def _dutch(quad: Quad) -> bool:
    return isinstance(quad.object, Literal) and quad.object.language == "nl"


def _anew(store: Store, folder: Path) -> dict[str, object]:
    target = folder / "anew"
    target.mkdir(exist_ok=True)
    (target / schema.FULL).unlink(missing_ok=True)
    searching.make(store, target)
    return contents(target)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(homes.ROOT / "ontology")


@pytest.fixture
def site(tmp_path: Path, judge: Judge) -> Site:
    return Site(homes.small(tmp_path / "home"), judge)


def test_a_thing_that_is_added_renamed_and_removed_is_found_accordingly(site: Site, tmp_path: Path) -> None:
    new = NamedNode(f"{ID}framework/method/koffiekar")
    text = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix zorg: <https://w3id.org/zorgkg/ns#> .
        <https://w3id.org/zorgkg/id/framework/method/koffiekar> a zorg:Method, skos:Concept ;
        skos:notation "koffiekar" ; skos:prefLabel "Koffiekar"@nl, "Chariot à café"@fr, "Coffee cart"@en ;
        skos:definition "Een kar."@nl, "Un chariot."@fr, "A cart."@en ; skos:altLabel "babbelbar"@nl ;
        skos:inScheme <https://w3id.org/zorgkg/id/framework/voc> ."""
    read = parse(text, format=RdfFormat.TURTLE)
    quads = [Quad(one.subject, one.predicate, one.object, PROOF) for one in read]
    assert site.find("koffiekar") == []
    site.write(lambda draft: draft.change([], quads))
    for typed in ("koffiekar", "kofiekar", "chariot a cafe", "coffee", "babbelbar", "k", "koff"):
        assert site.find(typed)[0] == "framework/method/koffiekar", typed
    site.check(tmp_path)
    labels = [quad for quad in quads if quad.predicate == term("skos:prefLabel") and _dutch(quad)]
    site.write(
        lambda draft: draft.change(
            labels, [Quad(new, term("skos:prefLabel"), Literal("Theekar", language="nl"), PROOF)]
        )
    )
    assert site.find("theekar") == ["framework/method/koffiekar"]
    site.check(tmp_path)
    site.write(lambda draft: draft.change(draft.after.quads_for_pattern(new, None, None, PROOF), []))
    for typed in ("koffiekar", "theekar", "chariot a cafe"):
        assert site.find(typed) == []
    site.check(tmp_path)


def test_who_belongs_to_something_is_found_by_its_new_name(site: Site, tmp_path: Path) -> None:
    store = Store.read_only(str(site.folder() / "store"))
    place = next(quad.object for quad in store.quads_for_pattern(WESTVELD, term("zorg:inMunicipality"), None))
    del store
    assert isinstance(place, NamedNode)
    site.rename(place, "Kwaremdorp")
    assert {"project/het-westveld", place.value.removeprefix(ID)} <= set(site.find("kwaremdorp"))
    site.check(tmp_path)


def test_the_whole_index_is_shared_and_the_changes_are_small(site: Site) -> None:
    before = site.folder() / schema.FULL
    site.rename(WESTVELD, "Westveld anders")
    after = site.folder()
    assert (after / schema.FULL).samefile(before)
    assert SearchIndex.open(after)
    assert making.changed(after / schema.FULL, after / schema.CHANGES) == 1


def test_a_write_that_touches_nothing_to_be_found_keeps_both_files(site: Site) -> None:
    site.rename(WESTVELD, "Westveld anders")
    before = site.folder()
    other = NamedNode("http://e.org/x")
    site.write(lambda draft: draft.change([], [Quad(other, NamedNode("http://e.org/p"), Literal("1"), PROOF)]))
    for name in (schema.FULL, schema.CHANGES):
        assert (site.folder() / name).samefile(before / name)
    assert site.find("westveld anders") == ["project/het-westveld"]


def test_an_older_version_is_still_found_as_it_was(site: Site) -> None:
    first = site.folder()
    site.rename(WESTVELD, "Zonnestraal")
    site.rename(WESTVELD, "Weer anders")
    index = SearchIndex.open(first)
    assert index
    assert index.find("zonnestraal", "nl") == []
    assert any(hit.thing.iri == WESTVELD.value for hit in index.find("westveld", "nl"))
    index.close()


def test_versions_are_found_after_others_are_pruned(site: Site) -> None:
    for name in ("Een", "Twee", "Drie"):
        site.rename(WESTVELD, f"{name} zonnestraal")
    site.home.prune(1)
    assert len(site.home.versions()) == 1
    assert site.find("drie zonnestraal") == ["project/het-westveld"]


def test_a_restored_version_finds_what_was_written(site: Site, tmp_path: Path) -> None:
    site.rename(WESTVELD, "Zonnestraal")
    backup.write(site.home, site.home.current(), tmp_path / "backup.tar.gz")
    other = Site(Home(tmp_path / "other"), site.judge)
    backup.restore(other.home, tmp_path / "backup.tar.gz")
    assert other.find("zonnestraal") == site.find("zonnestraal") == ["project/het-westveld"]
    assert contents(other.folder()) == contents(site.folder())


def test_many_changes_are_taken_up_in_the_index_of_a_whole_version(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_TOO_MANY", 3)
    first = site.folder() / schema.FULL
    for number in range(3):
        site.rename(WESTVELD, f"Naam {number}")
        assert (site.folder() / schema.FULL).samefile(first)
    site.rename(WESTVELD, "Naam vier")
    assert not (site.folder() / schema.FULL).samefile(first)
    assert not (site.folder() / schema.CHANGES).exists()
    assert site.find("naam vier") == ["project/het-westveld"]
    site.check(tmp_path)


def test_an_index_that_is_completed_while_others_write_loses_nothing(site: Site, tmp_path: Path) -> None:
    """A server makes it anew while versions come; each version has a file of changes that fits its other file."""
    site.rename(WESTVELD, "Zonnestraal")
    old = site.home.current().id
    searching.complete(site.home, old)
    # The changes beside it are in it: they are no longer read, and the next write begins new ones.
    assert making.changed(site.folder() / schema.FULL, site.folder() / schema.CHANGES) is None
    assert site.find("zonnestraal") == ["project/het-westveld"]
    site.rename(WESTVELD, "Maneschijn")
    assert site.find("maneschijn") == ["project/het-westveld"]
    assert site.find("zonnestraal") == []
    assert making.changed(site.folder() / schema.FULL, site.folder() / schema.CHANGES) == 1
    site.check(tmp_path)


def test_a_version_without_index_is_written_to_and_completed(site: Site, tmp_path: Path) -> None:
    (site.folder() / schema.FULL).unlink()
    site.rename(WESTVELD, "Zonnestraal")
    assert SearchIndex.open(site.folder()) is None
    searching.complete(site.home, site.home.current().id)
    assert site.find("zonnestraal") == ["project/het-westveld"]
    site.check(tmp_path)
    assert not list((site.home.path / "trials").iterdir())


@pytest.mark.parametrize("damage", [b"", b"SQLite format 3\0" + os.urandom(4096), b"no database at all" * 500])
def test_a_damaged_index_is_none(site: Site, damage: bytes) -> None:
    (site.folder() / schema.FULL).unlink()
    (site.folder() / schema.FULL).write_bytes(damage)
    assert SearchIndex.open(site.folder()) is None
    site.rename(WESTVELD, "Zonnestraal")
    assert SearchIndex.open(site.folder()) is None


def test_an_index_of_another_form_is_none(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "FORM", "another")
    assert SearchIndex.open(site.folder()) is None


# Any change


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version's folder, which is only read."""
    home = homes.small(tmp_path_factory.mktemp("start") / "home")
    return home.directory(home.current().id)


OPERATIONS = st.lists(st.tuples(st.booleans(), *(st.integers(0, 10**6) for _ in range(3))), min_size=1, max_size=12)


@pytest.mark.slow
@given(operations=OPERATIONS)
@settings(deadline=None, max_examples=40)
def test_after_any_change_the_index_tells_what_one_made_anew_tells(
    start: Path, tmp_path_factory: pytest.TempPathFactory, operations: list[tuple[bool, int, int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    before = Store.read_only(str(start / "store"))
    before.backup(str(folder / "store"))
    draft = Draft(before, Store(str(folder / "store")))
    quads = sorted(before.quads_for_pattern(None, None, None, PROOF), key=str)
    for is_gone, first, second, third in operations:
        one, other, another = (quads[number % len(quads)] for number in (first, second, third))
        if is_gone:
            draft.change([one], [])
        else:
            draft.change([], [Quad(one.subject, other.predicate, another.object, PROOF)])
    searching.follow(draft, start, folder)
    assert contents(folder) == _anew(draft.after, folder)
    draft.close()
