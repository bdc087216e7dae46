"""What the graph knows that a table may name: places, concepts and things, by whatever people call them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from zorgkg.engine.interface import Engine
from zorgkg.engine.reading import select
from zorgkg.languages import LANGUAGES, pick
from zorgkg.matching.places import MUNICIPALITY, Place, Places
from zorgkg.search.folding import key
from zorgkg.terms import PREFIXES

_SCHEMES: Final = ("organisation-kind", "participation-role", "actor-group", "basis")


@dataclass(frozen=True)
class Concept:
    """A value of a list.

    :param slug: how it is written in tables: for a component `framework/component`.
    :param labels: language → label.
    """

    slug: str
    labels: dict[str, str]

    def label(self, language: str) -> str:
        """Return its label in a language, or in the next one that there is."""
        chosen = pick(self.labels, language)
        return chosen[0] if chosen else self.slug


class Lists:
    """Concepts by what people call them.

    :param concepts: all of them, in their order.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = list(concepts)
        self._called: dict[str, set[str]] = {}
        for one in self.concepts:
            own = one.slug.rpartition("/")[2]
            for name in {one.slug, own, *one.labels.values()}:
                self._called.setdefault(key(name), set()).add(one.slug)

    def find(self, text: str) -> tuple[str, ...]:
        """Return the slugs of the concepts that a text can mean."""
        text = text.strip().removeprefix(PREFIXES["framework"])
        if any(one.slug == text for one in self.concepts):
            return (text,)
        return tuple(sorted(self._called.get(key(text), ())))


@dataclass(frozen=True)
class Vocabulary:
    """What the graph knows.

    :param places: its places.
    :param kinds: kinds of organisations.
    :param roles: roles in projects.
    :param groups: groups of people, which are no organisations.
    :param bases: what a positioning can rest on.
    :param components: components of frameworks.
    :param projects: slugs of projects.
    :param organisations: slugs of organisations.
    """

    places: Places
    kinds: Lists
    roles: Lists
    groups: Lists
    bases: Lists
    components: Lists
    projects: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    municipalities: list[str] = field(default_factory=list)


def read(engine: Engine, without: str = "") -> Vocabulary:
    """Read what a graph knows.

    :param engine: of the version that is served.
    :param without: name of the dataset that is handed in anew: its own things are not known beforehand.
    """
    own = f"{without}--" if without else "\0"
    listed = {
        scheme: Lists(
            _concepts(engine, f"?it skos:inScheme <{PREFIXES['framework']}{scheme}>", scheme + "/", bare=True)
        )
        for scheme in _SCHEMES
    }
    components = Lists(_concepts(engine, "?it a zorg:Component", "", bare=False))
    places = list(_places(engine, PREFIXES["place"] + own))
    return Vocabulary(
        Places(places),
        listed["organisation-kind"],
        listed["participation-role"],
        listed["actor-group"],
        # A coding is more than a table can tell: who coded, how they agreed.
        Lists(one for one in listed["basis"].concepts if one.slug != "fiche-coding"),
        components,
        frozenset(_slugs(engine, "project", "{ ?it a zorg:Project } UNION { ?it a zorg:Programme }", own)),
        frozenset(_slugs(engine, "organisation", "?it org:classification ?kind", own)),
        sorted(one.names[0] for one in places if one.type == MUNICIPALITY and one.names),
    )


def _concepts(engine: Engine, pattern: str, prefix: str, bare: bool) -> list[Concept]:
    rows = select(
        engine,
        f"""SELECT ?it ?label ?order WHERE {{ {pattern} . ?it skos:prefLabel ?label
        OPTIONAL {{ ?it zorg:order ?order }} }} ORDER BY ?it""",
    )
    labels: dict[str, dict[str, str]] = {}
    for row in rows:
        slug = row["it"].value.removeprefix(PREFIXES["framework"])
        slug = slug.removeprefix(prefix) if bare else slug
        labels.setdefault(slug, {})[row["label"].language or ""] = row["label"].value
    return [
        Concept(slug, {code: text for code, text in told.items() if code in LANGUAGES}) for slug, told in labels.items()
    ]


def _places(engine: Engine, own: str) -> Iterable[Place]:
    rows = select(
        engine,
        """SELECT ?it ?type ?label ?nis ?within ?later WHERE {
        VALUES ?type { zorg:Municipality zorg:Province zorg:Region zorg:Country zorg:Neighbourhood }
        ?it a ?type ; rdfs:label ?label .
        OPTIONAL { ?it zorg:nisCode ?nis } OPTIONAL { ?it zorg:partOf ?within }
        OPTIONAL { ?it dcterms:isReplacedBy ?later } } ORDER BY ?it ?label""",
    )
    found: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        if row["it"].value.startswith(own):
            continue
        told = found.setdefault(row["it"].value, {name: set() for name in ("type", "label", "nis", "within", "later")})
        for name, values in told.items():
            if row[name] is not None:
                values.add(row[name].value)
    for iri, told in found.items():
        nis = next(iter(told["nis"]), None)
        names, within, later = (tuple(sorted(told[name])) for name in ("label", "within", "later"))
        yield Place(iri, names, next(iter(told["type"])), nis, within, later)


def _slugs(engine: Engine, kind: str, pattern: str, own: str) -> Iterable[str]:
    for row in select(engine, f"SELECT DISTINCT ?it WHERE {{ {pattern} }}"):
        slug = row["it"].value.removeprefix(PREFIXES[kind])
        if not slug.startswith(own):
            yield slug
