"""The checksum of a version's content, the same wherever and whenever it is built."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, serialize


def content_sha256(statements: Iterable[Quad]) -> str:
    """Return the SHA-256 of sorted N-Quads, with blank nodes named by RDFC-1.0.

    Two builds of the same folders have the same; a blank node's name in a store is random.

    :param statements: those of named graphs.
    """
    blank, named = Dataset(), []
    for quad in statements:
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            blank.add(quad)
        else:
            named.append(quad)
    blank.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = serialize([*named, *blank], format=RdfFormat.N_QUADS) or b""
    return hashlib.sha256(b"\n".join(sorted(lines.splitlines()))).hexdigest()
