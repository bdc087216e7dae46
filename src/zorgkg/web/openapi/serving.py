"""`/api/openapi.json` and the operations behind it: made once for a version and a language, then kept."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from zorgkg.web import parameters
from zorgkg.web.openapi import asked, columns, document, grounded, listed, reads, reconciling, standards
from zorgkg.web.openapi.known import Known
from zorgkg.web.openapi.operation import Operation
from zorgkg.web.service import Service, of

_KEPT: Final = 9
"""As many are kept: three versions in three languages."""


class Description:
    """The description of one application."""

    def __init__(self) -> None:
        """Begin with nothing: it is made when it is first asked for."""
        self._lock = threading.Lock()
        self._made: OrderedDict[tuple[str, str], tuple[list[Operation], bytes]] = OrderedDict()

    def answer(self, request: Request) -> Response:
        """`/api/openapi.json`: the OpenAPI document in the language that is asked for."""
        pairs = parameters.of(request)
        parameters.only(pairs, ("lang",))
        language = parameters.language(request, pairs)
        service = of(request)
        headers = {
            "Content-Language": language,
            "Vary": "Accept-Language",
            "X-Zorgkg-Version": service.manifest.id,
        }
        return Response(self._get(service, language)[1], headers=headers, media_type="application/json")

    def operations(self, service: Service, language: str) -> list[Operation]:
        """Return all operations, with the values that the version has.

        :param service: the version.
        :param language: language of the values' labels.
        """
        return self._get(service, language)[0]

    def _get(self, service: Service, language: str) -> tuple[list[Operation], bytes]:
        key = (service.manifest.id, language)
        with self._lock:
            found = self._made.get(key)
            if found is None:
                found = self._made[key] = _make(service, language)
                while len(self._made) > _KEPT:
                    self._made.popitem(last=False)
            self._made.move_to_end(key)
        return found


def _make(service: Service, language: str) -> tuple[list[Operation], bytes]:
    known = Known(service.engine, language)
    made = [
        *listed.operations(known),
        *asked.operations(service.questions, known, columns.ranges(service.engine)),
        *reads.operations(),
        *reconciling.operations(),
        *standards.operations(),
        grounded.operation_of(known),
    ]
    told: dict[str, Any] = document.make(made, service.manifest.id, language)
    return made, json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
