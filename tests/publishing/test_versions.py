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


def test_versions_are_listed_the_newest_first_and_found_by_their_beginning(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert home.versions() == []
    for identifier in ("2026a", "2026b", "2027"):
        publish(home, identifier)
    assert [one.id for one in home.versions()] == ["2027", "2026b", "2026a"]
    assert home.find("2026a").id == "2026a"
    assert home.find("2027").id == home.find("current").id == "2027"
    for unclear in ("2026", "", "nine"):
        with pytest.raises(NoVersion, match="versions list"):
            home.find(unclear)


def test_a_version_without_a_readable_manifest_is_none(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for identifier in ("one", "two"):
        publish(home, identifier)
    for broken in ("[]", "{", '{"id": 1, "colour": 2}'):
        (home.directory("one") / "manifest.json").write_text(broken)
        with pytest.raises(NoVersion, match="one"):
            home.manifest("one")
        assert [one.id for one in home.versions()] == ["two"]


def test_a_whole_identifier_is_found_though_another_begins_with_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    publish(home, "one")
    publish(home, "one-more")
    assert home.find("one").id == "one"


def test_an_older_version_can_be_served_again(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    publish(home, "one")
    publish(home, "two")
    home.activate("one")
    assert home.current().id == "one"
    with pytest.raises(NoVersion):
        home.activate("nine")
    assert home.current().id == "one"


def test_pruning_keeps_the_newest_and_the_one_that_is_served(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for identifier in ("1", "2", "3", "4"):
        publish(home, identifier)
    home.activate("1")
    assert [one.id for one in home.prune(2)] == ["2"]
    assert [one.id for one in home.versions()] == ["4", "3", "1"]
    assert home.current().id == "1"
    assert home.prune(9) == []


def test_nobody_activates_or_prunes_while_another_publishes(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    publish(home, "one")
    with home.publishing():
        with pytest.raises(Busy):
            Home(home.path).activate("one")
        with pytest.raises(Busy):
            Home(home.path).prune(1)
