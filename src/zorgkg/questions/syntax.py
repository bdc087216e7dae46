"""The structure of a SELECT query: which patterns stand in which group, what its clauses name (SPARQL 1.1, 19.8).

It reads texts that an engine has taken already, and keeps what the rules for questions look at (:mod:`.lint`): names of
variables, and where in the text each part stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zorgkg.sparql import Token, tokens

AGGREGATES = frozenset(("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"))
LABELS_VERB = "?labels"
"""The verb that stands for the label property of the asked language, in all questions."""

_ENDS = frozenset(("WHERE", "FROM", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"))
_ELEMENTS = frozenset(("OPTIONAL", "MINUS", "GRAPH", "SERVICE", "FILTER", "BIND", "VALUES"))


class UnreadableError(Exception):
    """The text is no SELECT query of the kind that is read here.

    :param start: offset of what was not expected.
    """

    def __init__(self, start: int, message: str) -> None:
        super().__init__(message)
        self.start = start


@dataclass(frozen=True)
class Expression:
    """An expression.

    :param start: offset in the text.
    :param variables: the variables in it, but for those inside EXISTS.
    :param words: the names of functions and keywords in it, in capitals.
    :param patterns: the patterns of EXISTS and NOT EXISTS.
    :param alone: the variable that it is, when it is nothing more than that, perhaps in brackets; else "".
    """

    start: int
    variables: frozenset[str]
    words: frozenset[str]
    patterns: tuple[Group, ...]
    alone: str = ""

    @property
    def reach(self) -> frozenset[str]:
        """The variables on which its value may depend."""
        return self.variables.union(*(mentioned(pattern) for pattern in self.patterns))

    @property
    def aggregates(self) -> bool:
        """Whether it has an aggregate."""
        return bool(self.words & AGGREGATES)


@dataclass(frozen=True)
class Triple:
    """A triple pattern: its terms as written, variables with `?`, blank nodes with `_:`; a longer path is ""."""

    start: int
    subject: str
    verb: str
    object: str

    @property
    def variables(self) -> frozenset[str]:
        """The names of its variables, and its blank nodes."""
        return frozenset(
            term.removeprefix("?") for term in (self.subject, self.verb, self.object) if term.startswith(("?", "_:"))
        )


@dataclass(frozen=True)
class Bind:
    """`BIND (expression AS ?variable)`."""

    start: int
    variable: str
    expression: Expression


@dataclass(frozen=True)
class Filter:
    """`FILTER`."""

    start: int
    expression: Expression


@dataclass(frozen=True)
class Values:
    """`VALUES`: its variables and how many rows it has; `undefined` are the variables that a row leaves open."""

    start: int
    variables: tuple[str, ...]
    rows: int
    undefined: frozenset[str]


@dataclass(frozen=True)
class Nested:
    """A group behind a keyword: `OPTIONAL`, `MINUS`, `GRAPH`, `SERVICE`; `name` is the variable of the last two."""

    start: int
    keyword: str
    name: str
    group: Group

    @property
    def required(self) -> bool:
        """Whether a solution of what stands around it needs one of it."""
        return self.keyword in ("GRAPH", "SERVICE")


@dataclass(frozen=True)
class Union:
    """Groups joined by UNION; one alone is a group in braces."""

    start: int
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Group:
    """A group graph pattern, its elements in the order of the text."""

    start: int
    elements: tuple[Element, ...]


@dataclass(frozen=True)
class Column:
    """A projected variable, and the expression that it is given, if any."""

    start: int
    name: str
    expression: Expression | None


@dataclass(frozen=True)
class Select:
    """A SELECT query or sub-select.

    :param start: offset of SELECT.
    :param distinct: whether equal rows come once.
    :param columns: what it projects; none for `*`.
    :param dataset: offset of FROM, or None.
    :param where: its pattern.
    :param grouped: names of the GROUP BY keys; "" for an expression without a name. None without GROUP BY.
    :param keys: the expressions of the GROUP BY keys, in the same order.
    :param order: the expressions of ORDER BY.
    :param page: offset of LIMIT or OFFSET, or None.
    :param limit: the number behind LIMIT, or None.
    :param values: the VALUES behind it, or None.
    """

    start: int
    distinct: bool
    columns: tuple[Column, ...]
    dataset: int | None
    where: Group
    grouped: tuple[str, ...] | None
    keys: tuple[Expression, ...]
    order: tuple[Expression, ...]
    page: int | None
    limit: int | None
    values: Values | None

    @property
    def aggregates(self) -> bool:
        """Whether a column is an aggregate."""
        return any(column.expression and column.expression.aggregates for column in self.columns)

    @property
    def single(self) -> bool:
        """Whether it gives one row at most, whatever the data."""
        return (self.grouped is None and self.aggregates) or self.limit in (0, 1)


Element = Triple | Bind | Filter | Values | Nested | Union | Select


def read(text: str) -> tuple[Select, dict[str, str]]:
    """Read a SELECT query.

    :param text: SPARQL that an engine takes.
    :returns: the query, and its prefixes with their IRIs.
    :raises UnreadableError: it is another kind of query, or uses what SPARQL 1.1 does not have.
    """
    reader = _Reader(text)
    prefixes = reader.prologue()
    return reader.select(), prefixes


def visible(group: Group) -> frozenset[str]:
    """Return the variables that a group gives to what stands around it; blank nodes are not among them."""
    found: set[str] = set()
    for element in group.elements:
        found |= given(element)
    return frozenset(found)


def given(element: Element) -> frozenset[str]:
    """Return the variables that an element of a group gives to it."""
    if isinstance(element, Triple):
        return frozenset(name for name in element.variables if not name.startswith("_:"))
    if isinstance(element, Bind):
        return frozenset((element.variable,))
    if isinstance(element, Values):
        return frozenset(element.variables)
    if isinstance(element, Select):
        return frozenset(column.name for column in element.columns)
    if isinstance(element, Union):
        return frozenset().union(*map(visible, element.groups))
    if isinstance(element, Nested) and element.keyword != "MINUS":
        return visible(element.group) | ({element.name} - {""})
    return frozenset()


def mentioned(group: Group) -> frozenset[str]:
    """Return the variables that a group gives or looks at, through which what stands around it can steer it."""
    found = set(visible(group))
    for element in group.elements:
        if isinstance(element, Filter | Bind):
            found |= element.expression.reach
        elif isinstance(element, Nested):
            found |= mentioned(element.group)
        elif isinstance(element, Union):
            found = found.union(*map(mentioned, element.groups))
    return frozenset(found)


def groups(group: Group) -> Iterator[Group]:
    """Yield a group and all groups in it, those of EXISTS and of sub-selects too."""
    yield group
    for element in group.elements:
        inner: tuple[Group, ...] = ()
        if isinstance(element, Nested):
            inner = (element.group,)
        elif isinstance(element, Union):
            inner = element.groups
        elif isinstance(element, Select):
            inner = (element.where,)
        for expression in expressions(element):
            inner += expression.patterns
        for one in inner:
            yield from groups(one)


def expressions(element: Element) -> Iterator[Expression]:
    """Yield the expressions that stand directly in an element."""
    if isinstance(element, Bind | Filter):
        yield element.expression
    elif isinstance(element, Select):
        yield from (column.expression for column in element.columns if column.expression)
        yield from (*element.keys, *element.order)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._at = 0
        self._blank = 0

    # Tokens

    def _next(self, ahead: int = 0) -> Token:
        if self._at + ahead < len(self._tokens):
            return self._tokens[self._at + ahead]
        return Token("end", "", len(self._text))

    def _word(self, *words: str) -> bool:
        token = self._next()
        return token.kind == "word" and token.text.upper() in words

    def _mark(self, mark: str) -> bool:
        token = self._next()
        return token.kind == "mark" and token.text == mark

    def _take(self) -> Token:
        token = self._next()
        self._at += 1
        return token

    def _skip(self, word: str) -> bool:
        found = self._word(word) or self._mark(word)
        self._at += found
        return found

    def _expect(self, what: str) -> Token:
        token = self._next()
        if not self._skip(what):
            raise UnreadableError(token.start, f"{what} expected instead of {token.text!r}")
        return token

    def _variable(self) -> str:
        token = self._take()
        if token.kind != "variable":
            raise UnreadableError(token.start, f"a variable expected instead of {token.text!r}")
        return token.text[1:]

    # Queries

    def prologue(self) -> dict[str, str]:
        prefixes = {}
        while self._word("PREFIX", "BASE"):
            if self._take().text.upper() == "PREFIX":
                name = self._take().text
                prefixes[name[:-1]] = self._take().text[1:-1]
            else:
                self._take()
        return prefixes

    def select(self) -> Select:
        start = self._expect("SELECT").start
        distinct = self._skip("DISTINCT")
        self._skip("REDUCED")
        columns = []
        while not self._skip("*") and not self._mark("{") and not self._word(*_ENDS):
            columns.append(self._column())
        dataset = None
        while self._word("FROM"):
            dataset = self._take().start
            self._skip("NAMED")
            self._take()
        self._skip("WHERE")
        where = self._group()
        grouped: tuple[str, ...] | None = None
        keys: tuple[Expression, ...] = ()
        if self._skip("GROUP"):
            self._expect("BY")
            named = list(self._keys())
            grouped, keys = tuple(name for name, _ in named), tuple(key for _, key in named)
        if self._skip("HAVING"):
            while not self._ended():
                self._unit()
        order = []
        if self._skip("ORDER"):
            self._expect("BY")
            while not self._ended():
                if self._word("ASC", "DESC"):
                    self._take()
                order.append(self._unit())
        page, limit = None, None
        while self._word("LIMIT", "OFFSET"):
            token = self._take()
            page = token.start if page is None else page
            number = self._take().text
            limit = int(number) if token.text.upper() == "LIMIT" else limit
        values = self._values() if self._word("VALUES") else None
        return Select(start, distinct, tuple(columns), dataset, where, grouped, keys, tuple(order), page, limit, values)

    def _ended(self) -> bool:
        return self._word(*_ENDS) or self._mark("}") or self._next().kind == "end"

    def _column(self) -> Column:
        start = self._next().start
        if not self._skip("("):
            return Column(start, self._variable(), None)
        expression = self._until("AS")
        self._expect("AS")
        name = self._variable()
        self._expect(")")
        return Column(start, name, expression)

    def _keys(self) -> Iterator[tuple[str, Expression]]:
        while not self._ended():
            if self._skip("("):
                expression = self._until("AS")
                name = self._variable() if self._skip("AS") else ""
                self._expect(")")
            else:
                expression = self._unit()
                name = expression.alone
            yield name, expression

    # Expressions

    def _unit(self) -> Expression:
        """Read an expression that ends by itself: a variable, something in brackets, a call, or EXISTS."""
        start = self._at
        if self._skip("NOT") or self._word("EXISTS"):
            return self._between(start, self._at + 1)
        if not self._mark("(") and self._take().kind == "variable":
            return self._between(start, self._at)
        if self._skip("("):
            self._until("")
            self._expect(")")
        return self._between(start, self._at)

    def _until(self, word: str) -> Expression:
        """Read an expression up to a word or the bracket that closes it."""
        start, depth = self._at, 0
        while depth or not (self._mark(")") or (word and self._word(word))):
            if self._mark("{"):
                self._group()
                continue
            token = self._take()
            if token.kind == "end":
                raise UnreadableError(token.start, "an expression does not end")
            if token.kind == "mark":
                depth += {"(": 1, ")": -1}.get(token.text, 0)
        return self._between(start, self._at)

    def _between(self, start: int, end: int) -> Expression:
        """Return the expression of tokens; what follows EXISTS is read on to its end."""
        self._at = start
        variables, words, patterns = set[str](), set[str](), list[Group]()
        while self._at < end:
            if self._mark("{"):
                patterns.append(self._group())
                continue
            token = self._take()
            if token.kind == "variable":
                variables.add(token.text[1:])
            elif token.kind == "word":
                words.add(token.text.upper())
                if token.text.upper() == "EXISTS":
                    patterns.append(self._group())
        inside = self._tokens[start : self._at]
        while len(inside) > 2 and inside[0].text == "(":
            inside = inside[1:-1]
        only = inside[0].text[1:] if len(inside) == 1 and variables else ""
        return Expression(self._tokens[start].start, frozenset(variables), frozenset(words), tuple(patterns), only)

    # Patterns

    def _group(self) -> Group:
        start = self._expect("{").start
        elements: list[Element] = []
        while not self._skip("}"):
            if self._word("SELECT"):
                elements.append(self.select())
            elif not self._skip("."):
                elements += self._element()
        return Group(start, tuple(elements))

    def _element(self) -> Iterator[Element]:
        token = self._next()
        if self._mark("{"):
            several = [self._group()]
            while self._skip("UNION"):
                several.append(self._group())
            yield Union(token.start, tuple(several))
        elif not self._word(*_ELEMENTS):
            yield from self._triples()
        elif self._word("VALUES"):
            yield self._values()
        else:
            keyword = self._take().text.upper()
            if keyword == "FILTER":
                yield Filter(token.start, self._unit())
            elif keyword == "BIND":
                self._expect("(")
                expression = self._until("AS")
                self._expect("AS")
                yield Bind(token.start, self._variable(), expression)
                self._expect(")")
            else:
                self._skip("SILENT")
                name = ""
                if keyword in ("GRAPH", "SERVICE"):
                    target = self._take()
                    name = target.text[1:] if target.kind == "variable" else ""
                yield Nested(token.start, keyword, name, self._group())

    def _values(self) -> Values:
        start = self._expect("VALUES").start
        if single := not self._skip("("):
            names = [self._variable()]
        else:
            names = []
            while not self._skip(")"):
                names.append(self._variable())
        self._expect("{")
        rows, undefined = 0, set[str]()
        while not self._skip("}"):
            if not single:
                self._expect("(")
            for name in names:
                if self._word("UNDEF"):
                    undefined.add(name)
                self._term()
            if not single:
                self._expect(")")
            rows += 1
        return Values(start, tuple(names), rows, frozenset(undefined))

    # Triples

    def _triples(self) -> Iterator[Triple]:
        start = self._next().start
        subject, inner = self._node()
        yield from inner
        # A blank node with properties may stand alone.
        if inner and (self._mark(".") or self._mark("}")):
            return
        yield from self._properties(start, subject)

    def _properties(self, start: int, subject: str) -> Iterator[Triple]:
        while True:
            verb = self._verb()
            while True:
                value, inner = self._node()
                yield Triple(start, subject, verb, value)
                yield from inner
                if not self._skip(","):
                    break
            more = False
            while self._skip(";"):
                more = True
            start = self._next().start
            if not more or self._mark(".") or self._mark("}") or self._mark("]") or self._word(*_ELEMENTS):
                return
            if self._mark("{"):
                return

    def _verb(self) -> str:
        if self._next().kind == "variable":
            return self._term()
        start = self._at
        self._path()
        return self._tokens[start].text if self._at == start + 1 else ""

    def _path(self) -> None:
        while True:
            while self._skip("^") or self._skip("!"):
                pass
            if self._skip("("):
                if not self._mark(")"):
                    self._path()
                self._expect(")")
            else:
                self._take()
            if self._mark("*") or self._mark("+") or self._mark("?"):
                self._take()
            if not (self._skip("/") or self._skip("|")):
                return

    def _node(self) -> tuple[str, list[Triple]]:
        """Read a subject or object; with what stands in its brackets."""
        start = self._next().start
        if self._skip("["):
            node = self._fresh()
            inner = [] if self._mark("]") else list(self._properties(start, node))
            self._expect("]")
            return node, inner
        if self._skip("("):
            node, inner = self._fresh(), []
            while not self._skip(")"):
                member, more = self._node()
                inner += [Triple(start, node, "", member), *more]
            return node, inner
        return self._term(), []

    def _term(self) -> str:
        if self._mark("-") or self._mark("+"):
            self._take()
        token = self._take()
        if token.kind in ("mark", "end"):
            raise UnreadableError(token.start, f"a term expected instead of {token.text!r}")
        if self._next().kind == "language" and token.kind == "string":
            self._take()
        elif self._mark("^") and self._next(1).text == "^" and token.kind == "string":
            self._at += 3
        return "?" + token.text[1:] if token.kind == "variable" else token.text

    def _fresh(self) -> str:
        self._blank += 1
        return f"_:[{self._blank}]"
