"""What every request needs: the version that is served, its engine and the catalogue of questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, cast

from starlette.requests import Request

from zorgkg.content import Content
from zorgkg.engine.interface import Engine
from zorgkg.engine.processes import QueryProcesses
from zorgkg.publishing.versions import Manifest
from zorgkg.questions.catalogue import Catalogue
from zorgkg.search.index import SearchIndex
from zorgkg.settings import Settings


@dataclass(frozen=True)
class Service:
    """The parts that answer requests on one version; made once, never changed.

    :param content: folders of ontology, datasets and questions.
    :param manifest: the version that is served.
    :param engine: answers queries on it.
    :param questions: the catalogue.
    :param settings: the settings in force.
    :param processes: where queries from outside run; None runs them in threads, without limits.
    :param search: finds things by their names and by what they are linked to; None where there is no index, or not yet.
    """

    content: Content
    manifest: Manifest
    engine: Engine
    questions: Catalogue
    settings: Settings
    processes: QueryProcesses | None = None
    search: SearchIndex | None = None


class Follows(Protocol):
    """Knows the service of the version that is served, while it changes."""

    @property
    def current(self) -> Service:
        """The service of the version that is served now."""
        ...

    async def follow(self) -> None:
        """See again and again what is to be served, until cancelled."""
        ...


def of(request: Request) -> Service:
    """Return the service that answers a request, the same from its beginning to its end."""
    return cast(Service, request.scope["zorgkg.service"])
