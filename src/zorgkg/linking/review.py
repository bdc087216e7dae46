"""Review on a terminal: one pair after the other, decided by a key. Each decision is on disk before the next pair."""

from __future__ import annotations

import os
import termios
import tty
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from zorgkg.datasets.sssom import Mapping
from zorgkg.engine.interface import Engine
from zorgkg.linking import deciding, words
from zorgkg.linking.deciding import ACCEPT, REFUSE, UNCLEAR, UNDO, BadDecision, Reviewer
from zorgkg.linking.describing import Described, describe
from zorgkg.linking.identity import Identity
from zorgkg.linking.linkfile import LinkFile

Keys = Callable[[], str]
"""Gives the next key; "" at the end of input."""

_VERDICTS: Final = {"a": ACCEPT, "r": REFUSE, "s": UNCLEAR}
_TOLD: Final = {"a": "accept", "r": "refuse", "s": "skip"}
_QUIT: Final = ("q", "", "\x03", "\x04")


class Review:
    """A review of the proposals of a link file.

    :param file: where decisions go.
    :param engine: describes the things.
    :param reviewer: who decides.
    :param elsewhere: decisions that the graph holds.
    :param language: one of nl, fr, en.
    :param output: where it is shown.
    """

    def __init__(
        self,
        file: LinkFile,
        engine: Engine,
        reviewer: Reviewer,
        elsewhere: Sequence[Mapping],
        language: str,
        output: IO[str],
    ) -> None:
        self._file = file
        self._engine = engine
        self._reviewer = reviewer
        self._elsewhere = elsewhere
        self._language = language
        self._console = Console(file=output, highlight=False, width=None if output.isatty() else 110)
        self._taken: list[str] = []
        self._seen: set[str] = set()

    def run(self, keys: Keys) -> int:
        """Show what is to be decided until all is, or the reviewer stops.

        :param keys: gives the keys.
        :returns: how many decisions were taken.
        """
        while (shown := self._next()) is not None:
            mapping, at, of = shown
            self._show(mapping, at, of)
            if not self._ask(mapping, keys):
                return len(self._taken)
        self._console.print(self._say("done"))
        return len(self._taken)

    def _next(self) -> tuple[Mapping, int, int] | None:
        # Read anew each time: somebody else may have decided meanwhile.
        rows = self._file.read()
        own = {one.id for one in rows}
        known = Identity([*(one for one in self._elsewhere if one.id not in own), *rows])
        left = [one for one in deciding.waiting(rows, known) if one.id not in self._seen]
        at = len(self._seen) + 1
        return (left[0], at, at + len(left) - 1) if left else None

    def _ask(self, mapping: Mapping, keys: Keys) -> bool:
        """Take a key until one decides; returns whether to go on."""
        while True:
            key = keys()
            if key in _QUIT:
                return False
            if key == "?":
                self._console.print(self._say("help"), markup=False)
            elif key == "u":
                if not self._taken:
                    self._console.print(self._say("nothing_to_undo"))
                    continue
                undone = self._taken.pop()
                self._decide(undone, UNDO)
                self._seen.discard(undone)
                self._console.print(self._say("undo"))
                return True
            elif key in _VERDICTS:
                if self._decide(mapping.id, _VERDICTS[key]):
                    self._taken.append(mapping.id)
                    self._seen.add(mapping.id)
                    self._console.print(f"→ {self._say(_TOLD[key])}")
                return True
            else:
                self._console.print(self._say("unknown_key", pressed=key, keys=self._say("keys")), markup=False)

    def _decide(self, record: str, verdict: str) -> bool:
        """Take a decision, unless somebody else took one; returns whether it stands."""

        def change(rows: list[Mapping]) -> list[Mapping]:
            now = next((one for one in rows if one.id == record), None)
            if verdict != UNDO and (now is None or now.is_decided):
                raise BadDecision(record, self._say("elsewhere"))
            return deciding.decide(rows, {record: verdict}, self._reviewer, self._elsewhere)

        try:
            self._file.change(change)
        except BadDecision as error:
            self._console.print(str(error), markup=False)
            # Not asked again in this review: it cannot be decided so.
            self._seen.add(record)
            return False
        return True

    def _show(self, mapping: Mapping, at: int, of: int) -> None:
        things = describe(self._engine, [mapping.subject, mapping.object], self._language)
        confidence = f"{mapping.confidence:.2f}"
        heading = self._say("progress", at=at, of=of, confidence=confidence)
        if mapping.is_unclear:
            heading += f" · {self._say('unclear')}"
        table = Table(title=heading, title_justify="left", show_header=False, expand=True)
        table.add_column(width=12)
        table.add_column(ratio=1, overflow="fold")
        table.add_column(ratio=1, overflow="fold")
        for key, here, there in side_by_side(things[mapping.subject], things[mapping.object]):
            table.add_row(Text(self._say(key)), Text("\n".join(here)), Text("\n".join(there)))
        self._console.print(table)
        if mapping["other"]:
            self._console.print(f"{self._say('features')}: {mapping['other'].replace('|', ' · ')}", markup=False)
        if mapping["comment"]:
            self._console.print(mapping["comment"], markup=False)
        self._console.print(f"{self._say('same')} {self._say('keys')}", markup=False)

    def _say(self, key: str, **values: object) -> str:
        return words.say(key, self._language, **values)


@contextmanager
def pressed(stream: IO[str]) -> Iterator[Keys]:
    """Give the keys of a terminal as they are pressed, or the characters of what is piped, without spaces and lines.

    :param stream: standard input.
    """
    if not stream.isatty():
        yield lambda: next((key for key in iter(lambda: stream.read(1), "") if not key.isspace()), "")
        return
    descriptor = stream.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield lambda: _pressed(descriptor)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _pressed(descriptor: int) -> str:
    # An arrow or another long key comes as several bytes: all of them are one key, which decides nothing.
    return os.read(descriptor, 16).decode("utf-8", "replace").strip() or " "


def summary(rows: Iterable[Mapping], language: str) -> str:
    """Return how many proposals and decisions there are, in one line."""
    many = list(rows)
    return words.say(
        "summary",
        language,
        accepted=sum(one.is_accepted for one in many),
        refused=sum(one.is_refused for one in many),
        unclear=sum(one.is_unclear for one in many),
        open=sum(not one.is_reviewed for one in many),
    )


def side_by_side(one: Described, other: Described) -> list[tuple[str, Sequence[str], Sequence[str]]]:
    """Return what there is to compare of two things, part by part, without what neither has."""
    return [
        (key, here, there) for (key, here), (_, there) in zip(one.parts(), other.parts(), strict=True) if here or there
    ]
