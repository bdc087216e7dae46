"""A dataset package: tables (CSV), their schema and mapping (`csvw.json`) and description (`dataset.ttl`, DCAT)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from zorgkg import csvw
from zorgkg.datasets.problems import InvalidData, Problem
from zorgkg.terms import dataset_graph, term

METADATA = "csvw.json"
DESCRIPTION = "dataset.ttl"
LINKS = "links.sssom.tsv"
SCHEMAS = "schemas"

_BESIDE = ("ontology", "frameworks", "questions", "derived")
"""Named graphs that a build makes beside those of the packages."""


@dataclass(frozen=True)
class Package:
    """One dataset: its name, which is also the slug of its named graph.

    :param directory: its folder.
    :param called: its name, where that is not the folder's.
    """

    directory: Path
    called: str = ""

    @property
    def name(self) -> str:
        """Name of the dataset."""
        return self.called or self.directory.name

    @property
    def graph(self) -> NamedNode:
        """IRI of the dataset and of its named graph."""
        return dataset_graph(self.name)

    @property
    def metadata(self) -> Path:
        """The CSVW metadata file."""
        return self.directory / METADATA

    @property
    def has_links(self) -> bool:
        """Whether it brings a link file."""
        return (self.directory / LINKS).exists()

    def quads(self) -> Iterator[Quad]:
        """Check the tables and map them to RDF, together with the dataset's description.

        :returns: statements in the dataset's named graph.
        :raises InvalidData: a table or the metadata is malformed; every problem has file, row and column.
        """
        yield from self._description()
        if not self.metadata.exists():
            if any(self.directory.glob("*.csv")):
                raise InvalidData([Problem("there are tables, but no metadata that lists them", self.metadata)])
            return
        group = self._group()
        problems = [Problem(p.message, p.file, p.row, p.column, p.name) for p in group.check()]
        listed = {table.path.resolve() for table in group.tables}
        problems += [
            Problem(f"this table is not listed in {METADATA}, so that nothing would come of it", path)
            for path in sorted(self.directory.glob("*.csv"))
            if path.resolve() not in listed
        ]
        if problems:
            raise InvalidData(problems)
        for statement in csvw.statements(group, mode="minimal"):
            yield Quad(statement.subject, statement.predicate, statement.object, self.graph)

    def origins(self) -> Iterator[csvw.Statement]:
        """Map the tables again, for telling from which row and column a statement came.

        :returns: the statements with their origin; nothing for a package without tables.
        """
        if self.metadata.exists():
            group = self._group()
            virtual = {column.name for table in group.tables for column in table.declared or () if column.virtual}
            for statement in csvw.statements(group, mode="minimal"):
                origin = statement.origin
                # A virtual column stands in no file; the row does.
                place = csvw.Origin(origin.file, origin.row, None, None) if origin.name in virtual else origin
                yield csvw.Statement(statement.subject, statement.predicate, statement.object, place)

    def _group(self) -> csvw.TableGroup:
        try:
            return csvw.load(self.metadata)
        except csvw.MetadataError as error:
            raise InvalidData([Problem(f"{error.message} (at {error.pointer or '/'})", error.file)]) from error

    def _description(self) -> Iterator[Quad]:
        path = self.directory / DESCRIPTION
        if not path.exists():
            raise InvalidData(
                [Problem("the dataset has no description; write its title, licence and source in DCAT", path)]
            )
        described = False
        for quad in read_turtle(path, self.graph):
            described |= quad.subject == self.graph and quad.predicate == term("dcterms:license")
            yield quad
        if not described:
            message = f"{DESCRIPTION} must give <{self.graph.value}> a dcterms:license"
            raise InvalidData([Problem(message, path)])


def packages(data: Path) -> list[Package]:
    """List the packages of a data folder, by name.

    :param data: folder whose sub-folders are packages, but for the one of the shared table schemas.
    """
    found = [path for path in data.iterdir() if path.is_dir() and path.name != SCHEMAS]
    return [Package(path) for path in sorted(found)]


def own(data: Path) -> set[str]:
    """Return the named graphs that a build makes, by IRI.

    :param data: folder whose sub-folders are packages.
    """
    return {one.graph.value for one in packages(data)} | {dataset_graph(name).value for name in _BESIDE}


def read_turtle(path: Path, graph: NamedNode) -> Iterator[Quad]:
    """Read a Turtle file into a named graph.

    :raises InvalidData: the file is no Turtle; the problem has the line.
    """
    try:
        for quad in parse(path=str(path), format=RdfFormat.TURTLE, base_iri=graph.value):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)
    except SyntaxError as error:
        raise InvalidData([Problem(f"not Turtle: {error}", path, error.lineno)]) from error
