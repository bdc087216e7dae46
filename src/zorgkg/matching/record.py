"""Records: what is known of a thing that tells it from others, of the graph as of a partner's table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Record:
    """A thing, as far as it can be recognised.

    :param id: its IRI; of a row of a table, whatever names the row.
    :param names: its label first, then its other names.
    :param types: class IRIs.
    :param kinds: IRIs of its `org:classification`.
    :param municipality: IRI of the municipality that it is in.
    :param postcode: of its address.
    :param identifiers: register (one of :data:`zorgkg.matching.identifiers.SCHEMES`) and number.
    :param datasets: names of the datasets that speak of it.
    :param unit_of: IRIs of what it is a unit of.
    :param within: IRIs of the places that it lies in, directly (of a place) or takes place in (of a project).
    :param replaced_by: IRIs of what took its place: of a municipality, after a merger.
    """

    id: str
    names: tuple[str, ...]
    types: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    municipality: str | None = None
    postcode: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    datasets: tuple[str, ...] = ()
    unit_of: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
