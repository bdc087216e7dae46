"""IRIs and languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from zorgkg import languages, settings
from zorgkg.content import locate
from zorgkg.terms import shorten, term, thing


def test_a_thing_has_a_readable_iri() -> None:
    assert thing("project", "het-westveld").value == "https://w3id.org/zorgkg/id/project/het-westveld"
    assert thing("framework", "vvsg/2").value == "https://w3id.org/zorgkg/id/framework/vvsg/2"
    assert thing("project", "a b").value.endswith("/a%20b")


def test_the_longest_namespace_gives_the_short_name() -> None:
    assert shorten("https://w3id.org/zorgkg/id/project/het-westveld") == "project:het-westveld"
    assert shorten(term("zorg:Project").value) == "zorg:Project"
    assert shorten("https://w3id.org/zorgkg/id/framework/vvsg/2") == "https://w3id.org/zorgkg/id/framework/vvsg/2"
    assert shorten("https://example.org/") == "https://example.org/"


@pytest.mark.parametrize(
    ("parameter", "header", "expected"),
    [
        (None, None, "nl"),
        (None, "fr-BE,fr;q=0.9,en;q=0.8", "fr"),
        (None, "de, en;q=0.5, fr;q=0.7", "fr"),
        (None, "de", "nl"),
        (None, "en;q=0, fr;q=0.1", "fr"),
        (None, "*", "nl"),
        ("en", "fr", "en"),
    ],
)
def test_the_language_asked_for_is_the_one_answered(parameter: str | None, header: str | None, expected: str) -> None:
    assert languages.negotiate(parameter, header) == expected


def test_a_missing_label_falls_back_in_one_order_and_tells_its_language() -> None:
    assert languages.pick({"nl": "a", "en": "b"}, "fr") == ("a", "nl")
    assert languages.pick({"fr": "a", "en": "b"}, "nl") == ("b", "en")
    assert languages.pick({"de": "a"}, "nl") == ("a", "de")
    assert languages.pick({}, "nl") is None


def test_the_rule_that_fills_labels_follows_the_same_order() -> None:
    rule = (locate().ontology / "rules" / "90-labels.rq").read_text()
    for language in languages.LANGUAGES:
        variables = ", ".join("?" + one for one in languages.order(language))
        assert f"BIND (COALESCE({variables}) AS ?label{language.title()})" in rule


def test_every_setting_is_documented_with_its_default() -> None:
    page = (Path(__file__).parents[1] / "docs" / "operating.md").read_text()
    for setting in settings.SETTINGS:
        default = f"`{setting.default}`" if setting.default else "none"
        assert f"| `{setting.name}` | {default} |" in page


def test_a_flag_wins_over_the_environment_and_a_wrong_number_is_told() -> None:
    assert settings.read({"port": "1"}, {"ZORGKG_PORT": "2"}).port == 1
    assert settings.read({}, {"ZORGKG_PORT": "2"}).port == 2
    with pytest.raises(settings.SettingError, match=r"ZORGKG_PORT is 'x'.*0 to 65535"):
        settings.read({}, {"ZORGKG_PORT": "x"})
    with pytest.raises(settings.SettingError, match="ZORGKG_PORT is 70000"):
        settings.read({"port": "70000"}, {})


def test_engines_and_services_are_urls_and_a_password_is_never_repeated() -> None:
    read = settings.read(
        {}, {"ZORGKG_ENGINE": "http://a/q, https://u:pw@b/q http://a/q", "ZORGKG_SERVICES": "http://c/"}
    )
    assert read.engine == ("http://a/q", "https://u:pw@b/q")
    assert read.services == {"http://c/"}
    assert (settings.read({}, {}).engine, settings.read({}, {}).services) == ((), frozenset())
    for wrong in ("ftp://u:secret@a/", "http://u:secret@a:x/", "http://u:secret@/", "http://u:secret@a/../b", "secret"):
        for name in ("ZORGKG_ENGINE", "ZORGKG_SERVICES"):
            with pytest.raises(settings.SettingError, match=rf"{name}: entry 2 of 2") as told:
                settings.read({}, {name: f"http://a/ {wrong}"})
            assert "secret" not in str(told.value)
