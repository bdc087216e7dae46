"""The collections: one table, from which routes, parameters, their description and their documentation are made."""

from __future__ import annotations

from typing import Final

from zorgkg.collection import initiatives, knowledge

COLLECTIONS: Final = {
    one.name: one
    for one in (
        *(initiatives.PROJECTS, initiatives.PROGRAMMES, initiatives.ACTIVITIES, initiatives.ORGANISATIONS),
        initiatives.PLACES,
        *(knowledge.FRAMEWORKS, knowledge.COMPONENTS, knowledge.CONCEPTS, knowledge.SOURCES, knowledge.PUBLICATIONS),
        *(knowledge.CALLS, knowledge.PRACTICES, knowledge.DATASETS, knowledge.VERSIONS),
    )
}
"""The collections, by name, in the order in which they are told."""
