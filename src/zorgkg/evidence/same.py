"""Same: what else a thing is called in the graph, by reviewed links; what is said of that is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product

from zorgkg.engine.interface import Engine
from zorgkg.engine.reading import select
from zorgkg.evidence.asked import Asked
from zorgkg.evidence.finding import Found, find
from zorgkg.evidence.query import iri, values


def same(engine: Engine, iris: Iterable[str]) -> dict[str, list[str]]:
    """Return for those things that have any the others that are the same by reviewed links, also through others.

    :param engine: the engine.
    :param iris: the things.
    """
    block = values("one", (one for one in iris if one))
    found: dict[str, list[str]] = {}
    # Looked up for each: joined, all that is linked would be read.
    pattern = f"{block} OPTIONAL {{ ?one zorg:identifiedWith ?main }} BIND (COALESCE(?main, ?one) AS ?top)"
    pattern += " OPTIONAL { ?twin zorg:identifiedWith ?top }"
    for row in select(engine, f"SELECT DISTINCT ?one ?top ?twin WHERE {{ {pattern} }} ORDER BY ?one ?twin"):
        one = iri(row, "one")
        for other in (iri(row, "top"), iri(row, "twin")):
            if other and other != one and other not in found.get(one, ()):
                found.setdefault(one, []).append(other)
    return found


def find_all(engine: Engine, asked: Iterable[Asked], limit: int, offset: int = 0) -> dict[Asked, Found]:
    """Find what :func:`zorgkg.evidence.finding.find` finds, also of what is the same by reviewed links.

    The parameters are those of that function.
    """
    wanted = list(dict.fromkeys(asked))
    known = same(engine, {iri for one in wanted for iri in (one.subject, one.object)})
    linked = {one: many for one in wanted if len(many := _variants(one, known)) > 1}
    found = find(engine, [one for one in wanted if one not in linked], limit, offset)
    several = find(engine, [each for many in linked.values() for each in many], offset + limit) if linked else {}
    for one, many in linked.items():
        found[one] = _together(one, [several[each] for each in many], limit, offset)
    return {one: found[one] for one in wanted}


def _variants(one: Asked, known: Mapping[str, list[str]]) -> list[Asked]:
    if one.of:
        return [one]
    ends = ([end, *known.get(end, ())] for end in (one.subject, one.object))
    return [replace(one, subject=subject, object=object_) for subject, object_ in product(*ends)]


def _together(one: Asked, many: list[Found], limit: int, offset: int) -> Found:
    assertions = list(dict.fromkeys(it for found in many for it in found.assertions))
    facts = list(dict.fromkeys(fact for found in many for fact in found.facts))
    more = any(found.more for found in many)
    if one.is_of_two:
        return Found(assertions, facts, more)
    # Of one thing a page is found.
    window = assertions[offset : offset + limit]
    return Found(window, [] if offset else facts, more or len(assertions) > offset + limit)
