"""What runs in threads: an iterator of the engine stays in the one thread that made it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from zorgkg.web.threads import streamed


def numbered(seen: list[int], ended: list[bool], count: int) -> Iterator[bytes]:
    try:
        for number in range(count):
            seen.append(threading.get_ident())
            yield str(number).encode()
    finally:
        ended.append(True)


def test_an_iterator_runs_in_one_thread_from_its_beginning_to_its_end() -> None:
    seen: list[int] = []
    ended: list[bool] = []

    async def read() -> list[bytes]:
        async def other() -> None:
            # Others take the pool's threads meanwhile.
            await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.001) for _ in range(50)))

        busy = asyncio.ensure_future(other())
        found = [chunk async for chunk in streamed(lambda: numbered(seen, ended, 50))]
        await busy
        return found

    assert asyncio.run(read()) == [str(number).encode() for number in range(50)]
    assert len(set(seen)) == 1
    assert seen[0] != threading.get_ident()
    assert ended == [True]


def test_who_stops_reading_stops_the_thread() -> None:
    seen: list[int] = []
    ended: list[bool] = []

    async def read() -> bytes:
        reading = streamed(lambda: numbered(seen, ended, 10**9))
        first = await anext(reading)
        await reading.aclose()  # type: ignore[attr-defined]
        return first

    assert asyncio.run(asyncio.wait_for(read(), 10)) == b"0"
    assert len(seen) < 20
    assert ended == [True]


def test_what_fails_there_fails_here() -> None:
    def failing() -> Iterator[bytes]:
        yield b"a"
        raise OSError("the disk is gone")

    async def read() -> list[bytes]:
        return [chunk async for chunk in streamed(failing)]

    with pytest.raises(OSError, match="the disk is gone"):
        asyncio.run(read())
