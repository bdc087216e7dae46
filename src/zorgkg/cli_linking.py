"""`zorgkg link`: propose links between the things of a dataset and those of others, review them, and publish them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from zorgkg import cli_writing, content
from zorgkg.console import BadInput, Progress
from zorgkg.datasets.package import DESCRIPTION, LINKS
from zorgkg.datasets.sssom import Mapping
from zorgkg.engine.interface import Engine
from zorgkg.languages import negotiate
from zorgkg.linking import commands, deciding, identity, linkfile, review, words
from zorgkg.linking.deciding import BadDecision, Reviewer
from zorgkg.linking.linkfile import LinkFile
from zorgkg.publishing import operations
from zorgkg.publishing.versions import Home
from zorgkg.settings import Settings
from zorgkg.terms import dataset_graph, is_dataset_name

# The options of the command are declared in `zorgkg.cli`, which loads nothing that validates.

Opened = Callable[[], AbstractContextManager[Engine]]


def run(options: argparse.Namespace, chosen: Settings, opened: Opened) -> int:
    """Carry out `zorgkg link`.

    :param opened: opens an engine on the published version.
    """
    home, judge = cli_writing.begun(options, chosen)
    file = _file(options, home)
    language = negotiate(options.lang, None) if options.lang else "en"
    try:
        reviewer = Reviewer.of(options.reviewer)
        if options.list:
            _list(file.read(), language)
            return 0
        if options.export:
            _export(file, options.export)
            return 0
        with opened() as engine:
            _do(options, file, engine, reviewer, language)
    except BadDecision as error:
        raise BadInput(str(error)) from error
    operation = operations.link(dataset_graph(file.name), file.read)
    cli_writing.publish(home, judge, operation, f"links of {file.name}", options, chosen)
    return 0


def _do(options: argparse.Namespace, file: LinkFile, engine: Engine, reviewer: Reviewer, language: str) -> None:
    if options.source:
        if not options.source.is_file():
            raise BadInput(f"there is no file {options.source}; --import takes SSSOM TSV, or OpenRefine's CSV export")
        came = commands.take_over(file, engine, options.source, reviewer, options.key, options.match)
        print(f"{came} decisions taken over from {options.source}")
        return
    if options.undo:
        elsewhere = identity.decisions(engine)
        verdicts = dict.fromkeys(options.undo, deciding.UNDO)
        file.change(lambda rows: deciding.decide(rows, verdicts, reviewer, elsewhere))
        print(f"{len(verdicts)} {words.say('undo', language)}")
        return
    with Progress(after=1) as step:
        step("comparing", 0, 1)
        accept = reviewer if options.accept_identifiers else None
        rows, accepted = commands.propose(file, engine, options.least, accept)
    if options.accept_identifiers:
        print(f"{accepted} accepted: the same number of a register, and nothing against it")
    if options.review or (sys.stdin.isatty() and sys.stdout.isatty()):
        elsewhere = identity.decisions(engine)
        with review.pressed(sys.stdin) as keys:
            review.Review(file, engine, reviewer, elsewhere, language, sys.stdout).run(keys)
        rows = file.read()
    print(f"{file.path}: {review.summary(rows, language)}")


def _export(file: LinkFile, target: Path) -> None:
    if str(target) == "-":
        print(commands.export(file, None), end="")
    else:
        commands.export(file, target)
        print(f"{len(file.read())} mappings written to {target}")


def _file(options: argparse.Namespace, home: Home) -> LinkFile:
    folder = Path(options.name)
    if (folder / DESCRIPTION).exists():
        name = folder.resolve().name
        file = LinkFile(folder / LINKS, name)
    else:
        name = options.name
        if not is_dataset_name(name):
            raise BadInput(f"{name!r} is no dataset, and no folder with {DESCRIPTION}")
        file = linkfile.of(name, content.locate(options.root).data, home.path)
    datasets = home.current().datasets
    if name not in datasets:
        raise BadInput(f"there is no dataset {name!r} in the graph; `zorgkg dataset add` it first")
    return file


def _list(rows: list[Mapping], language: str) -> None:
    ordered = [*deciding.waiting(rows), *(one for one in rows if one.is_decided)]
    for one in ordered:
        state = "accept" if one.is_accepted else "refuse" if one.is_refused else "skip" if one.is_unclear else ""
        told = words.say(state, language) if state else "?"
        print("\t".join((one.id, told, f"{one.confidence:.2f}", one["subject_label"], one["object_label"], one.object)))
    print(review.summary(rows, language))
