"""A question file: SPARQL that runs in any editor, with a YAML header behind `#+` and one VALUES block a parameter.

The form is a contract (docs/questions.md). What is wrong with a file is told with its path and line.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from zorgkg.languages import LABEL_PROPERTY, LANGUAGES
from zorgkg.questions import evidence
from zorgkg.questions.evidence import Declared
from zorgkg.sparql import Token, position, tokens
from zorgkg.terms import PREFIXES, term

KEYS: Final = ("summary", "tags", "params", "chart", "evidence", "product", "unlabelled")
KINDS: Final = ("iri", "string", "integer", "decimal", "boolean", "date")
NUMBERS: Final = ("integer", "decimal")
CHARTS: Final = ("bar", "line", "matrix", "network", "map")
LABELS: Final = "labels"
"""The VALUES variable that holds the label property of the asked language; every question with labels has it."""
UNTIL: Final = "until"
"""The VALUES variable that the server may set to a sort key of projects; then the answer may be only its beginning."""
NOT_SAID: Final = {"none": "not said"}
"""The chart of a question that says nothing of one, and its evidence."""

RESERVED: Final = ("lang", "format", "excel", "languages", "limit", "offset", "version", "evidence", LABELS, UNTIL)


class QuestionError(Exception):
    """A question file breaks the form; the message has file, line and what is expected.

    :ivar line: the line, from 1.
    :ivar reason: what is wrong and what is expected.
    """

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.line, self.reason = line, message


@dataclass(frozen=True)
class Block:
    """The text between the braces of a parameter's VALUES block."""

    start: int
    end: int


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question.

    :param name: its name, which is the variable of its VALUES block.
    :param kind: one of :data:`KINDS`.
    :param cls: IRI of the class that an `iri` value must be an instance of, or "".
    :param description: language → text.
    :param values: the only values allowed, or () for any.
    :param many: whether several values may be given (any of them matches).
    :param default: the terms in the file, as SPARQL text; ("UNDEF",) where the parameter is optional.
    :param block: where they stand.
    :param again: where else they stand; several sub-selects may each need them.
    :param least: the smallest number allowed, or None for any.
    :param most: the largest one.
    """

    name: str
    kind: str
    cls: str
    description: Mapping[str, str]
    values: tuple[str, ...]
    many: bool
    default: tuple[str, ...]
    block: Block
    again: tuple[Block, ...] = ()
    least: int | float | None = None
    most: int | float | None = None

    @property
    def optional(self) -> bool:
        """Whether leaving it out means: any value."""
        return len(self.default) == 1 and self.default[0].upper() == "UNDEF"


@dataclass(frozen=True)
class Question:
    """A question.

    :param id: the file's name without `.rq`.
    :param path: the file.
    :param text: the SPARQL, header included.
    :param summary: language → the question in words.
    :param tags: topics.
    :param parameters: by name, in the header's order.
    :param columns: the variables of the result, in order.
    :param chart: how the answer can be drawn, or why not (`none`).
    :param labels: where the label property stands; several sub-selects may each need it.
    :param evidence: where the evidence of its rows is, or why there is none.
    :param until: where the sort key stands before which the wanted rows are; none: it cannot give its beginning alone.
    :param product: why every row of one part must meet every row of another, or "".
    :param unlabelled: column with a thing → why no column has its label.
    """

    id: str
    path: Path
    text: str
    summary: Mapping[str, str]
    tags: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    columns: tuple[str, ...]
    chart: Mapping[str, str]
    labels: tuple[Block, ...]
    evidence: Declared
    until: tuple[Block, ...] = ()
    product: str = ""
    unlabelled: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def written(self) -> str:
        """The question as text, for another process: :func:`read` makes it again."""
        told = asdict(self)
        return json.dumps({**told, "path": str(self.path)}, ensure_ascii=False)


@lru_cache(maxsize=500)
def read(written: str) -> Question:
    """Read a question that another process wrote; each is read once.

    :param written: :attr:`Question.written`.
    """
    told = json.loads(written)
    parameters = {
        name: Parameter(
            **{
                **one,
                "values": tuple(one["values"]),
                "default": tuple(one["default"]),
                "block": Block(**one["block"]),
                "again": tuple(Block(**block) for block in one["again"]),
            }
        )
        for name, one in told["parameters"].items()
    }
    return Question(
        **{
            **told,
            "path": Path(told["path"]),
            "tags": tuple(told["tags"]),
            "columns": tuple(told["columns"]),
            "parameters": parameters,
            "labels": tuple(Block(**block) for block in told["labels"]),
            "until": tuple(Block(**block) for block in told["until"]),
            "evidence": evidence.of(told["evidence"]),
        }
    )


def parse(path: Path) -> Question:
    """Read a question file.

    :param path: a `.rq` file.
    :raises QuestionError: the header or the VALUES blocks break the form.
    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise QuestionError(path, 1, "a question is UTF-8 text") from error
    header = _header(path, text)
    unknown = sorted(set(header) - set(KEYS))
    if unknown:
        message = f"unknown header key {unknown[0]!r}; known: {', '.join(KEYS)}"
        raise QuestionError(path, line_of(path, unknown[0]), message)
    declared = header.get("params") or {}
    if not isinstance(declared, dict):
        raise QuestionError(path, line_of(path, "params"), "params must map names to descriptions")
    blocks = _values_blocks(path, text, {LABELS, UNTIL, *map(str, declared)})
    parameters = {str(name): _parameter(path, text, str(name), entry, blocks) for name, entry in declared.items()}
    labels = tuple(blocks.get(LABELS, ()))
    for block in labels:
        if text[block.start : block.end].strip() != LABEL_PROPERTY["nl"]:
            raise QuestionError(
                path, position(text, block.start)[0], f"VALUES ?{LABELS} must hold {LABEL_PROPERTY['nl']}"
            )
    until = tuple(blocks.get(UNTIL, ()))
    for block in until:
        if _default(text, block) != ("UNDEF",):
            raise QuestionError(path, position(text, block.start)[0], f"VALUES ?{UNTIL} must hold UNDEF")
    return Question(
        id=path.stem,
        path=path,
        text=text,
        summary=_languages(path, header, "summary", line_of(path, "summary")),
        tags=_list(path, header, "tags", line_of(path, "tags")),
        parameters=parameters,
        columns=_columns(path, text),
        chart=_chart(path, header, _columns(path, text), parameters),
        labels=labels,
        evidence=_evidence(path, header, _columns(path, text), parameters),
        until=until,
        product=str(header.get("product") or ""),
        unlabelled=_reasons(path, header, "unlabelled"),
    )


