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
        "nl": "a: het is één ding; de koppeling komt in de graaf. r: het zijn twee dingen; de weigering wordt bewaard "
        "en het paar komt niet meer terug. s: niet te zeggen; het voorstel blijft openstaan, achteraan. "
        "u: de vorige beslissing wordt weer een voorstel. q: stoppen; wat beslist is, is bewaard en wordt publiek.",
        "fr": "a : c'est une seule chose ; le lien entre dans le graphe. r : ce sont deux choses ; le refus est "
        "conservé et la paire ne revient plus. s : impossible à dire ; la proposition reste ouverte, à la fin. "
        "u : la décision précédente redevient une proposition. q : arrêter ; ce qui est décidé est conservé et publié.",
        "en": "a: they are one thing; the link goes into the graph. r: they are two things; the refusal is kept and "
        "the pair does not come back. s: impossible to say; the proposal stays open, at the end. "
        "u: the decision before becomes a proposal again. q: stop; what was decided is kept and is published.",
    },
    "unknown_key": {
        "nl": "{pressed}: geen toets; {keys}",
        "fr": "{pressed} : pas une touche ; {keys}",
        "en": "{pressed}: no key; {keys}",
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
    # The page
    "links_of": {"nl": "Koppelingen van {name}", "fr": "Liens de {name}", "en": "Links of {name}"},
    "links_intro": {
        "nl": "Welke dingen van deze dataset staan ook in een andere? Een programma stelt voor, een mens beslist.",
        "fr": "Quelles choses de ce jeu sont aussi dans un autre ? Un programme propose, une personne décide.",
        "en": "Which things of this dataset are in another too? A program proposes, a person decides.",
    },
    "show": {"nl": "Toon", "fr": "Montrer", "en": "Show"},
    "state_open": {"nl": "te bekijken", "fr": "à voir", "en": "to review"},
    "state_accepted": {"nl": "aanvaard", "fr": "acceptés", "en": "accepted"},
    "state_refused": {"nl": "geweigerd", "fr": "refusés", "en": "refused"},
    "state_unclear": {"nl": "onduidelijk", "fr": "pas clairs", "en": "unclear"},
    "state_all": {"nl": "alles", "fr": "tout", "en": "all"},
    "window": {
        "nl": "{first} tot {last} van {of}",
        "fr": "{first} à {last} sur {of}",
        "en": "{first} to {last} of {of}",
    },
    "nothing_here": {"nl": "Hier is niets.", "fr": "Rien ici.", "en": "There is nothing here."},
    "confidence": {"nl": "Zekerheid", "fr": "Certitude", "en": "Confidence"},
    "do_accept": {"nl": "ja, hetzelfde", "fr": "oui, la même chose", "en": "yes, the same"},
    "do_refuse": {"nl": "nee, twee dingen", "fr": "non, deux choses", "en": "no, two things"},
    "do_unclear": {"nl": "niet te zeggen", "fr": "impossible à dire", "en": "impossible to say"},
    "do_undo": {"nl": "beslissing terugdraaien", "fr": "annuler la décision", "en": "take the decision back"},
    "do_keep": {"nl": "nu niets veranderen", "fr": "ne rien changer maintenant", "en": "change nothing now"},
    "sign": {"nl": "Beslissen", "fr": "Décider", "en": "Decide"},
    "sign_intro": {
        "nl": "De keuzes van deze pagina worden samen gepubliceerd, of geen ervan.",
        "fr": "Les choix de cette page sont publiés ensemble, ou aucun d'entre eux.",
        "en": "The choices of this page are published together, or none of them.",
    },
    "role": {
        "nl": "Uw rol (geen naam)",
        "fr": "Votre rôle (pas de nom)",
        "en": "Your role (no name)",
    },
    "token": {
        "nl": "Token voor deze dataset",
        "fr": "Jeton pour ce jeu de données",
        "en": "Token for this dataset",
    },
    "send": {"nl": "Beslissingen publiceren", "fr": "Publier les décisions", "en": "Publish the decisions"},
    "propose": {"nl": "Opnieuw voorstellen", "fr": "Proposer à nouveau", "en": "Propose anew"},
    "pages": {"nl": "Bladzijden", "fr": "Pages", "en": "Pages"},
    "previous": {"nl": "vorige", "fr": "précédente", "en": "previous"},
    "next": {"nl": "volgende", "fr": "suivante", "en": "next"},
    "summary": {
        "nl": "{accepted} aanvaard, {refused} geweigerd, {unclear} onduidelijk, {open} te bekijken",
        # The numbers stand behind: one is no plural in French, nor is none.
        "fr": "acceptés : {accepted}, refusés : {refused}, pas clairs : {unclear}, à voir : {open}",
        "en": "{accepted} accepted, {refused} refused, {unclear} unclear, {open} to review",
    },
}


def say(key: str, language: str, **values: object) -> str:
    """Return a text in a language.

    :param key: one of :data:`WORDS`.
    :param values: what stands in its places.
    """
    return WORDS[key][language].format(**values)
