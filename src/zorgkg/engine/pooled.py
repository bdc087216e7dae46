"""The pooled engine: the server's own queries, answered by the workers that hold the version.

Answers travel as TSV and N-Triples: of the formats that lose nothing, the fastest to write and to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
    serialize,
)
from pyoxigraph import QueryTriples as Triples

from zorgkg.engine.interface import Answer, Dataset, Engine, EngineError, QuerySyntaxError
from zorgkg.engine.processes import QueryProcesses

OWN = "own"
"""Member of a request that holds a query of the server itself."""


def answer(engine: Engine, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Answer a query of the server itself, in a worker.

    :param engine: answers queries on the version.
    :param request: made by :meth:`PooledEngine.query`.
    """
    dataset = (
        Dataset(tuple(request["default_graphs"]), tuple(request["named_graphs"])) if "named_graphs" in request else None
    )
    try:
        found = engine.query(request[OWN], dataset)
        if isinstance(found, QuerySolutions | QueryBoolean):
            return {}, found.serialize(format=QueryResultsFormat.TSV) or b""
        if isinstance(found, Triples):
            return {"graph": True}, found.serialize(format=RdfFormat.N_TRIPLES) or b""
        return {"graph": True}, serialize(found, format=RdfFormat.N_TRIPLES) or b""
    except QuerySyntaxError as error:
        return {"syntax": str(error)}, b""
    except (EngineError, OSError, ValueError) as error:
        return {"engine": str(error)}, b""


class PooledEngine:
    """Answers the server's own queries, in threads; they are trusted, and limited in time and memory like any other.

    :param processes: the workers.
    :param version: identifier of the version that they hold.
    """

    def __init__(self, processes: QueryProcesses, version: str) -> None:
        self._processes = processes
        self._version = version

    @property
    def version(self) -> str:
        """Identifier of the version that is served."""
        return self._version

    def query(self, text: str, dataset: Dataset | None = None) -> Answer:
        """Evaluate a query; see :meth:`zorgkg.engine.interface.Engine.query`.

        :raises zorgkg.engine.limits.TimeLimitError: it took longer than the time limit.
        :raises zorgkg.engine.limits.BusyError: too many others run.
        :raises zorgkg.engine.limits.CrashError: its worker died.
        """
        request: dict[str, Any] = {OWN: text}
        if dataset is not None:
            request |= {"default_graphs": dataset.default_graphs, "named_graphs": dataset.named_graphs}
        header, body = self._processes.ask(request)
        if "syntax" in header:
            raise QuerySyntaxError(header["syntax"])
        if "engine" in header:
            raise EngineError(header["engine"])
        return _triples(body) if "graph" in header else parse_query_results(body, QueryResultsFormat.TSV)


def _triples(body: bytes) -> Iterator[Triple]:
    return (quad.triple for quad in parse(body, RdfFormat.N_TRIPLES))
