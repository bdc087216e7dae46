"""Places by IRI, slug, code, and names in three languages, before and after a merger."""

from __future__ import annotations

import pytest

from zorgkg.matching.index import Index
from zorgkg.matching.places import Places
from zorgkg.matching.record import Record
from zorgkg.terms import PREFIXES

PLACE = PREFIXES["place"]


@pytest.fixture
def places(index: Index) -> Places:
    return index.places


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Gent", "gent"),
        ("gand", "gent"),
        ("GHENT", "gent"),
        ("Stad Gent", "gent"),
        ("Ville de Gand", "gent"),
        ("Gemeente Deerlijk", "deerlijk"),
        (f"{PLACE}gent", "gent"),
        ("gent", "gent"),
        ("44021", "gent"),
        ("Gent (Oost-Vlaanderen)", "gent"),
        ("Saint-Nicolas", "sint-niklaas"),
        ("sint niklaas", "sint-niklaas"),
        ("Courtrai", "kortrijk"),
        ("Beveren", "beveren"),
        ("Beveren-Kruibeke-Zwijndrecht", "beveren-kruibeke-zwijndrecht"),
        # The municipality of before and the one that it merged into have one name.
        ("Hasselt", "hasselt"),
        ("71072", "hasselt-2025"),
        ("Kruibeke", "kruibeke"),
    ],
)
def test_a_municipality_is_found_by_what_it_is_called(places: Places, text: str, slug: str) -> None:
    assert [one.iri for one in places.find(text)] == [PLACE + slug]


@pytest.mark.parametrize("text", ["", "Nergenshuizen", "99999", "Beveren aan de IJzer", "Oost-Vlaanderen"])
def test_what_is_no_municipality_is_not_found(places: Places, text: str) -> None:
    assert places.find(text) == ()


def test_the_mergers_are_those_that_the_docs_tell_of(places: Places, records: list[Record]) -> None:
    merged = {later for one in records for later in one.replaced_by if one.id.startswith(PLACE)}
    assert len(merged) == 13
    # Of those of 2019 we have what came of them alone.
    assert places.find("Deinze")
    assert not places.find("Nevele")


def test_of_all_places_several_may_have_one_name(places: Places) -> None:
    found = {one.iri.removeprefix(PLACE) for one in places.find("Beveren", ())}
    assert {"beveren", "beveren-aan-de-ijzer"} <= found


def test_a_merger_makes_a_family_but_not_of_those_that_merged(places: Places) -> None:
    merged = f"{PLACE}beveren-kruibeke-zwijndrecht"
    assert {f"{PLACE}beveren", f"{PLACE}kruibeke", f"{PLACE}zwijndrecht"} < places.family(merged)
    assert f"{PLACE}kruibeke" not in places.family(f"{PLACE}beveren")
    assert f"{PLACE}oost-vlaanderen" in places.around(f"{PLACE}beveren")
