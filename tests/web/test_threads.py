"""What may be used by one thread only is, whichever threads ask for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from zorgkg.web.threads import in_one_thread


def test_a_store_is_read_by_one_thread_and_its_statements_taken_by_many() -> None:
    """Without it the whole process ends at the second thread: no test would tell of anything any more."""
    store = Store()
    store.extend(Quad(NamedNode("http://e.org/a"), NamedNode("http://e.org/b"), Literal(n)) for n in range(50))

    def statements() -> Iterator[bytes]:
        for quad in store.quads_for_pattern(None, None, None, None):
            yield str(quad).encode()

    taken = in_one_thread(statements)
    seen = set()
    for _ in range(5):
        with ThreadPoolExecutor(1) as other:
            seen |= {other.submit(next, taken).result() for _ in range(4)}
    assert len(seen) == 20
    assert len(list(taken)) == 30


def test_what_goes_wrong_is_told_to_who_asks() -> None:
    def broken() -> Iterator[bytes]:
        yield b"first"
        raise OSError("the disk is gone")

    taken = in_one_thread(broken)
    assert next(taken) == b"first"
    with pytest.raises(OSError, match="the disk is gone"):
        next(taken)


def test_nothing_is_made_for_somebody_who_went_away() -> None:
    made: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            made.append(1)
            yield b"more"

    taken = in_one_thread(endless)
    next(taken)
    taken.close()  # type: ignore[attr-defined]
    for _ in range(100):
        if not any(one.name == "stream" for one in threading.enumerate()):
            break
        time.sleep(0.05)
    assert not any(one.name == "stream" for one in threading.enumerate())
    assert len(made) < 10
