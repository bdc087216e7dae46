"""Evidence on the repository's own graph: cases checked by hand against the tables in data/, row by row."""

from __future__ import annotations

import pytest

from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.engine.interface import Answer, Dataset, Engine
from zorgkg.evidence.asked import Asked
from zorgkg.evidence.gathering import Evidence, gather
from zorgkg.evidence.reading import Assertion
from zorgkg.evidence.statements import statements
from zorgkg.questions import answering, binding, catalogue
from zorgkg.questions.catalogue import Catalogue
from zorgkg.terms import ID, NS, dataset_name, term

VITALE = ID + "project/vitale-buurten"
CODED, SELF = ID + "framework/basis/fiche-coding", ID + "framework/basis/self-assessment"


def of(engine: Engine, subject: str, object: str = "", **more: str) -> Evidence:
    """The evidence between two things, given by their paths."""
    asked = Asked(subject=ID + subject, object=ID + object if object else "", **more)
    return gather(engine, [asked], 100)[asked]


def places(one: Assertion) -> list[tuple[str, int | None, int | None]]:
    """Where it stands: source, start, end."""
    return [(passage.source.removeprefix(ID + "source/"), passage.start, passage.end) for passage in one.passages]


def only(evidence: Evidence) -> Assertion:
    assert len(evidence.assertions) == 1
    return evidence.assertions[0]


def test_a_place_in_a_sorting_table_leads_to_the_row_of_that_table(engine: Engine) -> None:
    # positionings.csv: buurtcoach-hertoghe,objective,connect-care,self-assessment,,,,,kbs-2021,186960,187058
    one = only(of(engine, "project/buurtcoach-hertoghe", "framework/objective/connect-care"))
    assert (one.kind, one.one("zorg:basis"), dataset_name(one.dataset)) == ("positioning", SELF, "kbs-2021")
    assert places(one) == [("kbs-2021", 186960, 187058)]
    assert not one.coders
    assert not one.rests


def test_what_a_project_works_on_by_one_basis_is_told_by_the_positionings_on_it(engine: Engine) -> None:
    both = of(engine, "project/buren-in-eeklo", predicate=NS + "addresses").assertions
    coded = of(engine, "project/buren-in-eeklo", predicate=NS + "addressesByCoding").assertions
    bases = {one.one("zorg:basis") for one in both}
    assert {CODED, SELF} <= bases
    assert [one.iri for one in coded] == [one.iri for one in both if one.one("zorg:basis") == CODED]


def test_a_code_that_all_coders_gave_tells_of_each_of_them(engine: Engine) -> None:
    # codes.csv: buren-in-eeklo,vvsg,4 by coder-1, coder-2 and coder-3, each central
    one = only(of(engine, "project/buren-in-eeklo", "framework/vvsg/4"))
    assert one.one("zorg:agreement") == ID + "framework/agreement/agreed"
    assert one.coders == ["coder-1", "coder-2", "coder-3"]
    assert [code.coders for code in one.codes] == [["coder-1"], ["coder-2"], ["coder-3"]]
    assert {code.one("zorg:strength") for code in one.codes} == {ID + "framework/strength/central"}
    assert all(code.passages for code in one.codes)
    assert {dataset_name(code.dataset) for code in one.codes} == {"fiche-coding"}
    assert dataset_name(one.dataset) == "derived"
    assert not one.decisions


def test_a_decision_on_codes_is_told_with_its_reason(engine: Engine) -> None:
    # adjudications.csv: verburght-en-de-buren,kbs-2021,vvsg,7,coder-4,true,supporting; codes of coder-1 and coder-2
    one = only(of(engine, "project/verburght-en-de-buren", "framework/vvsg/7"))
    assert one.one("zorg:agreement") == ID + "framework/agreement/adjudicated"
    assert [code.coders for code in one.codes] == [["coder-1"], ["coder-2"]]
    assert [(places(code)) for code in one.codes] == [[("kbs-2021", 227409, 227529)]] * 2
    (decision,) = one.decisions
    assert (decision.coders, decision.one("zorg:upheld")) == (["coder-4"], "true")
    assert decision.texts("zorg:reason")["en"].startswith("Matching to informal help suffices.")


