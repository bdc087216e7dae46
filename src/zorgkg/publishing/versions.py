"""Versions: immutable published snapshots on disk, and the pointer to the one that is served.

Layout of the home folder: `versions/<id>/` with `store/` (Oxigraph), `report.ttl` (SHACL), `manifest.json` and the
search index (`search.sqlite`, and `search-changes.sqlite` after a write); `candidates/` with what is being made,
`trials/` with what is only tried; `current`, the pointer; `lock`. A candidate becomes a version by one rename and is
served by one replaced file, so that a crash at any point leaves the last published version whole.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from zorgkg.durable import sync


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
    :param derived: rule name → number of triples that it gave; empty for a version that was made by a write.
    :param base: the version that it was made from by a write, as files `came.nq` and `went.nq` beside it tell; empty
        for one that was built. It then has no SHA-256 of its whole content, which would cost as much as a build.
    :param written: IRIs of the named graphs that writes have changed since the last build.
    :param by: public identifier of the token that it was written with; empty otherwise.
    :param shapes: SHA-256 of the shapes and rules that it conforms to; empty when it was not validated.
    :param properties: IRI of a property → number of triples with it in the merge; empty where nobody counted.
    :param classes: IRI of a class → number of its instances; empty where nobody counted.
    """

    id: str
    created: str
    statements: int
    triples: int
    sha256: str
    datasets: dict[str, int] = field(default_factory=dict)
    derived: dict[str, int] = field(default_factory=dict)
    base: str = ""
    written: list[str] = field(default_factory=list)
    shapes: str = ""
    by: str = ""
    properties: dict[str, int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)


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

        :raises NoVersion: there is no such version, or its manifest cannot be read.
        """
        path = self.directory(identifier) / "manifest.json"
        try:
            return Manifest(**json.loads(path.read_text("utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            raise NoVersion(f"there is no version {identifier!r} in {self.path}") from None
        except (ValueError, TypeError) as error:
            raise NoVersion(f"version {identifier!r} in {self.path} has no readable manifest: {error}") from error

    def directory(self, identifier: str) -> Path:
        """Return the folder of a version."""
        return self.path / "versions" / identifier

    def store(self, identifier: str) -> Path:
        """Return the Oxigraph folder of a version."""
        return self.directory(identifier) / "store"

    def versions(self) -> list[Manifest]:
        """Return the manifests of all versions, the newest first."""
        folder = self.path / "versions"
        names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        # A version that is being pruned by another process may go while we look.
        found = []
        for name in names:
            with suppress(NoVersion):
                found.append(self.manifest(name))
        return sorted(found, key=lambda manifest: manifest.id, reverse=True)

    def find(self, prefix: str) -> Manifest:
        """Return the manifest of the one version whose identifier begins with a text.

        :param prefix: an identifier or its beginning; `current` names the version that is served.
        :raises NoVersion: no version begins with it, or more than one.
        """
        if prefix == "current":
            return self.current()
        found = [manifest for manifest in self.versions() if manifest.id.startswith(prefix)]
        exact = [manifest for manifest in found if manifest.id == prefix]
        if len(exact or found) != 1 or not prefix:
            many = f"{len(found)} versions begin with" if found else "there is no version"
            raise NoVersion(f"{many} {prefix!r} in {self.path}; `zorgkg versions list` shows them")
        return (exact or found)[0]

    @contextmanager
    def publishing(self, patience: float = 0) -> Iterator[Path]:
        """Give a new empty candidate folder to the one process that may publish now, and sweep it afterwards.

        :param patience: seconds to wait for another process that is publishing.
        :raises Busy: another process is publishing.
        """
        with self._alone(patience) as candidates:
            candidate = candidates / str(os.getpid())
            candidate.mkdir()
            yield candidate

    @contextmanager
    def trying(self) -> Iterator[Path]:
        """Give a new empty folder for something that will not be published; others may publish meanwhile."""
        trials = self.path / "trials"
        trials.mkdir(parents=True, exist_ok=True)
        # Held by a lock as long as its process lives, so that a sweep takes only what was left behind. One that comes
        # before the lock takes the folder; then there is another.
        while True:
            folder = Path(tempfile.mkdtemp(dir=trials))
            with suppress(FileNotFoundError):
                descriptor = os.open(folder, os.O_RDONLY)
                fcntl.flock(descriptor, fcntl.LOCK_SH)
                if folder.exists():
                    break
                os.close(descriptor)
        try:
            yield folder
        finally:
            _remove(folder)
            os.close(descriptor)

    def activate(self, identifier: str, patience: float = 0) -> Manifest:
        """Serve a version that was published before.

        :param identifier: the version.
        :param patience: seconds to wait for another process that is publishing.
        :raises NoVersion: there is no such version.
        :raises Busy: another process is publishing.
        """
        with self._alone(patience):
            manifest = self.manifest(identifier)
            self._point(identifier)
        return manifest

    def prune(self, keep: int, patience: float = 0) -> list[Manifest]:
        """Remove old versions, but never the one that is served.

        :param keep: how many of the newest to keep.
        :param patience: seconds to wait for another process that is publishing.
        :returns: the versions that were removed, the newest first.
        :raises Busy: another process is publishing.
        """
        with self._alone(patience) as candidates:
            return self._remove(keep, candidates)

    def keep(self, number: int, candidate: Path) -> None:
        """Remove old versions, as :meth:`prune` does, while publishing.

        :param number: how many of the newest to keep.
        :param candidate: folder given by :meth:`publishing`.
        """
        self._remove(number, candidate.parent)

    def _remove(self, keep: int, candidates: Path) -> list[Manifest]:
        names = sorted((path.name for path in (self.path / "versions").glob("*")), reverse=True)
        if len(names) <= keep:
            return []
        try:
            served = self.current().id
        except NoVersion:
            served = ""
        removed = [manifest for manifest in self.versions()[keep:] if manifest.id != served]
        for manifest in removed:
            # First out of sight by one rename: a crash in the middle leaves no half version, only litter to sweep.
            self.directory(manifest.id).rename(candidates / manifest.id)
        return removed

    @contextmanager
    def _alone(self, patience: float = 0) -> Iterator[Path]:
        """Hold the lock, and give the folder of what is being made or removed; it is swept before and afterwards."""
        self.path.mkdir(parents=True, exist_ok=True)
        candidates = self.path / "candidates"
        with (self.path / "lock").open("w") as lock:
            until = time.monotonic() + patience
            while not _locked(lock.fileno()):
                if time.monotonic() >= until:
                    raise Busy(f"another process is publishing in {self.path}; wait for it and try again")
                time.sleep(0.02)
            # We hold the lock, so whatever lies here was left by a process that died.
            shutil.rmtree(candidates, ignore_errors=True)
            candidates.mkdir()
            try:
                yield candidates
            finally:
                _remove(candidates)

    def sweep(self, patience: float = 0) -> None:
        """Remove what a publisher that died has left, unless somebody is publishing now.

        :param patience: seconds to wait for whoever is publishing.
        """
        if (self.path / "candidates").exists():
            with suppress(Busy), self.publishing(patience):
                pass
        for trial in (self.path / "trials").glob("*"):
            with suppress(OSError):
                descriptor = os.open(trial, os.O_RDONLY)
                try:
                    if _locked(descriptor):
                        shutil.rmtree(trial, ignore_errors=True)
                finally:
                    os.close(descriptor)

    def publish(self, candidate: Path, manifest: Manifest) -> None:
        """Make a candidate the version that is served.

        :param candidate: folder given by :meth:`publishing`, with the store and the report in it.
        :param manifest: the version's manifest; it is written here.
        """
        (candidate / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1) + "\n", "utf-8")
        for path in [*candidate.rglob("*"), candidate]:
            sync(path)
        target = self.directory(manifest.id)
        target.parent.mkdir(exist_ok=True)
        candidate.rename(target)
        sync(target.parent)
        self._point(manifest.id)

    def _point(self, identifier: str) -> None:
        """Make the pointer name another version, in one step."""
        pointer = self.path / "current.new"
        pointer.write_text(identifier + "\n", "utf-8")
        sync(pointer)
        pointer.replace(self.path / "current")
        sync(self.path)


def _remove(folder: Path) -> None:
    """Remove a folder, in which threads of a store that was not closed may still make files."""
    for _ in range(5):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.02)


def _locked(descriptor: int) -> bool:
    """Take the lock of a file, if nobody else has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
