"""Backup and restore: what comes back is what was there, or nothing."""

from __future__ import annotations

import io
import json
import resource
import shutil
import tarfile
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

from zorgkg.engine.embedded import EmbeddedEngine, merge
from zorgkg.publishing import backup
from zorgkg.publishing.backup import BadBackup
from zorgkg.publishing.checksum import content_sha256
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
    parts = ["manifest.json", "report.ttl", "search.sqlite", "store"]
    assert sorted(path.name for path in other.directory("2026-1").iterdir()) == parts


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


def _bomb(path: Path, name: str, size: int, manifest: dict[str, object]) -> None:
    """A backup of some kilobytes, with a part that is as large when it is unpacked as is asked."""
    parts = {"SHA256SUMS": b"", "manifest.json": json.dumps(manifest).encode(), "report.ttl": b"", "statements.nq": b""}
    with tarfile.open(path, "w:gz", compresslevel=9) as archive:
        for each, content in parts.items():
            entry = tarfile.TarInfo(each)
            entry.size = size if each == name else len(content)
            archive.addfile(entry, _Zeros(size) if each == name else io.BytesIO(content))


class _Zeros(io.RawIOBase):
    """Many zeros, without the memory for them."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int = -1) -> bytes:
        size = min(self._left, size)
        self._left -= size
        return bytes(size)


TOLD: dict[str, object] = {"id": "2026-1", "created": "", "statements": 10, "triples": 10, "sha256": ""}


@pytest.mark.parametrize(
    ("part", "size"),
    [
        ("SHA256SUMS", 2 * 2**20),
        ("manifest.json", 17 * 2**20),
        ("report.ttl", 257 * 2**20),
        ("statements.nq", 65 * 2**20),
    ],
)
def test_a_part_that_is_larger_than_it_may_be_is_not_unpacked(part: str, size: int, tmp_path: Path) -> None:
    path = tmp_path / "saved.tar.gz"
    _bomb(path, part, size, TOLD)
    assert path.stat().st_size < 2**20
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Were it unpacked before it is refused, the system would say that the file is too large.
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, hard))
    try:
        with pytest.raises(BadBackup, match=rf"{part} has {size:,} bytes, more than the"):
            backup.restore(Home(tmp_path / "other"), path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not (tmp_path / "other" / "versions").exists()


def test_a_backup_that_does_not_fit_on_the_disk_is_not_unpacked(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1000, 999, 1))
    with pytest.raises(BadBackup, match="room for 1"):
        backup.restore(Home(tmp_path / "other"), saved)


@pytest.mark.parametrize(
    "told", [{"id": "../../evil"}, {"id": "current"}, {"id": ""}, {"id": 1}, {"statements": "ten"}, {"statements": -1}]
)
def test_a_manifest_names_no_folder_but_that_of_a_version(told: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "saved.tar.gz"
    _bomb(path, "report.ttl", 0, TOLD | told)
    with pytest.raises(BadBackup, match="none of ours"):
        backup.restore(Home(tmp_path / "other"), path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["other", "saved.tar.gz"]