def test_a_code_that_was_refused_is_told_beside_the_absence(engine: Engine) -> None:
    # codes.csv: vaardig-gezond,icc-principles,3 by coder-3 alone; adjudications.csv: coder-4, false
    evidence = of(engine, "project/vaardig-gezond", "framework/icc-principles/3")
    decision = only(evidence)
    assert (decision.kind, decision.one("zorg:upheld")) == ("adjudication", "false")
    assert [code.coders for code in decision.codes] == [["coder-3"]]
    assert evidence.absence is not None
    assert [coding.coders for coding in evidence.absence.read_by] == [["coder-1"], ["coder-2"], ["coder-3"]]
    stands = {one.object.value for one in evidence.absence.elsewhere if one.object}
    assert ID + "framework/icc-principles/4" in stands
    assert ID + "framework/icc-principles/3" not in stands


def test_a_partner_has_its_printed_name_in_each_source(engine: Engine) -> None:
    # participations.csv: de-ark,partner,SHM De Ark at kbs-2020 2529-2539 and at kbs-2021 231755-231765
    found = of(engine, "project/vitale-buurten", "organisation/de-ark").assertions
    told = [(one.texts("zorg:asNamed"), places(one), dataset_name(one.dataset), one.supports) for one in found]
    short = (NS + "partner", NS + "describedIn")
    assert told == [
        ({"nl": "SHM De Ark"}, [("kbs-2020", 2529, 2539)], "kbs-2020-vitale-buurten", short),
        ({"nl": "SHM De Ark"}, [("kbs-2021", 231755, 231765)], "kbs-2021", short),
    ]
    assert found[0].passages[0].section == ID + "passage/kbs-2020-2519-2569"


def test_the_order_of_the_two_things_does_not_matter(engine: Engine) -> None:
    there, back = (
        of(engine, *ends).assertions
        for ends in (
            ("project/vitale-buurten", "organisation/de-ark"),
            ("organisation/de-ark", "project/vitale-buurten"),
        )
    )
    assert [one.iri for one in there] == [one.iri for one in back]


def test_a_partner_that_only_one_source_names_is_told_of_that_source(engine: Engine) -> None:
    # groep-orion is a partner in kbs-2020 alone (2556-2567); kbs-2021 names three others
    one = only(of(engine, "project/vitale-buurten", "organisation/groep-orion"))
    assert places(one) == [("kbs-2020", 2556, 2567)]
    other = of(engine, "project/vitale-buurten", predicate=NS + "partner", source=ID + "source/kbs-2021").assertions
    named = {one.object.value.removeprefix(ID + "organisation/") for one in other if one.object}
    assert named == {"de-ark", "ocmw-turnhout", "buurthuis-turnhout"}
    assert not of(
        engine, "project/vitale-buurten", "organisation/groep-orion", source=ID + "source/kbs-2021"
    ).assertions


def test_a_figure_is_its_own_evidence(engine: Engine) -> None:
    # figures.csv: vitale-buurten-initiatives-that-answer-the-questions,…,3,initiatieven,…,kbs-2020,2064,2081
    asked = Asked(of=ID + "figure/vitale-buurten-initiatives-that-answer-the-questions")
    one = only(gather(engine, [asked])[asked])
    assert (one.kind, one.subject, one.one("schema:value")) == ("figure", VITALE, "3")
    assert places(one) == [("kbs-2020", 2064, 2081)]


def test_a_method_is_claimed_by_two_sources_and_is_an_inspiration_too(engine: Engine) -> None:
    # methods.csv: abcd at kbs-2020 1228-1276 and kbs-2021 230502-230551; both also in references.csv
    found = of(engine, "project/vitale-buurten", "framework/method/abcd", predicate=NS + "usesMethod").assertions
    assert {tuple(places(one)) for one in found} == {(("kbs-2020", 1228, 1276),), (("kbs-2021", 230502, 230551),)}
    every = of(engine, "project/vitale-buurten", "framework/method/abcd").assertions
    assert sorted(one.predicate.removeprefix(NS) for one in every) == ["inspiredBy"] * 2 + ["usesMethod"] * 2
    assert {one.kind for one in every} == {"claim"}, "the short form beside a claim is no second one"


@pytest.mark.parametrize("place", ["turnhout", "provincie-antwerpen", "vlaams-gewest"])
def test_where_a_project_is_follows_from_the_place_that_a_source_names(engine: Engine, place: str) -> None:
    # locations.csv: turnhout at kbs-2020 2546-2554 and kbs-2021 231787-231795; the rest is derived
    found = of(engine, "project/vitale-buurten", f"place/{place}").assertions
    assert {tuple(places(one)) for one in found} == {(("kbs-2020", 2546, 2554),), (("kbs-2021", 231787, 231795),)}
    assert {one.object for one in found} == {term("place:turnhout")}


