"""Check every passage of the graph against the source texts themselves.

    python scripts/check_passages.py FOLDER [--locate SOURCE TEXT]

FOLDER holds the source files by the names that the graph gives (zorg:fileName). Checked are: each file's SHA-256 and
length; that every range lies in its text and cuts no word; that a printed form (zorg:asNamed) stands in its range,
but for what OCR garbled; that a section starts with its heading; and that no description, definition, statement,
rationale or reason of ours holds nine words in a row of a source. With --locate, print the offsets of a text in a
source, for a curator who adds a row.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import QuerySolutions, Store

from zorgkg import content
from zorgkg.publishing import candidate

SOURCES = """
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT ?source ?file ?sha256 ?characters
WHERE { ?source a zorg:Source ; zorg:fileName ?file ; zorg:sha256 ?sha256 ; zorg:characters ?characters }
"""
PASSAGES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT DISTINCT ?passage ?source ?start ?end
WHERE { ?passage a zorg:Passage ; dcterms:isPartOf ?source ; zorg:startOffset ?start ; zorg:endOffset ?end }
"""
NAMED = """
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT ?thing ?named ?passage WHERE { ?thing zorg:asNamed ?named ; prov:wasDerivedFrom ?passage }
"""
SECTIONS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT ?section ?heading WHERE { ?section a zorg:Section ; rdfs:label ?heading FILTER (LANG(?heading) = "nl") }
"""
PROSE = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
SELECT DISTINCT ?thing ?text WHERE {
  VALUES ?property { dcterms:description rdfs:comment skos:definition skos:scopeNote zorg:rationale zorg:reason }
  ?thing ?property ?text FILTER (LANG(?text) != "")
}
"""
RUN = 9
"""How many words in a row, the same as in a source, make a text the source's own and not ours."""
LEAST_ALIKE = 0.6
"""How alike a printed form and its passage must be where OCR garbled the text:

The share of its letters and digits that stand there in order."""


def main() -> int:
    """Run the checks; returns the exit status: 0 when all hold, 1 when one does not, 2 for bad input."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--locate", nargs=2, metavar=("SOURCE", "TEXT"))
    options = parser.parse_args()
    if not options.folder.is_dir():
        print(f"{options.folder} is no folder", file=sys.stderr)
        return 2
    store = candidate.make(content.locate(), lambda what, done, steps: None).store
    texts, wrong = _read(store, options.folder)
    if options.locate:
        return _locate(texts, *options.locate)
    ranges: dict[str, str] = {}
    for row in _rows(store, PASSAGES):
        source, start, end = row["source"].value, int(row["start"].value), int(row["end"].value)
        text = texts.get(source)
        if text is None:
            continue
        if not 0 <= start < end <= len(text):
            wrong.append(f"{row['passage'].value}: the text ends at {len(text)}")
            continue
        piece = ranges[row["passage"].value] = text[start:end]
        before, after = text[start - 1 : start], text[end : end + 1]
        if (before.isalpha() and piece[0].isalpha()) or (piece[-1].isalpha() and after.isalpha()):
            wrong.append(f"{row['passage'].value}: cuts a word: {before}|{piece[:30]} … {piece[-30:]}|{after}")
    named = 0
    for row in _rows(store, NAMED):
        passage = ranges.get(row["passage"].value)
        if passage is not None:
            named += 1
            if not _stands_in(row["named"].value, passage):
                wrong.append(f"{row['thing'].value}: {row['named'].value!r} is not what stands there: {passage[:90]!r}")
    sections = 0
    for row in _rows(store, SECTIONS):
        piece = ranges.get(row["section"].value)
        if piece is None:
            continue
        sections += 1
        heading = row["heading"].value
        # A heading in brackets is ours: the section has none in print.
        if not heading.startswith("(") and not _stands_in(heading, piece[: 3 * len(heading) + 60]):
            wrong.append(f"{row['section'].value}: does not start with its heading {heading!r}")
    printed = {run for text in texts.values() for run in _runs(text)}
    prose = 0
    for row in _rows(store, PROSE):
        prose += 1
        copied = next((run for run in _runs(row["text"].value) if run in printed), None)
        if copied:
            wrong.append(f"{row['thing'].value}: words of a source, say it in our own: {' '.join(copied)!r}")
    for line in wrong:
        print(line)
    print(
        f"{len(ranges)} passages, {named} printed forms, {sections} headings and {prose} texts of ours checked; "
        f"{len(wrong)} wrong"
    )
    return 1 if wrong else 0


def _rows(store: Store, query: str) -> QuerySolutions:
    solutions = store.query(query, use_default_graph_as_union=True)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError("a SELECT query gives solutions")
    return solutions


def _read(store: Store, folder: Path) -> tuple[dict[str, str], list[str]]:
    texts: dict[str, str] = {}
    wrong: list[str] = []
    for row in _rows(store, SOURCES):
        path = folder / row["file"].value
        if not path.exists():
            wrong.append(f"{path}: missing")
            continue
        octets = path.read_bytes()
        if hashlib.sha256(octets).hexdigest() != row["sha256"].value:
            wrong.append(f"{path}: not the file that the offsets are of (its SHA-256 differs)")
            continue
        texts[row["source"].value] = octets.decode("utf-8")
        if len(texts[row["source"].value]) != int(row["characters"].value):
            wrong.append(f"{path}: {row['characters'].value} characters expected")
    return texts, wrong


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+", text.lower())
    return (tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _stands_in(named: str, passage: str) -> bool:
    form, place = _letters(named), _letters(passage)
    if form in place:
        return True
    matched = sum(
        block.size for block in difflib.SequenceMatcher(None, form, place, autojunk=False).get_matching_blocks()
    )
    return bool(form) and matched / len(form) >= LEAST_ALIKE


def _locate(texts: dict[str, str], source: str, wanted: str) -> int:
    text = next((text for iri, text in texts.items() if iri.endswith("/" + source)), None)
    if text is None:
        print(f"no source {source!r}; there are: {', '.join(iri.rpartition('/')[2] for iri in texts)}", file=sys.stderr)
        return 2
    pattern = r"\s+".join(map(re.escape, wanted.split()))
    found = [f"{source},{match.start()},{match.end()}" for match in re.finditer(pattern, text)]
    if not found:
        print(f"{source} does not hold {wanted!r}", file=sys.stderr)
        return 1
    print("\n".join(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
