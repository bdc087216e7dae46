"""Query processes: each query from outside runs in a process of its own, with a limit on time and memory.

Nothing else stops a query of Oxigraph, and some texts overflow its parser's stack. One parent for each open version
holds it in memory and forks a child for each query (copy on write, a few milliseconds). The child dies by its own alarm
at the time limit, also inside native code, or by the memory limit, and takes nobody with it. The parents themselves are
forked by one process that was forked before the server had threads, so that a version can be opened at any time.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NoReturn

Work = Callable[[dict[str, Any]], tuple[dict[str, Any], bytes]]
"""What a child does: takes a request, gives a header and a body. Both are JSON; the body is bytes."""

Prepare = Callable[[dict[str, Any]], Work]
"""What a parent does once: takes what it is told (JSON), as which version to open, and gives its children's work."""

_LENGTHS: Final = struct.Struct(">QQ")
_REQUEST: Final = struct.Struct(">Q")
_MESSAGE: Final = 2**16
_READY: Final = b"ready"


class TimeLimitError(Exception):
    """The query took longer than the time limit."""


class CrashError(Exception):
    """The query's process died: it ran into the memory limit, or its text broke the parser."""


class BusyError(Exception):
    """All processes are in use and the queue is full, or no process came free in time."""


@dataclass(frozen=True)
class Limits:
    """Limits of the query processes.

    :param seconds: wall-clock time a query may take.
    :param mebibytes: memory a query may take beyond what the version takes.
    :param workers: queries that run at once.
    :param queue: queries that may wait for their turn.
    """

    seconds: float = 10.0
    mebibytes: int = 1024
    workers: int = 8
    queue: int = 64


class Origin:
    """The process from which the parents are forked: it has neither threads nor connections.

    :param prepare: what a parent does once.
    :param limits: the limits of each child.
    """

    def __init__(self, prepare: Prepare, limits: Limits) -> None:
        self.limits = limits
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._one = threading.Lock()
        sys.stdout.flush()
        sys.stderr.flush()
        self._process = os.fork()
        if self._process == 0:
            # Whatever happens there, that process must never go on as a second server.
            try:
                self._control.close()
                _raise_parents(theirs, prepare, limits)
            finally:
                os._exit(1)
        theirs.close()

    def parent(self, told: dict[str, Any]) -> QueryProcesses:
        """Fork a parent, and wait until it is ready.

        :param told: JSON value for the preparation, at most 60,000 bytes of it.
        :raises CrashError: it could not be prepared; the message says why.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with self._one, theirs:
            try:
                socket.send_fds(self._control, [json.dumps(told).encode()], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise CrashError("the query processes have ended") from error
            theirs.close()
            # The answer is waited for before the next message, so that two messages never run into each other.
            ready = ours.recv(_MESSAGE)
        if ready != _READY:
            ours.close()
            raise CrashError(ready.decode() or "the process ended while it was being prepared")
        return QueryProcesses(ours, self.limits)

    def close(self) -> None:
        """Stop; parents end when they are closed."""
        self._control.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._process, 0)


class QueryProcesses:
    """Runs work in processes of its own; made by :meth:`Origin.parent`.

    :param control: connection to the parent.
    :param limits: the limits of each child.
    """

    def __init__(self, control: socket.socket, limits: Limits) -> None:
        self.limits = limits
        self._control = control
        self._free: asyncio.Semaphore | None = None
        self._admitted = 0

    @property
    def running(self) -> int:
        """How many pieces of work run now."""
        return min(self._admitted, self.limits.workers)

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return self._admitted - self.running

    async def run(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Do the work for a request in a child.

        :param request: JSON value that the work takes.
        :returns: what the work gave.
        :raises TimeLimitError: it took longer than the time limit.
        :raises CrashError: the child died otherwise.
        :raises BusyError: no process is free.
        """
        if self._free is None:
            self._free = asyncio.Semaphore(self.limits.workers)
        if self._admitted >= self.limits.workers + self.limits.queue:
            raise BusyError
        self._admitted += 1
        try:
            try:
                await asyncio.wait_for(self._free.acquire(), self.limits.seconds)
            except TimeoutError:
                raise BusyError from None
            try:
                return await self._ask(request)
            finally:
                self._free.release()
        finally:
            self._admitted -= 1

    def close(self) -> None:
        """Stop the parent; children end by their own alarm at the latest."""
        self._control.close()

    async def _ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            try:
                socket.send_fds(self._control, [b"q"], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise CrashError from error
        start = asyncio.get_running_loop().time()
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        try:
            text = json.dumps(request).encode()
            writer.write(_REQUEST.pack(len(text)) + text)
            await writer.drain()
            head, body = _LENGTHS.unpack(await reader.readexactly(_LENGTHS.size))
            return json.loads(await reader.readexactly(head)), await reader.readexactly(body)
        except (asyncio.IncompleteReadError, ConnectionError):
            # The child closed without an answer. Which limit ended it shows in how long it lived.
            lived = asyncio.get_running_loop().time() - start
            raise (TimeLimitError if lived >= self.limits.seconds * 0.95 else CrashError) from None
        finally:
            writer.close()


def _raise_parents(control: socket.socket, prepare: Prepare, limits: Limits) -> NoReturn:
    """The origin: forks a parent for each connection that it is handed, until the server closes its end."""
    # Ctrl-C goes to the whole process group; the server decides when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, _MESSAGE, 1)
        if not message:
            os._exit(0)
        with socket.socket(fileno=descriptors[0]) as connection:
            try:
                child = os.fork()
            except OSError:
                # No process to be had: the closed connection fails this version alone.
                continue
            if child == 0:
                try:
                    control.close()
                    _parent(connection, prepare, json.loads(message), limits)
                finally:
                    os._exit(1)


def _parent(connection: socket.socket, prepare: Prepare, told: dict[str, Any], limits: Limits) -> NoReturn:
    """A parent: prepares itself, tells that it is ready or why it is not, and serves."""
    try:
        work = prepare(told)
    except Exception as error:
        connection.sendall(f"{type(error).__name__}: {error}".encode()[:_MESSAGE])
        os._exit(1)
    connection.sendall(_READY)
    _serve(connection, work, limits)


def _serve(control: socket.socket, work: Work, limits: Limits) -> NoReturn:
    """The parent: forks a child for each connection that it is handed, until the server closes its end."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            os._exit(0)
        with socket.socket(fileno=descriptors[0]) as connection:
            try:
                child = os.fork()
            except OSError:
                # No process to be had: the closed connection fails this query alone.
                continue
            if child == 0:
                control.close()
                _child(connection, work, limits)


def _child(connection: socket.socket, work: Work, limits: Limits) -> NoReturn:
    """A child: one request, one answer. The default action of the alarm ends it, also inside native code."""
    status = 1
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, limits.seconds)
        _limit_memory(limits.mebibytes)
        with connection, connection.makefile("rwb") as stream:
            (length,) = _REQUEST.unpack(stream.read(_REQUEST.size))
            header, body = work(json.loads(stream.read(length)))
            head = json.dumps(header).encode()
            stream.write(_LENGTHS.pack(len(head), len(body)) + head)
            stream.write(body)
            stream.flush()
        status = 0
    finally:
        os._exit(status)


def _limit_memory(mebibytes: int) -> None:
    """Limit the address space to what is in use now and so much more."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            now = int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return
    # A limit that the server itself was started under stays.
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = now + mebibytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
