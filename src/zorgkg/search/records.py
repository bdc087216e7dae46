"""Records: what is said of a thing, put together as the index holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from zorgkg import languages
from zorgkg.languages import LANGUAGES
from zorgkg.search.folding import key
from zorgkg.search.reading import CHUNK, NEAR, PARTICIPANTS, Fact, Near, kind
from zorgkg.search.schema import TYPES
from zorgkg.terms import ID, term

_FACETS: Final[dict[str, tuple[str, ...]]] = {
    "rdf:type": ("class",),
    "org:classification": ("kind",),
    "zorg:municipalityKind": ("kind",),
    "zorg:inMunicipality": ("municipality",),
    "zorg:inProvince": ("province",),
    "zorg:inRegion": ("region",),
    "zorg:takesPlaceIn": ("takesPlaceIn",),
    "zorg:partOf": ("partOf",),
    "zorg:fundedUnder": ("call",),
    **dict.fromkeys((*PARTICIPANTS, "participant"), ("participant",)),
    "zorg:initiator": ("initiator", "participant"),
    "zorg:initiatorKind": ("initiatorKind",),
    "zorg:partner": ("partner", "participant"),
    "zorg:funder": ("funder", "participant"),
    "schema:funder": ("funder",),
    "zorg:involves": ("involves",),
    "zorg:addresses": ("component",),
    "skos:inScheme": ("framework",),
    "zorg:usesMethod": ("method",),
    "zorg:involvesRole": ("role",),
    "zorg:withinInitiative": ("programme",),
    "org:unitOf": ("unitOf",),
    "zorg:describedIn": ("source",),
    "dataset": ("dataset",),
}
"""Property → the facets that its values are in."""

_LABELS: Final = ("rdfs:label", "skos:prefLabel")
_OTHER_NAMES: Final = ("skos:altLabel", "printed", *_LABELS)
_DESCRIPTIONS: Final = ("dcterms:description", "skos:definition", "schema:description", "rdfs:comment")
_TEXTS: Final = (*_DESCRIPTIONS, "skos:scopeNote", "zorg:targetGroup")
_CODES: Final = (
    *("skos:notation", "skos:hiddenLabel", "dcterms:identifier", "dcterms:creator", "dcat:keyword"),
    *("zorg:nisCode", "zorg:ficheNumber", "zorg:fileName", "address", "registered"),
)
CODES: Final = ("zorg:nisCode", "address", "registered", "dcterms:isReplacedBy")
"""Properties that tell a thing from others of its name."""

_NUMBERS: Final = ("zorg:ficheNumber", "zorg:nisCode", "registered")
"""Properties whose value names one thing of its kind."""

_LEVELS: Final = {term(f"zorg:{one.capitalize()}").value: one for one in ("municipality", "province", "region")}
_TARGET_GROUPS: Final = f"{ID}framework/target-group"
_TYPE_OF: Final = {kind: name for name, kinds in TYPES.items() for kind in kinds}


@dataclass
class Record:
    """A thing as the index holds it.

    :param number: the number that it was given.
    :param iri: its IRI.
    :param type: the `{type}` of its IRI.
    :param slug: the `{slug}`; "" of a thing whose IRI is none of ours.
    :param kind: one of :data:`zorgkg.search.schema.KINDS`.
    :param labels: for the readers of each of :data:`LANGUAGES`, the label that they see, and that label's language.
    :param alternatives: its other names.
    :param descriptions: likewise, a text and its language; two empty texts where there is none.
    :param context: names and codes of what it belongs to, by which it is looked for.
    :param texts: everything that describes it.
    :param facets: facet and value.
    :param point: latitude and longitude (WGS 84).
    :param codes: what tells it apart from its like, with the property: :data:`CODES`.
    :param numbers: those that are its own, such as that of the fiche.
    """

    number: int
    iri: str
    type: str
    slug: str
    kind: str
    labels: list[tuple[str, str]]
    alternatives: list[str]
    descriptions: list[tuple[str, str]]
    context: list[str]
    texts: list[str]
    facets: set[tuple[str, str]]
    point: tuple[float | None, float | None]
    codes: list[tuple[str, str]]
    numbers: list[str]


def records(facts: Iterable[Fact], iris: list[str], near: Near) -> Iterator[Record]:
    """Put together what is said of things; of what is none of our kinds there is no record.

    :param facts: in the order of the things' numbers.
    :param iris: the IRI of each, by its number.
    :param near: tells of what they belong to.
    """
    chunk: list[_Said] = []
    for number, said in groupby(facts, key=lambda fact: fact[0]):
        one = _Said(number, iris[number], said)
        if one.kind:
            chunk.append(one)
        if len(chunk) == CHUNK:
            yield from _together(chunk, near)
            chunk = []
    yield from _together(chunk, near)


def _together(chunk: list[_Said], near: Near) -> Iterator[Record]:
    near.learn(
        {iri for one in chunk for iri in one.iris(*NEAR)},
        {iri for one in chunk for iri in one.places()},
        {iri for one in chunk for iri in one.iris("zorg:addresses")},
    )
    return (one.record(near) for one in chunk)


class _Said:
    """What is said of a thing."""

    def __init__(self, number: int, iri: str, facts: Iterable[Fact]) -> None:
        self.number, self.iri = number, iri
        self._values: dict[str, list[tuple[str, str | None]]] = {}
        for _, of, value, language in facts:
            self._values.setdefault(of, []).append((value, language))
        self.kind = kind(self.iris("rdf:type"))

    def iris(self, *properties: str) -> list[str]:
        """The IRIs that some properties have."""
        return [value for of in properties for value, language in self._values.get(of, ()) if language is None]

    def texts(self, *properties: str) -> list[tuple[str, str]]:
        """The texts that some properties have, in the order of the properties and of the alphabet."""
        return [
            (value, language)
            for of in properties
            if of in self._values
            for value, language in sorted(self._values[of], key=lambda pair: pair[0])
            if language is not None
        ]

    def places(self) -> list[str]:
        """What it lies in, or is itself, if that lies in something."""
        return [self.iri] if self.kind in TYPES["place"] else self.iris("zorg:inMunicipality")

    def record(self, near: Near) -> Record:
        """Return what is said as a record."""
        kind_of_iri, slug = _named(self.iri, self.kind)
        labels = _shown(self.texts(*_LABELS), (slug or self.iri, ""))
        own = {key(text) for text, _ in labels}
        others = {key(text): text for text, _ in self.texts(*_OTHER_NAMES)}
        codes = [text for text, _ in self.texts(*_CODES)]
        return Record(
            number=self.number,
            iri=self.iri,
            type=kind_of_iri,
            slug=slug,
            kind=self.kind,
            labels=labels,
            alternatives=sorted(text for folded, text in others.items() if folded and folded not in own),
            descriptions=_shown(self.texts(*_DESCRIPTIONS), ("", "")),
            context=[*codes, *(name for iri in self.iris(*NEAR) for name in near.names(iri))],
            texts=[text for text, _ in self.texts(*_TEXTS)],
            facets=self._facets(near),
            point=(self._number("wgs84:lat"), self._number("wgs84:long")),
            codes=sorted((of, value) for of in CODES for value, _ in self._values.get(of, ())),
            numbers=[text for text, _ in self.texts(*_NUMBERS)],
        )

    def _facets(self, near: Near) -> set[tuple[str, str]]:
        found = {
            (facet, value)
            for of, values in self._values.items()
            for facet in _FACETS.get(of, ())
            for value, language in values
            if language is None
        }
        is_place = self.kind in TYPES["place"]
        if is_place:
            found |= {("kind", iri) for iri in self.iris("rdf:type")}
        for place in self.places():
            for iri, of in near.within(place):
                if is_place:
                    found.add(("within", iri))
                if of in _LEVELS:
                    found.add((_LEVELS[of], iri))
        for component in self.iris("zorg:addresses"):
            for scheme in near.schemes(component):
                found.add(("framework", scheme))
                if scheme == _TARGET_GROUPS:
                    found.add(("targetGroup", component))
        return found

    def _number(self, of: str) -> float | None:
        for text, _ in self.texts(of):
            try:
                return float(text)
            except ValueError:
                continue
        return None


def _shown(texts: Iterable[tuple[str, str]], otherwise: tuple[str, str]) -> list[tuple[str, str]]:
    """For the readers of each language the text that they see, and its language."""
    found: dict[str, str] = {}
    for text, language in texts:
        found.setdefault(language, text)
    return [languages.pick(found, one) or otherwise for one in LANGUAGES]


def _named(iri: str, kind: str) -> tuple[str, str]:
    """The type and the slug of an IRI."""
    first, _, slug = iri.removeprefix(ID).partition("/") if iri.startswith(ID) else ("", "", "")
    return (first, slug) if slug else (_TYPE_OF.get(kind, kind), "")
