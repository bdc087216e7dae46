"""The checksum of a version's content, the same wherever and whenever it is built."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse, serialize


def content_sha256(statements: Iterable[Quad]) -> str:
    """Return the SHA-256 of sorted N-Quads, with blank nodes named by RDFC-1.0.

    Two builds of the same folders have the same; a blank node's name in a store is random.

    :param statements: those of named graphs.
    """
    blank: list[Quad] = []
    named: list[Quad] = []
    for quad in statements:
        is_blank = isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
        (blank if is_blank else named).append(quad)
    lines = (serialize(named, format=RdfFormat.N_QUADS) or b"").splitlines()
    return _sha256([*lines, *_canonical(blank)])


def lines_sha256(written: Iterable[bytes]) -> str:
    """Return what :func:`content_sha256` gives for statements that it would write as they stand, many times sooner.

    Of another spelling of the same statements it is therefore another.

    :param written: lines of N-Quads.
    """
    lines: list[bytes] = []
    blank: list[bytes] = []
    for line in written:
        # Also a line with these signs in a text, which is parsed and written as it was.
        (blank if b"_:" in line else lines).append(line.rstrip(b"\n"))
    return _sha256([*lines, *_canonical(parse(b"\n".join(blank), format=RdfFormat.N_QUADS))])


def _canonical(quads: Iterable[Quad]) -> list[bytes]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return (serialize(dataset, format=RdfFormat.N_QUADS) or b"").splitlines()


def _sha256(lines: list[bytes]) -> str:
    lines.sort()
    digest = hashlib.sha256()
    for number, line in enumerate(lines):
        digest.update(line if number == 0 else b"\n" + line)
    return digest.hexdigest()
