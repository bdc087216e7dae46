"""Finding: which things of a collection fit filters and words, in which order, page by page.

The search index answers where there is one; what it does not know, and everything where there is none, is asked in
SPARQL. Only collections that stay small have such filters and orders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from zorgkg.collection.declared import Collection
from zorgkg.collection.reading import members, restricted, things
from zorgkg.engine.interface import Engine
from zorgkg.engine.reading import select
from zorgkg.languages import LABEL_PROPERTY
from zorgkg.search.index import SearchIndex
from zorgkg.terms import ID, term

SMALL: Final = 20_000
"""As many things of a small collection as are looked through in SPARQL after the index found them."""

_DATE: Final = term("xsd:date")
_TEXTS: Final = "rdfs:label|skos:prefLabel|skos:altLabel|dcterms:description|skos:definition"


@dataclass(frozen=True)
class Wish:
    """What is asked of a collection.

    :param filters: name of a filter → IRIs, any of which a thing must have; of several filters it must fit each.
    :param text: words that each must have; "" for any.
    :param sort: one of the collection's orders.
    :param limit: how many at most.
    :param offset: how many to pass over.
    :param since: a day (YYYY-MM-DD) on or after which a thing still goes on; "" for any. What has no day is left out.
    :param until: a day on or before which it has begun; "" for any.
    """

    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    text: str = ""
    sort: str = "label"
    limit: int = 100
    offset: int = 0
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class Found:
    """A part of a list: IRIs in order, and whether others follow."""

    iris: list[str]
    more: bool


class TooMany(Exception):
    """The words fit more things than can be put in that order; an order of the index has no such limit."""


def find(
    engine: Engine,
    index: SearchIndex | None,
    collection: Collection,
    wish: Wish,
    language: str,
    among: Sequence[str] | None = None,
) -> Found:
    """Find things.

    :param engine: the engine.
    :param index: the search index of its version, or None.
    :param collection: where to look.
    :param wish: what is asked.
    :param language: language of the labels by which they are ordered.
    :param among: the only things that belong to the collection, whatever their class; None: those of its classes.
    :raises TooMany: see there.
    """
    if index is None or among is not None:
        return _asked(engine, collection, wish, language, among)
    sort, descending = wish.sort.removeprefix("-"), wish.sort.startswith("-")
    facets = {name: list(iris) for name, iris in _own(collection).items()}
    rest: dict[str, Sequence[str]] = {}
    for name, iris in wish.filters.items():
        facet = collection.filters[name].facet
        if facet and facet not in facets:
            facets[facet] = list(iris)
        elif facet:
            # Of a facet that already tells the collection from others, only the part that is asked for.
            facets[facet] = [iri for iri in iris if iri in facets[facet]]
        else:
            rest[name] = iris
    if not (rest or wish.since or wish.until) and sort in ("label", "iri"):
        page = index.page(
            collection.type,
            language,
            filters=facets,
            text=wish.text,
            sort=sort,
            descending=descending,
            limit=wish.limit,
            offset=wish.offset,
        )
        return Found([one.iri for one in page.things], page.more)
    if not wish.text:
        return _asked(engine, collection, wish, language)
    page = index.page(collection.type, language, filters=facets, text=wish.text, sort="iri", limit=SMALL)
    if page.more:
        raise TooMany(f"{wish.text!r} fits more than {SMALL:,} things")
    left = replace(wish, filters=rest, text="")
    return _asked(engine, collection, left, language, [one.iri for one in page.things])


def is_member(engine: Engine, collection: Collection, iri: str) -> bool:
    """Tell whether a thing belongs to a collection."""
    query = f"SELECT ?thing WHERE {{ {things([iri])} {members(collection)} }} LIMIT 1"
    return any(True for _ in select(engine, query))


def some(engine: Engine, collection: Collection, most: int) -> list[str]:
    """Return some things of a collection, in no order; all when there are no more than asked for."""
    query = f"SELECT DISTINCT ?thing WHERE {{ {' '.join(_members(collection))} }} LIMIT {most}"
    return [row["thing"].value for row in select(engine, query)]


def _own(collection: Collection) -> dict[str, list[str]]:
    """What tells the index which things of the type are of the collection."""
    return {facet: [term(one).value for one in names] for facet, names in collection.facets.items()}


def _asked(
    engine: Engine, collection: Collection, wish: Wish, language: str, among: Sequence[str] | None = None
) -> Found:
    """Find in SPARQL."""
    sort, descending = wish.sort.removeprefix("-"), wish.sort.startswith("-")
    patterns = _members(collection) if among is None else [things(among)]
    for number, (name, iris) in enumerate(wish.filters.items()):
        one = collection.filters[name]
        variable = f"value{number}"
        values = " ".join(str(NamedNode(iri)) for iri in iris)
        patterns.append(
            f"VALUES ?{variable} {{ {values} }} ?thing {one.path} ?{variable} . {restricted(one, variable)}"
        )
    patterns += _period(collection, wish)
    for word in wish.text.split():
        wanted = Literal(word.lower())
        patterns.append(f"FILTER EXISTS {{ ?thing {_TEXTS} ?text . FILTER(CONTAINS(LCASE(STR(?text)), {wanted})) }}")
    way = "DESC" if descending else "ASC"
    # The things first, each once: an engine would else sort every pair of a thing and a class, value or label.
    found = f"{{ SELECT DISTINCT ?thing WHERE {{ {' '.join(patterns)} }} }}"
    if sort == "iri":
        # The last part: a text that is made here, while Oxigraph reads a whole IRI anew for each comparison.
        slug = f'STRAFTER(STR(?thing), "/id/{collection.type}/")'
        query = f"SELECT ?thing ?key WHERE {{ {found} BIND({slug} AS ?key) }} ORDER BY {way}(?key)"
    elif sort == "label":
        label = f"OPTIONAL {{ ?thing {LABEL_PROPERTY[language]} ?label }} BIND(LCASE(STR(?label)) AS ?key)"
        query = f"SELECT ?thing ?key WHERE {{ {found} {label} }} ORDER BY {way}(?key) {way}(?thing)"
    else:
        value = f"OPTIONAL {{ ?thing {collection.fields[sort].path} ?value }}"
        query = f"SELECT ?thing (MIN(?value) AS ?key) WHERE {{ {found} {value} }} GROUP BY ?thing "
        query += f"ORDER BY {way}(?key) {way}(?thing)"
    rows = select(engine, f"{query} LIMIT {wish.limit + 1} OFFSET {wish.offset}")
    iris_found = [row["thing"].value for row in rows]
    return Found(iris_found[: wish.limit], len(iris_found) > wish.limit)


def _period(collection: Collection, wish: Wish) -> list[str]:
    """The patterns of the days on which things go on: one that has a single day begins and ends on it."""
    if collection.period is None or not (wish.since or wish.until):
        return []
    start, end = (collection.fields[name].path for name in collection.period)
    patterns = [f"OPTIONAL {{ ?thing {start} ?start }} OPTIONAL {{ ?thing {end} ?end }}"]
    if wish.since:
        patterns.append(f"FILTER(COALESCE(?end, ?start) >= {Literal(wish.since, datatype=_DATE)})")
    if wish.until:
        patterns.append(f"FILTER(COALESCE(?start, ?end) <= {Literal(wish.until, datatype=_DATE)})")
    return patterns


def _members(collection: Collection) -> list[str]:
    """The patterns of the things of a collection."""
    # A blank node, or a thing of others that is of the class too, has no path here.
    return [members(collection), f'FILTER(STRSTARTS(STR(?thing), "{ID}{collection.type}/"))']
