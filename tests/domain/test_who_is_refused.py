"""Rules that refuse where no page offers the act: each is asked outright, by somebody who may do nearly as much."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from portal.domain import sign_off
from portal.domain.access import Part, must_give
from portal.domain.actor import WHOLE_CASELOAD, Actor, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.decision import Decision
from portal.domain.error import NotAllowed
from portal.domain.plan import Plan
from portal.domain.reading import read
from portal.domain.state import PlanState
from tests.factories import (
    AUTHORITY,
    CASEWORKER,
    CLINICAL_OFFICER,
    MANAGER,
    PARENT,
    PLAN_ID,
    SENCO,
    THERAPIST,
    at,
    blank,
    grant,
    sign,
    with_grants,
)

Act = Callable[[Plan, Actor], Decision | None]
SETTLED: dict[str, tuple[Actor, Act]] = {
    "hand over": (CASEWORKER, lambda plan, who: sign_off.hand_over(plan, who, "I", at())),
    "send back": (MANAGER, lambda plan, who: sign_off.send_back(plan, who, "I", "Look again.", at())),
    "sign": (MANAGER, lambda plan, who: sign_off.sign(plan, who, "I", 0, plan.sections["I"].hash.hex(), at())),
    "withdraw": (MANAGER, lambda plan, who: sign_off.withdraw(plan, who, "I", "Not yet.", at())),
}


@pytest.mark.parametrize("act", SETTLED)
def test_a_section_that_is_settled_when_the_plan_is_issued_is_not_signed_off_by_itself(act: str) -> None:
    who, tried = SETTLED[act]
    with pytest.raises(NotAllowed, match="settled by the manager"):
        tried(replace(blank(), state=PlanState.FINALISING), who)


def test_whoever_gives_some_parts_on_a_plan_is_told_which_are_not_theirs_to_give() -> None:
    giver = with_grants("giver", grant(Role.SEN_MANAGER, "giver", scope=WHOLE_CASELOAD))
    council = Agency(giver.grants[0].agency, "A council", AgencyKind.COUNCIL, AUTHORITY)
    assert must_give(giver, "somebody", Part(Role.SEN_CASEWORKER, council, WHOLE_CASELOAD, AUTHORITY))
    with pytest.raises(NotAllowed, match="not yours to give"):
        must_give(giver, "somebody", Part(Role.AUDITOR, council, WHOLE_CASELOAD, AUTHORITY))


def test_whoever_may_no_longer_sign_is_not_offered_to_take_back_what_they_signed() -> None:
    signed = sign(blank(), PARENT, "A")
    assert read(signed, PARENT, {}).sections["A"].may_withdraw
    limited = with_grants(PARENT.person, grant(Role.ADVOCATE, PARENT.person))
    assert not read(signed, limited, {}).sections["A"].may_withdraw


def test_whoever_gives_nothing_is_not_told_what_is_wrong_with_a_part() -> None:
    giver = with_grants("giver", grant(Role.PARENT, "giver"))
    family = Agency("family", "Family", AgencyKind.FAMILY, "")
    with pytest.raises(NotAllowed, match="do not give parts here"):
        must_give(giver, "somebody", Part(Role.SEN_MANAGER, family, PLAN_ID, AUTHORITY))


@pytest.mark.parametrize(
    ("who", "signs"),
    [(PARENT, "A"), (MANAGER, "BEF"), (CLINICAL_OFFICER, "CG"), (THERAPIST, ""), (CASEWORKER, ""), (SENCO, "")],
)
def test_only_whoever_signs_a_section_is_offered_to(who: Actor, signs: str) -> None:
    offered = [letter for letter, each in read(blank(), who, {}).sections.items() if each.may_sign]
    assert offered == list(signs)
