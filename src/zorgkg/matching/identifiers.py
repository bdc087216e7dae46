"""Numbers that registers give: read in all the forms in which they are printed, and checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_SEPARATORS: Final = re.compile(r"[\s.\-/·\u00a0\u202f]+")
_KBO: Final = re.compile(r"(?:(?:KBO|BCE|CBE|BTW|TVA|VAT)(?:NR|NUMMER)?:?)?(?:BE)?([01]?\d{9})")
_VCODE: Final = re.compile(r"(?:OVOCODE|VCODE)?:?(V\d{7})")
_IRI: Final = re.compile(
    r"https?://(?:data\.vlaanderen\.be/id/(?:onderneming|vereniging|verenigingen)|org\.belgif\.be/id/CbeRegisteredEntity)/"
)


def kbo(text: str) -> str | None:
    """Read an enterprise number of the Crossroads Bank for Enterprises; None when it is none.

    >>> kbo("BE 0403.170.701"), kbo("403170701"), kbo("0403.170.702")
    ('0403170701', '0403170701', None)

    :param text: with or without country, points, spaces and the zero that numbers got in 2003.
    :returns: ten digits, the last two of which are 97 less the remainder of the others.
    """
    found = _KBO.fullmatch(_plain(text))
    if not found:
        return None
    digits = found[1].zfill(10)
    return digits if 97 - int(digits[:8]) % 97 == int(digits[8:]) and int(digits) else None


def vcode(text: str) -> str | None:
    """Read a number of the Flemish register of associations: V and seven digits; None when it is none."""
    found = _VCODE.fullmatch(_plain(text))
    return found[1] if found else None


def nis(text: str) -> str | None:
    """Read a NIS code of a municipality or a wider area: five digits; None when it is none."""
    plain = _plain(text).removeprefix("NIS").removeprefix("INS").lstrip(":")
    return plain if re.fullmatch(r"\d{5}", plain) else None


def postcode(text: str) -> str | None:
    """Read a Belgian postcode; None when it is none.

    >>> postcode("B-9000"), postcode("BE 9000"), postcode("900")
    ('9000', '9000', None)
    """
    plain = _plain(text).removeprefix("BE").removeprefix("B")
    return plain if re.fullmatch(r"[1-9]\d{3}", plain) else None


SCHEMES: Final[dict[str, Callable[[str], str | None]]] = {"kbo": kbo, "vcode": vcode, "nis": nis}
"""The registers whose numbers say for certain which thing is meant, and how the numbers of each are read."""


def read(scheme: str, text: str) -> str | None:
    """Read a number of a register in its one form; None when it is none of it.

    :param scheme: one of :data:`SCHEMES`, or the name of a register that we don't know, whose numbers stay as they are.
    :param text: the number as printed.
    """
    reader = SCHEMES.get(scheme)
    return reader(text) if reader else text.strip() or None


def recognise(text: str) -> tuple[str, str] | None:
    """Tell which register a number is of, by its form alone; None when it can be of none, or of several.

    :param text: a number as printed. Five digits may be many things, so a NIS code is not recognised.
    """
    for scheme in ("kbo", "vcode"):
        if found := SCHEMES[scheme](text):
            return scheme, found
    return None


def _plain(text: str) -> str:
    return _SEPARATORS.sub("", _IRI.sub("", text.strip())).upper()
