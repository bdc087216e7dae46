"""What may be kept: which answers depend on the version and the request alone; and what is kept, in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final

from starlette.requests import Request

from zorgkg.sparql import decode_escapes, tokens

BYTES: Final = 64_000_000
"""Bytes of answers that are kept."""

_PART: Final = 16
"""An answer larger than this part of all bytes is not kept: it would push out too many others."""

MARK: Final = "zorgkg.kept"
"""Where a request's scope has the list of what its handler noted (:func:`keep`)."""

UNCHANGED: Final = "zorgkg.unchanged"
"""Where it has a list that is filled when the client is told that its answer still holds, whatever the handler gave."""

_CHANGING: Final = ("NOW", "RAND", "UUID", "BNODE", "SERVICE")
"""What differs from one evaluation to the next: some functions (STRUUID holds one), and what another server says."""


def is_fixed(query: str) -> bool:
    r"""Tell whether a query always has the same answer on the same version.

    :param query: SPARQL 1.1 query text; the parser needs no space around a keyword, so any word that holds one counts,
        also when it is written with ``\\u`` escapes.
    """
    text = decode_escapes(query)
    # Most texts hold none of the words anywhere, which is seen ten times sooner.
    if not any(name in text.upper() for name in _CHANGING):
        return True
    for token in tokens(text):
        if token.kind == "word":
            word = token.text.upper()
        elif token.kind in ("name", "blank"):
            word = token.text.partition(":")[0].upper()
        else:
            continue
        if any(name in word for name in _CHANGING):
            return False
    return True


class Cache:
    """Answers by key, bounded by their bytes; used in the event loop only.

    :param most: bytes that are kept.
    :ivar largest: bytes that one of them may have.
    :ivar size: bytes that are kept now.
    """

    def __init__(self, most: int = BYTES) -> None:
        self._most = most
        self.largest = most // _PART
        self._entries: OrderedDict[Any, tuple[Any, int]] = OrderedDict()
        self.size = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Any) -> Any:
        """Return what was put under a key, or None."""
        found = self._entries.get(key)
        if found is None:
            return None
        self._entries.move_to_end(key)
        return found[0]

    def put(self, key: Any, value: Any, size: int) -> None:
        """Keep something, unless it is too large.

        :param key: hashable.
        :param value: what is kept.
        :param size: bytes that value and key take.
        """
        if size > self.largest:
            return
        if key in self._entries:
            self.size -= self._entries.pop(key)[1]
        self._entries[key] = (value, size)
        self.size += size
        while self.size > self._most:
            _, (_, gone) = self._entries.popitem(last=False)
            self.size -= gone


def keep(request: Request, route: str, ordered: bool = True) -> None:
    """Note that the answer to a request may be kept: it succeeds, and depends on the version and the request alone.

    :param request: the request.
    :param route: the path of its route, for the metrics.
    :param ordered: whether it has the same bytes each time; else the same rows or statements, perhaps in another order.
    """
    kept = request.scope.get(MARK)
    if kept is not None:
        kept.append((route, ordered))
