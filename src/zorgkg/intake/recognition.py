"""Recognition: which kind of table this is, and what each of its columns is, by its header and by its values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import Final

from zorgkg.intake import values
from zorgkg.intake.kinds import KINDS, Column, Kind
from zorgkg.intake.vocabulary import Vocabulary
from zorgkg.search.folding import key, words
from zorgkg.tables.table import Table
from zorgkg.tables.told import Told

_NEUTRAL: Final = frozenset(
    re.split(
        r"\W+", "locatie plaats adres location lieu adresse address periode contact organisatie info gegevens data"
    )
)
"""Names of objects whose members mean what they mean by themselves: `locatie.gemeente`."""

_SUFFIX: Final = re.compile(r" (naam|name|nom|label|titel|title)$")
_PREFIX: Final = re.compile(
    r"^(naam|name|nom|benaming|titel|titre|title|intitule|denomination) "
    r"((van|of|de|du|des|d|het|the|la|le|l|un|une|een) )*"
)
"""What "Nom de l'organisation" has more than "Organisation"."""
_DIGIT: Final = re.compile(r"\d")
_LOOKED: Final = 500
_MOST_OF: Final = 0.8
_HEADERS: Final = 3
_COMMON: Final = {
    code: frozenset(re.split(r"\W+", common))
    for code, common in (
        ("nl", "de het een en van voor met op wie die dat zijn naar bij ook uit te aan om niet"),
        ("fr", "de le la les un une des du et en pour avec dans sur qui que est sont aux par au chaque"),
        ("en", "the and of for with who that are to at by from each every"),
    )
}


@dataclass
class Recognised:
    """A table whose columns are known.

    :param table: it.
    :param kind: what it is a table of.
    :param columns: name of our column → index of the table's.
    :param unplaced: indexes of the columns that are none of ours.
    :param language: in which its texts are.
    :param notes: how it was recognised.
    """

    table: Table
    kind: Kind
    columns: dict[str, int]
    unplaced: list[int]
    language: str
    notes: list[Told] = field(default_factory=list)


def kind_of(table: Table, names: Iterable[str]) -> str:
    """Return which kind of table this is, or "" when that is not clear.

    :param names: of the file, the sheet, the list that it is in.
    """
    said = {word for name in names for word in words(name.replace("_", " "))}
    scores: dict[str, float] = {}
    for kind in KINDS.values():
        found = {column.name for header in table.header if (column := _by_header(header, kind))}
        if any(one.required and one.name not in found for one in kind.columns):
            continue
        telling = sum(1 for name in kind.telling if name in found)
        if kind.name in ("positionings", "partnerships") and telling < 1:
            continue
        # What the columns tell comes first; most files are called by what is in them.
        own = sum(1 for header in table.header if _is_own(header, kind))
        whole = telling == len(kind.telling)
        scores[kind.name] = len(found) + telling + 3 * own + 3 * whole + 4 * bool(said & set(kind.words))
    if not scores:
        return ""
    best = max(scores.values())
    first = [name for name, score in scores.items() if score == best]
    return first[0] if len(first) == 1 else ""


def uppermost(table: Table) -> Table:
    """Return a table without those that stand under it on its sheet: an empty row, perhaps a title, and a header again.

    It is told where they begin.
    """
    before, begin = table.start, -1
    # Records stand in no rows that may be empty.
    for place, row in enumerate(table.rows if table.start else ()):
        if row.number > before + 1:
            begin = place
        before = row.number
        texts = [text for text in row.cells if text]
        if begin >= 0 and _is_header(texts, table):
            start = table.rows[begin].number
            return replace(
                table,
                rows=table.rows[:begin],
                notes=[
                    *(one for one in table.notes if one.row is None or one.row < start),
                    table.told("table-below", row.number, count=len(table.rows) - begin),
                ],
                faults=[one for one in table.faults if one.row is None or one.row < start],
            )
        if len(texts) > 1:
            begin = -1
    return table


def recognise(table: Table, kind: Kind, known: Vocabulary, language: str = "") -> Recognised:
    """Tell what each column of a table is.

    :param kind: what it is a table of.
    :param known: what the graph knows, for what the values say.
    :param language: in which its texts are; found when it is not given.
    """
    columns: dict[str, int] = {}
    notes: list[Told] = []
    for index, header in enumerate(table.header):
        column = _by_header(header, kind)
        if column and column.name not in columns:
            columns[column.name] = index
            notes.append(table.told("placed", None, index, as_=column.name))
    for index in range(len(table.header)):
        if index not in columns.values() and (name := _by_values(table, index, kind, columns, known)):
            columns[name] = index
            notes.append(table.told("placed-by-values", None, index, as_=name))
    unplaced = [index for index in range(len(table.header)) if index not in columns.values()]
    notes += [table.told("unplaced-column", None, index) for index in unplaced]
    chosen = language or _language(table, columns)
    notes.append(table.told("language", code=chosen))
    return Recognised(table, kind, columns, unplaced, chosen, notes)


def _is_header(texts: Sequence[str], table: Table) -> bool:
    """Whether the texts of a row name columns: of this table, or most of them of a kind that has all it needs."""
    if len(texts) < 2 or any(map(_DIGIT.search, texts)):
        return False
    if {text.casefold() for text in texts} <= {header.casefold() for header in table.header}:
        return True
    for kind in KINDS.values():
        found = {column.name for text in texts if (column := _by_header(text, kind))}
        needed = {column.name for column in kind.columns if column.required}
        if len(found) > 1 and 2 * len(found) >= len(texts) and needed <= found:
            return True
    return False


def _is_own(header: str, kind: Kind) -> bool:
    """Whether a header tells by itself that this is a kind: "activiteit", "projectnaam"."""
    folded = _PREFIX.sub("", _SUFFIX.sub("", key(header.replace("_", " "))))
    return folded in set(kind.words) | {kind.name.removesuffix("s")}


def _by_header(header: str, kind: Kind) -> Column | None:
    spaced = header.replace("_", " ")
    whole = key(spaced)
    before, dot, last = spaced.rpartition(".")
    forms = [whole, _SUFFIX.sub("", whole), _PREFIX.sub("", whole)]
    if dot and key(before.rpartition(".")[2]) in _NEUTRAL:
        forms.append(key(last))
    # Units and explanations stand in brackets, languages too.
    forms.append(key(re.sub(r"\([^)]*\)", "", spaced)))
    for form in forms:
        if form in _names(kind):
            return _names(kind)[form]
    return None


@cache
def _names(kind: Kind) -> dict[str, Column]:
    """Return how columns of a kind are called; of two that are called so, the first."""
    found: dict[str, Column] = {}
    for column in kind.columns:
        for one in (column.name, *column.titles, *column.synonyms):
            found.setdefault(key(one.replace("_", " ")), column)
    return found


def _by_values(table: Table, index: int, kind: Kind, columns: dict[str, int], known: Vocabulary) -> str:
    texts = [text for _, text in islice(table.column(index), _LOOKED)]
    if len(texts) < 3:
        return ""
    tests: dict[str, Callable[[str], bool]] = {
        "kbo": lambda text: isinstance(values.kbo(text), values.Placed),
        "website": lambda text: re.match(r"https?://|www\.", text) is not None,
        "mailbox": lambda text: "@" in text and isinstance(values.mailbox(text), values.Placed),
        "municipality": lambda text: isinstance(values.municipality(text, known), values.Placed),
    }
    for name, test in tests.items():
        if name not in columns and kind.column(name) and sum(map(test, texts)) >= _MOST_OF * len(texts):
            return name
    return ""


def _language(table: Table, columns: dict[str, int]) -> str:
    counts: Counter[str] = Counter()
    for name in ("description", "name", "target_group", "rationale"):
        if name not in columns:
            continue
        for _, text in islice(table.column(columns[name]), _LOOKED):
            for word in words(text):
                counts.update(code for code, common in _COMMON.items() if word in common)
    headers = {key(header) for header in table.header}
    # A few words prove little: how the columns are called counts too.
    counts["nl"] += _HEADERS * bool(headers & {"naam", "gemeente", "organisatie", "omschrijving", "soort"})
    counts["fr"] += _HEADERS * bool(headers & {"nom", "commune", "projet", "adresse", "activite"})
    best, count = counts.most_common(1)[0]
    return best if count else "nl"


def lacking(table: Table, kind: Kind) -> list[Column]:
    """Return the columns that a table of a kind needs and this one does not have."""
    found = {column.name for header in table.header if (column := _by_header(header, kind))}
    return [column for column in kind.columns if column.required and column.name not in found]
