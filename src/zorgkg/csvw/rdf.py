"""RDF from tables.

Follows "Generating RDF from Tabular Data on the Web" (csv2rdf), in standard and minimal mode, without the optional
provenance. The standard gives no `valueUrl` to a null cell, but does make URLs with holes when a template of a virtual
column, or of another column, uses a null. Ours: a column with a `valueUrl`, and a virtual column, gives no statement in
a row where a column that its templates use is null, an empty text or an empty list. For virtual columns this holds for
`aboutUrl`, `propertyUrl` and `valueUrl`, for other columns for `valueUrl` only; their `aboutUrl` and `propertyUrl` are
expanded with the empty text as the standard says.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal as Choice
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from zorgkg.csvw.annotations import Node, triples
from zorgkg.csvw.cell import Cell, Value, cell_parser
from zorgkg.csvw.group import Column, Table, TableGroup, bound
from zorgkg.csvw.problems import Problem, TableError, shown
from zorgkg.csvw.table import Row, Sheet
from zorgkg.csvw.template import Url, Variable
from zorgkg.csvw.vocabulary import CSVW, DATATYPES, RDF, XSD

Term = NamedNode | BlankNode | Literal
Mode = Choice["minimal", "standard"]

_TYPE = NamedNode(RDF + "type")
_FIRST, _REST, _NIL = NamedNode(RDF + "first"), NamedNode(RDF + "rest"), NamedNode(RDF + "nil")
_GROUP, _TABLE, _ROW = NamedNode(CSVW + "TableGroup"), NamedNode(CSVW + "Table"), NamedNode(CSVW + "Row")
_HAS_TABLE, _HAS_ROW, _URL = NamedNode(CSVW + "table"), NamedNode(CSVW + "row"), NamedNode(CSVW + "url")
_ROWNUM, _TITLE = NamedNode(CSVW + "rownum"), NamedNode(CSVW + "title")
_DESCRIBES = NamedNode(CSVW + "describes")
_NOTE = CSVW + "note"
_INTEGER = NamedNode(XSD + "integer")
_REMEMBERED = 20_000


class Origin(NamedTuple):
    """Where a statement comes from.

    Attributes:
        file: The tabular data file, or the metadata file for what is said of a group or table as a whole.
        row: The line of the file on which the row begins; the first line is 1, and 0 means the file as a whole.
        column: The position of the column, from 1, or None if the statement is about the row.
        name: The name of the column, or None.
    """

    file: Path
    row: int
    column: int | None
    name: str | None


class Statement(NamedTuple):
    """A triple and where it comes from.

    Attributes:
        subject: The subject.
        predicate: The predicate.
        object: The object.
        origin: The cell, row or file that it comes from.
    """

    subject: Node
    predicate: NamedNode
    object: Term
    origin: Origin


def statements(group: TableGroup, mode: Mode = "minimal") -> Iterator[Statement]:
    """Convert a group of tables to RDF ("Generating RDF from Tabular Data on the Web", section 4.2).

    A cell that is not valid gives a plain string, as the standard allows; use `TableGroup.check` first to know.

    Args:
        group: The group.
        mode: "minimal" for what the cells say, "standard" to describe groups, tables and rows too.

    Yields:
        The statements, table by table in order of rows and columns.

    Raises:
        TableError: If a file cannot be read, or a template makes something that is not an absolute URL.
    """
    standard = mode == "standard"
    node = _node(group.id)
    about = Origin(group.file, 0, None, None)
    if standard:
        yield Statement(node, _TYPE, _GROUP, about)
        yield from _described(node, group.annotations, group.notes, about)
    for table in group.tables:
        if not table.suppress_output:
            yield from _Converter(table, standard).convert(node, about)


def _node(identifier: str | None) -> Node:
    return BlankNode() if identifier is None else NamedNode(identifier)


def _described(
    node: Node, annotations: list[tuple[str, object]], notes: list[object], about: Origin
) -> Iterator[Statement]:
    for predicate, value in annotations:
        for triple in triples(node, predicate, value):
            yield Statement(*triple, about)
    for note in notes:
        for triple in triples(node, _NOTE, note):
            yield Statement(*triple, about)


@dataclass(slots=True)
class _Plan:
    """How one column is converted."""

    column: Column
    parse: Callable[[str], Cell]
    virtual: Cell | None
    about: Url | None
    about_key: int
    predicate: NamedNode | Url
    value: Url | None
    needed: tuple[str, ...]
    ordered: bool
    silent: bool

    @property
    def urls(self) -> list[Url]:
        """The templates that are expanded for each row."""
        return [url for url in (self.about, self.predicate, self.value) if isinstance(url, Url)]


def _about_key(about: Url | None, column: Column, abouts: dict[tuple[str, int], int]) -> int:
    """Number the templates of subjects: columns that share one share the subject of a row."""
    if about is None:
        return -1
    own = any(v in ("_name", "_column", "_sourceColumn") for v in about.template.variables)
    return abouts.setdefault((about.template.text, column.number if own else 0), len(abouts))


class _Subjects:
    """The subjects of one row."""

    def __init__(self, named: Callable[[str, Origin], NamedNode], variables: dict[str, Variable]) -> None:
        self._named = named
        self._variables = variables
        self._default: BlankNode | None = None
        self._known: dict[int, NamedNode] = {}

    def of(self, plan: _Plan, origin: Origin) -> Node:
        if plan.about is None:
            self._default = self._default or BlankNode()
            return self._default
        known = self._known.get(plan.about_key)
        if known is None:
            known = self._known[plan.about_key] = self._named(plan.about.expand(self._variables), origin)
        return known


class _Converter:
    """Converts one table."""

    def __init__(self, table: Table, standard: bool) -> None:
        self._table = table
        self._standard = standard
        self._nodes: dict[str, NamedNode] = {}
        self._literals: dict[Value, Literal] = {}
        self._datatypes = {iri: NamedNode(iri) for iri in DATATYPES.values()}

    def convert(self, group: Node, about: Origin) -> Iterator[Statement]:
        sheet = self._table.open()
        if not self._standard:
            yield from self._rows(sheet, None)
            return
        node = _node(self._table.id)
        origin = Origin(about.file, 0, None, None)
        yield Statement(group, _HAS_TABLE, node, origin)
        yield Statement(node, _TYPE, _TABLE, origin)
        yield Statement(node, _URL, self.named(self._table.url, origin), origin)
        yield from _described(node, self._table.annotations, self._table.notes, origin)
        yield from self._rows(sheet, node)

    # Preparation

    def _plans(self, sheet: Sheet) -> list[_Plan]:
        abouts: dict[tuple[str, int], int] = {}
        return [self._plan(column, abouts) for column in self._table.columns(sheet)]

    def _plan(self, column: Column, abouts: dict[tuple[str, int], int]) -> _Plan:
        inherited = column.inherited
        about = bound(self._table, column, inherited.about_url)
        value = bound(self._table, column, inherited.value_url)
        prop = bound(self._table, column, inherited.property_url)
        needed = list(value.variables if value else ())
        if column.virtual:
            needed += [v for url in (about, prop) if url for v in url.variables]
        parse = cell_parser(column)
        return _Plan(
            column,
            parse,
            parse("") if column.virtual else None,
            about,
            _about_key(about, column, abouts),
            self._predicate(prop, column),
            value,
            tuple(dict.fromkeys(needed)),
            inherited.ordered,
            column.suppress_output,
        )

    def _predicate(self, prop: Url | None, column: Column) -> NamedNode | Url:
        if prop is not None and prop.constant is None:
            return prop
        url = f"{self._table.url.partition('#')[0]}#{column.name}" if prop is None else prop.constant or ""
        return self.named(url, Origin(self._table.path, 0, column.number, column.name))

    # Terms

    def named(self, url: str, origin: Origin) -> NamedNode:
        node = self._nodes.get(url)
        if node is None:
            try:
                node = NamedNode(url)
            except ValueError:
                message = f"{shown(url)} is not a valid absolute URL; look at the templates of this column."
                raise TableError(Problem(origin.file, origin.row or 1, origin.column, origin.name, message)) from None
            if len(self._nodes) < _REMEMBERED:
                self._nodes[url] = node
        return node

    def _literal(self, value: Value) -> Literal:
        literal = self._literals.get(value)
        if literal is None:
            literal = self._new_literal(value)
            if len(self._literals) < _REMEMBERED:
                self._literals[value] = literal
        return literal

    def _new_literal(self, value: Value) -> Literal:
        if value.lang is not None:
            return Literal(value.lexical, language=value.lang)
        datatype = self._datatypes.get(value.datatype)
        if datatype is None:
            datatype = self._datatypes[value.datatype] = NamedNode(value.datatype)
        return Literal(value.lexical, datatype=datatype)

    # Rows

    def _rows(self, sheet: Sheet, table: Node | None) -> Iterator[Statement]:
        plans = self._plans(sheet)
        urls = [url for plan in plans for url in plan.urls]
        used = {name for url in urls for name in url.variables}
        numbered = any(name in ("_row", "_sourceRow") for url in urls for name in url.template.variables)
        for row in sheet.rows():
            cells = self._cells(row, plans)
            variables: dict[str, Variable] = {
                plan.column.name: cell.variable
                for plan, cell in zip(plans, cells, strict=True)
                if plan.column.name in used
            }
            if numbered:
                variables["_row"], variables["_sourceRow"] = str(row.number), str(row.source)
            node: Node | None = None
            if table is not None:
                node = BlankNode()
                yield from self._row(table, node, row, plans, cells)
            yield from self._values(row, node, plans, cells, variables)

    @staticmethod
    def _cells(row: Row, plans: list[_Plan]) -> list[Cell]:
        texts = row.cells
        count = len(texts)
        return [plan.virtual or (plan.parse(texts[i]) if i < count else Cell(None)) for i, plan in enumerate(plans)]

    def _row(
        self, table: Node, node: BlankNode, row: Row, plans: list[_Plan], cells: list[Cell]
    ) -> Iterator[Statement]:
        origin = Origin(self._table.path, row.line, None, None)
        yield Statement(table, _HAS_ROW, node, origin)
        yield Statement(node, _TYPE, _ROW, origin)
        yield Statement(node, _ROWNUM, Literal(str(row.number), datatype=_INTEGER), origin)
        url = f"{self._table.url.partition('#')[0]}#row={row.source}"
        yield Statement(node, _URL, NamedNode(url), origin)
        for plan, cell in zip(plans, cells, strict=True):
            if plan.column.name in self._table.row_titles and cell.value is not None:
                for value in [cell.value] if isinstance(cell.value, Value) else cell.value:
                    title = Literal(value.lexical, language=value.lang) if value.lang else Literal(value.lexical)
                    yield Statement(node, _TITLE, title, origin)

    def _values(
        self, row: Row, node: Node | None, plans: list[_Plan], cells: list[Cell], variables: dict[str, Variable]
    ) -> Iterator[Statement]:
        subjects = _Subjects(self.named, variables)
        described: set[Node] = set()
        file, line = self._table.path, row.line
        for plan, cell in zip(plans, cells, strict=True):
            holed = bool(plan.needed) and any(not variables.get(name) for name in plan.needed)
            if plan.silent or (holed and plan.virtual is not None):
                continue
            # Only a virtual column can have a value URL without a value.
            empty = holed or (cell.value is None and (plan.value is None or plan.virtual is None))
            if empty and node is None:
                continue
            origin = Origin(file, line, plan.column.number, plan.column.name)
            subject = subjects.of(plan, origin)
            if node is not None and subject not in described:
                described.add(subject)
                yield Statement(node, _DESCRIBES, subject, origin)
            if not empty:
                yield from self._objects(subject, plan, cell, variables, origin)

    def _objects(
        self, subject: Node, plan: _Plan, cell: Cell, variables: dict[str, Variable], origin: Origin
    ) -> Iterator[Statement]:
        if isinstance(plan.predicate, NamedNode):
            predicate = plan.predicate
        else:
            predicate = self.named(plan.predicate.expand(variables), origin)
        if plan.value is not None:
            yield Statement(subject, predicate, self.named(plan.value.expand(variables), origin), origin)
        elif isinstance(cell.value, Value):
            yield Statement(subject, predicate, self._literal(cell.value), origin)
        elif cell.value is not None:
            yield from self._list(subject, predicate, cell.value, plan.ordered, origin)

    def _list(
        self, subject: Node, predicate: NamedNode, values: list[Value], ordered: bool, origin: Origin
    ) -> Iterator[Statement]:
        if not ordered:
            for value in values:
                yield Statement(subject, predicate, self._literal(value), origin)
            return
        nodes: list[Node] = [BlankNode() for _ in values]
        rests = [*nodes[1:], _NIL]
        yield Statement(subject, predicate, nodes[0] if nodes else _NIL, origin)
        for node, rest, value in zip(nodes, rests, values, strict=False):
            yield Statement(node, _FIRST, self._literal(value), origin)
            yield Statement(node, _REST, rest, origin)
