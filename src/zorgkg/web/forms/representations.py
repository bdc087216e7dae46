"""Representations: the forms in which an answer is given, how a request chooses one, and how each is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryResultsFormat, RdfFormat, Triple
from starlette.requests import Request
from starlette.responses import Response

from zorgkg.engine.interface import EngineError
from zorgkg.questions.answering import Table
from zorgkg.results import unwritable, written
from zorgkg.rows import Rows
from zorgkg.terms import PREFIXES, term
from zorgkg.web import parameters
from zorgkg.web.forms import geometry, jsonld, negotiation, parquet
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import of

RESULT_SET: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
"""The W3C's vocabulary of tables as RDF, in which its own tests write what a query gives."""


@dataclass(frozen=True)
class Form:
    """One way to give an answer.

    :param name: value of `?format`, and suffix of the path.
    :param media: media type, without charset.
    :param kind: `table`, `graph`, `page` or `query`.
    :param extension: of the name of a downloaded file.
    """

    name: str
    media: str
    kind: str
    extension: str

    @property
    def content_type(self) -> str:
        """Value of Content-Type."""
        return f"{self.media}; charset=utf-8" if self.media.startswith("text/") else self.media


FORMS: Final[Mapping[str, Form]] = {
    form.name: form
    for form in (
        Form("json", "application/json", "table", "json"),
        Form("sparql-json", "application/sparql-results+json", "table", "srj"),
        Form("xml", "application/sparql-results+xml", "table", "srx"),
        Form("csv", "text/csv", "table", "csv"),
        Form("csv-excel", "text/csv", "table", "csv"),
        Form("tsv", "text/tab-separated-values", "table", "tsv"),
        Form("geojson", "application/geo+json", "table", "geojson"),
        Form("parquet", "application/vnd.apache.parquet", "table", "parquet"),
        Form("jsonld", "application/ld+json", "graph", "jsonld"),
        Form("ttl", "text/turtle", "graph", "ttl"),
        Form("nt", "application/n-triples", "graph", "nt"),
        Form("rdf", "application/rdf+xml", "graph", "rdf"),
        Form("trig", "application/trig", "graph", "trig"),
        Form("nq", "application/n-quads", "graph", "nq"),
        Form("html", "text/html", "page", "html"),
        Form("sparql", "application/sparql-query", "query", "rq"),
    )
}

TABLE: Final = (
    "json",
    "sparql-json",
    "xml",
    "csv",
    "csv-excel",
    "tsv",
    "geojson",
    "parquet",
    "jsonld",
    "ttl",
    "nt",
    "rdf",
)
"""The forms in which any table can be given; as RDF in the vocabulary of :data:`RESULT_SET`."""

GRAPH: Final = ("ttl", "jsonld", "nt", "rdf")
"""The forms in which any graph can be given."""

QUADS: Final = ("trig", "nq")
"""The forms in which statements can be given with the named graph that each stands in."""

_ALIASES: Final = {
    "application/json": ("jsonld",),
    "application/xml": ("xml", "rdf"),
    "text/xml": ("xml", "rdf"),
    "text/plain": ("nt",),
}
"""Media types that Accept may name for a form, where none on offer has them as its own."""

_XML: Final = ("application/xml", "text/xml")
_PAGE: Final = "text/html"

_DOWNLOADED: Final = ("csv", "csv-excel", "tsv", "parquet")
"""Forms that a browser is told to save, when the address asks for them."""

SPARQL_RESULTS: Final = {
    "sparql-json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
"""Forms that the engine writes itself."""

_TYPE: Final = term("rdf:type")
_PREFIX_LINES: Final = re.compile(rb"(?:@prefix [^\n]*\n)+")
_DECLARATION: Final = re.compile(rb' xmlns:[^=]+="[^"]*"')
_DECLARATIONS: Final = re.compile(rb'(?: xmlns:[^=]+="[^"]*")+')
_RDF: Final = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}


# Which form


