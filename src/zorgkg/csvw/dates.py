"""Dates and times: formats as people write them, and the values they stand for.

Follows "Model for Tabular Data and Metadata on the Web", section 6.4.4 (Formats for dates and times) and 6.4.5
(Formats for durations). All patterns listed there are supported, and every other order of the same symbols; names of
months and days and two-digit years are not.
"""

import re
from datetime import UTC, datetime, timedelta

_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
_YEAR = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
_LEXICAL = {
    "date": re.compile(rf"(?P<y>{_YEAR})-(?P<M>[0-9]{{2}})-(?P<d>[0-9]{{2}})(?P<z>{_ZONE})?"),
    "dateTime": re.compile(rf"(?P<y>{_YEAR})-(?P<M>[0-9]{{2}})-(?P<d>[0-9]{{2}})T(?P<t>{_TIME})(?P<z>{_ZONE})?"),
    "dateTimeStamp": re.compile(rf"(?P<y>{_YEAR})-(?P<M>[0-9]{{2}})-(?P<d>[0-9]{{2}})T(?P<t>{_TIME})(?P<z>{_ZONE})"),
    "time": re.compile(rf"(?P<t>{_TIME})(?P<z>{_ZONE})?"),
    "gDay": re.compile(rf"---(?P<d>[0-9]{{2}})(?P<z>{_ZONE})?"),
    "gMonth": re.compile(rf"--(?P<M>[0-9]{{2}})(?P<z>{_ZONE})?"),
    "gMonthDay": re.compile(rf"--(?P<M>[0-9]{{2}})-(?P<d>[0-9]{{2}})(?P<z>{_ZONE})?"),
    "gYear": re.compile(rf"(?P<y>{_YEAR})(?P<z>{_ZONE})?"),
    "gYearMonth": re.compile(rf"(?P<y>{_YEAR})-(?P<M>[0-9]{{2}})(?P<z>{_ZONE})?"),
}
_LAYOUT = {
    "date": "{y}-{M}-{d}{z}",
    "dateTime": "{y}-{M}-{d}T{t}{z}",
    "dateTimeStamp": "{y}-{M}-{d}T{t}{z}",
    "time": "{t}{z}",
    "gDay": "---{d}{z}",
    "gMonth": "--{M}{z}",
    "gMonthDay": "--{M}-{d}{z}",
    "gYear": "{y}{z}",
    "gYearMonth": "{y}-{M}{z}",
}
_EXAMPLES = {
    "date": "2015-03-22",
    "dateTime": "2015-03-22T15:02:37",
    "dateTimeStamp": "2015-03-22T15:02:37Z",
    "time": "15:02:37",
    "gDay": "---22",
    "gMonth": "--03",
    "gMonthDay": "--03-22",
    "gYear": "2015",
    "gYearMonth": "2015-03",
}
_SYMBOLS = {
    "yyyy": r"(?P<y>[0-9]{4})",
    "MM": r"(?P<M>[0-9]{2})",
    "M": r"(?P<M>[0-9]{1,2})",
    "dd": r"(?P<d>[0-9]{2})",
    "d": r"(?P<d>[0-9]{1,2})",
    "HH": r"(?P<H>[0-9]{2})",
    "mm": r"(?P<m>[0-9]{2})",
    "ss": r"(?P<s>[0-9]{2})",
    "X": r"(?P<z>Z|[+-][0-9]{2}(?:[0-9]{2})?)",
    "XX": r"(?P<z>Z|[+-][0-9]{4})",
    "XXX": r"(?P<z>Z|[+-][0-9]{2}:[0-9]{2})",
    "x": r"(?P<z>[+-][0-9]{2}(?:[0-9]{2})?)",
    "xx": r"(?P<z>[+-][0-9]{4})",
    "xxx": r"(?P<z>[+-][0-9]{2}:[0-9]{2})",
}
_NEEDED = {
    "date": "yMd",
    "dateTime": "yMdHm",
    "dateTimeStamp": "yMdHmz",
    "time": "Hm",
    "gDay": "d",
    "gMonth": "M",
    "gMonthDay": "Md",
    "gYear": "y",
    "gYearMonth": "yM",
}
_DURATION = re.compile(
    r"(-)?P(?=.)(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
    r"(?:T(?=.)(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?)?"
)

DATES = frozenset(_LEXICAL)
"""The names of the built-in date and time datatypes."""

DURATIONS = frozenset({"duration", "dayTimeDuration", "yearMonthDuration"})
"""The names of the built-in duration datatypes."""


