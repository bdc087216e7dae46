"""Numbers as people write them: formats of numeric datatypes.

Follows "Model for Tabular Data and Metadata on the Web", section 6.4.2 (Formats for numeric types), and the number
patterns of UAX #35 with the symbols 0 # . , E + - % ‰; other symbols of UAX #35 and negative subpatterns (after a
semicolon) are not supported.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_PATTERN = re.compile(
    r"(?P<prefix>[%‰+-]*)(?P<integer>[#0,]*)(?:\.(?P<fraction>[#0,]*))?(?:E(?P<exponent>\+?#*0+))?(?P<suffix>[%‰+-]*)"
)
_SCALE = {"%": Decimal("0.01"), "‰": Decimal("0.001")}
SPECIAL = ("NaN", "INF", "-INF")
"""Numbers that are written with letters."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a pattern says about the digits of a number."""

    least_integer: int
    primary: int
    secondary: int
    least_fraction: int
    most_fraction: int
    fraction_group: int


class NumberFormat:
    """A compiled number format.

    Attributes:
        pattern: The pattern as written, or None.
    """

    def __init__(self, pattern: str | None, group: str | None, point: str) -> None:
        """Compile a number format.

        Args:
            pattern: A pattern of UAX #35, or None.
            group: The character between groups of digits (`groupChar`), or None if not given.
            point: The decimal character (`decimalChar`).

        Raises:
            ValueError: If the pattern is not valid or uses symbols that are not supported, or if a character is not
                a single one.
        """
        if len(point) != 1 or (group is not None and len(group) != 1):
            raise ValueError("decimalChar and groupChar must be single characters")
        self.pattern = pattern
        self._point = point
        usual = "," if pattern is not None and point != "," else None
        self._group = group or usual
        self._shape = None if pattern is None else self._compile(pattern)

    def _compile(self, pattern: str) -> _Shape:
        plain = pattern.translate(str.maketrans((self._group or ",") + self._point, ",."))
        match = _PATTERN.fullmatch(plain)
        if match is None:
            raise ValueError(f"{pattern} is not a supported number pattern")
        integer, fraction, exponent = match["integer"], match["fraction"], match["exponent"]
        if not re.fullmatch(r"[#,]*[0,]*", integer) or not re.fullmatch(r"[0,]*[#,]*", fraction or ""):
            raise ValueError(f"{pattern} mixes the symbols 0 and # in the wrong order")
        if not re.search("[0#]", integer + (fraction or "")):
            raise ValueError(f"{pattern} has no digits")
        if exponent and re.search("[%‰]", pattern):
            raise ValueError(f"{pattern} has both an exponent and a percent sign")
        self._regex = self._number(match["prefix"], match["suffix"], exponent)
        return self._digits(integer, fraction or "")

    @staticmethod
    def _digits(integer: str, fraction: str) -> _Shape:
        groups = integer.split(",")
        primary = len(groups[-1]) if len(groups) > 1 else 0
        return _Shape(
            least_integer=integer.count("0"),
            primary=primary,
            secondary=len(groups[-2]) if len(groups) > 2 else primary,
            least_fraction=fraction.count("0"),
            most_fraction=len(fraction.replace(",", "")),
            fraction_group=len(fraction.split(",")[0]) if "," in fraction else 0,
        )

    def _number(self, prefix: str, suffix: str, exponent: str | None) -> re.Pattern[str]:
        digits = rf"[0-9{re.escape(self._group or '')}]*"
        power = ""
        if exponent is not None:
            sign = "[+-]" if exponent.startswith("+") else "[+-]?"
            power = rf"E(?P<exponent>{sign}[0-9]{{{exponent.count('0')},}})"
        signed = "+" in prefix or "-" in prefix
        before = "".join(self._symbol(c) for c in prefix) + ("" if signed else "(?P<sign>[+-]?)")
        after = "".join(self._symbol(c) for c in suffix)
        body = rf"(?P<integer>{digits})(?:{re.escape(self._point)}(?P<fraction>{digits}))?{power}"
        return re.compile(before + body + after)

    @staticmethod
    def _symbol(symbol: str) -> str:
        if symbol == "+":
            return "(?P<sign>[+-])"
        return "(?P<sign>-)" if symbol == "-" else re.escape(symbol)

    def read(self, text: str) -> str:
        """Read a number.

        Args:
            text: The number as written in the cell.

        Returns:
            The number in the lexical form of XML Schema; percent and per-mille signs are worked out.

        Raises:
            ValueError: If the text does not follow the format.
        """
        if text in SPECIAL:
            return text
        plain = self._plain(text) if self._shape is None else self._patterned(text, self._shape)
        for sign, factor in _SCALE.items():
            if sign in text:
                return format(Decimal(plain) * factor, "f")
        return plain

    def _plain(self, text: str) -> str:
        group = re.escape(self._group) if self._group else ""
        expression = rf"([+-]?[0-9][0-9{group}]*)(?:{re.escape(self._point)}([0-9]+))?(?:E([+-]?[0-9]{{1,4}})|[%‰])?"
        match = re.fullmatch(expression, text)
        if match is None or (self._group and self._group * 2 in text):
            raise ValueError("a number with " + self._expected())
        integer = match[1].replace(self._group, "") if self._group else match[1]
        fraction = "" if match[2] is None else "." + match[2]
        return integer + fraction + ("" if match[3] is None else "e" + match[3])

    def _expected(self) -> str:
        parts = [f'the decimal character "{self._point}"']
        if self._group:
            parts.append(f'digits grouped by "{self._group}"')
        return " and ".join(parts)

    def _patterned(self, text: str, shape: _Shape) -> str:
        match = self._regex.fullmatch(text)
        wanted = ValueError(f"a number of the form {self.pattern}")
        if match is None:
            raise wanted
        found = match.groupdict()
        group = self._group or ""
        integer, fraction = found["integer"], found["fraction"] or ""
        if not (_integer_fits(integer, group, shape) and _fraction_fits(fraction, group, shape)):
            raise wanted
        if found["fraction"] == "" or not (integer or fraction):
            raise wanted
        if group:
            integer, fraction = integer.replace(group, ""), fraction.replace(group, "")
        plain = (found["sign"] or "") + (integer or "0")
        plain += "." + fraction if fraction else ""
        return plain + ("e" + found["exponent"] if found.get("exponent") else "")


def _integer_fits(text: str, group: str, shape: _Shape) -> bool:
    pieces = text.split(group) if group else [text]
    if len("".join(pieces)) < shape.least_integer:
        return False
    if not shape.primary:
        return len(pieces) == 1
    if len(pieces) == 1:
        return len(text) <= shape.primary
    middle = all(len(p) == shape.secondary for p in pieces[1:-1])
    return middle and 1 <= len(pieces[0]) <= shape.secondary and len(pieces[-1]) == shape.primary


def _fraction_fits(text: str, group: str, shape: _Shape) -> bool:
    pieces = text.split(group) if group else [text]
    if not shape.least_fraction <= len("".join(pieces)) <= shape.most_fraction:
        return False
    if not shape.fraction_group:
        return len(pieces) == 1
    whole = all(len(p) == shape.fraction_group for p in pieces[:-1])
    return whole and len(pieces[-1]) <= shape.fraction_group and (len(pieces) == 1 or pieces[-1] != "")
