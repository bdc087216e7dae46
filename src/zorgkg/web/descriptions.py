"""What the graph says of a thing: all SPARQL of the pages and of the RDF behind `/doc`, and nothing else.

An IRI enters a query as an RDF term (its N-Triples form), never as pasted text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolution,
    QuerySolutions,
    Triple,
)

from zorgkg import languages
from zorgkg.engine.interface import Engine
from zorgkg.terms import ID, PREFIXES, dataset_graph

INCOMING: Final = 2000
"""At most this many statements that point at a thing are part of its description."""

_DEEPEST: Final = 32
_PROLOGUE: Final = "".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n"
    for prefix in ("zorg", "rdf", "rdfs", "owl", "skos", "dcterms", "prov", "org", "foaf", "schema", "dcat", "void")
)


@dataclass(frozen=True)
class Text:
    """A text and its language tag, "" where it has none."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Name:
    """A thing and what readers see for it."""

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
    """

    passage: str
    source: Name | None = None
    section: Name | None = None
    start: str = ""
    end: str = ""
    page: str = ""


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


@dataclass
class Assertion:
    """A participation, positioning, claim, statement or figure, as a page needs it.

    :param iri: its IRI.
    :param terms: variable → IRI or plain value.
    :param texts: variable → language → text.
    :param passages: IRIs of the passages that it rests on.
    """

    iri: str
    terms: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    passages: list[str] = field(default_factory=list)


# The graph around one thing


def exists(engine: Engine, iri: str) -> bool:
    """Tell whether the graph says anything about a thing."""
    return _ask(engine, f"ASK {{ {NamedNode(iri)} ?p ?o }}")


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
    depth = 1
    # Blank nodes can't be named in a second query, so one query has to reach the deepest; first see how deep they go.
    while depth < _DEEPEST and _ask(engine, f"ASK {{ {_level(node, depth)} }}"):
        depth += 1
    levels = " UNION ".join(f"{{ {_level(node, level)} }}" for level in range(depth))
    return list(dict.fromkeys(_construct(engine, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {levels} }}")))


def incoming(engine: Engine, iri: str) -> tuple[list[Triple], bool]:
    """Return the statements that point at a thing, at most :data:`INCOMING`, and whether there are more."""
    node = NamedNode(iri)
    found = _select(engine, f"SELECT DISTINCT ?s ?p WHERE {{ ?s ?p {node} }} LIMIT {INCOMING + 1}")
    return [Triple(row["s"], row["p"], node) for row in found[:INCOMING]], len(found) > INCOMING


def incoming_query(iri: str) -> str:
    """Return the query that gives every statement that points at a thing, for when a description is cut."""
    node = NamedNode(iri)
    return f"CONSTRUCT {{ ?s ?p {node} }} WHERE {{ ?s ?p {node} }}"


def ontology(engine: Engine) -> list[Triple]:
    """Return our ontology, as the graph holds it."""
    graph = dataset_graph("ontology")
    return _construct(engine, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")


def _level(node: NamedNode, depth: int) -> str:
    """The statements about the blank nodes and hash IRIs that are `depth` steps away from a thing."""
    if depth == 0:
        return f"{node} ?p ?o . BIND({node} AS ?s)"
    pattern, here = "", str(node)
    hash_ = Literal(node.value + "#")
    for step in range(1, depth + 1):
        there = "?s" if step == depth else f"?n{step}"
        own = f"isBlank({there}) || (isIRI({there}) && STRSTARTS(STR({there}), {hash_}))"
        pattern += f"{here} ?p{step} {there} . FILTER({own}) "
        here = there
    return f"{pattern}?s ?p ?o"


# Names


def names(engine: Engine, iris: Iterable[str], language: str) -> dict[str, Name]:
    """Return what readers of a language see for things.

    :param engine: the engine.
    :param iris: absolute IRIs.
    :param language: one of :data:`zorgkg.languages.LANGUAGES`.
    :returns: a name for every thing that has a label; the derived label first, by the one fallback.
    """
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return {}
    values = _values("thing", wanted)
    derived = languages.LABEL_PROPERTY[language]
    found: dict[str, Name] = {}
    for row in _select(engine, f"SELECT ?thing ?label WHERE {{ {values} ?thing {derived} ?label }}"):
        found.setdefault(_iri(row, "thing"), Name(_iri(row, "thing"), *_text(row, "label")))
    rest = [iri for iri in wanted if iri not in found]
    if rest:
        labels: dict[str, dict[str, str]] = {}
        path = "rdfs:label|skos:prefLabel|dcterms:title|foaf:name|schema:name"
        for row in _select(engine, f"SELECT ?thing ?label WHERE {{ {_values('thing', rest)} ?thing {path} ?label }}"):
            text, tag = _text(row, "label")
            labels.setdefault(_iri(row, "thing"), {}).setdefault(tag, text)
        for iri, by_language in labels.items():
            picked = languages.pick(by_language, language)
            if picked:
                found[iri] = Name(iri, *picked)
    return found


def parts_of_name(engine: Engine, iris: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return of what the name of something without a label can be made.

    :param iris: participations, positionings, codes, codings, adjudications, observations of agreement, claims,
        statements, figures and passages.
    :returns: IRI → its `kind` (participation …) and what describes it: the IRIs `of`, `one` and `two`, the offsets
        `start` and `end`.
    """
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return {}
    rows = _select(
        engine,
        f"""SELECT ?thing ?kind ?of ?one ?two ?start ?end WHERE {{ {_values("thing", wanted)}
        {{ ?thing a zorg:Participation ; zorg:project ?of ; zorg:agent ?one . BIND("participation" AS ?kind)
           OPTIONAL {{ ?thing zorg:role ?two }} }}
        UNION {{ ?thing a zorg:Positioning ; zorg:project ?of ; zorg:component ?one . BIND("positioning" AS ?kind)
           OPTIONAL {{ ?thing zorg:basis ?two }} }}
        UNION {{ ?thing a zorg:Code ; zorg:project ?of ; zorg:component ?one . BIND("code" AS ?kind)
           OPTIONAL {{ ?thing zorg:coder ?two }} }}
        UNION {{ ?thing a zorg:Coding ; zorg:project ?of ; zorg:framework ?one . BIND("coding" AS ?kind)
           OPTIONAL {{ ?thing zorg:coder ?two }} }}
        UNION {{ ?thing a zorg:Adjudication ; zorg:project ?of ; zorg:component ?one . BIND("adjudication" AS ?kind)
           OPTIONAL {{ ?thing zorg:coder ?two }} }}
        UNION {{ ?thing zorg:percentAgreement ?percent ; zorg:framework ?of ;
           zorg:firstCoder ?one ; zorg:secondCoder ?two .
           BIND("agreement" AS ?kind) FILTER NOT EXISTS {{ ?thing zorg:component ?component }} }}
        UNION {{ ?thing zorg:percentAgreement ?percent ; zorg:component ?of ;
           zorg:firstCoder ?one ; zorg:secondCoder ?two .
           BIND("agreement" AS ?kind) }}
        UNION {{ ?thing a zorg:Claim ; rdf:subject ?of ; rdf:object ?one . BIND("claim" AS ?kind)
           OPTIONAL {{ ?thing rdf:predicate ?two }} }}
        UNION {{ ?thing a zorg:Statement ; zorg:about ?of . BIND("statement" AS ?kind)
           OPTIONAL {{ ?thing zorg:topic ?two }} }}
        UNION {{ ?thing a zorg:Passage ; dcterms:isPartOf ?of ; zorg:startOffset ?start ; zorg:endOffset ?end .
           BIND("passage" AS ?kind) }} }}""",
    )
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        parts = found.setdefault(_iri(row, "thing"), {})
        for name in ("kind", "of", "one", "two", "start", "end"):
            if row[name] is not None:
                parts.setdefault(name, _value(row, name))
    return found


def evidence(engine: Engine, passages: Iterable[str], language: str) -> dict[str, Evidence]:
    """Return where passages stand.

    :param passages: IRIs of passages.
    :param language: language of the names of sources and sections.
    """
    wanted = list(dict.fromkeys(passages))
    if not wanted:
        return {}
    rows = _select(
        engine,
        f"""SELECT ?passage ?source ?section ?start ?end ?page WHERE {{ {_values("passage", wanted)}
        ?passage dcterms:isPartOf ?source . ?source a zorg:Source .
        OPTIONAL {{ ?passage zorg:startOffset ?start }} OPTIONAL {{ ?passage zorg:endOffset ?end }}
        OPTIONAL {{ ?passage zorg:section ?section }} OPTIONAL {{ ?passage zorg:page ?page }} }}""",
    )
    named = names(
        engine, [_iri(row, key) for row in rows for key in ("source", "section", "passage") if row[key]], language
    )
    found: dict[str, Evidence] = {}
    for row in rows:
        passage, section = _iri(row, "passage"), _value(row, "section")
        found.setdefault(
            passage,
            Evidence(
                passage,
                named.get(_iri(row, "source")),
                # A section is a passage too, and then its own name says where it stands.
                named.get(passage) or named.get(section),
                _value(row, "start"),
                _value(row, "end"),
                _value(row, "page"),
            ),
        )
    return found


# What is said of a project, and what points back at it


def participations(engine: Engine, *, project: str = "", agent: str = "") -> list[Assertion]:
    """List the participations in a project, or of an organisation or group.

    Variables: `project`, `agent`, `role`, `asNamed`, `group`.
    """
    anchor = f"?it zorg:project {NamedNode(project)}" if project else f"?it zorg:agent {NamedNode(agent)}"
    return _assertions(
        engine,
        f"""SELECT ?it ?project ?agent ?role ?asNamed ?passage ?group WHERE {{
        {anchor} . ?it a zorg:Participation ; zorg:project ?project ; zorg:agent ?agent .
        OPTIONAL {{ ?it zorg:role ?role }} OPTIONAL {{ ?it zorg:asNamed ?asNamed }}
        OPTIONAL {{ ?it prov:wasDerivedFrom ?passage }}
        BIND(EXISTS {{ ?agent a zorg:ActorGroup }} AS ?group) }} ORDER BY ?it ?passage""",
    )


def positionings(engine: Engine, *, project: str = "", component: str = "") -> list[Assertion]:
    """List the positionings of a project, or on a component.

    Variables: `project`, `component`, `scheme`, `order`, `basis`, `strength`, `agreement`, `rationale`, `reason`,
    `asNamed`.
    """
    anchor = f"?it zorg:project {NamedNode(project)}" if project else f"?it zorg:component {NamedNode(component)}"
    return _assertions(
        engine,
        f"""SELECT ?it ?project ?component ?scheme ?order ?basis ?strength ?agreement ?rationale ?reason
            ?asNamed ?passage
        WHERE {{ {anchor} . ?it a zorg:Positioning ; zorg:project ?project ; zorg:component ?component .
        OPTIONAL {{ ?component skos:inScheme ?scheme }} OPTIONAL {{ ?component zorg:order ?order }}
        OPTIONAL {{ ?it zorg:basis ?basis }} OPTIONAL {{ ?it zorg:strength ?strength }}
        OPTIONAL {{ ?it zorg:agreement ?agreement }} OPTIONAL {{ ?it zorg:rationale ?rationale }}
        OPTIONAL {{ ?it zorg:reason ?reason }}
        OPTIONAL {{ ?it zorg:asNamed ?asNamed }} OPTIONAL {{ ?it prov:wasDerivedFrom ?passage }} }}
        ORDER BY ?it ?passage""",
    )


