"""The catalogue: all questions of a folder, read and checked at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from zorgkg.questions.evidence import Drill
from zorgkg.questions.question import Question, QuestionError, line_of, parse


class Catalogue(Mapping[str, Question]):
    """The questions by identifier, in alphabetical order."""

    def __init__(self, questions: Mapping[str, Question]) -> None:
        self._questions = dict(sorted(questions.items()))

    def __getitem__(self, identifier: str) -> Question:
        return self._questions[identifier]

    def __iter__(self) -> Iterator[str]:
        return iter(self._questions)

    def __len__(self) -> int:
        return len(self._questions)


def read(folder: Path) -> Catalogue:
    """Read the question files of a folder.

    :param folder: folder of `.rq` files.
    :raises zorgkg.questions.question.QuestionError: a file breaks the form, or names a question that is not there.
    """
    catalogue = Catalogue({path.stem: parse(path) for path in folder.glob("*.rq")})
    for question in catalogue.values():
        for drill in question.evidence.drills:
            _check(question, drill, catalogue)
    return catalogue


def _check(question: Question, drill: Drill, catalogue: Catalogue) -> None:
    listing = catalogue.get(drill.question)
    unknown = sorted(set(drill.given) - set(listing.parameters)) if listing else []
    if listing is None or unknown:
        what = (
            f"{drill.question} has no parameter {unknown[0]!r}"
            if unknown
            else f"there is no question {drill.question!r}"
        )
        raise QuestionError(question.path, line_of(question.path, "evidence"), f"evidence list: {what}")
