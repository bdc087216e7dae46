"""Words: what a reviewer reads, in nl, fr and en."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, dict[str, str]]] = {
    "same": {"nl": "Is dit hetzelfde?", "fr": "Est-ce la même chose ?", "en": "Are these the same?"},
    "progress": {
        "nl": "{at} van {of} · zekerheid {confidence}",
        "fr": "{at} sur {of} · certitude {confidence}",
        "en": "{at} of {of} · confidence {confidence}",
    },
    "unclear": {"nl": "eerder onduidelijk", "fr": "pas clair auparavant", "en": "unclear before"},
    "features": {"nl": "waarom", "fr": "pourquoi", "en": "why"},
    "keys": {
        "nl": "a aanvaarden · r weigeren · s onduidelijk, later · u vorige terugdraaien · q stoppen · ? hulp",
        "fr": "a accepter · r refuser · s pas clair, plus tard · u annuler la précédente · q arrêter · ? aide",
        "en": "a accept · r refuse · s unclear, later · u undo the last · q quit · ? help",
    },
    "help": {
        "nl": "a: het is één ding; de koppeling komt in de graaf. r: het zijn twee dingen; de weigering wordt bewaard en het "
        "paar komt niet meer terug. s: niet te zeggen; het voorstel blijft openstaan, achteraan. u: de vorige beslissing "
        "wordt weer een voorstel. q: stoppen; wat beslist is, is bewaard en wordt gepubliceerd.",
        "fr": "a : c'est une seule chose ; le lien entre dans le graphe. r : ce sont deux choses ; le refus est conservé et la "
        "paire ne revient plus. s : impossible à dire ; la proposition reste ouverte, à la fin. u : la décision précédente "
        "redevient une proposition. q : arrêter ; ce qui est décidé est conservé et sera publié.",
        "en": "a: they are one thing; the link goes into the graph. r: they are two things; the refusal is kept and the pair "
        "does not come back. s: impossible to say; the proposal stays open, at the end. u: the decision before becomes a "
        "proposal again. q: stop; what was decided is kept and is published.",
    },
    "unknown_key": {
        "nl": "{key}: geen toets; {keys}",
        "fr": "{key} : pas une touche ; {keys}",
        "en": "{key}: no key; {keys}",
    },
    "nothing_to_undo": {"nl": "niets terug te draaien", "fr": "rien à annuler", "en": "nothing to undo"},
    "done": {"nl": "alles is bekeken", "fr": "tout est vu", "en": "all is reviewed"},
    "accept": {"nl": "aanvaard", "fr": "accepté", "en": "accepted"},
    "refuse": {"nl": "geweigerd", "fr": "refusé", "en": "refused"},
    "undo": {"nl": "teruggedraaid", "fr": "annulé", "en": "undone"},
    "skip": {"nl": "onduidelijk", "fr": "pas clair", "en": "unclear"},
    "elsewhere": {
        "nl": "ondertussen beslist door iemand anders",
        "fr": "entre-temps décidé par quelqu'un d'autre",
        "en": "decided by somebody else meanwhile",
    },
    "names": {"nl": "namen", "fr": "noms", "en": "names"},
    "kind": {"nl": "soort", "fr": "type", "en": "kind"},
    "place": {"nl": "gemeente", "fr": "commune", "en": "municipality"},
    "identifiers": {"nl": "nummers", "fr": "numéros", "en": "identifiers"},
    "page": {"nl": "webadres", "fr": "adresse web", "en": "web page"},
    "datasets": {"nl": "datasets", "fr": "jeux de données", "en": "datasets"},
    "iri": {"nl": "adres", "fr": "adresse", "en": "address"},
    "summary": {
        "nl": "{accepted} aanvaard, {refused} geweigerd, {unclear} onduidelijk, {open} te bekijken",
        "fr": "{accepted} acceptés, {refused} refusés, {unclear} pas clairs, {open} à voir",
        "en": "{accepted} accepted, {refused} refused, {unclear} unclear, {open} to review",
    },
}


def say(key: str, language: str, **values: object) -> str:
    """Return a text in a language.

    :param key: one of :data:`WORDS`.
    :param values: what stands in its places.
    """
    return WORDS[key][language].format(**values)
