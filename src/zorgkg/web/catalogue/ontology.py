"""The ontology: `/ns` documents it and gives it as RDF; `/ns/context.jsonld` is the context of our JSON-LD."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from zorgkg.engine.interface import EngineError
from zorgkg.engine.limits import BusyError, LimitError
from zorgkg.terms import BASE, NS, shorten
from zorgkg.web import pages, parameters
from zorgkg.web.catalogue import vocabulary, void
from zorgkg.web.catalogue.vocabulary import Vocable
from zorgkg.web.forms import alternates, representations
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import Service, of
from zorgkg.web.things import descriptions
from zorgkg.web.things.naming import Namer
from zorgkg.web.view import View

OFFERED: Final = (*representations.GRAPH, "html")

CONTEXT: Final = "/ns/context.jsonld"

_IRI: Final = f"{BASE}ns"


@dataclass(frozen=True)
class Told:
    """A class or property as its page shows it.

    :param vocable: what the ontology says of it.
    :param anchor: its identifier on the page.
    :param short: its prefixed name.
    :param related: key of :mod:`zorgkg.web.words` → IRIs and names.
    :param uses: how many instances or triples it has; None where that is not known.
    :param query: gives some of them.
    """

    vocable: Vocable
    anchor: str
    short: str
    related: list[tuple[str, list[tuple[str, str]]]]
    uses: int | None
    query: str


def document(request: Request) -> Response:
    """`/ns`, with or without suffix: the ontology."""
    service = of(request)
    pairs = parameters.of(request)
    parameters.only(pairs, ("lang", "format"))
    form = representations.chosen(request, pairs, OFFERED, request.scope["path"].partition(".")[2])
    view = View.of(request, parameters.language(request, pairs))
    triples = descriptions.ontology(service.engine)
    if not triples:
        raise ProblemError(404, "unknown-thing", "this graph holds no ontology")
    fields = [f'<{_IRI}>; rel="describes"', *alternates.fields(view, "/ns", OFFERED, form.name)]
    if form.kind != "page":
        headers = {"Vary": "Accept", "X-Zorgkg-Version": service.manifest.id, "Link": ", ".join(fields)}
        body = representations.graph(form, triples, _IRI)
        return Response(body, headers=headers, media_type=form.content_type)
    vocables = vocabulary.vocabulary(service.engine, view.language)
    name = Namer(service.engine, view.language)
    name.want(iri for one in vocables for iris in one.related.values() for iri in iris)
    name.settle()
    uses = _uses(service)
    told = [_told(one, name, uses) for one in vocables]
    context = {
        "classes": [one for one in told if one.vocable.is_class],
        "properties": [one for one in told if not one.vocable.is_class],
        "canonical": view.absolute("/ns", view.language_pair),
        **alternates.ways(view, "/ns", representations.GRAPH),
    }
    headers = {"Link": ", ".join(fields)} | ({"Cache-Control": "no-store"} if uses is None else {})
    return pages.response(view, pages.draw(view, "ns.html", context), headers=headers)


def context(request: Request) -> Response:
    """`/ns/context.jsonld`: short names for our terms and those that we borrow (JSON-LD 1.1, section 3.1)."""
    parameters.only(parameters.of(request), ())
    service = of(request)
    body = (service.content.ontology / "context.jsonld").read_bytes()
    headers = {"X-Zorgkg-Version": service.manifest.id}
    return Response(body, headers=headers, media_type="application/ld+json")


def _uses(service: Service) -> dict[str, int] | None:
    """How many instances each class has, and how many triples each property; None when they cannot be counted now."""
    try:
        counted = void.uses(service)
    except (ProblemError, LimitError, BusyError, EngineError):
        # The page is worth reading without numbers.
        return None
    return {**counted.properties, **counted.classes}


def _told(vocable: Vocable, name: Namer, uses: dict[str, int] | None) -> Told:
    related = [
        (key, [(iri, name(iri).text if iri.startswith(NS) else shorten(iri)) for iri in iris])
        for key, iris in vocable.related.items()
        if iris
    ]
    node = f"<{vocable.iri}>"
    found = f"?thing a {node}" if vocable.is_class else f"?thing {node} ?value"
    columns = "?thing" if vocable.is_class else "?thing ?value"
    query = f"SELECT {columns} WHERE {{ {found} }} LIMIT 100"
    count = None if uses is None else uses.get(vocable.iri, 0)
    return Told(vocable, vocable.iri.removeprefix(NS), shorten(vocable.iri), related, count, query)
