"""Deciding: what becomes of a proposal when a person accepts it, refuses it, is not sure, or takes that back."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from datetime import date
from typing import Final

from zorgkg.datasets.sssom import EXACT, MANUAL, Mapping
from zorgkg.linking.identity import Identity
from zorgkg.terms import PREFIXES

ACCEPT: Final = "accept"
REFUSE: Final = "refuse"
UNCLEAR: Final = "unclear"
UNDO: Final = "undo"
VERDICTS: Final = (ACCEPT, REFUSE, UNCLEAR, UNDO)

REVIEWER: Final = "curator"
"""The role of whoever decides and does not say in which role."""

_ROLE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class BadDecision(Exception):
    """A decision that cannot be taken; the message says why and what to do.

    :param record: the mapping that it is on.
    """

    def __init__(self, record: str, message: str) -> None:
        super().__init__(message)
        self.record = record


@dataclass(frozen=True)
class Reviewer:
    """Who decides, and when: a role, never a person.

    :param iri: `id:reviewer/{role}`.
    :param day: YYYY-MM-DD.
    """

    iri: str
    day: str

    @classmethod
    def of(cls, role: str, day: str = "") -> Reviewer:
        """Return the reviewer of a role.

        :param role: small letters, digits and hyphens, such as `curator` or `city-ghent`.
        :param day: the day of the decision; today by default.
        :raises BadDecision: the role is written otherwise.
        """
        if not _ROLE.fullmatch(role):
            raise BadDecision(
                "", f"{role!r} is no role: small letters, digits and hyphens, such as {REVIEWER}; no name"
            )
        return cls(f"{PREFIXES['id']}reviewer/{role}", day or date.today().isoformat())


def decided(mapping: Mapping, verdict: str, reviewer: Reviewer, comment: str = "") -> Mapping:
    """Return a mapping as it stands after a decision.

    The score of the tool stays in `similarity_score`; the confidence of a decision is that of the person: 1.

    :param mapping: a proposal, or what was decided otherwise before.
    :param verdict: one of :data:`VERDICTS`.
    :param reviewer: who decides.
    :param comment: why, when that is said.
    """
    score = mapping["similarity_score"] or mapping["confidence"]
    open_ = mapping.with_(
        predicate_modifier="", reviewer_id="", review_date="", reviewer_agreement="", confidence=score,
        comment=comment or mapping["comment"],
    )  # fmt: skip
    if verdict == UNDO:
        return open_
    looked = open_.with_(reviewer_id=reviewer.iri, review_date=reviewer.day, similarity_score=score)
    if verdict == UNCLEAR:
        return looked.with_(reviewer_agreement="0.0")
    return looked.with_(confidence="1.0", predicate_modifier="Not" if verdict == REFUSE else "")


def decide(
    mappings: Sequence[Mapping],
    verdicts: Dictionary[str, str],
    reviewer: Reviewer,
    elsewhere: Iterable[Mapping] = (),
    comments: Dictionary[str, str] | None = None,
) -> list[Mapping]:
    """Take decisions.

    :param mappings: the rows of a link file.
    :param verdicts: record → one of :data:`VERDICTS`.
    :param reviewer: who decides.
    :param elsewhere: decisions that other datasets' links hold.
    :param comments: record → why.
    :returns: the rows afterwards, in their order.
    :raises BadDecision: there is no such record or verdict, or the decision contradicts another.
    """
    known = {one.id: one for one in mappings}
    for record, verdict in verdicts.items():
        if record not in known:
            raise BadDecision(record, f"there is no proposal or decision {record!r}; it may have been proposed no more")
        if verdict not in VERDICTS:
            raise BadDecision(record, f"{verdict!r} is no decision; there are {', '.join(VERDICTS)}")
    notes = comments or {}
    after = [
        decided(one, verdicts[one.id], reviewer, notes.get(one.id, "")) if one.id in verdicts else one
        for one in mappings
        # What no tool proposed is no proposal when its decision is taken back: it goes.
        if not (verdicts.get(one.id) == UNDO and one["mapping_justification"] == MANUAL)
    ]
    check(after, verdicts, elsewhere)
    return after


def check(mappings: Sequence[Mapping], records: Collection[str], elsewhere: Iterable[Mapping] = ()) -> None:
    """Refuse decisions that go against others: a pair cannot be refused and be the same through others.

    :param mappings: all rows of a link file.
    :param records: those that are new.
    :param elsewhere: decisions that other datasets' links hold.
    :raises BadDecision: they do.
    """
    own = {one.id for one in mappings}
    known = Identity([*(one for one in elsewhere if one.id not in own), *(one for one in mappings if one.is_decided)])
    for one in mappings:
        if one.id not in records or not one.subject or one["predicate_id"] != EXACT or not one.is_decided:
            continue
        if one.is_refused:
            wrong = (one.subject, one.object) if known.same(one.subject, one.object) else None
        else:
            wrong = known.against_accepting(one.subject, one.object)
        if wrong:
            first, second = wrong
            told = f"<{first}> and <{second}> were refused, and are the same through others"
            raise BadDecision(one.id, f"this goes against another decision: {told}; undo one of them first")


def waiting(mappings: Iterable[Mapping], known: Identity | None = None) -> list[Mapping]:
    """Return what is left to decide: the surest first, and what was unclear before at the end.

    :param mappings: the rows of a link file.
    :param known: what was decided elsewhere; what it settles is left out.
    """
    found = [one for one in mappings if not one.is_decided]
    if known:
        found = [one for one in found if not settled(one, known)]
    return sorted(found, key=lambda one: (one.is_unclear, -one.confidence, one["subject_label"].casefold(), one.id))


def settled(mapping: Mapping, known: Identity) -> bool:
    """Whether other decisions settle a proposal: on the same two things, or that they are the same through others."""
    return bool(mapping.subject) and (mapping.pair in known.pairs or known.same(mapping.subject, mapping.object))
