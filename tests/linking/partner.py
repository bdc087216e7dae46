"""Partner datasets for tests: organisations that are partly those of the small home (tests/homes.py)."""

from __future__ import annotations

from pathlib import Path

from tests.homes import DESCRIPTION

PREFIXES = """\
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix zorg: <https://w3id.org/zorgkg/ns#> .
@prefix place: <https://w3id.org/zorgkg/id/place/> .
@prefix voc: <https://w3id.org/zorgkg/id/framework/voc/> .
"""
OCMW, LDC, KBS = (f"https://w3id.org/zorgkg/id/organisation/{slug}" for slug in ("ocmw-malle", "ldc-malle", "kbs"))
KBO = "0417497106"


def organisation(name: str, key: str) -> str:
    """IRI of an organisation of a partner."""
    return f"https://w3id.org/zorgkg/id/organisation/{name}--{key}"


def package(folder: Path, homepage: str = "https://www.malle.be") -> Path:
    """Write a partner's package: the OCMW with its number, the service centre, a foundation, and one that is new.

    :param folder: where; its name is the dataset's.
    """
    name = folder.name
    rows = {
        "1": ("Openbaar Centrum voor Maatschappelijk Welzijn Malle", KBO),
        "2": ("LDC Malle", ""),
        "3": ("KONING BOUDEWIJNSTICHTING", ""),
        "4": ("Turnkring De Zwaluw", ""),
    }
    told = [PREFIXES, DESCRIPTION.replace("dataset/stad", f"dataset/{name}")]
    for key, (label, kbo) in rows.items():
        iri = organisation(name, key)
        place = "" if key == "3" else "zorg:inMunicipality place:malle ;"
        told.append(
            f'<{iri}> a org:FormalOrganization ; rdfs:label "{label}"@nl ; org:classification voc:ocmw ; {place}'
        )
        told.append(
            f"  foaf:homepage <{homepage}> ; prov:wasDerivedFrom <https://w3id.org/zorgkg/id/passage/{name}--{key}> ."
        )
        told.append(f"<https://w3id.org/zorgkg/id/passage/{name}--{key}> a zorg:Passage ; zorg:row {key} ;")
        told.append(f"  <http://purl.org/dc/terms/isPartOf> <https://w3id.org/zorgkg/id/source/{name}> .")
        if kbo:
            told.append(f"<{iri}> adms:identifier <{iri}#kbo> .")
            told.append(f'<{iri}#kbo> a adms:Identifier ; skos:notation "{kbo}" ; adms:schemaAgency "KBO" .')
    told.append(
        f'<https://w3id.org/zorgkg/id/source/{name}> a zorg:Source ; rdfs:label "Lijst"@nl, "Liste"@fr, "List"@en ;'
    )
    told.append(f'  zorg:fileName "x.csv" ; dcat:mediaType <https://e.org/csv> ; zorg:sha256 "{"0" * 64}" .')
    folder.mkdir(parents=True)
    (folder / "dataset.ttl").write_text("\n".join(told))
    return folder