@pytest.mark.parametrize("derived", ["inMunicipality", "inProvince", "inRegion"])
def test_a_derived_property_leads_to_what_it_is_derived_from(engine: Engine, derived: str) -> None:
    found = of(engine, "project/vitale-buurten", predicate=NS + derived).assertions
    assert [one.kind for one in found] == ["claim", "claim"]
    assert all(one.predicate == NS + "takesPlaceIn" for one in found)


def test_what_describes_a_project_is_what_a_source_says_of_it(engine: Engine) -> None:
    # Both ways to ask: what the project has to do with the source, and what makes it described there.
    for found in (
        of(engine, "project/vitale-buurten", "source/kbs-2020"),
        of(engine, "project/vitale-buurten", predicate=NS + "describedIn", source=ID + "source/kbs-2020"),
    ):
        assert {one.kind for one in found.assertions} == {"participation", "claim"}
        assert {source for one in found.assertions for source, _, _ in places(one)} == {"kbs-2020"}


def test_the_kind_of_initiator_follows_from_who_leads_the_project(engine: Engine) -> None:
    # participations.csv: blenders,initiator at kbs-2020 277-289 and at kbs-2021 229522-229534; organisations.csv: vzw
    for found in (
        of(engine, "project/vitale-buurten", "framework/organisation-kind/vzw"),
        of(engine, "project/vitale-buurten", predicate=NS + "initiatorKind"),
    ):
        assert {one.object for one in found.assertions} == {term("organisation:blenders")}
        assert {one for each in found.assertions for one in places(each)} == {
            ("kbs-2020", 277, 289),
            ("kbs-2021", 229522, 229534),
        }


def test_what_no_assertion_says_comes_from_the_description_as_a_whole(engine: Engine) -> None:
    # projects.csv: the row of vitale-buurten has call zorgzame-buurten-2018 and its own passage
    one = only(of(engine, "project/vitale-buurten", "call/zorgzame-buurten-2018"))
    assert (one.kind, one.predicate, dataset_name(one.dataset)) == ("fact", NS + "fundedUnder", "kbs-2021")
    assert places(one) == [("kbs-2021", 229058, 229212)]


def test_an_address_has_a_place_of_its_own(engine: Engine) -> None:
    # sites.csv: blenders,vitale-buurten,Campus Blairon 714,…,kbs-2021,229535,229558
    one = only(of(engine, "project/vitale-buurten", predicate=NS + "contactSite"))
    assert places(one) == [("kbs-2021", 229535, 229558)]


def test_two_organisations_are_connected_by_the_projects_that_both_take_part_in(engine: Engine) -> None:
    found = of(engine, "organisation/de-ark", "organisation/groep-orion").assertions
    assert {one.kind for one in found} == {"participation"}
    assert {one.subject for one in found} == {VITALE}
    assert {one.object for one in found} == {term("organisation:de-ark"), term("organisation:groep-orion")}


def test_absence_tells_who_read_and_where_the_project_does_stand(engine: Engine) -> None:
    # codings.csv: three codings for sombrero; codes.csv: wellbeing by all three, care by two and refused or upheld
    evidence = of(engine, "project/vitale-buurten", "framework/sombrero/housing")
    assert not evidence.assertions
    assert evidence.absence is not None
    assert [coding.coders for coding in evidence.absence.read_by] == [["coder-1"], ["coder-2"], ["coder-3"]]
    assert ID + "framework/sombrero/wellbeing" in {one.object.value for one in evidence.absence.elsewhere if one.object}
    assert all(one.passages for one in evidence.absence.elsewhere)


def test_absence_by_one_basis_counts_that_basis_alone(engine: Engine) -> None:
    asked = Asked(subject=VITALE, lacks=ID + "framework/icc-sliders/driver-none", basis=SELF)
    assert gather(engine, [asked])[asked].absence is None, "there is no such component"
    for lacks, basis in (("sombrero/housing", SELF), ("sombrero/housing", CODED)):
        asked = Asked(subject=VITALE, lacks=f"{ID}framework/{lacks}", basis=basis)
        absence = gather(engine, [asked])[asked].absence
        assert absence is not None
        assert bool(absence.read_by) == (basis == CODED)
        assert {one.one("zorg:basis") for one in absence.elsewhere} <= {basis}


def test_what_is_stated_is_never_told_as_absent(engine: Engine) -> None:
    asked = Asked(subject=ID + "project/buren-in-eeklo", lacks=ID + "framework/vvsg/4")
    evidence = gather(engine, [asked])[asked]
    assert evidence.absence is None
    assert only(evidence).kind == "positioning"


