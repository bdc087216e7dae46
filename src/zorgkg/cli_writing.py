"""The commands that change the graph, or tell what would come of it: the same transaction that the server uses."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import Quad, RdfFormat
from pyshacl.errors import ReportableRuntimeError

from zorgkg import content
from zorgkg.console import BadInput, Progress, Step
from zorgkg.datasets.archive import BadArchive
from zorgkg.datasets.package import DESCRIPTION, METADATA, Package
from zorgkg.datasets.problems import InvalidData, Problem
from zorgkg.intake import checking
from zorgkg.publishing import operations, payload, validation, writing
from zorgkg.publishing.operations import NoGraph, Operation
from zorgkg.publishing.payload import Payload, PayloadError
from zorgkg.publishing.update import DatasetConflict, Scope, UpdateError, UpdateSyntaxError
from zorgkg.publishing.versions import Home
from zorgkg.publishing.writing import Judge, NotAllowed, Outcome
from zorgkg.settings import Settings
from zorgkg.sparql import fault
from zorgkg.terms import BASE, dataset_graph, dataset_name, graph_of, is_dataset_name

_STEPS = 5
_WITHOUT_BRACES = re.compile(r"\s*(CLEAR|DROP)\s", re.IGNORECASE)
_EXTENSIONS = ".ttl .nt .nq .trig .rdf .jsonld"


def add(options: argparse.Namespace, chosen: Settings) -> int:
    """Carry out `zorgkg dataset add`: add a dataset, or replace the one of that name."""
    home, judge = begun(options, chosen)
    # What is unpacked lies where a sweep finds it when this process is ended.
    with home.trying() as folder:
        with wrong(), Progress(after=1) as step:
            step("reading", 0, _STEPS)
            _decided(options.paths[0], options.lang or "en")
            given = _given(options.paths, options.name or _name(options.paths[0]), folder.resolve())
            operation = operations.put_dataset(
                dataset_graph(given.name), given.quads, any(one.has_links for one in given.packages)
            )
            outcome = carried_out(home, judge, operation, options, chosen, step)
        replaced = given.name in outcome.before.datasets
        _tell(outcome, f"dataset {given.name} {'replaced' if replaced else 'added'}", options, given)
    return 0


def remove(options: argparse.Namespace, chosen: Settings) -> int:
    """Carry out `zorgkg dataset remove`."""
    home, judge = begun(options, chosen)
    before = home.current()
    if options.name not in before.datasets:
        raise BadInput(f"there is no dataset {options.name!r}; there are: {', '.join(before.datasets)}")
    graph = graph_of(options.name)
    with wrong(), Progress(after=1) as step:
        outcome = carried_out(home, judge, operations.delete(graph), options, chosen, step)
    _tell(outcome, f"dataset {options.name} removed", options)
    if outcome.after and graph.value not in before.written:
        print("the next `zorgkg build` makes it again, unless its folder is gone by then")
    return 0


def update(options: argparse.Namespace, chosen: Settings) -> int:
    """Carry out `zorgkg update`: a SPARQL 1.1 update."""
    home, judge = begun(options, chosen)
    with wrong(), Progress(after=1) as step:
        operation = operations.update(_text(options.file), chosen.services, Scope(BASE))
        outcome = carried_out(home, judge, operation, options, chosen, step)
    _tell(outcome, "updated", options)
    return 0


def validate(options: argparse.Namespace, chosen: Settings) -> int:
    """Carry out `zorgkg validate FILE…`: tell what the shapes would say if the files' statements were added."""
    home, judge = begun(options, chosen)
    with wrong(), Progress(after=1) as step:
        step("reading", 0, _STEPS)
        quads = [quad for path in options.files for quad in _read(path, path.resolve().as_uri(), operations.posted)]
        judge.prepare()
        step("rules and validation", 2, _STEPS)
        outcome = writing.attempt(home, judge, operations.post(None, quads), whole=options.whole)
    results = outcome.report.results(options.lang or "en")
    for result in results:
        print(result)
    print("valid" if outcome.report.conforms else f"{len(results)} validation results")
    return 0 if outcome.report.conforms else 1


def publish(
    home: Home, judge: Judge, operation: Operation, done: str, options: argparse.Namespace, chosen: Settings
) -> Outcome:
    """Carry out an operation as one transaction, and print what changed.

    :param done: what was done, for the first line.
    :raises InvalidData: the shapes refuse it.
    """
    with wrong(), Progress(after=1) as step:
        outcome = carried_out(home, judge, operation, options, chosen, step)
    _tell(outcome, done, options)
    return outcome


# What is given


@dataclass(frozen=True)
class _Given:
    """A dataset that was given, read.

    :param shown: the path of one of its files as the user knows it.
    """

    name: str
    quads: list[Quad]
    packages: tuple[Package, ...] = ()
    shown: Callable[[Path], Path] = lambda path: path


def _given(paths: Sequence[Path], name: str, folder: Path) -> _Given:
    path = paths[0]
    for one in paths:
        if not one.exists():
            raise BadInput(f"there is no file or folder {one}")
    if not is_dataset_name(name):
        raise BadInput(f"{name!r}: a dataset's name has small letters, digits and hyphens; give it with --name")
    if len(paths) > 1 and any(one.is_dir() or one.suffix == ".zip" for one in paths):
        raise BadInput("a folder or an archive is a whole dataset; give several paths only of RDF files")
    if path.is_dir():
        return _packaged(Package(path, name), path, lambda file: file)
    if path.suffix == ".zip":
        try:
            package = operations.unpacked(name, path.read_bytes(), folder)
        except BadArchive as error:
            raise BadInput(f"{path}: {error}") from error
        return _packaged(package, path, lambda file: path / file.relative_to(folder / name))
    graph = dataset_graph(name)
    quads = [quad for one in paths for quad in _read(one, graph.value, lambda payloads: payload.graph(payloads, graph))]
    try:
        return _Given(name, operations.described(name, quads))
    except PayloadError as error:
        raise InvalidData([Problem(str(error), path)]) from error


