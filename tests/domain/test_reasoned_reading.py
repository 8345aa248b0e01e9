"""Reasoned readings: who may ask, what must be said, how long it lasts, and when a family is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady, StepUpNeeded
from portal.domain.moment import Moment, local_day
from portal.domain.permission import Permission, allows, may_edit_item, sees_version
from portal.domain.reasoned_reading import (
    EMERGENCY_ROLES,
    LASTS,
    LONGEST_DELAY,
    Asked,
    ReadingKind,
    ReasonedReading,
    acknowledge,
    audit,
    delay,
    emergency,
    end,
    part_opened_by,
    reads_only,
    show,
)
from portal.domain.state import VersionKind
from tests.factories import AUTHORITY, PLAN_ID, START, blank, grant, with_grants

PLAN = blank()
OTHER_PLAN = "nmr-0000000000000009"
MOMENT = Moment(START, START)
WHY = "A nurse has to know which medicine."
ASKED = Asked("medical", WHY)
CHECK = Asked("check", "The yearly check of ten records.")
ACTS = [each for each in Permission if each not in (Permission.PLAN_VIEW, Permission.PLAN_HISTORY)]


def officer(role: Role, scope: str = OTHER_PLAN, authority: str = AUTHORITY, person: str = "reader") -> Actor:
    """Somebody who signed on this moment, with one part."""
    part = replace(grant(role, person), scope=scope, authority=authority)
    return replace(with_grants(person, part), auth_time=int(START.timestamp()))


AUDITOR = officer(Role.AUDITOR, WHOLE_CASELOAD, person="auditor")


def begun(asked: Asked = ASKED) -> ReasonedReading:
    return emergency(PLAN, officer(Role.DESIGNATED_CLINICAL_OFFICER), asked, MOMENT)


def on_day(days: int) -> Moment:
    return Moment(START + timedelta(days=days), START + timedelta(days=days))


@pytest.mark.parametrize("role", Role)
def test_three_roles_open_a_plan_of_their_authority_in_an_emergency_and_nobody_else(role: Role) -> None:
    if role in EMERGENCY_ROLES:
        found = emergency(PLAN, officer(role), ASKED, MOMENT)
        assert (found.kind, found.role, found.until - found.by.at) == (ReadingKind.EMERGENCY, role, LASTS)
    else:
        with pytest.raises(NotFound):
            emergency(PLAN, officer(role, WHOLE_CASELOAD), ASKED, MOMENT)
    with pytest.raises(NotFound):
        emergency(PLAN, officer(role, authority="sfl"), ASKED, MOMENT)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.AUDITOR, Role.PLATFORM_ADMIN}))
def test_only_the_auditor_reads_to_check_and_every_other_reader_is_told_so(role: Role) -> None:
    reader = officer(role, PLAN_ID)
    if allows(reader, Permission.PLAN_VIEW, PLAN):
        with pytest.raises(NotAllowed):
            audit(PLAN, reader, CHECK, MOMENT)


def test_an_administrator_of_the_platform_is_told_of_no_plan() -> None:
    for scope in (PLAN_ID, WHOLE_CASELOAD):
        with pytest.raises(NotFound):
            audit(PLAN, officer(Role.PLATFORM_ADMIN, scope), CHECK, MOMENT)


def test_an_auditor_reads_with_a_reason_and_keeps_nothing_from_the_family() -> None:
    assert audit(PLAN, AUDITOR, CHECK, MOMENT).until == START + LASTS
    with pytest.raises(Invalid):
        audit(PLAN, AUDITOR, replace(CHECK, delay=7, delay_reason=WHY), MOMENT)
    with pytest.raises(Invalid):
        audit(PLAN, AUDITOR, ASKED, MOMENT)


@given(st.text(alphabet=st.characters(categories=["L", "N", "Zs"]), max_size=1100))
def test_a_reason_has_from_10_to_1000_characters_that_say_something(words: str) -> None:
    asked = replace(ASKED, reason=words)
    if 10 <= len(words.strip()) <= 1000:
        assert begun(asked).reason == words
        return
    with pytest.raises(Invalid) as refusal:
        begun(asked)
    assert set(refusal.value.errors) == {"reason"}


@pytest.mark.parametrize(("minutes", "fresh"), [(0, True), (15, True), (16, False), (600, False)])
def test_an_emergency_asks_who_proved_who_they_are_within_15_minutes(minutes: int, fresh: bool) -> None:
    reader = officer(Role.SEN_MANAGER)
    reader = replace(reader, auth_time=reader.auth_time - 60 * minutes)
    if fresh:
        assert emergency(PLAN, reader, ASKED, MOMENT)
    else:
        with pytest.raises(StepUpNeeded):
            emergency(PLAN, reader, ASKED, MOMENT)


def test_what_is_wrong_is_said_before_anybody_is_sent_to_prove_who_they_are() -> None:
    reader = replace(officer(Role.SEN_MANAGER), auth_time=0)
    with pytest.raises(Invalid):
        emergency(PLAN, reader, replace(ASKED, reason="Short"), MOMENT)


# What it opens


def reading_part(kind: str = "emergency") -> Grant:
    return replace(grant(Role.AUDITOR, "reader"), scope=PLAN_ID, until=START + LASTS, reading=kind)


@pytest.mark.parametrize("kind", ReadingKind)
def test_a_reading_opens_all_words_and_versions_and_carries_no_act(kind: ReadingKind) -> None:
    reader = with_grants("reader", reading_part(kind))
    for letter in PLAN.standard.letters:
        assert allows(reader, Permission.SECTION_VIEW, PLAN, letter)
        assert all(sees_version(reader, PLAN, letter, each) for each in VersionKind)
        done = [each for each in ACTS if each is not Permission.SECTION_VIEW and allows(reader, each, PLAN, letter)]
        assert done == []
        for group in PLAN.standard.section(letter).groups:
            assert not may_edit_item(reader, PLAN, letter, group, None)
    assert reads_only(reader, PLAN_ID, AUTHORITY)


def test_an_auditor_without_a_reason_reads_no_section() -> None:
    for letter in PLAN.standard.letters:
        assert not allows(AUDITOR, Permission.SECTION_VIEW, PLAN, letter)
        assert not any(sees_version(AUDITOR, PLAN, letter, each) for each in VersionKind)


def test_who_has_a_part_of_their_own_does_more_than_read_and_is_noted_by_the_reading() -> None:
    reader = with_grants("reader", grant(Role.AUDITOR, "reader"), reading_part("audit"))
    assert not reads_only(reader, PLAN_ID, AUTHORITY)
    assert not reads_only(with_grants("reader"), PLAN_ID, AUTHORITY)
    part = part_opened_by(reader, PLAN)
    assert part is not None
    assert part.reading == "audit"


def test_an_administrator_who_reads_in_an_emergency_only_reads() -> None:
    platform = replace(grant(Role.PLATFORM_ADMIN, "reader"), scope=WHOLE_CASELOAD)
    assert reads_only(with_grants("reader", platform, reading_part()), PLAN_ID, AUTHORITY)


# How it ends


@given(st.integers(min_value=-3600, max_value=7200))
def test_it_is_live_from_its_first_moment_for_sixty_minutes(seconds: int) -> None:
    assert begun().is_live(START + timedelta(seconds=seconds)) == (0 <= seconds < 3600)


def test_its_reader_ends_it_sooner_never_later_and_nobody_ends_anothers() -> None:
    reader = officer(Role.DESIGNATED_CLINICAL_OFFICER)
    soon, late = (Moment(START, START + timedelta(minutes=each)) for each in (5, 90))
    assert end(begun(), reader, soon).until == soon.wall
    assert end(begun(), reader, late) == begun()
    with pytest.raises(NotFound):
        end(begun(), AUDITOR, soon)


# What a family is told


@given(st.integers(min_value=-2, max_value=60), st.integers(min_value=0, max_value=70))
def test_a_delay_lasts_at_most_28_days_and_ends_by_itself(days: int, later: int) -> None:
    asked = replace(ASKED, delay=days, delay_reason=WHY if days else "")
    if not 0 <= days <= LONGEST_DELAY:
        with pytest.raises(Invalid):
            begun(asked)
        return
    hidden = begun(asked).is_kept_from_the_family(local_day(on_day(later).wall))
    assert hidden == (later < days)


def test_the_officer_renews_a_delay_or_ends_it_and_what_is_over_is_not_begun_again() -> None:
    kept = begun(replace(ASKED, delay=7, delay_reason=WHY))
    renewed = delay(kept, AUDITOR, 28, WHY, on_day(6))
    assert renewed.is_kept_from_the_family(local_day(on_day(33).wall))
    shown = show(renewed, AUDITOR, "She is safe now.", on_day(8))
    assert not shown.is_kept_from_the_family(local_day(on_day(8).wall))
    for over, moment in ((shown, on_day(8)), (kept, on_day(7))):
        with pytest.raises(NotReady):
            delay(over, AUDITOR, 7, WHY, moment)
        with pytest.raises(NotReady):
            show(over, AUDITOR, "Again.", moment)


def test_the_officer_may_begin_a_delay_that_the_reader_did_not_think_of() -> None:
    assert delay(begun(), AUDITOR, 14, WHY, MOMENT).is_kept_from_the_family(MOMENT.today)


def test_only_the_officer_of_the_whole_caseload_sees_to_it_and_never_to_their_own_use() -> None:
    acts: tuple[Callable[[Actor], object], ...] = (
        lambda actor: acknowledge(begun(), actor, "Checked.", MOMENT),
        lambda actor: delay(begun(), actor, 7, WHY, MOMENT),
        lambda actor: show(begun(replace(ASKED, delay=7, delay_reason=WHY)), actor, "Safe.", MOMENT),
    )
    others = [officer(each, WHOLE_CASELOAD) for each in set(Role) - {Role.AUDITOR}]
    others += [officer(Role.AUDITOR, PLAN_ID), officer(Role.AUDITOR, WHOLE_CASELOAD, "sfl")]
    others += [officer(Role.AUDITOR, WHOLE_CASELOAD)]  # the very person who read
    for act in acts:
        assert act(AUDITOR)
        for each in others:
            with pytest.raises(NotAllowed):
                act(each)


def test_an_alert_is_seen_to_once_with_a_note() -> None:
    seen = acknowledge(begun(), AUDITOR, "I phoned the ward.", MOMENT)
    assert seen.seen is not None
    assert (seen.seen.by.person, seen.seen.words) == ("auditor", "I phoned the ward.")
    with pytest.raises(NotReady):
        acknowledge(seen, AUDITOR, "Again.", MOMENT)
    for words in ("", "  \n", "x" * 1001):
        with pytest.raises(Invalid):
            acknowledge(begun(), AUDITOR, words, MOMENT)
