"""The command line: `zorgkg build | serve | validate | dataset | update | query | ask | questions | export | backup |
restore | versions | token`.

Exit status 0: done; 1: checked and found wrong; 2: bad input (one sentence on standard error).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, NoReturn

from pyoxigraph import (
    DefaultGraph,
    Literal,
    Quad,
    QueryBoolean,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
)

from zorgkg import content, settings
from zorgkg.console import BadInput, Progress
from zorgkg.datasets.problems import InvalidData
from zorgkg.engine import guard
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.engine.endpoints import Endpoints
from zorgkg.engine.interface import Engine, EngineError, QuerySyntaxError
from zorgkg.engine.limits import BusyError, LimitError
from zorgkg.engine.remote import RemoteEngine
from zorgkg.intake.kinds import KINDS
from zorgkg.languages import LANGUAGES, negotiate
from zorgkg.linking.deciding import REVIEWER
from zorgkg.publishing import backup, difference, export, inventory
from zorgkg.publishing.versions import Busy, Home, Manifest, NoVersion
from zorgkg.questions import answering, catalogue, lint
from zorgkg.questions.binding import InvalidValue, Value
from zorgkg.questions.question import Question, QuestionError
from zorgkg.results import GRAPH_FORMATS, TABLE_FORMATS, render_table, unwritable, write, written
from zorgkg.rows import Rows
from zorgkg.search import schema
from zorgkg.search.index import SearchIndex
from zorgkg.terms import graph_of
from zorgkg.tokens import BadTokens, NoToken, Tokens

# What validates takes as long to load as all the rest, so the commands that need it load it themselves.


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    :param arguments: without the program's name; `sys.argv` by default.
    :returns: the exit status.
    """
    options = _parser().parse_args(arguments)
    flags = {name: getattr(options, name, None) for name in ("home", "host", "port")}
    command: Callable[[argparse.Namespace, settings.Settings], int] = options.run
    return _status(
        lambda: command(options, settings.read(flags)), "" if command is _validate else "; nothing was published"
    )


