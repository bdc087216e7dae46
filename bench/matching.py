"""How well names are matched: `python -m bench.matching`. Prints the tables of docs/matching.md.

Two sets, each in two halves that share no organisation: with the one the thresholds were chosen, the other is measured.

- **sources**: the organisations of our graph. What is looked for are the forms that our sources print, which the index
  is not told; what the links refuse; and what was made of the names (:mod:`bench.organisations`).
- **register**: invented organisations in all municipalities, many of which have the same name elsewhere.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Store

from bench import organisations
from bench.organisations import Case, digest
from zorgkg.content import locate
from zorgkg.engine import reading as asked
from zorgkg.engine.embedded import EmbeddedEngine, merge
from zorgkg.engine.interface import Engine
from zorgkg.matching import names, reading
from zorgkg.matching.index import Index
from zorgkg.matching.phrases import ONE_EACH
from zorgkg.matching.places import Place, Places
from zorgkg.matching.record import Record
from zorgkg.matching.scoring import SAFE
from zorgkg.publishing import candidate
from zorgkg.terms import ID

THRESHOLDS = (80.0, 82.0, 84.0, 86.0, SAFE, 88.0, 90.0, 92.0, 94.0, 96.0)


@dataclass(frozen=True)
class Judged:
    """A case and what came of it.

    :param case: the case.
    :param score: of what is a match but for its score; 0 when nothing is.
    :param right: whether that is what is meant.
    """

    case: Case
    score: float
    right: bool


@dataclass(frozen=True)
class Quality:
    """How good a set was at a threshold.

    :param meant: cases that mean something of the register.
    :param matched: cases that were matched.
    :param right: of these, the right ones.
    """

    meant: int
    matched: int
    right: int

    @property
    def precision(self) -> float:
        """The part of the matches that is right."""
        return self.right / self.matched if self.matched else 1.0

    @property
    def recall(self) -> float:
        """The part of what is meant that was found."""
        return self.right / self.meant if self.meant else 1.0


def measured(judged: Sequence[Judged], threshold: float = SAFE) -> Quality:
    """Return how good some cases came out."""
    matched = [one for one in judged if one.score >= threshold]
    return Quality(
        sum(one.case.expected is not None for one in judged), len(matched), sum(one.right for one in matched)
    )


def judge(index: Index, cases: Sequence[Case]) -> Iterator[Judged]:
    """Look each case up."""
    index.safe = min(THRESHOLDS)
    for case in cases:
        best = next(iter(index.candidates(case.wanted, 1)), None)
        score = best.score if best and best.match else 0.0
        yield Judged(case, score, bool(best) and best is not None and best.record.id == case.expected)


def _labels(record: Record, printed: Sequence[str]) -> tuple[str, ...]:
    """The names of a record that are no printed forms."""
    return tuple(name for name in record.names if name not in printed) or record.names[:1]


def of_sources(
    records: Sequence[Record], printed: dict[str, list[str]], places: Sequence[Place]
) -> tuple[list[Record], list[Case]]:
    """Make the set of our sources.

    :param records: of the graph.
    :param printed: IRI of an organisation → its other names, as sources print them.
    :param places: municipalities.
    :returns: what the index is told, and the cases.
    """
    organisations_ = [one for one in records if one.id.startswith(f"{ID}organisation/")]
    called = {one.id: _labels(one, printed.get(one.id, ())) for one in organisations_}
    told = [replace(one, names=called.get(one.id, one.names)) for one in records]
    found: list[Case] = []
    for one in organisations_:
        for name in sorted(set(one.names) - set(called[one.id])):
            parsed = names.parse(name)
            # The printed form "CAW", or "OCMW" of no town, in a text whose reader knows which is meant.
            is_unclear = parsed.is_bare and not (one.municipality and parsed.kinds <= ONE_EACH)
            row = Record("urn:row", (name,), one.types, municipality=one.municipality)
            found.append(Case("printed form", row, None if is_unclear else one.id))
    found += refused(records)
    known = organisations.keys(organisations_)
    found += organisations.cases([replace(one, names=one.names[:1]) for one in organisations_], places, known)
    return told, found


def refused(records: Sequence[Record]) -> Iterator[Case]:
    """Give what the links say is not the same: none of these things means another."""
    by_id = {one.id: one for one in records}
    lines = (locate().data / "links/links.sssom.tsv").read_text("utf-8").splitlines()
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    for row in rows:
        prefix, _, slug = row["subject_id"].partition(":")
        subject = by_id.get(f"{ID}{slug}" if prefix == "id" else f"{ID}{prefix}/{slug}")
        if row["predicate_modifier"] == "Not" and subject:
            yield Case("refused link", subject, None)


def of_register(places: Sequence[Place], around: Sequence[Record], number: int) -> tuple[list[Record], list[Case]]:
    """Make the set of a register.

    :param places: municipalities.
    :param around: other records of the index: the places.
    :param number: organisations.
    """
    made = list(organisations.register(places, number))
    return [*around, *made], list(organisations.cases(made, places, organisations.keys(made)))


def halves(cases: Sequence[Case]) -> tuple[list[Case], list[Case]]:
    """Part cases by the organisation that they were made of: the half to tune on, and the one that is measured."""
    parts: tuple[list[Case], list[Case]] = ([], [])
    for case in cases:
        parts[digest("half", case.expected or case.wanted.names) % 2].append(case)
    return parts


def graph() -> Engine:
    """Return an engine on the graph of the repository's own data."""
    store = Store()
    store.bulk_extend(candidate.make(locate(), lambda what, done, steps: None).store)
    merge(store)
    return EmbeddedEngine(store, "")


