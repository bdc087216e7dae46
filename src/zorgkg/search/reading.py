"""What the graph says of a thing that a search or a list needs, read by queries: from a version, or from any engine.

The same queries read everything, and the few things that a change touches: :data:`READS` also tells which those are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final, cast

from pyoxigraph import Literal, NamedNode, QuerySolutions

from zorgkg import languages
from zorgkg.engine.interface import Answer
from zorgkg.languages import LANGUAGES
from zorgkg.search.folding import key
from zorgkg.search.schema import KINDS, TYPES
from zorgkg.terms import ID, PREFIXES, dataset_graph, term

Query = Callable[[str], Answer]
"""Evaluates a SPARQL query; its default graph is the merge of all graphs."""

CHUNK: Final = 500
"""Things that are read by one query."""

_PARTICIPANTS: Final = (
    *("initiator", "partner", "funder", "adviser", "coach", "trainer", "coordinator", "manager", "host", "pilot"),
    *("researcher", "artist", "participant"),
)
_FACETS: Final[dict[str, tuple[str, ...]]] = {
    "rdf:type": ("class",),
    "org:classification": ("kind",),
    "zorg:municipalityKind": ("kind",),
    "zorg:inMunicipality": ("municipality",),
    "zorg:inProvince": ("province",),
    "zorg:inRegion": ("region",),
    "zorg:fundedUnder": ("call",),
    **{f"zorg:{one}": ("participant",) for one in _PARTICIPANTS},
    "zorg:initiator": ("initiator", "participant"),
    "zorg:partner": ("partner", "participant"),
    "zorg:funder": ("funder", "participant"),
    "zorg:involves": ("involves",),
    "zorg:addresses": ("component",),
    "skos:inScheme": ("framework",),
    "zorg:usesMethod": ("method",),
    "zorg:involvesRole": ("role",),
    "zorg:withinInitiative": ("programme",),
    "zorg:takesPlaceIn": ("takesPlaceIn",),
    "zorg:partOf": ("partOf",),
    "schema:funder": ("funder",),
    "org:unitOf": ("unitOf",),
}
"""Property → the facets that its values are in."""

_LABELS: Final = ("rdfs:label", "skos:prefLabel")
_DESCRIPTIONS: Final = ("dcterms:description", "skos:definition", "schema:description", "rdfs:comment")
_REMARKS: Final = ("skos:scopeNote", "zorg:targetGroup")
_CODES: Final = (
    *("skos:notation", "skos:hiddenLabel", "dcterms:identifier", "dcterms:creator", "dcat:keyword"),
    *("zorg:nisCode", "zorg:ficheNumber", "zorg:fileName"),
)

_ABOUT: Final = "zorg:project|zorg:agent|zorg:about|rdf:subject"
"""How what a dataset says of a thing refers to it, where it is no property of the thing itself."""


def _query(variables: str, pattern: str) -> str:
    names = {part.split(":")[0].lstrip("^(!") for part in pattern.replace("|", " ").replace("/", " ").split()}
    prefixes = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items() if name in names)
    # The things come first, and each is asked for by itself: no plan can begin with the large end.
    return f"{prefixes}SELECT DISTINCT {variables} WHERE {{ %s {pattern} }}"


_SAID: Final = _query("?thing ?property ?value", "?thing ?property ?value")
_PRINTED: Final = _query(
    "?thing ?value",
    "?participation zorg:agent ?thing ; zorg:asNamed ?value . "
    "FILTER NOT EXISTS { ?participation zorg:namesFunctionary true }",
)
_NEAR: Final = _query(
    "?thing ?value",
    "?thing zorg:inMunicipality|zorg:inProvince|zorg:takesPlaceIn|zorg:partOf|zorg:initiator|org:classification|"
    "skos:inScheme ?near . ?near rdfs:label ?value",
)
_ADDRESS: Final = _query(
    "?thing ?value", "?thing (org:hasSite|zorg:contactSite)/org:siteAddress/(locn:postCode|locn:postName) ?value"
)
_REGISTERED: Final = _query("?thing ?value", "?thing adms:identifier/skos:notation ?value")
_WITHIN: Final = _query(
    "?thing ?value ?class", "?thing zorg:inMunicipality?/zorg:partOf+ ?value . ?value rdf:type ?class"
)
_TAKING_PART: Final = _query("?thing ?value", "?participation zorg:project ?thing ; zorg:agent ?value")
_FRAMEWORKS: Final = _query(
    "?thing ?component ?value", "?thing zorg:addresses ?component . ?component skos:inScheme ?value"
)
_SOURCES: Final = _query("?thing ?value", "?thing prov:wasDerivedFrom/dcterms:isPartOf ?value")
_DATASETS: Final = (
    _query("?thing ?value", "GRAPH ?value { ?thing ?property ?object }"),
    _query("?thing ?value", f"GRAPH ?value {{ ?one {_ABOUT} ?thing }}"),
)

READS: Final = tuple(
    text % ""
    for text in (
        *(_SAID, _PRINTED, _NEAR, _ADDRESS, _REGISTERED),
        *(_WITHIN, _TAKING_PART, _FRAMEWORKS, _SOURCES),
    )
)
"""Everything that is read of `?thing`, but for the datasets that say something of it."""

ABOUT: Final = frozenset(term(one) for one in _ABOUT.split("|"))
"""Properties whose values their subject's dataset says something of."""

