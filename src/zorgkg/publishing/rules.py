"""Rules: CONSTRUCT queries that derive triples from what the datasets say (`ontology/rules/*.rq`, in order of name).

A rule may say from what it derives: lines `# anchor: ?variable` at the start of its WHERE and of each sub-select that
has the variable. What it derives from one value of the anchor then depends on nothing that it derives from another,
and when a published version changes, only the values that the change affects are derived again
(:func:`apply_change`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryTriples, Store, Triple
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from zorgkg.datasets.problems import InvalidData, Problem
from zorgkg.publishing.affected import (
    Binding,
    Index,
    Part,
    Pattern,
    Step,
    Term,
    Unsupported,
    View,
    deltas,
    find,
    match,
    query_parts,
    template_pattern,
)
from zorgkg.publishing.draft import Draft
from zorgkg.terms import dataset_graph, term

ANCHOR = re.compile(r"^[ \t]*# anchor: \?(\w+)[ \t]*$", re.MULTILINE)
GRAPH = dataset_graph("derived")
TYPE = term("rdf:type")


@dataclass(frozen=True)
class Rule:
    """A rule.

    :param name: its file's name without ending.
    :param text: the query.
    :param anchor: the variable whose values are derived from apart; None when the rule must be derived in full.
    :param parts: what it reads.
    :param templates: what it gives.
    """

    name: str
    text: str
    anchor: str | None
    parts: tuple[Part, ...]
    templates: tuple[Pattern, ...]

    def results(self, store: Store, anchors: Collection[Term] | None = None) -> set[Triple]:
        """Derive from the default graph of a store.

        :param anchors: the values of the anchor to derive from; None for all.
        """
        if self.anchor is None or anchors is None:
            return _construct(store, self.text)
        named = " ".join(str(anchor) for anchor in anchors if isinstance(anchor, (NamedNode, Literal)))
        found = _construct(store, self._only(f"VALUES ?{self.anchor} {{ {named} }}")) if named else set()
        if any(isinstance(anchor, BlankNode) for anchor in anchors):
            # No query can name a blank node. One anchor's results say nothing of another's: all of them are as good.
            found |= _construct(store, self._only(f"FILTER (isBlank(?{self.anchor}))"))
        return found

    def _only(self, restriction: str) -> str:
        return ANCHOR.sub(lambda _: restriction, self.text)

    def gives(self, triple: Triple, store: Store, apart: Collection[Term] = ()) -> bool:
        """Whether the rule derives a triple.

        :param store: a store with all that the rule derives from it, in its default graph too.
        :param apart: values of the anchor that do not count.
        """
        bindings = [binding for one in self.templates if (binding := match(one, triple, {})) is not None]
        if not bindings:
            return False
        if self.anchor is None:
            return triple in self.results(store)
        anchors = {anchor for binding in bindings for anchor in self._sources(binding, store)}.difference(apart)
        return bool(anchors) and triple in self.results(store, anchors)

    def _sources(self, binding: Binding, store: Store) -> Iterator[Term]:
        """List the values of the anchor from which a triple with these terms may be derived.

        What is read holds, and so do the other triples that the same solution gives, where no term can be unbound.
        """
        assert self.anchor is not None  # noqa: S101
        if self.anchor in binding:
            yield binding[self.anchor]
            return
        for part in self.parts:
            sure = part.variables() | binding.keys()
            given = tuple(one for one in self.templates if one.variables() <= sure)
            yield from find(View(store), part.patterns + given, binding, self.anchor)


class Rules:
    """Rules that are prepared for changes.

    :param rules: the rules in their order.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = list(rules)
        self.full: list[str] = []
        """Names of the rules that are derived in full at every change."""
        self._indices: dict[str, Index] = {}
        for rule in self.rules:
            if rule.anchor is not None:
                self._indices[rule.name] = Index((rule.name, delta) for delta in deltas(rule.parts, rule.anchor))
            else:
                self.full.append(rule.name)
        self.backwards: list[str] = []
        """Where a rule may read what it or a later one gives: then everything is derived anew at every change."""
        self._apart: set[tuple[NamedNode, NamedNode]] = set()
        for index, rule in enumerate(self.rules):
            for later in self.rules[index:]:
                self._check(rule, later)

    def _check(self, rule: Rule, later: Rule) -> None:
        for part in rule.parts:
            for pattern, types in _read(part, {}):
                for given in later.templates:
                    if not _overlap(pattern, given):
                        continue
                    kinds = _types(later.templates).get(_subject(given), set())
                    needed = types.get(_subject(pattern), set()) if isinstance(pattern.path, Step) else set()
                    if kinds and needed and not kinds & needed:
                        # Only a thing of two classes that the rules hold apart would be read.
                        self._apart |= {(one, other) for one in needed for other in kinds}
                    else:
                        self.backwards.append(f"{rule.name} reads {pattern}, which {later.name} gives")

    def mixes(self, draft: Draft) -> bool:
        """Whether a change makes a thing one of two classes that the rules hold apart."""
        for triple in draft.merged_came:
            if triple.predicate == TYPE:
                for pair in self._apart:
                    if triple.object in pair:
                        both = (next(View(draft.after).triples(triple.subject, TYPE, kind), None) for kind in pair)
                        if all(both):
                            return True
        return False

    def anchors(self, rule: Rule, draft: Draft) -> set[Term] | None:
        """Return the values of a rule's anchor that a change affects; None when the rule has none."""
        index = self._indices.get(rule.name)
        return None if index is None else index.affected(draft).get(rule.name, set())


