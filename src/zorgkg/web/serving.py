"""The versions that a server has open: the one that is served, and older ones that somebody asked for.

The pointer of the home folder is followed, so that what another process publishes or activates is served without a
restart. A version is opened beside the one that is served, which then steps back; requests that began with it end
with it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from zorgkg.content import Content
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.engine.forks import Prepared
from zorgkg.engine.interface import EngineError
from zorgkg.engine.limits import CrashError, LimitError, Limits, TimeLimitError
from zorgkg.engine.pooled import PooledEngine
from zorgkg.engine.processes import Origin, QueryProcesses
from zorgkg.publishing.difference import Change, compare
from zorgkg.publishing.inventory import last_change
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.questions import catalogue
from zorgkg.search import schema
from zorgkg.search.index import SearchIndex
from zorgkg.search.making import MOST
from zorgkg.settings import Settings
from zorgkg.web.background import Background
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol import evaluation
from zorgkg.web.service import Service
from zorgkg.web.things import thing

if TYPE_CHECKING:
    from zorgkg.web.protocol.changes import Job

OLDER: Final = 2
"""How many older versions stay open after somebody asked for them."""

CHANGES: Final = ("went", "came")
"""Files of a version with the statements in which it differs from its base, as writing.py makes them."""

_CHANGE: Final = "change"
_INDEX: Final = "index"

_INDEX_SECONDS: Final = 3600.0
"""Seconds that the making of a search index may take: nobody waits for it."""

_NICE: Final = 10
"""How much it steps back for queries."""

_REST: Final = 10
"""How many times as long as it took the making of search indexes rests, when writes go on and on."""

PATIENCE: Final = 10.0
"""Seconds that a change of versions waits for another process, which may write all the time."""

LOOK: Final = 0.5
"""Seconds between two looks at the pointer."""

_MODIFIED: Final = 10_000
"""Datasets of versions whose last change is remembered."""

_log = logging.getLogger("zorgkg.web")


class Serving:
    """Opens versions; make it before the server has threads.

    :param content: folders of ontology, datasets and questions.
    :param home: where versions are published.
    :param settings: the settings in force.
    :param personal: whether the shapes hold that keep personal data out of what is written.
    :raises zorgkg.publishing.versions.NoVersion: nothing is published.
    :raises zorgkg.questions.question.QuestionError: a question file breaks the form.
    """

    def __init__(self, content: Content, home: Home, settings: Settings, personal: bool = True) -> None:
        self._content, self._home, self._settings = content, home, settings
        manifest = home.current()
        # Forked here, while this process has neither threads nor connections.
        slow = max(1, settings.workers // 2)
        # However short a query may be, forty of them that are ended at half a second each must not tire out the next.
        limits = Limits(
            settings.timeout, settings.memory, settings.workers, slow=slow, patience=max(10, settings.timeout)
        )
        carrying = _Carrying(content, home, personal, settings.services)
        jobs = {_CHANGE: carrying.carry_out, _INDEX: carrying.make_index}
        self._origin = Origin(Opened.prepare, limits, jobs, carrying.prepare)
        # The version is opened there while the questions are read here: where it lies, which takes no time.
        opening = self._begin(manifest, held=False)
        self._held = False
        self._questions = catalogue.read(content.queries)
        self._older: OrderedDict[str, Service] = OrderedDict()
        self._opening = threading.Lock()
        self._modified: dict[tuple[str, str], str] = {}
        self._unindexable: set[str] = set()
        self._indexing = Background()
        self.current = self._opened(manifest, opening)

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
                self._older[manifest.id] = self._open(manifest, held=False)
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
            if manifest.id == self.current.manifest.id and not self._has_ended():
                return False
            opened, held = self._next(manifest), True
            if opened is None:
                opened, held = self._older.pop(manifest.id, None) or self._open(manifest, held=False), False
            before, self.current, self._held = self.current, opened, held
            self._release(before)
        return True

    def hold(self) -> None:
        """Read the version that is served into memory, where queries run faster, unless it is there or too large.

        :raises zorgkg.engine.interface.EngineError: it cannot be opened.
        """
        manifest = self.current.manifest
        if self._held or manifest.statements > self._settings.memory_quads:
            return
        # Meanwhile the version is served from its files, and another may be published.
        opened = self._open(manifest, held=True)
        with self._opening:
            if self.current.manifest.id == manifest.id:
                opened, self.current, self._held = self.current, opened, True
        self._release(opened)

    def index(self) -> None:
        """Begin to make a search index: for a version that is open and has none, or has too many changes."""
        if self._indexing.is_busy or schema.unavailable():
            return
        with self._opening:
            wanting = [one for one in (self.current, *self._older.values()) if self._wants_index(one)]
        if wanting and (wanting[0].search is None or not self._indexing.is_resting):
            self._indexing.begin(lambda: self._index(wanting[0]))

    def _wants_index(self, service: Service) -> bool:
        if service.manifest.id in self._unindexable:
            return False
        return service.search is None or (service is self.current and service.search.written > MOST)

    def _index(self, service: Service) -> None:
        identifier, started = service.manifest.id, time.monotonic()
        try:
            found = SearchIndex.open(self._home.directory(identifier)) if service.search is None else None
            if found is None:
                told = {"version": identifier}
                self._origin.job(_INDEX, told, b"", _INDEX_SECONDS, self._settings.write_memory)
                found = SearchIndex.open(self._home.directory(identifier))
            if found is None:
                raise EngineError("it cannot be opened")
        except (LimitError, CrashError, EngineError) as error:
            self._unindexable.add(identifier)
            _log.error("no search index of version %s: %s", identifier, error)
            return
        finally:
            self._indexing.rest(_REST * (time.monotonic() - started))
        with self._opening:
            # The version may have been closed meanwhile, or opened anew.
            unused: SearchIndex | None = found
            if self.current.manifest.id == identifier:
                unused, self.current = self.current.search, replace(self.current, search=found)
            elif identifier in self._older:
                unused = self._older[identifier].search
                self._older[identifier] = replace(self._older[identifier], search=found)
        if unused:
            unused.close()

    @property
    def is_broken(self) -> bool:
        """Whether no version can be opened any more and nothing written, until the server is started anew."""
        return self._origin.ended

    def find(self, version: str) -> Manifest:
        """Return the manifest of a version; see :meth:`zorgkg.publishing.versions.Home.find`."""
        return self._home.find(version)

    def versions(self) -> list[Manifest]:
        """Return the manifests of all versions, the newest first."""
        return self._home.versions()

    def modified(self, manifest: Manifest, graph: NamedNode) -> str:
        """Return when a dataset was last changed, as far as the versions that are kept tell.

        :param manifest: a version that has it.
        :param graph: its named graph.
        :returns: time of publication, ISO 8601.
        """
        key = manifest.id, graph.value
        if key not in self._modified:
            # One version is asked about at a time, mostly; what was asked about others is not needed again.
            if len(self._modified) > _MODIFIED:
                self._modified = {}
            self._modified[key] = last_change(self._home, manifest, graph)[0].created
        return self._modified[key]

    async def change(self, told: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """Carry out a change in a process of its own; see :func:`zorgkg.web.protocol.changes.job`.

        :param told: what to do; `validate` is what anyone may ask, so it has the limits of a query.
        :param body: what was sent.
        :raises ProblemError: a limit ended it, or it died; nothing was published.
        """
        anyone = told["kind"] == "validate"
        seconds = self._settings.timeout if anyone else self._settings.write_timeout
        mebibytes = self._settings.memory if anyone else self._settings.write_memory
        try:
            return await asyncio.to_thread(self._carried, told, body, seconds, mebibytes)
        except LimitError as error:
            late = isinstance(error, TimeLimitError)
            setting = ("ZORGKG_" if anyone else "ZORGKG_WRITE_") + ("TIMEOUT" if late else "MEMORY")
            much = f"longer than {error.limit:g} seconds" if late else f"more than {error.limit:g} MiB of memory"
            detail = f"The change took {much}, the limit ({setting}); nothing was published. Send less at once."
            status, kind = (504, "time-limit") if late else (422, "memory-limit")
            raise ProblemError(status, kind, detail, limit=error.limit, setting=setting) from None
        except CrashError as error:
            _log.error("a change ended without an answer: %s", error)
            detail = "The change could not be carried out; nothing was published, and the operator's log tells why."
            raise ProblemError(500, "change", detail) from None

    def _carried(
        self, told: dict[str, Any], body: bytes, seconds: float, mebibytes: int
    ) -> tuple[dict[str, Any], bytes]:
        try:
            return self._origin.job(_CHANGE, told, body, seconds, mebibytes)
        except (LimitError, CrashError):
            # Its process ended where it was: what it was making is still there, and takes up the disk. It may take a
            # moment to end, with all the memory that it had.
            self._home.sweep(PATIENCE)
            raise

    def activate(self, identifier: str) -> Manifest:
        """Serve a version that was published before; see :meth:`zorgkg.publishing.versions.Home.activate`."""
        return self._home.activate(identifier, PATIENCE)

    def prune(self, keep: int) -> list[Manifest]:
        """Remove old versions; see :meth:`zorgkg.publishing.versions.Home.prune`."""
        return self._home.prune(keep, PATIENCE)

    def store(self, identifier: str) -> Store:
        """Return a version's store, to be read."""
        return Store.read_only(str(self._home.store(identifier)))

    def difference(self, older: str, newer: str) -> dict[str, Change]:
        """Compare two versions; see :func:`zorgkg.publishing.difference.compare`.

        :raises zorgkg.publishing.versions.NoVersion: there is no such version.
        """
        # A version has one identifier, though it may be asked for by the word `current` too.
        before, after = (self.find(one).id for one in (older, newer))
        return {} if before == after else compare(self.store(before), self.store(after))

    async def follow(self) -> None:
        """Look at the pointer again and again, until cancelled; a version that cannot be opened leaves the old one."""
        failed = ""
        while True:
            await asyncio.sleep(LOOK)
            try:
                if await asyncio.to_thread(self.look):
                    _log.warning("serving version %s", self.current.manifest.id)
                await asyncio.to_thread(self.hold)
                self.index()
                failed = ""
            except Exception as error:
                # Whatever is wrong with the home folder now, the next version must still be seen.
                if str(error) != failed:
                    _log.error("still serving version %s: %s", self.current.manifest.id, error)
                failed = str(error)

    def _has_ended(self) -> bool:
        """Whether the process that holds the version was ended, as by the kernel when the machine has no memory."""
        return self.current.processes is not None and self.current.processes.ended

    def close(self) -> None:
        """End the query processes."""
        for service in (self.current, *self._older.values()):
            if service.processes:
                service.processes.close()
            if service.search:
                service.search.close()
        self._origin.close()

    def _next(self, manifest: Manifest) -> Service | None:
        """Make the version that is served, and held in memory, the next one; None where that cannot be."""
        current = self.current
        folder = self._home.directory(manifest.id)
        told = self._told(manifest) | {"changes": {name: str(folder.resolve() / f"{name}.nq") for name in CHANGES}}
        is_next = manifest.base == current.manifest.id and all((folder / f"{name}.nq").is_file() for name in CHANGES)
        small = manifest.statements <= self._settings.memory_quads
        if not (is_next and self._held and small and current.processes and not current.processes.ended):
            return None
        try:
            return self._service(manifest, current.processes.succeed(told))
        except CrashError as error:
            _log.warning("version %s is opened anew, for its changes cannot be read: %s", manifest.id, error)
            return None

    def _open(self, manifest: Manifest, held: bool) -> Service:
        return self._opened(manifest, self._begin(manifest, held))

    def _begin(self, manifest: Manifest, held: bool) -> QueryProcesses:
        most = self._settings.memory_quads if held else 0
        try:
            return self._origin.begin(self._told(manifest) | {"memory_quads": most})
        except CrashError as error:
            raise EngineError(f"version {manifest.id} cannot be opened: {error}") from error

    def _opened(self, manifest: Manifest, opening: QueryProcesses) -> Service:
        try:
            return self._service(manifest, opening.ready())
        except CrashError as error:
            raise EngineError(f"version {manifest.id} cannot be opened: {error}") from error

    def _told(self, manifest: Manifest) -> dict[str, Any]:
        return {
            "store": str(self._home.store(manifest.id).resolve()),
            "version": manifest.id,
            "statements": manifest.statements,
            "max_result": self._settings.max_result,
        }

    def _service(self, manifest: Manifest, processes: QueryProcesses) -> Service:
        engine = PooledEngine(processes, manifest.id)
        search = SearchIndex.open(self._home.directory(manifest.id))
        return Service(self._content, manifest, engine, self._questions, self._settings, processes, search)

    def _release(self, service: Service) -> None:
        """End a version's query processes when no request uses them any more, and close its search index likewise."""
        if service.processes:
            service.processes.retire()
        if service.search:
            service.search.close()


