"""Connections to the index of a version: one for each thread that asks at this moment, none once it is let go."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

_STEPS: Final = 50_000
"""Steps of SQLite between two looks at the clock: a few milliseconds, so that most questions need none."""

_MAPPED: Final = 2**30
"""Bytes of a file that are read in place, without being copied."""


def address(path: Path) -> str:
    """Return the URI with which SQLite opens a file that nobody changes."""
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"


def rows(connection: sqlite3.Connection, columns: str, sql: str, values: Sequence[object] = ()) -> list[Any]:
    """Read rows, in no order, as one value.

    Python's lock is given up and taken again for each row that SQLite gives. Where other threads compute, taking it
    costs five milliseconds each time: a search that reads some hundred rows would take a second.

    :param connection: where to read.
    :param columns: what to read of each row.
    :param sql: a SELECT that has these columns.
    :param values: of its parameters.
    :returns: a list for each row; with one column, its values.
    """
    one = columns if "," not in columns else f"json_array({columns})"
    (found,) = connection.execute(f"SELECT json_group_array({one}) FROM ({sql})", values).fetchone()
    return cast(list[Any], json.loads(found))


class TooSlow(Exception):
    """A question took longer than it may."""


class Connections:
    """Connections to files that nobody changes.

    :param full: the index of a whole version.
    :param changes: what changed since, or None.
    :raises sqlite3.DatabaseError: a file is not there, or no index.
    """

    def __init__(self, full: Path, changes: Path | None) -> None:
        self._full, self._changes = full, changes
        self._free: list[sqlite3.Connection] = []
        self._lock = threading.Condition()
        self._closed = False
        # Kept for those who come when the version's folder is gone already.
        self._free.append(self._connect())

    @contextmanager
    def use(self, seconds: float) -> Iterator[sqlite3.Connection]:
        """Give a connection to one thread.

        :param seconds: how long what is asked may take together.
        :raises TooSlow: it took longer.
        """
        connection = self._take()
        until = time.monotonic() + seconds
        connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            yield connection
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise TooSlow(f"searching took longer than {seconds:g} seconds") from None
            raise
        finally:
            connection.set_progress_handler(None, 0)
            self._give(connection)

    def close(self) -> None:
        """Close the connections; those that are in use when they are given back."""
        with self._lock:
            self._closed = True
            free, self._free = self._free, []
            self._lock.notify_all()
        for connection in free:
            connection.close()

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._free:
                return self._free.pop()
        try:
            return self._connect()
        except sqlite3.DatabaseError:
            # The version was pruned while it is open; those that have connections give them back.
            with self._lock:
                self._lock.wait_for(lambda: self._free or self._closed)
                if self._closed:
                    raise
                return self._free.pop()

    def _give(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._free.append(connection)
                self._lock.notify()
                return
        connection.close()

    def _connect(self) -> sqlite3.Connection:
        # One thread after the other uses it, never two at once.
        connection = sqlite3.connect(address(self._full), uri=True, check_same_thread=False, isolation_level=None)
        try:
            if self._changes:
                connection.execute("ATTACH DATABASE ? AS changes", (address(self._changes),))
            connection.execute(f"PRAGMA mmap_size={_MAPPED}")
            connection.execute("PRAGMA query_only=1")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection
