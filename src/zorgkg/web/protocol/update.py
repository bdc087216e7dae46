"""`/update`: the update operation of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/#update-operation)."""

from __future__ import annotations

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from zorgkg.terms import BASE
from zorgkg.web import parameters
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol import writing
from zorgkg.web.protocol.writing import Part

_FORM = "application/x-www-form-urlencoded"
_UPDATE = "application/sparql-update"
_DATASET = ("using-graph-uri", "using-named-graph-uri")


async def endpoint(request: Request) -> Response:
    """Carry out an update sent by POST, as a form or as `application/sparql-update`."""
    writer = writing.of(request)
    writer.token(request)
    kind = writing.media(request, [_UPDATE, _FORM])
    # Percent-encoding can triple a text's length.
    body = await writing.body(request, writer.longest * (3 if kind == _FORM else 1))
    pairs = parameters.of(request)
    if kind == _FORM:
        pairs = [*pairs, *parameters.decode(body, "form")]
    elif any(name == "update" for name, _ in pairs):
        raise ProblemError(400, "update-twice", "the update stands in the body and in the query string")
    else:
        pairs = [*pairs, ("update", _utf8(body))]
    if any(name == "query" for name, _ in pairs):
        raise ProblemError(400, "query", "/update takes updates; queries go to /sparql", parameter="query")
    texts = [value for name, value in pairs if name == "update"]
    if len(texts) != 1:
        detail = "the parameter update is missing" if not texts else "update is given more than once"
        raise ProblemError(400, "no-update" if not texts else "parameter-twice", detail, parameter="update")
    told, sent = writing.change(request, pairs, "update", None, [Part(_UPDATE, texts[0].encode())])
    told["using"], told["named"] = (_iris(pairs, name) for name in _DATASET)
    # A relative IRI is the same one as in a query (zorgkg.engine.interface).
    told["base"] = BASE
    outcome, report = await writer.write(request, told, sent, writing.dry_run(pairs))
    return writing.answer(request, outcome, report)


def _iris(pairs: parameters.Pairs, name: str) -> list[str]:
    iris = [value for one, value in pairs if one == name]
    for iri in iris:
        try:
            NamedNode(iri)
        except ValueError as error:
            raise ProblemError(400, "invalid-iri", f"{name}: {iri!r} is no absolute IRI", parameter=name) from error
    return iris


def _utf8(body: bytes) -> str:
    try:
        # A byte order mark, which editors put before a text, is none of it.
        return body.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ProblemError(400, "encoding", f"the body is not UTF-8 (byte {error.start + 1})") from error