def refusals(engine: Engine, project: str) -> list[Assertion]:
    """List the components that a coder found for a project and a decision refused: `component`, `scheme`, `reason`."""
    return _assertions(
        engine,
        f"""SELECT ?it ?component ?scheme ?reason WHERE {{
        ?it zorg:project {NamedNode(project)} ; a zorg:Adjudication ; zorg:upheld false ; zorg:component ?component .
        OPTIONAL {{ ?component skos:inScheme ?scheme }} OPTIONAL {{ ?it zorg:reason ?reason }} }} ORDER BY ?it""",
    )


def claims(engine: Engine, *, subject: str = "", object: str = "") -> list[Assertion]:
    """List the claims about a project, or those that name a thing: `subject`, `predicate`, `object`, `asNamed`."""
    anchor = f"?it rdf:subject {NamedNode(subject)}" if subject else f"?it rdf:object {NamedNode(object)}"
    return _assertions(
        engine,
        f"""SELECT ?it ?subject ?predicate ?object ?asNamed ?passage WHERE {{
        {anchor} . ?it a zorg:Claim ; rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object .
        OPTIONAL {{ ?it zorg:asNamed ?asNamed }} OPTIONAL {{ ?it prov:wasDerivedFrom ?passage }} }}
        ORDER BY ?it ?passage""",
    )


def statements(engine: Engine, *, about: str = "", source: str = "", limit: int = 500) -> list[Assertion]:
    """List the statements about a thing, or of a source: `about`, `topic`, `description`."""
    anchor = f"?it zorg:about {NamedNode(about)}" if about else f"?passage dcterms:isPartOf {NamedNode(source)}"
    rest = "OPTIONAL { ?it prov:wasDerivedFrom ?passage }" if about else "?it prov:wasDerivedFrom ?passage ."
    return _assertions(
        engine,
        f"""SELECT ?it ?about ?topic ?description ?passage WHERE {{ {anchor} . {rest}
        ?it a zorg:Statement ; zorg:about ?about .
        OPTIONAL {{ ?it zorg:topic ?topic }} OPTIONAL {{ ?it dcterms:description ?description }} }}
        ORDER BY ?it ?passage""",
    )[:limit]


def figures(engine: Engine, project: str) -> list[Assertion]:
    """List the figures of a project: `label`, `value`, `unit`, `approximate`."""
    return _assertions(
        engine,
        f"""SELECT ?it ?label ?value ?unit ?approximate ?passage WHERE {{
        ?it zorg:project {NamedNode(project)} . ?it a zorg:Figure .
        OPTIONAL {{ ?it rdfs:label ?label }} OPTIONAL {{ ?it schema:value ?value }}
        OPTIONAL {{ ?it schema:unitText ?unit }} OPTIONAL {{ ?it zorg:approximate ?approximate }}
        OPTIONAL {{ ?it prov:wasDerivedFrom ?passage }} }}
        ORDER BY ?it ?passage""",
    )


def coders(engine: Engine, assertions: Iterable[str]) -> dict[str, list[str]]:
    """Return who made assertions: IRI of an assertion → public names of coders."""
    wanted = list(assertions)
    found: dict[str, list[str]] = {}
    if wanted:
        query = f"SELECT ?it ?coder WHERE {{ {_values('it', wanted)} ?it zorg:coder ?coder }} ORDER BY ?it ?coder"
        for row in _select(engine, query):
            found.setdefault(_iri(row, "it"), []).append(_value(row, "coder"))
    return found


def every_label(engine: Engine, iri: str) -> dict[str, dict[str, list[str]]]:
    """Return the texts that name and describe a thing: `label`, `alternative`, `description` → language → texts."""
    found: dict[str, dict[str, list[str]]] = {"label": {}, "alternative": {}, "description": {}}
    rows = _select(
        engine,
        f"""SELECT DISTINCT ?what ?text WHERE {{ VALUES (?p ?what) {{
        (rdfs:label "label") (skos:prefLabel "label") (dcterms:title "label") (skos:altLabel "alternative")
        (dcterms:description "description") (skos:definition "description") }}
        {NamedNode(iri)} ?p ?text . FILTER(isLiteral(?text)) }} ORDER BY ?text""",
    )
    for row in rows:
        text, tag = _text(row, "text")
        found[_value(row, "what")].setdefault(tag, []).append(text)
    return found


