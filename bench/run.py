"""Measure everything in one run: `python -m bench.run 1000 10000` (`make bench`); results go to docs/performance.*.

Round by round each service gets its turn (A B C A B C), so that what else happens on the machine hits all of them.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from pyoxigraph import Store

from bench import (
    answers,
    answers_rate,
    catalogue,
    change,
    home,
    limit,
    load,
    pages,
    peers,
    report,
    search,
    synthetic,
    workload,
)
from bench.answers import Row
from bench.limit import Limit
from bench.load import BadAnswer, Requests, Round
from bench.peers import Absent, Peer
from bench.process import NotStarted, Server
from bench.workload import Query
from zorgkg.publishing.versions import Home

ROOT = Path(__file__).resolve().parents[1]
MAKERS: dict[str, Callable[[Path, Path], Peer]] = {
    "zorgkg": peers.ours,
    "oxigraph": peers.oxigraph,
    "fuseki": peers.fuseki,
    "virtuoso": peers.virtuoso,
    "rdflib-endpoint": peers.rdflib_endpoint,
}
CONNECTIONS = (1, 8)
REPEATED = ("one-project", "paged-list", "matrix")
TOO_LARGE_FOR_RDFLIB = 20_000
"""Projects from which on RDFLib's parser would take longer than all the rest together."""

SLOW = 2.0
"""Seconds from which on a query is asked in one round only."""

CHANGES = 5
"""How many changes are made."""

VALIDATED = 1000
"""The largest graph that is validated as a whole here; it takes 36 s at 10,000 projects and far longer beyond."""

Told = dict[str, Any]


