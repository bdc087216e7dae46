"""Content negotiation: which of the media types on offer suits the Accept header best (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

MOST_RANGES: Final = 100
"""More ranges than these in one Accept header are not read: each costs a comparison with every type on offer."""

_ADVICE: Final = frozenset({"profile", "version"})
"""Parameters that ask for a flavour which any reader of the type can do without (JSON-LD 1.1, section C; RDF 1.2)."""

_OURS: Final = {"charset": "utf-8", "header": "present"}
"""Parameters that all we offer has, where it can have them: it is UTF-8, and tables begin with their columns' names."""

# Wider than the grammar of a qvalue, for clients have long sent ".2" and "0.8000".
_QUALITY: Final = re.compile(r"\d+\.?\d*|\.\d+", re.ASCII)


@dataclass(frozen=True)
class MediaType:
    """A media type or media range (RFC 9110, section 8.3.1): in lower case, its parameters unquoted."""

    type: str
    subtype: str
    parameters: Mapping[str, str]

    @property
    def essence(self) -> str:
        """Type and subtype, without parameters."""
        return f"{self.type}/{self.subtype}"


def media_type(text: str) -> MediaType | None:
    """Read a media type, such as the value of Content-Type.

    :param text: a header's value.
    :returns: None when it is no media type, or empty.
    """
    essence, *parameters = _split(text, ";") or [""]
    kind, slash, subtype = (part.strip() for part in essence.lower().partition("/"))
    if not slash or not kind or not subtype:
        return None
    found: dict[str, str] = {}
    for parameter in parameters:
        name, _, value = (part.strip() for part in parameter.partition("="))
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value.strip('"'))
        found.setdefault(name.lower(), value.lower())
    return MediaType(kind, subtype, found)


def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the media type to answer with.

    A range covers what it names, its parameters included. All that is offered is UTF-8, so a range with another
    charset covers nothing. A part of the header that breaks the grammar is passed over.

    :param accept: the Accept header, or None when there is none.
    :param offered: media types that can be given, the preferred first.
    :returns: the offered type with the highest quality, the earlier one among equals; None when none is acceptable.
    """
    return _choose(accept or "", tuple(offered))


@lru_cache(maxsize=512)
def _choose(accept: str, offered: tuple[str, ...]) -> str | None:
    ranges = _ranges(accept)
    if not ranges:
        return offered[0]
    qualities = [(_quality(media, ranges), media) for media in offered]
    best = max(quality for quality, _ in qualities)
    return next((media for quality, media in qualities if quality == best), None) if best > 0 else None


def _quality(offered: str, ranges: Sequence[tuple[MediaType, float]]) -> float:
    """The quality of the most specific range that covers a media type."""
    media = media_type(offered)
    covering = [(_specificity(one), quality) for one, quality in ranges if media and _covers(one, media)]
    # Among equally specific ranges the highest quality counts.
    return max(covering)[1] if covering else 0.0


def _covers(one: MediaType, media: MediaType) -> bool:
    if one.type not in (media.type, "*") or one.subtype not in (media.subtype, "*"):
        return False
    own = {**_OURS, **media.parameters}
    return all(own.get(name) == value for name, value in one.parameters.items() if name not in _ADVICE)


def _specificity(one: MediaType) -> tuple[int, int]:
    return (one.type != "*") + (one.subtype != "*"), len(one.parameters)


def _ranges(accept: str) -> list[tuple[MediaType, float]]:
    found = []
    for part in _split(accept, ",")[:MOST_RANGES]:
        one = media_type(part)
        if one is None or (one.type == "*" and one.subtype != "*"):
            continue
        weight = one.parameters.get("q", "1")
        if not _QUALITY.fullmatch(weight):
            continue
        # What stands behind q is an extension of the header, no parameter of the type (RFC 7231, section 5.3.2).
        names = list(one.parameters)
        before = names[: names.index("q")] if "q" in names else names
        kept = {name: one.parameters[name] for name in before}
        if kept.get("charset") == "utf8":
            kept["charset"] = "utf-8"
        found.append((MediaType(one.type, one.subtype, kept), min(1.0, float(weight))))
    return found


def _split(text: str, mark: str) -> list[str]:
    """Split at a mark, but not inside a quoted string."""
    return [part.strip() for part in re.findall(rf'(?:[^{mark}"]|"(?:[^"\\]|\\.)*"?)+', text)]
