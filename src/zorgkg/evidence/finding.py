"""Finding: which assertions connect two things, or are made of one; for many rows of an answer at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal

from zorgkg.engine.interface import Engine
from zorgkg.engine.reading import select
from zorgkg.evidence.asked import ASSERTIONS, FACT, Asked, Kind
from zorgkg.evidence.query import iri, named, values
from zorgkg.terms import ID, NS, term

ROLE: Final = ID + "framework/participation-role/"
BASIS: Final = ID + "framework/basis/"
ADDRESSES: Final = NS + "addresses"
ADDRESSES_BY: Final = {
    BASIS + "fiche-coding": NS + "addressesByCoding",
    BASIS + "self-assessment": NS + "addressesBySelfAssessment",
    BASIS + "narrative-example": NS + "addressesByNarrativeExample",
    BASIS + "statement": NS + "addressesByStatement",
}
"""What follows from a positioning on each basis (rule 51-addresses-by-basis)."""
TAKES_PLACE: Final = NS + "takesPlaceIn"
PLACES: Final = tuple(NS + name for name in ("inMunicipality", "inProvince", "inRegion"))
"""What follows from where a project takes place."""
INITIATOR_KIND: Final = NS + "initiatorKind"
"""What follows from who leads a project (rule 41-initiator-kinds)."""
DESCRIBED_IN: Final = NS + "describedIn"
"""What follows from where it stands who takes part in a project, or what it is (rule 52-described-in)."""

_NEAR: Final = ("project", "organisation")
"""The types of things of which least is said, the least first: from there a query starts, of two things."""

_UNSAID: Final = {term(one).value for one in ("rdf:type", "prov:wasDerivedFrom", "dcterms:isPartOf", "zorg:section")}
"""Properties that connect things without saying what a source could say."""

_TOLD: Final = [kind for name, kind in ASSERTIONS.items() if name not in ("code", "adjudication", "coding")]
"""What is said of a thing; codes and decisions are told with the positioning that rests on them."""

SORTED: Final = 200
"""What is said of one thing is sorted when there is no more of it; else it comes as the engine finds it."""

BETWEEN: Final = 200
"""At most so many assertions between two things, such as two organisations that meet in many projects."""

Pair = tuple[str, str]
Fact = tuple[str, str, str]


@dataclass
class Found:
    """What was found for one asking.

    :param assertions: IRIs of assertions.
    :param facts: statements without an assertion of their own: subject, property and object; with "" for the last two,
        the description of the subject as a whole.
    :param more: whether there are more assertions.
    """

    assertions: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    more: bool = False


def find(engine: Engine, asked: Iterable[Asked], limit: int, offset: int = 0) -> dict[Asked, Found]:
    """Find the assertions that each of several askings is after.

    Only what is asked of one thing is narrowed here: between two things there are few, and what reads them narrows.

    :param engine: the engine.
    :param asked: what is asked.
    :param limit: at most so many assertions on one thing.
    :param offset: so many assertions on one thing are skipped.
    """
    found = {one: Found([one.of] if one.of else []) for one in asked}
    _between(engine, [one for one in found if one.is_of_two], found)
    single = [one for one in found if not one.is_of_two and not one.of]
    _at(engine, [one for one in single if one.start], found)
    _on(engine, [one for one in single if not one.start], found, limit, offset)
    return found


# Between two things

_DIRECT: Final = """\
{ ?it zorg:project ?near . ?it ?way ?far }
UNION { ?it zorg:agent ?near . ?it zorg:role ?far }
UNION { ?it rdf:subject ?near . ?it rdf:object ?far } UNION { ?it rdf:object ?near . ?it rdf:subject ?far }
UNION { ?it zorg:about ?near . ?it zorg:topic ?far } UNION { ?it zorg:about ?far . ?it zorg:topic ?near }
UNION { ?it org:organization|org:member ?near . ?it org:organization|org:member ?far }
UNION { ?it sssom:subject_id|sssom:object_id ?near . ?it sssom:subject_id|sssom:object_id ?far }"""

# What two organisations or two projects share is told by two assertions: each of theirs on it.
_EACH: Final = "VALUES ?which { 1 2 } BIND (IF(?which = 1, ?one, ?other) AS ?it)"

# A positioning describes no project: what it leaves out says nothing (rule 52-described-in).
_DESCRIBING: Final = "FILTER EXISTS { ?it a ?class . FILTER (?class IN (zorg:Participation, zorg:Claim)) }"

_WAYS: Final[tuple[tuple[str, Callable[[str, str], bool]], ...]] = (
    (_DIRECT, lambda near, far: True),
    # A claim says where a project takes place; that it is in what that place lies in follows (rule 40-project-places).
    (
        "?near zorg:takesPlaceIn ?spot . ?spot (zorg:partOf|dcterms:isReplacedBy)* ?far . "
        "?it rdf:subject ?near ; rdf:object ?spot ; rdf:predicate zorg:takesPlaceIn",
        lambda near, far: _is(far, "place"),
    ),
    (
        "?it zorg:project ?near ; zorg:component ?part . ?part skos:inScheme ?far",
        lambda near, far: _is(far, "framework") and far.count("/") == ID.count("/") + 1,
    ),
    (
        "?it qb:dataSet|zorg:call|zorg:area|zorg:category|zorg:framework ?near ; "
        "qb:dataSet|zorg:call|zorg:area|zorg:category|zorg:framework|zorg:component ?far ; a qb:Observation",
        lambda near, far: not _is(near, "project"),
    ),
    (
        f"?it zorg:project ?near ; zorg:role <{ROLE}initiator> ; zorg:agent/org:classification ?far",
        lambda near, far: _is(near, "project") and _is(far, "framework/organisation-kind"),
    ),
    (
        f"?it zorg:project|rdf:subject ?near ; prov:wasDerivedFrom/dcterms:isPartOf ?far . {_DESCRIBING}",
        lambda near, far: _is(near, "project") and _is(far, "source"),
    ),
    (
        "?one zorg:agent ?near ; zorg:project ?shared . ?other zorg:project ?shared ; zorg:agent ?far . " + _EACH,
        lambda near, far: _is(near, "organisation") and _is(far, "organisation"),
    ),
    (
        "?one zorg:project ?near ; zorg:agent ?shared . FILTER NOT EXISTS { ?shared a zorg:ActorGroup } "
        "?other zorg:project ?far ; zorg:agent ?shared . " + _EACH,
        lambda near, far: _is(near, "project") and _is(far, "project"),
    ),
)
"""The ways in which assertions connect two things, each with the pairs for which it is tried."""


def _between(engine: Engine, asked: Sequence[Asked], found: Mapping[Asked, Found]) -> None:
    """One query for each way, over all pairs."""
    pairs: dict[Pair, list[Asked]] = {}
    for one in asked:
        near, far = sorted((one.subject, one.other), key=_nearness)
        pairs.setdefault((near, far), []).append(one)
    for pattern, fits in _WAYS:
        block = pairs_block(pair for pair in pairs if fits(*pair))
        if not block:
            continue
        for row in select(engine, f"SELECT DISTINCT ?near ?far ?it WHERE {{ {block} {pattern} }} ORDER BY ?it"):
            for one in pairs[iri(row, "near"), iri(row, "far")]:
                _add(found[one], iri(row, "it"))
    _plain(engine, pairs, found)


def _add(found: Found, it: str) -> None:
    if len(found.assertions) == BETWEEN:
        found.more = True
    elif it not in found.assertions:
        found.assertions.append(it)


def _plain(engine: Engine, pairs: Mapping[Pair, Sequence[Asked]], found: Mapping[Asked, Found]) -> None:
    """The statements that connect two things directly; where an organisation is based, also by the larger places."""
    based = pairs_block(pair for pair in pairs if _is(pair[0], "organisation") and _is(pair[1], "place"))
    queries = []
    if block := pairs_block(pairs):
        pattern = "{ ?near ?way ?far BIND (?near AS ?one) BIND (?far AS ?other) } UNION "
        pattern += "{ ?far ?way ?near BIND (?far AS ?one) BIND (?near AS ?other) }"
        queries.append(f"{block} {pattern}")
    if based:
        pattern = "?near zorg:inMunicipality ?other . ?other (zorg:partOf|dcterms:isReplacedBy)+ ?far "
        queries.append(f"{based} {pattern} BIND (?near AS ?one) BIND (zorg:inMunicipality AS ?way)")
    for query in queries:
        for row in select(engine, f"SELECT DISTINCT ?near ?far ?one ?way ?other WHERE {{ {query} }} ORDER BY ?way"):
            # An assertion's own properties are the assertion, and told with it.
            way = iri(row, "way")
            if way not in _UNSAID and not any(way in kind.ends for kind in ASSERTIONS.values()):
                for one in pairs[iri(row, "near"), iri(row, "far")]:
                    found[one].facts.append((iri(row, "one"), way, iri(row, "other")))


def pairs_block(pairs: Iterable[Pair]) -> str:
    """Return a VALUES block of pairs of things, `?near` and `?far`; "" when there is none."""
    ends = [(named(near), named(far)) for near, far in pairs]
    lines = [f"({near} {far})" for near, far in ends if near and far]
    return f"VALUES (?near ?far) {{ {' '.join(lines)} }}" if lines else ""


def _nearness(end: str) -> tuple[int, str]:
    kind = end.removeprefix(ID).partition("/")[0]
    return (_NEAR.index(kind) if kind in _NEAR else len(_NEAR)), end


def _is(end: str, kind: str) -> bool:
    return end.startswith(f"{ID}{kind}/")


# On one thing


def _at(engine: Engine, asked: Iterable[Asked], found: Mapping[Asked, Found]) -> None:
    """What is said of things at some passage: one query for each kind, which gives all places at once."""
    by_kind: dict[str, list[Asked]] = {}
    for one in asked:
        by_kind.setdefault(one.kind, []).append(one)
    for kind, many in by_kind.items():
        rows = select(
            engine,
            f"""SELECT DISTINCT ?near ?it ?source ?start ?end WHERE {{ {values("near", [one.thing for one in many])}
            ?it {_path(kind)} ?near . ?it prov:wasDerivedFrom ?passage .
            ?passage dcterms:isPartOf ?source ; zorg:startOffset ?start ; zorg:endOffset ?end }} ORDER BY ?it""",
        )
        for row in rows:
            near, source, start, end = (iri(row, name) for name in ("near", "source", "start", "end"))
            for one in many:
                if (one.thing, one.source or source, one.start, one.end or end) == (near, source, start, end):
                    _add(found[one], iri(row, "it"))


def _on(engine: Engine, asked: Sequence[Asked], found: Mapping[Asked, Found], limit: int, offset: int) -> None:
    """One query of as many parts as there are things, each with its own limit, which VALUES could not give."""
    numbered = {str(number): one for number, one in enumerate(asked) if named(one.thing)}
    if not numbered:
        return
    # Nothing is sorted there: of a component with 26,000 positionings that takes four seconds from disk.
    most = max(SORTED, offset + limit) + 1
    parts = [
        f"{{ SELECT DISTINCT ({number} AS ?row) ?it WHERE {{ {_said_of(one)} }} LIMIT {most} }}"
        for number, one in numbered.items()
    ]
    listed: dict[str, list[str]] = {number: [] for number in numbered}
    for row in select(engine, f"SELECT ?row ?it WHERE {{ {' UNION '.join(parts)} }}"):
        listed[iri(row, "row")].append(iri(row, "it"))
    for number, one in numbered.items():
        its = listed[number]
        its = sorted(its) if len(its) <= SORTED else its
        found[one].assertions = its[offset : offset + limit]
        found[one].more = len(its) > offset + limit
        if not offset and one.kind in ("", FACT) and not (one.predicate or one.basis or one.source or one.named):
            found[one].facts.append((one.thing, "", ""))
    if not offset:
        _properties(
            engine, [one for one in numbered.values() if one.predicate and one.kind in ("", FACT)], found, limit
        )


def _properties(engine: Engine, asked: Sequence[Asked], found: Mapping[Asked, Found], limit: int) -> None:
    """What things have for a property, as plain statements."""
    block = pairs_block((one.thing, one.predicate) for one in asked)
    if not block:
        return
    rows = select(engine, f"SELECT ?near ?far ?value WHERE {{ {block} ?near ?far ?value }} ORDER BY ?value")
    said: dict[Pair, list[Fact]] = {}
    for row in rows:
        near, way, value = (iri(row, name) for name in ("near", "far", "value"))
        if value:
            said.setdefault((near, way), []).append((near, way, value))
    for one in asked:
        found[one].facts += said.get((one.thing, one.predicate), [])[:limit]


def _said_of(one: Asked) -> str:
    """The pattern of what is said of a thing: from the thing outwards, and what narrows it after that."""
    node = named(one.thing)
    if one.kind == FACT:
        return "VALUES ?it { }"
    if one.predicate and not one.kind:
        # Where a project is follows from where it takes place (rule 40-project-places).
        said = TAKES_PLACE if one.predicate in PLACES else one.predicate
        ways = [f"?it rdf:subject|rdf:object {node} ; rdf:predicate {named(said)}"]
        bases = [named(basis) for basis, way in ADDRESSES_BY.items() if way == one.predicate]
        if bases or one.predicate == ADDRESSES:
            ways.append(f"?it zorg:project|zorg:component {node} . FILTER EXISTS {{ ?it a zorg:Positioning }}")
            ways[-1] += "".join(f" FILTER EXISTS {{ ?it zorg:basis {basis} }}" for basis in bases)
        elif one.predicate == INITIATOR_KIND:
            ways.append(f"?it zorg:project|(zorg:agent/org:classification) {node} ; zorg:role <{ROLE}initiator>")
        elif one.predicate == DESCRIBED_IN:
            there = f"{{ ?it zorg:project|rdf:subject {node} }} UNION "
            there += f"{{ ?passage dcterms:isPartOf {node} . ?it prov:wasDerivedFrom ?passage }}"
            ways.append(f"{there} {_DESCRIBING}")
        elif one.predicate.startswith(NS):
            role = named(ROLE + one.predicate.removeprefix(NS))
            ways.append(f"?it zorg:project|zorg:agent {node} ; zorg:role {role}")
    else:
        # The class only tests what was found: a planner that joins could begin with all that has it.
        classes = ", ".join(f"<{kind.cls}>" for kind in _kinds(one.kind))
        ways = [f"?it {_path(one.kind)} {node} . FILTER EXISTS {{ ?it a ?class . FILTER (?class IN ({classes})) }}"]
    tests = [f"?it zorg:basis {basis}"] if (basis := named(one.basis)) else []
    if source := named(one.source):
        tests.append(f"?it prov:wasDerivedFrom ?passage . FILTER EXISTS {{ ?passage dcterms:isPartOf {source} }}")
    if one.named:
        tests.append(f"?it zorg:asNamed|sssom:subject_label ?named . FILTER (STR(?named) = {Literal(one.named)})")
    # Tests of one pattern each: an engine looks up the few that were found, instead of joining all that fit.
    tested = " ".join(f"FILTER EXISTS {{ {test} }}" for test in tests)
    return f"{{ {' } UNION { '.join(ways)} }} {tested}"


def _kinds(name: str) -> list[Kind]:
    return [ASSERTIONS[name]] if name in ASSERTIONS else _TOLD


def _path(kind: str) -> str:
    return "|".join(dict.fromkeys(f"<{end}>" for one in _kinds(kind) for end in one.ends))
