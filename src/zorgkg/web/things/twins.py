"""Twins: what datasets tell of a thing under other names, which reviewed links take for the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from zorgkg.engine.interface import Engine
from zorgkg.engine.reading import select
from zorgkg.evidence.query import iri, values
from zorgkg.evidence.same import same

_PROPERTIES: Final = (
    "rdfs:label|skos:altLabel|org:classification|org:unitOf|zorg:inMunicipality|zorg:takesPlaceIn|foaf:homepage|foaf:page"
    "|dcterms:description|zorg:initiator|zorg:partner|zorg:usesMethod|schema:startDate|schema:endDate"
)
_DERIVED: Final = "<https://w3id.org/zorgkg/id/dataset/derived>"


@dataclass(frozen=True)
class Told:
    """One value that one dataset gives of a twin.

    :param twin: IRI of the thing under its other name.
    :param dataset: IRI of the dataset.
    :param property: IRI of the property.
    :param value: the value.
    """

    twin: str
    dataset: str
    property: str
    value: NamedNode | Literal


def told(engine: Engine, thing: str) -> list[Told]:
    """Return what datasets tell of the twins of a thing; nothing for a thing that is not linked.

    :param engine: the engine.
    :param thing: its IRI.
    """
    twins = same(engine, [thing]).get(thing)
    if not twins:
        return []
    ways = " ".join(f"({one})" for one in _PROPERTIES.split("|"))
    pattern = f"""{values("twin", twins)} VALUES (?property) {{ {ways} (adms:identifier) }}
        OPTIONAL {{ GRAPH ?dataset {{ ?twin ?property ?held }} }}
        FILTER (BOUND(?held) && ?dataset != {_DERIVED})
        BIND (COALESCE(IF(?property = adms:identifier, ?held, <urn:x-zorgkg:none>), <urn:x-zorgkg:none>) AS ?number)
        OPTIONAL {{ ?number skos:notation ?notation }}
        BIND (COALESCE(?notation, ?held) AS ?value)"""
    query = "SELECT DISTINCT ?twin ?dataset ?property ?value"
    rows = select(
        engine,
        f"PREFIX adms: <http://www.w3.org/ns/adms#> {query} {{ {pattern} }} ORDER BY ?twin ?dataset ?property ?value",
    )
    return [
        Told(iri(row, "twin"), iri(row, "dataset"), iri(row, "property"), value)
        for row in rows
        if isinstance(value := row["value"], NamedNode | Literal)
    ]
