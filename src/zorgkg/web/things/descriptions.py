"""What the graph says of a thing: all SPARQL of the pages and of the RDF behind `/doc`, and nothing else.

An IRI enters a query as an RDF term (its N-Triples form), never as pasted text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from zorgkg import languages
from zorgkg.engine import reading
from zorgkg.engine.interface import Engine
from zorgkg.terms import BASE, ID, NS, dataset_graph, term
from zorgkg.web import words

INCOMING: Final = 2000
"""At most this many statements that point at a thing are part of its description."""

_DEEPEST: Final = 32


class Text(NamedTuple):
    """A text and its language tag, "" where it has none."""

    text: str
    language: str = ""


class Name(NamedTuple):
    """A thing and what readers see for it; a page makes hundreds, and looks them up as often."""

    iri: str
    text: str
    language: str = ""


@dataclass(frozen=True)
class Evidence:
    """Where something stands in a source.

    :param passage: IRI of the passage.
    :param source: the source, when the graph names it.
    :param section: the smallest named part of the source around the passage.
    :param start: offset of the first character.
    :param end: offset just after the last character.
    :param page: printed page.
    :param row: of a table, its row.
    :param sheet: the sheet that the row is in.
    """

    passage: str
    source: Name | None = None
    section: Name | None = None
    start: str = ""
    end: str = ""
    page: str = ""
    row: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Whereabouts:
    """Where a passage stands.

    :param source: IRI of its source.
    :param section: IRI of the smallest section around it, or "".
    :param start: offset of its first character, or "".
    :param end: offset just after its last character, or "".
    :param page: printed page, or "".
    :param label: its own name, when it is a section itself.
    :param row: of a table, its row; or "".
    :param sheet: the sheet that the row is in, or "".
    """

    source: str
    section: str
    start: str
    end: str
    page: str
    label: Name | None
    row: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Description:
    """A symmetric concise bounded description (https://www.w3.org/submissions/CBD/).

    :param outgoing: statements about the thing, its blank nodes and its hash IRIs.
    :param incoming: statements that point at it.
    :param cut: whether there are more incoming statements than :data:`INCOMING`.
    """

    outgoing: list[Triple]
    incoming: list[Triple]
    cut: bool

    @property
    def triples(self) -> list[Triple]:
        """All statements, each once."""
        return list(dict.fromkeys((*self.outgoing, *self.incoming)))


# The graph around one thing


def exists(engine: Engine, iri: str) -> bool:
    """Tell whether the graph says anything about a thing."""
    return reading.ask(engine, f"ASK {{ {NamedNode(iri)} ?p ?o }}")


def describe(engine: Engine, iri: str) -> Description:
    """Return the description of a thing.

    :param engine: the engine.
    :param iri: an absolute IRI.
    :returns: what the graph says of it, empty when that is nothing.
    """
    found, cut = incoming(engine, iri)
    return Description(outgoing(engine, iri), found, cut)


def outgoing(engine: Engine, iri: str) -> list[Triple]:
    """Return what the graph says of a thing, with the blank nodes and hash IRIs that hang on it."""
    node = NamedNode(iri)
    own = _constructed(engine, [_level(node, 0)])
    # On most things nothing hangs: then there is nothing more to ask for.
    if not any(_hangs(one.object, iri) for one in own):
        return own
    return _constructed(engine, _levels(engine, node))


def quads(engine: Engine, iri: str) -> list[Quad]:
    """Return the description of a thing with the named graph of each statement: which dataset says what."""
    node = NamedNode(iri)
    levels = " UNION ".join(f"{{ {one} GRAPH ?g {{ ?s ?p ?o }} }}" for one in _levels(engine, node))
    found = reading.select(engine, f"SELECT DISTINCT ?s ?p ?o ?g WHERE {{ {levels} }}")
    first, cut = incoming(engine, iri)
    # Where there are more, the same as in the other forms; another query would choose others.
    these = " ".join(f"({one.subject} {one.predicate})" for one in first if isinstance(one.subject, NamedNode))
    only = f"VALUES (?s ?p) {{ {these} }}" if cut else ""
    pointing = f"SELECT DISTINCT ?s ?p ?g WHERE {{ {only} GRAPH ?g {{ ?s ?p {node} }} }}"
    told = [Quad(row["s"], row["p"], row["o"], row["g"]) for row in found]
    told += [Quad(row["s"], row["p"], node, row["g"]) for row in reading.select(engine, pointing)]
    return list(dict.fromkeys(told))


def incoming(engine: Engine, iri: str, most: int = INCOMING) -> tuple[list[Triple], bool]:
    """Return the statements that point at a thing, at most so many, and whether there are more."""
    node = NamedNode(iri)
    found = reading.select(engine, f"SELECT DISTINCT ?s ?p WHERE {{ ?s ?p {node} }} LIMIT {most + 1}")
    return [Triple(row["s"], row["p"], node) for row in found[:most]], len(found) > most


def incoming_query(iri: str) -> str:
    """Return the query that gives every statement that points at a thing, for when a description is cut."""
    node = NamedNode(iri)
    return f"CONSTRUCT {{ ?s ?p {node} }} WHERE {{ ?s ?p {node} }}"


def ontology(engine: Engine) -> list[Triple]:
    """Return our ontology, as the graph holds it."""
    graph = dataset_graph("ontology")
    return reading.construct(engine, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")


def _constructed(engine: Engine, levels: list[str]) -> list[Triple]:
    pattern = " UNION ".join(f"{{ {one} ?s ?p ?o }}" for one in levels)
    return list(dict.fromkeys(reading.construct(engine, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}")))


def _hangs(one: NamedNode | BlankNode | Literal | Triple, iri: str) -> bool:
    """Whether something is a blank node or a hash IRI of a thing."""
    return isinstance(one, BlankNode) or (isinstance(one, NamedNode) and one.value.startswith(f"{iri}#"))


def _levels(engine: Engine, node: NamedNode) -> list[str]:
    """Patterns that bind `s` to a thing, then to what hangs on it, level by level.

    Blank nodes can't be named in a second query, so one query has to reach the deepest; first see how deep they go.
    """
    depth = 1
    while depth < _DEEPEST and reading.ask(engine, f"ASK {{ {_level(node, depth)} ?s ?p ?o }}"):
        depth += 1
    return [_level(node, level) for level in range(depth)]


def _level(node: NamedNode, depth: int) -> str:
    """The blank nodes and hash IRIs that are `depth` steps away from a thing."""
    if depth == 0:
        return f"VALUES ?s {{ {node} }}"
    pattern, here = "", str(node)
    hash_ = Literal(node.value + "#")
    for step in range(1, depth + 1):
        there = "?s" if step == depth else f"?n{step}"
        own = f"isBlank({there}) || (isIRI({there}) && STRSTARTS(STR({there}), {hash_}))"
        pattern += f"{here} ?p{step} {there} . FILTER({own}) "
        here = there
    return pattern


# Names


def names(engine: Engine, iris: Collection[str], language: str) -> dict[str, Name]:
    """Return what readers of a language see for things.

    :param engine: the engine.
    :param iris: absolute IRIs.
    :param language: one of :data:`zorgkg.languages.LANGUAGES`.
    :returns: a name for every thing that has a label; the derived label first, by the one fallback.
    """
    found: dict[str, Name] = {}
    for iri in iris:
        # What we borrow has its name from us: the graph says nothing of it.
        borrowed = None if iri.startswith(BASE) else words.term(iri, language)
        if borrowed:
            found[iri] = Name(iri, borrowed, language)
    wanted = [iri for iri in dict.fromkeys(iris) if iri not in found]
    if not wanted:
        return found
    values = reading.values("thing", wanted)
    derived = languages.LABEL_PROPERTY[language]
    for thing, label in reading.select(engine, f"SELECT ?thing ?label WHERE {{ {values} ?thing {derived} ?label }}"):
        iri = thing.value
        if iri not in found:
            found[iri] = Name(iri, *reading.tagged(label))
    rest = [iri for iri in wanted if iri not in found]
    if rest:
        labels: dict[str, dict[str, str]] = {}
        path = "rdfs:label|skos:prefLabel|dcterms:title|foaf:name|schema:name"
        query = f"SELECT ?thing ?label WHERE {{ {reading.values('thing', rest)} ?thing {path} ?label }}"
        for row in reading.select(engine, query):
            text, tag = reading.text(row, "label")
            labels.setdefault(reading.value(row, "thing"), {}).setdefault(tag, text)
        for iri, by_language in labels.items():
            picked = languages.pick(by_language, language)
            if picked:
                found[iri] = Name(iri, *picked)
    return found


_PARTS: Final = {
    "Participation": ("zorg:project", "zorg:agent", "zorg:role"),
    "Positioning": ("zorg:project", "zorg:component", "zorg:basis"),
    "Code": ("zorg:project", "zorg:component", "zorg:coder"),
    "Coding": ("zorg:project", "zorg:framework", "zorg:coder"),
    "Adjudication": ("zorg:project", "zorg:component", "zorg:coder"),
    "Claim": ("rdf:subject", "rdf:object", "rdf:predicate"),
    "Statement": ("zorg:about", "", "zorg:topic"),
    "Passage": ("dcterms:isPartOf", "", ""),
}
"""Class of something without a label → the properties that name it: of what it is, and two more."""

_AGREEMENT: Final = ("zorg:component", "zorg:firstCoder", "zorg:secondCoder")
_TOTAL_AGREEMENT: Final = ("zorg:framework", *_AGREEMENT[1:])
"""The same for an observation of how far two coders agree, on a component and on a framework."""


def every_label(engine: Engine, iri: str) -> dict[str, dict[str, list[str]]]:
    """Return the texts that name and describe a thing: `label`, `alternative`, `description` → language → texts."""
    found: dict[str, dict[str, list[str]]] = {"label": {}, "alternative": {}, "description": {}}
    rows = reading.select(
        engine,
        f"""SELECT DISTINCT ?what ?text WHERE {{ VALUES (?p ?what) {{
        (rdfs:label "label") (skos:prefLabel "label") (dcterms:title "label") (skos:altLabel "alternative")
        (dcterms:description "description") (skos:definition "description") }}
        {NamedNode(iri)} ?p ?text . FILTER(isLiteral(?text)) }} ORDER BY ?text""",
    )
    for row in rows:
        text, tag = reading.text(row, "text")
        found[reading.value(row, "what")].setdefault(tag, []).append(text)
    return found


def parts_of_name(engine: Engine, iris: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return of what the name of something without a label can be made.

    :param iris: participations, positionings, codes, codings, adjudications, observations of agreement, claims,
        statements and passages.
    :returns: IRI → what describes it: the IRIs or names `of`, `one` and `two`; of a passage the offsets `start` and
        `end`.
    """
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return {}
    rows = reading.select(engine, f"SELECT ?thing ?p ?o WHERE {{ {reading.values('thing', wanted)} ?thing ?p ?o }}")
    said: dict[str, dict[str, list[str]]] = {}
    for thing, way, told in rows:
        value = str(told) if isinstance(told, Triple) else told.value
        said.setdefault(thing.value, {}).setdefault(way.value, []).append(value)
    return {iri: parts for iri, by_property in said.items() if (parts := _parts_of(by_property))}


def _parts_of(said: dict[str, list[str]]) -> dict[str, str]:
    def first(name: str) -> str:
        return min(said.get(term(name).value, [""])) if name else ""

    classes = {iri.removeprefix(NS) for iri in said.get(term("rdf:type").value, ())}
    properties = next((told for cls, told in _PARTS.items() if cls in classes), None)
    if properties is None and first("zorg:percentAgreement"):
        properties = _AGREEMENT if first("zorg:component") else _TOTAL_AGREEMENT
    if properties is None or not first(properties[0]):
        return {}
    parts = dict(zip(("of", "one", "two"), map(first, properties), strict=True))
    if "Passage" in classes:
        parts |= {"start": first("zorg:startOffset"), "end": first("zorg:endOffset")}
        parts |= {"row": first("zorg:row"), "sheet": first("zorg:sheet")}
    return {key: value for key, value in parts.items() if value}


def whereabouts(engine: Engine, passages: Iterable[str], language: str) -> dict[str, Whereabouts]:
    """Return where passages stand.

    :param passages: IRIs of passages.
    :param language: language of their names, where they are sections.
    """
    wanted = list(dict.fromkeys(passages))
    if not wanted:
        return {}
    rows = reading.select(
        engine,
        f"""SELECT ?passage ?label ?source ?section ?start ?end ?page ?row ?sheet WHERE {{
        {reading.values("passage", wanted)}
        ?passage dcterms:isPartOf ?source . ?source a zorg:Source .
        OPTIONAL {{ ?passage {languages.LABEL_PROPERTY[language]} ?label }}
        OPTIONAL {{ ?passage zorg:startOffset ?start }} OPTIONAL {{ ?passage zorg:endOffset ?end }}
        OPTIONAL {{ ?passage zorg:row ?row }} OPTIONAL {{ ?passage zorg:sheet ?sheet }}
        OPTIONAL {{ ?passage zorg:section ?section }} OPTIONAL {{ ?passage zorg:page ?page }} }}""",
    )
    found: dict[str, Whereabouts] = {}
    for node, label, *told in rows:
        passage = node.value
        name = Name(passage, *reading.tagged(label)) if label else None
        source, section, start, end, page, number, sheet = (one.value if one else "" for one in told)
        found.setdefault(passage, Whereabouts(source, section, start, end, page, name, number, sheet))
    return found


def concepts(engine: Engine, scheme: str) -> list[str]:
    """List the concepts of a framework, in its own order."""
    return reading.column(
        engine,
        f"""SELECT DISTINCT ?it WHERE {{ ?it skos:inScheme {NamedNode(scheme)}
        OPTIONAL {{ ?it zorg:order ?order }} OPTIONAL {{ ?it zorg:labelNl ?label }} }}
        ORDER BY ?order LCASE(?label) ?it""",
    )


# Lists


@dataclass(frozen=True)
class Listed:
    """A project in the list of projects."""

    project: Name
    places: list[Name]
    municipalities: list[Name]
    initiators: list[Name]


def projects(engine: Engine, language: str) -> list[Listed]:
    """List all projects with place and initiator, by name."""
    rows = reading.select(
        engine,
        """SELECT DISTINCT ?project ?kind ?thing WHERE { ?project a zorg:Project .
        OPTIONAL { { ?project zorg:takesPlaceIn ?thing . BIND("place" AS ?kind) }
                   UNION { ?project zorg:inMunicipality ?thing . BIND("municipality" AS ?kind) }
                   UNION { ?project zorg:initiator ?thing . BIND("initiator" AS ?kind) } } }""",
    )
    named = names(
        engine,
        [reading.value(row, name) for row in rows for name in ("project", "thing") if row[name] is not None],
        language,
    )
    found: dict[str, dict[str, list[Name]]] = {}
    for row in rows:
        by_kind = found.setdefault(reading.value(row, "project"), {"place": [], "municipality": [], "initiator": []})
        thing = reading.value(row, "thing")
        if thing:
            by_kind[reading.value(row, "kind")].append(named.get(thing) or Name(thing, _slug(thing)))
    listed = [
        Listed(
            named.get(project) or Name(project, _slug(project)),
            sorted(by_kind["place"], key=_by_text),
            sorted((one for one in by_kind["municipality"] if one not in by_kind["place"]), key=_by_text),
            sorted(by_kind["initiator"], key=_by_text),
        )
        for project, by_kind in found.items()
    ]
    return sorted(listed, key=lambda one: _by_text(one.project))


# Helpers


def _by_text(name: Name) -> tuple[str, str]:
    return name.text.casefold(), name.iri


def _slug(iri: str) -> str:
    return iri.removeprefix(ID).rpartition("/")[2].rpartition("#")[2]
