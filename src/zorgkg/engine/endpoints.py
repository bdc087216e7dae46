"""Query endpoints of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/): replicas of one graph, which
take over from each other. What they answer is bytes here; zorgkg.engine.remote reads them."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import math
import re
import ssl
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit
from weakref import WeakKeyDictionary

import httpx

from zorgkg.engine.interface import Dataset, EngineError, QuerySyntaxError
from zorgkg.engine.limits import BusyError, ResultLimitError, TimeLimitError
from zorgkg.terms import BASE

Result = TypeVar("Result")

AGAIN: Final = 5.0
"""Seconds after which a replica that failed is tried again, and between two looks at each."""

HELD: Final = 65_536
"""Bytes of an answer that are held back, so that what goes wrong before them is still told with its status."""

_CONNECT: Final = 3.0
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "identity"}
_ENDED: Final = re.compile(r"tim(?:e|ed)[ -]?out|time limit|cancell?ed|S1T00", re.IGNORECASE)
_SHORT: Final = 300

_log = logging.getLogger("zorgkg.engine")


class EndpointError(EngineError):
    """The endpoint cannot be reached, failed, or gave what is no answer."""


class SlowEndpointError(EndpointError):
    """The endpoint ended the query by a time limit of its own."""


class BusyEndpointError(EndpointError):
    """The endpoint takes no query now.

    :param retry: value of its Retry-After header.
    """

    def __init__(self, message: str, retry: str) -> None:
        super().__init__(message)
        self.retry = retry


class _FailedError(EndpointError):
    """This replica failed; another one may answer.

    :param received: whether it may have received the query.
    """

    def __init__(self, message: str, received: bool) -> None:
        super().__init__(message)
        self.received = received


@dataclass
class Endpoint:
    """One query endpoint.

    :param url: its address, without credentials.
    :param name: what it is called in messages and the log: its address without credentials and parameters.
    :param login: user and password.
    :param asleep: until when it is passed over, on the monotonic clock.
    """

    url: str
    name: str
    login: tuple[str, str] | None = field(default=None, repr=False)
    asleep: float = 0.0

    @classmethod
    def of(cls, url: str) -> Endpoint:
        """Make one of a URL that may hold credentials."""
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        login = (unquote(parts.username or ""), unquote(parts.password or "")) if "@" in parts.netloc else None
        bare = urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))
        return cls(bare, urlunsplit((parts.scheme, host, parts.path or "/", "", "")), login)


@dataclass(frozen=True)
class Asked:
    """A query as it is sent.

    :param text: the query.
    :param dataset: the dataset given by protocol.
    :param accept: the media types that are wanted.
    """

    text: str
    dataset: Dataset
    accept: str


class Sink(Protocol):
    """Takes an answer as it arrives."""

    def begin(self, media: str) -> None:
        """Take the media type; what came before is void, for another replica answers.

        :raises EndpointError: it is too late to begin anew.
        """

    def take(self, chunk: bytes) -> None:
        """Take bytes."""


class Whole:
    """An answer that is kept until it is complete.

    :param most: the most bytes that it may have.
    """

    def __init__(self, most: int) -> None:
        self.media = ""
        self._most = most
        self._parts: list[bytes] = []
        self._size = 0

    @property
    def body(self) -> bytes:
        """The bytes."""
        return b"".join(self._parts)

    def begin(self, media: str) -> None:
        """See :meth:`Sink.begin`."""
        self.media = media
        self._parts, self._size = [], 0

    def take(self, chunk: bytes) -> None:
        """See :meth:`Sink.take`."""
        self._size += len(chunk)
        if self._size > self._most:
            raise ResultLimitError(self._most)
        self._parts.append(chunk)


class Arriving:
    """An answer that is passed on while it arrives.

    It is read as fast as the endpoint gives it, whatever the client does, so that a slow client holds no query.

    :param most: the most bytes that it may have.
    """

    def __init__(self, most: int) -> None:
        self.media = ""
        self._most = most
        self._parts: deque[bytes] = deque()
        self._size = 0
        self._is_passed_on = False
        self._news = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None

    def begin(self, media: str) -> None:
        """See :meth:`Sink.begin`."""
        if self._is_passed_on:
            raise EndpointError("the answer broke off")
        self.media = media
        self._parts.clear()
        self._size = 0

    def take(self, chunk: bytes) -> None:
        """See :meth:`Sink.take`."""
        self._size += len(chunk)
        if self._size > self._most:
            raise ResultLimitError(self._most)
        self._parts.append(chunk)
        self._news.set()

    async def start(self, reading: Coroutine[Any, Any, None]) -> None:
        """Read, and return when the answer has arrived or so much of it that it can be passed on."""
        self._reading = asyncio.create_task(reading)
        self._reading.add_done_callback(lambda _: self._news.set())
        try:
            while not self._reading.done() and self._size < HELD:
                self._news.clear()
                await self._news.wait()
        except asyncio.CancelledError:
            self._reading.cancel()
            raise
        if self._reading.done():
            self._reading.result()

    @property
    def is_whole(self) -> bool:
        """Whether all of it has arrived."""
        return self._reading is not None and self._reading.done()

    async def whole(self) -> bytes:
        """Return all of it."""
        if self._reading:
            try:
                await self._reading
            finally:
                self._reading.cancel()
        return b"".join(self._parts)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield its bytes as they arrive.

        :raises EngineError: it broke off.
        """
        if self._reading is None:
            return
        self._is_passed_on = True
        try:
            while True:
                while self._parts:
                    yield self._parts.popleft()
                if self._reading.done():
                    self._reading.result()
                    return
                self._news.clear()
                await self._news.wait()
        finally:
            self._reading.cancel()


