"""Work out how far coders agree, from the codes themselves.

    python scripts/coder_agreement.py [--check]

Reads data/fiche-coding/codings.csv (who coded which description for which framework) and codes.csv (what they found),
and writes data/fiche-coding/agreement.csv and the tables of docs/coding.md. With --check nothing is written; the exit
status is 1 when one of the two is not what the codes give.

Each pair of coders is compared on the descriptions that both coded: percent agreement and Cohen's kappa (Cohen 1960,
doi:10.1177/001316446002000104) on presence or absence of each component, and over all components of a framework.
Prevalence is the share of both coders' judgements that call the component present. Where it is near 0 or 1, chance
agreement is nearly whole, and one difference moves kappa a lot; where both coders used one value only, kappa is not
defined and stays empty.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generated import ROOT, markdown, with_tables, write
from pyoxigraph import QuerySolutions, RdfFormat, Store

PACKAGE = ROOT / "data" / "fiche-coding"
PAGE = ROOT / "docs" / "coding.md"
ABSENT = ""
COLUMNS = (
    *("id", "cube", "framework", "component", "first", "second", "judgements", "both", "only_first", "only_second"),
    *("same_strength", "agreement", "kappa", "prevalence"),
)
COMPONENTS = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT ?framework ?component ?name WHERE {
  ?component a zorg:Component ; skos:inScheme/skos:notation ?framework ; skos:notation ?notation ; skos:prefLabel ?name
  FILTER (LANG(?name) = "en")
  OPTIONAL { ?component zorg:order ?order }
} ORDER BY ?framework ?order ?notation
"""

Unit = tuple[str, str]
"""A description: the project's slug and the source's."""


@dataclass(frozen=True)
class Agreement:
    """How two coders' judgements compare.

    :param judgements: how many judgements both gave.
    :param both: how often both called the component present.
    :param first: how often only the first did.
    :param second: how often only the second did.
    :param same: of `both`, how often with the same strength.
    """

    judgements: int
    both: int
    first: int
    second: int
    same: int

    @property
    def percent(self) -> float:
        """Percent agreement, 0 to 100."""
        return 100 * (self.judgements - self.first - self.second) / self.judgements

    @property
    def prevalence(self) -> float:
        """Share of both coders' judgements that call the component present, 0 to 1."""
        return (2 * self.both + self.first + self.second) / (2 * self.judgements)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa, -1 to 1; None when chance alone gives full agreement."""
        one = (self.both + self.first) / self.judgements
        two = (self.both + self.second) / self.judgements
        chance = one * two + (1 - one) * (1 - two)
        return None if chance == 1 else (self.percent / 100 - chance) / (1 - chance)


def compare(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """Compare judgements.

    :param pairs: what the first and the second coder said: a strength, or :data:`ABSENT`.
    :raises ZeroDivisionError: by its properties, when there are no pairs.
    """
    given = list(pairs)
    return Agreement(
        len(given),
        sum(bool(one and two) for one, two in given),
        sum(bool(one and not two) for one, two in given),
        sum(bool(two and not one) for one, two in given),
        sum(bool(one and one == two) for one, two in given),
    )


def main() -> int:
    """Write or check; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    names = _components()
    rows = list(_rows(names))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    tables = {"by-framework": _by_framework(rows), "by-component": _by_component(rows, names)}
    return write({PACKAGE / "agreement.csv": buffer.getvalue(), PAGE: with_tables(PAGE, tables)}, check)


def _components() -> dict[tuple[str, str], str]:
    """Framework and component → its English name, in the frameworks' order."""
    store = Store()
    for path in sorted((ROOT / "ontology" / "frameworks").glob("*.ttl")):
        store.load(path=str(path), format=RdfFormat.TURTLE)
    found = store.query(COMPONENTS)
    if not isinstance(found, QuerySolutions):
        raise TypeError("the query is no SELECT")
    names: dict[tuple[str, str], str] = {}
    for row in found:
        iri = row["component"].value  # type: ignore[union-attr]
        scheme, _, component = iri.partition("/framework/")[2].partition("/")
        names[scheme, component] = row["name"].value  # type: ignore[union-attr]
    return names


