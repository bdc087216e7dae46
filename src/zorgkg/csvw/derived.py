"""Reading descriptions of datatypes.

Follows "Metadata Vocabulary for Tabular Data", section 5.11.2 (Derived Datatypes).
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from zorgkg.csvw.datatypes import MEASURED, NUMBERS, ORDERED, Datatype, Format, Limit, compile_format, order_of
from zorgkg.csvw.document import Object, Place, Reader
from zorgkg.csvw.problems import shown
from zorgkg.csvw.vocabulary import DATATYPES

_DATATYPE = frozenset(
    {
        "base", "format", "length", "minLength", "maxLength", "minimum", "maximum", "minInclusive", "maxInclusive",
        "minExclusive", "maxExclusive", "@id", "@type",
    }
)  # fmt: skip
_LIMITS: dict[str, tuple[str, Callable[[float | Decimal, float | Decimal], bool]]] = {
    "minimum": ("at least", lambda value, limit: value >= limit),
    "minInclusive": ("at least", lambda value, limit: value >= limit),
    "minExclusive": ("more than", lambda value, limit: value > limit),
    "maximum": ("at most", lambda value, limit: value <= limit),
    "maxInclusive": ("at most", lambda value, limit: value <= limit),
    "maxExclusive": ("less than", lambda value, limit: value < limit),
}


def read_datatype(reader: Reader, value: object, place: Place) -> Datatype:
    """Read a datatype.

    Args:
        reader: Where to report.
        value: The name of a built-in datatype, or an object.
        place: The place of the value.

    Returns:
        The datatype; string for what is not valid.

    Raises:
        MetadataError: If the datatype contradicts itself.
    """
    if isinstance(value, str):
        value = {"base": value}
        base_place = place
    else:
        base_place = place.at("base")
    if not isinstance(value, dict):
        reader.warn(place, f"{shown(value)} is ignored: a datatype is a name or an object.")
        return Datatype()
    reader.known(value, place, _DATATYPE, "Datatype")
    base = value.get("base", "string")
    if not isinstance(base, str) or base not in DATATYPES:
        reader.warn(base_place, f"{shown(base)} is not a built-in datatype; string is used.")
        base = "string"
    identifier = reader.identifier(value, place)
    if identifier in DATATYPES.values():
        reader.fail(place.at("@id"), "@id cannot be that of a built-in datatype.")
    lengths = {key: _length(reader, value, key, place) for key in ("length", "minLength", "maxLength")}
    _check_lengths(reader, lengths, base, place)
    return Datatype(
        base,
        identifier,
        _format(reader, value.get("format"), base, place.at("format")),
        lengths["length"],
        lengths["minLength"],
        lengths["maxLength"],
        _limits(reader, value, base, place),
    )


def _length(reader: Reader, obj: Object, key: str, place: Place) -> int | None:
    value = obj.get(key)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    reader.warn(place.at(key), f"{shown(value)} is ignored: {key} must be a whole number.")
    return None


def _check_lengths(reader: Reader, lengths: Mapping[str, int | None], base: str, place: Place) -> None:
    exact, least, most = lengths["length"], lengths["minLength"], lengths["maxLength"]
    if (exact, least, most) != (None, None, None) and base not in MEASURED:
        reader.fail(place, f"A {base} has no length; only strings and binary values have.")
    if exact is not None and ((least is not None and exact < least) or (most is not None and exact > most)):
        reader.fail(place, "length contradicts minLength or maxLength.")
    if least is not None and most is not None and least > most:
        reader.fail(place, "minLength is greater than maxLength.")


def _limits(reader: Reader, obj: Object, base: str, place: Place) -> tuple[Limit, ...]:
    bounds: dict[str, float | Decimal] = {}
    limits: list[Limit] = []
    for key in _LIMITS:
        if key in obj:
            bounds[key] = _bound(reader, obj[key], base, place.at(key))
            limits.append(_limit(key, obj[key], bounds[key]))
    _check_limits(reader, bounds, place)
    return tuple(limits)


def _bound(reader: Reader, value: object, base: str, place: Place) -> float | Decimal:
    if base not in ORDERED:
        reader.fail(place, f"A {base} has no minimum or maximum; only numbers, dates, times and durations have.")
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        reader.fail(place, f"{shown(value)} is not a number or a text.")
    text = str(value)
    if base in NUMBERS:
        try:
            number = float(text) if base in ("double", "float", "number") else Decimal(text)
        except (ValueError, InvalidOperation):
            reader.fail(place, f"{shown(value)} is not a number.")
        if number != number or (isinstance(number, Decimal) and not number.is_finite()):
            reader.fail(place, f"{shown(value)} is not a number that can be compared.")
        return number
    try:
        return order_of(Datatype(base).parse(text).lexical, base)
    except ValueError as error:
        reader.fail(place, f"{shown(value)} is not a {base}; expected {error}.")


def _check_limits(reader: Reader, bounds: Mapping[str, float | Decimal], place: Place) -> None:
    for end, plain in (("min", "minimum"), ("max", "maximum")):
        inclusive, exclusive = f"{end}Inclusive", f"{end}Exclusive"
        if plain in bounds and inclusive in bounds and bounds[plain] != bounds[inclusive]:
            reader.fail(place, f"{plain} and {inclusive} differ.")
        if exclusive in bounds and (inclusive in bounds or plain in bounds):
            reader.fail(place, f"{inclusive} and {exclusive} cannot both be given.")
    least = bounds.get("minInclusive", bounds.get("minimum"))
    most = bounds.get("maxInclusive", bounds.get("maximum"))
    above, below = bounds.get("minExclusive"), bounds.get("maxExclusive")
    wrong = (
        (least is not None and most is not None and most < least)
        or (least is not None and below is not None and below <= least)
        or (above is not None and below is not None and below < above)
        or (above is not None and most is not None and most <= above)
    )
    if wrong:
        reader.fail(place, "The maximum is below the minimum.")


def _format(reader: Reader, value: object, base: str, place: Place) -> Format:
    """Compile a format, or ignore it with a warning."""
    group: str | None = None
    point = "."
    if isinstance(value, dict) and base in NUMBERS:
        group = _character(reader, value, "groupChar", place)
        point = _character(reader, value, "decimalChar", place) or "."
        value = value.get("pattern")
        if value is None and group is None and point == ".":
            return None
    if value is None and group is None and point == ".":
        return None
    if value is not None and not isinstance(value, str):
        reader.warn(place, f"{shown(value)} is ignored: a format of a {base} is a text.")
        return None
    try:
        return compile_format(base, value, group, point)
    except ValueError as error:
        reader.warn(place, f"The format {shown(value)} is ignored: {error}.")
    return compile_format(base, None, group, point) if group is not None and len(group) == len(point) == 1 else None


def _character(reader: Reader, obj: Object, key: str, place: Place) -> str | None:
    value = obj.get(key)
    if value is None or isinstance(value, str):
        return value
    reader.warn(place.at(key), f"{shown(value)} is ignored: {key} must be a text.")
    return None


def _limit(key: str, written: object, bound: float | Decimal) -> Limit:
    label, compare = _LIMITS[key]
    return Limit(f"{label} {written}", lambda value: compare(value, bound))
