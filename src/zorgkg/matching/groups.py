"""Groups: kinds of things that can be mistaken for each other; a thing of another group is never meant."""

from __future__ import annotations

from typing import Final

from zorgkg.matching.record import Record
from zorgkg.terms import ID, term

ORGANISATION: Final = "organisation"
ACTIVITY: Final = "activity"
PLACE: Final = "place"
CONCEPT: Final = "concept"
OTHER: Final = "other"

_BY_CLASS: Final = {
    term(name).value: group
    for group, names in {
        ORGANISATION: (
            *("org:FormalOrganization", "org:OrganizationalUnit", "org:OrganizationalCollaboration"),
            *("org:Organization", "foaf:Organization", "schema:Organization"),
        ),
        ACTIVITY: ("zorg:Project", "zorg:Programme", "zorg:Practice", "schema:Project"),
        PLACE: ("zorg:Municipality", "zorg:Neighbourhood", "zorg:Province", "zorg:Region", "zorg:Country"),
        CONCEPT: (
            *("zorg:Framework", "zorg:Component", "zorg:Method", "zorg:NamedRole", "zorg:ActorGroup", "zorg:Topic"),
            *("zorg:OrganisationKind", "skos:ConceptScheme", "skos:Concept", "skos:Collection"),
        ),
    }.items()
    for name in names
}
_BY_TYPE: Final = {
    "organisation": ORGANISATION,
    "project": ACTIVITY,
    "programme": ACTIVITY,
    "practice": ACTIVITY,
    "activity": ACTIVITY,
    "place": PLACE,
    "framework": CONCEPT,
}


def of(record: Record) -> str:
    """Return the group of a thing of the graph."""
    found = next((_BY_CLASS[one] for one in record.types if one in _BY_CLASS), "")
    if found:
        return found
    first = record.id.removeprefix(ID).partition("/")[0] if record.id.startswith(ID) else ""
    return _BY_TYPE.get(first, OTHER)


def wanted(record: Record) -> frozenset[str]:
    """Return the groups of which something can be meant by a record; nothing where any can."""
    found = frozenset(_BY_CLASS[one] for one in record.types if one in _BY_CLASS)
    if found or record.types:
        return found
    if record.kinds or record.postcode or any(scheme in ("kbo", "vcode") for scheme, _ in record.identifiers):
        return frozenset({ORGANISATION})
    # What has a municipality is no concept.
    return frozenset({ORGANISATION, ACTIVITY, PLACE}) if record.municipality else frozenset()