_CONNECTING: Final = tuple(
    term(one)
    for one in (
        *("zorg:inMunicipality", "zorg:fundedUnder", "zorg:involves", "zorg:addresses", "zorg:usesMethod"),
        *("zorg:involvesRole", "org:classification", "zorg:partOf"),
        *(f"zorg:{one}" for one in _PARTICIPANTS),
    )
)
_KIND_OF: Final = {term(one).value: kind for kind, classes in reversed(KINDS.items()) for one in classes}
_ORDER: Final = {kind: place for place, kind in enumerate(KINDS)}
_TYPES: Final = {kind: type for type, kinds in TYPES.items() for kind in kinds}
_LEVELS: Final = {term(f"zorg:{one.capitalize()}").value: one for one in ("municipality", "province", "region")}
_DERIVED: Final = dataset_graph("derived")
_TARGET_GROUPS: Final = f"{ID}framework/target-group"


@dataclass
class Record:
    """A thing as the index holds it.

    :param iri: its IRI.
    :param type: the `{type}` of its IRI.
    :param slug: the `{slug}`; "" of a thing whose IRI is none of ours.
    :param kind: one of :data:`KINDS`.
    :param labels: language of :data:`LANGUAGES` → the label that its readers see, and that label's language.
    :param alternatives: its other names.
    :param descriptions: language of :data:`LANGUAGES` → text, and its language.
    :param context: names and codes of what it belongs to, by which it is looked for.
    :param text: everything that describes it.
    :param facets: facet and value.
    :param point: latitude and longitude (WGS 84).
    """

    iri: str
    type: str
    slug: str
    kind: str
    labels: dict[str, tuple[str, str]]
    alternatives: list[str]
    descriptions: dict[str, tuple[str, str]]
    context: list[str]
    text: list[str]
    facets: set[tuple[str, str]]
    point: tuple[float | None, float | None]


def things(query: Query) -> list[str]:
    """Return the IRIs of all things, kind by kind in the order of :data:`KINDS`, the most connected of each kind first.

    :param query: evaluates queries on the whole graph.
    """
    kinds: dict[str, str] = {}
    for thing, of in _rows(query, f"SELECT ?thing ?class WHERE {{ {_values('class', _KIND_OF)} ?thing a ?class }}"):
        if isinstance(thing, NamedNode):
            kind = _KIND_OF[of.value]
            known = kinds.setdefault(thing.value, kind)
            if _ORDER[kind] < _ORDER[known]:
                kinds[thing.value] = kind
    degrees: dict[str, int] = {}
    for one in _CONNECTING:
        # One property after the other: a server counts its values along an index.
        text = f"SELECT ?value (COUNT(*) AS ?n) WHERE {{ ?any {one} ?value }} GROUP BY ?value"
        for value, count in _rows(query, text):
            degrees[value.value] = degrees.get(value.value, 0) + int(count.value)
    return sorted(kinds, key=lambda iri: (_ORDER[kinds[iri]], -degrees.get(iri, 0), iri))


def records(query: Query, iris: Iterable[str]) -> Iterator[Record]:
    """Read things.

    :param query: evaluates queries on the whole graph.
    :param iris: IRIs; those that are no things of :data:`KINDS` give no record.
    """
    coming = iter(iris)
    while found := {iri: _Found() for iri in islice(coming, CHUNK)}:
        _read(query, found)
        for iri, one in found.items():
            if one.kind:
                yield one.record(iri)


