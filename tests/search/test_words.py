"""Words that are nearly the one that was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zorgkg.search.words import distance


@pytest.mark.parametrize(
    ("typed", "word", "whole", "beginning"),
    [
        ("mechelen", "mechelen", 0, 0),
        ("mechlen", "mechelen", 1, 1),
        ("mechelne", "mechelen", 1, 1),
        ("mexhelen", "mechelen", 1, 1),
        ("mecheleen", "mechelen", 1, 1),
        ("mechl", "mechelen", 3, 1),
        ("", "ab", 2, 0),
        ("ab", "", 2, 2),
    ],
)
def test_mistakes_are_counted(typed: str, word: str, whole: int, beginning: int) -> None:
    assert distance(typed, word, 9) == (whole, beginning)


def _slowly(one: str, other: str) -> int:
    """The definition of the distance (optimal string alignment), without any thought of speed."""
    if not one or not other:
        return len(one) + len(other)
    least = min(
        _slowly(one[1:], other) + 1,
        _slowly(one, other[1:]) + 1,
        _slowly(one[1:], other[1:]) + (one[0] != other[0]),
    )
    if len(one) > 1 and len(other) > 1 and one[0] == other[1] and one[1] == other[0]:
        least = min(least, _slowly(one[2:], other[2:]) + 1)
    return least


@given(st.text("abc", max_size=5), st.text("abc", max_size=5), st.integers(0, 5))
def test_the_distance_is_what_its_definition_says(one: str, other: str, most: int) -> None:
    whole, beginning = distance(one, other, most)
    exact = _slowly(one, other)
    assert (whole == exact) if exact <= most else (whole > most)
    nearest = min(_slowly(one, other[:end]) for end in range(len(other) + 1))
    assert (beginning == nearest) if nearest <= most else (beginning > most)
