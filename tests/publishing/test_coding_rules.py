"""What the rules conclude from codes: agreed, adjudicated, single, or nothing."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Quad, QuerySolutions, RdfFormat, Store, parse

from zorgkg.publishing import rules
from zorgkg.terms import ID, dataset_graph

RULES = Path(__file__).parents[2] / "ontology" / "rules"
PREFIXES = f"""
@prefix zorg: <https://w3id.org/zorgkg/ns#> .
@prefix id: <{ID}> .
@prefix project: <{ID}project/> .
@prefix source: <{ID}source/> .
@prefix framework: <{ID}framework/> .
@prefix strength: <{ID}framework/strength/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
framework:vvsg a zorg:Framework .
framework:vvsg\\/4 a zorg:Component ; skos:inScheme framework:vvsg .
"""
FOUND = """
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?it ?strength ?agreement ?rationale ?reason
  (COUNT(DISTINCT ?coder) AS ?coders) (COUNT(DISTINCT ?passage) AS ?passages) (COUNT(DISTINCT ?on) AS ?rests)
WHERE {
  ?it a zorg:Positioning ; zorg:strength ?strength ; zorg:agreement ?agreement ; zorg:coder ?coder ;
    zorg:rationale ?rationale ; prov:wasDerivedFrom ?passage ; zorg:restsOn ?on .
  OPTIONAL { ?it zorg:reason ?reason }
} GROUP BY ?it ?strength ?agreement ?rationale ?reason ORDER BY ?it
"""


def coding(coder: int, source: str = "report") -> str:
    return f"""id:coding\\/{source}-{coder} a zorg:Coding ; zorg:project project:p ; prov:used source:{source} ;
        zorg:framework framework:vvsg ; zorg:coder "coder-{coder}" ."""


def code(coder: int, strength: str, source: str = "report") -> str:
    return f"""{coding(coder, source)}
    id:code\\/{source}-{coder} a zorg:Code ; zorg:project project:p ; zorg:component framework:vvsg\\/4 ;
        zorg:coder "coder-{coder}" ; zorg:strength strength:{strength} ; zorg:rationale "by {coder}"@en ;
        prov:wasGeneratedBy id:coding\\/{source}-{coder} ; prov:wasDerivedFrom id:passage\\/{source}-{coder} ."""


def decision(upheld: bool, strength: str = "") -> str:
    given = f"zorg:strength strength:{strength} ;" if strength else ""
    return f"""id:adjudication\\/1 a zorg:Adjudication ; zorg:project project:p ; zorg:component framework:vvsg\\/4 ;
        {given} dcterms:source source:report ; zorg:upheld {str(upheld).lower()} ; zorg:reason "so"@en ;
        zorg:coder "coder-9" ."""


def concluded(*turtle: str) -> list[tuple[str, ...]]:
    """What the rules publish: position, strength, agreement, rationale, reason; how many coders, passages and bases."""
    store = Store()
    graph = dataset_graph("fiche-coding")
    for triple in parse(PREFIXES + "\n".join(turtle), RdfFormat.TURTLE):
        store.add(Quad(triple.subject, triple.predicate, triple.object, graph))
    rules.apply(store, RULES)
    found = store.query(FOUND, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return [tuple((getattr(cell, "value", "") or "").rpartition("/")[2] for cell in row) for row in found]


def test_one_coder_is_single() -> None:
    assert concluded(code(1, "central")) == [
        ("p_vvsg_4_fiche-coding_report", "central", "single", "by 1", "", "1", "1", "1")
    ]


def test_all_coders_are_agreed_with_the_words_of_the_first() -> None:
    [found] = concluded(code(1, "supporting"), code(2, "supporting"))
    assert found[1:] == ("supporting", "agreed", "by 1", "", "2", "2", "2")


def test_the_strength_of_most_is_published_with_the_words_of_one_of_them() -> None:
    [found] = concluded(code(1, "supporting"), code(2, "central"), code(3, "central"))
    assert found[1:4] == ("central", "agreed", "by 2")


def test_what_one_of_two_did_not_find_is_not_published() -> None:
    assert concluded(code(1, "central"), coding(2)) == []


def test_as_many_of_each_strength_are_not_published() -> None:
    assert concluded(code(1, "central"), code(2, "supporting")) == []


def test_a_decision_that_upholds_is_published_with_its_reason() -> None:
    [found] = concluded(code(1, "central"), coding(2), decision(True, "supporting"))
    assert found[1:] == ("supporting", "adjudicated", "by 1", "so", "1", "1", "2")


def test_a_decision_on_the_strength_takes_the_words_of_who_gave_it() -> None:
    [found] = concluded(code(1, "central"), code(2, "supporting"), decision(True, "supporting"))
    assert found[1:4] == ("supporting", "adjudicated", "by 2")


def test_a_decision_that_refuses_publishes_nothing_though_all_coders_found_it() -> None:
    assert concluded(code(1, "central"), code(2, "central"), decision(False)) == []


def test_two_sources_on_one_project_are_coded_apart() -> None:
    found = concluded(code(1, "central"), code(1, "supporting", "later"), code(2, "supporting", "later"))
    assert [(row[0], row[1], row[2]) for row in found] == [
        ("p_vvsg_4_fiche-coding_later", "supporting", "agreed"),
        ("p_vvsg_4_fiche-coding_report", "central", "single"),
    ]
