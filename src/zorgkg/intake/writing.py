"""The files of a package that intake makes, and the folder that they are written to as a whole."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal

from zorgkg.datasets.package import DESCRIPTION, METADATA
from zorgkg.intake import schema, values
from zorgkg.intake.changes import Change
from zorgkg.intake.handing import Proposal, title_in_all
from zorgkg.languages import LANGUAGES
from zorgkg.tables.told import BadTable, Told
from zorgkg.terms import dataset_graph, thing

REPORT: Final = "report.tsv"
"""The table of what was done to the cells."""

_STATED: Final = ("state", "sheet", "row", "column", "header", "given", "became", "told", "what", "values")
_MEDIA: Final = "https://www.iana.org/assignments/media-types/"
_ABOUT: Final = {
    "nl": "Wat {publisher} aanleverde ({kinds}), rij voor rij overgenomen uit het bestand {file}.",
    "fr": "Ce que {publisher} a fourni ({kinds}), repris ligne par ligne du fichier {file}.",
    "en": "What {publisher} handed in ({kinds}), taken over row by row from the file {file}.",
}
_NOBODY: Final = {"nl": "een partner", "fr": "un partenaire", "en": "a partner"}


def files(proposal: Proposal, language: str = "en") -> dict[str, str]:
    """Return the files of a package.

    :param proposal: what it holds.
    :param language: of what the report tells.
    :returns: file name → text.
    """
    source = source_slug(proposal)
    described = schema.tables(proposal.wanted.name, source, proposal.language)
    listed = []
    made: dict[str, str] = {}
    for name, table in described.items():
        rows = proposal.tables.rows.get(name)
        if not rows:
            continue
        columns = schema.columns(table)
        output = io.StringIO(newline="")
        writer = csv.DictWriter(output, columns, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows.values())
        made[name] = output.getvalue()
        listed.append(_with_headers(table, name, proposal))
    group = {"@context": "http://www.w3.org/ns/csvw", "tables": listed}
    made[METADATA] = json.dumps(group, indent=2, ensure_ascii=False) + "\n"
    made[DESCRIPTION] = _description(proposal, source)
    made[REPORT] = _report(proposal.tables.changes, language)
    return made


def source_slug(proposal: Proposal) -> str:
    """Return the slug of the source that a file is."""
    return f"{proposal.wanted.name}--{values.slug(proposal.given.name) or 'file'}"


def write(folder: Path, made: dict[str, str]) -> None:
    """Write a package: the whole of it or nothing.

    :param folder: it must not be there yet.
    :param made: file name → text.
    :raises BadTable: it is there, or what it is to stand in is not.
    """
    if folder.exists() or folder.is_symlink():
        raise BadTable(Told("exists", {"path": folder}))
    if not folder.absolute().parent.is_dir():
        raise BadTable(Told("no-folder", {"path": folder.parent}))
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.absolute().parent))
    try:
        fill(beside, made)
        beside.chmod(0o755)
        # A folder of that name that somebody made meanwhile is not replaced, unless it is empty.
        os.rename(beside, folder)  # noqa: PTH104 - Path.rename says nothing of folders
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def fill(folder: Path, made: dict[str, str]) -> None:
    """Write files into a folder that is there."""
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8", newline="")


def read_report(folder: Path) -> list[tuple[int, Change]]:
    """Read what was done to the cells of a package.

    :returns: each with its line in the report; nothing for a package that has none.
    """
    path = folder / REPORT
    if not path.exists():
        return []
    found = []
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source, delimiter="\t")
        for row in reader:
            column = int(row["column"]) if (row.get("column") or "").isdigit() else None
            number = int(row["row"]) if (row.get("row") or "").isdigit() else None
            told = Told(row["what"], json.loads(row["values"]), row["sheet"], number, column, row["header"])
            found.append((reader.line_num, Change(row["state"].strip(), told, row["given"], row["became"])))
    return found


def headers(metadata: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return from which column of the file the columns of a package's tables come.

    :param metadata: of the package, as JSON.
    :returns: file name → name of the column → header.
    """
    return {
        str(table.get("url")): {
            str(column.get("name")): str(column["dcterms:source"])
            for column in table.get("tableSchema", {}).get("columns", ())
            if isinstance(column, dict) and "dcterms:source" in column
        }
        for table in metadata.get("tables", ())
        if isinstance(table, dict) and isinstance(table.get("tableSchema"), dict)
    }


