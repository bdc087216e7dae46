"""Files that people hand in: read as a person sees them, or refused with one sentence that tells what and where."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.examples import workbook
from zorgkg.tables import archives, reading
from zorgkg.tables.reading import read
from zorgkg.tables.told import BadTable


def one(name: str, body: bytes, sheet: str = "") -> Any:
    (table,) = read(name, body, sheet).tables
    return table


def told(name: str, body: bytes, language: str = "en", sheet: str = "") -> list[str]:
    with pytest.raises(BadTable) as caught:
        read(name, body, sheet)
    return caught.value.lines(language)


def rows(table: Any) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in table.rows]


def notes(table: Any) -> str:
    return "\n".join(note.text("en") for note in table.notes)


def parts(body: bytes, more: Mapping[str, bytes | None]) -> bytes:
    """A workbook with parts added, replaced or left out."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry not in more:
                new.writestr(entry, old.read(entry))
        for name, text in more.items():
            if text is not None:
                new.writestr(name, text)
    return output.getvalue()


def edited(rows: list[list[Any]], change: Any) -> bytes:
    """A workbook that is changed before it is saved."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(rows)))
    change(book.active)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ("naam,plaats\nCafé,Gent\n".encode(), ""),
        ("naam,plaats\nCafé,Gent\n".encode("utf-8-sig"), ""),
        ("naam;plaats\r\nCafé;Gent\r\n".encode("cp1252"), "read as Windows-1252\nthe columns are separated by ;"),
        ("naam\tplaats\nCafé\tGent\n".encode("utf-16"), "read as UTF-16\nthe columns are separated by tab"),
        ("naam\tplaats\nCafé\tGent\n".encode("utf-16-le"), "read as UTF-16\nthe columns are separated by tab"),
    ],
)
def test_a_csv_is_read_in_the_encodings_and_with_the_delimiters_that_programs_write(body: bytes, note: str) -> None:
    table = one("lijst.csv", body)
    assert table.header == ("naam", "plaats")
    assert rows(table) == [(2, ("Café", "Gent"))]
    assert notes(table) == note


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"naam\nCaf\xc3\xa9\nCaf\xe9 Ren\xe9e\n", "row 3: byte 0xE9 at position 15 is not UTF-8, while other"),
        (b"naam\nx\x81y\n", "row 2: byte 0x81 at position 7 is not UTF-8; save the file as csv UTF-8"),
        (b"naam\n\xff\xfe\xfd\x00\x01\n", "row 2: byte 0xFF at position 6 is not UTF-8"),
        (b"naam,x\na\x00b,c\n", "row 2: it holds a NUL character"),
        (b"", "the file is empty"),
        (b'naam,plaats\n"Soep,Gent\nx,y\n', "row 2: a quote is not closed"),
        (b"naam,plaats\na,b\nSoep, brood,Gent\n", ""),
    ],
)
def test_a_csv_that_is_not_what_it_seems_is_refused_with_its_line(body: bytes, sentence: str) -> None:
    if sentence:
        assert told("lijst.csv", body)[0].startswith(sentence)
    else:
        (fault,) = one("lijst.csv", body).faults
        assert fault.text("en").startswith("row 3: the row has 3 cells, the header 2")


def test_titles_above_the_header_quoted_line_breaks_and_short_rows_are_taken_as_they_are_meant() -> None:
    table = one("lijst.csv", b'Overzicht 2025\n\nnaam,plaats,noot\n"Soep\nop de stoep",Gent,\nBrood\n\n')
    assert rows(table) == [(4, ("Soep\nop de stoep", "Gent", "")), (6, ("Brood", "", ""))]
    assert "rows above the header (row 3) that are left out: 1" in notes(table)
    assert "rows with fewer cells than the header, the rest of which is empty: 1 (the first is row 6)" in notes(table)


def test_a_header_must_name_each_column_once() -> None:
    assert told("lijst.csv", b"naam,Plaats,plaats\na,b,c\n", "nl") == [
        "rij 1: de kop 'Plaats' staat er meer dan eens (kolommen 2, 3); geef elke kolom een eigen naam"
    ]
    assert told("lijst.csv", b"naam,,plaats\na,b,c\n") == [
        "row 1, column 2: the column has values, but no header; give it one or empty it"
    ]
    assert (
        "sheet Blad1, row 1, column B" in told("lijst.xlsx", workbook([["naam", None, "plaats"], ["a", "b", "c"]]))[0]
    )


def test_a_workbook_gives_what_a_person_sees() -> None:
    def change(sheet: Any) -> None:
        sheet.merge_cells("B2:B3")

    table = one(
        "lijst.xlsx",
        edited(
            [
                ["naam", "gemeente", "begin", "postcode", "open"],
                ["Soep", "Gent", datetime.date(2025, 3, 4), 9000.0, True],
                ["Brood", None, datetime.datetime(2025, 3, 4, 12, 30), 2.5, False],
            ],
            change,
        ),
    )
    assert rows(table) == [
        (2, ("Soep", "Gent", "2025-03-04", "9000", "true")),
        (3, ("Brood", "Gent", "2025-03-04T12:30:00", "2.5", "false")),
    ]
    assert "sheet Blad1, row 2, column B: the merged cells B2:B3 each got the value of the first" in notes(table)


def test_cells_merged_across_columns_are_refused_also_in_the_header() -> None:
    table = one("a.xlsx", edited([["a", "b"], ["1", None], ["2", "3"]], lambda sheet: sheet.merge_cells("A2:B2")))
    (fault,) = table.faults
    assert fault.text("fr").startswith("feuille Blad1, ligne 2: les cellules A2:B2 sont fusionnées")
    body = edited([["a", "b", "c"], ["1", "2", "3"]], lambda sheet: sheet.merge_cells("A1:B1"))
    assert told("a.xlsx", body)[0].startswith("sheet Blad1, row 1: the header has merged cells (A1:B1)")
    body = edited([["a", None, "c"], ["1", None, "3"]], lambda sheet: sheet.merge_cells("A1:B1"))
    assert "the header has merged cells (A1:B1)" in told("a.xlsx", body)[0]


def test_cells_that_are_merged_again_and_again_are_no_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zorgkg.tables.workbook._MOST_FILLED", 4)
    body = edited([["a", "b"], ["1", "2"], ["3", "4"]], lambda sheet: sheet.merge_cells("A2:A3"))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    cells = b'<mergeCell ref="A1:A3" />'
    merged = {"xl/worksheets/sheet1.xml": sheet.replace(b"</mergeCells>", cells + b"</mergeCells>")}
    assert told("a.xlsx", parts(body, merged)) == ["sheet Blad1: this is no xlsx file that can be read"]


def test_more_merged_cells_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(sheet: Any) -> None:
        for row in (2, 4, 6):
            sheet.merge_cells(f"A{row}:A{row + 1}")

    body = edited([["a", "b"], *(["1", "2"] for _ in range(6))], change)
    assert len(one("a.xlsx", body).rows) == 6
    monkeypatch.setattr(archives, "_MOST_MERGED", 2)
    assert told("a.xlsx", body) == ["there are more than 2 merged cells; unmerge them and fill in each cell"]


@pytest.mark.slow
def test_rows_that_are_only_formatted_to_the_end_of_a_sheet_are_no_rows() -> None:
    body = workbook([["naam", "plaats"], ["Soep", "Gent"]])
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    far = b'<row r="1048576"><c r="A1048576" s="0" /></row></sheetData>'
    table = one("a.xlsx", parts(body, {"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", far)}))
    assert rows(table) == [(2, ("Soep", "Gent"))]


def test_totals_at_the_end_are_left_out_and_told_but_not_what_is_called_so() -> None:
    table = one("a.csv", b"naam;aantal;btw\nSoep;2;\nTotal;7;BE 1\nSubtotaal;2;\nTOTAAL :;2;12,5 %\n")
    assert rows(table) == [(2, ("Soep", "2", "")), (3, ("Total", "7", "BE 1"))]
    assert "row 4: rows with a total, at the end, that are left out: 2" in notes(table)
    sums = one("a.xlsx", workbook([["naam", "aantal"], ["Soep", 2], ["Total général", "=SUM(B2:B2)"]]))
    assert (rows(sums), sums.faults) == ([(2, ("Soep", "2"))], [])


def test_sources_and_notes_at_the_end_are_left_out_and_told() -> None:
    table = one("a.csv", b"naam;aantal\nBron: bij de beek;\nSoep;2\nTotaal;2\n\nBron: Statbel, 2024;\nNoot : geschat\n")
    assert rows(table) == [(2, ("Bron: bij de beek", "")), (3, ("Soep", "2"))]
    assert "row 6: rows with a source or note, at the end, that are left out: 2" in notes(table)
    assert "row 4: rows with a total, at the end, that are left out: 1" in notes(table)
    # It is merged across the columns as often as not.
    merged = edited(
        [["nom", "commune"], ["Soupe", "Gand"], ["Source : Statbel"]], lambda sheet: sheet.merge_cells("A3:B3")
    )
    assert (rows(one("a.xlsx", merged)), one("a.xlsx", merged).faults) == ([(2, ("Soupe", "Gand"))], [])
    # What has more than a note, and a list of one column, are rows.
    for body in (b"naam;plaats\nSoep;Gent\nBron: x;Gent\n", b"naam\nSoep\nBron: x\n"):
        assert len(one("a.csv", body).rows) == 2
    assert len(one("a.json", b'[{"naam": "Soep", "plaats": "Gent"}, {"naam": "Bron: x"}]').rows) == 2


def test_what_is_no_text_and_the_errors_of_formulas_are_faults_of_their_cells() -> None:
    faults = one("a.json", b'[{"naam": "A\\ud800"}, {"naam": "B\\u0001"}, {"naam": "#N/B"}]').faults
    assert [fault.text("en") for fault in faults] == [
        "row 1, column 1 (naam): it holds a character that no text has (U+D800); take it out",
        "row 2, column 1 (naam): it holds a character that no text has (U+0001); take it out",
        "row 3, column 1 (naam): A3 holds the error #N/B; mend it or empty the cell",
    ]
    assert told("a.json", b'[{"na\\udfffam": "A"}]')[0].startswith("column 1: it holds a character that no text has")


def test_a_quote_that_is_wrong_is_told_also_when_it_hides_the_delimiter() -> None:
    assert told("a.csv", b'naam;plaats\nA;"Gent"x\n') == ["row 2: a quote is not closed, or closed wrongly"]


def test_formulas_give_their_value_or_are_refused_by_cell() -> None:
    table = one("a.xlsx", workbook([["naam", "aantal"], ["x", "=1+1"]]))
    (fault,) = table.faults
    assert fault.text("nl").startswith("blad Blad1, rij 2, kolom B (aantal): de formule in B2 heeft geen berekende")
    computed = workbook([["naam", "aantal"], ["x", "=1+1"]])
    with zipfile.ZipFile(io.BytesIO(computed)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").replace(b"<v></v>", b"<v>2</v>").replace(b"<v/>", b"<v>2</v>")
        sheet = sheet.replace(b"<v />", b"<v>2</v>")
    table = one("a.xlsx", parts(computed, {"xl/worksheets/sheet1.xml": sheet}))
    assert rows(table) == [(2, ("x", "2"))]
    assert "cells with a formula, of which the value last computed is taken: 1 (the first is B2)" in notes(table)


def test_an_error_in_a_cell_is_named() -> None:
    def change(sheet: Any) -> None:
        sheet["B2"].value, sheet["B2"].data_type = "#N/A", "e"

    (fault,) = one("a.xlsx", edited([["a", "b"], ["1", "2"]], change)).faults
    assert fault.message("en") == "B2 holds the error #N/A; mend it or empty the cell"


def test_hidden_sheets_are_read_only_when_they_are_named() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([["a"], ["1"]])))
    hidden = book.create_sheet("Geheim")
    hidden.append(["a"])
    hidden.append(["2"])
    hidden.sheet_state = "hidden"
    output = io.BytesIO()
    book.save(output)
    given = read("a.xlsx", output.getvalue())
    assert [table.sheet for table in given.tables] == ["Blad1"]
    assert given.notes[0].text("en").startswith("sheet Geheim: the sheet is hidden")
    assert rows(one("a.xlsx", output.getvalue(), "Geheim")) == [(2, ("2",))]
    assert "there is no sheet 'Blad2'; there are: Blad1, Geheim" in told("a.xlsx", output.getvalue(), sheet="Blad2")[0]


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    def change(sheet: Any) -> None:
        for row in (1, 4, 5, 9):
            sheet.row_dimensions[row].hidden = True
        for column in "BC":
            sheet.column_dimensions[column].hidden = True
        # Rows that are hidden by default have no cells: one that is written tells itself whether it is hidden.
        sheet.sheet_format.zeroHeight = True

    filled = [["Lijst"], ["naam", "noot", "plaats"], *([name, "x", "Gent"] for name in ("Soep", "Brood", "Kaas"))]
    table = one("a.xlsx", edited(filled, change))
    assert [cells[0] for _, cells in rows(table)] == ["Soep", "Brood", "Kaas"]
    said = [note.text("nl") for note in table.notes]
    assert "blad Blad1, rij 4: verborgen rijen, die wel gelezen zijn: 2; verwijder ze als ze er niet bij horen" in said
    assert [one.partition(":")[0] for one in said if "verborgen, maar" in one] == [
        "blad Blad1, kolom B (noot)",
        "blad Blad1, kolom C (plaats)",
    ]
    # What is left out is no matter.
    assert "noot" not in notes(table.without(["noot"]))


def test_a_sheet_with_a_chart_alone_is_passed_over_also_when_it_lacks_its_drawing() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([["naam", "plaats"], ["Soep", "Gent"]])))
    book.create_chartsheet("Grafiek", 0)
    output = io.BytesIO()
    book.save(output)
    body = output.getvalue()
    assert rows(one("a.xlsx", body)) == [(2, ("Soep", "Gent"))]
    assert rows(one("a.xlsx", parts(body, {"xl/chartsheets/_rels/sheet1.xml.rels": None}))) == [(2, ("Soep", "Gent"))]


PLAIN = workbook([["a"], ["1"]])


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("a.xlsm", PLAIN, "the workbook holds macros (.xlsm)"),
        ("a.xlsx", parts(PLAIN, {"xl/vbaProject.bin": b"x"}), "the workbook holds macros (xl/vbaProject.bin)"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "this is an old workbook (.xls) or one with a"),
        ("a.xls", b"x", "this is an old workbook"),
        ("a.ods", b"x", "this is an OpenDocument spreadsheet"),
        ("a.xlsx", b"PK\x03\x04broken", "this is no xlsx file that can be read"),
        ("a.xlsx", b"naam,plaats\n", "this is no xlsx file that can be read"),
        ("a.xlsx", parts(PLAIN, {"xl/externalLinks/externalLink1.xml": b"<x/>"}), "the workbook refers to other files"),
        ("a.pdf", b"x", "the kind .pdf is not read"),
    ],
)
def test_what_is_no_plain_workbook_is_refused(name: str, body: bytes, sentence: str) -> None:
    assert told(name, body)[0].startswith(sentence)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_anything_parses_them(encoding: str) -> None:
    laughs = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    body = parts(PLAIN, {"xl/sharedStrings.xml": laughs.encode(encoding)})
    assert told("a.xlsx", body)[0].startswith("xl/sharedStrings.xml holds a DOCTYPE or ENTITY")


def test_a_zip_bomb_is_refused_by_what_unpacks_also_when_it_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED", 5_000_000)
    bomb = parts(PLAIN, {"xl/media/big.bin": b"\0" * 6_000_000})
    assert len(bomb) < 20_000
    assert told("a.xlsx", bomb)[0].startswith("what is in the file unpacks to more than 5,000,000 bytes")


def test_a_file_of_200_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "groot.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(BadTable, match="the file has 200,000,000 bytes, more than the 100,000,000 that are read"):
        reading.read_path(path)


def test_json_is_flattened_and_its_lists_are_several_values() -> None:
    body = json.dumps({"over": "x", "activiteiten": [{"naam": "A", "plaats": {"gemeente": "Gent"}, "met": ["B", "C"]}]})
    table = one("a.json", body.encode())
    assert table.header == ("naam", "plaats.gemeente", "met")
    assert rows(table) == [(1, ("A", "Gent", "B\nC"))]
    lines = one("a.jsonl", b'{"naam": "A"}\n\n{"naam": "B", "aantal": 2}\n')
    assert rows(lines) == [(1, ("A", "")), (3, ("B", "2"))]
    assert rows(one("a.jsonl", '{"naam": "A\u2028B\x85C"}\r\n'.encode())) == [(1, ("A\u2028B\x85C",))]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'[{"naam": "A"', "row 1: this is not JSON: Expecting ',' delimiter"),
        (b'[{"naam": "A", "naam": "B"}]', "the key 'naam' is there twice in one object"),
        (b'["A"]', "row 1: record 1 is no object"),
        (b'{"a": 1}', "expected is a list of objects"),
        (b'[{"a": NaN}]', "NaN is no number that JSON knows"),
        (b"[" * 5000 + b"]" * 5000, "row 1: the JSON is more than 20 levels deep"),
        (b'[{"a": ' + b"1" * 5000 + b"}]", "this is not JSON"),
        (b"[]", "there is no table in it"),
    ],
)
def test_json_that_is_no_list_of_flat_records_is_refused(body: bytes, sentence: str) -> None:
    assert told("a.json", body)[0].startswith(sentence)


def test_a_number_that_is_too_large_is_a_fault_of_its_cell() -> None:
    table = one("a.json", b'[{"naam": "A", "n": 2.5}, {"naam": "B", "n": [1, -1e999]}]')
    assert [fault.text("en") for fault in table.faults] == [
        "row 2, column 2 (n): -1e999 is too large a number; empty the cell, or put it between quotes if it is a text"
    ]
    assert rows(table)[0] == (1, ("A", "2.5"))
    output = io.BytesIO()
    pq.write_table(pa.table({"n": [1.0, float("inf")]}), output)
    assert one("a.parquet", output.getvalue()).faults[0].text("en").startswith("row 2, column 1 (n): inf is too large")


def test_parquet_is_read_with_its_lists_and_days() -> None:
    output = io.BytesIO()
    pq.write_table(
        pa.table({"naam": ["A"], "begin": [datetime.date(2025, 3, 4)], "met": [["B", "C"]], "aantal": [3.0]}), output
    )
    assert rows(one("a.parquet", output.getvalue())) == [(1, ("A", "2025-03-04", "B\nC", "3"))]
    assert told("a.parquet", b"PAR1 nothing")[0] == "this is no Parquet file that can be read"
