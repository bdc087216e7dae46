"""Queries from outside on a remote engine: guarded here, evaluated there, and passed on as the bytes that come."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pyoxigraph import QueryBoolean, QuerySolutions, RdfFormat
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from zorgkg.content import Content as Folders
from zorgkg.engine import guard, remote
from zorgkg.engine.endpoints import AGAIN, Arriving, Asked, Endpoints
from zorgkg.engine.interface import Answer, Dataset, EngineError
from zorgkg.engine.limits import ResultLimitError
from zorgkg.engine.remote import RemoteEngine
from zorgkg.publishing.versions import Manifest
from zorgkg.questions import catalogue
from zorgkg.results import unwritable, written
from zorgkg.search import making, schema
from zorgkg.search.index import SearchIndex
from zorgkg.settings import Settings
from zorgkg.terms import dataset_name
from zorgkg.web import pages, problems
from zorgkg.web.background import Background
from zorgkg.web.forms import negotiation, tables
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol import evaluation
from zorgkg.web.protocol.evaluation import GRAPHS, RESULTS
from zorgkg.web.service import Service
from zorgkg.web.threads import released

CHANGED: Final = 30.0
"""Seconds between two looks at what the endpoint holds, at least; a twentieth of the time at most goes into them."""

_STANDARD: Final = {
    "application/json": {False: "application/sparql-results+json", True: "application/ld+json"},
    "application/xml": {False: "application/sparql-results+xml", True: "application/rdf+xml"},
    "text/xml": {False: "application/sparql-results+xml", True: "application/rdf+xml"},
    "text/plain": {True: "application/n-triples"},
}
"""What to ask of an endpoint for a media type of ours that only stands for another."""

_log = logging.getLogger("zorgkg.web")


class Following:
    """The graph of a remote server, and what it is called now.

    :param content: folders of the ontology and the questions.
    :param settings: the settings in force.
    :raises EngineError: no endpoint answers.
    """

    def __init__(self, content: Folders, settings: Settings) -> None:
        self.endpoints = connect(settings)
        self._content, self._settings = content, settings
        self._questions = catalogue.read(content.queries)
        remote.examine(self.endpoints)
        self.current = self._service(remote.content(self.endpoints))
        self._folder = tempfile.TemporaryDirectory(prefix="zorgkg-search-", ignore_cleanup_errors=True)
        self._indexing = Background()
        self._looking = threading.Lock()

    def look(self) -> bool:
        """See what the endpoint holds now; returns whether that is something else than before.

        :raises EngineError: no endpoint answers.
        """
        found = remote.content(self.endpoints)
        if found.id == self.current.manifest.id:
            return False
        service = self._service(found)
        with self._looking:
            before, self.current = self.current, service
        if before.search:
            before.search.remove()
        return True

    def index(self) -> None:
        """Begin to make the search index of what the endpoint holds, unless there is one."""
        waits = self._indexing.is_busy or self._indexing.is_resting or schema.unavailable()
        if self.current.search is None and not waits:
            service = self.current
            self._indexing.begin(lambda: self._index(service))

    def _index(self, service: Service) -> None:
        target = Path(tempfile.mkdtemp(dir=self._folder.name)) / schema.FULL
        try:
            making.make(service.engine.query, target, chunks=True)
            found = SearchIndex(target)
        except Exception as error:
            # Whatever is wrong there now, it may be right again later.
            _log.error("no search index of what the endpoint holds: %s", error)
            target.unlink(missing_ok=True)
            self._indexing.rest(CHANGED)
            return
        with self._looking:
            is_current = self.current.manifest.id == service.manifest.id
            if is_current:
                self.current = replace(self.current, search=found)
        if not is_current:
            found.remove()

    async def follow(self) -> None:
        """Look at the replicas and at what they hold again and again, until cancelled."""
        clock = asyncio.get_running_loop().time
        due = clock() + CHANGED
        try:
            while True:
                self.index()
                await asyncio.sleep(AGAIN)
                await self.endpoints.look()
                if clock() < due:
                    continue
                started = clock()
                try:
                    if await asyncio.to_thread(self.look):
                        _log.warning("serving version %s", self.current.manifest.id)
                except Exception as error:
                    # Whatever is wrong there now, it may be right again later.
                    _log.error("cannot see what the endpoint holds: %s", error)
                due = clock() + max(CHANGED, 20 * (clock() - started))
        finally:
            await self.endpoints.aclose()

    def close(self) -> None:
        """Close the connections."""
        if self.current.search:
            self.current.search.close()
        self._folder.cleanup()
        self.endpoints.close()

    def _service(self, found: remote.Content) -> Service:
        datasets = {dataset_name(iri): count for iri, count in found.graphs.items()}
        now = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = Manifest(
            found.id, now, sum(found.graphs.values()), found.triples, "", dict(sorted(datasets.items()))
        )
        engine = RemoteEngine(self.endpoints, found.id)
        return Service(self._content, manifest, engine, self._questions, self._settings)


def connect(settings: Settings) -> Endpoints:
    """Return the endpoints that the settings name."""
    return Endpoints(settings.engine, settings.timeout, settings.max_result, settings.workers)


async def answer(service: Service, engine: RemoteEngine, query: str, dataset: Dataset, accept: str | None) -> Response:
    """Answer a query with what the endpoint gives: as it comes when the client takes that, else written anew.

    :param service: the version that is served, and the settings.
    :param engine: asks the endpoint.
    :param query: SPARQL 1.1 query text, as received.
    :param dataset: the dataset given by protocol.
    :param accept: the Accept header.
    :returns: a response; when what is left of the answer fails, the connection breaks off.
    :raises ProblemError: the query is refused, wrong, beyond a limit, or cannot be answered in an acceptable type.
    """
    try:
        form = await _guarded(service, query)
        of_graph = form in ("CONSTRUCT", "DESCRIBE")
        offered = list(GRAPHS if of_graph else RESULTS)
        media = negotiation.choose(accept, offered)
        if media is None:
            detail = f"this query's answer can be given as {', '.join(offered)}"
            raise ProblemError(406, "not-acceptable", detail, allowed=offered)
        standard = _STANDARD.get(media, {}).get(of_graph, media)
        # Written here: what has no standard form (a boolean as CSV), and what not every server refuses to write.
        asked = "" if form == "ASK" or standard == "application/rdf+xml" else standard
        others = [one for one in remote.readable(form) if one != asked]
        wanted = ", ".join([asked, *(f"{one};q=0.{5 - at}" for at, one in enumerate(others))] if asked else others)
        arriving = await engine.endpoints.stream(Asked(query, dataset, wanted))
        charset = "; charset=utf-8" if media.startswith("text/") else ""
        headers = {"Vary": "Accept", "X-Zorgkg-Version": service.manifest.id}
        if arriving.media != asked:
            body = await _written(engine, arriving, media, service.settings.max_result)
        elif arriving.is_whole:
            body = await arriving.whole()
        else:
            return StreamingResponse(arriving.chunks(), headers=headers, media_type=media + charset)
        return Response(body, headers=headers, media_type=media + charset)
    except Exception as error:
        raise problems.from_error(error) from error


async def page(service: Service, engine: RemoteEngine, query: str, dataset: Dataset) -> pages.Result:
    """Evaluate a query for a page: the first rows or statements.

    :raises ProblemError: as for :func:`answer`.
    """
    try:
        form = await _guarded(service, query)
        arriving = await engine.endpoints.stream(Asked(query, dataset, ", ".join(remote.readable(form))))
        body = await arriving.whole()

        def shown() -> pages.Result:
            found = evaluation.shown(remote.read(arriving.media, body, engine.endpoints.name))
            rows = [[tables.Shown(**cell) for cell in row] for row in found["rows"]]
            return pages.Result(found["columns"], rows, found["verdict"], found["turtle"], found["cut"])

        return await run_in_threadpool(released(shown))
    except Exception as error:
        raise problems.from_error(error) from error


async def _guarded(service: Service, query: str) -> str:
    """Let the guard read a query, and return its form."""

    def read() -> str:
        guard.check(query, service.settings.services)
        return remote.form(query)

    return await run_in_threadpool(read)


async def _written(engine: RemoteEngine, arriving: Arriving, media: str, most: int) -> bytes:
    """Write an answer in another media type than it has."""
    body = await arriving.whole()

    def anew() -> bytes:
        return _serialised(remote.read(arriving.media, body, engine.endpoints.name), media)

    told = await run_in_threadpool(released(anew))
    if len(told) > most:
        raise ResultLimitError(most)
    return told


def _serialised(found: Answer, media: str) -> bytes:
    try:
        if isinstance(found, QuerySolutions | QueryBoolean):
            return written(found, RESULTS[media])
        triples = list(found)
        if GRAPHS[media] == RdfFormat.RDF_XML and (iri := unwritable(triples)):
            detail = f"the property <{iri}> cannot be written in RDF/XML; ask for another format"
            raise ProblemError(406, "not-acceptable", detail)
        return written(triples, GRAPHS[media])
    except (OSError, ValueError) as error:
        raise EngineError(str(error)) from error
