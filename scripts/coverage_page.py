"""Write the tables of docs/coverage.md from the data.

    python scripts/coverage_page.py [--check]

Maps and derives the graph as a build does, asks it the catalogue's own questions, and writes which project works on
which component by the coding of its description, and those counts beside what the report itself says. With --check
nothing is written; the exit status is 1 when the page is not what the data gives.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from generated import ROOT, markdown, with_tables, write
from pyoxigraph import QuerySolutions, Store

from zorgkg import content
from zorgkg.publishing import candidate
from zorgkg.questions import catalogue
from zorgkg.questions.binding import bind
from zorgkg.terms import thing

PAGE = ROOT / "docs" / "coverage.md"
FRAMEWORKS = ("vvsg", "sombrero", "buurtscan", "icc-principles")
MARKS = {"central": "●", "supporting": "○"}
FICHES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT ?project ?name (MIN(?fiche) AS ?number) WHERE {
  ?coding a zorg:Coding ; zorg:project ?project . ?project rdfs:label ?name FILTER (LANG(?name) = "nl")
  OPTIONAL { ?project zorg:ficheNumber ?fiche }
} GROUP BY ?project ?name
"""


def main() -> int:
    """Write or check; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    here = content.locate()
    store = candidate.make(here, lambda what, done, steps: None).store
    questions = catalogue.read(here.queries)
    beside = list(_rows(store, bind(questions["coding-beside-report"], {}, "en")))
    matrix = {
        scheme: list(_rows(store, bind(questions["matrix"], {"framework": [thing("framework", scheme)]}, "nl")))
        for scheme in FRAMEWORKS
    }
    tables = {"beside-report": _beside(beside), "matrix": _matrix(matrix, list(_rows(store, FICHES)), beside)}
    return write({PAGE: with_tables(PAGE, tables)}, check)


def _rows(store: Store, query: str) -> Iterator[dict[str, str]]:
    found = store.query(query, use_default_graph_as_union=True)
    if not isinstance(found, QuerySolutions):
        raise TypeError("the query is no SELECT")
    names = [variable.value for variable in found.variables]
    for row in found:
        yield {name: getattr(row[name], "value", "") for name in names}


def _short(iri: str) -> str:
    return iri.partition("/framework/")[2]


def _beside(rows: list[dict[str, str]]) -> str:
    by_component: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        if _short(row["framework"]) in FRAMEWORKS:
            by_component.setdefault(_short(row["component"]), []).append(row)
    said = {"much-attention": "much", "little-attention": "little", "": "–"}
    return markdown(
        ("component", "projects", "central", "supporting", "the report says", "at"),
        [
            (
                f"`{component}` {found[0]['componentLabel']}",
                f"{found[0]['projects']} of {found[0]['ofAll']}",
                found[0]["central"],
                found[0]["supporting"],
                ", ".join(dict.fromkeys(said[row["attention"].rpartition("/")[2]] for row in found)),
                ", ".join(f"{row['start']}–{row['end']}" for row in found if row["start"]),
            )
            for component, found in sorted(by_component.items(), key=lambda pair: _place(pair[0], rows))
        ],
    )


def _place(component: str, rows: list[dict[str, str]]) -> tuple[int, int]:
    order = {_short(row["component"]): int(row["order"]) for row in rows}
    return FRAMEWORKS.index(component.partition("/")[0]), order[component]


def _matrix(
    matrix: dict[str, list[dict[str, str]]], fiches: list[dict[str, str]], components: list[dict[str, str]]
) -> str:
    codes: dict[tuple[str, str], str] = {}
    for row in (row for rows in matrix.values() for row in rows):
        mark = MARKS[row["strength"].rpartition("/")[2]] + ("*" if row["agreement"].endswith("/adjudicated") else "")
        # Two sources may differ on the strength: the strongest is shown; central comes first.
        codes.setdefault((row["project"], _short(row["component"])), mark)
    columns = sorted(
        {_short(row["component"]) for row in components if _short(row["framework"]) in FRAMEWORKS},
        key=lambda component: _place(component, components),
    )
    fiches.sort(key=lambda row: (int(row["number"] or 10**6), row["name"]))
    return markdown(
        ("fiche", "project", *(_head(column) for column in columns)),
        [
            (
                row["number"],
                row["name"].partition(". ")[0].partition(": ")[0],
                *(codes.get((row["project"], column), "") for column in columns),
            )
            for row in fiches
        ],
    )


def _head(component: str) -> str:
    scheme, _, name = component.partition("/")
    return {"vvsg": "V", "icc-principles": "I"}.get(scheme, "") + name.replace("-", " ")


if __name__ == "__main__":
    sys.exit(main())
