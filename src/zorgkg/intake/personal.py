"""Personal data: columns that are about people are refused, by what they are called and by what they hold.

What a mailbox of a person and a telephone number look like stands in the shapes (`ontology/shapes/privacy.ttl`), and is
read from there: a table and the graph are judged alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import rdflib
from rdflib.namespace import SH

from zorgkg.matching import identifiers
from zorgkg.search.folding import key
from zorgkg.tables.table import Table
from zorgkg.tables.told import Told

_SHAPES: Final = "https://w3id.org/zorgkg/shapes#"
_PERSON: Final = (
    "contactpersoon contact persoon personne de contact|contact person|contactperson|naam contactpersoon|"
    "nom de la personne de contact|voornaam|voornamen|familienaam|achternaam|geslachtsnaam|naam en voornaam|"
    "voornaam en naam|voornaam naam|naam voornaam|prenom|prenoms|nom de famille|nom et prenom|nom prenom|prenom nom|"
    "first name|firstname|last name|lastname|surname|given name|family name|full name|rijksregister|"
    "rijksregisternummer|rijksregisternr|insz|insz nummer|niss|numero national|numero de registre national|"
    "registre national|national register number|national number|national id|geboortedatum|geboren op|geboorteplaats|"
    "date de naissance|lieu de naissance|birth date|birthdate|date of birth|birthday|dob|leeftijd|age|geslacht|sexe|"
    "gender|nationaliteit|nationalite|nationality|gsm|gsm nummer|gsmnummer|mobiel|mobiele telefoon|mobile|"
    "mobile phone|portable|numero de gsm|persoonlijk e mailadres|e mail contactpersoon|email contactpersoon|"
    "e mailadres contactpersoon|mail contactpersoon|e mail persoon|courriel personnel|email personne de contact|"
    "contact email person|telefoon contactpersoon|verantwoordelijke|naam verantwoordelijke|nom du responsable|"
    "responsable|deelnemers namen|burgerlijke staat|etat civil|rekeningnummer|iban|prive adres|adresse privee|"
    "vrijwilliger naam|naam vrijwilliger|nom du benevole|contactpersoon naam|contactpersoon"
)
_NAMES: Final = frozenset(_PERSON.split("|"))
_PARTS: Final = ("contactpersoon", "rijksregister", "voornaam", "familienaam", "achternaam", "geboortedatum", "prenom")
"""What a header of a column about people holds, whatever stands around it."""

_NEARLY_ALL: Final = 0.8
_MAIL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_MOBILE: Final = re.compile(
    r"(?<![0-9])(?:(?:\+|00)\s?32[ ./-]{0,3}(?:\(0\))?[ ./-]?|0)4[5-9][0-9](?:[ ./-]{0,3}[0-9]){6}(?![0-9])"
)
_REGISTER: Final = re.compile(r"(?<![0-9])[0-9]{2}[. ]?[0-9]{2}[. ]?[0-9]{2}[- ]?[0-9]{3}[. ]?[0-9]{2}(?![0-9])")


@dataclass(frozen=True)
class Patterns:
    """What personal data look like.

    :param functional: a mailbox that names a function.
    :param nameless: patterns none of which a nameless mailbox has.
    :param house: a mailbox of a house.
    :param first: a mailbox with a first name.
    """

    functional: re.Pattern[str]
    nameless: re.Pattern[str]
    house: re.Pattern[str]
    first: re.Pattern[str]

    def is_personal_mailbox(self, address: str) -> bool:
        """Return whether a mailbox looks like that of a person, as the shapes say it."""
        if self.functional.search(address):
            return False
        named = self.first.search(address) is not None
        if not self.nameless.search(address) and not named:
            return False
        return not self.house.search(address) or named

    def found(self, text: str) -> str:
        """Return which personal data a cell holds: `mailbox`, `mobile`, `register` or nothing."""
        if "@" in text and any(self.is_personal_mailbox(one) for one in _MAIL.findall(text)):
            return "mailbox"
        if _MOBILE.search(text):
            return "mobile"
        if any(_is_register_number(one) for one in _REGISTER.findall(text)):
            return "register"
        return ""


def patterns(shapes: Path) -> Patterns:
    """Read what personal data look like from the shapes.

    :param shapes: the folder of the shapes.
    """
    graph = rdflib.Graph().parse(shapes / "privacy.ttl", format="turtle")

    def pattern(node: rdflib.term.Node) -> re.Pattern[str]:
        flags = re.IGNORECASE if str(graph.value(node, SH.flags) or "") == "i" else 0
        return re.compile(str(graph.value(node, SH.pattern)), flags)

    def shape(name: str) -> rdflib.URIRef:
        return rdflib.URIRef(_SHAPES + name)

    likes = [one for one in graph.objects(shape("NamelessMailbox"), SH["not"]) if isinstance(one, rdflib.BNode)]
    return Patterns(
        pattern(shape("FunctionalMailbox")),
        pattern(likes[0]),
        pattern(shape("HouseMailbox")),
        pattern(shape("FirstNameMailbox")),
    )


def refused(table: Table, likes: Patterns) -> list[Told]:
    """Tell the columns of a table that hold personal data.

    :param table: the table; no value of it is told.
    :param likes: what personal data look like.
    """
    return [told for index in range(len(table.header)) for told in _column(table, index, likes)]


def _column(table: Table, index: int, likes: Patterns) -> Iterator[Told]:
    if is_about_people(table.header[index]) and any(row.cells[index] for row in table.rows):
        yield table.told("personal-name", None, index)
        return
    rows: dict[str, list[int]] = {}
    numbered = _is_of_enterprises(table, index)
    for row, text in table.column(index):
        # 0470.xxx.xxx is a mobile number or that of an enterprise.
        if not (numbered and identifiers.kbo(text)) and (which := likes.found(text)):
            rows.setdefault(which, []).append(row)
    for which, numbers in rows.items():
        yield table.told(f"personal-{which}", None, index, count=len(numbers), first=numbers[0])


def _is_of_enterprises(table: Table, index: int) -> bool:
    """Whether nearly all that a column holds are enterprise numbers, whose last digits check the others."""
    valid = [identifiers.kbo(text) is not None for _, text in table.column(index)]
    return sum(valid) > _NEARLY_ALL * len(valid)


def is_about_people(header: str) -> bool:
    """Return whether a header tells that its column is about people."""
    folded = key(header.replace("_", " "))
    last = key(header.rpartition(".")[2].replace("_", " "))
    return folded in _NAMES or last in _NAMES or any(part in folded for part in _PARTS)


def _is_register_number(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    month, day = int(digits[2:4]) % 20, int(digits[4:6])
    if month > 12 or day > 31:
        return False
    # Born since 2000: a 2 is set before.
    return any(97 - int(before + digits[:9]) % 97 == int(digits[9:]) for before in ("", "2"))