@dataclass
class _Connections:
    """What one event loop has: a pool of connections, and how many queries from outside use it."""

    client: httpx.AsyncClient
    free: asyncio.Semaphore
    admitted: int = 0


class Endpoints:
    """The replicas of one graph. Used from threads and from event loops at once.

    :param urls: their query endpoints; the first is the one that takes writes.
    :param seconds: time that a query may take.
    :param most: the most bytes that an answer may have.
    :param workers: queries from outside that run at once.
    :param queue: queries from outside that may wait for their turn.
    """

    def __init__(
        self, urls: Iterable[str], seconds: float = 10.0, most: int = 50_000_000, workers: int = 8, queue: int = 64
    ) -> None:
        self.all = [Endpoint.of(url) for url in urls]
        self.seconds = seconds
        self.most = most
        self._workers = workers
        self._queue = queue
        self._turn = itertools.count()
        self._lock = threading.Lock()
        self._connections: WeakKeyDictionary[asyncio.AbstractEventLoop, _Connections] = WeakKeyDictionary()
        self._own: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """What they are called in messages."""
        return " or ".join(endpoint.name for endpoint in self.all)

    def fetch(self, asked: Asked, seconds: float | None = None) -> tuple[str, bytes]:
        """Return the media type and the bytes of an answer; for threads.

        :param seconds: time that the query may take, when it is another.
        :raises QuerySyntaxError: the endpoint says that it is no SPARQL query.
        :raises EndpointError: no endpoint answered.
        :raises TimeLimitError: it took too long.
        :raises ResultLimitError: the answer is too large.
        """
        sink = Whole(self.most)
        self._run(self._receive(asked, sink, seconds or self.seconds))
        return sink.media, sink.body

    async def stream(self, asked: Asked) -> Arriving:
        """Return an answer that is arriving, to a query from outside; for the running event loop.

        :raises BusyError: too many queries from outside are running and waiting.
        :raises EngineError: as for :meth:`fetch`; also what is raised while the rest arrives.
        """
        sink = Arriving(self.most)

        async def admitted() -> None:
            async with self._admitted():
                await self._receive(asked, sink, self.seconds)

        await sink.start(admitted())
        return sink

    async def look(self) -> None:
        """See which of the endpoints answer."""
        asked = Asked("ASK {}", Dataset(), "application/sparql-results+json, */*;q=0.1")
        for endpoint in self.all:
            sink = Whole(10_000)
            try:
                async with asyncio.timeout(_CONNECT):
                    await self._ask(endpoint, asked, sink, _CONNECT)
                self._awake(endpoint)
            except BusyEndpointError:
                continue
            except (EngineError, QuerySyntaxError, TimeoutError) as error:
                self._pass_over(endpoint, str(error) or "no answer in time")

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        with self._lock:
            connections = self._connections.pop(asyncio.get_running_loop(), None)
        if connections:
            await connections.client.aclose()

    def close(self) -> None:
        """Close the connections that threads use."""
        with self._lock:
            loop, thread, self._own, self._thread = self._own, self._thread, None, None
        if loop and thread:
            asyncio.run_coroutine_threadsafe(self.aclose(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        with self._lock:
            if self._own is None:
                # One loop for all threads, so that a time limit ends a query wherever it hangs.
                self._own = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._own.run_forever, name="remote engine", daemon=True)
                self._thread.start()
            loop = self._own
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    def _here(self) -> _Connections:
        loop = asyncio.get_running_loop()
        with self._lock:
            if loop not in self._connections:
                secure = any(endpoint.url.startswith("https:") for endpoint in self.all)
                client = httpx.AsyncClient(
                    # The context of the system, made only when it is needed; neither proxies nor a netrc file.
                    verify=ssl.create_default_context() if secure else False,
                    trust_env=False,
                    follow_redirects=False,
                    timeout=httpx.Timeout(None, connect=min(_CONNECT, self.seconds)),
                    limits=httpx.Limits(max_connections=None, max_keepalive_connections=50),
                )
                self._connections[loop] = _Connections(client, asyncio.Semaphore(self._workers))
            return self._connections[loop]

    @asynccontextmanager
    async def _admitted(self) -> AsyncIterator[None]:
        here = self._here()
        busy = f"{self._workers} queries are running and others wait; try again in a moment."
        if here.admitted >= self._workers + self._queue:
            raise BusyError(busy, self._workers, 1)
        here.admitted += 1
        try:
            try:
                await asyncio.wait_for(here.free.acquire(), self.seconds)
            except TimeoutError:
                raise BusyError(busy, self._workers, math.ceil(self.seconds)) from None
            try:
                yield
            finally:
                here.free.release()
        finally:
            here.admitted -= 1

    async def _receive(self, asked: Asked, sink: Sink, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._of_any(asked, sink, seconds)
        except TimeoutError:
            raise TimeLimitError(seconds) from None

    async def _of_any(self, asked: Asked, sink: Sink, seconds: float) -> None:
        """Ask one replica after the other, until one answers."""
        received = 0
        failure: EndpointError | None = None
        order = self._order()
        # A connection that was kept open may have been closed at the other end just now.
        for endpoint in [*order, *order] if len(order) == 1 else order:
            try:
                await self._ask(endpoint, asked, sink, seconds)
                self._awake(endpoint)
                return
            except BusyEndpointError as error:
                failure = error
            except _FailedError as error:
                failure = error
                self._pass_over(endpoint, str(error))
                received += error.received
                # A query that brings servers down is not given to all of them.
                if received == 2 or (len(order) == 1 and not error.received):
                    break
        raise failure or EndpointError("there is no endpoint")

    async def _ask(self, endpoint: Endpoint, asked: Asked, sink: Sink, seconds: float) -> None:
        here = self._here()
        request = here.client.build_request(
            "POST", endpoint.url, content=_form(endpoint, asked, seconds), headers={**_FORM, "Accept": asked.accept}
        )
        login = httpx.BasicAuth(*endpoint.login) if endpoint.login else None
        try:
            response = await here.client.send(request, stream=True, auth=login)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _FailedError(f"{endpoint.name} cannot be reached ({_told(error)})", False) from None
        except httpx.TransportError as error:
            raise _FailedError(f"{endpoint.name} broke off ({_told(error)})", True) from None
        try:
            if response.status_code not in (200, 206):
                raise await _refusal(endpoint, response)
            if response.status_code == 206 or response.headers.get("x-sql-state", "") == "S1TAT":
                # Virtuoso gives what it has found until its time limit.
                raise SlowEndpointError(f"{endpoint.name} ended the query by its own time limit")
            sink.begin(response.headers.get("content-type", "").partition(";")[0].strip().lower())
            async for chunk in response.aiter_bytes():
                sink.take(chunk)
        except httpx.TransportError as error:
            raise _FailedError(f"{endpoint.name} broke off ({_told(error)})", True) from None
        except httpx.DecodingError:
            raise EndpointError(f"{endpoint.name} gave an answer in a coding that was not asked for") from None
        finally:
            await response.aclose()

    def _order(self) -> list[Endpoint]:
        """The replicas, each in its turn first; those that failed just now at the end."""
        turn, now = next(self._turn) % len(self.all), time.monotonic()
        return sorted(self.all[turn:] + self.all[:turn], key=lambda endpoint: endpoint.asleep > now)

    def _pass_over(self, endpoint: Endpoint, why: str) -> None:
        now = time.monotonic()
        if not endpoint.asleep:
            _log.warning("%s; it is tried again every %g seconds", why, AGAIN)
        endpoint.asleep = now + AGAIN

    def _awake(self, endpoint: Endpoint) -> None:
        if endpoint.asleep:
            _log.warning("%s answers again", endpoint.name)
            endpoint.asleep = 0.0


def _form(endpoint: Endpoint, asked: Asked, seconds: float) -> bytes:
    # Relative IRIs are ours, whatever the endpoint's address; the query's own BASE still holds after this one.
    fields = [("query", f"BASE <{BASE}>\n{asked.text}")]
    fields += [("default-graph-uri", iri) for iri in asked.dataset.default_graphs]
    fields += [("named-graph-uri", iri) for iri in asked.dataset.named_graphs]
    if "timeout" not in dict(parse_qsl(urlsplit(endpoint.url).query, keep_blank_values=True)):
        # Whole seconds, as Fuseki and GraphDB have it; a second more than ours, so that ours tells what happened.
        fields.append(("timeout", str(math.ceil(seconds) + 1)))
    return urlencode(fields).encode()


async def _refusal(endpoint: Endpoint, response: httpx.Response) -> Exception:
    """Return what tells of an answer that is none."""
    told = b""
    with contextlib.suppress(httpx.HTTPError):
        async for chunk in response.aiter_bytes():
            told += chunk
            if len(told) > 10_000:
                break
    status, text = response.status_code, cut(told.decode(errors="replace"))
    if status == 400:
        return QuerySyntaxError(_placed(text))
    if status >= 500 and _ENDED.search(told.decode(errors="replace")):
        return SlowEndpointError(f"{endpoint.name} ended the query by its own time limit")
    if status in (429, 503):
        retry = response.headers.get("retry-after", "")
        return BusyEndpointError(f"{endpoint.name} takes no query now", retry if retry.isdigit() else "5")
    return _FailedError(f"{endpoint.name} answered with status {status}", status >= 500)


def _placed(text: str) -> str:
    """Write a parser's message with its place as ours does, counted without the line that was put before the query."""
    place = re.search(r"error at (\d+):(\d+): (.*)", text) or re.search(r"line[ :]*(\d+),? column[ :]*(\d+)(.*)", text)
    if not place:
        return text
    line, column, rest = int(place.group(1)) - 1, place.group(2), place.group(3)
    return f"error at {max(line, 1)}:{column}: {rest.strip(' .:')}"


def cut(text: str) -> str:
    """Return a message of a server on one line, shortened."""
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else text[:_SHORT] + " …"


def _told(error: Exception) -> str:
    return cut(str(error)) or type(error).__name__
