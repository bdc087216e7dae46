"""Questions beside their own queries at `/sparql`, and repeated beside bare uvicorn: `python -m bench.answers_rate`.

One server, one run, round by round, so that what else happens on the machine hits both; what is printed are medians
over the rounds. Uncached: each request names a host of its own, which is part of the key of what is kept. All are
asked as browsers, Power BI and HTTP libraries ask, with `Accept-Encoding: gzip`.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

from bench import load, peers
from bench.load import BadAnswer, Requests
from bench.process import Server

QUESTIONS = (
    "partners-of-project",
    "projects-on-component?component=framework/icc-sliders/physical-environment",
    "projects-in-place?place=west-vlaanderen&limit=50",
    "coverage-by-province",
    "matrix",
)
CONNECTIONS = (1, 8)
CODING = "gzip"
JSON, TABLE = "application/json", "application/sparql-results+json"


class Fresh(Requests):
    """Requests of which no answer can be a stored one, whatever their path."""

    _hosts = count()

    def of(self, path: str, host: str = "") -> bytes:
        """Return a request to a host of its own."""
        return super().of(path, host or f"h{next(self._hosts)}.example")


@dataclass(frozen=True)
class Rate:
    """Requests a second of a question, as medians over the rounds.

    :param path: the question, as it stands below `/api/questions/`.
    :param connections: how many at once.
    :param question: of the question.
    :param sparql: of its query at `/sparql`.
    :param ratio: what these two come to in one round.
    :param repeated: of the question, repeated.
    :param of_uvicorn: what that comes to beside bare uvicorn, which greets, in one round.
    :param bytes: how many bytes of the answer are sent.
    :param of_as_many: what it comes to beside bare uvicorn that sends as many bytes, in one round.
    """

    path: str
    connections: int
    question: float
    sparql: float
    ratio: float
    repeated: float
    of_uvicorn: float
    bytes: int
    of_as_many: float


def everything(home: Path, cache: Path, rounds: int = 5, seconds: float = 1.0) -> Iterator[Rate]:
    """Measure all of :data:`QUESTIONS`.

    :param home: home folder with a published version.
    :param cache: folder of the peers' programs.
    :param rounds: how often each has its turn.
    :param seconds: how long a turn takes.
    """
    cache.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        ours = peers.zorgkg("zorgkg", home).start(Path(folder) / "zorgkg.log")
        with ours, peers.hello(cache).start(Path(folder) / "uvicorn.log") as hello:
            ours.settle()
            for path in QUESTIONS:
                for connections in CONNECTIONS:
                    yield rate(ours, hello, path, connections, rounds, seconds)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="home folder with a published version")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each of them, in each round")
    parser.add_argument("--cache", type=Path, default=Path(".bench"), help="folder of the peers' programs")
    options = parser.parse_args(arguments)
    print(f"{'question':<74} connections  question/s  /sparql/s  ratio  repeated/s  of uvicorn     bytes  of as many")
    for found in everything(options.home, options.cache, options.rounds, options.seconds):
        print(_line(found), flush=True)


def rate(ours: Server, hello: Server, path: str, connections: int, rounds: int, seconds: float) -> Rate:
    """Measure one question.

    :param ours: our server.
    :param hello: bare uvicorn.
    :param path: the question, as it stands below `/api/questions/`.
    :param connections: how many at once.
    :param rounds: how often each of them has its turn.
    :param seconds: how long a turn takes.
    :raises BadAnswer: the answer that is coded says something else than the one that is not.
    """
    asked = f"/api/questions/{path}"
    text, _ = load.get(ours.port, f"{asked}{'&' if '?' in path else '?'}format=sparql", "*/*", 30)
    query = text.decode() + ("\nLIMIT 51" if "limit=50" in path else "")
    body, _ = load.get(ours.port, asked, JSON, 30)
    sent, _ = load.get(ours.port, asked, JSON, 30, CODING)
    # What is small is sent as it is.
    if body not in (sent, gzip.decompress(sent) if sent.startswith(b"\x1f\x8b") else None):
        raise BadAnswer(f"{asked}: coded, it is another answer")
    kinds = {
        "question": (ours, Fresh([asked], JSON, False, CODING)),
        "sparql": (ours, Fresh([f"/sparql?query={quote(query, safe='')}"], TABLE, False, CODING)),
        "repeated": (ours, Requests([asked], JSON, False, CODING)),
        "uvicorn": (hello, Requests(["/"], "*/*", False, CODING)),
        "as many": (hello, Requests([f"/{len(sent)}"], "*/*", False, CODING)),
    }
    found: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, (server, requests) in kinds.items():
            found[name].append(load.measure(server.port, requests, connections, seconds).throughput)

    def ratio(one: str, other: str) -> float:
        return statistics.median(first / second for first, second in zip(found[one], found[other], strict=True))

    rates = {name: statistics.median(several) for name, several in found.items()}
    return Rate(
        path,
        connections,
        rates["question"],
        rates["sparql"],
        ratio("question", "sparql"),
        rates["repeated"],
        ratio("repeated", "uvicorn"),
        len(sent),
        ratio("repeated", "as many"),
    )


def _line(found: Rate) -> str:
    return (
        f"{found.path:<74} {found.connections:>11}  {found.question:>10.1f}  {found.sparql:>9.1f}  "
        f"{found.ratio:>5.2f}  {found.repeated:>10.0f}  {found.of_uvicorn:>10.2f}  "
        f"{found.bytes:>8}  {found.of_as_many:>10.2f}"
    )


if __name__ == "__main__":
    main()
