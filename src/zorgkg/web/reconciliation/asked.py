"""What a client asks: JSON in a parameter, read and checked, and made into a record that is looked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from zorgkg.matching import identifiers, names
from zorgkg.matching.index import Index
from zorgkg.matching.record import Record
from zorgkg.search.folding import key
from zorgkg.terms import PREFIXES, term
from zorgkg.web import parameters
from zorgkg.web.problems import ProblemError
from zorgkg.web.reconciliation import vocabulary
from zorgkg.web.reconciliation.vocabulary import Type

BATCH: Final = 50
"""Queries of one request."""

LONGEST: Final = 1000
"""Characters of a name."""

MOST: Final = 50
"""Candidates of one query."""

USUAL: Final = 10
"""Candidates when no number is asked for."""

NOWHERE: Final = "urn:zorgkg:unknown"
"""What stands for a municipality or a kind that we don't know: nothing here is in it."""

_KINDS: Final = f"{PREFIXES['framework']}organisation-kind/"
_KIND_CLASS: Final = term("zorg:OrganisationKind").value
_MEMBERS: Final = ("query", "type", "type_strict", "limit", "properties")
_STRICT: Final = ("any", "all", "should")


@dataclass(frozen=True)
class Asked:
    """One query.

    :param text: the name that is looked for; "" when only properties are given.
    :param types: the types that were given.
    :param strict: how they count: `any`, `all`, or `should`.
    :param limit: how many candidates at most.
    :param properties: id of a property → its values as texts.
    """

    text: str
    types: tuple[Type, ...]
    strict: str
    limit: int
    properties: Mapping[str, tuple[str, ...]]

    def record(self, index: Index) -> Record:
        """Return what is looked for.

        :param index: knows the places and the kinds.
        """
        numbers = [
            (scheme, found)
            for scheme in identifiers.SCHEMES
            for text in self.properties.get(scheme, ())
            if (found := identifiers.read(scheme, text))
        ]
        own = identifiers.recognise(self.text)
        if own:
            numbers.append(own)
        codes = [found for text in self.properties.get("postcode", ()) if (found := identifiers.postcode(text))]
        return Record(
            id="",
            names=(self.text,) if self.text and not own else (),
            types=tuple(sorted({iri for one in self.types for iri in one.classes})),
            kinds=tuple(_kind(index, text) for text in self.properties.get("kind", ())),
            municipality=_municipality(index, self.properties.get("municipality", ())),
            postcode=codes[0] if codes else None,
            identifiers=tuple(dict.fromkeys(numbers)),
        )

    def may_be(self, record: Record) -> bool:
        """Whether a thing has the types that were given."""
        having = set(record.types)
        fits = [bool(having & one.classes) for one in self.types]
        return not fits or (all(fits) if self.strict == "all" else any(fits))


def batch(text: str) -> dict[str, Asked]:
    """Read a batch of queries.

    :param text: the value of `queries`.
    :raises ProblemError: 400, it is none; 413, it has too many.
    """
    found = loaded(text, "queries")
    if not isinstance(found, dict):
        raise wrong("queries", "is an object with a query under each key")
    if len(found) > BATCH:
        detail = f"queries: a request may have {BATCH} queries, and this one has {len(found):,}; send them in several"
        raise ProblemError(413, "batch-too-large", detail, parameter="queries", limit=BATCH)
    return {name: _query(one, f"queries.{name}") for name, one in found.items()}


def loaded(text: str, parameter: str) -> Any:
    """Read JSON.

    :param text: the value of a parameter.
    :param parameter: its name.
    :raises ProblemError: 400, it is none.
    """
    try:
        return parameters.document(text)
    except json.JSONDecodeError as error:
        detail = f"{parameter} is no JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise ProblemError(
            400, f"invalid-{parameter}", detail, parameter=parameter, line=error.lineno, column=error.colno
        ) from None
    except UnicodeEncodeError:
        raise wrong(parameter, "has half of a surrogate pair, which is no character") from None
    except ValueError as error:
        raise wrong(parameter, f"is no JSON: {error}") from None
    except RecursionError:
        raise wrong(parameter, "nests too deeply") from None


