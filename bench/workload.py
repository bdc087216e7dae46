"""The queries that are measured (`bench/queries/*.rq`), each in the many forms that its parameter gives it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bench import synthetic
from bench.synthetic import Base
from zorgkg.terms import ID

QUERIES = Path(__file__).parent / "queries"

TABLE = "application/sparql-results+json"
GRAPH = "application/n-triples"

MOST = 1000
"""Forms of a query that are asked in rotation, at most."""

_EXAMPLES = {
    "project": f"{ID}project/bench-0>",
    "organisation": f"{ID}organisation/bench-0>",
    "province": f"{ID}place/west-vlaanderen>",
    "component": f"{ID}framework/icc-sliders/physical-environment>",
    "word": '"aalst"',
    "page": "OFFSET 0",
}
"""What stands in the file in place of each parameter."""


@dataclass(frozen=True)
class Query:
    """A query in all its forms.

    :param name: the file's name.
    :param about: what it asks, in a sentence.
    :param forms: its texts.
    :param accept: the media type to ask for.
    :param members: any page of the answer without LIMIT is right, because the query has no order.
    """

    name: str
    about: str
    forms: list[str]
    accept: str
    members: bool

    def paths(self, operation: str) -> list[str]:
        """Return the path of each form, ready for a number that makes it unique: it ends in a SPARQL comment."""
        return [f"{operation}?query={quote(form, safe='')}%23" for form in self.forms]


def read(base: Base, projects: int) -> list[Query]:
    """Read the queries.

    :param base: what invented projects refer to.
    :param projects: how many projects the graph has.
    """
    invented = projects - base.projects
    organisations = max(20, invented // synthetic.ORGANISATIONS_EVERY)
    values = {
        "project": [f"{synthetic.project(n)}>" for n in _spread(invented)],
        "organisation": [f"{ID}organisation/bench-{n}>" for n in _spread(organisations)],
        "province": [f"{iri}>" for iri in sorted({place.province for place in base.places if place.province})],
        "component": [f"{iri}>" for iri in base.sliders],
        "word": [f'"{place.label.lower()}"' for place in base.places],
        "page": [f"OFFSET {50 * n}" for n in range(min(20, projects // 50))],
    }
    return [_read(path, values) for path in sorted(QUERIES.glob("*.rq"))]


def _spread(count: int) -> list[int]:
    """At most :data:`MOST` numbers below a count, evenly over it."""
    return [n * count // min(MOST, count) for n in range(min(MOST, count))]


def _read(path: Path, values: dict[str, list[str]]) -> Query:
    text = path.read_text("utf-8")
    comments = [line.removeprefix("#").strip() for line in text.splitlines() if line.startswith("#")]
    told = dict(line.split(": ", 1) for line in comments[1:])
    body = "\n".join(line for line in text.splitlines() if line and not line.startswith("#")) + "\n"
    forms = [body]
    if (parameter := told["rotate"]) != "nothing":
        example = _EXAMPLES[parameter]
        if example not in body:
            raise ValueError(f"{path}: it has no {example}")
        forms = [body.replace(example, value) for value in values[parameter]]
    accept = GRAPH if "CONSTRUCT" in body else TABLE
    return Query(path.stem, comments[0], forms, accept, told.get("compare") == "members")
