"""Work in threads: what an engine gives in a thread is also let go of there."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Awaitable, Callable, Iterator
from functools import wraps
from queue import Full, Queue
from typing import Final, ParamSpec, TypeVar

from starlette.requests import Request

Given = ParamSpec("Given")
Result = TypeVar("Result")


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


_AHEAD: Final = 2
"""Pieces that are made before anybody takes them."""

_WAIT: Final = 0.5


def in_one_thread(make: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    """Give what an iterator gives that may be used by one thread only, to whichever threads ask for it.

    An iterator of a pyoxigraph store ends the whole process when another thread asks it for the next statement (PyO3:
    "unsendable"), and a streamed answer takes each piece in the thread that happens to be free.

    :param make: makes the iterator; it is called, and the iterator used and dropped, in a thread of its own.
    :raises Exception: what the iterator raised.
    """
    made: Queue[bytes | Exception | None] = Queue(_AHEAD)
    unwanted = threading.Event()

    def put(piece: bytes | Exception | None) -> bool:
        while not unwanted.is_set():
            try:
                made.put(piece, timeout=_WAIT)
            except Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            all(put(piece) for piece in make())
            put(None)
        except Exception as error:
            _clear(error)
            put(error)

    threading.Thread(target=work, name="stream", daemon=True).start()
    try:
        while (piece := made.get()) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece
    finally:
        unwanted.set()


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