def apply(store: Store, rules: Path) -> dict[str, int]:
    """Run every rule over the union of all graphs and add what it derives to the graph of the dataset `derived`.

    :param store: the candidate; it is changed.
    :param rules: folder of CONSTRUCT queries; a rule sees what the rules before it derived.
    :returns: rule name → number of triples that it gave.
    :raises InvalidData: a file is no CONSTRUCT query; the problem names it.
    """
    given: dict[str, int] = {}
    for path in sorted(rules.glob("*.rq")):
        triples = _query(store, path, path.read_text("utf-8"))
        derived = [Quad(triple.subject, triple.predicate, triple.object, GRAPH) for triple in triples]
        store.extend(derived)
        given[path.stem] = len(derived)
    return given


def prepare(folder: Path) -> Rules:
    """Read rules, to derive what changes.

    :param folder: folder of CONSTRUCT queries.
    :raises InvalidData: a file is no CONSTRUCT query, or names two anchors; the problem names it.
    """
    return Rules(_read_rule(path) for path in sorted(folder.glob("*.rq")))


def apply_change(rules: Rules, draft: Draft) -> dict[str, int]:
    """Derive from a change: afterwards the derived graph is as if all were derived anew.

    The version before holds what the rules derive from it.

    :param rules: the rules.
    :param draft: a version that was changed, but for its derived graph; that is changed here.
    :returns: rule name → number of triples that came or went.
    """
    if rules.backwards or rules.mixes(draft):
        return apply_anew(rules, draft)
    changed: dict[str, int] = {}
    for index, rule in enumerate(rules.rules):
        anchors = rules.anchors(rule, draft)
        if anchors is not None and not anchors:
            changed[rule.name] = 0
            continue
        before, after = rule.results(draft.before, anchors), rule.results(draft.after, anchors)
        went = {
            triple
            for triple in before - after
            # Another value of the anchor may still give it, a rule that is done gives it, or one that follows gave it.
            if not (anchors is not None and rule.gives(triple, draft.before, anchors))
            and not any(one.gives(triple, draft.after) for one in rules.rules[:index])
            and not any(one.gives(triple, draft.before) for one in rules.rules[index + 1 :])
        }
        changed[rule.name] = _change(draft, went, after)
    return changed


def apply_anew(rules: Rules, draft: Draft) -> dict[str, int]:
    """Derive everything anew; see :func:`apply_change`, whose result it has whatever the version before holds."""
    draft.change(list(draft.after.quads_for_pattern(None, None, None, GRAPH)), ())
    changed: dict[str, int] = {}
    for rule in rules.rules:
        changed[rule.name] = _change(draft, (), rule.results(draft.after))
    return changed


