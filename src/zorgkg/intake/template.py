"""Templates: an empty table of each kind, with a guide in each language and drop-down lists of what may be chosen."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

from zorgkg.intake.kinds import Column, Kind
from zorgkg.intake.vocabulary import Concept, Vocabulary
from zorgkg.languages import LANGUAGES

FORMS: Final = ("xlsx", "csv")

_GUIDES: Final = {"nl": "Gids (nl)", "fr": "Guide (fr)", "en": "Guide (en)"}
_HEADERS: Final = {
    "nl": ("kolom", "betekenis", "voorbeeld", "nodig", "lijst"),
    "fr": ("colonne", "signification", "exemple", "obligatoire", "liste"),
    "en": ("column", "meaning", "example", "required", "list"),
}
_YES: Final = {"nl": "ja", "fr": "oui", "en": "yes"}
_LISTS: Final = "lists"
_ROWS: Final = 2000
_WIDTH: Final = 24
_TEXT: Final = ("postcode", "kbo", "id")
"""Kinds of values that a spreadsheet program would take for numbers."""


def delimited(kind: Kind, language: str) -> bytes:
    """Return a template as csv: the header."""
    output = io.StringIO(newline="")
    csv.writer(output, lineterminator="\r\n").writerow(_title(column, language) for column in kind.columns)
    # With a mark, as spreadsheet programs want it of UTF-8.
    return output.getvalue().encode("utf-8-sig")


def workbook(kind: Kind, known: Vocabulary, language: str) -> bytes:
    """Return a template as xlsx: a sheet for the data, a guide in each language, and the lists.

    :param kind: what it is a table of.
    :param known: what the lists hold.
    :param language: of the header and the lists.
    """
    # Here, for a server that is asked for none starts without it.
    import openpyxl
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    data: Any = book.active
    data.title = kind.titles[LANGUAGES.index(language)]
    lists: Any = book.create_sheet(_LISTS)
    data.append([_title(column, language) for column in kind.columns])
    _bold(data)
    data.freeze_panes = "A2"
    used = 0
    for number, column in enumerate(kind.columns, 1):
        letter = get_column_letter(number)
        data.column_dimensions[letter].width = _WIDTH
        if column.value in _TEXT or column.value == "date":
            for row in range(2, 202):
                data.cell(row, number).number_format = "yyyy-mm-dd" if column.value == "date" else "@"
        if allowed := choices(column, known, language):
            used += 1
            name = get_column_letter(used)
            lists.cell(1, used, _title(column, language))
            for row, value in enumerate(allowed, 2):
                lists.cell(row, used, value)
            choice = DataValidation("list", f"={_LISTS}!${name}$2:${name}${len(allowed) + 1}", allow_blank=True)
            # Other spellings are taken too: the list helps, it does not forbid.
            choice.showErrorMessage = False
            choice.add(f"{letter}2:{letter}{_ROWS}")
            data.add_data_validation(choice)
    for other in (language, *(one for one in LANGUAGES if one != language)):
        _guide(book.create_sheet(_GUIDES[other]), kind, known, other)
    book.move_sheet(_LISTS, len(LANGUAGES))
    lists.sheet_state = "hidden"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def choices(column: Column, known: Vocabulary, language: str) -> list[str]:
    """Return what may be chosen in a column; nothing where anything may be written."""
    listed: dict[str, list[Concept]] = {
        "kind": known.kinds.concepts,
        "role": known.roles.concepts,
        "basis": known.bases.concepts,
    }
    if column.value == "component":
        return [one.slug for one in known.components.concepts]
    if column.value == "municipality":
        return known.municipalities
    return sorted((one.label(language) for one in listed.get(column.value, ())), key=str.casefold)


def _guide(sheet: Any, kind: Kind, known: Vocabulary, language: str) -> None:
    from openpyxl.styles import Alignment

    place = LANGUAGES.index(language)
    sheet.append(_HEADERS[language])
    _bold(sheet)
    for column in kind.columns:
        needed = _YES[language] if column.required else ""
        allowed = choices(column, known, language) if column.value != "municipality" else []
        if column.value == "component":
            allowed = [f"{one.slug}: {one.label(language)}" for one in known.components.concepts]
        sheet.append([_title(column, language), column.help[place], column.example, needed, "\n".join(allowed[:200])])
    for letter, width in zip("ABCDE", (_WIDTH, 70, 40, 12, 70), strict=True):
        sheet.column_dimensions[letter].width = width
        for cell in sheet[letter]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _bold(sheet: Any) -> None:
    from openpyxl.styles import Font, PatternFill

    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE8EEF4")


def _title(column: Column, language: str) -> str:
    return column.titles[LANGUAGES.index(language)]
