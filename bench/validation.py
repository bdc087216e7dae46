"""What one change costs: the rules and the validation of it, on the real graph and on one many times as large.

    PYTHONPATH=src python bench/validation.py HOME [PROJECTS]

HOME holds a published version. The large graph has as many projects as are asked for: each real project once more
under another name, with all that is said of it (participations, codes, positionings, claims), pointing to the same
organisations, concepts, places and passages. Times are medians of five, in milliseconds of processor time: what else
the machine does is not counted.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from zorgkg.publishing import rules
from zorgkg.publishing.draft import Draft
from zorgkg.publishing.incremental import Shapes, validate_change
from zorgkg.publishing.rules import GRAPH
from zorgkg.terms import term

ONTOLOGY = Path(__file__).parents[1] / "ontology"
TYPE, PROJECT, LABEL = term("rdf:type"), term("zorg:Project"), term("rdfs:label")
Change = Callable[[], tuple[list[Quad], list[Quad]]]


def merged(quad: Quad) -> Quad:
    """Return a statement as one of the default graph."""
    return Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())


def multiply(store: Store, projects: int) -> int:
    """Add copies of the projects and of what is said of them, until there are so many projects."""
    real = [quad.subject for quad in store.quads_for_pattern(None, TYPE, PROJECT, DefaultGraph())]
    about = {*real}
    for predicate in ("zorg:project", "rdf:subject"):
        for quad in list(store.quads_for_pattern(None, term(predicate), None, DefaultGraph())):
            if quad.object in about:
                about.add(quad.subject)
    about = {node for node in about if isinstance(node, NamedNode)}
    quads = [
        quad
        for node in about
        for quad in store.quads_for_pattern(node, None, None)
        if quad.graph_name != DefaultGraph()
    ]
    numbered = {term("zorg:ficheNumber")}
    for copy in range(1, max(1, projects // len(real))):

        def renamed(node: Any, copy: int = copy) -> Any:
            if node not in about or not isinstance(node, NamedNode):
                return node
            for kind in ("project", "participation", "code", "coding", "adjudication", "claim", "positioning"):
                if f"/id/{kind}/" in node.value:
                    return NamedNode(node.value.replace(f"/id/{kind}/", f"/id/{kind}/c{copy}-", 1))
            return NamedNode(f"{node.value}-c{copy}")

        made = [
            Quad(
                renamed(quad.subject),
                quad.predicate,
                _number(renamed(quad.object), copy, quad, numbered),
                quad.graph_name,
            )
            for quad in quads
        ]
        store.bulk_extend(made)
        store.bulk_extend([merged(quad) for quad in made])
    return sum(1 for _ in store.quads_for_pattern(None, None, None, DefaultGraph()))


def _number(node: Any, copy: int, quad: Quad, numbered: set[NamedNode]) -> Any:
    if quad.predicate == LABEL and isinstance(node, Literal) and node.language:
        return Literal(f"{node.value} {copy}", language=node.language)
    if quad.predicate in numbered and isinstance(node, Literal):
        return Literal(int(node.value) + 1000 * copy)
    return node


def changes(store: Store) -> dict[str, Change]:
    """Say which changes are measured."""
    project = next(
        quad.subject
        for quad in store.quads_for_pattern(None, TYPE, PROJECT, DefaultGraph())
        if any(store.quads_for_pattern(None, term("zorg:project"), quad.subject, DefaultGraph()))
    )
    positioning = next(
        quad.subject
        for quad in store.quads_for_pattern(None, TYPE, term("zorg:Positioning"))
        if quad.graph_name not in (DefaultGraph(), GRAPH)
    )
    counts: dict[object, int] = {}
    for quad in store.quads_for_pattern(None, term("zorg:agent"), None, DefaultGraph()):
        counts[quad.object] = counts.get(quad.object, 0) + 1
    ordered = sorted(counts, key=lambda node: counts[node])
    few, many = ordered[len(ordered) // 2], ordered[-1]

    def own(node: object) -> list[Quad]:
        found = store.quads_for_pattern(node, None, None)  # type: ignore[arg-type]
        return [quad for quad in found if quad.graph_name not in (DefaultGraph(), GRAPH)]

    def label() -> tuple[list[Quad], list[Quad]]:
        old = next(quad for quad in own(project) if quad.predicate == LABEL)
        language = old.object.language if isinstance(old.object, Literal) else None
        return [old], [Quad(old.subject, LABEL, Literal("Anders", language=language), old.graph_name)]

    def position() -> tuple[list[Quad], list[Quad]]:
        new = NamedNode("https://w3id.org/zorgkg/id/positioning/new")
        return [], [Quad(new, quad.predicate, quad.object, quad.graph_name) for quad in own(positioning)]

    def participation(organisation: object) -> Change:
        def made() -> tuple[list[Quad], list[Quad]]:
            one = next(store.quads_for_pattern(None, term("zorg:agent"), organisation, DefaultGraph()))  # type: ignore[arg-type]
            return own(one.subject), []

        return made

    return {
        "a project's label": label,
        "a positioning added": position,
        "a project removed": lambda: (own(project), []),
        f"an organisation removed ({counts[few]} participations)": lambda: (own(few), []),
        "a participation removed of that organisation": participation(few),
        f"a participation removed of the largest ({counts[many]})": participation(many),
    }


def measure(store: Store, shapes: Shapes, prepared: rules.Rules) -> None:
    """Print what each change costs; each is undone."""
    print(f"{'':55} {'rules':>8} {'find':>8} {'validate':>9}  results")
    # The version before is a copy in memory; a server forks.
    before = Store()
    before.bulk_extend(store)
    for name, change in changes(store).items():
        times: list[list[float]] = []
        found = 0
        for _ in range(5):
            draft = Draft(before, store)
            draft.change(*change())
            moments = [time.process_time()]
            rules.apply_change(prepared, draft)
            moments.append(time.process_time())
            shapes.affected(draft)
            moments.append(time.process_time())
            found = len(validate_change(shapes, draft).results())
            moments.append(time.process_time())
            times.append([1000 * (moments[index + 1] - moments[index]) for index in range(3)])
            draft.change(draft.came.copy(), draft.went.copy())
        rule, find, judge = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"{name:55} {rule:8.1f} {find:8.1f} {judge:9.1f}  {found}", flush=True)


def main() -> None:
    """Measure."""
    home = Path(sys.argv[1])
    store = Store()
    store.bulk_extend(Store.read_only(str(sorted(home.glob("versions/*/store"))[-1])))
    start = time.process_time()
    shapes, prepared = Shapes.read(ONTOLOGY / "shapes"), rules.prepare(ONTOLOGY / "rules")
    print(f"shapes and rules prepared: {time.process_time() - start:.2f} s")
    print("the real graph")
    measure(store, shapes, prepared)
    if len(sys.argv) > 2:
        start = time.process_time()
        size = multiply(store, int(sys.argv[2]))
        print(f"{sys.argv[2]} projects, {size:,} triples (made in {time.process_time() - start:.0f} s)")
        measure(store, shapes, prepared)


if __name__ == "__main__":
    main()
