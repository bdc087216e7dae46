"""SPARQL 1.1 Update (https://www.w3.org/TR/sparql11-update/) on a draft.

The engine evaluates patterns and fills templates, but into scratch graphs, from which the statements are taken that
each operation removes and adds: so what an update changed is known without comparing whole versions. The dataset of a
WHERE clause is the one that queries see: its default graph is the merge of all named graphs. Statements that an update
adds or removes without naming a graph are those of the dataset `default`. CLEAR and DROP of ALL and NAMED leave the
graph alone that rules write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from zorgkg.publishing.draft import Draft
from zorgkg.sparql import Token, decode_escapes, position, tokens
from zorgkg.terms import dataset_graph

DEFAULT: Final = dataset_graph("default")
"""The dataset of statements that were written without naming a graph."""

DERIVED: Final = dataset_graph("derived")
"""The dataset that rules write."""

_CAME: Final = "urn:x-zorgkg:came:"
_WENT: Final = "urn:x-zorgkg:went:"
SCRATCH: Final = (_CAME, _WENT)
"""How the IRIs of scratch graphs begin; no version has such a graph."""
_GRAPHS: Final = ("CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY")


class UpdateSyntaxError(Exception):
    """The text is no SPARQL 1.1 update; the message is the parser's, with line and column."""


class UpdateError(Exception):
    """A valid update cannot be carried out, as one that drops a graph that is not there; the message says why."""


class DatasetConflict(Exception):
    """The dataset is given by protocol and by the update itself (SPARQL 1.1 Protocol, section 2.2.3)."""


@dataclass(frozen=True)
class Scope:
    """What an update is about, as its request tells.

    :param base: base IRI of relative IRIs.
    :param using: IRIs of the default graph of WHERE (`using-graph-uri`).
    :param named: IRIs of the named graphs of WHERE (`using-named-graph-uri`).
    :param graph: the graph that the update changes and whose statements WHERE sees when it names none.
    """

    base: str | None = None
    using: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    graph: NamedNode = DEFAULT


def apply(draft: Draft, text: str, scope: Scope = Scope()) -> None:
    """Carry out an update, operation by operation.

    :param draft: what is changed.
    :param text: SPARQL 1.1 update; the guard has refused LOAD, and SERVICE of what it does not know, before.
    :param scope: what the request tells beside the text.
    :raises UpdateSyntaxError: the text is no update; nothing was changed.
    :raises DatasetConflict: the dataset is given twice; nothing was changed.
    :raises UpdateError: an operation cannot be carried out; the draft is half changed and must not be published.
    """
    text = decode_escapes(text)
    operations = list(_operations(text))
    for operation in operations:
        _parse(operation, scope.base)
    _labels(operations)
    if (scope.using or scope.named) and any(operation.names_dataset for operation in operations):
        raise DatasetConflict("the dataset is given by using-graph-uri and by WITH or USING in the update; give one")
    for operation in operations:
        if operation.keyword in _GRAPHS:
            _on_graphs(draft, operation, scope)
        elif operation.tokens:
            _on_statements(draft, operation, scope)


def _parse(operation: _Operation, base: str | None) -> None:
    """Let the engine read an operation, on a store where it finds nothing."""
    try:
        Store().update(operation.alone, base_iri=base)
    except SyntaxError:
        # Read again where it stands, for the line and column of the message.
        try:
            Store().update(operation.in_place, base_iri=base)
        except SyntaxError as placed:
            error = placed
        raise UpdateSyntaxError(str(error)) from error
    except (OSError, RuntimeError, ValueError):
        # It is an update, which fails for want of a graph; the draft may have it.
        return


def _labels(operations: Sequence[_Operation]) -> None:
    """Refuse a blank node label in two INSERT DATA operations (SPARQL 1.1 Query, section 19.6)."""
    known = set[str]()
    for operation in operations:
        if (operation.word(0), operation.word(1)) == ("INSERT", "DATA"):
            blank = [token for token in operation.tokens if token.kind == "blank"]
            for token in blank:
                if token.text in known:
                    line, column = position(operation.text, token.start)
                    raise UpdateSyntaxError(
                        f"error at {line}:{column}: the blank node {token.text} stands in an earlier INSERT DATA"
                    )
            known.update(token.text for token in blank)


