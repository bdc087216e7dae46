"""Writing over HTTP: who may, what is read of a request, and how its outcome is told."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast
from urllib.parse import quote

from pyoxigraph import NamedNode, RdfFormat, parse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zorgkg.publishing.versions import Busy
from zorgkg.results import written
from zorgkg.settings import Settings
from zorgkg.tables.encoding import CHARSETS
from zorgkg.tokens import INSUFFICIENT, BadTokens, Token, Tokens, Unauthenticated
from zorgkg.web import parameters, problems
from zorgkg.web.forms import negotiation
from zorgkg.web.metrics import Metrics
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.serving import Serving

_log = logging.getLogger("zorgkg.web")

Managed = TypeVar("Managed")

Run = Callable[[dict[str, Any], bytes], Awaitable[tuple[dict[str, Any], bytes]]]

REPORTS: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}
"""Media types of a SHACL report as RDF."""

_TRIED: Final = 10_000_000
_ARRIVES: Final = 30
_AT_ONCE: Final = 2
_WAITING: Final = 10
_JSON: Final = "application/json"
_TEXT: Final = "text/plain"


@dataclass(frozen=True)
class Part:
    """One document of a request: its media type and its bytes."""

    media: str
    body: bytes


class Writer:
    """Carries out changes, one after the other.

    :param run: does the work of a change, in a process of its own or in a thread.
    :param tokens: who may write.
    :param settings: the settings in force.
    :param metrics: told of each write.
    :param serving: serves what was published.
    """

    def __init__(
        self, run: Run, tokens: Tokens, settings: Settings, metrics: Metrics, serving: Serving | None = None
    ) -> None:
        self._run = run
        self._tokens = tokens
        self._metrics = metrics
        self._serving = serving
        self._one = asyncio.Lock()
        self._dry_runs = asyncio.Semaphore(_AT_ONCE)
        self._checks = asyncio.Semaphore(_AT_ONCE)
        self._checking = 0
        self._keep = settings.keep
        self.longest = settings.max_write
        """Bytes that a write may send."""
        self.longest_tried = min(settings.max_write, _TRIED)
        """Bytes that anyone may send for validation."""

    @property
    def open(self) -> bool:
        """Whether anybody may write: a token is configured."""
        return self._tokens.configured

    def token(self, request: Request) -> Token:
        """Return the token of a request.

        :raises ProblemError: 403 when nobody may write here, 401 when the request shows no token that holds.
        """
        if not self.open:
            detail = "Nobody may write here: no token is configured (`zorgkg token create` makes one)."
            raise ProblemError(403, "read-only", detail)
        try:
            token = self._tokens.check(request.headers.get("authorization"))
        except Unauthenticated as error:
            challenge = {"WWW-Authenticate": error.challenge}
            raise ProblemError(error.status, "unauthenticated", str(error), challenge) from None
        except BadTokens as error:
            raise ProblemError(503, "tokens", "The tokens cannot be read; the operator's log tells why.") from error
        request.scope["zorgkg.token"] = token.id
        return token

    def allow(self, request: Request, graph: NamedNode | None) -> None:
        """Let only those go on who may write a graph, before what they send is read.

        :param graph: the graph; None: which ones are written stands in what is sent.
        :raises ProblemError: 401 or 403.
        """
        token = self.token(request)
        if graph is not None and not token.may_write(graph):
            detail = f"the token does not allow writing <{graph.value}>"
            raise ProblemError(403, "not-allowed", detail, {"WWW-Authenticate": INSUFFICIENT})

    def authorise(self, request: Request) -> None:
        """Let only those go on who may activate and prune versions.

        :raises ProblemError: 401 or 403.
        """
        if not self.token(request).may_manage_versions:
            detail = "The token does not allow managing versions; it needs the scope `versions`."
            raise ProblemError(403, "not-allowed", detail, {"WWW-Authenticate": INSUFFICIENT})

    async def manage(self, change: Callable[[Serving], Managed]) -> Managed:
        """Activate or prune versions, when no write is going on.

        :param change: what to do.
        :returns: what it gave.
        :raises ProblemError: 404 when there is only the one version, 409 when another process is publishing.
        """
        if self._serving is None:
            raise ProblemError(404, "no-versions", "There are no versions here.")
        async with self._one:
            try:
                done = await run_in_threadpool(change, self._serving)
            except Busy:
                detail = "another process is publishing; nothing was changed; try again"
                raise ProblemError(409, "publishing", detail, {"Retry-After": "5"}) from None
            await run_in_threadpool(self._serving.look)
        return done

    @asynccontextmanager
    async def checking(self) -> AsyncIterator[None]:
        """Let a request go on that anyone may send: few at once, so that they take neither memory nor time from others.

        :raises ProblemError: 503, there are too many.
        """
        if self._checking >= _WAITING:
            detail = f"{_WAITING} validations are under way, the most at once; try again in a moment."
            raise ProblemError(503, "busy", detail, {"Retry-After": "5"}, limit=_WAITING)
        self._checking += 1
        try:
            yield
        finally:
            self._checking -= 1

    async def validate(self, told: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """Tell what the shapes say of statements, beside those that are published."""
        async with self._checks:
            return await self._carried(told, body)

    async def write(
        self, request: Request, told: dict[str, Any], body: bytes, dry_run: bool
    ) -> tuple[dict[str, Any], bytes]:
        """Carry out a change, and serve what comes of it.

        :param request: shows a token; `If-Match` names the version that it expects.
        :param told: what to do.
        :param body: what was sent.
        :param dry_run: only tell what would come of it.
        :returns: the outcome, and the SHACL report (Turtle).
        :raises ProblemError: the change was refused before it was validated.
        """
        token = self.token(request)
        told |= {
            "scopes": list(token.scopes),
            "dry_run": dry_run,
            "expected": _expected(request),
            "keep": self._keep,
            "by": token.id,
        }
        started = time.perf_counter()
        async with self._dry_runs if dry_run else self._one:
            try:
                outcome, report = await self._carried(told, body)
            except ProblemError:
                self._metrics.wrote("failed", None, time.perf_counter() - started)
                raise
            if outcome["published"] and self._serving:
                # The writer's next request must find what it wrote.
                await run_in_threadpool(self._serving.look)
        result = "tried" if dry_run else "published" if outcome["published"] else "unchanged"
        self._metrics.wrote(
            result if outcome["conforms"] else "refused",
            outcome["seconds"].get("validation"),
            time.perf_counter() - started,
        )
        return outcome | {"settled": not dry_run}, report

    async def _carried(self, told: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        header, report = await self._run(told, body)
        if "traceback" in header:
            _log.error("a change failed: %s", header["traceback"])
        if "problem" in header:
            raise problems.of(header["problem"])
        return header, report


def of(request: Request) -> Writer:
    """Return the writer of the server.

    :raises ProblemError: 403, it has none.
    """
    writer = request.scope.get("zorgkg.writer")
    if writer is None:
        raise ProblemError(403, "read-only", "Nobody may write here: this server only reads.")
    return cast(Writer, writer)


def change(request: Request, pairs: Pairs, kind: str, graph: NamedNode | None, parts: Iterable[Part] = ()) -> Any:
    """Return what a process is told of a change, and the bytes that go with it."""
    parts = list(parts)
    told = {
        "kind": kind,
        "graph": graph.value if graph else None,
        "base": graph.value if graph else address(request),
        "parts": [[part.media, len(part.body)] for part in parts],
        "language": parameters.language(request, pairs),
    }
    return told, b"".join(part.body for part in parts)


def address(request: Request) -> str:
    """Return the IRI of a request without its query: as it was sent, percent-encoding and all."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    return f"{request.url.scheme}://{request.url.netloc}{raw.decode('ascii', 'replace').partition('?')[0]}"


