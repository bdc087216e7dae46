"""What is worked out once a version: by one request, for all; and a crowd does not wait for it without end."""

from __future__ import annotations

import threading

import pytest
from pyoxigraph import Store

from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.engine.interface import Engine
from zorgkg.web import once
from zorgkg.web.once import Once
from zorgkg.web.problems import ProblemError


def test_it_is_worked_out_once_for_each_version_and_subject() -> None:
    made: list[tuple[str, str]] = []

    def make(engine: Engine, about: str) -> str:
        made.append((engine.version, about))
        return f"{engine.version} {about}"

    value = Once(make, "the number")
    first, second = (EmbeddedEngine(Store(), name) for name in ("one", "two"))
    for _ in range(2):
        assert [value(first, "a"), value(first, "b"), value(second, "a")] == ["one a", "one b", "two a"]
    assert made == [("one", "a"), ("one", "b"), ("two", "a")]


def test_what_fails_is_tried_again() -> None:
    answers: list[Exception | int] = [OSError("busy"), 7]

    def make(engine: Engine, about: str) -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    value, engine = Once(make, "the number"), EmbeddedEngine(Store(), "one")
    with pytest.raises(OSError, match="busy"):
        value(engine)
    assert value(engine) == 7


def test_a_crowd_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "PATIENCE", 0.05)
    begun, go_on = threading.Event(), threading.Event()

    def make(engine: Engine, about: str) -> int:
        begun.set()
        go_on.wait(10)
        return 7

    value, engine = Once(make, "the number"), EmbeddedEngine(Store(), "one")
    first = threading.Thread(target=value, args=(engine,))
    first.start()
    begun.wait(10)
    with pytest.raises(ProblemError) as refused:
        value(engine)
    assert refused.value.status == 503
    assert refused.value.headers["Retry-After"] == "5"
    assert "the number is being worked out" in refused.value.detail
    go_on.set()
    first.join(10)
    assert value(engine) == 7
