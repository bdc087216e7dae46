"""`/links/{name}`: the proposals and decisions of a dataset's links, as a page, JSON or SSSOM, and deciding on them.

Decisions come as JSON or from the page's form. A form has its token in a field: no cookie is kept and none is read, so
that no other site's page can decide in the name of who reads it. Credentials that a browser sends by itself (HTTP
Basic) decide nothing from a form, and neither does a form of another origin.
"""

from __future__ import annotations

import json
from collections.abc import Mapping as Dictionary
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from zorgkg.datasets import sssom
from zorgkg.datasets.problems import InvalidData
from zorgkg.datasets.sssom import Mapping
from zorgkg.linking import deciding, identity, linkfile, words
from zorgkg.linking.deciding import VERDICTS, BadDecision, Reviewer
from zorgkg.linking.describing import Described, describe
from zorgkg.linking.identity import Identity
from zorgkg.linking.linkfile import LinkFile
from zorgkg.linking.review import side_by_side
from zorgkg.terms import dataset_graph, is_dataset_name
from zorgkg.web import pages, parameters
from zorgkg.web.forms import negotiation
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.protocol import writing
from zorgkg.web.service import Service, of
from zorgkg.web.view import View

PATH: Final = "/links/{name}"
STATES: Final = ("open", "accepted", "refused", "unclear", "all")
FORMS: Final = {"json": "application/json", "html": "text/html", "sssom": "text/tab-separated-values"}
MOST: Final = 200

_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
_SHOWN: Final = 25
_FIELD: Final = "decision:"
_LONGEST: Final = 1_000_000


@dataclass(frozen=True)
class Shown:
    """A mapping on the page.

    :param mapping: the row.
    :param one: its subject.
    :param other: its object.
    """

    mapping: Mapping
    one: Described
    other: Described

    @property
    def parts(self) -> list[tuple[str, Any, Any]]:
        """What there is to compare."""
        return [*side_by_side(self.one, self.other)]


async def endpoint(request: Request) -> Response:
    """Answer `GET` and `POST` of `/links/{name}`."""
    name = request.path_params["name"]
    service = of(request)
    if not is_dataset_name(name) or name not in service.manifest.datasets:
        raise ProblemError(404, "no-such-dataset", f"there is no dataset {name!r}; /datasets lists them")
    file = linkfile.of(name, service.content.data, service.settings.home)
    if request.method == "POST":
        return await _decide(request, file)
    return await run_in_threadpool(_tell, request, service, file)


# Reading


def _tell(request: Request, service: Service, file: LinkFile) -> Response:
    pairs = parameters.of(request)
    parameters.only(pairs, ("lang", "format", "state", "q", "least", "limit", "offset"))
    language = parameters.language(request, pairs)
    chosen = parameters.form(pairs, tuple(FORMS)) or _accepted(request)
    state = parameters.one_of(pairs, "state", "unknown-state", STATES) or "open"
    limit = parameters.whole(pairs, "limit", 1, MOST) or _SHOWN
    offset = parameters.whole(pairs, "offset", 0, 10**9) or 0
    rows = _read(file)
    if chosen == "sssom":
        body = sssom.text(rows, dataset_graph(file.name).value, f"Links of the dataset {file.name}.")
        headers = {**_fresh(service), "Content-Disposition": f'inline; filename="{file.name}.sssom.tsv"'}
        return Response(body, 200, headers, FORMS["sssom"] + "; charset=utf-8")
    own = {one.id for one in rows}
    known = Identity([*(one for one in identity.decisions(service.engine) if one.id not in own), *rows])
    found = _matching(rows, known, state, parameters.single(pairs, "q") or "", _least(pairs))
    listed = found[offset : offset + limit]
    counts = {one: len(_matching(rows, known, one, "", 0.0)) for one in STATES}
    if chosen == "json":
        told = {
            "dataset": file.name,
            "counts": counts,
            "found": len(found),
            "mappings": [_plain(one) for one in listed],
        }
        headers = {**_fresh(service), "Vary": "Accept, Accept-Language"}
        if offset + limit < len(found):
            headers["Link"] = f'<?{urlencode(_moved(pairs, offset + limit))}>; rel="next"'
        return Response(json.dumps(told, ensure_ascii=False, indent=1) + "\n", 200, headers, FORMS["json"])
    return _page(request, service, file, language, pairs, state, found, (offset, limit), counts)


