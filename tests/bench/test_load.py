"""The load generator asks as often as it says, reads each answer to its end, and takes no error for an answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import answers, load
from bench.load import BadAnswer, Requests
from bench.workload import GRAPH, TABLE

pytestmark = pytest.mark.slow

BODY = b"0123456789" * 10_000


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: list[str]
    chunked: bool

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(404 if "missing" in self.path else 200)
        if self.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for start in range(0, len(BODY), 7001):
                part = BODY[start : start + 7001]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.send_header("Content-Length", str(len(BODY)))
            self.end_headers()
            self.wfile.write(BODY)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, address: object) -> None:
        """Say nothing: the generator closes its connections when it has what it wants."""


@pytest.fixture(params=[False, True], ids=["length", "chunked"])
def service(request: pytest.FixtureRequest) -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []
    handler = type("Counting", (Handler,), {"asked": asked, "chunked": request.param})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_address[1], asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("connections", [1, 4])
def test_it_counts_what_the_service_counts(service: tuple[int, list[str]], connections: int) -> None:
    port, asked = service
    found = load.measure(port, Requests(["/a?", "/b?"], "*/*", unique=True), connections, 0.2)
    assert len(found.latencies) == len(asked) > 2 * connections
    assert found.throughput == len(asked) / found.seconds
    assert 0.2 <= found.seconds < 5
    assert sum(found.latencies) <= connections * found.seconds
    # In rotation, and never the same twice.
    assert len(set(asked)) == len(asked)
    assert abs(sum(path.startswith("/a?") for path in asked) - len(asked) / 2) <= 1


def test_a_repeated_request_is_the_same_each_time(service: tuple[int, list[str]]) -> None:
    port, asked = service
    load.measure(port, Requests(["/same"], "*/*", unique=False), 1, 0.05)
    assert set(asked) == {"/same"}


def test_an_answer_is_read_to_its_end(service: tuple[int, list[str]]) -> None:
    assert load.get(service[0], "/", "*/*", 5)[0] == BODY


def test_an_error_is_no_answer(service: tuple[int, list[str]]) -> None:
    with pytest.raises(BadAnswer, match="404"):
        load.measure(service[0], Requests(["/missing"], "*/*", unique=False), 2, 0.1)


def test_percentiles_are_those_of_the_nearest_rank() -> None:
    values = [float(n) for n in range(100, 0, -1)]
    assert [load.percentile(values, p) for p in (50, 95, 99, 100)] == [50, 95, 99, 100]
    assert load.percentile([7.0], 99) == 7


def test_answers_are_the_same_whatever_their_order_and_way_of_writing() -> None:
    one = b"""{"head": {"vars": ["x", "n"]}, "results": {"bindings": [
        {"x": {"type": "uri", "value": "urn:a"}, "n": {"type": "literal", "value": "1",
         "datatype": "http://www.w3.org/2001/XMLSchema#integer"}},
        {"x": {"type": "literal", "value": "b", "xml:lang": "NL"}}]}}"""
    other = b"""{"results": {"bindings": [
        {"x": {"type": "literal", "value": "b", "xml:lang": "nl"}},
        {"n": {"type": "typed-literal", "value": "01", "datatype": "http://www.w3.org/2001/XMLSchema#int"},
         "x": {"type": "uri", "value": "urn:a"}}]}}"""
    twice = one.replace(b"]}}", b', {"x": {"type": "literal", "value": "b", "xml:lang": "nl"}}]}}')
    assert answers.difference(answers.read(one, TABLE), answers.read(other, TABLE)) == ""
    assert answers.difference(answers.read(one, TABLE), answers.read(twice, TABLE))
    graph = b"<urn:a> <urn:p> <urn:b> .\n<urn:a> <urn:p> <urn:c> .\n"
    turned = b"<urn:a> <urn:p> <urn:c> .\n<urn:a> <urn:p> <urn:b> .\n"
    assert answers.difference(answers.read(graph, GRAPH), answers.read(turned, GRAPH)) == ""
