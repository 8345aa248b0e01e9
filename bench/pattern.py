"""The pattern of a save: the very documents that the product writes, so that the floor writes the same."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bson
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

Document = dict[str, Any]
WRITES = ("insert", "update", "delete", "findAndModify")


class Heard(CommandListener):
    """Keeps the writes of transactions that changed something, as they went over the wire."""

    def __init__(self) -> None:
        self.writes: list[Document] = []
        self._begun: dict[int, Document] = {}

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in WRITES and event.command.get("autocommit") is False:
            self._begun[event.request_id] = dict(event.command)

    def succeeded(self, event: CommandSucceededEvent) -> None:
        command = self._begun.pop(event.request_id, None)
        if command and event.reply.get("n"):
            self.writes.append(write_of(command))

    def failed(self, event: CommandFailedEvent) -> None:
        self._begun.pop(event.request_id, None)


def write_of(command: Mapping[str, Any]) -> Document:
    """One write without its transaction; ValueError for a kind that the floor does not know."""
    if "insert" in command:
        return {"insert": command["insert"], "documents": list(command["documents"])}
    if "update" in command:
        changes = [{"q": dict(each["q"]), "u": dict(each["u"])} for each in command["updates"]]
        return {"update": command["update"], "updates": changes}
    raise ValueError("The product's save writes in a way that the floor does not know.")


def filled(value: Any, marks: Mapping[Any, Any]) -> Any:
    """A copy with each marked number, hash and piece of text replaced, in keys' values as deep as they go."""
    if isinstance(value, dict):
        return {key: filled(part, marks) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, marks) for part in value]
    if isinstance(value, str):
        for old, new in marks.items():
            if isinstance(old, str) and old in value:
                value = value.replace(old, new)
        return value
    if isinstance(value, int | bytes) and not isinstance(value, bool):
        return marks.get(value, value)
    return value


def keep(path: Path, pattern: Document) -> None:
    path.write_bytes(bson.encode(pattern))


def kept(path: Path) -> Document:
    found: Document = bson.decode(path.read_bytes())
    return found
