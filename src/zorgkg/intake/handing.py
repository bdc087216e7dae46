"""Handing in: from a file that was read to the files of a dataset package, with all that is to be told of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from zorgkg.content import Content
from zorgkg.datasets import package
from zorgkg.intake import personal, recognition
from zorgkg.intake.changes import LEFT_OUT, TODO, Change, Tables
from zorgkg.intake.kinds import KINDS, Column, Kind
from zorgkg.intake.personal import Patterns
from zorgkg.intake.proposal import Proposer
from zorgkg.intake.recognition import Recognised
from zorgkg.intake.vocabulary import Vocabulary
from zorgkg.languages import LANGUAGES
from zorgkg.tables.reading import Given
from zorgkg.tables.table import Table
from zorgkg.tables.told import BadTable, Told, shortened
from zorgkg.terms import dataset_graph


@dataclass(frozen=True)
class Wanted:
    """What somebody says of the file that they hand in.

    :param name: name of the dataset.
    :param kind: what it has a table of; found when it is not given.
    :param licence: IRI of the licence.
    :param publisher: name of the organisation that publishes it.
    :param titles: language → title; under "" one for all languages.
    :param language: of the texts; found when it is not given.
    :param without: headers of columns that are left out.
    :param dates: `dmy` or `mdy`.
    :param day: of the file.
    """

    name: str
    kind: str = ""
    licence: str = ""
    publisher: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    without: Sequence[str] = ()
    dates: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Proposal:
    """What becomes of a file.

    :param wanted: what was said of it.
    :param given: the file.
    :param recognised: its tables that were taken.
    :param tables: the tables of the package.
    :param notes: what was done and found; of many alike only the first.
    :param missing: what the dataset cannot do without and nobody told.
    """

    wanted: Wanted
    given: Given
    recognised: list[Recognised]
    tables: Tables
    notes: list[Told]
    missing: list[Told]

    @property
    def language(self) -> str:
        """Of its texts."""
        return self.recognised[0].language

    @property
    def todo(self) -> list[Change]:
        """The cells that somebody has to mend."""
        return [one for one in self.tables.changes if one.state == TODO]

    @property
    def left_out(self) -> list[Told]:
        """What is to be told of the cells that are not taken over."""
        return [one.told for one in self.tables.changes if one.state == LEFT_OUT]


def refuse_own(name: str, content: Content) -> None:
    """Refuse the name of a dataset that the graph has of its own folders: a table under it would replace that.

    :raises BadTable: it is one.
    """
    if dataset_graph(name).value in package.own(content.data):
        raise BadTable(Told("own-name", {"name": name}))


def propose(given: Given, wanted: Wanted, known: Vocabulary, likes: Patterns) -> Proposal:
    """Make a proposal.

    :param given: the file.
    :param wanted: what was said of it.
    :param known: what the graph knows.
    :param likes: what personal data look like.
    :raises BadTable: there is no table that can be taken, or it holds personal data or cells that cannot be read.
    """
    if wanted.kind and wanted.kind not in KINDS:
        raise BadTable(Told("unknown-kind", {"kind": wanted.kind, "kinds": ", ".join(KINDS)}))
    if wanted.licence and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", wanted.licence):
        raise BadTable(Told("no-iri", {"value": wanted.licence}))
    headers = {header.casefold() for table in given.tables for header in table.header}
    for name in wanted.without:
        if name.strip().casefold() not in headers:
            raise BadTable(Told("no-column", {"name": name}))
    tables = [recognition.uppermost(table.without(wanted.without)) for table in given.tables]
    taken, notes = _taken(tables, given, wanted)
    _refuse_people([table for table, _ in taken], likes)
    recognised = [recognition.recognise(table, kind, known, wanted.language) for table, kind in taken]
    faults = [fault for one in recognised for fault in _that_matter(one)]
    if faults:
        raise BadTable(*faults)
    if not any(one.table.rows for one in recognised):
        raise BadTable(recognised[0].table.told("no-rows"))
    for one in recognised:
        notes += [_table_of(one), *one.table.notes, *one.notes]
    made = Proposer(wanted.name, known, wanted.dates).put(recognised)
    missing = [Told(f"missing-{name}") for name in ("licence", "publisher") if not getattr(wanted, name)]
    if title := title_in_all(wanted):
        notes.append(Told("title-in-all", {"title": title}))
    return Proposal(wanted, given, recognised, made, shortened([*given.notes, *notes]), missing)


def _table_of(recognised: Recognised) -> Told:
    kind = recognised.kind
    titles = dict(zip(LANGUAGES, kind.titles, strict=True))
    return Told("table-of", {"kind": kind.name, **titles}, recognised.table.sheet)


def title_in_all(wanted: Wanted) -> str:
    """Return the title that stands for languages that have none of their own; "" when each has one."""
    if all(wanted.titles.get(language) for language in ("nl", "fr", "en")):
        return ""
    plain = wanted.name.replace("-", " ")
    return next((wanted.titles[one] for one in ("", "nl", "en", "fr") if wanted.titles.get(one)), plain.capitalize())


def _taken(tables: list[Table], given: Given, wanted: Wanted) -> tuple[list[tuple[Table, Kind]], list[Told]]:
    taken: list[tuple[Table, Kind]] = []
    notes: list[Told] = []
    for table in tables:
        lists = [str(note.values["name"]) for note in table.notes if note.key == "list-name"]
        name = wanted.kind or recognition.kind_of(table, [Path(given.name).stem, table.sheet, *lists])
        if name and (not wanted.kind or len(tables) == 1 or not recognition.lacking(table, KINDS[name])):
            if lacking := recognition.lacking(table, KINDS[name]):
                raise BadTable(table.told("no-required", table.start or None, None, **_needed(lacking), kind=name))
            taken.append((table, KINDS[name]))
        else:
            notes.append(table.told("not-taken"))
    if not taken:
        if wanted.kind:
            required = [column for column in KINDS[wanted.kind].columns if column.required]
            raise BadTable(Told("no-required", {**_needed(required), "kind": wanted.kind}))
        raise BadTable(Told("no-kind", {"kinds": ", ".join(KINDS)}))
    return taken, notes


def _needed(columns: Sequence[Column]) -> dict[str, str]:
    """Return how columns are called in each language."""
    return {
        language: ", ".join(repr(column.titles[place]) for column in columns)
        for place, language in enumerate(LANGUAGES)
    }


def _refuse_people(tables: list[Table], likes: Patterns) -> None:
    found = [told for table in tables for told in personal.refused(table, likes)]
    if found:
        names = ", ".join(dict.fromkeys(told.name for told in found))
        raise BadTable(Told("personal", {"names": names}), *found)


def _that_matter(recognised: Recognised) -> list[Told]:
    """The faults of cells that would be taken over."""
    table = recognised.table
    places = {table.places[index] for index in recognised.columns.values()}
    return [fault for fault in table.faults if fault.column is None or fault.column in places]
