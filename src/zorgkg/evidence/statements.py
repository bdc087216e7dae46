"""Statements: evidence as RDF, the assertions and their passages as the graph has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from zorgkg.evidence.asked import FACT
from zorgkg.evidence.gathering import Evidence
from zorgkg.evidence.reading import DERIVED_FROM, Assertion, Passage
from zorgkg.terms import term


def statements(gathered: Iterable[Evidence]) -> list[Triple]:
    """Return the statements of what was gathered, each once.

    :param gathered: what was gathered.
    """
    found: dict[Triple, None] = {}
    for evidence in gathered:
        absence = evidence.absence
        shown = [*evidence.assertions, *(absence.read_by + absence.elsewhere if absence else ())]
        for one in (each for assertion in shown for each in (assertion, *assertion.rests)):
            found |= dict.fromkeys(_of(one))
            for passage in one.passages:
                found |= dict.fromkeys(_where(passage))
    return list(found)


def _of(one: Assertion) -> Iterator[Triple]:
    node = NamedNode(one.iri)
    if one.kind != FACT:
        yield from (Triple(node, NamedNode(way), value) for way, values in one.terms.items() for value in values)
        return
    # The thing that a fact is about has a description of its own; here is the fact, and where it comes from.
    yield from (Triple(node, NamedNode(DERIVED_FROM), value) for value in one.terms.get(DERIVED_FROM, ()))
    if one.predicate and one.object is not None:
        yield Triple(node, NamedNode(one.predicate), one.object)


def _where(passage: Passage) -> Iterator[Triple]:
    node = NamedNode(passage.iri)
    yield Triple(node, term("rdf:type"), term("zorg:Passage"))
    yield Triple(node, term("dcterms:isPartOf"), NamedNode(passage.source))
    for name, number in (("startOffset", passage.start), ("endOffset", passage.end), ("row", passage.row)):
        if number is not None:
            yield Triple(node, term(f"zorg:{name}"), Literal(number))
    if passage.sheet:
        yield Triple(node, term("zorg:sheet"), Literal(passage.sheet))
    if passage.section and passage.section != passage.iri:
        yield Triple(node, term("zorg:section"), NamedNode(passage.section))
