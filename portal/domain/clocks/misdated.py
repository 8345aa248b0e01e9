"""Answers dated before what they answer: a slip of the pen, told from a case whose file begins in the middle."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from portal.domain.clocks.event import Case, Event, Kind

A_YEAR = timedelta(weeks=52)
HALF_A_YEAR = timedelta(weeks=26)
LETTERS = (Kind.DECISION_LETTER_SENT,)
MEDIATION_IS_OVER = (Kind.MEDIATION_ENDED, Kind.MEDIATION_DECLINED, Kind.MEDIATION_NOT_ARRANGED)
REQUEST_IS_OVER = (Kind.ASSESSMENT_REFUSED, Kind.ISSUE_REFUSED, Kind.CEASE_DECIDED)
APPEAL_IS_OVER = (Kind.APPEAL_CONCLUDED, Kind.TRIBUNAL_ORDER)
REVIEW_IS_OVER = (Kind.AMENDED_FINAL_ISSUED, Kind.FINAL_ISSUED)


@dataclass(frozen=True)
class Follows:
    """What an answer follows. A start later than `within`, or after the end of an earlier round, is a new round."""

    starts: tuple[Kind, ...]
    within: timedelta = HALF_A_YEAR
    or_after: tuple[Kind, ...] = ()
    round_ends: tuple[Kind, ...] = ()


FOLLOWS: Mapping[Kind, Follows] = {
    Kind.ASSESSMENT_AGREED: Follows((Kind.REQUEST_RECEIVED,), A_YEAR, APPEAL_IS_OVER, REQUEST_IS_OVER),
    Kind.ASSESSMENT_REFUSED: Follows((Kind.REQUEST_RECEIVED,)),
    Kind.ADVICE_RECEIVED: Follows((Kind.ADVICE_REQUESTED,), timedelta.max),
    Kind.ISSUE_REFUSED: Follows((Kind.REQUEST_RECEIVED,), HALF_A_YEAR, APPEAL_IS_OVER),
    Kind.DRAFT_SERVED: Follows((Kind.REQUEST_RECEIVED,), A_YEAR, APPEAL_IS_OVER, REQUEST_IS_OVER),
    Kind.FINAL_ISSUED: Follows((Kind.REQUEST_RECEIVED,), A_YEAR, APPEAL_IS_OVER, REQUEST_IS_OVER),
    Kind.REASSESSMENT_AGREED: Follows((Kind.REASSESSMENT_REQUESTED,), HALF_A_YEAR, APPEAL_IS_OVER, REVIEW_IS_OVER),
    Kind.REVIEW_REPORT_SENT: Follows((Kind.REVIEW_MEETING_HELD,), HALF_A_YEAR, (), (Kind.REVIEW_DECIDED,)),
    Kind.REVIEW_DECIDED: Follows((Kind.REVIEW_MEETING_HELD,), HALF_A_YEAR, (), REVIEW_IS_OVER),
    Kind.AMENDMENT_NOTICE_SERVED: Follows((Kind.REVIEW_MEETING_HELD,), HALF_A_YEAR, (), REVIEW_IS_OVER),
    Kind.AMENDED_FINAL_ISSUED: Follows(
        (Kind.AMENDMENT_NOTICE_SERVED,),
        HALF_A_YEAR,
        (Kind.REASSESSMENT_AGREED, Kind.TRIBUNAL_ORDER),
        (Kind.REVIEW_MEETING_HELD, Kind.REVIEW_DECIDED),
    ),
    Kind.PLAN_TRANSFERRED: Follows((Kind.MOVED_IN,)),
    Kind.MEDIATION_REQUESTED: Follows(LETTERS, HALF_A_YEAR, (), (*MEDIATION_IS_OVER, *APPEAL_IS_OVER)),
    Kind.MEDIATION_DECLINED: Follows((*LETTERS, Kind.MEDIATION_REQUESTED), HALF_A_YEAR, (), APPEAL_IS_OVER),
    Kind.ICB_NOTIFIED: Follows((Kind.MEDIATION_REQUESTED,), HALF_A_YEAR, (), MEDIATION_IS_OVER),
    Kind.MEDIATION_ENDED: Follows((Kind.MEDIATION_REQUESTED,), HALF_A_YEAR, (), LETTERS),
    Kind.MEDIATION_NOT_ARRANGED: Follows((Kind.MEDIATION_REQUESTED,), HALF_A_YEAR, (), LETTERS),
    Kind.MEDIATION_CERTIFICATE_ISSUED: Follows(MEDIATION_IS_OVER, HALF_A_YEAR, (), LETTERS),
    Kind.APPEAL_LODGED: Follows(LETTERS, HALF_A_YEAR, (), APPEAL_IS_OVER),
    Kind.TRIBUNAL_ORDER: Follows((Kind.APPEAL_LODGED,), HALF_A_YEAR, (), (*LETTERS, *REQUEST_IS_OVER, *REVIEW_IS_OVER)),
    Kind.APPEAL_CONCLUDED: Follows((Kind.APPEAL_LODGED,), HALF_A_YEAR, (), LETTERS),
}


def misdated(case: Case) -> tuple[Event, Event] | None:
    """The first answer that is dated before what it answers, and that; None when every answer may be right."""
    for answer in case.events:
        follows = FOLLOWS.get(answer.kind)
        start = _too_late(case, answer, follows) if follows else None
        if start:
            return answer, start
    return None


def _too_late(case: Case, answer: Event, follows: Follows) -> Event | None:
    starts = [each for each in case.of(*follows.starts) if answer.ref is None or each.ref == answer.ref]
    if any(each.on <= answer.on for each in (*starts, *case.of(*follows.or_after))):
        return None
    start = next(iter(starts), None)
    if start is None or start.on - answer.on > follows.within:
        return None
    between = case.of(*follows.round_ends)
    return None if any(answer.on <= each.on <= start.on and each is not answer for each in between) else start
