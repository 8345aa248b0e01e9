"""The messages that arrived, newest first, kept in a file so that the next start still shows them."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock


@dataclass(frozen=True)
class Received:
    """One message: `way` is email, text or letter, `reference` what its sender knows it by, `at` when it came (ISO)."""

    way: str
    to: str
    subject: str
    words: str
    reference: str
    at: str


class Mailbox:
    """Everything that was sent to anybody. Safe to share between threads; a copy of a message is no second one."""

    def __init__(self, path: Path | None = None) -> None:
        self._path, self._lock = path, Lock()
        lines = path.read_text(encoding="utf-8").splitlines() if path and path.exists() else []
        self._messages = [Received(**json.loads(each)) for each in lines]
        self.copies = 0

    def receive(self, way: str, to: str, subject: str, words: str, reference: str) -> int:
        """Keep a message; answers its number, which is that of the first for a copy of it."""
        with self._lock:
            for number, each in enumerate(self._messages, 1):
                if (each.way, each.to, each.reference) == (way, to, reference):
                    self.copies += 1
                    return number
            now = datetime.now(UTC).isoformat(timespec="seconds")
            self._messages.append(Received(way, to, subject, words, reference, now))
            if self._path:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(self._messages[-1])) + "\n")
            return len(self._messages)

    def newest_first(self) -> list[Received]:
        with self._lock:
            return self._messages[::-1]

    def numbered(self, number: int) -> Received | None:
        with self._lock:
            return self._messages[number - 1] if 0 < number <= len(self._messages) else None

    def number_of(self, way: str, reference: str) -> int:
        """The number of the message that its sender knows by this reference; 0 when there is none."""
        with self._lock:
            found = (at for at, each in enumerate(self._messages, 1) if (each.way, each.reference) == (way, reference))
            return next(found, 0)
