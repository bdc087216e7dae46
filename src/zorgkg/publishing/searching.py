"""The search index of a version: made when it is published, or afterwards where it has none."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Store

from zorgkg.durable import sync
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.publishing.affected import Index, Term, deltas, query_parts
from zorgkg.publishing.draft import Draft
from zorgkg.publishing.versions import Home
from zorgkg.search import making, schema
from zorgkg.search.reading import ABOUT, READS
from zorgkg.terms import term

_GOAL: Final = "thing"
_TYPE: Final = term("rdf:type")
_CLASSES: Final = frozenset(term(one) for classes in schema.KINDS.values() for one in classes)


def make(store: Store, folder: Path) -> None:
    """Make the index of a whole version.

    :param store: its statements, its default graph being their merge.
    :param folder: the version's folder.
    """
    if not schema.unavailable():
        making.make(EmbeddedEngine(store, "").query, folder / schema.FULL)


def follow(draft: Draft, before: Path, folder: Path) -> None:
    """Make the index of a version that is being written, from that of the version before.

    :param draft: what is being written.
    :param before: folder of the version before.
    :param folder: folder of the version that is being written.
    """
    if not schema.unavailable():
        making.change(EmbeddedEngine(draft.after, "").query, before, folder, touched(draft))


def complete(home: Home, identifier: str) -> None:
    """Make the index of a version that has none, or one with many changes; it appears when it is whole.

    :param home: where versions are published.
    :param identifier: the version.
    :raises OSError: the version is there no more, or nothing can be written there.
    """
    with home.trying() as folder:
        make(Store.read_only(str(home.store(identifier))), folder)
        made = folder / schema.FULL
        for path in (made, folder):
            sync(path)
        # Changes that lie beside it are of the index before, and are no longer read.
        made.replace(home.directory(identifier) / schema.FULL)
        sync(home.directory(identifier))


def prepare() -> None:
    """Find out now what the index reads: it takes a moment."""
    _index()


def touched(draft: Draft) -> set[str]:
    """Return the IRIs of the things that the index may tell otherwise after a change.

    :param draft: what is being written.
    """
    found: set[Term] = set(_index().affected(draft).get(_GOAL, ()))
    # Which datasets speak of a thing is told by graphs, and may change where the merge does not.
    for quad in draft.came | draft.went:
        found.add(quad.subject)
        if quad.predicate in ABOUT:
            found.add(quad.object)
    sides = (draft.before, draft.after)
    return {one.value for one in found if isinstance(one, NamedNode) and any(_is_thing(side, one) for side in sides)}


def _is_thing(store: Store, node: NamedNode) -> bool:
    return any(quad.object in _CLASSES for quad in store.quads_for_pattern(node, _TYPE, None, DefaultGraph()))


@cache
def _index() -> Index:
    return Index((_GOAL, delta) for text in READS for delta in deltas(query_parts(text), _GOAL))
