"""The operation of evidence, and what evidence looks like beside the rows of a question."""

from __future__ import annotations

from typing import Final

from zorgkg.collection.declared import texts
from zorgkg.collection.values import FEW
from zorgkg.evidence.asked import KINDS
from zorgkg.questions.question import Question
from zorgkg.terms import ID, term
from zorgkg.web.openapi import operation, schemas
from zorgkg.web.openapi.known import Known
from zorgkg.web.openapi.operation import Operation, Parameter, Schema
from zorgkg.web.things import evidence
from zorgkg.web.things.citation_table import COLUMNS

ITEM: Final[Schema] = {
    "type": "object",
    "required": ["kind", "kindLabel"],
    "properties": {
        "kind": {"type": "string", "enum": [*KINDS, "absence", "question", "more"]},
        "kindLabel": {"type": "string"},
        "iri": {"type": "string", "format": "iri"},
        "href": {"type": ["string", "null"]},
        "coders": {"type": "array", "items": {"type": "string"}},
        **{
            name: {"type": "array", "items": {"type": "object"}}
            for name in ("codes", "decisions", "passages", "origins")
        },
    },
}
"""One item of evidence: an assertion, an absence, a question that lists what was counted, or that there is more."""

_TEXT: Final[Schema] = {"type": "string"}
_WHOLE: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": 10**9 - 1}


def operation_of(known: Known) -> Operation:
    """Return the operation of evidence.

    :param known: the bases and sources that there are.
    """
    answer: Schema = {
        "type": "object",
        "required": ["version", "question", "asked", "sentence", "evidence", "more"],
        "properties": {
            "version": _TEXT,
            "question": {"type": ["object", "null"]},
            "asked": {"type": "array", "items": {"type": "object"}},
            "sentence": _TEXT,
            "evidence": {"type": "array", "items": ITEM},
            "more": {"type": "boolean"},
        },
    }
    forms = [name for name in evidence.OFFERED if name != "json"]
    item: Schema = {"type": "object", "properties": {column: {} for column in COLUMNS}}
    return Operation(
        "evidence",
        evidence.PATH,
        "service",
        texts("Waar staat dat?", "Où cela est-il écrit ?", "Where does it say so?"),
        [
            *_things(),
            *_narrowing(known),
            operation.limit(evidence.MOST, evidence.LIMIT),
            operation.offset(evidence.FARTHEST),
            operation.language(),
            operation.form(evidence.OFFERED),
            operation.excel(),
            operation.languages(),
            operation.version(),
        ],
        {"application/json": answer, **schemas.table(item, forms)},
        texts(
            "Eén van subject, object, lacks, of en question is nodig. "
            "Wat twee dingen verbindt, of over één ding gezegd wordt: elke vermelding met bron, codeurs, beslissing "
            "en passage. Niets gevonden is een lege lijst met een zin. Met question: het bewijs van een rij van die "
            "vraag, gegeven met haar kolommen.",
            "Il faut subject, object, lacks, of ou question. "
            "Ce qui relie deux choses, ou est dit d'une seule : chaque mention avec source, codeurs, décision et "
            "passage. Rien trouvé donne une liste vide et une phrase. Avec question : la preuve d'une ligne de cette "
            "question, donnée par ses colonnes.",
            "One of subject, object, lacks, of and question is needed. "
            "What connects two things, or is said of one: each assertion with source, coders, decision and passage. "
            "Nothing found is an empty list with a sentence. With question: the evidence of a row of that question, "
            "given by its columns.",
        ),
        (400, 404, 406, 422, 502, 503, 504),
        ("Link", "X-Zorgkg-Version", "Content-Language", "ETag"),
    )


def beside(question: Question) -> list[Parameter]:
    """Return the parameter `evidence` of a question that has evidence of its rows."""
    if question.evidence.none:
        return []
    told = texts(
        "Met elk record het bewijs (JSON), of het adres ervan (andere tabellen).",
        "Avec chaque enregistrement la preuve (JSON), ou son adresse (autres tableaux).",
        "With each record its evidence (JSON), or the address of it (other tables).",
    )
    return [Parameter("evidence", told, {"type": "boolean"})]


def member(question: Question) -> dict[str, Schema]:
    """Return the member that a record has with `?evidence=true` alone: the evidence, in GeoJSON the address of it."""
    return {} if question.evidence.none else {"evidence": {"type": ["array", "string"], "items": ITEM}}


def _things() -> list[Parameter]:
    path = texts("Een IRI, of een pad onder /id/.", "Un IRI, ou un chemin sous /id/.", "An IRI, or a path below /id/.")

    def thing(name: str, nl: str, fr: str, en: str, example: str | None = None) -> Parameter:
        told = {tag: f"{text} {path[tag]}" for tag, text in texts(nl, fr, en).items()}
        return Parameter(name, told, {"type": "string"}, example=example)

    return [
        thing("subject", "Het ene ding.", "L'une des choses.", "The one thing.", "project/vitale-buurten"),
        thing("object", "Het andere ding.", "L'autre chose.", "The other thing.", "organisation/blenders"),
        thing(
            "lacks",
            "In plaats van object: wat niet vermeld is.",
            "Au lieu d'object : ce qui n'est pas mentionné.",
            "In the place of object: what is not stated.",
        ),
        thing("of", "Een vermelding zelf.", "Une mention elle-même.", "An assertion itself."),
    ]


def _narrowing(known: Known) -> list[Parameter]:
    def only(name: str, schema: Schema, nl: str, fr: str, en: str) -> Parameter:
        return Parameter(name, texts(nl, fr, en), schema)

    def one_of(cls: str) -> Schema:
        choices = known.of_class(term(cls).value)
        listed = [one.iri.removeprefix(ID) for one in choices] if len(choices) <= FEW else []
        return {"type": "string", "enum": listed} if listed else _TEXT

    kinds: Schema = {"type": "string", "enum": list(KINDS)}
    return [
        only("predicate", _TEXT, "Alleen deze eigenschap.", "Seulement cette propriété.", "Only this property."),
        only("basis", one_of("zorg:Basis"), "Alleen deze grondslag.", "Seulement ce fondement.", "Only this basis."),
        only("kind", kinds, "Alleen deze soort.", "Seulement ce type.", "Only this kind."),
        only("source", one_of("zorg:Source"), "Alleen deze bron …", "Seulement cette source …", "Only this source …"),
        only("start", _WHOLE, "… vanaf dit teken …", "… à partir de ce caractère …", "… from this character …"),
        only("end", _WHOLE, "… tot dit teken.", "… jusqu'à ce caractère.", "… to this one."),
        only(
            "named",
            _TEXT,
            "Alleen wat zo gedrukt staat.",
            "Seulement ce qui est imprimé ainsi.",
            "Only what is printed so.",
        ),
        only(
            "question",
            _TEXT,
            "De vraag waarvan een rij bewijs nodig heeft; met de kolommen van die rij.",
            "La question dont une ligne demande une preuve ; avec les colonnes de cette ligne.",
            "The question of which a row needs evidence; with the columns of that row.",
        ),
    ]
