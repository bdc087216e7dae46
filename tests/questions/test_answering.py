"""From a user's words to an answer: things by IRI, path or slug, hints at what was meant, pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.questions.answering import UnknownParameter, answer, choices, values
from zorgkg.questions.binding import InvalidValue
from zorgkg.questions.question import Question, parse
from zorgkg.search import making, schema
from zorgkg.search.index import SearchIndex
from zorgkg.terms import ID, term

MANY = """\
#+ summary: {nl: Wat?, fr: Quoi ?, en: What?}
#+ params:
#+   places: {type: iri, class: zorg:Place, many: true, description: {nl: P., fr: P., en: P.}}
#+   kind: {type: iri, class: zorg:OrganisationKind, description: {nl: K., fr: K., en: K.}}
#+   about: {type: iri, description: {nl: O., fr: S., en: A.}}
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT ?places ?placesLabel {
  VALUES ?labels { zorg:labelNl }
  VALUES ?places { UNDEF }
  VALUES ?kind { UNDEF }
  VALUES ?about { UNDEF }
  ?places a zorg:Province ; ?labels ?placesLabel .
}
ORDER BY ?places
"""


@pytest.fixture
def question(tmp_path: Path) -> Question:
    path = tmp_path / "provinces.rq"
    path.write_text(MANY, "utf-8")
    return parse(path)


@pytest.mark.parametrize("text", ["west-vlaanderen", "place/west-vlaanderen", ID + "place/west-vlaanderen"])
def test_a_thing_may_be_given_by_slug_path_or_iri(question: Question, engine: EmbeddedEngine, text: str) -> None:
    assert values(engine, question, {"places": [text]}) == {"places": [NamedNode(ID + "place/west-vlaanderen")]}


def test_a_parameter_that_takes_many_takes_many(question: Question, engine: EmbeddedEngine) -> None:
    bound = values(engine, question, {"places": ["west-vlaanderen", "oost-vlaanderen", "brugge"]})
    table = answer(engine, question, bound, "fr")
    assert [str(row[1]) for row in table.rows] == ['"Flandre orientale"@fr', '"Flandre occidentale"@fr']


def test_a_parameter_that_takes_one_takes_one(question: Question, engine: EmbeddedEngine) -> None:
    with pytest.raises(InvalidValue, match="give one value, not 2"):
        values(engine, question, {"kind": ["ocmw", "ldc"]})


def test_an_unknown_parameter_is_told_with_those_there_are(question: Question, engine: EmbeddedEngine) -> None:
    with pytest.raises(UnknownParameter, match="provinces has no parameter 'place'; it has: places, kind, about"):
        values(engine, question, {"place": ["brugge"]})


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("places", "brugg", "did you mean .*brugge"),
        ("places", "West-Vlaanderen", "did you mean west-vlaanderen"),
        ("kind", "lokaal dienstencentrum", r"did you mean ldc\?"),
        ("kind", "xyzzy", "for example "),
        ("kind", "place/brugge", "is no OrganisationKind here"),
        ("kind", 'ocmw> } # "', "is no OrganisationKind here"),
        ("kind", "http://[bad", "is no IRI"),
    ],
)
def test_a_near_name_is_hinted_at(question: Question, engine: EmbeddedEngine, name: str, text: str, hint: str) -> None:
    with pytest.raises(InvalidValue, match=hint) as caught:
        values(engine, question, {name: [text]})
    assert caught.value.parameter == name


def test_what_was_meant_is_found_among_any_number_of_things(question: Question, tmp_path: Path) -> None:
    store = Store()
    store.add(Quad(term("zorg:Neighbourhood"), term("rdfs:subClassOf"), term("zorg:Place")))
    for number in range(1200):
        place = NamedNode(f"{ID}place/dorp-{number}" if number else f"{ID}place/zonnedorp")
        label = Literal(f"Dorp {number}" if number else "Zonnedorp", language="nl")
        triples = (("rdf:type", term("zorg:Neighbourhood")), ("rdfs:label", label), ("zorg:labelNl", label))
        store.extend(Quad(place, term(predicate), value) for predicate, value in triples)
    engine = EmbeddedEngine(store, "test")
    making.make(engine.query, tmp_path / schema.FULL)
    index = SearchIndex.open(tmp_path)
    assert index
    with pytest.raises(InvalidValue) as caught:
        values(engine, question, {"places": ["zonedorp"]}, index)
    index.close()
    assert caught.value.near[0] == "zonnedorp"
    assert "did you mean zonnedorp" in str(caught.value)


def test_a_parameter_without_a_class_takes_any_iri(question: Question, engine: EmbeddedEngine) -> None:
    assert values(engine, question, {"about": ["http://example.org/x"]})["about"] == [NamedNode("http://example.org/x")]
    assert values(engine, question, {"about": ["call/x"]})["about"] == [NamedNode(ID + "call/x")]


def test_a_page_tells_whether_there_is_more(question: Question, engine: EmbeddedEngine) -> None:
    everything = answer(engine, question, {}, "nl")
    assert not everything.more
    first = answer(engine, question, {}, "nl", limit=2)
    assert (first.rows, first.more) == (everything.rows[:2], True)
    rest = answer(engine, question, {}, "nl", limit=100, offset=2)
    assert (rest.rows, rest.more) == (everything.rows[2:], False)


def test_choices_are_of_the_class_and_its_kinds_by_label(engine: EmbeddedEngine) -> None:
    found = choices(engine, term("zorg:Place").value, "fr")
    labels = [choice.label for choice in found]
    assert {"Flandre occidentale", "Malines"} <= set(labels)
    assert labels == sorted(labels, key=str.lower)
