"""Links: the reviewed decisions on which names and things are one and the same, as SSSOM TSV (https://w3id.org/sssom/).

Only accepted decisions become `skos:exactMatch` (or the file's predicate) between things; a printed form that is
accepted as a name of a thing becomes its `skos:altLabel`. Every decision, also a refusal, stays in the graph as an
`sssom:Mapping`. What nobody decided yet, a proposal, is not in the graph.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from zorgkg.datasets import sssom
from zorgkg.datasets.sssom import LITERAL, OURS, Mapping
from zorgkg.terms import PREFIXES, dataset_graph, dataset_name, term, thing

GRAPH: Final = dataset_graph("links")

_TEXTS: Final = ("object_label", "mapping_tool", "mapping_tool_version", "other")
_NUMBERS: Final = ("confidence", "similarity_score")


def read(path: Path, graph: NamedNode = GRAPH) -> Iterator[Quad]:
    """Map a link file to RDF.

    :param path: SSSOM TSV with embedded metadata (lines that start with `#`).
    :param graph: the dataset that it is of.
    :returns: statements in the dataset's named graph.
    :raises zorgkg.datasets.problems.InvalidData: a required column or value is missing, or a value is none of those
        allowed.
    """
    yield from quads(sssom.read(path), graph)


def quads(mappings: Iterable[Mapping], graph: NamedNode) -> Iterator[Quad]:
    """Return the statements of those mappings that somebody decided on.

    :param graph: the dataset that they are of.
    """
    for one in mappings:
        if one.is_decided:
            yield from _quads(one, graph)


def record(mapping: Mapping, graph: NamedNode) -> str:
    """Return the last part of a mapping's IRI: its own, or one that the same two things always give."""
    if mapping.id:
        return mapping.id
    both = "|".join(sorted(mapping.pair))
    return f"{dataset_name(graph.value)}--{hashlib.sha256(both.encode()).hexdigest()[:16]}"


def _node(name: str) -> NamedNode:
    return NamedNode(sssom.expand(name, OURS) or name)


def _quads(mapping: Mapping, graph: NamedNode) -> Iterator[Quad]:
    node = thing("mapping", record(mapping, graph))
    target = NamedNode(mapping.object)
    # A label that the file leaves out is told by the thing's IRI: a mapping in the graph has one.
    label = mapping["subject_label"] or mapping.subject

    def about(predicate: str, value: NamedNode | Literal) -> Quad:
        return Quad(node, term(predicate), value, graph)

    yield about("rdf:type", term("sssom:Mapping"))
    yield about("sssom:subject_label", Literal(label, language="nl"))
    yield about("sssom:predicate_id", _node(mapping["predicate_id"]))
    yield about("sssom:object_id", target)
    yield about("sssom:mapping_justification", _node(mapping["mapping_justification"]))
    yield about("sssom:reviewer_id", NamedNode(mapping["reviewer_id"]))
    made = mapping["mapping_date"] or mapping["review_date"]
    yield about("sssom:mapping_date", Literal(made, datatype=term("xsd:date")))
    yield about("prov:wasDerivedFrom", graph)
    if mapping["review_date"]:
        yield about("sssom:review_date", Literal(mapping["review_date"], datatype=term("xsd:date")))
    for name in _NUMBERS:
        if mapping[name]:
            yield about(f"sssom:{name}", Literal(mapping[name], datatype=term("xsd:decimal")))
    for name in _TEXTS:
        if mapping[name]:
            text = mapping[name]
            yield about(f"sssom:{name}", Literal(text, language="nl") if name == "object_label" else Literal(text))
    if mapping["comment"]:
        yield about("rdfs:comment", Literal(mapping["comment"], language="en"))
    for name in ("subject_source", "object_source"):
        if mapping[name]:
            yield about(f"sssom:{name}", NamedNode(mapping[name]))
    if mapping.is_refused:
        yield about("sssom:predicate_modifier", Literal("Not"))
    if mapping["subject_type"] == LITERAL:
        yield about("sssom:subject_type", Literal(LITERAL))
        if not mapping.is_refused and mapping["predicate_id"] == sssom.EXACT:
            yield Quad(target, term("skos:altLabel"), Literal(mapping["subject_label"], language="nl"), graph)
        return
    subject = NamedNode(mapping.subject)
    yield about("sssom:subject_id", subject)
    if not mapping.is_refused:
        yield Quad(subject, _node(mapping["predicate_id"]), target, graph)


def known(statements: Iterable[Quad]) -> list[Mapping]:
    """Return the mappings that statements of a graph tell: the way back of :func:`quads`.

    :param statements: those whose subject is a mapping; others are left out.
    """
    slots: dict[str, dict[str, str]] = {}
    space = PREFIXES["sssom"]
    for quad in statements:
        if not isinstance(quad.subject, NamedNode) or not quad.subject.value.startswith(OURS["mapping"]):
            continue
        held = slots.setdefault(quad.subject.value, {"record_id": quad.subject.value.removeprefix(OURS["mapping"])})
        name, value = quad.predicate.value, quad.object
        if name.startswith(space) and isinstance(value, NamedNode | Literal):
            held[name.removeprefix(space)] = value.value
        elif quad.predicate == term("rdfs:comment") and isinstance(value, Literal):
            held["comment"] = value.value
    found = []
    for held in slots.values():
        if "object_id" in held and "predicate_id" in held:
            for name in ("predicate_id", "mapping_justification"):
                held[name] = sssom.curie(held.get(name, ""))
            found.append(Mapping(held))
    return sorted(found, key=lambda one: one.id)
