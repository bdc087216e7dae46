"""What the graph publishes of the coding, against the tables counted by other means: no SPARQL, no graph."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import combinations

import pytest

from zorgkg import content
from zorgkg.engine.interface import Engine
from zorgkg.questions import answering, catalogue
from zorgkg.questions.catalogue import Catalogue
from zorgkg.terms import ID

DATA = content.locate().data
Key = tuple[str, str, str, str]
"""Project, source, scheme, component."""


def _table(package: str, name: str) -> list[dict[str, str]]:
    with (DATA / package / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _key(row: dict[str, str]) -> Key:
    return row["project"], row["source"], row["scheme"], row["component"]


CODES = _table("fiche-coding", "codes")
CODINGS = _table("fiche-coding", "codings")
DECISIONS = {_key(row): row for row in _table("fiche-coding", "adjudications")}
FRAMEWORKS = sorted({row["scheme"] for row in CODINGS})


def _published() -> dict[Key, tuple[str, str]]:
    """Strength and agreement of every published position, by docs/coding.md."""
    coders = Counter((row["project"], row["source"], row["scheme"]) for row in CODINGS)
    given: dict[Key, list[str]] = defaultdict(list)
    for row in CODES:
        given[_key(row)].append(row["strength"])
    published = {}
    for key, strengths in given.items():
        decision = DECISIONS.get(key)
        if decision:
            if decision["upheld"] == "true":
                published[key] = decision["strength"], "adjudicated"
        else:
            assert len(strengths) == coders[key[:3]], f"{key}: the coders differ and nothing decides"
            counted = Counter(strengths)
            assert counted["central"] != counted["supporting"], f"{key}: as many of each strength, nothing decides"
            agreement = "agreed" if len(strengths) > 1 else "single"
            published[key] = max(counted, key=lambda strength: counted[strength]), agreement
    return published


@pytest.fixture(scope="module")
def questions() -> Catalogue:
    return catalogue.read(content.locate().queries)


def _ask(engine: Engine, questions: Catalogue, question: str, **given: str) -> list[dict[str, str]]:
    """The answer's rows, things as their paths below /id/."""
    bound = answering.values(engine, questions[question], {name: [value] for name, value in given.items()})
    table = answering.answer(engine, questions[question], bound, "nl")
    return [
        dict(zip(table.columns, (getattr(cell, "value", "").removeprefix(ID) for cell in row), strict=True))
        for row in table.rows
    ]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_matrix_is_what_coders_and_decisions_give(framework: str, engine: Engine, questions: Catalogue) -> None:
    rows = _ask(engine, questions, "matrix", framework=framework, basis="fiche-coding")
    found = [tuple(row[name] for name in ("project", "component", "strength", "agreement")) for row in rows]
    assert sorted(found) == sorted(
        (
            f"project/{project}",
            f"framework/{scheme}/{component}",
            f"framework/strength/{strength}",
            f"framework/agreement/{agreement}",
        )
        for (project, _, scheme, component), (strength, agreement) in _published().items()
        if scheme == framework
    )


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_agreement_is_what_the_codes_give(framework: str, engine: Engine, questions: Catalogue) -> None:
    units: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in CODINGS:
        if row["scheme"] == framework:
            units[row["coder"]].add((row["project"], row["source"]))
    said = {(row["coder"], *_key(row)) for row in CODES if row["scheme"] == framework}
    rows = _ask(engine, questions, "coder-agreement", framework=framework)
    components = {row["component"].rpartition("/")[2] for row in rows} - {""}
    assert {row["component"] for row in CODES if row["scheme"] == framework} <= components
    seen = {(row["firstCoder"], row["secondCoder"], row["component"].rpartition("/")[2]): row for row in rows}
    assert len(seen) == len(rows) == len(list(combinations(units, 2))) * (len(components) + 1)
    for first, second in combinations(sorted(units), 2):
        for component in ("", *components):
            pairs = [
                ((first, *unit, framework, one) in said, (second, *unit, framework, one) in said)
                for unit in units[first] & units[second]
                for one in ([component] if component else components)
            ]
            row = seen[first, second, component]
            assert int(row["judgements"]) == len(pairs)
            alike = Fraction(sum(one == two for one, two in pairs), len(pairs))
            assert float(row["agreement"]) == pytest.approx(float(100 * alike), abs=0.05)
            # Chance: how often two coders who call as much present as these would be alike.
            present = [Fraction(sum(said), len(pairs)) for said in zip(*pairs, strict=True)]
            chance = present[0] * present[1] + (1 - present[0]) * (1 - present[1])
            assert float(row["prevalence"]) == pytest.approx(float(sum(present) / 2), abs=0.0005)
            if chance == 1:
                assert row["kappa"] == ""
            else:
                assert float(row["kappa"]) == pytest.approx(float((alike - chance) / (1 - chance)), abs=0.0005)


