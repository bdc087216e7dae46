"""Describing: what a person needs to see of two things to decide whether they are one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from zorgkg.engine.interface import Engine
from zorgkg.engine.reading import select
from zorgkg.evidence.query import iri, named
from zorgkg.languages import LABEL_PROPERTY
from zorgkg.terms import PREFIXES, dataset_name

_AT_ONCE: Final = 500


@dataclass
class Described:
    """A thing, as far as it tells it from others.

    :param iri: its IRI.
    :param names: its label first, then its other names.
    :param kinds: labels of its kinds; of its classes where it has none.
    :param places: labels of the municipalities that it is in, with its postcode.
    :param identifiers: register and number, or the address of a register's page.
    :param pages: its homepage and the like.
    :param datasets: names of the datasets that tell of it.
    """

    iri: str
    names: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    datasets: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its label, or its IRI."""
        return self.names[0] if self.names else self.iri

    def parts(self) -> list[tuple[str, Sequence[str]]]:
        """Return what there is to compare: key of :mod:`zorgkg.linking.words`, and values."""
        return [
            ("names", self.names),
            ("kind", self.kinds),
            ("place", self.places),
            ("identifiers", self.identifiers),
            ("page", self.pages),
            ("datasets", self.datasets),
            ("iri", [self.iri]),
        ]


def describe(engine: Engine, iris: Iterable[str], language: str) -> dict[str, Described]:
    """Describe things.

    :param engine: answers queries on the version.
    :param iris: the things; one that the graph says nothing of has only its IRI.
    :param language: language of the labels.
    """
    found = {one: Described(one) for one in iris}
    wanted = [one for one in found if named(one)]
    for at in range(0, len(wanted), _AT_ONCE):
        block = " ".join(f"<{one}>" for one in wanted[at : at + _AT_ONCE])
        for row in select(engine, _QUERY.format(things=block, label=LABEL_PROPERTY[language])):
            part, value = iri(row, "part"), iri(row, "value")
            held: list[str] = getattr(found[iri(row, "thing")], part)
            if part == "datasets":
                value = dataset_name(value)
                if value in ("derived", "links"):
                    continue
            if value and value not in held:
                held.append(value)
    return found


_QUERY: Final = (
    "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("adms", "locn"))
    + """\
SELECT ?thing ?part ?value WHERE {{
  VALUES ?thing {{ {things} }}
  {{ ?thing {label} ?value BIND ("names" AS ?part) BIND (1 AS ?order) }}
  UNION {{ ?thing rdfs:label|skos:altLabel ?value BIND ("names" AS ?part) BIND (2 AS ?order) }}
  UNION {{ ?thing org:classification/{label} ?value BIND ("kinds" AS ?part) BIND (1 AS ?order) }}
  UNION {{ ?thing rdf:type/{label} ?value BIND ("kinds" AS ?part) BIND (2 AS ?order)
    FILTER NOT EXISTS {{ ?thing org:classification ?kind }} }}
  UNION {{ ?thing zorg:inMunicipality/{label} ?value BIND ("places" AS ?part) BIND (1 AS ?order) }}
  UNION {{ ?thing org:hasPrimarySite/org:siteAddress/locn:postCode ?value BIND ("places" AS ?part) BIND (2 AS ?order) }}
  UNION {{ ?thing adms:identifier ?number . ?number skos:notation ?notation
    OPTIONAL {{ ?number adms:schemaAgency ?agency }}
    BIND (CONCAT(COALESCE(CONCAT(STR(?agency), " "), ""), STR(?notation)) AS ?value)
    BIND ("identifiers" AS ?part) BIND (1 AS ?order) }}
  UNION {{ ?thing skos:exactMatch ?value BIND ("identifiers" AS ?part) BIND (2 AS ?order)
    FILTER (!STRSTARTS(STR(?value), "https://w3id.org/zorgkg/")) }}
  UNION {{ ?thing foaf:homepage|foaf:page ?value BIND ("pages" AS ?part) BIND (1 AS ?order) }}
  UNION {{ GRAPH ?value {{ ?thing a ?class }} BIND ("datasets" AS ?part) BIND (1 AS ?order) }}
}} ORDER BY ?thing ?part ?order ?value"""
)
