"""Naming: what readers of one language see for things, and where passages stand, looked up for many at a time."""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterable, Mapping
from typing import Any, Final, TypeVar

from zorgkg.engine import reading
from zorgkg.engine.interface import Engine
from zorgkg.languages import LABEL_PROPERTY
from zorgkg.terms import BASE, ID, shorten
from zorgkg.web import words
from zorgkg.web.once import Once
from zorgkg.web.things import descriptions
from zorgkg.web.things.descriptions import Evidence, Name

_COMMON: Final = 5000
"""At most so many names are kept for all pages."""

Told = TypeVar("Told")
Read = TypeVar("Read")

Telling = Generator[None, None, Told]
"""A part of a page in the making. When it yields, it has said what it wants to know the names of; then it goes on."""


class Namer:
    """Names of things in one language.

    What is wanted is gathered (:meth:`want`, :meth:`cite`) until it is needed (:meth:`settle`), so that one query
    answers for all parts of a page.
    """

    def __init__(
        self,
        engine: Engine,
        language: str,
        counts: Mapping[str, int] | None = None,
        known: Mapping[str, Name] | None = None,
    ) -> None:
        """Make names from what an engine knows, for readers of one language.

        :param counts: numbers that the page tells, and that take long to count.
        :param known: names that need not be looked up (:data:`common`).
        """
        self.engine = engine
        self.language = language
        self.counts = counts or {}
        self.say = words.say(language)
        self.cited: dict[str, Evidence] = {}
        self._known: dict[str, Name] = dict(known or {})
        self._wanted: dict[str, None] = {}
        self._citing: dict[str, None] = {}
        self._read: dict[Any, Any] = {}

    def once(self, read: Callable[..., Read], about: Hashable) -> Read:
        """Return what a function reads from the engine; parts of a page that need the same ask once.

        :param read: takes the engine and what it is asked about.
        """
        key = (read, about)
        if key not in self._read:
            self._read[key] = read(self.engine, about)
        found: Read = self._read[key]
        return found

    def want(self, iris: Iterable[str]) -> None:
        """Note things whose names will be asked for."""
        self._wanted.update((iri, None) for iri in iris if iri and iri not in self._known)

    def cite(self, passages: Iterable[str]) -> None:
        """Note passages that the page rests on."""
        self._citing.update((passage, None) for passage in passages if passage not in self.cited)

    def settle(self) -> None:
        """Look up all that was noted."""
        where = descriptions.whereabouts(self.engine, self._citing, self.language)
        self.want(iri for one in where.values() for iri in (one.source, one.section))
        wanted, self._wanted, self._citing = list(self._wanted), {}, {}
        self.learn(wanted)
        for passage, one in where.items():
            # A section is a passage too, and then its own name says where it stands.
            section = one.label or self._named(one.section)
            source = self._named(one.source)
            self.cited[passage] = Evidence(passage, source, section, one.start, one.end, one.page, one.row, one.sheet)

    def where(self, passages: Iterable[str]) -> list[Evidence]:
        """Return where passages stand, as far as the graph tells."""
        return [self.cited[passage] for passage in passages if passage in self.cited]

    def __call__(self, iri: str) -> Name:
        """Return the name of a thing; its prefixed name when it has no label."""
        if iri not in self._known:
            self.learn([iri])
        return self._known.get(iri) or Name(iri, shorten(iri))

    def _named(self, iri: str) -> Name | None:
        return self._known.get(iri) if iri else None

    def learn(self, iris: Iterable[str]) -> None:
        """Look up the names of things together."""
        unknown = [iri for iri in dict.fromkeys(iris) if iri and iri not in self._known]
        if not unknown:
            return
        self._known.update(descriptions.names(self.engine, unknown, self.language))
        unnamed = {iri: None for iri in unknown if iri not in self._known and iri.startswith(ID)}
        # A name made of other names must come to an end, also where something is said about itself.
        self._known.update({iri: Name(iri, shorten(iri)) for iri in unnamed})
        made_of = descriptions.parts_of_name(self.engine, unnamed)
        self.learn(parts[key] for parts in made_of.values() for key in ("of", "one", "two") if key in parts)
        for iri in unknown:
            if iri in unnamed or iri not in self._known:
                self._known[iri] = self._made(iri, made_of.get(iri))

    def _made(self, iri: str, parts: dict[str, str] | None) -> Name:
        if iri.startswith("mailto:"):
            return Name(iri, iri.removeprefix("mailto:"))
        if not parts:
            return Name(iri, shorten(iri))
        of = self(parts["of"]).text
        if "row" in parts:
            sheet = f" ({parts['sheet']})" if "sheet" in parts else ""
            return Name(iri, self.say("row_of", source=of, row=parts["row"]) + sheet)
        if "start" in parts:
            return Name(iri, self.say("passage_of", source=of, start=parts["start"], end=parts.get("end", "")))
        words_ = [self(parts[key]).text for key in ("one", "two") if key in parts]
        return Name(iri, f"{of}: {' · '.join(words_)}" if words_ else of)


def _common(engine: Engine, language: str) -> dict[str, Name]:
    rows = reading.select(
        engine,
        f"""SELECT ?it ?label WHERE {{ {{ SELECT DISTINCT ?it WHERE {{
        {{ ?it rdfs:isDefinedBy ?ontology }} UNION {{ ?it zorg:partOf ?area }} UNION {{ ?it a skos:ConceptScheme }}
        UNION {{ ?it a skos:Concept }} }} LIMIT {_COMMON} }} ?it {LABEL_PROPERTY[language]} ?label }}""",
    )
    found: dict[str, Name] = {}
    for it, label in rows:
        # What we borrow has its name from elsewhere (:func:`zorgkg.web.things.descriptions.names`).
        if it.value.startswith(BASE):
            found.setdefault(it.value, Name(it.value, *reading.tagged(label)))
    return found


common: Final = Once(_common, "the names that all pages use")
"""Returns the names of classes, properties, places and concepts in a language: a page names many, and others too."""


def together(name: Namer, telling: Iterable[Telling[Told]]) -> list[Told]:
    """Make the parts of a page side by side: what they want to know is looked up for all of them at once.

    :param name: where they note it.
    :param telling: the parts.
    :returns: what each gave, in their order.
    """
    running = dict(enumerate(telling))
    told: dict[int, Told] = {}
    while running:
        for place, one in list(running.items()):
            try:
                next(one)
            except StopIteration as end:
                told[place] = end.value
                del running[place]
        name.settle()
    return [told[place] for place in sorted(told)]
