"""The console: what the commands share in telling how far they are and what was wrong."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

Step = Callable[[str, int, int], None]
"""Called as (what is being done, steps done, steps in all)."""


class BadInput(Exception):
    """What the user gave cannot be used; the message is one sentence."""


class Progress:
    """A progress bar on standard error; where that is no terminal, a line a step.

    :param after: seconds before the bar is shown, for what is often done by then; it then writes no lines.
    """

    def __init__(self, after: float = 0.0) -> None:
        self._console = Console(stderr=True)
        self._bar = Bar(
            TextColumn("{task.description:<32}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        self._task = self._bar.add_task("reading", total=None)
        self._lines = not after
        self._timer = threading.Timer(after, self._bar.start)

    def __enter__(self) -> Step:
        if self._console.is_terminal:
            self._timer.start()
        return self._step

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._timer.cancel()
            # The bar must not begin after it has ended.
            self._timer.join()
            self._bar.stop()

    def _step(self, what: str, done: int, steps: int) -> None:
        if self._console.is_terminal:
            self._bar.update(self._task, description=what, completed=done, total=steps)
        elif self._lines:
            print(what, file=sys.stderr)
