"""What a user is told about a table that is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from zorgkg.csvw import Problem, TableError, TableGroup, load, load_table, statements

Described = Callable[..., TableGroup]
Folder = Callable[..., Path]
Object = dict[str, object]

CONTEXT = "http://www.w3.org/ns/csvw"
NAME = {"name": "name", "titles": "Name"}
AGE = {"name": "age", "titles": "Age", "datatype": "integer"}


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, problems
    return problems[0]


def test_a_valid_table_has_no_problems(described: Described) -> None:
    assert described("Name,Age\nAnn,30\n", [NAME, AGE]).check() == []


def test_a_wrong_value_is_reported_with_file_row_column_and_name(described: Described) -> None:
    problem = only(described("Name,Age\nAnn,30\nBob,old\n", [NAME, AGE]).check())
    assert problem.file.name == "table.csv"
    assert (problem.row, problem.column, problem.name) == (3, 2, "age")
    assert problem.message == 'The value "old" is not valid; expected a whole number.'


def test_all_problems_are_reported_in_order_of_rows(described: Described) -> None:
    problems = described("Name,Age\nAnn,x\nBob\nCas,y\n", [NAME, AGE]).check()
    assert [p.row for p in problems] == [2, 3, 4]


def test_no_more_problems_are_collected_than_asked_for(described: Described) -> None:
    group = described("Name,Age\n" + "Ann,x\n" * 3000, [NAME, AGE])
    assert len(group.check()) == 1000
    assert len(group.check(limit=5)) == 5


def test_a_long_wrong_value_is_shortened_in_the_message(described: Described) -> None:
    problem = only(described("Name,Age\nAnn," + "x" * 500 + "\n", [NAME, AGE]).check())
    assert len(problem.message) < 130
    assert "…" in problem.message


def test_an_unknown_column_is_named_with_the_expected_one(described: Described) -> None:
    problem = only(described("Name,Years\nAnn,30\n", [NAME, AGE]).check())
    assert (problem.row, problem.column) == (1, 2)
    assert problem.message == 'The column "Years" is unknown; expected "Age" here.'


def test_swapped_columns_are_told_where_they_belong(described: Described) -> None:
    problems = described("Age,Name\n30,Ann\n", [NAME, {**AGE, "datatype": "string"}]).check()
    assert [p.message for p in problems] == [
        'The column "Age" belongs in place 2; expected "Name" here.',
        'The column "Name" belongs in place 1; expected "Age" here.',
    ]


def test_a_missing_column_is_named(described: Described) -> None:
    problems = described("Name\n", [NAME, AGE]).check()
    assert only(problems).message == 'The column "Age" is missing.'


def test_an_extra_column_is_named(described: Described) -> None:
    problem = only(described("Name,Age,Town\nAnn,30,Ede\n", [NAME, AGE]).check())
    assert problem.column == 3
    assert problem.message == 'The column "Town" is not described; expected 2 columns.'


def test_a_column_described_by_name_only_is_compared_by_name(described: Described) -> None:
    group = described("name\nAnn\n", [{"name": "name"}])
    assert group.check() == []
    assert len(group.check(strict=True)) == 1


def test_a_row_with_too_few_or_too_many_cells_says_how_many(described: Described) -> None:
    problems = described("Name,Age\nAnn\nBob,30,x\n", [NAME, AGE]).check()
    assert [p.message for p in problems] == ["The row has 1 cell; expected 2.", "The row has 3 cells; expected 2."]


def test_a_blank_row_is_called_blank(described: Described) -> None:
    assert only(described("Name,Age\nAnn,30\n\nBob,31\n", [NAME, AGE]).check()).message == (
        "The row is blank; expected 2 cells."
    )


def test_blank_rows_may_be_skipped_by_the_dialect(described: Described) -> None:
    group = described("Name,Age\nAnn,30\n\nBob,31\n", [NAME, AGE], {"dialect": {"skipBlankRows": True}})
    assert group.check() == []


def test_a_file_with_semicolons_gives_one_problem(described: Described) -> None:
    problem = only(described("Name;Age\nAnn;30\nBob;31\n", [NAME, AGE]).check())
    assert problem.message == 'The cells seem to be separated by ";"; expected ",", as the dialect says.'


def test_a_file_that_is_not_utf8_gives_byte_and_line(described: Described) -> None:
    problem = only(described(b"Name,Age\nAnn,30\nRen\xe9,31\n", [NAME, AGE]).check())
    assert problem.row == 3
    assert problem.message.startswith("Byte 20 of the file (0xE9, on line 3) is not UTF-8")


def test_a_byte_order_mark_is_no_part_of_the_first_header(described: Described) -> None:
    assert described(b"\xef\xbb\xbfName,Age\nAnn,30\n", [NAME, AGE]).check() == []


def test_an_unclosed_quote_is_reported_where_it_opens(described: Described) -> None:
    problem = only(described('Name,Age\nAnn,30\n"Bob,31\nCas,32\n', [NAME, AGE]).check())
    assert (problem.row, problem.column) == (3, 1)
    assert "is never closed" in problem.message


def test_a_quote_in_the_middle_of_a_cell_is_reported_once(described: Described) -> None:
    problem = only(described('Name,Age\n5" pipe,30\nBob,31\n', [NAME, AGE]).check())
    assert (problem.row, problem.column) == (2, 1)
    assert "quote in the middle" in problem.message


def test_text_after_a_closing_quote_is_reported(described: Described) -> None:
    assert "After the closing quote" in only(described('Name,Age\n"Ann"x,30\n', [NAME, AGE]).check()).message


def test_the_row_is_the_line_even_after_a_cell_of_several_lines(described: Described) -> None:
    assert only(described('Name,Age\n"Ann\nB",30\nCas,x\n', [NAME, AGE]).check()).row == 4


@pytest.mark.parametrize("content", ["", "\n", "  \n"])
def test_an_empty_file_is_called_empty(described: Described, content: str) -> None:
    assert "empty" in only(described(content, [NAME]).check()).message


def test_a_missing_file_is_a_problem_and_cannot_be_converted(described: Described, tmp_path: Path) -> None:
    group = described("Name\n", [NAME])
    (tmp_path / "table.csv").unlink()
    assert only(group.check()).message == "The file table.csv does not exist."
    with pytest.raises(TableError, match=r"does not exist"):
        list(statements(group))


def test_a_required_cell_that_is_empty_is_reported(described: Described) -> None:
    problem = only(described("Name,Age\n,30\n", [{**NAME, "required": True}, AGE]).check())
    assert problem.message == "The cell is empty; a value is required."


def test_a_value_must_match_the_whole_regular_expression(described: Described) -> None:
    code = {"name": "code", "datatype": {"base": "string", "format": "[a-z]{3}"}}
    problem = only(described("code\nabc\nabcd\n", [code]).check())
    assert problem.row == 3
    assert problem.message == 'The value "abcd" is not valid; expected a text of the form [a-z]{3}.'


@pytest.mark.parametrize(
    ("datatype", "value", "expected"),
    [
        ({"base": "string", "minLength": 3}, "ab", "at least 3 characters, not 2"),
        ({"base": "string", "maxLength": 3}, "abcd", "at most 3 characters, not 4"),
        ({"base": "string", "length": 3}, "ab", "exactly 3 characters, not 2"),
        ({"base": "integer", "minimum": 5}, "4", "at least 5"),
        ({"base": "integer", "maximum": 5}, "6", "at most 5"),
        ({"base": "decimal", "minExclusive": 0.1}, "0.1", "more than 0.1"),
        ({"base": "date", "maxExclusive": "2024-01-01"}, "2024-01-01", "less than 2024-01-01"),
        ("date", "2023-02-29", "a date that exists in the calendar, such as 2015-03-22"),
        ("dateTime", "2023-02-28", "a dateTime such as 2015-03-22T15:02:37"),
        ({"base": "date", "format": "dd-MM-yyyy"}, "2024-01-01", "a date of the form dd-MM-yyyy"),
        ({"base": "boolean", "format": "ja|nee"}, "yes", "ja or nee"),
        ("boolean", "yes", "true, false, 1 or 0"),
        ({"base": "decimal", "format": "#,##0.00"}, "1234.5", "a number of the form #,##0.00"),
        ("decimal", "1,5", "a decimal number such as 12.5"),
        ("byte", "200", "a whole number of at most 127"),
        ("anyURI", "not a url", "a URL"),
        ("duration", "P", "a duration such as P1Y2M3DT4H5M"),
    ],
)
def test_a_value_outside_its_datatype_says_what_was_expected(
    described: Described, datatype: object, value: str, expected: str
) -> None:
    problem = only(described(f'v\n"{value}"\n', [{"name": "v", "datatype": datatype}]).check())
    assert problem.message == f'The value "{value}" is not valid; expected {expected}.'


def test_each_item_of_a_list_is_checked(described: Described) -> None:
    problem = only(described("v\n1;x;3\n", [{"name": "v", "separator": ";", "datatype": "integer"}]).check())
    assert '"x"' in problem.message


def test_a_duplicate_key_names_the_first_row(described: Described) -> None:
    problem = only(described("Name,Age\nAnn,30\nBob,31\nAnn,32\n", [NAME, AGE], primaryKey="name").check())
    assert (problem.row, problem.column, problem.name) == (4, 1, "name")
    assert problem.message == 'The key "Ann" already occurs in row 2; each row needs its own name.'


def test_a_key_of_two_columns_may_repeat_one_of_them(described: Described) -> None:
    group = described("Name,Age\nAnn,30\nAnn,31\n", [NAME, AGE], primaryKey=["name", "age"])
    assert group.check() == []


def two_tables(folder: Folder, people: str, extra: Object | None = None) -> list[Problem]:
    town = {"name": "town", **(extra or {})}
    key = {"columnReference": "town", "reference": {"resource": "towns.csv", "columnReference": "code"}}
    path = folder(
        towns_csv="code\nede\nurk\n",
        people_csv=people,
        metadata_json={
            "@context": CONTEXT,
            "tables": [
                {"url": "people.csv", "tableSchema": {"columns": [{"name": "name"}, town], "foreignKeys": [key]}},
                {"url": "towns.csv", "tableSchema": {"columns": [{"name": "code"}]}},
            ],
        },
    )
    return load(path / "metadata.json").check()


def test_a_value_that_refers_to_nothing_is_reported(folder: Folder) -> None:
    problem = only(two_tables(folder, "name,town\nAnn,ede\nBob,atlantis\n"))
    assert (problem.file.name, problem.row, problem.column, problem.name) == ("people.csv", 3, 2, "town")
    assert problem.message == 'The value "atlantis" does not occur in code of towns.csv.'


def test_an_empty_reference_refers_to_nothing_and_is_no_problem(folder: Folder) -> None:
    assert two_tables(folder, "name,town\nAnn,\n") == []


def test_each_item_of_a_list_of_references_must_exist(folder: Folder) -> None:
    problem = only(two_tables(folder, "name,town\nAnn,ede;urk\nBob,ede;rome\n", {"separator": ";"}))
    assert '"rome"' in problem.message


def test_a_table_without_metadata_reports_a_repeated_header(folder: Folder) -> None:
    path = folder(plain_csv="a,b,a\n1,2,3\n")
    assert only(load_table(path / "plain.csv").check()).message == 'The column "a" occurs twice, as column 1 too.'


@pytest.mark.parametrize("value", ["http://[x", "//[x"])
def test_a_value_that_makes_no_valid_url_is_reported(described: Described, value: str) -> None:
    group = described(f"site\n{value}\n", [{"name": "site", "valueUrl": "{+site}"}])
    assert "is not a valid URL" in only(group.check()).message
    with pytest.raises(TableError, match=r"not a valid absolute URL"):
        list(statements(group))
