"""The RDF that a user gets from a table."""

from collections.abc import Callable
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode

from zorgkg.csvw import TableGroup, load, statements
from zorgkg.csvw.rdf import Term

Described = Callable[..., TableGroup]
Folder = Callable[..., Path]

CONTEXT = "http://www.w3.org/ns/csvw"
CSVW = "http://www.w3.org/ns/csvw#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"


def objects(group: TableGroup) -> list[Term]:
    return [s.object for s in statements(group)]


def values(group: TableGroup) -> list[str]:
    return [term.value for term in objects(group)]


def typed(text: str, name: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + name))


def test_a_column_without_templates_becomes_a_property_of_the_table(described: Described) -> None:
    (found,) = statements(described("Full name\nAnn\n", [{"titles": "Full name"}]))
    assert isinstance(found.subject, BlankNode)
    assert found.predicate == NamedNode("https://data.example/table.csv#Full%20name")
    assert found.object == Literal("Ann")


def test_cells_of_a_row_share_a_subject(described: Described) -> None:
    found = list(statements(described("a,b\n1,2\n3,4\n", [{"name": "a"}, {"name": "b"}])))
    assert found[0].subject == found[1].subject != found[2].subject


def test_templates_make_subject_predicate_and_object(described: Described) -> None:
    columns = [{"name": "id", "propertyUrl": "schema:about", "valueUrl": "https://e.org/topic/{id}"}]
    (found,) = statements(described("id\nx y\n", columns, aboutUrl="https://e.org/{id}"))
    assert found.subject == NamedNode("https://e.org/x%20y")
    assert found.predicate == NamedNode("http://schema.org/about")
    assert found.object == NamedNode("https://e.org/topic/x%20y")


def test_each_statement_tells_its_cell(described: Described) -> None:
    group = described('a,b\n"x\ny",2\n3,4\n', [{"name": "a"}, {"name": "b"}])
    last = list(statements(group))[-1]
    assert last.origin.file.name == "table.csv"
    assert last.origin[1:] == (4, 2, "b")


def test_row_numbers_and_names_can_be_used_in_templates(described: Described) -> None:
    columns = [{"name": "a", "valueUrl": "https://e.org/{_row}/{_sourceRow}/{_name}/{_column}/{_sourceColumn}"}]
    assert values(described("a\nx\ny\n", columns)) == ["https://e.org/1/2/a/1/1", "https://e.org/2/3/a/1/1"]


