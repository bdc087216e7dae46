"""Make the dataset package of the example: a register of organisations with numbers, as a government might publish it.

Usage: `python docs/examples/register/make_register.py FOLDER [ROWS]`. The same rows come each time. All organisations
of the register are made up, but for those that the repository's own data have too: these stand in it as registers
write, in capitals, with the legal form, in full instead of short, with a slip of the pen, or by their French name.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

REPOSITORY: Final = Path(__file__).parents[3]
ROWS: Final = 100_000
COLUMNS: Final = ("row", "kbo", "name", "kind", "municipality", "postcode")

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
    towns = [one for one in _table("places/municipalities.csv") if not one["valid_until"]]
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
        yield {**dict.fromkeys(COLUMNS, ""), **row, "row": str(at + 2), "kbo": number(at)}


def truth(count: int) -> dict[str, str]:
    """Return which organisation of ours a row is, for those that are one: number → slug."""
    return {row["kbo"]: row["id"] for row in rows(count) if "id" in row}


def write(folder: Path, count: int = ROWS) -> None:
    """Write the package: table, metadata and description.

    :param folder: where; its name is that of the dataset.
    :param count: how many rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / "organisations.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows(count))
    (folder / "csvw.json").write_text(json.dumps(_metadata(folder.name), indent=1, ensure_ascii=False) + "\n", "utf-8")
    digest = hashlib.sha256(table.read_bytes()).hexdigest()
    (folder / "dataset.ttl").write_text(_DESCRIPTION.format(name=folder.name, sha256=digest), "utf-8")


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


def _metadata(name: str) -> dict[str, Any]:
    base = "https://w3id.org/zorgkg/id"
    thing = f"{base}/organisation/{name}--{{kbo}}"
    registered, passage = f"{thing}#kbo", f"{base}/passage/{name}--{{row}}"
    rdf, skos = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2004/02/skos/core#"
    zorg, org, adms = "https://w3id.org/zorgkg/ns#", "http://www.w3.org/ns/org#", "http://www.w3.org/ns/adms#"

    def derived(column: str, about: str, predicate: str, value: str) -> dict[str, Any]:
        return {"name": column, "virtual": True, "aboutUrl": about, "propertyUrl": predicate, "valueUrl": value}

    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "organisations.csv",
        "tableSchema": {
            "aboutUrl": thing,
            "primaryKey": "kbo",
            "columns": [
                {"name": "row", "titles": "row", "required": True, "datatype": "integer", "aboutUrl": passage,
                 "propertyUrl": f"{zorg}row"},
                {"name": "kbo", "titles": "kbo", "required": True,
                 "datatype": {"base": "string", "format": "[01][0-9]{9}"}, "aboutUrl": registered,
                 "propertyUrl": f"{skos}notation"},
                {"name": "name", "titles": "name", "required": True, "lang": "nl",
                 "propertyUrl": "http://www.w3.org/2000/01/rdf-schema#label"},
                {"name": "kind", "titles": "kind", "required": True, "propertyUrl": f"{org}classification",
                 "valueUrl": f"{base}/framework/organisation-kind/{{kind}}"},
                {"name": "municipality", "titles": "municipality", "propertyUrl": f"{zorg}inMunicipality",
                 "valueUrl": f"{base}/place/{{municipality}}"},
                {"name": "postcode", "titles": "postcode", "suppressOutput": True},
                derived("type", thing, f"{rdf}type", f"{org}FormalOrganization"),
                derived("from", thing, "http://www.w3.org/ns/prov#wasDerivedFrom", passage),
                derived("passage", passage, f"{rdf}type", f"{zorg}Passage"),
                derived("of", passage, "http://purl.org/dc/terms/isPartOf", f"{base}/source/{name}"),
                derived("identifier", thing, f"{adms}identifier", registered),
                derived("number", registered, f"{rdf}type", f"{adms}Identifier"),
                {"name": "agency", "virtual": True, "aboutUrl": registered, "propertyUrl": f"{adms}schemaAgency",
                 "default": "KBO"},
            ],
        },
    }  # fmt: skip


_DESCRIPTION: Final = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix zorg: <https://w3id.org/zorgkg/ns#> .

<https://w3id.org/zorgkg/id/dataset/{name}> a dcat:Dataset ;
    dcterms:title "Register van organisaties"@nl, "Registre d'organisations"@fr, "Register of organisations"@en ;
    rdfs:label "Register van organisaties"@nl, "Registre d'organisations"@fr, "Register of organisations"@en ;
    dcterms:description "Een verzonnen register met ondernemingsnummers, als voorbeeld."@nl,
        "Un registre inventé avec des numéros d'entreprise, à titre d'exemple."@fr,
        "A made-up register with enterprise numbers, as an example."@en ;
    dcterms:language "nl" ;
    dcterms:publisher <https://w3id.org/zorgkg/id/dataset/zorgkg#publisher> ;
    dcterms:license <https://data.vlaanderen.be/id/licentie/creative-commons-zero-verklaring/v1.0> .

<https://w3id.org/zorgkg/id/source/{name}> a zorg:Source ;
    rdfs:label "Register van organisaties"@nl, "Registre d'organisations"@fr, "Register of organisations"@en ;
    dcterms:title "Register van organisaties"@nl ;
    dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> ;
    zorg:fileName "organisations.csv" ;
    zorg:sha256 "{sha256}" .
"""


if __name__ == "__main__":
    if len(sys.argv) < 2 or (len(sys.argv) > 2 and not sys.argv[2].isdigit()):
        sys.exit("usage: make_register.py FOLDER [ROWS]")
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else ROWS)
