"""Ways of writing a question's answer as flat JSON, on answers of many rows: `python -m bench.rendering HOME`."""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import QueryResultsFormat, QuerySolutions

from zorgkg.content import locate
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.publishing.versions import Home
from zorgkg.questions import catalogue
from zorgkg.questions.binding import bind
from zorgkg.results import plain, plain_literal
from zorgkg.rows import Rows

QUESTIONS = ("matrix", "projects-by-call")
ROUNDS = 7


def by_row(found: QuerySolutions) -> bytes:
    """A Python object a cell, a dictionary a row, and one call of the encoder."""
    names = [one.value for one in found.variables]
    return json.dumps([{name: plain(row[name]) for name in names} for row in found], ensure_ascii=False).encode()


def by_row_and_piece(found: QuerySolutions) -> bytes:
    """A Python object a cell, each distinct term encoded once, and records put together as text."""
    names = [one.value for one in found.variables]
    pieces: dict[object, str] = {None: "null"}
    records = []
    for row in found:
        cells = []
        for name in names:
            cell = row[name]
            piece = pieces.get(cell)
            if piece is None:
                piece = pieces[cell] = json.dumps(plain(cell), ensure_ascii=False)
            cells.append(f'"{name}":{piece}')
        records.append(f"{{{','.join(cells)}}}")
    return f"[{','.join(records)}]".encode()


def by_sparql_json(found: QuerySolutions) -> bytes:
    """Oxigraph's SPARQL JSON, read and written again by Python's encoder."""
    names = [one.value for one in found.variables]
    told = json.loads(found.serialize(format=QueryResultsFormat.JSON) or b"")
    rows = [
        {
            name: plain_literal(cell["value"], cell.get("datatype", "")) if (cell := row.get(name)) else None
            for name in names
        }
        for row in told["results"]["bindings"]
    ]
    return json.dumps(rows, ensure_ascii=False).encode()


def by_tsv(found: QuerySolutions) -> bytes:
    """Oxigraph's TSV, each distinct cell encoded once, and records put together as text: what is used."""
    return Rows.parse(found.serialize(format=QueryResultsFormat.TSV) or b"").flat_json()


def sparql_json(found: QuerySolutions) -> bytes:
    """Oxigraph's SPARQL JSON as it is: what `/sparql` sends."""
    return found.serialize(format=QueryResultsFormat.JSON) or b""


def main() -> None:
    """Measure and print: the least processor time that each takes, with the query and beyond the query alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="home folder with a published version")
    home = Home(parser.parse_args().home)
    version = home.current()
    engine = EmbeddedEngine.open(home.store(version.id), version.id, version.statements, 10**9)
    questions = catalogue.read(locate().queries)
    # As in a query process (zorgkg.engine.forks): what is there already is not looked at by the collector.
    gc.collect()
    gc.freeze()
    for name in QUESTIONS:
        _measure(engine, name, bind(questions[name], {}, "nl"))


def _measure(engine: EmbeddedEngine, name: str, query: str) -> None:
    def alone(found: QuerySolutions) -> bytes:
        return str(sum(1 for _ in found)).encode()

    ways: tuple[Callable[[QuerySolutions], bytes], ...] = (
        alone,
        sparql_json,
        by_row,
        by_row_and_piece,
        by_sparql_json,
        by_tsv,
    )
    seconds: dict[str, list[float]] = {way.__name__: [] for way in ways}
    for _ in range(ROUNDS):
        for way in ways:
            start = time.process_time()
            found = engine.query(query)
            if not isinstance(found, QuerySolutions):
                raise TypeError("a question is a SELECT query")
            body = way(found)
            seconds[way.__name__].append(time.process_time() - start)
            if way is alone:
                rows = int(body)
    least = min(seconds["alone"])
    print(f"{name}: {rows:,} rows")
    for way_name, several in seconds.items():
        took = min(several)
        print(f"{way_name:<18} {1000 * took:8.1f} ms  {1000 * (took - least):+8.1f} ms beside the rows alone")


if __name__ == "__main__":
    main()