_FROM: Final = {
    "organisations": "organisations.csv",
    "projects": "projects.csv",
    "activities": "activities.csv",
    "partnerships": "participations.csv",
    "positionings": "positionings.csv",
}


def _with_headers(table: dict[str, Any], file: str, proposal: Proposal) -> dict[str, Any]:
    named: dict[str, str] = {}
    for one in proposal.recognised:
        if _FROM[one.kind.name] == file:
            own = {name: one.table.header[index] for name, index in one.columns.items()}
            for text in ("name", "description"):
                if text in own:
                    own.setdefault(f"{text}_{one.language}", own[text])
            for ours, theirs in (("homepage", "website"), ("place", "municipality"), ("agent", "organisation")):
                if theirs in own:
                    own.setdefault(ours, own[theirs])
            named = own | named
    columns = [
        column | ({"dcterms:source": named[column["name"]]} if column["name"] in named else {})
        for column in table["tableSchema"]["columns"]
    ]
    return table | {"tableSchema": table["tableSchema"] | {"columns": columns}}


def _description(proposal: Proposal, source: str) -> str:
    wanted, given = proposal.wanted, proposal.given
    graph = dataset_graph(wanted.name).value
    spare = title_in_all(wanted)
    titles = {language: wanted.titles.get(language) or spare for language in LANGUAGES}
    kinds = {
        language: ", ".join(dict.fromkeys(one.kind.titles[place] for one in proposal.recognised))
        for place, language in enumerate(LANGUAGES)
    }
    about = {
        language: text.format(publisher=wanted.publisher or _NOBODY[language], kinds=kinds[language], file=given.name)
        for language, text in _ABOUT.items()
    }
    licence = (
        f"    dcterms:license <{wanted.licence}> ;"
        if wanted.licence
        else "    # The licence is missing: give its IRI, and take the # away.\n    # dcterms:license <https://…> ;"
    )
    publisher = f"    dcterms:publisher <{graph}#publisher> ;\n" if wanted.publisher else ""
    agent = f"\n<{graph}#publisher> a foaf:Agent ;\n    foaf:name {Literal(wanted.publisher)} .\n"
    day = (wanted.day or date.today()).isoformat()
    return f"""\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix zorg: <https://w3id.org/zorgkg/ns#> .

<{graph}> a dcat:Dataset ;
    dcterms:title {_texts(titles)} ;
    rdfs:label {_texts(titles)} ;
    dcterms:description {_texts(about)} ;
    dcterms:identifier {Literal(wanted.name)} ;
{licence}
{publisher}    dcterms:language {Literal(proposal.language)} ;
    prov:wasDerivedFrom {thing("source", source)} .

{thing("source", source)} a zorg:Source ;
    rdfs:label {_texts(dict.fromkeys(LANGUAGES, given.name))} ;
    zorg:fileName {Literal(given.name)} ;
    zorg:sha256 {Literal(given.sha256)} ;
    dcat:mediaType <{_MEDIA}{given.media}> ;
    dcterms:issued "{day}"^^dcterms:W3CDTF .
{agent if wanted.publisher else ""}"""


def _texts(texts: dict[str, str]) -> str:
    return ", ".join(str(Literal(text, language=language)) for language, text in texts.items())


def _report(changes: Iterable[Change], language: str) -> str:
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter="\t", lineterminator="\n")
    writer.writerow(_STATED)
    for one in changes:
        told = one.told
        writer.writerow(
            [
                one.state,
                told.sheet,
                told.row or "",
                told.column or "",
                told.name,
                one.given,
                one.became,
                told.message(language),
                told.key,
                json.dumps({name: str(value) for name, value in told.values.items()}, ensure_ascii=False),
            ]
        )
    return output.getvalue()
