"""Folding: what a person takes for the same is the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zorgkg.search.folding import key, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zörg", "zorg"),
        ("ÉTÉ", "été"),
        ("L’entraide", "l'entraide"),
        ("cœur", "coeur"),
        ("Straße", "STRASSE"),
        ("Ｇｅｎｔ", "gent"),
        ("Łódź", "lodz"),
        ("e\u0301cole", "école"),
        ("Samen-op  de\tkoffie!", "samen op de koffie"),
        ("İstanbul", "istanbul"),
    ],
)
def test_what_differs_in_accents_case_and_signs_alone_is_the_same(one: str, other: str) -> None:
    assert key(one) == key(other) != ""


def test_words_are_split_where_a_reader_splits_them() -> None:
    assert words("'t Perron (n° 3), l'été") == ("t", "perron", "n", "3", "l", "ete")


def test_other_scripts_stay_whole() -> None:
    assert words("Привет, мир") == ("привет", "мир")


@given(st.text(max_size=80))
def test_folding_again_changes_nothing(text: str) -> None:
    assert key(key(text)) == key(text)


def test_of_what_anyone_may_send_only_what_is_as_short_as_a_name_is_kept() -> None:
    name, text = "Zorgzame buurt", "a-" * 30_000
    assert words(name) is words(name)
    assert words(text) == ("a",) * 30_000
    assert words(text) is not words(text)
