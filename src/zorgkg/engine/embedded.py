"""The embedded engine: Oxigraph in this process, over a published version that nobody writes to any more."""

from __future__ import annotations

import os
from pathlib import Path

from pyoxigraph import DefaultGraph, RdfFormat, Store, parse

from zorgkg.engine import memory, selection
from zorgkg.engine.interface import Answer, Dataset, EngineError, QuerySyntaxError
from zorgkg.sparql import readings
from zorgkg.terms import BASE


def merge(store: Store) -> None:
    """Make the default graph the RDF merge of all named graphs.

    Oxigraph's union of graphs keeps a triple once for each graph that holds it, so that counts come out too high; a
    merge is a set (RDF 1.1 Semantics, section 3.1). No two datasets share a blank node.

    :param store: a store; triples are added to its default graph.
    """
    for graph in list(store.named_graphs()):
        _load(store, store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b"")


class EmbeddedEngine:
    """Answers queries with Oxigraph over one version, whose default graph is the merge of its named graphs.

    A version within the memory budget is held in memory, where analytic queries run several times faster than on
    Oxigraph's files: its default graph alone, which takes less than half of the memory and is faster still than all
    graphs. Queries that name graphs are answered from the files then.
    """

    def __init__(self, store: Store, version: str, directory: Path | None = None) -> None:
        """Answer queries on a store.

        :param store: has all graphs, or the default graph alone.
        :param version: the version's identifier.
        :param directory: folder of a store with all graphs, opened when a query names graphs; None: the store has all.
        """
        self._store = store
        self._version = version
        self._directory = directory
        self._full: Store | None = None

    @classmethod
    def of(cls, store: Store, version: str) -> EmbeddedEngine:
        """Answer queries on a copy of a store that has named graphs only.

        :param store: its named graphs; it is not changed.
        :param version: what to call it.
        """
        copy = Store()
        copy.bulk_extend(store)
        merge(copy)
        return cls(copy, version)

    @classmethod
    def open(cls, directory: Path, version: str, statements: int, memory_quads: int) -> EmbeddedEngine:
        """Open the store of a published version.

        :param directory: the version's store directory.
        :param version: the version's identifier.
        :param statements: number of statements (quads) in it, as its manifest says.
        :param memory_quads: the most statements that are held in memory.
        :raises EngineError: the directory holds no readable store.
        """
        try:
            if statements > memory_quads:
                return cls(Store.read_only(str(directory)), version)
            return cls(_default_graph(directory), version, directory)
        except (OSError, RuntimeError) as error:
            # RuntimeError: Oxigraph found the files corrupt.
            raise EngineError(f"cannot open the store {directory}: {error}") from error

    @property
    def store(self) -> Store:
        """What is queried."""
        return self._store

    @property
    def version(self) -> str:
        """Identifier of the version that is served."""
        return self._version

    def query(self, text: str, dataset: Dataset | None = None) -> Answer:
        """Evaluate a query; see :meth:`zorgkg.engine.interface.Engine.query`."""
        asked = dataset if dataset and (dataset.default_graphs or dataset.named_graphs) else None
        try:
            if asked is None and not _names_graphs(text):
                return self._store.query(text, base_iri=BASE)
            store = self._with_graphs()
            asked = asked or selection.stated(text)
            if asked is None:
                return store.query(text, base_iri=BASE)
            if len(asked.default_graphs) > 1:
                return _of_several(store, text, asked)
            return store.query(text, base_iri=BASE, default_graph=asked.default_nodes, named_graphs=asked.named_nodes)
        except SyntaxError as error:
            raise QuerySyntaxError(str(error)) from error
        except (OSError, ValueError) as error:
            raise EngineError(str(error)) from error

    def _with_graphs(self) -> Store:
        if self._directory is None:
            return self._store
        if self._full is None:
            with memory.uncounted():
                self._full = Store.read_only(str(self._directory))
        return self._full


def _of_several(store: Store, text: str, asked: Dataset) -> Answer:
    """Evaluate a query whose default graph is several graphs together."""
    default: DefaultGraph | list[selection.Graph] = list(dict.fromkeys(asked.default_nodes))
    if set(store.named_graphs()) <= set(asked.default_nodes):
        default = DefaultGraph()
    elif merged := selection.merged(store, asked):
        store, default = merged, DefaultGraph()
    return store.query(text, base_iri=BASE, default_graph=default, named_graphs=asked.named_nodes)


def _names_graphs(text: str) -> bool:
    """Whether a text may name graphs: by a keyword, perhaps written with escapes; a name or a string may look so too.

    Looked for in lower case, which is ten times as fast as an expression that ignores case. Only a text that has it
    somewhere is read token by token: a comment or a variable names no graph, in whatever way the text can be read.
    """
    lower = text.lower()
    if "\\u" in lower:
        return True
    return _mentions_graphs(lower) and any(
        kind not in ("comment", "variable") and _mentions_graphs(text[start:end].lower())
        for start, (kind, end) in readings(text).items()
    )


def _mentions_graphs(lower: str) -> bool:
    # Most queries of ours name `prov:wasDerivedFrom`; no keyword can stand right behind such a beginning.
    return "graph" in lower or lower.count("from") > lower.count("wasderivedfrom")


def _default_graph(directory: Path) -> Store:
    """Read the default graph of a store on disk into memory.

    It is opened in a process of its own: Oxigraph's files cannot be opened again in the forks of a process that had
    them open. Blank nodes keep their names, by which a change finds them.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            with os.fdopen(writing, "wb") as output:
                Store.read_only(str(directory)).dump(output, RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        lines = file.read()
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise OSError("the store cannot be read")
    store = Store()
    _load(store, lines)
    return store


def _load(store: Store, lines: bytes) -> None:
    """Add N-Triples to the default graph, with their blank nodes' names: :meth:`Store.bulk_load` gives new ones."""
    if b"_:" in lines:
        several = lines.splitlines(keepends=True)
        store.bulk_extend(parse(b"".join(one for one in several if b"_:" in one), format=RdfFormat.N_TRIPLES))
        lines = b"".join(one for one in several if b"_:" not in one)
    store.bulk_load(lines, RdfFormat.N_TRIPLES, lenient=True)
