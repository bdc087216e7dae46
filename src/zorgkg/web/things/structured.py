"""Structured data: a thing in the terms of schema.org, as JSON-LD inside its page, for search engines and others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from markupsafe import Markup
from pyoxigraph import BlankNode, Literal, NamedNode

from zorgkg.terms import ID, term
from zorgkg.web.things import facts
from zorgkg.web.things.descriptions import Name
from zorgkg.web.things.naming import Namer
from zorgkg.web.things.portraits import Portrait
from zorgkg.web.view import View

CONTEXT: Final = "https://schema.org"

MOST: Final = 100
"""At most so many members, terms or parts are told."""

Told = dict[str, Any]

_TYPES: Final = {
    "project": "Project",
    "programme": "Project",
    "activity": "Event",
    "organisation": "Organization",
    "framework": "DefinedTerm",
    "source": "Report",
    "publication": "CreativeWork",
    "passage": "CreativeWork",
    "dataset": "Dataset",
    "call": "FundingScheme",
    "claim": "Claim",
    "statement": "Claim",
    "positioning": "Claim",
    "participation": "Role",
    "observation": "Observation",
    "figure": "Observation",
}
"""Kind of thing → its type; others are a `Thing`."""

_FINER: Final = {
    term(cls).value: told
    for cls, told in (
        ("zorg:Neighbourhood", "Place"),
        ("zorg:Municipality", "City"),
        ("zorg:Province", "AdministrativeArea"),
        ("zorg:Region", "AdministrativeArea"),
        ("zorg:Country", "Country"),
        ("zorg:Framework", "DefinedTermSet"),
        ("skos:ConceptScheme", "DefinedTermSet"),
        ("dcat:Catalog", "DataCatalog"),
    )
}
"""Class → the type of a thing that has it."""


def described(portrait: Portrait, name: Namer, view: View, address: str) -> Told:
    """Tell what a thing is.

    :param portrait: what the graph tells of it.
    :param name: names what it is connected with.
    :param view: how its page is seen.
    :param address: URL of its page.
    """
    type_ = next((_FINER[one.iri] for one in portrait.classes if one.iri in _FINER), None)
    type_ = type_ or ("Place" if portrait.kind == "place" else _TYPES.get(portrait.kind, "Thing"))
    reader = _Reader(portrait, name)
    told: Told = {
        "@type": type_,
        "@id": portrait.iri,
        "name": portrait.title.text,
        "description": portrait.about[0].text if portrait.about else None,
        "alternateName": reader.texts("skos:altLabel"),
        "url": next(iter(reader.iris("foaf:homepage")), address),
        "mainEntityOfPage": address,
        "sameAs": reader.iris("skos:exactMatch", "owl:sameAs"),
    }
    tell = _MORE.get(type_) or _MORE.get(_TYPES.get(portrait.kind, "")) or _nothing
    return _filled({**told, **tell(reader, view)})


def breadcrumbs(crumbs: Sequence[tuple[str, str]], portrait: Portrait, address: str) -> Told:
    """Tell the way to a page.

    :param crumbs: texts and URLs, from the home page down.
    :param portrait: the thing at its end.
    :param address: URL of its page.
    """
    steps = [*crumbs, (portrait.title.text, address)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": text, "item": where}
            for place, (text, where) in enumerate(steps, 1)
        ],
    }


def script(nodes: Sequence[Told]) -> Markup:
    """Return JSON-LD as the content of a `script` element, which nothing in it can end."""
    text = json.dumps({"@context": CONTEXT, "@graph": list(nodes)}, ensure_ascii=False)
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)  # noqa: S704 - no mark is left that HTML knows


class _Reader:
    """Reads what a portrait holds, in the graph's own terms."""

    def __init__(self, portrait: Portrait, name: Namer) -> None:
        self.portrait = portrait
        self.name = name
        node = NamedNode(portrait.iri)
        self.own = [triple for triple in portrait.triples if triple.subject == node]

    def iris(self, *properties: str) -> list[str]:
        return facts.objects(self.own, *map(term, properties))

    def texts(self, *properties: str) -> list[str]:
        wanted = {term(one) for one in properties}
        found = [one.object.value for one in self.own if one.predicate in wanted and isinstance(one.object, Literal)]
        return list(dict.fromkeys(found))

    def text(self, *properties: str) -> str | None:
        return next(iter(self.texts(*properties)), None)

    def below(self, node: NamedNode | BlankNode, property: str) -> str | None:
        """What is said of something that hangs on the thing."""
        for triple in self.portrait.triples:
            if triple.subject == node and triple.predicate == term(property):
                return triple.object.value if isinstance(triple.object, NamedNode | Literal) else None
        return None

    def typed(self, cls: str) -> list[NamedNode | BlankNode]:
        """What hangs on the thing and is of a class."""
        return [
            one.subject
            for one in self.portrait.triples
            if one.predicate == term("rdf:type")
            and one.object == term(cls)
            and isinstance(one.subject, NamedNode | BlankNode)
        ]

    def named(self, type_: str, iris: Sequence[str]) -> list[Told]:
        return [{"@type": type_, "@id": iri, "name": self.name(iri).text} for iri in dict.fromkeys(iris[:MOST])]


def _nothing(reader: _Reader, view: View) -> Told:
    return {}