def wrong(where: str, told: str) -> ProblemError:
    """Return the problem of a part of JSON that is not as it should be.

    :param where: the parameter and the way to the part: `queries.q0.limit`.
    :param told: what it should be.
    """
    parameter = where.partition(".")[0]
    return ProblemError(400, f"invalid-{parameter}", f"{where} {told}", parameter=parameter)


def _query(given: Any, where: str) -> Asked:
    if not isinstance(given, dict):
        raise wrong(where, "is an object with query, type, limit, properties or type_strict")
    for name in given:
        if name not in _MEMBERS:
            raise wrong(f"{where}.{name}", f"is nothing that a query has; it may have: {', '.join(_MEMBERS)}")
    text = given.get("query", "")
    if not isinstance(text, str) or len(text) > LONGEST:
        raise wrong(f"{where}.query", f"is a text of up to {LONGEST:,} characters")
    properties = _properties(given.get("properties") or [], f"{where}.properties")
    if "query" not in given and not properties:
        raise wrong(where, "needs a query, or properties with values")
    limit = given.get("limit", USUAL)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit < 1:
        raise wrong(f"{where}.limit", "is a whole number of 1 or more")
    strict = given.get("type_strict", "any")
    if strict not in _STRICT:
        raise wrong(f"{where}.type_strict", f"is one of {', '.join(_STRICT)}")
    return Asked(text.strip(), _types(given.get("type"), f"{where}.type"), strict, int(min(limit, MOST)), properties)


def _types(given: Any, where: str) -> tuple[Type, ...]:
    listed = given if isinstance(given, list) else [given] if given else []
    if not all(isinstance(one, str) for one in listed):
        raise wrong(where, "is the id of a type, or a list of such ids")
    return tuple(vocabulary.type_of(one, where) for one in listed)


def _properties(given: Any, where: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(given, list):
        raise wrong(where, "is a list of objects with pid and v")
    found: dict[str, tuple[str, ...]] = {}
    for place, one in enumerate(given):
        here = f"{where}.{place}"
        if not isinstance(one, dict) or not isinstance(one.get("pid"), str) or "v" not in one:
            raise wrong(here, "is an object with pid and v")
        if one["pid"] not in vocabulary.NARROWING:
            allowed = ", ".join(vocabulary.NARROWING)
            raise wrong(f"{here}.pid", f"{one['pid']!r} is no property that narrows a search; these do: {allowed}")
        values = one["v"] if isinstance(one["v"], list) else [one["v"]]
        read = tuple(text for value in values if (text := _value(value, f"{here}.v")))
        found[one["pid"]] = (*found.get(one["pid"], ()), *read)
    return found


def _value(given: Any, where: str) -> str:
    if isinstance(given, dict):
        given = given.get("id")
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if given is None:
        return ""
    if not isinstance(given, str | int | float):
        raise wrong(where, "is a text, a number, an object with the id of a thing, or a list of these")
    return str(given).strip()[:LONGEST]


def _municipality(index: Index, texts: tuple[str, ...]) -> str | None:
    if not texts:
        return None
    found: list[str] = []
    for text in texts:
        places = index.places.find(vocabulary.iri(text) if "/" in text and " " not in text else text)
        if len(places) == 1:
            found.append(places[0].iri)
    # Of several that are not one, nobody can tell which is meant.
    return found[0] if found and index.places.family(found[0]).issuperset(found) else NOWHERE


def _kind(index: Index, text: str) -> str:
    for iri in (vocabulary.iri(text), _KINDS + text):
        if index.get(iri):
            return iri
    slugs = names.parse(text).kinds
    if len(slugs) == 1:
        return _KINDS + next(iter(slugs))
    for one in index.candidates(Record("", (text,), (_KIND_CLASS,)), 3):
        if any(key(name) == key(text) for name in one.record.names):
            return one.record.id
    return NOWHERE
