"""Query processes: queries run in worker processes, each with limits on time and memory, taken from a pool.

Nothing else stops a query of Oxigraph, and some texts overflow its parser's stack. A worker dies by its own alarm at
the time limit, also inside native code, or by the memory limit, and takes nobody with it (zorgkg.engine.forks).

Queries from outside are young at first. One that outlives its youth leaves the processor to others and moves to one of
a few slow places; when these are taken it stays where it is until another query needs the place, and is ended then. So
a cheap query waits for the youth of those before it at most, however many never end. Questions have places of their
own, and so have the server's own queries, for pages: nothing from outside keeps them waiting or ends them.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import select
import signal
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from zorgkg.engine import forks, wire
from zorgkg.engine.forks import Job, Prepare
from zorgkg.engine.limits import (
    BusyError,
    CrashError,
    GoneError,
    LimitError,
    Limits,
    MemoryLimitError,
    TimeLimitError,
)

_CHUNK: Final = 2**16
_GRACE: Final = 1.0
"""Seconds beyond the time limit after which a worker whose alarm did not end it is killed."""

Gone = Callable[[], Awaitable[object]]
"""Returns when the client has gone away."""

Answer = tuple[dict[str, Any], bytes]


class Origin:
    """The process from which the parents are forked: it has neither threads nor connections.

    :param prepare: what a parent does once.
    :param limits: the limits of each version's queries.
    :param jobs: what can be done in a process of its own, by name.
    :param preload: loads what the jobs need, in the origin, once it has nothing else to do.
    """

    def __init__(
        self,
        prepare: Prepare,
        limits: Limits,
        jobs: Mapping[str, Job] | None = None,
        preload: Callable[[], None] | None = None,
    ) -> None:
        self.limits = limits
        self._control, theirs = socket.socketpair()
        self._numbers = itertools.count(1)
        sys.stdout.flush()
        sys.stderr.flush()
        self._process = os.fork()
        if self._process == 0:
            # Whatever happens there, that process must never go on as a second server.
            try:
                self._control.close()
                forks.originate(theirs, prepare, limits, jobs or {}, preload)
            finally:
                os._exit(1)
        theirs.close()

    def begin(self, told: dict[str, Any]) -> QueryProcesses:
        """Fork a parent; it must be waited for with :meth:`QueryProcesses.ready`.

        :param told: JSON value for the preparation.
        :raises CrashError: the origin has ended.
        """
        return QueryProcesses(_ordered(self._control, forks.PARENT, next(self._numbers), told), self.limits)

    def parent(self, told: dict[str, Any]) -> QueryProcesses:
        """Fork a parent, and wait until it is ready.

        :param told: JSON value for the preparation.
        :raises CrashError: it could not be prepared; the message says why.
        """
        return self.begin(told).ready()

    def job(self, name: str, told: dict[str, Any], body: bytes, seconds: float, mebibytes: int) -> Answer:
        """Do something in a process of its own, and wait for it; for a thread.

        :param name: one of the jobs.
        :param told: JSON value for it.
        :param body: bytes for it.
        :param seconds: wall-clock time that it may take.
        :param mebibytes: memory that it may take beyond what the origin takes.
        :returns: what it gave.
        :raises TimeLimitError: it took longer.
        :raises MemoryLimitError: it needed more.
        :raises CrashError: it failed or died otherwise; the message says how.
        """
        asked = {"job": name, "told": told, "seconds": seconds, "mebibytes": mebibytes}
        number = next(self._numbers)
        with _ordered(self._control, forks.JOB, number, asked, body) as connection:
            connection.settimeout(seconds + _GRACE)
            try:
                header, answer = wire.receive(connection)
            except TimeoutError:
                with contextlib.suppress(OSError):
                    wire.order(self._control, forks.KILL, number)
                raise TimeLimitError(seconds) from None
            except (EOFError, OSError) as error:
                raise CrashError("the process of the job ended") from error
        if "died" in header:
            raise _death(header["died"], Limits(seconds, mebibytes))
        if "failed" in header:
            raise CrashError(header["failed"])
        return header["told"], answer

    @property
    def ended(self) -> bool:
        """Whether the process was ended, as by the kernel when the machine has no memory."""
        with contextlib.suppress(ChildProcessError):
            return os.waitid(os.P_PID, self._process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        return True

    def close(self) -> None:
        """Stop; parents end when they are closed."""
        self._control.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._process, 0)


class _Worker:
    """A worker, as the server sees it: its number and the connection to it, which never blocks."""

    __slots__ = ("connection", "number", "poll")

    def __init__(self, number: int, connection: socket.socket) -> None:
        self.number = number
        self.connection = connection
        self.poll = select.poll()
        self.poll.register(connection, select.POLLIN)

    def is_alive(self) -> bool:
        """Whether nothing has come from it: an idle worker only ever tells that it died."""
        return not self.poll.poll(0)


class _Query:
    """A query that runs for the event loop: one from outside, or a question."""

    __slots__ = ("answer", "is_old", "is_own", "is_slow", "timer", "watch", "worker")

    def __init__(self, worker: _Worker, answer: asyncio.Future[Answer], is_own: bool) -> None:
        self.worker = worker
        self.answer = answer
        self.is_own = is_own
        self.is_old = False
        self.is_slow = False
        self.timer: asyncio.TimerHandle | None = None
        self.watch: asyncio.Task[None] | None = None

    def fail(self, error: Exception) -> None:
        """End it with an error, when it has not ended yet."""
        if not self.answer.done():
            self.answer.set_exception(error)

    def end(self) -> None:
        """Stop watching it."""
        if self.timer:
            self.timer.cancel()
        if self.watch:
            self.watch.cancel()


class QueryProcesses:
    """The workers of one version; made by :meth:`Origin.parent` and :meth:`succeed`.

    Queries come from the event loop (:meth:`run`) and from threads (:meth:`ask`).

    :param control: connection to the parent.
    :param limits: the limits of each query.
    """

    def __init__(self, control: socket.socket, limits: Limits) -> None:
        self.limits = limits
        self._control = control
        self._numbers = itertools.count(1)
        self._idle: deque[_Worker] = deque()
        self._young = 0
        self._slow = 0
        self._waiters: deque[asyncio.Future[None]] = deque()
        self._overdue: deque[_Query] = deque()
        self._own = threading.BoundedSemaphore(limits.own)
        self._questions = asyncio.Semaphore(limits.own)
        self._asking = 0
        self._users = 0
        self._is_retired = False
        self._lock = threading.Lock()

    def ready(self) -> QueryProcesses:
        """Wait until the parent is ready, and have a worker forked that waits for the first query.

        :raises CrashError: it could not be prepared; the message says why.
        """
        try:
            header, _ = wire.receive(self._control)
        except (EOFError, OSError):
            header = {}
        if forks.READY not in header:
            self.close()
            raise CrashError(header.get("failed", "the process ended while it was being prepared"))
        self._idle.append(self._spawn())
        return self

    def succeed(self, told: dict[str, Any]) -> QueryProcesses:
        """Fork the parent of the next version from this one's, and wait until it is ready.

        :param told: JSON value: what has changed.
        :raises CrashError: it could not be prepared; the message says why.
        """
        connection = _ordered(self._control, forks.SUCCESSOR, next(self._numbers), told)
        return QueryProcesses(connection, self.limits).ready()

    @property
    def running(self) -> int:
        """How many queries from outside run now."""
        return self._young + self._slow

    @property
    def slow(self) -> int:
        """How many of them have outlived their youth."""
        return self._slow

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiters)

    @property
    def ended(self) -> bool:
        """Whether the parent has ended, so that nothing is answered any more."""
        try:
            return self._control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    # From the event loop

    async def run(self, request: dict[str, Any], gone: Gone | None = None, is_question: bool = False) -> Answer:
        """Do the work for a query from outside, or for a question.

        :param request: JSON value that the work takes.
        :param gone: returns when the client has gone away, which ends the query; called when it gets old.
        :param is_question: whether it takes one of the places of questions.
        :returns: what the work gave.
        :raises TimeLimitError: it took longer than the time limit.
        :raises MemoryLimitError: it needed more memory than the limit.
        :raises CrashError: the worker died otherwise.
        :raises BusyError: too many queries wait, or it got old and another one needed its place.
        :raises GoneError: the client has gone away.
        """
        loop = asyncio.get_running_loop()
        await (self._question() if is_question else self._enter(loop))
        query: _Query | None = None
        is_whole = False
        try:
            worker = self._take()
            query = _Query(worker, loop.create_future(), is_question)
            query.timer = loop.call_later(self.limits.youth, self._age, loop, query, gone)
            loop.add_reader(worker.connection, _read, loop, query, wire.Incoming())
            await _send(loop, worker.connection, wire.frame(request))
            header, body = await query.answer
            if "died" in header:
                raise _death(header["died"], self.limits)
            is_whole = "last" not in header
            return header, body
        finally:
            if is_question:
                self._answered()
            elif query is None:
                self._leave(False)
            if query:
                query.end()
                if query in self._overdue:
                    self._overdue.remove(query)
                loop.remove_reader(query.worker.connection)
                if not is_question:
                    self._leave(query.is_slow)
                self._give_back(query.worker, is_whole and not query.is_old)

    async def _question(self) -> None:
        """Wait for a place among the questions."""
        limits = self.limits
        busy = f"{limits.own} questions are being answered and others wait"
        if self._asking >= limits.own + limits.queue:
            raise self._busy(busy)
        self._asking += 1
        try:
            async with asyncio.timeout(limits.seconds):
                await self._questions.acquire()
        except BaseException as error:
            self._asking -= 1
            if isinstance(error, TimeoutError):
                raise self._busy(busy) from None
            raise

    def _answered(self) -> None:
        self._asking -= 1
        self._questions.release()

    async def _enter(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for a place among the young."""
        limits = self.limits
        if self._young < limits.workers:
            self._young += 1
            return
        if len(self._waiters) >= limits.queue:
            raise self._busy(f"{limits.workers} queries are running and {limits.queue} wait")
        turn: asyncio.Future[None] = loop.create_future()
        self._waiters.append(turn)
        if self._overdue:
            self._evict(self._overdue.popleft())
        late = loop.call_later(limits.patience, _give_up, turn)
        try:
            await turn
        except asyncio.CancelledError:
            # Its turn may have come in the same moment.
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._leave(False)
            raise
        except TimeoutError:
            raise self._busy(f"the query waited for {limits.patience:g} seconds, and its turn did not come") from None
        finally:
            late.cancel()
            with contextlib.suppress(ValueError):
                self._waiters.remove(turn)

    def _leave(self, is_slow: bool) -> None:
        """Give a place to the next."""
        if is_slow:
            self._slow -= 1
            if self._overdue:
                self._slow_down(self._overdue.popleft())
            return
        while self._waiters:
            turn = self._waiters.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._young -= 1

    def _age(self, loop: asyncio.AbstractEventLoop, query: _Query, gone: Gone | None) -> None:
        """The end of a query's youth."""
        limits = self.limits
        if query.answer.done():
            return
        query.is_old = True
        self._order(forks.RENICE, query.worker)
        if not query.is_own:
            self._yield_place(query)
        # The worker's own alarm comes first.
        rest = limits.seconds - limits.youth + _GRACE
        query.timer = loop.call_later(rest, query.fail, TimeLimitError(limits.seconds))
        if gone:
            query.watch = loop.create_task(_watch(query, gone))

    def _yield_place(self, query: _Query) -> None:
        """Move a query that has got old to a slow place, or let it wait for one, or end it for others that wait."""
        if self._slow < self.limits.slow:
            self._slow_down(query)
        elif self._waiters:
            self._evict(query)
        else:
            self._overdue.append(query)

    def _slow_down(self, query: _Query) -> None:
        """Move an old query to a slow place."""
        self._slow += 1
        query.is_slow = True
        self._leave(False)

    def _evict(self, query: _Query) -> None:
        """End an old query whose place another one needs."""
        limits = self.limits
        what = f"the query took longer than {limits.youth:g} seconds, {limits.slow} others that do are running already"
        query.fail(self._busy(what + ", and shorter ones wait"))

    # From threads

    def ask(self, request: dict[str, Any]) -> Answer:
        """Do the work for a query of the server itself, and wait for it; for a thread.

        :param request: JSON value that the work takes.
        :returns: what the work gave.
        :raises TimeLimitError: it took longer than the time limit.
        :raises MemoryLimitError: it needed more memory than the limit.
        :raises CrashError: the worker died otherwise.
        :raises BusyError: its turn did not come in time.
        """
        if not self._own.acquire(timeout=self.limits.seconds):
            raise self._busy(f"{self.limits.own} pages are being answered and others wait")
        worker: _Worker | None = None
        is_whole = False
        try:
            worker = self._take()
            header, body, is_slow = self._wait(worker, wire.frame(request))
            if "died" in header:
                raise _death(header["died"], self.limits)
            is_whole = "last" not in header and not is_slow
            return header, body
        finally:
            self._own.release()
            if worker:
                self._give_back(worker, is_whole)

    def _wait(self, worker: _Worker, frame: bytes) -> tuple[dict[str, Any], bytes, bool]:
        connection, incoming = worker.connection, wire.Incoming()
        end = time.monotonic() + self.limits.seconds + _GRACE
        patience, is_slow = self.limits.youth, False
        _send_all(connection, frame)
        while True:
            if not worker.poll.poll(1000 * patience):
                if time.monotonic() >= end:
                    raise TimeLimitError(self.limits.seconds)
                if not is_slow:
                    is_slow = True
                    self._order(forks.RENICE, worker)
                patience = max(0.0, end - time.monotonic())
                continue
            try:
                data = connection.recv(_CHUNK)
            except OSError:
                data = b""
            if not data:
                raise CrashError
            whole = incoming.feed(data)
            if whole is not None:
                return *whole, is_slow

    # The workers

    def _take(self) -> _Worker:
        """Give an idle worker, or a new one; a new one's request waits for it in its connection."""
        while True:
            try:
                worker = self._idle.pop()
            except IndexError:
                return self._spawn()
            if worker.is_alive():
                return worker
            worker.connection.close()

    def _spawn(self) -> _Worker:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        number = next(self._numbers)
        with theirs:
            try:
                wire.order(self._control, forks.WORKER, number, theirs)
            except OSError as error:
                ours.close()
                raise CrashError("the query processes have ended") from error
        return _Worker(number, ours)

    def _give_back(self, worker: _Worker, is_whole: bool) -> None:
        """Take a worker back, or end it and have another forked when none waits."""
        if is_whole and not self._is_retired and len(self._idle) < self.limits.workers + self.limits.own:
            self._idle.append(worker)
            return
        self._order(forks.KILL, worker)
        worker.connection.close()
        if not self._idle and not self._is_retired:
            with contextlib.suppress(CrashError):
                self._idle.append(self._spawn())

    def _order(self, what: bytes, worker: _Worker) -> None:
        with contextlib.suppress(OSError):
            wire.order(self._control, what, worker.number)

    def _busy(self, what: str) -> BusyError:
        # The queue moves by so many queries each time that the youth of the running ones ends.
        retry = 1 + round(self.limits.youth * (1 + self.limits.queue / self.limits.workers))
        message = f"{what[0].upper()}{what[1:]} (ZORGKG_WORKERS); try again in a moment."
        return BusyError(message, self.limits.workers, retry)

    # The end

    def enter(self) -> bool:
        """Note that a request uses this version; returns whether it may, for it may have been closed meanwhile."""
        with self._lock:
            if self._is_retired and not self._users:
                return False
            self._users += 1
        return True

    def leave(self) -> None:
        """Note that a request has ended; after :meth:`retire` the last one closes."""
        with self._lock:
            self._users -= 1
            is_last = self._is_retired and self._users == 0
        if is_last:
            self.close()

    def retire(self) -> None:
        """Close as soon as no request uses this version any more."""
        with self._lock:
            self._is_retired = True
            is_last = self._users == 0
        if is_last:
            self.close()
        else:
            self._end_idle()

    def close(self) -> None:
        """Stop the parent, and the workers with it."""
        self._is_retired = True
        self._end_idle()
        self._control.close()

    def _end_idle(self) -> None:
        while self._idle:
            with contextlib.suppress(IndexError):
                self._idle.pop().connection.close()


