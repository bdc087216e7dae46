"""A dataset package as one file: a zip archive, unpacked with care."""

from __future__ import annotations

import stat
import zipfile
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final

MOST_FILES: Final = 1000
MOST_BYTES: Final = 500_000_000


class BadArchive(Exception):
    """The archive cannot be unpacked; the message says why."""


def unpack(body: bytes, folder: Path) -> None:
    """Unpack the files of a package.

    :param body: a zip archive. A single folder around all files, as file managers make it, is left out.
    :param folder: where to; it is there and empty.
    :raises BadArchive: it is no zip archive, holds a path that leads elsewhere, a link or a password, or is too large.
    """
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES:
                raise BadArchive(f"the archive holds more than {MOST_FILES:,} files")
            outer = _outer([PurePosixPath(entry.filename) for entry in entries])
            left = MOST_BYTES
            for entry in entries:
                path = _safe(entry)
                target = folder / path.relative_to(outer)
                target.parent.mkdir(parents=True, exist_ok=True)
                # What the archive says of sizes may be a lie: what comes out is counted.
                with archive.open(entry) as source, target.open("wb") as output:
                    while block := source.read(min(2**20, left + 1)):
                        left -= len(block)
                        if left < 0:
                            raise BadArchive(f"the archive unpacks to more than {MOST_BYTES:,} bytes")
                        output.write(block)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadArchive(f"not a zip archive that can be read: {error}") from error


def _outer(paths: list[PurePosixPath]) -> PurePosixPath:
    first = {path.parts[0] for path in paths if path.parts}
    alone = len(first) == 1 and all(len(path.parts) > 1 for path in paths)
    return PurePosixPath(first.pop()) if alone else PurePosixPath()


def _safe(entry: zipfile.ZipInfo) -> PurePosixPath:
    path = PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or "\0" in entry.filename:
        raise BadArchive(f"the archive holds the path {entry.filename!r}, which leads out of it")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise BadArchive(f"{entry.filename} is a link; put the file itself into the archive")
    return path
