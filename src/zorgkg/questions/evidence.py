"""What a question says of its evidence: the header key `evidence`, read and checked, and what it asks for one row.

The forms (docs/questions.md): `{subject: project, object: component}` with further keys that narrow, `{of: figure}` for
a column that is an assertion itself, `{list: other-question, with: {component: component}}` for a number whose rows
another question lists, a list of these, or `{none: why}` where an answer says nothing that a source could say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from zorgkg.evidence.asked import KINDS, Asked
from zorgkg.terms import ID, PREFIXES, term

KEYS: Final = ("subject", "object", "lacks", "of", "predicate", "basis", "source", "start", "end", "named", "kind")
"""What an entry may name besides `list` and `with`; docs/questions.md tells what each means."""

_NEEDED: Final = ("subject", "object", "lacks", "of", "start")
"""Parts without which an entry would ask for something else, such as all that is said of one of two things."""

_ENDS: Final = ("subject", "object", "lacks", "of")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Operand:
    """Where a value comes from: the column or parameter of a name, else a fixed term."""

    name: str = ""
    fixed: str = ""


@dataclass(frozen=True)
class Entry:
    """Evidence of a row: what connects the things that it names.

    :param parts: key of :data:`KEYS` → where its value comes from.
    """

    parts: Mapping[str, Operand]


@dataclass(frozen=True)
class Drill:
    """Evidence of a number: the question that lists what was counted.

    :param question: its identifier.
    :param given: its parameter → where the value comes from.
    """

    question: str
    given: Mapping[str, Operand]


@dataclass(frozen=True)
class Declared:
    """What a question says of its evidence.

    :param entries: where the evidence of a row is found; () when there is none.
    :param none: why there is none, or "".
    """

    entries: tuple[Entry | Drill, ...] = ()
    none: str = ""

    @property
    def pairs(self) -> tuple[Entry, ...]:
        """The entries that lead to assertions."""
        return tuple(entry for entry in self.entries if isinstance(entry, Entry))

    @property
    def drills(self) -> tuple[Drill, ...]:
        """The entries that lead to another question."""
        return tuple(entry for entry in self.entries if isinstance(entry, Drill))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns and parameters that decide which evidence a row has, each once."""
        operands = [one for entry in self.pairs for one in entry.parts.values()]
        operands += [one for drill in self.drills for one in drill.given.values()]
        return tuple(dict.fromkeys(one.name for one in operands if one.name))


def declare(value: object, columns: Sequence[str], parameters: Iterable[str]) -> Declared:
    """Read what stands under the header key `evidence`.

    :param value: the YAML value.
    :param columns: the query's columns.
    :param parameters: the question's parameters.
    :raises ValueError: it breaks the form; the message says what is expected.
    """
    known = (*columns, *parameters)
    if isinstance(value, dict) and "none" in value:
        reason = value["none"]
        if set(value) != {"none"} or not isinstance(reason, str) or not reason:
            raise ValueError("evidence none must stand alone, with the reason why there is none")
        return Declared(none=reason)
    entries = value if isinstance(value, list) else [value]
    if not entries:
        raise ValueError("evidence needs an entry, or with `none` the reason why there is none")
    return Declared(tuple(_entry(entry, known) for entry in entries))


def asked(entry: Entry, row: Mapping[str, str], parameters: Mapping[str, Sequence[str]]) -> Asked | None:
    """Return what an entry asks for a row.

    :param entry: the entry.
    :param row: column → IRI or lexical form; "" where unbound.
    :param parameters: parameter → its values in force, also its default; none where any value would do.
    :returns: None when the row lacks what the entry needs.
    """
    parts = {key: _value(operand, row, parameters) for key, operand in entry.parts.items()}
    return Asked(**parts) if all(parts[key] for key in parts if key in _NEEDED) else None


def given(drill: Drill, row: Mapping[str, str], parameters: Mapping[str, Sequence[str]]) -> dict[str, str] | None:
    """Return the values with which the listing question is asked for a row.

    :returns: None when one is missing: by its own default the question would list something else.
    """
    found = {name: _value(operand, row, parameters) for name, operand in drill.given.items()}
    return found if all(found.values()) else None


def valued(name: str, row: Mapping[str, str], parameters: Mapping[str, Sequence[str]]) -> str:
    """Return the value that a column has in a row, or else a parameter; "" for none, or where any of several would do.

    :param name: of a column or parameter.
    :param row: column → IRI or lexical form; "" where unbound.
    :param parameters: parameter → its values in force.
    """
    held = parameters.get(name, ())
    return row.get(name) or (held[0] if len(held) == 1 else "")


def of(told: Mapping[str, Any]) -> Declared:
    """Return the declaration that :func:`dataclasses.asdict` gave the values of."""

    def operands(values: Mapping[str, Mapping[str, str]]) -> dict[str, Operand]:
        return {key: Operand(**one) for key, one in values.items()}

    entries = (
        Drill(one["question"], operands(one["given"])) if "question" in one else Entry(operands(one["parts"]))
        for one in told["entries"]
    )
    return Declared(tuple(entries), told["none"])


def _entry(entry: object, known: Sequence[str]) -> Entry | Drill:
    if not isinstance(entry, dict):
        raise ValueError("evidence is a mapping such as {subject: project, object: component}, or a list of these")
    entry = cast(dict[object, object], entry)
    if "list" in entry:
        return _drill(entry, known)
    unknown = sorted(str(key) for key in entry if key not in KEYS)
    if unknown:
        raise ValueError(f"evidence has an unknown key {unknown[0]!r}; known: {', '.join(KEYS)}, list, with, none")
    if not any(end in entry for end in _ENDS):
        raise ValueError(f"evidence must name one of {', '.join(_ENDS)}, or list another question")
    if "kind" in entry and entry["kind"] not in KINDS:
        raise ValueError(f"evidence kind {entry['kind']!r} must be one of {', '.join(KINDS)}")
    return Entry(
        {
            str(key): Operand(fixed=str(value)) if key == "kind" else _operand(str(key), value, known)
            for key, value in entry.items()
        }
    )


def _drill(entry: Mapping[object, object], known: Sequence[str]) -> Drill:
    inside = entry.get("with", {})
    if set(entry) - {"list", "with"} or not isinstance(entry["list"], str) or not isinstance(inside, dict):
        raise ValueError("evidence list names a question, and `with` maps its parameters to columns or parameters here")
    return Drill(entry["list"], {str(name): _operand(f"with {name}", value, known) for name, value in inside.items()})


def _operand(key: str, value: object, known: Sequence[str]) -> Operand:
    text = str(value)
    if _NAME.fullmatch(text):
        if text not in known:
            raise ValueError(f"evidence {key} {text!r} is no column of the query and no parameter")
        return Operand(name=text)
    prefix, colon, _ = text.partition(":")
    if colon and prefix in PREFIXES:
        return Operand(fixed=term(text).value)
    if "/" in text and not colon:
        return Operand(fixed=ID + text)
    raise ValueError(f"evidence {key} {text!r} must be a column, a parameter, a prefixed name or a path below /id/")


def _value(operand: Operand, row: Mapping[str, str], parameters: Mapping[str, Sequence[str]]) -> str:
    return valued(operand.name, row, parameters) if operand.name else operand.fixed
