"""How fast names are reconciled against a large register: `python -m bench.reconcile FOLDER [--organisations 100000]`.

The real graph and invented organisations (:mod:`bench.organisations`) are published in FOLDER, if they are not there
yet. Then names, as people write them, are looked up: in one process, and through a server in batches as OpenRefine
sends them. A write shows what publishing costs, and that the next query sees it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store

from bench import home as homes
from bench import matching, organisations
from bench.organisations import Case, digest
from bench.process import Server, free_port
from zorgkg.content import locate
from zorgkg.engine.embedded import merge
from zorgkg.matching import reading
from zorgkg.matching.places import Place, Places
from zorgkg.matching.record import Record
from zorgkg.publishing import searching
from zorgkg.publishing.checksum import content_sha256
from zorgkg.publishing.versions import Home, Manifest
from zorgkg.publishing.writing import Judge
from zorgkg.search.index import SearchIndex
from zorgkg.terms import dataset_graph, dataset_name, term

BATCH = 50
_GRAPH = dataset_graph("register")


def statements(record: Record) -> Iterator[Quad]:
    """Give what a register says of an organisation."""
    thing = NamedNode(record.id)

    def say(subject: NamedNode, of: str, value: NamedNode | Literal) -> Quad:
        return Quad(subject, term(of), value, _GRAPH)

    yield say(thing, "rdf:type", NamedNode(record.types[0]))
    yield say(thing, "rdfs:label", Literal(record.names[0], language="nl"))
    for kind in record.kinds:
        yield say(thing, "org:classification", NamedNode(kind))
    if record.municipality:
        yield say(thing, "zorg:inMunicipality", NamedNode(record.municipality))
    for scheme, value in record.identifiers:
        number = NamedNode(f"{record.id}#{scheme}-{value}")
        yield say(thing, "adms:identifier", number)
        yield say(number, "skos:notation", Literal(value))
    site, address = NamedNode(f"{record.id}#site"), NamedNode(f"{record.id}#address")
    if record.postcode:
        yield say(thing, "org:hasSite", site)
        yield say(site, "org:siteAddress", address)
        yield say(address, "locn:postCode", Literal(record.postcode))


def publish(folder: Path, records: Sequence[Record]) -> tuple[Home, float]:
    """Publish the real graph and a register beside it, unvalidated; returns also the seconds that its index took."""
    home, graph = Home(folder / "home"), homes.real(folder)
    with home.publishing() as place:
        store = Store(str(place / "store"))
        store.bulk_load(path=str(graph), format=RdfFormat.N_QUADS)
        store.bulk_extend(quad for record in records for quad in statements(record))
        merge(store)
        store.flush()
        start = time.perf_counter()
        searching.make(store, place)
        seconds = time.perf_counter() - start
        triples = sum(1 for _ in store.quads_for_pattern(None, None, None, DefaultGraph()))
        counts = {
            dataset_name(one.value): sum(1 for _ in store.quads_for_pattern(None, None, None, one))
            for one in store.named_graphs()
        }
        content = content_sha256(store)
        del store
        manifest = Manifest(
            f"20260101T000000000000Z-{content[:8]}",
            "2026-01-01T00:00:00+00:00",
            sum(counts.values()),
            triples,
            content,
            counts,
            shapes=Judge(locate().ontology).digest,
        )
        home.publish(place, manifest)
    return home, seconds


def names(records: Sequence[Record], places: Sequence[Place], number: int) -> list[Case]:
    """Return what people write for organisations of a register, spread over it."""
    by_iri, known = {one.iri: one for one in places}, organisations.keys(records)
    found: list[Case] = []
    for record in sorted(records, key=lambda one: digest("asked", one.id)):
        makers = organisations.MAKERS
        make = makers[digest("maker", record.id) % len(makers)]
        made = list(make(record, by_iri[record.municipality or ""], places))[:1]
        # What is planted as being nowhere may be somewhere by chance.
        found += [one for one in made if one.expected or not organisations.is_known(one.wanted, known)]
        if len(found) == number:
            break
    return found


def query(case: Case) -> dict[str, object]:
    """Return a case as a query of the API."""
    given: list[dict[str, object]] = [{"pid": scheme, "v": value} for scheme, value in case.wanted.identifiers]
    if case.wanted.municipality:
        given.append({"pid": "municipality", "v": {"id": case.wanted.municipality}})
    return {"query": case.wanted.names[0], "type": "organisation", "limit": 3, "properties": given}


def over_http(url: str, cases: Sequence[Case]) -> tuple[float, list[float], int]:
    """Look names up through a server; returns the seconds, those of each batch, and how many were right."""
    taken, right = [], 0
    start = time.perf_counter()
    with httpx.Client(timeout=60) as client:
        for at in range(0, len(cases), BATCH):
            batch = cases[at : at + BATCH]
            begun = time.perf_counter()
            queries = {str(place): query(one) for place, one in enumerate(batch)}
            answer = client.post(url, data={"queries": json.dumps(queries)}).raise_for_status().json()
            taken.append(time.perf_counter() - begun)
            for place, one in enumerate(batch):
                matched = next((each for each in answer[str(place)]["result"] if each["match"]), None)
                expected = (one.expected or "").rpartition("/id/")[2] or None
                right += (matched["id"] if matched else None) == expected
    return time.perf_counter() - start, sorted(taken), right


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--organisations", type=int, default=100_000)
    parser.add_argument("--names", type=int, default=10_000)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    known = list(reading.records(matching.graph()))
    of = Places.of(known)
    places = organisations.municipalities([place for one in known if (place := of.get(one.id))])
    records = list(organisations.register(places, options.organisations))
    home = Home(options.folder / "home")
    if not (options.folder / "home").exists():
        home, seconds = publish(options.folder, records)
        print(f"{len(records):,} organisations; the index is made in {seconds:.0f} s")
    version = home.directory(home.current().id)
    print(f"index: {(version / 'search.sqlite').stat().st_size / 1e6:.0f} MB")
    cases = names(records, places, options.names)
    index = SearchIndex.open(version)
    assert index  # noqa: S101
    start, worked = time.perf_counter(), time.process_time()
    judged = list(matching.judge(index.matching, cases))
    seconds = time.perf_counter() - start
    worked = time.process_time() - worked
    quality = matching.measured(judged)
    print(f"in one process: {len(cases):,} names in {seconds:.1f} s ({worked:.1f} s of processor time)", end="; ")
    print(f"precision {quality.precision:.4f}, recall {quality.recall:.4f}")
    index.close()
    port = free_port()
    command = homes.command("serve", "--port", str(port), home=home.path)
    with Server(command, port, "/health", options.folder / "server.log") as server:
        server.settle()
        before = server.memory()
        seconds, taken, right = over_http(f"http://127.0.0.1:{port}/reconcile", cases)
        median, high = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
        print(
            f"over HTTP: {len(cases):,} names in {seconds:.1f} s; a batch of {BATCH}: {median:.2f} s, p99 {high:.2f} s"
        )
        print(
            f"right: {right:,}; memory of the server before {before / 1e6:.0f} MB, after {server.memory() / 1e6:.0f} MB"
        )
        new = f'<{records[-1].id}> <http://www.w3.org/2004/02/skos/core#altLabel> "Xanadu Hoeve"@nl'
        start = time.perf_counter()
        homes.zorgkg("update", f"INSERT DATA {{ GRAPH <{_GRAPH.value}> {{ {new} }} }}", home=home.path)
        print(f"a write: {time.perf_counter() - start:.1f} s", end="; ")
        queries = json.dumps({"q": {"query": "Xanadu Hoeve", "type": "organisation"}})
        while True:
            answer = httpx.post(f"http://127.0.0.1:{port}/reconcile", data={"queries": queries}, timeout=60).json()
            if answer["q"]["result"] and answer["q"]["result"][0]["match"]:
                break
            time.sleep(0.05)
        print(f"seen by a query after {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