class _Carrying:
    """Carries out the origin's jobs; what changes need takes long to load, so it is loaded in idle time."""

    def __init__(self, content: Content, home: Home, personal: bool, services: Collection[str]) -> None:
        self._told = (content, home, personal, services)
        self._job: Job | None = None

    def prepare(self) -> None:
        from zorgkg.web.protocol import changes

        self._job, prepare = changes.job(*self._told)
        prepare()

    def carry_out(self, told: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        if self._job is None:
            self.prepare()
        assert self._job is not None  # noqa: S101
        return self._job(told, body)

    def make_index(self, told: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        from zorgkg.publishing import searching

        os.nice(_NICE)
        searching.complete(self._told[1], told["version"])
        return {}, b""


class Opened:
    """A version that is open, in the process that is the parent of its workers.

    :param engine: answers queries on it.
    :param max_result: the largest answer, in bytes.
    """

    def __init__(self, engine: EmbeddedEngine, max_result: int) -> None:
        self._engine = engine
        self._max_result = max_result
        self.work = evaluation.work(engine, max_result)

    @classmethod
    def prepare(cls, told: dict[str, Any]) -> Prepared:
        """Open a version from its folder."""
        engine = EmbeddedEngine.open(Path(told["store"]), told["version"], told["statements"], told["memory_quads"])
        if told["memory_quads"]:
            # Nobody waits for this one: what each worker would do for its first page is done here once.
            thing.prepare(engine)
        return cls(engine, told["max_result"])

    def succeed(self, told: dict[str, Any]) -> Prepared:
        """Make this version, which is held in memory, the next one."""
        store = self._engine.store
        # What stands there without a graph is what changed in the merge.
        went, came = (
            [quad for quad in parse(path=told["changes"][name], format=RdfFormat.N_QUADS) if _is_merged(quad)]
            for name in CHANGES
        )
        for quad in went:
            store.remove(quad)
        store.extend(came)
        return Opened(EmbeddedEngine(store, told["version"], Path(told["store"])), told["max_result"])


def _is_merged(quad: Quad) -> bool:
    return quad.graph_name == DefaultGraph()
