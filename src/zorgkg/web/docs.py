"""`/api/docs`: the operations for a person to read and to try, by forms that need no script."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from zorgkg.web import links, pages, parameters
from zorgkg.web.openapi import document
from zorgkg.web.openapi.operation import Operation, Parameter
from zorgkg.web.openapi.serving import Description
from zorgkg.web.parameters import Pairs
from zorgkg.web.problems import ProblemError
from zorgkg.web.service import of

_NUMBERS: Final = ("integer", "number")


@dataclass(frozen=True)
class Field:
    """A parameter as a field of a form.

    :param parameter: the parameter.
    :param description: what it does, in the language of the page.
    :param items: further lines of that.
    :param widget: `select`, or a type of `<input>`.
    :param kind: what its values are, in a word.
    :param options: the values to choose from.
    :param many: whether several may be chosen.
    :param value: what it is filled in with.
    """

    parameter: Parameter
    description: str
    items: list[str]
    widget: str
    kind: str
    options: list[str]
    many: bool
    value: str


class Documentation:
    """The pages of the documentation of one application."""

    def __init__(self, description: Description) -> None:
        """Show what a description tells."""
        self._description = description

    def index(self, request: Request) -> Response:
        """`/api/docs`: all operations by tag."""
        language, operations = self._read(request)
        by_tag: dict[str, list[Operation]] = {}
        for one in operations:
            by_tag.setdefault(one.tag, []).append(one)
        first = [tag for tag in by_tag if tag == "collections"]
        last = [tag for tag in by_tag if tag in document.TAGS and tag not in first]
        questions = sorted(set(by_tag) - set(document.TAGS), key=lambda tag: document.tag(tag, language).casefold())
        tags = [(tag, document.tag(tag, language), by_tag[tag]) for tag in (*first, *questions, *last)]
        return pages.render(request, "docs.html", language, {"tags": tags})

    def operation(self, request: Request) -> Response:
        """`/api/docs/{operation}`: an operation with its parameters and a form to try it."""
        language, operations = self._read(request)
        one = _find(operations, request.path_params["operation"])
        context = {
            "operation": one,
            "tag": document.tag(one.tag, language),
            "fields": [_field(each, language) for each in one.parameters],
            "can_try": one.method == "get",
            "curl": _curl(request, one),
            "problems": [(status, document.problem(status)[language]) for status in one.problems],
        }
        return pages.render(request, "operation.html", language, context)

    def open(self, request: Request) -> Response:
        """`/api/docs/{operation}/open`: go to the operation with what a form was filled in with.

        A form alone cannot put a value into a path, and sends what was left empty.
        """
        pairs = parameters.of(request)
        operations = self._description.operations(of(request), pages.reader(request))
        one = _find(operations, request.path_params["operation"])
        path = one.path
        for each in one.parameters:
            if each.where == "path":
                given = parameters.single(pairs, each.name)
                if given is None:
                    raise ProblemError(400, "missing-parameter", f"{each.name} is missing", parameter=each.name)
                path = path.replace(f"{{{each.name}}}", quote(given, safe=""))
        in_path = {each.name for each in one.parameters if each.where == "path"}
        kept = [(name, value) for name, value in pairs if name not in in_path and value]
        return RedirectResponse(links.relative(request, path, kept), 303, headers={"Cache-Control": "no-store"})

    def _read(self, request: Request) -> tuple[str, list[Operation]]:
        pairs = parameters.of(request)
        parameters.only(pairs, ("lang",))
        language = parameters.language(request, pairs)
        return language, self._description.operations(of(request), language)


def _find(operations: list[Operation], name: str) -> Operation:
    found = next((one for one in operations if one.id == name), None)
    if found is None:
        raise ProblemError(404, "unknown-operation", f"there is no operation {name!r}; /api/docs lists them")
    return found


def _field(one: Parameter, language: str) -> Field:
    kind = str(one.single.get("type", "string"))
    options = one.values or (["true", "false"] if kind == "boolean" else [])
    told, *items = one.description[language].split("\n- ")
    is_many = one.schema.get("type") == "array"
    widget = "select" if options else "number" if kind in _NUMBERS else "text"
    default = one.schema.get("default", one.example if one.where == "path" else None)
    value = _first(default)
    return Field(one, told, items, widget, kind, options, is_many, "" if is_many else value)


def _first(value: Any) -> str:
    found = value[0] if isinstance(value, list) and value else value
    if isinstance(found, bool):
        return "true" if found else "false"
    return "" if found is None or isinstance(found, list) else str(found)


def _curl(request: Request, one: Operation) -> str:
    """A command that works as it stands, where the operation needs no token."""
    path, pairs = one.path, Pairs()
    for each in one.parameters:
        value = _first(each.schema.get("default", each.example))
        if each.where == "path":
            path = path.replace(f"{{{each.name}}}", quote(value or "…", safe="…"))
        elif each.required or (each.name not in _LEFT and value and not each.schema.get("default")):
            pairs.append((each.name, value))
    command = ["curl", "-s"]
    if one.method != "get":
        command += ["-X", one.method.upper()]
    if one.needs_token:
        command += ["-H", "Authorization: Bearer …"]
    if one.takes:
        command += ["-H", f"Content-Type: {next(iter(one.takes))}", "--data-binary", one.example or "@…"]
    return shlex.join([*command, links.absolute(request, path, pairs[:1])])


_LEFT: Final = ("version",)
"""Parameters that an example does without."""
