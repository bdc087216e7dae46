"""Answers in content coding gzip: to whom they are sent so, which ones, and that nothing else changes by it."""

from __future__ import annotations

import asyncio
import gzip
import logging
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zorgkg.web import cache, compression
from zorgkg.web.compression import EVERY, LARGE, LEAST, NO, Compressed, which
from zorgkg.web.metrics import ACCESS
from zorgkg.web.repeated import Repeated

LONG, SHORT = "/api/openapi.json", "/api/questions/names?part=Es"
VARY = "Accept, Accept-Language, Accept-Encoding"
PLAIN, CODED, ONLY = ({"Accept-Encoding": value} for value in ("identity", "gzip, deflate, br", "gzip, identity;q=0"))


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (b"", NO),
        (b"identity", NO),
        (b"deflate, br", NO),
        (b"gzip;q=0", NO),
        (b"*;q=0", NO),
        (b"gzip;q=0, *", NO),
        (b"gzip;q=0.4, identity;q=0.5", NO),
        (b"gzip;q=0.4, *;q=0.5", NO),
        (b"gzip;q=much", NO),
        (b"identity;q=0", NO),
        (b"gzip", LARGE),
        (b"GZIP", LARGE),
        (b"x-gzip", LARGE),
        (b"*", LARGE),
        (b"gzip;q=0.001", LARGE),
        (b"br;q=1.0 , gzip ; q=0.8, *;q=0.1", LARGE),
        (b"gzip;q=0.5, identity; q=0.5", LARGE),
        (b"deflate;q=much,, gzip", LARGE),
        (b"gzip, identity;q=0", EVERY),
        (b"gzip, *;q=0", EVERY),
        (b"*, identity;q=0", EVERY),
    ],
)
def test_accept_encoding_is_read_with_its_weights(accept: bytes, wanted: int) -> None:
    assert which(accept) == wanted


def raw(client: TestClient, path: str, headers: dict[str, str], method: str = "GET") -> tuple[bytes, Any]:
    """The bytes that were sent, and the answer."""
    with client.stream(method, path, headers=headers) as answer:
        return b"".join(answer.iter_raw()), answer


def test_a_large_answer_is_coded_for_who_takes_that(client: TestClient) -> None:
    plain, of_plain = raw(client, LONG, PLAIN)
    assert "content-encoding" not in of_plain.headers
    for _ in ("evaluated", "kept"):
        sent, answer = raw(client, LONG, CODED)
        assert gzip.decompress(sent) == plain
        assert len(sent) < len(plain) / 4
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["content-length"] == str(len(sent))
        assert answer.headers["etag"] != of_plain.headers["etag"]
        assert answer.headers["vary"] == of_plain.headers["vary"] == VARY
        head, of_head = raw(client, LONG, CODED, "HEAD")
        assert (head, dict(of_head.headers)) == (b"", dict(answer.headers))
    assert raw(client, LONG, PLAIN)[0] == plain


def test_a_small_answer_is_not_coded_unless_nothing_else_is_taken(client: TestClient) -> None:
    plain, of_plain = raw(client, SHORT, PLAIN)
    same, of_same = raw(client, SHORT, CODED)
    assert (same, dict(of_same.headers)) == (plain, dict(of_plain.headers))
    assert of_same.headers["vary"] == VARY
    coded, of_coded = raw(client, SHORT, ONLY)
    assert (gzip.decompress(coded), of_coded.headers["content-encoding"]) == (plain, "gzip")
    assert of_coded.headers["etag"] != of_plain.headers["etag"]


def test_who_has_an_answer_is_told_so_in_each_coding_that_it_takes(client: TestClient) -> None:
    plain, coded = (client.get(LONG, headers=headers).headers["etag"] for headers in (PLAIN, CODED))
    for headers, tag, status in [
        (PLAIN, plain, 304),
        (PLAIN, coded, 200),
        (CODED, coded, 304),
        (CODED, plain, 304),
        (ONLY, coded, 304),
        (ONLY, plain, 200),
    ]:
        answer = client.get(LONG, headers={**headers, "If-None-Match": tag})
        assert (answer.status_code, answer.headers["vary"]) == (status, VARY), (headers, tag)
        assert answer.headers["etag"] == (tag if status == 304 else plain if headers == PLAIN else coded)


def test_the_log_tells_the_bytes_that_are_sent(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, ACCESS):
        sent = [len(raw(client, LONG, headers)[0]) for headers in (CODED, CODED, PLAIN)]
    assert [record.__dict__["told"]["bytes"] for record in caplog.records] == sent
    assert sent[0] == sent[1] < sent[2]


def test_what_varies_by_the_coding_says_so_whether_or_not_it_is_kept(client: TestClient) -> None:
    assert client.post("/sparql", data={"query": "ASK {}"}).headers["vary"] == "Accept, Accept-Encoding"
    assert client.get("/nowhere").headers["vary"] == "Accept, Accept-Language, Accept-Encoding"


