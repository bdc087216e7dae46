"""Fragments: the small parts of which the lists of a page are made, written without templates.

A page of a thing has hundreds of them, and a macro takes longer than all the rest of what is done for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from zorgkg.web import words
from zorgkg.web.things.descriptions import Evidence, Name, Text
from zorgkg.web.things.portraits import Cited, Fact, Item, Line, Nested
from zorgkg.web.view import View

_MANY = 8
"""Entries without anything said of them stand in columns when there are so many."""

_LONG = 20
"""More values of a property than these are folded up."""

_DOT = '<span aria-hidden="true"> · </span>'
_DEEPER = '<span aria-hidden="true"> › </span>'


class Fragments:
    """Writes fragments for one page.

    :param view: how the page is seen.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._say = words.say(view.language)
        self._written: dict[Name | Text, str] = {}

    def value(self, one: Name | Text) -> Markup:
        """Return the name of a thing as a link to it, or a text."""
        return Markup(self._value(one))  # noqa: S704 - each part is escaped

    def ours(self, one: Name | Text) -> Markup:
        """Return the name of a class or property: a link to our page of it; what is borrowed leads nowhere useful."""
        return Markup(self._ours(one))  # noqa: S704

    def facts(self, facts: Sequence[Fact]) -> Markup:
        """Return facts, property by property."""
        return Markup(self._facts(facts))  # noqa: S704

    def items(self, items: Sequence[Item]) -> Markup:
        """Return a list of entries, each with what is said of it."""
        plain = "" if any(item.lines or item.trail for item in items) or len(items) < _MANY else " plain"
        return Markup(f'<ul class="items{plain}">\n{"".join(map(self._item, items))}</ul>\n')  # noqa: S704

    def cited(self, one: Cited) -> Markup:
        """Return the passages of a source, by section."""
        lines = []
        for section, passages in one.sections:
            where = self._text(section) if section else escape(self._say("without_section"))
            told = ", ".join(map(self._passage, passages))
            lines.append(f"<li>{where}: {told}</li>\n")
        return Markup(f"<ul>\n{''.join(lines)}</ul>\n")  # noqa: S704

    def _ours(self, one: Name | Text) -> str:
        where = self._view.href(one.iri) if isinstance(one, Name) else None
        return self._value(one) if where and not where[1] else self._text(one)

    def _facts(self, facts: Sequence[Fact]) -> str:
        parts = []
        for fact in facts:
            values = [
                self._facts(value.facts) if isinstance(value, Nested) else self._value(value) for value in fact.values
            ]
            told = "".join(f"<dd>{value}</dd>\n" for value in values)
            if len(values) > _LONG:
                count = escape(self._say("n_values", n=words.number(len(values), self._view.language)))
                listed = "".join(f"<li>{value}</li>" for value in values)
                told = f"<dd><details><summary>{count}</summary><ul>{listed}</ul></details></dd>\n"
            parts.append(f"<div>\n<dt>{self._ours(fact.property)}</dt>\n{told}</div>\n")
        return f"<dl>\n{''.join(parts)}</dl>\n"

    def _passage(self, one: Evidence) -> str:
        page = escape(self._say("page", page=one.page)) + " " if one.page else ""
        return page + self._to(one.passage, self._within(one) or one.passage)

    def _within(self, one: Evidence) -> str:
        """Where a passage lies in its source: at some characters, or in a row of a table."""
        if one.row:
            return self._say("row_at", row=one.row) + (f" ({one.sheet})" if one.sheet else "")
        return self._say("characters", start=one.start, end=one.end) if one.start else ""

    def _value(self, one: Name | Text) -> str:
        found = self._written.get(one)
        if found is None:
            found = self._written[one] = (
                self._to(one.iri, one.text, one.language) if isinstance(one, Name) else self._text(one)
            )
        return found

    def _to(self, iri: str, text: str, language: str = "") -> str:
        where = self._view.href(iri)
        tag = f' lang="{escape(language)}"' if language and language != self._view.language else ""
        if where is None:
            return f"<span{tag}>{escape(text)}</span>"
        if where[1]:
            return f'<a class="outside" href="{escape(where[0])}" rel="external noopener"{tag}>{escape(text)}</a>'
        return f'<a href="{escape(where[0])}"{tag}>{escape(text)}</a>'

    def _text(self, one: Name | Text, element: str = "span") -> str:
        tag = f' lang="{escape(one.language)}"' if one.language and one.language != self._view.language else ""
        return f"<{element}{tag}>{escape(one.text)}</{element}>" if tag or element != "span" else escape(one.text)

    def _item(self, item: Item) -> str:
        trail = after = lines = ""
        if item.trail:
            trail = f' <span class="trail">{_DEEPER.join(map(self._value, item.trail))}</span>'
        if item.after:
            after = f' <span class="after">{escape(item.after)}</span>'
        if item.lines:
            told = "".join(self._line(line, item.value.text) for line in item.lines)
            lines = f'\n<ul class="lines">\n{told}</ul>\n'
        return f'<li>\n<span class="main">{self._value(item.value)}</span>{trail}{after}{lines}</li>\n'

    def _line(self, line: Line, title: str) -> str:
        told = [f'<span class="says">{self._value(note)}</span>' for note in line.notes]
        if line.quote and line.quote.text != title:
            told.append(f"{escape(self._say('printed'))} {self._text(line.quote, 'q')}")
        parts = [_DOT.join(told)]
        if line.remark:
            parts.append(f'<span class="remark">{self._text(line.remark)}</span>')
        if line.reason:
            parts.append(f'<span class="remark">{escape(self._say("decided"))} {self._text(line.reason)}</span>')
        if line.claim:
            parts.append(f'<span class="remark">{self._to(line.claim, self._say("how_coded"))}</span>')
        parts += map(self._evidence, line.evidence)
        return f"<li>\n{''.join(parts)}\n</li>\n"

    def _evidence(self, one: Evidence) -> str:
        parts = []
        if one.source:
            parts.append(self._value(one.source))
        if one.section:
            parts.append(self._text(one.section))
        if one.page:
            parts.append(escape(self._say("page", page=one.page)))
        if within := self._within(one):
            parts.append(self._to(one.passage, within))
        return f'<span class="evidence">{", ".join(parts)}</span>'
