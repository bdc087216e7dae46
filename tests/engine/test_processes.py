"""Query processes: a query that never ends, takes all memory or breaks the parser ends alone."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from zorgkg.engine.limits import BusyError, CrashError, GoneError, Limits, MemoryLimitError, TimeLimitError
from zorgkg.engine.processes import Origin, QueryProcesses

LIMITS = Limits(seconds=1.0, mebibytes=200, workers=2, queue=2, youth=0.2, slow=1, own=2)


def spin(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def work(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    kind, began = request["kind"], time.monotonic()
    if kind == "sleep":
        time.sleep(request["seconds"])
    elif kind == "spin":
        spin(request["seconds"])
    elif kind == "hog":
        return {}, b"x" * (2**30)
    elif kind == "abort":
        os.abort()
    elif kind == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif kind == "big":
        return {}, b"x" * 5_000_000
    told = {"kind": kind, "pid": os.getpid(), "parent": os.getppid(), "ran": (began, time.monotonic())}
    return told | {"processors": len(os.sched_getaffinity(0))}, kind.encode()


class Held:
    """What a parent of these tests holds: a name, which grows with each successor."""

    def __init__(self, name: str) -> None:
        self.name = name

    def work(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        return ({"name": self.name}, b"") if request["kind"] == "name" else work(request)

    def succeed(self, told: dict[str, Any]) -> Held:
        if told["name"] == "bad":
            raise ValueError("no such change")
        return Held(f"{self.name} {told['name']}")


def prepare(told: dict[str, Any]) -> Held:
    if told["name"] == "bad":
        raise ValueError("no such version")
    return Held(told["name"])


Start = Callable[..., QueryProcesses]


@pytest.fixture
def start() -> Iterator[Start]:
    opened: list[tuple[Origin, QueryProcesses]] = []

    def started(**limits: Any) -> QueryProcesses:
        origin = Origin(prepare, replace(LIMITS, **limits))
        opened.append((origin, origin.parent({"name": "one"})))
        return opened[-1][1]

    yield started
    for origin, running in opened:
        running.close()
        origin.close()


@pytest.fixture
def processes(start: Start) -> QueryProcesses:
    return start()


def run(processes: QueryProcesses, kind: str, **more: Any) -> tuple[dict[str, Any], bytes]:
    return asyncio.run(processes.run({"kind": kind, **more}))


def has_ended(pid: int) -> bool:
    for _ in range(200):
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:  # noqa: PTH123
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except (FileNotFoundError, ProcessLookupError):
            # It may also end between the opening and the reading.
            return True
        time.sleep(0.02)
    return False


def test_an_answer_comes_back_whole(processes: QueryProcesses) -> None:
    assert run(processes, "ok")[1] == b"ok"
    assert len(run(processes, "big")[1]) == 5_000_000
    assert len(processes.ask({"kind": "big"})[1]) == 5_000_000
    assert run(processes, "x" * 1_000_000)[1] == b"x" * 1_000_000


def test_one_worker_answers_one_query_after_another_from_the_loop_and_from_threads(processes: QueryProcesses) -> None:
    pids = {run(processes, "ok")[0]["pid"] for _ in range(3)} | {processes.ask({"kind": "ok"})[0]["pid"]}
    assert len(pids) == 1


@pytest.mark.parametrize("way", ["loop", "thread"])
@pytest.mark.parametrize(
    ("kind", "error"),
    [("sleep", TimeLimitError), ("hog", MemoryLimitError), ("abort", MemoryLimitError), ("segfault", CrashError)],
)
def test_a_query_that_ends_its_process_ends_alone(
    processes: QueryProcesses, kind: str, error: type[Exception], way: str
) -> None:
    request = {"kind": kind, "seconds": 60}

    def ask() -> object:
        return asyncio.run(processes.run(request)) if way == "loop" else processes.ask(request)

    begin = time.monotonic()
    with pytest.raises(error) as raised:
        ask()
    assert type(raised.value) is error
    # The limit is a second; without it this would take a minute.
    assert time.monotonic() - begin < 30
    assert run(processes, "ok")[1] == b"ok"
    assert processes.ask({"kind": "ok"})[1] == b"ok"


def test_the_time_limit_holds_for_each_query_and_not_for_the_worker(start: Start) -> None:
    processes = start(seconds=0.5, youth=0.4)
    for _ in range(4):
        assert run(processes, "sleep", seconds=0.2)[1] == b"sleep"


def test_queries_beyond_the_queue_are_told_to_come_back(processes: QueryProcesses) -> None:
    async def crowd() -> list[object]:
        sleeping = [processes.run({"kind": "sleep", "seconds": 0.1}) for _ in range(8)]
        return await asyncio.gather(*sleeping, return_exceptions=True)

    told = asyncio.run(crowd())
    assert [type(one) for one in told].count(tuple) == 4
    refused = [one for one in told if isinstance(one, BusyError)]
    assert len(refused) == 4
    assert all("ZORGKG_WORKERS" in str(one) and one.retry > 0 for one in refused)
    assert (processes.running, processes.waiting) == (0, 0)


def test_runaways_make_room_and_a_cheap_query_soon_answers(start: Start) -> None:
    processes = start(seconds=5.0, queue=40)

    async def crowd() -> tuple[float, list[object]]:
        runaways = [asyncio.create_task(processes.run({"kind": "sleep", "seconds": 60})) for _ in range(12)]
        await asyncio.sleep(0.05)
        begin = time.monotonic()
        assert (await processes.run({"kind": "ok"}))[1] == b"ok"
        waited = time.monotonic() - begin
        return waited, await asyncio.gather(*runaways, return_exceptions=True)

    waited, told = asyncio.run(crowd())
    # Two at a time are young for 0.2 s, so twelve make room within 1.2 s; the limit of time would take 30 s.
    assert waited < 15
    kinds = [type(one) for one in told]
    # One has a slow place and two may be left when nobody waits any more.
    assert kinds.count(TimeLimitError) + kinds.count(BusyError) == 12
    assert 1 <= kinds.count(TimeLimitError) <= 3
    assert (processes.running, processes.slow, processes.waiting) == (0, 0, 0)


def test_a_long_query_is_not_ended_while_nobody_needs_its_place(processes: QueryProcesses) -> None:
    async def three() -> list[tuple[dict[str, Any], bytes]]:
        return await asyncio.gather(*(processes.run({"kind": "sleep", "seconds": 0.6}) for _ in range(3)))

    assert [body for _, body in asyncio.run(three())] == [b"sleep"] * 3


def test_questions_have_places_of_their_own_and_are_not_ended_for_others(start: Start) -> None:
    processes = start(seconds=60.0, queue=40, youth=30.0)

    async def crowd() -> tuple[float, bytes]:
        long = asyncio.create_task(processes.run({"kind": "sleep", "seconds": 1}, is_question=True))
        runaways = [asyncio.create_task(processes.run({"kind": "sleep", "seconds": 60})) for _ in range(12)]
        await asyncio.sleep(0.05)
        begin = time.monotonic()
        assert (await processes.run({"kind": "ok"}, is_question=True))[1] == b"ok"
        waited, answer = time.monotonic() - begin, (await long)[1]
        for one in runaways:
            one.cancel()
        await asyncio.gather(*runaways, return_exceptions=True)
        return waited, answer

    waited, long = asyncio.run(crowd())
    # Among the others it would have waited until one of them has had its youth.
    assert (waited < 15, long) == (True, b"sleep")


def test_questions_beyond_their_queue_are_told_to_come_back(start: Start) -> None:
    processes = start(queue=2, own=1)

    async def crowd() -> list[object]:
        asked = [processes.run({"kind": "sleep", "seconds": 0.1}, is_question=True) for _ in range(5)]
        return await asyncio.gather(*asked, return_exceptions=True)

    async def twice() -> list[list[object]]:
        return [await crowd(), await crowd()]

    for told in asyncio.run(twice()):
        assert [type(one) for one in told].count(tuple) == 3
        assert [type(one) for one in told].count(BusyError) == 2


def test_a_question_has_the_time_limit_and_ends_when_its_client_has_gone(processes: QueryProcesses) -> None:
    async def late() -> None:
        await processes.run({"kind": "sleep", "seconds": 60}, is_question=True)

    async def left() -> None:
        await processes.run({"kind": "sleep", "seconds": 60}, lambda: asyncio.sleep(0), is_question=True)

    with pytest.raises(TimeLimitError):
        asyncio.run(late())
    with pytest.raises(GoneError):
        asyncio.run(left())
    assert run(processes, "ok")[1] == b"ok"


def test_the_servers_own_queries_have_places_of_their_own(start: Start) -> None:
    processes = start(queue=40)

    async def crowd() -> None:
        runaways = [asyncio.create_task(processes.run({"kind": "spin", "seconds": 60})) for _ in range(12)]
        await asyncio.sleep(0.1)
        header, _ = await asyncio.to_thread(processes.ask, {"kind": "ok"})
        assert processes.running >= LIMITS.workers, "all others are taken"
        assert header["kind"] == "ok"
        for one in runaways:
            one.cancel()
        await asyncio.gather(*runaways, return_exceptions=True)

    asyncio.run(crowd())


def test_two_queries_may_use_two_processors(start: Start) -> None:
    processes = start(seconds=60.0, youth=60.0)

    async def both() -> list[dict[str, Any]]:
        told = await asyncio.gather(*(processes.run({"kind": "spin", "seconds": 1}) for _ in range(2)))
        return [header for header, _ in told]

    one, other = asyncio.run(both())
    assert one["pid"] != other["pid"]
    # That they compute at the same moment, not how long they take, for other programs take their turns too.
    assert max(one["ran"][0], other["ran"][0]) < min(one["ran"][1], other["ran"][1])
    assert {one["processors"], other["processors"]} == {len(os.sched_getaffinity(0))}


def test_a_query_whose_client_has_gone_is_ended(processes: QueryProcesses) -> None:
    async def leave() -> None:
        with pytest.raises(GoneError):
            await processes.run({"kind": "sleep", "seconds": 60}, lambda: asyncio.sleep(0.1))
        task = asyncio.create_task(processes.run({"kind": "sleep", "seconds": 60}))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert processes.running == 0
        assert (await processes.run({"kind": "ok"}))[1] == b"ok"

    asyncio.run(leave())


def test_many_threads_and_the_loop_take_workers_at_once(processes: QueryProcesses) -> None:
    async def loops() -> None:
        for _ in range(100):
            assert (await processes.run({"kind": "loop"}))[1] == b"loop"

    def threads(number: int) -> bool:
        kind = f"thread {number}"
        return all(processes.ask({"kind": kind})[1] == kind.encode() for _ in range(100))

    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(threads, number) for number in range(4)]
        asyncio.run(loops())
        assert all(one.result() for one in found)


def test_a_worker_ends_after_a_heavy_query(processes: QueryProcesses) -> None:
    pid = run(processes, "ok")[0]["pid"]
    run(processes, "big")
    assert has_ended(pid)
    assert run(processes, "ok")[0]["pid"] != pid


def test_a_worker_that_was_killed_while_it_waited_is_not_asked(processes: QueryProcesses) -> None:
    pid = run(processes, "ok")[0]["pid"]
    os.kill(pid, signal.SIGKILL)
    assert has_ended(pid)
    time.sleep(0.1)
    assert run(processes, "ok")[1] == b"ok"


def test_workers_end_with_their_parent(processes: QueryProcesses) -> None:
    header, _ = run(processes, "ok")
    assert not processes.ended
    os.kill(header["parent"], signal.SIGKILL)
    assert has_ended(header["pid"])
    assert processes.ended
    with pytest.raises(CrashError):
        run(processes, "ok")


def test_parents_of_several_versions_answer_side_by_side_and_one_that_cannot_open_tells_why() -> None:
    origin = Origin(prepare, LIMITS)
    one, two = origin.parent({"name": "one"}), origin.parent({"name": "two"})
    with pytest.raises(CrashError, match="no such version"):
        origin.parent({"name": "bad"})
    assert [run(each, "name")[0]["name"] for each in (one, two, one)] == ["one", "two", "one"]
    one.close()
    with pytest.raises(CrashError):
        run(one, "name")
    assert run(two, "name")[0]["name"] == "two"
    two.close()
    origin.close()
    with pytest.raises(CrashError):
        origin.parent({"name": "one"})


def test_a_successor_answers_with_the_change_and_outlives_the_version_before(processes: QueryProcesses) -> None:
    chain = [processes]
    for name in ("two", "three"):
        chain.append(chain[-1].succeed({"name": name}))
    with pytest.raises(CrashError, match="no such change"):
        chain[-1].succeed({"name": "bad"})
    assert [run(each, "name")[0]["name"] for each in chain] == ["one", "one two", "one two three"]
    parent = run(processes, "ok")[0]["parent"]
    processes.close()
    chain[1].close()
    assert has_ended(parent)
    assert run(chain[-1], "name")[0]["name"] == "one two three"
    chain[-1].close()


def test_a_version_closes_with_the_last_request_that_uses_it(processes: QueryProcesses) -> None:
    parent = run(processes, "ok")[0]["parent"]
    assert processes.enter()
    assert processes.enter()
    processes.retire()
    processes.leave()
    assert run(processes, "ok")[1] == b"ok"
    processes.leave()
    assert not processes.enter()
    assert has_ended(parent)


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
    assert run(two, "name")[0]["name"] == "two"
    two.close()
    origin.close()


def shout(told: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    return {"loaded": loaded.is_set(), **told}, body.upper()


def fail(told: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    raise ValueError("cannot be done")


def do(told: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    return work(told)


loaded = threading.Event()


def test_a_job_runs_in_a_process_of_its_own_with_limits_of_its_own() -> None:
    origin = Origin(prepare, LIMITS, {"shout": shout, "fail": fail, "do": do}, loaded.set)
    one = origin.parent({"name": "one"})
    assert origin.job("shout", {"a": 1}, b"x" * 1_000_000, 5, 100)[1] == b"X" * 1_000_000
    with pytest.raises(CrashError, match="cannot be done"):
        origin.job("fail", {}, b"", 5, 100)
    for kind, error in (("sleep", TimeLimitError), ("hog", MemoryLimitError), ("segfault", CrashError)):
        with pytest.raises(error):
            origin.job("do", {"kind": kind, "seconds": 60}, b"", 0.5, 100)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(origin.job, "shout", {"n": n}, b"a", 5, 100) for n in range(8)]
        assert [each.result()[0]["n"] for each in asked] == list(range(8))
    assert run(one, "name")[0]["name"] == "one"
    for _ in range(100):
        if origin.job("shout", {}, b"", 5, 100)[0]["loaded"]:
            break
        time.sleep(2)
    else:
        pytest.fail("what the jobs need is never loaded")
    one.close()
    origin.close()
    with pytest.raises(CrashError):
        origin.job("shout", {}, b"", 5, 100)
