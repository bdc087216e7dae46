"""Measure the pages of things, each made anew: `python -m bench.pages HOME`, where HOME holds a published version."""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bench import home, load, process
from bench.process import Server
from zorgkg.terms import ID

GOAL = 10.0
"""Milliseconds that a page of a thing may take, as its median at 10,000 projects."""

THINGS = 20
"""Things of a kind that are asked in rotation, evenly over all of them."""

_ANEW = {"Accept": "text/html", "If-Match": "*"}
"""Headers of a browser, and one with which an answer that was given before is not given again."""


@dataclass(frozen=True)
class Kind:
    """A kind of thing.

    :param name: what it is called.
    :param pattern: binds `it` to each of them.
    :param weight: binds `it` once for each thing that its page lists, to find the one with most.
    """

    name: str
    pattern: str
    weight: str


KINDS = (
    Kind("project", "?it a zorg:Project", "?it a zorg:Project . ?by zorg:project ?it ; a zorg:Participation"),
    Kind("organisation", "?it a org:FormalOrganization", "?it a org:FormalOrganization . ?by zorg:agent ?it"),
    Kind("municipality", "?it a zorg:Municipality", "?by zorg:inMunicipality ?it"),
    Kind("province", "?it a zorg:Province", "?by zorg:inProvince ?it"),
    Kind("framework", "?it a zorg:Framework", "?by skos:inScheme ?it . ?it a zorg:Framework"),
    Kind("component", "?it a zorg:Component", "?by zorg:component ?it ; a zorg:Positioning"),
    Kind("method", "?it a zorg:Method", "?by zorg:usesMethod ?it"),
    Kind("source", "?it a zorg:Source", "?by dcterms:isPartOf ?it . ?it a zorg:Source"),
    Kind("passage", "?it a zorg:Passage", "?by prov:wasDerivedFrom ?it . ?it a zorg:Passage"),
    Kind("call", "?it a zorg:FundingCall", "?by zorg:fundedUnder ?it"),
)

_PREFIXES = """\
PREFIX zorg: <https://w3id.org/zorgkg/ns#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX prov: <http://www.w3.org/ns/prov#>
"""


@dataclass(frozen=True)
class Measured:
    """Times of the pages of one kind, in milliseconds.

    :param kind: its name.
    :param median: of all requests in rotation.
    :param p95: of the same.
    :param largest: median of the page that lists most.
    :param size: bytes of that page.
    """

    kind: str
    median: float
    p95: float
    largest: float
    size: int


class Client:
    """One connection to a service."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def get(self, path: str, headers: dict[str, str]) -> bytes:
        """Return the body of an answer.

        :raises ValueError: its status is another than 200.
        """
        self._connection.request("GET", path, headers=headers)
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise ValueError(f"{path}: {response.status} {body[:200]!r}")
        return body

    def things(self, query: str) -> list[str]:
        """Return the IRIs that a query binds to `it`."""
        body = self.get(f"/sparql?query={quote(_PREFIXES + query)}", {"Accept": "application/sparql-results+json"})
        rows = json.loads(body)["results"]["bindings"]
        return [row["it"]["value"] for row in rows if row["it"]["value"].startswith(ID)]


def measure(client: Client, kind: Kind, rounds: int) -> Measured:
    """Ask for the pages of a kind, one after the other, at one connection.

    :param client: a connection to the service.
    :param kind: the kind.
    :param rounds: how often each page is asked for, after once that does not count.
    """
    every = sorted(client.things(f"SELECT ?it WHERE {{ {kind.pattern} }}"))
    chosen = [every[n * len(every) // min(THINGS, len(every))] for n in range(min(THINGS, len(every)))]
    most = f"SELECT ?it (COUNT(?by) AS ?n) WHERE {{ {kind.weight} }} GROUP BY ?it ORDER BY DESC(?n) ?it LIMIT 1"
    largest = client.things(most)
    times = _times(client, chosen, rounds)
    slowest = _times(client, largest, rounds * 5)
    size = len(client.get(_path(largest[0]), _ANEW))
    return Measured(
        kind.name, load.percentile(times, 50), load.percentile(times, 95), load.percentile(slowest, 50), size
    )


def _times(client: Client, things: list[str], rounds: int) -> list[float]:
    found = []
    for number in range(rounds + 1):
        for iri in things:
            start = time.perf_counter()
            client.get(_path(iri), _ANEW)
            if number:
                found.append(1000 * (time.perf_counter() - start))
    return found


def _path(iri: str) -> str:
    return f"/doc/{iri.removeprefix(ID)}?lang=nl"


def everything(folder: Path, rounds: int = 5) -> Iterator[Measured]:
    """Measure the pages of all kinds, at one connection.

    :param folder: home folder of a published version.
    :param rounds: how often each page is asked for.
    """
    port = process.free_port()
    with tempfile.TemporaryDirectory() as logs:
        command = home.command("serve", "--port", str(port), home=folder)
        # The thing that lists most is looked for in all of the graph.
        patient = {"ZORGKG_TIMEOUT": "600"}
        with Server(command, port, "/health", Path(logs) / "log", patient) as server:
            # The version is read into memory after the first answer.
            server.settle()
            client = Client(port)
            for kind in KINDS:
                yield measure(client, kind, rounds)


def main() -> int:
    """Measure the pages of ten kinds of things, each made anew, at one connection."""
    parser = argparse.ArgumentParser(prog="bench.pages", description=main.__doc__)
    parser.add_argument("home", type=Path, help="folder of a published version")
    parser.add_argument("--rounds", type=int, default=5, help="how often each page is asked for")
    options = parser.parse_args()
    for one in everything(options.home, options.rounds):
        print(
            f"{one.kind:14} median {one.median:6.1f}  p95 {one.p95:6.1f}  "
            f"the one that lists most {one.largest:6.1f} ms ({one.size // 1000} kB)",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
