"""What the tests of memory share: a portal that remembers nothing, another day, a part that ended, a page's words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import g
from werkzeug.test import TestResponse

from portal.domain.moment import Moment
from portal.memory import Memory
from portal.web import current
from tests.blueprints.page import bytes_of
from tests.world import World, now

REQUEST_ID = re.compile(r'(name="request_id" value=")[^"]*')


def says(answer: TestResponse) -> str:
    """All of a page but for what is new each time: the form token, and the ids of its forms."""
    return REQUEST_ID.sub(r"\1", bytes_of(answer))


@contextmanager
def remembering_nothing(world: World) -> Iterator[None]:
    """As in a process that has just begun: no plan, page or part of one is remembered. Afterwards all of it is."""
    pieces, db = ("kept", "cards", "parts", "readings"), world.db
    stored = ("plans", "contents", "signatures", "visited", "asked", "askers")
    before = {name: world.app.extensions[name] for name in pieces}, {name: getattr(db, name) for name in stored}
    world.app.extensions.update({name: Memory(4000) for name in pieces})
    for name in stored:
        setattr(db, name, Memory(4000))
    yield
    world.app.extensions.update(before[0])
    for name, memory in before[1].items():
        setattr(db, name, memory)


@contextmanager
def a_day_later(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same portal tomorrow by the product's clock; sessions go by the wall's."""

    def later() -> Moment:
        if "moment" not in g:
            at = now()
            g.moment = Moment(at.product + timedelta(days=1), at.wall)
        found: Moment = g.moment
        return found

    with monkeypatch.context() as patch:
        patch.setattr(current, "moment", later)
        yield


def end_parts(world: World, key: str, role: str = "") -> None:
    """End what somebody was given in the plan: all of it, or by one role."""
    place = {"authority": "nmr", "person": world.people[key], "scope": world.plan_id} | ({"role": role} if role else {})
    assert world.end_grants(place)
