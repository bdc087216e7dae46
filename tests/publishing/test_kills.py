"""A publisher killed at any moment leaves a whole version served, and nothing half-made after the next sweep."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from zorgkg import durable
from zorgkg.publishing import versions
from zorgkg.publishing.versions import Home, Manifest

STEPS = ("write_text", "rename", "replace", "mkdir")
KILLS = 200
"""Random ones, besides those at each step."""


def publish(home: Home, identifier: str) -> None:
    with home.publishing() as candidate:
        (candidate / "store").mkdir()
        for part in ("one", "two"):
            (candidate / "store" / part).write_text(identifier * 1000)
        home.publish(candidate, Manifest(identifier, "2026-01-01T00:00:00+00:00", 1, 1, "0" * 64))


def activate(home: Home, identifier: str) -> None:
    home.activate("0")


def prune(home: Home, identifier: str) -> None:
    home.prune(1)


OPERATIONS: dict[str, Callable[[Home, str], None]] = {"publish": publish, "activate": activate, "prune": prune}


def assert_whole(home: Home, served: set[str]) -> None:
    """What is served is one of these, and every version there is has all its parts."""
    assert home.current().id in served
    home.sweep()
    assert not (home.path / "candidates").exists()
    assert {path.name for path in home.path.iterdir()} <= {"versions", "current", "current.new", "lock"}
    for manifest in home.versions():
        for part in ("one", "two"):
            assert (home.store(manifest.id) / part).read_text() == manifest.id * 1000
    assert {path.name for path in (home.path / "versions").iterdir()} == {one.id for one in home.versions()}


def forked(work: Callable[[], None], kill_after: float | None = None) -> bool:
    """Do work in a child, which is perhaps killed; returns whether it came to its end."""
    child = os.fork()
    if child == 0:
        _child(work)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1] == 0


def _child(work: Callable[[], None]) -> NoReturn:
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_killed_at_each_step(operation: str, tmp_path: Path) -> None:
    for at in range(1, 100):
        home = Home(tmp_path / str(at))
        for identifier in "012":
            publish(home, identifier)

        def until_the_step(home: Home = home, at: int = at) -> None:
            left = [at]

            def count(real: Callable[..., object]) -> Callable[..., object]:
                def counted(*arguments: object, **options: object) -> object:
                    left[0] -= 1
                    if not left[0]:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return real(*arguments, **options)

                return counted

            for name in STEPS:
                setattr(Path, name, count(getattr(Path, name)))
            setattr(versions, "sync", count(durable.sync))  # noqa: B010
            shutil.rmtree = count(shutil.rmtree)  # type: ignore[assignment]
            OPERATIONS[operation](home, "3")

        ended = forked(until_the_step)
        assert_whole(home, {"0", "2", "3"})
        if ended:
            assert at > 3, "the operation has no steps to be killed at"
            return
    pytest.fail("the operation never came to its end")


@pytest.mark.slow
def test_killed_at_random_moments(tmp_path: Path) -> None:
    chance = random.Random(20261122)  # noqa: S311
    home = Home(tmp_path / "home")
    for identifier in "01":
        publish(home, identifier)
    ended = 0
    for turn in range(2, KILLS + 2):

        def work(turn: int = turn) -> None:
            for again in range(20):
                publish(home, f"{turn}-{again}")
                activate(home, "0")
                publish(home, f"{turn}-{again}-more")
                home.prune(5)

        # Version 0 is among the newest five only while it is served: publish it anew when it was pruned.
        if "0" not in {one.id for one in home.versions()}:
            publish(home, "0")
        ended += forked(work, chance.uniform(0.001, 0.02))
        assert_whole(home, {one.id for one in home.versions()})
    assert ended < KILLS / 2, "most children came to their end before they were killed"
