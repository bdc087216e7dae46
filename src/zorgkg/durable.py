"""Durable: files that are written so that, killed at any moment, the old one stands or the new one, whole."""

from __future__ import annotations

import os
from pathlib import Path


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace a file in one step; whoever may do so at the same time holds a lock.

    :param path: the file; its folder is there.
    :param text: what it will hold, in UTF-8; ends of lines stay as they are.
    :param mode: who may read and write it.
    :raises OSError: the folder cannot be written, or the disk is full; the old file stands then.
    """
    # One name, so that what a killed process left goes with the next change.
    part = path.with_name(f".{path.name}.new")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
            opened.flush()
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Make what was written to a file, or to a folder's list of files, last.

    :param path: the file or folder.
    :raises OSError: it cannot be opened.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
