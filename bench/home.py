"""Publish a graph file in a home folder, through the command line: as a backup that is restored."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import time
from collections import Counter
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from zorgkg.content import locate
from zorgkg.publishing import validation
from zorgkg.publishing.candidate import to_rdflib
from zorgkg.publishing.writing import Judge

_CONFORMS = b"""@prefix sh: <http://www.w3.org/ns/shacl#> .
[] a sh:ValidationReport ; sh:conforms true .
"""
"""The report of a graph that was not validated here; the page says so."""

_GRAPH = re.compile(r"<https://w3id\.org/zorgkg/id/dataset/([^>]+)> \.$")


def zorgkg(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of ours to its end.

    :raises subprocess.CalledProcessError: it failed.
    """
    return subprocess.run(command(*arguments, home=home), check=True, capture_output=True, text=True, timeout=1800)


def command(*arguments: str, home: Path) -> list[str]:
    """Return the command line of one of our commands, run by the Python that runs this."""
    return [sys.executable, "-m", "zorgkg", *arguments, "--home", str(home)]


def real(folder: Path) -> Path:
    """Build the real graph and export it.

    :param folder: where the home folder and the export go.
    :returns: its named graphs as N-Quads.
    """
    home, target = folder / "home-real", folder / "real.nq"
    zorgkg("build", home=home)
    zorgkg("export", "--format", "nq", "--output", str(target), home=home)
    return target


def validate(graph: Path) -> tuple[bool, float]:
    """Validate a graph file as a whole; minutes at 10,000 projects.

    :returns: whether it conforms, and the seconds that it took.
    """
    store = Store()
    store.bulk_load(path=str(graph), format=RdfFormat.N_QUADS)
    shapes = validation.read_shapes(locate().ontology / "shapes")
    start = time.perf_counter()
    report = validation.validate(to_rdflib(store), shapes)
    return report.conforms, time.perf_counter() - start


def backup(graph: Path, target: Path) -> None:
    """Write a graph file as a backup that `zorgkg restore` takes (docs/operating.md).

    :param graph: named graphs as N-Quads, a statement a line, none twice, blank nodes named by RDFC-1.0.
    :param target: the backup.
    """
    content, counts, triples = _described(graph)
    manifest = {
        "id": f"20260101T000000000000Z-{content[:8]}",
        "created": "2026-01-01T00:00:00+00:00",
        "statements": sum(counts.values()),
        "triples": triples,
        "sha256": content,
        "datasets": dict(sorted(counts.items())),
        "derived": {},
        # The shapes that it conforms to: a change is then validated alone. At 1,000 projects this is checked, and a
        # larger graph is made in the same way.
        "shapes": Judge(locate().ontology).digest,
    }
    parts = {"report.ttl": _CONFORMS, "manifest.json": json.dumps(manifest).encode()}
    with graph.open("rb") as file:
        sums = f"{hashlib.file_digest(file, 'sha256').hexdigest()}  statements.nq\n"
    sums += "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in parts.items())
    with tarfile.open(target, "w:gz", compresslevel=1) as archive:
        archive.add(graph, "statements.nq")
        for name, data in {**parts, "SHA256SUMS": sums.encode()}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))


def _described(graph: Path) -> tuple[str, Counter[str], int]:
    """The SHA-256 of the sorted lines, the statements of each dataset, and the triples of the merge."""
    # Sorted by another program, which needs no more memory than it is given; lines are compared by their bytes.
    environment = {**os.environ, "LC_ALL": "C"}
    digest, counts, triples = hashlib.sha256(), Counter[str](), 0
    before, separator = "", b""
    with subprocess.Popen(["sort", "-S", "1G", str(graph)], stdout=subprocess.PIPE, env=environment) as sort:
        for raw in sort.stdout or ():
            line = raw.rstrip(b"\n")
            digest.update(separator + line)
            separator = b"\n"
            text = line.decode()
            found = _GRAPH.search(text)
            if found is None:
                raise ValueError(f"{graph}: a line names no dataset: {text[:200]}")
            counts[found[1]] += 1
            # Statements of several datasets stand side by side.
            triple = text[: found.start()]
            triples += triple != before
            before = triple
    return digest.hexdigest(), counts, triples
