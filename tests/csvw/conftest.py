"""Small tables for the tests of zorgkg.csvw, written to a temporary folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zorgkg.csvw import TableGroup, load

Described = Callable[..., TableGroup]


@pytest.fixture
def described(tmp_path: Path) -> Described:
    """Write a table with its metadata and load it: `described(csv, columns, **schema)`."""

    def make(
        csv: str | bytes, columns: list[dict[str, Any]], table: dict[str, Any] | None = None, **schema: Any
    ) -> TableGroup:
        data = csv if isinstance(csv, bytes) else csv.encode()
        (tmp_path / "table.csv").write_bytes(data)
        metadata = {
            "@context": ["http://www.w3.org/ns/csvw", {"@base": "https://data.example/"}],
            "url": "table.csv",
            **(table or {}),
            "tableSchema": {"columns": columns, **schema},
        }
        (tmp_path / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
        return load(tmp_path / "metadata.json")

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write files by name (texts, or objects as JSON) and return the folder."""

    def make(**files: Any) -> Path:
        for name, content in files.items():
            file, kind = name.rsplit("_", 1)
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / f"{file}.{kind}").write_text(text, encoding="utf-8", newline="")
        return tmp_path

    return make
