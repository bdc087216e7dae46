"""Citations: evidence in one language, as values for JSON and for pages, and as a table with a row a passage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from pyoxigraph import Literal, NamedNode

from zorgkg import languages
from zorgkg.evidence.absence import Absence
from zorgkg.evidence.asked import ASSERTIONS, FACT, Asked
from zorgkg.evidence.gathering import Evidence
from zorgkg.evidence.reading import Assertion, Passage
from zorgkg.terms import ID, shorten
from zorgkg.web import links
from zorgkg.web.things.naming import Namer

Json = dict[str, Any]

_THINGS: Final = ("role", "topic", "basis", "strength", "agreement")
_TEXTS: Final = {"asNamed": "zorg:asNamed", "rationale": "zorg:rationale", "reason": "zorg:reason"}


@dataclass(frozen=True)
class Addresses:
    """Where things are told of, for answers that leave the server.

    :param root: scheme, authority and path of the service, without slash at its end; "" for references within it.
    :param kept: parameters that go along, such as the version.
    """

    root: str = ""
    kept: tuple[tuple[str, str], ...] = ()

    def thing(self, iri: str) -> str | None:
        """Return the address of a thing's page; of somebody else's thing its IRI, when that can be followed."""
        local = links.local(iri)
        return self._with(local, {}) if local else links.external(iri)

    def evidence(self, asked: Asked) -> str:
        """Return the address of the evidence for what is asked."""
        given = {name: value.removeprefix(ID) for name, value in vars(asked).items() if value}
        return self._with("/api/evidence", given)

    def question(self, identifier: str, given: Mapping[str, str]) -> str:
        """Return the address of a question's answer."""
        return self._with(f"/api/questions/{quote(identifier)}", {k: v.removeprefix(ID) for k, v in given.items()})

    def of_row(self, question: str, given: Mapping[str, str]) -> str:
        """Return the address of all evidence of a row of a question's answer, given by what decides on it."""
        return self._with("/api/evidence", {"question": question} | {k: v.removeprefix(ID) for k, v in given.items()})

    def _with(self, path: str, given: Mapping[str, str]) -> str:
        bare, hash_, fragment = path.partition("#")
        query = urlencode([*given.items(), *self.kept])
        return f"{self.root}{bare}{'?' + query if query else ''}{hash_}{fragment}"


def things(evidence: Iterable[Evidence]) -> Iterator[str]:
    """Give the IRIs whose names telling of evidence needs, so that they are looked up together."""
    for one in evidence:
        yield from filter(None, (one.asked.subject, one.asked.other, one.asked.basis))
        for assertion in one.assertions:
            yield from _named(assertion)
        if one.absence:
            yield from (one.absence.lacks, one.absence.framework)
            for assertion in (*one.absence.read_by, *one.absence.elsewhere):
                yield from _named(assertion)


def _named(one: Assertion) -> Iterator[str]:
    yield from (one.dataset, one.subject, one.predicate, *one.origins)
    yield from (one.one(f"zorg:{name}") for name in _THINGS)
    if isinstance(one.object, NamedNode):
        yield one.object.value
    for passage in one.passages:
        yield from (passage.source, passage.section)
    for rest in one.rests:
        yield from _named(rest)


# As values


def told(evidence: Evidence, name: Namer, at: Addresses) -> list[Json]:
    """Return evidence as values: each assertion, and that there is none.

    :param evidence: what was gathered.
    :param name: gives names in the language of the answer.
    :param at: where things are told of.
    """
    found = [assertion(one, name, at) for one in evidence.assertions]
    return found + ([absence(evidence.absence, name, at)] if evidence.absence else [])


def rest(evidence: Evidence, name: Namer, at: Addresses) -> Json:
    """Return as values that there is more than was gathered, and where."""
    return {"kind": "more", "kindLabel": name.say("evidence_kind_more"), "href": at.evidence(evidence.asked)}


def assertion(one: Assertion, name: Namer, at: Addresses, whole: bool = True) -> Json:
    """Return an assertion as values, with who says it, on what it rests and where it stands.

    :param whole: also the codes and decisions that it rests on; what those rest on is told with it already.
    """
    said: Json = {
        "kind": one.kind,
        "kindLabel": kind_label(one.kind, name),
        "iri": one.iri,
        "href": at.thing(one.iri),
        "dataset": thing(one.dataset, name, at),
        "subject": thing(one.subject, name, at),
        "predicate": thing(one.predicate, name, at),
        "object": thing(one.object.value, name, at) if isinstance(one.object, NamedNode) else None,
    }
    if isinstance(one.object, Literal):
        said["object"] = {"text": one.object.value, "lang": one.object.language}
    said |= {key: thing(one.one(f"zorg:{key}"), name, at) for key in _THINGS}
    said["coders"] = one.coders
    said |= {key: text(one.texts(way), name) for key, way in _TEXTS.items()}
    said["text"] = saying(one, name)
    upheld = one.one("zorg:upheld")
    said["upheld"] = upheld in ("true", "1") if upheld else None
    said["supports"] = [{"iri": way, "name": shorten(way)} for way in one.supports]
    said["codes"] = [assertion(rest, name, at, False) for rest in one.codes if whole]
    said["decisions"] = [assertion(rest, name, at, False) for rest in one.decisions if whole]
    said["passages"] = [_passage(passage, name, at) for passage in one.passages]
    said["origins"] = [thing(origin, name, at) for origin in one.origins]
    return said


