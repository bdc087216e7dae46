"""Answers that may not become too large while they are written."""

from __future__ import annotations

from zorgkg.engine.limits import ResultLimitError


class Bounded:
    """A binary file that takes so many bytes.

    :param most: bytes that it takes.
    :param limit: the limit of an answer that is told when there are more; the same number without it.
    """

    def __init__(self, most: int, limit: int | None = None) -> None:
        self._parts: list[bytes] = []
        self._most = most
        self._limit = limit or most
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take bytes.

        :raises ResultLimitError: they are too many.
        """
        self._size += len(data)
        if self._size > self._most:
            raise ResultLimitError(self._limit)
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: all is here."""

    def value(self) -> bytes:
        """Return what was written."""
        return b"".join(self._parts)
