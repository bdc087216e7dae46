"""Programs that are started, waited for, measured and always ended."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

LOOK = 2.0
"""Seconds between two looks at what a program works."""

BUSY = 0.1
"""The part of a processor from which on a program is busy."""


class NotStarted(Exception):
    """The program ended, or did not answer in time; the message says what it wrote last."""


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


class Server:
    """A program that listens on the loopback address, with all that it starts.

    :param command: its command line.
    :param port: the port that it will listen on.
    :param ready: path whose answer (status 200) shows that it works.
    :param log: file for what it writes.
    :param environment: variables beside our own.
    :param limit: seconds until it must answer.
    :ivar seconds: from the start of the process to the end of the first answer.
    :raises NotStarted: it does not answer.
    """

    def __init__(
        self,
        command: Sequence[str],
        port: int,
        ready: str,
        log: Path,
        environment: Mapping[str, str] | None = None,
        limit: float = 120,
    ) -> None:
        self.port, self._log = port, log
        with log.open("wb") as file:
            start = time.perf_counter()
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
        try:
            self._wait(ready, limit)
        except BaseException:
            self.stop()
            raise
        self.seconds = time.perf_counter() - start

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """End the program and all that it started: first asked, then forced."""
        session = self._process.pid
        with contextlib.suppress(ProcessLookupError):
            os.killpg(session, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(15)
        for pid, _ in _members(session):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(15)

    def settle(self, limit: float = 300) -> float:
        """Wait until it works on nothing any more, such as what it reads into memory after its first answer.

        :param limit: the most seconds to wait.
        :returns: the seconds that this took.
        """
        start, before = time.perf_counter(), -1.0
        while (now := self._worked()) - before > BUSY * LOOK and time.perf_counter() - start < limit:
            before = now
            time.sleep(LOOK)
        return time.perf_counter() - start

    def _worked(self) -> float:
        """Processor time of the program and all that it started, in seconds."""
        ticks = sum(sum(map(int, fields[11:13])) for _, fields in _members(self._process.pid))
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Return the bytes of memory of the program and all that it started; what they share counts once (PSS)."""
        return sum(_pss(pid) for pid, _ in _members(self._process.pid))

    def _wait(self, ready: str, limit: float) -> None:
        end = time.perf_counter() + limit
        while time.perf_counter() < end:
            if self._process.poll() is not None:
                raise NotStarted(f"{self._process.args!r} ended: {self._last()}")
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=limit)
            try:
                connection.request("GET", ready, headers={"Accept": "*/*"})
                response = connection.getresponse()
                response.read()
                if response.status == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()
            time.sleep(0.01)
        raise NotStarted(f"{self._process.args!r} did not answer {ready} in {limit:.0f} s: {self._last()}")

    def _last(self) -> str:
        return self._log.read_text("utf-8", "replace")[-500:]


def run(command: Sequence[str], log: Path, limit: float = 1800, folder: Path | None = None) -> float:
    """Run a program to its end.

    :returns: the seconds that it took.
    :raises NotStarted: it failed, or took longer than the limit.
    """
    start = time.perf_counter()
    with log.open("wb") as file:
        try:
            subprocess.run(
                command,
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=limit,
                cwd=folder,
            )
        except (subprocess.SubprocessError, OSError) as error:
            written = log.read_text("utf-8", "replace")[-500:]
            raise NotStarted(f"{error}: {written}") from error
    return time.perf_counter() - start


def _members(session: int) -> list[tuple[int, list[str]]]:
    """The processes of a session, each with the fields of its state from the third on (proc(5))."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                # The name in parentheses may hold blanks: count from behind it.
                fields = (path / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
                if int(fields[3]) == session and fields[0] != "Z":
                    found.append((int(path.name), fields))
    return found


def _pss(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
