"""What is wrong with question files beyond their form: how they scale, page, read and are drawn (docs/questions.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Store, parse

from zorgkg.languages import LANGUAGES
from zorgkg.questions import binding, ordering, products, question, syntax
from zorgkg.questions.question import LABELS, NOT_SAID, UNTIL, Question, QuestionError
from zorgkg.questions.syntax import Bind, Nested, Select, Triple
from zorgkg.sparql import fault, position, tokens
from zorgkg.terms import term

VOLATILE: Final = frozenset(("RAND", "NOW", "UUID", "STRUUID", "BNODE"))
"""Functions that give something else each time."""

CHART_COLUMNS: Final = {
    "bar": ("x", "y"),
    "line": ("x", "y"),
    "matrix": ("x", "y"),
    "network": ("x", "y"),
    "map": ("x",),
}
"""What each kind of chart cannot be drawn without."""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong.

    :param path: the file.
    :param line: the line, from 1.
    :param rule: which rule it breaks.
    :param message: what is wrong and what to do.
    """

    path: Path
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


@dataclass(frozen=True)
class _Case:
    question: Question
    query: Select
    things: Set[str]
    """The variables that stand for things, not for values."""

    def line(self, start: int) -> int:
        return position(self.question.text, start)[0]

    def header(self, key: str) -> int:
        return question.line_of(self.question.path, key)


_Found = Iterator[tuple[int, str]]
"""The lines and messages of what breaks one rule."""


def check(folder: Path, ontology: Path) -> list[Finding]:
    """Check the question files of a folder.

    :param folder: folder of `.rq` files.
    :param ontology: folder with `zorgkg.ttl`, which tells the properties whose values are things.
    :returns: what is wrong, by file and line; nothing when all is well.
    """
    links = _links(ontology / "zorgkg.ttl")
    return [finding for path in sorted(folder.glob("*.rq")) for finding in check_file(path, links)]


def check_file(path: Path, links: Set[str]) -> list[Finding]:
    """Check one question file.

    :param path: the file.
    :param links: IRIs of the properties whose values are things.
    """
    try:
        asked = question.parse(path)
    except QuestionError as error:
        return [Finding(path, error.line, "form", error.reason)]
    try:
        Store().query(asked.text)
    except SyntaxError as error:
        line, _, expected = fault(str(error)) or (1, 1, f": {error}")
        return [Finding(path, line, "syntax", f"this is no SPARQL{expected}")]
    try:
        query, prefixes = syntax.read(asked.text)
    except syntax.UnreadableError as error:
        line = position(asked.text, error.start)[0]
        return [Finding(path, line, "syntax", f"write it in SPARQL 1.1: {error}")]
    case = _Case(asked, query, frozenset(_things(query, prefixes, links)))
    found = [Finding(path, line, rule, message) for rule, look in RULES.items() for line, message in look(case)]
    return sorted(found, key=lambda finding: finding.line)


def _links(path: Path) -> frozenset[str]:
    kind, link = term("rdf:type"), term("owl:ObjectProperty")
    with path.open("rb") as file:
        statements = parse(file, format=RdfFormat.TURTLE)
        return frozenset(str(one.subject.value) for one in statements if one.predicate == kind and one.object == link)


# What the rules look at


def _all_groups(query: Select) -> Iterator[syntax.Group]:
    yield from syntax.groups(query.where)


def _selects(query: Select) -> Iterator[Select]:
    yield query
    for group in _all_groups(query):
        yield from (element for element in group.elements if isinstance(element, Select))


def _expressions(query: Select) -> Iterator[syntax.Expression]:
    yield from syntax.expressions(query)
    for group in _all_groups(query):
        for element in group.elements:
            yield from syntax.expressions(element)


def _things(query: Select, prefixes: dict[str, str], links: Set[str]) -> set[str]:
    """The variables that stand for things: what has properties, and the values of properties that link to things."""
    found: set[str] = set()
    same: list[Set[str]] = []
    for group in _all_groups(query):
        for element in group.elements:
            if isinstance(element, Triple):
                found |= {element.subject} if element.subject.startswith("?") else set()
                if _iri(element.verb, prefixes) in links and element.object.startswith("?"):
                    found.add(element.object)
            elif isinstance(element, Bind) and element.expression.alone:
                same.append({f"?{element.variable}", f"?{element.expression.alone}"})
    for pair in same:
        if pair & found:
            found |= pair
    return {name[1:] for name in found}


def _iri(verb: str, prefixes: dict[str, str]) -> str:
    if verb.startswith("<"):
        return verb[1:-1]
    prefix, colon, local = verb.partition(":")
    return prefixes.get(prefix, "") + local if colon else ""


# The rules


def _product(case: _Case) -> _Found:
    found = list(products.find(case.query, {*case.question.parameters, UNTIL}))
    if case.question.product:
        if not found:
            yield case.header("product"), "it explains a product that the query does not have; leave it out"
        return
    for one in found:
        yield (
            case.line(one.start),
            f"patterns on {_listed(one.other)} and on {_listed(one.one)} share no variable, so each row of one meets "
            "each row of the other; join them, count each in a sub-select first, or say in `product` why it must be",
        )


