"""Query processes: a query that never ends, takes all memory or breaks the parser ends alone."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

from zorgkg.engine.processes import BusyError, CrashError, Limits, Origin, QueryProcesses, TimeLimitError, Work

LIMITS = Limits(seconds=1.0, mebibytes=200, workers=2, queue=2)


def work(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    kind = request["kind"]
    if kind == "sleep":
        time.sleep(request["seconds"])
    elif kind == "hog":
        return {}, b"x" * (2**30)
    elif kind == "recurse":

        def deeper(value: object) -> object:
            return [deeper(value)]

        deeper(0)
    elif kind == "big":
        return {}, b"x" * 5_000_000
    return {"kind": kind}, kind.encode()


def prepare(told: dict[str, Any]) -> Work:
    if told["name"] == "bad":
        raise ValueError("no such version")
    return lambda request: ({"name": told["name"]}, b"") if request["kind"] == "name" else work(request)


@pytest.fixture
def processes() -> Iterator[QueryProcesses]:
    origin = Origin(prepare, LIMITS)
    running = origin.parent({"name": "one"})
    yield running
    running.close()
    origin.close()


def test_an_answer_comes_back_whole(processes: QueryProcesses) -> None:
    assert asyncio.run(processes.run({"kind": "ok"})) == ({"kind": "ok"}, b"ok")
    _, body = asyncio.run(processes.run({"kind": "big"}))
    assert len(body) == 5_000_000


def test_a_query_beyond_the_time_limit_is_stopped_and_the_next_one_answers(processes: QueryProcesses) -> None:
    async def both() -> None:
        with pytest.raises(TimeLimitError):
            await processes.run({"kind": "sleep", "seconds": 60})
        assert (await processes.run({"kind": "ok"}))[1] == b"ok"

    asyncio.run(both())


@pytest.mark.parametrize("kind", ["hog", "recurse"])
def test_a_query_that_breaks_its_process_breaks_nothing_else(processes: QueryProcesses, kind: str) -> None:
    async def both() -> None:
        with pytest.raises(CrashError):
            await processes.run({"kind": kind})
        assert (await processes.run({"kind": "ok"}))[1] == b"ok"

    asyncio.run(both())


def test_queries_beyond_the_queue_are_told_to_come_back(processes: QueryProcesses) -> None:
    async def crowd() -> list[type]:
        sleeping = [processes.run({"kind": "sleep", "seconds": 0.3}) for _ in range(8)]
        return [type(outcome) for outcome in await asyncio.gather(*sleeping, return_exceptions=True)]

    told = asyncio.run(crowd())
    assert (told.count(tuple), told.count(BusyError)) == (4, 4)


def test_parents_of_several_versions_answer_side_by_side_and_one_that_cannot_open_tells_why() -> None:
    origin = Origin(prepare, LIMITS)
    one, two = origin.parent({"name": "one"}), origin.parent({"name": "two"})
    with pytest.raises(CrashError, match="no such version"):
        origin.parent({"name": "bad"})

    async def names() -> list[str]:
        return [(await each.run({"kind": "name"}))[0]["name"] for each in (one, two, one)]

    assert asyncio.run(names()) == ["one", "two", "one"]
    one.close()

    async def after() -> None:
        with pytest.raises(CrashError):
            await one.run({"kind": "name"})
        assert (await two.run({"kind": "name"}))[0]["name"] == "two"

    asyncio.run(after())
    two.close()
    origin.close()
    with pytest.raises(CrashError):
        origin.parent({"name": "one"})


def test_a_version_that_finds_no_process_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = os.fork, [0]

    def fork() -> int:
        calls[0] += 1
        if calls[0] == 2:
            raise OSError("no process to be had")
        return real()

    # The second fork is the origin's first: the first made the origin.
    monkeypatch.setattr(os, "fork", fork)
    origin = Origin(prepare, LIMITS)
    with pytest.raises(CrashError):
        origin.parent({"name": "one"})
    two = origin.parent({"name": "two"})
    assert asyncio.run(two.run({"kind": "name"}))[0]["name"] == "two"
    two.close()
    origin.close()
