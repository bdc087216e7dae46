"""The memory of a process: a limit on what it takes beyond what it has, and what does not count."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator


def limit(mebibytes: int) -> None:
    """Limit the address space of this process to what is in use now and so much more."""
    now = _in_use()
    if now is None:
        return
    # A limit that the server itself was started under stays.
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    _set(now + mebibytes * 2**20, hard)


@contextlib.contextmanager
def uncounted() -> Iterator[None]:
    """Let what is done here take memory without counting: it is the version's, not a query's."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = _in_use()
    if before is None or soft == resource.RLIM_INFINITY:
        yield
        return
    _set(hard, hard)
    try:
        yield
    finally:
        _set(soft + (_in_use() or before) - before, hard)


def _set(soft: int, hard: int) -> None:
    within = soft if hard == resource.RLIM_INFINITY or soft == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(resource.RLIMIT_AS, (within, hard))


def _in_use() -> int | None:
    """Bytes of address space; None where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return None
