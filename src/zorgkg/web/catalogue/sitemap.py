"""What crawlers read: `/sitemap.xml` (https://www.sitemaps.org/protocol.html) and `/robots.txt` (RFC 9309)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from zorgkg.collection.table import COLLECTIONS
from zorgkg.engine import reading
from zorgkg.engine.interface import Engine
from zorgkg.terms import ID
from zorgkg.web import links, parameters
from zorgkg.web.once import Once
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import Service, of
from zorgkg.web.view import View

PART: Final = 50_000
"""Addresses in a part; the protocol allows no more."""

_CLASSES: Final = {
    "project": "zorg:Project zorg:Programme",
    "organisation": "org:FormalOrganization org:OrganizationalUnit org:OrganizationalCollaboration",
    "place": "zorg:Neighbourhood zorg:Municipality zorg:Province zorg:Region zorg:Country",
    "framework": "skos:ConceptScheme skos:Concept",
    "source": "zorg:Source zorg:Publication",
    "call": "zorg:FundingCall",
    "practice": "zorg:Practice",
    "activity": "zorg:Activity",
}
"""What somebody may look for. The pages of participations, passages and the like are a step further from these."""

_PAGES: Final = "pages"
"""The part with the pages that are about no single thing."""

_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_BATCH: Final = 1000


@dataclass(frozen=True)
class Part:
    """A part of the sitemap: a kind of things, and from which one on."""

    kind: str
    number: int

    @property
    def path(self) -> str:
        """Path of its document."""
        return f"/sitemap-{self.kind}-{self.number}.xml"


def _counted(engine: Engine, _: str) -> list[Part]:
    """The parts of a version."""
    parts = [Part(_PAGES, 1)]
    for kind, classes in _CLASSES.items():
        query = f"SELECT (COUNT(DISTINCT ?it) AS ?n) WHERE {{ {_of(classes)} }}"
        count = int(reading.value(reading.select(engine, query)[0], "n"))
        parts += [Part(kind, number) for number in range(1, -(-count // PART) + 1)]
    return parts


_parts: Final = Once(_counted, "the sitemap")


def index(request: Request) -> Response:
    """`/sitemap.xml`: the parts."""
    parameters.only(parameters.of(request), ())
    service = of(request)
    view = View.of(request, "nl")
    parts = "".join(
        f"<sitemap><loc>{escape(view.absolute(part.path))}</loc><lastmod>{service.manifest.created}</lastmod></sitemap>\n"
        for part in _parts(service.engine)
    )
    body = f"{_XML}<sitemapindex {_NAMESPACE}>\n{parts}</sitemapindex>\n"
    return Response(body, headers=_headers(service), media_type="application/xml")


def part(request: Request) -> Response:
    """`/sitemap-{kind}-{number}.xml`: the addresses of a part."""
    parameters.only(parameters.of(request), ())
    service = of(request)
    found = re.fullmatch(r"([a-z]+)-([1-9][0-9]{0,5})", request.path_params["part"])
    chosen = Part(found[1], int(found[2])) if found else None
    if chosen is None or chosen not in _parts(service.engine):
        raise ProblemError(404, "no-such-part", "the sitemap has no such part; /sitemap.xml lists them")
    view = View.of(request, "nl")
    paths = _pages(service) if chosen.kind == _PAGES else _things(service.engine, chosen)
    lines = _written(view, paths, service.manifest.created)
    return StreamingResponse(lines, headers=_headers(service), media_type="application/xml")


def robots(request: Request) -> Response:
    """`/robots.txt`: all may be read, but for answers that somebody has to ask for, and older versions."""
    parameters.only(parameters.of(request), ())
    sitemap = links.absolute(request, "/sitemap.xml")
    languages = "".join(f"Allow: /api/*?lang={tag}$\n" for tag in ("nl", "fr", "en"))
    # The longest rule that matches counts (RFC 9309, section 2.2.2).
    body = f"""User-agent: *
Allow: /
Disallow: /sparql?
Disallow: /search?
Disallow: /graphs
Disallow: /api/*?
{languages}Disallow: /*?*version=
Disallow: /versions

Sitemap: {sitemap}
"""
    return Response(body, headers=_headers(of(request)), media_type="text/plain; charset=utf-8")


def _things(engine: Engine, chosen: Part) -> list[str]:
    # In whichever order the engine has them, which does not change within a version: to sort 100,000 things takes it
    # longer than a query may take.
    pattern, offset = _of(_CLASSES[chosen.kind]), (chosen.number - 1) * PART
    query = f"SELECT DISTINCT ?it WHERE {{ {pattern} }} LIMIT {PART} OFFSET {offset}"
    # What hangs on a thing has no page of its own, and what others name has none here.
    found = (iri for iri in reading.column(engine, query) if iri.startswith(ID) and "#" not in iri)
    return [path for iri in found if (path := links.local(iri))]


def _of(classes: str) -> str:
    return " UNION ".join(f"{{ ?it a {cls} }}" for cls in classes.split())


def _pages(service: Service) -> list[str]:
    datasets = [f"/doc/dataset/{name}" for name in service.manifest.datasets if ":" not in name]
    questions = [f"/api/questions/{question}" for question in service.questions]
    collections = [f"/api/{name}" for name in COLLECTIONS]
    return ["/", "/projects", "/ns", "/datasets", "/sparql", "/search", "/api", *collections, *datasets, *questions]


def _written(view: View, paths: Iterable[str], modified: str) -> Iterator[str]:
    batch = [f"{_XML}<urlset {_NAMESPACE}>\n"]
    for path in paths:
        batch.append(f"<url><loc>{escape(view.absolute(path))}</loc><lastmod>{modified}</lastmod></url>\n")
        if len(batch) == _BATCH:
            yield "".join(batch)
            batch.clear()
    yield "".join([*batch, "</urlset>\n"])


def _headers(service: Service) -> dict[str, str]:
    return {"X-Zorgkg-Version": service.manifest.id}