def test_of_what_nobody_works_on_it_is_said_that_nobody_does(engine: Engine) -> None:
    asked = Asked(lacks=ID + "framework/icc-principles/6")
    evidence = gather(engine, [asked])[asked]
    assert evidence.absence is not None
    assert (evidence.absence.subject, evidence.absence.framework) == ("", ID + "framework/icc-principles")
    assert all(one.kind != "positioning" for one in evidence.assertions)
    asked = Asked(subject=ID + "framework/icc-principles/6", kind="positioning")
    counted = gather(engine, [asked])[asked]
    assert not counted.assertions
    assert counted.absence == evidence.absence


def test_things_that_have_nothing_to_do_with_each_other_have_no_evidence(engine: Engine) -> None:
    evidence = of(engine, "project/vitale-buurten", "organisation/aaa-care")
    assert (evidence.assertions, evidence.absence, evidence.more) == ([], None, False)


def test_what_is_said_of_one_thing_comes_in_pages(engine: Engine) -> None:
    asked = Asked(subject=VITALE, kind="claim")
    whole = [one.iri for one in gather(engine, [asked], 1000)[asked].assertions]
    assert len(whole) > 20
    first, second = (gather(engine, [asked], 15, offset)[asked] for offset in (0, 15))
    assert first.more
    assert [one.iri for one in (*first.assertions, *second.assertions)] == whole[:30]


def test_the_evidence_is_there_as_rdf(engine: Engine) -> None:
    evidence = of(engine, "project/verburght-en-de-buren", "framework/vvsg/7")
    told = statements([evidence])
    assert len(told) == len(set(told))
    types = {(triple.object) for triple in told if triple.predicate == term("rdf:type")}
    assert types == {term(f"zorg:{name}") for name in ("Positioning", "Code", "Adjudication", "Passage")}


class Counting:
    """The engine, with the queries counted."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.version, self.asked = engine, engine.version, 0

    def query(self, text: str, dataset: Dataset | None = None) -> Answer:
        self.asked += 1
        return self.engine.query(text, dataset)


def test_a_whole_page_of_rows_takes_as_many_queries_as_one_row(engine: EmbeddedEngine, questions: Catalogue) -> None:
    table = answering.answer(engine, questions["matrix"], {}, "nl", 200)
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    asked = [Asked(subject=row["project"].value, object=row["component"].value) for row in rows]  # type: ignore[union-attr]
    assert len(asked) > 100
    counting = Counting(engine)
    few = gather(counting, asked[:1])
    for_one = counting.asked
    many = gather(counting, asked)
    assert counting.asked - for_one <= for_one
    assert few[asked[0]].assertions[0].iri == many[asked[0]].assertions[0].iri
    assert all(one.assertions for one in many.values())


@pytest.fixture(scope="module")
def questions() -> Catalogue:
    from zorgkg.content import locate

    return catalogue.read(locate().queries)


@pytest.mark.slow
def test_other_servers_give_the_same_evidence(engine: Engine, remote_engine: Engine) -> None:
    asked = [
        Asked(subject=VITALE, object=ID + "organisation/de-ark"),
        Asked(subject=VITALE, object=ID + "place/provincie-antwerpen"),
        Asked(subject=ID + "project/verburght-en-de-buren", object=ID + "framework/vvsg/7"),
        Asked(subject=VITALE, lacks=ID + "framework/sombrero/housing", basis=CODED),
        Asked(subject=VITALE, kind="claim", source=ID + "source/kbs-2020", start="1228", end="1276"),
        Asked(subject=ID + "organisation/de-ark", kind="participation"),
        Asked(subject=ID + "organisation/de-ark", object=ID + "organisation/groep-orion"),
        Asked(subject=VITALE, predicate=NS + "contactSite"),
    ]
    here, there = (gather(one, asked, 50) for one in (engine, remote_engine))
    for one in asked:
        assert _plain(here[one]) == _plain(there[one])


def _plain(evidence: Evidence) -> object:
    absence = evidence.absence
    told = [*evidence.assertions, *(absence.read_by + absence.elsewhere if absence else ())]
    return [
        (one.iri, one.kind, one.dataset, places(one), [rest.iri for rest in one.rests], one.supports) for one in told
    ], evidence.more


def test_a_default_is_what_the_file_holds(questions: Catalogue) -> None:
    question = questions["matrix"]
    assert binding.defaults(question, question.parameters["basis"]) == [term("framework:basis/fiche-coding")]