def _page(
    request: Request,
    service: Service,
    file: LinkFile,
    language: str,
    pairs: Pairs,
    state: str,
    found: list[Mapping],
    window: tuple[int, int],
    counts: Dictionary[str, int],
) -> Response:
    offset, limit = window
    view = View.of(request, language)
    listed = found[offset : offset + limit]
    things = describe(service.engine, {iri for one in listed for iri in one.things}, language)
    path = f"/links/{file.name}"
    context = {
        "name": file.name,
        "shown": [
            Shown(one, things.get(one.subject, Described(one["subject_label"])), things[one.object]) for one in listed
        ],
        "word": lambda key, **values: words.say(key, language, **values),
        "state": state,
        "states": [
            (one, words.say(f"state_{one}", language), counts[one], view.link(path, state=one)) for one in STATES
        ],
        "sought": parameters.single(pairs, "q") or "",
        "field": _FIELD,
        "first": offset + 1,
        "last": offset + len(listed),
        "found": len(found),
        "before": view.plain(path, _moved(pairs, max(0, offset - limit))) if offset else None,
        "after": view.plain(path, _moved(pairs, offset + limit)) if offset + limit < len(found) else None,
        "forms": [("JSON", view.link(path, format="json", state="all")), ("SSSOM", view.link(path, format="sssom"))],
        "reviewer": deciding.REVIEWER,
        "may_write": bool(request.scope.get("zorgkg.writer")),
    }
    return pages.response(view, pages.draw(view, "links.html", context), headers=_fresh(service))


def _matching(rows: list[Mapping], known: Identity, state: str, sought: str, least: float) -> list[Mapping]:
    left = deciding.waiting(rows, known)
    chosen = {
        "open": lambda: [one for one in left if not one.is_unclear],
        "unclear": lambda: [one for one in left if one.is_unclear],
        "accepted": lambda: [one for one in rows if one.is_accepted],
        "refused": lambda: [one for one in rows if one.is_refused],
        "all": lambda: [*left, *(one for one in rows if one.is_decided)],
    }[state]()
    folded = sought.casefold().split()
    return [
        one
        for one in chosen
        if one.confidence >= least
        and all(
            word in f"{one['subject_label']} {one['object_label']} {one.subject} {one.object}".casefold()
            for word in folded
        )
    ]


def _plain(one: Mapping) -> dict[str, Any]:
    state = "accepted" if one.is_accepted else "refused" if one.is_refused else "unclear" if one.is_unclear else "open"
    features = dict(part.partition("=")[::2] for part in one["other"].split("|") if "=" in part)
    return {
        "record": one.id,
        "state": state,
        "confidence": one.confidence,
        "score": float(one["similarity_score"]) if one["similarity_score"] else None,
        "subject": {"iri": one.subject or None, "label": one["subject_label"]},
        "predicate": one["predicate_id"],
        "object": {"iri": one.object, "label": one["object_label"] or None},
        "justification": one["mapping_justification"],
        "features": features,
        "reviewer": one["reviewer_id"] or None,
        "date": one["review_date"] or one["mapping_date"] or None,
        "comment": one["comment"] or None,
    }


def _read(file: LinkFile) -> list[Mapping]:
    try:
        return file.read()
    except InvalidData as error:
        detail = f"the link file cannot be read: {error.problems[0].message} (row {error.problems[0].row})"
        raise ProblemError(500, "link-file", detail) from error


def _least(pairs: Pairs) -> float:
    given = parameters.single(pairs, "least")
    try:
        number = float(given or 0)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise ProblemError(400, "invalid-least", f"least: {given!r} is no number from 0 to 1", parameter="least")
    return number


def _accepted(request: Request) -> str:
    media = negotiation.choose(request.headers.get("accept"), list(FORMS.values()))
    if media is None:
        detail = f"this can be given as {', '.join(FORMS.values())}"
        raise ProblemError(406, "not-acceptable", detail, allowed=[*FORMS.values()])
    return next(name for name, one in FORMS.items() if one == media)


def _moved(pairs: Pairs, offset: int) -> Pairs:
    return [*((name, value) for name, value in pairs if name != "offset"), ("offset", str(offset))]


def _fresh(service: Service) -> dict[str, str]:
    return {"Cache-Control": "no-store", "X-Zorgkg-Version": service.manifest.id}


# Deciding


@dataclass(frozen=True)
class Asked:
    """What somebody decides.

    :param decisions: record → verdict.
    :param reviewer: in which role.
    :param comments: record → why.
    :param propose: propose anew instead.
    """

    decisions: dict[str, str]
    reviewer: str
    comments: dict[str, str]
    propose: bool