def absence(one: Absence, name: Namer, at: Addresses) -> Json:
    """Return an absence as values."""
    return {
        "kind": "absence",
        "kindLabel": name.say("evidence_kind_absence"),
        "sentence": sentence_of_absence(one, name),
        "subject": thing(one.subject, name, at),
        "lacks": thing(one.lacks, name, at),
        "framework": thing(one.framework, name, at),
        "basis": thing(one.basis, name, at),
        "readBy": [assertion(coding, name, at) for coding in one.read_by],
        "elsewhere": [assertion(other, name, at) for other in one.elsewhere],
    }


def asked(one: Asked, name: Namer, at: Addresses) -> Json:
    """Return what was asked as values, without what was not."""
    values = {key: value for key, value in vars(one).items() if value}
    return {key: thing(value, name, at) if ":" in value and key != "named" else value for key, value in values.items()}


def listing(identifier: str, summary: str, given: Mapping[str, str], name: Namer, at: Addresses) -> Json:
    """Return as values that another question lists what was counted."""
    return {
        "kind": "question",
        "kindLabel": name.say("evidence_kind_question"),
        "question": identifier,
        "label": summary,
        "labelLang": name.language,
        "given": {key: thing(value, name, at) if ":" in value else value for key, value in given.items()},
        "href": at.question(identifier, given),
    }


def thing(iri: str, name: Namer, at: Addresses) -> Json | None:
    """Return a thing as values, or None for none."""
    if not iri:
        return None
    named = name(iri)
    return {"iri": iri, "href": at.thing(iri), "label": named.text, "labelLang": named.language or None}


def text(texts: Mapping[str, str], name: Namer) -> Json | None:
    """Return a text in the reader's language, or the next best, as values."""
    picked = languages.pick(texts, name.language)
    return {"text": picked[0], "lang": picked[1] or None} if picked else None


def kind_label(kind: str, name: Namer) -> str:
    """Return what readers call a kind of assertion."""
    return name.say("evidence_kind_fact") if kind == FACT else name(ASSERTIONS[kind].cls).text


def sentence(evidence: Evidence, name: Namer) -> str:
    """Return in a sentence what was found."""
    asked, count = evidence.asked, len(evidence.assertions)
    ends = {"subject": _quoted(asked.subject or asked.thing, name), "object": _quoted(asked.other or asked.thing, name)}
    if evidence.absence and not count:
        return sentence_of_absence(evidence.absence, name)
    between = "between" if asked.is_of_two else "on"
    if evidence.more:
        return name.say(f"evidence_{between}_first", n=count, **ends)
    return name.say(f"evidence_{between}_{min(count, 2)}", n=count, **ends)


def sentence_of_absence(one: Absence, name: Namer) -> str:
    """Return in a sentence that nothing is stated, and how far that goes."""
    what = {"object": _quoted(one.lacks, name), "subject": _quoted(one.subject, name) if one.subject else ""}
    said = name.say("absent" if one.subject else "absent_all", **what)
    if one.basis:
        said += " " + name.say("absent_basis", basis=name(one.basis).text)
    coders = list(dict.fromkeys(coder for coding in one.read_by for coder in coding.coders))
    if coders:
        said += " " + name.say("absent_read", coders=", ".join(coders), framework=name(one.framework).text)
    return said


def _quoted(iri: str, name: Namer) -> str:
    # French puts narrow no-break spaces inside its marks.
    return ("«\u202f{}\u202f»" if name.language == "fr" else "“{}”").format(name(iri).text)


def saying(one: Assertion, name: Namer) -> Json | None:
    """Return what it says in words: a statement, a figure with its unit, a count with what it is of; as values."""
    if one.kind == "figure":
        label = text(one.texts("rdfs:label"), name)
        unit = text(one.texts("schema:unitText"), name)
        about = name.say("approximately") + " " if one.one("zorg:approximate") == "true" else ""
        said = f"{about}{one.one('schema:value')} {unit['text'] if unit else ''}".strip()
        return {"text": f"{label['text']}: {said}" if label else said, "lang": name.language}
    if one.kind == "observation" and (count := one.one("zorg:count")):
        unit = text(one.texts("zorg:unit"), name)
        of = one.one("zorg:denominator")
        said = f"{count}/{of}" if of else count
        return {"text": f"{said} {unit['text']}" if unit else said, "lang": unit["lang"] if unit else None}
    return text(one.texts("dcterms:description") if one.kind != FACT else {}, name) or text(
        one.texts("rdfs:comment") if one.kind == "mapping" else {}, name
    )


def _passage(one: Passage, name: Namer, at: Addresses) -> Json:
    return {
        "iri": one.iri,
        "href": at.thing(one.iri),
        "source": thing(one.source, name, at),
        "section": thing(one.section, name, at),
        "start": one.start,
        "end": one.end,
        "page": one.page,
        "row": one.row,
        "sheet": one.sheet or None,
    }
