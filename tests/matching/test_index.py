"""Candidates: those that may be meant, the best first, and whether the best is certain."""

from __future__ import annotations

import pytest

from zorgkg.linking import proposing
from zorgkg.matching.index import Index
from zorgkg.matching.record import Record
from zorgkg.matching.scoring import Candidate
from zorgkg.search import schema
from zorgkg.terms import PREFIXES, term

PLACE, ORGANISATION = PREFIXES["place"], PREFIXES["organisation"]
KIND = f"{PREFIXES['framework']}organisation-kind/"
FORMAL = term("org:FormalOrganization").value


def row(name: str, place: str = "", **more: object) -> Record:
    return Record("urn:row:1", (name,), (FORMAL,), municipality=PLACE + place if place else None, **more)  # type: ignore[arg-type]


def match(found: list[Candidate]) -> str | None:
    return found[0].record.id.rpartition("/")[2] if found and found[0].match else None


def organisation(slug: str, name: str, kind: str = "", place: str = "", **more: object) -> Record:
    return Record(
        ORGANISATION + slug,
        (name,),
        (FORMAL,),
        (KIND + kind,) if kind else (),
        PLACE + place if place else None,
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def made(records: list[Record]) -> Index:
    """A small register beside the real places."""
    return Index.of(
        [
            *(one for one in records if one.id.startswith(PLACE)),
            organisation("linde-gent", "LDC De Linde", "ldc", "gent", identifiers=(("kbo", "0403170701"),)),
            organisation("linde-lier", "LDC De Linde", "ldc", "lier", postcode="2500"),
            organisation("ocmw-beveren", "OCMW Beveren", "ocmw", "beveren"),
            organisation("ocmw-kruibeke", "OCMW Kruibeke", "ocmw", "kruibeke"),
            organisation("kruispunt", "Kruispunt Zonneveld", "vzw", "aalst"),
            organisation("school-3", "Vrije Basisschool Zilverberg 3", "school", "roeselare"),
            organisation("school-4", "Vrije Basisschool Zilverberg 4", "school", "roeselare"),
        ]
    )


def test_a_number_of_a_register_decides(made: Index) -> None:
    found = made.candidates(row("Lokaal dienstencentrum Linde", identifiers=(("kbo", "0403170701"),)))
    assert match(found) == "linde-gent"
    assert found[0].justification == "semapv:BackgroundKnowledgeBasedMatching"
    assert {one.id: one.value for one in found[0].features}["identifier"] is True


def test_a_service_under_the_number_of_its_parent_is_not_its_parent(made: Index) -> None:
    number = (("kbo", "0403170701"),)
    assert match(made.candidates(row("Strijkatelier Het Ijzer", "gent", identifiers=number))) is None
    assert match(made.candidates(row("WZC De Linde", "gent", identifiers=number))) is None


def test_another_number_of_the_same_register_speaks_against_it(made: Index) -> None:
    found = made.candidates(row("LDC De Linde", "gent", identifiers=(("kbo", "0404484654"),)))
    assert match(found) is None


def test_a_part_of_a_city_is_told_to_have_another_name(index: Index) -> None:
    found = index.candidates(row("Stad Gent (dienst Ouderen)", "gent"))[0]
    assert {one.id: one.value for one in found.features}["same_name"] is False
    assert found.justification == "semapv:LexicalSimilarityThresholdMatching"


def test_of_several_numbers_of_one_register_each_counts(made: Index) -> None:
    two = (("kbo", "0403170701"), ("kbo", "0404484654"))
    assert match(made.candidates(row("LDC De Linde", identifiers=two))) == "linde-gent"


def test_the_place_tells_two_of_one_name_apart(made: Index) -> None:
    assert match(made.candidates(row("LDC De Linde", "gent"))) == "linde-gent"
    assert match(made.candidates(row("LDC De Linde", "lier"))) == "linde-lier"
    assert match(made.candidates(row("LDC De Linde"))) is None
    assert match(made.candidates(row("LDC De Linde (Gent)"))) == "linde-gent"
    assert match(made.candidates(row("LDC De Linde", "aalst"))) is None


def test_of_merged_municipalities_the_name_says_which(made: Index) -> None:
    merged = "beveren-kruibeke-zwijndrecht"
    assert match(made.candidates(row("OCMW Beveren", merged))) == "ocmw-beveren"
    # Which of the two is meant, nobody can tell.
    assert match(made.candidates(row("OCMW", merged))) is None
    assert match(made.candidates(row("OCMW", "beveren"))) == "ocmw-beveren"


@pytest.mark.parametrize(
    "name", ["Kruispunt Zoneveld", "Kruispuntt Zonneveld", "KruispuntZonneveld", "Zonneveld, Kruispunt"]
)
def test_a_mistake_is_forgiven(made: Index, name: str) -> None:
    assert match(made.candidates(row(name, "aalst"))) == "kruispunt"


def test_another_number_in_a_name_is_another_thing(made: Index) -> None:
    assert match(made.candidates(row("Vrije Basisschool Zilverberg 4", "roeselare"))) == "school-4"
    assert match(made.candidates(row("Vrije Basisschool Zilverberg 5", "roeselare"))) is None


def test_a_thing_is_no_candidate_for_itself_nor_for_its_dataset(index: Index, records: list[Record]) -> None:
    own = next(one for one in records if one.id == f"{ORGANISATION}ocmw-gent")
    assert own.id not in {one.record.id for one in index.candidates(own)}
    found = index.candidates(row("OCMW Gent"), without=own.datasets)
    assert own.id not in {one.record.id for one in found}


def test_what_the_links_refuse_is_no_match(index: Index, records: list[Record]) -> None:
    by_id = {one.id: one for one in records}
    for slug in ("ldc-de-bres", "caw-roeselare", "caw-mechelen", "samenlevingsopbouw-laarne", "buurtpensioen"):
        found = index.candidates(by_id[ORGANISATION + slug])
        assert match(found) is None, (slug, found[:1])


def test_a_kind_alone_needs_its_place_and_a_regional_one_more(index: Index) -> None:
    assert match(index.candidates(row("OCMW", "gent"))) == "ocmw-gent"
    assert match(index.candidates(row("OCMW"))) is None
    for place in ("", "mechelen", "kortrijk", "roeselare"):
        assert match(index.candidates(row("CAW", place))) is None


@pytest.mark.parametrize("name", ["WZC De Linde (LDC)", "WZC/LDC De Linde", "LDC De Linden", "LDC De Lindehof"])
def test_another_kind_beside_it_or_a_name_like_it_is_proposed(made: Index, name: str) -> None:
    found = made.candidates(row(name, "gent"))
    assert found[0].record.id == f"{ORGANISATION}linde-gent"
    assert found[0].score > 60
    assert not found[0].match


def test_a_plural_among_other_words_is_another_name_too(made: Index) -> None:
    assert match(made.candidates(row("Kruispunten Zonneveld", "aalst"))) is None
    assert match(made.candidates(row("Kruispunt Zonnevel", "aalst"))) == "kruispunt"
    assert match(made.candidates(row("LDC De Linde, OCMW Gent", "gent"))) == "linde-gent"


def test_of_two_of_one_name_in_one_municipality_the_postcode_decides(records: list[Record]) -> None:
    places = [one for one in records if one.id.startswith(PLACE)]
    two = [
        organisation("a", "LDC De Berk", "ldc", "gent", postcode="9000"),
        organisation("b", "LDC De Berk", "ldc", "gent", postcode="9040"),
    ]
    index = Index.of([*places, *two])
    assert match(index.candidates(row("LDC De Berk", "gent"))) is None
    assert match(index.candidates(row("LDC De Berk", "gent", postcode="9040"))) == "b"
    assert match(index.candidates(row("LDC De Berk", "gent", postcode="9050"))) is None
    index.close()
    # With a third of that postcode it does not; one that tells none is not it.
    for more in ("9040", ""):
        third = organisation("c", "LDC De Berk", "ldc", "gent", postcode=more or None)
        index = Index.of([*places, *two, third])
        assert match(index.candidates(row("LDC De Berk", "gent", postcode="9040"))) == (None if more else "b")
        index.close()


def test_a_regional_body_named_with_a_town_that_it_serves_is_proposed(records: list[Record]) -> None:
    index = Index.of(
        [
            *(one for one in records if one.id.startswith(PLACE)),
            organisation("caw", "CAW Oost-Vlaanderen", "caw", "gent"),
            organisation("fund", "Streekfonds Oost-Vlaanderen", "foundation", "gent"),
            organisation("linde", "LDC De Linde", "ldc", "gent"),
        ]
    )
    for name, slug in (("CAW Oost-Vlaanderen", "caw"), ("Streekfonds Oost-Vlaanderen", "fund")):
        found = index.candidates(row(name, "aalst"))[0]
        assert found.record.id == ORGANISATION + slug
        assert found.score / 100 > proposing.LEAST
        assert not found.match
    assert index.candidates(row("LDC De Linde", "aalst"))[0].score / 100 < proposing.LEAST
    assert not index.candidates(row("CAW", "aalst"))
    index.close()


@pytest.mark.parametrize(("name", "place"), [("Don Bosco", "gent"), ("De Ark", "cadzand"), ("Omega", "gent")])
def test_a_short_name_needs_its_place_where_one_is_asked_for(index: Index, name: str, place: str) -> None:
    found = index.candidates(row(name, place))
    assert found[0].features[0].value == 1.0
    assert not found[0].match
    assert index.candidates(row(name))[0].match


@pytest.mark.parametrize(
    ("name", "place", "slug"),
    [
        # Of a kind that works everywhere, of one that serves a region, and of a province.
        ("Familiehulp", "gent", "familiehulp"),
        ("SHM De Ark", "turnhout", "de-ark"),
        ("RIMO Limburg", "hasselt", "rimo-limburg"),
    ],
)
def test_a_body_that_works_in_many_places_needs_none(index: Index, name: str, place: str, slug: str) -> None:
    assert match(index.candidates(row(name, place))) == slug


def test_a_name_without_a_place_is_the_same_or_tells_more_than_a_word_or_two(records: list[Record]) -> None:
    index = Index.of(
        [
            *(one for one in records if one.id.startswith(PLACE)),
            organisation("oranje", "Oranje", "vzw", "brugge"),
            organisation("vogels", "Vogelvrienden Zilverberg Nachtegaal", "vzw", "brugge"),
        ]
    )
    # Nothing is told that could speak against it; what is misspelt is not the same.
    assert match(index.candidates(row("Oranje"))) == "oranje"
    assert match(index.candidates(row("Oranjee"))) is None
    assert match(index.candidates(row("Oranje", "brugge"))) == "oranje"
    assert match(index.candidates(row("Vogelvrienden Zilverberg Nachtegaal"))) == "vogels"
    index.close()


def test_the_municipality_does_not_say_which_village(index: Index) -> None:
    for name, place in (("Landelijke Gilden St-Truiden", ""), ("Landelijke Gilden", "sint-truiden")):
        found = index.candidates(row(name, place))
        assert found[0].record.id == f"{ORGANISATION}landelijke-gilden-velm"
        assert not found[0].match
    assert match(index.candidates(row("Landelijke Gilden Velm", "sint-truiden"))) == "landelijke-gilden-velm"


def test_an_index_in_a_version_finds_what_one_of_its_records_finds(
    index: Index, engine: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from zorgkg.search import making
    from zorgkg.search.index import SearchIndex

    folder = tmp_path_factory.mktemp("version")
    making.make(engine.query, folder / schema.FULL)  # type: ignore[attr-defined]
    whole = SearchIndex.open(folder)
    assert whole
    for name, place in (("CPAS de Gand", ""), ("LDC Elckerlyk", "wevelgem"), ("Samenlevingsopbouw", "mechelen")):
        here, there = (one.candidates(row(name, place), 5) for one in (index, whole.matching))
        assert [(one.record.id, one.score, one.match) for one in here] == [
            (one.record.id, one.score, one.match) for one in there
        ]
    whole.close()
