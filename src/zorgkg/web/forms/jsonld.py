"""JSON-LD 1.1: a graph as a tree at the thing that it is about, in the short names of ontology/context.jsonld."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NoReturn

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize

from zorgkg import content
from zorgkg.rows import Rows, read
from zorgkg.terms import PREFIXES

_XSD_STRING: Final = PREFIXES["xsd"] + "string"
_TYPE: Final = PREFIXES["rdf"] + "type"
_INTEGER, _BOOLEAN = PREFIXES["xsd"] + "integer", PREFIXES["xsd"] + "boolean"
_WHOLE: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""What every reader of JSON reads as the same number."""

_HOST: Final = "https://w3id.org/"
"""IRIs of this host are written as references, as those of our things are."""

_KEYWORDS: Final = ("@version", "@vocab", "@base", "id", "type")


def graph(triples: Sequence[Triple], root: str | None) -> bytes:
    """Write a graph, framed at a thing and compacted; it holds the part of our context that it needs.

    What cannot be reached from the thing, such as what others say of it, stands in `@included` (JSON-LD 1.1, section
    4.13), so that no statement is lost.

    :param triples: the graph.
    :param root: IRI of the thing; None, or what the graph says nothing of, leaves the nodes side by side.
    """
    # Loaded when it is first asked for.
    from pyld import jsonld

    options = {"documentLoader": _refuse, "processingMode": "json-ld-1.1"}
    context = _fitting(triples)
    around = _unreached(triples, root) if root else []
    if root and len(around) < len(triples):
        inside = set(triples) - set(around)
        frame = {"@context": context, "@id": root, "@embed": "@once"}
        made = jsonld.frame(_expanded(list(inside)), frame, {**options, "omitGraph": True})
        if around:
            rest = jsonld.compact(_expanded(around), context, {**options, "graph": True})
            made["@included"] = rest["@graph"]
    else:
        made = jsonld.compact(_expanded(triples), context, {**options, "graph": True})
    del made["@context"]
    return _text({"@context": _used(context, made), **made})


def result_set(found: Rows, vocabulary: str) -> bytes:
    """Write a table as the W3C's vocabulary of results has it.

    :param found: the table.
    :param vocabulary: its namespace.
    """
    context = {"@vocab": vocabulary, "id": "@id", "type": "@type", "value": {"@id": f"{vocabulary}value"}}
    solutions = [
        {
            "index": number,
            "binding": [
                {"variable": name, "value": _value(cell)}
                for name, cell in zip(found.columns, cells, strict=True)
                if cell
            ],
        }
        for number, cells in enumerate(found.cells(), 1)
    ]
    return _text(
        {"@context": context, "type": "ResultSet", "resultVariable": list(found.columns), "solution": solutions}
    )


def _text(made: Mapping[str, Any]) -> bytes:
    return json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n"


def _value(cell: str) -> Any:
    written = read(cell)
    if not written.datatype:
        return {"id": written.text}
    if written.language:
        return {"@value": written.text, "@language": written.language}
    return written.text if written.datatype == _XSD_STRING else {"@value": written.text, "@type": written.datatype}


@cache
def _context() -> dict[str, Any]:
    path = content.locate().ontology / "context.jsonld"
    context: dict[str, Any] = json.loads(path.read_text("utf-8"))["@context"]
    return context


@cache
def _full() -> dict[str, Any]:
    """Our context without its base and prefixes, which the names of its properties then stand without."""
    names = {name: told for name, told in _context().items() if name != "@base"}
    prefixes = {name: told for name, told in names.items() if str(told)[-1] in "#/" and not name.startswith("@")}

    def whole(told: Any) -> Any:
        if isinstance(told, dict):
            return {key: whole(value) for key, value in told.items()}
        prefix, colon, rest = str(told).partition(":")
        return prefixes[prefix] + rest if colon and prefix in prefixes else told

    return {name: whole(told) for name, told in names.items() if name not in prefixes}


def _fitting(triples: Sequence[Triple]) -> dict[str, Any]:
    """Our context; in full where short names would be read as other IRIs than they stand for."""
    iris = {one.value for triple in triples for one in (triple.subject, triple.object) if isinstance(one, NamedNode)}
    return _full() if any(_is_awkward(iri) for iri in iris) else _context()


def _is_awkward(iri: str) -> bool:
    """Whether it has a prefix of ours for a scheme (`geo:51,4`), or a path that would be read as one."""
    scheme, _, rest = iri.partition(":")
    # What a reference below our base cannot tell: a colon, and an empty query or fragment at its end.
    return scheme in _context() or (iri.startswith(_HOST) and (":" in rest or rest[-1] in "#?"))


def _refuse(url: str, _: Mapping[str, Any]) -> NoReturn:
    """Fetch nothing, whatever a document may refer to."""
    raise ValueError(f"{url} is not fetched")


def _expanded(triples: Sequence[Triple]) -> list[dict[str, Any]]:
    # Nodes may come in parts: the algorithms put those of one name together.
    nodes: list[dict[str, Any]] = json.loads(serialize(triples, format=RdfFormat.JSON_LD) or b"[]")
    for node in nodes:
        types = node.pop(_TYPE, [])
        if types:
            node["@type"] = [one["@id"] for one in types]
        for name, values in node.items():
            if not name.startswith("@"):
                node[name] = [_native(value) for value in values]
    return nodes


def _native(value: dict[str, Any]) -> dict[str, Any]:
    """Let numbers and booleans be such where they are written as RDF writes them; a decimal would change its text."""
    kind, text = value.get("@type"), str(value.get("@value"))
    if kind == _INTEGER and _WHOLE.fullmatch(text):
        return {**value, "@value": int(text)}
    return {**value, "@value": text == "true"} if kind == _BOOLEAN and text in ("true", "false") else value


def _unreached(triples: Sequence[Triple], root: str) -> list[Triple]:
    """The triples that no way along objects leads to from the root."""
    of: dict[Any, list[Triple]] = {}
    for triple in triples:
        of.setdefault(triple.subject, []).append(triple)
    left: list[NamedNode | BlankNode] = [NamedNode(root)]
    reached: set[Any] = set()
    while left:
        node = left.pop()
        if node not in reached:
            reached.add(node)
            left += [one.object for one in of.get(node, ()) if isinstance(one.object, NamedNode | BlankNode)]
    return [triple for triple in triples if triple.subject not in reached]


def _used(context: Mapping[str, Any], made: Any) -> dict[str, Any]:
    """The part of a context that a document needs: its keywords, the terms that occur, and the prefixes of those."""
    words = _words(made)
    terms = {name: told for name, told in context.items() if name in words or name in _KEYWORDS}
    prefixes = {one.partition(":")[0] for one in (*words, *_words(list(terms.values())))}
    return {name: told for name, told in context.items() if name in terms or name in prefixes}


def _words(made: Any) -> set[str]:
    """All keys and texts of a JSON value."""
    if isinstance(made, dict):
        return set(made).union(*map(_words, made.values()))
    if isinstance(made, list):
        return set[str]().union(*map(_words, made))
    return {made} if isinstance(made, str) else set()
