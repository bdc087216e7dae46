"""The commands that change the graph, as a user runs them: published whole, or refused with reasons."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Store

from tests import homes
from tests.homes import DESCRIPTION, LICENCE, METADATA
from zorgkg.cli import main
from zorgkg.publishing.build import publish_empty
from zorgkg.publishing.counts import counted
from zorgkg.publishing.versions import Home
from zorgkg.publishing.writing import Judge
from zorgkg.terms import dataset_graph, graph_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return homes.small(tmp_path_factory.mktemp("cli") / "home").path


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Home:
    """A home of its own, with the one version that the template has."""
    return Home(Path(shutil.copytree(template, tmp_path / "home")))


def run(home: Home, *arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command in this process: what takes longest is to load what validates."""
    output, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    words = [*map(str, arguments), "--home", str(home.path)]
    with redirect_stdout(output), redirect_stderr(errors), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(stdin))
        try:
            status = main(words)
        except SystemExit as ended:
            status = int(str(ended.code))
    told = []
    for stream in (output, errors):
        stream.seek(0)
        told.append(stream.read())
    return subprocess.CompletedProcess(words, status, *told)


def start(home: Home, *arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    command = [sys.executable, "-m", "zorgkg", *map(str, arguments), "--home", str(home.path)]
    return subprocess.run(command, capture_output=True, text=True, input=stdin, timeout=120, check=False)


def package(folder: Path, table: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "csvw.json").write_text(json.dumps(METADATA))
    (folder / "notes.csv").write_text("id,count,project\n" + table)
    (folder / "dataset.ttl").write_text(DESCRIPTION)
    return folder


def holds(home: Home, pattern: str) -> bool:
    store = Store.read_only(str(home.store(home.current().id)))
    return bool(store.query(f"PREFIX dataset: <https://w3id.org/zorgkg/id/dataset/> ASK {{ {pattern} }}"))


def test_a_package_is_added_listed_shown_replaced_and_removed(home: Home, tmp_path: Path) -> None:
    folder = package(tmp_path / "stad", "a,1,\n")
    added = start(home, "dataset", "add", folder)
    assert (added.returncode, added.stderr) == (0, "")
    first = home.current()
    assert added.stdout == f"published {first.id}: dataset stad added\n  stad: 13 came, 0 went\n"
    assert holds(home, "GRAPH dataset:stad { <http://e.org/a> <http://e.org/count> 1 }")
    assert holds(home, "dataset:zorgkg <http://www.w3.org/ns/dcat#dataset> dataset:stad")
    listed = json.loads(run(home, "dataset", "list", "--lang", "fr", "--format", "json").stdout)
    told = {"name": "stad", "title": "Ville", "licence": LICENCE, "statements": 13, "from": "written"}
    assert told in listed
    assert [(one["name"], one["from"]) for one in listed if one["name"] != "stad"] == [
        ("derived", "rules"),
        ("ontology", "folder"),
        ("proef", "folder"),
    ]
    again = run(home, "dataset", "add", folder)
    assert again.stdout == f"nothing changes; {first.id} stays\n"
    # A statement about the dataset, in another one, changes it not.
    assert (
        run(home, "update", f"INSERT DATA {{ <http://e.org/x> <http://e.org/p> {dataset_graph('stad')} }}").returncode
        == 0
    )
    shown = run(home, "dataset", "show", "stad", "--lang", "en").stdout
    assert "title:       City\n" in shown
    assert f"changed:     {first.created}, in version {first.id}\n" in shown
    package(folder, "a,2,\n")
    replaced = run(home, "dataset", "add", folder)
    assert "dataset stad replaced\n  stad: 1 came, 1 went\n" in replaced.stdout
    assert not holds(home, "<http://e.org/a> <http://e.org/count> 1")
    removed = run(home, "dataset", "remove", "stad")
    assert removed.stdout == f"published {home.current().id}: dataset stad removed\n  stad: 0 came, 13 went\n"
    assert "stad" not in home.current().datasets
    assert run(home, "dataset", "remove", "stad").returncode == 2


def test_how_often_terms_are_used_is_known_after_every_write(home: Home, tmp_path: Path) -> None:
    folder = package(tmp_path / "stad", "a,1,\nb,1,\n")
    # The update says in part what the dataset does: the merge has that once.
    for arguments in (
        ("dataset", "add", folder),
        (
            "update",
            "INSERT DATA { GRAPH <http://e.org/g> { <http://e.org/a> <http://e.org/count> 1 ; a <http://e.org/A> } }",
        ),
        ("dataset", "remove", "stad"),
    ):
        done = run(home, *arguments)
        assert done.returncode == 0, done.stderr
        version = home.current()
        store = Store.read_only(str(home.store(version.id)))
        found = counted(store.quads_for_pattern(None, None, None, DefaultGraph()))
        assert (version.properties, version.classes) == (found.properties, found.classes)
        assert version.triples == sum(found.properties.values())
    assert version.properties["http://e.org/count"] == 1


def test_a_dry_run_tells_what_would_change_and_changes_nothing(home: Home, tmp_path: Path) -> None:
    folder = package(tmp_path / "stad", "a,1,\n")
    for arguments in (("dataset", "add", folder), ("dataset", "remove", "proef"), ("update", "DROP ALL")):
        done = run(home, *arguments, "--dry-run")
        assert done.returncode == 0, done.stderr
        assert re.search(r"nothing was published.*2026-1 changes:\n  \w+: ", done.stdout, re.DOTALL)
    assert [version.id for version in home.versions()] == ["2026-1"]


def test_what_the_tables_or_the_shapes_refuse_is_told_by_row_and_column(home: Home, tmp_path: Path) -> None:
    folder = package(tmp_path / "stad", "a,1,\nb,many,\n")
    wrong = run(home, "dataset", "add", folder)
    assert wrong.returncode == 1
    assert f"{folder}/notes.csv:3:2: count: " in wrong.stderr
    package(folder, "a,1,\nb,1,no-such-project\n")
    refused = run(home, "dataset", "add", folder, "--lang", "nl")
    assert refused.returncode == 1
    assert f"{folder}/notes.csv:3:3: project: " in refused.stderr
    assert "Verbeter de verwijzing" in refused.stderr
    assert refused.stderr.endswith("nothing was published\n")
    assert [version.id for version in home.versions()] == ["2026-1"]


def test_an_archive_is_a_package_and_its_faults_bear_its_name(home: Home, tmp_path: Path) -> None:
    archive = tmp_path / "stad.zip"
    for table, status in (("a,many,\n", 1), ("a,1,\n", 0)):
        folder = package(tmp_path / "any", table)
        with zipfile.ZipFile(archive, "w") as output:
            for file in folder.iterdir():
                output.write(file, f"outer/{file.name}")
        done = run(home, "dataset", "add", archive)
        assert done.returncode == status, done.stderr
        assert status == 0 or f"{archive}/notes.csv:2:2: " in done.stderr
    assert holds(home, "GRAPH dataset:stad { <http://e.org/a> <http://e.org/count> 1 }")


def test_rdf_files_make_one_dataset_that_tells_its_licence(home: Home, tmp_path: Path) -> None:
    facts, about = tmp_path / "facts.nt", tmp_path / "about.ttl"
    facts.write_text("_:b <http://e.org/p> <http://e.org/o> .\n")
    about.write_text(DESCRIPTION)
    assert run(home, "dataset", "add", facts, "--name", "stad").returncode == 1
    unlicensed = run(home, "dataset", "add", facts, "--name", "stad").stderr
    assert f"{facts}: " in unlicensed
    assert "dcterms:license" in unlicensed
    done = run(home, "dataset", "add", facts, about, "--name", "stad")
    assert done.returncode == 0, done.stderr
    assert holds(home, "GRAPH dataset:stad { ?b <http://e.org/p> <http://e.org/o> }")


def test_links_are_part_of_a_package(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    (folder / "dataset.ttl").write_text(DESCRIPTION.replace("dataset/stad", "dataset/links"))
    columns = "record_id subject_id subject_label predicate_id object_id mapping_justification reviewer_id mapping_date"
    (folder / "links.sssom.tsv").write_text(
        "\t".join([*columns.split(), "confidence"])
        + "\none\thttp://e.org/a\tA\tskos:closeMatch\thttp://e.org/b\tsemapv:ManualMappingCuration"
        + "\torganisation:ocmw-malle\tno date\t\n"
    )
    wrong = run(home, "dataset", "add", folder)
    assert wrong.returncode == 1
    assert "links.sssom.tsv:2:8: mapping_date" in wrong.stderr
    links = folder / "links.sssom.tsv"
    links.write_text(links.read_text().replace("no date", "2026-01-02"))
    # Its graph is the dataset's, whatever its name: so it goes with it.
    (folder / "dataset.ttl").write_text(DESCRIPTION)
    done = run(home, "dataset", "add", folder, "--name", "stad")
    assert done.returncode == 0, done.stderr
    assert holds(home, "GRAPH dataset:stad { <http://e.org/a> <http://www.w3.org/2004/02/skos/core#closeMatch> ?b }")


def test_a_dataset_that_others_refer_to_is_not_removed(home: Home, tmp_path: Path) -> None:
    assert run(home, "dataset", "add", package(tmp_path / "stad", "a,1,\n")).returncode == 0
    before = home.current().id
    refused = run(home, "dataset", "remove", "proef", "--lang", "fr")
    assert refused.returncode == 1
    assert refused.stderr.startswith("dataset:stad dcterms:publisher: ")
    assert home.current().id == before


def test_an_update_comes_from_a_file_from_its_text_or_from_standard_input(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "one.ru"
    file.write_text("INSERT DATA { GRAPH <http://e.org/g> { <http://e.org/a> <http://e.org/p> 1 } }")
    done = run(home, "update", file)
    assert done.stdout == f"published {home.current().id}: updated\n  http://e.org/g: 1 came, 0 went\n"
    assert start(home, "update", "-", stdin=file.read_text().replace("p> 1", "p> 2")).returncode == 0
    assert Store.read_only(str(home.store(home.current().id))).contains_named_graph(graph_of("http://e.org/g"))
    assert run(home, "update", "DROP GRAPH <http://e.org/g>").returncode == 0
    assert not holds(home, "GRAPH <http://e.org/g> { ?s ?p ?o }")
    refused = run(home, "update", "DELETE WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o }")
    assert refused.stdout == f"nothing changes; {home.current().id} stays\n", (
        "the default dataset has no such statement"
    )
    label = (
        "GRAPH ?g { <https://w3id.org/zorgkg/id/project/het-westveld> <http://www.w3.org/2000/01/rdf-schema#label> ?o }"
    )
    refused = run(home, "update", f"DELETE WHERE {{ {label} }}")
    assert refused.returncode == 1
    assert "project:het-westveld rdfs:label" in refused.stderr
    assert holds(home, label)


def test_an_empty_graph_of_ones_own_keeps_its_own_rules(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    digest = Judge(homes.ROOT / "ontology", personal=False).digest
    publish_empty(home, digest)
    done = run(home, "update", 'INSERT DATA { <http://e.org/a> <http://e.org/p> "jan.peeters@e.org" }')
    assert done.returncode == 0, done.stderr
    assert home.current().shapes == digest


@pytest.mark.parametrize("whole", [(), ("--whole",)])
def test_files_are_validated_as_if_they_were_added(home: Home, tmp_path: Path, whole: tuple[str, ...]) -> None:
    file = tmp_path / "more.ttl"
    file.write_text("<https://w3id.org/zorgkg/id/project/x> a <https://w3id.org/zorgkg/ns#Project> .")
    wrong = run(home, "validate", *whole, file)
    assert wrong.returncode == 1
    assert {line.split()[0].rstrip(":") for line in wrong.stdout.splitlines()[:-1]} == {"project:x"}
    file.write_text("<http://e.org/a> <http://e.org/p> 1 .")
    right = run(home, "validate", *whole, file)
    assert (right.returncode, right.stdout, right.stderr) == (0, "valid\n", "")


def test_only_the_whole_validation_looks_at_what_the_files_do_not_touch(home: Home, tmp_path: Path) -> None:
    # A version whose label is missing, as one that was published unseen.
    store = Store(str(home.store("2026-1")))
    project = NamedNode("https://w3id.org/zorgkg/id/project/het-westveld")
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    for quad in list(store.quads_for_pattern(project, label, None, None)):
        store.remove(quad)
    store.flush()
    del store
    file = tmp_path / "more.ttl"
    file.write_text("<http://e.org/a> <http://e.org/p> 1 .")
    assert run(home, "validate", file).stdout == "valid\n"
    whole = run(home, "validate", file, "--whole")
    assert whole.returncode == 1
    assert "project:het-westveld rdfs:label" in whole.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("dataset", "add", "no-such-folder"), "no-such-folder"),
        (("dataset", "add", "{tmp}/empty"), "csvw.json"),
        (("dataset", "add", "{tmp}/a.foo"), ".foo"),
        (("dataset", "add", "{tmp}/a.ttl", "--name", "Stad X"), "small letters"),
        (("dataset", "add", "{tmp}/broken.ttl"), "broken.ttl:2:"),
        (("dataset", "add", "{tmp}/bad.zip"), "bad.zip: "),
        (("dataset", "add", "{tmp}/empty", "{tmp}/a.ttl"), "several"),
        (("dataset", "show", "stad"), "proef"),
        (("dataset", "remove", "stad"), "proef"),
        (("dataset", "remove", "derived"), "rules"),
        (("dataset", "frobnicate"), "invalid choice"),
        (("update", "no-such-file.ru"), "no-such-file.ru"),
        (("update", "INSERT DATA { <a:b> <a:c> }"), "line 1, column 27"),
        (("update", "DROP GRAPH <a:b>"), "not there"),
        (("update", "LOAD <http://127.0.0.1:1/x>"), "LOAD"),
        (("update", f"INSERT DATA {{ GRAPH {dataset_graph('derived')} {{ <a:b> <a:c> 1 }} }}"), "rules"),
        (("validate", "{tmp}/broken.ttl"), "broken.ttl:2:"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(
    home: Home, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.ttl").write_text(DESCRIPTION)
    (tmp_path / "a.foo").write_text(DESCRIPTION)
    (tmp_path / "bad.zip").write_bytes(b"PK no zip")
    (tmp_path / "broken.ttl").write_text("<a:b> <a:c> 1 .\n<a:b> <a:c .")
    done = run(home, *(one.replace("{tmp}", str(tmp_path)) for one in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [version.id for version in home.versions()] == ["2026-1"]


def test_xml_keeps_the_ends_of_lines_as_they_are(home: Home, tmp_path: Path) -> None:
    assert run(home, "update", r'INSERT DATA { <http://e.org/a> <http://e.org/p> "a\r\nb" }').returncode == 0
    file = tmp_path / "all.rdf"
    assert run(home, "export", "--format", "rdf", "--output", file).returncode == 0
    table = run(home, "query", "SELECT ?text { ?s <http://e.org/p> ?text }", "--format", "xml").stdout
    for written in (file.read_bytes(), table.encode()):
        assert "a\r\nb" in ElementTree.fromstring(written).itertext()  # noqa: S314


def test_without_a_published_graph_one_is_told_to_build(tmp_path: Path) -> None:
    for arguments in (("dataset", "list"), ("update", "DROP ALL"), ("dataset", "remove", "x")):
        done = run(Home(tmp_path / "none"), *arguments)
        assert done.returncode == 2
        assert "zorgkg build" in done.stderr