def serving(app: ASGIApp) -> TestClient:
    return TestClient(Compressed(app))


@pytest.mark.parametrize(
    ("media", "headers", "status"),
    [
        ("application/vnd.apache.parquet", {}, 200),
        ("image/png", {}, 200),
        ("application/zip", {}, 200),
        ("text/csv", {"Content-Encoding": "br"}, 200),
        ("text/css", {"ETag": '"of-these-bytes"'}, 200),
        ("text/csv", {"Content-Range": "bytes 0-9/20"}, 206),
    ],
)
def test_what_is_coded_already_and_what_is_no_text_is_sent_as_it_is(
    media: str, headers: dict[str, str], status: int
) -> None:
    body = b"a" * 2 * LEAST
    sent, answer = raw(serving(Response(body, status, headers, media)), "/", CODED)
    assert (sent, answer.headers["content-length"], answer.headers.get("vary")) == (body, str(len(body)), None)


@pytest.mark.parametrize("size", [LEAST, compression._LONG])
@pytest.mark.parametrize(
    "media", ["text/turtle", "application/sparql-results+json", "application/n-quads", "image/svg+xml"]
)
def test_all_kinds_of_text_are_coded(media: str, size: int) -> None:
    sent, answer = raw(serving(Response(b"a" * size, media_type=media)), "/", CODED)
    assert (gzip.decompress(sent), answer.headers["content-length"]) == (b"a" * size, str(len(sent)))


def asked(app: ASGIApp, send: Send, receive: Receive | None = None) -> None:
    """Ask an application, and be there until its answer has ended."""

    async def stay() -> Message:
        await asyncio.sleep(60)
        raise AssertionError("nobody waits so long")

    async def ask() -> None:
        scope: Scope = {
            "type": "http",
            "headers": [(b"accept-encoding", b"gzip")],
            "asgi": {"spec_version": "2.3"},
        }
        async with asyncio.timeout(20):
            await app(scope, receive or stay, send)

    asyncio.run(ask())


def test_each_piece_of_a_stream_can_be_read_as_soon_as_it_is_sent() -> None:
    reading, read = zlib.decompressobj(wbits=31), list[bytes]()
    pieces = [b"first", b"x" * compression._LONG, b"", b"last"]

    async def made() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece
            assert b"".join(read).endswith(piece), "it was held back"

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            names = dict(message["headers"])
            assert names[b"content-encoding"] == b"gzip"
            assert b"content-length" not in names
        else:
            read.append(reading.decompress(message["body"]))

    asked(Compressed(StreamingResponse(made(), media_type="text/csv")), send)
    assert (b"".join(read), reading.eof) == (b"".join(pieces), True)


def test_a_stream_that_fails_on_its_way_is_never_taken_for_whole() -> None:
    reading = zlib.decompressobj(wbits=31)

    async def made() -> AsyncIterator[bytes]:
        yield b"first"
        raise ValueError("it broke off")

    async def send(message: Message) -> None:
        reading.decompress(message.get("body", b""))

    with pytest.raises((ValueError, ExceptionGroup)):
        asked(Compressed(StreamingResponse(made(), media_type="text/csv")), send)
    assert not reading.eof


def test_who_goes_away_ends_what_was_made_for_it() -> None:
    begun, ended = asyncio.Event(), list[str]()

    async def made() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x" * compression._LONG
                begun.set()
        finally:
            ended.append("made")

    async def receive() -> Message:
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        await asyncio.sleep(0)

    asked(Compressed(StreamingResponse(made(), media_type="text/csv")), send, receive)
    assert ended == ["made"]


@pytest.fixture
def made() -> list[str]:
    """What was made, and not given again."""
    return []


@pytest.fixture
def repeated(made: list[str]) -> TestClient:
    """An application that makes a hundred kilobytes in pieces, beside a cache that takes ten for one answer."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def pieces() -> AsyncIterator[bytes]:
            made.append(scope["path"])
            for number in range(100):
                yield b"%03d " % number * 250

        cache.keep(Request(scope), "/")
        headers = {"X-Zorgkg-Version": "1"}
        await StreamingResponse(pieces(), headers=headers, media_type="text/csv")(scope, receive, send)

    def tell(*_: object) -> None:
        """Tell nobody."""

    return TestClient(Repeated(Compressed(app), lambda: "1", "", lambda _: "/", tell, most=160_000))


def test_an_answer_in_pieces_is_kept_when_its_coded_bytes_are_few(repeated: TestClient, made: list[str]) -> None:
    (first, _), (second, answer) = (raw(repeated, "/", CODED) for _ in range(2))
    assert (len(made), first, answer.headers["content-length"]) == (1, second, str(len(second)))
    assert len(gzip.decompress(second)) == 100_000
    assert raw(repeated, "/", CODED, "HEAD")[1].headers["content-length"] == str(len(second))
    for _ in range(2):
        assert len(raw(repeated, "/", PLAIN)[0]) == 100_000
    assert len(made) == 3, "without coding it is too large to be kept"
