"""The embedded engine: Oxigraph in this process, over a published version that nobody writes to any more."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Store

from zorgkg.engine.interface import Answer, Dataset, EngineError, QuerySyntaxError
from zorgkg.sparql import tokens


class EmbeddedEngine:
    """Answers queries with Oxigraph over one version.

    A version within the memory budget is read into memory, where analytic queries run five to eight times faster than
    on Oxigraph's files (docs/performance.md); a larger one is opened where it lies, read-only.
    """

    def __init__(self, store: Store, version: str) -> None:
        self._store = store
        self._version = version

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
            disk = Store.read_only(str(directory))
            if statements > memory_quads:
                return cls(disk, version)
            store = Store()
            store.bulk_extend(disk.quads_for_pattern(None, None, None, None))
            return cls(store, version)
        except OSError as error:
            raise EngineError(f"cannot open the store {directory}: {error}") from error

    @property
    def version(self) -> str:
        """Identifier of the version that is served."""
        return self._version

    def query(self, text: str, dataset: Dataset | None = None) -> Answer:
        """Evaluate a query; see :meth:`zorgkg.engine.interface.Engine.query`."""
        given = dataset is not None and bool(dataset.default_graphs or dataset.named_graphs)
        try:
            if given and dataset is not None:
                return self._store.query(text, default_graph=dataset.default_nodes, named_graphs=dataset.named_nodes)
            return self._store.query(text, use_default_graph_as_union=not _has_from(text))
        except SyntaxError as error:
            raise QuerySyntaxError(str(error)) from error
        except (OSError, ValueError) as error:
            raise EngineError(str(error)) from error


def _has_from(text: str) -> bool:
    # A dataset clause stands before WHERE; there FROM is never anything else.
    for token in tokens(text):
        if token.kind == "mark" and token.text == "{":
            return False
        if token.kind == "word" and token.text.upper() == "FROM":
            return True
    return False
