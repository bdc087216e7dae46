"""Gathering: the evidence for what is asked, narrowed as it was asked, and what is known where nothing is stated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from zorgkg.engine.interface import Engine
from zorgkg.evidence import absence
from zorgkg.evidence.absence import CODED, Absence
from zorgkg.evidence.asked import Asked
from zorgkg.evidence.finding import Found
from zorgkg.evidence.reading import Assertion, read
from zorgkg.evidence.same import find_all

A_ROW: Final = 20
"""At most so many assertions for each of many rows."""


@dataclass
class Evidence:
    """What was gathered for one asking.

    :param asked: what was asked.
    :param assertions: what says so.
    :param absence: that nothing does, where a framework was looked at.
    :param more: whether there are more assertions.
    """

    asked: Asked
    assertions: list[Assertion]
    absence: Absence | None = None
    more: bool = False


def gather(engine: Engine, asked: Iterable[Asked], limit: int = A_ROW, offset: int = 0) -> dict[Asked, Evidence]:
    """Gather the evidence for several askings, such as the rows of an answer, in a few queries.

    :param engine: the engine.
    :param asked: what is asked.
    :param limit: at most so many assertions for each.
    :param offset: so many are skipped.
    """
    found = find_all(engine, asked, limit, offset)
    said = _read(engine, found)
    gathered = {}
    for one, those in found.items():
        fitting = _narrowed(one, said[one])
        # Of one thing a page was found already; between two things all were.
        fitting = fitting[offset:] if one.is_of_two else fitting
        gathered[one] = Evidence(one, fitting[:limit], more=those.more or len(fitting) > limit)
    silent = [
        one
        for one, evidence in gathered.items()
        if one.lacks or absence.could_stand(one)
        if not any(said.kind == "positioning" for said in evidence.assertions)
    ]
    for one, told in absence.look(engine, silent, limit).items() if silent else ():
        gathered[one].absence = told
    return gathered


def _read(engine: Engine, found: Mapping[Asked, Found]) -> dict[Asked, list[Assertion]]:
    them = read(
        engine,
        [it for those in found.values() for it in those.assertions],
        [fact for those in found.values() for fact in those.facts],
    )
    told = {}
    for asked, those in found.items():
        said = [them[it] for it in those.assertions if it in them]
        short = {way for one in said for way in one.supports}
        # The short form of an assertion is no second one.
        told[asked] = said + [them[fact] for fact in those.facts if fact in them and fact[1] not in short]
    return told


def _narrowed(asked: Asked, assertions: Sequence[Assertion]) -> list[Assertion]:
    """What fits the asking; a code or a decision is told within what rests on it, unless it is what was asked for."""
    within = set() if asked.kind or asked.of else {rest.iri for one in assertions for rest in one.rests}
    return [one for one in assertions if one.iri not in within and _fits(one, asked)]


def _fits(one: Assertion, asked: Asked) -> bool:
    if asked.kind and one.kind != asked.kind:
        return False
    if asked.predicate and asked.predicate not in one.supports:
        return False
    if asked.basis and asked.basis != (one.one("zorg:basis") or (CODED if one.coders else "")):
        return False
    if asked.named and asked.named not in (
        *one.texts("zorg:asNamed").values(),
        *one.texts("sssom:subject_label").values(),
    ):
        return False
    return not asked.source or any(
        passage.source == asked.source
        and asked.start in ("", str(passage.start))
        and asked.end in ("", str(passage.end))
        for passage in one.passages
    )
