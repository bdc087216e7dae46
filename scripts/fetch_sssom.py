"""Fetch `sssom`, the tool that judges link files, into an environment of its own: it brings a hundred packages along.

Usage: `python scripts/fetch_sssom.py` makes the environment in `~/.cache/zorgkg` (or below `XDG_CACHE_HOME`) from the
versions pinned in `sssom.txt`; pip's own settings say which index it asks. `python scripts/fetch_sssom.py FILE…` also
judges files, and tells what is wrong with them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

PINS: Final = Path(__file__).with_name("sssom.txt")

JUDGE: Final = """\
import sys
from sssom.constants import SchemaValidationType as Kind
from sssom.parsers import parse_sssom_table
from sssom.validators import validate

wrong = 0
for name in sys.argv[1:]:
    kinds = [Kind.JsonSchema, Kind.PrefixMapCompleteness, Kind.StrictCurieFormat]
    reports = validate(parse_sssom_table(name), kinds, fail_on_error=False)
    for kind, report in reports.items():
        for result in report.results:
            wrong += 1
            print(f"{name}: {kind}: {result.message}")
sys.exit(1 if wrong else 0)
"""


def folder() -> Path:
    """Return where the environment is, or will be; other pins have another."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "zorgkg" / f"sssom-{hashlib.sha256(PINS.read_bytes()).hexdigest()[:12]}"


def is_here() -> bool:
    """Return whether the environment is there, and whole."""
    return (folder() / "whole").is_file()


def make() -> int:
    """Make the environment, unless it is there; returns pip's exit status."""
    if is_here():
        return 0
    shutil.rmtree(folder(), ignore_errors=True)
    venv.create(folder(), with_pip=True)
    pip = [str(folder() / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    made = subprocess.run([*pip, "--requirement", str(PINS)], check=False)  # noqa: S603
    if made.returncode == 0:
        # Written last, so that one that was interrupted is made anew.
        (folder() / "whole").touch()
    return made.returncode


def judge(files: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    """Judge files: exit status 0 when all are valid, and what is wrong on standard output."""
    command = [str(folder() / "bin" / "python"), "-W", "ignore", "-c", JUDGE, *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def main(arguments: Sequence[str]) -> int:
    """Make the environment, and judge the files that are named."""
    if status := make():
        return status
    if not arguments:
        return 0
    judged = judge([Path(one) for one in arguments])
    print(judged.stdout or judged.stderr or "valid", end="\n" if not judged.stdout else "")
    return judged.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