def printed_forms(engine: Engine) -> dict[str, list[str]]:
    """Return the other names of things: what sources print."""
    found: dict[str, list[str]] = {}
    for row in asked.select(engine, "SELECT ?thing ?name WHERE { ?thing skos:altLabel ?name }"):
        found.setdefault(asked.value(row, "thing"), []).append(asked.value(row, "name"))
    return found


def table(judged: Sequence[Judged]) -> None:
    """Print precision and recall by threshold, and by kind of case."""
    print("| threshold | precision | recall |\n|---|---|---|")
    for threshold in THRESHOLDS:
        quality = measured(judged, threshold)
        print(f"| {threshold:g} | {quality.precision:.4f} | {quality.recall:.4f} |")
    print("\n| kind | cases | meant | matched | right | precision | recall |\n|---|---|---|---|---|---|---|")
    for kind in dict.fromkeys(one.case.kind for one in judged):
        having = [one for one in judged if one.case.kind == kind]
        quality = measured(having)
        print(
            f"| {kind} | {len(having)} | {quality.meant} | {quality.matched} | {quality.right} "
            f"| {quality.precision:.3f} | {quality.recall:.3f} |"
        )


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--register", type=int, default=5000, help="organisations of the register")
    parser.add_argument("--tuning", action="store_true", help="the half that thresholds are chosen with")
    parser.add_argument("--wrong", action="store_true", help="list what is wrong")
    options = parser.parse_args()
    engine = graph()
    records = list(reading.records(engine))
    printed = printed_forms(engine)
    known = Places.of(records)
    places = [place for record in records if (place := known.get(record.id))]
    named = organisations.municipalities(places)
    around = [one for one in records if one.id.startswith(f"{ID}place/")]
    sets = {"sources": of_sources(records, printed, named), "register": of_register(named, around, options.register)}
    for title, (told, cases) in sets.items():
        index = Index.of(told)
        judged = list(judge(index, halves(cases)[not options.tuning]))
        index.close()
        print(f"\n## {title}: {len(told):,} records, {len(judged):,} cases\n")
        table(judged)
        if options.wrong:
            for one in judged:
                if (one.score >= SAFE and not one.right) or (one.case.expected and one.score < SAFE):
                    print(f"{one.case.kind}: {one.case.wanted.names} in {one.case.wanted.municipality}: {one.score}")


if __name__ == "__main__":
    main()