class Run:
    """One size of graph, measured.

    :param cache: folder for graphs, stores and the peers' programs.
    :param projects: how many projects.
    :param rounds: how many rounds.
    :param seconds: how long each service is asked in each.
    """

    def __init__(self, cache: Path, projects: int, rounds: int, seconds: float) -> None:
        self.cache, self.projects, self.rounds, self.seconds = cache, projects, rounds, seconds
        self.told: Told = {"date": datetime.now(UTC).isoformat(timespec="minutes"), "peers": {}}
        self.servers: dict[str, tuple[Peer, Server]] = {}
        self.queries: list[Query] = []

    def all(self, names: Sequence[str], asked: Sequence[str]) -> Told:
        """Measure.

        :param names: which services, of :data:`MAKERS`.
        :param asked: which queries; none means all.
        :returns: what was measured, as JSON values.
        """
        graph = self._graph()
        found = self._load(names, graph)
        self._start_times(found)
        self.told |= parts(self.cache, self.projects, PARTS)
        version = Home(self.cache / f"home-{graph.stem}").current()
        store = Home(self.cache / f"home-{graph.stem}").store(version.id)
        with ExitStack() as stack:
            stack.callback(self._stop)
            for peer in (*found, peers.hello(self.cache)):
                server = self._start(peer)
                if peer.name != "uvicorn":
                    self.told["peers"][peer.name]["memory_idle"] = server.memory()
            self.queries = [q for q in self.queries if not asked or q.name in asked]
            self._compare(Store.read_only(str(store)))
            with Limit(store, version.statements) as ceiling:
                for query in self.queries:
                    self._query(query, ceiling)
            for name in REPEATED:
                for query in self.queries:
                    if query.name == name:
                        self._repeat(query)
            for name, (_, server) in self.servers.items():
                if name != "uvicorn":
                    self.told["peers"][name]["memory_busy"] = server.memory()
            self._change()
        return self.told

    def _start(self, peer: Peer) -> Server:
        server = peer.start(self.cache / f"{peer.name}.log")
        self.servers[peer.name] = (peer, server)
        waited = server.settle()
        say(f"  {peer.name}: quiet after {waited:.0f} s")
        return server

    def _stop(self) -> None:
        for _, server in self.servers.values():
            server.stop()

    def _graph(self) -> Path:
        real = self.cache / "real.nq"
        base, _ = synthetic.read(real)
        say(f"graph of {self.projects:,} projects")
        written = synthetic.write(real, self.projects, self.cache / f"graph-{self.projects}.nq")
        say(f"  {written.statements:,} statements, SHA-256 {written.sha256}")
        self.told["graph"] = {"statements": written.statements, "sha256": written.sha256}
        if self.projects <= VALIDATED:
            conforms, seconds = home.validate(written.path)
            self.told["graph"].update(conforms=conforms, validation=seconds)
            say(f"  conforms: {conforms} (full validation {seconds:.1f} s)")
        self.queries = workload.read(base, self.projects)
        return written.path

    def _load(self, names: Sequence[str], graph: Path) -> list[Peer]:
        found = []
        for name in names:
            if name == "rdflib-endpoint" and self.projects >= TOO_LARGE_FOR_RDFLIB:
                self.told.setdefault("absent", {})[name] = "left out: it would parse for many minutes at each start"
                continue
            try:
                peer = MAKERS[name](self.cache, graph)
            except (Absent, NotStarted) as error:
                say(f"  {name}: {error}")
                self.told.setdefault("absent", {})[name] = str(error)[:200]
                continue
            found.append(peer)
            self.told["peers"][peer.name] = {"version": peer.version, "load": peer.load, "queries": {}}
            say(
                f"  {peer.name} {peer.version}: "
                + ("loads at start" if peer.load is None else f"load {peer.load:.1f} s")
            )
        return found

    def _start_times(self, found: list[Peer]) -> None:
        for peer in found:
            took = []
            for _ in range(3 if peer.load is not None else 1):
                with peer.start(self.cache / f"{peer.name}.log") as server:
                    took.append(server.seconds)
            self.told["peers"][peer.name]["start"] = statistics.median(took)
            say(f"  {peer.name}: start to first answer {statistics.median(took):.2f} s")

    def _compare(self, store: Store) -> None:
        """Check that all give the answer of the published store, and learn which are slow."""
        for query in self.queries:
            forms = sorted({0, len(query.forms) // 2})
            right = {form: _right(query, form, store) for form in forms}
            for name, (peer, server) in list(self.servers.items()):
                if name == "uvicorn":
                    continue
                told: Told = {}
                for form in forms:
                    path = query.paths(peer.query)[form] + "0"
                    try:
                        body, seconds = load.get(server.port, path, query.accept, peers.LIMIT / 2)
                        wrong = _wrong(query, right[form], answers.read(body, query.accept))
                    except (BadAnswer, ValueError, OSError) as error:
                        told["failed"] = str(error)[:200]
                        break
                    told["probe"] = min(seconds, told.get("probe", seconds))
                    told["same"] = not wrong and told.get("same", True)
                    if wrong:
                        say(f"  {query.name}: {name} differs: {wrong}")
                        told["difference"] = wrong
                if "failed" in told:
                    say(f"  {query.name}: {name} failed: {told['failed']}")
                    # It may go on with what nobody waits for any more, and be slow in all that follows.
                    server.stop()
                    self._start(peer)
                self.told["peers"][name]["queries"][query.name] = told

    def _query(self, query: Query, ceiling: Limit) -> None:
        found: dict[tuple[str, int], Round] = {}
        for turn in range(self.rounds):
            for connections in CONNECTIONS:
                for name, (peer, server) in self.servers.items():
                    probe = self._probe(name, query.name)
                    # A service that needs seconds for an answer has shown what it can after one.
                    if probe is None or (turn and probe > SLOW) or (connections > 1 and probe > 10 * SLOW):
                        continue
                    requests = Requests(query.paths(peer.query), query.accept, unique=True)
                    _add(found, (name, connections), self._ask(server, requests, connections))
                _add(found, ("limit", connections), ceiling.measure(query.forms, min(connections, 2), self.seconds))
        for (name, connections), measured in found.items():
            into = self.told.setdefault("limit", {}).setdefault(query.name, {})
            if name != "limit":
                into = self.told["peers"][name]["queries"][query.name]
            into[str(connections)] = _summary(measured)
        say(f"  {query.name}: " + _line(found))

    def _probe(self, name: str, query: str) -> float | None:
        if name == "uvicorn":
            return None
        told = self.told["peers"][name]["queries"][query]
        return None if "failed" in told else float(told["probe"])

    def _repeat(self, query: Query) -> None:
        """The same request again and again; bare uvicorn beside it."""
        found: dict[tuple[str, int], Round] = {}
        for _ in range(self.rounds):
            for connections in CONNECTIONS:
                for name in ("uvicorn", "zorgkg"):
                    if name not in self.servers:
                        continue
                    peer, server = self.servers[name]
                    path = query.paths(peer.query)[0] + "0" if peer.query else "/"
                    requests = Requests([path], query.accept, unique=False)
                    _add(found, (name, connections), self._ask(server, requests, connections))
        for (name, connections), measured in found.items():
            into = self.told.setdefault("repeated", {}).setdefault(query.name, {}).setdefault(name, {})
            into[str(connections)] = _summary(measured)
        say(f"  {query.name}, repeated: " + _line(found))

    def _ask(self, server: Server, requests: Requests, connections: int) -> Round:
        try:
            return load.measure(server.port, requests, connections, self.seconds)
        except (BadAnswer, OSError) as error:
            say(f"  failed: {str(error)[:200]}")
            return Round([], self.seconds, 0.0)

    def _change(self) -> None:
        for name, (peer, server) in self.servers.items():
            if not peer.update:
                continue
            told = self.told["peers"][name]
            try:
                made = _several(change.publish, peer, server)
                told["change"] = {
                    "answered": statistics.median(one.answered for one in made),
                    "seen": statistics.median(one.seen for one in made),
                }
                if name == "zorgkg":
                    seconds, count = change.validations(server)
                    told["change"]["validation"] = seconds / count
                    tried = _several(change.attempt, peer, server)
                    told["change"]["tried"] = statistics.median(one.answered for one in tried)
                say(f"  {name}: one change: " + ", ".join(f"{k} {v:.3f} s" for k, v in told["change"].items()))
            except (change.Refused, BadAnswer, OSError) as error:
                told["refused"] = str(error)[:200]
                say(f"  {name}: no change: {str(error)[:200]}")


def _several(
    make: Callable[[Peer, Server, int, str], change.Changed], peer: Peer, server: Server
) -> list[change.Changed]:
    """Make five changes, or fewer when they are slow."""
    made: list[change.Changed] = []
    while len(made) < CHANGES and sum(one.answered for one in made) < SLOW:
        made.append(make(peer, server, len(made), f"Gewijzigd op proef, {time.time_ns()}."))
    return made


def parts(cache: Path, projects: int, names: Iterable[str]) -> Told:
    """Measure what has no peer.

    :param cache: folder of the graphs, stores and programs.
    :param projects: the size of the graph, which is loaded.
    :param names: of :data:`PARTS`.
    """
    return {name: PARTS[name](cache, cache / f"home-graph-{projects}") for name in names}


def thing_pages(_cache: Path, folder: Path) -> list[Told]:
    """Measure the pages of things."""
    found = []
    for one in pages.everything(folder):
        say(f"  page of a {one.kind}: {one.median:.1f} ms, the one that lists most {one.largest:.1f} ms")
        found.append(asdict(one))
    return found


def question_rates(cache: Path, folder: Path) -> list[Told]:
    """Measure questions beside their own queries, and repeated."""
    found = []
    for one in answers_rate.everything(folder, cache):
        say(f"  {one.path} × {one.connections}: {one.ratio:.2f} of /sparql; repeated {one.of_uvicorn:.2f} of uvicorn")
        found.append(asdict(one))
    return found


def searches(_cache: Path, folder: Path) -> list[Told]:
    """Measure the search box."""
    with search.within(folder) as box:
        found = [asdict(one) for one in search.everything(box)]
    say("  search, p95: " + ", ".join(f"{one['kind']} {one['p95']:.1f} ms" for one in found))
    return found


def questions(_cache: Path, folder: Path) -> Told:
    """Measure the questions of the catalogue, on the version in memory and on its files.

    :param folder: home folder of the version.
    """
    told: Told = {"default": "memory" if catalogue.in_memory(folder) else "disk"}
    for held in ("memory", "disk"):
        found = list(catalogue.measure(folder, held == "memory"))
        late = [f"{took.question} {catalogue.milliseconds(took.page)} ms" for took in found if not took.met]
        say(f"  catalogue, {held}: {len(found) - len(late)} of {len(found)} within {catalogue.BUDGET:g} s; {late}")
        told[held] = [asdict(took) for took in found]
    return told


PARTS: dict[str, Callable[[Path, Path], Any]] = {
    "catalogue": questions,
    "questions": question_rates,
    "pages": thing_pages,
    "search": searches,
}
"""What is measured without a peer."""


def say(text: str) -> None:
    """Tell what is going on."""
    print(text, file=sys.stderr, flush=True)


def _right(query: Query, form: int, store: Store) -> Counter[Row]:
    """The right answer; of a query of which any page is right, the whole."""
    text = query.forms[form]
    if query.members:
        text = re.sub(r"LIMIT \d+ OFFSET \d+", "", text)
    return answers.read(limit.evaluate(store, text), query.accept)


def _wrong(query: Query, right: Counter[Row], found: Counter[Row]) -> str:
    if query.members:
        return "" if found and found <= right else answers.difference(right, found)
    return answers.difference(right, found)


def _add(found: dict[tuple[str, int], Round], key: tuple[str, int], measured: Round) -> None:
    found[key] = found[key] + measured if key in found else measured


def _summary(measured: Round) -> Told:
    values = measured.latencies
    if not values:
        return {"requests": 0}
    return {
        "requests": len(values),
        "throughput": measured.throughput,
        "median": load.percentile(values, 50),
        "p95": load.percentile(values, 95),
        "p99": load.percentile(values, 99),
        "generator": measured.generator / measured.seconds,
    }


def _line(found: dict[tuple[str, int], Round]) -> str:
    names = dict.fromkeys(name for name, _ in found)
    per_name = {
        name: "/".join(f"{found[name, c].throughput:,.4g}" for c in CONNECTIONS if (name, c) in found) for name in names
    }
    return ", ".join(f"{name} {rates}" for name, rates in per_name.items()) + " a second"


def _real(cache: Path) -> Told:
    """Build the real graph, and start the service on it."""
    say("the real graph")
    home.real(cache)
    took = []
    peer = peers.zorgkg("zorgkg", cache / "home-real")
    for _ in range(5):
        with peer.start(cache / "zorgkg-real.log") as server:
            took.append(server.seconds)
            memory = server.memory()
    say(f"  start to first answer {statistics.median(took):.2f} s, {memory / 2**20:.0f} MiB")
    current = Home(cache / "home-real").current()
    return {"start": statistics.median(took), "memory_idle": memory, "statements": current.statements}


def _machine() -> Told:
    with Path("/proc/meminfo").open(encoding="ascii") as file:
        kibibytes = int(next(line for line in file if line.startswith("MemTotal")).split()[1])
    return {"processors": peers.processors(), "memory": kibibytes * 1024, "python": peers.python()}


def _stopped(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)


def main() -> int:
    """Measure the sizes asked for, and write the page."""
    parser = argparse.ArgumentParser(prog="bench.run", description=main.__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=[1000, 10000], help="numbers of projects")
    parser.add_argument("--cache", type=Path, default=ROOT / ".bench", help="folder for graphs, stores and peers")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0, help="of one service in one round")
    parser.add_argument("--peers", nargs="*", choices=list(MAKERS), default=list(MAKERS))
    parser.add_argument("--queries", nargs="*", default=[], help="only these")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), help="only these parts, of sizes that were measured")
    parser.add_argument("--note", default="", help="a remark on this run that the page repeats")
    parser.add_argument("--results", type=Path, default=ROOT / "docs" / "performance.json")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _stopped)
    cache = options.cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    told = json.loads(options.results.read_text("utf-8")) if options.results.exists() else {}
    if not options.only:
        told["machine"], told["real"] = _machine(), _real(cache)
    for projects in options.sizes:
        if options.only:
            told["sizes"][str(projects)] |= parts(cache, projects, options.only)
            continue
        run = Run(cache, projects, options.rounds, options.seconds)
        measured = {**run.all(options.peers, options.queries), "note": options.note, "rounds": options.rounds}
        told.setdefault("sizes", {})[str(projects)] = measured
        options.results.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    options.results.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    page = options.results.with_suffix(".md")
    page.write_text(report.page(told), "utf-8")
    print(report.goals(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
