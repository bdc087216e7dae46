"""Limits of queries, and what is raised when one is exceeded: each message names the limit and its setting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of the query processes.

    :param seconds: wall-clock time a query may take.
    :param mebibytes: memory a query may take beyond what the version takes.
    :param workers: queries from outside that run at once.
    :param queue: queries that may wait for their turn.
    :param youth: seconds after which a query has to make room for others, and takes a slow place if there is one.
    :param slow: queries older than that which run at once.
    :param own: questions that run at once, and as many queries of the server itself, for pages.
    :param patience: seconds that a query may wait for its turn.
    """

    seconds: float = 10.0
    mebibytes: int = 1024
    workers: int = 8
    queue: int = 64
    youth: float = 0.5
    slow: int = 4
    own: int = 4
    patience: float = 10.0


class LimitError(Exception):
    """A limit ended the query.

    :param limit: the limit's value.
    :param setting: the setting that it comes from, "" where there is none.
    """

    def __init__(self, message: str, limit: float, setting: str = "") -> None:
        super().__init__(message)
        self.limit = limit
        self.setting = setting


class TimeLimitError(LimitError):
    """The query took longer than the time limit."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The query took longer than {seconds:g} seconds, the time limit (ZORGKG_TIMEOUT); ask for less at once.",
            seconds,
            "ZORGKG_TIMEOUT",
        )


class ResultLimitError(LimitError):
    """The answer became larger than the limit; it is never given in part."""

    def __init__(self, size: int) -> None:
        super().__init__(
            f"The answer is larger than {size:,} bytes, the limit of an answer (ZORGKG_MAX_RESULT); ask for it in "
            "parts with LIMIT and OFFSET, or for less at once.",
            size,
            "ZORGKG_MAX_RESULT",
        )


class CrashError(Exception):
    """The query's process died: its text broke the parser, or something else did."""

    def __init__(self, message: str = "the query's process died") -> None:
        super().__init__(message)


class MemoryLimitError(LimitError, CrashError):
    """The query's process died of the memory limit."""

    def __init__(self, mebibytes: int) -> None:
        super().__init__(
            f"The query needed more than {mebibytes} MiB of memory, the limit (ZORGKG_MEMORY); ask for less at once.",
            mebibytes,
            "ZORGKG_MEMORY",
        )


class BusyError(Exception):
    """The service has no process for the query now; the message says why."""

    def __init__(self, message: str, limit: float, retry: int) -> None:
        """Tell the limit that is reached, and after how many seconds it is worth coming back."""
        super().__init__(message)
        self.limit = limit
        self.retry = retry


class GoneError(Exception):
    """The client has gone away, so its query was ended."""
