"""What an operator watches: one log line a request, and `/metrics` in the Prometheus text format.

Neither holds a query, a search or anything else that a user wrote: the log has the path without its query string, and
the metrics have the route, not the path, so that the number of series stays small.
"""

from __future__ import annotations

import json
import logging
import time
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zorgkg.web import parameters
from zorgkg.web.cache import UNCHANGED
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import Service, of

ACCESS: Final = "zorgkg.access"
"""Name of the logger of requests."""

_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_METHODS: Final = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_KINDS: Final = {"time-limit", "memory-limit", "result-limit", "too-complex", "busy"}
"""Kinds of problem that mean that a query was ended or turned away."""

_log = logging.getLogger(ACCESS)


class Metrics:
    """The counts of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._answers = _Answers()
        self.registry.register(self._answers)
        self.ended = Counter(
            "zorgkg_queries_ended",
            "Queries that a limit ended or that found no free process",
            ("reason",),
            registry=self.registry,
        )
        for reason in sorted(_KINDS):
            self.ended.labels(reason)
        self.writes = Counter("zorgkg_writes", "Writes by their outcome", ("outcome",), registry=self.registry)
        self.validation = Histogram(
            "zorgkg_validation_seconds", "Time to validate a write", buckets=_BUCKETS, registry=self.registry
        )
        self.publishing = Histogram(
            "zorgkg_publish_seconds",
            "Time from a write's request until it is served",
            buckets=_BUCKETS,
            registry=self.registry,
        )

    def wrote(self, outcome: str, validation: float | None, seconds: float) -> None:
        """Count a write.

        :param outcome: `published`, `unchanged`, `tried`, `refused` or `failed`.
        :param validation: seconds that its validation took; None when it came to none.
        :param seconds: seconds from the request until it was served.
        """
        self.writes.labels(outcome).inc()
        if validation is not None:
            self.validation.observe(validation)
        if outcome == "published":
            self.publishing.observe(seconds)

    def answer(self, request: Request) -> Response:
        """`/metrics`: the counts, and the state of the version that is served."""
        parameters.only(parameters.of(request), ())
        state = CollectorRegistry()
        serving = request.scope["zorgkg.serving"]
        # Of the version that is served, also when the request asks for another.
        state.register(_State(serving.current if serving else of(request)))
        body = generate_latest(self.registry) + generate_latest(state)
        return Response(body, headers={"Cache-Control": "no-store"}, media_type=CONTENT_TYPE_LATEST)

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._answers.add(route, method, status, seconds)

    def repeated(self, scope: Scope, route: str, status: int, version: str, size: int, seconds: float) -> None:
        """Count and log an answer that was given before, or that the client has."""
        self.count(route, scope["method"], status, seconds)
        if _log.isEnabledFor(logging.INFO):
            line = _line(scope["method"], scope["path"], status, seconds, size, version)
            _log.info("request", extra={"told": line})


class _Answers(Collector):
    """How many answers there were, and how long they took.

    Every request is counted, and to give an answer that is kept takes little more than that. The library's counters
    lock, and its histogram walks through its buckets; these are of one event loop, and need neither.
    """

    def __init__(self) -> None:
        self._many: dict[tuple[str, str, int], int] = {}
        self._seconds: dict[str, tuple[list[int], list[float]]] = {}

    def add(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer."""
        # A client may send any word as its method: each would be a series of its own.
        key = route, method if method in _METHODS else "other", status
        self._many[key] = self._many.get(key, 0) + 1
        told = self._seconds.get(route)
        if told is None:
            told = self._seconds[route] = [0] * (len(_BUCKETS) + 1), [0.0]
        buckets, total = told
        buckets[bisect_left(_BUCKETS, seconds)] += 1
        total[0] += seconds

    def collect(self) -> Iterator[Metric]:
        requests = CounterMetricFamily("zorgkg_requests", "Requests answered", labels=("route", "method", "status"))
        for (route, method, status), many in list(self._many.items()):
            requests.add_metric((route, method, str(status)), many)
        yield requests
        seconds = HistogramMetricFamily("zorgkg_request_seconds", "Time to the end of the answer", labels=("route",))
        for route, (buckets, total) in list(self._seconds.items()):
            ends = [*map(floatToGoString, _BUCKETS), "+Inf"]
            seconds.add_metric((route,), list(zip(ends, accumulate(buckets), strict=True)), total[0])
        yield seconds


class _State(Collector):
    """What is so when it is asked for."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        manifest = self._service.manifest
        yield InfoMetricFamily("zorgkg_version", "The version that is served", {"id": manifest.id})
        age = datetime.now(UTC) - datetime.fromisoformat(manifest.created)
        yield GaugeMetricFamily("zorgkg_version_age_seconds", "Since its publication", age.total_seconds())
        yield GaugeMetricFamily("zorgkg_statements", "Statements in the version", manifest.statements)
        processes = self._service.processes
        if processes:
            yield GaugeMetricFamily("zorgkg_queries_running", "Queries in a process of their own", processes.running)
            yield GaugeMetricFamily("zorgkg_queries_slow", "Of them, those that have become old", processes.slow)
            yield GaugeMetricFamily("zorgkg_queries_waiting", "Queries that wait for a process", processes.waiting)


class Observed:
    """ASGI middleware: counts and logs each request when its answer has ended."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Wrap an application; `metrics` are counted up."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, size = 500, 0
        start = time.perf_counter()

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        except ProblemError as error:
            status = error.status
            raise
        finally:
            self._tell(scope, status, size, time.perf_counter() - start)

    def _tell(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        if scope.get(UNCHANGED):
            status, size = 304, 0
        route = _route(scope)
        method = scope.get("zorgkg.method", scope["method"])
        self._metrics.count(route, method, status, seconds)
        reason = scope.get("zorgkg.problem")
        if reason in _KINDS:
            self._metrics.ended.labels(reason).inc()
        service: Service | None = scope.get("zorgkg.service")
        if _log.isEnabledFor(logging.INFO):
            version = service.manifest.id if service else ""
            line = _line(method, scope["path"], status, seconds, size, version)
            if "zorgkg.token" in scope:
                line["token"] = scope["zorgkg.token"]
            _log.info("request", extra={"told": line})


def _line(method: str, path: str, status: int, seconds: float, size: int, version: str) -> dict[str, Any]:
    ms = round(1000 * seconds, 1)
    return {"method": method, "path": path, "status": status, "ms": ms, "bytes": size, "version": version}


def _route(scope: Scope) -> str:
    """The path of the route that answered, with its parameters' names; "none" where no route did."""
    if "route" in scope:
        return str(scope["route"].path)
    # FastAPI tells its own routes; for those of Starlette there is only what they lead to.
    answered = scope.get("endpoint")
    routes = scope["app"].routes if answered and "app" in scope else []
    return next(
        (str(one.path) for one in routes if answered in (getattr(one, "endpoint", None), getattr(one, "app", None))),
        "none",
    )


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, and what there is to tell."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as a line; a traceback stands in it as text."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        told |= getattr(record, "told", None) or {"message": record.getMessage()}
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def log(level: str) -> None:
    """Write what is logged to standard error, a JSON object a line.

    :param level: the least that is written: debug, info, warning or error. Requests are info.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("zorgkg")
    logger.handlers[:] = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False