def chosen(request: Request, pairs: Pairs, offered: Sequence[str], suffix: str = "") -> Form:
    """Return the form to answer in: `?format`, else the path's suffix, else Accept; `?excel` is CSV for Excel.

    :param request: the request.
    :param pairs: its parameters.
    :param offered: names of forms, the preferred first.
    :param suffix: what :func:`split_suffix` found.
    :raises ProblemError: 400, 406 or 422 with what is allowed.
    """
    excel = _excel(pairs, offered)
    named = parameters.form(pairs, offered) or suffix
    if excel and named in ("", "csv", "csv-excel"):
        return FORMS["csv-excel"]
    if excel:
        raise ProblemError(422, "invalid-excel", f"excel is for format csv, not {named}", parameter="excel")
    if named:
        return FORMS[named]
    return _accepted(request.headers.get("accept"), offered)


def split_suffix(path_parameter: str, offered: Sequence[str]) -> tuple[str, str]:
    """Split a suffix that names a form from the end of a path: `matrix.csv` is `matrix` as `csv`.

    :param path_parameter: the last part of the path.
    :param offered: names of forms.
    :returns: the name and the suffix, "" when there is none of those.
    """
    bare, dot, suffix = path_parameter.rpartition(".")
    return (bare, suffix) if dot and bare and suffix in offered else (path_parameter, "")


def suffix(request: Request, offered: Sequence[str]) -> str:
    """Return the suffix of a path that a route has apart, "" when there is none.

    :param request: the request; its route has a parameter `suffix`, or none.
    :param offered: names of forms.
    :raises ProblemError: 404, it names none of those.
    """
    given = str(request.path_params.get("suffix", ""))
    if given and given not in offered:
        detail = f"there is no form {given!r} of this; there are: {', '.join(offered)}"
        raise ProblemError(404, "no-such-path", detail, allowed=list(offered))
    return given


def _excel(pairs: Pairs, offered: Sequence[str]) -> bool:
    given = [value for name, value in pairs if name == "excel"]
    if not given or "csv-excel" not in offered:
        return False
    if len(given) > 1 or given[0] not in ("", "true", "false"):
        detail = "excel is given once, as true or false"
        raise ProblemError(400, "invalid-excel", detail, parameter="excel", allowed=["true", "false"])
    return given[0] != "false"


def _accepted(accept: str | None, offered: Sequence[str]) -> Form:
    forms = _by_media(tuple(offered))
    media = negotiation.choose(accept, list(forms))
    if media in _XML and offered[0] == "json" and negotiation.choose(accept, [*forms, _PAGE]) == _PAGE:
        # Browsers name XML next to the page that there is none of here; who reads is served better by JSON.
        media = negotiation.choose(accept, [one for one in forms if one not in _XML]) or media
    if media is None:
        own = list(dict.fromkeys(FORMS[name].media for name in offered))
        raise ProblemError(406, "not-acceptable", f"this can be given as {', '.join(own)}", allowed=own)
    return forms[media]


@lru_cache(maxsize=100)
def _by_media(offered: tuple[str, ...]) -> dict[str, Form]:
    """The form of each media type, the preferred first: those of the forms, and then other names of these."""
    forms: dict[str, Form] = {}
    for name in offered:
        forms.setdefault(FORMS[name].media, FORMS[name])
    for media, names in _ALIASES.items():
        name = next((one for one in names if one in offered), "")
        # Plain text has always been N-Triples for graphs; whoever would read a table so wants none of its RDF.
        if name and media not in forms and (media != "text/plain" or FORMS[offered[0]].kind == "graph"):
            # Named so in the answer too, but for JSON-LD, which a reader must be told of.
            forms[media] = FORMS[name] if name == "jsonld" else replace(FORMS[name], media=media)
    return forms


# Writing


def table(form: Form, found: Table, languages: bool = False) -> bytes:
    """Write a table.

    :param form: one of :data:`TABLE`.
    :param found: columns and rows.
    :param languages: in CSV, a column with each label's language behind the label's.
    :raises ProblemError: 406, the table cannot be given in this form.
    """
    return rows(form, Rows.of(found.columns, found.rows), languages)


def rows(form: Form, found: Rows, languages: bool = False) -> bytes:
    """Write a table that is there as text; see :func:`table`."""
    name = form.name
    if name == "json":
        return found.flat_json()
    if name in ("csv", "csv-excel"):
        return found.flat_csv(name == "csv-excel", languages)
    if name == "tsv":
        return found.tsv()
    if name == "geojson":
        return geometry.geojson(found)
    if name == "parquet":
        return parquet.write(found)
    if name in SPARQL_RESULTS:
        return written(found.solutions(), SPARQL_RESULTS[name])
    if name == "jsonld":
        return jsonld.result_set(found, RESULT_SET)
    return _rdf(form, _result_set(found), {"rs": RESULT_SET, **PREFIXES})


