"""Evaluation of a query from outside: what a query process does with it, and what the server makes of the result."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import Any, Final

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, serialize
from starlette.concurrency import run_in_threadpool

from zorgkg.engine import guard
from zorgkg.engine.interface import Answer, Dataset, Engine, EngineError
from zorgkg.engine.processes import BusyError, CrashError, TimeLimitError, Work
from zorgkg.results import unwritable
from zorgkg.terms import PREFIXES
from zorgkg.web import negotiation, pages, problems, tables
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import Service
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

SHOWN: Final = 500
"""At most this many rows or statements are shown on the page; every other format gives all."""


def work(engine: Engine) -> Work:
    """Return what a query process does: guard, evaluate, render.

    :param engine: answers queries on the version that is served.
    :returns: a function of a request; its header has the media type, the page's cells or a problem.
    """

    def evaluate(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        try:
            guard.check(request["query"], request["services"])
            dataset = Dataset(tuple(request["default_graphs"]), tuple(request["named_graphs"]))
            found = engine.query(request["query"], dataset)
            if request["page"]:
                return {"page": shown(found)}, b""
            media, body = _rendered(found, request["accept"])
        except Exception as error:
            # Without its traceback, which would keep the answer alive beyond this thread (web/threads.py).
            return {"problem": _plain(problems.from_error(error.with_traceback(None)))}, b""
        return {"media": media}, body

    return evaluate


async def answer(service: Service, query: str, dataset: Dataset, accept: str | None) -> tuple[str, bytes]:
    """Evaluate a query in a process of its own.

    :param service: its query processes; without them the query runs in a thread of this process.
    :param query: SPARQL 1.1 query text, as received.
    :param dataset: the dataset given by protocol.
    :param accept: the Accept header.
    :returns: media type and body.
    :raises ProblemError: the query is refused, wrong, beyond a limit, or cannot be answered in an acceptable type.
    """
    header, body = await _run(service, query, dataset, accept, page=False)
    return header["media"], body


async def page(service: Service, query: str, dataset: Dataset) -> pages.Result:
    """Evaluate a query for a page: the first rows or statements.

    :raises ProblemError: as for :func:`answer`.
    """
    header, _ = await _run(service, query, dataset, None, page=True)
    shown = header["page"]
    rows = [[tables.Shown(**cell) for cell in row] for row in shown["rows"]]
    return pages.Result(shown["columns"], rows, shown["verdict"], shown["turtle"], shown["cut"])


async def _run(
    service: Service, query: str, dataset: Dataset, accept: str | None, page: bool
) -> tuple[dict[str, Any], bytes]:
    request = {
        "query": query,
        "default_graphs": dataset.default_graphs,
        "named_graphs": dataset.named_graphs,
        "services": sorted(service.settings.services),
        "accept": accept,
        "page": page,
    }
    if service.processes is None:
        header, body = await run_in_threadpool(released(work(service.engine)), request)
    else:
        limits = service.processes.limits
        try:
            header, body = await service.processes.run(request)
        except TimeLimitError:
            detail = f"The query took longer than {limits.seconds:g} seconds, the time limit; ask for less at once."
            raise ProblemError(504, "time-limit", detail, limit=limits.seconds) from None
        except BusyError:
            detail = f"{limits.workers} queries are running and others wait; try again in a moment."
            raise ProblemError(503, "busy", detail, {"Retry-After": f"{limits.seconds:.0f}"}) from None
        except CrashError:
            detail = (
                f"The query needed more than {limits.mebibytes} MiB of memory, the limit, or nests too deeply to be "
                "read; ask for less at once, or write it flatter."
            )
            raise ProblemError(422, "too-large", detail, limit=limits.mebibytes) from None
    if "problem" in header:
        status, kind, detail, headers, more = header["problem"]
        raise ProblemError(status, kind, detail, headers, **more)
    return header, body


def _plain(problem: ProblemError) -> list[Any]:
    return [problem.status, problem.kind, problem.detail, problem.headers, problem.more]


def _rendered(found: Answer, accept: str | None) -> tuple[str, bytes]:
    offered = list(RESULTS if isinstance(found, QuerySolutions | QueryBoolean) else GRAPHS)
    media = negotiation.choose(accept, offered)
    if media is None:
        raise ProblemError(
            406, "not-acceptable", f"this query's answer can be given as {', '.join(offered)}", allowed=offered
        )
    try:
        if isinstance(found, QuerySolutions | QueryBoolean):
            body = found.serialize(format=RESULTS[media])
        else:
            triples = list(found)
            if GRAPHS[media] == RdfFormat.RDF_XML and (iri := unwritable(triples)):
                raise ProblemError(
                    406, "not-acceptable", f"the property <{iri}> cannot be written in RDF/XML; ask for another format"
                )
            body = serialize(triples, format=GRAPHS[media], prefixes=PREFIXES)
    except (OSError, ValueError) as error:
        raise EngineError(str(error)) from error
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    return media + charset, body or b""


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
