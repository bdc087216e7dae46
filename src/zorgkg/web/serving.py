"""The versions that a server has open: the one that is served, and older ones that somebody asked for.

The pointer of the home folder is followed, so that what another process publishes or activates is served without a
restart. A version is opened beside the one that is served, which then steps back; requests that began with it end
with it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Store

from zorgkg.content import Content
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.engine.interface import EngineError
from zorgkg.engine.processes import CrashError, Limits, Origin, Work
from zorgkg.publishing.difference import Change, compare
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.questions import catalogue
from zorgkg.settings import Settings
from zorgkg.web import evaluation
from zorgkg.web.service import Service

OLDER: Final = 2
"""How many older versions stay open after somebody asked for them."""

LOOK: Final = 0.5
"""Seconds between two looks at the pointer."""

_log = logging.getLogger("zorgkg.web")


class Serving:
    """Opens versions; make it before the server has threads.

    :param content: folders of ontology, datasets and questions.
    :param home: where versions are published.
    :param settings: the settings in force.
    :raises zorgkg.publishing.versions.NoVersion: nothing is published.
    :raises zorgkg.questions.question.QuestionError: a question file breaks the form.
    """

    def __init__(self, content: Content, home: Home, settings: Settings) -> None:
        self._content, self._home, self._settings = content, home, settings
        manifest = home.current()
        # Forked here, while this process has neither threads nor connections.
        self._origin = Origin(_prepare, Limits(settings.timeout, settings.memory, settings.workers))
        self._questions = catalogue.read(content.queries)
        self._older: OrderedDict[str, Service] = OrderedDict()
        self._opening = threading.Lock()
        self.current = self._open(manifest)

    def older(self, version: str) -> Service:
        """Return the service of a version.

        :param version: its identifier, or the beginning of it.
        :raises zorgkg.publishing.versions.NoVersion: there is no such version, or more than one.
        :raises zorgkg.engine.interface.EngineError: it cannot be opened.
        """
        manifest = self._home.find(version)
        with self._opening:
            if manifest.id == self.current.manifest.id:
                return self.current
            if manifest.id not in self._older:
                self._older[manifest.id] = self._open(manifest)
            self._older.move_to_end(manifest.id)
            service = self._older[manifest.id]
            while len(self._older) > OLDER:
                self._release(self._older.popitem(last=False)[1])
        return service

    def look(self) -> bool:
        """Serve what the pointer names now; returns whether that is another version than before.

        :raises zorgkg.publishing.versions.NoVersion: nothing is published any more.
        :raises zorgkg.engine.interface.EngineError: the version cannot be opened.
        """
        manifest = self._home.current()
        with self._opening:
            if manifest.id == self.current.manifest.id:
                return False
            opened = self._older.pop(manifest.id) if manifest.id in self._older else self._open(manifest)
            before, self.current = self.current, opened
            self._release(before)
        return True

    def find(self, version: str) -> Manifest:
        """Return the manifest of a version; see :meth:`zorgkg.publishing.versions.Home.find`."""
        return self._home.find(version)

    def versions(self) -> list[Manifest]:
        """Return the manifests of all versions, the newest first."""
        return self._home.versions()

    def activate(self, identifier: str) -> Manifest:
        """Serve a version that was published before; see :meth:`zorgkg.publishing.versions.Home.activate`."""
        return self._home.activate(identifier)

    def prune(self, keep: int) -> list[Manifest]:
        """Remove old versions; see :meth:`zorgkg.publishing.versions.Home.prune`."""
        return self._home.prune(keep)

    def store(self, identifier: str) -> Store:
        """Return a version's store, to be read."""
        return Store.read_only(str(self._home.store(identifier)))

    def difference(self, older: str, newer: str) -> dict[str, Change]:
        """Compare two versions; see :func:`zorgkg.publishing.difference.compare`.

        :raises zorgkg.publishing.versions.NoVersion: there is no such version.
        """
        first, second = (Store.read_only(str(self._home.store(self.find(one).id))) for one in (older, newer))
        return compare(first, second)

    async def follow(self) -> None:
        """Look at the pointer again and again, until cancelled; a version that cannot be opened leaves the old one."""
        failed = ""
        while True:
            await asyncio.sleep(LOOK)
            try:
                if await asyncio.to_thread(self.look):
                    _log.warning("serving version %s", self.current.manifest.id)
                failed = ""
            except Exception as error:
                # Whatever is wrong with the home folder now, the next version must still be seen.
                if str(error) != failed:
                    _log.error("still serving version %s: %s", self.current.manifest.id, error)
                failed = str(error)

    def close(self) -> None:
        """End the query processes."""
        for service in (self.current, *self._older.values()):
            if service.processes:
                service.processes.close()
        self._origin.close()

    def _open(self, manifest: Manifest) -> Service:
        store = self._home.store(manifest.id)
        engine = EmbeddedEngine.open(store, manifest.id, manifest.statements, self._settings.memory_quads)
        try:
            processes = self._origin.parent(
                {
                    "store": str(store.resolve()),
                    "version": manifest.id,
                    "statements": manifest.statements,
                    "memory_quads": self._settings.memory_quads,
                }
            )
        except CrashError as error:
            raise EngineError(f"version {manifest.id} cannot be opened: {error}") from error
        service = Service(self._content, manifest, engine, self._questions, self._settings)
        return replace(service, processes=processes)

    def _release(self, service: Service) -> None:
        """End a version's query processes when no request can be using them any more."""
        if service.processes:
            # A request may wait for its turn as long as a query may take, and then take as long.
            later = threading.Timer(2 * self._settings.timeout + 1, service.processes.close)
            later.daemon = True
            later.start()


def _prepare(told: dict[str, Any]) -> Work:
    """What a version's parent of query processes does first: open it."""
    engine = EmbeddedEngine.open(Path(told["store"]), told["version"], told["statements"], told["memory_quads"])
    return evaluation.work(engine)
