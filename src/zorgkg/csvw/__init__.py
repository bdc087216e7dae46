"""CSV on the Web: tables described by metadata, validated, and converted to RDF.

Use `load` to read a metadata file, `TableGroup.check` to validate its tables, and `statements` to convert them.

Claimed: "Metadata Vocabulary for Tabular Data", "Model for Tabular Data and Metadata on the Web" (parsing, annotation
and validation) and "Generating RDF from Tabular Data on the Web" in minimal and standard mode, for local files.

Not claimed: fetching anything from a network (Link headers, `/.well-known/csvm`, content types), embedded metadata
beyond header rows, transformations (checked, never run), provenance statements, the display of text direction,
conversion to JSON, number patterns with symbols other than 0 # . , E + - % ‰, and dates with names of months.

Where this package differs on purpose, the module says so: `rdf` (no statements with holes in their URLs), `validation`
(headers and foreign keys; `strict` follows the letter), `table` (encoding errors and stray quotes), `dialect` (comment
rows), `datatypes` (regular expressions), `metadata.load` (a remote `@base` stands for the folder of the metadata file).
"""

from zorgkg.csvw.group import Column, ForeignKey, Inherited, Table, TableGroup
from zorgkg.csvw.metadata import load, load_table
from zorgkg.csvw.problems import MetadataError, MetadataWarning, Problem, TableError
from zorgkg.csvw.rdf import Mode, Origin, Statement, statements

__all__ = [
    "Column",
    "ForeignKey",
    "Inherited",
    "MetadataError",
    "MetadataWarning",
    "Mode",
    "Origin",
    "Problem",
    "Statement",
    "Table",
    "TableError",
    "TableGroup",
    "load",
    "load_table",
    "statements",
]
