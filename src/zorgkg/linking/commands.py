"""What `zorgkg link` does, step by step; the command line and the server use it alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from zorgkg.datasets import sssom
from zorgkg.datasets.links import record
from zorgkg.datasets.problems import InvalidData, Problem
from zorgkg.datasets.sssom import Mapping
from zorgkg.engine.interface import Engine
from zorgkg.linking import deciding, identity, openrefine, proposing, recorded
from zorgkg.linking.deciding import BadDecision, Reviewer
from zorgkg.linking.identity import Identity
from zorgkg.linking.linkfile import LinkFile
from zorgkg.linking.proposing import Things
from zorgkg.matching import reading
from zorgkg.terms import ID, dataset_graph


def propose(
    file: LinkFile, engine: Engine, least: float = proposing.LEAST, accept: Reviewer | None = None
) -> tuple[list[Mapping], int]:
    """Propose links for a dataset, and write them into its link file.

    :param file: its link file.
    :param engine: answers queries on the version.
    :param least: the least confidence of a proposal.
    :param accept: who accepts at once what one identifier shows to be the same; None: nobody.
    :returns: the rows of the file, and how many were accepted so.
    """
    things = Things.of(reading.records(engine), file.name)
    known = identity.decisions(engine)
    rows = file.read()
    mine = {one.id for one in rows}
    # What the file takes back is not decided any more, though the graph still has it.
    found = proposing.propose(things, file.name, [*(one for one in known if one.id not in mine), *rows], least)
    reasons = proposing.by_identifier(things, found) if accept else {}

    def change(before: list[Mapping]) -> Sequence[Mapping]:
        after = proposing.merged(before, found, recorded.of(engine, file.name))
        if not accept:
            return after
        together = Identity([*known, *after])
        verdicts = {}
        for one in after:
            # What goes against a refusal waits for a person.
            if one.id in reasons and not one.is_reviewed and not together.against_accepting(one.subject, one.object):
                together.accept(one.subject, one.object)
                verdicts[one.id] = deciding.ACCEPT
        return deciding.decide(after, verdicts, accept, known, reasons)

    after = file.change(change)
    accepted = sum(1 for one in after if one.id in reasons and one.is_accepted)
    return after, accepted


def export(file: LinkFile, target: Path | None, decided: bool = False) -> str:
    """Return the text of a dataset's mapping set for others' tools, and write it when there is a target.

    :param decided: leave the proposals out.
    """
    rows = [one for one in file.read() if one.is_decided or not decided]
    iri, told = dataset_graph(file.name).value, f"Links of the dataset {file.name}."
    if target:
        sssom.write(target, rows, iri, told)
    return sssom.text(rows, iri, told)


def take_over(file: LinkFile, engine: Engine, source: Path, reviewer: Reviewer, key: str = "", match: str = "") -> int:
    """Import decisions: from SSSOM, or from OpenRefine's export.

    A decision that is there already gives way to the one that comes. A row of SSSOM that nobody reviewed stays a
    proposal.

    :param file: the dataset's link file.
    :param engine: answers queries on the version.
    :param source: `.tsv` with the slots of SSSOM, or CSV or TSV with a key and a match.
    :param reviewer: who decided, where the file does not say.
    :returns: how many decisions came.
    :raises InvalidData: the file is malformed, names what is not in the graph, or goes against another decision.
    """
    known = describes(engine)
    rows = _read(file.name, source, reviewer, known, key, match)
    problems = [
        Problem(f"{iri} is not in the graph", source, one.row or None, None, slot)
        for one in rows
        for slot, iri in (("subject_id", one.subject), ("object_id", one.object))
        if iri.startswith(ID) and not known(iri)
    ]
    if problems:
        raise InvalidData(problems)
    elsewhere = identity.decisions(engine)

    def change(before: list[Mapping]) -> Sequence[Mapping]:
        coming = {one.pair: one for one in rows}
        kept = [one for one in before if one.pair not in coming or (one.is_decided and not coming[one.pair].is_decided)]
        stay = {one.pair for one in kept}
        after = [*kept, *(one for one in coming.values() if one.pair not in stay)]
        deciding.check(after, {one.id for one in rows}, elsewhere)
        return after

    try:
        file.change(change)
    except BadDecision as error:
        at = next((one.row for one in rows if one.id == error.record), 0)
        raise InvalidData([Problem(str(error), source, at or None)]) from error
    return sum(one.is_decided for one in rows)


def describes(engine: Engine) -> Callable[[str], bool]:
    """Return what tells whether the graph describes a thing."""
    known: dict[str, bool] = {}

    def answer(iri: str) -> bool:
        if iri not in known:
            known[iri] = bool(engine.query(f"ASK {{ <{iri}> a ?class }}"))
        return known[iri]

    return answer


def _read(
    name: str, source: Path, reviewer: Reviewer, known: Callable[[str], bool], key: str, match: str
) -> list[Mapping]:
    head = source.read_bytes()[:100_000].decode("utf-8", "replace")
    header = next((line for line in head.splitlines() if not line.startswith("#")), "")
    if not key and not match and "predicate_id" in header:
        graph = dataset_graph(name)
        read = sssom.read(source)
        return [one if one.id else one.with_(record_id=record(one, graph)) for one in read]
    return openrefine.read(source, name, reviewer, known, key, match)
