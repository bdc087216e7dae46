"""Tokens: who has one may write what it is for; who has none, or an old one, may not."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zorgkg.settings import SettingError, read
from zorgkg.terms import dataset_graph
from zorgkg.tokens import CHALLENGE, BadTokens, NoToken, Token, Tokens, Unauthenticated

MALLE = "dataset:vvsg-malle"


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "tokens")


def refused(tokens: Tokens, header: str | None) -> Unauthenticated:
    with pytest.raises(Unauthenticated) as caught:
        tokens.check(header)
    return caught.value


def test_a_token_holds_for_what_it_was_made_for_and_nothing_else(tokens: Tokens) -> None:
    made, text = tokens.create([MALLE, "graph:https://e.org/g"], note="Malle")
    token = tokens.check(f"Bearer {text}")
    assert token == made
    assert token.may_write(dataset_graph("vvsg-malle"))
    assert token.may_write("https://e.org/g")
    for other in (dataset_graph("kbs-2021"), "https://e.org/g/", "", "vvsg-malle", MALLE):
        assert not token.may_write(other), other
    assert not token.may_manage_versions
    assert not token.may_write_all


def test_rights_over_versions_are_no_rights_over_data_and_a_star_is_all(tokens: Tokens) -> None:
    _, versions = tokens.create(["versions"])
    _, everything = tokens.create(["*"])
    one, all_ = tokens.check(f"Bearer {versions}"), tokens.check(f"Bearer {everything}")
    assert (one.may_manage_versions, one.may_write("https://e.org/g"), one.may_write("")) == (True, False, False)
    assert (all_.may_manage_versions, all_.may_write("https://e.org/g"), all_.may_write_all) == (True, True, True)


def test_what_is_kept_is_the_hash_of_256_random_bits(tokens: Tokens, tmp_path: Path) -> None:
    token, text = tokens.create(["*"])
    prefix, identifier, secret = text.split("_", 2)
    assert (prefix, identifier) == ("zorgkg", token.id)
    assert len(base64.urlsafe_b64decode(secret + "=")) == 32
    kept = (tmp_path / "tokens").read_text()
    assert secret not in kept
    assert json.loads(kept)["sha256"] == hashlib.sha256(secret.encode()).hexdigest()
    assert tokens.create(["*"])[1] != text


def test_the_file_is_for_its_owner_alone_and_one_that_others_may_read_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "new" / "tokens"
    before = os.umask(0)
    try:
        Tokens(file).create(["*"])
    finally:
        os.umask(before)
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == {
        "tokens": 0o600,
        "tokens.lock": 0o600,
    }
    Tokens(file)
    assert not caplog.records
    file.chmod(0o640)
    with caplog.at_level(logging.WARNING):
        Tokens(file)
    assert "chmod 600" in caplog.text
    assert str(file) in caplog.text


def test_a_revoked_or_new_token_is_seen_by_a_server_that_runs(tokens: Tokens, tmp_path: Path) -> None:
    server = Tokens(tmp_path / "tokens")
    assert not server.configured
    first, text = tokens.create(["*"])
    assert server.configured
    assert server.check(f"Bearer {text}").id == first.id
    _, second = tokens.create(["versions"])
    server.check(f"Bearer {second}")
    assert tokens.revoke(first.id) == first
    assert refused(server, f"Bearer {text}").status == 401
    server.check(f"Bearer {second}")
    with pytest.raises(NoToken, match=first.id):
        tokens.revoke(first.id)
    (tmp_path / "tokens").unlink()
    assert not server.configured
    refused(server, f"Bearer {second}")


def test_a_file_that_is_long_unchanged_is_not_read_again_and_a_changed_one_is(tokens: Tokens, tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    token, text = tokens.create(["*"])
    old = file.stat().st_mtime_ns - 10**10
    os.utime(file, ns=(old, old))
    server = Tokens(file)
    assert server.list() is server.list(), "not parsed again"
    content = file.read_text()
    file.write_text(content.replace(token.sha256, "0" * 64))
    refused(server, f"Bearer {text}")


def test_an_expired_token_is_refused(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "tokens")
    token, text = tokens.create(["*"], days=1)
    left = datetime.fromisoformat(token.expires) - datetime.now(UTC)
    assert timedelta(hours=23) < left <= timedelta(days=1)
    tokens.check(f"Bearer {text}")
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    file = tmp_path / "tokens"
    file.write_text(file.read_text().replace(token.expires, past))
    refusal = refused(tokens, f"Bearer {text}")
    assert (refusal.status, "expired" in str(refusal)) == (401, True)
    assert 'error="invalid_token"' in refusal.challenge


def test_a_token_is_shown_as_a_bearer_or_as_a_password(tokens: Tokens) -> None:
    made, text = tokens.create(["*"])
    for user in ("", "anyone", "zoë"):
        basic = base64.b64encode(f"{user}:{text}".encode()).decode()
        assert tokens.check(f"Basic {basic}") == made
    for header in (f"bearer {text}", f"BEARER   {text} "):
        assert tokens.check(header) == made


@pytest.mark.parametrize(
    ("header", "status", "error"),
    [
        (None, 401, ""),
        ("", 401, ""),
        ("Digest username=x", 401, ""),
        ("zorgkg_0123", 401, ""),
        ("Bearer", 400, "invalid_request"),
        ("Bearer a b", 400, "invalid_request"),
        ("Bearer café", 400, "invalid_request"),
        ("Basic !!", 400, "invalid_request"),
        ("Basic " + base64.b64encode(b"\xff:\xff").decode(), 400, "invalid_request"),
        ("Basic " + base64.b64encode(b"nobody").decode(), 400, "invalid_request"),
        ("Bearer abc", 401, "invalid_token"),
        ("Bearer zorgkg_0123456789ab_" + "A" * 43, 401, "invalid_token"),
    ],
)
def test_what_is_no_token_is_refused_as_rfc_6750_says(
    tokens: Tokens, header: str | None, status: int, error: str
) -> None:
    tokens.create(["*"])
    refusal = refused(tokens, header)
    assert refusal.status == status
    assert refusal.challenge == (f'{CHALLENGE}, error="{error}"' if error else CHALLENGE)


def test_a_wrong_secret_and_an_unknown_identifier_are_refused_alike(tokens: Tokens) -> None:
    token, text = tokens.create(["*"])
    told = {
        (str(one), one.status, one.challenge)
        for one in (
            refused(tokens, f"Bearer zorgkg_{token.id}_{'A' * 43}"),
            refused(tokens, f"Bearer zorgkg_{'0' * 12}_{text[-43:]}"),
            refused(tokens, f"Bearer {text[:-1]}{'B' if text[-1] == 'A' else 'A'}"),
            refused(tokens, f"Bearer {text}A"),
            refused(tokens, f"Bearer {token.sha256}"),
            refused(tokens, f"Bearer zorgkg_{token.id}_"),
        )
    }
    assert len(told) == 1


@given(st.text())
def test_no_header_at_all_brings_the_server_down(header: str) -> None:
    with pytest.raises(Unauthenticated):
        Tokens(Path("/nonexistent/tokens"), "the-token-of-the-operator").check(header)


def test_one_token_of_the_environment_may_do_everything(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tokens = Tokens(tmp_path / "tokens", "the-token-of-the-operator")
    assert tokens.configured
    token = tokens.check("Bearer the-token-of-the-operator")
    assert token.may_write("https://e.org/g")
    assert token.may_manage_versions
    refused(tokens, "Bearer the-token-of-the-operatoR")
    assert not caplog.records
    with caplog.at_level(logging.WARNING):
        Tokens(tmp_path / "tokens", "s3cr3t")
    assert "guessed" in caplog.text
    assert "s3cr3t" not in caplog.text


def test_the_settings_name_the_file_and_never_show_the_token() -> None:
    assert read({"home": "/h"}, {}).tokens == Path("/h/tokens")
    assert read({}, {"ZORGKG_TOKENS": "/etc/t"}).tokens == Path("/etc/t")
    environment = {"ZORGKG_TOKEN": "abc.def"}
    chosen = read({}, environment)
    assert chosen.token == environment["ZORGKG_TOKEN"]
    assert "abc.def" not in repr(chosen)
    with pytest.raises(SettingError, match="ZORGKG_TOKEN") as caught:
        read({}, {"ZORGKG_TOKEN": "two words"})
    assert "two words" not in str(caught.value)


GOOD = {"id": "0" * 12, "scopes": ["*"], "created": "2026-01-01T00:00:00+00:00", "sha256": "a" * 64}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "no JSON object"),
        ("[]", "no JSON object"),
        ("\udcff", "no JSON object"),
        (json.dumps(GOOD | {"colour": "red"}), "no JSON object"),
        (json.dumps({name: GOOD[name] for name in ("id", "scopes", "created")}), "sha256"),
        (json.dumps(GOOD | {"sha256": "A" * 64}), "sha256"),
        (json.dumps(GOOD | {"id": "0"}), "12 hexadecimal"),
        (json.dumps(GOOD | {"id": 12}), "is a text"),
        (json.dumps(GOOD | {"scopes": []}), "no scope"),
        (json.dumps(GOOD | {"scopes": "*v"}), "'v' is no scope"),
        (json.dumps(GOOD | {"scopes": ["graph:malle"]}), "graph:malle"),
        (json.dumps(GOOD | {"expires": "tomorrow"}), "expires"),
        (json.dumps(GOOD | {"expires": "2026-01-01T00:00:00"}), "time zone"),
        (json.dumps(GOOD | {"id": "1" * 12}), "stands above already"),
    ],
)
def test_a_malformed_line_is_told_and_nobody_writes(
    tmp_path: Path, line: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "tokens"
    tokens = Tokens(file)
    _, text = tokens.create(["*"])
    good = json.dumps(GOOD | {"id": "1" * 12}) + "\n\n"
    file.write_bytes((good + line + "\n").encode("utf-8", "surrogateescape"))
    with pytest.raises(BadTokens, match=r"tokens:3: .*" + told):
        Tokens(file)
    with pytest.raises(BadTokens):
        tokens.check(f"Bearer {text}")
    assert "tokens:3: " in caplog.text
    with pytest.raises(BadTokens):
        tokens.create(["*"])
    assert tokens.configured


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "tokens").mkdir()
    with pytest.raises(BadTokens, match="tokens: cannot be read"):
        Tokens(tmp_path / "tokens")


@pytest.mark.parametrize(
    "scopes", [[], ["all"], ["dataset:"], ["dataset:a/b"], ["graph:a b"], ["*", "dataset"], ["versions:x"]]
)
def test_what_is_no_scope_makes_no_token(tokens: Tokens, scopes: list[str], tmp_path: Path) -> None:
    with pytest.raises(BadTokens):
        tokens.create(scopes)
    assert not (tmp_path / "tokens").exists()


def test_two_who_make_tokens_at_once_lose_none(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as crowd:
        made = list(crowd.map(lambda _: Tokens(tmp_path / "tokens").create(["versions"])[0], range(40)))
    assert set(Tokens(tmp_path / "tokens").list()) == set(made)


def test_a_token_that_is_printed_shows_no_secret(tokens: Tokens) -> None:
    _, text = tokens.create(["*"])
    assert text[20:] not in repr(tokens.check(f"Bearer {text}"))
    assert Token("0" * 12, ("*",), "").sha256 == ""


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zorgkg", "token", *arguments, "--home", str(home)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_tokens_are_made_listed_and_revoked_on_the_command_line(tmp_path: Path) -> None:
    home = tmp_path / "home"
    asked = ("create", "--scope", MALLE, "--scope", "versions", "--days", "30", "--note", "for Malle")
    made = run(home, *asked)
    assert made.returncode == 0, made.stderr
    text = made.stdout.removesuffix("\n")
    token = Tokens(home / "tokens").check(f"Bearer {text}")
    assert token.scopes == (MALLE, "versions")
    assert token.id in made.stderr
    assert text[20:] not in made.stderr
    listed = run(home, "list").stdout
    assert listed.count("\n") == 1
    for word in (token.id, token.created, f"expires {token.expires}", f"{MALLE} versions", "for Malle"):
        assert word in listed
    assert token.sha256 not in listed
    assert run(home, "revoke", token.id).stdout == f"revoked {token.id}\n"
    assert run(home, "list").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("create",), "--scope"),
        (("create", "--scope", "everything"), "'everything' is no scope"),
        (("create", "--scope", "*", "--days", "0"), "whole number"),
        (("create", "--scope", "*", "--days", "9999999"), "too long"),
        (("create", "--scope", "*", "--note", "a\nb"), "one line"),
        (("revoke", "0123"), "no token '0123'"),
        (("list", "--home", "/dev/null"), "dev/null"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    command = [sys.executable, "-m", "zorgkg", "token", "--home", str(tmp_path), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert told in done.stderr
    assert not (tmp_path / "tokens").exists()
