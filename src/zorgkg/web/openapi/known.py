"""What the store allows: the values that a parameter may have, all where they are few, else one that works."""

from __future__ import annotations

from zorgkg.collection import finding, values
from zorgkg.collection.declared import Collection, Property, texts
from zorgkg.collection.values import Choice
from zorgkg.engine.interface import Engine
from zorgkg.languages import LANGUAGES
from zorgkg.terms import PREFIXES, shorten


class Known:
    """The values of one version, in one language; each class is looked up once.

    :param engine: the engine.
    :param language: language of the values' labels.
    """

    def __init__(self, engine: Engine, language: str) -> None:
        self._engine = engine
        self.language = language
        self._found: dict[tuple[str, str], list[Choice]] = {}

    def of(self, one: Property) -> list[Choice]:
        """Return some values of a filter; all when they are at most :data:`zorgkg.collection.values.FEW`."""
        key = (one.cls, one.within) if one.cls else (one.name, " ".join(one.words))
        if key not in self._found:
            self._found[key] = values.choices(self._engine, one, self.language)
        return self._found[key]

    def of_class(self, cls: str) -> list[Choice]:
        """Return some things of a class, given by its IRI."""
        none = texts(*[""] * len(LANGUAGES))
        name = shorten(cls)
        known = name.partition(":")[0] in PREFIXES
        return self.of(Property("", "", "thing", none, cls=name if known else f"<{cls}>"))

    def slugs(self, collection: Collection) -> list[str]:
        """Return the slugs of a collection: all when they are few, else more than that."""
        found = [collection.slug(iri) for iri in finding.some(self._engine, collection, values.FEW + 1)]
        return sorted(found) if len(found) <= values.FEW else found
