"""Reading: what the graph says of things, as records."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from zorgkg.engine.interface import Engine
from zorgkg.matching import identifiers
from zorgkg.matching.record import Record
from zorgkg.search import reading
from zorgkg.search import records as searched
from zorgkg.search.reading import Near
from zorgkg.terms import dataset_name


def records(engine: Engine, dataset: str | None = None, without: Collection[str] = ()) -> Iterator[Record]:
    """Read the things of the graph: those that a person would look for (:data:`zorgkg.search.schema.KINDS`).

    :param engine: answers on the graph, its default graph being the merge.
    :param dataset: only what this dataset speaks of; None: all.
    :param without: not what these datasets alone speak of.
    """
    query = engine.query
    iris = reading.things(query)
    numbers = {iri: number for number, iri in enumerate(iris)}
    facts = sorted(reading.of_some(query, numbers), key=lambda fact: fact[0])
    for found in searched.records(facts, iris, Near(query)):
        record = of(found)
        if dataset is not None and dataset not in record.datasets:
            continue
        if without and set(record.datasets) <= set(without):
            continue
        yield record


def of(found: searched.Record) -> Record:
    """Return what the search index knows of a thing as a record."""
    names = dict.fromkeys(text for text, _ in found.labels)
    names.update(dict.fromkeys(found.alternatives))
    facets: dict[str, list[str]] = {}
    for facet, value in sorted(found.facets):
        facets.setdefault(facet, []).append(value)
    codes: dict[str, list[str]] = {}
    for of, text in found.codes:
        codes.setdefault(of, []).append(text)
    numbers = [one for text in codes.get("registered", ()) if (one := identifiers.recognise(text))]
    numbers += (("nis", text) for text in codes.get("zorg:nisCode", ()))
    postcodes = [code for text in codes.get("address", ()) if (code := identifiers.postcode(text))]
    is_place = found.type == "place"
    municipalities = [] if is_place else facets.get("municipality", [])
    return Record(
        id=found.iri,
        names=tuple(names),
        types=tuple(facets.get("class", ())),
        kinds=() if is_place else tuple(facets.get("kind", ())),
        municipality=municipalities[0] if municipalities else None,
        postcode=postcodes[0] if postcodes else None,
        identifiers=tuple(dict.fromkeys(numbers)),
        datasets=tuple(sorted(map(dataset_name, facets.get("dataset", ())))),
        unit_of=tuple(facets.get("unitOf", ())),
        within=tuple(dict.fromkeys([*facets.get("partOf", ()), *municipalities[1:], *facets.get("takesPlaceIn", ())])),
        replaced_by=tuple(codes.get("dcterms:isReplacedBy", ())),
    )