def _change(draft: Draft, went: Iterable[Triple], came: Iterable[Triple]) -> int:
    """Change the derived graph and return how many statements came or went."""
    gone = [quad for quad in _quads(went) if quad in draft.after]
    new = [quad for quad in _quads(came) if quad not in draft.after]
    draft.change(gone, new)
    return len(gone) + len(new)


def _quads(triples: Iterable[Triple]) -> list[Quad]:
    return [Quad(triple.subject, triple.predicate, triple.object, GRAPH) for triple in triples]


def _query(store: Store, path: Path, text: str) -> QueryTriples:
    try:
        triples = store.query(text, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise InvalidData([Problem(f"not SPARQL: {error}", path)]) from error
    if not isinstance(triples, QueryTriples):
        raise InvalidData([Problem("a rule must be a CONSTRUCT query", path)])
    return triples


def _construct(store: Store, text: str) -> set[Triple]:
    triples = store.query(text)
    if not isinstance(triples, QueryTriples):
        raise TypeError("a rule must be a CONSTRUCT query")
    return set(triples)


def _read_rule(path: Path) -> Rule:
    text = path.read_text("utf-8")
    _query(Store(), path, text)
    names = set(ANCHOR.findall(text))
    if len(names) > 1:
        raise InvalidData([Problem("a rule has one anchor", path)])
    anchor = next(iter(names), None)
    algebra = translateQuery(parseQuery(text)).algebra
    patterns = [template_pattern(triple) for triple in algebra.template]
    try:
        parts = tuple(query_parts(text))
        if anchor is not None:
            deltas(parts, anchor)
    except Unsupported:
        return Rule(path.stem, text, None, (), tuple(patterns))
    return Rule(path.stem, text, anchor, parts, tuple(_with_domains(patterns, parts)))


def _with_domains(patterns: Iterable[Pattern], parts: tuple[Part, ...]) -> Iterator[Pattern]:
    """Write out the predicates that a VALUES block lists."""
    for pattern in patterns:
        name = pattern.path.predicate if isinstance(pattern.path, Step) else None
        values = {value for part in parts for value in part.domains.get(name, ())} if isinstance(name, str) else set()
        if values and all(isinstance(name, str) and name in part.domains for part in parts):
            for value in values:
                if isinstance(value, NamedNode):
                    yield Pattern(pattern.subject, Step(value), pattern.object)
        else:
            yield pattern


# Does a rule read what a later one gives?


def _read(part: Part, types: dict[str, set[NamedNode]]) -> Iterator[tuple[Pattern, dict[str, set[NamedNode]]]]:
    """List the patterns of a part, with the classes that its variables have there."""
    known = {name: set(kinds) for name, kinds in types.items()}
    for name, kinds in _types(part.patterns).items():
        known.setdefault(name, set()).update(kinds)
    for pattern in part.patterns:
        yield pattern, known
    for one in part.inner:
        yield from _read(one, known)


def _types(patterns: Iterable[Pattern]) -> dict[str, set[NamedNode]]:
    found: dict[str, set[NamedNode]] = {}
    for pattern in patterns:
        if isinstance(pattern.subject, str) and pattern.path == Step(TYPE) and isinstance(pattern.object, NamedNode):
            found.setdefault(pattern.subject, set()).add(pattern.object)
    return found


def _subject(pattern: Pattern) -> str:
    return pattern.subject if isinstance(pattern.subject, str) else ""


def _overlap(read: Pattern, given: Pattern) -> bool:
    """Whether a triple can match both patterns."""
    if not isinstance(read.path, Step):
        return any(_overlap(Pattern("~s", step, "~o"), given) for step in read.steps())
    pairs = [(read.subject, given.subject), (read.object, given.object)]
    assert isinstance(given.path, Step)  # noqa: S101
    pairs.append((read.path.predicate or "~p", given.path.predicate or "~p"))
    return all(isinstance(one, str) or isinstance(other, str) or one == other for one, other in pairs)
