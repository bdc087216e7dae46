"""Invented organisations in real municipalities, and what people make of their names: the same on every machine.

Nothing is random: each choice is a digest of what is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

from zorgkg.matching.places import MUNICIPALITY, Place
from zorgkg.matching.record import Record
from zorgkg.terms import ID, PREFIXES, term

KIND: Final = f"{PREFIXES['framework']}organisation-kind/"
_FORMAL: Final = term("org:FormalOrganization").value
_UNIT: Final = term("org:OrganizationalUnit").value

_ONE_EACH: Final = (
    ("ocmw", "OCMW {place}", "CPAS de {lieu}"),
    ("local-authority", "Gemeente {place}", "Commune de {lieu}"),
    ("sociaal-huis", "Sociaal Huis {place}", "Maison sociale de {lieu}"),
    ("library", "Bibliotheek {place}", "Bibliothèque de {lieu}"),
)
_NAMED: Final = (
    ("ldc", "LDC {name}", "Centre de services local {name}"),
    ("wzc", "Woonzorgcentrum {name}", "Maison de repos {name}"),
    ("vzw", "{name} vzw", "{name} asbl"),
    ("neighbourhood-work", "Buurthuis {name}", "Maison de quartier {name}"),
    ("vzw", "Samen voor {name}", "Ensemble pour {name}"),
    ("school", "Basisschool {name}", "École {name}"),
    ("sports-club", "Sportclub {name}", "Club de sport {name}"),
    ("culture", "Theater {name}", "Théâtre {name}"),
)
_FIRST: Final = (
    *("De", "Het", "Ter", "Ten", "Sint", "Huize", "Hof van", "Onder de", "Oud", "Nieuw", "Groot", "Klein"),
    *("Bij de", "Rond de", "Achter de"),
)
_SECOND: Final = (
    *("Linde", "Eik", "Beuk", "Brug", "Toren", "Molen", "Kouter", "Meers", "Wilg", "Zwaan", "Leeuw", "Ooievaar"),
    *("Kapel", "Heide", "Beek", "Vijver", "Poort", "Ster", "Regenboog", "Zonnebloem", "Klaproos", "Merel", "Vlinder"),
    *("Haven", "Sleutel", "Ploeg", "Wijngaard", "Spiegel", "Klok", "Kring", "Bron", "Dageraad", "Horizon", "Vuurtoren"),
)
_SYLLABLES: Final = (
    *("mer", "del", "bor", "lan", "wes", "ter", "hof", "gaar", "rin", "vel", "don", "ka", "li", "mo", "ru", "sta"),
    *("tie", "ve", "zan", "pel", "kor", "nij", "oos", "bra", "fle", "gra"),
)


def digest(*parts: object) -> int:
    """Return a number that looks like chance, but is always the same."""
    return int.from_bytes(blake2b(repr(parts).encode(), digest_size=8).digest(), "big")


def municipalities(places: Sequence[Place]) -> list[Place]:
    """Return the municipalities among some places, those that there are no more left out, in order."""
    found = sorted((one for one in places if one.type == MUNICIPALITY), key=lambda one: one.iri)
    later = {iri for one in found for iri in one.replaced_by}
    # As ours: the codes of 2019, with what they merged into beside them.
    return [one for one in found if one.iri not in later]


def register(places: Sequence[Place], number: int) -> Iterator[Record]:
    """Give so many organisations.

    :param places: the municipalities that they are in.
    :param number: how many.
    """
    made = 0
    for kind, dutch, french in _ONE_EACH:
        for place in places:
            if made == number:
                return
            names = (dutch.format(place=place.names[0]), french.format(lieu=place.names[1 % len(place.names)]))
            yield _record(made, kind, names[:1], place)
            made += 1
    while made < number:
        place = places[digest("place", made) % len(places)]
        kind, dutch, _ = _NAMED[digest("kind", made) % len(_NAMED)]
        yield _record(made, kind, (dutch.format(name=_name(made)),), place)
        made += 1


def _record(number: int, kind: str, names: tuple[str, ...], place: Place) -> Record:
    return Record(
        id=f"{ID}organisation/register--{number}",
        names=names,
        types=(_UNIT if kind in ("ldc", "library") else _FORMAL,),
        kinds=(KIND + kind,),
        municipality=place.iri,
        postcode=str(1000 + digest("postcode", place.iri) % 8990),
        identifiers=(("kbo", kbo(number)),),
        datasets=("register",),
    )


def kbo(number: int) -> str:
    """Return an enterprise number that passes its check, another for each number."""
    body = f"{4_000_000 + number:08d}"
    return f"{body}{97 - int(body) % 97:02d}"


def _name(number: int) -> str:
    """A name: often of words that many have, sometimes one of its own."""
    first, second = _FIRST[digest("first", number) % len(_FIRST)], _SECOND[digest("second", number) % len(_SECOND)]
    if digest("own", number) % 3:
        letters = "".join(
            _SYLLABLES[digest("syllable", number, at) % len(_SYLLABLES)] for at in range(2 + digest(number) % 3)
        )
        return f"{first} {letters.capitalize()}{second.lower()}" if number % 2 else letters.capitalize()
    return f"{first} {second}"


@dataclass(frozen=True)
class Case:
    """What somebody wrote, and what it means.

    :param kind: what was done to the name.
    :param wanted: as it stands in their table.
    :param expected: IRI of what is meant; None when it is nothing of the register, or unclear.
    """

    kind: str
    wanted: Record
    expected: str | None


def cases(records: Sequence[Record], places: Sequence[Place], known: frozenset[str]) -> Iterator[Case]:
    """Make of each record what people make of names.

    :param records: organisations of the register.
    :param places: all municipalities.
    :param known: keys of name and municipality that the register has, so that nothing planted is there by chance.
    """
    by_iri = {one.iri: one for one in places}
    for record in records:
        place = by_iri.get(record.municipality or "")
        if place:
            for make in MAKERS:
                for case in make(record, place, places):
                    if case.expected or _key(case.wanted) not in known:
                        yield case


def is_known(record: Record, known: frozenset[str]) -> bool:
    """Whether some records have that name in that municipality (:func:`keys`)."""
    return _key(record) in known


def keys(records: Sequence[Record]) -> frozenset[str]:
    """Return the keys of names and municipalities of some records."""
    return frozenset(_key(replace(one, names=(name,))) for one in records for name in one.names)


def _key(record: Record) -> str:
    return f"{record.names[0].casefold()}|{record.municipality}" if record.names else ""


def _wanted(record: Record, name: str, municipality: str | None) -> Record:
    return Record("urn:row", (name,), (_FORMAL,), municipality=municipality)


def exact(record: Record, place: Place, places: Sequence[Place]) -> Iterator[Case]:
    """The name as it is, in other case."""
    name = record.names[0]
    yield Case("same name", _wanted(record, name.upper() if digest(name) % 2 else name, place.iri), record.id)


def typo(record: Record, place: Place, places: Sequence[Place]) -> Iterator[Case]:
    """A letter that is wrong, missing, doubled or swapped, in the longest word."""
    words = record.names[0].split(" ")
    at = max(range(len(words)), key=lambda one: (len(words[one]), one))
    word = words[at]
    if len(word) < 6 or word.isupper():
        return
    spot = 1 + digest("typo", record.id) % (len(word) - 2)
    made = (
        word[:spot] + word[spot + 1 :],
        word[:spot] + word[spot] + word[spot:],
        word[: spot - 1] + word[spot] + word[spot - 1] + word[spot + 1 :] if spot > 1 else word[:-1],
        word[:spot] + "aeiourst"[digest("letter", record.id) % 8] + word[spot + 1 :],
    )[digest("how", record.id) % 4]
    if made != word:
        words[at] = made
        yield Case("typing mistake", _wanted(record, " ".join(words), place.iri), record.id)


_ABBREVIATIONS: Final = (
    ("LDC ", "Lokaal dienstencentrum "),
    ("Lokaal dienstencentrum ", "L.D.C. "),
    ("Lokaal Dienstencentrum ", "LDC "),
    ("Woonzorgcentrum ", "WZC "),
    ("OCMW ", "O.C.M.W. "),
    (" vzw", ""),
    ("Bibliotheek ", "Bib "),
    ("Gemeente ", "Gemeentebestuur "),
    ("Stad ", "Stadsbestuur "),
    ("Sint", "St."),
    ("Centrum", "Ctr."),
)


def abbreviation(record: Record, place: Place, places: Sequence[Place]) -> Iterator[Case]:
    """Abbreviations, also written out."""
    for long, short in _ABBREVIATIONS:
        if long in record.names[0]:
            name = record.names[0].replace(long, short)
            yield Case("abbreviation", _wanted(record, name, place.iri), record.id)
            return


_FRENCH: Final = (
    ("OCMW ", "CPAS de "),
    ("Gemeente ", "Commune de "),
    ("Stad ", "Ville de "),
    ("Sociaal Huis ", "Maison sociale de "),
    ("Bibliotheek ", "Bibliothèque de "),
    ("LDC ", "Centre de services local "),
    ("Lokaal dienstencentrum ", "Centre de services local "),
    ("Woonzorgcentrum ", "Maison de repos "),
    ("Buurthuis ", "Maison de quartier "),
    ("Basisschool ", "École primaire "),
    (" vzw", " asbl"),
    ("Sociale dienst ", "Service social "),
)


def french(record: Record, place: Place, places: Sequence[Place]) -> Iterator[Case]:
    """The French name, with the French name of the municipality."""
    name = record.names[0]
    for dutch, other in _FRENCH:
        if dutch in name:
            made = name.replace(dutch, other)
            if len(place.names) > 1:
                made = made.replace(place.names[0], place.names[1])
            yield Case("French name", _wanted(record, made, place.iri), record.id)
            return


def merger(record: Record, place: Place, places: Sequence[Place]) -> Iterator[Case]:
    """The municipality as it is since a merger."""
    for later in place.replaced_by:
        yield Case("merged municipality", _wanted(record, record.names[0], later), record.id)


def order(record: Record, place: Place, places: Sequence[Place]) -> Iterator[Case]:
    """The kind behind the name, with a comma."""
    first, _, rest = record.names[0].partition(" ")
    if rest and not record.names[0].startswith(("Sociaal Huis", "Lokaal ", "Huis van")):
        yield Case("other order", _wanted(record, f"{rest}, {first}", place.iri), record.id)


def placed(record: Record, place: Place, places: Sequence[Place]) -> Iterator[Case]:
    """The municipality in the name and in no column."""
    name = record.names[0]
    named = name if place.names[0] in name else f"{name} ({place.names[0]})"
    yield Case("place in the name", _wanted(record, named, None), record.id)


def bare(record: Record, place: Place, places: Sequence[Place]) -> Iterator[Case]:
    """A kind alone, with the municipality: clear where there is one of them."""
    for slug, dutch, _ in _ONE_EACH:
        own = {pattern.format(place=place.names[0]) for pattern in (dutch, dutch.replace("Gemeente", "Stad"))}
        if KIND + slug in record.kinds and record.names[0] in own:
            yield Case("kind alone", _wanted(record, dutch.replace(" {place}", ""), place.iri), record.id)


def number(record: Record, place: Place, places: Sequence[Place]) -> Iterator[Case]:
    """The enterprise number, as somebody printed it: of itself under a longer name, or of a service under its own."""
    found = dict(record.identifiers).get("kbo")
    if not found or place.names[0] in record.names[0]:
        return
    numbers = (("kbo", found),)
    row = _wanted(record, f"{record.names[0]} – campus {place.names[0]}", None)
    yield Case("enterprise number", replace(row, identifiers=numbers), record.id)
    row = _wanted(record, f"Strijkatelier {place.names[0]}", place.iri)
    yield Case("number of the parent", replace(row, identifiers=numbers), None)


def elsewhere(record: Record, place: Place, places: Sequence[Place]) -> Iterator[Case]:
    """The same name in a municipality that has none of that name."""
    other = places[digest("elsewhere", record.id) % len(places)]
    if (
        other.iri != place.iri
        and place.names[0] not in record.names[0]
        and not set(other.replaced_by) & set(place.replaced_by)
    ):
        yield Case("same name elsewhere", _wanted(record, record.names[0], other.iri), None)


def unit(record: Record, place: Place, places: Sequence[Place]) -> Iterator[Case]:
    """A service of it, which the register does not have."""
    what = ("Poetsdienst", "Dienst schuldhulp", "Project Warme Winter", "Onthaal")[digest("unit", record.id) % 4]
    yield Case("unit of it", _wanted(record, f"{what} {record.names[0]}", place.iri), None)


def other_kind(record: Record, place: Place, places: Sequence[Place]) -> Iterator[Case]:
    """A kind that is another body of the same name: what is a service centre is no care home."""
    for one, other in (("LDC ", "WZC "), ("Woonzorgcentrum ", "LDC "), ("Basisschool ", "Bibliotheek ")):
        if record.names[0].startswith(one):
            yield Case("other kind", _wanted(record, record.names[0].replace(one, other), place.iri), None)


def unclear(record: Record, place: Place, places: Sequence[Place]) -> Iterator[Case]:
    """A kind alone that works in a region, or without a municipality."""
    if KIND + "ocmw" in record.kinds:
        yield Case("unclear", _wanted(record, "CAW", place.iri), None)
        yield Case("unclear", _wanted(record, "OCMW", None), None)


MAKERS: Final = (
    *(exact, typo, abbreviation, french, merger, order, placed, bare, number),
    *(elsewhere, unit, other_kind, unclear),
)
