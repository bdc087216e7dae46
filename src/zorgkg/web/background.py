"""Work in the background: one piece at a time, in a thread that a stop does not wait for, with rests in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Background:
    """Does one thing at a time."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._until = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether something is being done."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def is_resting(self) -> bool:
        """Whether it is too early for more."""
        return time.monotonic() < self._until

    def begin(self, work: Callable[[], None]) -> None:
        """Begin to do something; nothing else is being done.

        :param work: ends its own errors.
        """
        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    def rest(self, seconds: float) -> None:
        """Do nothing more for so many seconds."""
        self._until = time.monotonic() + seconds
