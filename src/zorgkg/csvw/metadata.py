"""Reading metadata files into groups of tables.

Follows "Metadata Vocabulary for Tabular Data", sections 4 to 6: what that document calls an error raises
`MetadataError`, what it says to ignore with a warning is ignored and listed in `TableGroup.warnings`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urljoin

from zorgkg.csvw.derived import read_datatype
from zorgkg.csvw.dialect import Dialect, read_dialect
from zorgkg.csvw.document import Object, Place, Reader
from zorgkg.csvw.group import Column, ForeignKey, Inherited, Table, TableGroup
from zorgkg.csvw.problems import MetadataWarning, shown
from zorgkg.csvw.template import Template, encode_name, is_variable_name
from zorgkg.csvw.vocabulary import is_language

_INHERITED = frozenset(
    {
        "aboutUrl", "datatype", "default", "lang", "null", "ordered", "propertyUrl", "required", "separator",
        "textDirection", "valueUrl",
    }
)  # fmt: skip
_SHARED = frozenset({"dialect", "notes", "tableDirection", "tableSchema", "transformations", "@id", "@type"})
_GROUP = _SHARED | _INHERITED | {"tables"}
_TABLE = _SHARED | _INHERITED | {"url", "suppressOutput"}
_SCHEMA = _INHERITED | {"columns", "foreignKeys", "primaryKey", "rowTitles", "@id", "@type"}
_COLUMN = _INHERITED | {"name", "suppressOutput", "titles", "virtual", "@id", "@type"}
_TRANSFORMATION = frozenset({"url", "scriptFormat", "targetFormat", "source", "titles", "@id", "@type"})
_TEXTS: dict[str, tuple[str, Callable[[object], bool]]] = {
    "default": ("it must be a text", lambda value: isinstance(value, str)),
    "lang": ("it must be a language tag such as nl", lambda value: isinstance(value, str) and is_language(value)),
    "separator": ("it must be a text or null", lambda value: value is None or (isinstance(value, str) and value != "")),
    "textDirection": ("it must be ltr, rtl, auto or inherit", lambda value: value in ("ltr", "rtl", "auto", "inherit")),
}


def load(path: Path, *, base: str | None = None) -> TableGroup:
    """Read a metadata file that describes a group of tables or a single table.

    The tables are not opened yet: `TableGroup.check` and `statements` read them. A local context with a remote
    `@base` stands for the folder of the metadata file, so that tables that lie beside it can have published URLs. The
    files may lie anywhere: do not load metadata that you do not trust where that matters.

    Args:
        path: The metadata file.
        base: The URL that the metadata file is to be known by, for relative URLs; by default its `file:` URL.

    Returns:
        The group; a single table is a group of one.

    Raises:
        MetadataError: If the file cannot be used ("Metadata Vocabulary for Tabular Data", section 4).
    """
    url = base or path.resolve().as_uri()
    return _Loader(path, url).group()


def load_table(
    path: Path,
    *,
    metadata: Path | None = None,
    candidates: Sequence[Path] | None = None,
    base: str | None = None,
) -> TableGroup:
    """Begin with a tabular data file and find its metadata.

    Follows "Model for Tabular Data and Metadata on the Web", section 5 (Locating Metadata), without the network.

    Args:
        path: The tabular data file.
        metadata: A metadata file to use in any case.
        candidates: Metadata files to try in order, of which the first that describes the table is used; by default
            `NAME-metadata.json` and `csv-metadata.json` in the same folder.
        base: The URL that the tabular data file is to be known by; by default its `file:` URL.

    Returns:
        The group, with columns as in the header row if no metadata was found.

    Raises:
        MetadataError: If the metadata file cannot be used.
    """
    url = base or path.resolve().as_uri()
    if metadata is not None:
        return _Loader(metadata, _beside(path, url, metadata)).group()
    ignored: list[MetadataWarning] = []
    if candidates is None:
        own = unquote(url.rpartition("/")[2]) if "?" in url else path.name
        candidates = (path.with_name(own + "-metadata.json"), path.with_name("csv-metadata.json"))
    for candidate in candidates:
        if candidate.is_file():
            group = _Loader(candidate, _beside(path, url, candidate)).group()
            if any(table.url == url for table in group.tables):
                group.warnings[:0] = ignored
                return group
            ignored.append(MetadataWarning(candidate, "", f"The file does not describe {path.name} and is ignored."))
    return TableGroup(path, tables=[Table(url, path)], warnings=ignored)


def _beside(path: Path, url: str, other: Path) -> str:
    try:
        return urljoin(url, other.resolve().relative_to(path.resolve().parent).as_posix())
    except ValueError:
        return other.resolve().as_uri() if url.startswith("file:") else urljoin(url, other.name)


class _Loader:
    """Reads one metadata file and the schemas and dialects that it refers to."""

    def __init__(self, path: Path, url: str) -> None:
        self._path = path
        self._url = url
        self._reader = Reader(path, url)
        self._keys: list[tuple[Table, Object, Place]] = []

    # Groups and tables

    def group(self) -> TableGroup:
        obj, place = self._reader.document(self._path, self._url)
        group = TableGroup(self._path, warnings=self._reader.warnings)
        if "tables" in obj or obj.get("@type") == "TableGroup":
            self._fill_group(group, obj, place)
        elif "url" in obj:
            group.tables.append(self._table(obj, place, {}, None, None))
        else:
            self._reader.fail(place, 'The document describes no table: it has neither "tables" nor "url".')
        for table, definition, here in self._keys:
            self._foreign_key(group, table, definition, here)
        return group

    def _fill_group(self, group: TableGroup, obj: Object, place: Place) -> None:
        group.annotations = self._reader.known(obj, place, _GROUP, "TableGroup")
        group.id = self._reader.identifier(obj, place)
        group.notes = self._reader.notes(obj, place)
        self._reader.direction(obj, place)
        self._transformations(obj, place)
        inherited = self._inherited(obj, place)
        dialect = read_dialect(self._reader, obj["dialect"], place.at("dialect")) if "dialect" in obj else None
        schema = (obj["tableSchema"], place.at("tableSchema")) if "tableSchema" in obj else None
        tables = self._reader.array(obj, "tables", place)
        if not tables:
            self._reader.fail(
                place.at("tables") if "tables" in obj else place, "A group must describe at least one table."
            )
        for item, here in tables:
            group.tables.append(self._table(item, here, inherited, dialect, schema))

    def _table(
        self,
        obj: Object,
        place: Place,
        inherited: Object,
        dialect: Dialect | None,
        schema: tuple[object, Place] | None,
    ) -> Table:
        annotations = self._reader.known(obj, place, _TABLE, "Table")
        url, path = self._table_file(obj, place)
        self._reader.direction(obj, place)
        self._transformations(obj, place)
        if "dialect" in obj:
            dialect = read_dialect(self._reader, obj["dialect"], place.at("dialect"))
        table = Table(
            url,
            path,
            id=self._reader.identifier(obj, place),
            dialect=dialect or Dialect(),
            annotations=annotations,
            notes=self._reader.notes(obj, place),
            suppress_output=self._reader.flag(obj, "suppressOutput", place),
            pointer=place.pointer,
        )
        inherited = {**inherited, **self._inherited(obj, place)}
        if "tableSchema" in obj:
            schema = (obj["tableSchema"], place.at("tableSchema"))
        if schema is None:
            table.inherited = _settle(inherited)
        else:
            self._schema(table, schema[0], schema[1], inherited)
        return table

    def _table_file(self, obj: Object, place: Place) -> tuple[str, Path]:
        if "url" not in obj:
            self._reader.fail(place, 'A table description must have a "url".')
        written = obj["url"]
        if not isinstance(written, str):
            self._reader.fail(place.at("url"), f"{shown(written)} is not a URL of a table.")
        url = place.url(written)
        path = self._reader.locations.find(url)
        if path is None:
            self._reader.fail(
                place.at("url"), f"{shown(written)} is no file here; tables are not fetched from a network."
            )
        return url, path

    def _transformations(self, obj: Object, place: Place) -> None:
        """Check transformation definitions, which have no effect here (section 5.10)."""
        for item, here in self._reader.array(obj, "transformations", place):
            self._reader.known(item, here, _TRANSFORMATION, "Template")
            for key in ("url", "scriptFormat", "targetFormat"):
                if not isinstance(item.get(key), str):
                    self._reader.fail(here, f'A transformation definition must have a "{key}".')
            if item.get("source") not in (None, "json", "rdf"):
                self._reader.warn(here.at("source"), "source is ignored: it must be json or rdf.")
            if "titles" in item:
                self._reader.titles(item, here)

    # Schemas and columns

    def _schema(self, table: Table, value: object, place: Place, inherited: Object) -> None:
        obj, place = self._reader.description(value, place, "tableSchema")
        self._reader.known(obj, place, _SCHEMA, "Schema")
        table.schema_id = self._reader.identifier(obj, place)
        inherited = {**inherited, **self._inherited(obj, place)}
        table.inherited = _settle(inherited)
        table.declared = tuple(self._columns(obj, place, inherited))
        table.primary_key = self._references(obj, "primaryKey", place, table)
        table.row_titles = self._references(obj, "rowTitles", place, table)
        for item, here in self._reader.array(obj, "foreignKeys", place):
            self._keys.append((table, item, here))
        self._check_variables(table, place)

    def _columns(self, obj: Object, place: Place, inherited: Object) -> list[Column]:
        columns: list[Column] = []
        names: set[str] = set()
        for number, (item, here) in enumerate(self._reader.array(obj, "columns", place), 1):
            column = self._column(item, here, inherited, number)
            if column.is_named and column.name in names:
                self._reader.fail(
                    here.at("name"), f"The name {shown(column.name)} is given to two columns of the table."
                )
            if columns and columns[-1].virtual and not column.virtual:
                self._reader.fail(here, "A column that is not virtual cannot come after a virtual one.")
            names.add(column.name)
            columns.append(column)
        return columns

    def _column(self, obj: Object, place: Place, inherited: Object, number: int) -> Column:
        self._reader.known(obj, place, _COLUMN, "Column")
        titles = self._reader.titles(obj, place) if "titles" in obj else {}
        name = self._name(obj, place)
        settled = _settle({**inherited, **self._inherited(obj, place)})
        return Column(
            number,
            name or self._name_of_titles(titles, place) or f"_col.{number}",
            titles,
            settled,
            virtual=self._reader.flag(obj, "virtual", place),
            suppress_output=self._reader.flag(obj, "suppressOutput", place),
            pointer=place.pointer,
            is_named=name is not None,
        )

    def _name(self, obj: Object, place: Place) -> str | None:
        name = obj.get("name")
        if name is None and "name" not in obj:
            return None
        if isinstance(name, str) and is_variable_name(name) and not name.startswith("_"):
            return name
        rule = "a name holds letters, digits, _ and ., and does not begin with _"
        self._reader.warn(place.at("name"), f"{shown(name)} is ignored: {rule}.")
        return None

    @staticmethod
    def _name_of_titles(titles: Mapping[str, tuple[str, ...]], place: Place) -> str | None:
        for language in (place.language, "und"):
            if language and titles.get(language):
                return encode_name(titles[language][0])
        return None

    def _references(self, obj: Object, key: str, place: Place, table: Table) -> tuple[str, ...]:
        """Read a column reference property that may be left out (section 5.1.4)."""
        if key not in obj:
            return ()
        names = _column_names(obj[key])
        missing = [name for name in names if not _has_column(table, name)]
        if names and not missing:
            return names
        reason = f"no column has the name {shown(missing[0])}" if missing else "it must name one or more columns"
        self._reader.warn(place.at(key), f"{key} is ignored: {reason}.")
        return ()

    def _check_variables(self, table: Table, place: Place) -> None:
        """Warn about templates that use a column that does not exist: they would silently have a hole."""
        known = {column.name for column in table.declared or ()}
        seen: set[str] = set()
        for column in table.declared or ():
            here = replace(place, pointer=column.pointer or place.pointer)
            inherited = column.inherited
            for template in (inherited.about_url, inherited.property_url, inherited.value_url):
                if template is None or template.text in seen:
                    continue
                seen.add(template.text)
                for name in template.variables:
                    if name not in known and not name.startswith("_"):
                        self._reader.warn(here, f"The template {shown(template.text)} uses {name}, which is no column.")

    # Foreign keys

    def _foreign_key(self, group: TableGroup, table: Table, obj: Object, place: Place) -> None:
        """Read a foreign key definition (section 5.5)."""
        self._only(obj, place, ("columnReference", "reference"), "A foreign key")
        columns = self._key_columns(obj, place, table)
        reference, here = obj.get("reference"), place.at("reference")
        if not isinstance(reference, dict):
            self._reader.fail(here if "reference" in obj else place, 'A foreign key must have a "reference" object.')
        self._only(reference, here, ("resource", "schemaReference", "columnReference"), "A reference")
        target = self._referenced(group, reference, here)
        targets = self._key_columns(reference, here, target)
        if len(columns) != len(targets):
            self._reader.fail(place, f"The foreign key names {len(columns)} columns, but refers to {len(targets)}.")
        table.foreign_keys.append(ForeignKey(columns, target, targets))

    def _only(self, obj: Object, place: Place, known: tuple[str, ...], what: str) -> None:
        for key in obj:
            if key not in known:
                self._reader.fail(place.at(key), f"{what} can hold only {', '.join(known)}.")

    def _key_columns(self, obj: Object, place: Place, table: Table) -> tuple[str, ...]:
        names = _column_names(obj.get("columnReference"))
        if not names:
            self._reader.fail(place.at("columnReference"), "columnReference must name one or more columns.")
        for name in names:
            if not _has_column(table, name):
                self._reader.fail(
                    place.at("columnReference"),
                    f"The table {table.path.name} has no column with the name {shown(name)}.",
                )
        return names

    def _referenced(self, group: TableGroup, reference: Object, place: Place) -> Table:
        resource, schema = reference.get("resource"), reference.get("schemaReference")
        if (resource is None) == (schema is None):
            self._reader.fail(place, 'A reference must have either "resource" or "schemaReference".')
        written = schema if resource is None else resource
        if not isinstance(written, str):
            self._reader.fail(place, f"{shown(written)} is not a URL.")
        url = place.url(written)
        found = [t for t in group.tables if (t.schema_id if resource is None else t.url) == url]
        if len(found) != 1:
            what = "no table" if not found else "more than one table"
            self._reader.fail(place, f"The reference {shown(written)} matches {what} of the group.")
        return found[0]

    # Inherited properties

    def _inherited(self, obj: Object, place: Place) -> Object:
        """Read the inherited properties that a description gives, by field name of `Inherited`."""
        found: Object = {}
        for key, field in (("aboutUrl", "about_url"), ("propertyUrl", "property_url"), ("valueUrl", "value_url")):
            if key in obj:
                found[field] = self._template(obj[key], place.at(key))
        for key in ("ordered", "required"):
            if key in obj:
                found[key] = self._reader.flag(obj, key, place)
        if "datatype" in obj:
            found["datatype"] = read_datatype(self._reader, obj["datatype"], place.at("datatype"))
        if "null" in obj:
            self._null(obj["null"], place.at("null"), found)
        self._inherited_texts(obj, place, found)
        return found

    def _inherited_texts(self, obj: Object, place: Place, found: Object) -> None:
        for key, (rule, valid) in _TEXTS.items():
            if key in obj and not valid(obj[key]):
                self._reader.warn(place.at(key), f"{shown(obj[key])} is ignored: {rule}.")
            elif key in obj and key != "textDirection":
                found[key] = obj[key]

    def _null(self, value: object, place: Place, found: Object) -> None:
        items = value if isinstance(value, list) else [value]
        texts = tuple(item for item in items if isinstance(item, str))
        if len(texts) < len(items) or not items:
            self._reader.warn(place, f"{shown(value)} is ignored as far as it is not text.")
        if texts:
            found["null"] = texts

    def _template(self, value: object, place: Place) -> Template:
        if not isinstance(value, str):
            self._reader.warn(place, f"{shown(value)} is taken as an empty text: it must be a URI template.")
            return Template("")
        try:
            return Template(value)
        except ValueError as error:
            self._reader.fail(place, f"{shown(value)} is not a URI template: {error}.")


def _settle(found: Object) -> Inherited:
    return Inherited(**found)  # type: ignore[arg-type]


def _column_names(value: object) -> tuple[str, ...]:
    items: list[object] = value if isinstance(value, list) else [value]
    names = tuple(item for item in items if isinstance(item, str))
    return names if len(names) == len(items) else ()


def _has_column(table: Table, name: str) -> bool:
    # Without descriptions only the header row of the file can tell.
    return table.declared is None or any(column.is_named and column.name == name for column in table.declared)
