"""Work in threads: what an engine gives in a thread is also let go of there."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

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
