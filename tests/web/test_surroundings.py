"""What lies in a place: the same each time, also where only the first can be listed."""

from __future__ import annotations

from pyoxigraph import NamedNode, Quad, Store

from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.terms import ID, term
from zorgkg.web.things.surroundings import MOST, projects_in

REGION, PROVINCE, TOWN = (f"{ID}place/{one}" for one in ("region", "province", "town"))


def engine(*said: tuple[str, str, str]) -> EmbeddedEngine:
    """An engine on a small graph: subjects and objects by their IRIs, properties by their prefixed names."""
    store = Store()
    store.extend(Quad(NamedNode(one), term(way), NamedNode(other)) for one, way, other in said)
    return EmbeddedEngine(store, "v1")


def test_a_region_lists_the_same_of_its_many_projects_each_time() -> None:
    direct = [f"{ID}project/direct-{number}" for number in range(MOST + 10)]
    others = [f"{ID}project/other-{number}" for number in range(MOST + 10)]
    asked = engine(
        (PROVINCE, "zorg:partOf", REGION),
        *((one, "zorg:takesPlaceIn", TOWN) for one in (*direct, *others)),
        *((one, "zorg:inRegion", REGION) for one in direct),
        *((one, "zorg:inProvince", PROVINCE) for one in others),
    )
    found = [projects_in(asked, REGION) for _ in range(20)]
    assert len({tuple(one) for one in found}) == 1
    assert {project for project, _ in found[0]} <= set(direct)
    assert len(found[0]) == MOST + 1


def test_an_area_of_areas_lists_what_takes_place_in_itself_and_in_those() -> None:
    one, other, organisation = (f"{ID}{path}" for path in ("project/one", "project/other", "organisation/home"))
    asked = engine(
        (PROVINCE, "zorg:partOf", REGION),
        (one, "zorg:takesPlaceIn", REGION),
        (other, "zorg:takesPlaceIn", TOWN),
        (other, "zorg:inProvince", PROVINCE),
        (organisation, "zorg:inProvince", PROVINCE),
    )
    assert projects_in(asked, REGION) == [(one, REGION), (other, TOWN)]
