"""Settings: declared once, read once from flags and environment, then frozen (docs/operating.md lists them)."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

STATEMENT: Final = 500
"""Bytes that a statement of a version takes in memory, generously; docs/performance.md has what versions take."""

_CGROUP: Final = Path("/sys/fs/cgroup/memory.max")


class SettingError(Exception):
    """A setting has a value that cannot be used; the message names the setting, the value and what is allowed."""


@dataclass(frozen=True)
class Setting:
    """One setting: its environment variable, default (as text) and help."""

    name: str
    default: str
    help: str

    @property
    def field(self) -> str:
        """Name of the field of :class:`Settings`, and of the command line's flag."""
        return self.name.removeprefix("ZORGKG_").lower()


SETTINGS: Final = (
    Setting("ZORGKG_HOME", ".zorgkg", "folder of the published versions"),
    Setting("ZORGKG_HOST", "127.0.0.1", "address to listen on"),
    Setting("ZORGKG_PORT", "8000", "port to listen on (0–65535; 0 takes a free one)"),
    Setting(
        "ZORGKG_ENGINE",
        "embedded",
        "what answers queries: embedded, or URLs of SPARQL 1.1 query endpoints (the first takes writes)",
    ),
    Setting("ZORGKG_SERVICES", "none", "IRIs of SPARQL endpoints that a query may call with SERVICE"),
    Setting(
        "ZORGKG_MEMORY_QUADS",
        "auto",
        "versions of at most this many statements are held in memory; auto: what fits in a quarter of the machine's",
    ),
    Setting("ZORGKG_MAX_QUERY", "100000", "longest query text accepted, in bytes"),
    Setting("ZORGKG_MAX_RESULT", "50000000", "largest answer to a query from outside, in bytes"),
    Setting("ZORGKG_TIMEOUT", "10", "seconds that a query may take"),
    Setting("ZORGKG_MEMORY", "1024", "memory that a query may take beyond that of the version, in MiB"),
    Setting("ZORGKG_WORKERS", "8", "queries from outside that run at once"),
    Setting("ZORGKG_TOKENS", "<home>/tokens", "file of the tokens that may write, kept by `zorgkg token`"),
    Setting("ZORGKG_TOKEN", "", "text of one more token, which may do everything; for trying"),
    Setting("ZORGKG_MAX_WRITE", "100000000", "longest body of a write accepted, in bytes"),
    Setting("ZORGKG_WRITE_TIMEOUT", "120", "seconds that a write may take until it is published"),
    Setting("ZORGKG_WRITE_MEMORY", "4096", "memory that a write may take, in MiB"),
    Setting("ZORGKG_KEEP", "100", "newest versions that a write leaves; older ones are removed, but the one served"),
    Setting("ZORGKG_LOG", "warning", "the least that is logged: debug, info (each request), warning or error"),
)


@dataclass(frozen=True)
class Settings:
    """The settings in force. Fields in the order of :data:`SETTINGS`; no `engine` is the embedded one."""

    home: Path
    host: str
    port: int
    # Not shown where settings are printed, for URLs may hold passwords.
    engine: tuple[str, ...] = field(repr=False)
    services: frozenset[str]
    memory_quads: int
    max_query: int
    max_result: int
    timeout: int
    memory: int
    workers: int
    tokens: Path
    # Not shown where settings are printed, as in a traceback.
    token: str = field(repr=False)
    max_write: int
    write_timeout: int
    write_memory: int
    keep: int
    log: str


def read(flags: Mapping[str, str | None] | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings: a flag wins over the environment, which wins over the default.

    :param flags: field name → value given on the command line (None: not given).
    :param environment: the process environment by default.
    :returns: frozen settings.
    :raises SettingError: a number is not a number or out of range.
    """
    environment = os.environ if environment is None else environment
    text: dict[str, str] = {}
    for setting in SETTINGS:
        given = (flags or {}).get(setting.field)
        text[setting.field] = given if given is not None else environment.get(setting.name, "") or setting.default
    return Settings(
        home=Path(text["home"]),
        host=text["host"],
        port=_number("ZORGKG_PORT", text["port"], 0, 65535),
        engine=_endpoints("ZORGKG_ENGINE", text["engine"], "embedded"),
        services=frozenset(_endpoints("ZORGKG_SERVICES", text["services"], "none")),
        memory_quads=_memory_quads("ZORGKG_MEMORY_QUADS", text["memory_quads"]),
        max_query=_number("ZORGKG_MAX_QUERY", text["max_query"], 1, 10**9),
        max_result=_number("ZORGKG_MAX_RESULT", text["max_result"], 1, 10**12),
        timeout=_number("ZORGKG_TIMEOUT", text["timeout"], 1, 86400),
        memory=_number("ZORGKG_MEMORY", text["memory"], 16, 10**6),
        workers=_number("ZORGKG_WORKERS", text["workers"], 1, 1000),
        tokens=Path(text["tokens"].replace("<home>", text["home"], 1)),
        token=_token("ZORGKG_TOKEN", text["token"]),
        max_write=_number("ZORGKG_MAX_WRITE", text["max_write"], 1, 10**11),
        write_timeout=_number("ZORGKG_WRITE_TIMEOUT", text["write_timeout"], 1, 86400),
        keep=_number("ZORGKG_KEEP", text["keep"], 1, 10**6),
        write_memory=_number("ZORGKG_WRITE_MEMORY", text["write_memory"], 64, 10**6),
        log=_one_of("ZORGKG_LOG", text["log"], ("debug", "info", "warning", "error")),
    )


def _number(name: str, text: str, low: int, high: int) -> int:
    try:
        value = int(text)
    except ValueError:
        raise SettingError(f"{name} is {text!r}; it must be a whole number from {low} to {high}") from None
    if not low <= value <= high:
        raise SettingError(f"{name} is {value}; it must be from {low} to {high}")
    return value


def _memory_quads(name: str, text: str) -> int:
    if text != "auto":
        return _number(name, text, 0, 10**12)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    # A container may have less than its machine; "max" where it has all.
    with suppress(OSError, ValueError):
        memory = min(memory, int(_CGROUP.read_text("ascii")))
    return memory // 4 // STATEMENT


def _endpoints(name: str, text: str, without: str) -> tuple[str, ...]:
    found = () if text.strip() == without else tuple(dict.fromkeys(re.findall(r"[^\s,]+", text)))
    for number, url in enumerate(found, 1):
        # The value is not repeated: it may hold a password.
        wrong = f"{name}: entry {number} of {len(found)}"
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise SettingError(f"{wrong} is no URL: {error}") from None
        if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or parts.fragment:
            raise SettingError(f"{wrong} is no http or https URL of a SPARQL endpoint")
        if any(part in (".", "..") for part in parts.path.split("/")):
            raise SettingError(f"{wrong} has . or .. in its path")
    return found


def _token(name: str, text: str) -> str:
    # What RFC 6750 lets a Bearer token be made of; no other could ever be shown. The value itself is not told.
    if text and not re.fullmatch(r"[A-Za-z0-9\-._~+/]+=*", text):
        raise SettingError(f"{name} must be of letters, digits and - . _ ~ + / only, with = at the end")
    return text


def _one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise SettingError(f"{name} is {text!r}; it must be one of {', '.join(allowed)}")
    return text
