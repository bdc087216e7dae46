"""Which media type an Accept header gets (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zorgkg.web.forms.negotiation import choose, media_type

OFFERED = ("application/json", "text/csv", "text/html")


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        (" text/csv ; Q=0.5 , text/html ; q=0.4 ", "text/csv"),
        ("text/csv;q=0.5, text/html", "text/html"),
        ("text/csv, text/html", "text/csv"),
        ("*/*;q=0.1, text/html;q=0.2", "text/html"),
        ("text/csv;q=0", None),
        ("image/png", None),
        ("*/*;q=0", None),
        # The most specific range decides, whatever its place and whatever the others say.
        ("*/*, application/json;q=0", "text/csv"),
        ("text/*;q=0.9, text/csv;q=0.1, application/json;q=0.5", "text/html"),
        ("text/csv;charset=utf-8;q=0, text/csv, application/json;q=0.2", "application/json"),
        # A parameter is compared in any case, quoted or not; another charset is another thing.
        ("text/csv;CharSet=UTF-8", "text/csv"),
        ('text/csv;charset="utf-8"', "text/csv"),
        ("text/csv;charset=utf8", "text/csv"),
        ("text/csv;charset=iso-8859-1", None),
        ("text/csv;charset=iso-8859-1, text/html;q=0.1", "text/html"),
        ("text/csv;header=present", "text/csv"),
        ("text/csv;header=absent", None),
        ('application/json;profile="https://e.org/a,b;c"', "application/json"),
        # What follows q is no parameter of the type.
        ("text/csv;q=0.5;level=1, text/html;q=0.4", "text/csv"),
        # A part that breaks the grammar is passed over, and it alone.
        ("text, /, text/, */csv, ;q=1, text/html", "text/html"),
        ("text/csv;q=much, text/html;q=0.1", "text/html"),
        ("text/csv;q=-1, text/html;q=0.1", "text/html"),
        ("text/csv;q=nan, text/html;q=0.1", "text/html"),
        ("text/html, *; q=.2, */*; q=.2", "text/html"),
        ("nonsense", "application/json"),
        ('text/html;a="', None),
        # Quoted strings may hold commas, semicolons and what looks like a weight.
        ('text/csv;x="a,text/html;q=1";q=0.5, text/html;q=0.1', "text/html"),
    ],
)
def test_accept_gets_what_it_prefers(accept: str | None, media: str | None) -> None:
    assert choose(accept, OFFERED) == media


def test_a_header_of_endless_ranges_costs_little() -> None:
    assert choose("text/csv;q=0.1," * 99 + "text/html", OFFERED) == "text/html"
    assert choose("text/csv;q=0.1," * 100_000 + "text/html", OFFERED) == "text/csv"


@given(st.text(alphabet='text/csvhml*,;="\\q.0189 \t-', max_size=60))
def test_no_accept_header_breaks_it(accept: str) -> None:
    assert choose(accept, OFFERED) in (*OFFERED, None)


def test_a_content_type_is_read_as_the_standard_has_it() -> None:
    media = media_type('Text/Turtle ; Charset="UTF-8"; x="a;b\\"c"')
    assert media is not None
    assert media.essence == "text/turtle"
    assert media.parameters == {"charset": "utf-8", "x": 'a;b"c'}
    assert media_type("") is None
    assert media_type("turtle; charset=utf-8") is None
