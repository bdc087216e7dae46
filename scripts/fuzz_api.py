"""Test the API by its own description: schemathesis makes up requests that fit it and requests that don't.

A server of its own is started, with a token that the requests do not show, so that none of them changes anything. All
checks of schemathesis are on; tests/fuzz.toml tells what a schema cannot.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

ROOT: Final = Path(__file__).parents[1]
CONFIG: Final = ROOT / "tests/fuzz.toml"
TIMEOUT: Final = 60
"""Seconds that a request may take; those of a slow question among others take some."""


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """Run a server on a home folder, and give its address.

    :param home: has a published version.
    """
    command = [sys.executable, "-m", "zorgkg", "serve", "--home", str(home), "--port", "0"]
    environment = {**os.environ, "ZORGKG_TOKEN": "not-shown-" + "0" * 32}
    # A file, for a pipe that nobody reads would stop the server when it is full.
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, stderr=log, env=environment)  # noqa: S603
        try:
            yield _address(process, log)
        finally:
            process.terminate()
            process.wait(30)


def _address(process: subprocess.Popen[bytes], log: IO[str]) -> str:
    for _ in range(600):
        log.seek(0)
        if " on " in (line := log.readline()):
            return line.split(" on ")[1].split()[0]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    log.seek(0)
    raise RuntimeError(f"the server did not start: {log.read()}")


def run(
    url: str, cases: int, options: Sequence[str] = (), location: str = "", output: IO[str] | int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Run schemathesis against a server.

    :param url: its address.
    :param cases: how many it makes up for each operation, beside those for the edges of each parameter.
    :param options: further options of its command line.
    :param location: where the description is; "" for the server's own.
    :param output: where its report goes; without one it is part of the outcome.
    :returns: its outcome; status 0 when it found nothing.
    """
    program = shutil.which("st", path=str(Path(sys.executable).parent))
    if program is None:
        raise FileNotFoundError("schemathesis is not installed")
    command = [program, "--config-file", str(CONFIG), "run", location or f"{url}/api/openapi.json?lang=en"]
    command += ["--max-examples", str(cases), "--request-timeout", str(TIMEOUT), "--continue-on-failure", *options]
    if not any(one.startswith("--include") for one in options):
        # The operation that gives the description is left out unless a filter takes it.
        command += ["--include-path-regex", "."]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    # One worker: compilers of Python 3.11 that run in two threads at once disturb each other, and it makes filters.
    with tempfile.TemporaryDirectory() as folder:
        # It keeps what it learnt, and examples of Hypothesis, where it runs.
        return subprocess.run(  # noqa: S603
            command,
            cwd=folder,
            env=environment,
            text=True,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="a home folder with a published version; without it one is built")
    parser.add_argument("--cases", type=int, default=200, help="requests that are made up for each operation")
    parser.add_argument("options", nargs="*", help="options of `st run`, behind --")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder)
        if given.home is None:
            build = [sys.executable, "-m", "zorgkg", "build", "--home", str(home), "--from", str(ROOT)]
            subprocess.run(build, check=True)  # noqa: S603
        with serving(home) as url:
            each = ["--phases", "examples,coverage,fuzzing", *given.options]
            alone = run(url, given.cases, each, output=sys.stdout).returncode
            # A case is a chain of several requests here, each with what the one before it gave.
            chained = run(url, max(1, given.cases // 10), ["--phases", "stateful", *given.options], output=sys.stdout)
            return alone or chained.returncode


if __name__ == "__main__":
    sys.exit(main())
