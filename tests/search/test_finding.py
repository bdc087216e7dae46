"""Finding in the repository's own data: what a person types leads to what is meant."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zorgkg.languages import LANGUAGES
from zorgkg.search import schema
from zorgkg.search.index import SearchIndex
from zorgkg.terms import ID


def _found(index: SearchIndex, text: str, language: str = "nl", limit: int = 10, **more: list[str]) -> list[str]:
    hits = index.find(text, language, limit=limit, kinds=more.get("kinds", ()), types=more.get("types", ()))
    return [hit.thing.iri.removeprefix(ID) for hit in hits]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Gent", "place/gent"),
        ("gent", "place/gent"),
        ("GENT", "place/gent"),
        ("Mechelen", "place/mechelen"),
        ("ocmw gent", "organisation/ocmw-gent"),
        ("gent ocmw", "organisation/ocmw-gent"),
        ("hoplr", "framework/method/hoplr"),
        ("Samen op de koffie", "project/samen-op-de-koffie"),
        ("westveld buurtnetwerk", "project/het-westveld"),
        ("zorgzame buurten 132", "project/zorgzame-buurten-132"),
    ],
)
def test_a_name_leads_to_its_thing(index: SearchIndex, text: str, first: str) -> None:
    assert _found(index, text)[0] == first


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("mechlen", "place/mechelen"),
        ("mechelne", "place/mechelen"),
        ("brusel", "place/brussel"),
        ("gnt", "place/gent"),
        ("leuwen", "place/leuven"),
        ("antwrepen", "place/antwerpen"),
        ("ocwm gent", "organisation/ocmw-gent"),
        ("hopplr", "framework/method/hoplr"),
        ("westvelt", "project/het-westveld"),
        ("buurtkoach hertoge", "project/buurtcoach-hertoghe"),
    ],
)
def test_small_mistakes_are_forgiven(index: SearchIndex, text: str, meant: str) -> None:
    assert meant in _found(index, text)[:3]


def test_two_misspelt_words_still_find_the_project(index: SearchIndex) -> None:
    hits = index.find("vitaale burten", "nl")
    assert "Vitale buurten" in hits[0].thing.label


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("Malines", "fr", "Malines"),
        ("malines", "nl", "Mechelen"),
        ("Louvain", "en", "Leuven"),
        ("région de bruxelles", "fr", "Région de Bruxelles-Capitale"),
        ("region de bruxelles", "nl", "Brussels Hoofdstedelijk Gewest"),
        ("flemish region", "nl", "Vlaams Gewest"),
    ],
)
def test_names_in_any_language_find_it_and_labels_are_in_the_asked_one(
    index: SearchIndex, text: str, language: str, label: str
) -> None:
    assert label in [hit.thing.label for hit in index.find(text, language, limit=3)]


def test_accents_need_not_be_typed_nor_left_out(index: SearchIndex) -> None:
    typed = [_found(index, text, "fr")[0] for text in ("liège", "liege", "LIÈGE")]
    assert len(set(typed)) == 1


def test_each_letter_that_is_typed_keeps_the_thing_in_sight(index: SearchIndex) -> None:
    name = "antwerpen"
    for end in range(3, len(name) + 1):
        assert {"place/antwerpen", "place/provincie-antwerpen"} & set(_found(index, name[:end])[:3]), name[:end]


def test_another_name_is_told_where_it_is_the_one_that_fits(index: SearchIndex) -> None:
    hit = next(one for one in index.find("Lokaal dienstencentrum Cosmos", "nl") if one.thing.label == "LDC Cosmos")
    assert hit.alternative == "Lokaal dienstencentrum Cosmos"
    assert hit.thing.alternative == ("Lokaal dienstencentrum Cosmos",) or hit.alternative in hit.thing.alternative


def test_better_fits_come_first(index: SearchIndex) -> None:
    hits = index.find("gent", "nl", limit=100)
    ranks = [hit.rank for hit in hits]
    assert ranks == sorted(ranks, reverse=True)
    labels = [hit.thing.label.lower() for hit in hits]
    assert labels[0] == "gent"
    named = [place for place, label in enumerate(labels) if "gent" in label.split()]
    others = [place for place, label in enumerate(labels) if "gent" not in label]
    assert others, "some have it elsewhere only"
    assert max(named) < min(others), "who has it in the name comes before who has it elsewhere"


def test_only_the_kinds_that_are_asked_for_are_found(index: SearchIndex) -> None:
    for kind in ("project", "organisation", "municipality", "source", "question"):
        hits = index.find("zorg", "nl", limit=20, kinds=[kind])
        assert {hit.thing.kind for hit in hits} <= {kind}
    assert [hit.thing.type for hit in index.find("mechelen", "nl", types=["organisation"])]
    assert {hit.thing.type for hit in index.find("mechelen", "nl", types=["organisation"])} == {"organisation"}
    assert {hit.thing.kind for hit in index.find("a", "nl", types=["framework"], limit=50)} >= {"component", "method"}


def test_a_project_is_found_by_its_place_and_initiator(index: SearchIndex) -> None:
    assert "project/het-westveld" in _found(index, "westveld gent", limit=20)
    assert "project/samen-op-de-koffie" in _found(index, "koffie malle", limit=20)


def test_a_postcode_finds_who_is_there(index: SearchIndex) -> None:
    assert "organisation/ldc-de-bres" in _found(index, "8970")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("12", "project/onderwijs-en-zorg-lier"),
        ("3", "project/het-westveld"),
        ("12025", "place/mechelen"),
        ("10000", "place/provincie-antwerpen"),
    ],
)
def test_a_number_leads_to_what_has_it(index: SearchIndex, text: str, first: str) -> None:
    assert _found(index, text)[0] == first


def test_a_part_of_a_compound_is_found(index: SearchIndex) -> None:
    assert any("vriendelijk" in hit.thing.label for hit in index.find("vriendelijk", "nl"))


def test_a_question_is_found_by_its_words(index: SearchIndex) -> None:
    assert "question/lacking-component" in _found(index, "quels projets n'ont pas", "fr", 50, kinds=["question"])


def test_nothing_that_is_only_evidence_is_found(index: SearchIndex) -> None:
    for language in LANGUAGES:
        for text in ("kbs 2021", "coder", "fiche", "samen op de koffie"):
            types = {hit.thing.type for hit in index.find(text, language, limit=100)}
            assert not types & {"passage", "claim", "participation", "positioning", "code", "coding", "statement"}


@pytest.mark.parametrize("text", ["", " ", "\t\n", "?!", "\U0001f600", "*", '"', "''", "_", "%"])
def test_a_text_without_a_letter_finds_nothing(index: SearchIndex, text: str) -> None:
    assert index.find(text, "nl") == []


HOSTILE = st.text(st.one_of(st.sampled_from("\"'*^:(){}[]-+~ .,%_\\\0\n"), st.characters()), max_size=60) | st.lists(
    st.sampled_from(["NEAR(", "AND", "OR", "NOT", "gent", '"gent', "gent*", "label:", "{a}", "^a", "1", "zorg"]),
    max_size=12,
).map(" ".join)


@given(HOSTILE, st.sampled_from(LANGUAGES), st.sampled_from([(), ("project",), ("organisation", "source")]))
@example('gent" OR text MATCH "', "nl", ())
@example("NEAR(gent zorg)", "nl", ())
@example("label : gent", "nl", ())
@example("\ud7ff\ue000", "nl", ())
@settings(deadline=None, max_examples=150)
def test_anything_may_be_typed(index: SearchIndex, text: str, language: str, kinds: tuple[str, ...]) -> None:
    hits = index.find(text, language, limit=5, kinds=kinds)
    assert len(hits) <= 5
    assert all(not kinds or hit.thing.kind in kinds for hit in hits)
    assert all(0 < hit.rank <= 1 for hit in hits)


def test_a_very_long_text_is_answered(index: SearchIndex) -> None:
    assert _found(index, "gent " * 2000)
    assert _found(index, "a" * 10_000) == []


def test_each_kind_has_things_here(index: SearchIndex) -> None:
    """Otherwise a kind is never looked at by the tests above, or its class has another name now."""
    for kind in schema.KINDS:
        letters = "abcdefghijklmnopqrstuvwxyz"
        found = any(index.find(letter, "nl", kinds=[kind]) for letter in letters)
        # Partners bring activities; our own sources have none.
        assert found == (kind != "activity"), kind
