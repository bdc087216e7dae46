"""Kills writers at random moments; a process of its own, that never opens a store itself, so that it can fork.

Run by `test_write_kills.py`: `python kill_writes.py HOME KILLS`. Prints how many writes came to their end.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from zorgkg.publishing import writing
from zorgkg.publishing.build import publish_empty
from zorgkg.publishing.draft import Draft
from zorgkg.publishing.versions import Home
from zorgkg.publishing.writing import Judge
from zorgkg.search.index import SearchIndex
from zorgkg.terms import term, thing

GRAPH = NamedNode("http://e.org/g")
TYPE, PROJECT = term("rdf:type"), term("zorg:Project")


def count(home: Home, judge: Judge, ends: Path) -> None:
    """Write one number after the other, and tell each that was published."""

    def change(draft: Draft) -> None:
        following = max(_numbers(draft.statements(GRAPH)), default=0) + 1
        draft.change([], [Quad(thing("project", str(following)), TYPE, PROJECT, GRAPH)])

    while True:
        writing.write(home, judge, change)
        with ends.open("ab", buffering=0) as file:
            file.write(b".")
        home.prune(3)


def check(home: Home, ends: Path) -> None:
    """What is served is whole, has all that was published, and its counts; nothing half-made is left."""
    home.sweep()
    left = {path.name for path in home.path.iterdir()} - {"versions", "current", "current.new", "lock"}
    assert not left, left
    published = ends.stat().st_size if ends.exists() else 0
    for manifest in home.versions():
        store = Store.read_only(str(home.store(manifest.id)))
        numbers = _numbers(store.quads_for_pattern(None, None, None, GRAPH))
        merged = _numbers(store.quads_for_pattern(None, None, None, DefaultGraph()))
        assert numbers == merged == {one + 1 for one in range(manifest.statements)}, manifest
        assert manifest.triples == manifest.statements == len(numbers)
        index = SearchIndex.open(home.directory(manifest.id))
        assert index, "a version has no search index"
        found = {int(one.slug) for one in index.page("project", "nl", limit=10_000).things}
        assert found == numbers, "the search index is another version's"
        index.close()
    assert home.current().statements >= published, "a write that was told as published is lost"


def _numbers(quads: Iterable[Quad]) -> set[int]:
    return {int(quad.subject.value.rpartition("/")[2]) for quad in quads if isinstance(quad.subject, NamedNode)}


def apart(work: Callable[[], None], kill_after: float | None = None) -> None:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            sys.stderr.flush()
            os._exit(status)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert kill_after is not None or status == 0, f"exit status {status}"


def main() -> None:
    home, kills = Home(Path(sys.argv[1])), int(sys.argv[2])
    ontology, ends = home.path.with_name("ontology"), home.path.with_name("ends")
    (ontology / "shapes").mkdir(parents=True)
    (ontology / "rules").mkdir()
    judge = Judge(ontology)
    judge.prepare()
    apart(lambda: (publish_empty(home, judge.digest), None)[1])
    chance = random.Random(20261122)  # noqa: S311
    for _ in range(kills):
        apart(lambda: count(home, judge, ends), chance.uniform(0.01, 0.9))
        apart(lambda: check(home, ends))
    print(ends.stat().st_size)


if __name__ == "__main__":
    main()
