"""Languages of people: which ones we speak, which one a request asks for, and the one ordered fallback for labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

LANGUAGES: Final = ("nl", "fr", "en")
"""The languages of the interface; the first is the default."""

FALLBACK: Final = ("nl", "en", "fr")
"""Where a label in the asked language is missing, the first of these that exists is shown (rules/90-labels.rq)."""

LABEL_PROPERTY: Final = {"nl": "zorg:labelNl", "fr": "zorg:labelFr", "en": "zorg:labelEn"}
"""The derived property that holds what readers of each language see."""


def order(asked: str) -> tuple[str, ...]:
    """Return the languages to try for a label, best first.

    :param asked: a language tag of :data:`LANGUAGES`.
    :returns: the asked language, then :data:`FALLBACK` without it.
    """
    return (asked, *(language for language in FALLBACK if language != asked))


def pick(labels: Mapping[str, str], asked: str) -> tuple[str, str] | None:
    """Choose a label by the fallback.

    :param labels: language tag → label.
    :param asked: a language tag of :data:`LANGUAGES`.
    :returns: (label, its language), or None when there is none at all. A label in a language outside the
        fallback is chosen last, by tag, so that something is always shown.
    """
    for language in (*order(asked), *sorted(labels)):
        if language in labels:
            return labels[language], language
    return None


def negotiate(parameter: str | None, accept_language: str | None) -> str:
    """Return the language to answer in: ``?lang``, then Accept-Language (RFC 9110, section 12.5.4), then Dutch.

    :param parameter: value of ``lang``, already checked against :data:`LANGUAGES`, or None.
    :param accept_language: the header's value, or None.
    :returns: one of :data:`LANGUAGES`.
    """
    if parameter:
        return parameter
    for tag in _by_quality((accept_language or "").split(",")):
        primary = tag.split("-")[0].lower()
        if primary in LANGUAGES:
            return primary
        if primary == "*":
            break
    return LANGUAGES[0]


def _by_quality(parts: Iterable[str]) -> list[str]:
    weighted: list[tuple[float, str]] = []
    for part in parts:
        tag, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
        if tag and quality > 0:
            weighted.append((quality, tag))
    return [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]
