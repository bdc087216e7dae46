"""Backup and restore: what comes back is what was there, or nothing."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

from zorgkg.engine.embedded import EmbeddedEngine, merge
from zorgkg.publishing import backup
from zorgkg.publishing.backup import BadBackup
from zorgkg.publishing.candidate import content_sha256
from zorgkg.publishing.versions import Home, Manifest, NoVersion

DATA = """@prefix : <https://e.org/> . @prefix d: <https://w3id.org/zorgkg/id/dataset/> .
d:a { :x :p "één\\nregel"@nl, 1.50, _:b . _:b :q [ :r :x ] } d:b { :x :p 1.50 }"""
QUERY = "SELECT ?p ?o { ?s ?p ?o FILTER (!isBlank(?o)) } ORDER BY ?p ?o"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    with home.publishing() as candidate:
        store = Store(str(candidate / "store"))
        store.load(DATA, RdfFormat.TRIG)
        sha256 = content_sha256(store)
        merge(store)
        store.flush()
        del store
        (candidate / "report.ttl").write_text("# conforms\n")
        home.publish(candidate, Manifest("2026-1", "2026-01-01T00:00:00+00:00", 6, 5, sha256, {"a": 5, "b": 1}))
    return home


@pytest.fixture
def saved(home: Home, tmp_path: Path) -> Path:
    target = tmp_path / "saved.tar.gz"
    backup.write(home, home.current(), target)
    return target


def _answer(home: Home) -> bytes:
    manifest = home.current()
    engine = EmbeddedEngine.open(home.store(manifest.id), manifest.id, manifest.statements, 1000)
    found = engine.query(QUERY)
    assert isinstance(found, QuerySolutions)
    return found.serialize(format=QueryResultsFormat.CSV) or b""


def test_a_restored_version_answers_identically_under_its_own_name(home: Home, saved: Path, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    assert backup.restore(other, saved) == home.current() == other.current()
    assert _answer(other) == _answer(home)
    stores = [Store.read_only(str(one.store("2026-1"))) for one in (home, other)]
    assert len(stores[0]) == len(stores[1])
    assert sorted(path.name for path in other.directory("2026-1").iterdir()) == ["manifest.json", "report.ttl", "store"]


def test_a_version_that_is_there_is_only_served_again(home: Home, saved: Path) -> None:
    with home.publishing() as candidate:
        (candidate / "store").mkdir()
        home.publish(candidate, Manifest("2026-2", "2026-01-02T00:00:00+00:00", 1, 1, "0" * 64))
    backup.restore(home, saved)
    assert home.current().id == "2026-1"


@pytest.mark.parametrize("damage", ["cut", "changed", "no archive", "another part", "missing", "false manifest"])
def test_a_damaged_backup_is_refused_and_nothing_is_published(damage: str, saved: Path, tmp_path: Path) -> None:
    if damage == "cut":
        saved.write_bytes(saved.read_bytes()[: saved.stat().st_size // 2])
    elif damage == "no archive":
        saved.write_text("hello")
    else:
        _rewrite(saved, damage)
    other = Home(tmp_path / "other")
    with pytest.raises(BadBackup, match="saved"):
        backup.restore(other, saved)
    with pytest.raises(NoVersion):
        other.current()
    assert not (other.path / "versions").exists()
    assert not (other.path / "candidates").exists()


def _rewrite(path: Path, damage: str) -> None:
    with tarfile.open(path) as archive:
        parts = {name: archive.extractfile(name).read() for name in archive.getnames()}  # type: ignore[union-attr]
    if damage == "changed":
        parts["statements.nq"] = parts["statements.nq"].replace(b'"1.5"', b'"1.6"')
    elif damage == "another part":
        parts["../evil"] = parts.pop("statements.nq")
    elif damage == "missing":
        del parts["report.ttl"]
    else:
        parts["manifest.json"] = b'{"id": 1}'
    with tarfile.open(path, "w:gz") as archive:
        for name, content in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
