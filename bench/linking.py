"""The example of docs/examples/register at its full size: from file to answered question, with time and memory a step.

Usage: `python -m bench.linking [ROWS]`; it works in `.bench/linking`, and begins with the graph of the repository.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
LICENCE: Final = "https://data.vlaanderen.be/id/licentie/creative-commons-zero-verklaring/v1.0"
FOLDER: Final = ROOT / ".bench" / "linking"


def main(rows: int) -> None:
    """Carry out the steps, and print what each took.

    :param rows: how many rows the register has.
    """
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    file, register, home = FOLDER / "register.csv", FOLDER / "register", FOLDER / "home"
    python, zorgkg = sys.executable, [sys.executable, "-m", "zorgkg"]
    with_home = ["--home", str(home)]
    steps = {
        "build": [*zorgkg, "build", *with_home],
        "make the register": [python, str(ROOT / "docs/examples/register/make_register.py"), str(file), str(rows)],
        "dataset new": [
            *(*zorgkg, "dataset", "new", "register", "--from", str(file), "--to", str(register), *with_home),
            *(
                "--licence",
                LICENCE,
                "--publisher",
                "Register",
                "--title",
                "Register of organisations",
                "--without",
                "rechtsvorm",
            ),
        ],
        "dataset add": [*zorgkg, "dataset", "add", str(register), *with_home],
        "link: propose": [*zorgkg, "link", str(register), *with_home],
        "link: review 25": [*zorgkg, "link", str(register), "--review", *with_home],
        "ask organisation-profile": [*zorgkg, "ask", "organisation-profile", *with_home, "--format", "json"],
        "dataset remove": [*zorgkg, "dataset", "remove", "register", *with_home],
    }
    measured = {name: _run(command, "a" * 25 if "review" in name else "") for name, command in steps.items()}
    print(json.dumps({"rows": rows, "steps": measured}, indent=1))


def _run(command: list[str], keys: str) -> dict[str, Any]:
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    told, _ = process.communicate(keys)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: {told[-2000:]}")
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    last = told.strip().splitlines()[-1][:160] if told.strip() else ""
    print(f"{time.perf_counter() - started:8.1f} s  {' '.join(command[2:5])}: {last}", file=sys.stderr, flush=True)
    return {"seconds": round(time.perf_counter() - started, 1), "peak_so_far_mb": most // 1024, "told": last}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
