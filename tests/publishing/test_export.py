"""An export is the whole version, in formats that others read, and two of them are the same."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store

from zorgkg.engine.embedded import merge
from zorgkg.publishing import export
from zorgkg.publishing.checksum import content_sha256
from zorgkg.publishing.export import ExportError
from zorgkg.publishing.versions import Home, Manifest

# A literal that is the beginning of another line, in two graphs: the order of lines is the same with the graph's name.
DATA = """@prefix : <https://e.org/> . @prefix d: <https://w3id.org/zorgkg/id/dataset/> .
d:malle { :x :p "één\\nregel", "één\\nregel"@nl, 1.50, _:b . _:b :q [ :r :x ], [ :r :y ] }
d:buurten { :x :p 1.50, "a\\u2028b\\u0085c" . [] :p [ :p [] ] }
<https://e.org/other?graph=1> { :x :p "één\\nregel", 2 }
"""
LONG = "https://e.org/" + "g" * 300


def publish(path: Path, identifier: str = "2026-1", data: str = DATA) -> Home:
    home = Home(path)
    with home.publishing() as candidate:
        store = Store(str(candidate / "store"))
        store.load(data, RdfFormat.TRIG)
        graphs = {str(graph.value): 1 for graph in store.named_graphs() if isinstance(graph, NamedNode)}
        sha256, statements = content_sha256(store), len(store)
        merge(store)
        store.flush()
        del store
        home.publish(candidate, Manifest(identifier, "2026-01-01T00:00:00+00:00", statements, 1, sha256, graphs))
    return home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return publish(tmp_path / "home")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_each_form_of_the_whole_and_the_graphs_together_give_the_same_content(home: Home, tmp_path: Path) -> None:
    target = tmp_path / "all"
    manifest = home.current()
    export.write(home, manifest, target)
    told = json.loads((target / "manifest.json").read_text())
    assert (told["id"], told["sha256"]) == (manifest.id, manifest.sha256)
    assert told["files"] == {
        "graphs/malle.ttl": "https://w3id.org/zorgkg/id/dataset/malle",
        "graphs/buurten.ttl": "https://w3id.org/zorgkg/id/dataset/buurten",
        "graphs/https%3A%2F%2Fe.org%2Fother%3Fgraph%3D1.ttl": "https://e.org/other?graph=1",
    }
    together = Store()
    for name, graph in told["files"].items():
        together.load(path=str(target / name), format=RdfFormat.TURTLE, to_graph=NamedNode(graph))
    for name in ("zorgkg.nq", "zorgkg.trig"):
        store = Store()
        store.load(path=str(target / name))
        assert content_sha256(store) == manifest.sha256, name
        assert len(store) == manifest.statements
    assert content_sha256(together) == manifest.sha256
    lines = (target / "zorgkg.nq").read_bytes().splitlines(keepends=True)
    assert lines == sorted(lines)
    assert hashlib.sha256(b"".join(lines).removesuffix(b"\n")).hexdigest() == manifest.sha256, (
        "as the manifest's is made"
    )


@pytest.mark.parametrize("compressed", [False, True])
def test_two_exports_of_one_content_are_equal_byte_by_byte(
    home: Home, tmp_path: Path, compressed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = home.current()
    export.write(home, manifest, tmp_path / "one", compressed=compressed)
    # The same statements in another order, with blank nodes of other names, sorted in pieces of a line or two.
    other = publish(tmp_path / "other", data="\n".join([*DATA.splitlines()[:1], *reversed(DATA.splitlines()[1:])]))
    monkeypatch.setattr(export, "_PIECE", 80)
    export.write(other, other.current(), tmp_path / "two", compressed=compressed)
    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    for found in (one, two):
        del found["manifest.json"], found["SHA256SUMS"]
    assert one == two
    export.write(home, manifest, tmp_path / "three", compressed=compressed)
    assert contents(tmp_path / "three") == contents(tmp_path / "one")


def test_a_version_without_a_hash_of_its_own_gets_it_and_one_with_another_is_refused(
    home: Home, tmp_path: Path
) -> None:
    manifest = home.current()
    export.write(home, replace(manifest, sha256=""), tmp_path / "all")
    assert json.loads((tmp_path / "all" / "manifest.json").read_text())["sha256"] == manifest.sha256
    with pytest.raises(ExportError, match=manifest.sha256):
        export.write(home, replace(manifest, sha256="0" * 64), tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_the_checksums_are_as_sha256sum_reads_them(home: Home, tmp_path: Path) -> None:
    target = tmp_path / "all"
    files = export.write(home, home.current(), target, compressed=True)
    assert sorted(files) == sorted(path for path in target.rglob("*") if path.is_file())
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=target, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout.count(": OK\n")) == (0, len(files) - 1), checked.stderr
    packed = next(path for path in files if path.name == "zorgkg.nq.gz")
    store = Store()
    store.load(gzip.decompress(packed.read_bytes()), RdfFormat.N_QUADS)
    assert content_sha256(store) == home.current().sha256
    packed.write_bytes(packed.read_bytes()[:-1])
    again = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=target, capture_output=True, check=False)
    assert again.returncode == 1


def test_a_folder_that_is_not_empty_is_refused_and_nothing_is_left_behind(home: Home, tmp_path: Path) -> None:
    place = tmp_path / "place"
    (place / "taken").mkdir(parents=True)
    (place / "taken" / "mine.txt").write_text("mine")
    (place / "file").write_text("mine")
    (place / "empty").mkdir()
    for name in ("taken", "file"):
        with pytest.raises(ExportError, match=name):
            export.write(home, home.current(), place / name)
    assert contents(place) == {"taken/mine.txt": b"mine", "file": b"mine"}
    export.write(home, home.current(), place / "empty")
    assert (place / "empty" / "zorgkg.nq").stat().st_size
    assert sorted(path.name for path in place.iterdir()) == ["empty", "file", "taken"]


def test_an_export_that_fails_leaves_nothing(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    (tmp_path / "place").mkdir()
    with pytest.raises(OSError, match="space"):
        export.write(home, home.current(), tmp_path / "place" / "all")
    assert not list((tmp_path / "place").iterdir())


def test_graphs_of_any_name_have_files_of_their_own(tmp_path: Path) -> None:
    prefix = "https://w3id.org/zorgkg/id/dataset/"
    names = [LONG, LONG + "g", prefix, prefix + "..", prefix + "a/b", prefix + "a%2Fb", prefix + "malle", "urn:x"]
    home = publish(tmp_path / "home", data="".join(f"<{name}> {{ <urn:s> <urn:p> <urn:o> }}\n" for name in names))
    target = tmp_path / "all"
    files = export.write(home, home.current(), target)
    told = json.loads((target / "manifest.json").read_text())["files"]
    assert sorted(told.values()) == sorted(names)
    assert {path.parent for path in files} == {target, target / "graphs"}
    assert len(list((target / "graphs").iterdir())) == len(names)


def test_a_graph_without_an_iri_is_told(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with home.publishing() as candidate:
        store = Store(str(candidate / "store"))
        store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"), BlankNode("g")))
        store.flush()
        del store
        home.publish(candidate, Manifest("2026-1", "2026-01-01T00:00:00+00:00", 1, 1, "0" * 64))
    with pytest.raises(ExportError, match="blank node"):
        export.write(home, home.current(), tmp_path / "all")
    assert not (tmp_path / "all").exists()


def run(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zorgkg", "export", "--home", str(home.path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_whole_is_exported_on_the_command_line(home: Home, tmp_path: Path) -> None:
    done = run(home, "--all", str(tmp_path / "all"), "--gzip")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2026-1" in done.stdout
    assert sorted(contents(tmp_path / "all")) == [
        "SHA256SUMS",
        "graphs/buurten.ttl.gz",
        "graphs/https%3A%2F%2Fe.org%2Fother%3Fgraph%3D1.ttl.gz",
        "graphs/malle.ttl.gz",
        "manifest.json",
        "zorgkg.nq.gz",
        "zorgkg.trig.gz",
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--all", "."), "no empty folder"),
        (("--all", "/no/such/folder/all"), "/no/such/folder"),
        (("--all", "new", "--format", "nq"), "--format"),
        (("--all", "new", "--dataset", "malle"), "--dataset"),
        (("--gzip",), "--all"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(home: Home, arguments: tuple[str, ...], told: str) -> None:
    done = run(home, *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert told in done.stderr
