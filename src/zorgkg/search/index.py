"""The search index of a version: found by words, listed by filters, or named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Thing:
    """Something that can be found.

    :param iri: its IRI.
    :param type: the `{type}` of `/id/{type}/{slug}`.
    :param slug: the `{slug}`; of a component `{scheme}/{component}`.
    :param kind: what a person calls it, one of :data:`zorgkg.search.schema.KINDS`.
    :param label: its label for readers of the asked language, by the one fallback.
    :param language: the language of that label.
    :param alternative: its other names.
    :param description: a text about it in the asked language, by the same fallback; "" where there is none.
    :param latitude: of a place (WGS 84); None elsewhere.
    :param longitude: likewise.
    """

    iri: str
    type: str
    slug: str
    kind: str
    label: str
    language: str
    alternative: tuple[str, ...] = ()
    description: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Hit:
    """Something that was found by words.

    :param thing: what was found.
    :param alternative: the other name that the words fit better than its label; "" otherwise.
    :param rank: how well they fit, from 1 (nothing fits better) down to 0.
    """

    thing: Thing
    alternative: str
    rank: float


@dataclass(frozen=True)
class Page:
    """A part of a list.

    :param things: the things of this page, in the order that was asked for.
    :param more: whether others follow.
    """

    things: list[Thing]
    more: bool


class SearchIndex:
    """The search index of one version; any number of threads may ask it."""

    def find(self, text: str, language: str, types: Sequence[str] = (), limit: int = 10) -> list[Hit]:
        """Find things by what a person types; accents, case and small mistakes are forgiven.

        :param text: any text; the last word may be unfinished.
        :param language: one of :data:`zorgkg.languages.LANGUAGES`.
        :param types: only these kinds or types of things; none: all.
        :param limit: how many at most.
        :returns: what was found, the best first; empty for a text without a letter or digit.
        """
        raise NotImplementedError

    def page(
        self,
        type: str,
        language: str,
        *,
        filters: Mapping[str, Sequence[str]] | None = None,
        text: str = "",
        sort: str = "label",
        descending: bool = False,
        limit: int = 50,
        offset: int = 0,
    ) -> Page:
        """List the things of one type.

        :param type: the `{type}` of their IRIs.
        :param language: one of :data:`zorgkg.languages.LANGUAGES`.
        :param filters: facet (one of :data:`zorgkg.search.schema.FACETS`) → values (IRIs), any of which a thing must
            have; of several facets it must have one in each.
        :param text: words that each must have, as :meth:`find` reads them.
        :param sort: `label`, or `iri`.
        :param descending: whether the last comes first.
        :param limit: how many at most.
        :param offset: how many to pass over.
        """
        raise NotImplementedError

    def get(self, type: str, slug: str, language: str) -> Thing | None:
        """Return one thing, or None when there is none.

        :param type: the `{type}` of its IRI.
        :param slug: the `{slug}`.
        :param language: one of :data:`zorgkg.languages.LANGUAGES`.
        """
        raise NotImplementedError
