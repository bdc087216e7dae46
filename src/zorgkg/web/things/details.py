"""`/api/{collection}/{slug}`: one thing with all that is said of it, as JSON or as RDF."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from zorgkg.collection import finding
from zorgkg.collection.declared import Collection
from zorgkg.collection.table import COLLECTIONS
from zorgkg.questions.binding import is_iri
from zorgkg.search import nearest
from zorgkg.terms import graph_of, thing
from zorgkg.web import links, lists, parameters
from zorgkg.web.forms import representations
from zorgkg.web.forms.representations import GRAPH
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import Service, of
from zorgkg.web.things import descriptions, dossier
from zorgkg.web.things.citations import Addresses
from zorgkg.web.view import View

FORMS: Final = ("json", *GRAPH)
"""Names of the forms in which one thing can be given."""


def one(collection: Collection) -> Callable[[Request], Response]:
    """Return the handler of `/api/{collection}/{slug}`, with or without suffix."""

    def answer(request: Request) -> Response:
        slug, suffix = representations.split_suffix(request.path_params["slug"], FORMS)
        return _tell(request, collection, slug, suffix)

    return answer


def component(request: Request) -> Response:
    """`/api/frameworks/{scheme}/{component}`: a component, or the list of all, as `components`."""
    scheme, last = request.path_params["scheme"], request.path_params["component"]
    bare, suffix = representations.split_suffix(last, FORMS)
    if last.partition(".")[0] != "components":
        return _tell(request, COLLECTIONS["components"], f"{scheme}/{bare}", suffix)
    collection = COLLECTIONS["components"]
    request.path_params["suffix"] = last.partition(".")[2]
    language = parameters.language(request, parameters.of(request))
    iri = known(of(request), COLLECTIONS["frameworks"], scheme, language)
    return lists.things(request, lists.read(request, collection, {"framework": [iri]}))


def known(service: Service, collection: Collection, slug: str, language: str) -> str:
    """Return the IRI of a thing of a collection.

    :param service: its graph and index.
    :param collection: what it should belong to.
    :param slug: the last part of its path.
    :param language: language of the labels by which the nearest are found.
    :raises ProblemError: 404, there is no such thing; the problem names those with a like name.
    """
    if collection.name == "datasets" and slug in service.manifest.datasets:
        return graph_of(slug).value
    iri = thing(collection.type, slug).value
    if is_iri(iri) and finding.is_member(service.engine, collection, iri):
        return iri

    def fits(iri: str) -> bool:
        return finding.is_member(service.engine, collection, iri)

    found = nearest.nearest(service.search, slug, language, fits, [collection.type]) if service.search else []
    near = [collection.slug(one) for one in found]
    hint = f"did you mean {', '.join(near)}?" if near else f"/api/{collection.name} lists them"
    detail = f"there is nothing at {slug!r} in {collection.name}; {hint}"
    told = {collection.slug(one): links.local(one) or "/" for one in found}
    raise ProblemError(404, "unknown-thing", detail, pages=told, near=near)


def _tell(request: Request, collection: Collection, slug: str, suffix: str) -> Response:
    pairs = parameters.of(request)
    parameters.only(pairs, ("lang", "format"))
    language = parameters.language(request, pairs)
    form = representations.chosen(request, pairs, FORMS, suffix)
    service = of(request)
    iri = known(service, collection, slug, language)
    view = View.of(request, language)
    relations = [
        f'<{iri}>; rel="describes"',
        f'<{view.absolute(links.local(iri) or "/", view.version_pair)}>; rel="alternate"; type="text/html"',
        f'<{view.absolute(f"/api/{collection.name}", view.version_pair)}>; rel="collection"',
    ]
    if form.kind == "graph":
        description = descriptions.describe(service.engine, iri)
        if description.cut:
            # Never a silently shortened answer: the note says what was cut and where the rest is.
            rest = view.absolute("/sparql", [("query", descriptions.incoming_query(iri)), *view.version_pair])
            title = f"first {descriptions.INCOMING} incoming statements given; all are here"
            relations.append(f'<{rest}>; rel="related"; title="{title}"')
        body = representations.graph(form, description.triples, iri)
    else:
        addresses = Addresses(view.absolute(""), tuple(view.kept))
        made = dossier.make(service.engine, collection, iri, language, addresses)
        if collection.name == "datasets":
            made["statements"] = service.manifest.datasets.get(slug)
        body = json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n"
    return representations.response(request, form, body, language, relations)
