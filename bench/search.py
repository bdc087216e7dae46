"""How fast the search box is on a home folder's version: `python -m bench.search HOME`, of a synthetic graph or not.

The words of a synthetic graph are few, for its texts are alike; a real one of that size has many. So as many words as
`--words` says are invented beside them, among which misspelt ones are looked for.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from hashlib import shake_128
from pathlib import Path
from urllib.parse import quote

import httpx
from pyoxigraph import Store

from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.publishing.versions import Home
from zorgkg.search import making, schema
from zorgkg.search.index import SearchIndex

LIMIT = 8
"""Suggestions that the box shows."""

TYPED = (
    *("zorgzaam mechelen", "vitale buurten", "ocmw gent", "lokaal dienstencentrum", "dementie mechelen", "mantelzorg"),
    *("quartiers solidaires", "buurtcoach", "eenzaamheid", "zorgzaam aalst 4711", "een toegankelijk plein", "abcd"),
    *("caring leuven", "provincie limburg", "hoplr", "burenhulp en samen bewegen", "la solitude à bruxelles"),
    *("stad gent", "welke projecten missen", "8970"),
)
MISSPELT = (
    *("mechlen", "zorgzam mechelen", "vitaale burten", "ocwm gent", "demntie mechlen", "mantelzrog", "gnt", "leuwen"),
    *("quartires solidaires", "burtcoach", "eenzamheid", "antwrepen", "lokal dienstecentrum", "brusel", "huplr"),
    *("zorgzaam aaslt 4711", "caring luevn", "toegankelik plien"),
)
NOWHERE = ("xqzw", "qqqq zzzz", "987654321", "zorgzaam xqzv", "w" * 60, "de het een van en in op te met voor")
_SYLLABLES = (
    *("zorg", "buurt", "ver", "aan", "lo", "da", "mi", "ke", "sta", "vor", "ing", "heid", "er", "tel", "wo", "na"),
    *("ri", "poo", "schap", "be", "ge", "ont", "uit", "op", "laan", "dal"),
)

Search = Callable[[str, Sequence[str]], int]
"""Searches for a text among some kinds; returns how much was found."""


def beginnings(texts: Sequence[str], least: int = 1) -> list[str]:
    """Return what stands in the box after each letter that is typed."""
    return [text[:end] for text in texts for end in range(least, len(text) + 1)]


def invented(number: int) -> Iterator[str]:
    """Give words that look like Dutch ones, the same on every machine."""
    for one in range(number):
        digest = shake_128(f"word {one}".encode()).digest(6)
        yield "".join(_SYLLABLES[byte % len(_SYLLABLES)] for byte in digest[: 2 + digest[5] % 4])


def enlarge(index: Path, number: int) -> int:
    """Invent words beside those of an index; returns how many there are then."""
    with closing(sqlite3.connect(index)) as connection:
        known = {word for (word,) in connection.execute("SELECT text FROM word")} | set(invented(number))
        for table in ("word", "gram", "length"):
            connection.execute(f"DELETE FROM {table}")
        making.add_words(connection, known)
        connection.commit()
    return len(known)


def measure(name: str, texts: Sequence[str], search: Search, kinds: Sequence[str] = ()) -> None:
    """Print how long searches take: the median, and what 95 and 99 of 100 stay below."""
    taken, found = [], 0
    for text in texts:
        start = time.perf_counter()
        found += bool(search(text, kinds))
        taken.append(1000 * (time.perf_counter() - start))
    taken.sort()
    p50, p95, p99 = (taken[min(len(taken) - 1, int(part * len(taken)))] for part in (0.5, 0.95, 0.99))
    print(f"{name:34} {len(texts):5} {found:5} {p50:8.1f} {p95:8.1f} {p99:8.1f} {taken[-1]:8.1f}")


def report(search: Search) -> None:
    """Print how long each kind of search takes, in milliseconds."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    print(f"{'':34} {'asked':>5} {'found':>5} {'p50':>8} {'p95':>8} {'p99':>8} {'most':>8}")
    measure("once before", TYPED, search)
    measure("whole texts", TYPED, search)
    measure("as one types", beginnings(TYPED), search)
    measure("one or two letters", [*letters, *(one + other for one in letters for other in "aeiorst")], search)
    measure("misspelt", MISSPELT, search)
    measure("misspelt, as one types", beginnings(MISSPELT, 3), search)
    measure("nowhere to be found", NOWHERE, search)
    measure("as one types, projects", beginnings(TYPED), search, ["project"])
    measure("as one types, places", beginnings(TYPED), search, ["municipality", "province", "neighbourhood"])


def served(address: str) -> Search:
    """Return a search over HTTP; no answer is one that was kept, for each asks for another number of things."""
    client = httpx.Client(base_url=address, timeout=30)
    asked = 0

    def search(text: str, kinds: Sequence[str]) -> int:
        nonlocal asked
        asked += 1
        more = "".join(f"&type={kind}" for kind in kinds)
        answer = client.get(
            f"/api/search?q={quote(text)}&limit={LIMIT}{more}&lang=nl", headers={"Cache-Control": str(asked)}
        )
        answer.raise_for_status()
        return len(answer.json())

    return search


def main() -> None:
    """Make an index and search it: `python -m bench.search HOME [--words N]`; or a server: `--url ADDRESS`."""
    parser = argparse.ArgumentParser(prog="bench.search", description=main.__doc__)
    parser.add_argument("home", type=Path, nargs="?", help="home folder; the version that is served")
    parser.add_argument("--words", type=int, default=150_000, help="words that are invented (150,000)")
    parser.add_argument("--url", help="a server, to be asked over HTTP instead")
    options = parser.parse_args()
    if options.url:
        report(served(options.url))
        return
    home = Home(options.home)
    with tempfile.TemporaryDirectory() as name:
        target = Path(name) / schema.FULL
        store = Store.read_only(str(home.store(home.current().id)))
        start, processor = time.perf_counter(), time.process_time()
        things = making.make(EmbeddedEngine(store, "").query, target)
        seconds = time.perf_counter() - start
        print(f"{things:,} things in {seconds:.1f} s ({time.process_time() - processor:.1f} s of processor time)")
        print(f"{target.stat().st_size / 1e6:.1f} MB on disk; {enlarge(target, options.words):,} words")
        index = SearchIndex.open(Path(name))
        assert index  # noqa: S101
        report(lambda text, kinds: len(index.find(text, "nl", limit=LIMIT, kinds=kinds)))
        index.close()


if __name__ == "__main__":
    main()
