"""Export: a version as a folder of files in standard formats, with checksums, for whoever works on without us.

`zorgkg.nq` and `zorgkg.trig` hold the whole version, `graphs/<name>.ttl` one named graph each, `manifest.json` says
which version it is and which graph each file holds, and `SHA256SUMS` is as `sha256sum --check` reads it. Parsed again,
each of the first two, and the graphs together, give the content that the manifest's SHA-256 is of. (Turtle names no
blank node outside its file, so one that two graphs share is two there; none of ours is shared.)

Two exports of one content are the same byte for byte: statements are sorted and blank nodes named by RDFC-1.0
(https://www.w3.org/TR/rdf-canon/). All but the statements around blank nodes is sorted on disk, in pieces, so that
memory does not grow with the version.
"""

from __future__ import annotations

import gzip
import hashlib
import heapq
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Final, cast
from urllib.parse import quote

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)

from zorgkg.durable import sync
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.terms import PREFIXES

SUMS: Final = "SHA256SUMS"

_PIECE: Final = 32 * 2**20
"""Bytes that are sorted in memory at once."""
_LONGEST: Final = 200
"""Characters of a file's name; most file systems take 255 bytes."""


class ExportError(Exception):
    """The version cannot be exported to this place; the message says why."""


def write(home: Home, manifest: Manifest, target: Path, *, compressed: bool = False) -> list[Path]:
    """Write a version to a folder, which appears under its name only when it is whole.

    :param home: where the version is.
    :param manifest: the version.
    :param target: the folder; it may exist when it is empty.
    :param compressed: whether to gzip the data files.
    :returns: the files, in the folder.
    :raises ExportError: the folder is not empty, a graph has no IRI, or the content is not what was published.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ExportError(f"{target} is there already and is no empty folder; name another")
    # Beside the target, so that it can be renamed; what fails or is stopped leaves nothing under the target's name.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        pieces, made = Path(folder) / "pieces", Path(folder) / "made"
        pieces.mkdir()
        (made / "graphs").mkdir(parents=True)
        graphs = _sorted_graphs(Store.read_only(str(home.store(manifest.id))), pieces)
        names, sha256 = _write_data(graphs, made, compressed)
        if manifest.sha256 not in ("", sha256):
            raise ExportError(f"{manifest.id} has the SHA-256 {sha256}, and its manifest says {manifest.sha256}")
        # A version that was made by a write does not have it yet.
        told = asdict(manifest) | {"sha256": sha256, "files": names}
        with _opened(made / "manifest.json", compressed=False) as file:
            file.write(json.dumps(told, indent=1).encode() + b"\n")
        files = sorted(path for path in made.rglob("*") if path.is_file())
        with _opened(made / SUMS, compressed=False) as file:
            for path in files:
                file.write(f"{_sha256(path)}  {path.relative_to(made).as_posix()}\n".encode())
        for part in (made / "graphs", made):
            sync(part)
        try:
            made.rename(target)
        except OSError as error:
            raise ExportError(f"{target} came into being meanwhile: {error.strerror}") from error
        sync(target.parent)
    return [target / path.relative_to(made) for path in [*files, made / SUMS]]


def _sorted_graphs(store: Store, folder: Path) -> dict[NamedNode, Path]:
    """Write each named graph as sorted N-Triples; returns the files by graph, in the order of the graphs' IRIs."""
    graphs: list[NamedNode] = []
    blank = Dataset()
    for graph in store.named_graphs():
        if not isinstance(graph, NamedNode):
            raise ExportError(f"the graph {graph} is named by a blank node, so no file can be named after it")
        graphs.append(graph)
    graphs.sort(key=lambda one: one.value)
    for number, graph in enumerate(graphs):
        with (folder / str(number)).open("wb") as file:
            serialize(_named(store, graph, blank), file, format=RdfFormat.N_TRIPLES)
    blank.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    found = {}
    for number, graph in enumerate(graphs):
        with (folder / str(number)).open("ab") as file:
            around = blank.quads_for_graph_name(graph)
            serialize((quad.triple for quad in around), file, format=RdfFormat.N_TRIPLES)
        # A graph that lost its last statement has a name in the store still, but is none in RDF.
        if (folder / str(number)).stat().st_size:
            found[graph] = folder / f"{number}.nt"
            _sort(folder / str(number), found[graph])
        (folder / str(number)).unlink()
    return found


