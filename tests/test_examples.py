"""The examples in docs/examples, from file to answered question: each page's commands are run, and say what it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import examples
from tests.examples import EXAMPLES
from zorgkg.content import locate
from zorgkg.publishing.build import build
from zorgkg.publishing.versions import Home

pytestmark = pytest.mark.slow

BLOCK = re.compile(r"```sh\n(.*?)```\n(?:\n```text\n(.*?)```)?", re.DOTALL)
VARIES = ((r"\d{8}T\d{12}Z-[0-9a-f]{8}", "VERSION"), (r"[\d,]+(?= (?:came|went|erbij|weg)\b)", "N"))
"""What differs from day to day: the name of a version, and how much rules derive."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the repository's own graph."""
    home = tmp_path_factory.mktemp("examples") / "home"
    build(locate(), Home(home), lambda what, done, steps: None)
    return home


@pytest.fixture
def desk(built: Path, tmp_path: Path) -> Path:
    """A folder with the partners' files, and `zorgkg` to be called there."""
    shutil.copytree(built, tmp_path / "home")
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "initiatieven.xlsx").write_bytes(examples.city())
    shutil.copy(EXAMPLES / "activities" / "activiteiten.json", folder)
    program = tmp_path / "zorgkg"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m zorgkg "$@"\n')
    program.chmod(0o755)
    return folder


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    for found in BLOCK.finditer(page.read_text("utf-8")):
        yield found[1], found[2] or ""


def alike(text: str) -> str:
    for pattern, name in VARIES:
        text = re.sub(pattern, name, text)
    return text.strip()


@pytest.mark.parametrize("name", ["city", "activities"])
def test_the_commands_of_an_example_give_what_its_page_says(desk: Path, name: str) -> None:
    page = EXAMPLES / name / "README.md"
    environment = {
        **os.environ,
        "ZORGKG_HOME": str(desk.parent / "home"),
        "PATH": f"{desk.parent}:{os.environ['PATH']}",
    }
    told = list(blocks(page))
    assert len(told) >= 4
    for code, expected in told:
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", f"{code}"],
            cwd=desk,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        assert alike(done.stdout) == alike(expected), code
        assert done.returncode == 0, code


def test_the_commands_of_the_register_go_from_a_csv_to_an_answer_on_a_smaller_one(desk: Path) -> None:
    code, _ = next(blocks(EXAMPLES / "register" / "README.md"))
    small = code.replace("make_register.py register.csv", "make_register.py register.csv 1000")
    assert small != code
    environment = {
        **os.environ,
        "ZORGKG_HOME": str(desk.parent / "home"),
        "PATH": f"{desk.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    for folder in ("docs", "data"):
        (desk / folder).symlink_to(EXAMPLES.parents[1] / folder)
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", small],
        cwd=desk,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "wrote register: organisations.csv (1000)" in done.stdout
    assert "could not be placed" not in done.stdout
    assert "dataset register added" in done.stdout
