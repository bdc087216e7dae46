"""The link file of a dataset: its proposals and decisions, the source of truth for its links."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from zorgkg.datasets import sssom
from zorgkg.datasets.package import DESCRIPTION, LINKS
from zorgkg.datasets.sssom import Mapping
from zorgkg.terms import dataset_graph

FOLDER = "links"
"""Folder in a home for the link files of datasets that have no folder of their own."""


@dataclass(frozen=True)
class LinkFile:
    """The link file of a dataset.

    Whoever changes it holds a lock beside it, reads it anew and replaces it in one step: two reviewers lose nothing of
    each other's, and a process that is killed leaves the file as it was before or after its last decision.

    :param path: the file; it need not be there yet.
    :param name: the dataset.
    """

    path: Path
    name: str

    def read(self) -> list[Mapping]:
        """Return its rows; none when it is not there.

        :raises zorgkg.datasets.problems.InvalidData: it is malformed; the problems have row and column.
        """
        return sssom.read(self.path) if self.path.exists() else []

    def change(self, change: Callable[[list[Mapping]], Sequence[Mapping]]) -> list[Mapping]:
        """Change it, while nobody else does.

        :param change: gets its rows and gives those that it has afterwards.
        :returns: the latter.
        """
        with self._alone():
            before = self.read()
            after = list(change(before))
            if after != before or not self.path.exists():
                sssom.write(self.path, after, dataset_graph(self.name).value, f"Links of the dataset {self.name}.")
        return after

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Of its own, for the file itself is replaced.
        lock = os.open(self.path.with_name(f".{self.path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def of(name: str, data: Path, home: Path) -> LinkFile:
    """Return the link file of a dataset.

    :param name: the dataset.
    :param data: the folder of the packages that a build reads; a dataset with a folder there keeps its links there.
    :param home: the folder of the published versions; the links of any other dataset are in it.
    """
    folder = data / name
    if (folder / DESCRIPTION).exists():
        return LinkFile(folder / LINKS, name)
    return LinkFile(home / FOLDER / f"{name}.sssom.tsv", name)
