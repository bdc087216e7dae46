"""`/api/evidence`: what says that two things have to do with each other, who says so, and where in which source.

Without a second thing: all that is said of the one. With `question`: the evidence of a row of that question's answer,
given by the columns and parameters that its header `evidence` names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple
from starlette.requests import Request
from starlette.responses import Response

from zorgkg.engine.interface import Engine
from zorgkg.evidence.asked import ASSERTIONS, KINDS, Asked
from zorgkg.evidence.gathering import Evidence, gather
from zorgkg.evidence.query import iri, select
from zorgkg.evidence.reading import Assertion
from zorgkg.questions import evidence as declared
from zorgkg.questions.evidence import Drill
from zorgkg.questions.question import Question
from zorgkg.terms import ID, PREFIXES, THING_TYPES, term
from zorgkg.web import citation_table, citations, links, pages, parameters, representations
from zorgkg.web.citations import Addresses
from zorgkg.web.grounds import Grounds
from zorgkg.web.parameters import Pairs
from zorgkg.web.portraits import Namer
from zorgkg.web.problems import ProblemError
from zorgkg.web.representations import FORMS
from zorgkg.web.service import Service, of

PATH: Final = "/api/evidence"
OFFERED: Final = ("json", "html", *(name for name in representations.TABLE if name not in ("json", "geojson")))
"""The forms: JSON with what nests, tables with a row for each passage, RDF of the assertions themselves, a page."""

LIMIT, MOST = 100, 1000
"""Assertions that are given when `limit` isn't, and the most."""

THINGS: Final = ("subject", "object", "lacks", "of")
NARROWING: Final = ("predicate", "basis", "kind", "source", "start", "end", "named")
_OWN: Final = ("lang", "format", "excel", "languages", "limit", "offset", "version")
_OFFSET: Final = 10**6
_LOCAL: Final = re.compile(r"[^\x00-\x20<>\"{}|^`\\]+")


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