def dry_run(pairs: Pairs) -> bool:
    """Return whether `?dry-run` is asked for.

    :raises ProblemError: 400, its value is none, or it is spelt otherwise, which would publish what was to be tried.
    """
    for name, _ in pairs:
        if name != "dry-run" and name.lower().replace("-", "").replace("_", "") == "dryrun":
            detail = f"there is no parameter {name!r}; it is written dry-run"
            raise ProblemError(400, "unknown-parameter", detail, parameter=name, near=["dry-run"])
    given = [value for name, value in pairs if name == "dry-run"]
    if not given:
        return False
    if len(given) > 1 or given[0].lower() not in ("", "true", "1", "false", "0"):
        raise ProblemError(400, "dry-run", "dry-run takes true or false, or no value", parameter="dry-run")
    return given[0].lower() not in ("false", "0")


def media(request: Request, allowed: Iterable[str], accepts: str = "Accept-Post", tables: Collection[str] = ()) -> str:
    """Return the media type of what was sent.

    :param tables: those of them whose encoding is found by reading them, and may be told as one that is read.
    :raises ProblemError: 415, it is none of those allowed, in another encoding than UTF-8, or compressed.
    """
    if request.headers.get("content-encoding", "").strip().lower() not in ("", "identity"):
        # RFC 9110, section 12.5.3: what would be taken is told in Accept-Encoding.
        raise ProblemError(415, "content-encoding", "send it as it is, not compressed", {"Accept-Encoding": "identity"})
    return read_media(request.headers.get("content-type", ""), allowed, "this", accepts, tables)


def read_media(
    header: str, allowed: Iterable[str], what: str, accepts: str = "Accept-Post", tables: Collection[str] = ()
) -> str:
    """Return the media type that a Content-Type tells.

    :param header: its value.
    :param what: what has it, for the message.
    :param accepts: name of the header that tells those that are taken.
    :param tables: see :func:`media`.
    :raises ProblemError: 415, it is none of those allowed, or has another charset than UTF-8.
    """
    allowed = list(allowed)
    found = negotiation.media_type(header)
    if found is None or found.essence not in allowed:
        detail = f"{what} takes {', '.join(allowed)}, not {header or 'something without a Content-Type'}"
        raise ProblemError(415, "media-type", detail, {accepts: ", ".join(allowed)}, allowed=allowed)
    charset = found.parameters.get("charset") or "utf-8"
    if found.essence in tables:
        if charset not in CHARSETS:
            detail = f"charset {charset}: a table is sent as UTF-8, UTF-16 or Windows-1252"
            raise ProblemError(415, "charset", detail)
    elif charset not in ("utf-8", "utf8"):
        raise ProblemError(415, "charset", f"charset {charset}: RDF and SPARQL are sent as UTF-8")
    return found.essence


