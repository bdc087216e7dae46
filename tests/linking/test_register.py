"""The example of a register: its rows, and from file to answered question on a smaller one."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from pyoxigraph import Store

from docs.examples.register import make_register
from tests.homes import LICENCE
from tests.test_cli_writing import run
from zorgkg.content import locate
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.linking import proposing
from zorgkg.linking.linkfile import LinkFile
from zorgkg.matching import reading
from zorgkg.publishing.build import build
from zorgkg.publishing.versions import Home

ROWS = 600


def test_the_register_is_the_same_each_time_and_its_numbers_are_valid(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_register.write(tmp_path / f"{name}.csv", ROWS)
    table = tmp_path / "one.csv"
    assert table.read_bytes() == (tmp_path / "two.csv").read_bytes()
    with table.open(encoding="utf-8", newline="") as file:
        numbers = [row["ondernemingsnummer"].replace(".", "") for row in csv.DictReader(file, delimiter=";")]
    assert len(set(numbers)) == ROWS
    assert all(97 - int(one[:8]) % 97 == int(one[8:]) for one in numbers)
    assert len(make_register.truth(ROWS)) > 200


def test_the_numbers_of_the_whole_register_are_valid_and_each_is_there_once() -> None:
    numbers = {make_register.number(at) for at in range(make_register.ROWS)}
    assert len(numbers) == make_register.ROWS
    assert all(len(one) == 10 and one[0] in "01" for one in numbers)


@pytest.mark.slow
def test_from_file_to_answered_question(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    build(locate(), home, lambda what, done, steps: None)

    def dump() -> list[str]:
        return sorted(map(str, Store.read_only(str(home.store(home.current().id)))))

    before = dump()
    folder = tmp_path / "register"
    file = tmp_path / "register.csv"
    make_register.write(file, ROWS)
    said = ("--licence", LICENCE, "--publisher", "Register", "--title", "Register of organisations")
    made = run(
        home,
        "dataset",
        "new",
        "register",
        "--from",
        file,
        "--to",
        folder,
        *said,
        "--without",
        "rechtsvorm",
        "--lang",
        "nl",
    )
    assert made.returncode == 0, made.stderr
    assert "niet geplaatst konden" not in made.stdout, made.stdout
    with (folder / "organisations.csv").open(encoding="utf-8", newline="") as table:
        numbers = {row["id"]: row["kbo"] for row in csv.DictReader(table)}
    assert len(numbers) == ROWS
    added = run(home, "dataset", "add", folder)
    assert added.returncode == 0, added.stderr
    done = run(home, "link", folder, "--review", "--lang", "nl", stdin="aaaaaq")
    assert done.returncode == 0, done.stderr
    rows = LinkFile(folder / "links.sssom.tsv", "register").read()
    truth = make_register.truth(ROWS)
    best: dict[str, str] = {}
    for one in sorted(rows, key=lambda row: row["similarity_score"]):
        if float(one["similarity_score"]) >= 0.9:
            best[numbers[one.subject.rpartition("/")[2]]] = one.object.rpartition("/")[2]
    right = sum(truth.get(number) == slug for number, slug in best.items())
    assert right / len(best) >= 0.95, "precision of what is proposed as nearly sure"
    assert right / len(truth) >= 0.85, "recall"
    _found_as_tables_too(home, set(best.items()), numbers)
    accepted = next(one for one in rows if one.is_accepted)
    slug = accepted.object.rpartition("/")[2]
    asked = run(home, "ask", "organisation-profile", "--organisation", slug, "--format", "json", "--lang", "en")
    told = json.loads(asked.stdout)
    number = numbers[accepted.subject.rpartition("/")[2]]
    assert number in {row["value"] for row in told}
    assert {"Register of organisations"} < {row["datasetLabel"] for row in told}
    assert run(home, "dataset", "remove", "register").returncode == 0
    assert dump() == before


def _found_as_tables_too(home: Home, pairs: set[tuple[str, str]], numbers: dict[str, str]) -> None:
    """What rows find one by one is found where large tables are linked: on DuckDB, by Splink."""
    pytest.importorskip("splink")
    manifest = home.current()
    engine = EmbeddedEngine.open(home.store(manifest.id), manifest.id, manifest.statements, 0)
    things = proposing.Things.of(reading.records(engine), "register")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proposing, "SIDE_BY_SIDE", 1)
        found = proposing.propose(things, "register", [])
    told = {(numbers[one.subject.rpartition("/")[2]], one.object.rpartition("/")[2]) for one in found}
    assert len(told & pairs) >= 0.9 * len(pairs)
