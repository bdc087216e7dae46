"""How processes talk: frames of a JSON header and a body, and short orders that carry a connection along."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
from typing import Any, Final

Header = dict[str, Any]

_LENGTHS: Final = struct.Struct(">QQ")
_ORDER: Final = struct.Struct(">cQ")
_CHUNK: Final = 2**16
_TOGETHER: Final = 2**16


def frame(header: Header, body: bytes = b"") -> bytes:
    """Return a frame as bytes."""
    text = json.dumps(header).encode()
    return b"".join((_LENGTHS.pack(len(text), len(body)), text, body))


class Incoming:
    """A frame that is arriving."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._have = 0
        self._head = 0
        self._need = 0

    def feed(self, data: bytes) -> tuple[Header, bytes] | None:
        """Take what arrived; returns the frame's header and body when it is whole.

        Whatever comes after the frame is left out: each side says one thing and then waits for the other.
        """
        self._parts.append(data)
        self._have += len(data)
        if not self._need:
            if self._have < _LENGTHS.size:
                return None
            self._parts = [b"".join(self._parts)]
            self._head, size = _LENGTHS.unpack_from(self._parts[0])
            self._need = _LENGTHS.size + self._head + size
        if self._have < self._need:
            return None
        data = b"".join(self._parts)
        start = _LENGTHS.size + self._head
        return json.loads(data[_LENGTHS.size : start]), data[start : self._need]


def receive(connection: socket.socket) -> tuple[Header, bytes]:
    """Wait for a frame.

    :raises EOFError: the other side closed before it was whole.
    """
    incoming = Incoming()
    while True:
        data = connection.recv(_CHUNK)
        if not data:
            raise EOFError
        whole = incoming.feed(data)
        if whole is not None:
            return whole


def send(connection: socket.socket, header: Header, body: bytes = b"") -> None:
    """Send a frame, and wait until it has gone."""
    if len(body) <= _TOGETHER:
        connection.sendall(frame(header, body))
        return
    text = json.dumps(header).encode()
    connection.sendall(_LENGTHS.pack(len(text), len(body)) + text)
    connection.sendall(body)


def order(control: socket.socket, what: bytes, number: int, given: socket.socket | None = None) -> None:
    """Send an order of one letter about a numbered process, with a connection to give to it.

    :raises OSError: nobody is there to take it.
    """
    message = _ORDER.pack(what, number)
    if given is None:
        control.sendall(message)
    else:
        socket.send_fds(control, [message], [given.fileno()])


def ordered(control: socket.socket) -> tuple[bytes, int, socket.socket | None]:
    """Wait for an order.

    :raises EOFError: the other side closed.
    """
    # Orders have one length, so that two of them never run into each other on a stream.
    message, descriptors, _, _ = socket.recv_fds(control, _ORDER.size, 1)
    given = socket.socket(fileno=descriptors[0]) if descriptors else None
    if len(message) < _ORDER.size:
        if given is not None:
            with contextlib.suppress(OSError):
                given.close()
        raise EOFError
    what, number = _ORDER.unpack(message)
    return what, number, given
