"""`/versions`: what was published, which version is served, and what changed between two of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zorgkg.publishing.versions import Manifest, NoVersion
from zorgkg.web import parameters
from zorgkg.web.middleware import unknown_version
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol import writing
from zorgkg.web.service import of
from zorgkg.web.serving import Serving

_FRESH = {"Cache-Control": "no-store"}

_LONG: Final = ("properties", "classes")
"""What VoID tells of a version, and the list of versions leaves out."""


def listed(request: Request) -> Response:
    """`/versions`: the manifests, the newest first."""
    parameters.only(parameters.of(request), ())
    return JSONResponse({"versions": [_told(request, manifest) for manifest in manifests(request)]}, headers=_FRESH)


def manifests(request: Request) -> list[Manifest]:
    """Return the manifests of all versions, the newest first."""
    serving = _serving(request)
    return serving.versions() if serving else [of(request).manifest]


def served(request: Request) -> str:
    """Return the identifier of the version that answers when none is asked for."""
    serving = _serving(request)
    return serving.current.manifest.id if serving else of(request).manifest.id


def one(request: Request) -> Response:
    """`/versions/{id}`: a manifest; the identifier may be its beginning, or `current`."""
    parameters.only(parameters.of(request), ())
    return JSONResponse(_told(request, _find(request, request.path_params["id"])), headers=_FRESH)


def difference(request: Request) -> Response:
    """`/versions/{id}/diff?to=`: the statements that came and went until another version, dataset by dataset.

    Statements are N-Triples; those around blank nodes that hang together count as one whole.
    """
    pairs = parameters.of(request)
    parameters.only(pairs, ("to",))
    older, newer = request.path_params["id"], parameters.single(pairs, "to") or "current"
    serving = _serving(request)
    identifiers = [_find(request, version).id for version in (older, newer)]
    changes = serving.difference(*identifiers) if serving else {}
    datasets: dict[str, Any] = {name: asdict(change) for name, change in changes.items()}
    return JSONResponse({"older": identifiers[0], "newer": identifiers[1], "datasets": datasets}, headers=_FRESH)


async def activate(request: Request) -> Response:
    """`POST /versions/{id}/activate`: serve a version that was published before."""
    parameters.only(parameters.of(request), ())
    writer = writing.of(request)
    writer.authorise(request)
    identifier = _find(request, request.path_params["id"]).id
    await writer.manage(lambda serving: serving.activate(identifier))
    return JSONResponse(_told(request, _find(request, identifier)), headers=_FRESH)


async def prune(request: Request) -> Response:
    """`POST /versions/prune?keep=`: remove old versions, but never the one that is served."""
    pairs = parameters.of(request)
    parameters.only(pairs, ("keep",))
    writer = writing.of(request)
    writer.authorise(request)
    keep = parameters.whole(pairs, "keep", 1, 10**6)
    if keep is None:
        raise ProblemError(400, "keep", "say how many of the newest versions to keep: ?keep=10", parameter="keep")
    removed = await writer.manage(lambda serving: serving.prune(keep))
    return JSONResponse({"removed": [manifest.id for manifest in removed]}, headers=_FRESH)


def _find(request: Request, version: str) -> Manifest:
    serving = _serving(request)
    try:
        if serving:
            return serving.find(version)
        manifest = of(request).manifest
        if version in ("current", manifest.id):
            return manifest
        raise NoVersion(f"there is no version {version!r}")
    except NoVersion as error:
        raise unknown_version(error) from error


def _told(request: Request, manifest: Manifest) -> dict[str, Any]:
    told = {name: value for name, value in asdict(manifest).items() if name not in _LONG}
    return {**told, "served": manifest.id == served(request)}


def _serving(request: Request) -> Serving | None:
    return cast("Serving | None", request.scope.get("zorgkg.serving"))
