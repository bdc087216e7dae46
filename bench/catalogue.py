"""How long every question takes, each evaluation anew: as its file stands, and with other values for its parameters.

Each question is asked in a process of its own, as in the service: forked from one that holds the version in memory, or
opening the published files. It answers the first page of the HTML page, and then all rows.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import selectors
import signal
import statistics
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from bench import synthetic
from zorgkg import settings
from zorgkg.content import locate
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.questions import answering, catalogue
from zorgkg.questions.question import Question
from zorgkg.terms import ID, term
from zorgkg.web.questions import PAGE_ROWS

BUDGET = 1.0
"""Seconds that a page may take at 100,000 projects."""

LIMIT = 60.0
"""Seconds after which a question is given up."""

ENOUGH = 4.0
"""Seconds after which an evaluation is not repeated. The first in a new process also copies the memory that it counts
references in, as the first in each worker of the service does."""

ROUNDS = 3

_PROJECT = synthetic.project(7).removeprefix(ID)
_OF_CLASS = {
    "zorg:Framework": "framework/icc-sliders",
    "zorg:Basis": "framework/basis/self-assessment",
    "zorg:Component": "framework/icc-sliders/physical-environment",
    "zorg:Project": _PROJECT,
    "schema:Project": _PROJECT,
    "zorg:FundingCall": "call/zorgzame-buurten-2018",
    "zorg:Method": "framework/method/abcd",
    "zorg:NamedRole": "framework/named-role/buurtcoach",
    "zorg:OrganisationKind": "framework/organisation-kind/vzw",
    "zorg:Place": "place/vlaams-gewest",
    "zorg:Source": "source/bench-0",
    "zorg:Topic": "framework/topic/result",
    "org:Organization": "organisation/bench-7",
}
_OF_PARAMETER = {
    ("coverage-across", "across"): "initiator-kind",
    ("projects-combining", "second"): "framework/icc-sliders/social-cohesion",
    ("projects-near", "km"): "20",
    ("projects-near-for-people", "km"): "300",
    ("projects-near-for-people", "words"): "e",
    ("two-lenses", "coded"): "framework/vvsg/1",
}
"""The other values: by class, of things that most invented projects have, and by question where that does not do."""


@dataclass(frozen=True)
class Took:
    """How long a question took.

    :param question: its identifier.
    :param values: the values given, as text; none: as the file stands.
    :param page: seconds of the first page; None when it was given up.
    :param whole: seconds of all rows; None when it was given up.
    :param rows: how many there are.
    """

    question: str
    values: Mapping[str, str]
    page: float | None
    whole: float | None
    rows: int | None

    @property
    def met(self) -> bool:
        """Whether the page was within the budget."""
        return self.page is not None and self.page <= BUDGET


def measure(home: Path, memory: bool, only: Sequence[str] = ()) -> Iterator[Took]:
    """Measure the questions of the catalogue on the version that a home folder serves.

    :param home: the home folder.
    :param memory: whether the version is held in memory.
    :param only: identifiers of the questions; none means all.
    :returns: two for each question with parameters, one for each without.
    """
    current = Home(home).current()
    store = Home(home).store(current.id)
    held = _open(store, current, True) if memory else None
    for question in catalogue.read(locate().queries).values():
        if not only or question.id in only:
            for values in ({}, others(question)) if question.parameters else ({},):
                yield _took(question, values, lambda: held or _open(store, current, False))


def in_memory(home: Path) -> bool:
    """Return whether the service holds the version of a home folder in memory, as its settings are."""
    return Home(home).current().statements <= settings.read().memory_quads


def milliseconds(seconds: float | None) -> str:
    """Return a time in milliseconds, as text."""
    return f"> {LIMIT * 1000:,.0f}" if seconds is None else f"{seconds * 1000:,.0f}"


def others(question: Question) -> dict[str, str]:
    """Return other values for the parameters of a question."""
    by_class = {term(name).value: value for name, value in _OF_CLASS.items()}
    return {
        name: _OF_PARAMETER.get((question.id, name)) or by_class[parameter.cls]
        for name, parameter in question.parameters.items()
    }


def _open(store: Path, current: Manifest, memory: bool) -> EmbeddedEngine:
    return EmbeddedEngine.open(store, current.id, current.statements, current.statements if memory else 0)


def _took(question: Question, values: Mapping[str, str], engine: Callable[[], EmbeddedEngine]) -> Took:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        status = 1
        try:
            with os.fdopen(writing, "w") as output:
                _ask(question, values, engine(), output)
            status = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writing)
    told: list[dict[str, Any]] = []
    with os.fdopen(reading) as answers, selectors.DefaultSelector() as waiting:
        waiting.register(answers, selectors.EVENT_READ)
        while len(told) < 2 and waiting.select(LIMIT) and (line := answers.readline()):
            told.append(json.loads(line))
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    page, whole = (one["seconds"] for one in [*told, {"seconds": None}, {"seconds": None}][:2])
    return Took(question.id, dict(values), page, whole, told[1]["rows"] if len(told) > 1 else None)


def _ask(question: Question, values: Mapping[str, str], engine: EmbeddedEngine, output: TextIO) -> None:
    bound = answering.values(engine, question, {name: [value] for name, value in values.items()})
    for limit in (PAGE_ROWS, None):
        times: list[float] = []
        while len(times) < ROUNDS and sum(times) < ENOUGH:
            start = time.perf_counter()
            rows = len(answering.answer(engine, question, bound, "nl", limit).rows)
            times.append(time.perf_counter() - start)
        output.write(json.dumps({"seconds": statistics.median(times), "rows": rows}) + "\n")
        output.flush()


def main() -> int:
    """Measure the questions on the version of a home folder, and print how long each took, the slowest first."""
    parser = argparse.ArgumentParser(prog="bench.catalogue", description=main.__doc__)
    parser.add_argument("home", type=Path, help="home folder of a published version")
    parser.add_argument("questions", nargs="*", help="only these")
    parser.add_argument("--disk", action="store_true", help="ask the published files; else all is held in memory")
    options = parser.parse_args()
    found = list(measure(options.home, not options.disk, options.questions))
    print(f"{'question':36}{'page, ms':>10}{'all, ms':>10}{'rows':>10}  values")
    for took in sorted(found, key=lambda one: -(one.page or LIMIT)):
        times = "".join(f"{milliseconds(one):>10}" for one in (took.page, took.whole))
        rows = "–" if took.rows is None else f"{took.rows:,}"
        print(f"{took.question:36}{times}{rows:>10}  {' '.join(took.values.values())}")
    late = [took for took in found if not took.met]
    print(f"{len(found) - len(late)} of {len(found)} within {BUDGET:g} s")
    return bool(late)


if __name__ == "__main__":
    sys.exit(main())
