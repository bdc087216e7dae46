"""Links: the reviewed decisions on which names and things are one and the same, as SSSOM TSV (https://w3id.org/sssom/).

Only accepted decisions become `skos:exactMatch` (or the file's predicate) between things; a printed form that is
accepted as a name of a thing becomes its `skos:altLabel`. Every decision, also a refusal, stays in the graph as an
`sssom:Mapping`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from zorgkg.datasets.problems import InvalidData, Problem
from zorgkg.terms import PREFIXES, dataset_graph, term, thing

REQUIRED = (
    "record_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "reviewer_id",
    "mapping_date",
)
GRAPH: Final = dataset_graph("links")
_LITERAL = "rdfs literal"
_PREDICATES = (
    "skos:exactMatch",
    "skos:closeMatch",
    "skos:relatedMatch",
    "skos:broadMatch",
    "skos:narrowMatch",
    "rdfs:seeAlso",
)


def read(path: Path, graph: NamedNode = GRAPH) -> Iterator[Quad]:
    """Map a link file to RDF.

    :param path: SSSOM TSV with embedded metadata (lines that start with `#`).
    :param graph: the dataset that it is of; a build takes all links together.
    :returns: statements in the dataset's named graph.
    :raises InvalidData: a required column or value is missing, or a value is none of those allowed.
    """
    lines = path.read_text("utf-8").splitlines(keepends=True)
    skipped = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    reader = csv.DictReader(lines[skipped:], delimiter="\t")
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
    if missing:
        raise InvalidData([Problem(f"column {missing[0]} is missing", path, skipped + 1)])
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    quads: list[Quad] = []
    for number, row in enumerate(reader, start=skipped + 2):
        wrong = _wrong(row, seen)
        if wrong:
            name, message = wrong
            names = list(reader.fieldnames or ())
            column = names.index(name) + 1 if name in names else None
            problems.append(Problem(message, path, number, column, name))
            continue
        seen[row["record_id"]] = number
        quads.extend(_quads(row, graph))
    if problems:
        raise InvalidData(problems)
    yield from quads


def _wrong(row: dict[str, str], seen: dict[str, int]) -> tuple[str, str] | None:
    for name in REQUIRED:
        if not row.get(name):
            return name, "a value is required"
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", row["record_id"]):
        return "record_id", f"{row['record_id']!r} must be lower-case letters, digits and hyphens"
    if row["record_id"] in seen:
        return "record_id", f"{row['record_id']!r} is already used in row {seen[row['record_id']]}"
    if row["predicate_id"] not in _PREDICATES:
        return "predicate_id", f"{row['predicate_id']!r} must be one of {', '.join(_PREDICATES)}"
    if row.get("predicate_modifier", "") not in ("", "Not"):
        return "predicate_modifier", f"{row['predicate_modifier']!r} must be empty or Not"
    if row.get("subject_type") != _LITERAL and not row.get("subject_id"):
        return "subject_id", f"a value is required unless subject_type is {_LITERAL!r}"
    for name in ("subject_id", "subject_source", "object_id", "mapping_justification", "predicate_id", "reviewer_id"):
        if row.get(name) and _expand(row[name]) is None:
            return name, f"{row[name]!r} is no IRI, or has an unknown prefix"
    if row.get("confidence") and not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", row["confidence"]):
        return "confidence", f"{row['confidence']!r} must be a number from 0 to 1"
    if not _is_date(row["mapping_date"]):
        return "mapping_date", f"{row['mapping_date']!r} must be a date, YYYY-MM-DD"
    return None


def _is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _expand(curie: str) -> NamedNode | None:
    prefix, separator, local = curie.partition(":")
    if not separator:
        return None
    try:
        if local.startswith("//"):
            return NamedNode(curie)
        return NamedNode(PREFIXES[prefix] + local) if prefix in PREFIXES else None
    except ValueError:
        return None


def _node(curie: str) -> NamedNode:
    node = _expand(curie)
    if node is None:
        raise ValueError(curie)
    return node


def _quads(row: dict[str, str], graph: NamedNode) -> Iterator[Quad]:
    mapping = thing("mapping", row["record_id"])
    target = _node(row["object_id"])
    refused = row.get("predicate_modifier") == "Not"

    def about(predicate: str, value: NamedNode | Literal) -> Quad:
        return Quad(mapping, term(predicate), value, graph)

    yield about("rdf:type", term("sssom:Mapping"))
    yield about("sssom:subject_label", Literal(row["subject_label"], language="nl"))
    yield about("sssom:predicate_id", _node(row["predicate_id"]))
    yield about("sssom:object_id", target)
    yield about("sssom:mapping_justification", _node(row["mapping_justification"]))
    yield about("sssom:reviewer_id", _node(row["reviewer_id"]))
    yield about("sssom:mapping_date", Literal(row["mapping_date"], datatype=term("xsd:date")))
    yield about("prov:wasDerivedFrom", graph)
    if row.get("confidence"):
        yield about("sssom:confidence", Literal(row["confidence"], datatype=term("xsd:decimal")))
    if row.get("comment"):
        yield about("rdfs:comment", Literal(row["comment"], language="en"))
    if row.get("subject_source"):
        yield about("sssom:subject_source", _node(row["subject_source"]))
    if refused:
        yield about("sssom:predicate_modifier", Literal("Not"))
    if row.get("subject_type") == _LITERAL:
        yield about("sssom:subject_type", Literal(_LITERAL))
        if not refused and row["predicate_id"] == "skos:exactMatch":
            yield Quad(target, term("skos:altLabel"), Literal(row["subject_label"], language="nl"), graph)
        return
    subject = _node(row["subject_id"])
    yield about("sssom:subject_id", subject)
    if not refused:
        yield Quad(subject, _node(row["predicate_id"]), target, graph)
