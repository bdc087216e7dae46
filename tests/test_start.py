"""The command begins anew for the service, and nobody notices but the allocator."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from zorgkg import start


@pytest.mark.parametrize("set_by_operator", [None, "glibc.malloc.perturb=0"])
def test_arguments_and_exit_status_are_the_same_with_the_allocator_set(
    set_by_operator: str | None,
) -> None:
    env = {name: value for name, value in os.environ.items() if name != "GLIBC_TUNABLES"}
    if set_by_operator:
        env["GLIBC_TUNABLES"] = set_by_operator
    command = [sys.executable, "-W", "error", "-m", "zorgkg", "serve", "--host", "a b", "--port", "99999"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "99999" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


class Begun(Exception):
    """The program would begin anew."""


def _begun_anew(monkeypatch: pytest.MonkeyPatch, *words: str) -> dict[str, str] | None:
    def execv(path: str, arguments: list[str]) -> None:
        raise Begun(arguments)

    def ends() -> int:
        return 0

    monkeypatch.setattr(os, "execv", execv)
    monkeypatch.setattr(sys, "argv", ["zorgkg", *words])
    monkeypatch.setattr("zorgkg.cli.main", ends)
    try:
        start.entry()
    except Begun:
        return dict(os.environ)
    except SystemExit:
        return None


def test_only_the_service_begins_anew_once_and_what_the_operator_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    # Set first, so that it is taken back after the test.
    monkeypatch.setenv("GLIBC_TUNABLES", "x")
    assert _begun_anew(monkeypatch, "serve") is None
    monkeypatch.delenv("GLIBC_TUNABLES")
    assert _begun_anew(monkeypatch, "query") is None
    if sys.platform == "linux":
        found = _begun_anew(monkeypatch, "serve")
        assert found is not None
        assert "tcache_count" in found["GLIBC_TUNABLES"]
        assert _begun_anew(monkeypatch, "serve") is None, "it begins anew for ever"
