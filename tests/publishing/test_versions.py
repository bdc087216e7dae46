"""Publishing: what is served is always a whole version."""

from __future__ import annotations

from pathlib import Path

import pytest

from zorgkg.publishing.versions import Busy, Home, Manifest, NoVersion


def publish(home: Home, identifier: str) -> None:
    with home.publishing() as candidate:
        (candidate / "store").mkdir()
        (candidate / "store" / "data").write_text(identifier)
        home.publish(candidate, Manifest(identifier, "2026-01-01T00:00:00+00:00", 1, 1, "0" * 64))


def test_the_newest_version_is_served_and_the_older_stays(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    publish(home, "one")
    publish(home, "two")
    assert home.current().id == "two"
    assert home.manifest("one").statements == 1


def test_without_a_version_one_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoVersion, match="zorgkg build"):
        Home(tmp_path).current()
    with pytest.raises(NoVersion, match="'nine'"):
        Home(tmp_path).manifest("nine")


def test_a_failed_candidate_leaves_nothing_behind_and_the_old_version_served(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    publish(home, "one")

    def fail() -> None:
        with home.publishing() as candidate:
            (candidate / "half").write_text("made")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        fail()
    assert home.current().id == "one"
    assert not (home.path / "candidates").exists()


def test_what_a_killed_publisher_left_is_swept_by_the_next(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    left = home.path / "candidates" / "1"
    left.mkdir(parents=True)
    (left / "half").write_text("made")
    publish(home, "one")
    assert not (home.path / "candidates").exists()
    assert sorted(path.name for path in (home.path / "versions").iterdir()) == ["one"]


def test_a_second_publisher_is_told_to_wait(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with home.publishing(), pytest.raises(Busy, match="try again"), Home(home.path).publishing():
        pass
    publish(home, "one")
    assert home.current().id == "one"
