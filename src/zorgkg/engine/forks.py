"""What the forked processes do: the origin, the parents of versions, the workers that answer queries, and jobs.

The origin was forked from the server before that had threads. It forks a parent for each version that is opened, and a
process for each job. A parent prepares itself once (it reads the version) and forks workers, which share its memory
(copy on write) and answer query after query; or a successor, which takes the change to the next version and is its
parent. Each process does what it is told on its own connection and ends when the other side closes it.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import gc
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn, Protocol

from zorgkg.engine import memory, wire
from zorgkg.engine.limits import Limits

Job = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]
"""What a process of its own does once: takes a header (JSON) and a body, gives a header and a body."""


class Prepared(Protocol):
    """What a parent holds, such as a version in memory."""

    def work(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Answer a request (JSON) with a header (JSON) and a body; runs in a worker."""
        ...

    def succeed(self, told: dict[str, Any]) -> Prepared:
        """Become the next version; runs in the process that will be its parent."""
        ...


Prepare = Callable[[dict[str, Any]], Prepared]
"""What a parent does once: takes what it is told (JSON), as which version to open."""

READY: Final = "ready"
WORKER, SUCCESSOR, RENICE, KILL, PARENT, JOB = b"w", b"s", b"n", b"k", b"p", b"j"
"""The orders."""

OUT_OF_MEMORY: Final = 99
"""Exit status of a process in which Python found no memory."""

_MANY: Final = 2000
"""Queries after which a worker ends, so that what has leaked or lies in pieces is given back."""

_HEAVY_SECONDS, _HEAVY_BYTES, _HEAVY_MEMORY = 0.25, 4_000_000, 32 * 1024
"""A query beyond one of these (the last in KiB) is its worker's last, for the memory that it took stays with it.

The seconds are the processor's: on a busy machine a cheap query may wait as long for its turn.
"""

_IDLE: Final = 1.5
"""Seconds of rest after which the origin loads what its jobs need."""

_NICE: Final = 10
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


class _Children:
    """The children of this process, by number. How each one died is told on its own connection.

    :param control: where orders come from.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._pids: dict[int, int] = {}
        self._connections: dict[int, tuple[int, socket.socket]] = {}
        self._bell, self._ring = os.pipe()
        for end in (self._bell, self._ring):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, _nothing)
        signal.set_wakeup_fd(self._ring, warn_on_full_buffer=False)
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        self._poll.register(self._bell, select.POLLIN)

    def order(self, seconds: float | None) -> tuple[bytes, int, socket.socket | None] | None:
        """Wait for an order, and meanwhile bury children; returns None when none comes in time.

        :raises EOFError: there will be none any more.
        """
        while True:
            ready = {descriptor for descriptor, _ in self._poll.poll(None if seconds is None else 1000 * seconds)}
            if self._bell in ready:
                self._bury()
            if self._control.fileno() in ready:
                return wire.ordered(self._control)
            if not ready:
                return None

    def fork(self, number: int, connection: socket.socket, watched: bool) -> bool:
        """Fork a child; returns whether this is the child.

        :param watched: keep its connection, to tell there how it died.
        """
        try:
            child = os.fork()
        except OSError:
            # No process to be had: that fails this one alone.
            _tell(connection, {"died": "fork"})
            return False
        if child == 0:
            self._forget()
            return True
        if watched:
            self._pids[number] = child
            self._connections[child] = (number, socket.socket(fileno=os.dup(connection.fileno())))
        return False

    def renice(self, number: int) -> None:
        """Let a child step back for others."""
        if number in self._pids:
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._pids[number], _NICE)

    def kill(self, number: int) -> None:
        """End a child."""
        if number in self._pids:
            os.kill(self._pids[number], signal.SIGKILL)

    def _bury(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._bell, 4096)
        while True:
            try:
                child, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if child == 0:
                return
            if child in self._connections:
                number, connection = self._connections.pop(child)
                del self._pids[number]
                code = os.waitstatus_to_exitcode(status)
                if code != 0:
                    _tell(connection, {"died": code})
                connection.close()

    def _forget(self) -> None:
        """In a child: be nobody's parent."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(self._bell)
        os.close(self._ring)
        self._control.close()
        for _, connection in self._connections.values():
            connection.close()
        self._connections.clear()
        self._pids.clear()


