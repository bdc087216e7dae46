"""The commands for a partner's table: make a package of it, check one, and give a template to fill in."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from zorgkg import cli_writing, content
from zorgkg.console import BadInput, Progress
from zorgkg.datasets.package import DESCRIPTION, METADATA, Package
from zorgkg.datasets.problems import InvalidData
from zorgkg.engine.interface import Engine
from zorgkg.intake import checking, handing, personal, template, vocabulary, writing
from zorgkg.intake.changes import DONE
from zorgkg.intake.checking import Finding
from zorgkg.intake.handing import Proposal, Wanted
from zorgkg.intake.kinds import KINDS
from zorgkg.publishing import operations, validation
from zorgkg.settings import Settings
from zorgkg.tables import reading
from zorgkg.tables.told import BadTable, Told, lines, say
from zorgkg.terms import dataset_graph, is_dataset_name

_STEPS = 5


def new(options: argparse.Namespace, engine: Engine) -> int:
    """Carry out `zorgkg dataset new`: make a package of a file."""
    language = options.lang or "en"
    if not is_dataset_name(options.name):
        raise BadInput(f"{options.name!r}: a dataset's name has small letters, digits and hyphens")
    if "--" in options.name:
        raise BadInput(f"{options.name!r}: a dataset's name has no two hyphens in a row")
    folder: Path = options.to or Path(options.name)
    own = content.locate(None)
    try:
        handing.refuse_own(options.name, own)
        if folder.exists():
            raise BadTable(Told("exists", {"path": folder}))
        given = reading.read_path(options.file, options.sheet or "")
        likes = personal.patterns(own.ontology / "shapes")
        wanted = Wanted(
            options.name,
            options.kind or "",
            options.licence or "",
            options.publisher or "",
            _titles(options.title),
            options.data_lang or "",
            options.without,
            options.dates or "",
            datetime.fromtimestamp(options.file.stat().st_mtime, UTC).date(),
        )
        proposal = handing.propose(given, wanted, vocabulary.read(engine, options.name), likes)
        writing.write(folder, writing.files(proposal, language))
    except BadTable as error:
        raise BadInput(f"{options.file}: " + "\n".join(error.lines(language))) from None
    _tell(proposal, folder, language)
    return 0


def check(options: argparse.Namespace, chosen: Settings) -> int:
    """Carry out `zorgkg dataset check`: tell what would be refused, by the rows of the file."""
    language = options.lang or "en"
    folder: Path = options.package
    if not folder.is_dir() or not any((folder / name).exists() for name in (METADATA, DESCRIPTION)):
        raise BadInput(f"{folder} is no dataset package: it is no folder with {METADATA} or {DESCRIPTION}")
    name = options.name or folder.resolve().name
    if not is_dataset_name(name):
        raise BadInput(f"{name!r}: a dataset's name has small letters, digits and hyphens; give it with --name")
    home, judge = cli_writing.begun(options, chosen)
    found = checking.undecided(folder, language)
    package = Package(folder, name)
    changes: dict[str, tuple[int, int]] = {}
    try:
        quads = operations.package(package)
        if not found:
            options.dry_run = True
            with cli_writing.wrong(), Progress(after=1) as step:
                operation = operations.put_dataset(dataset_graph(name), quads, package.has_links)
                outcome = cli_writing.carried_out(home, judge, operation, options, chosen, step)
            changes = outcome.changes
            if not outcome.report.conforms:
                results = outcome.report.results(language)
                found = checking.of_results(folder, results, validation.trace(results, [package], len(results)))
    except InvalidData as error:
        found += checking.of_problems(folder, error.problems, language)
    if options.format == "json":
        told = {
            "dataset": name,
            "conforms": not found,
            "problems": [one.plain() for one in found],
            "changes": {one: {"came": came, "went": went} for one, (came, went) in changes.items()},
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _tell_findings(found, changes, folder, language)
    return 1 if found else 0


def make_template(options: argparse.Namespace, engine: Engine) -> int:
    """Carry out `zorgkg dataset template`: write an empty table."""
    language = options.lang or "nl"
    kind = KINDS[options.kind]
    form = options.format or "xlsx"
    path: Path = options.output or Path(f"{options.kind}.{form}")
    if path.exists():
        raise BadInput(f"{path} is there already; choose another file with --output")
    if form == "csv":
        path.write_bytes(template.delimited(kind, language))
    else:
        path.write_bytes(template.workbook(kind, vocabulary.read(engine), language))
    print(f"wrote {path}")
    return 0


def _titles(given: Sequence[str]) -> dict[str, str]:
    titles: dict[str, str] = {}
    for one in given:
        language, equals, text = one.partition("=")
        if equals and language in ("nl", "fr", "en"):
            titles[language] = text.strip()
        else:
            titles[""] = one.strip()
    return titles


def _tell(proposal: Proposal, folder: Path, language: str) -> None:
    for one in proposal.notes:
        print(one.text(language))
    counted = sum(1 for one in proposal.tables.changes if one.state == DONE)
    if counted:
        print(say(language, "done", count=counted))
    for line in lines(proposal.left_out, language):
        print(line)
    if proposal.todo:
        print(say(language, "to-mend", count=len(proposal.todo)))
        for line in lines((one.told for one in proposal.todo), language):
            print(f"  {line}")
    for missing in proposal.missing:
        print(missing.text(language))
    tables = ", ".join(
        say(language, "counted", file=file, count=len(rows)) for file, rows in proposal.tables.rows.items()
    )
    print(say(language, "proposed", path=folder, tables=tables or "-"))
    print(say(language, "next", path=folder))


def _tell_findings(found: Sequence[Finding], changes: dict[str, tuple[int, int]], folder: Path, language: str) -> None:
    for one in found:
        print(one.text(language), file=sys.stderr)
    if found:
        print(say(language, "found", count=len(found)), file=sys.stderr)
        return
    print(say(language, "valid" if changes else "unchanged", path=folder))
    for name, (came, went) in changes.items():
        print(say(language, "came-went", name=name, came=f"{came:,}", went=f"{went:,}"))
