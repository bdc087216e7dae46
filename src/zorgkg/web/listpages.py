"""A page of a collection for a person: a form with its filters, a table, and the way to the other forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import Response

from zorgkg.collection import values
from zorgkg.collection.declared import Property
from zorgkg.collection.reading import Record, Value
from zorgkg.collection.values import Choice
from zorgkg.results import plain
from zorgkg.web import links, pages, words
from zorgkg.web.service import of
from zorgkg.web.things.descriptions import Name, Text

if TYPE_CHECKING:
    from zorgkg.collection.finding import Found
    from zorgkg.web.lists import Asked

_LEFT: Final = ("iri", "slug", "point")
"""Fields that a page tells otherwise, or not."""

_SHOWN: Final = 3
"""Filters that stand open; the others fold out."""

_TITLES: Final = {
    **{"json": "JSON", "csv": "CSV", "tsv": "TSV", "parquet": "Parquet", "geojson": "GeoJSON", "jsonld": "JSON-LD"},
    **{"ttl": "Turtle"},
}


@dataclass(frozen=True)
class Filter:
    """A filter as a field of a form; without options any text may be written."""

    name: str
    description: str
    options: Sequence[Choice]
    given: Sequence[str]


def render(request: Request, asked: Asked, found: Found, told: Sequence[Record], longest: int) -> Response:
    """Render a page.

    :param request: the request.
    :param asked: what it asks.
    :param found: the things of the page.
    :param told: their records.
    :param longest: characters of the words that are looked for.
    """
    collection, language, wish = asked.collection, asked.language, asked.wish
    path, say = request.scope["path"], words.say(language)

    def where(**changed: str | int | None) -> str:
        return links.relative(request, path, links.replaced(asked.pairs, **changed))

    filters = [_filter(request, one, asked) for one in collection.filters.values()]
    shown = [one for one in asked.fields if one.name not in _LEFT]
    context = {
        "title": collection.title[language],
        "about": collection.description[language],
        "has_text": collection.is_of_things,
        "sought": wish.text,
        "longest": longest,
        "period": [("from", wish.since), ("to", wish.until)] if collection.period else [],
        "filters": filters,
        "shown": _SHOWN,
        "more_given": any(one.given for one in filters[_SHOWN:]),
        "headings": [one.description[language].rstrip(".") for one in shown],
        "rows": [
            [[_shown(each, one, record, say) for each in record.values[one.name]] for one in shown] for record in told
        ],
        "next": where(offset=wish.offset + wish.limit) if found.more else None,
        "previous": where(offset=max(0, wish.offset - wish.limit) or None) if wish.offset else None,
        "downloads": [(_TITLES[name], where(format=name)) for name in asked.offered if name in _TITLES],
    }
    return pages.render(request, "collection.html", language, context)


def _filter(request: Request, one: Property, asked: Asked) -> Filter:
    found = values.choices(of(request).engine, one, asked.language)
    given = [value for name, value in asked.pairs if name == one.name and value]
    told = one.description[asked.language].rstrip(".")
    return Filter(one.name, told, found if len(found) <= values.FEW else [], given)


def _shown(value: Value, one: Property, record: Record, say: words.Say) -> Name | Text:
    if one.kind == "label":
        return Name(record.iri, value.term.value, _language(value.term))
    if isinstance(value.term, NamedNode):
        return Name(value.term.value, value.shown, _language(value.label))
    told = plain(value.term)
    if isinstance(told, bool):
        return Text(say("yes" if told else "no"))
    return Text(value.term.value, _language(value.term))


def _language(text: Literal | NamedNode | None) -> str:
    return (text.language or "") if isinstance(text, Literal) else ""