def _rows(names: dict[tuple[str, str], str]) -> Iterable[dict[str, str]]:
    coded: dict[str, dict[str, set[Unit]]] = {}
    for row in _table("codings.csv"):
        coded.setdefault(row["scheme"], {}).setdefault(row["coder"], set()).add((row["project"], row["source"]))
    said = {
        (row["coder"], row["project"], row["source"], row["scheme"], row["component"]): row["strength"]
        for row in _table("codes.csv")
    }

    def judgements(first: str, second: str, scheme: str, component: str) -> list[tuple[str, str]]:
        units = sorted(coded[scheme][first] & coded[scheme][second])
        return [
            (
                said.get((first, *unit, scheme, component), ABSENT),
                said.get((second, *unit, scheme, component), ABSENT),
            )
            for unit in units
        ]

    for scheme in sorted(coded):
        components = [component for one, component in names if one == scheme]
        for first, second in itertools.combinations(sorted(coded[scheme]), 2):
            each = {component: judgements(first, second, scheme, component) for component in components}
            if not any(each.values()):
                continue
            yield _row(scheme, "", first, second, compare(itertools.chain.from_iterable(each.values())))
            for component, pairs in each.items():
                yield _row(scheme, component, first, second, compare(pairs))


def _row(scheme: str, component: str, first: str, second: str, found: Agreement) -> dict[str, str]:
    return {
        "id": "-".join(part for part in (first, second, scheme, component) if part),
        "cube": "agreement-by-component" if component else "agreement-by-framework",
        "framework": scheme,
        "component": component,
        "first": first,
        "second": second,
        "judgements": str(found.judgements),
        "both": str(found.both),
        "only_first": str(found.first),
        "only_second": str(found.second),
        "same_strength": str(found.same),
        "agreement": f"{found.percent:.1f}",
        "kappa": "" if found.kappa is None else f"{round(found.kappa, 4) + 0:.4f}",
        "prevalence": f"{found.prevalence:.3f}",
    }


def _table(name: str) -> list[dict[str, str]]:
    with (PACKAGE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# The tables of the page


def _by_framework(rows: Sequence[dict[str, str]]) -> str:
    return markdown(
        ("framework", "coders", "judgements", "agree", "kappa", "prevalence", "same strength"),
        [
            (
                f"`{row['framework']}`",
                _pair(row),
                row["judgements"],
                f"{row['agreement']} %",
                _kappa(row),
                f"{float(row['prevalence']):.2f}",
                f"{row['same_strength']} of {row['both']}",
            )
            for row in rows
            if not row["component"]
        ],
    )


def _by_component(rows: Sequence[dict[str, str]], names: dict[tuple[str, str], str]) -> str:
    pairs = list(dict.fromkeys(_pair(row) for row in rows))
    by_component: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        if row["component"]:
            cell = f"{_kappa(row)} ({float(row['agreement']):.0f} %, {float(row['prevalence']):.2f})"
            by_component.setdefault((row["framework"], row["component"]), {})[_pair(row)] = cell
    return markdown(
        ("component", *(f"{pair}: kappa (agree, prevalence)" for pair in pairs)),
        [
            (f"`{scheme}/{component}` {names[scheme, component]}", *(cells.get(pair, "") for pair in pairs))
            for (scheme, component), cells in by_component.items()
        ],
    )


def _pair(row: dict[str, str]) -> str:
    return f"{row['first'].rpartition('-')[2]}–{row['second'].rpartition('-')[2]}"


def _kappa(row: dict[str, str]) -> str:
    return f"{round(float(row['kappa']), 2) + 0:.2f}" if row["kappa"] else "–"


if __name__ == "__main__":
    sys.exit(main())
