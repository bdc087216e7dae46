"""Fetch Apache Jena Fuseki, which the tests of the remote engine run: with Maven, and only the file that is pinned.

Usage: `python scripts/fetch_fuseki.py`. Maven's own settings say which repository it asks. The file goes to
`~/.cache/zorgkg` (or below `XDG_CACHE_HOME`).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ARTIFACT: Final = "org.apache.jena:jena-fuseki-server:5.2.0"
SHA256: Final = "a437520f68a763a18d96aa56fa4fde967f41b9d9a8cb8571b1e15d99624f83bd"


def path() -> Path:
    """Return where the file is, or will be."""
    _, name, version = ARTIFACT.split(":")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "zorgkg" / f"{name}-{version}.jar"


def is_here() -> bool:
    """Return whether the file is there and is the one that is pinned."""
    return path().is_file() and hashlib.sha256(path().read_bytes()).hexdigest() == SHA256


def main() -> int:
    """Fetch the file, unless it is there."""
    if is_here():
        return 0
    path().parent.mkdir(parents=True, exist_ok=True)
    maven = shutil.which("mvn")
    if maven is None:
        print("fetch_fuseki: Maven (mvn) is not installed", file=sys.stderr)
        return 1
    # Into a folder of its own first, so that an interrupted copy is never taken for the file.
    with tempfile.TemporaryDirectory(dir=path().parent) as folder:
        goal = ["dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
        fetched = subprocess.run([maven, "--quiet", "--batch-mode", *goal], check=False)  # noqa: S603
        if fetched.returncode:
            return fetched.returncode
        (Path(folder) / path().name).replace(path())
    if not is_here():
        path().unlink()
        print(f"fetch_fuseki: {ARTIFACT} is not the file that is pinned (SHA-256)", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