def graph(form: Form, triples: Iterable[Triple], root: str | None) -> bytes:
    """Write a graph, always in the same order: whatever the engine's, the same graph has the same bytes.

    :param form: one of :data:`GRAPH`.
    :param triples: the graph.
    :param root: IRI of the thing that it is about, which comes first, and at which JSON-LD is framed; None leaves its
        nodes side by side.
    :raises ProblemError: 406, a property cannot be written in RDF/XML.
    """

    def place(triple: Triple) -> tuple[bool, str, bool, str, str]:
        subject, predicate = str(triple.subject), triple.predicate
        return subject != f"<{root}>", subject, predicate != _TYPE, predicate.value, str(triple.object)

    ordered = sorted(triples, key=place)
    if form.name == "jsonld":
        return jsonld.graph(ordered, root)
    if form.name == "rdf" and (iri := unwritable(ordered)):
        detail = f"the property <{iri}> cannot be written in RDF/XML; ask for another format"
        raise ProblemError(406, "not-acceptable", detail, allowed=[one for one in GRAPH if one != "rdf"])
    return _rdf(form, ordered, PREFIXES)


def quads(form: Form, found: Iterable[Quad]) -> bytes:
    """Write statements with their named graphs, always in the same order.

    :param form: one of :data:`QUADS`.
    :param found: the statements.
    """
    ordered = sorted(found, key=lambda quad: (str(quad.graph_name), str(quad.triple)))
    return _rdf(form, ordered, PREFIXES)


def _rdf(form: Form, statements: Iterable[Triple] | Iterable[Quad], prefixes: Mapping[str, str]) -> bytes:
    try:
        body = written(statements, _RDF[form.name], prefixes)
    except (OSError, ValueError) as error:
        raise EngineError(str(error)) from error
    # Oxigraph declares its prefixes in another order each time, whether they are used or not.
    if form.name in ("ttl", "trig"):
        declared, rest = _PREFIX_LINES.match(body), body
        if declared:
            rest = body[declared.end() :]
            lines = sorted(declared[0].splitlines(keepends=True))
            body = b"".join(one for one in lines if one.split()[1] in rest) + rest
    elif form.name == "rdf":
        body = _DECLARATIONS.sub(lambda found: b"".join(sorted(_DECLARATION.findall(found[0]))), body, count=1)
    return body


def _result_set(found: Rows) -> Iterator[Triple]:
    def rs(name: str) -> NamedNode:
        return NamedNode(RESULT_SET + name)

    whole = BlankNode("set")
    yield Triple(whole, _TYPE, rs("ResultSet"))
    for name in found.columns:
        yield Triple(whole, rs("resultVariable"), Literal(name))
    for number, row in enumerate(found.solutions(), 1):
        solution = BlankNode(f"r{number}")
        yield Triple(whole, rs("solution"), solution)
        yield Triple(solution, rs("index"), Literal(number))
        bound = [
            (BlankNode(f"r{number}c{place}"), name, value)
            for place, name in enumerate(found.columns)
            if (value := row[name]) is not None
        ]
        for binding, _, _ in bound:
            yield Triple(solution, rs("binding"), binding)
        for binding, name, value in bound:
            yield Triple(binding, rs("variable"), Literal(name))
            yield Triple(binding, rs("value"), value)


# Answering


def response(
    request: Request, form: Form, body: bytes, language: str, links: Sequence[str] = (), filename: str = ""
) -> Response:
    """Return an answer with what holds for every one: its language, its version, what it depends on, its links.

    :param request: the request.
    :param form: the form of the body.
    :param body: the answer.
    :param language: language of its labels.
    :param links: values of Link (RFC 8288).
    :param filename: name without extension under which a browser saves it, when the address asks for a table's form.
    """
    headers = {
        "Content-Language": language,
        "Vary": "Accept, Accept-Language",
        "X-Zorgkg-Version": of(request).manifest.id,
    }
    if links:
        headers["Link"] = ", ".join(links)
    if filename and form.name in _DOWNLOADED:
        headers["Content-Disposition"] = f'attachment; filename="{filename}.{form.extension}"'
    return Response(body, headers=headers, media_type=form.content_type)
