"""Datatypes of cells: reading a text as a value, and checking it.

Follows "Model for Tabular Data and Metadata on the Web", sections 4.6 (Datatypes) and 6.4 (Parsing Cells), and
"Metadata Vocabulary for Tabular Data", section 5.11 (Datatypes).

Ours, where the standard leaves room: a `format` that is a regular expression must match the whole text; Python's
regular expressions stand in for ECMAScript's, with \\d, \\w and \\s meaning ASCII.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from zorgkg.csvw.dates import DATES, DURATIONS, DateFormat, date_order, duration_order, read_date, read_duration
from zorgkg.csvw.numerals import SPECIAL, NumberFormat
from zorgkg.csvw.vocabulary import DATATYPES

_RANGES: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
}
INTEGERS = frozenset(_RANGES)
"""The names of the built-in integer datatypes."""

NUMBERS = INTEGERS | {"decimal", "double", "float", "number"}
"""The names of the built-in numeric datatypes."""

_FLOATS = frozenset({"double", "float", "number"})
_BINARIES = frozenset({"base64Binary", "binary", "hexBinary"})
_STRINGS = frozenset(
    {"string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN", "xml", "html", "json"}
)
ORDERED = NUMBERS | DATES | DURATIONS | {"datetime"}
"""The names of the datatypes that may have a minimum and a maximum."""

MEASURED = _STRINGS | _BINARIES
"""The names of the datatypes that may have a length."""

_AS_WRITTEN = frozenset({"string", "json", "xml", "html", "anyAtomicType", "any"})
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?")
_START = (
    r"[:A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF"
    r"\u200C\u200D\u2070-\u218F\u2C00-\uFFFD]"
)
_REST = _START[:-1] + r"0-9.\u00B7\u0300-\u036F\u203F\u2040-]"
_NAMES: dict[str, tuple[re.Pattern[str], str]] = {
    "language": (re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*"), "a language tag such as nl-NL"),
    "Name": (re.compile(f"{_START}{_REST}*"), "an XML name"),
    "NCName": (re.compile(f"(?!:){_START}(?:(?!:){_REST})*"), "an XML name without a colon"),
    "NMTOKEN": (re.compile(f"{_REST}+"), "an XML name token"),
    "QName": (re.compile(f"(?!:){_START}(?:{_REST})*(?<!:)"), "an XML qualified name"),
    "anyURI": (re.compile(r'[^\s<>"{}|\\^`]*'), "a URL"),
    "hexBinary": (re.compile(r"(?:[0-9A-Fa-f]{2})*"), "pairs of hexadecimal digits"),
}
_SPACES = re.compile(r"[\t\r\n]")
_MANY_SPACES = re.compile(r" {2,}")


Format = NumberFormat | DateFormat | re.Pattern[str] | tuple[str, str] | None
"""A compiled format: of a number, a date, a text, or a boolean (true and false)."""


class Parsed(NamedTuple):
    """A value read from a text.

    Attributes:
        lexical: The value in the lexical form of XML Schema, for RDF.
        canonical: The value in canonical form, for URI templates and keys.
    """

    lexical: str
    canonical: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A minimum or maximum.

    Attributes:
        label: How a message names it, such as "at least 5".
        passes: Says whether a value, as a number to compare, keeps to the limit.
    """

    label: str
    passes: Callable[[float | Decimal], bool]


