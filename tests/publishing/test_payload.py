"""What somebody sends is read as it is: it fetches nothing, reads no file, and is no larger than it looks."""

from __future__ import annotations

import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from zorgkg.publishing import payload
from zorgkg.publishing.payload import Payload, PayloadError

GRAPH = NamedNode("https://e.org/g")
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
XML = f'<rdf:RDF {RDF}><rdf:Description rdf:about="urn:s"><p xmlns="urn:x:">%s</p></rdf:Description></rdf:RDF>'


def read(media: str, text: str) -> list[Quad]:
    return list(payload.graph([Payload(media, text.encode(), GRAPH.value)], GRAPH))


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


@pytest.mark.parametrize(
    ("media", "text"),
    [
        ("application/ld+json", '{"@context": "%s", "@id": "urn:s", "name": "a"}'),
        ("application/ld+json", '{"@context": {"@version": 1.1, "@import": "%s"}, "@id": "urn:s", "urn:x:p": "a"}'),
        ("application/rdf+xml", '<!DOCTYPE r [<!ENTITY x SYSTEM "%s">]>' + XML % "&x;"),
        ("application/rdf+xml", '<!DOCTYPE r SYSTEM "%s">' + XML % "a"),
        ("application/rdf+xml", '<!DOCTYPE r [<!ENTITY %% x SYSTEM "%s"> %%x;]>' + XML % "a"),
        ("text/turtle", "@prefix : <%s> . <> <http://www.w3.org/2002/07/owl#imports> : ; a : ."),
    ],
)
def test_a_document_that_refers_to_another_fetches_nothing(listener: socket.socket, media: str, text: str) -> None:
    with suppress(PayloadError):
        read(media, text % f"http://127.0.0.1:{listener.getsockname()[1]}/")
    with pytest.raises(TimeoutError):
        listener.accept()


def test_a_document_reads_no_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    text = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>' + XML % "&x;"
    try:
        found = read("application/rdf+xml", text)
    except PayloadError:
        found = []
    assert "secret" not in "".join(map(str, found))


def _laughs() -> str:
    nested = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    return f'<!DOCTYPE r [<!ENTITY a "ha">{nested}]>' + XML % "&j;"


def _flat() -> str:
    return f'<!DOCTYPE r [<!ENTITY a "{"ha" * 50_000}">]>' + XML % ("&a;" * 20_000)


def is_refused_in_time(media: str, text: str) -> None:
    # In a process of its own: were it parsed, its memory or its stack would not do, and the parser would end it.
    script = "import sys; from tests.publishing.test_payload import *; read(sys.argv[1], sys.stdin.read())"
    done = subprocess.run(
        [sys.executable, "-c", script, media],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30)),
    )
    assert done.returncode == 1, done.stderr[-500:]
    assert done.stderr.splitlines()[-1].startswith("zorgkg.publishing.payload.PayloadError"), done.stderr[-500:]


@pytest.mark.parametrize("text", [_laughs(), _flat(), _flat().replace("ENTITY a", "ENTITY % a")])
def test_entities_that_grow_without_measure_are_refused_before_they_do(text: str) -> None:
    is_refused_in_time("application/rdf+xml", text)


@pytest.mark.parametrize("depth", [201, 4000])
def test_json_that_is_nested_too_deeply_is_refused_before_it_is_parsed(depth: int) -> None:
    is_refused_in_time("application/ld+json", '{"urn:x:p":' * depth + '"a"' + "}" * depth)
    is_refused_in_time("application/ld+json", '{"urn:x:p":' + "[" * depth + '"a"' + "]" * depth + "}")


def test_brackets_in_a_text_are_no_depth() -> None:
    (found,) = read("application/ld+json", '{"@id": "urn:s", "urn:x:p": "' + '[{\\"' * 1000 + '"}')
    assert str(found.object).count("[{") == 1000


def test_entities_for_namespaces_are_put_in() -> None:
    text = '<!DOCTYPE r [<!ENTITY x "https://e.org/long/name/">]>' + XML % ("&x;&amp;" * 1000)
    (found,) = read("application/rdf+xml", text)
    assert str(found.object) == '"' + "https://e.org/long/name/&" * 1000 + '"'
