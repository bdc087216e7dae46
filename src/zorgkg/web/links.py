"""Addresses: how the IRI of a thing becomes the path of its page here, and how query strings are kept."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, urlencode

from starlette.requests import Request

from zorgkg.terms import BASE, ID, NS
from zorgkg.web.parameters import Pairs


@lru_cache(maxsize=5000)
def local(iri: str) -> str | None:
    """Return the path of the page of one of our own IRIs, or None for any other IRI.

    Things have the same IRI on every deployment; their page is here.
    """
    if iri.startswith(ID):
        path, hash_, fragment = iri.removeprefix(ID).partition("#")
        return f"/doc/{quote(path, safe='/-._~%')}{hash_}{quote(fragment, safe='-._~%')}"
    if iri.startswith(NS):
        return f"/ns#{quote(iri.removeprefix(NS), safe='-._~%')}"
    return "/ns" if iri == f"{BASE}ns" else None


def external(iri: str) -> str | None:
    """Return an IRI that may be followed from a page: http or https only, never `javascript:` or `data:`."""
    return iri if iri.lower().startswith(("http://", "https://")) else None


def absolute(request: Request, path: str, pairs: Pairs | None = None) -> str:
    """Return the URL of a path of this service as the client reached it.

    :param path: path from the root.
    :param pairs: query string.
    """
    return f"{request.url.scheme}://{request.url.netloc}{relative(request, path, pairs)}"


def replaced(pairs: Pairs, **values: str | int | None) -> Pairs:
    """Return a query string's parameters with some set, or left out where the value is None."""
    kept = [(name, value) for name, value in pairs if name not in values]
    return [*kept, *((name, str(value)) for name, value in values.items() if value is not None)]


def relative(request: Request, path: str, pairs: Pairs | None = None) -> str:
    """Return the reference of a path of this service for a page: without scheme and host.

    :param path: path from the root.
    :param pairs: query string.
    """
    query = f"?{urlencode(pairs)}" if pairs else ""
    return f"{request.scope.get('root_path', '').rstrip('/')}{path}{query}"
