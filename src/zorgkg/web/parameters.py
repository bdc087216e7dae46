"""Reading a query string: percent-decoded once, as UTF-8 or not at all, and every name either known or refused."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from zorgkg.languages import LANGUAGES, negotiate
from zorgkg.search import folding
from zorgkg.web.problems import ProblemError

Pairs = list[tuple[str, str]]

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_ENCODING: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def decode(encoded: bytes, where: str) -> Pairs:
    """Decode `application/x-www-form-urlencoded` (the percent-encoding of a query string or form).

    UTF-8 that isn't percent-encoded is taken too: `curl --data` sends it so.

    :param encoded: as received.
    :param where: "query string" or "form", for the message.
    :raises ProblemError: 400, it is no percent-encoded UTF-8.
    """
    if wrong := _NO_ENCODING.search(encoded):
        # Python's decoder would leave it as it stands: text that nobody meant.
        text = wrong.string[wrong.start() : wrong.start() + 3].decode("latin-1")
        detail = f"the {where} has {text!r} at byte {wrong.start() + 1}: a percent sign is sent as %25"
        raise ProblemError(400, "encoding", detail)
    try:
        return parse_qsl(encoded.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError as error:
        raise ProblemError(400, "encoding", f"the {where} is not percent-encoded UTF-8") from error
    except ValueError as error:
        raise ProblemError(400, "encoding", f"the {where} cannot be read: {error}") from error


def document(text: str | bytes) -> Any:
    """Read JSON, as the standard has it: without NaN, and of text that can be written again.

    :raises ValueError: it is none.
    :raises RecursionError: it nests too deeply.
    """

    def refuse(name: str) -> None:
        raise ValueError(f"{name} is no number of JSON")

    found = json.loads(text, parse_constant=refuse)
    # Half of a surrogate pair can be escaped in JSON, and stands for nothing.
    json.dumps(found, ensure_ascii=False).encode()
    return found


def of(request: Request) -> Pairs:
    """Return the parameters of a request's query string.

    :raises ProblemError: 400, it is no percent-encoded UTF-8.
    """
    return decode(request.scope["query_string"], "query string")


def only(pairs: Pairs, allowed: Sequence[str]) -> None:
    """Refuse parameters that a path doesn't know: a misspelt one must not be ignored. Every path knows `version`.

    :raises ProblemError: 400, with what is allowed.
    """
    known = (*allowed, "version")
    for name, _ in pairs:
        if name not in known:
            detail = f"there is no parameter {name!r} here; there are: {', '.join(known)}"
            raise ProblemError(400, "unknown-parameter", detail, parameter=name, allowed=list(known))


def single(pairs: Pairs, name: str) -> str | None:
    """Return the value of a parameter that may be given once; None when it isn't given, or empty as forms send it.

    :raises ProblemError: 400, it is given more than once.
    """
    found = [value for one, value in pairs if one == name]
    if len(found) > 1:
        raise ProblemError(400, "parameter-twice", f"{name} is given more than once", parameter=name)
    return found[0] if found and found[0] else None


def language(request: Request, pairs: Pairs) -> str:
    """Return the language to answer in: `lang`, else Accept-Language, else Dutch.

    :raises ProblemError: 400, `lang` is none of ours.
    """
    given = one_of(pairs, "lang", "unknown-language", LANGUAGES)
    return negotiate(given, request.headers.get("accept-language"))


def form(pairs: Pairs, allowed: Sequence[str]) -> str | None:
    """Return the value of `format`, or None when it isn't given.

    :raises ProblemError: 400, it is none of those allowed.
    """
    return one_of(pairs, "format", "unknown-format", allowed)


def one_of(pairs: Pairs, name: str, kind: str, allowed: Sequence[str]) -> str | None:
    """Return the value of a parameter that has few, or None when it isn't given.

    :param kind: the kind of problem that any other value is.
    :raises ProblemError: 400, it is none of those allowed.
    """
    given = single(pairs, name)
    if given is not None and given not in allowed:
        raise ProblemError(
            400, kind, f"{name} {given!r} is none of {', '.join(allowed)}", parameter=name, allowed=list(allowed)
        )
    return given


def whole(pairs: Pairs, name: str, low: int, high: int) -> int | None:
    """Return a whole number, or None when it isn't given.

    :raises ProblemError: 400, it is no whole number from low to high.
    """
    given = single(pairs, name)
    if given is None:
        return None
    # int() would also take "1_000", " 7" and other digits than 0-9.
    if not (given.isascii() and given.isdigit() and len(given) < 20 and low <= int(given) <= high):
        detail = f"{name} {given!r} is no whole number from {low:,} to {high:,}"
        raise ProblemError(400, f"invalid-{name}", detail, parameter=name)
    return int(given)


def day(pairs: Pairs, name: str) -> str:
    """Return a day as YYYY-MM-DD, or "" when it isn't given.

    :raises ProblemError: 400, it is no day of the calendar.
    """
    given = single(pairs, name) or ""
    if given:
        try:
            # fromisoformat() would also take "20251005" and "2025-W40-7".
            if _DAY.fullmatch(given) is None:
                raise ValueError
            date.fromisoformat(given)
        except ValueError:
            detail = f"{name} {given!r} is no day; write it as 2025-10-05"
            raise ProblemError(400, f"invalid-{name}", detail, parameter=name) from None
    return given


def truth(pairs: Pairs, name: str) -> bool:
    """Return whether a parameter is true; false when it isn't given.

    :raises ProblemError: 400, it is neither true nor false.
    """
    return one_of(pairs, name, f"invalid-{name}", ("true", "false")) == "true"


def sought(pairs: Pairs, longest: int) -> str | None:
    """Return what to look for, `q`, or None when it isn't given.

    :param longest: characters that it may have.
    :raises ProblemError: 400, it has more.
    """
    given = single(pairs, "q")
    if given and len(given) > longest:
        detail = f"q has {len(given):,} characters; it may have {longest}"
        raise ProblemError(400, "invalid-q", detail, parameter="q")
    return given


def searchable(text: str) -> str:
    """Return a text that is looked for, when there is something in it to look for.

    :raises ProblemError: 422, it has neither a letter nor a digit.
    """
    if not folding.words(text):
        detail = f"q {text!r} has neither a letter nor a digit: there is nothing to look for"
        raise ProblemError(422, "nothing-to-look-for", detail, parameter="q")
    return text
