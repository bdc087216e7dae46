"""The data of the examples in docs/examples, as the files that a partner would have."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl

EXAMPLES = Path(__file__).resolve().parents[1] / "docs" / "examples"


def workbook(rows: list[list[Any]], title: str = "Blad1") -> bytes:
    """Return a workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def bomb() -> bytes:
    """Return a workbook that is small, and unpacks to more than what is read."""
    output = io.BytesIO(workbook([["naam"], ["A"]]))
    with (
        zipfile.ZipFile(output, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/image1.bin", "w", force_zip64=True) as part,
    ):
        for _ in range(401):
            part.write(bytes(1_000_000))
    return output.getvalue()


def city() -> bytes:
    """Return the city's workbook: a title above the table, days as dates or as text, as people write them."""
    with (EXAMPLES / "city" / "initiatieven.csv").open(encoding="utf-8", newline="") as source:
        rows: list[list[Any]] = list(csv.reader(source, delimiter=";"))
    for row in rows[1:]:
        if "-" in row[5]:
            row[5] = datetime.date.fromisoformat(row[5])
    return workbook([["Buurtinitiatieven 2025"], [], *rows], "Initiatieven")
