"""Tables over HTTP: what somebody says of a table that they send, and what comes of it; templates to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from zorgkg.content import Content
from zorgkg.datasets.package import Package
from zorgkg.engine.embedded import EmbeddedEngine
from zorgkg.intake import handing, personal, template, vocabulary, writing
from zorgkg.intake.handing import Proposal, Wanted
from zorgkg.intake.kinds import KINDS
from zorgkg.languages import LANGUAGES
from zorgkg.publishing.versions import Home
from zorgkg.tables import reading
from zorgkg.tables.reading import MEDIA
from zorgkg.tables.told import IN_ADDRESS, MOST, BadTable, Told, first
from zorgkg.web import parameters
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import of

PATH: Final = "/templates/{file}"
PARAMETERS: Final = ("kind", "sheet", "licence", "publisher", "title", "without", "data-lang", "dates", "file")
"""What may be said of a table that is sent."""

MEDIA_TYPES: Final = {media: extension for extension, media in MEDIA.items()}
"""Media type → extension of the tables that are taken."""

_LONGEST: Final = 500
_LISTED: Final = MOST * 50


def told(pairs: Pairs, name: str, media: str) -> dict[str, Any]:
    """Return what is said of a table.

    :param name: name of the dataset.
    :param media: media type of what is sent.
    :raises ProblemError: a parameter has a value that it cannot have.
    """
    if "--" in name:
        raise ProblemError(400, "dataset-name", f"{name!r}: a dataset's name has no two hyphens in a row")
    extension = MEDIA_TYPES[media]
    given = parameters.single(pairs, "file") or f"{name}.{extension}"
    for one, value in pairs:
        if len(value) > _LONGEST:
            detail = f"{one} is longer than {_LONGEST} characters"
            raise ProblemError(400, "parameter-length", detail, parameter=one)
    # Its end tells how it is read, and that is what the media type says.
    file = given.replace("\\", "/").rpartition("/")[2]
    file = file if file.lower().endswith(f".{extension}") else f"{file}.{extension}"
    return {
        "name": name,
        "file": file,
        "kind": parameters.one_of(pairs, "kind", "unknown-kind", tuple(KINDS)) or "",
        "sheet": parameters.single(pairs, "sheet") or "",
        "licence": parameters.single(pairs, "licence") or "",
        "publisher": parameters.single(pairs, "publisher") or "",
        "title": parameters.single(pairs, "title") or "",
        "without": [value for one, value in pairs if one == "without" and value],
        "language": parameters.one_of(pairs, "data-lang", "unknown-language", LANGUAGES) or "",
        "dates": parameters.one_of(pairs, "dates", "dates", ("dmy", "mdy")) or "",
    }


def package(
    said: dict[str, Any], body: bytes, home: Home, content: Content, folder: Path, language: str
) -> tuple[Package, list[dict[str, Any]]]:
    """Make a package of a table that was sent.

    :param said: as :func:`told` gives it.
    :param body: the table.
    :param home: whose graph tells what the table may name.
    :param content: the folders of the shapes, and of the graph's own datasets.
    :param folder: where the package is written.
    :param language: of what is told of it.
    :returns: the package, and the notes: what was done to read the table, and what is not taken over.
    :raises ProblemError: 422, it cannot be taken as it is: what is wrong or missing.
    """
    manifest = home.current()
    engine = EmbeddedEngine.open(home.store(manifest.id), manifest.id, manifest.statements, 0)
    titles = {"": said["title"]} if said["title"] else {}
    wanted = Wanted(
        said["name"],
        said["kind"],
        said["licence"],
        said["publisher"],
        titles,
        said["language"],
        said["without"],
        said["dates"],
    )
    try:
        handing.refuse_own(said["name"], content)
        given = reading.read(said["file"], body, said["sheet"])
        known = vocabulary.read(engine, said["name"])
        proposal = handing.propose(given, wanted, known, personal.patterns(content.ontology / "shapes"))
    except BadTable as error:
        raise _refused(error.told, language) from None
    notes = _places(first([*proposal.notes, *first(proposal.left_out)], _LISTED), language)
    _complete(proposal, notes, language)
    directory = folder / said["name"]
    directory.mkdir()
    writing.fill(directory, writing.files(proposal, language))
    return Package(directory), notes


def answer(request: Request) -> Response:
    """`/templates/{kind}.xlsx` and `.csv`: an empty table to fill in; a workbook lists what the graph has."""
    kind, _, form = request.path_params["file"].partition(".")
    pairs = parameters.of(request)
    parameters.only(pairs, ("lang",))
    if kind not in KINDS or form not in template.FORMS:
        names = ", ".join(f"{one}.{end}" for one in KINDS for end in template.FORMS)
        raise ProblemError(404, "no-such-template", f"there is no template {kind}.{form}; there are {names}")
    language, service = parameters.language(request, pairs), of(request)
    if form == "csv":
        body = template.delimited(KINDS[kind], language)
    else:
        body = template.workbook(KINDS[kind], vocabulary.read(service.engine), language)
    headers = {
        "Content-Disposition": f'attachment; filename="{kind}.{form}"',
        "Content-Language": language,
        "Vary": "Accept-Language",
        "X-Zorgkg-Version": service.manifest.id,
    }
    media = MEDIA[form]
    return Response(body, headers=headers, media_type=media + ("; charset=utf-8" if form == "csv" else ""))


def _complete(proposal: Proposal, notes: list[dict[str, Any]], language: str) -> None:
    """Refuse what a person would have to decide on.

    :raises ProblemError: 422.
    """
    if proposal.missing:
        names = [one.key.removeprefix("missing-") for one in proposal.missing]
        detail = "; ".join(one.text(language, IN_ADDRESS) for one in proposal.missing)
        raise ProblemError(422, "incomplete", detail, missing=names, notes=notes)
    if proposal.todo:
        raise _refused([one.told for one in proposal.todo], language, notes=notes)


def _refused(faults: list[Told], language: str, **more: Any) -> ProblemError:
    count = f" (+{len(faults) - 1})" if len(faults) > 1 else ""
    detail = faults[0].text(language, IN_ADDRESS) + count
    return ProblemError(422, "table", detail, problems=_places(faults[:_LISTED], language), **more)


def _places(told: list[Told], language: str) -> list[dict[str, Any]]:
    return [
        {
            "message": one.message(language, IN_ADDRESS),
            "sheet": one.sheet or None,
            "row": one.row,
            "column": one.column,
            "name": one.name or None,
        }
        for one in told
    ]
