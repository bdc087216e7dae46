"""Absence: what was looked at where nothing is stated. Not stated is not the same as not done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from zorgkg.engine.interface import Engine
from zorgkg.engine.reading import select
from zorgkg.evidence.asked import Asked
from zorgkg.evidence.finding import pairs_block
from zorgkg.evidence.query import iri, values
from zorgkg.evidence.reading import Assertion, read
from zorgkg.terms import ID

CODED: Final = ID + "framework/basis/fiche-coding"
"""The basis of what coders conclude."""


@dataclass
class Absence:
    """That nothing states that a project works on something, and what does say of the project and that framework.

    :param subject: the project, or "" when it is said of none.
    :param lacks: the component or framework.
    :param framework: its framework, or it itself.
    :param basis: the basis that it was asked for, or "" for any.
    :param read_by: the codings in which the project's description was read for that framework.
    :param elsewhere: where the project does stand in that framework.
    """

    subject: str
    lacks: str
    framework: str
    basis: str
    read_by: list[Assertion] = field(default_factory=list)
    elsewhere: list[Assertion] = field(default_factory=list)


def could_stand(asked: Asked) -> bool:
    """Tell whether it is asked of a place in a framework: of a project's, or of those on a component."""
    if asked.kind not in ("", "positioning") or asked.predicate:
        return False
    project, component = _ends(asked)
    return component.startswith(ID + "framework/") and (
        project.startswith(ID + "project/") or (not project and asked.kind == "positioning")
    )


def look(engine: Engine, silent: Iterable[Asked], limit: int) -> dict[Asked, Absence]:
    """Look at what is known where nothing is stated.

    :param engine: the engine.
    :param silent: what was asked, of which nothing is stated.
    :param limit: at most so many places where a project does stand.
    :returns: for those that are about a framework or a part of one.
    """
    ends = {one: _ends(one) for one in silent}
    frameworks = _frameworks(engine, [component for _, component in ends.values()])
    told = {
        one: Absence(project, component, frameworks[component], one.basis)
        for one, (project, component) in ends.items()
        if component in frameworks
    }
    pairs = {(absence.subject, absence.framework) for absence in told.values() if absence.subject}
    beside = _beside(engine, pairs)
    kept = {
        one: [it for it, basis in beside.get((absence.subject, absence.framework), ()) if _counts(basis, one.basis)]
        for one, absence in told.items()
    }
    # The codings come first: an assertion without a basis.
    kept = {one: its[:limit] for one, its in kept.items()}
    said = read(engine, [it for its in kept.values() for it in its], whole=False)
    for one, its in kept.items():
        for it in its:
            listed = told[one].read_by if said[it].kind == "coding" else told[one].elsewhere
            listed.append(said[it])
    return told


def _ends(asked: Asked) -> tuple[str, str]:
    """The project, "" for any, and what it may or may not work on."""
    return (asked.subject, asked.other) if asked.other else ("", asked.subject)


def _counts(basis: str, asked: str) -> bool:
    return not asked or (basis or CODED) == asked


def _beside(engine: Engine, pairs: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], list[tuple[str, str]]]:
    """The codings and positionings of projects in frameworks, each with its basis, codings first."""
    block = pairs_block(sorted(pairs))
    if not block:
        return {}
    rows = select(
        engine,
        f"""SELECT DISTINCT ?near ?far ?it ?basis ?order WHERE {{ {block}
        {{ ?it zorg:project ?near ; zorg:framework ?far }}
        UNION {{ ?it zorg:project ?near ; zorg:basis ?basis ; zorg:component ?part .
                 ?part skos:inScheme ?far ; zorg:order ?order }} }} ORDER BY ?order ?it""",
    )
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault((iri(row, "near"), iri(row, "far")), []).append((iri(row, "it"), iri(row, "basis")))
    return found


def _frameworks(engine: Engine, components: Iterable[str]) -> dict[str, str]:
    """The framework of each component; a framework is its own."""
    listed = list(dict.fromkeys(components))
    if not listed:
        return {}
    rows = select(
        engine,
        f"""SELECT ?it ?framework WHERE {{ {values("it", listed)}
        {{ ?it skos:inScheme ?framework . ?framework a zorg:Framework }}
        UNION {{ ?it a zorg:Framework . BIND (?it AS ?framework) }} }} ORDER BY ?framework""",
    )
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(iri(row, "it"), iri(row, "framework"))
    return found