@dataclass(frozen=True)
class _Operation:
    """One operation: its tokens, the text that they stand in, and the prologue so far, with its places in the text."""

    text: str
    prologue: str
    declared: tuple[slice, ...]
    tokens: tuple[Token, ...]

    @property
    def alone(self) -> str:
        """The prologue and the operation.

        The engine's parser takes no prologue after a semicolon, which the grammar allows (rule 29).
        """
        return self.prologue + self._own

    @property
    def in_place(self) -> str:
        """The prologue and the operation, each where it stands, with blanks for the operations before."""
        text = ""
        for part in self.declared:
            text += _blanks(self.text[len(text) : part.start]) + self.text[part]
        return text + (_blanks(self.text[len(text) : self.tokens[0].start]) if self.tokens else "") + self._own

    @property
    def _own(self) -> str:
        return self.text[self.tokens[0].start : self.tokens[-1].end] if self.tokens else ""

    @property
    def keyword(self) -> str:
        return self.word(0)

    @property
    def names_dataset(self) -> bool:
        return any(one.kind == "word" and one.text.upper() in ("WITH", "USING") for one, _ in self.parts())

    def word(self, index: int) -> str:
        """A token as a keyword; empty where there is none."""
        return self.tokens[index].text.upper() if index < len(self.tokens) else ""

    def parts(self) -> Iterator[tuple[Token, str]]:
        """The tokens outside braces, and whole groups: their opening brace, and the text between the braces."""
        if not self.tokens:
            return
        depth, opened = 0, self.tokens[0]
        for token in self.tokens:
            if token.text == "{" and token.kind == "mark":
                depth += 1
                opened = token if depth == 1 else opened
            elif token.text == "}" and token.kind == "mark":
                depth -= 1
                if depth == 0:
                    yield opened, self.text[opened.end : token.start]
            elif depth == 0:
                yield token, ""


def _operations(text: str) -> Iterator[_Operation]:
    """Split an update at the semicolons outside braces; prologues add up."""
    prologue, depth = "", 0
    declared: tuple[slice, ...] = ()
    members: list[Token] = []
    for token in [*tokens(text), Token("mark", ";", len(text))]:
        depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "mark" else 0
        if depth > 0 or token.kind != "mark" or token.text != ";":
            members.append(token)
            continue
        rest = _after_prologue(members)
        if not rest and token.start < len(text):
            line, column = position(text, token.start)
            raise UpdateSyntaxError(f"error at {line}:{column}: no operation before the semicolon")
        if len(rest) < len(members):
            place = slice(members[0].start, rest[0].start if rest else members[-1].end)
            # Texts that were joined declare the same before each operation.
            if not prologue.endswith("\n" + text[place] + "\n"):
                prologue += "\n" + text[place] + "\n"
                declared = (*declared, place)
        yield _Operation(text, prologue, declared, tuple(rest))
        members = []
    if depth > 0:
        yield _Operation(text, prologue, declared, tuple(_after_prologue(members)))


def _blanks(text: str) -> str:
    """White space with the lines and columns of a text."""
    return "".join(one if one in "\r\n" else " " for one in text)


def _after_prologue(members: list[Token]) -> list[Token]:
    rest = members
    while rest and rest[0].kind == "word" and rest[0].text.upper() in ("BASE", "PREFIX"):
        rest = rest[2:] if rest[0].text.upper() == "BASE" else rest[3:]
    return rest


def _on_statements(draft: Draft, operation: _Operation, scope: Scope) -> None:
    """INSERT DATA, DELETE DATA, DELETE WHERE, and DELETE and INSERT with a pattern."""
    read = _read(operation, scope)
    rewritten = _rewritten(operation, scope, read)
    store = draft.after
    try:
        store.update(rewritten, base_iri=scope.base)
    except SyntaxError as error:
        raise UpdateSyntaxError(str(error)) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise UpdateError(str(error)) from error
    went, came = _taken(store, _WENT), _taken(store, _CAME)
    draft.change(went, came)


@dataclass
class _Modify:
    """The clauses of an operation on statements, as text."""

    with_: str = ""
    delete: str = ""
    insert: str = ""
    using: str = ""
    where: str = ""


