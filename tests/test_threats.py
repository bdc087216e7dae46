"""The page of threats names tests and settings that exist."""

from __future__ import annotations

import re
from pathlib import Path

from zorgkg.settings import SETTINGS

ROOT = Path(__file__).parents[1]


def test_every_test_and_setting_that_the_page_of_threats_names_exists() -> None:
    page = (ROOT / "docs" / "threats.md").read_text("utf-8")
    tests = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", page))
    assert len(named) > 20
    assert {name for name in named if f"def {name}(" not in tests} == set()
    assert set(re.findall(r"ZORGKG_\w+", page)) <= {setting.name for setting in SETTINGS}
    assert all((ROOT / path).exists() for path in re.findall(r"`((?:tests|ontology)/[\w/.]+)`", page))
