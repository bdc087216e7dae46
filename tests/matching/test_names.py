"""Names are made alike: Dutch and French, abbreviations, legal forms, order, punctuation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zorgkg.matching.names import parse, spellings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LDC De Bres", "Lokaal dienstencentrum De Bres"),
        ("LDC De Bres", "Centre de services local De Bres"),
        ("L.D.C. De Bres", "ldc de bres"),
        ("OCMW Gent", "O.C.M.W. van Gent"),
        ("OCMW Ostende", "CPAS d'Ostende"),
        ("WZC Ter Linden", "Woon- en zorgcentrum Ter Linden"),
        ("WZC Ter Linden", "Maison de repos Ter Linden"),
        ("Sociaal Huis Aalter", "Maison sociale d’Aalter"),
        ("Hoplr", "Hoplr vzw"),
        ("Hoplr vzw", "ASBL HOPLR"),
        ("'t Binnenhof", "Binnenhof, 't"),
        ("Buurt-Huis", "buurt huis"),
        ("Sociale dienst OCMW Laarne", "Service social CPAS Laarne"),
        ("Sint-Jozef", "St. Jozef"),
        ("Crèche Été", "creche ete"),
        ("Woonzorgcentrum De Linde", "Woonzorgcetrum De Linde"),
        ("LDC De Linde", "De Linde, LDC"),
    ],
)
def test_names_of_one_thing_have_one_key(one: str, other: str) -> None:
    assert parse(one).key == parse(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OCMW Gent", "Stad Gent"),
        ("LDC De Bres", "OCMW De Bres"),
        ("LDC De Linde", "WZC De Linde"),
        ("Basisschool 3", "Basisschool 4"),
        ("Sociale dienst OCMW Laarne", "OCMW Laarne"),
    ],
)
def test_names_of_two_things_have_two_keys(one: str, other: str) -> None:
    assert parse(one).key != parse(other).key


@pytest.mark.parametrize("name", ["OCMW", "CAW", "het OCMW", "Stad", "Lokaal Dienstencentrum", "De bibliotheek"])
def test_a_kind_alone_is_told(name: str) -> None:
    assert parse(name).is_bare


def test_a_word_inside_the_name_of_a_place_says_no_kind() -> None:
    assert parse("Bibliotheek Herk-de-Stad").kinds == {"library"}
    assert parse("Sociale regie Stad Gent").kinds == {"local-authority"}


def test_what_stands_in_brackets_may_be_left_out() -> None:
    assert spellings("CAW (Mechelen)") == ("CAW (Mechelen)", "CAW")
    assert spellings("(zonder)") == ("(zonder)",)
    assert spellings("UGent (Gent) vakgroep") == ("UGent (Gent) vakgroep", "UGent vakgroep")


@given(st.text(max_size=200))
def test_anything_can_be_a_name(text: str) -> None:
    parse(text)
    spellings(text)