def _read(operation: _Operation, scope: Scope) -> _Modify:
    clauses, heads = _Modify(), list[str]()
    parts = list(operation.parts())
    for index, (token, group) in enumerate(parts):
        if token.kind != "mark":
            heads.append(token.text)
            continue
        if token.text != "{":
            continue
        words = [head.upper() for head in heads]
        if words[-2:] == ["DELETE", "WHERE"]:
            clauses.delete = clauses.where = group
        elif words[-2:] == ["INSERT", "DATA"] or words[-1:] == ["INSERT"]:
            clauses.insert = group
        elif words[-2:] == ["DELETE", "DATA"] or words[-1:] == ["DELETE"]:
            clauses.delete = group
        elif index == len(parts) - 1:
            clauses.where = group
            clauses.using = _clause(heads, "USING")
        if words[:1] == ["WITH"]:
            clauses.with_ = heads[1]
        heads = []
    if not clauses.using:
        given = [*(f"USING <{iri}>" for iri in scope.using), *(f"USING NAMED <{iri}>" for iri in scope.named)]
        if not given and not clauses.with_ and scope.graph != DEFAULT:
            clauses.with_ = f"<{scope.graph.value}>"
        clauses.using = " ".join(given)
    return clauses


def _clause(heads: Sequence[str], keyword: str) -> str:
    """The text of the clauses that start with a keyword, up to WHERE."""
    words = [head.upper() for head in heads]
    end = len(words) - 1 if words[-1:] == ["WHERE"] else len(words)
    return " ".join(heads[words.index(keyword) : end]) if keyword in words else ""


def _rewritten(operation: _Operation, scope: Scope, clauses: _Modify) -> str:
    """The operation as an INSERT into scratch graphs, which leaves all other graphs as they are."""
    own = clauses.with_ or f"<{scope.graph.value}>"
    parts = [
        (prefix, graph, triples)
        for prefix, template in ((_WENT, clauses.delete), (_CAME, clauses.insert))
        for graph, triples in _quads(template, own)
    ]
    # Not bound like variables: the engine nests each BIND in the one before, and thousands overflow its stack.
    names = list(dict.fromkeys(graph for _, graph, _ in parts if graph[0] not in "?$"))
    known = dict(zip(names, _iris(operation, scope, names), strict=True))
    variables: dict[tuple[str, str], str] = {}
    templates: list[str] = []
    stem = "zorgkg"
    while f"?{stem}" in operation.text or f"${stem}" in operation.text:
        stem += "_"
    for prefix, graph, triples in parts:
        if graph in known:
            name = f"<{prefix}{known[graph].value}>"
        else:
            name = variables.setdefault((prefix, graph), f"?{stem}{len(variables)}")
        templates.append(f"GRAPH {name} {{ {triples} }}")
    # A graph's name that is no IRI gives nothing, as it does in the operation itself.
    binds = [
        f'BIND(IF(isIRI({graph}), IRI(CONCAT("{prefix}", STR({graph}))), ?{stem}) AS {name})'
        for (prefix, graph), name in variables.items()
    ]
    with_ = f"WITH {clauses.with_}\n" if clauses.with_ else ""
    return (
        f"{operation.prologue}{with_}INSERT {{ {' '.join(templates)} }}\n{clauses.using}\n"
        f"WHERE {{ {{ {clauses.where}\n}} {' '.join(binds)} }}"
    )


def _quads(template: str, own: str) -> Iterator[tuple[str, str]]:
    """The parts of a template: the graph that each goes to, and its triples."""
    depth, start = 0, 0
    graph = ""
    expects_graph = False
    for token in tokens(template):
        if expects_graph:
            graph, expects_graph = token.text, False
        elif depth == 0 and token.kind == "word" and token.text.upper() == "GRAPH":
            yield from _some(own, template[start : token.start])
            expects_graph = True
        elif token.kind == "mark" and token.text == "{":
            depth += 1
            # What RDF 1.2 writes between braces is part of the triples.
            start = token.end if depth == 1 and graph else start
        elif token.kind == "mark" and token.text == "}":
            depth -= 1
            if depth == 0 and graph:
                yield from _some(graph, template[start : token.start])
                graph, start = "", token.end
    yield from _some(own, template[start:])


