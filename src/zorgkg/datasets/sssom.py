"""SSSOM TSV: what a file of mappings says, row by row, and how it is written (https://mapping-commons.github.io/sssom/).

A row is a :class:`Mapping`. One that nobody reviewed, or of which the reviewer was not sure (agreement 0), is a
proposal: nothing follows from it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from zorgkg import durable
from zorgkg.datasets.problems import InvalidData, Problem
from zorgkg.terms import PREFIXES

SLOTS: Final = (
    "record_id",
    "subject_id",
    "subject_label",
    "subject_type",
    "subject_source",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "object_source",
    "mapping_justification",
    "reviewer_id",
    "review_date",
    "reviewer_agreement",
    "mapping_date",
    "mapping_tool",
    "mapping_tool_version",
    "confidence",
    "similarity_score",
    "subject_match_field",
    "object_match_field",
    "other",
    "comment",
)
"""The slots that a file of ours has, in this order; other columns of a file that is read stay behind them."""

REQUIRED: Final = ("predicate_id", "object_id", "mapping_justification")
LITERAL: Final = "rdfs literal"
MANUAL: Final = "semapv:ManualMappingCuration"
EXACT: Final = "skos:exactMatch"
PREDICATES: Final = (
    EXACT,
    "skos:closeMatch",
    "skos:relatedMatch",
    "skos:broadMatch",
    "skos:narrowMatch",
    "rdfs:seeAlso",
)
LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
VERSION: Final = "1.1"

OURS: Final = {**PREFIXES, "mapping": PREFIXES["id"] + "mapping/"}
"""Prefixes that a file may use without declaring them."""

_FRACTION: Final = re.compile(r"0(\.\d+)?|1(\.0+)?")
_AGREEMENT: Final = re.compile(r"-?(0(\.\d+)?|1(\.0+)?)")
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_CURIES: Final = (
    "subject_id",
    "subject_source",
    "object_id",
    "object_source",
    "mapping_justification",
    "predicate_id",
    "reviewer_id",
)


@dataclass(frozen=True)
class Mapping:
    """One row.

    :param slots: slot name → value; IRIs are written out, but for predicate and justification, which are CURIEs.
    :param row: its line in the file, where it stands in one.
    """

    slots: Dictionary[str, str]
    row: int = field(default=0, compare=False)

    def __getitem__(self, slot: str) -> str:
        return self.slots.get(slot, "")

    def with_(self, **slots: str) -> Mapping:
        """Return it with some slots set; an empty value leaves a slot out."""
        return replace(self, slots={name: value for name, value in {**self.slots, **slots}.items() if value})

    @property
    def id(self) -> str:
        """The last part of the record's IRI."""
        return self["record_id"]

    @property
    def subject(self) -> str:
        """IRI of the subject; empty for a printed name."""
        return self["subject_id"]

    @property
    def object(self) -> str:
        """IRI of the object."""
        return self["object_id"]

    @property
    def things(self) -> list[str]:
        """IRIs of what is mapped: a printed name has none."""
        return [iri for iri in (self.subject, self.object) if iri]

    @property
    def pair(self) -> frozenset[str]:
        """What is mapped, in whichever direction."""
        return frozenset((self.subject or self["subject_label"], self.object))

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody looked at it, also without deciding."""
        return bool(self["reviewer_id"])

    @property
    def is_decided(self) -> bool:
        """Whether somebody decided on it."""
        return self.is_reviewed and float(self["reviewer_agreement"] or 1) != 0

    @property
    def is_unclear(self) -> bool:
        """Whether somebody looked at it and was not sure."""
        return self.is_reviewed and not self.is_decided

    @property
    def is_refused(self) -> bool:
        """Whether it was decided that the two are not the same."""
        return self.is_decided and self["predicate_modifier"] == "Not"

    @property
    def is_accepted(self) -> bool:
        """Whether it was decided that the two are the same."""
        return self.is_decided and not self.is_refused

    @property
    def confidence(self) -> float:
        """How sure its maker is, from 0 to 1; nothing said is 1 (SSSOM)."""
        return float(self["confidence"] or 1)


def read(path: Path) -> list[Mapping]:
    """Read a file of mappings.

    :param path: SSSOM TSV, with its metadata in lines that start with `#`, or without.
    :returns: its rows.
    :raises InvalidData: it is no such file, or a value is none of those allowed; each problem has row and column.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidData([Problem(f"not UTF-8 (byte {error.start + 1}); save it as UTF-8", path)]) from error
    return parse(text, path)


