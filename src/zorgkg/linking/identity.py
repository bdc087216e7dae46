"""Identity: what follows from the decisions together, and which decisions would contradict each other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from zorgkg.datasets.sssom import EXACT, Mapping
from zorgkg.engine.interface import Engine
from zorgkg.engine.reading import select
from zorgkg.evidence.query import iri
from zorgkg.terms import ID


class Identity:
    """Which things are one and the same by the decisions that were taken, also through others.

    :param decided: the decisions, of all datasets.
    """

    def __init__(self, decided: Iterable[Mapping]) -> None:
        self._above: dict[str, str] = {}
        self._members: dict[str, set[str]] = {}
        self._refused: dict[str, set[str]] = {}
        self.pairs: set[frozenset[str]] = set()
        """What was decided, either way."""
        refused = []
        for one in decided:
            if one.subject and one["predicate_id"] == EXACT and one.is_decided:
                self.pairs.add(one.pair)
                if one.is_refused:
                    refused.append(one)
                else:
                    self.accept(one.subject, one.object)
        for one in refused:
            self.refuse(one.subject, one.object)

    def same(self, one: str, other: str) -> bool:
        """Whether two things are the same by what was accepted, also through others."""
        return self._root(one) == self._root(other)

    def members(self, iri: str) -> set[str]:
        """Return all that is the same as a thing, with itself."""
        return self._members.get(self._root(iri), {iri})

    def stands_for(self, iri: str) -> str:
        """Return the one thing that stands for all that are the same (ontology/rules/71-identified-things.rq)."""
        return min(self.members(iri), key=lambda one: (2 if not one.startswith(ID) else 1 if "--" in one else 0, one))

    def accept(self, one: str, other: str) -> None:
        """Take two things for the same."""
        self.pairs.add(frozenset((one, other)))
        first, second = self._root(one), self._root(other)
        if first != second:
            self._above[second] = first
            self._members[first] = self._members.get(first, {first}) | self._members.pop(second, {second})

    def refuse(self, one: str, other: str) -> None:
        """Take two things for different."""
        self.pairs.add(frozenset((one, other)))
        self._refused.setdefault(one, set()).add(other)
        self._refused.setdefault(other, set()).add(one)

    def against_accepting(self, one: str, other: str) -> tuple[str, str] | None:
        """Return two things that were refused and would become the same; None when there are none."""
        here, there = self.members(one), self.members(other)
        return next(
            (
                (first, second)
                for first in sorted(here)
                for second in sorted(self._refused.get(first, ()))
                if second in there
            ),
            None,
        )

    def _root(self, iri: str) -> str:
        while (above := self._above.get(iri)) is not None:
            iri = above
        return iri


def decisions(engine: Engine) -> list[Mapping]:
    """Return all decisions that the graph holds on two things being the same.

    :param engine: answers queries on the version.
    """
    found = {}
    for row in select(engine, _DECISIONS):
        record, subject, object_, refused, reviewer = (iri(row, name) for name in _COLUMNS)
        slots = {
            "record_id": record.removeprefix(ID + "mapping/"),
            "subject_id": subject,
            "object_id": object_,
            "predicate_id": EXACT,
            "predicate_modifier": refused,
            "reviewer_id": reviewer,
        }
        found[record] = Mapping({name: value for name, value in slots.items() if value})
    return list(found.values())


_COLUMNS: Final = ("mapping", "subject", "object", "refused", "reviewer")
_DECISIONS: Final = """\
SELECT ?mapping ?subject ?object ?refused ?reviewer WHERE {
  ?mapping a sssom:Mapping ; sssom:predicate_id skos:exactMatch ; sssom:subject_id ?subject ; sssom:object_id ?object ;
    sssom:reviewer_id ?reviewer .
  OPTIONAL { ?mapping sssom:predicate_modifier ?refused }
}"""
