"""The page docs/performance.md: tables and goals from the measured numbers, and notes on what was tried."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.catalogue import BUDGET, ENOUGH, ROUNDS, milliseconds
from bench.search import ERRING, TYPING
from zorgkg.web.questions import PAGE_ROWS

Told = dict[str, Any]

NOTES = Path(__file__).with_name("notes.md")
QUERIES = Path(__file__).with_name("queries")
OURS = "zorgkg"
HELD = (("disk", "its files"), ("memory", "memory"))
"""Where a version is asked, and how that reads."""
GOALS_AT, LARGE = "10000", "100000"
"""The sizes, in projects, that the goals speak of."""


@dataclass(frozen=True)
class Goal:
    """Something that was promised.

    :param name: what.
    :param wanted: the number promised.
    :param found: the number measured; None when it was not.
    :param least: whether the number is a least; else it is a most.
    :param unit: behind the number.
    """

    name: str
    wanted: float
    found: float | None
    least: bool = True
    unit: str = "×"

    @property
    def met(self) -> bool:
        """Whether it is kept."""
        return self.found is not None and (self.found >= self.wanted if self.least else self.found <= self.wanted)

    @property
    def verdict(self) -> str:
        """Whether it is kept, or by how much not."""
        if self.found is None:
            return "not measured"
        if self.met:
            return "met"
        return f"**not met**, by a factor {max(self.found, self.wanted) / max(min(self.found, self.wanted), 1e-9):.1f}"

    @property
    def cells(self) -> list[str]:
        """Its row."""
        sign = "≥" if self.least else "≤"
        found = "–" if self.found is None else f"{_number(self.found)} {self.unit}"
        return [self.name, f"{sign} {self.wanted:g} {self.unit}", found, self.verdict]


def page(told: Told) -> str:
    """Return the page.

    :param told: what `bench.run` measured.
    """
    machine = told["machine"]
    parts = [
        "# Performance",
        "Written by `make bench` from [performance.json](performance.json); remarks are made in `bench/notes.md`.",
        _METHOD,
        f"Machine: {machine['processors']} processors, {_mebibytes(machine['memory'])}; Python {machine['python']}.",
        "## Goals",
        goals(told),
        *(_size(told, size) for size in sorted(told["sizes"], key=int)),
        _catalogue(told),
        "## The real graph",
        f"{told['real']['statements']:,} statements: start to first answer {_seconds(told['real']['start'])}, "
        f"memory {_mebibytes(told['real']['memory_idle'])}.",
        NOTES.read_text("utf-8").strip() if NOTES.exists() else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


_METHOD = """\
One run measures all services on one machine: each query is asked of each service in turn, round after round, at one
connection and at eight, which are kept open, over loopback HTTP with GET. Unless a table says *repeated*, each request
is one of up to 1,000 forms of the query and ends in a comment of its own, so that no stored answer helps. Before it is
timed, every answer is compared with that of the published store, as a multiset of rows. The *limit* is the same query
in a process without HTTP, on one thread and on two.

