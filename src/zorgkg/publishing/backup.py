"""Backup and restore of a version: one file that any later Oxigraph can read, with a checksum for each part.

The file is a gzipped tar archive of `statements.nq` (N-Quads of the named graphs), `report.ttl` (SHACL),
`manifest.json` and `SHA256SUMS`. The store itself is made anew, because its files belong to one version of the engine;
and so is the search index.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Final

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, serialize

from zorgkg.engine.embedded import merge
from zorgkg.publishing import searching
from zorgkg.publishing.checksum import content_sha256, lines_sha256
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.terms import graph_of

PARTS = ("statements.nq", "report.ttl", "manifest.json")
SUMS = "SHA256SUMS"

_MIB: Final = 2**20
_MOST: Final = {SUMS: 1 * _MIB, "manifest.json": 16 * _MIB, "report.ttl": 256 * _MIB}
"""Bytes that a part may have. The archive tells its parts' sizes before they are unpacked; a few bytes of gzip can hold
any number of gigabytes, and a backup may come from elsewhere."""
_EACH: Final = 4096
"""Bytes that a statement may have on average: more than a page of text in each."""
_ROOM: Final = 64 * _MIB
"""Bytes of statements that are always accepted, for a small version with a long text in it."""
_IDENTIFIER: Final = re.compile(r"[0-9][A-Za-z0-9.-]*", re.ASCII)


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
        manifest = _extract(source, candidate)
        if not home.directory(manifest.id).exists():
            statements, merged = candidate / "statements.nq", candidate / "merged.nq"
            store = Store(str(candidate / "store"))
            try:
                if _merged(statements, merged) == manifest.sha256:
                    store.bulk_load(path=str(merged), format=RdfFormat.N_QUADS)
                else:
                    store.bulk_load(path=str(statements), format=RdfFormat.N_QUADS)
                    if (found := content_sha256(store)) != manifest.sha256:
                        told = f"its content has the SHA-256 {found}, its manifest says {manifest.sha256}"
                        raise BadBackup(f"{source}: {told}")
                    merge(store)
            except SyntaxError as error:
                raise BadBackup(f"{source}: statements.nq: {error}") from error
            for name, size in manifest.datasets.items():
                # N-Quads have no graphs without statements.
                if not size:
                    store.add_graph(graph_of(name))
            store.flush()
            searching.make(store, candidate)
            del store
            statements.unlink()
            merged.unlink()
            home.publish(candidate, manifest)
            return manifest
    return home.activate(manifest.id)


def _merged(source: Path, target: Path) -> str:
    """Write statements and their merge (:func:`zorgkg.engine.embedded.merge`), so that both are loaded at once.

    :param source: N-Quads of named graphs.
    :param target: the file to write; it is whole when the source is spelt as this service spells it.
    :returns: SHA-256 of the statements as they are spelt; empty when they are no such N-Quads.
    """

    def copied() -> Iterator[bytes]:
        for line in lines:
            if not line.endswith(b"> .\n"):
                raise ValueError("no statement of a graph with an IRI, or not as this service writes one")
            file.write(line)
            file.write(line[: line.rindex(b" <")] + b" .\n")
            yield line

    with source.open("rb") as lines, target.open("wb") as file:
        try:
            return lines_sha256(copied())
        except (SyntaxError, ValueError):
            return ""


def _named(store: Store) -> Iterator[Quad]:
    return (quad for quad in store if quad.graph_name != DefaultGraph())


def _extract(source: Path, folder: Path) -> Manifest:
    """Take the parts out of an archive, and nothing else, and check them; returns the manifest."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            with _part(archive, SUMS, _MOST[SUMS]) as part:
                lines = part.read().decode("ascii").splitlines()
            sums = {name: sha256 for sha256, name in (line.split() for line in lines)}
            with _part(archive, "manifest.json", _MOST["manifest.json"]) as part:
                manifest = _manifest(part.read())
            most = {**_MOST, "statements.nq": _ROOM + _EACH * manifest.statements}
            # The store that is made of it takes as much again; what cannot fit need not be begun.
            needed, free = sum(archive.getmember(name).size for name in PARTS), shutil.disk_usage(folder).free
            if needed > free:
                raise BadBackup(f"{source}: it holds {needed:,} bytes, and {folder} has room for {free:,}")
            for name in PARTS:
                with _part(archive, name, most[name]) as part, (folder / name).open("wb") as target:
                    shutil.copyfileobj(part, target, _MIB)
    except FileNotFoundError:
        raise
    except (tarfile.TarError, EOFError, OSError, ValueError, TypeError, KeyError) as error:
        raise BadBackup(f"{source} is no whole backup: {error}") from error
    for name in PARTS:
        if _sha256(folder / name) != sums.get(name):
            raise BadBackup(f"{source}: {name} does not have the SHA-256 that {SUMS} gives")
    return manifest


def _manifest(text: bytes) -> Manifest:
    """Read a manifest that may come from elsewhere: its identifier becomes the name of a folder."""
    manifest = Manifest(**json.loads(text))
    if not isinstance(manifest.id, str) or not _IDENTIFIER.fullmatch(manifest.id) or len(manifest.id) > 100:
        raise ValueError("manifest.json is none of ours: its id is no version's")
    if not isinstance(manifest.statements, int) or manifest.statements < 0:
        raise ValueError("manifest.json is none of ours: its number of statements is none")
    return manifest


def _part(archive: tarfile.TarFile, name: str, most: int) -> IO[bytes]:
    """Open a part of an archive that is not larger than it may be."""
    member = archive.getmember(name)
    if member.size > most:
        raise ValueError(f"{name} has {member.size:,} bytes, more than the {most:,} that it may have")
    part = archive.extractfile(member)
    if part is None:
        raise KeyError(f"{name} is no file")
    return part


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