def resting_on(engine: Engine, passage: str, limit: int = 500) -> list[tuple[str, str]]:
    """List what rests on a passage, or on a passage within it when it is a section: (IRI, its class)."""
    node = NamedNode(passage)
    rows = _select(
        engine,
        f"""SELECT DISTINCT ?it ?class WHERE {{
        {{ ?it prov:wasDerivedFrom {node} }} UNION {{ ?passage zorg:section {node} . ?it prov:wasDerivedFrom ?passage }}
        ?it a ?class . FILTER(STRSTARTS(STR(?class), STR(zorg:))) }} ORDER BY ?class ?it LIMIT {limit}""",
    )
    return [(_iri(row, "it"), _iri(row, "class")) for row in rows]


# Places, frameworks, sources, organisations


def trail(engine: Engine, places: Iterable[str]) -> dict[str, list[str]]:
    """Return for each place the larger ones that it lies in, nearest first."""
    up: dict[str, list[str]] = {}
    for row in _select(
        engine,
        f"""SELECT DISTINCT ?part ?whole WHERE {{ {_values("place", places)}
        ?place zorg:partOf* ?part . ?part zorg:partOf ?whole }} ORDER BY ?whole""",
    ):
        up.setdefault(_iri(row, "part"), []).append(_iri(row, "whole"))
    found: dict[str, list[str]] = {}
    for place in places:
        path, here = [place], place
        while up.get(here) and up[here][0] not in path:
            here = up[here][0]
            path.append(here)
        found[place] = path[1:]
    return found


def takes_place_in(engine: Engine, project: str) -> list[str]:
    """List the places of a project."""
    return _column(engine, f"SELECT DISTINCT ?it WHERE {{ {NamedNode(project)} zorg:takesPlaceIn ?it }} ORDER BY ?it")


def projects_in(engine: Engine, place: str) -> list[tuple[str, str]]:
    """List the projects in a place and its parts: (project, the place that is named)."""
    rows = _select(
        engine,
        f"""SELECT DISTINCT ?project ?place WHERE {{
        {{ SELECT DISTINCT ?place WHERE {{ ?place zorg:partOf* {NamedNode(place)} }} }}
        ?project zorg:takesPlaceIn ?place }} ORDER BY ?project""",
    )
    return [(_iri(row, "project"), _iri(row, "place")) for row in rows]


def organisations_in(engine: Engine, place: str) -> list[str]:
    """List the organisations that are based in a municipality, or in those of an area."""
    return _column(
        engine,
        f"""SELECT DISTINCT ?it WHERE {{
        {{ SELECT DISTINCT ?place WHERE {{ ?place zorg:partOf* {NamedNode(place)} }} }}
        ?it zorg:inMunicipality ?place ; org:classification ?kind }} ORDER BY ?it""",
    )


def parts(engine: Engine, place: str) -> list[str]:
    """List the places directly within a place."""
    return _column(engine, f"SELECT DISTINCT ?it WHERE {{ ?it zorg:partOf {NamedNode(place)} }} ORDER BY ?it")


def concepts(engine: Engine, scheme: str) -> list[str]:
    """List the concepts of a framework, in its own order."""
    return _column(
        engine,
        f"""SELECT DISTINCT ?it WHERE {{ ?it skos:inScheme {NamedNode(scheme)}
        OPTIONAL {{ ?it zorg:order ?order }} OPTIONAL {{ ?it zorg:labelNl ?label }} }}
        ORDER BY ?order LCASE(?label) ?it""",
    )


