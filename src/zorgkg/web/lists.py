"""`/api/{collection}`: the things of a collection as flat records, found by filters and words, page by page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal
from starlette.requests import Request
from starlette.responses import Response

from zorgkg.collection import finding, reading, values
from zorgkg.collection.declared import Collection, Property
from zorgkg.collection.finding import Found, TooMany, Wish
from zorgkg.collection.reading import Record, Value
from zorgkg.collection.values import UnknownValue
from zorgkg.evidence import same
from zorgkg.publishing.versions import Manifest
from zorgkg.search.index import TooSlow
from zorgkg.terms import graph_of
from zorgkg.web import links, listpages, parameters
from zorgkg.web.catalogue import versions
from zorgkg.web.forms import records, representations
from zorgkg.web.forms.representations import GRAPH, TABLE, Form
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import Service, of

LIMIT: Final = 100
"""Records of a page when `limit` isn't given."""

MOST: Final = 1000
"""The highest `limit`."""

FARTHEST: Final = 10**9
"""The highest `offset`."""

LONGEST: Final = 200
"""Characters of `q`."""

OWN: Final = ("q", "sort", "limit", "offset", "fields", "lang", "format", "excel", "languages")
"""Parameters beside the filters, for a collection of things."""

PERIOD: Final = ("from", "to")
"""Further ones, where its things go on for some days."""


@dataclass(frozen=True)
class Asked:
    """A request for a page of a collection, read and checked.

    :param collection: the collection.
    :param pairs: the parameters as they were given.
    :param language: language of labels.
    :param form: form of the answer.
    :param offered: names of the forms that it has.
    :param fields: what is told of each thing.
    :param are_chosen: whether `fields` said so.
    :param wish: which things, in which order.
    """

    collection: Collection
    pairs: Pairs
    language: str
    form: Form
    offered: Sequence[str]
    fields: Sequence[Property]
    are_chosen: bool
    wish: Wish


def forms(collection: Collection) -> tuple[str, ...]:
    """Return the names of the forms in which a collection can be given, the default first."""
    left = set() if collection.has_points else {"geojson"}
    if not collection.is_of_things:
        left |= set(GRAPH)
    return tuple(name for name in (*TABLE, "html") if name not in left)


def own(collection: Collection) -> tuple[str, ...]:
    """Return the parameters of a collection that are no filters."""
    chosen = OWN if collection.is_of_things else tuple(name for name in OWN if name != "q")
    return (*PERIOD, *chosen) if collection.period else chosen


def listing(collection: Collection) -> Callable[[Request], Response]:
    """Return the handler of `/api/{collection}`, with or without suffix."""

    def answer(request: Request) -> Response:
        asked = read(request, collection)
        if collection.name == "versions":
            return _versions(request, asked)
        if collection.name == "datasets":
            return _datasets(request, asked)
        return things(request, asked)

    return answer


def read(request: Request, collection: Collection, fixed: Mapping[str, Sequence[str]] | None = None) -> Asked:
    """Read a request for a page.

    :param request: the request.
    :param collection: the collection.
    :param fixed: filters that the path already gives: name → IRIs.
    :raises ProblemError: 400, 406 or 422, a parameter is wrong; the problem tells what is allowed.
    """
    pairs = parameters.of(request)
    language = parameters.language(request, pairs)
    offered = forms(collection)
    form = representations.chosen(request, pairs, offered, representations.suffix(request, offered))
    filters = {name: one for name, one in collection.filters.items() if name not in (fixed or {})}
    parameters.only(pairs, (*filters, *own(collection)))
    # Whatever the form: a value that means nothing is refused, not passed over.
    parameters.truth(pairs, "languages")
    chosen = _fields(pairs, collection)
    text = (parameters.sought(pairs, LONGEST) or "").strip()
    wish = Wish(
        {**(fixed or {}), **_filters(of(request), filters, pairs, language)},
        text and parameters.searchable(text),
        parameters.one_of(pairs, "sort", "unknown-sort", collection.orders) or collection.order,
        parameters.whole(pairs, "limit", 1, MOST) or LIMIT,
        parameters.whole(pairs, "offset", 0, FARTHEST) or 0,
        *(_period(pairs) if collection.period else ()),
    )
    fields = [collection.fields[name] for name in chosen] or [one for one in collection.fields.values() if one.shown]
    return Asked(collection, pairs, language, form, offered, fields, bool(chosen), wish)


def things(request: Request, asked: Asked) -> Response:
    """Answer a request for a page of things."""
    service = of(request)
    try:
        found = finding.find(service.engine, service.search, asked.collection, asked.wish, asked.language)
    except TooMany as error:
        detail = f"{error}: write more of it, or leave out sort"
        raise ProblemError(422, "too-many", detail, parameter="q") from error
    except TooSlow as error:
        raise ProblemError(
            503, "slow-search", f"{error}; try again, or with other words", {"Retry-After": "5"}
        ) from None
    response = _things(request, asked, found, {})
    if service.search is None:
        # The index that may come orders letters with accents otherwise, and finds more.
        response.headers["Cache-Control"] = "no-store"
    return response


