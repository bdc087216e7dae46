"""Numbers of registers in all the forms in which they are printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zorgkg.matching import identifiers


@pytest.mark.parametrize(
    "printed",
    [
        "0403170701",
        "0403.170.701",
        "403170701",
        "403.170.701",
        "BE 0403.170.701",
        "BE0403170701",
        "BE 403 170 701",
        "0403 170 701",
        "KBO 0403.170.701",
        "BTW BE0403.170.701",
        "https://data.vlaanderen.be/id/onderneming/0403170701",
        "\u00a00403.170.701 ",
    ],
)
def test_an_enterprise_number_is_read_in_every_printed_form(printed: str) -> None:
    assert identifiers.kbo(printed) == "0403170701"
    assert identifiers.recognise(printed) == ("kbo", "0403170701")


@pytest.mark.parametrize(
    "printed", ["0403170702", "0403.170.710", "2403170701", "0000000000", "12345", "", "BE", "n/a"]
)
def test_a_number_that_fails_its_check_is_none(printed: str) -> None:
    assert identifiers.kbo(printed) is None


@given(st.integers(min_value=1_000_000, max_value=19_999_999))
def test_one_wrong_digit_is_always_noticed(body: int) -> None:
    number = f"{body:08d}{97 - body % 97:02d}"
    assert identifiers.kbo(number) == number
    for place, digit in enumerate(number):
        other = number[:place] + str((int(digit) + 1) % 10) + number[place + 1 :]
        assert identifiers.kbo(other) is None


def test_other_numbers() -> None:
    assert identifiers.vcode("v 0012345") == "V0012345"
    assert identifiers.vcode("V123") is None
    assert identifiers.nis("NIS: 44021") == "44021"
    assert identifiers.nis("4402") is None
    assert identifiers.postcode("B-9000") == "9000"
    assert identifiers.postcode("0900") is None
    assert identifiers.read("kbo", "403.170.701") == "0403170701"
    assert identifiers.read("ovo", " OVO0001 ") == "OVO0001"
