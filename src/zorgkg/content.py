"""Where the ontology, the dataset packages and the questions are: beside the source tree, or in the installed wheel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Content:
    """The three folders that a version is built from."""

    ontology: Path
    data: Path
    queries: Path


def locate(root: Path | None = None) -> Content:
    """Find the content folders.

    :param root: folder that holds `ontology`, `data` and `queries`; by default the wheel's own, else the checkout's.
    :returns: the three folders.
    :raises FileNotFoundError: one of them is missing.
    """
    package = Path(__file__).resolve().parent
    candidates = [root] if root else [package / "content", package.parents[1]]
    for candidate in candidates:
        content = Content(candidate / "ontology", candidate / "data", candidate / "queries")
        if all(folder.is_dir() for folder in (content.ontology, content.data, content.queries)):
            return content
    raise FileNotFoundError(f"no folders ontology, data and queries in {candidates[-1]}")
