"""The command that searches the published graph."""

from __future__ import annotations

import argparse
import sys

from pyoxigraph import Literal, NamedNode

from zorgkg.console import BadInput
from zorgkg.publishing import searching
from zorgkg.publishing.versions import Home
from zorgkg.results import Cell, render_table
from zorgkg.rows import Rows
from zorgkg.search import schema
from zorgkg.search.index import Hit, SearchIndex, TooSlow

_COLUMNS = ("label", "type", "alternative", "iri")


def search(options: argparse.Namespace, home: Home, language: str) -> int:
    """Carry out `zorgkg search`: the things that fit, the best first.

    :param options: `text`, `type`, `limit` and `format`.
    :param home: where the version is published; its index is made when it has none.
    :param language: language of the labels.
    """
    if why := schema.unavailable():
        raise BadInput(why)
    version = home.current().id
    index = SearchIndex.open(home.directory(version))
    if index is None:
        searching.complete(home, version)
        index = SearchIndex.open(home.directory(version))
    if index is None:
        raise BadInput(f"the search index of version {version} cannot be read")
    try:
        hits = index.find(options.text, language, limit=options.limit, kinds=options.type or ())
    except TooSlow as error:
        raise BadInput(str(error)) from error
    finally:
        index.close()
    rows = [_row(hit) for hit in hits]
    form = options.format or ("table" if sys.stdout.isatty() else "json")
    if form == "table":
        render_table(_COLUMNS, rows, sys.stdout)
    else:
        found = Rows.of(_COLUMNS, rows)
        sys.stdout.buffer.write(found.flat_json() if form == "json" else found.flat_csv())
        sys.stdout.buffer.flush()
    return 0


def _row(hit: Hit) -> tuple[Cell, ...]:
    one = hit.thing
    label = Literal(one.label, language=one.language) if one.language else Literal(one.label)
    return label, Literal(one.kind), Literal(hit.alternative) if hit.alternative else None, NamedNode(one.iri)
