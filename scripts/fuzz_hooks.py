"""For schemathesis, which does not know the media types of SPARQL and RDF: their bodies are sent as they are."""

from __future__ import annotations

from typing import Any

import schemathesis
from schemathesis import SerializationContext

_TYPES = (
    *("application/sparql-query", "application/sparql-update", "application/n-triples", "application/n-quads"),
    *("application/trig", "text/turtle", "application/zip"),
)


@schemathesis.serializer(*_TYPES)
def as_it_is(context: SerializationContext, value: Any) -> Any:
    """Return a body without any encoding."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