def parse(text: str, path: Path) -> list[Mapping]:
    """Read the text of a file of mappings; see :func:`read`.

    :param path: the file, for the problems.
    """
    # Only what ends a line in a table does: a cell may have any other separator of Unicode.
    lines = list(io.StringIO(text, newline=""))
    skipped = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    prefixes = {**OURS, **_curie_map(lines[:skipped])}
    reader = csv.DictReader(lines[skipped:], delimiter="\t", quoting=csv.QUOTE_MINIMAL, strict=True)
    try:
        names = list(reader.fieldnames or ())
    except csv.Error as error:
        raise InvalidData([Problem(f"not tab-separated values: {error}", path, skipped + 1)]) from error
    wanted = [*REQUIRED, "reviewer_id"]
    if missing := [name for name in wanted if name not in names]:
        raise InvalidData([Problem(f"column {missing[0]} is missing", path, skipped + 1)])
    if twice := [name for at, name in enumerate(names) if name in names[:at]]:
        raise InvalidData([Problem(f"column {twice[0]} is there twice", path, skipped + 1)])
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    found: list[Mapping] = []
    try:
        for row in reader:
            number = skipped + reader.line_num
            if None in row or any(value is None for value in row.values()):
                problems.append(Problem(f"the row has not the {len(names)} cells of the header", path, number))
                continue
            if not any(value.strip() for value in row.values()):
                continue
            wrong = _wrong(row, prefixes, seen)
            if wrong:
                name, message = wrong
                column = names.index(name) + 1 if name in names else None
                problems.append(Problem(message, path, number, column, name))
                continue
            if row.get("record_id"):
                seen[_slug(row["record_id"], prefixes)] = number
            found.append(Mapping(_written_out(row, prefixes), number))
    except csv.Error as error:
        problems.append(Problem(f"not a table of tab-separated values: {error}", path, skipped + reader.line_num))
    if problems:
        raise InvalidData(problems)
    return found


def text(mappings: Iterable[Mapping], iri: str, description: str = "") -> str:
    """Return the text of a file.

    :param mappings: its rows.
    :param iri: IRI of the set: that of the dataset whose links they are.
    :param description: what the set is, in one sentence.
    """
    rows = list(mappings)
    more = dict.fromkeys(name for row in rows for name in row.slots if name not in SLOTS)
    used = [name for name in (*SLOTS, *more) if name in _ALWAYS or any(row[name] for row in rows)]
    prefixes: dict[str, str] = {"semapv": OURS["semapv"], "skos": OURS["skos"]}
    body = io.StringIO()
    writer = csv.writer(body, delimiter="\t", lineterminator="\n")
    writer.writerow(used)
    for row in rows:
        writer.writerow([_short(name, row[name], prefixes) for name in used])
    header = ["curie_map:", *(f"  {prefix}: {prefixes[prefix]}" for prefix in sorted(prefixes))]
    header += [f"mapping_set_id: {iri}"]
    header += [f"mapping_set_description: {description}"] if description else []
    header += [f"license: {LICENCE}", f'sssom_version: "{VERSION}"']
    return "".join(f"#{line}\n" for line in header) + body.getvalue()


_ALWAYS: Final = ("record_id", "subject_id", "subject_label", *REQUIRED[:1], "object_id", *REQUIRED[2:], "reviewer_id")


