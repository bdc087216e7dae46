"""URI templates of columns, compiled once and expanded for every row.

Follows RFC 6570 and "Metadata Vocabulary for Tabular Data", section 5.1.3 (URI Template Properties).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote, urljoin

import uritemplate

from zorgkg.csvw.vocabulary import expand_prefix, has_scheme

Variable = str | list[str] | None
"""The value of a template variable: text, a list of texts, or None when the cell is null."""

_EXPRESSION = re.compile(r"\{([^{}]*)\}")
_VARNAME = r"(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:\.?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*"
_SPEC = re.compile(rf"([+#./;?&]?)({_VARNAME}(?:\*|:[1-9][0-9]{{0,3}})?(?:,{_VARNAME}(?:\*|:[1-9][0-9]{{0,3}})?)*)")
_SIMPLE = re.compile(rf"([+#]?)({_VARNAME})")
_RESERVED = ":/?#[]@!$&'()*+,;="
_TRIPLET = re.compile(r"(%[0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]*")
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"\\^`|{}]')
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]+[/?#]")

_Part = Callable[[Mapping[str, Variable]], str]


def is_variable_name(name: str) -> bool:
    """Say whether a text can name a template variable (RFC 6570, section 2.3).

    Args:
        name: The text.

    Returns:
        True if the text follows the grammar of `varname`.
    """
    return re.fullmatch(_VARNAME, name) is not None


def _encode(value: str) -> str:
    if _UNRESERVED.fullmatch(value):
        return value
    return quote(value, safe="~")


def _encode_reserved(value: str) -> str:
    if _UNRESERVED.fullmatch(value):
        return value
    if "%" not in value:
        return quote(value, safe=_RESERVED + "~")
    pieces = _TRIPLET.split(value)
    return "".join(p if i % 2 else quote(p, safe=_RESERVED + "~") for i, p in enumerate(pieces))


def _simple(operator: str, name: str) -> _Part:
    encode = _encode_reserved if operator else _encode
    first = "#" if operator == "#" else ""

    def expand(variables: Mapping[str, Variable]) -> str:
        value = variables.get(name)
        if value is None or value == []:
            return ""
        if isinstance(value, str):
            return first + encode(value)
        return first + ",".join(map(encode, value))

    return expand


def _general(expression: str) -> _Part:
    template = uritemplate.URITemplate("{" + expression + "}")

    def expand(variables: Mapping[str, Variable]) -> str:
        known: dict[str, Any] = {name: value for name, value in variables.items() if value is not None}
        return template.expand(known)

    return expand


class Template:
    """One compiled URI template.

    Attributes:
        text: The template as written.
        variables: The names of the variables it uses, in order.
        keeps_reserved: Whether it copies reserved characters from values, as `{+name}` does.
    """

    def __init__(self, text: str) -> None:
        """Compile a template.

        Args:
            text: The template.

        Raises:
            ValueError: If the text is not a URI template of RFC 6570.
        """
        self.text = text
        self.keeps_reserved = "{+" in text or "{#" in text
        names: list[str] = []
        parts: list[str | _Part] = []
        end = 0
        for match in _EXPRESSION.finditer(text):
            parts.append(self._checked(text[end : match.start()]))
            parts.append(self._expression(match[1], names))
            end = match.end()
        parts.append(self._checked(text[end:]))
        self.variables = tuple(dict.fromkeys(names))
        self._parts = [part for part in parts if part != ""]

    @staticmethod
    def _checked(text: str) -> str:
        if "{" in text or "}" in text:
            raise ValueError("a brace is not closed or not opened")
        return clean(text)

    @staticmethod
    def _expression(expression: str, names: list[str]) -> _Part:
        spec = _SPEC.fullmatch(expression)
        if spec is None:
            raise ValueError(f"{{{expression}}} is not an expression of RFC 6570")
        names.extend(re.sub(r"\*|:.*", "", name) for name in spec[2].split(","))
        simple = _SIMPLE.fullmatch(expression)
        return _simple(simple[1], simple[2]) if simple else _general(expression)

    @property
    def head(self) -> str:
        """The literal text before the first expression."""
        return self._parts[0] if self._parts and isinstance(self._parts[0], str) else ""

    def expand(self, variables: Mapping[str, Variable]) -> str:
        """Expand the template.

        Args:
            variables: Values by variable name; a missing or None variable is undefined.

        Returns:
            The expanded text, percent-encoded as RFC 6570, section 3.2 says.
        """
        return "".join([part if isinstance(part, str) else part(variables) for part in self._parts])


class Url:
    """A template made ready for one column of one table: it expands to an absolute URL.

    Attributes:
        template: The template.
        variables: The names of the columns that the template uses.
        constant: The URL, if it is the same in every row, or None.
    """

    def __init__(self, template: Template, base: str, fixed: Mapping[str, Variable]) -> None:
        """Bind a template to a column.

        Args:
            template: The compiled template.
            base: The URL of the table.
            fixed: The values of `_name`, `_column` and `_sourceColumn`.
        """
        self.template = template
        self.variables = tuple(v for v in template.variables if v not in ("_row", "_sourceRow", *fixed))
        self._fixed = dict(fixed)
        self._merge = any(v in fixed for v in template.variables)
        self._base = base
        self._finish = self._finisher(template.head, base)
        varying = any(v not in fixed for v in template.variables)
        self.constant = None if varying else self._finish(template.expand(fixed))

    @staticmethod
    def _finisher(head: str, base: str) -> Callable[[str], str]:
        # Most templates begin with enough literal text to know what their URL is relative to.
        expanded = expand_prefix(head) if ":" in head else head
        if _ABSOLUTE.match(expanded):
            cut = len(head)
            return lambda url: expanded + url[cut:]
        if head.startswith("#"):
            document = base.partition("#")[0]
            return lambda url: document + url
        return lambda url: absolute(url, base)

    def expand(self, variables: Mapping[str, Variable]) -> str:
        """Expand the template in the context of a row.

        Args:
            variables: The values of the columns of the row, and `_row` and `_sourceRow`.

        Returns:
            An absolute URL: expanded, prefix replaced, resolved against the URL of the table.
        """
        if self.constant is not None:
            return self.constant
        if self._merge:
            variables = {**variables, **self._fixed}
        return self._finish(self.template.expand(variables))


def absolute(url: str, base: str) -> str:
    """Replace a known prefix and resolve against a base.

    Args:
        url: A URL, a relative reference or a prefixed name.
        base: The URL to resolve against.

    Returns:
        The absolute URL.
    """
    expanded = expand_prefix(url)
    try:
        return expanded if has_scheme(expanded) else urljoin(base, expanded)
    except ValueError:
        # What cannot be resolved is no URL either, which whoever uses it finds out and can report with its place.
        return expanded


def clean(url: str) -> str:
    """Percent-encode the characters that no URL may hold, such as a space in the name of a file.

    Args:
        url: The URL as someone wrote it.

    Returns:
        The URL without them.
    """
    return _NOT_IN_IRI.sub(lambda m: quote(m[0], safe=""), url)


def encode_name(title: str) -> str:
    """Make a column name of a title, percent-encoding what a variable name may not hold.

    Args:
        title: The title.

    Returns:
        The name annotation ("Metadata Vocabulary for Tabular Data", section 5.6, `titles`).
    """
    return quote(title, safe="").replace("-", "%2D").replace("~", "%7E")


def decode_name(name: str) -> str:
    """Undo `encode_name`, for the variable `_name`.

    Args:
        name: The name annotation of a column.

    Returns:
        The name with percent-encoded characters decoded.
    """
    return unquote(name)
