"""Content negotiation: which of the media types on offer suits the Accept header best (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class _Range:
    type: str
    subtype: str
    quality: float


def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the media type to answer with.

    :param accept: the Accept header, or None when there is none.
    :param offered: media types that can be given, the preferred first.
    :returns: the offered type with the highest quality, the earlier one among equals; None when none is acceptable.
    """
    ranges = [] if accept is None else _ranges(accept)
    if not ranges:
        return offered[0]
    qualities = [(_quality(media, ranges), media) for media in offered]
    best = max(quality for quality, _ in qualities)
    return next((media for quality, media in qualities if quality == best), None) if best > 0 else None


def _quality(media: str, ranges: Sequence[_Range]) -> float:
    """The quality of the most specific range that covers a media type."""
    kind, _, subtype = media.partition(";")[0].strip().lower().partition("/")
    covering = [
        (2 if one.subtype != "*" else 1 if one.type != "*" else 0, one.quality)
        for one in ranges
        if one.type in (kind, "*") and one.subtype in (subtype, "*")
    ]
    if not covering:
        return 0.0
    specific = max(rank for rank, _ in covering)
    return max(quality for rank, quality in covering if rank == specific)


def _ranges(accept: str) -> list[_Range]:
    found = []
    for part in accept.split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        kind, slash, subtype = media.lower().partition("/")
        if not slash or not kind or not subtype or (kind == "*" and subtype != "*"):
            continue
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                try:
                    quality = min(1.0, max(0.0, float(value)))
                except ValueError:
                    quality = 0.0
        found.append(_Range(kind, subtype, quality))
    return found
