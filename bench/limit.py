"""The limit: the same queries in one process, on the published store, with neither HTTP nor a process boundary.

Run as a program it opens a store and answers lines of JSON, `{"texts": […], "threads": 1, "seconds": 1}`,
with the latencies of as many evaluations, result written to bytes, as fit in that time.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, Store, serialize

from bench.load import Round
from zorgkg import settings
from zorgkg.engine.embedded import EmbeddedEngine


class Limit:
    """The limit as a program of its own, so that its threads take no time from ours.

    :param store: the store of a published version.
    :param statements: number of statements in it.
    """

    def __init__(self, store: Path, statements: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.limit", str(store), str(statements)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Limit:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.kill()
        self._process.wait(15)

    def measure(self, texts: Sequence[str], threads: int, seconds: float) -> Round:
        """Evaluate queries in rotation for some time."""
        asked = {"texts": list(texts), "threads": threads, "seconds": seconds}
        assert self._process.stdin  # noqa: S101 - a pipe
        assert self._process.stdout  # noqa: S101 - a pipe
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        return Round(told["latencies"], told["seconds"], 0.0)


def evaluate(store: Store, text: str) -> bytes:
    """Evaluate a query and write its answer as a service would."""
    found = store.query(text)
    if isinstance(found, QueryTriples):
        return serialize(found, format=RdfFormat.N_TRIPLES) or b""
    return found.serialize(format=QueryResultsFormat.JSON) or b""


def main() -> None:
    """Answer lines of standard input until it ends."""
    store = EmbeddedEngine.open(Path(sys.argv[1]), "", int(sys.argv[2]), settings.read().memory_quads).store
    for line in sys.stdin:
        asked = json.loads(line)
        texts, latencies = itertools.cycle(asked["texts"]), list[float]()
        start = time.perf_counter()
        end = start + asked["seconds"]

        def loop(texts: itertools.cycle[str], latencies: list[float], end: float) -> None:
            while (begun := time.perf_counter()) < end:
                evaluate(store, next(texts))
                latencies.append(time.perf_counter() - begun)

        threads = [threading.Thread(target=loop, args=(texts, latencies, end)) for _ in range(asked["threads"])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(json.dumps({"latencies": latencies, "seconds": time.perf_counter() - start}), flush=True)


if __name__ == "__main__":
    main()
