"""Questions beside their own queries at `/sparql`, and repeated beside bare uvicorn.

`python -m bench.answers_rate HOME`: one server, one run, round by round, so that what else happens on the machine hits
both. Uncached: each request names a host of its own, which is part of the key of what is kept.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from urllib.parse import quote

from bench import load, peers
from bench.load import Requests, Round
from bench.process import Server

QUESTIONS = (
    "partners-of-project",
    "lacking-component?component=framework/icc-sliders/physical-environment",
    "projects-in-place?place=west-vlaanderen&limit=50",
    "coverage-by-province",
    "matrix",
)
CONNECTIONS = (1, 8)
JSON, TABLE = "application/json", "application/sparql-results+json"


class Fresh(Requests):
    """Requests of which no answer can be a stored one, whatever their path."""

    _hosts = count()

    def of(self, path: str) -> bytes:
        """Return a request to a host of its own."""
        host = f"h{next(self._hosts)}.example"
        return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {self.accept}\r\n\r\n".encode("ascii")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="home folder with a published version")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.5, help="for each of them, in each round")
    parser.add_argument("--cache", type=Path, default=Path(".bench"), help="folder of the peers' programs")
    options = parser.parse_args(arguments)
    options.cache.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        ours = peers.zorgkg("zorgkg", options.home).start(Path(folder) / "zorgkg.log")
        with ours, peers.hello(options.cache).start(Path(folder) / "uvicorn.log") as hello:
            ours.settle()
            print(f"{'question':<70} connections  question/s  /sparql/s  ratio  repeated/s  of uvicorn")
            for path in QUESTIONS:
                for connections in CONNECTIONS:
                    print(_line(ours, hello, path, connections, options.rounds, options.seconds), flush=True)


def _line(ours: Server, hello: Server, path: str, connections: int, rounds: int, seconds: float) -> str:
    asked = f"/api/questions/{path}"
    text, _ = load.get(ours.port, f"{asked}{'&' if '?' in path else '?'}format=sparql", "*/*", 30)
    query = text.decode() + ("\nLIMIT 51" if "limit=50" in path else "")
    kinds = {
        "question": (ours, Fresh([asked], JSON, unique=False)),
        "sparql": (ours, Fresh([f"/sparql?query={quote(query, safe='')}"], TABLE, unique=False)),
        "repeated": (ours, Requests([asked], JSON, unique=False)),
        "uvicorn": (hello, Requests(["/"], "*/*", unique=False)),
    }
    found: dict[str, list[Round]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, (server, requests) in kinds.items():
            found[name].append(load.measure(server.port, requests, connections, seconds))
    rate = {name: sum(one.throughput for one in several) / rounds for name, several in found.items()}
    return (
        f"{path:<70} {connections:>11}  {rate['question']:>10.1f}  {rate['sparql']:>9.1f}  "
        f"{rate['question'] / rate['sparql']:>5.2f}  {rate['repeated']:>10.0f}  "
        f"{rate['repeated'] / rate['uvicorn']:>10.2f}"
    )


if __name__ == "__main__":
    main()
