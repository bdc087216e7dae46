"""What a user is told about a metadata file, and what it may leave to other files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from zorgkg.csvw import MetadataError, load, load_table, statements

Folder = Callable[..., Path]
Object = dict[str, object]

CONTEXT = "http://www.w3.org/ns/csvw"


def table(**properties: object) -> Object:
    return {"@context": CONTEXT, "url": "table.csv", **properties}


def error(folder: Folder, document: object) -> MetadataError:
    path = folder(metadata_json=document) / "metadata.json"
    with pytest.raises(MetadataError) as caught:
        load(path)
    assert caught.value.file == path
    return caught.value


def test_metadata_that_is_not_json_says_on_which_line(folder: Folder) -> None:
    assert "line 2, column 1" in error(folder, '{"url":\n}').message


def test_a_missing_metadata_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MetadataError, match=r"cannot be read"):
        load(tmp_path / "none.json")


def test_metadata_without_context_is_an_error(folder: Folder) -> None:
    assert "@context" in error(folder, {"url": "table.csv"}).message


def test_metadata_that_describes_no_table_is_an_error(folder: Folder) -> None:
    assert error(folder, {"@context": CONTEXT}).pointer == ""
    assert error(folder, {"@context": CONTEXT, "tables": []}).pointer == "/tables"


def test_a_name_used_twice_is_pointed_at(folder: Folder) -> None:
    found = error(folder, table(tableSchema={"columns": [{"name": "a"}, {"name": "a"}]}))
    assert found.pointer == "/tableSchema/columns/1/name"
    assert found.message == 'The name "a" is given to two columns of the table.'


@pytest.mark.parametrize("template", ["{a", "a}", "{}", "{a b}", "{!a}"])
def test_a_malformed_template_is_pointed_at(folder: Folder, template: str) -> None:
    found = error(folder, table(tableSchema={"columns": [{"name": "a", "valueUrl": template}]}))
    assert found.pointer == "/tableSchema/columns/0/valueUrl"
    assert "is not a URI template" in found.message


def test_a_malformed_url_is_pointed_at(folder: Folder) -> None:
    assert error(folder, table(**{"dc:source": {"@id": "http://[x"}})).pointer == "/dc:source/@id"
    assert error(folder, table(**{"@id": "http://[x"})).message == '"http://[x" is not a valid URL.'


def test_a_reference_to_an_unknown_table_is_pointed_at(folder: Folder) -> None:
    key = {"columnReference": "a", "reference": {"resource": "other.csv", "columnReference": "b"}}
    found = error(folder, table(tableSchema={"columns": [{"name": "a"}], "foreignKeys": [key]}))
    assert found.pointer == "/tableSchema/foreignKeys/0/reference"


def test_a_reference_to_an_unknown_column_is_pointed_at(folder: Folder) -> None:
    key = {"columnReference": "a", "reference": {"resource": "table.csv", "columnReference": "b"}}
    found = error(folder, table(tableSchema={"columns": [{"name": "a"}], "foreignKeys": [key]}))
    assert found.pointer == "/tableSchema/foreignKeys/0/reference/columnReference"


@pytest.mark.parametrize(
    "datatype",
    [
        {"base": "integer", "minimum": 5, "maximum": 4},
        {"base": "string", "minimum": 5},
        {"base": "integer", "length": 5},
        {"base": "string", "minLength": 5, "maxLength": 4},
        {"base": "date", "minimum": "yesterday"},
        {"@id": "http://www.w3.org/2001/XMLSchema#string"},
    ],
)
def test_a_datatype_that_contradicts_itself_is_an_error(folder: Folder, datatype: object) -> None:
    found = error(folder, table(tableSchema={"columns": [{"name": "a", "datatype": datatype}]}))
    assert found.pointer.startswith("/tableSchema/columns/0/datatype")


def test_a_table_on_the_network_is_not_fetched(folder: Folder) -> None:
    assert "not fetched" in error(folder, {"@context": CONTEXT, "url": "https://example.org/t.csv"}).message


def test_unknown_and_invalid_properties_are_ignored_with_a_warning(folder: Folder) -> None:
    columns = [{"name": "a", "requird": True, "datatype": "int", "required": "yes", "lang": "?"}]
    path = folder(table_csv="a\n1\n", metadata_json=table(tableSchema={"columns": columns}))
    group = load(path / "metadata.json")
    assert {w.pointer for w in group.warnings} == {
        "/tableSchema/columns/0/requird",
        "/tableSchema/columns/0/required",
        "/tableSchema/columns/0/lang",
    }
    assert group.check() == []


def test_a_format_that_cannot_be_used_is_ignored_with_a_warning(folder: Folder) -> None:
    columns = [
        {"name": "a", "datatype": {"base": "date", "format": "d MMM yyyy"}},
        {"name": "b", "datatype": {"format": "("}},
        {"name": "c", "datatype": {"base": "boolean", "format": "yes"}},
        {"name": "d", "datatype": {"base": "decimal", "format": "0.0#0"}},
    ]
    group = load(folder(metadata_json=table(tableSchema={"columns": columns})) / "metadata.json")
    assert len(group.warnings) == 4


def test_a_template_with_an_unknown_column_is_warned_about(folder: Folder) -> None:
    columns = [{"name": "a", "valueUrl": "https://e.org/{b}"}]
    group = load(folder(metadata_json=table(tableSchema={"columns": columns})) / "metadata.json")
    assert "uses b, which is no column" in group.warnings[0].message


def test_a_schema_may_be_a_file_shared_by_tables(folder: Folder) -> None:
    path = folder(
        schema_json={"@context": CONTEXT, "columns": [{"name": "id", "datatype": "integer"}]},
        one_csv="id\n1\n",
        two_csv="id\nx\n",
        metadata_json={
            "@context": CONTEXT,
            "tables": [
                {"url": "one.csv", "tableSchema": "schema.json"},
                {"url": "two.csv", "tableSchema": "schema.json"},
            ],
        },
    )
    problems = load(path / "metadata.json").check()
    assert [p.file.name for p in problems] == ["two.csv"]


def test_a_mistake_in_a_shared_schema_names_that_file(folder: Folder) -> None:
    path = folder(
        schema_json={"@context": CONTEXT, "columns": [{"name": "a"}, {"name": "a"}]},
        metadata_json=table(tableSchema="schema.json"),
    )
    with pytest.raises(MetadataError) as caught:
        load(path / "metadata.json")
    assert caught.value.file.name == "schema.json"
    assert caught.value.pointer == "/columns/1/name"


def test_a_schema_file_that_does_not_exist_is_pointed_at(folder: Folder) -> None:
    assert error(folder, table(tableSchema="none.json")).pointer == "/tableSchema"


def test_a_dialect_says_how_the_file_is_written(folder: Folder) -> None:
    dialect = {"delimiter": ";", "quoteChar": "'", "commentPrefix": "#", "skipRows": 1, "encoding": "latin-1"}
    path = folder(metadata_json=table(dialect=dialect, tableSchema={"columns": [{"name": "a"}, {"name": "b"}]}))
    (path / "table.csv").write_bytes("title\na;b\n# note\n'x;y';é\n".encode("latin-1"))
    group = load(path / "metadata.json")
    assert group.check() == []
    assert [s.object.value for s in statements(group)] == ["x;y", "é"]


def test_metadata_is_found_beside_a_table(folder: Folder) -> None:
    path = folder(
        table_csv="a\nx\n",
        **{"csv-metadata_json": table(tableSchema={"columns": [{"name": "a", "datatype": "integer"}]})},
    )
    assert len(load_table(path / "table.csv").check()) == 1


def test_metadata_that_describes_another_table_is_not_used(folder: Folder) -> None:
    path = folder(table_csv="a\nx\n", **{"csv-metadata_json": {"@context": CONTEXT, "url": "other.csv"}})
    group = load_table(path / "table.csv")
    assert "does not describe table.csv" in group.warnings[0].message
    assert [s.object.value for s in statements(group)] == ["x"]
