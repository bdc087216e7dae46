"""Pictures: drawings of an answer or of the surroundings of a thing, as SVG in a page; no script, colours by classes.

Across, places are in percent of the picture's width; down, in CSS pixels. So texts keep their size however wide the
page is. Each picture has a title and a description, and the page has the same in words: a table or a list.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Final

from markupsafe import Markup

from zorgkg.web.drawing.geography import Frame

ROW: Final = 26
"""Pixels from one line of text to the next."""

BAR: Final = 40
"""Pixels that a bar takes with its label above it."""

_INSIDE: Final = 20
"""Percent from the middle within which the things around the centre lie; what is further is outside."""

_LETTER: Final = 7.0
"""Pixels that a letter takes, about."""

_NAMED: Final = 12
"""At most so many places have their names beside them."""

_NARROW: Final = 335.0
"""Width in pixels at which labels of a map must not cover each other."""


@dataclass(frozen=True)
class Caption:
    """What is said of a picture to those who don't see it.

    :param name: makes its identifiers unique on the page.
    :param title: what it is.
    :param description: what is seen, in a sentence or two.
    """

    name: str
    title: str
    description: str


@dataclass(frozen=True)
class Bar:
    """A bar: what it stands for, how long it is, and the number that is read."""

    label: str
    value: float
    text: str
    href: str = ""


@dataclass(frozen=True)
class Node:
    """A thing in a network.

    :param text: its name.
    :param href: where it leads, or "".
    :param shape: `circle`, `square` or `diamond`: kinds are told apart without colours.
    """

    text: str
    href: str = ""
    shape: str = "circle"


@dataclass(frozen=True)
class Tie:
    """A connection of two nodes, by their keys.

    :param text: how they are connected.
    :param is_strong: whether it is drawn heavily.
    """

    one: str
    other: str
    text: str = ""
    is_strong: bool = False


@dataclass(frozen=True)
class Spot:
    """A place on a map.

    :param text: its name.
    :param longitude: in degrees.
    :param latitude: in degrees.
    :param href: where it leads, or "".
    :param share: its size, from 0 to 1.
    :param note: what is told of it beside its name.
    """

    text: str
    longitude: float
    latitude: float
    href: str = ""
    share: float = 0.0
    note: str = ""


def bars(caption: Caption, shown: Sequence[Bar]) -> Markup:
    """Draw bars, from the top down, the largest as long as there is room.

    :param caption: what is said of it.
    :param shown: the bars; their values are not negative.
    """
    largest = max((bar.value for bar in shown), default=0.0) or 1.0
    parts = []
    for place, bar in enumerate(shown):
        top = place * BAR
        width = 84 * bar.value / largest
        label = _text(_cut(bar.label, 60), "0", top + 16, "label")
        parts += [
            _linked(label, bar.href, bar.label),
            _tag("rect", x="0", y=top + 21, width=f"{_round(width)}%", height=14, class_="bar"),
            _text(bar.text, f"{_round(width)}%", top + 33, "value", dx=6),
        ]
    return _picture(caption, "bars", len(shown) * BAR, "".join(parts), any(bar.href for bar in shown))


def line(caption: Caption, shown: Sequence[Bar]) -> Markup:
    """Draw points in their order, joined by a line, from zero up.

    :param caption: what is said of it.
    :param shown: the points; their values are not negative.
    """
    height, top, foot = 240, 24, 34
    largest = max((point.value for point in shown), default=0.0) or 1.0
    step = 88 / max(len(shown) - 1, 1)

    def at(place: int) -> tuple[str, float]:
        return f"{_round(6 + place * step)}%", height - foot - (height - top - foot) * shown[place].value / largest

    parts = [_tag("line", x1="4%", y1=height - foot, x2="98%", y2=height - foot, class_="axis")]
    for place in range(1, len(shown)):
        (x1, y1), (x2, y2) = at(place - 1), at(place)
        parts.append(_tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_="curve"))
    every = math.ceil(len(shown) / 8)
    for place, point in enumerate(shown):
        x, y = at(place)
        title = _title(f"{point.label}: {point.text}")
        parts.append(_tag("circle", title, cx=x, cy=y, r=4, class_="point"))
        if place % every == 0:
            parts.append(_text(_cut(point.label, 12), x, height - 10, "label", anchor="middle"))
            parts.append(_text(point.text, x, y - 9, "value", anchor="middle"))
    return _picture(caption, "curve", height, "".join(parts), False)


def network(caption: Caption, nodes: Mapping[str, Node], ties: Sequence[Tie], centre: str = "") -> Markup:
    """Draw who is connected with whom.

    :param caption: what is said of it.
    :param nodes: by key; their order is that of the drawing.
    :param ties: connections between them.
    :param centre: key of the node in the middle: those tied to it stand left and right of it, and outside what is tied
        to those. Without it, what ties begin with stands left and what they end with right.
    """
    laid = _around(nodes, ties, centre) if centre else _columns(nodes, ties)
    at, height = laid
    parts = []
    for tie in ties:
        if tie.one in at and tie.other in at:
            (x1, y1, _), (x2, y2, _) = at[tie.one], at[tie.other]
            style = (
                "tie strong" if tie.is_strong else "tie far" if centre and centre not in (tie.one, tie.other) else "tie"
            )
            title = _title(tie.text) if tie.text else ""
            parts.append(_tag("line", title, x1=f"{x1}%", y1=y1, x2=f"{x2}%", y2=y2, class_=style))
    outside = {side for x, _, side in at.values() if abs(x - 50) > _INSIDE}
    for key, (x, y, side) in at.items():
        # A name ends where the next column begins.
        room = 44 if not centre else 26 if abs(x - 50) > _INSIDE else 22 if side in outside else 34
        parts.append(_node(nodes[key], x, y, side, key == centre, bool(centre), room))
    linked = any(nodes[key].href for key in at)
    return _picture(caption, "network" if centre else "columns", height, "".join(parts), linked)


def locator(
    caption: Caption, ground: Markup, frame: Frame, chosen: Sequence[Spot], near: Sequence[Spot] = ()
) -> Markup:
    """Draw places on a pale map.

    :param caption: what is said of it.
    :param ground: the pale dots, made by :func:`ground`.
    :param frame: where places lie on it.
    :param chosen: what is shown; the first have their names beside them where there is room.
    :param near: other places, whose names are told on hovering.
    """
    parts = [str(ground)]
    for spot in near:
        x, y = frame.place(spot.longitude, spot.latitude)
        title = _title(spot.text)
        parts.append(_tag("circle", title, cx=f"{x}%", cy=f"{y}%", r=4, class_="near"))
    taken: list[_Box] = []
    labels: list[str] = []
    # The largest first, so that a smaller one is never hidden behind it.
    for spot in sorted(chosen, key=lambda one: -one.share):
        x, y = frame.place(spot.longitude, spot.latitude)
        radius = 4.5 + 9 * math.sqrt(spot.share)
        told = escape(f"{spot.text}: {spot.note}" if spot.note else spot.text)
        # Written in one go: the page of a region has hundreds.
        dot = f'<circle cx="{x}%" cy="{y}%" r="{_round(radius)}" class="spot"><title>{told}</title></circle>'
        parts.append(f'<a href="{escape(spot.href)}" aria-label="{told}">{dot}</a>' if spot.href else dot)
        side = _free(x, y, radius, spot.text, frame, taken) if len(labels) < _NAMED else None
        if side:
            shift = radius + 4 if side == "start" else -radius - 4
            labels.append(_text(_cut(spot.text, 28), f"{x}%", f"{y}%", "name", dx=shift, dy=5, anchor=side))
    style = f"map {frame.form}"
    return _picture(caption, style, 0, "".join([*parts, *labels]), any(spot.href for spot in chosen))


def ground(points: Sequence[tuple[float, float]], frame: Frame) -> Markup:
    """Draw the pale dots of a map, which many maps share.

    :param points: longitudes and latitudes.
    :param frame: where they lie.
    """
    dots = "".join("M{:.1f} {:.1f}h0".format(*(10 * one for one in frame.place(*point))) for point in points)
    # A line of no length with a round end is a dot, and this one keeps its size when the picture is stretched.
    path = _tag("path", d=dots, class_="ground", vector_effect="non-scaling-stroke")
    made = _tag("svg", path, viewBox="0 0 1000 1000", preserveAspectRatio="none", width="100%", height="100%")
    return Markup(made)  # noqa: S704 - no text in it


# Networks

_At = dict[str, tuple[float, float, str]]
"""Where a node is, in percent and pixels, and on which side its name stands."""


def _around(nodes: Mapping[str, Node], ties: Sequence[Tie], centre: str) -> tuple[_At, float]:
    tied: dict[str, set[str]] = {}
    for tie in ties:
        tied.setdefault(tie.one, set()).add(tie.other)
        tied.setdefault(tie.other, set()).add(tie.one)
    inner = [key for key in nodes if key != centre and key in tied.get(centre, ())]
    half = math.ceil(len(inner) / 2)
    sides = {"end": inner[:half], "start": inner[half:]}
    outer: dict[str, list[str]] = {"end": [], "start": []}
    for key in nodes:
        if key != centre and key not in inner and (by := tied.get(key)):
            left = sum(1 for one in by if one in sides["end"])
            outer["end" if 2 * left >= len(by) else "start"].append(key)
    rows = max(*map(len, sides.values()), *map(len, outer.values()), 3)
    middle = (rows * 30 + 30) / 2
    at: _At = {centre: (50.0, middle, "middle")}
    for side, keys in sides.items():
        sign = -1 if side == "end" else 1
        for place, key in enumerate(keys):
            y = _spread(place, len(keys), rows, middle)
            bow = math.cos(math.pi * (y - middle) / (2 * middle))
            at[key] = (_round(50 + sign * (9 + 5 * bow)), y, side)
        # Each beside what it is tied to, so that few lines cross.
        far = sorted(outer[side], key=lambda key: (_mean([at[one][1] for one in tied[key] if one in at]), key))
        for place, key in enumerate(far):
            at[key] = (_round(50 + sign * 29), _spread(place, len(far), rows, middle), side)
    return at, 2 * middle


def _columns(nodes: Mapping[str, Node], ties: Sequence[Tie]) -> tuple[_At, float]:
    ones = list(dict.fromkeys(tie.one for tie in ties))
    others = [key for key in dict.fromkeys(tie.other for tie in ties) if key not in ones]
    order = {key: place for place, key in enumerate(ones)}
    tied = {key: [order[tie.one] for tie in ties if tie.other == key] for key in others}
    others.sort(key=lambda key: _mean([float(place) for place in tied[key]]))
    rows = max(len(ones), len(others), 1)
    middle = rows * ROW / 2 + 10
    at: _At = {}
    for keys, x, side in ((ones, 40.0, "end"), (others, 60.0, "start")):
        for place, key in enumerate(keys):
            at[key] = (x, middle + (place - (len(keys) - 1) / 2) * min(ROW * rows / len(keys), 2 * ROW), side)
    return at, 2 * middle


def _spread(place: int, count: int, rows: int, middle: float) -> float:
    return _round(middle + (place - (count - 1) / 2) * min(30 * rows / count, 60))


def _node(node: Node, x: float, y: float, side: str, is_centre: bool, has_centre: bool, room: int) -> str:
    size = 9 if is_centre else 5
    style = node.shape + (" centre" if is_centre else " outer" if has_centre and abs(x - 50) > _INSIDE else "")
    if node.shape == "circle":
        mark = _tag("circle", cx=f"{x}%", cy=y, r=size, class_=style)
    else:
        # A rectangle's corner is where the middle should be: the style sheet shifts it, and turns the diamond.
        mark = _tag(
            "rect", x=f"{x}%", y=y, width=2 * size, height=2 * size, class_=style + (" large" if is_centre else "")
        )
    if is_centre:
        name = _text(_cut(node.text, 22), f"{x}%", y - 18, "name centre", anchor="middle")
    else:
        shift = -10 if side == "end" else 10
        name = _text(_cut(node.text, room), f"{x}%", y + 4, "name", dx=shift, anchor=side)
    return _linked(_tag("g", _title(node.text), mark, name), node.href, node.text)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


# Maps


_Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels."""


