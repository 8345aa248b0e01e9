"""The load of people who each write an item of one section, and whose pages show what the others save."""

import re
import selectors
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from bench.listeners import Ear, close, connected, opened
from bench.load import HttpConnection, WrongAnswer
from bench.works import get, must_be, post

MARK = re.compile(rb"mark-(\d+)-(\d+)-")
GRACE_S = 20.0
Save = tuple[int, int]  # whose, and which of theirs


def answered(port: int, request: bytes) -> tuple[int, bytes]:
    """(status, body), by a connection of its own: the server keeps none that is idle for two seconds."""
    connection = HttpConnection(connected(port))
    try:
        return connection.exchange(request)
    finally:
        connection.close()


def fragment(path: str, cookie: str) -> bytes:
    """What an open page asks for by itself."""
    by_itself = b"\r\nHX-Request: true\r\nX-By-Itself: yes\r\n\r\n"
    return get(path, cookie, "text/html").replace(b"\r\n\r\n", by_itself)


@dataclass
class Stretch:
    """One stretch of writing. Times are seconds of one clock: when each save was answered, and when it was shown."""

    until: float
    answered: dict[Save, float] = field(default_factory=dict)
    shown: list[tuple[Save, float]] = field(default_factory=list)
    told: int = 0
    left: dict[int, tuple[int, int]] = field(default_factory=dict)  # of each writer: their saves, and their revision

    @property
    def milliseconds(self) -> list[float]:
        """From each answer until each of the others' pages showed it; a page may be quicker than the answer."""
        return [max(0.0, (at - self.answered[save]) * 1000) for save, at in self.shown]


@dataclass
class Editor:
    """Somebody with section A open before them, who saves their own item of it again and again."""

    number: int
    port: int
    cookie: str
    token: str
    plan: str
    group: str
    item: str
    field: str
    revision: int = 1
    saves: int = 0

    @property
    def section(self) -> str:
        return f"/plans/{self.plan}/sections/A"

    def write(self, stretch: Stretch, every_s: float, first_s: float) -> None:
        due = time.perf_counter() + first_s
        while due < stretch.until:
            time.sleep(max(due - time.perf_counter(), 0))
            self._save(stretch)
            due += every_s

    def _save(self, stretch: Stretch) -> None:
        self.saves += 1
        mark = f"mark-{self.number}-{self.saves}-"
        form = {"csrf_token": self.token, "revision": str(self.revision), self.field: f"{mark} She likes to be asked."}
        asked = post(f"{self.section}/items/{self.group}/{self.item}", form, self.cookie)
        status, body = answered(self.port, asked)
        stretch.answered[self.number, self.saves] = time.perf_counter()
        must_be(status, body, mark.encode())
        found = re.search(rf'id="item-{self.item}" data-revision="(\d+)"'.encode(), body)
        self.revision = int(found[1]) if found else self.revision

    def watch(self, stretch: Stretch, ear: Ear, before_it: Mapping[int, int]) -> None:
        """As the page does: told that something was saved, it asks for the section. Until every save was shown."""
        ear.stream.settimeout(0.2)
        seen = dict(before_it)
        while time.perf_counter() < stretch.until + GRACE_S:
            if ear.listen():
                self._show(stretch, seen)
            if time.perf_counter() > stretch.until and self._has_seen_all(stretch, seen):
                break
        else:
            raise WrongAnswer("A save was never shown on somebody's page.")

    def _show(self, stretch: Stretch, seen: dict[int, int]) -> None:
        status, body = answered(self.port, fragment(self.section, self.cookie))
        at = time.perf_counter()
        must_be(status, body, b"data-sequence")
        newest: dict[int, int] = {}
        for whose, which in MARK.findall(body):
            newest[int(whose)] = max(int(which), newest.get(int(whose), 0))
        for whose, upto in newest.items():
            stretch.shown += [
                ((whose, which), at) for which in range(seen[whose] + 1, upto + 1) if whose != self.number
            ]
            seen[whose] = max(upto, seen[whose])

    def _has_seen_all(self, stretch: Stretch, seen: dict[int, int]) -> bool:
        return all(which <= seen[whose] for whose, which in list(stretch.answered))


def write_together(editors: Sequence[Editor], readers: Sequence[str], every_s: float, seconds: float) -> Stretch:
    """One stretch: every editor saves every so many seconds, and each is shown what the others saved.

    `readers` are the cookies of people who read other sections of that plan: their pages are told, and ask for nothing.
    """
    plan, port = editors[0].plan, editors[0].port
    own, theirs = (
        opened(port, [(plan, each) for each in cookies]) for cookies in ([each.cookie for each in editors], readers)
    )
    with _heard(theirs):
        stretch, before = Stretch(time.perf_counter() + seconds), {each.number: each.saves for each in editors}
        works = [partial(each.write, stretch, every_s, every_s / len(editors) * each.number) for each in editors]
        _at_once(works + [partial(each.watch, stretch, ear, before) for each, ear in zip(editors, own, strict=True)])
        limit = time.perf_counter() + GRACE_S
        while sum(each.told for each in theirs) < len(stretch.answered) * len(theirs) and time.perf_counter() < limit:
            time.sleep(0.05)
    close(own + theirs)
    stretch.told = sum(each.told for each in theirs)
    stretch.left = {each.number: (each.saves, each.revision) for each in editors}
    if stretch.told != len(stretch.answered) * len(readers):
        raise WrongAnswer(f"{len(stretch.answered)} saves were told {stretch.told} times to {len(readers)} readers.")
    return stretch


@contextmanager
def _heard(ears: Sequence[Ear]) -> Iterator[None]:
    """All of these listen, until the block ends."""
    over = threading.Event()

    def listen() -> None:
        chosen = selectors.DefaultSelector()
        for each in ears:
            chosen.register(each.stream, selectors.EVENT_READ, each)
        while not over.is_set():
            for key, _ in chosen.select(0.1):
                key.data.listen()

    listens = threading.Thread(target=listen)
    listens.start()
    try:
        yield
    finally:
        over.set()
        listens.join()


def _at_once(works: Sequence[Callable[[], None]]) -> None:
    """All of them, each in a thread of its own; raises what one of them raised."""
    troubles: list[Exception] = []

    def one(work: Callable[[], None]) -> None:
        try:
            work()
        except (WrongAnswer, OSError) as error:
            troubles.append(error)

    threads = [threading.Thread(target=one, args=[each]) for each in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if troubles:
        raise troubles[0]
