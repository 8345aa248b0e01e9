"""Delivering: each notice arrives once, another way where one does not lead there, and nobody is told too often."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from demo.inbox.kept import Mailbox, Received
from demo.inbox.notify_api import SECRET, SERVICE, TEMPLATES
from portal.config import Settings
from portal.domain.contact import Contact, Way, unconfirmed
from portal.domain.moment import Moment
from portal.domain.notice_delivery import MOST_TRIES
from portal.domain.state import VersionKind
from portal.notify.govuk_notify import NotifyChannel, NotifyService
from portal.notify.smtp import MailChannel, MailServer
from portal.operations import notices as operations
from portal.operations import plans, rights
from portal.operations.delivery import Delivery
from portal.store import contacts, notices
from portal.store.database import Database
from tests.at_once import at_once
from tests.conftest import app, db, settings
from tests.fresh import fresh
from tests.notify.faulty import FaultyMail, FaultyNotify, refuses, takes_and_breaks_off
from tests.world import World, build_world, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

EMAIL, MOBILE, ADDRESS = "nadia@example.org", "+447700900123", ("Nadia Rahman", "14 Larch Street", "NE1 4XF")
REASON = "The date is here."
URL = "https://portal.example"


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    """A plan of its own for each test, of which nobody has been told anything and nobody can be but a parent."""
    cast.db["outbox"].update_many({}, {"$set": {"delivered": True}})
    cast.db["notices"].update_many({}, {"$set": {"state": "over", "next": None}})
    cast.db["people"].update_many({}, {"$unset": {"contact": "", "told": "", "unconfirmed": ""}})
    made = fresh(cast, "parent", "other_parent", "caseworker", "therapist", "dco", "social_worker")
    reach(made, "parent", email=EMAIL)
    return made


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mail(mailbox: Mailbox) -> Iterator[FaultyMail]:
    server = FaultyMail(mailbox)
    yield server
    server.stop()


@pytest.fixture
def notify(mailbox: Mailbox) -> Iterator[FaultyNotify]:
    with FaultyNotify(mailbox).running() as running:
        yield running


@pytest.fixture
def delivery(world: World, mail: FaultyMail, notify: FaultyNotify) -> Delivery:
    """Emails by a mail server, texts and letters by Notify: both real, on loopback."""
    service = NotifyService(notify.url, SERVICE, SECRET, {way: TEMPLATES[way.value] for way in (Way.TEXT, Way.LETTER)})
    server = MailServer("127.0.0.1", mail.port, "none", "notices@portal.example")
    channels = {way: NotifyChannel(service, way) for way in service.templates}
    return Delivery(world.db, {**channels, Way.EMAIL: MailChannel(server)}, URL)


def reach(world: World, key: str, **facts: Any) -> None:
    contacts.keep(world.db, world.people[key], Contact(**facts))


def issue(world: World) -> None:
    world.issue("manager", VersionKind.DRAFT, **dict.fromkeys("ABCDEFG", REASON), H1=REASON, H2=REASON)


def later(by: timedelta = timedelta()) -> Moment:
    at = now().wall + by
    return Moment(at, at)


def run(delivery: Delivery, moment: Moment | None = None) -> None:
    moment = moment or later()
    operations.spread(delivery.db, "nmr", moment)
    while delivery.run_once("nmr", moment):
        pass


def sent(mailbox: Mailbox, way: str = "") -> list[Received]:
    return [each for each in reversed(mailbox.newest_first()) if way in ("", each.way)]


def kept(world: World, key: str = "parent") -> list[Any]:
    return notices.of_a_plan(world.db, world.plan_id, world.people[key])


# Who is told what


def test_a_draft_is_told_to_the_family_with_its_last_day_and_without_the_child(
    world: World, delivery: Delivery, mailbox: Mailbox
) -> None:
    issue(world)
    run(delivery)
    (message,) = sent(mailbox)
    day = world.plan().answer_by
    assert day is not None
    assert message.to == EMAIL
    assert f"A draft was shared with you in Golden Thread. You have until {day.day} {day:%B}" in message.words
    assert f"{URL}/worklist" in message.words
    for word in ("Amira", "Rahman", "Larch", world.plan_id, "9990000018"):
        assert word not in repr(message)


def test_what_waits_is_told_once_and_again_only_when_something_new_waits(
    world: World, delivery: Delivery, mailbox: Mailbox
) -> None:
    reach(world, "parent")
    reach(world, "dco", email="jo@example.org")
    run(delivery)
    assert [each.to for each in sent(mailbox)] == ["jo@example.org"]
    world.add("therapist", "C", "needs", need="A hip that tires", effect="It aches.")
    run(delivery, later(timedelta(hours=2)))
    assert len(sent(mailbox)) == 1
    world.client("therapist").post(f"/plans/{world.plan_id}/sections/C/sign-off/hand-over")
    run(delivery, later(timedelta(hours=4)))
    assert len(sent(mailbox)) == 2
    assert "Something waits for you in Golden Thread. Sign in to see it." in sent(mailbox)[1].words


def test_whoever_did_it_is_not_told_of_what_it_brings_them(world: World, delivery: Delivery, mailbox: Mailbox) -> None:
    reach(world, "parent")
    run(delivery)
    world.sign("dco", "C")
    reach(world, "dco", email="jo@example.org")
    run(delivery)
    world.edit("dco", "C", "needs", {"need": "A hip", "effect": "It aches."})
    run(delivery)
    assert sent(mailbox) == []


def test_what_was_done_before_it_could_be_told_is_not_told(world: World, delivery: Delivery, mailbox: Mailbox) -> None:
    reach(world, "parent", email=EMAIL, daily=True)
    operations.spread(world.db, "nmr", later())
    (notice,) = kept(world)
    assert notice.state == "waiting"
    world.add("parent", "A", "aspirations", hope="That friends understand her", whose="child")
    world.sign("parent", "A")
    run(delivery, later(timedelta(days=1)))
    assert sent(mailbox) == []
    assert {each.state for each in kept(world)} == {"over"}


def test_whoever_has_no_part_any_more_is_told_nothing(world: World, delivery: Delivery, mailbox: Mailbox) -> None:
    issue(world)
    operations.spread(world.db, "nmr", later())
    world.end_grants({"authority": "nmr", "person": world.people["parent"], "scope": world.plan_id})
    run(delivery)
    assert sent(mailbox) == []


def test_whoever_wants_no_notices_gets_only_what_the_law_has_served(
    world: World, delivery: Delivery, mailbox: Mailbox
) -> None:
    reach(world, "parent", email=EMAIL, first=None)
    run(delivery)
    assert sent(mailbox) == []
    issue(world)
    run(delivery)
    assert ["draft was shared" in each.words for each in sent(mailbox)] == [True]


def test_a_parent_whom_a_court_keeps_from_the_plan_is_served_nothing(
    world: World, delivery: Delivery, mailbox: Mailbox
) -> None:
    reach(world, "other_parent", email="yusuf@example.org")
    letters = world.plan().standard.letters
    other = world.people["other_parent"]
    rights.limit(world.db, world.actor("manager"), world.plan_id, other, letters, "An order.", now())
    issue(world)
    run(delivery)
    assert [each.to for each in sent(mailbox)] == [EMAIL]


# How often


def test_nobody_is_told_more_than_once_an_hour_and_all_that_gathered_is_one_message(
    world: World, delivery: Delivery, mailbox: Mailbox
) -> None:
    run(delivery)
    assert len(sent(mailbox)) == 1
    others = [fresh(world, "parent"), fresh(world, "parent")]
    run(delivery, later(timedelta(minutes=50)))
    assert len(sent(mailbox)) == 1
    run(delivery, later(timedelta(minutes=61)))
    (_, second) = sent(mailbox)
    assert second.words.startswith("2 things wait for you in Golden Thread")
    found = [each for one in others for each in kept(one)]
    assert {each.state for each in found} == {"sent"}
    assert len({each.message for each in found}) == 1


def test_what_the_law_has_served_waits_for_no_hour(world: World, delivery: Delivery, mailbox: Mailbox) -> None:
    run(delivery)
    issue(world)
    run(delivery)
    assert len(sent(mailbox)) == 2


def test_one_message_a_day_comes_at_eight_in_the_morning(world: World, delivery: Delivery, mailbox: Mailbox) -> None:
    reach(world, "parent", email=EMAIL, daily=True)
    fresh(world, "parent")
    moment = later()
    run(delivery, moment)
    assert sent(mailbox) == []
    run(delivery, Moment(moment.product, moment.wall + timedelta(days=1)))
    (message,) = sent(mailbox)
    assert message.words.startswith("2 things wait")


# What goes wrong


def test_a_mail_server_that_is_away_is_tried_again_and_then_it_arrives_once(
    world: World, delivery: Delivery, mailbox: Mailbox, mail: FaultyMail
) -> None:
    mail.to.extend(["451 try again", "451 try again"])
    issue(world)
    for minutes in (0, 1, 6, 30):
        run(delivery, later(timedelta(minutes=minutes)))
    assert len(sent(mailbox)) == 1
    (notice,) = kept(world)
    assert [each.ended for each in notice.attempts] == ["not_now", "not_now", "taken"]
    assert notice.attempts[0].why == "the mail server answered 451"
    assert len({each.reference for each in notice.attempts}) == 1


def test_an_address_that_is_nobodys_leads_to_the_next_way_at_once(
    world: World, delivery: Delivery, mailbox: Mailbox, mail: FaultyMail
) -> None:
    reach(world, "parent", email=EMAIL, mobile=MOBILE, address=ADDRESS)
    mail.to.append("550 nobody here")
    issue(world)
    run(delivery)
    (message,) = sent(mailbox)
    assert (message.way, message.to) == ("text", MOBILE)
    assert "draft was shared" in message.words
    (notice,) = kept(world)
    assert [(each.way, each.ended) for each in notice.attempts] == [("email", "never"), ("text", "taken")]


def test_a_way_that_fails_for_a_day_and_a_half_is_given_up_for_the_next(
    world: World, delivery: Delivery, mailbox: Mailbox, mail: FaultyMail
) -> None:
    reach(world, "parent", email=EMAIL, address=ADDRESS)
    mail.to.extend(["421 away"] * MOST_TRIES)
    issue(world)
    for hours in range(60):
        run(delivery, later(timedelta(hours=hours)))
    assert [(each.way, each.to) for each in sent(mailbox)] == [("letter", "\n".join(ADDRESS))]
    assert len(kept(world)[0].attempts) == MOST_TRIES + 1


def test_where_no_way_is_left_it_fails_in_sight_and_the_caseworker_is_told(
    world: World, delivery: Delivery, mailbox: Mailbox, mail: FaultyMail
) -> None:
    reach(world, "caseworker", email="chris@example.org", daily=False)
    run(delivery)
    mail.to.append("550 nobody here")
    issue(world)
    run(delivery, later(timedelta(hours=2)))
    run(delivery, later(timedelta(hours=4)))
    assert [each.state for each in kept(world)][:1] == ["failed"]
    told = [each.state for each in kept(world, "caseworker") if each.kind == "untold"]
    assert told == ["sent", "sent"]  # of Nadia, and of Yusuf who gave no way at all
    assert sent(mailbox)[-1].to == "chris@example.org"
    lines = operations.listed(world.db, world.actor("caseworker"), world.plan())
    assert any(each.notice.state == "failed" and each.name == "Nadia Rahman" for each in lines)


def test_a_parent_without_any_way_fails_at_once_and_in_sight(world: World, delivery: Delivery) -> None:
    issue(world)
    run(delivery)
    (notice,) = kept(world, "other_parent")
    assert (notice.kind, notice.state, notice.attempts) == ("draft", "failed", ())


def test_what_notify_took_and_did_not_confirm_is_never_sent_twice(
    world: World, delivery: Delivery, mailbox: Mailbox, notify: FaultyNotify
) -> None:
    reach(world, "parent", mobile=MOBILE, first=Way.TEXT)
    notify.script.append(takes_and_breaks_off)
    issue(world)
    run(delivery)
    (notice,) = kept(world)
    assert notice.attempts[-1].ended == "not_now"
    run(delivery, later(timedelta(minutes=6)))
    assert len(sent(mailbox)) == 1
    assert mailbox.copies == 0
    assert [each for each in notify.asked if each.startswith("POST")] == ["POST /v2/notifications/sms"]
    (notice,) = kept(world)
    assert notice.state == "taken"


@pytest.mark.parametrize("fault", [refuses(429, "RateLimitError"), refuses(500, "x"), refuses(403, "AuthError")])
def test_notify_that_is_busy_or_away_is_asked_again(
    world: World, delivery: Delivery, mailbox: Mailbox, notify: FaultyNotify, fault: Any
) -> None:
    reach(world, "parent", mobile=MOBILE, first=Way.TEXT)
    notify.script.append(fault)
    issue(world)
    run(delivery)
    assert sent(mailbox) == []
    run(delivery, later(timedelta(minutes=6)))
    assert [each.way for each in sent(mailbox)] == ["text"]


def test_that_a_text_arrived_is_asked_for_and_kept_as_evidence(
    world: World, delivery: Delivery, notify: FaultyNotify
) -> None:
    reach(world, "parent", mobile=MOBILE, first=Way.TEXT)
    issue(world)
    run(delivery)
    assert kept(world)[0].state == "taken"
    run(delivery, later(timedelta(minutes=11)))
    (notice,) = kept(world)
    assert (notice.state, notice.attempts[-1].ended) == ("sent", "arrived")


def test_a_process_that_died_in_the_middle_is_taken_over_when_its_lease_is_over(
    world: World, delivery: Delivery, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(world)
    operations.spread(world.db, "nmr", later())

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(MailChannel, "send", die)
    with pytest.raises(KeyboardInterrupt):
        delivery.run_once("nmr", later())
    monkeypatch.undo()
    run(delivery, later(timedelta(minutes=4)))
    assert sent(mailbox) == []
    run(delivery, later(timedelta(minutes=6)))
    assert len(sent(mailbox)) == 1
    assert [each.ended for each in kept(world)[0].attempts] == ["begun", "taken"]


def test_eight_processes_at_once_tell_each_person_once(world: World, delivery: Delivery, mailbox: Mailbox) -> None:
    reach(world, "other_parent", email="yusuf@example.org")
    issue(world)
    assert at_once(*[lambda: run(delivery)] * 8) == []
    run(delivery)
    assert sorted(each.to for each in sent(mailbox)) == [EMAIL, "yusuf@example.org"]
    assert mailbox.copies == 0


# A draft that nobody reads


def test_a_draft_that_was_not_opened_for_three_days_goes_the_next_way(
    world: World, delivery: Delivery, mailbox: Mailbox
) -> None:
    reach(world, "parent", email=EMAIL, mobile=MOBILE, address=ADDRESS)
    issue(world)
    for hours in (0, 71, 73, 73 + 71, 73 + 75, 73 + 75 + 80, 400):
        run(delivery, later(timedelta(hours=hours)))
    assert [each.way for each in sent(mailbox)] == ["email", "text", "letter"]


def test_a_draft_that_was_opened_is_told_no_more(world: World, delivery: Delivery, mailbox: Mailbox) -> None:
    reach(world, "parent", email=EMAIL, mobile=MOBILE)
    issue(world)
    moment = later()
    run(delivery, Moment(moment.product, moment.wall - timedelta(seconds=5)))
    plans.open_plan(world.db, world.actor("parent"), world.plan_id, now())
    run(delivery, later(timedelta(days=4)))
    assert [each.way for each in sent(mailbox)] == ["email"]
    assert kept(world)[0].state == "over"


def test_two_parents_are_followed_up_each_for_themselves(world: World, delivery: Delivery, mailbox: Mailbox) -> None:
    reach(world, "parent", email=EMAIL, mobile=MOBILE)
    reach(world, "other_parent", email="yusuf@example.org", mobile="+447700900456")
    issue(world)
    moment = later()
    run(delivery, Moment(moment.product, moment.wall - timedelta(seconds=5)))
    plans.open_plan(world.db, world.actor("parent"), world.plan_id, now())
    run(delivery, later(timedelta(days=4)))
    assert [each.to for each in sent(mailbox, "text")] == ["+447700900456"]


# Codes


def test_a_code_goes_to_the_address_that_it_confirms_and_once(
    world: World, delivery: Delivery, mailbox: Mailbox
) -> None:
    waits = unconfirmed("new@example.org", None, now().wall)
    contacts.keep(world.db, world.people["parent"], Contact(), waits)
    assert delivery.send_a_code(later())
    assert not delivery.send_a_code(later(timedelta(minutes=30)))
    (message,) = sent(mailbox)
    assert message.to == "new@example.org"
    assert waits.aloud in message.words


def test_a_code_that_could_not_be_sent_is_tried_again_until_it_is_too_late(
    world: World, delivery: Delivery, mailbox: Mailbox, mail: FaultyMail
) -> None:
    waits = unconfirmed("new@example.org", None, now().wall)
    contacts.keep(world.db, world.people["parent"], Contact(), waits)
    mail.to.extend(["451 later"] * 2)
    for minutes in (0, 6, 12, 18):
        delivery.send_a_code(later(timedelta(minutes=minutes)))
    assert len(sent(mailbox)) == 1
    other = replace(waits, email="late@example.org")
    contacts.keep(world.db, world.people["parent"], Contact(), other)
    assert delivery.send_a_code(later(timedelta(hours=3)))
    assert len(sent(mailbox)) == 1


# What is written down


def test_neither_the_notices_nor_the_log_hold_an_address_or_a_name(
    world: World, delivery: Delivery, mail: FaultyMail, caplog: pytest.LogCaptureFixture
) -> None:
    reach(world, "parent", email=EMAIL, mobile=MOBILE, address=ADDRESS)
    mail.to.append("550 nadia@example.org is nobody")
    issue(world)
    run(delivery)
    stored = repr(list(world.db["notices"].find({"authority": "nmr", "plan": world.plan_id})))
    person = repr(world.db["people"].find_one({"_id": world.people["parent"]}))
    for words in (EMAIL, MOBILE, ADDRESS[1]):
        assert words not in stored
        assert words not in person
        assert words not in caplog.text
    assert "Amira" not in stored
    assert "notices did not go by email" in caplog.text
