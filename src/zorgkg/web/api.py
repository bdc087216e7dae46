"""`/api`: what there is, as JSON and as a page; and the routes of the collections, made of their declarations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from zorgkg.collection.declared import Collection
from zorgkg.collection.table import COLLECTIONS
from zorgkg.web import lists, pages, parameters
from zorgkg.web.catalogue import versions
from zorgkg.web.forms import representations
from zorgkg.web.service import of
from zorgkg.web.things import details
from zorgkg.web.view import View

Endpoint = Callable[[Request], Response]

FORMS: Final = ("json", "html")
"""Names of the forms in which it is told what there is."""

_DEEP: Final = ("components", "concepts")
"""Collections whose things have the slug of their framework before their own."""


def routes() -> Iterator[tuple[str, Endpoint, bool]]:
    """Give the routes of `/api` and of the collections: path, endpoint, whether its answer is fixed by the version."""
    for path in ("/api", "/api.{suffix}"):
        yield path, index, True
    for collection in COLLECTIONS.values():
        path, listing = f"/api/{collection.name}", lists.listing(collection)
        is_fixed = collection.is_of_things
        yield path, listing, is_fixed
        yield path + ".{suffix}", listing, is_fixed
        if not collection.is_of_things:
            yield path + "/{id}", versions.one, False
        elif collection.name in _DEEP:
            yield path + "/{slug:path}", details.one(collection), True
        else:
            yield path + "/{slug}", details.one(collection), True
    yield "/api/frameworks/{scheme}/{component}", details.component, True


def index(request: Request) -> Response:
    """`/api`: the collections, and where everything else is."""
    pairs = parameters.of(request)
    parameters.only(pairs, ("lang", "format"))
    language = parameters.language(request, pairs)
    form = representations.chosen(request, pairs, FORMS, representations.suffix(request, FORMS))
    if form.kind == "page":
        collections = [(one, len(one.filters)) for one in COLLECTIONS.values()]
        context = {"collections": collections, "questions": len(of(request).questions)}
        return pages.render(request, "api.html", language, context)
    view = View.of(request, language)
    made = {
        "version": of(request).manifest.id,
        "collections": [_told(view, one) for one in COLLECTIONS.values()],
        **{
            name: view.absolute(path, view.version_pair)
            for name, path in (
                ("questions", "/api/questions"),
                ("search", "/api/search"),
                ("evidence", "/api/evidence"),
                ("openapi", "/api/openapi.json"),
                ("documentation", "/api/docs"),
                ("sparql", "/sparql"),
                ("datasets", "/datasets"),
                ("vocabulary", "/ns"),
            )
        },
    }
    relations = [
        f'<{view.absolute("/api/openapi.json", view.version_pair)}>; rel="service-desc"; type="application/json"',
        f'<{view.absolute("/api/docs", view.version_pair)}>; rel="service-doc"; type="text/html"',
    ]
    body = json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n"
    return representations.response(request, form, body, language, relations)


def _told(view: View, one: Collection) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title[view.language],
        "description": one.description[view.language],
        "href": view.absolute(f"/api/{one.name}", view.version_pair),
        "filters": list(one.filters),
        "fields": list(one.fields),
        "sort": list(one.orders),
        "formats": list(lists.forms(one)),
    }