async def arrived(request: Request, longest: int) -> bytes:
    """Return what somebody without a token sent, if it arrives in time; see :func:`body`.

    :raises ProblemError: 408, it takes longer than half a minute; 413, it is longer than the limit.
    """
    try:
        async with asyncio.timeout(_ARRIVES):
            return await body(request, longest)
    except TimeoutError:
        raise ProblemError(408, "slow", f"the body did not arrive within {_ARRIVES} seconds") from None


async def body(request: Request, longest: int, setting: str = "ZORGKG_MAX_WRITE") -> bytes:
    """Return what was sent.

    :raises ProblemError: 413, it is longer than the limit.
    """
    received = bytearray()
    detail = f"this is longer than {longest:,} bytes, the most that is taken ({setting})"
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > longest:
        raise ProblemError(413, "too-long", detail, limit=longest)
    async for chunk in request.stream():
        received += chunk
        if len(received) > longest:
            raise ProblemError(413, "too-long", detail, limit=longest)
    return bytes(received)


def answer(request: Request, outcome: dict[str, Any], report: bytes, created: str = "") -> Response:
    """Tell an outcome: what changed, or why it was refused.

    :param request: its Accept header chooses the form of a refusal's SHACL report: RDF, JSON or text.
    :param outcome: as :meth:`Writer.write` gives it.
    :param report: the SHACL report (Turtle).
    :param created: IRI of the graph that the request wrote; 201 when it is new.
    """
    headers = {"X-Zorgkg-Version": outcome["version"], "Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    if not outcome["conforms"]:
        return _refused(request, outcome, report, headers)
    status = 200
    if created in outcome["created"] and outcome["published"]:
        # An IRI may have letters that no header has (RFC 3987, section 3.1, maps it to a URI).
        status, headers["Location"] = 201, quote(created, safe="%/:?#[]@!$&'()*+,;=~")
    elif (
        request.method == "PUT"
        and outcome["settled"]
        and "notes" not in outcome
        and _JSON not in request.headers.get("accept", "")
    ):
        # A replaced graph is answered without content (SPARQL 1.1 Graph Store HTTP Protocol, section 5.3), unless the
        # client says that it can read what changed. What is left out of a table is told in any case.
        return Response(status_code=204, headers=headers)
    told = {name: outcome[name] for name in ("version", "before", "published", "conforms", "changes")}
    told |= _notes(outcome)
    return JSONResponse(told, status, headers)


def _refused(request: Request, outcome: dict[str, Any], report: bytes, headers: dict[str, str]) -> Response:
    chosen = negotiation.choose(request.headers.get("accept"), [problems.MEDIA_TYPE, _JSON, *REPORTS, _TEXT])
    if chosen in REPORTS or chosen == _TEXT:
        response = shacl(chosen, outcome, report, 422)
    else:
        count = outcome["count"]
        detail = f"The shapes refuse this: {count} result{'s' if count != 1 else ''}; nothing was changed."
        more = {"results": outcome["results"], "count": count, **_notes(outcome)}
        response = problems.response(ProblemError(422, "invalid-data", detail, **more))
    response.headers.update(headers)
    return response


def _notes(outcome: dict[str, Any]) -> dict[str, Any]:
    return {"notes": outcome["notes"]} if "notes" in outcome else {}


def shacl(media: str, outcome: dict[str, Any], report: bytes, status: int = 200) -> Response:
    """Give a SHACL report.

    :param media: one of :data:`REPORTS`, `application/json` or `text/plain`.
    """
    if media == _JSON:
        told = {name: outcome[name] for name in ("conforms", "count", "results", "version")}
        return JSONResponse(told, status)
    if media == _TEXT:
        lines = [
            " ".join(part for part in (one["focus"], one["path"]) if part)
            + f": {one['message']}"
            + (f" (value: {one['value']})" if one["value"] else "")
            for one in outcome["results"]
        ]
        more = [f"and {outcome['count'] - len(lines)} more"] if outcome["count"] > len(lines) else []
        text = "\n".join([*lines, *more, "conforms" if outcome["conforms"] else "does not conform"]) + "\n"
        return Response(text, status, media_type=_TEXT)
    content = report
    if media != "text/turtle":
        content = written(parse(report, format=RdfFormat.TURTLE), REPORTS[media])
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    return Response(content, status, media_type=media + charset)


def _expected(request: Request) -> list[str]:
    """The versions that `If-Match` names, as identifiers or entity tags; none where any will do."""
    given = ",".join(request.headers.getlist("if-match"))
    if given.strip() in ("", "*"):
        return []
    return [one.strip().removeprefix("W/").strip('"') for one in given.split(",")]