def write(path: Path, mappings: Iterable[Mapping], iri: str, description: str = "") -> None:
    """Replace a file in one step: killed at any moment, the old or the new one stands; see :func:`text`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.write(path, text(mappings, iri, description))


def expand(curie: str, prefixes: Dictionary[str, str] = OURS) -> str | None:
    """Return the IRI of a CURIE, or an IRI as it is; None when it is neither."""
    prefix, separator, local = curie.partition(":")
    if not separator or not curie.isprintable() or set(curie) & set(' <>"{}|\\^`'):
        return None
    if local.startswith("//"):
        return curie
    return prefixes[prefix] + local if prefix in prefixes else None


def _wrong(row: dict[str, str], prefixes: Dictionary[str, str], seen: dict[str, int]) -> tuple[str, str] | None:
    manual = row["mapping_justification"] == MANUAL
    # What a person made without a tool and nobody answers for is no proposal: the reviewer was forgotten.
    for name in (*REQUIRED, *(("reviewer_id",) if manual else ())):
        if not row.get(name):
            return name, "a value is required"
    if row.get("record_id"):
        slug = _slug(row["record_id"], prefixes)
        if not _SLUG.fullmatch(slug):
            return (
                "record_id",
                f"{row['record_id']!r} must be lower-case letters, digits and hyphens, or mapping: and such",
            )
        if slug in seen:
            return "record_id", f"{row['record_id']!r} is already used in row {seen[slug]}"
    literal = row.get("subject_type") == LITERAL
    if literal and not row.get("subject_label"):
        return "subject_label", f"a value is required where subject_type is {LITERAL!r}"
    if not literal and not row.get("subject_id"):
        return "subject_id", f"a value is required unless subject_type is {LITERAL!r}"
    for name in _CURIES:
        if row.get(name) and expand(row[name], prefixes) is None:
            return name, f"{row[name]!r} is no IRI, or has an unknown prefix"
    allowed = {OURS[one.partition(":")[0]] + one.partition(":")[2] for one in PREDICATES}
    if expand(row["predicate_id"], prefixes) not in allowed:
        return "predicate_id", f"{row['predicate_id']!r} must be one of {', '.join(PREDICATES)}"
    if row.get("predicate_modifier", "") not in ("", "Not"):
        return "predicate_modifier", f"{row['predicate_modifier']!r} must be empty or Not"
    for name in ("confidence", "similarity_score"):
        if row.get(name) and not _FRACTION.fullmatch(row[name]):
            return name, f"{row[name]!r} must be a number from 0 to 1"
    if row.get("reviewer_agreement") and not _AGREEMENT.fullmatch(row["reviewer_agreement"]):
        return "reviewer_agreement", f"{row['reviewer_agreement']!r} must be a number from -1 to 1"
    for name in ("mapping_date", "review_date"):
        if row.get(name) and not _is_date(row[name]):
            return name, f"{row[name]!r} must be a date, YYYY-MM-DD"
    if row.get("reviewer_id") and not (row.get("mapping_date") or row.get("review_date")):
        name = "mapping_date" if "mapping_date" in row else "review_date"
        return name, "a value is required: the day of the decision, YYYY-MM-DD"
    if any("\n" in value or "\r" in value for value in row.values()):
        return next(name for name, value in row.items() if "\n" in value or "\r" in value), "a value is one line"
    return None


def _written_out(row: dict[str, str], prefixes: Dictionary[str, str]) -> dict[str, str]:
    found = {name: value.strip() for name, value in row.items() if value.strip()}
    for name in _CURIES:
        if name in found:
            found[name] = expand(found[name], prefixes) or found[name]
    for name in ("predicate_id", "mapping_justification"):
        found[name] = curie(found[name])
    if "record_id" in found:
        found["record_id"] = _slug(found["record_id"], prefixes)
    if float(found.get("reviewer_agreement") or 1) < 0:
        # Who disagrees with a mapping says the opposite of it.
        found["reviewer_agreement"] = found["reviewer_agreement"].removeprefix("-")
        if found.pop("predicate_modifier", "") != "Not":
            found["predicate_modifier"] = "Not"
    return found


def _slug(record: str, prefixes: Dictionary[str, str]) -> str:
    whole = expand(record, prefixes) or record
    return whole.removeprefix(OURS["mapping"])


def _short(name: str, value: str, prefixes: dict[str, str]) -> str:
    if not value:
        return ""
    if name == "record_id":
        prefixes["mapping"] = OURS["mapping"]
        return f"mapping:{value}"
    if name in _CURIES:
        short = curie(value)
        prefix, _, local = short.partition(":")
        if prefix in OURS and not local.startswith("//"):
            prefixes[prefix] = OURS[prefix]
        return short
    # A tab or a line break would make another cell of it.
    return " ".join(value.split())


_LOCAL: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")


def curie(iri: str) -> str:
    """Return the CURIE of an IRI where one of our prefixes gives it, else the IRI."""
    best = ""
    for prefix, namespace in OURS.items():
        if iri.startswith(namespace) and len(namespace) > len(OURS.get(best, "")):
            local = iri[len(namespace) :]
            # SSSOM's tools take a slash in a CURIE, as id:reviewer/editor has; Turtle would not.
            if all(_LOCAL.fullmatch(part) for part in local.split("/")):
                best = prefix
    return f"{best}:{iri[len(OURS[best]) :]}" if best else iri


def _curie_map(lines: list[str]) -> dict[str, str]:
    """The prefixes of a file's metadata; it is YAML, of which only this part is needed."""
    found: dict[str, str] = {}
    inside = False
    for line in lines:
        told = line[1:].rstrip()
        if re.match(r" ?curie_map:", told):
            inside = True
        elif inside and (match := re.fullmatch(r"\s{2,}\"?([\w.-]+)\"?:\s*[\"']?([^\s\"']+)[\"']?", told)):
            found[match[1]] = match[2]
        elif inside:
            inside = False
    return found


def _is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def settled(mappings: Iterable[Mapping]) -> Iterator[Mapping]:
    """Return those that somebody decided on."""
    return (one for one in mappings if one.is_decided)