def _free(x: float, y: float, radius: float, text: str, frame: Frame, taken: list[_Box]) -> str | None:
    """Find the side of a place on which its name has room, also on a narrow screen, and take the room.

    :returns: where the name is anchored; None when there is room on neither side.
    """
    left, top = x * _NARROW / 100, y * _NARROW / frame.ratio / 100
    width = _LETTER * min(len(text), 28) + radius
    boxes = {"start": (left, top - 9, left + width, top + 9), "end": (left - width, top - 9, left, top + 9)}
    for side, box in boxes.items():
        if box[0] > -10 and box[2] < _NARROW + 10 and not any(_cover(box, other) for other in taken):
            taken.append(box)
            return side
    return None


def _cover(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


# Markup


def _picture(caption: Caption, style: str, height: float, inside: str, is_linked: bool) -> Markup:
    title, description = f"{caption.name}-title", f"{caption.name}-description"
    told = _tag("title", escape(caption.title), id=title) + _tag("desc", escape(caption.description), id=description)
    # What lies inside an image cannot be reached with a keyboard, so a picture with links is a group.
    made = _tag(
        "svg",
        told,
        inside,
        class_=f"picture {style}",
        role="group" if is_linked else "img",
        aria_labelledby=title,
        aria_describedby=description,
        width="100%",
        height=_round(height) if height else None,
    )
    return Markup(made)  # noqa: S704 - each part is escaped


def _linked(inside: str, href: str, text: str) -> str:
    return _tag("a", inside, href=href, aria_label=text) if href else inside


def _text(text: str, x: str, y: float | str, style: str, dx: float = 0, dy: float = 0, anchor: str = "start") -> str:
    return _tag("text", escape(text), x=x, y=y, dx=dx or None, dy=dy or None, class_=style, text_anchor=anchor)


def _title(text: str) -> str:
    return f"<title>{escape(text)}</title>"


def _tag(name: str, *inside: str, **attributes: str | float | None) -> str:
    """An element; an attribute is named with `_` for `-`, and `class_`. What stands inside is markup."""
    told = "".join(
        f' {_attribute(key)}="{escape(value) if isinstance(value, str) else value}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{told}>{''.join(inside)}</{name}>"


@cache
def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _round(value: float) -> float:
    return round(value, 2)
