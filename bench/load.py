"""Load: requests on connections that are kept, as fast as they are answered, and how long each takes.

Each round tells the processor time that the generator itself took. It asks bare uvicorn as often as wrk does (measured:
33,000 and 31,000 requests a second on eight connections), so that no service here is slower for being asked by it.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

PATIENCE = 150
"""Seconds that a round waits for what is under way at its end."""


class BadAnswer(Exception):
    """A request got another status than 200, or none."""


@dataclass(frozen=True)
class Round:
    """What one or more rounds of load gave.

    :param latencies: seconds from each request to the end of its answer.
    :param seconds: how long it took.
    :param generator: the generator's processor time, in seconds.
    """

    latencies: list[float]
    seconds: float
    generator: float

    @property
    def throughput(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    def __add__(self, other: Round) -> Round:
        """Take rounds together."""
        return Round(self.latencies + other.latencies, self.seconds + other.seconds, self.generator + other.generator)


class Requests:
    """The requests of a round, one after the other.

    :param paths: paths in rotation.
    :param accept: Accept header.
    :param unique: whether each path gets a number of its own at its end, so that no answer can be a stored one.
    :param coding: Accept-Encoding header; empty for none.
    """

    _numbers = count(int(time.time() * 1000))

    def __init__(self, paths: Sequence[str], accept: str, unique: bool, coding: str = "") -> None:
        self.paths, self.accept, self.unique, self.coding = paths, accept, unique, coding

    def __iter__(self) -> Iterator[bytes]:
        for turn in count():
            path = self.paths[turn % len(self.paths)]
            yield self.of(path + str(next(self._numbers)) if self.unique else path)

    def of(self, path: str, host: str = "127.0.0.1") -> bytes:
        """Return a request."""
        coding = f"Accept-Encoding: {self.coding}\r\n" if self.coding else ""
        return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {self.accept}\r\n{coding}\r\n".encode("ascii")


def measure(port: int, requests: Requests, connections: int, seconds: float) -> Round:
    """Ask for some time.

    :param port: where the service listens, on the loopback address.
    :param requests: what to ask.
    :param connections: how many at once.
    :param seconds: for how long; what is under way then is waited for.
    :raises BadAnswer: a request was not answered with status 200.
    """
    return asyncio.run(_ask(port, requests, connections, seconds))


def get(port: int, path: str, accept: str, limit: float, coding: str = "") -> tuple[bytes, float]:
    """Ask once.

    :param coding: Accept-Encoding header; empty for none.
    :returns: the body, as it was sent, and the seconds until its end.
    :raises BadAnswer: the status is not 200, or there is no answer in time.
    """
    try:
        return asyncio.run(_get(port, Requests([path], accept, False, coding), limit))
    except TimeoutError:
        raise BadAnswer(f"no answer in {limit:.0f} s") from None


async def _get(port: int, requests: Requests, limit: float) -> tuple[bytes, float]:
    async with asyncio.timeout(limit):
        client = await _connect(port)
        try:
            start = time.perf_counter()
            body = await client.ask(next(iter(requests)))
            return body, time.perf_counter() - start
        finally:
            client.close()


async def _ask(port: int, requests: Requests, connections: int, seconds: float) -> Round:
    clients = [await _connect(port) for _ in range(connections)]
    texts, latencies = iter(requests), list[float]()
    used, start = time.process_time(), time.perf_counter()
    end = start + seconds

    async def loop(client: _Client) -> None:
        while (asked := time.perf_counter()) < end:
            await client.ask(next(texts))
            latencies.append(time.perf_counter() - asked)

    try:
        async with asyncio.timeout(seconds + PATIENCE):
            await asyncio.gather(*(loop(client) for client in clients))
    except TimeoutError:
        raise BadAnswer(f"no answer in {PATIENCE} s") from None
    finally:
        for client in clients:
            client.close()
    took = time.perf_counter() - start
    return Round(latencies, took, time.process_time() - used)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that so many per cent of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


async def _connect(port: int) -> _Client:
    _, client = await asyncio.get_running_loop().create_connection(_Client, "127.0.0.1", port)
    return client


class _Client(asyncio.Protocol):
    """One connection; it asks and waits for the end of the answer (RFC 9112)."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._answer: asyncio.Future[bytes] | None = None
        self._left: Callable[[], bytes | None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a stream's is one
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(BadAnswer(f"the connection was closed: {error}"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._answer is None or self._answer.done():
            return
        try:
            body = self._body()
        except BadAnswer as error:
            self._answer.set_exception(error)
            return
        if body is not None:
            self._received.clear()
            self._left = None
            self._answer.set_result(body)

    async def ask(self, request: bytes) -> bytes:
        """Send a request and return the answer's body.

        :raises BadAnswer: its status is not 200.
        """
        assert self._transport  # noqa: S101 - connected
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Close the connection."""
        if self._transport:
            self._transport.close()

    def _body(self) -> bytes | None:
        """The body when it is whole, else nothing."""
        if self._left is None:
            end = self._received.find(b"\r\n\r\n")
            if end < 0:
                return None
            head = bytes(self._received[:end]).lower()
            if not head.startswith(b"http/1.1 200"):
                raise BadAnswer(bytes(self._received[:500]).decode("utf-8", "replace"))
            fields = dict(line.split(b":", 1) for line in head.split(b"\r\n")[1:])
            if b"chunked" in fields.get(b"transfer-encoding", b""):
                self._left = _chunks(self._received, end + 4)
            else:
                self._left = _length(self._received, end + 4, int(fields[b"content-length"]))
        return self._left()


def _length(received: bytearray, start: int, length: int) -> Callable[[], bytes | None]:
    return lambda: bytes(received[start : start + length]) if len(received) >= start + length else None


def _chunks(received: bytearray, start: int) -> Callable[[], bytes | None]:
    """Read chunks as they come, each once (RFC 9112, section 7.1)."""
    body, at = bytearray(), start

    def left() -> bytes | None:
        nonlocal at
        while (end := received.find(b"\r\n", at)) >= 0:
            size = int(received[at:end].split(b";")[0], 16)
            if len(received) < end + 2 + size + 2:
                return None
            if size == 0:
                return bytes(body)
            body.extend(received[end + 2 : end + 2 + size])
            at = end + 2 + size + 2
        return None

    return left
