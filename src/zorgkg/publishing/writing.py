"""Writing: one change to the version that is served, as one transaction.

A writable copy of the version is changed, rules derive what follows, shapes validate it, and only then it is published
and served. When anything is wrong, the version before stays served and nothing of the copy is left.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, serialize

from zorgkg.datasets.problems import InvalidData, Problem
from zorgkg.publishing import rules, searching, validation
from zorgkg.publishing.counts import Counts, followed
from zorgkg.publishing.draft import Draft
from zorgkg.publishing.incremental import Shapes, validate_all, validate_change
from zorgkg.publishing.rules import Rules
from zorgkg.publishing.update import DERIVED, SCRATCH
from zorgkg.publishing.validation import Report
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.terms import dataset_name

PATIENCE: Final = 10.0
"""Seconds that a write waits for another one before it is turned away."""

_LARGE: Final = 8
"""What a statement that changed takes to be followed is so many times what one that is there takes to be judged."""


class NotAllowed(Exception):
    """The change touches a graph that its writer may not write; the message names it."""


class Moved(Exception):
    """The version that is served is not the one that the writer expected."""


@dataclass(frozen=True)
class Outcome:
    """What came of a change.

    :param before: the version that it was made to.
    :param after: the version that was published; None when nothing was: refused, only tried, or nothing changed.
    :param report: the SHACL report; it conforms unless the change was refused.
    :param changes: dataset name → statements that came and went, also what rules derived.
    :param created: named graphs that are new.
    :param seconds: what took how long: `change`, `rules`, `validation`, `search`, `publish`.
    :param dropped: named graphs that are gone.
    """

    before: Manifest
    after: Manifest | None
    report: Report
    changes: dict[str, tuple[int, int]]
    created: list[str]
    seconds: dict[str, float] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)


class Judge:
    """The rules and shapes that every change goes through, read once.

    :param ontology: folder with `rules` and `shapes`.
    :param personal: whether the shapes hold that keep personal data out.
    """

    def __init__(self, ontology: Path, personal: bool = True) -> None:
        self._ontology = ontology
        self._personal = personal

    def prepare(self) -> None:
        """Read everything now."""
        _ = self.shapes, self.rules, self.digest
        searching.prepare()

    @cached_property
    def shapes(self) -> Shapes:
        """The shapes."""
        left_out = () if self._personal else ("privacy.ttl",)
        return Shapes(validation.read_shapes(self._ontology / "shapes", left_out))

    @cached_property
    def rules(self) -> Rules:
        """The rules."""
        return rules.prepare(self._ontology / "rules")

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the shapes and rules: what conforms to them conforms to no others."""
        digest = hashlib.sha256(b"" if self._personal else b"without personal")
        for path in sorted([*(self._ontology / "shapes").glob("*.ttl"), *(self._ontology / "rules").glob("*.rq")]):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()

    def derive(self, draft: Draft, whole: bool) -> dict[str, int]:
        """Derive what follows from the draft now.

        :param draft: it is changed.
        :param whole: derive everything anew, for the version before may not hold what these rules derive.
        :returns: rule name → number of triples that came or went.
        """
        return rules.apply_anew(self.rules, draft) if whole else rules.apply_change(self.rules, draft)

    def report(self, draft: Draft, whole: bool) -> Report:
        """Validate the draft.

        :param draft: what rules derive from it is in it.
        :param whole: validate everything, for the version before may not conform to these shapes.
        """
        if whole:
            return validate_all(self.shapes, draft.after)
        return validate_change(self.shapes, draft)


def write(
    home: Home,
    judge: Judge,
    change: Callable[[Draft], None],
    may_write: Callable[[str], bool] = lambda _: True,
    expected: Collection[str] = (),
    settled: Callable[[], None] = lambda: None,
    keep: int | None = None,
    by: str = "",
) -> Outcome:
    """Change the version that is served, and publish what comes of it.

    :param home: where versions are published.
    :param judge: rules and shapes.
    :param change: changes the draft; what it raises ends the write.
    :param may_write: tells whether the writer may write a graph (IRI).
    :param expected: identifiers of versions, one of which must be served; none: whichever is.
    :param settled: called when nothing but publishing is left to do.
    :param keep: how many of the newest versions to keep; None: all.
    :param by: public identifier of the writer's token.
    :returns: the outcome; nothing was published unless it says so.
    :raises NotAllowed: the change touches a graph that the writer may not write.
    :raises Moved: another version is served than was expected.
    :raises InvalidData: the change has statements that cannot be validated.
    :raises zorgkg.publishing.versions.Busy: others were publishing all the while.
    :raises zorgkg.publishing.versions.NoVersion: nothing is published.
    """
    with home.publishing(PATIENCE) as folder:
        before = home.current()
        if expected and before.id not in expected:
            raise Moved(f"the version that is served is {before.id}, not {' or '.join(expected)}")
        with _drafted(home, before, folder) as draft:
            outcome = _judged(draft, before, judge, change, may_write)
            if not outcome.report.conforms or not draft.changed:
                return outcome
            with _timed(outcome.seconds, "search"):
                searching.follow(draft, home.directory(before.id), folder)
            settled()
            started = time.perf_counter()
            manifest = replace(_manifest(draft, before, judge, outcome), by=by)
            draft.after.flush()
            _statements(folder / "came.nq", draft.came, draft.merged_came)
            _statements(folder / "went.nq", draft.went, draft.merged_went)
            outcome.report.graph.serialize(folder / "report.ttl", format="turtle")
        # The store is closed before its files are made to last.
        home.publish(folder, manifest)
        if keep is not None:
            home.keep(keep, folder)
        outcome.seconds["publish"] = time.perf_counter() - started
        return replace(outcome, after=manifest)


