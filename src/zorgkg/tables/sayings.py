"""What is said of a table that becomes a dataset, in Dutch, French and English."""

from __future__ import annotations

from typing import Final

SAYINGS: Final[dict[str, tuple[str, str, str]]] = {
    # Columns
    "placed": ("→ {as_}", "→ {as_}", "→ {as_}"),
    "placed-by-values": (
        "→ {as_} (zo lezen de waarden)",
        "→ {as_} (d'après les valeurs)",
        "→ {as_} (by its values)",
    ),
    "unplaced-column": (
        "niet herkend; de kolom wordt niet overgenomen",
        "pas reconnue ; la colonne n'est pas reprise",
        "not recognised; the column is not taken over",
    ),
    "language": (
        "taal van de teksten: {code} ({data_lang_} geeft een andere)",
        "langue des textes : {code} ({data_lang_} en donne une autre)",
        "language of the texts: {code} ({data_lang_} gives another)",
    ),
    "table-of": ("een tabel van {nl} ({kind})", "un tableau de type {fr} ({kind})", "a table of {kind}"),
    "table-below": (
        "hier begint een tweede tabel, onder de eerste; ze wordt niet overgenomen (rijen: {count}); zet ze op een "
        "eigen blad of in een eigen bestand",
        "un deuxième tableau commence ici, sous le premier ; il n'est pas repris (lignes : {count}) ; mettez-le sur sa "
        "propre feuille ou dans son propre fichier",
        "a second table begins here, under the first; it is not taken over (rows: {count}); put it on a sheet or in a "
        "file of its own",
    ),
    "not-taken": (
        "niet herkend als een tabel; het blad wordt niet overgenomen",
        "pas reconnue comme tableau ; la feuille n'est pas reprise",
        "not recognised as a table; the sheet is not taken over",
    ),
    "no-kind": (
        "het is niet duidelijk waarvan dit een tabel is; zeg het met de soort ({kinds})",
        "on ne voit pas de quoi c'est le tableau ; dites-le par le genre ({kinds})",
        "it is not clear what this is a table of; say it by the kind ({kinds})",
    ),
    "unknown-kind": (
        "{kind!r} is geen soort tabel; er zijn: {kinds}",
        "{kind!r} n'est pas un genre de tableau ; il y a : {kinds}",
        "{kind!r} is no kind of table; there are: {kinds}",
    ),
    "no-required": (
        "er is geen kolom {nl}; die is nodig voor {kind}",
        "il n'y a pas de colonne {fr} ; il la faut pour {kind}",
        "there is no column {en}; it is needed for {kind}",
    ),
    "no-column": (
        "er is geen kolom {name!r} om weg te laten",
        "il n'y a pas de colonne {name!r} à laisser de côté",
        "there is no column {name!r} to leave out",
    ),
    "no-rows": ("er is geen enkele rij", "il n'y a aucune ligne", "there is no row at all"),
    # Personal data
    "personal-name": (
        "deze kolom gaat over personen; laat ze weg ({without_})",
        "cette colonne porte sur des personnes ; laissez-la de côté ({without_})",
        "this column is about people; leave it out ({without_})",
    ),
    "personal-mailbox": (
        "{count} cellen bevatten een e-mailadres van een persoon (de eerste in rij {first}); maak ze leeg of laat de "
        "kolom weg ({without_})",
        "{count} cellules contiennent l'adresse électronique d'une personne (la première à la ligne {first}) ; "
        "videz-les ou laissez la colonne de côté ({without_})",
        "{count} cells hold the e-mail address of a person (the first in row {first}); empty them or leave the column "
        "out ({without_})",
    ),
    "personal-mobile": (
        "{count} cellen bevatten een gsm-nummer (de eerste in rij {first}); maak ze leeg of laat de kolom weg "
        "({without_})",
        "{count} cellules contiennent un numéro de GSM (la première à la ligne {first}) ; videz-les ou laissez la "
        "colonne de côté ({without_})",
        "{count} cells hold a mobile number (the first in row {first}); empty them or leave the column out "
        "({without_})",
    ),
    "personal-register": (
        "{count} cellen bevatten een rijksregisternummer (het eerste in rij {first}); laat de kolom weg ({without_})",
        "{count} cellules contiennent un numéro de registre national (le premier à la ligne {first}) ; laissez la "
        "colonne de côté ({without_})",
        "{count} cells hold a national register number (the first in row {first}); leave the column out ({without_})",
    ),
    "personal": (
        "persoonsgegevens horen niet in de graaf; kolommen: {names}",
        "les données personnelles n'ont pas leur place dans le graphe ; colonnes : {names}",
        "personal data do not belong in the graph; columns: {names}",
    ),
    # Cells
    "written": ("{value!r} werd {now}", "{value!r} est devenu {now}", "{value!r} became {now}"),
    "required": ("hier is een waarde nodig", "il faut une valeur ici", "a value is needed here"),
    "ambiguous-date": (
        "{value!r} kan dag of maand eerst zijn; schrijf jjjj-mm-dd, of zeg {dmy_} of {mdy_}",
        "{value!r} peut commencer par le jour ou le mois ; écrivez aaaa-mm-jj, ou dites {dmy_} ou {mdy_}",
        "{value!r} may have the day or the month first; write yyyy-mm-dd, or say {dmy_} or {mdy_}",
    ),
    "mixed-dates": (
        "{value!r}: in deze kolom staat soms de dag eerst, soms de maand; schrijf jjjj-mm-dd, of zeg {dmy_} of {mdy_}",
        "{value!r} : dans cette colonne, c'est tantôt le jour, tantôt le mois qui vient d'abord ; écrivez aaaa-mm-jj, "
        "ou dites {dmy_} ou {mdy_}",
        "{value!r}: in this column some have the day first, others the month; write yyyy-mm-dd, or say {dmy_} or "
        "{mdy_}",
    ),
    "no-date": (
        "{value!r} is geen dag; schrijf jjjj-mm-dd",
        "{value!r} n'est pas un jour ; écrivez aaaa-mm-jj",
        "{value!r} is no day; write yyyy-mm-dd",
    ),
    "end-before-start": (
        "{value!r} ligt voor het begin ({start})",
        "{value!r} est avant le début ({start})",
        "{value!r} is before the start ({start})",
    ),
    "no-url": (
        "{value!r} is geen adres van een webpagina; schrijf het met https://",
        "{value!r} n'est pas l'adresse d'une page web ; écrivez-la avec https://",
        "{value!r} is no address of a web page; write it with https://",
    ),
    "no-mailbox": (
        "{value!r} is geen e-mailadres; verwacht wordt naam@domein.be",
        "{value!r} n'est pas une adresse électronique ; on attend nom@domaine.be",
        "{value!r} is no e-mail address; name@domain.be is expected",
    ),
    "no-kbo": (
        "{value!r} is geen ondernemingsnummer: tien cijfers waarvan de laatste twee kloppen",
        "{value!r} n'est pas un numéro d'entreprise : dix chiffres dont les deux derniers concordent",
        "{value!r} is no enterprise number: ten digits, the last two of which fit",
    ),
    "no-postcode": (
        "{value!r} is geen postcode: vier cijfers",
        "{value!r} n'est pas un code postal : quatre chiffres",
        "{value!r} is no postcode: four digits",
    ),
    "no-postcode-for-street": (
        "{value!r} is weggelaten: een straat zonder postcode",
        "{value!r} est laissé de côté : une rue sans code postal",
        "{value!r} is left out: a street without a postcode",
    ),
    "no-municipality": (
        "{value!r} is geen gemeente in Vlaanderen of Brussel; schrijf de naam of de NIS-code",
        "{value!r} n'est pas une commune de Flandre ou de Bruxelles ; écrivez le nom ou le code INS",
        "{value!r} is no municipality of Flanders or Brussels; write the name or the NIS code",
    ),
    "several-municipalities": (
        "{value!r} kan elk van deze zijn: {names}; schrijf een ervan of de NIS-code",
        "{value!r} peut être chacune de celles-ci : {names} ; écrivez l'une d'elles ou le code INS",
        "{value!r} may be any of these: {names}; write one of them or the NIS code",
    ),
    "no-town": (
        "{value!r} is weggelaten: een buurt zonder gemeente",
        "{value!r} est laissé de côté : un quartier sans commune",
        "{value!r} is left out: a neighbourhood without a municipality",
    ),
    "no-role": (
        "{value!r} is geen rol van de lijst",
        "{value!r} n'est pas un rôle de la liste",
        "{value!r} is no role of the list",
    ),
    "several-role": (
        "{value!r} kan elk van deze rollen zijn: {names}",
        "{value!r} peut être chacun de ces rôles : {names}",
        "{value!r} may be any of these roles: {names}",
    ),
    "no-component": (
        "{value!r} is geen component van een kader; schrijf kader/component, zoals vvsg/4",
        "{value!r} n'est pas une composante d'un cadre ; écrivez cadre/composante, comme vvsg/4",
        "{value!r} is no component of a framework; write framework/component, such as vvsg/4",
    ),
    "several-component": (
        "{value!r} kan elk van deze zijn: {names}; schrijf kader/component",
        "{value!r} peut être chacune de celles-ci : {names} ; écrivez cadre/composante",
        "{value!r} may be any of these: {names}; write framework/component",
    ),
    "no-basis": (
        "{value!r} is geen grondslag van de lijst",
        "{value!r} n'est pas un fondement de la liste",
        "{value!r} is no basis of the list",
    ),
    "several-basis": (
        "{value!r} kan elk van deze zijn: {names}",
        "{value!r} peut être chacun de ceux-ci : {names}",
        "{value!r} may be any of these: {names}",
    ),
    "no-kind-listed": (
        "{value!r} is geen soort van de lijst; de soort is niet overgenomen",
        "{value!r} n'est pas un type de la liste ; le type n'est pas repris",
        "{value!r} is no kind of the list; the kind is not taken over",
    ),
    "several-kind-listed": (
        "{value!r} kan elk van deze zijn: {names}; de soort is niet overgenomen",
        "{value!r} peut être chacun de ceux-ci : {names} ; le type n'est pas repris",
        "{value!r} may be any of these: {names}; the kind is not taken over",
    ),
    "no-organisation": (
        "{value!r} is geen naam van een organisatie; schrijf namen met een puntkomma ertussen",
        "{value!r} n'est pas le nom d'une organisation ; écrivez les noms avec un point-virgule entre eux",
        "{value!r} is no name of an organisation; write names with a semicolon between them",
    ),
    "no-folder": (
        "er is geen map {path}; maak ze eerst",
        "il n'y a pas de dossier {path} ; créez-le d'abord",
        "there is no folder {path}; make it first",
    ),
    "several-own": (
        "{value!r} is de naam van {count} rijen van dit bestand; geef de gemeente erbij, of elke rij een eigen naam",
        "{value!r} est le nom de {count} lignes de ce fichier ; ajoutez la commune, ou donnez à chacune son nom",
        "{value!r} is the name of {count} rows of this file; give the municipality, or each row a name of its own",
    ),
    "no-project": (
        "{value!r} is geen naam van een project",
        "{value!r} n'est pas le nom d'un projet",
        "{value!r} is no name of a project",
    ),
    "no-key": (
        "van {value!r} kan geen naam voor een adres gemaakt worden; geef letters of cijfers",
        "de {value!r} on ne peut faire un nom d'adresse ; donnez des lettres ou des chiffres",
        "{value!r} gives no name for an address; give letters or digits",
    ),
    "duplicate-key": (
        "{value!r} staat ook in rij {first}; elke rij heeft een eigen id of naam nodig",
        "{value!r} figure aussi à la ligne {first} ; chaque ligne a besoin de son id ou de son nom",
        "{value!r} is in row {first} too; each row needs an id or name of its own",
    ),
    # Descriptions
    "missing-licence": (
        "de licentie ontbreekt: onder welke voorwaarden mag dit gebruikt worden? ({licence_})",
        "la licence manque : à quelles conditions peut-on utiliser ceci ? ({licence_})",
        "the licence is missing: on what terms may this be used? ({licence_})",
    ),
    "missing-publisher": (
        "de uitgever ontbreekt: welke organisatie geeft dit uit? ({publisher_})",
        "l'éditeur manque : quelle organisation publie ceci ? ({publisher_})",
        "the publisher is missing: which organisation publishes this? ({publisher_})",
    ),
    "title-in-all": (
        "de titel {title!r} staat er in nl, fr en en; dataset.ttl van een pakket neemt er een vertaling van aan",
        "le titre {title!r} figure en nl, fr et en ; le dataset.ttl d'un paquet en accepte une traduction",
        "the title {title!r} stands in nl, fr and en; dataset.ttl of a package takes a translation of it",
    ),
    "no-iri": (
        "{value!r} is geen IRI (https://…)",
        "{value!r} n'est pas un IRI (https://…)",
        "{value!r} is no IRI (https://…)",
    ),
    "own-name": (
        "{name!r} is een dataset van de graaf zelf, die dan vervangen zou worden; kies een andere naam",
        "{name!r} est un jeu de données du graphe lui-même, qui serait alors remplacé ; choisissez un autre nom",
        "{name!r} is a dataset of the graph itself, which would be replaced; choose another name",
    ),
    "exists": (
        "{path} is er al; kies een andere naam of map, of verwijder ze eerst",
        "{path} existe déjà ; choisissez un autre nom ou dossier, ou supprimez-le d'abord",
        "{path} is there already; choose another name or folder, or remove it first",
    ),
    "schema": (
        "past niet in de tabel: {message}",
        "ne va pas dans le tableau : {message}",
        "does not fit the table: {message}",
    ),
    "proposed": (
        "{path} geschreven: {tables}",
        "{path} écrit : {tables}",
        "wrote {path}: {tables}",
    ),
    "counted": ("{file} ({count})", "{file} ({count})", "{file} ({count})"),
    "done": (
        "cellen die anders geschreven zijn dan ze er staan: {count} (report.tsv toont ze)",
        "cellules écrites autrement : {count} (report.tsv les montre)",
        "cells that are written otherwise than they stand: {count} (report.tsv shows them)",
    ),
    "to-mend": (
        "cellen die niet geplaatst konden worden: {count}",
        "cellules qui n'ont pas pu être placées : {count}",
        "cells that could not be placed: {count}",
    ),
    "next": (
        "verder: zorgkg dataset check {path}",
        "ensuite : zorgkg dataset check {path}",
        "next: zorgkg dataset check {path}",
    ),
    "valid": (
        "geldig; niets is gepubliceerd. `zorgkg dataset add {path}` verandert:",
        "valide ; rien n'est publié. `zorgkg dataset add {path}` change :",
        "valid; nothing was published. `zorgkg dataset add {path}` changes:",
    ),
    "unchanged": (
        "geldig; er verandert niets",
        "valide ; rien ne change",
        "valid; nothing changes",
    ),
    "came-went": (
        "  {name}: {came} erbij, {went} weg",
        "  {name} : {came} ajoutés, {went} retirés",
        "  {name}: {came} came, {went} went",
    ),
    "found": (
        "fouten: {count}; niets is gepubliceerd",
        "fautes : {count} ; rien n'est publié",
        "faults: {count}; nothing was published",
    ),
    "undecided": (
        "{message} (verbeter het bestand, of schrijf in report.tsv `left out` in plaats van `todo`)",
        "{message} (corrigez le fichier, ou écrivez `left out` au lieu de `todo` dans report.tsv)",
        "{message} (mend the file, or write `left out` for `todo` in report.tsv)",
    ),
}
"""Key → the text in nl, fr and en; names in braces are filled in."""