def originate(
    control: socket.socket,
    prepare: Prepare,
    limits: Limits,
    jobs: Mapping[str, Job],
    preload: Callable[[], None] | None,
) -> NoReturn:
    """Be the origin until the server closes its end.

    :param control: orders come from there.
    :param prepare: what a parent does once.
    :param limits: of the workers.
    :param jobs: what a process of its own can be asked to do.
    :param preload: loads what the jobs need; called once, before the first job or when nothing else comes for a while.
    """
    # Ctrl-C goes to the whole process group; the server decides when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # How a process died is told to the server; a worker's stack is nothing for the log.
    faulthandler.disable()
    # The parent of a successor ends before it: the origin then buries it, for no one else might.
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    children = _Children(control)
    opened = False
    while True:
        try:
            order = children.order(_IDLE if opened and preload else None)
        except EOFError:
            os._exit(0)
        if preload and (order is None or order[0] == JOB):
            # Before a job too: each would load it for itself.
            _load(preload)
            preload = None
        if order is None:
            continue
        what, number, connection = order
        if connection is None:
            children.kill(number)
            continue
        with connection:
            opened = opened or what == PARENT
            if children.fork(number, connection, watched=what == JOB):
                if what == JOB:
                    _job(connection, jobs)
                _found(connection, prepare, limits)


def _load(preload: Callable[[], None]) -> None:
    """Load what jobs need; what cannot be loaded is told by the job that needs it."""
    with contextlib.suppress(Exception):
        preload()
    gc.freeze()


def _found(connection: socket.socket, prepare: Prepare, limits: Limits) -> NoReturn:
    """A parent, or a successor: prepares itself, tells that it is ready or why it is not, and serves."""
    try:
        told, _ = wire.receive(connection)
        try:
            prepared = prepare(told)
        except Exception as error:
            wire.send(connection, {"failed": f"{type(error).__name__}: {error}"})
            os._exit(1)
        # What is alive now stays so: a collection in a worker must not touch, and so copy, its pages.
        gc.collect()
        gc.freeze()
        wire.send(connection, {READY: True})
        _parent(connection, prepared, limits)
    finally:
        os._exit(1)


def _parent(control: socket.socket, prepared: Prepared, limits: Limits) -> NoReturn:
    """A parent that is ready: forks what it is told to, until the server closes its end."""
    children = _Children(control)
    while True:
        try:
            order = children.order(None)
        except EOFError:
            os._exit(0)
        if order is None:
            continue
        what, number, connection = order
        if connection is None:
            (children.renice if what == RENICE else children.kill)(number)
            continue
        with connection:
            if children.fork(number, connection, watched=what == WORKER):
                if what == SUCCESSOR:
                    _found(connection, prepared.succeed, limits)
                _worker(connection, prepared, limits)


def _worker(connection: socket.socket, prepared: Prepared, limits: Limits) -> NoReturn:
    """A worker: one request, one answer, until the server closes its end or a query was heavy."""
    status = 1
    try:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        _limit_memory(limits.mebibytes)
        most = _most_memory()
        for count in range(1, _MANY + 1):
            try:
                request, _ = wire.receive(connection)
            except (EOFError, OSError):
                break
            began = time.process_time()
            # The alarm's default action ends the process, also inside native code.
            signal.setitimer(signal.ITIMER_REAL, limits.seconds)
            header, body = prepared.work(request)
            signal.setitimer(signal.ITIMER_REAL, 0)
            if (
                count == _MANY
                or len(body) > _HEAVY_BYTES
                or time.process_time() - began > _HEAVY_SECONDS
                or _most_memory() - most > _HEAVY_MEMORY
            ):
                header["last"] = True
            wire.send(connection, header, body)
            if "last" in header:
                break
            del header, body
        status = 0
    except MemoryError:
        status = OUT_OF_MEMORY
    finally:
        os._exit(status)


def _job(connection: socket.socket, jobs: Mapping[str, Job]) -> NoReturn:
    status = 1
    try:
        asked, body = wire.receive(connection)
        _limit_memory(asked["mebibytes"])
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, asked["seconds"])
        header, answer = jobs[asked["job"]](asked["told"], body)
        signal.setitimer(signal.ITIMER_REAL, 0)
        wire.send(connection, {"told": header}, answer)
        status = 0
    except MemoryError:
        status = OUT_OF_MEMORY
    except BaseException as error:
        # The alarm may still end the process here; then that is what is told.
        with contextlib.suppress(Exception):
            wire.send(connection, {"failed": f"{type(error).__name__}: {error}"})
    finally:
        os._exit(status)


def _tell(connection: socket.socket, header: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        connection.send(wire.frame(header), socket.MSG_DONTWAIT)


def _nothing(*_: object) -> None:
    """A handler: the signal only has to wake the one who waits."""


def _most_memory() -> int:
    """The most memory that was in use at once, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _prctl(option: int, value: int) -> None:
    # Linux only; elsewhere a worker ends when its connection closes or its alarm goes off.
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _limit_memory(mebibytes: int) -> None:
    """Limit what this process takes beyond what it has, and let the kernel take it first."""
    memory.limit(mebibytes)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123
        file.write("1000")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