def _named(store: Store, graph: NamedNode, blank: Dataset) -> Iterator[Triple]:
    """A graph's triples without blank nodes; those with one are put aside."""
    for quad in store.quads_for_pattern(None, None, None, graph):
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            blank.add(quad)
        else:
            yield quad.triple


def _sort(source: Path, target: Path) -> None:
    """Sort the lines of a file, piece by piece."""
    pieces: list[Path] = []
    with source.open("rb") as file:
        while lines := file.readlines(_PIECE):
            pieces.append(source.with_name(f"{source.name}-{len(pieces)}"))
            with pieces[-1].open("wb") as piece:
                piece.writelines(sorted(lines))
    if len(pieces) == 1:
        pieces[0].rename(target)
        return
    with target.open("wb") as merged, _all(pieces) as opened:
        merged.writelines(heapq.merge(*opened))
    for path in pieces:
        path.unlink()


def _write_data(graphs: dict[NamedNode, Path], folder: Path, compressed: bool) -> tuple[dict[str, str], str]:
    """Write the data files; returns which graph each file of one graph holds, and the content's SHA-256."""
    digest = hashlib.sha256()
    ending = ".gz" if compressed else ""
    with _opened(folder / f"zorgkg.nq{ending}", compressed) as file, _all(graphs.values()) as opened:
        # Sorted as triples, lines are also sorted as quads: behind the object, both go on with a space.
        parts = (_in_graph(lines, graph) for graph, lines in zip(graphs, opened, strict=True))
        file.writelines(_hashed(heapq.merge(*parts), digest))
    with _opened(folder / f"zorgkg.trig{ending}", compressed) as file:
        serialize(_quads(graphs), file, format=RdfFormat.TRIG, prefixes=PREFIXES)
    names = {}
    for graph, path in graphs.items():
        name = f"graphs/{_file_name(graph)}.ttl{ending}"
        names[name] = graph.value
        with _opened(folder / name, compressed) as file:
            triples = (quad.triple for quad in parse(path=str(path), format=RdfFormat.N_TRIPLES))
            serialize(triples, file, format=RdfFormat.TURTLE, prefixes=PREFIXES)
    return names, digest.hexdigest()


def _hashed(lines: Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    """Hash lines on their way, as :func:`zorgkg.publishing.checksum.content_sha256` does: without the last newline."""
    end = b""
    for line in lines:
        digest.update(end + line.removesuffix(b"\n"))
        end = b"\n"
        yield line


def _in_graph(lines: Iterable[bytes], graph: NamedNode) -> Iterator[bytes]:
    end = f" <{graph.value}> .\n".encode()
    return (line.removesuffix(b" .\n") + end for line in lines)


def _quads(graphs: dict[NamedNode, Path]) -> Iterator[Quad]:
    for graph, path in graphs.items():
        for quad in parse(path=str(path), format=RdfFormat.N_TRIPLES):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)


def _file_name(graph: NamedNode) -> str:
    """The dataset's name, or the graph's IRI with percent-encoding, or its hash where that is too long."""
    whole = quote(graph.value, safe="")
    local = graph.value.removeprefix(PREFIXES["dataset"])
    name = local if local and quote(local, safe="") == local else whole
    return name if len(name) <= _LONGEST else hashlib.sha256(graph.value.encode()).hexdigest()


@contextmanager
def _opened(path: Path, compressed: bool) -> Iterator[IO[bytes]]:
    """Open a file for writing, gzipped without name and time, so that equal contents give equal files."""
    with path.open("wb") as file:
        if compressed:
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6) as packed:
                yield cast(IO[bytes], packed)
        else:
            yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _all(paths: Iterable[Path]) -> Iterator[list[IO[bytes]]]:
    with ExitStack() as stack:
        yield [stack.enter_context(path.open("rb")) for path in paths]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
