"""One change: a project's description is replaced, by SPARQL Update, and seen by the next query."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from bench import load, synthetic
from bench.peers import Peer
from bench.process import Server
from bench.workload import TABLE
from zorgkg.terms import term

_DESCRIPTION = term("dcterms:description").value


class Refused(Exception):
    """The service does not take the change; the message says what it answered."""


@dataclass(frozen=True)
class Changed:
    """How long one change took.

    :param answered: seconds until the answer of the update.
    :param seen: seconds until a query gave the new value; the same when it was only tried.
    """

    answered: float
    seen: float


def publish(peer: Peer, server: Server, number: int, text: str) -> Changed:
    """Change the Dutch description of an invented project.

    :param number: number of the project.
    :param text: the new description.
    :raises Refused: the service does not take it.
    """
    project = synthetic.project(number)
    ask = f'{peer.query}?query={quote(f"""ASK {{ <{project}> <{_DESCRIPTION}> "{text}"@nl }}""", safe="")}'
    start = time.perf_counter()
    _post(peer, server, peer.update, _update(project, text, peer.merged))
    answered = time.perf_counter() - start
    while b"true" not in load.get(server.port, ask, TABLE, 60)[0]:
        if time.perf_counter() - start > 60:
            raise Refused("the change was not seen in 60 s")
        time.sleep(0.01)
    return Changed(answered, time.perf_counter() - start)


def attempt(peer: Peer, server: Server, number: int, text: str) -> Changed:
    """Have the same change derived and validated, and nothing changed; only ours offers it.

    :raises Refused: the service does not take it.
    """
    start = time.perf_counter()
    _post(peer, server, peer.update + "?dry-run", _update(synthetic.project(number), text, peer.merged))
    took = time.perf_counter() - start
    return Changed(took, took)


def validations(server: Server) -> tuple[float, int]:
    """Return the seconds that our service has spent on validating changes, and how many it validated."""
    told = load.get(server.port, "/metrics", "*/*", 60)[0].decode()
    values = dict(line.rsplit(" ", 1) for line in told.splitlines() if line.startswith("zorgkg_validation_seconds_"))
    return float(values["zorgkg_validation_seconds_sum"]), int(float(values["zorgkg_validation_seconds_count"]))


def _update(project: str, text: str, merged: bool) -> str:
    """The change in a named graph, and in the default graph where that does not follow by itself."""
    was, new = f"<{project}> <{_DESCRIPTION}> ?was", f'<{project}> <{_DESCRIPTION}> "{text}"@nl'
    graph = f"GRAPH <{synthetic.SAID}>"
    also = (was, new) if merged else ("", "")
    return (
        f"DELETE {{ {graph} {{ {was} }} {also[0]} }} INSERT {{ {graph} {{ {new} }} {also[1]} }} "
        f'WHERE {{ {graph} {{ {was} }} FILTER (LANG(?was) = "nl") }}'
    )


def _post(peer: Peer, server: Server, path: str, update: str) -> None:
    # Virtuoso takes an update as a query only.
    body, kind = (
        (urlencode({"query": update}), "application/x-www-form-urlencoded")
        if peer.form
        else (update, "application/sparql-update")
    )
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
    try:
        connection.request("POST", path, body.encode(), {"Content-Type": kind, **peer.headers})
        response = connection.getresponse()
        told = response.read()
        if response.status >= 300:
            raise Refused(f"{response.status}: {told[:300].decode('utf-8', 'replace')}")
    finally:
        connection.close()
