"""Proposing: which things of a dataset may be the same as things that other datasets speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Final

from zorgkg.datasets.links import record
from zorgkg.datasets.sssom import EXACT, Mapping
from zorgkg.linking.identity import Identity
from zorgkg.matching import registers
from zorgkg.matching.index import Index
from zorgkg.matching.places import Places
from zorgkg.matching.record import Record
from zorgkg.matching.scoring import Candidate
from zorgkg.terms import ID, PREFIXES, dataset_graph

LEAST: Final = 0.6
"""What is less sure is not proposed, unless it is asked for."""

SIDE_BY_SIDE: Final = 20_000
"""With so many things on either side, tables are linked (:mod:`zorgkg.matching.registers`) instead of rows."""

MOST: Final = 5
"""At most so many proposals for one thing."""

REGISTERS: Final = ("kbo", "ovo", "vcode")
"""Identifiers that one organisation alone has."""

TOOL: Final = "zorgkg"

_DERIVED: Final = frozenset({"derived", "links", "ontology", "questions"})
"""Datasets that say nothing of a thing by themselves."""

_LINKED: Final = ("organisation", "project", "programme", "activity", "practice", "place", "publication")
"""Kinds of things that two datasets may both tell of."""


@dataclass(frozen=True)
class Things:
    """The things of a dataset, and those of all others.

    :param own: those that only this dataset tells of.
    :param others: those that it does not tell of.
    """

    own: list[Record]
    others: list[Record]

    @classmethod
    def of(cls, records: Iterable[Record], name: str) -> Things:
        """Divide the records of a graph.

        :param records: all of them.
        :param name: the dataset.
        """
        own, others = [], []
        for one in records:
            told = set(one.datasets) - _DERIVED
            if told == {name}:
                own.append(one)
            elif name not in told:
                others.append(one)
        return cls(own, others)


def propose(things: Things, name: str, decided: Iterable[Mapping], least: float = LEAST) -> list[Mapping]:
    """Propose links, but for what was decided either way, in either direction, or follows from that.

    :param things: the things of the dataset and of the others.
    :param name: the dataset.
    :param decided: all decisions, of this dataset's link file and of the graph.
    :param least: the least confidence of a proposal.
    :returns: mappings that nobody reviewed, the surest first.
    """
    known = Identity(decided)
    whole = {one.id: one for one in (*things.own, *things.others)}
    found: dict[frozenset[str], Mapping] = {}
    # Of those that are the same already, the one that stands for them.
    others = [one for one in things.others if known.stands_for(one.id) == one.id]
    for own, other, candidate in _pairs(Things(things.own, others)):
        pair = frozenset((own.id, other.id))
        if candidate.score < 100 * least or pair in found or pair in known.pairs or known.same(own.id, other.id):
            continue
        if _told_already(own, other, known, whole):
            continue
        found[pair] = _mapping(own, other, candidate, name)
    # What partners have in common comes together at our own thing: a link past it would go with either of them.
    best: dict[str, float] = {}
    for one in found.values():
        if "--" not in one.object:
            best[one.subject] = max(best.get(one.subject, 0.0), one.confidence)
    kept = [one for one in found.values() if "--" not in one.object or one.confidence > best.get(one.subject, 0.0)]
    return sorted(kept, key=lambda one: (-one.confidence, one["subject_label"].casefold(), one.id))


def same_identifier(own: Record, other: Record) -> tuple[str, str] | None:
    """Return the register and number that two records share, when it is one that one organisation alone has."""
    shared = [one for one in own.identifiers if one[0] in REGISTERS and one in other.identifiers]
    return shared[0] if shared else None


def by_identifier(things: Things, proposals: Iterable[Mapping]) -> dict[str, str]:
    """Return the proposals that may be accepted without a look at each: record → the reason.

    Both have one number of a register, no dataset tells of two things with it, and nothing speaks against it: neither
    another place, nor another kind, nor quite another name.

    :param things: the things of the dataset and of the others.
    :param proposals: as :func:`propose` gives them.
    """
    whole = {one.id: one for one in (*things.own, *things.others)}
    holders: dict[tuple[tuple[str, str], str], int] = {}
    for thing in whole.values():
        for number in set(thing.identifiers):
            for dataset in thing.datasets:
                holders[number, dataset] = holders.get((number, dataset), 0) + 1
    twice = {number for (number, dataset), count in holders.items() if count > 1 and dataset not in _DERIVED}
    found = {}
    for one in proposals:
        shared = same_identifier(whole[one.subject], whole[one.object])
        told = one["other"].split("|")
        against = {"municipality=false", "kind=false", "excluded=true"} & {*told}
        if shared and shared not in twice and not against and one.confidence == 1:
            found[one.id] = f"The same {shared[0].upper()} number, {shared[1]}."
    return found


def _pairs(things: Things) -> Iterator[tuple[Record, Record, Candidate]]:
    """The candidates: of each thing of the smaller side among those of the larger, which costs least."""
    own = [one for one in things.own if _kind(one) in _LINKED or not _is_ours(one)]
    others = [one for one in things.others if _kind(one) in _LINKED or not _is_ours(one)]
    kinds = {_kind(one) for one in own}
    others = [one for one in others if _kind(one) in kinds or not _is_ours(one)]
    turned = len(own) > len(others)
    asked, held = (others, own) if turned else (own, others)
    if not asked or not held:
        return
    places = [one for one in (*things.own, *things.others) if _kind(one) == "place"]
    known = {one.id for one in held}
    if len(asked) >= SIDE_BY_SIDE:
        try:
            for pair in registers.link(asked, held, Places.of(places)):
                one, other = pair.wanted, pair.candidate.record
                if _alike(one, other):
                    yield (other, one, pair.candidate) if turned else (one, other, pair.candidate)
            return
        except registers.NotInstalled:
            # Row by row it takes longer, and finds the same.
            pass
    index = Index.of({one.id: one for one in (*held, *places)}.values())
    try:
        for one in asked:
            for candidate in index.candidates(one, MOST + 1)[:MOST]:
                other = candidate.record
                if other.id in known and other.id != one.id and _alike(one, other):
                    yield (other, one, candidate) if turned else (one, other, candidate)
    finally:
        index.close()


def _alike(one: Record, other: Record) -> bool:
    if _is_ours(one) and _is_ours(other):
        return _kind(one) == _kind(other)
    return bool(set(one.types) & set(other.types))


def _told_already(own: Record, other: Record, known: Identity, whole: dict[str, Record]) -> bool:
    """Whether one dataset would tell of one thing twice: each tells of it under one name."""
    mine, theirs = known.members(own.id), known.members(other.id)
    if mine == {own.id} and theirs == {other.id}:
        return False
    there = {told for iri in theirs if iri in whole for told in whole[iri].datasets} - _DERIVED
    here = {told for iri in mine if iri in whole for told in whole[iri].datasets} - _DERIVED
    return bool(here & there)


def _mapping(own: Record, other: Record, candidate: Candidate, name: str) -> Mapping:
    score = f"{candidate.score / 100:.3f}"
    features = [f"{one.id}={_written(one.value)}" for one in candidate.features]
    slots = {
        "subject_id": own.id,
        "subject_label": own.names[0] if own.names else own.id,
        "subject_source": dataset_graph(name).value,
        "predicate_id": EXACT,
        "object_id": other.id,
        "object_label": other.names[0] if other.names else other.id,
        "mapping_justification": candidate.justification,
        "mapping_date": date.today().isoformat(),
        "mapping_tool": TOOL,
        "mapping_tool_version": version(TOOL),
        "confidence": score,
        "similarity_score": score,
        "other": "|".join([*features, f"match={_written(candidate.match)}"]),
    }
    sources = [one for one in other.datasets if one not in _DERIVED]
    if len(sources) == 1:
        slots["object_source"] = dataset_graph(sources[0]).value
    made = Mapping({slot: " ".join(value.split()) for slot, value in slots.items()})
    return made.with_(record_id=record(made, dataset_graph(name)))


def _written(value: float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"


def _kind(one: Record) -> str:
    return one.id.removeprefix(ID).partition("/")[0] if _is_ours(one) else ""


def _is_ours(one: Record) -> bool:
    return one.id.startswith(PREFIXES["id"])


def merged(before: Sequence[Mapping], proposals: Iterable[Mapping], decided: Iterable[Mapping] = ()) -> list[Mapping]:
    """Return the rows of a link file after proposing anew.

    What was decided stays as it is, and what was looked at and stayed unclear stays so, with the new score. Of the
    other proposals those stay that are proposed again.

    :param before: its rows.
    :param proposals: what is proposed now.
    :param decided: decisions that the graph has for this dataset; those of which the file has no row come in.
    """
    ids = {one.id for one in before}
    pairs = {one.pair for one in before if one.is_decided}
    kept = [one for one in before if one.is_decided]
    kept += [one for one in decided if one.id not in ids and one.pair not in pairs]
    pairs |= {one.pair for one in kept}
    unclear = {one.id: one for one in before if one.is_unclear}
    fresh = {one.id: one for one in proposals if one.pair not in pairs}
    looked = ("reviewer_id", "review_date", "reviewer_agreement", "comment")
    found = [
        one.with_(**{slot: unclear[one.id][slot] for slot in looked}) if one.id in unclear else one
        for one in fresh.values()
    ]
    found += [one for one in unclear.values() if one.id not in fresh]
    return [*kept, *found]
