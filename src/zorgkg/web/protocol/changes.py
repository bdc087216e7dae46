"""Changes from outside: what a process of its own does with one, so that nothing sent is read by the server itself."""

from __future__ import annotations

import signal
import sqlite3
import traceback
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode
from pyshacl.errors import ReportableRuntimeError

from zorgkg.content import Content
from zorgkg.datasets.archive import BadArchive
from zorgkg.datasets.problems import InvalidData
from zorgkg.datasets.sssom import Mapping
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.intake import checking
from zorgkg.intake.checking import Finding
from zorgkg.linking import commands, deciding, identity, linkfile
from zorgkg.linking.deciding import BadDecision, Reviewer
from zorgkg.publishing import operations, payload, validation, writing
from zorgkg.publishing.operations import NoGraph, Operation
from zorgkg.publishing.payload import Payload, PayloadError
from zorgkg.publishing.update import DEFAULT, DatasetConflict, Scope, UpdateError, UpdateSyntaxError
from zorgkg.publishing.versions import Busy, Home, NoVersion
from zorgkg.publishing.writing import Judge, Moved, NotAllowed, Outcome
from zorgkg.terms import dataset_graph
from zorgkg.tokens import INSUFFICIENT, Token
from zorgkg.web import problems
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol import handed

_MOST_RESULTS: Final = 1000
_FULL: Final = ("No space left", "Disk quota", "disk is full")

Job = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]