async def _decide(request: Request, file: LinkFile) -> Response:
    pairs = parameters.of(request)
    parameters.only(pairs, ("dry-run", "lang"))
    writer = writing.of(request)
    kind = writing.media(request, [_FORM, _JSON])
    if kind == _JSON:
        # Before it is read what is sent.
        writer.allow(request, dataset_graph(file.name))
        asked = _of_json(await writing.body(request, _LONGEST))
    else:
        _same_origin(request)
        fields = parameters.decode(await writing.arrived(request, _LONGEST), "form")
        _show(request, parameters.single(fields, "token"))
        writer.allow(request, dataset_graph(file.name))
        asked = _of_form(fields)
    try:
        reviewer = Reviewer.of(asked.reviewer)
    except BadDecision as error:
        raise ProblemError(422, "reviewer", str(error), parameter="reviewer") from error
    told, sent = writing.change(request, pairs, "links", dataset_graph(file.name))
    told |= {"name": file.name, "asked": asdict(asked), "reviewer": asdict(reviewer)}
    outcome, report = await writer.write(request, told, sent, writing.dry_run(pairs))
    if kind == _FORM and outcome["conforms"] and pages.wanted(request):
        # Loading the page again sends nothing twice.
        where = View.of(request, parameters.language(request, pairs)).link(f"/links/{file.name}")
        return RedirectResponse(where, 303, headers={"Cache-Control": "no-store"})
    return writing.answer(request, outcome, report)


def _show(request: Request, token: str | None) -> None:
    """Let the token of a form's field be that of the request; what a browser adds by itself does not count."""
    given = request.headers.get("authorization", "")
    if token is None and given.lower().startswith("bearer "):
        return
    others = [(name, value) for name, value in request.scope["headers"] if name != b"authorization"]
    shown = [(b"authorization", f"Bearer {token}".encode("latin-1", "replace"))] if token else []
    request.scope["headers"] = [*others, *shown]
    # The request keeps its headers as it read them first.
    request.__dict__.pop("_headers", None)


def _same_origin(request: Request) -> None:
    """Refuse a form that another site's page sends.

    :raises ProblemError: 403.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    elsewhere = site is not None and site not in ("same-origin", "none")
    if origin is not None and urlsplit(origin).netloc != request.url.netloc:
        elsewhere = True
    if elsewhere:
        raise ProblemError(403, "other-origin", "a decision is sent from the page of this server, or as JSON")


def _of_form(fields: Pairs) -> Asked:
    parameters.only(
        [(name, value) for name, value in fields if not name.startswith(_FIELD)], ("token", "reviewer", "propose")
    )
    decisions = {
        name.removeprefix(_FIELD): value
        for name, value in fields
        if name.startswith(_FIELD) and value not in ("", "keep")
    }
    propose = parameters.single(fields, "propose") is not None
    return _checked(Asked(decisions, parameters.single(fields, "reviewer") or deciding.REVIEWER, {}, propose))


def _of_json(body: bytes) -> Asked:
    try:
        told = parameters.document(body)
    except (ValueError, RecursionError) as error:
        raise ProblemError(400, "json", "the body is no JSON") from error
    if not isinstance(told, dict):
        raise ProblemError(422, "decisions", 'expected is {"decisions": {"record": "accept"}, "reviewer": "role"}')
    if strange := sorted(set(told) - {"decisions", "reviewer", "comments", "propose"}):
        raise ProblemError(
            422, "decisions", f"{strange[0]!r} is no member; there are decisions, reviewer, comments, propose"
        )
    decisions, comments = told.get("decisions", {}), told.get("comments", {})
    for name, one in (("decisions", decisions), ("comments", comments)):
        if not isinstance(one, dict) or not all(isinstance(value, str) for value in one.values()):
            raise ProblemError(422, name, f"{name} is an object of texts: record, and what is said of it")
    reviewer, propose = told.get("reviewer", deciding.REVIEWER), told.get("propose", False)
    if not isinstance(reviewer, str) or not isinstance(propose, bool):
        raise ProblemError(422, "decisions", "reviewer is a text, and propose true or false")
    return _checked(Asked(decisions, reviewer, comments, propose))


def _checked(asked: Asked) -> Asked:
    for record, verdict in asked.decisions.items():
        if verdict not in VERDICTS:
            detail = f"{verdict!r} is no decision on {record}; there are {', '.join(VERDICTS)}"
            raise ProblemError(422, "decisions", detail, allowed=list(VERDICTS))
    if not asked.decisions and not asked.propose:
        raise ProblemError(422, "decisions", "nothing is decided; choose for at least one proposal")
    return asked
