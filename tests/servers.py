"""SPARQL servers of others, started for tests of the remote engine: each with a graph, on a port of its own."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import DefaultGraph, RdfFormat, Store, serialize

from scripts import fetch_fuseki

KINDS: Final = ("oxigraph", "fuseki")


@dataclass
class Server:
    """A server that runs: its query endpoint and its process."""

    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def started(kind: str, store: Store, *options: str) -> Iterator[Server]:
    """Run a server on a copy of a graph, its default graph the merge of the named ones.

    :param kind: one of KINDS.
    :param store: the graph; its default graph is that merge.
    :param options: further options of its command line.
    """
    with (
        tempfile.TemporaryDirectory() as name,
        {"oxigraph": _oxigraph, "fuseki": _fuseki}[kind](Path(name), store, options) as run,
    ):
        yield run


@contextmanager
def _oxigraph(folder: Path, store: Store, options: tuple[str, ...]) -> Iterator[Server]:
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    assert program, "the package oxigraph is not installed"
    # As docs/operating.md tells: what `zorgkg export --format nq` and `--format nt` write.
    _write(store, folder)
    data = str(folder / "db")
    load = [
        program,
        "load",
        "--location",
        data,
        "--file",
        str(folder / "named.nq"),
        "--file",
        str(folder / "merged.nt"),
    ]
    subprocess.run(load, check=True, capture_output=True)
    port = _free_port()
    command = [program, "serve-read-only", "--location", data, "--bind", f"127.0.0.1:{port}", *options]
    with _running(command, folder, lambda _: f"http://127.0.0.1:{port}/query") as server:
        yield server


@contextmanager
def _fuseki(folder: Path, store: Store, options: tuple[str, ...]) -> Iterator[Server]:
    java = shutil.which("java")
    if not java or not fetch_fuseki.is_here():
        why = "Fuseki needs Java and the file that scripts/fetch_fuseki.py fetches (`make test-all`)"
        if os.environ.get("ZORGKG_REQUIRE_JAVA") == "1":
            pytest.fail(why)
        pytest.skip(why)
    _write(store, folder)
    (folder / "db").mkdir()
    command = [java, "-Xmx1g", "-jar", str(fetch_fuseki.path()), "--localhost", "--port", "0", "--update", "--tdb2"]
    command += ["--set", "tdb2:unionDefaultGraph=true", *options, "--loc", str(folder / "db"), "/zorg"]

    def url(log: str) -> str | None:
        port = re.search(r"Start Fuseki \(http=(\d+)\)", log)
        return f"http://127.0.0.1:{port.group(1)}/zorg/query" if port else None

    with _running(command, folder, url) as server:
        data = server.url.replace("/query", "/data")
        headers = {"Content-Type": "application/n-quads"}
        with urllib.request.urlopen(
            urllib.request.Request(data, (folder / "named.nq").read_bytes(), headers, method="POST"), timeout=120
        ):
            yield server


def _write(store: Store, folder: Path) -> None:
    named = (quad for quad in store if quad.graph_name != DefaultGraph())
    serialize(named, str(folder / "named.nq"), format=RdfFormat.N_QUADS)
    merged = (quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph()))
    serialize(merged, str(folder / "merged.nt"), format=RdfFormat.N_TRIPLES)


@contextmanager
def _running(command: list[str], folder: Path, url: Callable[[str], str | None]) -> Iterator[Server]:
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)
    try:
        yield Server(_ready(process, log, url), process)
    finally:
        process.kill()
        process.wait()


def _ready(process: subprocess.Popen[bytes], log: Path, url: Callable[[str], str | None]) -> str:
    for _ in range(600):
        found = url(log.read_text("utf-8", "replace"))
        if found:
            try:
                with urllib.request.urlopen(f"{found}?query=ASK%7B%7D", timeout=5):
                    return found
            except urllib.error.HTTPError:
                return found
            except OSError:
                pass
        if process.poll() is not None:
            break
        time.sleep(0.1)
    pytest.fail(f"the server did not start: {log.read_text('utf-8', 'replace')}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
