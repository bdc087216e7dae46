"""What the graph says of a thing that a search or a list needs, read by queries: from a version, or from any engine.

There are two ways to read the same. Of some things, each query names those it asks for. Of a whole version on disk,
property after property is read from its beginning to its end: there a look-up takes much longer than a step to the
next statement.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final, TypeAlias, TypeVar, cast

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions

from zorgkg.engine.interface import Answer
from zorgkg.rows import read
from zorgkg.search.schema import KINDS
from zorgkg.terms import PREFIXES, dataset_graph, term

Held = TypeVar("Held", str, tuple[str, str])

Query = Callable[[str], Answer]
"""Evaluates a SPARQL query; its default graph is the merge of all graphs."""

Fact: TypeAlias = tuple[int, str, str, str | None]
"""The number of a thing; a property as a prefixed name, or one of the other ways in which something is said of it
(`printed`, `address`, `registered`, `participant`, `dataset`); and a value: an IRI and None, or a text and its language
("" for none)."""

CHUNK: Final = 500
"""Things that are read by one query."""

PARTICIPANTS: Final = (
    *("zorg:initiator", "zorg:partner", "zorg:funder", "zorg:adviser", "zorg:coach", "zorg:trainer"),
    *("zorg:coordinator", "zorg:manager", "zorg:host", "zorg:pilot", "zorg:researcher", "zorg:artist"),
    "zorg:participant",
)
"""Properties of a project whose values take part in it."""

_OWN: Final = (
    *("rdfs:label", "skos:prefLabel", "skos:altLabel"),
    *("dcterms:description", "skos:definition", "schema:description", "rdfs:comment"),
    *("skos:scopeNote", "zorg:targetGroup"),
    *("skos:notation", "skos:hiddenLabel", "dcterms:identifier", "dcterms:creator", "dcat:keyword"),
    *("zorg:nisCode", "zorg:ficheNumber", "zorg:fileName", "wgs84:lat", "wgs84:long"),
    *("org:classification", "org:unitOf", "zorg:municipalityKind", "zorg:takesPlaceIn", "zorg:partOf", "skos:inScheme"),
    *("zorg:inMunicipality", "zorg:inProvince", "zorg:inRegion", "zorg:fundedUnder", "schema:funder"),
    *("zorg:involves", "zorg:addresses", "zorg:usesMethod", "zorg:involvesRole", "zorg:withinInitiative"),
    *("dcterms:isReplacedBy", *PARTICIPANTS, "zorg:initiatorKind", "zorg:describedIn"),
)
"""Properties that a thing has itself."""

_ABOUT: Final = "zorg:project|zorg:agent|zorg:about|rdf:subject"
"""How what a dataset says of a thing refers to it, where it is no property of the thing itself."""

_PATTERNS: Final = {
    # An organisation has its printed names itself (rules/30-names-of-organisations.rq).
    "printed": (
        "?thing a zorg:ActorGroup . ?participation zorg:agent ?thing ; zorg:asNamed ?value . "
        "FILTER NOT EXISTS { ?participation zorg:namesFunctionary true }"
    ),
    "address": "?thing (org:hasSite|zorg:contactSite)/org:siteAddress/(locn:postCode|locn:postName) ?value",
    "registered": "?thing adms:identifier/skos:notation ?value",
    "participant": "?participation zorg:project ?thing ; zorg:agent ?value",
}
"""What is said of a thing in other ways than by a property of its own."""

_DATASETS: Final = ("GRAPH ?value { ?thing ?property ?object }", f"GRAPH ?value {{ ?one {_ABOUT} ?thing }}")
_KIND_CLASSES: Final = {term(one).value: kind for kind, classes in reversed(KINDS.items()) for one in classes}
_ORDER: Final = {kind: place for place, kind in enumerate(KINDS)}

NEAR: Final = (
    *("zorg:inMunicipality", "zorg:inProvince", "zorg:takesPlaceIn", "zorg:partOf", "zorg:initiator"),
    *("org:classification", "skos:inScheme"),
)
"""Properties whose values' names a thing is looked for by too."""

