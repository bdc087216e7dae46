"""The catalogue: all questions of a folder, read and checked at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from zorgkg.questions.question import Question, parse


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
    :raises zorgkg.questions.question.QuestionError: a file breaks the form.
    """
    return Catalogue({path.stem: parse(path) for path in folder.glob("*.rq")})
