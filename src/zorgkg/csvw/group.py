"""Groups of tables, tables and columns: what a metadata file describes.

Follows "Model for Tabular Data and Metadata on the Web", section 4 (Tabular Data Models).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zorgkg.csvw.annotations import Annotation
from zorgkg.csvw.datatypes import Datatype
from zorgkg.csvw.dialect import Dialect
from zorgkg.csvw.problems import MetadataWarning, Problem
from zorgkg.csvw.table import Sheet, open_sheet
from zorgkg.csvw.template import Template, Url, Variable, decode_name, encode_name


@dataclass(frozen=True)
class Inherited:
    """The inherited properties of a column ("Metadata Vocabulary for Tabular Data", section 5.7).

    Attributes:
        about_url: The template of subjects, or None.
        property_url: The template of predicates, or None.
        value_url: The template of objects, or None.
        datatype: The datatype of values.
        default: The text that replaces an empty cell.
        lang: The language of values; "und" if not given.
        null: The texts that stand for no value.
        ordered: Whether a list keeps its order.
        required: Whether a cell must have a value.
        separator: The text between the items of a list, or None if cells hold single values.
    """

    about_url: Template | None = None
    property_url: Template | None = None
    value_url: Template | None = None
    datatype: Datatype = field(default_factory=Datatype)
    default: str = ""
    lang: str = "und"
    null: tuple[str, ...] = ("",)
    ordered: bool = False
    required: bool = False
    separator: str | None = None


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes:
        number: The position in the table, from 1 (`_column`).
        name: The name annotation, percent-encoded when it comes from a title.
        titles: The titles by language tag.
        inherited: The inherited properties.
        virtual: Whether the column is not in the file.
        suppress_output: Whether no RDF is made of the column.
        pointer: JSON pointer to the description in the metadata file, or None if it has none.
        is_named: Whether the description gives a name.
    """

    number: int
    name: str
    titles: Mapping[str, tuple[str, ...]]
    inherited: Inherited
    virtual: bool = False
    suppress_output: bool = False
    pointer: str | None = None
    is_named: bool = False


@dataclass
class ForeignKey:
    """A rule that values must occur in another table ("Metadata Vocabulary for Tabular Data", section 5.5).

    Attributes:
        columns: The names of the referencing columns.
        table: The referenced table.
        targets: The names of the referenced columns.
    """

    columns: tuple[str, ...]
    table: "Table"
    targets: tuple[str, ...]


@dataclass
class Table:
    """A table.

    Attributes:
        url: The URL of the file.
        path: The file.
        id: The IRI of the table (`@id`), or None.
        dialect: How the file is written.
        declared: The described columns, or None if the header row of the file describes them.
        inherited: The inherited properties of columns that are not described.
        schema_id: The IRI of the schema, or None.
        primary_key: The names of the columns that together are unique.
        row_titles: The names of the columns that give a row its title.
        foreign_keys: The foreign keys.
        annotations: Common properties.
        notes: The normalized notes.
        suppress_output: Whether no RDF is made of the table.
        pointer: JSON pointer to the description in the metadata file.
    """

    url: str
    path: Path
    id: str | None = None
    dialect: Dialect = field(default_factory=Dialect)
    declared: tuple[Column, ...] | None = None
    inherited: Inherited = field(default_factory=Inherited)
    schema_id: str | None = None
    primary_key: tuple[str, ...] = ()
    row_titles: tuple[str, ...] = ()
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    notes: list[object] = field(default_factory=list)
    suppress_output: bool = False
    pointer: str = ""

    def open(self) -> Sheet:
        """Read the file and its header rows.

        Returns:
            The sheet, ready to read its rows.

        Raises:
            TableError: If the file does not exist, is empty, or is not text in its encoding.
        """
        return open_sheet(self.path, self.dialect)

    def columns(self, sheet: Sheet) -> list[Column]:
        """List the columns of the table: described, undescribed and virtual.

        A column without a description takes its name from the header row if no column is described, and otherwise
        `_col.N` ("Metadata Vocabulary for Tabular Data", section 5.6).

        Args:
            sheet: The opened file.

        Returns:
            The columns in order, virtual ones last.
        """
        declared = self.declared
        if declared is None:
            return [self._from_header(n, titles) for n, titles in enumerate(sheet.titles, 1)]
        real = [column for column in declared if not column.virtual]
        virtual = [column for column in declared if column.virtual]
        extra = [Column(n, f"_col.{n}", {}, self.inherited) for n in range(len(real) + 1, len(sheet.titles) + 1)]
        moved = [
            Column(c.number + len(extra), c.name, c.titles, c.inherited, True, c.suppress_output, c.pointer, c.is_named)
            for c in virtual
        ]
        return [*real, *extra, *moved]

    def _from_header(self, number: int, titles: list[str]) -> Column:
        name = encode_name(titles[0]) if titles else f"_col.{number}"
        return Column(number, name, {"und": tuple(titles)}, self.inherited)


def bound(table: Table, column: Column, template: Template | None) -> Url | None:
    """Make a template ready for one column of a table.

    Args:
        table: The table.
        column: The column.
        template: The template, or None.

    Returns:
        The template with what is fixed for the column filled in, or None if there is no template.
    """
    if template is None:
        return None
    fixed: dict[str, Variable] = {"_name": decode_name(column.name), "_column": str(column.number)}
    if not column.virtual:
        fixed["_sourceColumn"] = str(column.number + table.dialect.skip_columns)
    return Url(template, table.url, fixed)


@dataclass
class TableGroup:
    """A group of tables.

    Attributes:
        file: The metadata file, or the tabular data file if there is no metadata.
        id: The IRI of the group (`@id`), or None.
        tables: The tables in order.
        annotations: Common properties.
        notes: The normalized notes.
        warnings: What the metadata file says that was ignored.
    """

    file: Path
    id: str | None = None
    tables: list[Table] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    notes: list[object] = field(default_factory=list)
    warnings: list[MetadataWarning] = field(default_factory=list)

    def check(self, limit: int = 1000, *, strict: bool = False) -> list[Problem]:
        """Validate all tables ("Model for Tabular Data and Metadata on the Web", section 6.6, Validating Tables).

        Args:
            limit: The greatest number of problems to collect.
            strict: Follow the letter of the standard where it is too strict to be of use; see `validation`.

        Returns:
            The problems, table by table in order of rows; an empty list if the data is valid.
        """
        # The import is late because validation itself needs the classes of this module.
        from zorgkg.csvw.validation import check

        return check(self, limit, strict=strict)
