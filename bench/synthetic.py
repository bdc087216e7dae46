"""A large graph shaped like ours: the real published graph, and invented projects beside it, as N-Quads.

The invented part follows the real one's structure (docs/model.md): projects with labels and descriptions in three
languages, participations, positionings, one in twenty coded by two coders, passages and sources, organisations, and
what the rules derive from them. Places, frameworks, methods and kinds of organisation are the real ones. Nothing is
random: each choice is a digest of what is chosen, so that the same base gives the same bytes on every machine.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    RdfFormat,
    Store,
    serialize,
)

from zorgkg.terms import ID, dataset_graph, term

SAID, CODED, DERIVED = (dataset_graph(name).value for name in ("kbs-2021", "fiche-coding", "derived"))

_A = term("rdf:type").value
_INTEGER = term("xsd:integer").value
_BASIS, _STRENGTH, _AGREEMENT = (f"{ID}framework/{scheme}/" for scheme in ("basis", "strength", "agreement"))
_ROLE = f"{ID}framework/participation-role/"

REPORT = 100
"""Projects a report (a source) describes."""

FICHE = 1000
"""Characters of a report for each project."""

CODED_EVERY = 20
"""One in so many projects is coded by two coders."""

ORGANISATIONS_EVERY = 5
"""One organisation for so many projects."""

_THEMES = (
    ("ontmoeting", "la rencontre", "meeting"),
    ("burenhulp", "l'entraide entre voisins", "help among neighbours"),
    ("zorg thuis", "les soins à domicile", "care at home"),
    ("eenzaamheid", "la solitude", "loneliness"),
    ("een toegankelijk plein", "une place accessible", "an accessible square"),
    ("gezond eten", "bien manger", "eating well"),
    ("dementie", "la démence", "dementia"),
    ("jong en oud", "jeunes et aînés", "young and old"),
    ("kleine klussen", "les petits travaux", "odd jobs"),
    ("samen bewegen", "bouger ensemble", "moving together"),
    ("mantelzorg", "les aidants proches", "informal carers"),
)


@dataclass(frozen=True)
class Place:
    """A municipality, and the province (not in Brussels) and region that it lies in."""

    iri: str
    label: str
    province: str | None
    region: str


@dataclass(frozen=True)
class Organisation:
    """An invented organisation."""

    iri: str
    name: str
    kind: str
    place: Place


@dataclass(frozen=True)
class Base:
    """What the invented projects refer to, read from the real graph. All lists are sorted."""

    places: list[Place]
    sliders: list[str]
    functions: list[str]
    methods: list[str]
    kinds: list[str]
    calls: list[str]
    projects: int


@dataclass(frozen=True)
class Written:
    """What was written.

    :param path: the N-Quads file.
    :param projects: number of projects in it, real and invented.
    :param statements: number of statements (lines).
    :param sha256: SHA-256 of the file.
    """

    path: Path
    projects: int
    statements: int
    sha256: str


def read(path: Path) -> tuple[Base, list[str]]:
    """Read the real graph.

    :param path: its named graphs as N-Quads (`zorgkg export --format nq`).
    :returns: what invented projects refer to, and the graph's own lines, sorted, with blank nodes named by RDFC-1.0.
    """
    store = Store()
    store.bulk_load(path=str(path), format=RdfFormat.N_QUADS)
    return _base(store), _lines(store)


def write(real: Path, projects: int, target: Path) -> Written:
    """Write the real graph and as many invented projects as are missing; line by line, so in little memory.

    :param real: the real graph's named graphs as N-Quads.
    :param projects: how many projects the whole has; the real ones count.
    :param target: the file; what stands there is replaced.
    :raises ValueError: the real graph has more projects than are asked for.
    """
    base, lines = read(real)
    if projects < base.projects:
        raise ValueError(f"the real graph has {base.projects} projects already; ask for that many at least")
    digest, statements = hashlib.sha256(), 0
    with target.open("wb") as file:
        for line in lines:
            file.write(text := f"{line}\n".encode())
            digest.update(text)
            statements += 1
        for block in _invented(base, projects - base.projects):
            file.write(text := block.encode())
            digest.update(text)
            statements += block.count("\n")
    return Written(target, projects, statements, digest.hexdigest())


def project(number: int) -> str:
    """Return the IRI of an invented project; the first has number 0."""
    return f"{ID}project/bench-{number}"


def _base(store: Store) -> Base:
    def rows(query: str) -> list[list[str]]:
        found = store.query(
            f"PREFIX zorg: <{term('zorg:x').value[:-1]}> PREFIX skos: <{term('skos:x').value[:-1]}> "
            f"PREFIX rdfs: <{term('rdfs:x').value[:-1]}> {query}",
            use_default_graph_as_union=True,
        )
        return [[cell.value if cell is not None else "" for cell in row] for row in found]  # type: ignore[union-attr]

    def instances(kind: str) -> list[str]:
        return [iri for (iri,) in rows(f"SELECT DISTINCT ?x WHERE {{ ?x a {kind} }} ORDER BY ?x")]

    def components(framework: str) -> list[str]:
        scheme = f"<{ID}framework/{framework}>"
        return [
            iri
            for (iri,) in rows(
                f"SELECT DISTINCT ?x WHERE {{ ?x a zorg:Component ; skos:inScheme {scheme} }} ORDER BY ?x"
            )
        ]

    places = rows(
        """SELECT DISTINCT ?x ?label ?province ?region WHERE {
             ?x a zorg:Municipality ; rdfs:label ?label . FILTER (LANG(?label) = "nl")
             ?x zorg:partOf+ ?region . ?region a zorg:Region
             OPTIONAL { ?x zorg:partOf ?province . ?province a zorg:Province }
           } ORDER BY ?x"""
    )
    return Base(
        places=[Place(iri, label, province or None, region) for iri, label, province, region in places],
        sliders=components("icc-sliders"),
        functions=components("vvsg"),
        methods=instances("zorg:Method"),
        kinds=instances("zorg:OrganisationKind"),
        calls=instances("zorg:FundingCall"),
        projects=len(instances("zorg:Project")),
    )


def _lines(store: Store) -> list[str]:
    """The lines of a store; the names of its blank nodes are random until they are canonical."""
    blank, named = Dataset(), []
    for quad in store:
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            blank.add(quad)
        else:
            named.append(quad)
    blank.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    text = serialize([*named, *blank], format=RdfFormat.N_QUADS) or b""
    return sorted(text.decode().splitlines())


class _Choices:
    """Numbers drawn from a digest of a name, always the same for the same name."""

    def __init__(self, name: str) -> None:
        self._digest = hashlib.shake_128(name.encode()).digest(96)
        self._at = 0

    def below(self, limit: int) -> int:
        """Return the next number, at least 0 and less than a limit."""
        number = int.from_bytes(self._digest[self._at : self._at + 4], "big")
        self._at += 4
        return number % limit

    def of(self, values: list[str]) -> str:
        """Return one of some values."""
        return values[self.below(len(values))]

    def some(self, values: list[str], count: int) -> list[str]:
        """Return different ones of some values; fewer when a value is drawn twice."""
        return sorted({self.of(values) for _ in range(count)})


class _Block:
    """Lines of N-Quads."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def iri(self, graph: str, subject: str, predicate: str, *objects: str) -> None:
        """Say that a subject has these things for a predicate."""
        self._lines += [f"<{subject}> <{predicate}> <{one}> <{graph}> .\n" for one in objects]

    def text(self, graph: str, subject: str, predicate: str, text: str, language: str = "") -> None:
        """Say that a subject has this text; without a language a plain string. Nothing in it needs an escape."""
        tag = f"@{language}" if language else ""
        self._lines.append(f'<{subject}> <{predicate}> "{text}"{tag} <{graph}> .\n')

    def number(self, graph: str, subject: str, predicate: str, number: int) -> None:
        """Say that a subject has this whole number."""
        self._lines.append(f'<{subject}> <{predicate}> "{number}"^^<{_INTEGER}> <{graph}> .\n')

    def labels(self, graph: str, subject: str, nl: str, fr: str = "", en: str = "") -> None:
        """Name a thing, and derive what readers of each language see (rule 90)."""
        for language, text in (("nl", nl), ("fr", fr), ("en", en)):
            if text:
                self.text(graph, subject, _LABEL, text, language)
        self.text(DERIVED, subject, _LABEL_NL, nl, "nl")
        self.text(DERIVED, subject, _LABEL_FR, fr or nl, "fr" if fr else "nl")
        self.text(DERIVED, subject, _LABEL_EN, en or nl, "en" if en else "nl")

    def __str__(self) -> str:
        return "".join(self._lines)


