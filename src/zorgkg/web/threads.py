"""Work in threads: what an engine gives in a thread is also let go of there."""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

Given = ParamSpec("Given")
Result = TypeVar("Result")

_AHEAD: Final = 4
"""Chunks that are made before somebody takes them."""


def released(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Make a function that runs in a thread leave nothing behind when it fails.

    pyoxigraph's answers may only be dropped in the thread that made them (PyO3: "unsendable"); dropped elsewhere they
    leak. An exception takes the frames of its traceback along to the event loop, and with them any answer in a local
    variable.

    :param function: the function.
    :returns: the function, which clears those frames before its exception leaves the thread.
    """

    @wraps(function)
    def call(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            _clear(error)
            raise

    return call


async def streamed(make: Callable[[], Iterator[bytes]]) -> AsyncIterator[bytes]:
    """Give what an iterator gives that runs in one thread from its beginning to its end.

    pyoxigraph's iterators abort the process when another thread than the one that made them goes on with them; a
    framework takes any thread for each step.

    :param make: makes the iterator, in that thread.
    """
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes | Exception | None] = asyncio.Queue(_AHEAD)
    stopped = threading.Event()

    def put(chunk: bytes | Exception | None) -> None:
        asyncio.run_coroutine_threadsafe(chunks.put(chunk), loop).result()

    def produce() -> None:
        try:
            for chunk in make():
                put(chunk)
                if stopped.is_set():
                    return
            put(None)
        except Exception as error:
            _clear(error)
            put(error)

    producing = asyncio.ensure_future(run_in_threadpool(produce))
    try:
        while (chunk := await chunks.get()) is not None:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk
    finally:
        # Whoever reads has gone away, perhaps: the thread puts one more at most, and sees it then.
        stopped.set()
        while not producing.done():
            while not chunks.empty():
                chunks.get_nowait()
            await asyncio.wait([producing], timeout=0.01)


def disconnection(request: Request) -> Callable[[], Awaitable[None]]:
    """Return what waits until a client has gone away.

    :param request: its body has been read, or there is none to read.
    """

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    return gone


def _clear(error: BaseException | None) -> None:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
