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
    """As in a process that has just begun: no plan, revision, page or card is remembered. Afterwards all of it is."""
    kept, db = world.app.extensions, world.db
    before = kept["kept"], kept["cards"], db.plans, db.contents
    kept["kept"], kept["cards"], db.plans, db.contents = Memory(400), Memory(4000), Memory(256), Memory(4000)
    yield
    kept["kept"], kept["cards"], db.plans, db.contents = before


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
