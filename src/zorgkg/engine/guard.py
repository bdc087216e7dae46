"""The guard: what a query from outside may not do. No call leaves the server because a query asked for it."""

from __future__ import annotations

from zorgkg.sparql import Token, decode_escapes, position, tokens


class Forbidden(Exception):
    """The query asks for something that this server does not do; the message says what, where and what to do."""


def check(query: str) -> None:
    r"""Refuse a query that would make the engine call another server.

    The engine's parser reads keywords without needing space around them (``trueSERVICE:x`` is a SERVICE call to it), so
    any word or prefix that contains the keyword counts, also when written with ``\u`` escapes. Strings, IRIs, comments,
    variables and local names do not.

    :param query: SPARQL 1.1 query text, as received.
    :raises Forbidden: it holds SERVICE (federated query) or LOAD.
    """
    for text in dict.fromkeys((query, decode_escapes(query))):
        for token in tokens(text):
            keyword = _keyword(token)
            if keyword:
                line, column = position(text, token.start)
                raise Forbidden(
                    f"{keyword} at line {line}, column {column}: this server calls no other server for a query. "
                    "Fetch the other data yourself, or add it here as a dataset."
                )


def _keyword(token: Token) -> str | None:
    if token.kind == "word":
        word = token.text.upper()
    elif token.kind in ("name", "blank"):
        word = token.text.partition(":")[0].upper()
    else:
        return None
    if "SERVICE" in word:
        return "SERVICE"
    return "LOAD" if word == "LOAD" else None
