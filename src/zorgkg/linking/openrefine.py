"""OpenRefine's export of a reconciled table: CSV or TSV with a column for the row's key and one for what it matched."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from zorgkg.datasets.links import record
from zorgkg.datasets.problems import InvalidData, Problem
from zorgkg.datasets.sssom import EXACT, MANUAL, Mapping
from zorgkg.linking.deciding import Reviewer
from zorgkg.terms import ID, PREFIXES, dataset_graph

KEYS: Final = ("key", "id", "sleutel", "clé", "subject_id", "iri")
MATCHES: Final = ("match", "reconciled", "reconciled_id", "matched_id", "object_id", "zorgkg")
NAMES: Final = ("name", "naam", "nom", "label")

_MOST_PROBLEMS: Final = 100


def read(
    path: Path,
    name: str,
    reviewer: Reviewer,
    known: Callable[[str], bool],
    key: str = "",
    match: str = "",
) -> list[Mapping]:
    """Read decisions from an export; a row without a match decides nothing.

    :param path: the file; its header names the columns.
    :param name: the dataset that the rows are of.
    :param reviewer: who decided in OpenRefine.
    :param known: whether the graph describes a thing (IRI).
    :param key: name of the column with the row's key, or the IRI of the thing; one of :data:`KEYS` by default.
    :param match: name of the column with the identifier that was matched; one of :data:`MATCHES` by default.
    :raises InvalidData: it is no such table, or a cell names nothing; each problem has row and column.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidData([Problem(f"not UTF-8 (byte {error.start + 1}); export it as UTF-8", path)]) from error
    delimiter = max("\t,;", key=text.partition("\n")[0].count)
    # Only what ends a line in a table does: a cell may have any other separator of Unicode.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [one.strip() for one in next(reader, [])]
    except csv.Error as error:
        raise InvalidData([_no_table(error, path, 1)]) from error
    at_key = _column(header, [key] if key else KEYS, "the row's key", path)
    at_match = _column(header, [match] if match else MATCHES, "the identifier that was matched", path)
    at_name = next((at for at, one in enumerate(header) if one.lower() in NAMES and at not in (at_key, at_match)), None)
    problems: list[Problem] = []
    found: dict[str, Mapping] = {}
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                message = f"the row has {len(row)} cells, the header {len(header)}"
                problems.append(Problem(message, path, reader.line_num))
                continue
            own, other = row[at_key].strip(), row[at_match].strip()
            if not other:
                continue
            subject, object_ = _thing(own, name, known), _matched(other)
            for at, iri, cell in ((at_key, subject, own), (at_match, object_, other)):
                if not iri or not known(iri):
                    message = f"{cell!r} names nothing in the graph; expected is an IRI, or what follows /id/ in one"
                    problems.append(Problem(message, path, reader.line_num, at + 1, header[at]))
                    break
            else:
                made = _mapping(subject, object_, row[at_name].strip() if at_name is not None else "", name, reviewer)
                found[made.id] = made
            if len(problems) >= _MOST_PROBLEMS:
                break
    except csv.Error as error:
        problems.append(_no_table(error, path, reader.line_num))
    if problems:
        raise InvalidData(problems)
    return list(found.values())


def _no_table(error: csv.Error, path: Path, row: int) -> Problem:
    return Problem(f"not a table of comma- or tab-separated values: {error}", path, row)


def _column(header: Sequence[str], names: Sequence[str], what: str, path: Path) -> int:
    lowered = [one.lower() for one in header]
    for one in names:
        if one.lower() in lowered:
            return lowered.index(one.lower())
    told = names[0] if len(names) == 1 else f"one of {', '.join(names)}"
    raise InvalidData([Problem(f"no column for {what}: expected is {told}; there are {', '.join(header)}", path, 1)])


def _thing(cell: str, name: str, known: Callable[[str], bool]) -> str:
    """The IRI of a thing of the dataset: written out, its path below /id/, or the key of its row."""
    whole = _matched(cell)
    if "/" in cell or ":" in cell:
        return whole
    ways = (f"{ID}{kind}/{name}--{cell}" for kind in ("organisation", "project", "practice", "place"))
    return next((iri for iri in ways if known(iri)), "")


def _matched(cell: str) -> str:
    if set(cell) & set(' <>"{}|\\^`'):
        return ""
    prefix, _, local = cell.partition(":")
    if local.startswith("//"):
        return cell
    return PREFIXES[prefix] + local if prefix in PREFIXES and local else f"{ID}{cell.lstrip('/').removeprefix('id/')}"


def _mapping(subject: str, object_: str, label: str, name: str, reviewer: Reviewer) -> Mapping:
    slots = {
        "subject_id": subject,
        "subject_label": " ".join(label.split()) or subject.rpartition("/")[2],
        "subject_source": dataset_graph(name).value,
        "predicate_id": EXACT,
        "object_id": object_,
        "mapping_justification": MANUAL,
        "reviewer_id": reviewer.iri,
        "review_date": reviewer.day,
        "mapping_date": reviewer.day,
        "mapping_tool": "OpenRefine",
        "confidence": "1.0",
    }
    made = Mapping(slots)
    return made.with_(record_id=record(made, dataset_graph(name)))
