"""Make the file of the example: a register of organisations with numbers, as a government might publish it.

Usage: `python docs/examples/register/make_register.py FILE [ROWS]`. The same rows come each time. All organisations
of the register are made up, but for those that the repository's own data have too: these stand in it as registers
write, in capitals, with the legal form, in full instead of short, with a slip of the pen, or by their French name.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).parents[3]
ROWS: Final = 100_000
COLUMNS: Final = ("ondernemingsnummer", "maatschappelijke naam", "rechtsvorm", "gemeente", "postcode")

_SEED: Final = 2026
_FULL: Final = (
    ("OCMW ", "Openbaar Centrum voor Maatschappelijk Welzijn "),
    ("LDC ", "Lokaal dienstencentrum "),
    ("CAW ", "Centrum Algemeen Welzijnswerk "),
    ("WZC ", "Woonzorgcentrum "),
)
_WORDS: Final = (
    *(
        "Zonne",
        "Linde",
        "Berken",
        "Eiken",
        "Wilgen",
        "Mezen",
        "Zwaluw",
        "Leeuwerik",
        "Molen",
        "Beek",
        "Kouter",
        "Heide",
    ),
    *("Dries", "Meers", "Polder", "Duin", "Haag", "Kasteel", "Kerk", "Markt", "Kring", "Brug", "Sluis", "Haven"),
    *("Toren", "Abdij", "Ster", "Regenboog", "Horizon", "Anker", "Kompas", "Baken", "Vuur", "Water", "Steen", "Veld"),
)
_ENDS: Final = (
    *("hof", "huis", "dal", "berg", "hoek", "plein", "gaard", "rust", "zicht", "stede", "kring", "poort", "dreef"),
    *("wijk", "weide", "bos"),
)
_KINDS: Final = {
    "vzw": ("{word} vzw", "Vrienden van {word} vzw", "Vereniging {word} {town} vzw"),
    "ldc": ("Lokaal dienstencentrum {word}", "LDC {word} {town}"),
    "wzc": ("Woonzorgcentrum {word}", "WZC {word} {town}"),
    "school": ("Basisschool {word}", "Gemeenteschool {word} {town}", "Sint-Jozefschool {word}"),
    "sports-club": ("KSV {word}", "Turnkring {word} {town}", "Wandelclub {word}"),
    "culture": ("Cultuurhuis {word}", "Harmonie {word} {town}"),
    "home-care-service": ("Thuiszorg {word}", "Dienst gezinszorg {word} {town}"),
    "social-enterprise": ("Maatwerkbedrijf {word}", "Kringwinkel {word} {town}"),
    "youth-work": ("Jeugdhuis {word}", "Speelplein {word} {town}"),
    "other": ("Stichting {word}", "Coöperatie {word} {town}", "{word} {town}"),
}
_FORMS: Final = {
    "vzw": "Vereniging zonder winstoogmerk",
    "ocmw": "Openbaar centrum voor maatschappelijk welzijn",
    "local-authority": "Stad / gemeente",
    "foundation": "Private stichting",
    "cooperative": "Coöperatieve vennootschap",
    "company": "Besloten vennootschap",
}
"""Kind of organisation → legal form; the others are non-profit associations."""


def number(at: int) -> str:
    """Return the enterprise number of a row: eight digits, and two that check them (97 less the remainder by 97).

    They come in steps that have no factor with their range, so that each comes once.

    :param at: which row, from 0.
    """
    first = f"{2_000_000 + at * 7919 % 7_999_993:08d}"
    return f"{first}{97 - int(first) % 97:02d}"


def rows(count: int) -> Iterator[dict[str, str]]:
    """Give the rows of the register.

    :param count: how many; the planted ones are among them.
    """
    chance = random.Random(_SEED)  # noqa: S311
    every = _table("places/municipalities.csv")
    names = {one["id"]: one["name_nl"] for one in every}
    towns = [one for one in every if not one["valid_until"]]
    planted = [_planted(one, chance) for one in _table("kbs-2021/organisations.csv")][: max(1, count // 2)]
    places = set(chance.sample(range(count), len(planted)))
    held = iter(planted)
    for at in range(count):
        town = chance.choice(towns)
        if at in places:
            row = next(held)
        else:
            kind = chance.choice(tuple(_KINDS))
            word = f"{chance.choice(_WORDS)}{chance.choice(_ENDS)}"
            if chance.random() < 0.6:
                word += f" {chance.choice(_WORDS)}{chance.choice(_ENDS)}"
            name = chance.choice(_KINDS[kind]).format(word=word, town=town["name_nl"])
            row = {"name": name, "kind": kind, "municipality": town["id"]}
        kbo = number(at)
        yield row | {
            "kbo": kbo,
            "ondernemingsnummer": f"{kbo[:4]}.{kbo[4:7]}.{kbo[7:]}",
            "maatschappelijke naam": row["name"],
            "rechtsvorm": _FORMS.get(row["kind"], _FORMS["vzw"]),
            "gemeente": names.get(row["municipality"], ""),
        }


def truth(count: int) -> dict[str, str]:
    """Return which organisation of ours a row is, for those that are one: number → slug."""
    return {row["kbo"]: row["id"] for row in rows(count) if "id" in row}


def write(file: Path, count: int = ROWS) -> None:
    """Write the register, with semicolons, as spreadsheet programs do here.

    :param file: where.
    :param count: how many rows.
    """
    with file.open("w", encoding="utf-8", newline="") as output:
        writer = csv.DictWriter(output, COLUMNS, delimiter=";", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows(count))


def _table(name: str) -> list[dict[str, str]]:
    with (REPOSITORY / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _planted(one: dict[str, str], chance: random.Random) -> dict[str, str]:
    name = one["name_nl"]
    way = chance.randrange(6)
    if way == 0:
        name = name.upper()
    elif way == 1 and not name.lower().endswith("vzw"):
        name = f"{name} vzw" if one["kind"] in ("vzw", "other", "socio-cultural-association") else name
    elif way == 2:
        for short, full in _FULL:
            name = name.replace(short, full, 1) if name.startswith(short) else name
    elif way == 3 and len(name) > 12:
        at = chance.randrange(4, len(name) - 4)
        name = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    elif way == 4:
        name = one["name_fr"] or name
    return {"name": name, "kind": one["kind"], "municipality": one["municipality"], "id": one["id"]}


if __name__ == "__main__":
    if len(sys.argv) < 2 or (len(sys.argv) > 2 and not sys.argv[2].isdigit()):
        sys.exit("usage: make_register.py FILE [ROWS]")
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else ROWS)
