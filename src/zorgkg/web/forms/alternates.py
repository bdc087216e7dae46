"""Alternates: the other forms in which something can be had, as a page and as Link header fields tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zorgkg.web.forms.representations import FORMS
from zorgkg.web.view import View

_TITLES: Final = {
    "ttl": "Turtle",
    "jsonld": "JSON-LD",
    "nt": "N-Triples",
    "rdf": "RDF/XML",
    "trig": "TriG",
    "nq": "N-Quads",
}

Links = list[tuple[str, str]]
"""Titles or media types, and references."""


def fields(view: View, path: str, offered: Sequence[str], given: str) -> list[str]:
    """Return values of Link (RFC 8288) for the other forms.

    :param view: how the request sees the service.
    :param path: path without suffix.
    :param offered: names of forms.
    :param given: name of the form that is given.
    """
    version = view.version_pair
    found = [
        f'<{view.absolute(f"{path}.{name}", version)}>; rel="alternate"; type="{FORMS[name].media}"'
        for name in offered
        if name != given
    ]
    if version:
        # RFC 5829: who asked for a version is told where the one that is served now is.
        found.append(f'<{view.absolute(path)}>; rel="latest-version"')
    return found


def ways(view: View, path: str, offered: Sequence[str]) -> dict[str, Links]:
    """Return the other forms of a page: for its head by media type, for its reader by title.

    :param view: how the page is seen.
    :param path: path without suffix.
    :param offered: names of forms.
    """
    where = [(name, view.plain(f"{path}.{name}", view.version_pair)) for name in offered if name in _TITLES]
    return {
        "alternates": [(FORMS[name].media, reference) for name, reference in where],
        "downloads": [(_TITLES[name], reference) for name, reference in where],
    }


def title(name: str) -> str:
    """Return what people call a form of RDF."""
    return _TITLES[name]
