"""Where a case stands, read from its events: the last of them that moves it says so."""

from collections.abc import Mapping
from enum import StrEnum

from portal.domain.clocks.event import Case, Kind


class Stage(StrEnum):
    """The state of a case between its first request and its end."""

    NOT_BEGUN = "not_begun"
    REQUESTED = "requested"
    REFUSED = "refused"
    ASSESSING = "assessing"
    NO_PLAN = "no_plan"
    DRAFTING = "drafting"
    MAINTAINED = "maintained"
    REVIEWING = "reviewing"
    AMENDING = "amending"
    CEASING = "ceasing"


MOVES: Mapping[Kind, Stage] = {
    Kind.REQUEST_RECEIVED: Stage.REQUESTED,
    Kind.ASSESSMENT_REFUSED: Stage.REFUSED,
    Kind.ASSESSMENT_AGREED: Stage.ASSESSING,
    Kind.ISSUE_REFUSED: Stage.NO_PLAN,
    Kind.DRAFT_SERVED: Stage.DRAFTING,
    Kind.FINAL_ISSUED: Stage.MAINTAINED,
    Kind.REASSESSMENT_AGREED: Stage.ASSESSING,
    Kind.REVIEW_MEETING_HELD: Stage.REVIEWING,
    Kind.AMENDMENT_NOTICE_SERVED: Stage.AMENDING,
    Kind.AMENDED_FINAL_ISSUED: Stage.MAINTAINED,
    Kind.CEASE_DECIDED: Stage.CEASING,
}
OUTCOMES = {"maintain": Stage.MAINTAINED, "amend": Stage.AMENDING, "cease": Stage.CEASING}
ORDERS = {"assess": Stage.ASSESSING, "make_plan": Stage.DRAFTING}


def stage(case: Case) -> Stage:
    found = Stage.NOT_BEGUN
    for each in case.events:
        if each.kind is Kind.REVIEW_DECIDED:
            found = OUTCOMES[each.words["outcome"]]
        elif each.kind is Kind.TRIBUNAL_ORDER:
            found = ORDERS.get(each.words["order"], Stage.AMENDING)
        elif each.kind is Kind.DECISION_LETTER_SENT and found is Stage.AMENDING and each.says(decision="no_amendment"):
            found = Stage.MAINTAINED  # SEND Regs 2014 reg 22(4)
        elif each.kind is Kind.PLAN_TRANSFERRED and found is Stage.NOT_BEGUN:
            found = Stage.MAINTAINED  # SEND Regs 2014 reg 15(3): as if it had been made here
        else:
            found = MOVES.get(each.kind, found)
    return found