def _status(command: Callable[[], int], more: str) -> int:
    """Run a command; returns its exit status, and tells what was wrong."""
    try:
        return command()
    except InvalidData as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        print(f"{error}{more}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0
    except (
        BadInput,
        BadTokens,
        Busy,
        BusyError,
        backup.BadBackup,
        EngineError,
        export.ExportError,
        OSError,
        InvalidValue,
        LimitError,
        NoToken,
        NoVersion,
        QuerySyntaxError,
        QuestionError,
        answering.UnknownParameter,
        guard.Forbidden,
        settings.SettingError,
        UnicodeDecodeError,
    ) as error:
        print(f"zorgkg: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="zorgkg", description="The knowledge graph of caring neighbourhoods in Flanders and Brussels."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="command")

    def command(
        name: str, run: Callable[[argparse.Namespace, settings.Settings], int], help: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help)
        sub.add_argument("--home", metavar="DIR", help="folder of the published versions (ZORGKG_HOME)")
        sub.set_defaults(run=run)
        return sub

    sub = command("build", _build, "build the graph from its tables, validate it and publish it")
    sub.add_argument("--from", dest="root", type=Path, metavar="DIR", help="folder with ontology, data and queries")
    _language_argument(sub)
    sub = command("serve", _serve, "serve the published graph; builds it first when there is none")
    sub.add_argument("--from", dest="root", type=Path, metavar="DIR", help="folder with ontology, data and queries")
    sub.add_argument("--host", metavar="ADDRESS", help="address to listen on (ZORGKG_HOST)")
    sub.add_argument(
        "--empty", action="store_true", help="start with an empty graph of your own, without rules on personal data"
    )
    sub.add_argument("--port", metavar="N", help="port to listen on (ZORGKG_PORT)")
    sub = command(
        "validate", _validate, "validate the tables, or RDF files as if added to the published graph; publish nothing"
    )
    sub.add_argument("files", nargs="*", type=Path, metavar="FILE", help="RDF files (.ttl .nt .nq .trig .rdf .jsonld)")
    sub.add_argument(
        "--whole", action="store_true", help="with files: validate all of the graph, not only what they can affect"
    )
    sub.add_argument("--from", dest="root", type=Path, metavar="DIR", help="folder with ontology, data and queries")
    _language_argument(sub)
    _dataset_parser(command("dataset", _dataset, "add, list, show and remove the datasets of the published graph"))
    sub = command("update", _update, "change the published graph by a SPARQL update")
    sub.add_argument("file", metavar="FILE|UPDATE|-", help="file with the update, its text, or - for standard input")
    _change_arguments(sub)
    sub = command("link", _link, "propose links between a dataset and the others, review them, and publish them")
    _link_parser(sub)
    _change_arguments(sub)
    sub = command("query", _query, "evaluate a SPARQL query")
    sub.add_argument("file", metavar="FILE|QUERY|-", help="file with the query, its text, or - for standard input")
    sub.add_argument("--format", choices=[*TABLE_FORMATS, *GRAPH_FORMATS], help="output format (a table on a terminal)")
    sub = command("ask", _ask, "answer a question of the catalogue")
    sub.add_argument("question", metavar="QUESTION")
    sub.add_argument(
        "--format", choices=("table", "json", "csv", "sparql"), help="output format (a table on a terminal)"
    )
    _language_argument(sub)
    sub.add_argument("rest", nargs=argparse.REMAINDER, metavar="--name value", help="the question's parameters")
    sub = command("search", _search, "find things by their names or by words; mistakes are forgiven")
    sub.add_argument("text", metavar="TEXT")
    sub.add_argument("--type", action="append", choices=schema.KINDS, metavar="KIND", help="only this kind of things")
    sub.add_argument("--limit", type=int, default=10, metavar="N", help="how many at most (10)")
    sub.add_argument("--format", choices=("table", "json", "csv"), help="output format (a table on a terminal)")
    _language_argument(sub)
    sub = command("questions", _questions, "list the questions and their parameters, or check their files")
    sub.add_argument("--check", action="store_true", help="check the question files; exit status 1 when one is wrong")
    sub.add_argument("--from", dest="root", type=Path, metavar="DIR", help="folder with ontology, data and queries")
    _language_argument(sub)
    sub = command("export", _export, "write the published graph, or one of its datasets, or all of it to a folder")
    sub.add_argument("--dataset", metavar="NAME", help="only this dataset's named graph")
    sub.add_argument("--format", choices=("nq", "trig", "ttl", "nt", "rdf", "jsonld"), help="format of the file (nq)")
    sub.add_argument("--output", type=Path, metavar="FILE", help="file to write (standard output by default)")
    sub.add_argument(
        "--all", type=Path, metavar="DIR", help="new folder for N-Quads, TriG, a Turtle file a dataset, and SHA256SUMS"
    )
    sub.add_argument("--gzip", action="store_true", help="with --all: gzip the files")
    sub = command("backup", _backup, "write a published version to one file")
    sub.add_argument("file", type=Path, metavar="FILE", help="file to write, such as zorgkg.tar.gz")
    sub.add_argument("--version", metavar="VERSION", default="current", help="a version, or how its identifier begins")
    sub = command("restore", _restore, "publish the version of a backup, and serve it")
    sub.add_argument("file", type=Path, metavar="FILE", help="file of `zorgkg backup`")
    _versions_parser(command("versions", _versions, "list, compare, serve and remove published versions"))
    _token_parser(command("token", _token, "make, list and revoke the tokens that may write"))
    return parser


def _steps(parser: argparse.ArgumentParser) -> Callable[[str, str], argparse.ArgumentParser]:
    steps = parser.add_subparsers(title="steps", required=True, metavar="step", dest="step")

    def step(name: str, help: str) -> argparse.ArgumentParser:
        sub = steps.add_parser(name, help=help, description=help)
        # Here too, for it is typed in either place; not given here, what stands before the step holds.
        sub.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS, help="folder of the published versions")
        return sub

    return step


def _token_parser(parser: argparse.ArgumentParser) -> None:
    step = _steps(parser)
    sub = step("create", "make a token, and print its text: once, for only its hash is kept")
    sub.add_argument(
        "--scope",
        action="append",
        required=True,
        metavar="SCOPE",
        help="what it may: dataset:NAME, graph:IRI, versions or *; may be given more than once",
    )
    sub.add_argument("--days", type=_count, metavar="N", help="how long it holds (until it is revoked)")
    sub.add_argument("--note", default="", metavar="TEXT", help="what it is for, or who has it")
    step("list", "list the tokens, without their text")
    sub = step("revoke", "remove a token; a running server refuses it from the next request on")
    sub.add_argument("id", metavar="ID", help="its identifier, as `zorgkg token list` shows it")


def _dataset_parser(parser: argparse.ArgumentParser) -> None:
    step = _steps(parser)
    sub = step("add", "add a dataset, or replace the one of that name; what breaks the shapes is refused")
    sub.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="a package's folder, a zip of one, or RDF files (.ttl .nt .nq .trig .rdf .jsonld)",
    )
    sub.add_argument("--name", metavar="NAME", help="the dataset's name (that of the folder or file)")
    _change_arguments(sub)
    _intake_parser(step)
    sub = step("list", "list the datasets")
    _language_argument(sub)
    sub.add_argument("--format", choices=("table", "json", "csv"), help="output format (a table on a terminal)")
    sub = step("show", "describe a dataset, and tell when it was last changed")
    sub.add_argument("name", metavar="NAME", help="its name, as `zorgkg dataset list` shows it")
    _language_argument(sub)
    sub = step("remove", "remove a dataset; refused when that breaks the shapes of others")
    sub.add_argument("name", metavar="NAME", help="its name, as `zorgkg dataset list` shows it")
    _change_arguments(sub)