def _decided(path: Path, language: str) -> None:
    """Refuse a package with cells of which nobody has said what becomes of them (`zorgkg dataset check` tells which).

    :raises InvalidData: there are such cells.
    """
    if path.is_dir() and (found := checking.undecided(path, language)):
        raise InvalidData([Problem(one.text(language)) for one in found])


def _packaged(package: Package, path: Path, shown: Callable[[Path], Path]) -> _Given:
    if not any((package.directory / name).exists() for name in (METADATA, DESCRIPTION)):
        raise BadInput(f"{path} is no dataset package: it has neither {METADATA} nor {DESCRIPTION}")
    try:
        return _Given(package.name, operations.package(package), (package,), shown)
    except InvalidData as error:
        raise InvalidData(_shown(error.problems, shown)) from None


def _shown(problems: Iterable[Problem], shown: Callable[[Path], Path]) -> list[Problem]:
    return [replace(one, file=shown(one.file)) if one.file else one for one in problems]


def _name(path: Path) -> str:
    return path.resolve().name if path.is_dir() else path.stem


def _read(path: Path, base: str, read: Callable[[Iterable[Payload]], Iterable[Quad]]) -> list[Quad]:
    form = RdfFormat.from_extension(path.suffix.removeprefix("."))
    if form is None or form.media_type not in {**payload.GRAPH_FORMATS, **payload.DATASET_FORMATS}:
        raise BadInput(f"{path}: the extension {path.suffix!r} names no RDF format; there are {_EXTENSIONS}")
    try:
        return list(read([Payload(form.media_type, path.read_bytes(), base)]))
    except PayloadError as error:
        if error.line or str(error).startswith("not "):
            raise BadInput(
                ":".join(str(part) for part in (path, error.line, error.column) if part) + f": {error}"
            ) from error
        raise InvalidData([Problem(str(error), path)]) from error


def _text(argument: str) -> str:
    if argument == "-":
        return sys.stdin.read()
    # Nearly every update has a group or an IRI; no file of updates is named with these characters.
    if "{" in argument or "<" in argument or (_WITHOUT_BRACES.match(argument) and not Path(argument).exists()):
        return argument
    return Path(argument).read_text("utf-8-sig")


# What is done


def begun(options: argparse.Namespace, chosen: Settings) -> tuple[Home, Judge]:
    """Return the home folder that a command works on, and the rules and shapes that hold in it.

    An empty graph of one's own may have been begun without those on personal data.

    :raises BadInput: the graph is on another server.
    """
    if chosen.engine:
        raise BadInput("ZORGKG_ENGINE names another server: what it holds is changed there")
    home, ontology = Home(chosen.home), content.locate(options.root).ontology
    own = Judge(ontology, personal=False)
    return home, own if home.current().shapes == own.digest else Judge(ontology)


def carried_out(
    home: Home, judge: Judge, operation: Operation, options: argparse.Namespace, chosen: Settings, step: Step
) -> Outcome:
    """Carry out a change, or only try it."""
    step("shapes and rules", 1, _STEPS)
    # Read before the change begins: whoever else writes waits no longer than they must.
    judge.prepare()
    step("change, rules and validation", 2, _STEPS)
    if options.dry_run:
        return writing.attempt(home, judge, operation)
    return writing.write(home, judge, operation, settled=lambda: step("publishing", 4, _STEPS), keep=chosen.keep)


@contextmanager
def wrong() -> Iterator[None]:
    """Tell what cannot be carried out as what it is on the command line: bad input."""
    try:
        yield
    except UpdateSyntaxError as error:
        found = fault(str(error))
        told = f"syntax error at line {found[0]}, column {found[1]}{found[2]}" if found else str(error)
        raise BadInput(f"no SPARQL 1.1 update: {told}") from error
    except ReportableRuntimeError as error:
        # The validator's own refusal, as of a blank node where values are compared by their order.
        raise InvalidData([Problem(f"the shapes cannot judge this: {error.message}")]) from error
    except (DatasetConflict, NoGraph, NotAllowed, UpdateError) as error:
        raise BadInput(str(error)) from error


def _tell(outcome: Outcome, done: str, options: argparse.Namespace, given: _Given | None = None) -> None:
    """Print what changed.

    :raises InvalidData: the shapes refuse it.
    """
    if not outcome.report.conforms:
        results = outcome.report.results(options.lang or "en")
        problems = validation.trace(results, given.packages if given else (), len(results))
        raise InvalidData(_shown(problems, given.shown) if given else problems)
    empty = [
        f"  {name}: {what}, without statements"
        for what, graphs in (("new", outcome.created), ("gone", outcome.dropped))
        for name in map(dataset_name, graphs)
        if name not in outcome.changes
    ]
    if not outcome.changes and not empty:
        print(f"nothing changes; {outcome.before.id} stays")
        return
    if outcome.after:
        print(f"published {outcome.after.id}: {done}")
    else:
        print(f"valid; nothing was published. Without --dry-run, {outcome.before.id} changes:")
    for name, (came, went) in outcome.changes.items():
        print(f"  {name}: {came:,} came, {went:,} went")
    print("".join(f"{line}\n" for line in empty), end="")