_CONNECTING: Final = (
    *("zorg:inMunicipality", "zorg:fundedUnder", "zorg:involves", "zorg:addresses", "zorg:usesMethod"),
    *("zorg:involvesRole", "org:classification", "zorg:partOf", *PARTICIPANTS),
)

ABOUT: Final = frozenset(term(one) for one in _ABOUT.split("|"))
"""Properties whose values their subject's dataset says something of."""


def _query(variables: str, pattern: str) -> str:
    tokens = pattern.replace("|", " ").replace("/", " ").replace("(", " ").split()
    names = {one.split(":")[0] for one in tokens} & PREFIXES.keys()
    prefixes = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in sorted(names))
    return f"{prefixes}SELECT {variables} WHERE {{ {pattern} }}"


READS: Final = (
    _query("?thing", "?thing ?property ?value"),
    *(_query("?thing", pattern) for pattern in _PATTERNS.values()),
    # What is read of places, components and whatever else a thing's names come from.
    _query("?thing", f"?thing {'|'.join(NEAR)} ?near . ?near rdfs:label ?value"),
    _query("?thing", "?thing zorg:inMunicipality?/zorg:partOf+ ?value . ?value a ?class"),
    _query("?thing", "?thing zorg:addresses ?component . ?component skos:inScheme ?value"),
)
"""Queries that together read everything of `?thing` that an index has, but for the datasets that speak of it."""


def kind(classes: Iterable[str]) -> str:
    """Return the kind of a thing of some classes (IRIs); "" when it is none of :data:`KINDS`."""
    return min((_KIND_CLASSES[one] for one in classes if one in _KIND_CLASSES), key=_ORDER.__getitem__, default="")


def things(query: Query) -> list[str]:
    """Return the IRIs of all things, kind by kind in the order of :data:`KINDS`, the most connected of each kind first.

    :param query: evaluates queries on the whole graph.
    """
    classes: dict[str, list[str]] = {}
    text = f"SELECT ?thing ?class WHERE {{ {_values('class', _KIND_CLASSES)} ?thing a ?class }}"
    for thing, of in _rows(query, text):
        if isinstance(thing, NamedNode):
            classes.setdefault(thing.value, []).append(of.value)
    degrees: dict[str, int] = {}
    for one in _CONNECTING:
        # One property after the other: they are counted along an index.
        text = f"SELECT ?value (COUNT(*) AS ?n) WHERE {{ ?any {term(one)} ?value }} GROUP BY ?value"
        for value, count in _rows(query, text):
            degrees[value.value] = degrees.get(value.value, 0) + int(count.value)
    return sorted(classes, key=lambda iri: (_ORDER[kind(classes[iri])], -degrees.get(iri, 0), iri))


def of_all(query: Query, numbers: Mapping[str, int]) -> Iterator[Fact]:
    """Read what a whole version says, in no order; what it says of anything else is passed over.

    :param query: evaluates queries on a version.
    :param numbers: IRI → number of all its things.
    """
    kinds = _values("kind", _KIND_CLASSES)
    patterns = [("rdf:type", f"{kinds} ?thing a ?kind ; a ?value"), *((one, f"?thing {one} ?value") for one in _OWN)]
    texts = [(one, _query("?thing ?value", pattern)) for one, pattern in (*patterns, *_PATTERNS.items())]
    texts += [("dataset", _query("DISTINCT ?thing ?value", pattern)) for pattern in _DATASETS]
    # As text: Oxigraph writes a line sooner than Python has the terms of a row.
    written = {str(NamedNode(iri)): number for iri, number in numbers.items()}
    for of, text in texts:
        lines = (_rows(query, text).serialize(format=QueryResultsFormat.TSV) or b"").decode().split("\n")
        for line in islice(lines, 1, len(lines) - 1):
            thing, _, cell = line.partition("\t")
            number = written.get(thing)
            if number is None:
                continue
            if cell[0] == "<":
                if cell != _DERIVED_CELL:
                    yield number, of, cell[1:-1], None
            elif cell[0] != "_":
                value = read(cell)
                yield number, of, value.text, value.language


