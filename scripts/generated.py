"""Tables in the docs that a script writes: each stands between two comments that name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown, with a line break after each row."""
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join(['---'] * len(head))}|"]
    lines += [f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def with_tables(page: Path, tables: Mapping[str, str]) -> str:
    """Return a page's text with its tables renewed.

    :param page: the file.
    :param tables: name → what stands between `<!-- name -->` and `<!-- /name -->`.
    :raises SystemExit: the page has no such place.
    """
    text = page.read_text("utf-8")
    for name, table in tables.items():
        before, found, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        if not (found and end):
            raise SystemExit(f"{page.relative_to(ROOT)} has no place for the table {name}")
        text = before + found + table + end + after
    return text


def write(texts: Mapping[Path, str], check: bool) -> int:
    """Write what changed, or with `check` only say so.

    :param texts: file → the text that it should have.
    :returns: an exit status: 1 when `check` found a file that differs.
    """
    stale = [path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        if check:
            print(f"{path.relative_to(ROOT)} is not what the data gives; run this without --check")
        else:
            path.write_text(texts[path], "utf-8")
    return 1 if check and stale else 0
