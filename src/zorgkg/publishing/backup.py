"""Backup and restore of a version: one file that any later Oxigraph can read, with a checksum for each part.

The file is a gzipped tar archive of `statements.nq` (N-Quads of the named graphs), `report.ttl` (SHACL),
`manifest.json` and `SHA256SUMS`. The store itself is made anew: its files belong to one version of the engine.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, serialize

from zorgkg.engine.embedded import merge
from zorgkg.publishing.candidate import content_sha256
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.terms import graph_of

PARTS = ("statements.nq", "report.ttl", "manifest.json")
SUMS = "SHA256SUMS"


class BadBackup(Exception):
    """The file is no backup, or not whole; the message says what is wrong with it."""


def write(home: Home, manifest: Manifest, target: Path) -> None:
    """Write a version to a file; it appears under its name only when it is whole.

    :param home: where the version is.
    :param manifest: the version.
    :param target: the file; what stands there is replaced.
    """
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        statements = Path(folder) / "statements.nq"
        store = Store.read_only(str(home.store(manifest.id)))
        with statements.open("wb") as file:
            serialize(_named(store), file, format=RdfFormat.N_QUADS)
        told = Path(folder) / "manifest.json"
        # It stands alone: its statements are checked by their own SHA-256, which a version that was written lacks.
        alone = replace(manifest, sha256=manifest.sha256 or content_sha256(_named(store)), base="")
        told.write_text(json.dumps(asdict(alone), indent=1) + "\n", "utf-8")
        files = {"statements.nq": statements, "report.ttl": home.directory(manifest.id) / "report.ttl"}
        files["manifest.json"] = told
        sums = "".join(f"{_sha256(files[name])}  {name}\n" for name in PARTS).encode()
        with tarfile.open(part, "w:gz") as archive:
            for name in PARTS:
                archive.add(files[name], name)
            entry = tarfile.TarInfo(SUMS)
            entry.size = len(sums)
            archive.addfile(entry, io.BytesIO(sums))
    part.replace(target)


def restore(home: Home, source: Path) -> Manifest:
    """Publish the version of a backup, under the identifier that it had, and serve it.

    :param home: where to publish; a version that is there already is only served again.
    :param source: a file of :func:`write`.
    :returns: the version's manifest.
    :raises BadBackup: the file is no backup, or a part of it is damaged; nothing was published.
    :raises zorgkg.publishing.versions.Busy: another process is publishing.
    """
    with home.publishing() as candidate:
        _extract(source, candidate)
        try:
            manifest = Manifest(**json.loads((candidate / "manifest.json").read_text("utf-8")))
        except (ValueError, TypeError) as error:
            raise BadBackup(f"{source}: manifest.json is none of ours: {error}") from error
        if not home.directory(manifest.id).exists():
            store = Store(str(candidate / "store"))
            try:
                store.bulk_load(path=str(candidate / "statements.nq"), format=RdfFormat.N_QUADS)
            except SyntaxError as error:
                raise BadBackup(f"{source}: statements.nq: {error}") from error
            if (found := content_sha256(store)) != manifest.sha256:
                raise BadBackup(f"{source}: its content has the SHA-256 {found}, its manifest says {manifest.sha256}")
            merge(store)
            for name, statements in manifest.datasets.items():
                # N-Quads have no graphs without statements.
                if not statements:
                    store.add_graph(graph_of(name))
            store.flush()
            del store
            (candidate / "statements.nq").unlink()
            home.publish(candidate, manifest)
            return manifest
    return home.activate(manifest.id)


def _named(store: Store) -> Iterator[Quad]:
    return (quad for quad in store if quad.graph_name != DefaultGraph())


def _extract(source: Path, folder: Path) -> None:
    """Take the parts out of an archive, and nothing else, and check them."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            lines = _part(archive, SUMS).read().decode("ascii").splitlines()
            sums = {name: sha256 for sha256, name in (line.split() for line in lines)}
            for name in PARTS:
                with (folder / name).open("wb") as target:
                    part = _part(archive, name)
                    while block := part.read(2**20):
                        target.write(block)
    except FileNotFoundError:
        raise
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError) as error:
        raise BadBackup(f"{source} is no whole backup: {error}") from error
    for name in PARTS:
        if _sha256(folder / name) != sums.get(name):
            raise BadBackup(f"{source}: {name} does not have the SHA-256 that {SUMS} gives")


def _part(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    part = archive.extractfile(name)
    if part is None:
        raise KeyError(f"{name} is no file")
    return part


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
