"""What is said of tables, in Dutch, French and English."""

from __future__ import annotations

from typing import Final

from zorgkg.tables.sayings import SAYINGS

WORDS: Final[dict[str, tuple[str, str, str]]] = {
    # Places
    "sheet": ("blad {name}", "feuille {name}", "sheet {name}"),
    "row": ("rij {number}", "ligne {number}", "row {number}"),
    "column": ("kolom {which}", "colonne {which}", "column {which}"),
    "more": ("en nog {count}", "et encore {count}", "and {count} more"),
    # Files
    "no-file": ("er is geen bestand {path}", "il n'y a pas de fichier {path}", "there is no file {path}"),
    "unknown-form": (
        "de soort {extension} wordt niet gelezen; geef xlsx, csv, tsv, json, jsonl of parquet",
        "le format {extension} n'est pas lu ; donnez xlsx, csv, tsv, json, jsonl ou parquet",
        "the kind {extension} is not read; give xlsx, csv, tsv, json, jsonl or parquet",
    ),
    "too-large": (
        "het bestand telt {size:,} bytes, meer dan de {most:,} die gelezen worden; splits het",
        "le fichier compte {size:,} octets, plus que les {most:,} qui sont lus ; divisez-le",
        "the file has {size:,} bytes, more than the {most:,} that are read; split it",
    ),
    "empty-file": ("het bestand is leeg", "le fichier est vide", "the file is empty"),
    "empty": ("er staat geen tabel in", "il n'y a pas de tableau", "there is no table in it"),
    "rows": (
        "er zijn meer dan {most:,} rijen; splits het bestand",
        "il y a plus de {most:,} lignes ; divisez le fichier",
        "there are more than {most:,} rows; split the file",
    ),
    "columns": (
        "er zijn meer dan {most:,} kolommen",
        "il y a plus de {most:,} colonnes",
        "there are more than {most:,} columns",
    ),
    # Encoding
    "not-utf8": (
        "byte {byte} op plaats {position} is geen UTF-8; bewaar het bestand als csv UTF-8",
        "l'octet {byte} à la position {position} n'est pas de l'UTF-8 ; enregistrez le fichier en csv UTF-8",
        "byte {byte} at position {position} is not UTF-8; save the file as csv UTF-8",
    ),
    "mixed": (
        "byte {byte} op plaats {position} is geen UTF-8, terwijl andere tekens dat wel zijn: het bestand mengt twee "
        "coderingen; bewaar het opnieuw als csv UTF-8",
        "l'octet {byte} à la position {position} n'est pas de l'UTF-8, alors que d'autres caractères le sont : le "
        "fichier mélange deux encodages ; enregistrez-le à nouveau en csv UTF-8",
        "byte {byte} at position {position} is not UTF-8, while other characters are: the file mixes two encodings; "
        "save it again as csv UTF-8",
    ),
    "read-as": ("gelezen als {encoding}", "lu comme {encoding}", "read as {encoding}"),
    "nul": (
        "er staat een NUL-teken in: dit is geen tekst",
        "il contient un caractère NUL : ce n'est pas du texte",
        "it holds a NUL character: this is no text",
    ),
    # CSV
    "delimiter": (
        "de kolommen zijn gescheiden door {delimiter}",
        "les colonnes sont séparées par {delimiter}",
        "the columns are separated by {delimiter}",
    ),
    "longer": (
        "de rij heeft {count} cellen, de kop {width}; zet een tekst met een scheidingsteken tussen aanhalingstekens",
        "la ligne a {count} cellules, l'en-tête {width} ; mettez un texte avec un séparateur entre guillemets",
        "the row has {count} cells, the header {width}; put a text that holds a separator between quotes",
    ),
    "shorter": (
        "rijen met minder cellen dan de kop, waarvan de rest leeg is: {count} (de eerste is rij {row})",
        "lignes avec moins de cellules que l'en-tête, le reste étant vide : {count} (la première est la ligne {row})",
        "rows with fewer cells than the header, the rest of which is empty: {count} (the first is row {row})",
    ),
    "quote": (
        "een aanhalingsteken wordt niet of fout gesloten",
        "un guillemet n'est pas fermé, ou mal",
        "a quote is not closed, or closed wrongly",
    ),
    "long-cell": (
        "een cel telt meer dan {most:,} tekens",
        "une cellule compte plus de {most:,} caractères",
        "a cell has more than {most:,} characters",
    ),
    # Header
    "headless": (
        "de kolom heeft waarden, maar geen kop; geef er een of maak ze leeg",
        "la colonne a des valeurs, mais pas d'en-tête ; donnez-en un ou videz-la",
        "the column has values, but no header; give it one or empty it",
    ),
    "twice": (
        "de kop {name!r} staat er meer dan eens (kolommen {which}); geef elke kolom een eigen naam",
        "l'en-tête {name!r} figure plus d'une fois (colonnes {which}) ; donnez à chaque colonne son nom",
        "the header {name!r} is there more than once (columns {which}); give each column its own name",
    ),
    "above": (
        "rijen boven de kop (rij {row}) die weggelaten zijn: {count}",
        "lignes au-dessus de l'en-tête (ligne {row}) laissées de côté : {count}",
        "rows above the header (row {row}) that are left out: {count}",
    ),
    "totals": (
        "rijen met een totaal, onderaan, die weggelaten zijn: {count}",
        "lignes de total, au bas du tableau, laissées de côté : {count}",
        "rows with a total, at the end, that are left out: {count}",
    ),
    "footers": (
        "rijen met een bron of noot, onderaan, die weggelaten zijn: {count}",
        "lignes de source ou de note, au bas du tableau, laissées de côté : {count}",
        "rows with a source or note, at the end, that are left out: {count}",
    ),
    "unfit": (
        "er staat een teken in dat geen tekst heeft ({code}); haal het weg",
        "il contient un caractère qu'aucun texte n'a ({code}) ; enlevez-le",
        "it holds a character that no text has ({code}); take it out",
    ),
    # Workbooks
    "old-workbook": (
        "dit is een oude werkmap (.xls) of een met een wachtwoord; bewaar ze zonder wachtwoord als .xlsx",
        "c'est un ancien classeur (.xls) ou protégé par mot de passe ; enregistrez-le sans mot de passe en .xlsx",
        "this is an old workbook (.xls) or one with a password; save it without one as .xlsx",
    ),
    "open-document": (
        "dit is een OpenDocument-rekenblad; bewaar het als .xlsx",
        "c'est une feuille OpenDocument ; enregistrez-la en .xlsx",
        "this is an OpenDocument spreadsheet; save it as .xlsx",
    ),
    "no-workbook": (
        "dit is geen xlsx-bestand dat gelezen kan worden",
        "ce n'est pas un fichier xlsx lisible",
        "this is no xlsx file that can be read",
    ),
    "macros": (
        "de werkmap bevat macro's ({part}); bewaar ze als .xlsx zonder macro's",
        "le classeur contient des macros ({part}) ; enregistrez-le en .xlsx sans macros",
        "the workbook holds macros ({part}); save it as .xlsx without macros",
    ),
    "bomb": (
        "wat in het bestand zit, is uitgepakt meer dan {most:,} bytes; het wordt niet gelezen",
        "ce que contient le fichier dépasse {most:,} octets une fois décompressé ; il n'est pas lu",
        "what is in the file unpacks to more than {most:,} bytes; it is not read",
    ),
    "entity": (
        "{part} bevat een DOCTYPE of ENTITY, wat geen rekenblad nodig heeft; het wordt niet gelezen",
        "{part} contient un DOCTYPE ou ENTITY, dont aucune feuille n'a besoin ; le fichier n'est pas lu",
        "{part} holds a DOCTYPE or ENTITY, which no spreadsheet needs; it is not read",
    ),
    "external": (
        "de werkmap verwijst naar andere bestanden ({part}); plak de waarden en bewaar ze opnieuw",
        "le classeur renvoie à d'autres fichiers ({part}) ; collez les valeurs et enregistrez-le à nouveau",
        "the workbook refers to other files ({part}); paste the values and save it again",
    ),
    "no-sheet": (
        "er is geen blad {name!r}; er zijn: {names}",
        "il n'y a pas de feuille {name!r} ; il y a : {names}",
        "there is no sheet {name!r}; there are: {names}",
    ),
    "sheetless": (
        "dit bestand heeft geen bladen; laat het blad weg",
        "ce fichier n'a pas de feuilles ; n'en nommez pas",
        "this file has no sheets; name none",
    ),
    "hidden": (
        "het blad is verborgen en niet gelezen; noem het om het te lezen",
        "la feuille est masquée et n'est pas lue ; nommez-la pour la lire",
        "the sheet is hidden and not read; name it to read it",
    ),
    "hidden-rows": (
        "verborgen rijen, die wel gelezen zijn: {count}; verwijder ze als ze er niet bij horen",
        "lignes masquées, qui sont lues quand même : {count} ; supprimez-les si elles n'en font pas partie",
        "hidden rows, which are read all the same: {count}; delete them if they are not meant",
    ),
    "hidden-column": (
        "de kolom is verborgen, maar wel gelezen; verwijder ze als ze er niet bij hoort",
        "la colonne est masquée, mais elle est lue ; supprimez-la si elle n'en fait pas partie",
        "the column is hidden, but read all the same; delete it if it is not meant",
    ),
    "merged-filled": (
        "de samengevoegde cellen {cells} kregen elk de waarde van de eerste",
        "les cellules fusionnées {cells} ont reçu chacune la valeur de la première",
        "the merged cells {cells} each got the value of the first",
    ),
    "merged": (
        "de cellen {cells} zijn samengevoegd over kolommen; splits ze en vul elke cel in",
        "les cellules {cells} sont fusionnées sur plusieurs colonnes ; scindez-les et remplissez chaque cellule",
        "the cells {cells} are merged across columns; unmerge them and fill in each cell",
    ),
    "merged-many": (
        "er zijn meer dan {most:,} samengevoegde cellen; splits ze en vul elke cel in",
        "il y a plus de {most:,} cellules fusionnées ; scindez-les et remplissez chaque cellule",
        "there are more than {most:,} merged cells; unmerge them and fill in each cell",
    ),
    "merged-header": (
        "de kop bevat samengevoegde cellen ({cells}); geef elke kolom een eigen kop in één rij",
        "l'en-tête contient des cellules fusionnées ({cells}) ; donnez à chaque colonne son en-tête sur une ligne",
        "the header has merged cells ({cells}); give each column its own header in one row",
    ),
    "formulas": (
        "cellen met een formule, waarvan de laatst berekende waarde genomen is: {count} (de eerste is {cell})",
        "cellules avec une formule, dont la dernière valeur calculée est reprise : {count} (la première est {cell})",
        "cells with a formula, of which the value last computed is taken: {count} (the first is {cell})",
    ),
    "uncomputed": (
        "de formule in {cell} heeft geen berekende waarde; open en bewaar het bestand in een rekenprogramma, of plak "
        "de waarde",
        "la formule en {cell} n'a pas de valeur calculée ; ouvrez et enregistrez le fichier dans un tableur, ou collez "
        "la valeur",
        "the formula in {cell} has no computed value; open and save the file in a spreadsheet program, or paste the "
        "value",
    ),
    "error-cell": (
        "in {cell} staat de fout {value}; verbeter ze of maak de cel leeg",
        "{cell} contient l'erreur {value} ; corrigez-la ou videz la cellule",
        "{cell} holds the error {value}; mend it or empty the cell",
    ),
    "whole-numbers": (
        "gehele getallen die zonder decimalen geschreven zijn: {count}",
        "nombres entiers écrits sans décimales : {count}",
        "whole numbers that are written without decimals: {count}",
    ),
    # JSON and Parquet
    "not-json": (
        "dit is geen JSON: {message}",
        "ce n'est pas du JSON : {message}",
        "this is not JSON: {message}",
    ),
    "deep": (
        "de JSON is meer dan {most} niveaus diep",
        "le JSON a plus de {most} niveaux",
        "the JSON is more than {most} levels deep",
    ),
    "no-records": (
        "verwacht wordt een lijst van objecten, of een object met precies één zo'n lijst",
        "on attend une liste d'objets, ou un objet qui contient exactement une telle liste",
        "expected is a list of objects, or an object with exactly one such list",
    ),
    "no-object": (
        "record {number} is geen object",
        "l'enregistrement {number} n'est pas un objet",
        "record {number} is no object",
    ),
    "key-twice": (
        "de sleutel {name!r} staat er twee keer in één object",
        "la clé {name!r} figure deux fois dans un même objet",
        "the key {name!r} is there twice in one object",
    ),
    "no-number": (
        "{value} is geen getal dat JSON kent",
        "{value} n'est pas un nombre que JSON connaît",
        "{value} is no number that JSON knows",
    ),
    "large-number": (
        "{value} is een te groot getal; maak de cel leeg, of zet er aanhalingstekens rond als het een tekst is",
        "{value} est un nombre trop grand ; videz la cellule, ou mettez-la entre guillemets si c'est un texte",
        "{value} is too large a number; empty the cell, or put it between quotes if it is a text",
    ),
    "list-name": (
        "de records staan in de lijst {name!r}",
        "les enregistrements sont dans la liste {name!r}",
        "the records are in the list {name!r}",
    ),
    "lists": (
        "cellen met een lijst, waarvan elke waarde apart telt: {count}",
        "cellules avec une liste, dont chaque valeur compte à part : {count}",
        "cells with a list, each value of which counts by itself: {count}",
    ),
    "not-parquet": (
        "dit is geen Parquet-bestand dat gelezen kan worden",
        "ce n'est pas un fichier Parquet lisible",
        "this is no Parquet file that can be read",
    ),
} | SAYINGS
"""Key → the text in nl, fr and en; names in braces are filled in."""
