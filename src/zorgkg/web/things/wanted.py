"""What evidence a request wants: its parameters read, and each of them checked against what the graph holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from zorgkg.engine.interface import Engine
from zorgkg.engine.reading import select
from zorgkg.evidence.asked import KINDS, Asked
from zorgkg.evidence.query import iri
from zorgkg.questions import evidence as declared
from zorgkg.questions.evidence import Drill
from zorgkg.questions.question import Question
from zorgkg.search import nearest
from zorgkg.terms import ID, PREFIXES, THING_TYPES, shorten, term
from zorgkg.web import parameters
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import Service
from zorgkg.web.things.citations import Addresses
from zorgkg.web.things.grounds import Grounds

THINGS: Final = ("subject", "object", "lacks", "of")
NARROWING: Final = ("predicate", "basis", "kind", "source", "start", "end", "named")
OWN: Final = ("lang", "format", "excel", "languages", "limit", "offset", "version")

_WRITTEN: Final = re.compile(r"[^\x00-\x20<>\"{}|^`\\]+")
_LISTED: Final = 1000


@dataclass(frozen=True)
class Wanted:
    """What a request wants.

    :param asked: what is asked.
    :param listings: questions that list what a number counted, each with its parameters.
    :param question: the question of whose row it is, or None.
    """

    asked: Sequence[Asked]
    listings: Sequence[tuple[Question, Mapping[str, str]]] = ()
    question: Question | None = None


def read(service: Service, pairs: Pairs, language: str, may_name_nothing: bool) -> Wanted:
    """Read what a request wants.

    :param service: its graph and questions.
    :param pairs: the query string.
    :param language: language of the labels by which the nearest things are found.
    :param may_name_nothing: whether a query string without any parameter of evidence wants nothing, and is not wrong.
    :raises ProblemError: 400 or 422 with what is allowed.
    """
    identifier = parameters.single(pairs, "question")
    if identifier:
        return _of_row(service, identifier, pairs, language)
    parameters.only(pairs, (*THINGS, *NARROWING, "question", *OWN))
    parts = {name: parameters.single(pairs, name) or "" for name in (*THINGS, *NARROWING)}
    if may_name_nothing and not any(parts.values()):
        return Wanted([])
    if not any(parts[name] for name in THINGS):
        detail = (
            f"name what it is about with one or two of {', '.join(THINGS)}: an IRI, or a path below /id/; or a row of "
            "an answer, with question and the columns of that row"
        )
        raise ProblemError(422, "missing-parameter", detail, parameter=THINGS[0], allowed=[*THINGS, "question"])
    if parts["of"] and any(parts[name] for name in (*THINGS, *NARROWING) if name != "of"):
        detail = "of is an assertion, whose evidence it is already: give nothing beside it"
        raise ProblemError(422, "parameters-together", detail, parameter="of")
    if parts["object"] and parts["lacks"]:
        detail = "give object, or lacks when nothing is said to be stated, not both"
        raise ProblemError(422, "parameters-together", detail, parameter="lacks")
    return Wanted([_checked(service, parts, language)])


def _of_row(service: Service, identifier: str, pairs: Pairs, language: str) -> Wanted:
    question = service.questions.get(identifier)
    if question is None:
        detail = f"there is no question {identifier!r}; /api/questions lists them"
        raise ProblemError(422, "invalid-value", detail, parameter="question")
    if question.evidence.none:
        detail = f"{question.id} has no evidence of its rows: {question.evidence.none}"
        raise ProblemError(422, "no-evidence", detail, parameter="question")
    parameters.only(pairs, ("question", *question.evidence.names, *OWN))
    row = {name: parameters.single(pairs, name) or "" for name in question.evidence.names}
    # A thing may be written as a path, which nothing else in a row looks like.
    row = {name: value if ":" in value or "/" not in value else ID + value.strip("/") for name, value in row.items()}
    held = Grounds.of(question, {}, Addresses()).parameters
    asked, listings = [], []
    for entry in question.evidence.entries:
        if isinstance(entry, Drill):
            if (given := declared.given(entry, row, held)) is not None:
                listings.append((service.questions[entry.question], given))
        elif one := declared.asked(entry, row, held):
            asked.append(_checked(service, vars(one), language))
    if not asked and not listings:
        names = question.evidence.names
        detail = f"name a row of {question.id} by what it has for {', '.join(names)}"
        raise ProblemError(422, "missing-parameter", detail, allowed=list(names))
    return Wanted(asked, listings, question)


def _checked(service: Service, parts: Mapping[str, str], language: str) -> Asked:
    """What is asked, with every value one that there can be."""
    told = dict(parts)
    for name in THINGS:
        if told[name]:
            told[name] = _thing(service, name, told[name], language)
    if told["predicate"]:
        told["predicate"] = _property(service.engine, told["predicate"])
    if told["kind"] and told["kind"] not in KINDS:
        raise _not_allowed("kind", told["kind"], KINDS)
    for name, cls in (("basis", "zorg:Basis"), ("source", "zorg:Source")):
        if told[name]:
            told[name] = _one_of(service, name, told[name], cls, language)
    for name in ("start", "end"):
        if told[name] and not (told[name].isascii() and told[name].isdigit() and len(told[name]) < 10):
            detail = f"{name}: {told[name]!r} is no offset, a whole number of characters"
            raise ProblemError(422, "invalid-value", detail, parameter=name)
        if told[name] and not told["source"]:
            detail = f"{name} counts the characters of a source: give source too"
            raise ProblemError(422, "missing-parameter", detail, parameter="source", allowed=["source"])
    return Asked(**told)


def _thing(service: Service, name: str, text: str, language: str) -> str:
    node = _node(name, text)
    if _is_known(service.engine, node):
        return node.value
    kind, slash, _ = node.value.removeprefix(ID).partition("/")
    types = [kind] if slash and kind in THING_TYPES else []

    def fits(iri: str) -> bool:
        return not types or iri.startswith(f"{ID}{kind}/")

    found = nearest.nearest(service.search, node.value, language, fits, types) if service.search else []
    near = [one.removeprefix(ID) for one in found]
    hint = "write an IRI, or a path below /id/ such as project/vitale-buurten"
    if near:
        hint = f"did you mean {', '.join(near)}?"
    elif not types:
        hint += f"; types of things are {', '.join(THING_TYPES)}"
    detail = f"{name}: this graph says nothing of {node.value}; {hint}"
    raise ProblemError(422, "invalid-value", detail, parameter=name, allowed=list(THING_TYPES), near=near)


def _is_known(engine: Engine, node: NamedNode) -> bool:
    return any(True for _ in select(engine, f"SELECT (1 AS ?known) WHERE {{ {node} ?p ?o }} LIMIT 1"))


def _property(engine: Engine, text: str) -> str:
    """The IRI of a property: in full, with a prefix of ours, or the bare name of one of our own."""
    prefix, colon, _ = text.partition(":")
    if "://" in text or text.startswith("urn:"):
        node = _node("predicate", text)
    elif colon and prefix not in PREFIXES:
        raise _not_allowed("predicate", prefix + ":", [f"{one}:" for one in PREFIXES])
    else:
        node = _node("predicate", term(text).value if colon else f"{PREFIXES['zorg']}{text}")
    # Declared, used, or claimed; a misspelt name would else look as if no source says it.
    ways = f"{{ {node} ?p ?o }} UNION {{ ?s {node} ?o }} UNION {{ ?s rdf:predicate {node} }}"
    if any(True for _ in select(engine, f"SELECT (1 AS ?known) WHERE {{ {ways} }} LIMIT 1")):
        return node.value
    query = "SELECT DISTINCT ?it WHERE { VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty } ?it a ?kind }"
    near = nearest.alike(shorten(node.value), {shorten(iri(row, "it")): "" for row in select(engine, query)})
    hint = f"did you mean {', '.join(near)}?" if near else "/ns lists ours"
    detail = f"predicate: this graph has no property {node.value}; {hint}"
    raise ProblemError(422, "invalid-value", detail, parameter="predicate", near=near)


def _node(name: str, text: str) -> NamedNode:
    """The IRI that a value writes, in full or as the path below `/id/`."""
    written = text if "://" in text or text.startswith(("urn:", "mailto:")) else ID + text.strip("/")
    try:
        if _WRITTEN.fullmatch(written):
            return NamedNode(written)
    except ValueError:
        pass
    detail = f"{name}: {text!r} is no IRI, and no path below /id/ such as project/vitale-buurten"
    raise ProblemError(422, "invalid-value", detail, parameter=name)


def _one_of(service: Service, name: str, text: str, cls: str, language: str) -> str:
    query = f"SELECT ?it WHERE {{ ?it a {cls} }} ORDER BY ?it LIMIT {_LISTED}"
    known = [iri(row, "it") for row in select(service.engine, query)]
    for one in known:
        if text in (one, one.removeprefix(ID), one.rpartition("/")[2]):
            return one
    if len(known) == _LISTED:
        return _thing(service, name, text, language)
    raise _not_allowed(name, text, [one.removeprefix(ID) for one in known])


def _not_allowed(name: str, text: str, allowed: Sequence[str]) -> ProblemError:
    detail = f"{name}: {text!r} is none of {', '.join(allowed)}"
    return ProblemError(422, "invalid-value", detail, parameter=name, allowed=list(allowed))
