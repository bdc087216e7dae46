"""Values: a cell of a table as our tables write it, or why it cannot be placed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from zorgkg.intake.vocabulary import Lists, Vocabulary
from zorgkg.matching import identifiers
from zorgkg.search.folding import key, words
from zorgkg.terms import ID, PREFIXES

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_NUMBERS: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[T ,].*)?")
_SPELT: Final = re.compile(r"(?:[^\W\d]+\s+)?(\d{1,2})(?:er|e|st|nd|rd|th)?\s+([^\W\d]+)\.?\s+(\d{4})")
_MONTHS: Final = (
    "januari jan janvier janv january",
    "februari feb fevrier fev february",
    "maart mrt mars march mar",
    "april apr avril avr",
    "mei mai may",
    "juni jun juin june",
    "juli jul juillet juil july",
    "augustus aug aout august",
    "september sep sept septembre",
    "oktober okt octobre oct october",
    "november nov novembre",
    "december dec decembre",
)
_URL: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_BARE: Final = re.compile(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/[^\s<>\"{}|\\^`]*)?", re.IGNORECASE)
_MAILBOX: Final = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+-]*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
_LONGEST: Final = 80

MIXED: Final = "mixed"
"""The order of a column in which some days have the day first and others the month: nobody knows which of them err."""


@dataclass(frozen=True)
class Placed:
    """A value that was placed.

    :param text: as our tables write it.
    """

    text: str


@dataclass(frozen=True)
class Unplaced:
    """A value that could not be placed.

    :param key: why: a text of :mod:`zorgkg.intake.words`.
    :param values: what stands in the text.
    """

    key: str
    values: dict[str, object]


Result = Placed | Unplaced


def slug(text: str) -> str:
    """Return a text as part of an IRI: folded words with hyphens."""
    joined = "-".join(re.sub(r"[^a-z0-9]", "", word) for word in words(text.replace("&", " en ")))
    return re.sub(r"-+", "-", joined).strip("-")[:_LONGEST].strip("-")


def several(text: str) -> list[str]:
    """Return the values of a cell that may hold several: lines, semicolons and bars stand between them."""
    return [part.strip() for part in re.split(r"[;|\n]", text) if part.strip()]


def day(text: str, order: str = "") -> Result:
    """Read a day.

    :param order: `dmy` or `mdy`, how days are written in numbers; "": then one that may be either is refused, and with
        :data:`MIXED` each whose day and month are not the same.
    """
    if found := _ISO.fullmatch(text):
        return _date(text, int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(text):
        one, two, year = int(found[1]), int(found[2]), int(found[3])
        if order == MIXED and one != two:
            return Unplaced("mixed-dates", {"value": text})
        if order == "dmy" or (order != "mdy" and one > 12) or one == two:
            return _date(text, year, two, one)
        if order == "mdy" or two > 12:
            return _date(text, year, one, two)
        return Unplaced("ambiguous-date", {"value": text})
    if found := _SPELT.fullmatch(text):
        name = key(found[2])
        for number, names in enumerate(_MONTHS, 1):
            if name in names.split():
                return _date(text, int(found[3]), number, int(found[1]))
    return Unplaced("no-date", {"value": text})


def order_of(texts: Iterable[str]) -> str:
    """Return how the days of a column are written, told by those that can be read in one way only.

    :returns: `dmy`, `mdy`, :data:`MIXED`, or "" when none of them tells.
    """
    found = {
        "dmy" if int(one[1]) > 12 else "mdy"
        for one in map(_NUMBERS.fullmatch, texts)
        if one and (int(one[1]) > 12) != (int(one[2]) > 12)
    }
    return MIXED if len(found) > 1 else "".join(found)


def is_written_day(text: str) -> bool:
    """Return whether a text is a day that is not written as ISO 8601 has it."""
    return not _ISO.fullmatch(text) and isinstance(day(text, "dmy"), Placed)


def url(text: str) -> Result:
    """Read the address of a page; one without `https://` gets it."""
    if _URL.fullmatch(text):
        return Placed(text)
    if _BARE.fullmatch(text) and "@" not in text:
        return Placed(f"https://{text}")
    return Unplaced("no-url", {"value": text})


def mailbox(text: str) -> Result:
    """Read a mailbox."""
    plain = text.removeprefix("mailto:").strip()
    return Placed(plain.lower()) if _MAILBOX.fullmatch(plain) else Unplaced("no-mailbox", {"value": text})


def kbo(text: str) -> Result:
    """Read an enterprise number."""
    found = identifiers.kbo(text)
    return Placed(found) if found else Unplaced("no-kbo", {"value": text})


def postcode(text: str) -> Result:
    """Read a postcode."""
    found = identifiers.postcode(text)
    return Placed(found) if found else Unplaced("no-postcode", {"value": text})


def municipality(text: str, known: Vocabulary) -> Result:
    """Read a municipality: a name, a code or an IRI; a postcode before the name is no matter."""
    plain = re.sub(r"^(?:B-?)?[1-9]\d{3}\s+(?=\D)", "", text)
    found = known.places.find(plain)
    if len(found) == 1:
        return Placed(found[0].iri.removeprefix(PREFIXES["place"]))
    if not found:
        return Unplaced("no-municipality", {"value": text})
    names = ", ".join(one.iri.removeprefix(PREFIXES["place"]) for one in found)
    return Unplaced("several-municipalities", {"value": text, "names": names})


def listed(text: str, lists: Lists, what: str) -> Result:
    """Read a value of a list.

    :param what: which list, for the message: `kind-listed`, `role`, `component` or `basis`.
    """
    found = lists.find(text)
    if len(found) == 1:
        return Placed(found[0])
    if found:
        return Unplaced(f"several-{what}", {"value": text, "names": ", ".join(found)})
    return Unplaced(f"no-{what}", {"value": text})


def of_ours(text: str, kind: str, known: frozenset[str]) -> str:
    """Return the slug of a thing of the graph that a text names by its IRI or slug; "" when it names none.

    A name is never enough: names are matched, and reviewed, when the dataset is linked.

    :param kind: `project` or `organisation`.
    """
    plain = text.strip()
    for before in (f"{ID}{kind}/", f"{kind}/", f"{kind}:"):
        plain = plain.removeprefix(before)
    return plain if plain in known and (plain != text.strip() or "-" in plain) else ""


def _date(text: str, year: int, month: int, number: int) -> Result:
    try:
        return Placed(date(year, month, number).isoformat())
    except ValueError:
        return Unplaced("no-date", {"value": text})
