"""What can happen next in a case: by its stage, and by what there is to answer."""

from collections.abc import Mapping

from portal.domain.clocks.event import Case, Event, Kind
from portal.domain.clocks.misdated import FOLLOWS
from portal.domain.clocks.stage import Stage, stage
from portal.domain.hashing import Value

# Put on record by the act itself, never by hand.
ISSUED_HERE = (Kind.DRAFT_SERVED, Kind.FINAL_ISSUED, Kind.AMENDMENT_NOTICE_SERVED, Kind.AMENDED_FINAL_ISSUED)
# Known before its day: a meeting, a move, a closure of the school.
AHEAD = (Kind.REVIEW_MEETING_PLANNED, Kind.MOVED_IN, Kind.EXEMPTION)
ADVICE = (Kind.ADVICE_REQUESTED, Kind.ADVICE_RECEIVED, Kind.SETTING_CONSULTED)
REVIEW = (Kind.REVIEW_MEETING_PLANNED, Kind.REVIEW_NOTICE_SENT, Kind.REVIEW_MEETING_HELD)
NEXT: Mapping[Stage, tuple[Kind, ...]] = {
    Stage.NOT_BEGUN: (Kind.REQUEST_RECEIVED, Kind.MOVED_IN),
    Stage.REQUESTED: (Kind.ASSESSMENT_AGREED, Kind.ASSESSMENT_REFUSED),
    Stage.REFUSED: (Kind.REQUEST_RECEIVED, Kind.ASSESSMENT_AGREED),
    Stage.ASSESSING: (*ADVICE, Kind.ISSUE_REFUSED),
    Stage.NO_PLAN: (Kind.REQUEST_RECEIVED,),
    Stage.DRAFTING: (*ADVICE, Kind.ISSUE_REFUSED),
    Stage.MAINTAINED: (*REVIEW, Kind.REASSESSMENT_REQUESTED, Kind.REASSESSMENT_AGREED, Kind.CEASE_DECIDED),
    Stage.REVIEWING: (*REVIEW, Kind.REVIEW_REPORT_SENT, Kind.REVIEW_DECIDED),
    Stage.AMENDING: (Kind.REVIEW_REPORT_SENT, Kind.SETTING_CONSULTED),
    Stage.CEASING: (),
}
# At any stage, once there is what they answer (misdated.py).
WHENEVER = (
    Kind.EXEMPTION,
    Kind.PHASE_TRANSFER,
    Kind.MOVED_IN,
    Kind.PLAN_TRANSFERRED,
    Kind.DECISION_LETTER_SENT,
    Kind.MEDIATION_REQUESTED,
    Kind.ICB_NOTIFIED,
    Kind.MEDIATION_DECLINED,
    Kind.MEDIATION_ENDED,
    Kind.MEDIATION_NOT_ARRANGED,
    Kind.MEDIATION_CERTIFICATE_ISSUED,
    Kind.APPEAL_LODGED,
    Kind.APPEAL_CONCLUDED,
    Kind.TRIBUNAL_ORDER,
    Kind.HEALTH_RECOMMENDATION,
    Kind.SUBJECT_ACCESS_REQUEST,
    Kind.BREACH_FOUND,
)


def possible(case: Case) -> tuple[Kind, ...]:
    """What a council can put on record now, the most likely first."""
    likely = [each for each in NEXT[stage(case)] if each is not Kind.ADVICE_RECEIVED or outstanding(case)]
    if not case.of(Kind.REQUEST_RECEIVED) and Kind.REQUEST_RECEIVED not in likely:
        likely.append(Kind.REQUEST_RECEIVED)
    return tuple(dict.fromkeys([*likely, *(each for each in WHENEVER if _has_what_it_answers(case, each))]))


def _has_what_it_answers(case: Case, kind: Kind) -> bool:
    follows = FOLLOWS.get(kind)
    return follows is None or bool(case.of(*follows.starts, *follows.or_after))


def outstanding(case: Case) -> dict[str, Event]:
    """The advice that was asked for and has not come, by its ref."""
    given = {(each.ref, each.on) for each in case.of(Kind.ADVICE_RECEIVED)}
    asked = {each.ref or "": each for each in case.of(Kind.ADVICE_REQUESTED)}
    return {ref: each for ref, each in asked.items() if not any(ref == came and on >= each.on for came, on in given)}


def next_ref(case: Case, kind: Kind, facts: Mapping[str, Value]) -> str:
    """A new ref where an event starts something that is answered by it: a letter of the field, and a number."""
    if kind is Kind.SETTING_CONSULTED:
        letter = "s"
    elif kind is Kind.ADVICE_REQUESTED:
        letter = str(facts.get("advice", ""))
    else:
        return ""
    taken = {each.ref for each in case.of(kind)}
    return next(f"{letter}{number}" for number in range(1, len(taken) + 2) if f"{letter}{number}" not in taken)
