"""How fast the search box is on a home folder's version: `python -m bench.search HOME`, of a synthetic graph or not.

The words of a synthetic graph are few, for its texts are alike; a real one of that size has many. So as many words as
`--words` says are invented beside them, among which misspelt ones are looked for.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import shake_128
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx
from pyoxigraph import Store

from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.publishing.versions import Home
from zorgkg.search import making, schema
from zorgkg.search.index import SearchIndex

WORDS: Final = 150_000
"""Words that are invented, unless another number is asked for."""

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


@dataclass(frozen=True)
class Took:
    """How long searches of one kind take, in milliseconds.

    :param kind: what is searched for.
    :param asked: how many searches.
    :param found: how many of them found something.
    :param median: of all.
    :param p95: what 95 of 100 stay below.
    :param p99: what 99 of 100 stay below.
    :param most: of the slowest.
    """

    kind: str
    asked: int
    found: int
    median: float
    p95: float
    p99: float
    most: float


def measure(kind: str, texts: Sequence[str], search: Search, kinds: Sequence[str] = ()) -> Took:
    """Measure searches.

    :param kind: what they are called.
    :param texts: what is searched for, one after the other.
    :param search: searches.
    :param kinds: among which kinds of things; none: among all.
    """
    taken, found = [], 0
    for text in texts:
        start = time.perf_counter()
        found += bool(search(text, kinds))
        taken.append(1000 * (time.perf_counter() - start))
    taken.sort()
    p50, p95, p99 = (taken[min(len(taken) - 1, int(part * len(taken)))] for part in (0.5, 0.95, 0.99))
    return Took(kind, len(texts), found, p50, p95, p99, taken[-1])


TYPING: Final = "as one types"
ERRING: Final = "misspelt, as one types"


def everything(search: Search) -> Iterator[Took]:
    """Measure each kind of search."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    # What nobody measures: the first searches read the file.
    measure("", TYPED, search)
    yield measure("whole texts", TYPED, search)
    yield measure(TYPING, beginnings(TYPED), search)
    yield measure("one or two letters", [*letters, *(one + other for one in letters for other in "aeiorst")], search)
    yield measure("misspelt", MISSPELT, search)
    yield measure(ERRING, beginnings(MISSPELT, 3), search)
    yield measure("nowhere to be found", NOWHERE, search)
    yield measure("as one types, projects", beginnings(TYPED), search, ["project"])
    yield measure("as one types, places", beginnings(TYPED), search, ["municipality", "province", "neighbourhood"])


@contextmanager
def within(home: Path, words: int = WORDS) -> Iterator[Search]:
    """Give a search in the index of a version, with words beside its own.

    :param home: home folder; the version that is served has an index, or one is made.
    :param words: how many words are invented.
    """
    with tempfile.TemporaryDirectory() as name:
        target, versions = Path(name) / schema.FULL, Home(home)
        identifier = versions.current().id
        made = versions.directory(identifier) / schema.FULL
        if made.exists():
            shutil.copy(made, target)
        else:
            making.make(EmbeddedEngine(Store.read_only(str(versions.store(identifier))), "").query, target)
        enlarge(target, words)
        index = SearchIndex.open(Path(name))
        assert index  # noqa: S101
        yield lambda text, kinds: len(index.find(text, "nl", limit=LIMIT, kinds=kinds))
        index.close()


def report(search: Search) -> None:
    """Print how long each kind of search takes."""
    print(f"{'':34} {'asked':>5} {'found':>5} {'p50':>8} {'p95':>8} {'p99':>8} {'most':>8}")
    for one in everything(search):
        told = f"{one.median:8.1f} {one.p95:8.1f} {one.p99:8.1f} {one.most:8.1f}"
        print(f"{one.kind:34} {one.asked:5} {one.found:5} {told}", flush=True)


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
    parser.add_argument("--words", type=int, default=WORDS, help=f"words that are invented ({WORDS:,})")
    parser.add_argument("--url", help="a server, to be asked over HTTP instead")
    options = parser.parse_args()
    if options.url:
        report(served(options.url))
        return
    with within(options.home, options.words) as search:
        report(search)


if __name__ == "__main__":
    main()