def _service(case: _Case) -> _Found:
    for group in _all_groups(case.query):
        for element in group.elements:
            if isinstance(element, Nested) and element.keyword == "SERVICE":
                yield case.line(element.start), "a question asks its own graph only; leave SERVICE out"


def _from(case: _Case) -> _Found:
    if case.query.dataset is not None:
        yield case.line(case.query.dataset), "a question asks the whole graph; leave FROM out"


def _star(case: _Case) -> _Found:
    for one in _selects(case.query):
        if not one.columns:
            yield case.line(one.start), "name the variables instead of SELECT *"


def _order(case: _Case) -> _Found:
    if not case.query.order:
        yield case.line(len(case.question.text.rstrip())), "end with ORDER BY, so that an answer can be paged"
        return
    many = {name for name, parameter in case.question.parameters.items() if parameter.many}
    if missing := ordering.undecided(case.query, many):
        yield (
            case.line(case.query.order[0].start),
            f"rows that differ in {_listed(f'?{name}' for name in missing)} may change places from page to page; "
            "add what decides it at the end of ORDER BY",
        )


def _page(case: _Case) -> _Found:
    if case.query.page is not None:
        yield case.line(case.query.page), "the server pages; leave LIMIT and OFFSET out of the outermost query"


def _volatile(case: _Case) -> _Found:
    for expression in _expressions(case.query):
        for word in sorted(expression.words & VOLATILE):
            yield case.line(expression.start), f"{word} gives something else each time; an answer must stay the same"


def _language(case: _Case) -> _Found:
    texts = {"summary": case.question.summary}
    texts |= {name: parameter.description for name, parameter in case.question.parameters.items()}
    for key, text in texts.items():
        if len(set(text.values())) < len(LANGUAGES):
            yield case.header(key), f"{key} says the same in two languages; write it in {', '.join(LANGUAGES)}"


def _label(case: _Case) -> _Found:
    columns = {column.name: column.start for column in case.query.columns}
    for name, start in columns.items():
        reason = case.question.unlabelled.get(name)
        if f"{name}Label" in columns:
            if reason:
                yield case.header("unlabelled"), f"?{name} has a label column; leave it out of `unlabelled`"
        elif name in case.things and not reason:
            yield case.line(start), f"?{name} is a thing: add ?{name}Label, or say in `unlabelled` why it has none"
        if name.endswith(("Label", "Labels")) and not case.question.labels:
            yield case.line(start), f"?{name}: labels in the asked language need VALUES ?{LABELS} {{ zorg:labelNl }}"
    for name in sorted(set(case.question.unlabelled) - set(columns)):
        yield case.header("unlabelled"), f"`unlabelled` names {name!r}, which is no column"


def _chart(case: _Case) -> _Found:
    chart = case.question.chart
    if chart == NOT_SAID:
        yield 1, "add `chart`: how the answer can be drawn, or `none` with the reason why it cannot"
    elif "none" in chart:
        if not chart["none"].strip():
            yield case.header("chart"), "say why there is no chart"
        if len(chart) > 1:
            yield case.header("chart"), "there is a chart, or there is none; not both"
    else:
        for key in CHART_COLUMNS[chart["kind"]]:
            if key not in chart:
                yield case.header("chart"), f"a chart of kind {chart['kind']} needs {key}: the column that it shows"
        if chart["kind"] == "map" and chart.get("geometry") not in case.question.columns:
            yield case.header("chart"), "a map needs geometry: the column with the points"


def _evidence(case: _Case) -> _Found:
    if case.question.evidence.none == NOT_SAID["none"]:
        yield 1, "add `evidence`: where what a row says can be looked up, or `none` with the reason why it cannot"


def _parameter(case: _Case) -> _Found:
    used = [token.text[1:] for token in tokens(case.question.text) if token.kind == "variable"]
    if case.question.until and used.count(UNTIL) <= len(case.question.until):
        yield case.line(case.question.until[0].start), f"?{UNTIL}: nothing in the query uses it"
    for name, parameter in case.question.parameters.items():
        if used.count(name) <= 1 + len(parameter.again):
            yield case.header(name), f"parameter {name}: nothing in the query uses ?{name}"
        if parameter.kind == "iri" and not parameter.cls:
            yield case.header(name), f"parameter {name}: name the class of its values, or a wrong thing goes unnoticed"
        for default in binding.defaults(case.question, parameter):
            try:
                binding.to_term(parameter, default.value)
            except binding.InvalidValue as error:
                yield case.line(parameter.block.start), f"parameter {name}: its default {error}"


RULES: Final[dict[str, Callable[[_Case], _Found]]] = {
    "product": _product,
    "service": _service,
    "from": _from,
    "star": _star,
    "order": _order,
    "page": _page,
    "volatile": _volatile,
    "language": _language,
    "label": _label,
    "chart": _chart,
    "evidence": _evidence,
    "parameter": _parameter,
}
"""The rules by name. `form` and `syntax` come before them: what breaks those is not looked at further."""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "blank nodes"