def _intake_parser(step: Callable[[str, str], argparse.ArgumentParser]) -> None:
    sub = step("new", "make a package of a file with a table: what its columns are, and what could not be placed")
    sub.add_argument("name", metavar="NAME", help="the dataset's name: small letters, digits, hyphens")
    sub.add_argument(
        "--from", dest="file", type=Path, required=True, metavar="FILE", help="xlsx, csv, tsv, json, jsonl or parquet"
    )
    sub.add_argument("--to", type=Path, metavar="DIR", help="folder to write, which is not there yet (./NAME)")
    sub.add_argument("--sheet", metavar="SHEET", help="only this sheet of a workbook")
    sub.add_argument("--kind", choices=KINDS, help="what it is a table of (found when it is clear)")
    sub.add_argument("--licence", metavar="IRI", help="under which it may be used")
    sub.add_argument("--publisher", metavar="TEXT", help="name of the organisation that publishes it")
    sub.add_argument(
        "--title",
        action="append",
        default=[],
        metavar="[nl|fr|en=]TEXT",
        help="its title; one a language, or one for all",
    )
    sub.add_argument(
        "--without", action="append", default=[], metavar="COLUMN", help="a column to leave out; may be repeated"
    )
    sub.add_argument("--data-lang", choices=LANGUAGES, help="language of the texts (found)")
    sub.add_argument("--dates", choices=("dmy", "mdy"), help="how days such as 03/04/2025 are written")
    _language_argument(sub)
    sub = step("check", "tell what would be refused of a package, by sheet, row and column of its file")
    sub.add_argument("package", type=Path, metavar="NAME|FOLDER", help="the package's folder")
    sub.add_argument("--name", metavar="NAME", help="the dataset's name (that of the folder)")
    sub.add_argument("--format", choices=("text", "json"), help="output format (text)")
    sub.add_argument("--from", dest="root", type=Path, metavar="DIR", help="folder with ontology, data and queries")
    _language_argument(sub)
    sub = step("template", "write an empty table of a kind, with a guide and lists to choose from")
    sub.add_argument("kind", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    sub.add_argument("--format", choices=("xlsx", "csv"), help="xlsx (by default) or csv")
    sub.add_argument("--output", type=Path, metavar="FILE", help="file to write (KIND.xlsx)")
    _language_argument(sub)


def _change_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--dry-run", action="store_true", help="tell what would come of it, and publish nothing")
    sub.add_argument("--from", dest="root", type=Path, metavar="DIR", help="folder with ontology, data and queries")
    _language_argument(sub)


def _link_parser(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("name", metavar="NAME|FOLDER", help="a dataset of the published graph, or its package's folder")
    sub.add_argument(
        "--review", action="store_true", help="decide on the proposals by keys (the default on a terminal)"
    )
    sub.add_argument("--list", action="store_true", help="only show what is proposed and what was decided")
    sub.add_argument(
        "--accept-identifiers",
        action="store_true",
        help="accept at once what has the same number of a register (KBO, OVO, V-code), and nothing against it",
    )
    sub.add_argument(
        "--undo", action="append", metavar="RECORD", help="take a decision back; may be given more than once"
    )
    sub.add_argument(
        "--export", type=Path, metavar="FILE", help="write the mapping set (SSSOM TSV); - for standard output"
    )
    sub.add_argument(
        "--import",
        dest="source",
        type=Path,
        metavar="FILE",
        help="take decisions over: SSSOM, or OpenRefine's CSV export",
    )
    sub.add_argument("--key", default="", metavar="COLUMN", help="with --import of CSV: the column of the row's key")
    sub.add_argument(
        "--match", default="", metavar="COLUMN", help="with --import of CSV: the column of what was matched"
    )
    sub.add_argument("--reviewer", default=REVIEWER, metavar="ROLE", help=f"in which role you decide ({REVIEWER})")
    sub.add_argument("--least", type=_fraction, default=0.6, metavar="N", help="least confidence of a proposal (0.6)")


def _fraction(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return number


def _language_argument(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--lang", choices=LANGUAGES, help="language of labels and messages")


def _versions_parser(parser: argparse.ArgumentParser) -> None:
    step = _steps(parser)
    step("list", "list the versions, the newest first; * marks the one that is served")
    sub = step("diff", "show which statements came and went, dataset by dataset")
    sub.add_argument("older", metavar="OLDER", help="a version, or the beginning of its identifier")
    sub.add_argument("newer", metavar="NEWER", nargs="?", default="current", help="another (the one that is served)")
    sub.add_argument("--count", action="store_true", help="only how many")
    sub = step("activate", "serve a version that was published before")
    sub.add_argument("version", metavar="VERSION", help="a version, or the beginning of its identifier")
    sub = step("prune", "remove old versions, but never the one that is served")
    sub.add_argument("--keep", type=_count, default=10, metavar="N", help="how many of the newest to keep (10)")


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see `{self.prog} --help`\n")


def _build(options: argparse.Namespace, chosen: settings.Settings) -> int:
    from zorgkg.publishing import build

    with Progress() as progress:
        manifest = build.build(content.locate(options.root), Home(chosen.home), progress, options.lang or "en")
    print(f"published {manifest.id}: {manifest.statements:,} statements in {len(manifest.datasets)} datasets")
    return 0


def _serve(options: argparse.Namespace, chosen: settings.Settings) -> int:
    from zorgkg.web import server

    folders = content.locate(options.root)
    home = Home(chosen.home)
    if chosen.engine:
        return server.run(folders, home, chosen)
    home.sweep()
    try:
        home.current()
    except NoVersion:
        if status := _apart(lambda: _first(folders, home, options.empty)):
            return status
    return server.run(folders, home, chosen, personal=not options.empty)


def _first(folders: content.Content, home: Home, empty: bool) -> int:
    from zorgkg.publishing import build
    from zorgkg.publishing.writing import Judge

    if empty:
        build.publish_empty(home, Judge(folders.ontology, personal=False).digest)
    else:
        with Progress() as progress:
            build.build(folders, home, progress)
    return 0


def _apart(command: Callable[[], int]) -> int:
    """Run a command in a process of its own, and return its exit status.

    The storage engine of a version keeps threads that no fork takes along, and the server forks: so it must not have
    made a version itself, or what it forks would wait for those threads for ever.
    """
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = _status(command, "; nothing was published")
            sys.stdout.flush()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _validate(options: argparse.Namespace, chosen: settings.Settings) -> int:
    if options.files:
        from zorgkg import cli_writing

        return cli_writing.validate(options, chosen)
    from zorgkg.publishing import build

    with Progress() as progress:
        made, _ = build.check(content.locate(options.root), progress, options.lang or "en")
    print(f"valid: {sum(made.counts().values()):,} statements in {len(made.packages)} datasets")
    return 0


def _dataset(options: argparse.Namespace, chosen: settings.Settings) -> int:
    if options.step == "list":
        return _dataset_list(options, chosen)
    if options.step == "show":
        return _dataset_show(options, chosen)
    if options.step in ("new", "check", "template"):
        from zorgkg import cli_tables

        if options.step == "check":
            return cli_tables.check(options, chosen)
        with _engine(chosen) as engine:
            return (cli_tables.new if options.step == "new" else cli_tables.make_template)(options, engine)
    from zorgkg import cli_writing

    return (cli_writing.add if options.step == "add" else cli_writing.remove)(options, chosen)


def _dataset_list(options: argparse.Namespace, chosen: settings.Settings) -> int:
    home = _local(chosen)
    manifest = home.current()
    store = Store.read_only(str(home.store(manifest.id)))
    columns = ("name", "title", "licence", "statements", "from")
    rows = []
    for name in manifest.datasets:
        one = inventory.holding(store, manifest, name, _language(options))
        licence = Literal(" ".join(one.licence)) if one.licence else None
        rows.append((Literal(name), Literal(one.title), licence, Literal(one.statements), Literal(one.origin)))
    form = options.format or ("table" if sys.stdout.isatty() else "csv")
    if form == "table":
        render_table(columns, rows, sys.stdout)
    else:
        listed = Rows.of(columns, rows)
        _write(listed.flat_json() if form == "json" else listed.flat_csv())
    return 0


def _dataset_show(options: argparse.Namespace, chosen: settings.Settings) -> int:
    home = _local(chosen)
    manifest = home.current()
    if options.name not in manifest.datasets:
        raise _no_dataset(options.name, manifest)
    store = Store.read_only(str(home.store(manifest.id)))
    one = inventory.holding(store, manifest, options.name, _language(options))
    changed, known = inventory.last_change(home, manifest, one.graph)
    by = f", by token {changed.by}" if changed.by else ""
    when = f"{changed.created}, in version {changed.id}{by}" if known else f"in or before version {changed.id}"
    for what, value in (
        ("name", one.name),
        ("iri", one.graph.value),
        ("title", one.title),
        ("description", one.description),
        ("licence", " ".join(one.licence)),
        ("publisher", " ".join(one.publisher)),
        ("source", " ".join(one.source)),
        ("statements", f"{one.statements:,}"),
        ("from", one.origin),
        ("changed", when),
    ):
        if value:
            print(f"{what + ':':<13}{value}")
    return 0


def _update(options: argparse.Namespace, chosen: settings.Settings) -> int:
    from zorgkg import cli_writing

    return cli_writing.update(options, chosen)


def _link(options: argparse.Namespace, chosen: settings.Settings) -> int:
    from zorgkg import cli_linking

    return cli_linking.run(options, chosen, lambda: _engine(chosen))


def _query_text(argument: str) -> str:
    if argument == "-":
        return sys.stdin.read()
    # Every query has a group or an IRI, so one of these characters; no file of queries is named with them.
    if "{" in argument or "<" in argument:
        return argument
    return Path(argument).read_text("utf-8")


def _query(options: argparse.Namespace, chosen: settings.Settings) -> int:
    text = _query_text(options.file)
    guard.check(text, chosen.services)
    with _engine(chosen) as engine:
        answer = engine.query(text)
    if isinstance(answer, QuerySolutions):
        form = options.format or ("table" if sys.stdout.isatty() else "csv")
        if form in GRAPH_FORMATS:
            raise BadInput(f"a SELECT query gives a table; --format {form} is for graphs (CONSTRUCT, DESCRIBE)")
        if form == "table":
            columns = tuple(variable.value for variable in answer.variables)
            render_table(columns, [tuple(row[column] for column in columns) for row in answer], sys.stdout)
        else:
            _write(written(answer, TABLE_FORMATS[form]))
    elif isinstance(answer, QueryBoolean):
        if options.format in ("json", "xml", "csv", "tsv"):
            _write(written(answer, TABLE_FORMATS[options.format]))
        else:
            print("true" if answer else "false")
    else:
        form = options.format or "ttl"
        if form not in GRAPH_FORMATS:
            raise BadInput(f"this query gives a graph; --format {form} is for tables (SELECT)")
        triples = list(answer)
        if GRAPH_FORMATS[form] == RdfFormat.RDF_XML and (iri := unwritable(triples)):
            raise BadInput(f"the property <{iri}> cannot be written in RDF/XML; use another --format")
        _write(written(triples, GRAPH_FORMATS[form]))
    return 0


def _ask(options: argparse.Namespace, chosen: settings.Settings) -> int:
    questions = catalogue.read(content.locate().queries)
    if options.question not in questions:
        raise BadInput(f"there is no question {options.question!r}; `zorgkg questions` lists them")
    question = questions[options.question]
    given, own = _pairs(options.rest)
    language = own.get("lang") or _language(options)
    if language not in LANGUAGES:
        raise BadInput(f"--lang {language}: use one of {', '.join(LANGUAGES)}")
    form = own.get("format") or options.format or ("table" if sys.stdout.isatty() else "json")
    if form not in ("table", "json", "csv", "sparql"):
        raise BadInput(f"--format {form}: use one of table, json, csv, sparql")
    chosen = replace(chosen, home=Path(own["home"])) if "home" in own else chosen
    with _engine(chosen) as engine:
        bound = _bound(engine, question, given, language, chosen)
        table = answering.answer(engine, question, bound, language)
    if form == "sparql":
        print(table.query)
    elif form == "json":
        _write(Rows.of(table.columns, table.rows).flat_json())
    elif form == "csv":
        _write(Rows.of(table.columns, table.rows).flat_csv())
    else:
        print(question.summary[language])
        render_table(table.columns, table.rows, sys.stdout)
    return 0


def _bound(
    engine: Engine, question: Question, given: dict[str, list[str]], language: str, chosen: settings.Settings
) -> dict[str, list[Value]]:
    """The values of a question's parameters; what may have been meant by a wrong one is looked up in the index."""
    try:
        return answering.values(engine, question, given)
    except InvalidValue:
        # Opened only now: nobody who asks rightly waits for it.
        index = None if chosen.engine else SearchIndex.open(Home(chosen.home).directory(engine.version))
        if index is None:
            raise
        with closing(index):
            return answering.values(engine, question, given, index, language)


def _search(options: argparse.Namespace, chosen: settings.Settings) -> int:
    from zorgkg import cli_search

    if options.limit < 1:
        raise BadInput(f"--limit {options.limit}: it must be a whole number from 1")
    return cli_search.search(options, _local(chosen), _language(options))


def _pairs(rest: Sequence[str]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Read `--name value` and `--name=value`; home, lang and format are ours, the rest are the question's."""
    given: dict[str, list[str]] = {}
    own: dict[str, str] = {}
    words = list(rest)
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            raise BadInput(f"{word!r}: parameters are written --name value")
        name, separator, value = word[2:].partition("=")
        if not separator:
            if not words:
                raise BadInput(f"--{name} needs a value")
            value = words.pop(0)
        if name in ("home", "lang", "format"):
            own[name] = value
        else:
            given.setdefault(name, []).append(value)
    return given, own


def _questions(options: argparse.Namespace, chosen: settings.Settings) -> int:
    language = _language(options)
    folders = content.locate(options.root)
    if options.check:
        findings = lint.check(folders.queries, folders.ontology)
        print(
            "\n".join(map(str, findings)) if findings else f"{len(catalogue.read(folders.queries))} questions are well"
        )
        return 1 if findings else 0
    for question in catalogue.read(folders.queries).values():
        print(f"{question.id}\n    {question.summary[language]}")
        for parameter in question.parameters.values():
            print(f"    --{parameter.name}  {parameter.description[language]}")
    return 0


def _export(options: argparse.Namespace, chosen: settings.Settings) -> int:
    home = Home(chosen.home)
    manifest = home.current()
    if options.all:
        if options.dataset or options.format or options.output:
            raise BadInput("--all writes every dataset in every format; leave out --dataset, --format and --output")
        files = export.write(home, manifest, options.all, compressed=options.gzip)
        print(f"wrote {manifest.id} to {options.all}: {len(files)} files")
        return 0
    if options.gzip:
        raise BadInput("--gzip goes with --all")
    store = Store.read_only(str(home.store(manifest.id)))
    form = RdfFormat.from_extension(options.format or "nq")
    if form is None:
        raise BadInput(f"--format {options.format}: unknown")
    graph = None
    if options.dataset:
        if options.dataset not in manifest.datasets:
            raise _no_dataset(options.dataset, manifest)
        graph = graph_of(options.dataset)
    # The default graph is the merge of the named ones: all triples when the format has no named graphs.
    if form.supports_datasets and graph is None:
        statements: Iterable[Quad] | Iterable[Triple] = (quad for quad in store if quad.graph_name != DefaultGraph())
    else:
        quads = store.quads_for_pattern(None, None, None, graph or DefaultGraph())
        statements = (quad.triple for quad in quads)
    if options.output is None:
        write(statements, sys.stdout.buffer, form)
        return 0
    # Written beside the target and renamed, so that a failed export leaves no half file.
    part = options.output.with_name(options.output.name + ".part")
    with part.open("wb") as output:
        write(statements, output, form)
    part.replace(options.output)
    return 0


def _versions(options: argparse.Namespace, chosen: settings.Settings) -> int:
    home = Home(chosen.home)
    if options.step == "list":
        served = home.current().id
        for manifest in home.versions():
            mark = "*" if manifest.id == served else " "
            print(f"{mark} {manifest.id}  {manifest.created}  {manifest.statements:>11,} statements")
    elif options.step == "activate":
        print(f"serving {home.activate(home.find(options.version).id).id}")
    elif options.step == "prune":
        for manifest in home.prune(options.keep):
            print(f"removed {manifest.id}")
    else:
        stores = [Store.read_only(str(home.store(home.find(one).id))) for one in (options.older, options.newer)]
        for name, change in difference.compare(*stores).items():
            print(f"{name}: {len(change.came):,} came, {len(change.went):,} went")
            if not options.count:
                print("".join(f"+ {line}\n" for line in change.came) + "".join(f"- {line}\n" for line in change.went))
    return 0


def _token(options: argparse.Namespace, chosen: settings.Settings) -> int:
    tokens = Tokens(chosen.tokens)
    if options.step == "create":
        token, text = tokens.create(options.scope, options.days, options.note)
        # Alone on standard output, so that a script can take it from there.
        print(text)
        told = f"until {token.expires}" if token.expires else "until it is revoked"
        print(f"token {token.id} may {', '.join(token.scopes)} {told}; its text is shown this once", file=sys.stderr)
    elif options.step == "revoke":
        print(f"revoked {tokens.revoke(options.id).id}")
    else:
        for token in tokens.list():
            end = f"{'expired' if token.expired else 'expires'} {token.expires}" if token.expires else "does not expire"
            print("  ".join(filter(None, (token.id, token.created, end, " ".join(token.scopes), token.note))))
    return 0


def _backup(options: argparse.Namespace, chosen: settings.Settings) -> int:
    home = Home(chosen.home)
    manifest = home.find(options.version)
    backup.write(home, manifest, options.file)
    print(f"wrote {manifest.id} to {options.file}: {options.file.stat().st_size:,} bytes")
    return 0


def _restore(options: argparse.Namespace, chosen: settings.Settings) -> int:
    manifest = backup.restore(Home(chosen.home), options.file)
    print(f"serving {manifest.id}: {manifest.statements:,} statements in {len(manifest.datasets)} datasets")
    return 0


@contextmanager
def _engine(chosen: settings.Settings) -> Iterator[Engine]:
    if chosen.engine:
        endpoints = Endpoints(chosen.engine, chosen.timeout, chosen.max_result)
        try:
            yield RemoteEngine(endpoints, "remote")
        finally:
            endpoints.close()
        return
    home = Home(chosen.home)
    manifest = home.current()
    yield EmbeddedEngine.open(home.store(manifest.id), manifest.id, manifest.statements, 0)


def _local(chosen: settings.Settings) -> Home:
    if chosen.engine:
        raise BadInput("ZORGKG_ENGINE names another server, and nothing tells which datasets it has; ask it by a query")
    return Home(chosen.home)


def _no_dataset(name: str, manifest: Manifest) -> BadInput:
    return BadInput(f"there is no dataset {name!r}; there are: {', '.join(manifest.datasets)}")


def _language(options: argparse.Namespace) -> str:
    return negotiate(getattr(options, "lang", None), None)


def _write(output: bytes | None) -> None:
    stream: IO[bytes] = sys.stdout.buffer
    stream.write(output or b"")
    if output and not output.endswith(b"\n"):
        stream.write(b"\n")
    stream.flush()
