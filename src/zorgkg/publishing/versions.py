"""Versions: immutable published snapshots on disk, and the pointer to the one that is served.

Layout of the home folder: `versions/<id>/` with `store/` (Oxigraph), `report.ttl` (SHACL) and `manifest.json`;
`candidates/` with what is being made; `current`, the pointer; `lock`. A candidate becomes a version by one rename and
is served by one replaced file, so that a crash at any point leaves the last published version whole.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path


class NoVersion(Exception):
    """Nothing is published in this home folder, or not the version that was asked for."""


class Busy(Exception):
    """Another process is publishing in this home folder."""


@dataclass(frozen=True)
class Manifest:
    """What a version is made of.

    :param id: the version's identifier: time of publication (UTC) and the start of the content's SHA-256.
    :param created: time of publication, ISO 8601 in UTC.
    :param statements: number of statements (quads) in named graphs.
    :param triples: number of triples in their merge, the default graph.
    :param sha256: SHA-256 of the sorted N-Quads.
    :param datasets: dataset name → number of statements in its named graph.
    :param derived: rule name → number of triples that it gave.
    """

    id: str
    created: str
    statements: int
    triples: int
    sha256: str
    datasets: dict[str, int] = field(default_factory=dict)
    derived: dict[str, int] = field(default_factory=dict)


class Home:
    """The folder of the versions."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> Manifest:
        """Return the manifest of the version that is served.

        :raises NoVersion: nothing is published here.
        """
        try:
            identifier = (self.path / "current").read_text("utf-8").strip()
        except FileNotFoundError:
            raise NoVersion(f"no version is published in {self.path}; run `zorgkg build` first") from None
        return self.manifest(identifier)

    def manifest(self, identifier: str) -> Manifest:
        """Return a version's manifest.

        :raises NoVersion: there is no such version.
        """
        path = self.directory(identifier) / "manifest.json"
        try:
            return Manifest(**json.loads(path.read_text("utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            raise NoVersion(f"there is no version {identifier!r} in {self.path}") from None

    def directory(self, identifier: str) -> Path:
        """Return the folder of a version."""
        return self.path / "versions" / identifier

    def store(self, identifier: str) -> Path:
        """Return the Oxigraph folder of a version."""
        return self.directory(identifier) / "store"

    @contextmanager
    def publishing(self) -> Iterator[Path]:
        """Give a new empty candidate folder to the one process that may publish now, and sweep it afterwards.

        :raises Busy: another process is publishing.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        candidates = self.path / "candidates"
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Busy(f"another process is publishing in {self.path}; wait for it and try again") from None
            # We hold the lock, so whatever lies here was left by a process that died.
            shutil.rmtree(candidates, ignore_errors=True)
            candidate = candidates / str(os.getpid())
            candidate.mkdir(parents=True)
            try:
                yield candidate
            finally:
                shutil.rmtree(candidates, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what a publisher that died has left, unless somebody is publishing now."""
        if (self.path / "candidates").exists():
            with suppress(Busy), self.publishing():
                pass

    def publish(self, candidate: Path, manifest: Manifest) -> None:
        """Make a candidate the version that is served.

        :param candidate: folder given by :meth:`publishing`, with the store and the report in it.
        :param manifest: the version's manifest; it is written here.
        """
        (candidate / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1) + "\n", "utf-8")
        for path in [*candidate.rglob("*"), candidate]:
            _sync(path)
        target = self.directory(manifest.id)
        target.parent.mkdir(exist_ok=True)
        candidate.rename(target)
        _sync(target.parent)
        pointer = self.path / "current.new"
        pointer.write_text(manifest.id + "\n", "utf-8")
        _sync(pointer)
        pointer.replace(self.path / "current")
        _sync(self.path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
