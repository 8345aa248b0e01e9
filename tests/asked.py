"""What the portal asks of its database, as it goes over the wire, and which authority each question names."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from pymongo import MongoClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from portal.app import create_app
from portal.config import Settings
from portal.store import database as database_module

Command = dict[str, Any]
Stages = Sequence[Mapping[str, Any]]

# What stays on one machine when everything else is spread by authority (docs/scale.md), and why.
WHOLE = {
    "people": "one person may have a part in several authorities",
    "sessions": "a cookie names no authority",
    "sign_ins": "whoever is half signed on is nobody yet",
    "sign_in_counts": "an address belongs to no authority",
    "logout_tokens": "a provider may know people of several authorities",
    "agencies": "a short list, of which some agencies serve several authorities",
    "jobs": "one short queue, from which the worker takes what has waited longest",
    "checkpoints": "one document a day over all authorities",
    "key_vault": "one key",
    "_migrations": "one list for the whole database",
}
FILTERS = {"find": "filter", "findAndModify": "query", "distinct": "query", "count": "query"}
CHANGES = ("update", "delete")
ASKED = (*FILTERS, *CHANGES, "aggregate")
WRITES = ("insert", "update", "delete", "findAndModify")
# What a client says to the server beside its questions; a cursor goes on where its question began it.
CONVERSATION = {"getMore", "killCursors", "commitTransaction", "abortTransaction", "endSessions", "hello", "ping"}


@dataclass
class Recorder(CommandListener):
    """Every command of one client, as it went over the wire."""

    commands: list[Command] = field(default_factory=list)

    def started(self, event: CommandStartedEvent) -> None:
        if event.command:  # what signs a client on is kept from listeners
            self.commands.append(dict(event.command))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Nothing to note."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Nothing to note."""

    def asked(self, *names: str) -> list[Command]:
        return [each for each in self.commands if verb_of(each) in names]

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Whoever connects meanwhile is heard for as long as the connection is theirs."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(database_module, "MongoClient", functools.partial(MongoClient, event_listeners=[self]))
            yield

    @contextmanager
    def portal(self, settings: Settings) -> Iterator[Flask]:
        """A portal whose every command is written down."""
        with self.listening():
            made = create_app(settings)
        yield made
        made.extensions["database"].close()


@dataclass(frozen=True)
class Question:
    """A verb, the collection it is put to, and the filter: of a command, of each of its changes, of each join in it."""

    verb: str
    collection: str
    filter: Mapping[str, Any]

    @property
    def names_its_authority(self) -> bool:
        """First of all: one authority, or (in a join) those in which the joined person has a part."""
        authority = self.filter.get("authority") if next(iter(self.filter), "") == "authority" else None
        return authority == {"$in": "$authorities"} or (isinstance(authority, str) and bool(authority))

    @property
    def is_excused(self) -> bool:
        return self.collection in WHOLE

    @property
    def shape(self) -> tuple[str, str, tuple[str, ...]]:
        """The question without its values."""
        return self.verb, self.collection, tuple(self.filter)


def verb_of(command: Command) -> str:
    return next(iter(command))


def questions(command: Command) -> Iterator[Question]:
    """All that a command asks. KeyError for a command that nobody has said how to read."""
    verb = verb_of(command)
    collection = str(command[verb])
    if verb == "aggregate":
        yield Question(verb, collection, _match(command["pipeline"]))
        yield from _joins(command["pipeline"])
    elif verb in CHANGES:
        yield from (Question(verb, collection, each["q"]) for each in command[f"{verb}s"])
    elif verb not in (*CONVERSATION, "insert"):
        yield Question(verb, collection, command.get(FILTERS[verb], {}))


def _match(stages: Stages) -> Mapping[str, Any]:
    return stages[0].get("$match", {}) if stages else {}


def _joins(stages: Stages) -> Iterator[Question]:
    """Whatever other collections a pipeline reaches into; only a join can name an authority there."""
    for stage in stages:
        ((name, said),) = stage.items()
        if name == "$lookup":
            inner = said.get("pipeline", [])
            joined = {said["foreignField"]: {"$in": f"${said['localField']}"}} if "foreignField" in said else {}
            yield Question(name, said["from"], {**joined, **_match(inner)})
            yield from _joins(inner)
        elif name == "$unionWith" and "pipeline" in said:
            yield Question(name, said["coll"], _match(said["pipeline"]))
            yield from _joins(said["pipeline"])
        elif name in ("$unionWith", "$graphLookup", "$facet", "$merge", "$out"):
            yield Question(name, str(said), {})


def unnamed(commands: Sequence[Command]) -> set[tuple[str, str, tuple[str, ...]]]:
    """The shapes of all questions that should name an authority and don't."""
    asked = (question for each in commands for question in questions(each))
    return {each.shape for each in asked if not each.is_excused and not each.names_its_authority}


def added(commands: Sequence[Command]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(collection, document) of everything that is inserted."""
    for each in commands:
        if verb_of(each) == "insert":
            yield from ((each["insert"], document) for document in each["documents"])


def transactions(commands: Sequence[Command]) -> list[list[Command]]:
    """The commands of each transaction without what ends it, but of those that only write what stays on one machine."""
    found: dict[object, list[Command]] = {}
    for each in commands:
        if "autocommit" in each and verb_of(each) not in CONVERSATION:
            found.setdefault((bytes(each["lsid"]["id"]), each["txnNumber"]), []).append(each)
    return [one for one in found.values() if any(each[verb_of(each)] not in WHOLE for each in one)]


def authorities(commands: Sequence[Command]) -> set[str]:
    """Every authority that the commands read or write in what is spread by authority."""
    asked = [question for each in commands for question in questions(each) if not question.is_excused]
    written = [document for name, document in added(commands) if name not in WHOLE]
    return {str(each.filter.get("authority")) for each in asked} | {str(each.get("authority")) for each in written}