class DateFormat:
    """A compiled date or time format.

    Attributes:
        pattern: The pattern as written.
    """

    def __init__(self, pattern: str, base: str) -> None:
        """Compile a format.

        Args:
            pattern: A pattern such as `dd-MM-yyyy`.
            base: The name of a date or time datatype.

        Raises:
            ValueError: If the pattern is not supported, or lacks a part that the datatype needs.
        """
        self.pattern = pattern
        self._base = base
        self._regex = re.compile(self._translate(pattern))
        missing = [part for part in _NEEDED[base] if part not in self._regex.groupindex]
        if missing:
            raise ValueError(f"{pattern} does not give everything that a {base} needs")

    @staticmethod
    def _translate(pattern: str) -> str:
        out = ""
        for match in re.finditer(r"\.S+|([A-Za-z])\1*|.", pattern, re.DOTALL):
            symbol = match[0]
            if symbol.startswith(".S"):
                out += rf"(?:\.(?P<S>[0-9]{{1,{len(symbol) - 1}}}))?"
            elif symbol in _SYMBOLS:
                out += _SYMBOLS[symbol]
            elif symbol == "T" or not symbol[0].isalpha():
                out += re.escape(symbol)
            else:
                raise ValueError(f"{symbol} in {pattern} is not a supported date symbol")
        try:
            re.compile(out)
        except re.error:
            raise ValueError(f"{pattern} repeats a date symbol") from None
        return out

    def read(self, text: str) -> str:
        """Read a date or time.

        Args:
            text: The date as written in the cell.

        Returns:
            The date in the lexical form of XML Schema.

        Raises:
            ValueError: If the text does not follow the format or is no date of the calendar.
        """
        match = self._regex.fullmatch(text)
        if match is None:
            raise ValueError(f"a {self._base} of the form {self.pattern}")
        found = {key: value for key, value in match.groupdict().items() if value is not None}
        clock = f"{found.get('H', '00')}:{found.get('m', '00')}:{found.get('s', '00')}"
        if "S" in found:
            clock += "." + found["S"]
        lexical = _LAYOUT[self._base].format(
            y=found.get("y"),
            M=found.get("M", "").zfill(2),
            d=found.get("d", "").zfill(2),
            t=clock,
            z=_zone(found.get("z", "")),
        )
        return read_date(lexical, self._base)


def _zone(text: str) -> str:
    if text in ("", "Z"):
        return text
    digits = text[1:].replace(":", "").ljust(4, "0")
    return f"{text[0]}{digits[:2]}:{digits[2:]}"


def read_date(text: str, base: str) -> str:
    """Check a date or time in the lexical form of XML Schema.

    Args:
        text: The date.
        base: The name of a date or time datatype.

    Returns:
        The text itself.

    Raises:
        ValueError: If the text is not in that form or is no date of the calendar.
    """
    match = _LEXICAL[base].fullmatch(text)
    if match is None:
        raise ValueError(f"a {base} such as {_EXAMPLES[base]}")
    found = match.groupdict()
    try:
        _calendar(found)
    except ValueError:
        raise ValueError(f"a {base} that exists in the calendar, such as {_EXAMPLES[base]}") from None
    return text


def _calendar(found: dict[str, str | None]) -> datetime:
    year = int(found.get("y") or 2000)
    # Python knows the years 1 to 9999; the calendar repeats every 400 years.
    year = year if 1 <= year <= 9998 else 2000 + year % 400
    day = datetime(year, int(found.get("M") or 1), int(found.get("d") or 1))
    clock = found.get("t")
    if clock is None:
        return day
    whole, _, fraction = clock.partition(".")
    hour, minute, second = map(int, whole.split(":"))
    if (hour, minute, second) == (24, 0, 0) and not fraction.strip("0"):
        return day + timedelta(days=1)
    return day.replace(hour=hour, minute=minute, second=second, microsecond=int((fraction or "0")[:6].ljust(6, "0")))


def date_order(text: str, base: str) -> float:
    """Turn a valid date or time into a number that can be compared.

    A date without a time zone is taken as UTC.

    Args:
        text: A date in the lexical form of XML Schema.
        base: The name of a date or time datatype.

    Returns:
        Seconds from the beginning of the year 1.
    """
    match = _LEXICAL[base].fullmatch(text)
    found: dict[str, str | None] = match.groupdict() if match else {}
    moment = _calendar(found).replace(tzinfo=UTC)
    seconds = (moment - datetime(1, 1, 1, tzinfo=UTC)).total_seconds()
    year = int(found.get("y") or 2000)
    seconds += (year - moment.year) * 365.2425 * 86400 if abs(year - moment.year) > 1 else 0
    zone = found.get("z") or "Z"
    if zone != "Z":
        offset = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
        seconds -= offset if zone[0] == "+" else -offset
    return seconds


def read_duration(text: str, base: str) -> str:
    """Check a duration.

    Args:
        text: The duration.
        base: The name of a duration datatype.

    Returns:
        The text itself.

    Raises:
        ValueError: If the text is not a duration of that type.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError("a duration such as P1Y2M3DT4H5M")
    if base == "dayTimeDuration" and (match[2] or match[3]):
        raise ValueError("a duration of days and times such as P3DT4H")
    if base == "yearMonthDuration" and ("T" in text or match[4]):
        raise ValueError("a duration of years and months such as P1Y2M")
    return text


def duration_order(text: str) -> float:
    """Turn a valid duration into a number that can be compared.

    Args:
        text: A duration in the lexical form of XML Schema.

    Returns:
        Seconds, with a month as a twelfth of the mean year.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        return 0.0
    years, months, days, hours, minutes, seconds = (float(part or 0) for part in match.groups()[1:])
    total = (years * 12 + months) * 2629746 + days * 86400 + hours * 3600 + minutes * 60 + seconds
    return -total if match[1] else total
