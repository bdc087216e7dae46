"""Scoring: from how two records compare to a score, and to whether it is safe to take the best for the one meant.

The score is for the order and for a person's eye. A match is safe when an identifier is the same, or when the names
are the same or nearly so, nothing speaks against it, the place is certain where it has to be, and no other candidate
comes near. The thresholds are measured (docs/matching.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from zorgkg.matching.phrases import DISTINCT, LOCAL, ONE_EACH, OWNERS, WIDE
from zorgkg.matching.record import Record

SAFE: Final = 87.0
"""The least score of a match."""

MARGIN: Final = 6.0
"""How far the next candidate has to be below a match."""

_OTHER_KIND: Final = 0.45
_OTHER_PLACE: Final = 0.5
_OTHER_TOWN: Final = 0.8
"""Of a body that serves several: it may be named with one of them, and be in another."""

_OTHER_NUMBER: Final = 0.4
_OTHER_POSTCODE: Final = 0.97
_PLACE_UNKNOWN: Final = 0.96
_LEAST_NAME: Final = 0.35
"""With an identifier that is the same, how alike names have to be: a unit often shows the number of its parent."""


@dataclass(frozen=True)
class Feature:
    """One way in which a candidate compares.

    :param id: which.
    :param value: a number from 0 to 1, or whether it is so.
    """

    id: str
    value: float | bool


@dataclass(frozen=True)
class Candidate:
    """A record that may be the one meant.

    :param record: the record.
    :param score: from 0 to 100.
    :param features: how it compares.
    :param match: whether it is safe to take it without a person's look.
    :param justification: why it is a candidate: a CURIE of `semapv:`.
    """

    record: Record
    score: float
    features: tuple[Feature, ...]
    match: bool
    justification: str


@dataclass(frozen=True)
class Comparison:
    """How a record compares with what is wanted.

    :param name: how alike the two names are that are most alike.
    :param same: whether these are the same, but for case, accents, legal form, language and order of words.
    :param bare: whether the wanted name says a kind alone.
    :param partly: whether one of the names says more than the other: a second body, or something in brackets.
    :param vague: whether the record's name says which it is only to those who know where: short for its label.
    :param kinds: kinds that the wanted name has words for, or that are told.
    :param others: likewise of the record.
    :param telling: whether the wanted name has so many words of its own that no other has them by chance.
    :param compared: whether there are names to compare; what is wanted may have none.
    :param identifier: the register whose number is the same; "".
    :param differs: whether both have a number of one register, and another.
    :param municipality: 1, 0, or None when it is not known of both.
    :param nowhere: whether it is known of neither.
    :param unasked: whether none is told of what is wanted.
    :param regional: whether both names say that it serves several municipalities: by its kind, or its province.
    :param postcode: likewise.
    :param kind: likewise, of the kinds that are told.
    :param parent: whether one is a unit of the other.
    """

    name: float
    same: bool = False
    bare: bool = False
    partly: bool = False
    vague: bool = False
    telling: bool = False
    kinds: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    compared: bool = False
    identifier: str = ""
    differs: bool = False
    municipality: float | None = None
    nowhere: bool = False
    unasked: bool = False
    regional: bool = False
    postcode: float | None = None
    kind: float | None = None
    parent: bool = False

    def told(
        self,
        identifier: str,
        differs: bool,
        municipality: float | None,
        nowhere: bool,
        unasked: bool,
        regional: bool,
        postcode: float | None,
        kind: float | None,
        parent: bool,
    ) -> Comparison:
        """Return this with what does not depend on the names."""
        return replace(
            self,
            identifier=identifier,
            differs=differs,
            municipality=municipality,
            nowhere=nowhere,
            unasked=unasked,
            regional=regional,
            postcode=postcode,
            kind=kind,
            parent=parent,
        )

    @property
    def excluded(self) -> bool:
        """Whether they cannot be one: of other kinds, or one a unit of the other."""
        mine, yours = self.kinds & DISTINCT, self.others & DISTINCT
        return self.parent or bool(mine and yours and not mine & yours)

    @property
    def _contradicts(self) -> bool:
        """Whether one has a kind more that no organisation is beside the other: "WZC De Wilg (LDC)"."""
        mine, yours = (kinds & DISTINCT - OWNERS for kinds in (self.kinds, self.others))
        return bool(mine and yours and mine != yours)

    @property
    def score(self) -> float:
        """From 0 to 100."""
        if self.identifier and not self.excluded:
            return 100.0 if self.name >= _LEAST_NAME or not self.compared else 85.0
        score = 100 * self.name
        if self.differs:
            score *= _OTHER_NUMBER
        if self.excluded:
            score *= _OTHER_KIND
        if self.municipality == 0:
            score *= _OTHER_TOWN if self.regional else _OTHER_PLACE
        elif self.municipality is None:
            score *= _PLACE_UNKNOWN
        if self.postcode == 0:
            score *= _OTHER_POSTCODE
        return score

    @property
    def features(self) -> tuple[Feature, ...]:
        """What a person looks at."""
        found = [Feature("name", round(self.name, 3)), Feature("same_name", self.same)] if self.compared else []
        if self.identifier or self.differs:
            found.append(Feature("identifier", bool(self.identifier)))
        for name in ("municipality", "postcode", "kind"):
            value = getattr(self, name)
            if value is not None:
                found.append(Feature(name, bool(value)))
        if self.excluded:
            found.append(Feature("excluded", True))
        return tuple(found)

    @property
    def justification(self) -> str:
        """A CURIE of the vocabulary of mapping justifications."""
        if self.identifier:
            return "semapv:BackgroundKnowledgeBasedMatching"
        if self.same:
            return "semapv:LexicalMatching"
        return "semapv:LexicalSimilarityThresholdMatching"

    @property
    def clear(self) -> bool:
        """Whether nothing is missing that would have to be known to be certain."""
        if self.excluded or self._contradicts or self.differs or self.partly:
            return False
        if self.municipality == 0 or self.kind == 0:
            return False
        if self.identifier:
            return self.name >= _LEAST_NAME or not self.compared
        if not self.compared:
            return False
        kinds = self.kinds | self.others
        if self.bare:
            return bool(self.kinds) and self.kinds <= ONE_EACH and self.municipality == 1
        if self.municipality is None and (self.vague or kinds & LOCAL):
            # The name of a service is enough where nothing is known of its place, and none is asked for.
            return self.same and self.nowhere and not self.vague
        if self.unasked and self.same:
            return True
        # "Omega" of one town may be another than the one that we know, without knowing where it is.
        return self.municipality == 1 or self.nowhere or self.telling or self.regional or bool(kinds & WIDE)


def rank(
    compared: Sequence[tuple[Record, Comparison]],
    limit: int,
    only: Callable[[Record], bool] | None = None,
    safe: float = SAFE,
) -> list[Candidate]:
    """Return candidates by descending score, the best of which may be a match.

    :param compared: records, and how each compares.
    :param limit: how many to return.
    :param only: tells which may be returned; None: each may.
    :param safe: the least score of a match.
    """
    ordered = sorted(compared, key=lambda pair: (-pair[1].score, pair[1].postcode != 1, pair[0].id))
    found: list[Candidate] = []
    for place, (record, one) in enumerate(ordered):
        if only is None or only(record):
            match = place == 0 and _is_safe(ordered, safe)
            found.append(Candidate(record, round(one.score, 1), one.features, match, one.justification))
    return found[:limit]


def _is_safe(ordered: Sequence[tuple[Record, Comparison]], safe: float) -> bool:
    _, best = ordered[0]
    if best.score < safe or not best.clear:
        return False
    near = (other.score for _, other in ordered[1:] if not _decides(best, other))
    return best.score - max(near, default=0.0) >= MARGIN


def _decides(best: Comparison, other: Comparison) -> bool:
    """Whether the best has what tells it from one that is as like: a number, or else the postcode."""
    if best.identifier or other.identifier:
        return not other.identifier
    return best.postcode == 1 and other.postcode != 1 and best.name >= other.name