def answer(request: Request) -> Response:
    """Answer `/api/evidence`, also with the suffix of a form.

    :raises ProblemError: 400, 404, 406 or 422, as the parameters are wrong.
    """
    service, pairs = of(request), parameters.of(request)
    language = parameters.language(request, pairs)
    form = representations.chosen(request, pairs, OFFERED, request.scope["path"].removeprefix(PATH).lstrip("."))
    limit = parameters.whole(pairs, "limit", 1, MOST) or LIMIT
    offset = parameters.whole(pairs, "offset", 0, _OFFSET) or 0
    wanted = _wanted(service, pairs)
    name = Namer(service.engine, language)
    found = gather(service.engine, wanted.asked, limit, offset)
    name.learn(citations.things(found.values()))
    more = any(one.more for one in found.values())
    told = _links(request, pairs, wanted, form.name, limit if more else 0, offset)
    if form.kind == "page":
        context = _told(wanted, found, name, Addresses(links.relative(request, ""), _kept(pairs)), service)
        alternates = [(label, _as(request, pairs, one)) for label, one in _DOWNLOADS]
        context |= {"downloads": alternates, "next": _page(request, pairs, offset + limit) if more else None}
        return pages.render(request, "evidence.html", language, context, headers={"Link": ", ".join(told)})
    if form.name == "json":
        at = Addresses(links.absolute(request, ""), _kept(pairs))
        values = _told(wanted, found, name, at, service)
        body = (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()
    elif form.kind == "graph":
        body = representations.graph(form, _triples(found.values()), None)
    else:
        body = representations.table(form, citation_table.table(found.values(), name), _languages(pairs))
    return representations.response(request, form, body, language, told, "evidence")


_DOWNLOADS: Final = (("JSON", "json"), ("CSV", "csv"), ("TSV", "tsv"), ("Turtle", "ttl"), ("JSON-LD", "jsonld"))


def _languages(pairs: Pairs) -> bool:
    return parameters.truth(pairs, "languages")


# What is wanted


def _wanted(service: Service, pairs: Pairs) -> Wanted:
    identifier = parameters.single(pairs, "question")
    if identifier:
        return _of_row(service, identifier, pairs)
    parameters.only(pairs, (*THINGS, *NARROWING, "question", *_OWN))
    parts = {name: parameters.single(pairs, name) or "" for name in (*THINGS, *NARROWING)}
    if not any(parts[name] for name in THINGS):
        detail = f"name what it is about with one or two of {', '.join(THINGS)}: an IRI, or a path below /id/"
        raise ProblemError(400, "missing-parameter", detail, allowed=[*THINGS, "question"])
    if parts["of"] and any(parts[name] for name in (*THINGS, *NARROWING) if name != "of"):
        detail = "of is an assertion, whose evidence it is already: give nothing beside it"
        raise ProblemError(400, "parameters-together", detail, parameter="of")
    if parts["object"] and parts["lacks"]:
        detail = "give object, or lacks when nothing is said to be stated, not both"
        raise ProblemError(400, "parameters-together", detail, parameter="lacks")
    return Wanted([_checked(service.engine, parts)])


def _of_row(service: Service, identifier: str, pairs: Pairs) -> Wanted:
    question = service.questions.get(identifier)
    if question is None:
        detail = f"there is no question {identifier!r}; /api/questions lists them"
        raise ProblemError(422, "invalid-value", detail, parameter="question")
    if question.evidence.none:
        detail = f"{question.id} has no evidence of its rows: {question.evidence.none}"
        raise ProblemError(422, "no-evidence", detail, parameter="question")
    parameters.only(pairs, ("question", *question.evidence.names, *_OWN))
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
            asked.append(_checked(service.engine, vars(one)))
    if not asked and not listings:
        names = question.evidence.names
        detail = f"name a row of {question.id} by what it has for {', '.join(names)}"
        raise ProblemError(400, "missing-parameter", detail, allowed=list(names))
    return Wanted(asked, listings, question)


def _checked(engine: Engine, parts: Mapping[str, str]) -> Asked:
    """What is asked, with every value one that there can be."""
    told = dict(parts)
    for name in THINGS:
        if told[name]:
            told[name] = _thing(engine, name, told[name])
    if told["predicate"]:
        told["predicate"] = _property(told["predicate"])
    if told["kind"] and told["kind"] not in KINDS:
        raise _not_allowed("kind", told["kind"], KINDS)
    for name, cls in (("basis", "zorg:Basis"), ("source", "zorg:Source")):
        if told[name]:
            told[name] = _one_of(engine, name, told[name], cls)
    for name in ("start", "end"):
        if told[name] and not (told[name].isascii() and told[name].isdigit() and len(told[name]) < 10):
            detail = f"{name}: {told[name]!r} is no offset, a whole number of characters"
            raise ProblemError(422, "invalid-value", detail, parameter=name)
        if told[name] and not told["source"]:
            detail = f"{name} counts the characters of a source: give source too"
            raise ProblemError(400, "missing-parameter", detail, parameter="source", allowed=["source"])
    return Asked(**told)


def _thing(engine: Engine, name: str, text: str) -> str:
    node = _node(name, text)
    if not select(engine, f"SELECT (1 AS ?known) WHERE {{ {node} ?p ?o }} LIMIT 1"):
        detail = (
            f"{name}: this graph says nothing of {node.value}; write an IRI, or a path below /id/ such as "
            f"project/vitale-buurten; types of things are {', '.join(THING_TYPES)}"
        )
        raise ProblemError(422, "invalid-value", detail, parameter=name, allowed=list(THING_TYPES))
    return node.value


def _property(text: str) -> str:
    prefix, colon, _ = text.partition(":")
    if colon and prefix in PREFIXES and _LOCAL.fullmatch(text):
        return term(text).value
    if not colon:
        return _node("predicate", f"{PREFIXES['zorg']}{text}").value
    return _node("predicate", text).value


def _node(name: str, text: str) -> NamedNode:
    """The IRI that a value writes, in full or as the path below `/id/`."""
    written = text if "://" in text or text.startswith(("urn:", "mailto:")) else ID + text.strip("/")
    try:
        if _LOCAL.fullmatch(written):
            return NamedNode(written)
    except ValueError:
        pass
    detail = f"{name}: {text!r} is no IRI, and no path below /id/ such as project/vitale-buurten"
    raise ProblemError(422, "invalid-value", detail, parameter=name)


def _one_of(engine: Engine, name: str, text: str, cls: str) -> str:
    query = f"SELECT ?it WHERE {{ ?it a {cls} }} ORDER BY ?it LIMIT 1000"
    known = [iri(row, "it") for row in select(engine, query)]
    for one in known:
        if text in (one, one.removeprefix(ID), one.rpartition("/")[2]):
            return one
    if len(known) == 1000:
        return _thing(engine, name, text)
    raise _not_allowed(name, text, [one.removeprefix(ID) for one in known])


def _not_allowed(name: str, text: str, allowed: Sequence[str]) -> ProblemError:
    detail = f"{name}: {text!r} is none of {', '.join(allowed)}"
    return ProblemError(422, "invalid-value", detail, parameter=name, allowed=list(allowed))


# How it is told


def _told(
    wanted: Wanted, found: Mapping[Asked, Evidence], name: Namer, at: Addresses, service: Service
) -> dict[str, Any]:
    listings = [
        citations.listing(question.id, question.summary[name.language], given, name, at)
        for question, given in wanted.listings
    ]
    parts = [
        {
            "asked": citations.asked(one, name, at),
            "sentence": citations.sentence(found[one], name),
            "evidence": citations.told(found[one], name, at),
        }
        for one in wanted.asked
    ]
    row = wanted.question
    return {
        "version": service.manifest.id,
        "question": {"id": row.id, "label": row.summary[name.language], "href": at.question(row.id, {})}
        if row
        else None,
        "asked": [part["asked"] for part in parts],
        "sentence": " ".join(str(part["sentence"]) for part in parts) or name.say("evidence_listed"),
        "evidence": [one for part in parts for one in part["evidence"]] + listings,
        "more": any(one.more for one in found.values()),
    }


def _triples(found: Sequence[Evidence] | Any) -> list[Triple]:
    """The assertions and passages as the graph has them; a fact itself, and where its thing comes from."""
    triples: dict[Triple, None] = {}
    for evidence in found:
        shown = list(evidence.assertions)
        if evidence.absence:
            shown += [*evidence.absence.read_by, *evidence.absence.elsewhere]
        for one in shown:
            for assertion in (one, *one.rests):
                triples |= dict.fromkeys(_statements(assertion))
    return list(triples)


def _statements(one: Assertion) -> list[Triple]:
    node = NamedNode(one.iri)
    said = [
        Triple(node, NamedNode(way), value)
        for way, values in one.terms.items()
        # A fact's thing has a page of its own; here are the fact and where its description comes from.
        if one.kind in ASSERTIONS or way in (one.fact[1], term("prov:wasDerivedFrom").value)
        for value in values
    ]
    for passage in one.passages:
        where = NamedNode(passage.iri)
        said += [
            Triple(where, term("rdf:type"), term("zorg:Passage")),
            Triple(where, term("dcterms:isPartOf"), NamedNode(passage.source)),
            Triple(where, term("zorg:startOffset"), Literal(passage.start)),
            Triple(where, term("zorg:endOffset"), Literal(passage.end)),
        ]
        if passage.section and passage.section != passage.iri:
            said.append(Triple(where, term("zorg:section"), NamedNode(passage.section)))
    return said


def _kept(pairs: Pairs) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs if name in ("lang", "version") and value)


def _as(request: Request, pairs: Pairs, form: str) -> str:
    return links.relative(request, PATH, links.replaced(pairs, format=form))


def _page(request: Request, pairs: Pairs, offset: int) -> str:
    return links.relative(request, PATH, links.replaced(pairs, offset=offset))


def _links(request: Request, pairs: Pairs, wanted: Wanted, form: str, step: int, offset: int) -> list[str]:
    """Link header fields (RFC 8288): what it is about, its other forms, and the next page."""
    things = {thing: None for one in wanted.asked for thing in (one.subject, one.other, one.of) if thing}
    found = [f'<{thing}>; rel="about"' for thing in things]
    for name in ("json", "html", "csv", "ttl"):
        if name != form:
            where = links.absolute(request, PATH, links.replaced(pairs, format=name, excel=None))
            found.append(f'<{where}>; rel="alternate"; type="{FORMS[name].media}"')
    if step:
        found.append(f'<{links.absolute(request, PATH, links.replaced(pairs, offset=offset + step))}>; rel="next"')
    return found