def projects_by_concept(engine: Engine, scheme: str) -> dict[str, int]:
    """Count, for each concept of a framework, the projects that a source connects with it in any way."""
    rows = _select(
        engine,
        f"""SELECT ?it (COUNT(DISTINCT ?project) AS ?projects) WHERE {{
        ?it skos:inScheme {NamedNode(scheme)} .
        {{ ?by a zorg:Positioning ; zorg:component ?it ; zorg:project ?project }}
        UNION {{ ?by rdf:object ?it ; rdf:subject ?project }}
        UNION {{ ?by zorg:agent ?it ; zorg:project ?project }} }} GROUP BY ?it""",
    )
    return {_iri(row, "it"): int(_value(row, "projects")) for row in rows if row["it"] is not None}


def sections(engine: Engine, source: str) -> list[str]:
    """List the sections of a source, in reading order."""
    return _column(
        engine,
        f"""SELECT ?it WHERE {{ ?it a zorg:Section ; dcterms:isPartOf {NamedNode(source)} .
        OPTIONAL {{ ?it zorg:startOffset ?start }} }} ORDER BY ?start ?it""",
    )


def passage_count(engine: Engine, source: str) -> int:
    """Count the passages of a source."""
    return len(
        _column(engine, f"SELECT DISTINCT ?it WHERE {{ ?it a zorg:Passage ; dcterms:isPartOf {NamedNode(source)} }}")
    )


def pointing(engine: Engine, predicate: str, iri: str) -> list[str]:
    """List the things that point at a thing with a property.

    :param predicate: prefixed name, ours and never a user's.
    """
    return _column(engine, f"SELECT DISTINCT ?it WHERE {{ ?it {predicate} {NamedNode(iri)} }} ORDER BY ?it")


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
    rows = _select(
        engine,
        """SELECT DISTINCT ?project ?kind ?thing WHERE { ?project a zorg:Project .
        OPTIONAL { { ?project zorg:takesPlaceIn ?thing . BIND("place" AS ?kind) }
                   UNION { ?project zorg:inMunicipality ?thing . BIND("municipality" AS ?kind) }
                   UNION { ?project zorg:initiator ?thing . BIND("initiator" AS ?kind) } } }""",
    )
    named = names(
        engine, [_iri(row, name) for row in rows for name in ("project", "thing") if row[name] is not None], language
    )
    found: dict[str, dict[str, list[Name]]] = {}
    for row in rows:
        by_kind = found.setdefault(_iri(row, "project"), {"place": [], "municipality": [], "initiator": []})
        thing = _value(row, "thing")
        if thing:
            by_kind[_value(row, "kind")].append(named.get(thing) or Name(thing, _slug(thing)))
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


@dataclass(frozen=True)
class Vocable:
    """A class or property of the ontology, with the IRIs that it is related to."""

    iri: str
    is_class: bool
    label: Text
    definition: Text | None
    related: dict[str, list[str]]


def vocabulary(engine: Engine, language: str) -> list[Vocable]:
    """List the classes and properties of our ontology.

    `related` maps `domain`, `range`, `broader` (super-class or super-property) and `match` to IRIs; the members of a
    union count as the domain or range.
    """
    graph = dataset_graph("ontology")
    rows = _select(
        engine,
        f"""SELECT DISTINCT ?term ?what ?value WHERE {{ GRAPH {graph} {{
        ?term rdfs:isDefinedBy ?ontology .
        {{ ?term a ?value . BIND("type" AS ?what) }}
        UNION {{ ?term rdfs:label ?value . BIND("label" AS ?what) }}
        UNION {{ ?term skos:definition ?value . BIND("definition" AS ?what) }}
        UNION {{ ?term rdfs:domain/((owl:unionOf/rdf:rest*/rdf:first)?) ?value . BIND("domain" AS ?what) }}
        UNION {{ ?term rdfs:range/((owl:unionOf/rdf:rest*/rdf:first)?) ?value . BIND("range" AS ?what) }}
        UNION {{ ?term rdfs:subClassOf|rdfs:subPropertyOf ?value . BIND("broader" AS ?what) }}
        UNION {{ ?term skos:closeMatch|skos:exactMatch|owl:equivalentClass|owl:equivalentProperty ?value .
                 BIND("match" AS ?what) }}
        FILTER(!isBlank(?value)) }} }} ORDER BY ?term ?what ?value""",
    )
    found: dict[str, dict[str, list[NamedNode | Literal]]] = {}
    for row in rows:
        value = row["value"]
        if isinstance(value, NamedNode | Literal):
            found.setdefault(_iri(row, "term"), {}).setdefault(_value(row, "what"), []).append(value)
    return [
        Vocable(
            iri,
            any(
                value.value in (PREFIXES["owl"] + "Class", PREFIXES["rdfs"] + "Class")
                for value in facts.get("type", ())
            ),
            _picked(facts.get("label", ()), language) or Text(_slug(iri)),
            _picked(facts.get("definition", ()), language),
            {key: [value.value for value in facts.get(key, ())] for key in ("domain", "range", "broader", "match")},
        )
        for iri, facts in found.items()
    ]


