"""What may be used by one thread only is, whichever threads are free for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from zorgkg.web.threads import streamed


def taken(make: Callable[[], Iterator[bytes]], most: int) -> list[bytes]:
    """The first chunks of a stream, while other work keeps the threads changing places."""

    async def take() -> list[bytes]:
        chunks = streamed(make)
        found: list[bytes] = []
        try:
            async for chunk in chunks:
                found.append(chunk)
                await asyncio.gather(*(asyncio.to_thread(threading.get_ident) for _ in range(4)))
                if len(found) == most:
                    break
        finally:
            await chunks.aclose()  # type: ignore[attr-defined]
        return found

    return asyncio.run(take())


def test_the_statements_of_a_store_are_read_by_the_thread_that_began() -> None:
    """Without it the whole process ends at the second thread: no test would tell of anything any more."""
    store = Store()
    store.extend(Quad(NamedNode("http://e.org/a"), NamedNode("http://e.org/b"), Literal(n)) for n in range(50))
    threads = set()

    def statements() -> Iterator[bytes]:
        for quad in store.quads_for_pattern(None, None, None, None):
            threads.add(threading.get_ident())
            yield str(quad).encode()

    assert len(taken(statements, 100)) == 50
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_what_goes_wrong_is_told_to_who_reads() -> None:
    def broken() -> Iterator[bytes]:
        yield b"first"
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        taken(broken, 10)


def test_nothing_is_made_for_somebody_who_went_away() -> None:
    made: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            made.append(1)
            yield b"more"

    assert len(taken(endless, 3)) == 3
    assert len(made) < 20