def _things(request: Request, asked: Asked, found: Found, computed: Mapping[str, Mapping[str, int]]) -> Response:
    """Tell of the things that were found.

    :param computed: name of a field → IRI → a number that the graph does not hold.
    """
    engine = of(request).engine
    if asked.form.kind == "graph":
        only = reading.predicates(asked.fields) if asked.are_chosen else []
        _check(asked, found)
        body = representations.graph(asked.form, reading.graph(engine, found.iris, only), None)
        return _answer(request, asked, found, body)
    names = [one.name for one in asked.fields]
    told = reading.records(engine, asked.collection, found.iris, names, asked.language)
    for name, numbers in computed.items():
        for one in told:
            one.values[name] = [Value(Literal(numbers[one.iri]))]
    return _table(request, asked, found, told)


def _datasets(request: Request, asked: Asked) -> Response:
    """The datasets are those of the manifest, whether the graph describes them or not."""
    service = of(request)
    counts = {graph_of(name).value: count for name, count in service.manifest.datasets.items()}
    found = finding.find(service.engine, None, asked.collection, asked.wish, asked.language, list(counts))
    return _things(request, asked, found, {"statements": counts})


def _versions(request: Request, asked: Asked) -> Response:
    wish = asked.wish
    manifests = versions.manifests(request)
    name = wish.sort.removeprefix("-")
    ordered = sorted(manifests, key=lambda one: (getattr(one, name), one.id), reverse=wish.sort.startswith("-"))
    part = ordered[wish.offset : wish.offset + wish.limit]
    found = Found([one.id for one in part], wish.offset + wish.limit < len(ordered))
    served = versions.served(request)
    response = _table(request, asked, found, [_manifest(one, one.id == served) for one in part])
    response.headers["Cache-Control"] = "no-store"
    return response


def _manifest(one: Manifest, is_served: bool) -> Record:
    told: dict[str, list[str | int | bool]] = {
        "id": [one.id],
        "created": [one.created],
        "served": [is_served],
        "statements": [one.statements],
        "triples": [one.triples],
        "dataset": list(one.datasets),
        "base": [one.base] if one.base else [],
        "sha256": [one.sha256] if one.sha256 else [],
    }
    return Record(one.id, {name: [Value(Literal(each)) for each in found] for name, found in told.items()})


def _table(request: Request, asked: Asked, found: Found, told: Sequence[Record]) -> Response:
    languages = parameters.truth(asked.pairs, "languages")
    _check(asked, found)
    if asked.form.kind == "page":
        return listpages.render(request, asked, found, told, LONGEST)
    return _answer(request, asked, found, records.write(asked.form, asked.fields, told, languages))


def _check(asked: Asked, found: Found) -> None:
    """Refuse a page that begins after the end.

    :raises ProblemError: 404.
    """
    if asked.wish.offset and not found.iris:
        detail = f"offset {asked.wish.offset:,} is beyond the end of this list; begin at offset 0 and follow the links"
        raise ProblemError(404, "page-out-of-range", detail, parameter="offset")


def _answer(request: Request, asked: Asked, found: Found, body: bytes) -> Response:
    offset, limit = asked.wish.offset, asked.wish.limit
    path, pairs = request.scope["path"], asked.pairs

    def link(relation: str, start: int) -> str:
        where = links.absolute(request, path, links.replaced(pairs, offset=start or None))
        return f'<{where}>; rel="{relation}"'

    relations = [link("first", 0)]
    if offset:
        relations.append(link("prev", max(0, offset - limit)))
    if found.more:
        relations.append(link("next", offset + limit))
    name = asked.collection.name if parameters.single(pairs, "format") else ""
    return representations.response(request, asked.form, body, asked.language, relations, name)


# Reading parameters


def _fields(pairs: Pairs, collection: Collection) -> list[str]:
    """The fields that are asked for, each once, separated by commas or in several parameters."""
    given = (name for key, value in pairs if key == "fields" and value for name in value.split(","))
    chosen = list(dict.fromkeys(given))
    for name in chosen:
        if name not in collection.fields:
            allowed = list(collection.fields)
            detail = f"there is no field {name!r} here; there are: {', '.join(allowed)}"
            raise ProblemError(400, "unknown-field", detail, parameter="fields", allowed=allowed)
    return chosen


def _period(pairs: Pairs) -> tuple[str, str]:
    """The first and the last day that are asked for.

    :raises ProblemError: 400 or 422, one is no day, or the last is before the first.
    """
    first, last = (parameters.day(pairs, name) for name in PERIOD)
    if first and last and last < first:
        detail = f"to {last} is before from {first}: give the first day and then the last"
        raise ProblemError(422, "invalid-to", detail, parameter="to")
    return first, last


def _filters(service: Service, filters: Mapping[str, Property], pairs: Pairs, language: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        # What a form sends empty was not chosen.
        if name in filters and value:
            try:
                iri = values.resolve(service.engine, service.search, filters[name], value, language)
            except UnknownValue as error:
                detail = f"{name}: {error}"
                problem = ProblemError(422, "invalid-value", detail, parameter=name, near=error.near)
                if error.allowed:
                    problem.more["allowed"] = error.allowed
                raise problem from error
            found.setdefault(name, []).append(iri)
    # What a dataset says of a thing under another name is said of it too.
    known = same.same(service.engine, {iri for iris in found.values() for iri in iris}) if found else {}
    return {name: [one for iri in iris for one in (iri, *known.get(iri, ()))] for name, iris in found.items()}
