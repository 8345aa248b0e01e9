"""The days that a rule must find among a case's other events: the meeting, the move, the certificate, the appeal."""

from datetime import date

from portal.domain.clocks.days import (
    after_months,
    after_working_days,
    is_tribunal_day,
    months_beginning_with,
    next_working_day,
)
from portal.domain.clocks.event import Case, Event, Kind

NOTICE_OF_A_MOVE = 15  # working days: SEND Regs 2014 reg 15(2)
TELL_ICB = 3  # working days: SEND Regs 2014 reg 35


def _latest(case: Case, on: date, *kinds: Kind) -> Event | None:
    before = [each for each in case.of(*kinds) if each.on <= on]
    return before[-1] if before else None


def _first(case: Case, on: date, *kinds: Kind) -> Event | None:
    return next((each for each in case.of(*kinds) if each.on >= on), None)


def year_of_transfer(_: Case, event: Event) -> date | None:
    return date(event.numbers["year"], 1, 1)


def transfer(_: Case, event: Event) -> date | None:
    return event.days["starts"]


def meeting_decided_on(case: Case, event: Event) -> date | None:
    """The meeting that a decision follows: the four weeks run from it, not from the report or the decision."""
    meeting = _latest(case, event.on, Kind.REVIEW_MEETING_HELD)
    return meeting.on if meeting else None


def _in_good_time(move: Event) -> bool:
    return move.numbers["notice_working_days"] >= NOTICE_OF_A_MOVE


def move_in_good_time(_: Case, event: Event) -> date | None:
    return event.on if _in_good_time(event) else None


def aware_of_a_late_move(_: Case, event: Event) -> date | None:
    return None if _in_good_time(event) else event.days["aware"]


def transfer_after_a_late_move(case: Case, event: Event) -> date | None:
    move = _latest(case, event.on, Kind.MOVED_IN)
    return None if move and _in_good_time(move) else event.on


def later_of_year_and_quarter(case: Case, event: Event, end: date) -> date | None:
    """SEND Regs 2014 reg 15(5): 12 months from the plan's making or last review, or 3 from its transfer, if later."""
    last = _latest(case, event.on, Kind.FINAL_ISSUED, Kind.REVIEW_DECIDED)
    return max(end, months_beginning_with(last.on, 12)) if last else end


def notice_to_icb(case: Case, event: Event) -> date | None:
    """The day the ICB was told or, until it is, the last day to tell it."""
    told = _first(case, event.on, Kind.ICB_NOTIFIED)
    return told.on if told else after_working_days(event.on, TELL_ICB)


def _letter_of(case: Case, certificate: Event) -> Event | None:
    """The decision a certificate is for: the latest when the mediation adviser was contacted."""
    contact = _latest(case, certificate.on, Kind.MEDIATION_REQUESTED, Kind.MEDIATION_DECLINED)
    letter = _latest(case, contact.on, Kind.DECISION_LETTER_SENT) if contact else None
    return letter or _latest(case, certificate.on, Kind.DECISION_LETTER_SENT)


def last_day_to_appeal(case: Case, event: Event, end: date) -> date | None:
    """The later of two months from the letter and one from its certificate, then the tribunal's next working day."""
    certificates = [each for each in case.of(Kind.MEDIATION_CERTIFICATE_ISSUED) if _letter_of(case, each) == event]
    return next_working_day(max([end, *(after_months(each.on, 1) for each in certificates)]), is_tribunal_day)


def end_of_force(case: Case, event: Event, end: date) -> date | None:
    """CFA 2014 s45(4): the time to appeal against the cease is over, and an appeal that was brought is decided.

    None while an appeal is pending.
    """
    letters = case.of(Kind.DECISION_LETTER_SENT)
    letter = next((each for each in letters if each.says(decision="cease") and each.on >= event.on), None)
    window = last_day_to_appeal(case, letter, after_months(letter.on, 2)) if letter else None
    window = window or next_working_day(end, is_tribunal_day)
    lodged = _first(case, event.on, Kind.APPEAL_LODGED)
    if lodged is None or lodged.on > window:
        return window
    concluded = _first(case, lodged.on, Kind.APPEAL_CONCLUDED, Kind.TRIBUNAL_ORDER)
    return max(window, concluded.on) if concluded else None
