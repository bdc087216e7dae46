"""Citation tables: evidence as a flat table, a row for each passage of each assertion, for all forms of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from zorgkg.evidence.absence import Absence
from zorgkg.evidence.gathering import Evidence
from zorgkg.evidence.reading import Assertion
from zorgkg.questions.answering import Table
from zorgkg.results import Cell
from zorgkg.web.things import citations
from zorgkg.web.things.naming import Namer

_NAMED: Final = ("subject", "predicate", "object", "role", "basis", "strength", "agreement", "dataset")
_WORDS: Final = ("coders", "asNamed", "text", "rationale", "reason")
_WHERE: Final = ("source", "section")

COLUMNS: Final = (
    *("part", "kind", "assertion", "restedOnBy"),
    *(column for name in _NAMED for column in (name, f"{name}Label")),
    *_WORDS,
    "passage",
    *(column for name in _WHERE for column in (name, f"{name}Label")),
    *("start", "end", "page"),
)
"""`part` tells what a row is: `evidence`; `code` or `decision` below it; `absence`, then `read-by` and `elsewhere`."""


def table(gathered: Iterable[Evidence], name: Namer) -> Table:
    """Return evidence as a table.

    :param gathered: what was gathered.
    :param name: gives names in the language of the answer.
    """
    rows: list[tuple[Cell, ...]] = []
    for evidence in gathered:
        for one in evidence.assertions:
            rows += _rows("evidence", one, name)
        if evidence.absence:
            rows += _absent(evidence.absence, name)
    return Table(COLUMNS, rows, "", False)


def _absent(one: Absence, name: Namer) -> Iterator[tuple[Cell, ...]]:
    said = {
        "kind": Literal("absence"),
        "text": Literal(citations.sentence_of_absence(one, name), language=name.language),
        **_thing("subject", one.subject, name),
        **_thing("object", one.lacks, name),
        **_thing("basis", one.basis, name),
    }
    yield _row("absence", said)
    for part, assertions in (("read-by", one.read_by), ("elsewhere", one.elsewhere)):
        for other in assertions:
            yield from _rows(part, other, name)


def _rows(part: str, one: Assertion, name: Namer, of: str = "") -> Iterator[tuple[Cell, ...]]:
    said: dict[str, Cell] = {
        "kind": Literal(one.kind),
        "assertion": NamedNode(one.iri),
        "restedOnBy": NamedNode(of) if of else None,
        "coders": Literal(", ".join(one.coders)) if one.coders else None,
        "text": _text(citations.saying(one, name)),
        **_thing("dataset", one.dataset, name),
        **_thing("subject", one.subject, name),
        **_thing("predicate", one.predicate, name),
    }
    for key in ("role", "basis", "strength", "agreement"):
        said |= _thing(key, one.one(f"zorg:{key}"), name)
    for key in ("asNamed", "rationale", "reason"):
        said[key] = _text(citations.text(one.texts(f"zorg:{key}"), name))
    if isinstance(one.object, NamedNode):
        said |= _thing("object", one.object.value, name)
    elif one.object is not None:
        said |= {"object": one.object, "objectLabel": one.object}
    for passage in one.passages:
        where = {
            "passage": NamedNode(passage.iri),
            **_thing("source", passage.source, name),
            **_thing("section", passage.section, name),
            "start": None if passage.start is None else Literal(passage.start),
            "end": None if passage.end is None else Literal(passage.end),
            "page": None if passage.page is None else Literal(passage.page),
        }
        yield _row(part, {**said, **where})
    if not one.passages:
        yield _row(part, said)
    if of:
        return
    for below, rests in (("code", one.codes), ("decision", one.decisions)):
        for rest in rests:
            yield from _rows(below, rest, name, one.iri)


def _row(part: str, said: dict[str, Cell]) -> tuple[Cell, ...]:
    return tuple(Literal(part) if column == "part" else said.get(column) for column in COLUMNS)


def _thing(column: str, iri: str, name: Namer) -> dict[str, Cell]:
    if not iri:
        return {}
    named = name(iri)
    label = Literal(named.text, language=named.language) if named.language else Literal(named.text)
    return {column: NamedNode(iri), f"{column}Label": label}


def _text(said: citations.Json | None) -> Cell:
    if said is None:
        return None
    return Literal(said["text"], language=said["lang"]) if said["lang"] else Literal(said["text"])
