"""Places by whatever somebody calls them: IRI, slug, NIS code, a name in Dutch, French or English, before or after a
merger that the graph tells of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from zorgkg.matching import identifiers
from zorgkg.matching.phrases import SAME
from zorgkg.matching.record import Record
from zorgkg.search.folding import key, words
from zorgkg.terms import PREFIXES, term

MUNICIPALITY: Final = term("zorg:Municipality").value
NEIGHBOURHOOD: Final = term("zorg:Neighbourhood").value
WIDER: Final = frozenset(term(one).value for one in ("zorg:Province", "zorg:Region", "zorg:Country"))
_CLASSES: Final = frozenset({MUNICIPALITY, NEIGHBOURHOOD, *WIDER})
_BEFORE: Final = ("stad", "gemeente", "ville", "commune", "provincie", "province", "city", "municipality")
_JOINING: Final = ("de", "van", "of", "du", "d")


@dataclass(frozen=True)
class Place:
    """A place.

    :param iri: its IRI.
    :param names: in all languages.
    :param type: its class: IRI of municipality, province, region, country or neighbourhood.
    :param nis: its NIS code, or None.
    :param within: IRIs of what it lies in, directly.
    :param replaced_by: IRIs of what took its place in a merger.
    """

    iri: str
    names: tuple[str, ...]
    type: str
    nis: str | None = None
    within: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()


class Places:
    """The places of a graph.

    :param places: all of them.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = {one.iri: one for one in places}
        self._before: dict[str, list[str]] = {}
        self._called: dict[str, list[str]] = {}
        self._coded: dict[str, list[str]] = {}
        for one in self._places.values():
            for later in one.replaced_by:
                self._before.setdefault(later, []).append(one.iri)
            for name in dict.fromkeys(each for given in one.names for each in (key(given), alike(given))):
                self._called.setdefault(name, []).append(one.iri)
            if one.nis:
                self._coded.setdefault(one.nis, []).append(one.iri)
        self._first = {name.partition(" ")[0] for name in self._called}
        self._longest = max((name.count(" ") + 1 for name in self._called), default=0)

    @classmethod
    def of(cls, records: Iterable[Record]) -> Places:
        """Take the places among some records."""
        return cls(one for one in map(place, records) if one)

    def __len__(self) -> int:
        return len(self._places)

    def get(self, iri: str) -> Place | None:
        """Return a place by its IRI."""
        return self._places.get(iri)

    def find(self, text: str, types: Sequence[str] = (MUNICIPALITY,)) -> tuple[Place, ...]:
        """Return the places that somebody can mean.

        A municipality that merged into one of its own name (Hasselt in 2025) stands for both: what the graph says, it
        says of the one of before.

        :param text: an IRI, a slug, a NIS code, or a name, also as "Stad Gent" or "Gent (Oost-Vlaanderen)".
        :param types: only places of these classes; none: all.
        :returns: nothing when there is no such place, several when it is not clear which.
        """
        stripped = text.strip()
        for iri in (stripped, PREFIXES["place"] + stripped):
            if iri in self._places and self._is_one(iri, types):
                return (self._places[iri],)
        code = identifiers.nis(stripped)
        if code:
            return self._several(self._coded.get(code, ()), types)
        inside, separator, rest = stripped.partition("(")
        for name in _spellings(words(stripped)):
            if found := self._several(self._called.get(name, ()), types):
                return found
        if not separator:
            return ()
        # What stands in brackets tells which of several: a municipality, a province.
        wider = {one.iri for one in self.find(rest.rstrip(") "), ())}
        found = self.find(inside, types)
        return tuple(one for one in found if wider & set(self.around(one.iri))) or found

    def named(
        self, said: Sequence[str], types: Sequence[str] = (MUNICIPALITY,)
    ) -> list[tuple[int, int, tuple[Place, ...]]]:
        """Return the places that are named in a text.

        :param said: its folded words.
        :param types: only places of these classes.
        :returns: for each, the first word, the word after the last, and the places of that name; the longest names win.
        """
        found: list[tuple[int, int, tuple[Place, ...]]] = []
        at = 0
        while at < len(said):
            if said[at] not in self._first:
                at += 1
                continue
            for length in range(min(self._longest, len(said) - at), 0, -1):
                iris = self._called.get(" ".join(said[at : at + length]), ())
                places = self._several(iris, types)
                if places:
                    found.append((at, at + length, places))
                    at += length
                    break
            else:
                at += 1
        return found

    def family(self, iri: str) -> frozenset[str]:
        """Return a municipality with those that it merged into or from: all that may be meant by any of them.

        Two that merged into one are not of one family, but both are of its.
        """
        found = {iri, *(self._places[iri].replaced_by if iri in self._places else ())}
        return frozenset(found.union(self._before.get(iri, ())))

    def around(self, iri: str) -> tuple[str, ...]:
        """Return the IRIs of all that a place lies in."""
        found: list[str] = []
        todo = [iri]
        while todo:
            one = self._places.get(todo.pop())
            for wider in one.within if one else ():
                if wider not in found:
                    found.append(wider)
                    todo.append(wider)
        return tuple(found)

    def _is_one(self, iri: str, types: Sequence[str]) -> bool:
        return not types or self._places[iri].type in types

    def _several(self, iris: Iterable[str], types: Sequence[str]) -> tuple[Place, ...]:
        found = [self._places[iri] for iri in iris if self._is_one(iri, types)]
        named = {one.iri for one in found}
        # One that took the place of another of these is meant by the same name.
        return tuple(one for one in found if not named.intersection(self._before.get(one.iri, ())))


def alike(name: str) -> str:
    """Return a name as the words of names are made alike (:data:`zorgkg.matching.phrases.SAME`)."""
    return " ".join(SAME.get(word, word) for word in words(name))


def place(record: Record) -> Place | None:
    """Return a record as a place; None when it is none."""
    of = next((one for one in record.types if one in _CLASSES), None)
    if of is None:
        return None
    nis = next((value for scheme, value in record.identifiers if scheme == "nis"), None)
    return Place(record.id, record.names, of, nis, record.within, record.replaced_by)


def _spellings(said: tuple[str, ...]) -> list[str]:
    """A name as it stands, and without the word that says what kind of place it is."""
    found = [" ".join(said)]
    if len(said) > 1 and said[0] in _BEFORE:
        rest = said[1:]
        found.append(" ".join(rest))
        if len(rest) > 1 and rest[0] in _JOINING:
            found.append(" ".join(rest[1:]))
    return found
