"""`/shacl`: what the shapes say of RDF that is posted, beside what is published. Nothing is changed."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from zorgkg.publishing.payload import DATASET_FORMATS, GRAPH_FORMATS
from zorgkg.web import parameters
from zorgkg.web.forms import negotiation
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol import writing
from zorgkg.web.protocol.writing import Part

_ANSWERS: Final = [*writing.REPORTS, "application/json", "text/plain"]


async def endpoint(request: Request) -> Response:
    """Validate what is posted; the SHACL report is given as RDF, JSON or text."""
    pairs = parameters.of(request)
    parameters.only(pairs, ("lang",))
    writer = writing.of(request)
    kind = writing.media(request, dict.fromkeys([*GRAPH_FORMATS, *DATASET_FORMATS]))
    media = negotiation.choose(request.headers.get("accept"), _ANSWERS)
    if media is None:
        raise ProblemError(406, "not-acceptable", f"a report can be given as {', '.join(_ANSWERS)}", allowed=_ANSWERS)
    async with writer.checking():
        body = await writing.arrived(request, writer.longest_tried)
        told, sent = writing.change(request, pairs, "validate", None, [Part(kind, body)])
        outcome, report = await writer.validate(told, sent)
    response = writing.shacl(media, outcome, report)
    response.headers.update({"Vary": "Accept, Accept-Language", "X-Zorgkg-Version": outcome["before"]})
    return response
