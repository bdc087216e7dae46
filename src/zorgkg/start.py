"""The installed command, and `python -m zorgkg`: for the service, memory is set up first."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Final, NoReturn

_TUNABLES: Final = "GLIBC_TUNABLES"
_ALLOCATOR: Final = "glibc.malloc.tcache_count=500"
"""Freed pieces of one size that a thread keeps at hand; glibc's own seven are few for a query, which takes thousands.
"""


def entry() -> NoReturn:
    """Run the command line, and end with its exit status."""
    if sys.argv[1:2] == ["serve"]:
        _with_allocator()
    # Loaded only now: what begins anew has loaded nothing in vain.
    from zorgkg.cli import main

    sys.exit(main())


def _with_allocator() -> None:
    """Begin anew with the allocator's settings, which glibc reads only when a program begins.

    Those that the operator has set stay. Another C library takes no notice.
    """
    if sys.platform == "linux" and sys.executable and _TUNABLES not in os.environ:
        os.environ[_TUNABLES] = _ALLOCATOR
        with contextlib.suppress(OSError):
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606