def _ordered(
    control: socket.socket, what: bytes, number: int, told: dict[str, Any], body: bytes = b""
) -> socket.socket:
    """Order a process, tell it what to do, and return the connection to it."""
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            wire.order(control, what, number, theirs)
        except OSError as error:
            ours.close()
            raise CrashError("the query processes have ended") from error
    # It may die before it has read all; how, stands in the connection then.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        wire.send(ours, told, body)
    return ours


def _death(died: int | str, limits: Limits) -> LimitError | CrashError | BusyError:
    """Return the error that tells of a worker's death: an exit status, a negative signal, or "fork"."""
    if died == "fork":
        return BusyError("The machine has no process left for the query; try again in a moment.", limits.workers, 5)
    if died == -signal.SIGALRM:
        return TimeLimitError(limits.seconds)
    # Rust and C++ abort when there is no memory; the kernel kills when the machine has none.
    if died in (forks.OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL):
        return MemoryLimitError(limits.mebibytes)
    return CrashError(f"the query's process died ({died})")


def _read(loop: asyncio.AbstractEventLoop, query: _Query, incoming: wire.Incoming) -> None:
    try:
        data = query.worker.connection.recv(_CHUNK)
    except BlockingIOError:
        return
    except OSError:
        data = b""
    if query.answer.done():
        return
    if not data:
        query.answer.set_exception(CrashError())
        loop.remove_reader(query.worker.connection)
        return
    whole = incoming.feed(data)
    if whole is not None:
        query.answer.set_result(whole)
        loop.remove_reader(query.worker.connection)


async def _watch(query: _Query, gone: Gone) -> None:
    await gone()
    query.fail(GoneError())


def _give_up(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_exception(TimeoutError())


async def _send(loop: asyncio.AbstractEventLoop, connection: socket.socket, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        sent = connection.send(data)
        if sent < len(data):
            await loop.sock_sendall(connection, data[sent:])


def _send_all(connection: socket.socket, data: bytes) -> None:
    view = memoryview(data)
    # A worker that died before it had read all has told how, in the connection.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        while view:
            try:
                view = view[connection.send(view) :]
            except BlockingIOError:
                writable = select.poll()
                writable.register(connection, select.POLLOUT)
                writable.poll()
