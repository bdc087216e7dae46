"""Reading: what the graph says of the things of a page, with one query, whatever fields are asked for."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from zorgkg import languages
from zorgkg.collection.declared import Collection, Property
from zorgkg.engine.interface import Engine
from zorgkg.engine.reading import construct, select
from zorgkg.terms import PREFIXES, term


@dataclass(frozen=True)
class Value:
    """A value of a property: its term and, when it is a thing, that thing's label."""

    term: NamedNode | Literal
    label: Literal | None = None

    @property
    def shown(self) -> str:
        """What a reader sees."""
        return self.label.value if self.label else self.term.value


@dataclass(frozen=True)
class Record:
    """What is said of one thing.

    :param iri: the thing.
    :param values: name of a property → its values, sorted as a reader expects; at most one where it has no more.
    """

    iri: str
    values: dict[str, list[Value]] = field(default_factory=dict)


def records(
    engine: Engine, collection: Collection, iris: Sequence[str], fields: Names[str], language: str
) -> list[Record]:
    """Read the records of things.

    :param engine: the engine.
    :param collection: what they belong to.
    :param iris: the things.
    :param fields: names of properties of the collection.
    :param language: one of :data:`zorgkg.languages.LANGUAGES`.
    :returns: a record a thing, in the same order.
    """
    found = {iri: Record(iri) for iri in iris}
    properties = [collection.fields[name] for name in fields]
    paths = {one.name: _path(one, language) for one in properties}
    told = {name: path for name, path in paths.items() if path}
    if iris and told:
        near = {
            name for name, path in told.items() if _steps(path) and not restricted(collection.fields[name], "value")
        }
        by_predicate: dict[str, list[str]] = {}
        for name in near:
            for step in _steps(told[name]):
                by_predicate.setdefault(term(step).value, []).append(name)
        for row in select(engine, _query(collection, iris, told, near, language)):
            value, label = row["value"], row["label"]
            if not isinstance(value, NamedNode | Literal):
                continue
            read = Value(value, label if isinstance(label, Literal) else None)
            for name in by_predicate[row["p"].value] if row["p"] is not None else [row["field"].value]:
                values = found[row["thing"].value].values.setdefault(name, [])
                if read not in values:
                    values.append(read)
    for record in found.values():
        for one in properties:
            record.values[one.name] = _arranged(one, collection, record, language)
    return list(found.values())


def graph(engine: Engine, iris: Sequence[str], predicates: Sequence[NamedNode]) -> list[Triple]:
    """Return the statements about things.

    :param engine: the engine.
    :param iris: the things.
    :param predicates: only these; none: all.
    """
    if not iris:
        return []
    only = f"FILTER(?p IN ({', '.join(map(str, predicates))}))" if predicates else ""
    query = f"CONSTRUCT {{ ?thing ?p ?o }} WHERE {{ {things(iris)} ?thing ?p ?o {only} }}"
    return construct(engine, query)


def things(iris: Sequence[str]) -> str:
    """Return the VALUES block that binds `?thing` to things."""
    return f"VALUES ?thing {{ {' '.join(str(NamedNode(iri)) for iri in iris)} }}"


def members(collection: Collection) -> str:
    """Return the pattern that binds `?thing` to the things of a collection, perhaps more than once each."""
    if len(collection.classes) == 1:
        # Without VALUES around one class, which some plans join with all things.
        return f"?class rdfs:subClassOf* {collection.classes[0]} . ?thing a ?class ."
    return f"VALUES ?root {{ {' '.join(collection.classes)} }} ?class rdfs:subClassOf* ?root . ?thing a ?class ."


def restricted(one: Property, variable: str) -> str:
    """Return the pattern that keeps only values of a property's own class or scheme, where its path gives others too.

    :param one: the property.
    :param variable: name of the variable that holds a value.
    """
    if one.within:
        return f"?{variable} skos:inScheme <{PREFIXES['framework']}{one.within}> ."
    if one.kind == "word":
        return f"FILTER(?{variable} IN ({', '.join(one.words.values())}))"
    if one.is_mixed:
        return f"?{variable} a {one.cls} ."
    return ""


def _path(one: Property, language: str) -> str:
    return languages.LABEL_PROPERTY[language] if one.kind == "label" else one.path


def _query(collection: Collection, iris: Sequence[str], paths: dict[str, str], near: Names[str], language: str) -> str:
    """One query for all fields: those that are one step away share a pattern, each of the others has its own.

    Steps are chosen by FILTER: with a second VALUES, Oxigraph reads every statement of each of them first.
    """
    which = things(iris)
    parts = []
    if near:
        steps = ", ".join(dict.fromkeys(step for name in sorted(near) for step in _steps(paths[name])))
        parts.append(f"{{ {which} ?thing ?p ?value . FILTER(?p IN ({steps})) }}")
    for name, path in paths.items():
        if name not in near:
            only = restricted(collection.fields[name], "value")
            parts.append(f'{{ {which} ?thing {path} ?value . {only} BIND("{name}" AS ?field) }}')
        if further := collection.fields[name].further:
            parts.append(f'{{ {which} ?thing {further} ?value . FILTER(?value != ?thing) BIND("{name}" AS ?field) }}')
    label = languages.LABEL_PROPERTY[language]
    every = " UNION ".join(parts)
    # Where no part is one step away, nothing binds ?p.
    return f"SELECT ?thing ?p ?field ?value ?label WHERE {{ {every} OPTIONAL {{ ?value {label} ?label }} }}"


def _steps(path: str) -> list[str]:
    """The predicates, any of which leads from a thing to a value; none where the path is longer."""
    return [] if not path or any(mark in path for mark in "/^+*?") else path.split("|")


def _arranged(one: Property, collection: Collection, record: Record, language: str) -> list[Value]:
    """Put the values of a property in order, and choose where there may be one only."""
    found = record.values.get(one.name, [])
    if one.kind == "iri" and not one.path:
        return [Value(NamedNode(record.iri))]
    if one.kind == "slug":
        return [Value(Literal(collection.slug(record.iri)))]
    if one.kind == "label":
        return found[:1] or [Value(Literal(collection.slug(record.iri)))]
    if one.kind == "word":
        by_class = {term(cls).value: word for word, cls in one.words.items()}
        return [Value(Literal(word)) for word in sorted(by_class[each.term.value] for each in found)]
    if one.kind == "text":
        by_language = {each.term.language or "": each for each in found if isinstance(each.term, Literal)}
        picked = languages.pick({tag: each.term.value for tag, each in by_language.items()}, language)
        return [by_language[picked[1]]] if picked else []
    ordered = sorted(found, key=lambda each: (each.shown.casefold(), each.term.value))
    return ordered if one.many or one.kind == "point" else ordered[:1]


def predicates(properties: Sequence[Property]) -> list[NamedNode]:
    """Return the predicates whose statements tell some properties; what is not stated of the thing itself has none."""
    steps = [step for one in properties for step in _steps(one.path)]
    if any(one.kind == "label" for one in properties):
        steps += ["rdfs:label", *languages.LABEL_PROPERTY.values()]
    return [term(step) for step in dict.fromkeys(["rdf:type", *steps])]
