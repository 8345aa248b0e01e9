"""Where a section stands: one word for each thing that can have happened to it."""

from dataclasses import replace

import pytest

from portal.domain.plan import Note, Plan
from portal.domain.section import SectionState, SectionStatus, signed_so_far, status_of
from portal.domain.state import PlanState
from tests.factories import (
    CASEWORKER,
    MANAGER,
    SIGNERS,
    add,
    blank,
    finalising,
    item,
    mark,
    placed,
    sign,
    sign_all,
    signed,
)

NEWEST, OLDER = 2, 1
WRITER, SIGNER, EARLIER = mark("writer", 3), mark("signer", 2), mark("earlier", 1)


def section_b(
    written: bool = True,
    signs: tuple[int, ...] = (),
    handed_over: int | None = None,
    sent_back: int | None = None,
    state: PlanState = PlanState.DRAFTING,
) -> Plan:
    """Section B in its second revision, with sign-offs, a hand-over and a sending back of these revisions."""
    plan = add(blank(), CASEWORKER, "B", "needs", need="Worry")[0] if written else blank()
    plan = plan.with_section("B", revision=NEWEST, hash=b"now", changed=WRITER if written else None)
    sign_offs = tuple(
        replace(signed(each, b"now" if each == NEWEST else b"then"), by=SIGNER if each == NEWEST else EARLIER)
        for each in signs
    )
    notes = {
        name: Note(SIGNER if name == "sent_back" else WRITER, "", revision)
        for name, revision in (("handed_over", handed_over), ("sent_back", sent_back))
        if revision is not None
    }
    return replace(plan.with_section("B", sign_offs=sign_offs, **notes), state=state)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (section_b(written=False), SectionStatus(SectionState.EMPTY)),
        (section_b(written=False, state=PlanState.FINAL), SectionStatus(SectionState.LOCKED)),
        (section_b(written=False, signs=(NEWEST,)), SectionStatus(SectionState.SIGNED, SIGNER)),
        (section_b(written=False, handed_over=NEWEST), SectionStatus(SectionState.HANDED_OVER, WRITER)),
        (section_b(), SectionStatus(SectionState.WRITING, WRITER)),
        (section_b(state=PlanState.FINAL), SectionStatus(SectionState.WRITING, WRITER)),
        (section_b(handed_over=NEWEST), SectionStatus(SectionState.HANDED_OVER, WRITER)),
        (section_b(handed_over=OLDER), SectionStatus(SectionState.WRITING, WRITER)),
        (section_b(sent_back=NEWEST), SectionStatus(SectionState.SENT_BACK, SIGNER)),
        (section_b(sent_back=OLDER), SectionStatus(SectionState.WRITING, WRITER)),
        (section_b(signs=(NEWEST,)), SectionStatus(SectionState.SIGNED, SIGNER)),
        (section_b(signs=(NEWEST,), handed_over=NEWEST), SectionStatus(SectionState.SIGNED, SIGNER)),
        (section_b(signs=(OLDER, NEWEST)), SectionStatus(SectionState.SIGNED, SIGNER)),
        (section_b(signs=(OLDER,)), SectionStatus(SectionState.VOID, WRITER, EARLIER)),
        (section_b(signs=(OLDER,), handed_over=OLDER), SectionStatus(SectionState.VOID, WRITER, EARLIER)),
        (section_b(signs=(OLDER,), handed_over=NEWEST), SectionStatus(SectionState.HANDED_OVER, WRITER, EARLIER)),
        (section_b(signs=(OLDER,), sent_back=NEWEST), SectionStatus(SectionState.SENT_BACK, SIGNER)),
    ],
)
def test_a_section_stands_where_the_last_thing_done_to_it_left_it(plan: Plan, expected: SectionStatus) -> None:
    assert status_of(plan, "B") == expected


def test_the_placement_is_locked_until_the_plan_is_finalised_and_then_open() -> None:
    assert status_of(blank(), "I").state is SectionState.LOCKED
    assert status_of(finalising(), "I").state is SectionState.EMPTY
    assert status_of(placed(), "I").state is SectionState.OPEN


@pytest.mark.parametrize(("letter", "group"), [("J", "budget"), ("K", "advice")])
def test_what_nobody_signs_is_open_once_something_is_written(letter: str, group: str) -> None:
    plan = blank()
    assert status_of(plan, letter).state is SectionState.EMPTY
    content = plan.sections[letter].content
    shape = plan.standard.section(letter).group(group)
    made = item(shape, "one", **{shape.fields[0].name: "Words"})
    assert status_of(plan.with_section(letter, content=content.with_item(made)), letter).state is SectionState.OPEN


def test_the_count_of_signed_sections_leaves_the_familys_agreement_apart() -> None:
    plan = blank()
    assert signed_so_far(plan) == (0, 8)
    assert signed_so_far(sign(plan, SIGNERS["A"], "A")) == (0, 8)
    assert signed_so_far(sign(plan, MANAGER, "E")) == (1, 8)
    assert signed_so_far(sign_all(plan)) == (8, 8)
