"""Every form of an answer, read again as its readers do: nothing is lost, and nothing is made up."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as some
from pyarrow import parquet
from pyld import jsonld
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from starlette.testclient import TestClient

from tests.endpoints import listening
from zorgkg.questions.answering import Table
from zorgkg.results import Cell
from zorgkg.rows import Rows, read
from zorgkg.terms import ID, term
from zorgkg.web.forms import geometry, representations
from zorgkg.web.forms.representations import FORMS, GRAPH, RESULT_SET, TABLE
from zorgkg.web.problems import ProblemError

PLACES = "/api/questions/projects-in"
WKT = term("geo:wktLiteral")
LINDE = NamedNode(ID + "project/linde")


def xsd(text: str, kind: str) -> Literal:
    return Literal(text, datatype=term(f"xsd:{kind}"))


def point(text: str) -> Literal:
    return Literal(text, datatype=WKT)


TOLD = Table(
    ("project", "projectLabel", "n", "share", "when", "open", "note", "point"),
    [
        (
            LINDE,
            Literal('De "Linde";\n\r\té\\', language="nl"),
            Literal(3),
            xsd("2.50", "decimal"),
            xsd("2021-04-01", "date"),
            xsd("true", "boolean"),
            Literal("=1+1"),
            point("POINT (4.48 51.02)"),
        ),
        (BlankNode("x"), Literal("The Oak", language="en"), Literal(-1), xsd("1", "decimal"), None, None, None, None),
        (None, None, None, None, None, xsd("false", "boolean"), Literal("-5,5"), None),
    ],
    "",
    False,
)


def written(form: str, table: Table = TOLD, languages: bool = False) -> bytes:
    return representations.table(FORMS[form], table, languages)


# Tables


def test_flat_json_has_a_record_a_row_with_typed_values_and_the_labels_language() -> None:
    records = json.loads(written("json"))
    assert list(records[0].items()) == [
        ("project", LINDE.value),
        ("projectLabel", 'De "Linde";\n\r\té\\'),
        ("projectLabelLang", "nl"),
        ("n", 3),
        ("share", 2.5),
        ("when", "2021-04-01"),
        ("open", True),
        ("note", "=1+1"),
        ("point", "POINT (4.48 51.02)"),
    ]
    assert [record["projectLabelLang"] for record in records] == ["nl", "en", None]
    assert [record["open"] for record in records] == [True, None, False]
    assert json.loads(written("json", Table(("a",), [], "", False))) == []


def test_csv_has_the_columns_of_the_query_and_with_languages_those_too() -> None:
    plain, told = (list(csv.DictReader(io.StringIO(written("csv", TOLD, one).decode()))) for one in (False, True))
    assert tuple(plain[0]) == TOLD.columns
    assert plain[0]["projectLabel"] == 'De "Linde";\n\r\té\\'
    assert [row["projectLabelLang"] for row in told] == ["nl", "en", ""]
    assert list(told[0])[1:3] == ["projectLabel", "projectLabelLang"]
    assert written("csv").count(b"\r\n") == 4


def test_csv_for_excel_has_a_mark_semicolons_and_no_formula() -> None:
    text = written("csv-excel")
    assert text.startswith(b"\xef\xbb\xbfproject;projectLabel;")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))
    assert [row["note"] for row in rows] == ["'=1+1", "", "'-5,5"]
    assert rows[1]["n"] == "-1", "a number is none"


def test_csv_for_excel_has_decimal_commas_in_numbers_alone() -> None:
    numbers = (xsd("2.5", "decimal"), xsd("-2.5", "decimal"), xsd("1.5E3", "double"), xsd("1234", "integer"))
    table = Table(("a", "b", "c", "d", "e", "f"), [(*numbers, Literal("2.5"), xsd("2025-10-05", "date"))], "", False)
    excel = representations.table(FORMS["csv-excel"], table).decode("utf-8-sig").splitlines()[1]
    assert excel.split(";") == ["2,5", "-2,5", "1,5E3", "1234", "2.5", "2025-10-05"]
    assert representations.table(FORMS["csv"], table).decode().splitlines()[1].startswith("2.5,-2.5,")


@pytest.mark.parametrize(
    ("form", "format"),
    [
        ("sparql-json", QueryResultsFormat.JSON),
        ("xml", QueryResultsFormat.XML),
        ("tsv", QueryResultsFormat.TSV),
    ],
)
def test_the_standard_forms_keep_every_term(form: str, format: QueryResultsFormat) -> None:
    found = parse_query_results(written(form), format)
    assert isinstance(found, QuerySolutions)
    assert tuple(one.value for one in found.variables) == TOLD.columns
    rows = [tuple(row[name] for name in TOLD.columns) for row in found]
    assert [row[:1] + row[2:] for row in rows if not isinstance(row[0], BlankNode)] == [
        row[:1] + row[2:] for row in TOLD.rows if not isinstance(row[0], BlankNode)
    ]
    assert [row[1] for row in rows] == [row[1] for row in TOLD.rows]


def canonical(quads: Sequence[Quad | Triple]) -> Dataset:
    graph = Dataset(one if isinstance(one, Quad) else Quad(*one) for one in quads)
    graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return graph


@pytest.mark.parametrize("form", ["ttl", "rdf", "jsonld"])
def test_a_table_as_rdf_is_the_same_graph_in_every_form(form: str) -> None:
    formats = {"ttl": RdfFormat.TURTLE, "rdf": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD}
    expected = canonical(list(parse(written("nt"), RdfFormat.N_TRIPLES)))
    assert canonical(list(parse(written(form), formats[form]))) == expected
    rs = [quad for quad in expected if quad.predicate.value == RESULT_SET + "value"]
    assert len(rs) == sum(cell is not None for row in TOLD.rows for cell in row)
    assert len([quad for quad in expected if quad.predicate.value == RESULT_SET + "solution"]) == 3


def test_parquet_has_typed_columns() -> None:
    table = parquet.read_table(io.BytesIO(written("parquet")))
    types = {field.name: field.type for field in table.schema}
    assert types == {
        "project": pyarrow.string(),
        "projectLabel": pyarrow.string(),
        "projectLabelLang": pyarrow.string(),
        "n": pyarrow.int64(),
        "share": pyarrow.float64(),
        "when": pyarrow.date32(),
        "open": pyarrow.bool_(),
        "note": pyarrow.string(),
        "point": pyarrow.string(),
    }
    records = table.to_pylist()
    assert (records[0]["n"], records[0]["share"], records[0]["when"].year) == (3, 2.5, 2021)
    assert records[2]["project"] is None
    assert [record["projectLabelLang"] for record in records] == ["nl", "en", None]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([Literal(1), xsd("1.5", "decimal")], "double"),
        ([Literal(1), Literal("one")], "string"),
        ([xsd("99999999999999999999", "integer")], "double"),
        ([xsd("2021-13-01", "date")], "string"),
        ([xsd("maybe", "boolean")], "string"),
        ([xsd("2021-04-01", "date"), Literal(3)], "string"),
        ([None], "string"),
        ([], "string"),
    ],
)
def test_a_parquet_column_of_several_kinds_has_the_type_that_holds_all(cells: list[Cell], kind: str) -> None:
    table = Table(("x",), [(cell,) for cell in cells], "", False)
    found = parquet.read_table(io.BytesIO(written("parquet", table)))
    assert (str(found.schema.field("x").type), found.num_rows) == (kind, len(cells))


_text = some.text(some.characters(exclude_categories=["Cs"]), max_size=20)
_terms = some.one_of(
    some.none(),
    some.builds(Literal, _text),
    some.builds(lambda text: Literal(text, language="nl-BE"), _text),
    some.integers().map(lambda n: Literal(n) if abs(n) < 2**62 else Literal(str(n))),
    some.booleans().map(Literal),
    some.floats(allow_nan=False, allow_infinity=False).map(Literal),
    _text.map(lambda text: Literal(text, datatype=NamedNode("http://e.org/kind"))),
    some.sampled_from([LINDE, NamedNode("http://e.org/é?a=1#b")]),
)


@given(some.lists(some.tuples(_terms, _terms), max_size=5))
def test_any_text_comes_through_json_and_csv_as_it_is(rows: list[tuple[Cell, Cell]]) -> None:
    table = Table(("a", "bLabel"), list(rows), "", False)
    records = json.loads(written("json", table))
    cells = list(csv.reader(io.StringIO(written("csv", table).decode(), newline="")))[1:]
    assert len(records) == len(rows)
    for row, record, shown in zip(rows, records, cells, strict=True):
        for name, cell, text in zip(("a", "bLabel"), row, shown, strict=True):
            lexical = "" if cell is None else cell.value  # type: ignore[union-attr]
            assert text == lexical
            if isinstance(cell, Literal) and cell.datatype in (term("xsd:string"), term("rdf:langString")):
                assert record[name] == lexical
            if isinstance(cell, Literal) and isinstance(record[name], int) and not isinstance(record[name], bool):
                assert str(record[name]) == lexical
        assert record["bLabelLang"] == (getattr(row[1], "language", None) or None)


def test_what_the_engine_writes_is_read_as_what_the_terms_say() -> None:
    lines = 'x\ty\n"a\\tb\\u00E9\\U0001F600"@en\t1.5e3\n<http://e.org/>\ttrue\n'.replace("x\ty", "?x\t?y")
    rows = Rows.parse(lines.encode())
    assert [[read(cell).text for cell in row] for row in rows.cells()] == [
        ["a\tbé😀", "1.5e3"],
        ["http://e.org/", "true"],
    ]


# Geometries


@pytest.mark.parametrize(
    ("wkt", "kind", "coordinates"),
    [
        ("POINT(4.5 51)", "Point", [4.5, 51.0]),
        ("Point Z (4.5 51 12)", "Point", [4.5, 51.0, 12.0]),
        ("POINT M (4.5 51 12)", "Point", [4.5, 51.0]),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(4.5 51)", "Point", [4.5, 51.0]),
        ("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(51 4.5)", "Point", [4.5, 51.0]),
        ("LINESTRING(1 2, 3 4)", "LineString", [[1.0, 2.0], [3.0, 4.0]]),
        ("MULTIPOINT(1 2, 3 4)", "MultiPoint", [[1.0, 2.0], [3.0, 4.0]]),
        ("MULTIPOINT((1 2), (3 4))", "MultiPoint", [[1.0, 2.0], [3.0, 4.0]]),
        ("POLYGON((0 0, 1 0, 1 1, 0 0))", "Polygon", [[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]]),
        (
            "MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
            "MultiPolygon",
            [[[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]], [[[5.0, 5.0], [6.0, 5.0], [6.0, 6.0], [5.0, 5.0]]]],
        ),
        ("POINT EMPTY", "Point", []),
    ],
)
def test_wkt_becomes_geojson_with_longitude_first(wkt: str, kind: str, coordinates: list[Any]) -> None:
    assert geometry.coordinates(wkt) == {"type": kind, "coordinates": coordinates}


@pytest.mark.parametrize(
    "wkt",
    [
        "POINT(4.5)",
        "POINT(a b)",
        "POINT(1 2, 3 4)",
        "CIRCLE(1 2 3)",
        "POLYGON(1 2, 3 4)",
        "LINESTRING((1 2), 3 4)",
        "<http://www.opengis.net/def/crs/EPSG/0/31370> POINT(150000 170000)",
    ],
)
def test_what_is_no_wkt_or_in_other_coordinates_is_told(wkt: str) -> None:
    with pytest.raises(ValueError, match=r"is no|is not WGS 84"):
        geometry.coordinates(wkt)
    with pytest.raises(ProblemError, match="column p"):
        written("geojson", Table(("p",), [(point(wkt),)], "", False))


def test_geojson_has_a_feature_a_row_with_the_other_columns_as_properties() -> None:
    found = json.loads(written("geojson"))
    assert (found["type"], [one["type"] for one in found["features"]]) == ("FeatureCollection", 3 * ["Feature"])
    first, second, _ = found["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [4.48, 51.02]}
    assert second["geometry"] is None
    assert "point" not in first["properties"]
    assert (first["properties"]["projectLabelLang"], first["properties"]["n"]) == ("nl", 3)


def test_a_table_without_geometry_is_no_geojson() -> None:
    with pytest.raises(ProblemError) as error:
        written("geojson", Table(("n",), [(Literal(1),)], "", False))
    assert (error.value.status, error.value.kind) == (406, "no-geometry")
    assert json.loads(written("geojson", Table(("n",), [], "", False)))["features"] == []


# Graphs

ABOUT = [
    Triple(LINDE, term("rdfs:label"), Literal("De Linde", language="nl")),
    Triple(LINDE, term("rdfs:label"), Literal("Le Tilleul", language="fr")),
    Triple(LINDE, term("rdf:type"), term("zorg:Project")),
    Triple(LINDE, term("zorg:partner"), NamedNode(ID + "organisation/school")),
    Triple(LINDE, term("prov:wasDerivedFrom"), BlankNode("b")),
    Triple(BlankNode("b"), term("rdfs:comment"), Literal("een knoop", language="nl")),
    Triple(LINDE, term("zorg:ficheNumber"), Literal(3)),
    Triple(LINDE, term("skos:note"), Literal("een\r\nregel")),
    Triple(LINDE, term("schema:size"), xsd("03", "integer")),
    Triple(LINDE, term("schema:weight"), xsd("1.50", "decimal")),
    Triple(LINDE, term("schema:open"), Literal(True)),
    Triple(LINDE, term("schema:many"), xsd("99999999999999999999", "integer")),
    Triple(NamedNode(ID + "participation/p"), term("zorg:project"), LINDE),
]


@pytest.mark.parametrize("form", GRAPH)
def test_a_graph_is_the_same_in_every_form(form: str) -> None:
    formats = {
        "ttl": RdfFormat.TURTLE,
        "nt": RdfFormat.N_TRIPLES,
        "rdf": RdfFormat.RDF_XML,
        "jsonld": RdfFormat.JSON_LD,
    }
    for root in (LINDE.value, None, "http://e.org/nothing"):
        body = representations.graph(FORMS[form], ABOUT, root)
        assert canonical(list(parse(body, formats[form]))) == canonical(ABOUT)
        assert representations.graph(FORMS[form], reversed(ABOUT), root) == body, "always in the same order"


def test_json_ld_is_a_tree_at_the_thing_in_our_own_words() -> None:
    found = json.loads(representations.graph(FORMS["jsonld"], ABOUT, LINDE.value))
    assert (found["id"], found["type"]) == ("project/linde", "Project")
    assert found["label"] == {"nl": "De Linde", "fr": "Le Tilleul"}
    assert found["ficheNumber"] == 3
    assert found["wasDerivedFrom"][0]["rdfs:comment"] == {"@language": "nl", "@value": "een knoop"}
    # What others say of it stands beside it.
    assert found["@included"] == [{"id": "participation/p", "project": "project/linde"}]
    context = found["@context"]
    assert "zorg" not in context or context["zorg"].startswith("https://w3id.org/")
    assert "notation" not in context, "no more of the context than it needs"


@pytest.mark.parametrize(
    "iri",
    [
        *(term("zorg:x").value[:-1], ID + "project/a:b", ID + "org:x", ID + "dataset/d#", ID + "place/p?"),
        *("geo:51.19,3.55", "schema:x", "urn:a:b", "http://www.w3.org/ns/org#"),
    ],
)
def test_json_ld_keeps_an_iri_that_looks_like_a_short_name(iri: str) -> None:
    for about in (
        [*ABOUT, Triple(LINDE, term("rdfs:seeAlso"), NamedNode(iri))],
        [*ABOUT, Triple(NamedNode(iri), term("zorg:project"), LINDE)],
    ):
        for root in (LINDE.value, None):
            body = representations.graph(FORMS["jsonld"], about, root)
            assert canonical(list(parse(body, RdfFormat.JSON_LD))) == canonical(about)
            assert b'"label"' in body


def test_json_ld_is_what_the_standard_algorithm_makes_of_the_frame() -> None:
    found = json.loads(representations.graph(FORMS["jsonld"], ABOUT, LINDE.value))
    again = jsonld.frame(found, {"@context": found["@context"], "@id": LINDE.value, "@embed": "@once"})
    assert again["label"] == found["label"]
    assert again["wasDerivedFrom"] == found["wasDerivedFrom"]


def test_json_ld_fetches_nothing_whatever_a_graph_says() -> None:
    with listening() as endpoint:
        wild = [
            Triple(LINDE, NamedNode(f"{endpoint.url}/context"), NamedNode(f"{endpoint.url}/x.jsonld")),
            Triple(LINDE, term("rdf:type"), NamedNode(f"{endpoint.url}/Type")),
        ]
        assert endpoint.url.encode() in representations.graph(FORMS["jsonld"], wild, LINDE.value)
        assert endpoint.calls == []


def test_turtle_declares_the_prefixes_that_it_uses() -> None:
    text = representations.graph(FORMS["ttl"], ABOUT, LINDE.value).decode()
    declared = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
    assert declared == sorted(declared)
    assert "zorg:" in declared
    assert "foaf:" not in declared
    assert text.split("\n\n")[0].splitlines()[len(declared)].startswith("project:linde a zorg:Project")


def test_a_property_that_rdf_xml_cannot_write_is_told() -> None:
    triples = [Triple(LINDE, NamedNode("http://e.org/1"), LINDE)]
    with pytest.raises(ProblemError) as error:
        representations.graph(FORMS["rdf"], triples, None)
    assert error.value.more["allowed"] == ["ttl", "jsonld", "nt"]


# Which form


@pytest.mark.parametrize("form", [one for one in TABLE if one != "geojson"])
def test_each_form_can_be_had_by_format_by_suffix_and_by_accept(client: TestClient, form: str) -> None:
    by_format = client.get(PLACES, params={"format": form})
    by_suffix = client.get(f"{PLACES}.{form}")
    media = FORMS[form].media
    for answer in (by_format, by_suffix):
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, media)
    assert by_format.content == by_suffix.content
    by_accept = client.get(PLACES, headers={"Accept": media})
    assert by_accept.headers["content-type"].partition(";")[0] == media
    if form != "csv-excel":
        assert by_accept.content == by_format.content


@pytest.mark.parametrize("form", ["html", "sparql"])
def test_the_page_and_the_query_are_forms_too(client: TestClient, form: str) -> None:
    assert client.get(f"{PLACES}.{form}").headers["content-type"].startswith(FORMS[form].media)
    assert client.get(PLACES, params={"format": form}).headers["content-type"].startswith(FORMS[form].media)


@pytest.mark.parametrize("query", ["?excel", "?excel=", "?excel=true", "?format=csv&excel", "?format=csv-excel"])
def test_excel_can_be_asked_for_in_a_word(client: TestClient, query: str) -> None:
    answer = client.get(PLACES + query)
    assert answer.content.startswith(b"\xef\xbb\xbfproject;")
    assert 'filename="projects-in.csv"' in answer.headers["content-disposition"]


def test_excel_is_csv_and_nothing_else(client: TestClient) -> None:
    assert client.get(f"{PLACES}.csv?excel=false").content.startswith(b"project,")
    assert client.get(f"{PLACES}?format=json&excel").status_code == 422
    assert client.get(f"{PLACES}?excel=ja").json()["allowed"] == ["true", "false"]


def test_a_form_that_is_not_offered_is_refused_with_those_that_are(client: TestClient) -> None:
    wrong = client.get(f"{PLACES}?format=xlsx")
    assert (wrong.status_code, wrong.json()["allowed"][:4]) == (400, ["json", "sparql-json", "xml", "csv"])
    none = client.get(PLACES, headers={"Accept": "image/png"})
    assert (none.status_code, "text/csv" in none.json()["allowed"]) == (406, True)
    assert client.get(f"{PLACES}.xlsx").status_code == 404


def test_format_comes_before_suffix_and_suffix_before_accept(client: TestClient) -> None:
    both = client.get(f"{PLACES}.csv?format=tsv", headers={"Accept": "application/json"})
    assert both.headers["content-type"].startswith("text/tab-separated-values")
    suffix = client.get(f"{PLACES}.csv", headers={"Accept": "application/json"})
    assert suffix.headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("accept", ["application/xml", "text/xml"])
def test_xml_by_its_general_names_is_named_so(client: TestClient, accept: str) -> None:
    assert client.get(PLACES, headers={"Accept": accept}).headers["content-type"].startswith(accept)


def test_a_question_without_points_is_no_geojson(client: TestClient) -> None:
    answer = client.get(f"{PLACES}.geojson")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (406, "no-geometry")


def test_csv_tells_the_labels_languages_when_asked(client: TestClient) -> None:
    answer = client.get(f"{PLACES}.csv?languages=true&lang=fr")
    assert answer.text.splitlines()[0] == "project,projectLabel,projectLabelLang,fiche"
    # Also where the form has no use for it.
    for form in ("csv", "html", "ttl"):
        refused = client.get(f"{PLACES}?format={form}&languages=maybe")
        assert refused.status_code == 400, form
    assert client.get(f"{PLACES}.csv?languages=maybe").json()["allowed"] == ["true", "false"]
    assert client.get(f"{PLACES}?format=html&evidence=maybe").status_code == 400
    assert client.get("/api/projects?format=nt&languages=maybe").status_code == 400
