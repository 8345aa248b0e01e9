"""What delivering asks of the database: one authority at a time, always by an index, each step guarded."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pymongo import MongoClient

from demo import inbox
from demo.mongod import EmbeddedMongod
from portal.commands.deliver import Rounds
from portal.config import Settings
from portal.domain.contact import Contact, unconfirmed
from portal.domain.moment import Moment
from portal.domain.notice import Notice, NoticeKind, NoticeState
from portal.domain.state import VersionKind
from portal.notify.settings import read_channels
from portal.operations.delivery import Delivery
from portal.store import contacts, notices
from portal.store.database import Database
from tests.asked import (
    ASKED,
    WHOLE,
    WRITES,
    Command,
    Recorder,
    authorities,
    questions,
    transactions,
    unnamed,
    verb_of,
)
from tests.conftest import settings
from tests.listened import app, db, recorder
from tests.store.test_indexes import scans, single
from tests.world import REASONS, World, build_world, now

__all__ = ["app", "db", "recorder", "settings"]  # of a portal of this module's own

ONCE_A_MINUTE = ("distinct", "plans", ())


@pytest.fixture(scope="module")
def asked(app: Flask, db: Database, settings: Settings, recorder: Recorder) -> list[Command]:
    """All that four days of delivering ask: some are reached, some another way, some not at all; one confirms."""
    world = build_world(app, db, settings)
    contacts.keep(db, world.people["parent"], Contact("nadia@example.org", "+447700900123"))
    contacts.keep(db, world.people["caseworker"], Contact("chris@example.org"), unconfirmed("c@d.co", None, now().wall))
    world.issue("manager", VersionKind.DRAFT, **REASONS)
    recorder.commands.clear()
    with inbox.start() as running:
        rounds = Rounds(Delivery(db, read_channels(running.settings), "https://portal.example"))
        for hours in (0, 2, 74, 75, 160):
            at = now().wall + timedelta(hours=hours)
            while rounds.once(Moment(at, at)):
                pass
        assert {each.way for each in running.mailbox.newest_first()} == {"email", "text"}
    return list(recorder.commands)


def test_delivering_asks_authority_by_authority_but_for_which_there_are(asked: list[Command]) -> None:
    assert unnamed(asked) <= {ONCE_A_MINUTE}
    made = transactions(asked)
    assert made
    assert [each for each in made if authorities(each) != {"nmr"}] == []


def test_every_notice_has_an_id_that_begins_with_its_plan(db: Database, asked: list[Command]) -> None:
    found = [each for name in ("notices", "awaited") for each in db[name].find({"authority": "nmr"})]
    assert len(found) > 2
    assert [each["_id"] for each in found if not each["_id"].startswith(f"{each['plan']}:")] == []


def test_whatever_delivering_asks_is_answered_by_an_index(mongod: EmbeddedMongod, db: Database, asked: Any) -> None:
    kinds: dict[object, Command] = {}
    for command in asked:
        if next(iter(command)) in ASKED:
            for one in single(command):
                kinds[tuple((each.verb, each.collection, *each.filter) for each in questions(one))] = one
    assert {"notices", "awaited", "outbox", "openings", "people"} <= {kind[0][1] for kind in kinds if kind}  # type: ignore[index]
    with MongoClient[Command](mongod.uri("root"), tz_aware=True) as client:
        explained = [
            (kind, client[db.name].command("explain", one, verbosity="executionStats")) for kind, one in kinds.items()
        ]
    assert [kind for kind, plan in explained if scans(plan)] == []


def test_what_stays_whole_is_only_who_the_people_are(asked: list[Command]) -> None:
    written = {str(each[verb_of(each)]) for each in asked if verb_of(each) in WRITES}
    assert written & set(WHOLE) == {"people"}


# Guards


@pytest.fixture
def notice(world: World) -> Notice:
    at = now().product
    place = f"{world.plan_id}:notice:1:waits:somebody"
    made = Notice(place, "nmr", world.plan_id, "somebody", NoticeKind.WAITS, at, next=at)
    notices.add(world.db, made)
    return made


def test_a_notice_is_read_back_as_it_was_written(world: World, notice: Notice) -> None:
    assert notices.of_a_plan(world.db, world.plan_id, "somebody") == [notice]
    notices.add(world.db, notice)
    assert len(notices.of_a_plan(world.db, world.plan_id, "somebody")) == 1


def test_entries_that_others_have_told_of_are_told_of_once_even_when_they_were_read_before(world: World) -> None:
    entries = notices.undelivered(world.db, "nmr")[world.plan_id]
    times, _ = notices.awaited(world.db, world.plan_id)
    notices.spread(world.db, world.plan_id, entries, times, {}, ())
    with pytest.raises(notices.SpreadMeanwhile):
        notices.spread(world.db, world.plan_id, entries, times + 1, {}, ())
    with pytest.raises(notices.SpreadMeanwhile):
        notices.spread(world.db, world.plan_id, [], times, {}, ())
    assert notices.awaited(world.db, world.plan_id)[0] == times + 1


def test_of_two_who_saw_the_same_notice_one_changes_it(world: World, notice: Notice) -> None:
    first = replace(notice, next=notice.at + timedelta(minutes=5))
    second = replace(notice, state=NoticeState.FAILED, next=None)
    assert notices.change(world.db, notice, first)
    assert not notices.change(world.db, notice, second)
    assert notices.of_a_plan(world.db, world.plan_id, "somebody") == [first]
