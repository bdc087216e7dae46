"""Once: what is the same for a whole version is worked out when it is first needed, and kept while that is open."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from zorgkg.engine.interface import Engine
from zorgkg.web.problems import ProblemError

Made = TypeVar("Made")

PATIENCE = 2.0
"""Seconds that a request waits for another one that works it out: a crowd must not take all threads."""


class Once(Generic[Made]):
    """A value for each engine, and each subject, made by the first request that needs it."""

    def __init__(self, make: Callable[[Engine, str], Made], what: str) -> None:
        """Keep what a function makes.

        :param make: makes it, of an engine and what it is about; what it raises is not kept.
        :param what: what it makes, for the message to those who come meanwhile.
        """
        self._make = make
        self._what = what
        self._made: WeakKeyDictionary[Engine, dict[str, Made]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def __call__(self, engine: Engine, about: str = "") -> Made:
        """Return the value for an engine.

        :param about: what it is about, such as an IRI; "" for the whole graph.
        :raises ProblemError: 503, another request has been working it out for a while.
        """
        made = self._made.setdefault(engine, {})
        if about in made:
            return made[about]
        if not self._lock.acquire(timeout=PATIENCE):
            detail = f"{self._what} is being worked out for this version; try again in a moment"
            raise ProblemError(503, "busy", detail, {"Retry-After": "5"})
        try:
            if about not in made:
                made[about] = self._make(engine, about)
            return made[about]
        finally:
            self._lock.release()
