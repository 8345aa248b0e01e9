"""The load: a process of its own with keep-alive connections, each sending as soon as it was answered."""

import multiprocessing
import socket
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Protocol

from bench.evenly import open_evenly
from bench.percentile import percentile

TIMEOUT_S = 30.0
LATEST = 65_536


class Work(Protocol):
    """What one connection does: it makes the next request and judges its answer. Works are kept between slices."""

    port: int

    def request(self) -> bytes: ...

    def answered(self, status: int, body: bytes) -> None:
        """Raises WrongAnswer unless the answer is right."""


class WrongAnswer(Exception):
    """A response without the status or the words it must have: the measurement is worth nothing."""


@dataclass
class Slice:
    """One stretch of load. `milliseconds` are of requests begun after the warm-up; `sent` counts those too."""

    seconds: float
    milliseconds: list[float] = field(default_factory=list)
    sent: int = 0
    cpu_ms: float = 0.0  # of the server, a request

    @property
    def rate(self) -> float:
        return len(self.milliseconds) / self.seconds

    def at(self, percent: float) -> float:
        return percentile(self.milliseconds, percent)


class HttpConnection:
    """One keep-alive connection; it knows as much of HTTP as our servers send."""

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened

    def exchange(self, request: bytes) -> tuple[int, bytes]:
        """(status, body) of one request; WrongAnswer when the server ends the connection or sends no length."""
        self._socket.sendall(request)
        head, _, body = self._until_blank_line().partition(b"\r\n\r\n")
        length = _length(head)
        parts, have = [body], len(body)
        while have < length:
            parts.append(self._received())
            have += len(parts[-1])
        return int(head[9:12]), b"".join(parts)

    def _until_blank_line(self) -> bytes:
        received = self._received()
        while b"\r\n\r\n" not in received:
            received += self._received()
        return received

    def _received(self) -> bytes:
        received = self._socket.recv(LATEST)
        if not received:
            raise WrongAnswer("The server ended the connection.")
        return received

    def close(self) -> None:
        self._socket.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    if head[9:12] == b"204":
        return 0
    raise WrongAnswer("An answer came without its length.")


class Client:
    """The parent's end of the load process."""

    def __init__(self) -> None:
        ours, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._pipe = ours
        self.given: set[str] = set()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()

    def give(self, name: str, works: list[Any]) -> None:
        """Hand over the works of one contender, one a connection."""
        self._ask("give", name, works)
        self.given.add(name)

    def run(self, name: str, connections: int, workers: list[int], warm_s: float, seconds: float) -> Slice:
        """Drive so many of a contender's works at once, their connections dealt evenly to the server's workers."""
        answer = self._ask("run", name, connections, workers, warm_s, seconds)
        assert isinstance(answer, Slice)
        return answer

    def take_back(self, name: str) -> list[Any]:
        """The works as they are now."""
        works = self._ask("take_back", name)
        assert isinstance(works, list)
        return works

    def stop(self) -> None:
        self._pipe.close()
        self._process.join(5)
        if self._process.is_alive():
            self._process.terminate()

    def _ask(self, *message: Any) -> Any:
        self._pipe.send(message)
        answer = self._pipe.recv()
        if isinstance(answer, BaseException):
            raise answer
        return answer


def _serve(pipe: Connection) -> None:
    """The load process: does what it is asked until the parent closes the pipe."""
    kept: dict[str, list[Work]] = {}
    while True:
        try:
            verb, name, *rest = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(_done(kept, verb, name, rest))
        except (WrongAnswer, OSError) as error:
            pipe.send(error)


def _done(kept: dict[str, list[Work]], verb: str, name: str, rest: list[Any]) -> Any:
    if verb == "give":
        kept[name] = rest[0]
        return None
    if verb == "take_back":
        return kept[name]
    connections, workers, warm_s, seconds = rest
    works = kept[name][:connections]
    return drive(works, open_evenly(works[0].port, connections, workers, TIMEOUT_S), warm_s, seconds)


def drive(works: list[Work], opened: list[socket.socket], warm_s: float, seconds: float) -> Slice:
    """Drive each work on a connection of its own; what was begun in the warm-up is sent but not counted."""
    began = time.perf_counter()
    count_from, until = began + warm_s, began + warm_s + seconds
    done = Slice(seconds)
    wrong: list[Exception] = []

    def one(work: Work, connection: HttpConnection) -> None:
        try:
            times, sent = _closed_loop(work, connection, count_from, until)
        except (WrongAnswer, OSError) as error:
            wrong.append(error)
        else:
            done.milliseconds += times
            done.sent += sent
        finally:
            connection.close()

    threads = [
        threading.Thread(target=one, args=(work, HttpConnection(each)))
        for work, each in zip(works, opened, strict=True)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if wrong:
        raise wrong[0]
    return done


def _closed_loop(work: Work, connection: HttpConnection, count_from: float, until: float) -> tuple[list[float], int]:
    """(milliseconds of each request that counts, how many were sent)."""
    times: list[float] = []
    sent = 0
    while (now := time.perf_counter()) < until:
        request = work.request()
        began = time.perf_counter()
        status, body = connection.exchange(request)
        ended = time.perf_counter()
        work.answered(status, body)
        sent += 1
        if now >= count_from:
            times.append((ended - began) * 1000)
    return times, sent
