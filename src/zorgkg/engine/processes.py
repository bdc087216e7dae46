"""Query processes: each query from outside runs in a process of its own, with a limit on time and memory.

Nothing else stops a query of Oxigraph, and some texts overflow its parser's stack. One parent, forked before the server
has threads, holds the version in memory; it forks a child for each query (copy on write, a few milliseconds). The child
dies by its own alarm at the time limit, also inside native code, or by the memory limit, and takes nobody with it.
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
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NoReturn

Work = Callable[[dict[str, Any]], tuple[dict[str, Any], bytes]]
"""What a child does: takes a request, gives a header and a body. Both are JSON; the body is bytes."""

_LENGTHS: Final = struct.Struct(">QQ")
_REQUEST: Final = struct.Struct(">Q")


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


class QueryProcesses:
    """Runs work in processes of its own.

    :param work: what to do with a request; it runs in a child.
    :param limits: the limits of each child.
    """

    def __init__(self, work: Work, limits: Limits) -> None:
        self.limits = limits
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._free: asyncio.Semaphore | None = None
        self._admitted = 0
        sys.stdout.flush()
        sys.stderr.flush()
        self._parent = os.fork()
        if self._parent == 0:
            self._control.close()
            _serve(theirs, work, limits)
        theirs.close()

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
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._parent, 0)

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


def _serve(control: socket.socket, work: Work, limits: Limits) -> NoReturn:
    """The parent: forks a child for each connection that it is handed, until the server closes its end."""
    # Ctrl-C goes to the whole process group; the server decides when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
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