def _organisation(reader: _Reader, view: View) -> Told:
    addresses = [
        _filled(
            {
                "@type": "PostalAddress",
                "streetAddress": reader.below(node, "locn:thoroughfare"),
                "postalCode": reader.below(node, "locn:postCode"),
                "addressLocality": reader.below(node, "locn:postName"),
            }
        )
        for node in reader.typed("locn:Address")
    ]
    mailboxes = [iri.removeprefix("mailto:") for iri in reader.iris("schema:contactPoint") if iri.startswith("mailto:")]
    return {
        "address": addresses,
        "email": mailboxes,
        "location": reader.named("Place", reader.iris("zorg:inMunicipality")),
        "parentOrganization": reader.named("Organization", reader.iris("org:unitOf")),
    }


def _project(reader: _Reader, view: View) -> Told:
    return {
        "location": reader.named("Place", reader.iris("zorg:takesPlaceIn", "zorg:inMunicipality")),
        "member": reader.named("Organization", reader.iris("zorg:initiator", "zorg:partner")),
        "funder": reader.named("Organization", reader.iris("zorg:funder")),
        "keywords": reader.texts("zorg:targetGroup"),
    }


def _event(reader: _Reader, view: View) -> Told:
    helpers = reader.iris("schema:contributor")
    return {
        "startDate": reader.text("schema:startDate"),
        "endDate": reader.text("schema:endDate"),
        "location": reader.named("Place", reader.iris("zorg:takesPlaceIn", "zorg:inMunicipality")),
        "organizer": reader.named("Organization", reader.iris("schema:organizer")),
        "contributor": reader.named("Organization", [one for one in helpers if one.startswith(f"{ID}organisation/")]),
    }


def _place(reader: _Reader, view: View) -> Told:
    found = reader.portrait.map
    own = [one for one in found.chosen if one.name.iri == reader.portrait.iri] if found else []
    codes = [{"@type": "PropertyValue", "propertyID": "NIS", "value": one} for one in reader.texts("zorg:nisCode")]
    return {
        "geo": [{"@type": "GeoCoordinates", "latitude": one.latitude, "longitude": one.longitude} for one in own],
        "identifier": codes,
        "containedInPlace": reader.named("Place", [one.iri for one in reader.portrait.trail[:1]]),
    }


def _term(reader: _Reader, view: View) -> Told:
    return {
        "termCode": reader.text("skos:notation"),
        "inDefinedTermSet": reader.named("DefinedTermSet", reader.iris("skos:inScheme")),
    }


def _terms(reader: _Reader, view: View) -> Told:
    parts = [
        item.value.iri
        for section in reader.portrait.sections
        if section.key == "components"
        for group in section.groups
        for item in group.items
        if isinstance(item.value, Name)
    ]
    return {
        "hasDefinedTerm": reader.named("DefinedTerm", parts),
        "publisher": reader.named("Organization", reader.iris("dcterms:publisher")),
    }


def _work(reader: _Reader, view: View) -> Told:
    above = [one.iri for one in reader.portrait.trail]
    return {
        "author": [
            *reader.named("Organization", reader.iris("dcterms:creator")),
            # Whether a printed name is that of a person or of an organisation is not said.
            *reader.texts("dcterms:creator", "dc:creator"),
        ],
        "publisher": [
            *reader.named("Organization", reader.iris("dcterms:publisher", "schema:publisher")),
            *({"@type": "Organization", "name": one} for one in reader.texts("dcterms:publisher", "schema:publisher")),
        ],
        "datePublished": reader.text("dcterms:issued"),
        "isPartOf": reader.named("CreativeWork", above) or reader.texts("schema:isPartOf"),
    }


def _claim(reader: _Reader, view: View) -> Told:
    about = reader.iris("zorg:project", "rdf:subject", "zorg:about")
    passages = [one for cited in reader.portrait.cited for one in cited.passages]
    return {
        "about": reader.named("Thing", about),
        "appearance": [
            {"@type": "CreativeWork", "@id": one.passage, "isPartOf": {"@id": one.source.iri, "name": one.source.text}}
            for one in passages[:MOST]
            if one.source
        ],
    }


def _dataset(reader: _Reader, view: View) -> Told:
    # Where it can be had is said by web/catalogue/dcat.py, in DCAT's terms.
    nodes = [NamedNode(iri) for iri in reader.iris("dcat:distribution")]
    return {
        "license": reader.iris("dcterms:license"),
        "publisher": reader.named("Organization", reader.iris("dcterms:publisher")),
        "dateModified": reader.text("dcterms:modified"),
        "isAccessibleForFree": True,
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": f"{ID}dataset/zorgkg",
            "url": view.absolute("/datasets"),
        },
        "distribution": [
            _filled(
                {
                    "@type": "DataDownload",
                    "contentUrl": reader.below(node, "dcat:downloadURL"),
                    "encodingFormat": (reader.below(node, "dcat:mediaType") or "").partition("/media-types/")[2]
                    or None,
                }
            )
            for node in nodes
        ],
    }


def _catalogue(reader: _Reader, view: View) -> Told:
    return {
        "license": reader.iris("dcterms:license"),
        "publisher": reader.named("Organization", reader.iris("dcterms:publisher")),
        "dataset": reader.named("Dataset", reader.iris("dcat:dataset")),
    }


_MORE: Final = {
    "Project": _project,
    "Event": _event,
    "Organization": _organisation,
    "Place": _place,
    "City": _place,
    "AdministrativeArea": _place,
    "Country": _place,
    "DefinedTerm": _term,
    "DefinedTermSet": _terms,
    "Report": _work,
    "CreativeWork": _work,
    "Claim": _claim,
    "Dataset": _dataset,
    "DataCatalog": _catalogue,
}


def _filled(told: Told) -> Told:
    """Leave out what is not known; a list of one thing is that thing."""
    return {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in told.items()
        if value is not None and value != []
    }