def test_every_description_was_coded_twice_or_more_for_every_framework() -> None:
    described = {row["project"] for row in _table("kbs-2021", "sections") if row["kind"] == "fiche"}
    described |= {"samen-op-de-koffie", "buurthuis-espelervaart"}
    readings = Counter((row["project"], row["scheme"]) for row in CODINGS)
    assert {(project, scheme) for project in described for scheme in FRAMEWORKS} == set(readings)
    assert min(readings.values()) >= 2


def test_evidence_lies_in_the_section_that_it_names() -> None:
    sections: dict[str, list[dict[str, str]]] = defaultdict(list)
    for package in ("kbs-2021", "vvsg-malle", "espelervaart-2021"):
        for row in _table(package, "sections"):
            sections[row["source"]].append(row)
    for code in CODES:
        start, end = int(code["start"]), int(code["end"])
        assert any(
            int(section["start"]) <= start < end <= int(section["end"])
            and section["kind"] == code["section"]
            and section["project"] == code["project"]
            for section in sections[code["source"]]
        ), f"{code['coder']} on {code['project']}: {start}-{end} is in no {code['section']}"


def test_the_setting_of_a_project_never_rests_on_its_partner_list() -> None:
    for key in _published():
        if key[2] == "context":
            assert {row["section"] for row in CODES if _key(row) == key} != {"partners"}, key


@pytest.mark.parametrize("across", ["province", "call", "initiator-kind", "municipality-kind", "context"])
def test_every_group_counts_every_component(across: str, engine: Engine, questions: Catalogue) -> None:
    rows = _ask(engine, questions, "coverage-across", framework="vvsg", basis="fiche-coding", across=across)
    groups = {row["group"] for row in rows}
    assert len(groups) > 1
    assert len(rows) == 8 * len(groups)
    assert all(0 <= int(row["projects"]) <= int(row["ofAll"]) for row in rows)
    # Function 4 is in every description, so it must count as many projects as there are in the group.
    assert all(row["projects"] == row["ofAll"] for row in rows if row["component"] == "framework/vvsg/4")
    assert sum(int(row["ofAll"]) for row in rows if row["component"] == "framework/vvsg/4") >= 37


@pytest.mark.slow
@pytest.mark.parametrize("script", ["coder_agreement", "coverage_page"])
def test_the_tables_of_the_docs_are_those_of_the_data(script: str) -> None:
    path = DATA.parent / "scripts" / f"{script}.py"
    done = subprocess.run([sys.executable, str(path), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_numbers_in_the_prose_of_the_docs_are_those_of_the_data() -> None:
    coders = Counter((row["project"], row["source"], row["scheme"]) for row in CODINGS)
    found = Counter(map(_key, CODES))
    by_all = {key for key, number in found.items() if number == coders[key[:3]]}
    second_look = [key for key in DECISIONS if key in by_all]
    fiches = {row["project"] for row in _table("kbs-2021", "sections") if row["kind"] == "fiche"}
    positions = Counter(f"{key[2]}/{key[3]}" for key in _published() if key[0] in fiches)
    main = sum(number for (_, scheme), number in _judgements().items() if scheme != "context")
    coding, coverage = ((DATA.parent / "docs" / f"{page}.md").read_text("utf-8") for page in ("coding", "coverage"))
    for told in (
        f"Of the {len(found)} components that some coder found in some description, {len(by_all)} were found by every",
        f"{len(found) - len(by_all)} needed a decision, and {len(second_look)} more got one",
        f"objections to {main} judgements",
    ):
        assert told in coding, told
    for told in (
        f"the coding gives it to {positions['vvsg/2']} projects, more than analysis ({positions['vvsg/1']})",
        f"over half of them (6: {positions['vvsg/6']}) to well under half (7: {positions['vvsg/7']}, "
        f"5: {positions['vvsg/5']}, 1: {positions['vvsg/1']})",
        f"({positions['sombrero/care']} of {len(fiches)})",
        f"the coding gives it to {positions['buurtscan/connections-access']} projects",
    ):
        assert told in coverage, told


def _judgements() -> Counter[tuple[str, str]]:
    """Project and framework → how many components each coder judged there."""
    sizes = {"vvsg": 8, "sombrero": 7, "buurtscan": 4, "icc-principles": 7, "context": 2}
    return Counter({(row["project"], row["scheme"]): sizes[row["scheme"]] for row in CODINGS})
