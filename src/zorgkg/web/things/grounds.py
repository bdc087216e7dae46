"""Grounds: the evidence of each row of a question's answer, as a list of values or as an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zorgkg.engine.interface import Engine
from zorgkg.evidence.gathering import gather
from zorgkg.questions import binding, evidence
from zorgkg.questions.binding import Value
from zorgkg.questions.evidence import Drill
from zorgkg.questions.question import Question
from zorgkg.rows import Rows, read
from zorgkg.web.things import citations
from zorgkg.web.things.citations import Addresses, Json
from zorgkg.web.things.naming import Namer


@dataclass(frozen=True)
class Grounds:
    """Where the evidence of the rows of one answer is.

    :param question: the question.
    :param parameters: parameter → its values in force, also its default; none where any value would do.
    :param at: where things are told of.
    """

    question: Question
    parameters: Mapping[str, Sequence[str]]
    at: Addresses

    @classmethod
    def of(cls, question: Question, bound: Mapping[str, Sequence[Value]], at: Addresses) -> Grounds:
        """Return the grounds of an answer.

        :param question: the question.
        :param bound: the values that were given for its parameters.
        :param at: where things are told of.
        """
        values = {
            name: bound.get(name) or binding.defaults(question, parameter)
            for name, parameter in question.parameters.items()
        }
        return cls(question, {name: [value.value for value in many] for name, many in values.items()}, at)

    def addresses(self, rows: Rows) -> Iterator[str]:
        """Give for each row the address of its evidence; "" for a row that has none."""
        for row in _cells(rows):
            yield self.address(row)

    def address(self, row: Mapping[str, str]) -> str:
        """Return the address of the evidence of a row.

        :param row: column → IRI or lexical form.
        """
        declared = self.question.evidence
        if len(declared.entries) == 1:
            entry = declared.entries[0]
            if isinstance(entry, Drill):
                given = evidence.given(entry, row, self.parameters)
                return "" if given is None else self.at.question(entry.question, given)
            asked = evidence.asked(entry, row, self.parameters)
            return self.at.evidence(asked) if asked else ""
        decides = {name: evidence.valued(name, row, self.parameters) for name in declared.names}
        return self.at.of_row(self.question.id, {name: value for name, value in decides.items() if value})

    def lists(
        self, engine: Engine, rows: Rows, language: str, summaries: Mapping[str, Mapping[str, str]]
    ) -> Iterator[list[Json]]:
        """Give for each row its evidence, gathered for all of them at once.

        :param engine: the engine.
        :param rows: the rows.
        :param language: language of the labels.
        :param summaries: the questions that list what others count: identifier → language → the question in words.
        """
        name = Namer(engine, language)
        entries = self.question.evidence.entries
        cells = list(_cells(rows))
        asked = [
            [None if isinstance(e, Drill) else evidence.asked(e, row, self.parameters) for e in entries]
            for row in cells
        ]
        found = gather(engine, dict.fromkeys(one for many in asked for one in many if one))
        name.learn(citations.things(found.values()))
        told = {
            one: citations.told(gathered, name, self.at)
            + ([citations.rest(gathered, name, self.at)] if gathered.more else [])
            for one, gathered in found.items()
        }
        for row, many in zip(cells, asked, strict=True):
            listed: list[Json] = []
            for entry, one in zip(entries, many, strict=True):
                if isinstance(entry, Drill):
                    given = evidence.given(entry, row, self.parameters)
                    summary = summaries.get(entry.question, {}).get(language, entry.question)
                    if given is not None:
                        listed.append(citations.listing(entry.question, summary, given, name, self.at))
                elif one:
                    listed += told[one]
            yield listed


def _cells(rows: Rows) -> Iterator[dict[str, str]]:
    for cells in rows.cells():
        yield {name: read(cell).text for name, cell in zip(rows.columns, cells, strict=True)}