def test_a_virtual_column_adds_a_statement_to_each_row(described: Described) -> None:
    columns = [{"name": "a"}, {"name": "t", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": "schema:Person"}]
    found = list(statements(described("a\nx\n", columns)))
    assert found[1].predicate == NamedNode(RDF + "type")
    assert found[1].object == NamedNode("http://schema.org/Person")
    assert found[1].origin.column == 2


def test_a_virtual_column_with_a_default_gives_that_value(described: Described) -> None:
    columns = [{"name": "a"}, {"name": "t", "virtual": True, "default": "5", "datatype": "integer"}]
    assert objects(described("a\nx\n", columns)) == [Literal("x"), typed("5", "integer")]


def test_an_empty_cell_gives_no_statement(described: Described) -> None:
    assert values(described("a,b\nx,\n", [{"name": "a"}, {"name": "b", "valueUrl": "https://e.org/{b}"}])) == ["x"]


def test_a_cell_that_is_written_as_null_gives_no_statement(described: Described) -> None:
    columns = [{"name": "a"}, {"name": "b", "null": ["", "n.v.t."]}]
    assert values(described("a,b\nx,n.v.t.\ny,\n", columns)) == ["x", "y"]


def test_a_url_made_of_an_empty_other_column_gives_no_statement(described: Described) -> None:
    columns = [{"name": "a", "valueUrl": "https://e.org/{b}"}, {"name": "b"}]
    assert values(described("a,b\nx,\n", columns)) == []


def test_a_virtual_column_that_uses_an_empty_column_gives_no_statement(described: Described) -> None:
    link = {"name": "v", "virtual": True, "propertyUrl": "schema:about", "valueUrl": "https://e.org/{b}"}
    columns = [{"name": "a"}, {"name": "b"}, link]
    assert values(described("a,b\nx,\n", columns)) == ["x"]
    about = {**link, "valueUrl": "schema:Person", "aboutUrl": "https://e.org/{b}"}
    assert values(described("a,b\nx,\n", [{"name": "a"}, {"name": "b"}, about])) == ["x"]


def test_a_default_fills_an_empty_cell(described: Described) -> None:
    assert values(described("a,b\nx,\n", [{"name": "a"}, {"name": "b", "default": "unknown"}])) == ["x", "unknown"]


def test_a_list_gives_a_statement_for_each_item(described: Described) -> None:
    assert values(described("a\np; q;r\n", [{"name": "a", "separator": ";", "datatype": "token"}])) == ["p", "q", "r"]


def test_an_ordered_list_keeps_its_order(described: Described) -> None:
    found = list(statements(described("a\np;q\n", [{"name": "a", "separator": ";", "ordered": True}])))
    firsts = [s.object.value for s in found if s.predicate.value == RDF + "first"]
    rests = [s.object for s in found if s.predicate.value == RDF + "rest"]
    assert firsts == ["p", "q"]
    assert rests[-1] == NamedNode(RDF + "nil")


def test_a_text_gets_the_language_of_its_column_or_table(described: Described) -> None:
    columns = [{"name": "a"}, {"name": "b", "lang": "en"}, {"name": "c", "datatype": "integer"}]
    group = described("a,b,c\nx,y,1\n", columns, {"lang": "nl"})
    assert objects(group) == [Literal("x", language="nl"), Literal("y", language="en"), typed("1", "integer")]


def test_dates_numbers_and_booleans_are_read_by_their_formats(described: Described) -> None:
    columns = [
        {"name": "a", "datatype": {"base": "date", "format": "d-M-yyyy"}},
        {"name": "b", "datatype": {"base": "decimal", "format": {"decimalChar": ",", "groupChar": "."}}},
        {"name": "c", "datatype": {"base": "boolean", "format": "ja|nee"}},
        {"name": "d", "datatype": {"base": "dateTime", "format": "dd/MM/yyyy HH:mm"}},
        {"name": "e", "datatype": {"base": "decimal", "format": "#0.0%"}},
        {
            "name": "f",
            "datatype": {"base": "decimal", "format": {"pattern": "#.##0,00", "decimalChar": ",", "groupChar": "."}},
        },
    ]
    assert objects(described('a,b,c,d,e,f\n5-3-2024,"1.234,5",ja,05/03/2024 14:30,12.5%,"1.234,50"\n', columns)) == [
        typed("2024-03-05", "date"),
        typed("1234.5", "decimal"),
        typed("true", "boolean"),
        typed("2024-03-05T14:30:00", "dateTime"),
        typed("0.125", "decimal"),
        typed("1234.50", "decimal"),
    ]


def test_urls_json_html_and_xml_keep_their_datatype(described: Described) -> None:
    columns = [{"name": n, "datatype": n} for n in ("anyURI", "json", "html", "xml")]
    group = described("anyURI,json,html,xml\nhttps://e.org/,{},<b>x</b>,<b/>\n", columns)
    assert [o.datatype.value for o in objects(group) if isinstance(o, Literal)] == [
        XSD + "anyURI",
        CSVW + "JSON",
        RDF + "HTML",
        RDF + "XMLLiteral",
    ]


def test_a_datatype_of_ones_own_is_used_in_rdf(described: Described) -> None:
    columns = [{"name": "a", "datatype": {"base": "string", "@id": "https://e.org/code"}}]
    assert objects(described("a\nx\n", columns)) == [Literal("x", datatype=NamedNode("https://e.org/code"))]


def test_a_value_that_is_not_valid_stays_a_text(described: Described) -> None:
    assert objects(described("a\nx\n", [{"name": "a", "datatype": "integer"}], {"lang": "nl"})) == [Literal("x")]


def test_the_canonical_value_is_used_in_urls(described: Described) -> None:
    columns = [{"name": "a", "datatype": "integer", "valueUrl": "https://e.org/{a}"}]
    assert values(described("a\n007\n", columns)) == ["https://e.org/7"]


def test_inherited_properties_can_be_set_on_the_table_and_overruled(described: Described) -> None:
    columns = [{"name": "a"}, {"name": "b", "propertyUrl": "https://e.org/own"}]
    group = described("a,b\nx,y\n", columns, {"propertyUrl": "https://e.org/{_name}"})
    assert [s.predicate.value for s in statements(group)] == ["https://e.org/a", "https://e.org/own"]


def test_a_suppressed_column_or_table_gives_no_statements(described: Described) -> None:
    columns = [{"name": "a", "suppressOutput": True}, {"name": "b"}]
    assert values(described("a,b\nx,y\n", columns)) == ["y"]
    assert values(described("a,b\nx,y\n", columns, {"suppressOutput": True})) == []


def test_relative_urls_are_resolved_against_the_table(described: Described) -> None:
    (found,) = statements(described("a\nx\n", [{"name": "a", "valueUrl": "../c/{a}"}], aboutUrl="#row-{_row}"))
    assert found.subject == NamedNode("https://data.example/table.csv#row-1")
    assert found.object == NamedNode("https://data.example/c/x")


def test_without_a_base_the_urls_are_those_of_the_files(folder: Folder) -> None:
    path = folder(table_csv="a\nx\n", metadata_json={"@context": CONTEXT, "url": "table.csv"})
    (found,) = statements(load(path / "metadata.json"))
    assert found.predicate.value == (path / "table.csv").resolve().as_uri() + "#a"


def test_a_space_in_the_name_of_a_file_is_encoded_in_urls(folder: Folder) -> None:
    path = folder(**{"my table_csv": "a\nx\n"}, metadata_json={"@context": CONTEXT, "url": "my table.csv"})
    (found,) = statements(load(path / "metadata.json"))
    assert found.predicate.value.endswith("/my%20table.csv#a")


def test_prefixes_of_the_standard_and_absolute_urls_can_be_used(described: Described) -> None:
    columns = [
        {"name": "a", "propertyUrl": "skos:prefLabel"},
        {"name": "b", "propertyUrl": "https://e.org/onto#label"},
        {"name": "c", "propertyUrl": "urn:example:{_name}"},
    ]
    found = [s.predicate.value for s in statements(described("a,b,c\nx,y,z\n", columns))]
    assert found == ["http://www.w3.org/2004/02/skos/core#prefLabel", "https://e.org/onto#label", "urn:example:c"]


def test_standard_mode_describes_group_table_and_rows(described: Described) -> None:
    found = list(statements(described("a\nx\n", [{"name": "a"}], rowTitles="a"), "standard"))
    predicates = [s.predicate.value.rpartition("#")[2] for s in found]
    assert predicates == ["type", "table", "type", "url", "row", "type", "rownum", "url", "title", "describes", "a"]
    assert NamedNode("https://data.example/table.csv#row=2") in [s.object for s in found]


def test_standard_mode_gives_common_properties_and_notes(folder: Folder) -> None:
    document = {
        "@context": [CONTEXT, {"@language": "nl"}],
        "@id": "https://e.org/group",
        "dc:title": "Groep",
        "https://e.org/p": [1, 1.5, True, {"@id": "schema:Thing"}, {"@value": "2024-01-01", "@type": "xsd:date"}],
        "notes": [{"@type": "oa:Annotation", "oa:hasBody": "Let op"}],
        "tables": [{"url": "table.csv", "@id": "https://e.org/table"}],
    }
    path = folder(table_csv="a\nx\n", metadata_json=document)
    found = [s for s in statements(load(path / "metadata.json"), "standard") if s.origin.row == 0]
    about = {s.object for s in found if s.subject == NamedNode("https://e.org/group")}
    assert Literal("Groep", language="nl") in about
    assert {typed("1", "integer"), typed("1.5E0", "double"), typed("true", "boolean")} <= about
    assert {
        NamedNode("http://schema.org/Thing"),
        typed("2024-01-01", "date"),
        NamedNode("https://e.org/table"),
    } <= about
    assert Literal("Let op", language="nl") in {s.object for s in found}
    assert [s.origin.file.name for s in found] == ["metadata.json"] * len(found)


def test_a_dialect_can_skip_columns_and_have_no_header(described: Described) -> None:
    dialect = {"header": False, "skipColumns": 1}
    columns = [{"name": "a", "valueUrl": "https://e.org/{_sourceColumn}/{_sourceRow}"}]
    assert values(described("0,x\n1,y\n", columns, {"dialect": dialect})) == ["https://e.org/2/1", "https://e.org/2/2"]


def test_white_space_around_cells_is_trimmed_unless_the_dialect_says_not(described: Described) -> None:
    assert values(described('a,b\n  x , "y" \n', [{"name": "a"}, {"name": "b"}])) == ["x", "y"]
    kept = described("a,b\n  x , y\n", [{"name": "a"}, {"name": "b"}], {"dialect": {"trim": False}})
    assert values(kept) == ["  x ", " y"]


def test_a_cell_that_begins_with_a_hash_is_no_comment_unless_asked(described: Described) -> None:
    assert values(described("a\n#ff0000\n", [{"name": "a"}])) == ["#ff0000"]
    assert values(described("a\n#ff0000\n", [{"name": "a"}], {"dialect": {"commentPrefix": "#"}})) == []


def test_quotes_can_be_doubled_or_escaped(described: Described) -> None:
    assert values(described('a\n"x ""y"""\n', [{"name": "a"}])) == ['x "y"']
    escaped = described('a\n"x \\"y\\""\n', [{"name": "a"}], {"dialect": {"doubleQuote": False}})
    assert values(escaped) == ['x "y"']


def test_lines_may_end_in_cr_lf(described: Described) -> None:
    assert values(described("a,b\r\nx,y\r\n", [{"name": "a"}, {"name": "b"}])) == ["x", "y"]
