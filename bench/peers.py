"""The services that are measured: ours, the peers, and bare uvicorn. Each listens on the loopback address only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from bench import home, process
from bench.process import NotStarted, Server

FUSEKI = "org.apache.jena:jena-fuseki-server:5.2.0"
PACKAGES = ("rdflib-endpoint==0.6.3", "oxigraph==0.5.13", "uvicorn[standard]==0.54.0")
TOKEN = "bench-token-of-this-run-only"  # noqa: S105 - of a service that only this run can reach
LIMIT = 120
"""Seconds a query may take."""

_WITHOUT_LIMITS = {"ZORGKG_TIMEOUT": str(LIMIT), "ZORGKG_MAX_RESULT": "1000000000", "ZORGKG_WRITE_TIMEOUT": "1200"}
"""The peers have no limits; with ours an unusually slow query, or a very large answer, could not be compared."""

READY = "?query=" + quote("ASK { ?s ?p ?o }")


class Absent(Exception):
    """The peer is not on this machine and cannot be fetched; the message says why."""


@dataclass
class Peer:
    """A service, loaded and ready to be started.

    :param name: what it is called.
    :param version: its version.
    :param command: its command line; `{port}` stands for the port.
    :param query: path of its query operation.
    :param update: path of its update operation; empty when it has none.
    :param load: seconds that the load took; None when the graph is read at the start.
    :param environment: environment variables.
    :param headers: headers of an update.
    :param form: whether an update is sent as a form.
    :param merged: whether it keeps the merge of the named graphs as its default graph, beside them.
    """

    name: str
    version: str
    command: list[str]
    query: str
    update: str = ""
    load: float | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    form: bool = False
    merged: bool = False
    limit: float = 120
    folder: Path | None = None

    def start(self, log: Path) -> Server:
        """Start it and wait for its first answer.

        :raises NotStarted: it does not answer.
        """
        port = process.free_port()
        command = [part.replace("{port}", str(port)) for part in self.command]
        ready = self.query + READY if self.query else "/"
        return Server(command, port, ready, log, self.environment, self.limit)


def tools(cache: Path) -> Path:
    """Make the environment of the peers that come as Python packages, apart from ours.

    :param cache: folder for it.
    :returns: its folder of programs.
    """
    folder = cache / "venv"
    mark = folder / "installed"
    wanted = "\n".join(PACKAGES)
    if not mark.exists() or mark.read_text("utf-8") != wanted:
        venv.create(folder, with_pip=True, clear=True)
        process.run([str(folder / "bin/pip"), "install", "--quiet", *PACKAGES], cache / "pip.log", 600)
        mark.write_text(wanted, "utf-8")
    return folder / "bin"


def fuseki_jar(cache: Path) -> Path:
    """Fetch Apache Jena Fuseki.

    :raises Absent: there is no Java or no Maven here, or it cannot be fetched.
    """
    name = FUSEKI.split(":")
    jar = cache / f"{name[1]}-{name[2]}.jar"
    if not shutil.which("java"):
        raise Absent("java is not installed")
    if not jar.exists():
        if not shutil.which("mvn"):
            raise Absent("mvn is not installed")
        command = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={FUSEKI}", f"-DoutputDirectory={cache}"]
        try:
            process.run(command, cache / "mvn.log", 600, cache)
        except NotStarted as error:
            raise Absent(str(error)) from error
    return jar


def _merged(graph: Path) -> Path:
    """Write the named graphs and their merge in the default graph to one file, which is how ours keeps them too.

    Oxigraph's and TDB2's union of named graphs would be measured at its worst: on disk it takes Oxigraph 5 to 100 times
    as long as the merge, in analytic queries of 10,000 projects.
    """
    target = graph.with_suffix(".merged.nq")
    with graph.open("rb") as lines, target.open("wb") as file:
        for line in lines:
            file.write(line + line[: line.rindex(b" <")] + b" .\n")
    return target


def ours(cache: Path, graph: Path) -> Peer:
    """Zorgkg over a graph that is restored from a backup."""
    folder = cache / f"home-{graph.stem}"
    archive = cache / f"{graph.stem}.backup"
    shutil.rmtree(folder, ignore_errors=True)
    home.backup(graph, archive)
    load = process.run(home.command("restore", str(archive), home=folder), cache / "zorgkg-load.log")
    return zorgkg("zorgkg", folder, load)


def zorgkg(name: str, folder: Path, load: float | None = None) -> Peer:
    """Zorgkg over a home folder in which something is published."""
    return Peer(
        name,
        version("zorgkg"),
        home.command("serve", "--host", "127.0.0.1", "--port", "{port}", home=folder),
        "/sparql",
        "/update",
        load,
        {"ZORGKG_TOKEN": TOKEN, "ZORGKG_LOG": "error", **_WITHOUT_LIMITS},
        {"Authorization": f"Bearer {TOKEN}"},
    )


def oxigraph(cache: Path, graph: Path) -> Peer:
    """Oxigraph's own server, on disk."""
    program, folder = str(tools(cache) / "oxigraph"), cache / f"oxigraph-{graph.stem}"
    shutil.rmtree(folder, ignore_errors=True)
    file, log = _merged(graph), cache / "oxigraph-load.log"
    load = process.run([program, "load", "--location", str(folder), "--file", str(file)], log)
    serve = [program, "serve", "--location", str(folder), "--bind", "127.0.0.1:{port}"]
    return Peer("Oxigraph", _package("oxigraph"), serve, "/query", "/update", load, merged=True)


