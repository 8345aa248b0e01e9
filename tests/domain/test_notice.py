"""Who is to be told of what has happened: what is new to them, what they are served, and nothing of their own doing."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from portal.domain.actor import WHOLE_CASELOAD, Actor, Role
from portal.domain.conversation import Awaited as For
from portal.domain.conversation import ConversationKind, OpenConversation
from portal.domain.notice import Awaited, Happened, NoticeKind, ToTell, to_tell, waits_for
from portal.domain.plan import Plan
from portal.domain.reasoned_reading import EMERGENCY_OPENED
from tests.factories import (
    CASEWORKER,
    CLINICAL_OFFICER,
    MANAGER,
    PARENT,
    START,
    THERAPIST,
    actor,
    final,
    finalising,
    mark,
    with_draft,
    written,
)

EVERYBODY = (PARENT, CASEWORKER, MANAGER, CLINICAL_OFFICER, THERAPIST)
OFFICER = actor(Role.AUDITOR, scope=WHOLE_CASELOAD)
EDITED = Happened("7", "section_edited", START)
SERVED = Happened("8", "draft_served", START)
ISSUED = Happened("9", "final_issued", START)


def awaited(plan: Plan, people: Sequence[Actor] = EVERYBODY) -> Awaited:
    return {each.person: waits_for(plan, each) for each in people}


def told(plan: Plan, *happened: Happened, before: Awaited | None = None, by: str = "", **more: object) -> list[ToTell]:
    people = more.get("people", EVERYBODY)
    assert isinstance(people, tuple)
    return list(to_tell(plan, happened, people, before or {}, by))


def test_nobody_is_told_twice_of_one_thing_that_waits() -> None:
    plan = written()
    first = told(plan, EDITED)
    assert {each.person for each in first} >= {PARENT.person, CASEWORKER.person}
    assert told(plan, EDITED, before=awaited(plan)) == []


def test_whoever_did_the_last_thing_is_not_told_of_what_it_brings_them() -> None:
    plan = written()
    assert PARENT.person not in {each.person for each in told(plan, EDITED, by=PARENT.person)}


def test_a_draft_is_served_on_the_family_by_its_last_day_and_on_nobody_else() -> None:
    plan = with_draft()
    found = [each for each in told(plan, EDITED, SERVED) if each.is_served]
    assert found == [ToTell(PARENT.person, NoticeKind.DRAFT, SERVED, plan.answer_by)]


def test_the_same_parent_is_not_also_told_that_something_waits() -> None:
    assert [each.kind for each in told(with_draft(), SERVED) if each.person == PARENT.person] == [NoticeKind.DRAFT]


def test_a_draft_that_was_overtaken_is_served_on_nobody() -> None:
    assert not any(each.is_served for each in told(finalising(), SERVED))
    kinds = {each.kind for each in told(final(), SERVED, ISSUED) if each.is_served}
    assert kinds == {NoticeKind.FINAL}


def test_an_emergency_is_told_to_the_data_protection_officer_alone() -> None:
    emergency = Happened(f"{EMERGENCY_OPENED}:1", EMERGENCY_OPENED, START)
    found = told(written(), emergency, before=awaited(written()), people=(*EVERYBODY, OFFICER))
    assert found == [ToTell(OFFICER.person, NoticeKind.ALERT, emergency)]


@pytest.mark.parametrize("role", list(Role))
def test_nobody_without_a_part_in_the_plan_is_told_anything(role: Role) -> None:
    outside = actor(role, scope="nmr-fedcba9876543210")
    assert told(with_draft(), EDITED, SERVED, people=(outside,)) == []


def test_what_was_done_and_waits_again_is_told_again() -> None:
    plan = written()
    before = awaited(plan)
    shorter = {**before, CLINICAL_OFFICER.person: frozenset[str]()}
    assert {each.person for each in told(plan, EDITED, before=shorter)} == {CLINICAL_OFFICER.person}


def test_a_message_that_waits_for_somebody_is_told_to_them() -> None:
    plan = written()
    waits = For(THERAPIST.person, THERAPIST.name)
    said = OpenConversation(9, ConversationKind.MESSAGE, "B", "", mark(), mark(), waits)
    found = told(replace(plan, conversations=(said,)), EDITED, before=awaited(plan))
    assert [(each.person, each.kind) for each in found] == [(THERAPIST.person, NoticeKind.WAITS)]
