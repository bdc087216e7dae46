"""Answers that may not become too large while they are written."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from zorgkg.engine.limits import ResultLimitError


class Bounded(BytesIO):
    """A binary file in memory that takes so many bytes.

    :param most: bytes that it takes.
    :param limit: the limit of an answer that is told when there are more; the same number without it.
    """

    def __init__(self, most: int, limit: int | None = None) -> None:
        super().__init__()
        self._most = most
        self._limit = limit or most

    def write(self, data: Any, /) -> int:
        """Take bytes.

        :raises ResultLimitError: they are too many.
        """
        taken = super().write(data)
        if self.tell() > self._most:
            raise ResultLimitError(self._limit)
        return taken
