"""When a notice is tried, tried again, sent another way and given up: rules that hold whatever goes wrong."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import notice_delivery as rules
from portal.domain.contact import Contact, Way
from portal.domain.moment import ENGLAND, Moment
from portal.domain.notice import Notice, NoticeKind, NoticeState
from tests.factories import AUTHORITY, PLAN_ID, modest

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
CONTACT = Contact("nadia@example.org", "+447700900123", ("Nadia", "14 Larch Street", "NE1 4XF"))


def notice(kind: NoticeKind = NoticeKind.DRAFT) -> Notice:
    return Notice(f"{PLAN_ID}:notice:7:{kind.value}:nadia", AUTHORITY, PLAN_ID, "nadia", kind, NOON, next=NOON)


def attempt(before: Notice, contact: Contact, wall: datetime) -> Notice:
    way = rules.way_of(before, contact)
    assert way is not None
    return rules.begun(before, before.message or rules.reference_of(before, way), way, wall)


@modest
@given(st.lists(st.booleans(), max_size=40), st.sets(st.sampled_from(list(Way)), min_size=1))
def test_whatever_goes_wrong_every_way_is_tried_and_then_it_fails_in_sight(faults: list[bool], there: set[Way]) -> None:
    """`faults` says of each attempt whether it might do later; after them it never does."""
    contact, found, wall = CONTACT.only(there), notice(), NOON
    for later in [*faults, *[False] * 3]:
        if found.state is NoticeState.FAILED:
            break
        found = attempt(found, contact, wall)
        after = (rules.not_now if later else rules.never)(found, "a fault", contact, wall)
        assert after.next is None or after.next >= wall
        found, wall = after, after.next or wall
    assert found.state is NoticeState.FAILED
    assert {each.way for each in found.attempts} == there
    assert len(found.attempts) <= rules.MOST_TRIES * len(there)


@modest
@given(st.integers(1, rules.MOST_TRIES - 1))
def test_pauses_grow_and_one_way_keeps_one_reference(tries: int) -> None:
    found, wall, pauses = notice(), NOON, []
    for _ in range(tries):
        found = rules.not_now(attempt(found, CONTACT, wall), "busy", CONTACT, wall)
        assert found.next is not None
        pauses.append(found.next - wall)
        wall = found.next
    assert pauses == sorted(pauses)
    assert pauses[0] == rules.FIRST_PAUSE
    assert max(pauses) <= rules.LONGEST_PAUSE
    assert len({each.reference for each in found.attempts}) == 1


def test_another_way_has_another_reference_so_that_no_provider_takes_it_for_a_copy() -> None:
    first = attempt(notice(), CONTACT, NOON)
    second = attempt(rules.never(first, "nobody", CONTACT, NOON), CONTACT, NOON)
    assert second.attempts[0].reference != second.attempts[1].reference
    assert not rules.was_tried(second)


def test_the_same_way_again_may_have_been_taken_already() -> None:
    first = attempt(notice(), CONTACT, NOON)
    assert not rules.was_tried(first)
    assert rules.was_tried(attempt(rules.not_now(first, "broken off", CONTACT, NOON), CONTACT, NOON))


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_only_a_draft_and_a_letter_are_looked_at_again_three_days_after_they_were_sent(kind: NoticeKind) -> None:
    sent = rules.taken(attempt(notice(kind), CONTACT, NOON), "1", False, Moment(NOON, NOON))
    assert sent.state is NoticeState.SENT
    assert sent.next == (NOON + timedelta(days=3) if kind in (NoticeKind.DRAFT, NoticeKind.LETTER) else None)


def test_a_draft_that_is_not_read_goes_every_way_there_is_and_then_stays_sent() -> None:
    found, moment = notice(), Moment(NOON, NOON)
    ways = []
    for _ in range(3):
        found = rules.taken(attempt(found, CONTACT, NOON), "1", False, moment)
        ways.append(found.attempts[-1].way)
        found = rules.unread(found, CONTACT, NOON)
    assert ways == [Way.EMAIL, Way.TEXT, Way.LETTER]
    assert (found.state, found.next) == (NoticeState.SENT, None)


@modest
@given(st.timedeltas(timedelta(), timedelta(days=365)))
def test_one_notice_a_day_comes_at_the_next_eight_o_clock_in_england(since: timedelta) -> None:
    wall = NOON + since
    first = rules.first_time(replace(CONTACT, daily=True), NoticeKind.WAITS, wall)
    there = first.astimezone(ENGLAND)
    assert (there.hour, there.minute) == (rules.DIGEST_HOUR, 0)
    assert wall <= first <= wall + timedelta(hours=25)


@pytest.mark.parametrize("kind", [NoticeKind.DRAFT, NoticeKind.FINAL, NoticeKind.ALERT])
def test_what_can_not_wait_does_not_wait_for_the_morning(kind: NoticeKind) -> None:
    assert rules.first_time(replace(CONTACT, daily=True), kind, NOON) == NOON


def test_whoever_wants_nothing_is_still_served() -> None:
    nothing = replace(CONTACT, first=None)
    assert {each for each in NoticeKind if rules.wants(nothing, each)} == {
        NoticeKind.DRAFT,
        NoticeKind.FINAL,
        NoticeKind.AMENDMENT,
        NoticeKind.LETTER,
    }
