"""The recipes in docs/recipes do what they say: each block of code is run, and gives the text below it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from zorgkg.content import locate
from zorgkg.publishing.build import build
from zorgkg.publishing.versions import Home

pytestmark = pytest.mark.slow

RECIPES = Path(__file__).resolve().parents[1] / "docs" / "recipes"
PROGRAMS = {"sh": ["bash", "-eo", "pipefail", "-c"], "python": [sys.executable, "-c"], "r": ["Rscript", "-e"]}
NOTED = "http://127.0.0.1:8000"


def blocks() -> Iterator[tuple[str, str, str]]:
    for path in sorted(RECIPES.glob("*.md")):
        for found in re.finditer(r"```(sh|python|r)\n(.*?)```\n```text\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
            yield found[1], found[2], found[3]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the repository's own graph."""
    home = tmp_path_factory.mktemp("recipes") / "home"
    build(locate(), Home(home), lambda what, done, steps: None)
    command = [sys.executable, "-m", "zorgkg", "serve", "--home", str(home), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = re.search(r"http://\S+", process.stderr.readline())
        assert told
        yield told[0]
        process.terminate()


@pytest.mark.parametrize(("language", "code", "told"), list(blocks()))
def test_a_recipe_gives_what_it_says(service: str, tmp_path: Path, language: str, code: str, told: str) -> None:
    program = PROGRAMS[language]
    if language == "r" and not shutil.which(program[0]):
        # The page says that R is tried where it is installed.
        return
    done = subprocess.run(
        [*program, code.replace(NOTED, service)], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == told.strip(), done.stderr


def addresses() -> Iterator[str]:
    """The addresses that the recipes of programs with windows name, as paths with their query."""
    for name in ("power-bi", "grafana", "openrefine"):
        text = (RECIPES / f"{name}.md").read_text("utf-8")
        for address in re.findall(rf"(?:{NOTED}|…)(/[^\s`\"]+)", text):
            path = address.replace("${province}", "provincie-antwerpen")
            yield f"{path}ocmw-gent" if path.endswith("/") else path
        # Power BI names the path and the parameters apart.
        for question in re.findall(r'RelativePath = "([^"]+)"', text):
            for parameter, value in re.findall(r'\b([a-z]+) = "([^"]+)"', text):
                yield f"/{question}?{parameter}={value}"


@pytest.mark.parametrize("address", list(dict.fromkeys(addresses())))
def test_an_address_of_a_recipe_is_answered(service: str, address: str) -> None:
    with urllib.request.urlopen(service + address, timeout=60) as answer:
        assert answer.status == 200


def test_every_code_block_that_can_be_run_has_its_result_below_it() -> None:
    for path in sorted(RECIPES.glob("*.md")):
        text = path.read_text("utf-8")
        assert len(re.findall(r"^```(?:sh|python|r)$", text, re.MULTILINE)) == len(
            re.findall(r"^```text$", text, re.MULTILINE)
        ), path.name