@dataclass
class _Found:
    """What has been read of a thing so far."""

    said: dict[str, list[NamedNode | Literal]] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)
    context: list[str] = field(default_factory=list)
    facets: set[tuple[str, str]] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """Its kind; "" when it is none."""
        classes = (one.value for one in self.said.get(_TYPE, ()))
        return min((_KIND_OF[one] for one in classes if one in _KIND_OF), key=_ORDER.__getitem__, default="")

    def literals(self, *properties: str) -> Iterator[Literal]:
        """The texts that some properties give, in the order of the properties and of the alphabet."""
        for one in properties:
            values = [value for value in self.said.get(_IRI[one], ()) if isinstance(value, Literal)]
            yield from sorted(values, key=lambda value: value.value)

    def record(self, iri: str) -> Record:
        """Return what was read as a record."""
        kind = self.kind
        labels = _by_language(self.literals(*_LABELS))
        type, slug = _named(iri, kind)
        shown = {one: languages.pick(labels, one) or (slug or iri, "") for one in LANGUAGES}
        descriptions = _by_language(self.literals(*_DESCRIPTIONS))
        own = {key(text) for text, _ in shown.values()}
        others = chain(self.literals("skos:altLabel", *_LABELS), map(Literal, self.printed))
        alternatives = {key(one.value): one.value for one in others}
        facets = set(self.facets)
        for name, of in _FACETS.items():
            values = [one.value for one in self.said.get(_IRI[name], ()) if isinstance(one, NamedNode)]
            facets |= {(facet, value) for facet in of for value in values}
        if kind in TYPES["place"]:
            facets |= {("kind", value) for facet, value in facets if facet == "class"}
        else:
            facets = {pair for pair in facets if pair[0] != "within"}
        remarks = [one.value for one in self.literals(*_DESCRIPTIONS, *_REMARKS)]
        return Record(
            iri=iri,
            type=type,
            slug=slug,
            kind=kind,
            labels=shown,
            alternatives=sorted(text for folded, text in alternatives.items() if folded and folded not in own),
            descriptions={one: languages.pick(descriptions, one) or ("", "") for one in LANGUAGES},
            context=sorted({*self.context, *(one.value for one in self.literals(*_CODES))}),
            text=remarks,
            facets=facets,
            point=(self._number("wgs84:lat"), self._number("wgs84:long")),
        )

    def _number(self, name: str) -> float | None:
        for one in self.literals(name):
            try:
                return float(one.value)
            except ValueError:
                continue
        return None


_IRI: Final = {
    name: term(name).value
    for name in (
        *("skos:altLabel", "wgs84:lat", "wgs84:long"),
        *(*_LABELS, *_DESCRIPTIONS, *_REMARKS, *_CODES, *_FACETS),
    )
}
_TYPE: Final = _IRI["rdf:type"]


def _read(query: Query, found: dict[str, _Found]) -> None:
    values = _values("thing", found)
    for thing, of, value in _rows(query, _SAID % values):
        if isinstance(value, NamedNode | Literal):
            found[thing.value].said.setdefault(of.value, []).append(value)
    for thing, value in _rows(query, _PRINTED % values):
        found[thing.value].printed.append(value.value)
    for text in (_NEAR, _ADDRESS, _REGISTERED):
        for thing, value in _rows(query, text % values):
            found[thing.value].context.append(value.value)
    for thing, value, of in _rows(query, _WITHIN % values):
        facets = found[thing.value].facets
        facets.add(("within", value.value))
        if of.value in _LEVELS:
            facets.add((_LEVELS[of.value], value.value))
    for thing, value in _rows(query, _TAKING_PART % values):
        found[thing.value].facets.add(("participant", value.value))
    for thing, component, value in _rows(query, _FRAMEWORKS % values):
        facets = found[thing.value].facets
        facets.add(("framework", value.value))
        if value.value == _TARGET_GROUPS:
            facets.add(("targetGroup", component.value))
    for thing, value in _rows(query, _SOURCES % values):
        found[thing.value].facets.add(("source", value.value))
    for text in _DATASETS:
        for thing, value in _rows(query, text % values):
            if value != _DERIVED:
                found[thing.value].facets.add(("dataset", value.value))


def _rows(query: Query, text: str) -> QuerySolutions:
    return cast(QuerySolutions, query(text))


def _values(variable: str, iris: Iterable[str]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(str(NamedNode(iri)) for iri in iris)} }}"


def _by_language(texts: Iterable[Literal]) -> dict[str, str]:
    """The first text in each language."""
    found: dict[str, str] = {}
    for one in texts:
        found.setdefault(one.language or "", one.value)
    return found


def _named(iri: str, kind: str) -> tuple[str, str]:
    """The type and the slug of an IRI."""
    type, _, slug = iri.removeprefix(ID).partition("/") if iri.startswith(ID) else ("", "", "")
    return (type, slug) if slug else (_TYPES.get(kind, kind), "")