# Helpers


def _picked(values: Sequence[NamedNode | Literal], language: str) -> Text | None:
    texts = {value.language or "": value.value for value in values if isinstance(value, Literal)}
    picked = languages.pick(texts, language)
    return Text(*picked) if picked else None


def _assertions(engine: Engine, query: str) -> list[Assertion]:
    found: dict[str, Assertion] = {}
    for row in _select(engine, query):
        iri = _value(row, "it")
        one = found.setdefault(iri, Assertion(iri))
        for variable in ROW_VARIABLES:
            try:
                value = row[variable]
            except KeyError:
                continue
            if value is None:
                continue
            if variable == "passage":
                if (passage := _value(row, "passage")) not in one.passages:
                    one.passages.append(passage)
            elif isinstance(value, Literal) and value.language:
                one.texts.setdefault(variable, {}).setdefault(value.language, value.value)
            else:
                one.terms.setdefault(variable, _value(row, variable))
    return list(found.values())


ROW_VARIABLES: Final = (
    *("project", "agent", "role", "asNamed", "group", "component", "scheme", "order", "basis", "strength", "agreement"),
    *("rationale", "reason", "subject", "predicate", "object", "about", "topic", "description", "label", "value"),
    *("unit", "approximate", "passage"),
)
"""The variables that an :class:`Assertion` can hold."""


def _values(variable: str, iris: Iterable[str]) -> str:
    terms = []
    for iri in iris:
        try:
            terms.append(str(NamedNode(iri)))
        except ValueError:
            continue
    return f"VALUES ?{variable} {{ {' '.join(terms)} }}"


def _select(engine: Engine, query: str) -> list[QuerySolution]:
    answer = engine.query(_PROLOGUE + query)
    if not isinstance(answer, QuerySolutions):
        raise TypeError("a SELECT query gives solutions")
    return list(answer)


def _ask(engine: Engine, query: str) -> bool:
    answer = engine.query(_PROLOGUE + query)
    return isinstance(answer, QueryBoolean) and bool(answer)


def _construct(engine: Engine, query: str) -> list[Triple]:
    answer = engine.query(_PROLOGUE + query)
    if isinstance(answer, QuerySolutions | QueryBoolean):
        raise TypeError("a CONSTRUCT query gives triples")
    return list(answer)


def _column(engine: Engine, query: str) -> list[str]:
    return [_iri(row, "it") for row in _select(engine, query) if isinstance(row["it"], NamedNode)]


def _iri(row: QuerySolution, name: str) -> str:
    return _value(row, name)


def _value(row: QuerySolution, name: str) -> str:
    value = row[name]
    if value is None:
        return ""
    return value.value if isinstance(value, NamedNode | Literal | BlankNode) else str(value)


def _text(row: QuerySolution, name: str) -> tuple[str, str]:
    value = row[name]
    return (value.value, value.language or "") if isinstance(value, Literal) else (_value(row, name), "")


def _by_text(name: Name) -> tuple[str, str]:
    return name.text.casefold(), name.iri


def _slug(iri: str) -> str:
    return iri.removeprefix(ID).rpartition("/")[2].rpartition("#")[2]
