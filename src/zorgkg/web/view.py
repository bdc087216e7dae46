"""The view of a page: what it needs to know of the request, as plain values that can go to another process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from zorgkg.languages import LANGUAGES
from zorgkg.publishing.versions import Manifest
from zorgkg.web import links, parameters, words
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import of


@dataclass(frozen=True)
class Edition:
    """A version, as pages tell of it.

    :param id: its identifier.
    :param created: time of publication, ISO 8601.
    :param statements: how many it has.
    :param datasets: how many it has.
    """

    id: str
    created: str
    statements: int
    datasets: int

    @classmethod
    def of(cls, manifest: Manifest) -> Edition:
        """Return what pages tell of a version."""
        return cls(manifest.id, manifest.created, manifest.statements, len(manifest.datasets))


@dataclass(frozen=True)
class View:
    """How a page is seen: in which language, at which address, of which version.

    :param language: language of the page.
    :param path: path of the request.
    :param pairs: its query string.
    :param root: path below which the service lies, without slash at its end.
    :param origin: scheme and authority of the service, as the client reached it.
    :param version: the version that is shown.
    :param chosen: whether the reader chose the language, which links then keep.
    :param pinned: whether the reader asked for this version, which links then keep. Such a page tells so, also while
        that is the version that is served: it is kept for good, and must stay true.
    """

    language: str
    path: str
    pairs: Pairs
    root: str
    origin: str
    version: Edition
    chosen: bool = False
    pinned: bool = False

    @classmethod
    def of(cls, request: Request, language: str) -> View:
        """Return the view of a request; one whose query string cannot be read has none, for its error is shown.

        :param request: the request.
        :param language: language of the page.
        """
        service = of(request)
        try:
            pairs = parameters.of(request)
        except ProblemError:
            pairs = []
        given = dict(pairs)
        asked = given.get("version", "")
        pinned = asked not in ("", "current") and service.manifest.id.startswith(asked)
        if pinned:
            # By its whole name: the beginning of it may come to mean another.
            pairs = [(name, service.manifest.id if name == "version" else value) for name, value in pairs]
        return cls(
            language=language,
            path=request.scope["path"],
            pairs=pairs,
            root=request.scope.get("root_path", "").rstrip("/"),
            origin=f"{request.url.scheme}://{request.url.netloc}",
            version=Edition.of(service.manifest),
            chosen=given.get("lang") == language,
            pinned=pinned,
        )

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> View:
        """Return the view that :meth:`told` gave the values of."""
        pairs = [(name, value) for name, value in told["pairs"]]
        return cls(**{**told, "pairs": pairs, "version": Edition(**told["version"])})

    def told(self) -> dict[str, Any]:
        """Return its values, which go to another process as JSON."""
        return asdict(self)

    @cached_property
    def kept(self) -> Pairs:
        """The parameters that go along to the next page."""
        return [*self.language_pair, *self.version_pair]

    @cached_property
    def _along(self) -> str:
        """The query string that goes along to the next page."""
        return f"?{urlencode(self.kept)}" if self.kept else ""

    @property
    def language_pair(self) -> Pairs:
        """The parameter of the language, when the reader chose it."""
        return [("lang", self.language)] if self.chosen else []

    @property
    def version_pair(self) -> Pairs:
        """The parameter of the version, when the reader asked for it."""
        return [("version", self.version.id)] if self.pinned else []

    def link(self, path: str, **query: str) -> str:
        """Return the reference of a path of this service for a page; what the reader chose goes along."""
        # A page has hundreds of links, nearly all without a query of their own.
        asked = f"?{urlencode([*query.items(), *self.kept])}" if query else self._along
        if not asked:
            return self.root + path
        bare, hash_, fragment = path.partition("#")
        return f"{self.root}{bare}{asked}{hash_}{fragment}"

    def plain(self, path: str, pairs: Pairs | None = None) -> str:
        """Return the reference of a path of this service, with these parameters alone."""
        return f"{self.root}{path}{'?' + urlencode(pairs) if pairs else ''}"

    def absolute(self, path: str, pairs: Pairs | None = None) -> str:
        """Return the URL of a path of this service, with these parameters alone."""
        return self.origin + self.plain(path, pairs)

    def href(self, iri: str) -> tuple[str, bool] | None:
        """Return where an IRI leads, and whether that is another site; None when it may not be followed."""
        local = links.local(iri)
        if local is not None:
            return self.link(local), False
        outside = links.external(iri)
        return (outside, True) if outside else None

    def switch(self) -> list[tuple[str, str, str, bool]]:
        """Return the languages of the page: tag, name, reference, and whether it is this one."""
        return [
            (tag, words.NAMES[tag], "?" + urlencode(links.replaced(self.pairs, lang=tag)), tag == self.language)
            for tag in LANGUAGES
        ]

    def unpinned(self) -> str:
        """Return the reference of the same page in the version that is served now."""
        return self.plain(self.path, links.replaced(self.pairs, version=None))