def of_some(query: Query, numbers: Mapping[str, int]) -> Iterator[Fact]:
    """Read what is said of some things, chunk by chunk in their order; of each chunk in no order.

    :param query: evaluates queries on any graph.
    :param numbers: IRI → number of the things.
    """
    coming = iter(numbers)
    while chunk := list(islice(coming, CHUNK)):
        # The things come first: no plan can begin with the large end.
        values = _values("thing", chunk)
        for thing, of, value in _rows(query, _query("?thing ?property ?value", f"{values} ?thing ?property ?value")):
            if (name := _NAMES.get(of.value)) and (fact := _fact(numbers[thing.value], name, value)):
                yield fact
        datasets = (("dataset", pattern) for pattern in _DATASETS)
        for name, pattern in chain(_PATTERNS.items(), datasets):
            for thing, value in _rows(query, _query("DISTINCT ?thing ?value", f"{values} {pattern}")):
                if fact := _fact(numbers[thing.value], name, value):
                    yield fact


_NAMES: Final = {term(one).value: one for one in ("rdf:type", *_OWN)}
_DERIVED: Final = dataset_graph("derived").value
_DERIVED_CELL: Final = str(dataset_graph("derived"))


def _fact(number: int, of: str, value: object) -> Fact | None:
    if isinstance(value, Literal):
        return number, of, value.value, value.language or ""
    # What rules derive, no dataset says.
    if isinstance(value, NamedNode) and value.value != _DERIVED:
        return number, of, value.value, None
    return None


class Near:
    """What is known of the places, components and whatever else the things that are read belong to.

    :param query: evaluates queries.
    """

    def __init__(self, query: Query) -> None:
        self._query = query
        self._names: dict[str, list[str]] = {}
        self._within: dict[str, list[tuple[str, str]]] = {}
        self._schemes: dict[str, list[str]] = {}

    def learn(self, near: Collection[str], places: Collection[str], components: Collection[str]) -> None:
        """Read of several at once what was not read yet.

        :param near: IRIs of which the names will be asked for.
        :param places: of which what they lie in.
        :param components: of which the frameworks.
        """
        for thing, value in self._unknown(self._names, near, "?thing ?value", "?thing rdfs:label ?value"):
            self._names[thing.value].append(value.value)
        pattern = "?thing zorg:partOf+ ?value . ?value a ?class"
        for thing, value, of in self._unknown(self._within, places, "?thing ?value ?class", pattern):
            self._within[thing.value].append((value.value, of.value))
        for thing, value in self._unknown(self._schemes, components, "?thing ?value", "?thing skos:inScheme ?value"):
            self._schemes[thing.value].append(value.value)

    def names(self, iri: str) -> list[str]:
        """Return the names of something, in all languages."""
        return self._names[iri]

    def within(self, place: str) -> list[tuple[str, str]]:
        """Return what a place lies in, with a class of each."""
        return self._within[place]

    def schemes(self, component: str) -> list[str]:
        """Return the frameworks of a component."""
        return self._schemes[component]

    def _unknown(
        self, known: dict[str, list[Held]], iris: Collection[str], variables: str, pattern: str
    ) -> Iterator[Any]:
        wanted = sorted(set(iris) - known.keys())
        known.update((iri, []) for iri in wanted)
        if wanted:
            yield from _rows(self._query, _query(f"DISTINCT {variables}", f"{_values('thing', wanted)} {pattern}"))


def _rows(query: Query, text: str) -> QuerySolutions:
    return cast(QuerySolutions, query(text))


def _values(variable: str, iris: Iterable[str]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(str(NamedNode(iri)) for iri in iris)} }}"
