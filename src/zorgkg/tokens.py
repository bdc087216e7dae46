"""Tokens: who may write what. Each is kept as the hash of a random secret, in one file that only its owner may read.

The file holds a JSON object a line. A request shows its token as a Bearer token (RFC 6750), or as the password of HTTP
Basic (RFC 7617) for clients that know nothing else. No token is logged, and none is shown but once, when it is made.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import hmac
import json
import logging
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from zorgkg import durable
from zorgkg.terms import dataset_graph

ALL: Final = "*"
VERSIONS: Final = "versions"

CHALLENGE: Final = 'Bearer realm="zorgkg"'
"""`WWW-Authenticate` of an answer to a request that shows no token."""
INSUFFICIENT: Final = f'{CHALLENGE}, error="insufficient_scope"'
"""`WWW-Authenticate` of the 403 for a token that may not do what was asked (RFC 6750, section 3.1)."""

_TEXT = re.compile(r"zorgkg_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_BEARER = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
_DATASET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_IDENTIFIER = re.compile(r"[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONG_ENOUGH: Final = 16
_SETTLED: Final = 2 * 10**9

_log = logging.getLogger(__name__)


class Unauthenticated(Exception):
    """A request shows no token that holds; the message says why, and tells nothing of the tokens that there are.

    :param status: 401, or 400 where the header itself is malformed (RFC 6750, section 3.1).
    :param challenge: value of the answer's `WWW-Authenticate`.
    """

    def __init__(self, message: str, error: str = "", status: int = 401) -> None:
        """Make the refusal; `error` is the code of RFC 6750, none where the request shows no token at all."""
        super().__init__(message)
        self.status = status
        self.challenge = f'{CHALLENGE}, error="{error}"' if error else CHALLENGE


class BadTokens(Exception):
    """The file of tokens cannot be used, or not what should go into it; the message names the file and the line."""


class NoToken(Exception):
    """There is no token with that identifier."""


@dataclass(frozen=True)
class Token:
    """What a token may do, without its secret.

    :param id: its public identifier.
    :param scopes: `*`, `dataset:<name>`, `graph:<IRI>` or `versions`.
    :param created: ISO 8601 in UTC.
    :param expires: likewise; empty: never.
    :param note: what its maker wrote beside it.
    :param sha256: SHA-256 of the secret. A fast hash is right here and would be wrong for a password: the secret is
        256 random bits, which nobody finds by trying, and a slow hash would let anyone load the server.
    """

    id: str
    scopes: tuple[str, ...]
    created: str
    expires: str = ""
    note: str = ""
    sha256: str = ""

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return bool(self.expires) and datetime.fromisoformat(self.expires) <= datetime.now(UTC)

    @property
    def may_write_all(self) -> bool:
        """Whether it may write every graph, also one that does not exist yet."""
        return ALL in self.scopes

    def may_write(self, graph: NamedNode | str) -> bool:
        """Whether it may write a graph.

        :param graph: the named graph, or its IRI; a dataset's graph is `zorgkg.terms.dataset_graph(name)`.
        """
        iri = graph if isinstance(graph, str) else graph.value
        return self.may_write_all or iri in {_graph(scope) for scope in self.scopes}

    @property
    def may_manage_versions(self) -> bool:
        """Whether it may activate and prune versions."""
        return ALL in self.scopes or VERSIONS in self.scopes


class Tokens:
    """The tokens of a file, as it is now: what another process adds or revokes holds for the next request."""

    def __init__(self, file: Path, single: str = "") -> None:
        """Read the tokens.

        :param file: the file; where there is none, there are no tokens.
        :param single: text of one more token, which may do everything (`ZORGKG_TOKEN`); empty: none.
        :raises BadTokens: the file cannot be read, or a line of it is malformed.
        """
        self._file = file
        self._single = _sha256(single) if single else ""
        self._read: tuple[tuple[int, int, int] | None, tuple[Token, ...]] = (None, ())
        if single and len(single) < _LONG_ENOUGH:
            _log.warning("ZORGKG_TOKEN is shorter than %d characters: it can be guessed", _LONG_ENOUGH)
        self.list()

    @property
    def configured(self) -> bool:
        """Whether there is any token; without one nobody may write.

        True also when the file became unreadable, for then :meth:`check` has something to tell.
        """
        try:
            return bool(self._single or self.list())
        except BadTokens:
            return True

    def check(self, authorization: str | None) -> Token:
        """Return the token that a request shows.

        :param authorization: its `Authorization` header; None: it has none.
        :returns: the token, which holds now; what it may do is for the caller to ask.
        :raises Unauthenticated: there is no token, or it is unknown, revoked or expired, or the header is malformed.
        :raises BadTokens: the file became unreadable while the server runs; nobody may write until it is mended.
        """
        text = _credentials(authorization)
        try:
            known = self.list()
        except BadTokens as error:
            _log.error("nobody may write: %s", error)
            raise
        parts = _TEXT.fullmatch(text)
        shown = f"{parts[1]} {_sha256(parts[2])}" if parts else ""
        whole = _sha256(text)
        found: Token | None = None
        # All are compared, each in constant time: how long it takes tells neither which identifiers there are nor how
        # much of a hash was right.
        for token in known:
            if hmac.compare_digest(f"{token.id} {token.sha256}", shown):
                found = token
        if hmac.compare_digest(self._single, whole):
            found = Token("ZORGKG_TOKEN", (ALL,), "")
        if found is None:
            raise Unauthenticated("The token is unknown or was revoked.", "invalid_token")
        if found.expired:
            raise Unauthenticated(f"The token expired at {found.expires}.", "invalid_token")
        return found

    def list(self) -> tuple[Token, ...]:
        """Return the tokens of the file, also the expired ones, in the order in which they were made.

        :raises BadTokens: the file cannot be read, or a line of it is malformed.
        """
        signature, known = self._read
        try:
            if signature and signature == _signature(self._file.stat()):
                return known
            with self._file.open("rb") as opened:
                status = os.fstat(opened.fileno())
                content = opened.read()
        except FileNotFoundError:
            self._read = (None, ())
            return ()
        except OSError as error:
            raise BadTokens(f"{self._file}: cannot be read: {error.strerror}") from error
        known = tuple(_parse(self._file, content))
        if status.st_mode & 0o077:
            _log.warning("%s: others than its owner may read or change it; `chmod 600` it", self._file)
        # A file that is written twice in one tick of the clock can look the same: one that is so new is read again.
        settled = time.time_ns() - status.st_mtime_ns > _SETTLED
        self._read = (_signature(status) if settled else None, known)
        return known

    def create(self, scopes: Iterable[str], days: int | None = None, note: str = "") -> tuple[Token, str]:
        """Make a token and write it to the file.

        :param scopes: `*`, `dataset:<name>`, `graph:<IRI>` or `versions`; at least one.
        :param days: how long it holds; None: until it is revoked.
        :param note: what it is for, or who has it; one line.
        :returns: the token, and its text, which is kept nowhere.
        :raises BadTokens: a scope is none, or the file cannot be read.
        """
        if not note.isprintable():
            raise BadTokens("a note is one line of printable text")
        chosen = tuple(dict.fromkeys(scopes))
        if not chosen:
            raise BadTokens("a token needs at least one scope")
        for scope in chosen:
            if wrong := _wrong(scope):
                raise BadTokens(wrong)
        now = datetime.now(UTC).replace(microsecond=0)
        try:
            expires = (now + timedelta(days=days)).isoformat() if days is not None else ""
        except OverflowError:
            raise BadTokens(f"{days} days is too long; leave it out for a token that does not expire") from None
        identifier, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        token = Token(identifier, chosen, now.isoformat(), expires, note, _sha256(secret))
        with self._alone():
            self._write([*self.list(), token])
        return token, f"zorgkg_{identifier}_{secret}"

    def revoke(self, identifier: str) -> Token:
        """Remove a token from the file; a running server refuses it from the next request on.

        :param identifier: its public identifier.
        :returns: the token.
        :raises NoToken: there is none with that identifier.
        :raises BadTokens: the file cannot be read.
        """
        with self._alone():
            known = self.list()
            found = next((token for token in known if token.id == identifier), None)
            if found is None:
                raise NoToken(f"there is no token {identifier!r} in {self._file}; `zorgkg token list` shows them")
            self._write([token for token in known if token is not found])
        return found

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process at a time change the file; another waits for it."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        # Of its own, for the file of tokens itself is replaced.
        lock = os.open(self._file.with_name(self._file.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _write(self, tokens: Iterable[Token]) -> None:
        """Replace the file in one step: killed at any moment, the old or the new one stands."""
        lines = [json.dumps(asdict(token), ensure_ascii=False) + "\n" for token in tokens]
        durable.write(self._file, "".join(lines), 0o600)


def _credentials(authorization: str | None) -> str:
    """The text of the token in an `Authorization` header."""
    if authorization is None or not authorization.strip():
        raise Unauthenticated("This needs a token: send the header `Authorization: Bearer <token>`.")
    scheme, _, given = authorization.strip().partition(" ")
    given = given.strip()
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            raise Unauthenticated("The Basic credentials are no Base64 of UTF-8.", "invalid_request", 400) from None
    elif scheme.lower() != "bearer":
        raise Unauthenticated("This needs a token: the scheme of `Authorization` is Bearer, or Basic.")
    if not _BEARER.fullmatch(given):
        raise Unauthenticated("The `Authorization` header holds no token.", "invalid_request", 400)
    return given


def _parse(file: Path, content: bytes) -> Iterator[Token]:
    seen: set[str] = set()
    # Not splitlines(): it also splits where JSON text may have a separator of Unicode.
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            token = Token(**told | {"scopes": tuple(told["scopes"])})
            wrong = _malformed(token, seen)
        except (ValueError, TypeError, KeyError):
            # The line itself is not shown, and neither is what the parser says of it: both may hold a secret.
            wrong = "it is no JSON object with id, scopes, created and sha256"
        if wrong:
            raise BadTokens(f"{file}:{number}: not a token: {wrong}")
        seen.add(token.id)
        yield token


def _malformed(token: Token, seen: set[str]) -> str:
    """What is wrong with a line, or nothing."""
    texts = (token.id, token.created, token.expires, token.note, token.sha256, *token.scopes)
    if not all(isinstance(text, str) for text in texts):
        return "each member is a text, and scopes is a list of texts"
    if not _IDENTIFIER.fullmatch(token.id):
        return "its id is not 12 hexadecimal digits"
    if token.id in seen:
        return f"the id {token.id} stands above already"
    if not _SHA256.fullmatch(token.sha256):
        return "its sha256 is not 64 hexadecimal digits"
    if not token.scopes:
        return "it has no scope"
    for name, text in (("created", token.created), ("expires", token.expires)):
        try:
            if (text or name == "created") and datetime.fromisoformat(text).tzinfo is None:
                return f"{name} has no time zone"
        except ValueError:
            return f"{name} is no time of ISO 8601"
    return next(filter(None, map(_wrong, token.scopes)), "")


def _wrong(scope: str) -> str:
    """Why a text is no scope, or nothing."""
    kind, _, rest = scope.partition(":")
    if scope in (ALL, VERSIONS) or (kind == "dataset" and _DATASET.fullmatch(rest)):
        return ""
    if kind == "graph":
        try:
            NamedNode(rest)
            return ""
        except ValueError:
            return f"the scope {scope!r} has no absolute IRI behind graph:"
    return f"{scope!r} is no scope; use *, versions, dataset:NAME or graph:IRI"


def _graph(scope: str) -> str | None:
    """IRI of the graph that a scope is for, if it is for one."""
    kind, _, rest = scope.partition(":")
    return dataset_graph(rest).value if kind == "dataset" else rest if kind == "graph" else None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _signature(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_mtime_ns, status.st_size