def _some(graph: str, triples: str) -> Iterator[tuple[str, str]]:
    found = list(tokens(triples))
    # What is left between two groups may be a full stop alone.
    if any(token.text != "." for token in found):
        first = next(token for token in found if token.text != ".")
        yield graph, triples[first.start :]


def _taken(store: Store, prefix: str) -> list[Quad]:
    """Take the statements out of the scratch graphs."""
    taken: list[Quad] = []
    for graph in list(store.named_graphs()):
        if isinstance(graph, NamedNode) and graph.value.startswith(prefix):
            name = NamedNode(graph.value.removeprefix(prefix))
            taken += [
                Quad(quad.subject, quad.predicate, quad.object, name)
                for quad in store.quads_for_pattern(None, None, None, graph)
            ]
            store.remove_graph(graph)
    return taken


def _on_graphs(draft: Draft, operation: _Operation, scope: Scope) -> None:
    """CLEAR, DROP, CREATE, and ADD, MOVE and COPY (SPARQL 1.1 Update, section 3.2)."""
    words = list(operation.tokens[1:])
    silent = bool(words) and words[0].text.upper() == "SILENT"
    words = words[1:] if silent else words
    if operation.keyword in ("ADD", "MOVE", "COPY"):
        middle = next(index for index, word in enumerate(words) if word.kind == "word" and word.text.upper() == "TO")
        source, target = (_graph(operation, scope, part)[0] for part in (words[:middle], words[middle + 1 :]))
        _transfer(draft, operation.keyword, source, target, silent)
        return
    if words[0].kind == "word" and words[0].text.upper() in ("NAMED", "ALL"):
        whole = words[0].text.upper() == "ALL"
        graphs = [one for one in _named(draft) if one != DERIVED and (whole or one != DEFAULT)]
    else:
        graphs = _graph(operation, scope, words)
        there = graphs[0] == DEFAULT or draft.after.contains_named_graph(graphs[0])
        if there == (operation.keyword == "CREATE") and not silent and graphs[0] != DEFAULT:
            state = "is there already" if there else "is not there"
            raise UpdateError(f"{operation.keyword}: the graph <{graphs[0].value}> {state}")
    for graph in graphs:
        _GRAPH_OPERATIONS[operation.keyword](draft, graph)


_GRAPH_OPERATIONS: Final[dict[str, Callable[[Draft, NamedNode], None]]] = {
    "CLEAR": Draft.clear,
    "DROP": Draft.drop,
    "CREATE": Draft.create,
}


def _transfer(draft: Draft, keyword: str, source: NamedNode, target: NamedNode, silent: bool) -> None:
    if source != DEFAULT and not draft.after.contains_named_graph(source):
        if silent:
            return
        raise UpdateError(f"{keyword}: the graph <{source.value}> is not there")
    if source == target:
        return
    statements = [Quad(quad.subject, quad.predicate, quad.object, target) for quad in draft.statements(source)]
    draft.create(target)
    draft.change([] if keyword == "ADD" else draft.statements(target), statements)
    if keyword == "MOVE":
        draft.drop(source)


def _named(draft: Draft) -> list[NamedNode]:
    return [graph for graph in draft.after.named_graphs() if isinstance(graph, NamedNode)]


def _graph(operation: _Operation, scope: Scope, words: Sequence[Token]) -> list[NamedNode]:
    """The graph that is named: `DEFAULT`, `GRAPH <iri>` or `<iri>`; the engine resolves prefixes and relative IRIs."""
    name = words[-1]
    if name.kind == "word":
        return [scope.graph]
    (graph,) = _iris(operation, scope, [name.text])
    return [graph]


def _iris(operation: _Operation, scope: Scope, names: Sequence[str]) -> list[NamedNode]:
    """The IRIs that names stand for; the engine resolves prefixes and relative IRIs."""
    query = f"{operation.prologue}SELECT ?graph WHERE {{ VALUES ?graph {{ {' '.join(names)} }} }}"
    solutions = Store().query(query, base_iri=scope.base)
    found = [solution["graph"] for solution in solutions] if isinstance(solutions, QuerySolutions) else []
    iris = [graph for graph in found if isinstance(graph, NamedNode)]
    if len(iris) < len(names):
        raise UpdateSyntaxError(f"not all of {', '.join(names)} are names of graphs")
    return iris
