"""Stands between a portal worker and one mongod, sees each command and each reply, and can cut the line at any."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import bson

from demo.place import HOST

HEADER = struct.Struct("<iiii")  # length, request id, response to, opcode
OP_MSG = 2013
FLAGS_AND_KIND = 5


class Point(StrEnum):
    """Where a command is when it is looked at: not yet with mongod, or done and its reply under way."""

    ASKED = "asked"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Command:
    """A command of the driver: what it does and to which collection. `saving` when it is part of a transaction."""

    name: str
    collection: str
    saving: bool


# Whether it may go on its way; if not, the line is cut.
Watch = Callable[[Point, Command], bool]


def anything(_: Point, __: Command) -> bool:
    return True


class Proxy:
    """Listens on a port of its own. `watch` may be changed at any time and is asked by one thread at a time."""

    def __init__(self, target: int) -> None:
        self.watch: Watch = anything
        self._target = target
        self._listener = socket.create_server((HOST, 0))
        self._deciding = threading.Lock()
        self._open: set[socket.socket] = {self._listener}
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in list(self._open):
            _cut(each)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                worker, _ = self._listener.accept()
                _Line(self, worker, socket.create_connection((HOST, self._target))).run()

    def allows(self, point: Point, command: Command) -> bool:
        with self._deciding:
            return self.watch(point, command)

    def opened(self, *ends: socket.socket) -> None:
        self._open.update(ends)


class _Line:
    """One connection of the driver: commands one way, replies the other, each whole."""

    def __init__(self, proxy: Proxy, worker: socket.socket, mongod: socket.socket) -> None:
        self._proxy, self._worker, self._mongod = proxy, worker, mongod
        self._under_way: dict[int, Command] = {}
        proxy.opened(worker, mongod)

    def run(self) -> None:
        there = (self._worker, self._mongod, self._asked)
        back = (self._mongod, self._worker, self._answered)
        for way in (there, back):
            threading.Thread(target=self._pump, args=way, daemon=True).start()

    def _pump(self, source: socket.socket, to: socket.socket, look: Callable[[bytes], bool]) -> None:
        with contextlib.suppress(OSError):
            while (message := _message(source)) and look(message):
                to.sendall(message)
        _cut(self._worker)
        _cut(self._mongod)

    def _asked(self, message: bytes) -> bool:
        command = command_in(message)
        if command is None:
            return True
        self._under_way[HEADER.unpack_from(message)[1]] = command
        return self._proxy.allows(Point.ASKED, command)

    def _answered(self, message: bytes) -> bool:
        command = self._under_way.pop(HEADER.unpack_from(message)[2], None)
        return command is None or self._proxy.allows(Point.ANSWERED, command)


def command_in(message: bytes) -> Command | None:
    """The command that a message of the wire protocol carries; None for any other message."""
    if HEADER.unpack_from(message)[3] != OP_MSG:
        return None
    start = HEADER.size + FLAGS_AND_KIND
    (length,) = struct.unpack_from("<i", message, start)
    body: dict[str, Any] = bson.decode(message[start : start + length])
    name = next(iter(body))
    return Command(name, str(body[name]), body.get("autocommit") is False)


def _message(source: socket.socket) -> bytes:
    """The next whole message, or nothing at the end of the line."""
    header = _exactly(source, HEADER.size)
    rest = _exactly(source, HEADER.unpack(header)[0] - HEADER.size) if header else b""
    return header + rest if rest else b""


def _exactly(source: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = source.recv(length - len(parts))
        if not part:
            return b""
        parts += part
    return bytes(parts)


def _cut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