def attempt(
    home: Home,
    judge: Judge,
    change: Callable[[Draft], None],
    may_write: Callable[[str], bool] = lambda _: True,
    expected: Collection[str] = (),
    whole: bool = False,
) -> Outcome:
    """Tell what would come of a change, and publish nothing; the parameters are those of :func:`write`.

    :param whole: derive and validate everything, not only what the change can affect.
    """
    with home.trying() as folder:
        before = home.current()
        if expected and before.id not in expected:
            raise Moved(f"the version that is served is {before.id}, not {' or '.join(expected)}")
        with _drafted(home, before, folder) as draft:
            return _judged(draft, before, judge, change, may_write, whole)


@contextmanager
def _drafted(home: Home, before: Manifest, folder: Path) -> Iterator[Draft]:
    """A writable copy of a version: its files are shared until they change; it is closed before its folder goes."""
    store = Store.read_only(str(home.store(before.id)))
    store.backup(str(folder / "store"))
    draft = Draft(store, Store(str(folder / "store")))
    del store
    try:
        yield draft
    finally:
        draft.close()


def _judged(
    draft: Draft,
    before: Manifest,
    judge: Judge,
    change: Callable[[Draft], None],
    may_write: Callable[[str], bool],
    whole: bool = False,
) -> Outcome:
    seconds: dict[str, float] = {}
    with _timed(seconds, "change"):
        change(draft)
    for graph in sorted(graph.value for graph in draft.graphs):
        if graph == DERIVED.value:
            raise NotAllowed(f"<{graph}> holds what rules derive, which is written by them alone")
        if graph.startswith(SCRATCH):
            # The next update would take its statements for its own.
            raise NotAllowed(f"<{graph}> is a name that only updates use, while they are carried out")
        if not may_write(graph):
            raise NotAllowed(f"the token does not allow writing <{graph}>")
    if any(isinstance(quad.subject, Triple) or isinstance(quad.object, Triple) for quad in draft.came):
        # No validation of a whole version, nor a build that keeps it, could be done any more.
        raise InvalidData([Problem("a triple term (RDF 1.2) cannot be validated; write it as plain triples")])
    # What was validated by other shapes than ours, or not at all, cannot be taken for granted.
    whole = whole or before.shapes != judge.digest or _is_large(draft, before)
    report = Report.empty()
    if draft.changed:
        with _timed(seconds, "rules"):
            judge.derive(draft, whole)
        with _timed(seconds, "validation"):
            report = judge.report(draft, whole)
    created, dropped = (sorted(graph.value for graph in graphs) for graphs in (draft.created, draft.dropped))
    return Outcome(before, None, report, _changes(draft), created, seconds, dropped)


def _is_large(draft: Draft, before: Manifest) -> bool:
    """Whether a change is so large that following it takes longer than judging all that is left."""
    came, went = len(draft.came), len(draft.went)
    return came + went > (before.statements + came - went) // _LARGE


def _manifest(draft: Draft, before: Manifest, judge: Judge, outcome: Outcome) -> Manifest:
    now = datetime.now(UTC)
    datasets = dict(before.datasets)
    for graph in draft.dropped:
        datasets.pop(dataset_name(graph.value), None)
    for graph in draft.created:
        datasets[dataset_name(graph.value)] = 0
    for name, (more, fewer) in outcome.changes.items():
        if name in datasets:
            datasets[name] += more - fewer
    came, went = (sorted(map(str, quads)) for quads in (draft.came, draft.went))
    sha256 = hashlib.sha256("\n".join([before.id, *came, "", *went]).encode()).hexdigest()
    uses = Counts(before.properties, before.classes)
    if before.properties or not before.triples:
        # Else nobody counted, and it stays so.
        uses = followed(uses, draft.merged_came, draft.merged_went)
    written = {*before.written, *(graph.value for graph in draft.graphs - {DERIVED})}
    return Manifest(
        id=f"{now:%Y%m%dT%H%M%S%f}Z-{sha256[:8]}",
        created=now.isoformat(timespec="seconds"),
        statements=before.statements + len(came) - len(went),
        triples=before.triples + len(draft.merged_came) - len(draft.merged_went),
        sha256="",
        datasets=dict(sorted(datasets.items())),
        base=before.id,
        written=sorted(written - {graph.value for graph in draft.dropped}),
        shapes=judge.digest,
        properties=uses.properties,
        classes=uses.classes,
    )


def _changes(draft: Draft) -> dict[str, tuple[int, int]]:
    came, went = (Counter(_of(quad) for quad in quads) for quads in (draft.came, draft.went))
    return {name: (came[name], went[name]) for name in sorted({*came, *went})}


def _of(quad: Quad) -> str:
    return dataset_name(quad.graph_name.value) if isinstance(quad.graph_name, NamedNode) else ""


def _statements(path: Path, quads: Iterable[Quad], merged: Iterable[Triple]) -> None:
    """Write what changed: statements of named graphs, and without a graph the triples of their merge."""
    with path.open("wb") as file:
        serialize(quads, file, format=RdfFormat.N_QUADS)
        serialize(merged, file, format=RdfFormat.N_TRIPLES)


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - started
