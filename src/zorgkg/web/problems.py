"""Errors over HTTP: one shape, `application/problem+json` (RFC 9457), for everything that goes wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import Response

from zorgkg.engine.endpoints import BusyEndpointError, EndpointError, SlowEndpointError
from zorgkg.engine.guard import Forbidden
from zorgkg.engine.interface import EngineError, QuerySyntaxError
from zorgkg.engine.limits import BusyError, CrashError, GoneError, LimitError, MemoryLimitError, ResultLimitError
from zorgkg.questions.answering import UnknownParameter
from zorgkg.questions.binding import InvalidValue
from zorgkg.sparql import fault
from zorgkg.terms import BASE

MEDIA_TYPE = "application/problem+json"


class ProblemError(Exception):
    """An error that a client should see.

    :param status: HTTP status.
    :param kind: short name of the kind of problem; the last part of its type IRI.
    :param detail: what is wrong, where, and what to do.
    :param headers: further response headers.
    :param pages: of what is near → the path of its page, for a person; it is no member.
    :param more: further members, such as `parameter`, `line`, `column`, `allowed`.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        headers: Mapping[str, str] | None = None,
        pages: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        """Make a problem; the class tells what each part is."""
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.pages = dict(pages or {})
        self.more = more


def response(problem: ProblemError) -> Response:
    """Render a problem."""
    body = {
        "type": f"{BASE}problem/{problem.kind}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        **problem.more,
    }
    content = json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"
    return Response(content, problem.status, {**problem.headers, "Cache-Control": "no-store"}, MEDIA_TYPE)


def from_error(error: Exception) -> ProblemError:
    """Return the problem that tells of an error of the engine, the guard or a question's parameters."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, Forbidden):
        return ProblemError(403, "forbidden-query", str(error))
    if isinstance(error, QuerySyntaxError):
        return syntax(str(error))
    if isinstance(error, UnknownParameter):
        return ProblemError(400, "unknown-parameter", str(error), parameter=error.parameter)
    if isinstance(error, InvalidValue):
        lists = {"allowed": list(error.allowed), "near": list(error.near)}
        told: dict[str, Any] = {name: values for name, values in lists.items() if values}
        return ProblemError(422, "invalid-value", f"{error.parameter}: {error}", parameter=error.parameter, **told)
    if isinstance(error, ClientDisconnect):
        # Nobody reads it; the log and the metrics should not tell of a fault of ours.
        return ProblemError(400, "incomplete", "the connection ended before the request did")
    if isinstance(error, LimitError | CrashError | BusyError | GoneError):
        return _ended(error)
    if isinstance(error, BusyEndpointError):
        return ProblemError(503, "busy", f"{error}; try again in a moment", {"Retry-After": error.retry})
    if isinstance(error, SlowEndpointError):
        return ProblemError(504, "time-limit", f"{error}; ask for less at once")
    if isinstance(error, EndpointError):
        return ProblemError(502, "engine", str(error))
    if isinstance(error, EngineError):
        return ProblemError(500, "engine", str(error))
    return ProblemError(500, "internal", "The server failed to answer; the operator's log tells why.")


def plain(problem: ProblemError) -> list[Any]:
    """Return a problem as plain values, which go from one process to another; :func:`of` makes it again."""
    return [problem.status, problem.kind, problem.detail, problem.headers, problem.pages, problem.more]


def of(values: list[Any]) -> ProblemError:
    """Return the problem that :func:`plain` gave the values of."""
    status, kind, detail, headers, pages, more = values
    return ProblemError(status, kind, detail, headers, pages, **more)


def _ended(error: LimitError | CrashError | BusyError | GoneError) -> ProblemError:
    """The problem of a query that was ended, or not begun."""
    if isinstance(error, LimitError):
        status, kind = 504, "time-limit"
        if isinstance(error, MemoryLimitError):
            status, kind = 422, "memory-limit"
        elif isinstance(error, ResultLimitError):
            status, kind = 422, "result-limit"
        return ProblemError(status, kind, str(error), limit=error.limit, setting=error.setting)
    if isinstance(error, BusyError):
        headers = {"Retry-After": str(error.retry)}
        return ProblemError(503, "busy", str(error), headers, limit=error.limit, setting="ZORGKG_WORKERS")
    if isinstance(error, GoneError):
        # Nobody reads it; the log tells it apart from answers.
        return ProblemError(408, "gone", "The client went away before the answer was there.")
    detail = (
        "The query nests too deeply, or is otherwise too complex, to be evaluated: its process died; write it flatter."
    )
    return ProblemError(422, "too-complex", detail)


def syntax(message: str, what: str = "query") -> ProblemError:
    """Return the problem of a query or update that is no SPARQL, with line and column."""
    found = fault(message)
    if not found:
        return ProblemError(400, f"{what}-syntax", f"The {what} is no SPARQL 1.1: {message}")
    line, column, hint = found
    detail = f"The {what} is no SPARQL 1.1: syntax error at line {line}, column {column}{hint}."
    return ProblemError(400, f"{what}-syntax", detail, line=line, column=column)