All serve the same named graphs, and their merge as default graph: zorgkg, Oxigraph and Fuseki (TDB2) keep it beside
them, Virtuoso and rdflib-endpoint make it up. Oxigraph, Fuseki and Virtuoso keep them on disk; rdflib-endpoint keeps
them in memory, and so does zorgkg up to `ZORGKG_MEMORY_QUADS` statements. *Load* is the time of a whole program:
`zorgkg restore`, `oxigraph load`, `tdb2.tdbloader --loader=parallel`, `ttlp_mt` and a checkpoint.
*Memory* is what a service and all its processes hold, shared pages counted once (PSS). The graph is the real one with
invented projects beside it, the same bytes on every machine (`bench/synthetic.py`)."""


def goals(told: Told) -> str:
    """Return the table of goals: met, or by how much not."""
    return _table(["goal", "wanted", "measured", ""], (goal.cells for goal in _goals(told)))


def _goals(told: Told) -> list[Goal]:
    size, large = told["sizes"].get(GOALS_AT, {}), told["sizes"].get(LARGE, {})

    def against(query: str, peers: tuple[str, ...], connections: int = 1, of: Told = size) -> float | None:
        mine = _rate(of, OURS, query, connections)
        rates = [rate for peer in peers if (rate := _rate(of, peer, query, connections))]
        return mine / max(rates) if mine and rates else None

    # RDFLib takes long to read a large graph, so a run may leave it out.
    slowest = "rdflib-endpoint"
    with_it = [one for one in told["sizes"] if slowest in told["sizes"][one]["peers"] and int(one) <= int(GOALS_AT)]
    at = max(with_it, key=int, default="")
    of = told["sizes"].get(at, {})
    ratios = [
        (ratio, query, count)
        for query in _queries(of)
        for count in (1, 8)
        if (ratio := against(query, (slowest,), count, of)) is not None
    ]
    quick, where = (min(ratios)[0], f"{int(at):,} projects; least: {min(ratios)[1]}") if ratios else (None, "none")
    tail, worst = _tail(size)
    changed = large.get("peers", {}).get(OURS, {})
    load_mine, load_theirs = (_value(size, name, "load") for name in (OURS, "Oxigraph"))
    rates = [("matrix", "Matrix"), ("network", "Two-step network")]
    return [
        Goal("One project, one connection, against Oxigraph's server", 0.8, against("one-project", ("Oxigraph",))),
        Goal(
            "One project, eight connections, against Oxigraph's server", 0.7, against("one-project", ("Oxigraph",), 8)
        ),
        Goal("Paged list against Oxigraph's server", 1.5, against("paged-list", ("Oxigraph",))),
        *(Goal(f"{name} against Oxigraph's server", 4, against(query, ("Oxigraph",))) for query, name in rates),
        *(
            Goal(f"{name} against the faster of Virtuoso and Fuseki", 1, against(query, ("Virtuoso", "Fuseki")))
            for query, name in rates
        ),
        Goal(f"Every query against rdflib-endpoint ({where})", 6, quick),
        *(
            Goal(
                f"Repeated answer against bare uvicorn, {count} connection{'s' * (count > 1)}",
                0.6,
                _repeated(size, count),
            )
            for count in (1, 8)
        ),
        Goal(
            f"p99 against the median, eight connections, of 100 requests and more (worst: {worst or 'none'})",
            5,
            tail,
            False,
        ),
        Goal("One change published, 100,000 projects", 0.5, changed.get("change", {}).get("seen"), False, "s"),
        Goal("Its validation, 100,000 projects", 0.1, changed.get("change", {}).get("validation"), False, "s"),
        *_questions(large),
        *_asked(size),
        *_pages(size),
        *_searches(large),
        Goal("Start to first answer, real graph", 1.5, told["real"]["start"], False, "s"),
        Goal("Start to first answer, 100,000 projects", 3, changed.get("start"), False, "s"),
        Goal("Bulk load against `oxigraph load`", 0.9, load_theirs / load_mine if load_mine and load_theirs else None),
    ]


def _questions(large: Told) -> Iterator[Goal]:
    for held, where in HELD:
        found = [(one["page"] or math.inf, one["question"]) for one in large.get("catalogue", {}).get(held, [])]
        slowest, name = max(found, default=(None, "none"))
        yield Goal(
            f"Every question, uncached, 100,000 projects, from {where} (slowest: {name})", BUDGET, slowest, False, "s"
        )


def _asked(size: Told) -> Iterator[Goal]:
    found = size.get("questions", [])
    for key, wanted, told in (
        ("ratio", 0.8, "uncached, against its query at `/sparql`"),
        ("of_uvicorn", 0.6, "repeated, against bare uvicorn"),
    ):
        least, name = min(((one[key], one["path"].partition("?")[0]) for one in found), default=(None, "none"))
        yield Goal(f"A question at `/api`, {told} (least: {name})", wanted, least)


def _pages(size: Told) -> Iterator[Goal]:
    found = size.get("pages", [])
    slowest, name = max(((one["median"], one["kind"]) for one in found), default=(None, "none"))
    yield Goal(f"Page of a thing, made anew, 10,000 projects: median (slowest kind: {name})", 10, slowest, False, "ms")


def _searches(large: Told) -> Iterator[Goal]:
    found = {one["kind"]: one["p95"] for one in large.get("search", [])}
    for kind in (TYPING, ERRING):
        yield Goal(f"Search, 100,000 projects, {kind}: p95", 20, found.get(kind), False, "ms")


def _rate(size: Told, peer: str, query: str, connections: int) -> float | None:
    found = size.get("peers", {}).get(peer, {}).get("queries", {}).get(query, {}).get(str(connections), {})
    return found.get("throughput") or None


def _value(size: Told, peer: str, name: str) -> float | None:
    value: float | None = size.get("peers", {}).get(peer, {}).get(name)
    return value


def _queries(size: Told) -> list[str]:
    return list(size.get("peers", {}).get(OURS, {}).get("queries", {}))


def _repeated(size: Told, connections: int) -> float | None:
    found = size.get("repeated", {}).get("one-project", {})
    mine, bare = (found.get(name, {}).get(str(connections), {}).get("throughput") for name in (OURS, "uvicorn"))
    return mine / bare if mine and bare else None


def _tail(size: Told) -> tuple[float | None, str]:
    """The worst ratio of p99 to median; of fewer than a hundred requests there is no 99th in a hundred."""
    ratios = []
    for query in _queries(size):
        found = size["peers"][OURS]["queries"][query].get("8", {})
        if found.get("requests", 0) >= 100:
            ratios.append((found["p99"] / found["median"], query))
    return max(ratios) if ratios else (None, "")


def _size(told: Told, projects: str) -> str:
    size = told["sizes"][projects]
    graph, names = size["graph"], list(size["peers"])
    conforms = graph.get("conforms")
    validated = (
        f"it conforms to the shapes (full validation {_seconds(graph['validation'])})"
        if conforms
        else "it was not validated as a whole at this size, which takes too long"
        if conforms is None
        else "it does **not** conform to the shapes"
    )
    parts = [
        f"## {int(projects):,} projects",
        f"{size['date']}, {size['rounds']} rounds. {graph['statements']:,} statements, "
        f"SHA-256 `{graph['sha256'][:16]}…`; {validated}. {size.get('note', '')}".strip(),
        *(f"Without {name}: {why}." for name, why in size.get("absent", {}).items()),
        _wholes(size, names),
        "Requests a second at one connection and at eight; in brackets how many times that peer we give at each.",
        _rates(size, names),
        "Latency at one connection: median / p95 / p99, in milliseconds.",
        _latencies(size, names, "1"),
        "Latency at eight connections: median / p95 / p99, in milliseconds.",
        _latencies(size, names, "8"),
        "The same request repeated, requests a second at one connection and at eight.",
        _repeats(size),
        _differences(size),
        _parts(size),
    ]
    return "\n\n".join(part for part in parts if part)


def _parts(size: Told) -> str:
    """What is measured without a peer."""
    parts = []
    for key, told, columns in _PARTS:
        if found := size.get(key):
            rows = [[_cell(one[name]) for name in columns] for one in found]
            parts += [told, _table(list(columns.values()), rows)]
    return "\n\n".join(parts)


_PARTS = (
    (
        "questions",
        "Questions at `/api/questions`, requests a second; the ratios are medians over the rounds. All are asked with "
        "`Accept-Encoding: gzip`, as browsers, Power BI and HTTP libraries ask; *bytes* are those that are sent.",
        {
            **{"path": "question", "connections": "connections", "question": "question"},
            **{"sparql": "its query at `/sparql`", "ratio": "ratio"},
            **{"repeated": "repeated", "of_uvicorn": "of bare uvicorn that greets"},
            **{"bytes": "bytes", "of_as_many": "of it when it sends as many"},
        },
    ),
    (
        "pages",
        "Pages of things, each made anew, over HTTP at one connection, in milliseconds.",
        {"kind": "page of a", "median": "median", "p95": "p95", "largest": "the one that lists most"},
    ),
    (
        "search",
        "Searches in the version's index, with invented words beside its own, in milliseconds.",
        {
            **{"kind": "searches", "asked": "number", "found": "that find something"},
            **{"median": "median", "p95": "p95", "p99": "p99", "most": "slowest"},
        },
    ),
)
"""Key of a part → what its table tells, and its columns."""


def _cell(value: str | float) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else _number(value)


def _catalogue(told: Told) -> str:
    sizes = {
        size: told["sizes"][size]["catalogue"]
        for size in sorted(told["sizes"], key=int)
        if "catalogue" in told["sizes"][size]
    }
    if not sizes:
        return ""
    rows: dict[tuple[str, str], dict[tuple[str, str], Told]] = {}
    for size, found in sizes.items():
        for held in ("memory", "disk"):
            for one in found[held]:
                given = ", ".join(value.rpartition("/")[2] for value in one["values"].values())
                rows.setdefault((one["question"], given), {})[size, held] = one
    kept = {size: "memory" if found["default"] == "memory" else "its files" for size, found in sizes.items()}

    def row(key: tuple[str, str]) -> list[str]:
        found = rows[key]
        cells = [
            " / ".join("–" if (one := found.get((size, held))) is None else _both(one) for held in ("memory", "disk"))
            for size in sizes
        ]
        last = [one for (size, _), one in found.items() if size == max(sizes, key=int)]
        count = next((f"{one['rows']:,}" for one in last if one["rows"] is not None), "–")
        met = all(one["page"] is not None and one["page"] <= BUDGET for one in last)
        return [key[0], key[1], count, *cells, "met" if met else "**not met**"]

    heads = ["question", "values", "rows", *(f"{int(size):,} projects" for size in sizes), f"{BUDGET:g} s"]
    return "\n\n".join(
        (
            "## Catalogue",
            "Every question, evaluated anew in a process of its own, without HTTP: as its file stands, and with other "
            f"values. Milliseconds of the first page of {PAGE_ROWS} rows (in brackets: of all rows), the median of "
            f"{ROUNDS} times, or of fewer that take {ENOUGH:g} s together, with the "
            "version in memory / on its files; the service keeps "
            + ", ".join(f"{int(size):,} projects in {where}" for size, where in kept.items())
            + ". The budget is for the page at the largest size, both ways; *rows* is the number of all rows there. "
            + " ".join(_within(sizes[max(sizes, key=int)][held], where) for held, where in HELD),
            _table(heads, map(row, sorted(rows))),
        )
    )


def _within(found: list[Told], where: str) -> str:
    met = sum(one["page"] is not None and one["page"] <= BUDGET for one in found)
    return f"Within it from {where}: {met} of {len(found)}."


def _both(one: Told) -> str:
    return f"{milliseconds(one['page'])} ({milliseconds(one['whole'])})"


def _wholes(size: Told, names: list[str]) -> str:
    def row(name: str) -> list[str]:
        peer = size["peers"][name]
        changed = peer.get("change", {})
        return [
            f"{name} {peer['version']}",
            _seconds(peer.get("load")) if peer.get("load") is not None else "at start",
            _seconds(peer.get("start")),
            _mebibytes(peer.get("memory_idle")),
            _mebibytes(peer.get("memory_busy")),
            _seconds(changed.get("seen")),
            _seconds(changed.get("validation")),
        ]

    heads = ["", "load", "start to first answer", "memory idle", "after the load", "one change seen", "its validation"]
    return _table(heads, map(row, names))


def _rates(size: Told, names: list[str]) -> str:
    def cell(name: str, query: str) -> str:
        rates, ratios = [], []
        for connections in (1, 8):
            rate, mine = _rate(size, name, query, connections), _rate(size, OURS, query, connections)
            rates.append("–" if rate is None else _number(rate))
            ratios.append("–" if rate is None or mine is None else _number(mine / rate))
        return " / ".join(rates) + ("" if name == OURS else f" ({' / '.join(ratios)})")

    def row(query: str) -> list[str]:
        limits = size.get("limit", {}).get(query, {})
        limit = [_number(limits[c]["throughput"]) if c in limits else "–" for c in ("1", "8")]
        return [query, *(cell(name, query) for name in names), " / ".join(limit)]

    return _table(["", *names, "limit"], map(row, _queries(size)))


def _latencies(size: Told, names: list[str], connections: str) -> str:
    def cell(name: str, query: str) -> str:
        found = size["peers"][name]["queries"].get(query, {}).get(connections, {})
        if not found.get("requests"):
            return "–"
        return " / ".join(_number(found[part] * 1000) for part in ("median", "p95", "p99"))

    return _table(["", *names], ([query, *(cell(name, query) for name in names)] for query in _queries(size)))


def _repeats(size: Told) -> str:
    rows = []
    for query, found in size.get("repeated", {}).items():
        row = [query]
        for name in (OURS, "uvicorn"):
            rates = [found.get(name, {}).get(c, {}).get("throughput") for c in ("1", "8")]
            row.append(" / ".join("–" if rate is None else _number(rate) for rate in rates))
        rows.append(row)
    return _table(["", OURS, "bare uvicorn"], rows) if rows else ""


def _differences(size: Told) -> str:
    told = []
    for name, peer in size["peers"].items():
        for query, found in peer["queries"].items():
            if "failed" in found:
                told.append(f"- {query}: {name} gave no answer: {found['failed']}")
            elif not found.get("same", True):
                told.append(f"- {query}: {name} answers otherwise: {found.get('difference')}")
        if "refused" in peer:
            told.append(f"- one change: {name} did not take it: {peer['refused']}")
    return "\n".join(told) if told else "All services gave the same answers."


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{_number(value)} s"


def _mebibytes(value: float | None) -> str:
    return "–" if value is None else f"{value / 2**20:,.0f} MiB"
