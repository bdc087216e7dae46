"""A curator adds a 36th project by editing tables (docs/adding-a-project.md)."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from zorgkg.content import Content, locate
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.publishing import candidate, validation
from zorgkg.questions import answering, catalogue


def append(table: Path, **cells: str) -> None:
    """Append a row to a table; cells that are left out stay empty."""
    with table.open(newline="") as source:
        columns = next(csv.reader(source))
    assert set(cells) <= set(columns)
    with table.open("a", newline="") as output:
        csv.DictWriter(output, columns, restval="", lineterminator="\n").writerow(cells)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    folder = tmp_path_factory.mktemp("curator")
    whole = locate()
    for part in (whole.ontology, whole.data, whole.queries):
        shutil.copytree(part, folder / part.name)
    report = folder / "data" / "kbs-2021"
    where = {"source": "kbs-2021", "start": "188668", "end": "188685"}
    append(
        report / "projects.csv",
        **where,
        id="het-zesendertigste",
        type="Project",
        fiche="36",
        name_nl="Het zesendertigste",
        name_fr="Le trente-sixième",
        name_en="The thirty-sixth",
        description_nl="Buren in Lier koken samen.",
        description_fr="Des voisins cuisinent ensemble à Lierre.",
        description_en="Neighbours in Lier cook together.",
        call="zorgzame-buurten-2019",
    )
    append(
        report / "organisations.csv",
        **where,
        id="kookclub-lier",
        type="FormalOrganization",
        name_nl="Kookclub Lier",
        kind="vzw",
    )
    append(
        report / "participations.csv",
        **where,
        project="het-zesendertigste",
        agent="kookclub-lier",
        role="initiator",
        as_named="Kookclub Lier vzw",
    )
    append(report / "locations.csv", **where, project="het-zesendertigste", place="lier", as_named="Lier")
    append(report / "methods.csv", **where, project="het-zesendertigste", method="hoplr", as_named="Hoplr")
    return locate(folder)


@pytest.mark.slow
def test_the_new_project_is_valid_and_answers_questions_at_once(content: Content) -> None:
    made = candidate.make(content, lambda what, done, steps: None)
    report = validation.validate(made.union(), validation.read_shapes(content.ontology / "shapes"))
    assert [str(result) for result in report.results()] == []
    engine = EmbeddedEngine.of(made.store, "test")
    questions = catalogue.read(content.queries)

    def labels(identifier: str, **given: str) -> set[str]:
        question = questions[identifier]
        bound = answering.values(engine, question, {name: [value] for name, value in given.items()})
        table = answering.answer(engine, question, bound, "fr")
        column = table.columns.index("projectLabel")
        return {str(getattr(row[column], "value", None)) for row in table.rows}

    assert "Le trente-sixième" in labels("projects-by-method", method="hoplr")
    assert "Le trente-sixième" in labels("projects-in-place", place="provincie-antwerpen")
    assert "Le trente-sixième" in labels("projects-by-initiator-kind", kind="vzw")
    assert "Le trente-sixième" in labels("lacking-component")
    assert "Le trente-sixième" in labels("projects-by-call", call="zorgzame-buurten-2019")
