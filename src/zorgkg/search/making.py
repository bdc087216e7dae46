"""Making the search index: of a whole version, and of what changed since."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from array import array
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from zorgkg.matching import blocks
from zorgkg.matching.reading import of as matched
from zorgkg.search import reading, schema, words
from zorgkg.search.connections import address
from zorgkg.search.folding import key
from zorgkg.search.folding import words as folded
from zorgkg.search.reading import Fact, Near, Query
from zorgkg.search.records import Record, records

MOST: Final = 5000
"""Things that may have changed since the index of a whole version was made; then a server makes it anew, meanwhile."""

_TOO_MANY: Final = 4 * MOST
"""Things that may have changed at the very most; then it is made anew at once."""

_PLACES: Final = {facet: place for place, facet in enumerate(schema.FACETS)}

_KIND_PLACES: Final = {kind: place for place, kind in enumerate(schema.KINDS)}

_LONGEST: Final = 60
"""Letters of a word; what is longer is no word, and is found by its beginning."""


def make(query: Query, target: Path, chunks: bool = False) -> int:
    """Make the index of a whole version.

    :param query: evaluates queries on it.
    :param target: the file; there is none yet.
    :param chunks: whether no answer may be large, as from another server; takes longer.
    :returns: the number of things in it.
    """
    with closing(_open(target)) as connection, _written(connection):
        _define(connection, *schema.TABLES, *schema.WHOLE)
        # One piece of the index of words, which is merged once, at the end.
        for table in ("called", "text"):
            connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('automerge', 0)")
        iris = reading.things(query)
        numbers = {iri: number for number, iri in enumerate(iris)}
        facts = (reading.of_some if chunks else reading.of_all)(query, numbers)
        for record in records(_sorted(connection, facts), iris, Near(query)):
            _add(connection, record)
        connection.execute("INSERT INTO range SELECT kind, MIN(id), MAX(id) FROM thing GROUP BY kind")
        for table in ("called", "text"):
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        add_words(connection, _vocabulary(connection))
        _define(connection, *schema.INDICES)
        _tell(connection, form=schema.FORM, id=secrets.token_hex(16))
    return len(iris)


def identity(full: Path) -> str:
    """Return what an index of a whole version is called; "" when there is none that can be used."""
    try:
        with closing(sqlite3.connect(address(full), uri=True)) as connection:
            about = dict(connection.execute("SELECT name, value FROM about"))
    except sqlite3.DatabaseError:
        return ""
    return about.get("id", "") if about.get("form") == schema.FORM else ""


def changed(full: Path, changes: Path) -> int | None:
    """Return how many things were written to a file of changes; None when it is none of this index.

    :param full: the index of a whole version.
    :param changes: the file of changes, which may not be there.
    """
    try:
        with closing(sqlite3.connect(address(changes), uri=True)) as connection:
            about = dict(connection.execute("SELECT name, value FROM about"))
    except sqlite3.DatabaseError:
        return None
    return int(about["written"]) if about.get("of") == identity(full) else None


def change(query: Query, before: Path, target: Path, touched: Collection[str]) -> None:
    """Make the index of a version that was written, from that of the version before.

    Costs as much as was changed since the index of a whole version was made, which is shared. When that is too much,
    or there is none, all is made anew, or nothing: a server makes it when it opens the version.

    :param query: evaluates queries on the version that was written.
    :param before: folder of the version before.
    :param target: folder of the version that was written.
    :param touched: IRIs of everything that the index may tell otherwise now.
    """
    full, changes = target / schema.FULL, before / schema.CHANGES
    if not (before / schema.FULL).is_file():
        return
    # Shared before it is looked at: a server may put a newer one into the folder before at any moment.
    _share(before / schema.FULL, full)
    if not identity(full):
        full.unlink()
        return
    written = changed(full, changes)
    if len(touched) + (written or 0) > _TOO_MANY:
        full.unlink()
        make(query, full)
        return
    if not touched:
        if written is not None:
            _share(changes, target / schema.CHANGES)
        return
    if written is not None:
        shutil.copyfile(changes, target / schema.CHANGES)
    with closing(_open(target / schema.CHANGES)) as connection:
        connection.execute("ATTACH DATABASE ? AS whole", (address(full),))
        with _written(connection):
            if written is None:
                _define(connection, *schema.TABLES, *schema.INDICES, *schema.GONE)
                _tell(connection, form=schema.FORM, of=identity(full))
            _change(connection, query, sorted(touched), written or 0)


def _change(connection: sqlite3.Connection, query: Query, touched: list[str], written: int) -> None:
    for iri in touched:
        for (number,) in connection.execute("SELECT id FROM whole.thing WHERE iri = ?", (iri,)).fetchall():
            connection.execute("INSERT OR IGNORE INTO gone VALUES (?)", (number,))
        for (number,) in connection.execute("SELECT id FROM main.thing WHERE iri = ?", (iri,)).fetchall():
            # What `text` has of it stays, and leads to nothing: numbers are not given again.
            connection.execute("DELETE FROM main.thing WHERE id = ?", (number,))
            connection.execute("DELETE FROM main.name WHERE thing = ?", (number,))
            connection.execute("DELETE FROM main.code WHERE thing = ?", (number,))
            connection.execute("DELETE FROM main.facet WHERE thing = ?", (number,))
            blocks.remove(connection, number)
    # Numbered on from those that were written before.
    iris = ["" for _ in range(written)] + touched
    numbers = {iri: number for number, iri in enumerate(touched, written)}
    facts = sorted(reading.of_some(query, numbers), key=lambda fact: fact[0])
    for record in records(facts, iris, Near(query)):
        for word in _add(connection, record):
            if words.is_corrected(word):
                known = connection.execute("SELECT 1 FROM whole.word WHERE text = ?", (word,)).fetchone()
                if not known:
                    connection.execute("INSERT OR IGNORE INTO main.word (text) VALUES (?)", (word,))
    _tell(connection, written=str(written + len(touched)))


def _sorted(connection: sqlite3.Connection, facts: Iterator[Fact]) -> Iterator[Fact]:
    """Sort facts by their things, in little memory."""
    connection.execute("CREATE TEMP TABLE fact (thing INTEGER, property TEXT, value TEXT, language TEXT)")
    connection.executemany("INSERT INTO temp.fact VALUES (?, ?, ?, ?)", facts)
    yield from connection.execute("SELECT * FROM temp.fact ORDER BY thing")
    connection.execute("DROP TABLE temp.fact")


def _add(connection: sqlite3.Connection, record: Record) -> list[str]:
    """Add a thing; returns its words."""
    number = record.number
    connection.execute(
        f"INSERT INTO main.thing VALUES ({','.join('?' * 23)})",
        (
            *(number, record.iri, record.type, record.slug, record.kind),
            *(text for text, _ in record.labels),
            *(language for _, language in record.labels),
            *(key(text) for text, _ in record.labels),
            "\n".join(" ".join(text.split()) for text in record.alternatives),
            *(text for text, _ in record.descriptions),
            *(language for _, language in record.descriptions),
            *record.point,
        ),
    )
    shown = {text for text, _ in record.labels}
    names = {key(text) for text in (*shown, *record.alternatives)}
    kind = _KIND_PLACES[record.kind]
    connection.executemany("INSERT INTO main.name VALUES (?, ?, ?)", ((kind, name, number) for name in names if name))
    codes = {"".join(folded(text)) for text in record.numbers}
    connection.executemany("INSERT INTO main.code VALUES (?, ?, ?)", ((kind, code, number) for code in codes if code))
    values = {value for _, value in record.facets}
    connection.executemany("INSERT OR IGNORE INTO main.value (iri) VALUES (?)", ((value,) for value in values))
    connection.executemany(
        "INSERT INTO main.facet SELECT ?, id, ? FROM main.value WHERE iri = ?",
        ((_PLACES[facet], number, value) for facet, value in record.facets),
    )
    blocks.add(connection, number, matched(record))
    label, alternative = _words(shown), _words(record.alternatives)
    everything = list(dict.fromkeys([*label, *alternative, *_words(record.context), *_words(record.texts)]))
    called = (number, " ".join(label), " ".join(alternative))
    connection.execute("INSERT INTO main.called (rowid, label, alternative) VALUES (?, ?, ?)", called)
    connection.execute("INSERT INTO main.text (rowid, words) VALUES (?, ?)", (number, " ".join(everything)))
    return everything


def _words(texts: Collection[str]) -> list[str]:
    """The words of some texts, each once: neither their order nor their number is ever asked for."""
    return list(dict.fromkeys(word[:_LONGEST] for text in texts for word in folded(text)))


def add_words(connection: sqlite3.Connection, known: Iterable[str]) -> None:
    """Fill the tables from which misspelt words are found.

    :param connection: has the index of a whole version, with these tables empty.
    :param known: folded words, each once.
    """
    found = sorted((word for word in known if words.is_corrected(word)), key=lambda word: (len(word), word))
    connection.executemany("INSERT INTO main.word VALUES (?, ?)", enumerate(found, 1))
    grams: dict[str, array[int]] = {}
    for number, word in enumerate(found, 1):
        for gram in words.grams(word):
            grams.setdefault(gram, array("I")).append(number)
    connection.executemany(
        "INSERT INTO main.gram VALUES (?, ?)", ((gram, grams[gram].tobytes()) for gram in sorted(grams))
    )
    connection.execute(
        "INSERT INTO main.length SELECT length(text), MIN(id), MAX(id) FROM main.word GROUP BY length(text)"
    )


def _vocabulary(connection: sqlite3.Connection) -> Iterator[str]:
    """All words of all things."""
    connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, text, row)")
    yield from (word for (word,) in connection.execute("SELECT term FROM temp.vocabulary"))
    connection.execute("DROP TABLE temp.vocabulary")


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    # A file that is not whole is never opened again: its folder is swept. What publishes it makes it last.
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("PRAGMA cache_size=-65536")
    return connection


@contextmanager
def _written(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction; when it fails, the file is of no use."""
    connection.execute("BEGIN")
    yield
    connection.execute("COMMIT")


def _define(connection: sqlite3.Connection, *statements: str) -> None:
    for one in statements:
        connection.execute(one)


def _tell(connection: sqlite3.Connection, **about: str) -> None:
    connection.executemany("INSERT OR REPLACE INTO main.about VALUES (?, ?)", about.items())


def _share(source: Path, target: Path) -> None:
    """Let a file that nobody changes be in another folder too, without taking room where the disk can do that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
