"""Evaluation of a query from outside: what a query process does with it, and what the server makes of the result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, serialize
from starlette.concurrency import run_in_threadpool

from zorgkg.engine import guard, pooled
from zorgkg.engine.interface import Answer, Dataset, Engine, EngineError
from zorgkg.engine.limits import BusyError, CrashError, GoneError, LimitError
from zorgkg.engine.processes import Gone
from zorgkg.questions.question import Question
from zorgkg.results import unwritable, write
from zorgkg.terms import PREFIXES
from zorgkg.web import asking, cache, pages, problems
from zorgkg.web.asking import Asked
from zorgkg.web.forms import negotiation, tables
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol.bounded import Bounded
from zorgkg.web.service import Service
from zorgkg.web.things import thing
from zorgkg.web.threads import released

RESULTS: Final = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
    "application/json": QueryResultsFormat.JSON,
    "application/xml": QueryResultsFormat.XML,
    "text/xml": QueryResultsFormat.XML,
}
GRAPHS: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/json": RdfFormat.JSON_LD,
    "application/xml": RdfFormat.RDF_XML,
    "text/plain": RdfFormat.N_TRIPLES,
}

Work = Callable[[dict[str, Any]], tuple[dict[str, Any], bytes]]
"""What a worker does: takes a request (JSON), gives a header (JSON) and a body."""

SHOWN: Final = 500
"""At most this many rows or statements are shown on the page; every other format gives all."""


def work(engine: Engine, max_result: int) -> Work:
    """Return what a worker does with a query: guard, evaluate, render; one of the server itself is only evaluated.

    :param engine: answers queries on the version that is served.
    :param max_result: the largest answer, in bytes.
    :returns: a function of a request; its header has the media type, the page's cells or a problem.
    """

    def evaluate(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        if pooled.OWN in request:
            return pooled.answer(engine, request)
        try:
            if asking.QUESTION in request:
                return asking.answer(engine, request, max_result)
            if thing.THING in request:
                return thing.answer(engine, request)
            guard.check(request["query"], request["services"])
            dataset = Dataset(tuple(request["default_graphs"]), tuple(request["named_graphs"]))
            found = engine.query(request["query"], dataset)
            if request["page"]:
                return {"page": shown(found)}, b""
            media, body = _rendered(found, request["accept"], max_result)
        except MemoryError:
            # Of a limit that was reached, not of the query: the process ends.
            raise
        except Exception as error:
            # Without its traceback, which would keep the answer alive beyond this thread (web/threads.py).
            return {"problem": problems.plain(problems.from_error(error.with_traceback(None)))}, b""
        return {"media": media, "fixed": cache.is_fixed(request["query"])}, body

    return evaluate


async def answer(
    service: Service, query: str, dataset: Dataset, accept: str | None, gone: Gone | None = None
) -> Rendered:
    """Evaluate a query in a worker process.

    :param service: its query processes; without them the query runs in a thread of this process.
    :param query: SPARQL 1.1 query text, as received.
    :param dataset: the dataset given by protocol.
    :param accept: the Accept header.
    :param gone: returns when the client has gone away, which ends the query.
    :returns: media type and body.
    :raises ProblemError: the query is refused, wrong, beyond a limit, or cannot be answered in an acceptable type.
    """
    header, body = await _run(service, _told(service, query, dataset, accept, False), gone)
    return Rendered(header["media"], body, header["fixed"])


async def question(service: Service, question: Question, asked: Asked, gone: Gone | None = None) -> tuple[bytes, bool]:
    """Answer a question in a worker process.

    :param service: its query processes; without them the question is answered in a thread of this process.
    :param question: the question.
    :param asked: what is asked of it.
    :param gone: returns when the client has gone away, which ends the query.
    :returns: the answer, and whether there are rows after these.
    :raises ProblemError: what is asked is wrong, or beyond a limit, or cannot be given in this form.
    """
    header, body = await _run(service, asking.request(question, asked), gone)
    return body, header["more"]


async def page(service: Service, query: str, dataset: Dataset, gone: Gone | None = None) -> pages.Result:
    """Evaluate a query for a page: the first rows or statements.

    :raises ProblemError: as for :func:`answer`.
    """
    header, _ = await _run(service, _told(service, query, dataset, None, True), gone)
    shown = header["page"]
    rows = [[tables.Shown(**cell) for cell in row] for row in shown["rows"]]
    return pages.Result(shown["columns"], rows, shown["verdict"], shown["turtle"], shown["cut"])


def _told(service: Service, query: str, dataset: Dataset, accept: str | None, page: bool) -> dict[str, Any]:
    return {
        "query": query,
        "default_graphs": dataset.default_graphs,
        "named_graphs": dataset.named_graphs,
        "services": sorted(service.settings.services),
        "accept": accept,
        "page": page,
    }


async def _run(service: Service, request: dict[str, Any], gone: Gone | None) -> tuple[dict[str, Any], bytes]:
    if service.processes is None:
        work_here = work(service.engine, service.settings.max_result)
        header, body = await run_in_threadpool(released(work_here), request)
    else:
        try:
            header, body = await service.processes.run(request, gone, asking.QUESTION in request)
        except (LimitError, CrashError, BusyError, GoneError) as error:
            raise problems.from_error(error) from None
    if "problem" in header:
        raise problems.of(header["problem"])
    return header, body


@dataclass(frozen=True)
class Rendered:
    """An answer as it is sent.

    :param media: its media type.
    :param body: its bytes.
    :param is_fixed: whether the same query on the same version always has this answer.
    """

    media: str
    body: bytes
    is_fixed: bool


def _rendered(found: Answer, accept: str | None, max_result: int) -> tuple[str, bytes]:
    offered = list(RESULTS if isinstance(found, QuerySolutions | QueryBoolean) else GRAPHS)
    media = _chosen(accept, tuple(offered)) if len(accept or "") < 500 else negotiation.choose(accept, offered)
    if media is None:
        raise ProblemError(
            406, "not-acceptable", f"this query's answer can be given as {', '.join(offered)}", allowed=offered
        )
    bounded = Bounded(max_result)
    try:
        if isinstance(found, QuerySolutions | QueryBoolean):
            write(found, bounded, RESULTS[media])
        else:
            form = GRAPHS[media]
            write(_writable(found) if form == RdfFormat.RDF_XML else found, bounded, form)
    except (OSError, ValueError) as error:
        raise EngineError(str(error)) from error
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    return media + charset, bounded.getvalue()


@lru_cache(maxsize=500)
def _chosen(accept: str | None, offered: tuple[str, ...]) -> str | None:
    return negotiation.choose(accept, offered)


def _writable(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Give the triples as they come, until one cannot be written in RDF/XML."""
    for triple in triples:
        if iri := unwritable([triple]):
            raise ProblemError(
                406, "not-acceptable", f"the property <{iri}> cannot be written in RDF/XML; ask for another format"
            )
        yield triple


def shown(found: Answer) -> dict[str, Any]:
    """Return what a page shows of an answer: the first rows or statements, as plain values."""
    told: dict[str, Any] = {"columns": [], "rows": [], "verdict": None, "turtle": "", "cut": 0}
    if isinstance(found, QueryBoolean):
        return {**told, "verdict": bool(found)}
    try:
        first = list(islice(found, SHOWN + 1))
        told["cut"] = SHOWN if len(first) > SHOWN else 0
        if isinstance(found, QuerySolutions):
            told["columns"] = [variable.value for variable in found.variables]
            told["rows"] = [[asdict(tables.shown(row[name])) for name in told["columns"]] for row in first[:SHOWN]]
        else:
            turtle = serialize(first[:SHOWN], format=RdfFormat.TURTLE, prefixes=PREFIXES) or b""
            told["turtle"] = turtle.decode()
    except (OSError, ValueError) as error:
        raise EngineError(str(error)) from error
    return told
