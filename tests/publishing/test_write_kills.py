"""A writer killed at any moment, with its real store: what was told as published stays, and nothing is half-made."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.slow

KILLS = 25
"""Of a writer alone; those of test_kills.py are of each step of publishing."""
SERVERS = 3
"""Of a whole server."""

TOKEN = "-".join(["a", "token", "for", "kills"])


def test_a_killed_writer_leaves_whole_versions(tmp_path: Path) -> None:
    script = Path(__file__).with_name("kill_writes.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "home"), str(KILLS)], capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 5, "hardly any write came to its end"


def test_a_killed_server_keeps_every_write_that_it_acknowledged(tmp_path: Path) -> None:
    acknowledged = 0
    for turn in range(SERVERS):
        process = subprocess.Popen(
            [sys.executable, "-m", "zorgkg", "serve", "--empty", "--home", str(tmp_path / "home"), "--port", "0"],
            env={**os.environ, "ZORGKG_TOKEN": TOKEN},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert process.stderr is not None
        address = next(found[1] for line in process.stderr if (found := re.search(r"serves on (http://\S+)", line)))
        assert not list((tmp_path / "home").glob("candidates/*"))
        with httpx.Client(base_url=address, timeout=30, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
            kept = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).json()
            number = int(kept["results"]["bindings"][0]["n"]["value"])
            assert number in (acknowledged, acknowledged + 1), "a write that was under way may be there, or not"
            acknowledged = number
            for _ in range(turn + 1):
                text = f"INSERT DATA {{ <http://e.org/s> <http://e.org/p> {acknowledged} }}"
                assert client.post("/update", data={"update": text}).status_code == 200
                acknowledged += 1
            # One more is under way when the server, and all that it forked, is killed.
            text = f"INSERT DATA {{ <http://e.org/s> <http://e.org/p> {acknowledged} }}"
            under_way = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    "import sys, httpx; httpx.post(sys.argv[1], data={'update': sys.argv[2]},"
                    " headers={'Authorization': 'Bearer ' + sys.argv[3]})",
                    f"{address}/update",
                    text,
                    TOKEN,
                ],
                stderr=subprocess.DEVNULL,
            )
            time.sleep(0.3 + 0.05 * turn)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        under_way.wait(30)
        process.stderr.close()
