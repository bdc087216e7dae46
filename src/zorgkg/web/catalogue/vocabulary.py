"""The vocabulary: the classes and properties of our ontology, for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from zorgkg import languages
from zorgkg.engine import reading
from zorgkg.engine.interface import Engine
from zorgkg.terms import ID, PREFIXES, dataset_graph
from zorgkg.web.things.descriptions import Text


@dataclass(frozen=True)
class Vocable:
    """A class or property of the ontology, with the IRIs that it is related to."""

    iri: str
    is_class: bool
    label: Text
    definition: Text | None
    related: dict[str, list[str]]


def vocabulary(engine: Engine, language: str) -> list[Vocable]:
    """List the classes and properties of our ontology.

    `related` maps `domain`, `range`, `broader` (super-class or super-property) and `match` to IRIs; the members of a
    union count as the domain or range.
    """
    graph = dataset_graph("ontology")
    rows = reading.select(
        engine,
        f"""SELECT DISTINCT ?term ?what ?value WHERE {{ GRAPH {graph} {{
        ?term rdfs:isDefinedBy ?ontology .
        {{ ?term a ?value . BIND("type" AS ?what) }}
        UNION {{ ?term rdfs:label ?value . BIND("label" AS ?what) }}
        UNION {{ ?term skos:definition ?value . BIND("definition" AS ?what) }}
        UNION {{ ?term rdfs:domain/((owl:unionOf/rdf:rest*/rdf:first)?) ?value . BIND("domain" AS ?what) }}
        UNION {{ ?term rdfs:range/((owl:unionOf/rdf:rest*/rdf:first)?) ?value . BIND("range" AS ?what) }}
        UNION {{ ?term rdfs:subClassOf|rdfs:subPropertyOf ?value . BIND("broader" AS ?what) }}
        UNION {{ ?term skos:closeMatch|skos:exactMatch|owl:equivalentClass|owl:equivalentProperty ?value .
                 BIND("match" AS ?what) }}
        FILTER(!isBlank(?value)) }} }} ORDER BY ?term ?what ?value""",
    )
    found: dict[str, dict[str, list[NamedNode | Literal]]] = {}
    for row in rows:
        value = row["value"]
        if isinstance(value, NamedNode | Literal):
            found.setdefault(reading.value(row, "term"), {}).setdefault(reading.value(row, "what"), []).append(value)
    return [
        Vocable(
            iri,
            any(
                value.value in (PREFIXES["owl"] + "Class", PREFIXES["rdfs"] + "Class")
                for value in facts.get("type", ())
            ),
            _picked(facts.get("label", ()), language) or Text(_slug(iri)),
            _picked(facts.get("definition", ()), language),
            {key: [value.value for value in facts.get(key, ())] for key in ("domain", "range", "broader", "match")},
        )
        for iri, facts in found.items()
    ]


# Helpers


def _picked(values: Sequence[NamedNode | Literal], language: str) -> Text | None:
    texts = {value.language or "": value.value for value in values if isinstance(value, Literal)}
    picked = languages.pick(texts, language)
    return Text(*picked) if picked else None


def _slug(iri: str) -> str:
    return iri.removeprefix(ID).rpartition("/")[2].rpartition("#")[2]