def _header(path: Path, text: str) -> dict[str, Any]:
    lines = []
    for line in text.splitlines():
        if not line.startswith("#+"):
            break
        lines.append(line[2:].removeprefix(" "))
    if not lines:
        raise QuestionError(path, 1, "a question starts with a header: lines of YAML behind `#+`")
    try:
        # YAML 1.2, so that a plain text may end with a question mark inside braces.
        header = YAML(typ="safe", pure=True).load("\n".join(lines))
    except MarkedYAMLError as error:
        number = (error.problem_mark.line if error.problem_mark else 0) + 1
        raise QuestionError(path, number, f"the header is no YAML: {error.problem}") from error
    except YAMLError as error:
        raise QuestionError(path, 1, f"the header is no YAML: {error}") from error
    if not isinstance(header, dict):
        raise QuestionError(path, 1, "the header must be a YAML mapping")
    return header


def line_of(path: Path, key: str) -> int:
    """Return the line of a question file's header where a key first stands; 1 when it stands nowhere."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.startswith("#+") and re.search(rf"(?<![\w-]){re.escape(key)}\s*:", line):
            return number
    return 1


def _languages(path: Path, holder: Mapping[str, Any], key: str, line: int) -> Mapping[str, str]:
    value = holder.get(key)
    if not isinstance(value, dict) or set(value) != set(LANGUAGES) or not all(value.values()):
        raise QuestionError(path, line, f"{key} must be given in {', '.join(LANGUAGES)}")
    return {language: str(value[language]) for language in LANGUAGES}


def _list(path: Path, holder: Mapping[str, Any], key: str, line: int) -> tuple[str, ...]:
    value = holder.get(key) or []
    if not isinstance(value, list):
        raise QuestionError(path, line, f"{key} must be a list, such as [{value}]")
    return tuple(map(str, value))


def _reasons(path: Path, header: Mapping[str, Any], key: str) -> Mapping[str, str]:
    value = header.get(key) or {}
    if not isinstance(value, dict) or not all(value.values()):
        raise QuestionError(path, line_of(path, key), f"{key} must map names to the reason why")
    return {str(name): str(reason) for name, reason in value.items()}


def _chart(
    path: Path, header: Mapping[str, Any], columns: Sequence[str], parameters: Mapping[str, Parameter]
) -> Mapping[str, str]:
    chart = header.get("chart", NOT_SAID)
    if not isinstance(chart, dict) or not ({"kind", "none"} & set(chart)):
        raise QuestionError(path, line_of(path, "chart"), "chart must say its kind, or with `none` why there is none")
    if "kind" in chart and chart["kind"] not in CHARTS:
        raise QuestionError(
            path, line_of(path, "chart"), f"chart kind {chart['kind']!r} must be one of {', '.join(CHARTS)}"
        )
    for key in ("x", "y", "value", "of"):
        if key in chart and str(chart[key]) not in columns:
            raise QuestionError(path, line_of(path, "chart"), f"chart {key} {chart[key]!r} is no column of the query")
    if "scheme" in chart and str(chart["scheme"]) not in parameters:
        raise QuestionError(path, line_of(path, "chart"), f"chart scheme {chart['scheme']!r} is no parameter")
    return {str(key): str(value) for key, value in chart.items()}


def _evidence(
    path: Path, header: Mapping[str, Any], columns: Sequence[str], parameters: Mapping[str, Parameter]
) -> Declared:
    try:
        return evidence.declare(header.get("evidence", NOT_SAID), columns, parameters)
    except ValueError as error:
        raise QuestionError(path, line_of(path, "evidence"), str(error)) from error


def _values_blocks(path: Path, text: str, names: Set[str]) -> dict[str, list[Block]]:
    """Find the `VALUES ?name { … }` of each name."""
    found: dict[str, list[Block]] = {}
    stream = list(tokens(text))
    for index, token in enumerate(stream):
        if token.kind == "word" and token.text.upper() == "VALUES" and index + 2 < len(stream):
            variable, brace = stream[index + 1], stream[index + 2]
            if variable.kind == "variable" and brace.text == "{":
                close = _closing(path, text, stream, index + 2)
                name = variable.text[1:]
                if name not in names:
                    continue
                found.setdefault(name, []).append(Block(brace.end, close.start))
    return found


def _closing(path: Path, text: str, stream: list[Token], opening: int) -> Token:
    for token in stream[opening + 1 :]:
        if token.text == "}" and token.kind == "mark":
            return token
    raise QuestionError(path, position(text, stream[opening].start)[0], "a VALUES block without }")


def _parameter(path: Path, text: str, name: str, entry: object, blocks: Mapping[str, Sequence[Block]]) -> Parameter:
    if not isinstance(entry, dict):
        raise QuestionError(
            path, line_of(path, name), f"parameter {name}: a mapping with type and description is expected"
        )
    entry = cast(dict[str, Any], entry)
    if name in RESERVED or not re.fullmatch(r"[a-z][A-Za-z0-9]*", name):
        raise QuestionError(path, line_of(path, name), f"parameter {name!r}: this name cannot be used")
    unknown = set(entry) - {"type", "class", "description", "values", "many", "min", "max"}
    if unknown:
        raise QuestionError(path, line_of(path, name), f"parameter {name}: unknown key {sorted(unknown)[0]!r}")
    kind = entry.get("type")
    if kind not in KINDS:
        raise QuestionError(path, line_of(path, name), f"parameter {name}: type must be one of {', '.join(KINDS)}")
    if name not in blocks:
        raise QuestionError(path, line_of(path, name), f"parameter {name}: the query has no VALUES ?{name} {{ … }}")
    block, *again = blocks[name]
    cls = str(entry.get("class", ""))
    if cls:
        if cls.partition(":")[0] not in PREFIXES:
            raise QuestionError(path, line_of(path, name), f"parameter {name}: class {cls!r} has an unknown prefix")
        cls = term(cls).value
    default = _default(text, block)
    for other in again:
        if _default(text, other) != default:
            line = position(text, other.start)[0]
            raise QuestionError(path, line, f"parameter {name}: each VALUES ?{name} must hold the same")
    if not default:
        raise QuestionError(
            path, position(text, block.start)[0], f"parameter {name}: the VALUES block needs a default or UNDEF"
        )
    least, most = _bounds(path, name, kind, entry)
    return Parameter(
        name=name,
        kind=kind,
        cls=cls,
        description=_languages(path, entry, "description", line_of(path, name)),
        values=_list(path, entry, "values", line_of(path, name)),
        many=bool(entry.get("many", False)),
        default=default,
        block=block,
        again=tuple(again),
        least=least,
        most=most,
    )


def _bounds(
    path: Path, name: str, kind: str, entry: Mapping[str, Any]
) -> tuple[int | float | None, int | float | None]:
    line, (least, most) = line_of(path, name), (entry.get("min"), entry.get("max"))
    for key, bound in (("min", least), ("max", most)):
        if bound is None:
            continue
        if kind not in NUMBERS:
            raise QuestionError(path, line, f"parameter {name}: {key} is of a number ({', '.join(NUMBERS)})")
        # YAML has infinity too, which JSON has not; and its true is an int to isinstance().
        if type(bound) not in ((int,) if kind == "integer" else (int, float)) or not math.isfinite(bound):
            raise QuestionError(path, line, f"parameter {name}: {key} {bound!r} is no {kind}")
    if least is not None and most is not None and least > most:
        raise QuestionError(path, line, f"parameter {name}: min {least} is more than max {most}")
    return least, most


def _default(text: str, block: Block) -> tuple[str, ...]:
    return tuple(token.text for token in tokens(text[block.start : block.end]))


def _columns(path: Path, text: str) -> tuple[str, ...]:
    """Read the projection of the outermost SELECT: plain variables and `(… AS ?name)`."""
    stream = list(tokens(text))
    start = next((i for i, token in enumerate(stream) if token.kind == "word" and token.text.upper() == "SELECT"), None)
    if start is None:
        raise QuestionError(path, 1, "a question is a SELECT query")
    columns: list[str] = []
    depth = 0
    for index, token in enumerate(stream[start + 1 :], start + 1):
        if depth == 0 and token.kind == "word" and token.text.upper() in ("WHERE", "FROM"):
            break
        if token.kind == "mark" and token.text == "{":
            break
        if token.kind == "mark" and token.text in "()":
            depth += 1 if token.text == "(" else -1
        elif token.kind == "mark" and token.text == "*":
            if depth == 0:
                raise QuestionError(path, position(text, token.start)[0], "name the columns instead of SELECT *")
        elif token.kind == "variable":
            before = stream[index - 1]
            if depth == 0 or (depth == 1 and before.kind == "word" and before.text.upper() == "AS"):
                columns.append(token.text[1:])
    return tuple(columns)
