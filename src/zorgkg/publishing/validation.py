"""Validation: SHACL (https://www.w3.org/TR/shacl/) over the whole candidate, results traced to file, row and column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyshacl
import rdflib
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result as QueryResult
from rdflib.term import Node

from zorgkg.datasets.package import Package
from zorgkg.datasets.problems import Problem
from zorgkg.languages import pick
from zorgkg.terms import shorten


class PreparedGraph(rdflib.Graph):
    """A graph that parses each query once: pySHACL asks the same constraint anew for every focus node."""

    def query(self, query_object: str | Query, *arguments: Any, **options: Any) -> QueryResult:
        """Evaluate a query; see :meth:`rdflib.Graph.query`."""
        prepared = prepare_query(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *arguments, **options)


prepare_query = lru_cache(maxsize=1000)(prepareQuery)


@dataclass(frozen=True)
class Report:
    """A SHACL validation report.

    :param conforms: whether there are no results.
    :param graph: the report as RDF.
    """

    conforms: bool
    graph: rdflib.Graph

    @classmethod
    def empty(cls) -> Report:
        """Return the report of nothing, which conforms."""
        node, graph = rdflib.BNode(), rdflib.Graph()
        graph.add((node, RDF.type, SH.ValidationReport))
        graph.add((node, SH.conforms, rdflib.Literal(True)))
        return cls(True, graph)

    def results(self, language: str = "en") -> list[Result]:
        """List the results, ordered by focus node, with their message in a language."""
        found = [_result(self.graph, node, language) for node in self.graph.subjects(RDF.type, SH.ValidationResult)]
        return sorted(found, key=lambda result: (result.focus, result.path, result.value))


@dataclass(frozen=True)
class Result:
    """One validation result; IRIs and literals as text, empty when absent."""

    focus: str
    path: str
    value: str
    message: str
    severity: str = ""

    def __str__(self) -> str:
        parts = [shorten(self.focus)]
        if self.path:
            parts.append(shorten(self.path))
        text = " ".join(parts) + ": " + self.message
        return f"{text} (value: {self.value})" if self.value else text


def read_shapes(folder: Path, left_out: Sequence[str] = ()) -> rdflib.Graph:
    """Read the shapes (`*.ttl`) of a folder into one graph. Nothing is fetched from the network.

    :param folder: the folder.
    :param left_out: names of files that are not read.
    """
    shapes = rdflib.Graph()
    for path in sorted(folder.glob("*.ttl")):
        if path.name not in left_out:
            shapes.parse(path, format="turtle")
    return shapes


def validate(data: rdflib.Graph, shapes: rdflib.Graph) -> Report:
    """Validate a graph.

    :param data: the data graph.
    :param shapes: the shapes graph.
    :returns: the report.
    """
    conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=False, inplace=True, do_owl_imports=False)
    if not isinstance(report, rdflib.Graph):
        raise TypeError(f"pySHACL gave no report but {report!r}")
    return Report(conforms, report)


def trace(results: Sequence[Result], packages: Iterable[Package], limit: int = 1000) -> list[Problem]:
    """Tell for each result from which row and column of which table it came.

    The tables are mapped again for this, so that a build that passes pays nothing.

    :param results: validation results.
    :param packages: the packages that the validated graph was made from.
    :param limit: the most results that are traced.
    :returns: one problem a result; without file when the focus node comes from no table.
    """
    wanted = {result.focus for result in results[:limit]}
    exact: dict[tuple[str, str, str], Problem] = {}
    by_path: dict[tuple[str, str], Problem] = {}
    by_focus: dict[str, Problem] = {}
    for package in packages:
        for statement in package.origins():
            subject = statement.subject.value
            if subject not in wanted:
                continue
            origin = statement.origin
            place = Problem("", origin.file, origin.row, origin.column, origin.name)
            row = Problem("", origin.file, origin.row)
            value = getattr(statement.object, "value", "")
            exact.setdefault((subject, statement.predicate.value, value), place)
            by_path.setdefault((subject, statement.predicate.value), place)
            by_focus.setdefault(subject, row)
    traced = []
    for result in results[:limit]:
        place = (
            exact.get((result.focus, result.path, result.value))
            or by_path.get((result.focus, result.path))
            or by_focus.get(result.focus)
            or Problem("")
        )
        traced.append(Problem(str(result), place.file, place.row, place.column, place.name))
    return traced


def _result(graph: rdflib.Graph, node: Node, language: str) -> Result:
    def text(predicate: rdflib.URIRef) -> str:
        value = graph.value(node, predicate)
        return "" if value is None or isinstance(value, rdflib.BNode) else str(value)

    messages: dict[str, str] = {}
    for message in graph.objects(node, SH.resultMessage):
        if isinstance(message, rdflib.Literal):
            messages.setdefault(message.language or "", str(message))
    chosen = pick(messages, language)
    severity = text(SH.resultSeverity).removeprefix(str(SH))
    return Result(text(SH.focusNode), text(SH.resultPath), text(SH.value), chosen[0] if chosen else "", severity)
