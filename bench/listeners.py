"""Open streams as a load, and how many of them a server holds beside a page that is asked for."""

import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from bench.load import TIMEOUT_S, HttpConnection, WrongAnswer
from bench.works import get, must_be

LATEST = 65_536
SAVED, BEGUN = b"event: saved", b"event: here"


def connected(port: int) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), TIMEOUT_S)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def listening(port: int, plan: str, cookie: str) -> socket.socket:
    """An open stream, whose first events are still to come."""
    made = connected(port)
    made.sendall(get(f"/plans/{plan}/live", cookie, "text/event-stream"))
    return made


class Ear:
    """Counts what a stream tells of saves, however its bytes are cut."""

    def __init__(self, stream: socket.socket) -> None:
        self.stream, self.told, self._before = stream, 0, b""

    def begin(self) -> None:
        """Wait for its first event, after which it hears everything."""
        heard = b""
        while BEGUN not in heard:
            came = self.stream.recv(LATEST)
            heard += came
            if not came or not heard.startswith(b"HTTP/1.1 200"):
                raise WrongAnswer(f"A stream did not begin: {heard[:80]!r}")

    def listen(self) -> bool:
        """Whether what has come by now tells of a save."""
        try:
            came = self.stream.recv(LATEST)
        except TimeoutError:
            return False
        if not came:
            raise WrongAnswer("A stream was ended.")
        heard = self._before + came
        self._before = heard[-len(SAVED) + 1 :]
        self.told += heard.count(SAVED)
        return SAVED in heard


@dataclass
class Held:
    """So many idle streams, all of them still open; times of a page beside them, in milliseconds."""

    streams: int
    milliseconds: list[float]


def hold(port: int, places: Sequence[tuple[str, str]], steps: Sequence[int], page: bytes, pages: int) -> list[Held]:
    """Open streams, (plan, cookie) each, step by step, and time a page at each step; the first step is none at all."""
    ears: list[Ear] = []
    found = []
    try:
        for step in (0, *steps):
            ears += opened(port, places[len(ears) : step])
            found.append(Held(step, _times(port, page, pages)))
            _must_be_open(ears)
    finally:
        close(ears)
    return found


def opened(port: int, places: Sequence[tuple[str, str]]) -> list[Ear]:
    """Streams, (plan, cookie) each, all of which have begun; fifty at a time, as a server lets in no crowd at once."""
    ears: list[Ear] = []
    for at in range(0, len(places), 50):
        some = [Ear(listening(port, *each)) for each in places[at : at + 50]]
        for each in some:
            each.begin()
        ears += some
    return ears


def _must_be_open(ears: Sequence[Ear]) -> None:
    """WrongAnswer when a stream was ended."""
    for each in ears:
        each.stream.settimeout(0)
        with suppress(BlockingIOError):
            each.listen()


def close(ears: Sequence[Ear]) -> None:
    for each in ears:
        each.stream.close()


def _times(port: int, page: bytes, count: int) -> list[float]:
    connection, found = HttpConnection(connected(port)), []
    for _ in range(count):
        began = time.perf_counter()
        status, body = connection.exchange(page)
        found.append((time.perf_counter() - began) * 1000)
        must_be(status, body, b"<main")
    connection.close()
    return found
