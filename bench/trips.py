"""`python -m bench.trips` prints what a page, a save and a list ask of the database: round trips and bytes each way."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

import bson
from flask import Flask
from flask.testing import FlaskClient
from pymongo import MongoClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from bench import seed
from bench.load import WrongAnswer
from bench.prose import Writer
from bench.run import TOKEN
from bench.stage import Stage, stage
from bench.works import Words
from portal.app import create_app
from portal.config import read_settings
from portal.store import database

PLANS = 60


@dataclass
class Counter(CommandListener):
    """How many commands went to the server, and how many bytes of BSON went and came."""

    trips: int = 0
    sent: int = 0
    came: int = 0

    def started(self, event: CommandStartedEvent) -> None:
        self.trips += 1
        self.sent += len(bson.encode(event.command))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        self.came += len(bson.encode(event.reply))

    def failed(self, event: CommandFailedEvent) -> None:
        """A command that fails has gone all the same."""

    @contextmanager
    def over(self, what: str) -> Iterator[None]:
        self.trips = self.sent = self.came = 0
        yield
        print(f"{what:48}{self.trips:>6}{self.sent:>10,}{self.came:>10,}")


def main() -> None:
    with stage() as on:
        db = on.database("trips")
        person, plans = seed.caseworkers(db, 1)[0], seed.plans(db, Writer(1), PLANS)
        counter = Counter()
        app = _app(on, counter)
        http = app.test_client()
        http.set_cookie("golden_thread_session", person.cookie)
        print(f"{'':48}{'trips':>6}{'sent':>10}{'came':>10}")
        _measure(http, counter, plans[0])
        app.extensions["database"].close()


def _measure(http: FlaskClient, counter: Counter, plan: seed.Written) -> None:
    address = f"/plans/{plan.id}"
    found = TOKEN.search(http.get("/help").text)
    assert found
    for what in ("a plan's page, new to this process", "a plan's page, remembered"):
        with counter.over(what):
            _must(http.get(address).status_code)
    words, token = Words(1), found.group(1)
    for revision, what in enumerate(("a save, the first on this connection", "a save of 600 words"), plan.revision):
        form = {"csrf_token": token, "request_id": words.request_id(), "revision": str(revision), **words.next()}
        fields = {"area": "communication", "need": "Being understood by others", **form}
        with counter.over(what):
            path = f"{address}/sections/B/items/needs/{plan.need}"
            _must(http.post(path, data=fields, headers={"HX-Request": "true"}).status_code)
    for what, path in {"a section": "/sections/F", "the history": "/history", "what is new": "/unread"}.items():
        with counter.over(what):
            _must(http.get(address + path).status_code)
    with counter.over("a page of 50 of a whole caseload"):
        _must(http.get("/worklist").status_code)


def _app(on: Stage, counter: Counter) -> Flask:
    listening = functools.partial(MongoClient, event_listeners=[counter])
    with patch.object(database, "MongoClient", listening):
        return create_app(read_settings(on.environment("trips")))


def _must(status: int) -> None:
    if status != 200:
        raise WrongAnswer(f"answered {status}")


if __name__ == "__main__":
    main()