_LABEL, _DESCRIPTION, _DERIVED_FROM = (
    term(n).value for n in ("rdfs:label", "dcterms:description", "prov:wasDerivedFrom")
)
_LABEL_NL, _LABEL_FR, _LABEL_EN = (term(f"zorg:label{language}").value for language in ("Nl", "Fr", "En"))


def _zorg(name: str) -> str:
    return term(f"zorg:{name}").value


def _invented(base: Base, count: int) -> Iterator[str]:
    """The invented part, one piece of text a thing."""
    organisations = [_organisation(base, number) for number in range(max(20, count // ORGANISATIONS_EVERY))]
    for organisation in organisations:
        yield _described(organisation)
    for number in range(0, count, REPORT):
        yield _report(number // REPORT, min(REPORT, count - number))
    for number in range(count):
        yield _project(base, number, organisations)


def _organisation(base: Base, number: int) -> Organisation:
    choose = _Choices(f"organisation {number}")
    place = base.places[choose.below(len(base.places))]
    kind = choose.of(base.kinds)
    name = f"{kind.rsplit('/', 1)[1].replace('-', ' ').capitalize()} {place.label} {number}"
    return Organisation(f"{ID}organisation/bench-{number}", name, kind, place)


def _described(organisation: Organisation) -> str:
    block = _Block()
    block.iri(SAID, organisation.iri, _A, term("org:FormalOrganization").value)
    block.labels(SAID, organisation.iri, organisation.name)
    block.iri(SAID, organisation.iri, term("org:classification").value, organisation.kind)
    block.iri(SAID, organisation.iri, _zorg("inMunicipality"), organisation.place.iri)
    # A source names each: the first report names them all.
    block.iri(SAID, organisation.iri, _DERIVED_FROM, _passage(0))
    return str(block)


def _report(number: int, projects: int) -> str:
    block, iri = _Block(), _source(number)
    block.iri(SAID, iri, _A, _zorg("Source"))
    block.labels(SAID, iri, f"Bundel {number}", f"Recueil {number}", f"Collection {number}")
    block.text(SAID, iri, _zorg("sha256"), hashlib.sha256(iri.encode()).hexdigest())
    block.text(SAID, iri, _zorg("fileName"), f"bench-{number}.txt")
    block.number(SAID, iri, _zorg("characters"), projects * FICHE)
    return str(block)


def _source(report: int) -> str:
    return f"{ID}source/bench-{report}"


def _passage(number: int, kind: str = "") -> str:
    start = number % REPORT * FICHE
    return f"{ID}passage/bench-{number // REPORT}-{start}{kind}"


def _project(base: Base, number: int, organisations: list[Organisation]) -> str:
    choose, block = _Choices(f"project {number}"), _Block()
    iri, slug, passage = project(number), f"bench-{number}", _passage(number)
    place = base.places[choose.below(len(base.places))]
    first, second = _THEMES[choose.below(len(_THEMES))], _THEMES[choose.below(len(_THEMES))]
    block.iri(SAID, iri, _A, _zorg("Project"))
    labels = {
        "Nl": f"Zorgzaam {place.label} {number}",
        "Fr": f"{place.label} solidaire {number}",
        "En": f"Caring {place.label} {number}",
    }
    block.labels(SAID, iri, *labels.values())
    for language, label in labels.items():
        # How it begins, in two pieces (rule 95).
        block.text(DERIVED, iri, _zorg(f"sortKey{language}"), label.lower()[:16])
        block.text(DERIVED, iri, _zorg(f"sortRest{language}"), label.lower()[16:32])
    block.text(SAID, iri, _DESCRIPTION, f"Buurtbewoners van {place.label} werken aan {first[0]} en {second[0]}.", "nl")
    block.text(SAID, iri, _DESCRIPTION, f"À {place.label}, le quartier travaille sur {first[1]} et {second[1]}.", "fr")
    block.text(SAID, iri, _DESCRIPTION, f"Neighbours in {place.label} work on {first[2]} and {second[2]}.", "en")
    block.number(SAID, iri, _zorg("ficheNumber"), 1000 + number)
    block.iri(SAID, iri, _zorg("fundedUnder"), choose.of(base.calls))
    block.iri(SAID, iri, _zorg("usesMethod"), choose.of(base.methods))
    block.iri(SAID, iri, _DERIVED_FROM, passage)
    _place(block, iri, place)
    _passages(block, number)
    self_assessed = choose.some(base.sliders, 1 + choose.below(3))
    for component in self_assessed:
        node = f"{ID}positioning/{slug}_{_local(component)}_self-assessment"
        _positioning(block, SAID, node, iri, component, "self-assessment", passage)
    _participations(block, choose, number, organisations)
    coded = _coded(block, choose, base, number) if number % CODED_EVERY == 0 else []
    block.iri(DERIVED, iri, _zorg("addresses"), *sorted({*self_assessed, *coded}))
    block.iri(DERIVED, iri, _zorg("addressesBySelfAssessment"), *self_assessed)
    block.iri(DERIVED, iri, _zorg("addressesByCoding"), *coded)
    return str(block)


def _place(block: _Block, iri: str, place: Place) -> None:
    block.iri(SAID, iri, _zorg("takesPlaceIn"), place.iri)
    block.iri(DERIVED, iri, _zorg("inMunicipality"), place.iri)
    if place.province:
        block.iri(DERIVED, iri, _zorg("inProvince"), place.province)
    block.iri(DERIVED, iri, _zorg("inRegion"), place.region)


def _passages(block: _Block, number: int) -> None:
    """The passage of a project; of a coded one also the section that it lies in (rule 60)."""
    start = number % REPORT * FICHE
    passages = [(_passage(number), start + 10, start + FICHE - 10)]
    if number % CODED_EVERY == 0:
        section = _passage(number, "-section")
        passages.append((section, start, start + FICHE))
        block.iri(SAID, section, _A, _zorg("Section"))
        block.labels(SAID, section, f"Fiche {number}")
        block.iri(SAID, section, _zorg("sectionKind"), f"{ID}framework/section-kind/fiche")
        block.iri(SAID, section, term("schema:about").value, project(number))
        block.iri(DERIVED, _passage(number), _zorg("section"), section)
    for passage, begin, end in passages:
        block.iri(SAID, passage, _A, _zorg("Passage"))
        block.iri(SAID, passage, term("dcterms:isPartOf").value, _source(number // REPORT))
        block.number(SAID, passage, _zorg("startOffset"), begin)
        block.number(SAID, passage, _zorg("endOffset"), end)


def _participations(block: _Block, choose: _Choices, number: int, organisations: list[Organisation]) -> None:
    taking_part = {choose.below(len(organisations)): "initiator"}
    for _ in range(choose.below(4)):
        taking_part.setdefault(choose.below(len(organisations)), "partner")
    for which, role in sorted(taking_part.items()):
        organisation = organisations[which]
        node = f"{ID}participation/bench-{number}_bench-{which}_{role}"
        block.iri(SAID, project(number), _zorg(role), organisation.iri)
        if role == "initiator":
            block.iri(DERIVED, project(number), _zorg("initiatorKind"), organisation.kind)
        block.iri(SAID, node, _A, _zorg("Participation"))
        block.iri(SAID, node, _zorg("project"), project(number))
        block.iri(SAID, node, _zorg("agent"), organisation.iri)
        block.iri(SAID, node, _zorg("role"), _ROLE + role)
        block.text(SAID, node, _zorg("asNamed"), organisation.name, "nl")
        block.iri(SAID, node, _DERIVED_FROM, _passage(number))
    block.iri(DERIVED, project(number), _zorg("describedIn"), _source(number // REPORT))


def _coded(block: _Block, choose: _Choices, base: Base, number: int) -> list[str]:
    """What two coders found of the framework of functions, and what they conclude together (rule 45)."""
    iri, slug, source = project(number), f"bench-{number}", f"bench-{number // REPORT}"
    components = choose.some(base.functions, 2)
    strength = _STRENGTH + ("central" if choose.below(2) else "supporting")
    coders = ("coder-1", "coder-2")
    for coder in coders:
        coding = f"{ID}coding/{slug}_{source}_vvsg_{coder}"
        block.iri(CODED, coding, _A, _zorg("Coding"))
        block.iri(CODED, coding, _zorg("project"), iri)
        block.iri(CODED, coding, _zorg("framework"), f"{ID}framework/vvsg")
        block.iri(CODED, coding, term("prov:used").value, _source(number // REPORT))
        block.text(CODED, coding, _zorg("coder"), coder)
    for component in components:
        codes = []
        for coder in coders:
            code = f"{ID}code/{slug}_{source}_{_local(component)}_{coder}"
            codes.append(code)
            block.iri(CODED, code, _A, _zorg("Code"))
            block.iri(CODED, code, _zorg("project"), iri)
            block.iri(CODED, code, _zorg("component"), component)
            block.iri(CODED, code, _zorg("strength"), strength)
            block.iri(CODED, code, _zorg("sectionKind"), f"{ID}framework/section-kind/fiche")
            block.iri(CODED, code, term("prov:wasGeneratedBy").value, f"{ID}coding/{slug}_{source}_vvsg_{coder}")
            block.iri(CODED, code, _DERIVED_FROM, _passage(number))
            block.text(CODED, code, _zorg("coder"), coder)
            _rationale(block, CODED, code)
        node = f"{ID}positioning/{slug}_{_local(component)}_fiche-coding_{source}"
        _positioning(block, DERIVED, node, iri, component, "fiche-coding", _passage(number))
        block.iri(DERIVED, node, _zorg("strength"), strength)
        block.iri(DERIVED, node, _zorg("agreement"), _AGREEMENT + "agreed")
        block.iri(DERIVED, node, _zorg("restsOn"), *codes)
        for coder in coders:
            block.text(DERIVED, node, _zorg("coder"), coder)
        _rationale(block, DERIVED, node)
    return components


def _rationale(block: _Block, graph: str, node: str) -> None:
    block.text(graph, node, _zorg("rationale"), "Het staat met zoveel woorden in de fiche.", "nl")
    block.text(graph, node, _zorg("rationale"), "La fiche le dit en toutes lettres.", "fr")
    block.text(graph, node, _zorg("rationale"), "The fiche says so in so many words.", "en")


def _positioning(block: _Block, graph: str, node: str, iri: str, component: str, basis: str, passage: str) -> None:
    block.iri(graph, node, _A, _zorg("Positioning"))
    block.iri(graph, node, _zorg("project"), iri)
    block.iri(graph, node, _zorg("component"), component)
    block.iri(graph, node, _zorg("basis"), _BASIS + basis)
    block.iri(graph, node, _DERIVED_FROM, passage)


def _local(component: str) -> str:
    return component.removeprefix(f"{ID}framework/").replace("/", "_")


def main() -> None:
    """Write a graph: `python -m bench.synthetic REAL.nq PROJECTS TARGET.nq`."""
    parser = argparse.ArgumentParser(prog="bench.synthetic", description=main.__doc__)
    parser.add_argument("real", type=Path, help="the real graph as N-Quads")
    parser.add_argument("projects", type=int, help="how many projects the whole has")
    parser.add_argument("target", type=Path, help="the file to write")
    options = parser.parse_args()
    written = write(options.real, options.projects, options.target)
    print(f"{written.projects:,} projects, {written.statements:,} statements, SHA-256 {written.sha256}")


if __name__ == "__main__":
    main()
