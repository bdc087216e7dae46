"""Features: how two records compare, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from rapidfuzz.distance import OSA

from zorgkg.matching import blocks, groups, names
from zorgkg.matching.names import Name
from zorgkg.matching.phrases import KINDS, LITTLE, REGIONAL, SAME, WEAK
from zorgkg.matching.places import NEIGHBOURHOOD, WIDER, Places, alike
from zorgkg.matching.record import Record
from zorgkg.matching.scoring import Comparison

_PART: Final = 0.3
"""How alike names are that have the same kind, one of which has words of its own beside it."""

_WITHOUT_A_WORD: Final = 0.85
"""The most that names are alike of which one has a word that the other lacks."""

_LIKE: Final = 0.75
"""Words that are less alike than this are other words."""

_BEGINS: Final = 0.84
"""How alike words are of which one is the beginning of the other: an abbreviation, a plural, or another name."""

_WITHOUT_ITS_END: Final = 0.88
"""Likewise of a word of six letters or more that lacks its last."""

_BRACKETS: Final = 0.97
_ANOTHER_KIND: Final = 0.85
_WITHOUT_KIND: Final = 0.95
_MORE_KINDS: Final = 0.97

_TELLING: Final = 3
"""Words that are not usual, of which a name has so many that it is hardly given twice."""

_USUAL: Final = frozenset(SAME.values())
"""Words that many names have: one of them alone ("het centrum") is no name."""

_ARTICLES: Final = frozenset({"de", "het", "een", "le", "la", "les", "un", "une", "the", "a"})


class Wanted:
    """A record that is looked for, read once, to be compared with many.

    :param record: what is looked for.
    :param places: the places of the graph.
    :param without: names of datasets; what only these speak of is not meant.
    """

    def __init__(self, record: Record, places: Places, without: frozenset[str] = frozenset()) -> None:
        self.record = record
        self._without = without
        self._places = places
        self.names = [Placed.of(text, places) for text in dict.fromkeys(record.names)]
        self.given = _given(record)
        self.municipalities = self.given.union(*(one.places for one in self.names))
        """Where it can be: as is told of it, and as its names say."""
        self.kinds = frozenset(blocks.slugs(record))
        self._groups = groups.wanted(record)
        self._names_of: dict[frozenset[str], list[tuple[str, ...]]] = {}
        self._families = {iri: places.family(iri) for iri in self.municipalities}

    def may_mean(self, other: Record) -> bool:
        """Whether a record comes into question at all."""
        if other.id == self.record.id or (self._groups and groups.of(other) not in self._groups):
            return False
        return not self._without or not other.datasets or not self._without.issuperset(other.datasets)

    def compare(self, other: Record) -> Comparison:
        """Compare with a record."""
        # A thing may have several numbers of one register.
        same = next((number for number in self.record.identifiers if number in other.identifiers), None)
        shared = {scheme for scheme, _ in self.record.identifiers} & {scheme for scheme, _ in other.identifiers}
        # A place lies in others, but its name is not to be read as one that names them.
        is_place = groups.of(other) == groups.PLACE
        given = _given(other)
        best = Comparison(name=0.0)
        is_organisation = other.names and groups.of(other) == groups.ORGANISATION
        label = Placed.of(other.names[0], self._places) if is_organisation else None
        # A body of a village has others like it in the villages around: the municipality does not say which.
        village = self._village(label, given) if label else frozenset()
        for text in other.names:
            placed = Placed.of(text, self._places)
            agreed = frozenset() if is_place else self._agreed(given | placed.places)
            for short in placed.spellings:
                for name in self.names:
                    for mine in name.spellings:
                        how = self._compared(mine, short, agreed, other)
                        if mine is not name or short is not placed:
                            how = replace(how, name=how.name * _BRACKETS)
                            if not (mine.leaves_out_nothing and short.leaves_out_nothing):
                                how = replace(how, partly=True, same=False)
                        if label:
                            how = replace(how, vague=_is_phrase(text) or short.is_short_for(label, given))
                            if village.difference(mine.name.own, short.name.own):
                                how = replace(how, partly=True)
                        if how.name > best.name or not best.compared:
                            best = how
        if not self.names:
            best = Comparison(name=float(bool(self.kinds)), kinds=self.kinds, others=frozenset(blocks.slugs(other)))
        there = given.union(*(Placed.of(text, self._places).places for text in other.names if not is_place))
        municipality = self._municipality(given, there)
        return best.told(
            identifier=same[0] if same else "",
            differs=bool(shared) and not same,
            municipality=municipality,
            nowhere=is_place or not (self.municipalities or there),
            unasked=not self.municipalities,
            regional=municipality != 1 and not is_place and self._is_regional(best, other),
            postcode=_postcode(self.record, other),
            kind=_kind(self.kinds, other),
            parent=other.id in self.record.unit_of or self.record.id in other.unit_of,
        )

    def _compared(self, mine: Placed, other: Placed, agreed: frozenset[str], record: Record) -> Comparison:
        """Compare one name with one other."""
        kinds, others = mine.name.kinds or self.kinds, other.name.kinds or frozenset(blocks.slugs(record))
        alike = _alike(mine, other, agreed, self._spelt(agreed), kinds, others)
        if groups.of(record) == groups.PLACE:
            # A city's authority is often called as the city is; its other bodies are not.
            others = frozenset({"local-authority"})
        return Comparison(
            name=alike,
            same=alike >= 1,
            # "OCMW/Stad Gent" is two bodies; "LDC De Bres, OCMW Poperinge" is one of the other.
            partly=len({mine.name.kinds, other.name.kinds, frozenset()}) > 2 and not _strong(other.without(agreed)),
            bare=mine.name.is_bare,
            telling=len([one for one in mine.name.strong if one not in LITTLE | _USUAL]) >= _TELLING,
            kinds=kinds,
            others=others,
            compared=True,
        )

    def _is_regional(self, best: Comparison, other: Record) -> bool:
        if best.kinds & best.others & REGIONAL:
            return not best.bare
        return bool(self._areas & self._wider(other.names))

    @cached_property
    def _areas(self) -> frozenset[str]:
        return self._wider(self.record.names)

    def _wider(self, texts: Iterable[str]) -> frozenset[str]:
        """The provinces and the like that names name."""
        named = (self._places.named(names.parse(text).own, tuple(WIDER)) for text in texts)
        return frozenset(one.iri for spans in named for *_, found in spans for one in found)

    def _village(self, label: Placed, given: frozenset[str]) -> frozenset[str]:
        """The words of a label that name a neighbourhood or a village of the municipality that the thing is in."""
        return frozenset(
            word
            for first, after, found in self._places.named(label.name.own, (NEIGHBOURHOOD,))
            if any(given & {*self._places.around(one.iri)} for one in found)
            for word in label.name.own[first:after]
        )

    def _spelt(self, agreed: frozenset[str]) -> list[tuple[str, ...]]:
        """The names of places, as folded words made alike."""
        if agreed not in self._names_of:
            found = [self._places.get(iri) for iri in agreed]
            names_ = dict.fromkeys(alike(name) for one in found if one for name in one.names)
            self._names_of[agreed] = [tuple(name.split(" ")) for name in names_]
        return self._names_of[agreed]

    def _agreed(self, there: Iterable[str]) -> frozenset[str]:
        """The places of both that can be one."""
        found: set[str] = set()
        for iri in there:
            for mine, family in self._families.items():
                if iri in family:
                    found |= {iri, mine}
        return frozenset(found)

    def _municipality(self, given: frozenset[str], there: frozenset[str]) -> float | None:
        """1: both are in one; 0: they are in different ones; None: of one of them it is not known."""
        if not self.municipalities or not there:
            return None
        told = self.given or self.municipalities
        if given and not self._agreed(given) & told:
            # The name of one that works in several places may have the other's in it, or a village's of that name.
            return None if self._agreed(there) & told else 0.0
        return float(bool(self._agreed(there)))


@dataclass(frozen=True)
class Placed:
    """A name with the places that it names.

    :param name: the name.
    :param places: IRIs of municipalities that it may name.
    :param spans: words that name a place: the first, the one after the last, and the places' IRIs.
    :param short: without what it has in brackets, if it has any.
    :param aside: of a short one, what stands in brackets.
    """

    name: Name
    places: frozenset[str]
    spans: tuple[tuple[int, int, frozenset[str]], ...]
    short: Placed | None = None
    aside: Placed | None = None

    @property
    def spellings(self) -> tuple[Placed, ...]:
        """The name, and without what it has in brackets, if it has any."""
        return (self, self.short) if self.short else (self,)

    @property
    def leaves_out_nothing(self) -> bool:
        """Whether what stands in brackets says no more than where it is, its legal form, or what its letters mean."""
        if self.aside is None:
            return True
        if not self.aside.name.kinds <= self.name.kinds:
            return False
        here, there = (_strong(one.name.plain) for one in (self, self.aside))
        if _initials(here) == "".join(there) or _initials(there) == "".join(here):
            return True
        return all(word in LITTLE for word in _strong(self.aside.without(self.aside.places)))

    def is_short_for(self, label: Placed, given: frozenset[str]) -> bool:
        """Whether it says less than a thing's label does: what a text calls it whose reader knows where it is.

        :param label: the label.
        :param given: where the thing is, as is told of it.
        """
        if given & label.places and not given & self.places:
            return True
        mine = self.name.kinds | {*self.name.strong}
        return mine < label.name.kinds | {*label.name.strong} or (len(mine) == 1 and mine <= _USUAL)

    @classmethod
    def of(cls, text: str, places: Places) -> Placed:
        """Read a name."""
        whole, *short = names.spellings(text)
        found = cls._of(whole, places)
        if not short:
            return found
        return replace(found, short=replace(cls._of(short[0], places), aside=cls._of(names.aside(text), places)))

    @classmethod
    def _of(cls, text: str, places: Places) -> Placed:
        name = names.parse(text)
        spans = [(first, after, frozenset(one.iri for one in found)) for first, after, found in places.named(name.own)]
        return cls(name, frozenset(iri for *_, iris in spans for iri in iris), tuple(spans))

    def without(self, agreed: frozenset[str], spelt: Sequence[tuple[str, ...]] = ()) -> tuple[str, ...]:
        """The own words, without those that name a place that is agreed on.

        :param spelt: the names of these places; in a name that names no place, what is nearly one of them counts.
        """
        left = list(self.name.own)
        for first, after, iris in self.spans:
            if iris & agreed:
                left[first:after] = [""] * (after - first)
        if not self.spans:
            for name in spelt:
                for first in range(len(left) - len(name) + 1):
                    if _is_nearly("".join(left[first : first + len(name)]), "".join(name)):
                        left[first : first + len(name)] = [""] * len(name)
        return tuple(one for one in left if one)


def _is_nearly(one: str, other: str) -> bool:
    """Whether one is the other with a mistake, or with two where it is long."""
    most = 1 if len(other) < 9 else 2
    return len(other) >= 5 and OSA.distance(one, other, score_cutoff=most) <= most


def _initials(words: Sequence[str]) -> str:
    return "".join(one[0] for one in words)


def _is_phrase(text: str) -> bool:
    """Whether a name is words of a text ("het sociale wijkteam"), which name nothing by themselves."""
    return text.partition(" ")[0] in _ARTICLES


def _given(record: Record) -> frozenset[str]:
    return frozenset({record.municipality} if record.municipality else ())


def _postcode(one: Record, other: Record) -> float | None:
    return float(one.postcode == other.postcode) if one.postcode and other.postcode else None


def _kind(wanted: frozenset[str], other: Record) -> float | None:
    own = set(blocks.slugs(other))
    return float(bool(wanted & own)) if wanted and own else None


def _alike(
    one: Placed,
    other: Placed,
    agreed: frozenset[str],
    spelt: Sequence[tuple[str, ...]],
    kinds: frozenset[str],
    others: frozenset[str],
) -> float:
    """How alike two names are, from 0 to 1; what names the place that they share counts in neither.

    :param agreed: the places that they share.
    :param spelt: the names of these, which the one may misspell.
    :param kinds: of the one: as its name says, else as is told of it.
    :param others: of the other.
    """
    if one.name.plain == other.name.plain:
        return 1.0
    mine, yours, same_kind = one.without(agreed), other.without(agreed), bool(kinds & others)
    alike = _words(mine, yours, same_kind)
    if alike < 1 and not one.spans and (corrected := one.without(agreed, spelt)) != mine:
        alike = max(alike, _words(corrected, yours, same_kind))
    if same_kind:
        return alike * (_MORE_KINDS if kinds != others and one.name.kinds != other.name.kinds else 1)
    if kinds & KINDS.keys() and others & KINDS.keys():
        return alike * _ANOTHER_KIND
    return alike * (_WITHOUT_KIND if one.name.kinds or other.name.kinds else 1)


def _words(one: tuple[str, ...], other: tuple[str, ...], same_kind: bool) -> float:
    """How alike the own words of two names are: word by word, or all in one piece."""
    strong, others = _strong(one), _strong(other)
    if not strong or not others:
        return float(same_kind) if not strong and not others else _PART * same_kind
    if sorted(strong) == sorted(others):
        return 1.0
    apart = _pairs(strong, others)
    joined, alongside = "".join(strong), "".join(others)
    if joined == alongside:
        return 0.99
    if _numbers(strong) != _numbers(others):
        return min(apart, 0.7)
    if len(strong) != len(others) and min(len(joined), len(alongside)) >= 8:
        # Words that are written in one, or apart, with a mistake.
        distance = OSA.distance(joined, alongside, score_cutoff=2)
        if distance <= 2:
            return max(apart, 0.98 - distance / len(joined))
    return apart


def _strong(own: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in own if one not in WEAK)


def _pairs(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Pair each word with the one most like it; a long word counts more than a short one."""
    pairs = sorted(
        ((_word(mine, yours), -abs(i - j), i, j) for i, mine in enumerate(one) for j, yours in enumerate(other)),
        reverse=True,
    )
    left, right = set(range(len(one))), set(range(len(other)))
    got, plural = 0.0, False
    for near, _, i, j in pairs:
        if near < _LIKE:
            break
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            got += near * (_weight(one[i]) + _weight(other[j]))
            plural = plural or _is_plural(*sorted((one[i], other[j]), key=len))
    total = sum(map(_weight, one)) + sum(map(_weight, other))
    found = got / total
    # A word of one that the other has nothing like may make it another thing: a service of it, a branch.
    lost = [one[i] for i in left] + [other[j] for j in right]
    return min(found, _WITHOUT_A_WORD) if plural or any(word not in LITTLE for word in lost) else found


def _weight(word: str) -> float:
    return 0.3 if word in LITTLE else min(len(word), 8) / 8 + 0.25


def _word(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit():
        return 0.0
    short, long = sorted((one, other), key=len)
    if len(short) < 4:
        return 0.0
    begins = _BEGINS if long.startswith(short) and len(short) / len(long) > 0.4 and len(long) - len(short) < 4 else 0.0
    distance = OSA.distance(one, other, score_cutoff=2)
    if _is_plural(short, long) or distance > (1 if len(short) < 6 else 2):
        return begins
    if begins and distance == 1 and len(short) >= 6:
        begins = _WITHOUT_ITS_END
    return max(begins, 1 - distance / max(len(one), len(other), 6))


def _is_plural(short: str, long: str) -> bool:
    end = long[len(short) :] if long.startswith(short) else ""
    return end == "en" or (end == "n" and short[-1] == "e") or (end == "s" and short[-1] not in "aiou")


def _numbers(words: tuple[str, ...]) -> set[str]:
    return {one for one in words if one.isdigit()}