@dataclass(frozen=True)
class Datatype:
    """A built-in or derived datatype ("Metadata Vocabulary for Tabular Data", section 5.11.2).

    Attributes:
        base: The name of the built-in datatype.
        id: The IRI of the derived datatype (`@id`), or None.
        format: The compiled format, or None.
        length: The exact length, or None.
        min_length: The least length, or None.
        max_length: The greatest length, or None.
        limits: The minimum and maximum.
    """

    base: str = "string"
    id: str | None = None
    format: Format = None
    length: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    limits: tuple[Limit, ...] = ()
    iri: str = field(init=False)
    is_plain: bool = field(init=False)
    _read: Callable[[str], Parsed] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the reading of values."""
        bare = self.format is None and self.length is None and self.min_length is None and self.max_length is None
        object.__setattr__(self, "iri", self.id or DATATYPES[self.base])
        object.__setattr__(self, "is_plain", bare and self.base in _AS_WRITTEN)
        object.__setattr__(self, "_read", _reader(self.base, self.format))

    @property
    def is_text(self) -> bool:
        """Whether values are strings that may have a language."""
        return self.base == "string" and self.id is None

    def normalize(self, text: str) -> str:
        """Replace white space as the datatype asks (Parsing Cells, steps 1 and 2).

        Args:
            text: The text of the cell.

        Returns:
            The normalized text.
        """
        if self.base in _AS_WRITTEN:
            return text
        if "\n" in text or "\t" in text or "\r" in text:
            text = _SPACES.sub(" ", text)
        if self.base == "normalizedString" or " " not in text:
            return text
        return _MANY_SPACES.sub(" ", text.strip(" "))

    @property
    def strips_items(self) -> bool:
        """Whether the items of a list lose the white space around them (Parsing Cells, step 5)."""
        return self.base not in ("string", "anyAtomicType", "any")

    def parse(self, text: str) -> Parsed:
        """Read a text that is not null as a value.

        Args:
            text: The normalized text.

        Returns:
            The value.

        Raises:
            ValueError: If the text is not a value of this datatype; the message completes "expected …".
        """
        value = self._read(text)
        if self.length is not None or self.min_length is not None or self.max_length is not None:
            self._check_length(value.lexical)
        if self.limits:
            order = order_of(value.lexical, self.base)
            for limit in self.limits:
                if not limit.passes(order):
                    raise ValueError(limit.label)
        return value

    def _check_length(self, text: str) -> None:
        size, unit = _size(text, self.base)
        if self.length is not None and size != self.length:
            raise ValueError(f"exactly {self.length} {unit}, not {size}")
        if self.min_length is not None and size < self.min_length:
            raise ValueError(f"at least {self.min_length} {unit}, not {size}")
        if self.max_length is not None and size > self.max_length:
            raise ValueError(f"at most {self.max_length} {unit}, not {size}")


def order_of(lexical: str, base: str) -> float | Decimal:
    """Turn a valid value of an ordered datatype into a number that can be compared.

    Args:
        lexical: The value in the lexical form of XML Schema.
        base: The name of a numeric, date, time or duration datatype.

    Returns:
        The number.
    """
    if base in DURATIONS:
        return duration_order(lexical)
    if base in DATES or base == "datetime":
        return date_order(lexical, _date_base(base))
    return float(lexical) if base in _FLOATS else Decimal(lexical)


def compile_format(base: str, pattern: str | None, group: str | None = None, point: str = ".") -> Format:
    """Compile a `format` for a datatype.

    Args:
        base: The name of the built-in datatype.
        pattern: The format, or None.
        group: `groupChar` of a numeric format.
        point: `decimalChar` of a numeric format.

    Returns:
        The compiled format, or None if there is nothing to compile.

    Raises:
        ValueError: If the format is not valid for the datatype; the message says why.
    """
    if base in NUMBERS:
        return NumberFormat(pattern, group, point)
    if pattern is None:
        return None
    if base == "boolean":
        true, bar, false = pattern.partition("|")
        if not bar or not true or not false or "|" in false or true == false:
            raise ValueError("the format of a boolean is two different texts with a bar between them, such as yes|no")
        return (true, false)
    if base in DATES or base == "datetime":
        return DateFormat(pattern, _date_base(base))
    try:
        return re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", pattern), re.ASCII)
    except re.error as error:
        raise ValueError(f"it is not a valid regular expression ({error})") from None


def _date_base(base: str) -> str:
    return "dateTime" if base == "datetime" else base


def _size(text: str, base: str) -> tuple[int, str]:
    if base == "hexBinary":
        return len(text) // 2, "bytes"
    if base in _BINARIES:
        return len(base64.b64decode(text)), "bytes"
    return len(text), "characters"


def _reader(base: str, form: Format) -> Callable[[str], Parsed]:
    if base == "boolean":
        return _boolean(form if isinstance(form, tuple) else None)
    if base in NUMBERS:
        return _number(base, form if isinstance(form, NumberFormat) else None)
    if base in DATES or base == "datetime":
        return _date(_date_base(base), form if isinstance(form, DateFormat) else None)
    pattern = form if isinstance(form, re.Pattern) else None
    check = _checker(base)
    return lambda text: _matched(check(text), pattern)


def _matched(text: str, pattern: re.Pattern[str] | None) -> Parsed:
    if pattern is not None and pattern.fullmatch(text) is None:
        raise ValueError(f"a text of the form {pattern.pattern}")
    return Parsed(text, text)


def _checker(base: str) -> Callable[[str], str]:
    if base in DURATIONS:
        return lambda text: read_duration(text, base)
    if base in ("base64Binary", "binary"):
        return _base64
    if base not in _NAMES:
        return lambda text: text
    regex, expected = _NAMES[base]

    def check(text: str) -> str:
        if regex.fullmatch(text) is None:
            raise ValueError(expected)
        return text

    return check


def _base64(text: str) -> str:
    try:
        base64.b64decode(text.replace(" ", ""), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("base64") from None
    return text


def _boolean(form: tuple[str, str] | None) -> Callable[[str], Parsed]:
    true, false = Parsed("true", "true"), Parsed("false", "false")
    known = {"true": true, "1": true, "false": false, "0": false} if form is None else {form[0]: true, form[1]: false}
    expected = "true, false, 1 or 0" if form is None else f"{form[0]} or {form[1]}"

    def read(text: str) -> Parsed:
        if text not in known:
            raise ValueError(expected)
        return known[text]

    return read


def _date(base: str, form: DateFormat | None) -> Callable[[str], Parsed]:
    def read(text: str) -> Parsed:
        lexical = form.read(text) if form else read_date(text, base)
        return Parsed(lexical, lexical)

    return read


def _number(base: str, form: NumberFormat | None) -> Callable[[str], Parsed]:
    check = _integer if base in INTEGERS else _decimal if base == "decimal" else _double

    def read(text: str) -> Parsed:
        return check(form.read(text) if form else text, base)

    return read


def _integer(text: str, base: str) -> Parsed:
    if _INTEGER.fullmatch(text) is None:
        raise ValueError("a whole number")
    if len(text) > 1000:
        raise ValueError("a whole number of at most 1000 digits")
    low, high = _RANGES[base]
    number = int(text)
    if low is not None and number < low:
        raise ValueError(f"a whole number of at least {low}")
    if high is not None and number > high:
        raise ValueError(f"a whole number of at most {high}")
    return Parsed(text, str(number))


def _decimal(text: str, base: str) -> Parsed:
    if _DECIMAL.fullmatch(text) is None:
        raise ValueError("a decimal number such as 12.5")
    negative = text.startswith("-")
    whole, _, fraction = text.lstrip("+-").partition(".")
    # The standard's own example writes the decimal 7 as 7.0, the canonical form of XML Schema 1.0.
    plain = f"{whole.lstrip('0') or '0'}.{fraction.rstrip('0') or '0'}"
    return Parsed(text, "-" + plain if negative and plain != "0.0" else plain)


def _double(text: str, base: str) -> Parsed:
    if text in SPECIAL:
        return Parsed(text, text)
    if _DOUBLE.fullmatch(text) is None:
        raise ValueError("a number such as 12.5 or 1.25E1")
    return Parsed(text, canonical_double(float(text)))


def canonical_double(number: float) -> str:
    """Write a number in the canonical form of xsd:double.

    Args:
        number: A finite or infinite number.

    Returns:
        The canonical form, such as 1.25E1.
    """
    if number in (float("inf"), float("-inf")):
        return "INF" if number > 0 else "-INF"
    if number == 0:
        return "0.0E0"
    digits = Decimal(repr(number)).normalize().as_tuple()
    text = "".join(map(str, digits.digits))
    power = len(text) - 1 + int(digits.exponent)
    return f"{'-' if digits.sign else ''}{text[0]}.{text[1:] or '0'}E{power}"
