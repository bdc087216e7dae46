"""`/datasets`: the catalogue, as a page or as DCAT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from zorgkg.intake import template
from zorgkg.intake.kinds import KINDS
from zorgkg.languages import LANGUAGES
from zorgkg.terms import dataset_graph, graph_of, term
from zorgkg.web import pages, parameters
from zorgkg.web.catalogue import dcat
from zorgkg.web.forms import alternates, representations
from zorgkg.web.service import Service, of
from zorgkg.web.things import descriptions, facts
from zorgkg.web.things.descriptions import Name, Text
from zorgkg.web.things.naming import Namer
from zorgkg.web.view import View

OFFERED: Final = (*representations.GRAPH, "html")


@dataclass(frozen=True)
class Listed:
    """A dataset in the list.

    :param name: its name.
    :param about: its description.
    :param licences: under which it may be used.
    :param publishers: who publishes it.
    :param statements: how many it has.
    :param modified: day of its last change.
    :param downloads: its graph in several forms.
    """

    name: Name
    about: Text | None
    licences: list[Name]
    publishers: list[Name]
    statements: int
    modified: str
    downloads: alternates.Links


def document(request: Request) -> Response:
    """`/datasets`, with or without suffix: the datasets of this version."""
    service = of(request)
    pairs = parameters.of(request)
    parameters.only(pairs, ("lang", "format"))
    form = representations.chosen(request, pairs, OFFERED, request.scope["path"].partition(".")[2])
    view = View.of(request, parameters.language(request, pairs))
    fields = alternates.fields(view, "/datasets", OFFERED, form.name)
    if form.kind != "page":
        headers = {"Vary": "Accept", "X-Zorgkg-Version": service.manifest.id, "Link": ", ".join(fields)}
        names = [dcat.CATALOGUE, *service.manifest.datasets]
        own = [one for name in names for one in descriptions.outgoing(service.engine, graph_of(name).value)]
        triples = dict.fromkeys([*own, *dcat.everything(request, view)])
        body = representations.graph(form, triples, dataset_graph(dcat.CATALOGUE).value)
        return Response(body, headers=headers, media_type=form.content_type)
    context = {
        "datasets": _listed(request, service, view),
        "whole": dcat.links(request, view, dataset_graph(dcat.CATALOGUE).value),
        "templates": _templates(view),
        "canonical": view.absolute("/datasets", view.language_pair),
        **alternates.ways(view, "/datasets", representations.GRAPH),
    }
    return pages.response(view, pages.draw(view, "datasets.html", context), headers={"Link": ", ".join(fields)})


def _templates(view: View) -> alternates.Links:
    place = LANGUAGES.index(view.language)
    return [
        (f"{kind.titles[place]} ({form})", view.link(f"/templates/{name}.{form}"))
        for name, kind in KINDS.items()
        for form in template.FORMS
    ]


def _listed(request: Request, service: Service, view: View) -> list[Listed]:
    iris = {name: graph_of(name).value for name in service.manifest.datasets}
    own = {
        iri: [triple for triple in descriptions.outgoing(service.engine, iri) if triple.subject == NamedNode(iri)]
        for iri in iris.values()
    }
    licence, publisher, about = term("dcterms:license"), term("dcterms:publisher"), term("dcterms:description")
    name = Namer(service.engine, view.language)
    name.want([*iris.values(), *(one for iri in own for one in facts.objects(own[iri], licence, publisher))])
    name.settle()
    return [
        Listed(
            name=name(iri) if own[iri] else Name(iri, one),
            about=next(iter(facts.texts(own[iri], (about,), view.language)), None),
            licences=[name(licence) for licence in facts.objects(own[iri], licence)],
            publishers=[name(publisher) for publisher in facts.objects(own[iri], publisher)],
            statements=service.manifest.datasets[one],
            modified=dcat.modified(request, one)[:10],
            downloads=[link for link in dcat.links(request, view, iri) if link[0] not in ("SPARQL", "API")],
        )
        for one, iri in iris.items()
    ]
