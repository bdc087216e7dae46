"""`/api/evidence`: what says that two things have to do with each other, who says so, and where in which source.

Without a second thing: all that is said of the one. With `question`: the evidence of a row of that question's answer,
given by the columns and parameters that its header `evidence` names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from zorgkg.evidence.asked import Asked
from zorgkg.evidence.gathering import Evidence, gather
from zorgkg.evidence.statements import statements
from zorgkg.web import links, pages, parameters
from zorgkg.web.forms import representations
from zorgkg.web.forms.representations import FORMS
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import Service, of
from zorgkg.web.things import citation_table, citations
from zorgkg.web.things import wanted as reading
from zorgkg.web.things.citations import Addresses
from zorgkg.web.things.naming import Namer
from zorgkg.web.things.wanted import Wanted

PATH: Final = "/api/evidence"
OFFERED: Final = ("json", "html", *(name for name in representations.TABLE if name not in ("json", "geojson")))
"""The forms: JSON with what nests, tables with a row for each passage, RDF of the assertions themselves, a page."""

LIMIT, MOST = 100, 1000
"""Assertions that are given when `limit` isn't, and the most."""

FARTHEST: Final = 10**6
_DOWNLOADS: Final = (("JSON", "json"), ("CSV", "csv"), ("TSV", "tsv"), ("Turtle", "ttl"), ("JSON-LD", "jsonld"))


def answer(request: Request) -> Response:
    """Answer `/api/evidence`, also with the suffix of a form.

    :raises ProblemError: 400, 404, 406 or 422, as the parameters are wrong.
    """
    service, pairs = of(request), parameters.of(request)
    language = parameters.language(request, pairs)
    form = representations.chosen(request, pairs, OFFERED, representations.suffix(request, OFFERED))
    limit = parameters.whole(pairs, "limit", 1, MOST) or LIMIT
    offset = parameters.whole(pairs, "offset", 0, FARTHEST) or 0
    languages = parameters.truth(pairs, "languages")
    # A person who names nothing is told how to; a program that does so has made a mistake.
    wanted = reading.read(service, pairs, language, may_name_nothing=form.kind == "page")
    name = Namer(service.engine, language)
    found = gather(service.engine, wanted.asked, limit, offset)
    if offset and not any(one.assertions for one in found.values()):
        raise ProblemError(404, "page-out-of-range", f"there is no assertion after {offset:,}", parameter="offset")
    name.learn(citations.things(found.values()))
    more = any(one.more for one in found.values())
    told = _links(request, pairs, wanted, form.name, limit if more else 0, offset)
    if form.kind == "page":
        context = _told(wanted, found, name, Addresses(links.relative(request, ""), _kept(pairs)), service)
        alternates = [(label, _as(request, pairs, one)) for label, one in _DOWNLOADS]
        context |= {"downloads": alternates, "next": _page(request, pairs, offset + limit) if more else None}
        return pages.render(request, "evidence.html", language, context, headers={"Link": ", ".join(told)})
    if form.name == "json":
        at = Addresses(links.absolute(request, ""), _kept(pairs))
        values = _told(wanted, found, name, at, service)
        body = (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()
    elif form.kind == "graph":
        body = representations.graph(form, statements(found.values()), None)
    else:
        body = representations.table(form, citation_table.table(found.values(), name), languages)
    return representations.response(request, form, body, language, told, "evidence")


# How it is told


def _told(
    wanted: Wanted, found: Mapping[Asked, Evidence], name: Namer, at: Addresses, service: Service
) -> dict[str, Any]:
    listings = [
        citations.listing(question.id, question.summary[name.language], given, name, at)
        for question, given in wanted.listings
    ]
    parts = [
        {
            "asked": citations.asked(one, name, at),
            "sentence": citations.sentence(found[one], name),
            "evidence": citations.told(found[one], name, at),
        }
        for one in wanted.asked
    ]
    row = wanted.question
    return {
        "version": service.manifest.id,
        "question": {"id": row.id, "label": row.summary[name.language], "href": at.question(row.id, {})}
        if row
        else None,
        "asked": [part["asked"] for part in parts],
        "sentence": " ".join(str(part["sentence"]) for part in parts)
        or name.say("evidence_listed" if listings else "evidence_ask"),
        "evidence": [one for part in parts for one in part["evidence"]] + listings,
        "more": any(one.more for one in found.values()),
    }


def _kept(pairs: Pairs) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs if name in ("lang", "version") and value)


def _as(request: Request, pairs: Pairs, form: str) -> str:
    return links.relative(request, PATH, links.replaced(pairs, format=form))


def _page(request: Request, pairs: Pairs, offset: int) -> str:
    return links.relative(request, PATH, links.replaced(pairs, offset=offset))


def _links(request: Request, pairs: Pairs, wanted: Wanted, form: str, step: int, offset: int) -> list[str]:
    """Link header fields (RFC 8288): what it is about, its other forms, and the next page."""
    things = {thing: None for one in wanted.asked for thing in (one.subject, one.other, one.of) if thing}
    found = [f'<{thing}>; rel="about"' for thing in things]
    for name in ("json", "html", "csv", "ttl"):
        if name != form:
            where = links.absolute(request, PATH, links.replaced(pairs, format=name, excel=None))
            found.append(f'<{where}>; rel="alternate"; type="{FORMS[name].media}"')
    if step:
        found.append(f'<{links.absolute(request, PATH, links.replaced(pairs, offset=offset + step))}>; rel="next"')
    return found