def fuseki(cache: Path, graph: Path) -> Peer:
    """Apache Jena Fuseki on TDB2."""
    jar, folder = fuseki_jar(cache), cache / f"fuseki-{graph.stem}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    configuration = folder / "config.ttl"
    configuration.write_text(_FUSEKI.format(folder=folder / "tdb2"), "utf-8")
    load = process.run(
        [
            "java",
            "-cp",
            str(jar),
            "tdb2.tdbloader",
            "--loader=parallel",
            "--loc",
            str(folder / "tdb2"),
            str(_merged(graph)),
        ],
        cache / "fuseki-load.log",
    )
    serve = ["java", "-Xmx4G", "-jar", str(jar), "--localhost", "--port", "{port}", f"--config={configuration}"]
    return Peer(
        "Fuseki",
        FUSEKI.rsplit(":", 1)[1],
        serve,
        "/zorg/query",
        "/zorg/update",
        load,
        {"FUSEKI_BASE": str(folder)},
        merged=True,
    )


_FUSEKI = """\
PREFIX : <#>
PREFIX fuseki: <http://jena.apache.org/fuseki#>
PREFIX tdb2: <http://jena.apache.org/2016/tdb#>
[] a fuseki:Server ; fuseki:services ( :service ) .
:service a fuseki:Service ; fuseki:name "zorg" ; fuseki:dataset :dataset ;
  fuseki:endpoint [ fuseki:operation fuseki:query ; fuseki:name "query" ] ,
    [ fuseki:operation fuseki:update ; fuseki:name "update" ] .
:dataset a tdb2:DatasetTDB2 ; tdb2:location "{folder}" .
"""


def virtuoso(cache: Path, graph: Path) -> Peer:
    """Virtuoso, column store; without a graph a query sees the union of all.

    :raises Absent: it is not installed.
    """
    program, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if not program or not client:
        raise Absent("virtuoso-t and isql-vt are not installed")
    folder = cache / f"virtuoso-{graph.stem}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    # Its ports stand in its file, so they are chosen before it starts.
    sql, http = process.free_port(), process.free_port()
    file = folder / "virtuoso.ini"
    file.write_text(_VIRTUOSO.format(folder=folder, graphs=graph.resolve().parent, sql=sql, http=http), "utf-8")
    command = [program, "+foreground", "+wait", "+configfile", str(file)]
    with Server(command, http, "/sparql" + READY, cache / "virtuoso.log"):
        script = f"""
            log_enable (2, 1);
            DB.DBA.TTLP_MT (file_open ('{graph.resolve()}'), '', 'urn:bench', 512, 2);
            checkpoint;
            grant execute on DB.DBA.SPARUL_RUN to "SPARQL";
            grant SPARQL_UPDATE to "SPARQL";
        """
        load = process.run(
            [client, f"127.0.0.1:{sql}", "dba", "dba", "ERRORS=STDOUT", f"EXEC={' '.join(script.split())}"],
            cache / "virtuoso-load.log",
        )
        if "Error" in (cache / "virtuoso-load.log").read_text("utf-8", "replace"):
            raise NotStarted((cache / "virtuoso-load.log").read_text("utf-8", "replace")[-500:])
    return _Fixed("Virtuoso", _virtuoso_version(program), command, "/sparql", "/sparql", load, form=True, port=http)


@dataclass
class _Fixed(Peer):
    """A peer whose port stands in a file."""

    port: int = 0

    def start(self, log: Path) -> Server:
        return Server(self.command, self.port, self.query + READY, log, self.environment, self.limit)


_VIRTUOSO = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
Striping = 0
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000
Striping = 0
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
MaxClientConnections = 20
CheckpointInterval = 60
CaseMode = 2
DirsAllowed = {graphs}
ThreadsPerQuery = 2
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
MaxQueryMem = 2G
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 20
MaxKeepAlives = 20
KeepAliveTimeout = 60
Charset = UTF-8
EnabledGzipContent = 0
[SPARQL]
ResultSetMaxRows = 10000000
"""


def _virtuoso_version(program: str) -> str:
    told = subprocess.run([program, "-?"], capture_output=True, text=True, timeout=10)
    for line in (told.stderr + told.stdout).splitlines():
        if line.startswith("Version "):
            return line.split()[1]
    return "unknown"


def rdflib_endpoint(cache: Path, graph: Path) -> Peer:
    """rdflib-endpoint over RDFLib's memory store; it reads the graph when it starts."""
    program = str(tools(cache) / "rdflib-endpoint")
    return Peer(
        "rdflib-endpoint",
        _package("rdflib-endpoint"),
        [program, "serve", "--host", "127.0.0.1", "--port", "{port}", "--enable-update", str(graph)],
        "/",
        "/",
        limit=900,
    )


def hello(cache: Path) -> Peer:
    """Bare uvicorn with its fastest parts, which answers five bytes: what no Python service can exceed."""
    program = str(tools(cache) / "uvicorn")
    serve = [program, "--app-dir", str(Path(__file__).parent), "--host", "127.0.0.1", "--port", "{port}"]
    return Peer("uvicorn", _package("uvicorn"), [*serve, "--log-level", "error", "hello:app"], "")


def _package(name: str) -> str:
    return next(pin.partition("==")[2] for pin in PACKAGES if pin.partition("==")[0].partition("[")[0] == name)


def python() -> str:
    """The version of Python that runs us."""
    return ".".join(map(str, sys.version_info[:3]))


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))