def job(content: Content, home: Home, personal: bool, services: Collection[str] = ()) -> tuple[Job, Callable[[], None]]:
    """Return what carries out a change, and what reads rules and shapes for it beforehand.

    :param content: folders of the ontology.
    :param home: where versions are published.
    :param personal: whether the shapes hold that keep personal data out.
    :param services: endpoints that an update may call by SERVICE; LOAD is refused.
    :returns: a function of what is told and sent, which gives the outcome or a problem, and the SHACL report (Turtle).
    """
    judge = Judge(content.ontology, personal)

    def carry_out(told: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        try:
            outcome, found, notes = (
                (_links(content, home, judge, told), [], [])
                if told["kind"] == "links"
                else _outcome(content, home, judge, services, told, body)
            )
        except Exception as error:
            problem = _problem(error)
            told = {"problem": problems.plain(problem)}
            # What nobody expected is for the log of the server, which has it from here.
            return told | ({"traceback": traceback.format_exc()} if problem.status in (500, 507) else {}), b""
        report = outcome.report.graph.serialize(format="turtle", encoding="utf-8")
        return _told(outcome, told["language"], found) | ({"notes": notes} if notes else {}), report

    return carry_out, judge.prepare


def _outcome(
    content: Content, home: Home, judge: Judge, services: Collection[str], told: dict[str, Any], body: bytes
) -> tuple[Outcome, list[Finding], list[dict[str, Any]]]:
    """Carry out a change; of a table also the rows of the file that its results come from, and its notes."""
    # What is unpacked lies where a sweep finds it when this process is ended.
    with home.trying() if told["kind"] in ("package", "table") else nullcontext(Path()) as folder:
        if told["kind"] != "table":
            return _carried_out(home, judge, told, _change(told, body, services, folder)), [], []
        made, notes = handed.package(told["table"], body, home, content, folder, told["language"])
        # A file says nothing of links: those that were decided on stay.
        operation = operations.put_dataset(made.graph, operations.package(made), made.has_links)
        outcome = _carried_out(home, judge, told, operation)
        results = outcome.report.results(told["language"])[:_MOST_RESULTS]
        traced = validation.trace(results, [made], len(results)) if results else []
        return outcome, checking.of_results(made.directory, results, traced), notes


def _carried_out(home: Home, judge: Judge, told: dict[str, Any], change: Operation) -> Outcome:
    if told["kind"] == "validate":
        return writing.attempt(home, judge, change)
    token = Token("", tuple(told["scopes"]), "")
    if told["dry_run"]:
        return writing.attempt(home, judge, change, token.may_write, told["expected"])
    return writing.write(home, judge, change, token.may_write, told["expected"], _settle, told["keep"], told["by"])


def _links(content: Content, home: Home, judge: Judge, told: dict[str, Any]) -> Outcome:
    """Take decisions on links, or propose anew.

    The decisions are in the link file before they are published: what is decided is never lost. When they are refused,
    or only tried, the file is as it was.
    """
    file = linkfile.of(told["name"], content.data, home.path)
    manifest = home.current()
    engine = EmbeddedEngine.open(home.store(manifest.id), manifest.id, manifest.statements, 0)
    asked, reviewer, dry_run = told["asked"], Reviewer(**told["reviewer"]), told["dry_run"]
    if asked["propose"] and not dry_run:
        commands.propose(file, engine)
    verdicts, elsewhere = asked["decisions"], identity.decisions(engine)

    def decided(rows: list[Mapping]) -> list[Mapping]:
        return deciding.decide(rows, verdicts, reviewer, elsewhere, asked["comments"])

    before = {one.id: one for one in file.read() if one.id in verdicts}
    rows = decided(file.read()) if dry_run else file.change(decided)
    operation = operations.link(NamedNode(told["graph"]), (lambda: rows) if dry_run else file.read)
    token = Token("", tuple(told["scopes"]), "")
    if dry_run:
        return writing.attempt(home, judge, operation, token.may_write, told["expected"])

    def taken_back(rows: list[Mapping]) -> list[Mapping]:
        here = {one.id for one in rows}
        return [*(before.get(one.id, one) for one in rows), *(one for one in before.values() if one.id not in here)]

    try:
        outcome = writing.write(
            home, judge, operation, token.may_write, told["expected"], _settle, told["keep"], told["by"]
        )
    except BaseException:
        file.change(taken_back)
        raise
    if not outcome.report.conforms:
        file.change(taken_back)
    return outcome


def _settle() -> None:
    # What is left takes no longer than the disk takes; an alarm now would only hide that it was published.
    signal.setitimer(signal.ITIMER_REAL, 0)


def _change(told: dict[str, Any], body: bytes, services: Collection[str], folder: Path) -> Operation:
    kind: str = told["kind"]
    graph = NamedNode(told["graph"]) if told["graph"] else None
    if kind == "update":
        scope = Scope(told["base"], tuple(told["using"]), tuple(told["named"]), graph or DEFAULT)
        return operations.update(_text(body), services, scope)
    if kind == "delete":
        return operations.delete(graph)
    if kind == "package":
        package = operations.unpacked(told["name"], body, folder)
        return operations.put_dataset(dataset_graph(told["name"]), operations.package(package), package.has_links)
    payloads = _payloads(told, body)
    if kind == "validate":
        return operations.post(graph, operations.posted(payloads))
    quads = list(payload.dataset(payloads) if graph is None else payload.graph(payloads, graph))
    if kind == "dataset":
        return operations.put_dataset(dataset_graph(told["name"]), operations.described(told["name"], quads))
    return operations.put(graph, quads) if kind == "put" else operations.post(graph, quads)


def _payloads(told: dict[str, Any], body: bytes) -> list[Payload]:
    payloads, start = [], 0
    for media, length in told["parts"]:
        payloads.append(Payload(media, body[start : start + length], told["base"]))
        start += length
    return payloads


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError(400, "encoding", f"the update is not UTF-8 (byte {error.start + 1})") from error


def _told(outcome: Outcome, language: str, found: Sequence[Finding] = ()) -> dict[str, Any]:
    results = outcome.report.results(language)
    rows = [{"sheet": one.sheet or None, "row": one.row, "column": one.column or None} for one in found]
    return {
        "version": (outcome.after or outcome.before).id,
        "before": outcome.before.id,
        "published": outcome.after is not None,
        "conforms": outcome.report.conforms,
        "changes": {name: {"came": came, "went": went} for name, (came, went) in outcome.changes.items()},
        "created": outcome.created,
        "results": [
            {
                "focus": result.focus,
                "path": result.path,
                "value": result.value,
                "message": result.message,
                "severity": result.severity,
                **(rows[place] if rows else {}),
            }
            for place, result in enumerate(results[:_MOST_RESULTS])
        ],
        "count": len(results),
        "seconds": outcome.seconds,
    }


def _problem(error: Exception) -> ProblemError:
    if isinstance(error, UpdateSyntaxError):
        return problems.syntax(str(error), "update")
    if isinstance(error, DatasetConflict):
        return ProblemError(400, "dataset-conflict", str(error), parameter="using-graph-uri")
    if isinstance(error, UpdateError):
        return ProblemError(422, "update", str(error))
    if isinstance(error, PayloadError):
        place: dict[str, Any] = {"line": error.line, "column": error.column} if error.line else {}
        status = 400 if error.line or str(error).startswith("not ") else 422
        return ProblemError(status, "payload", str(error), **place)
    if isinstance(error, BadArchive):
        return ProblemError(400, "archive", str(error))
    if isinstance(error, InvalidData):
        found = [
            {"message": one.message, "file": one.file.name if one.file else None, "row": one.row, "column": one.column}
            | ({"name": one.name} if one.name else {})
            for one in error.problems[:_MOST_RESULTS]
        ]
        return ProblemError(422, "invalid-data", f"{error}; nothing was changed", problems=found)
    if isinstance(error, ReportableRuntimeError):
        # The validator's own refusal, as of a blank node where values are compared by their order.
        return ProblemError(422, "unvalidated", f"the shapes cannot judge this: {error.message}; nothing was changed")
    if isinstance(error, NotAllowed):
        return ProblemError(403, "not-allowed", str(error), {"WWW-Authenticate": INSUFFICIENT})
    if isinstance(error, Moved):
        return ProblemError(412, "moved", f"{error}; read it again, then change it")
    if isinstance(error, BadDecision):
        return ProblemError(422, "decision", f"{error}; nothing was changed", record=error.record)
    if isinstance(error, NoGraph):
        return ProblemError(404, "no-such-graph", str(error))
    if isinstance(error, Busy):
        detail = f"others were publishing for {writing.PATIENCE:g} seconds; nothing was changed; try again"
        return ProblemError(409, "publishing", detail, {"Retry-After": "5"})
    if isinstance(error, NoVersion):
        return ProblemError(409, "no-version", "nothing is published that could be changed")
    if isinstance(error, OSError | sqlite3.OperationalError) and any(told in str(error) for told in _FULL):
        detail = "The disk has no room for this change; nothing was published. The operator can prune old versions."
        return ProblemError(507, "no-room", detail)
    return problems.from_error(error)
