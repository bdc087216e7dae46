"""How values are written in URLs (RFC 6570)."""

import pytest

from zorgkg.csvw.template import Template

VALUES = {
    "var": "value",
    "hello": "Hello World!",
    "path": "framework/icc-sliders/home",
    "percent": "50%20x%",
    "name": "José",
    "list": ["red", "green"],
    "none": None,
    "empty": [],
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("https://e.org/{var}", "https://e.org/value"),
        ("{hello}", "Hello%20World%21"),
        ("{+hello}", "Hello%20World!"),
        ("{path}", "framework%2Ficc-sliders%2Fhome"),
        ("{+path}", "framework/icc-sliders/home"),
        ("{percent}", "50%2520x%25"),
        ("{+percent}", "50%20x%25"),
        ("{name}", "Jos%C3%A9"),
        ("{#path}", "#framework/icc-sliders/home"),
        ("{list}", "red,green"),
        ("{?list}", "?list=red,green"),
        ("{?list*}", "?list=red&list=green"),
        ("{/var,path}", "/value/framework%2Ficc-sliders%2Fhome"),
        ("{;var}", ";var=value"),
        ("{?var,none}{&hello}", "?var=value&hello=Hello%20World%21"),
        ("{var:3}", "val"),
        ("x{none}{empty}{#none}y", "xy"),
        ("a b{var}", "a%20bvalue"),
    ],
)
def test_values_are_encoded_as_the_template_asks(template: str, expected: str) -> None:
    assert Template(template).expand(VALUES) == expected


def test_a_template_knows_its_variables() -> None:
    assert Template("{+a}/{b,c:3}{?a,d*}").variables == ("a", "b", "c", "d")
