"""The statutory clocks as dated rows, each with its regulation; docs/clocks.md tells them in words."""
# ruff: noqa: E501  (a row of the law stands on one line where it can)

from datetime import date

from portal.domain.clocks import reckoning
from portal.domain.clocks.event import OTHER_TIME, PHASES_BY_YEAR, Kind
from portal.domain.clocks.length import (
    before,
    days,
    days_beginning_with,
    hours,
    month_to_a_working_day,
    months,
    months_before,
    months_beginning_with,
    same_working_day,
    weeks,
    weeks_before,
    working_days,
    working_days_beginning_with,
)
from portal.domain.clocks.name import Clock
from portal.domain.clocks.rule import Answer, Matching, Rule

DATA_PROTECTION = date(2018, 5, 25)  # Data Protection Act 2018, and the UK GDPR's predecessor
RECOMMENDATIONS = date(2018, 4, 3)  # the national trial under SI 2017/1306


def _letter(decision: str) -> Answer:
    return Answer(Kind.DECISION_LETTER_SENT, {"decision": decision})


AGREED = Answer(Kind.ASSESSMENT_AGREED)
REFUSED = (Answer(Kind.ASSESSMENT_REFUSED), _letter("refuse_assessment"))
NO_PLAN = (Answer(Kind.ISSUE_REFUSED), _letter("refuse_plan"))
DRAFT = Answer(Kind.DRAFT_SERVED)
FINAL = Answer(Kind.FINAL_ISSUED)
AMENDED = (Answer(Kind.AMENDED_FINAL_ISSUED), _letter("no_amendment"))
DECIDED = Answer(Kind.REVIEW_DECIDED)
MAINTAINED = Answer(Kind.REVIEW_DECIDED, {"outcome": "maintain"})
HELD = Answer(Kind.REVIEW_MEETING_HELD)
CEASED = (Answer(Kind.CEASE_DECIDED),)
TRANSFERRED = Answer(Kind.PLAN_TRANSFERRED)
DECLINED = Answer(Kind.MEDIATION_DECLINED)
MEDIATED = Answer(Kind.MEDIATION_ENDED)
NOT_ARRANGED = Answer(Kind.MEDIATION_NOT_ARRANGED)
CERTIFICATE = Answer(Kind.MEDIATION_CERTIFICATE_ISSUED)
LODGED = Answer(Kind.APPEAL_LODGED)
SECONDARY = {"phase": "secondary_to_post16"}
OTHER_PHASES = {"phase": tuple(each for each in PHASES_BY_YEAR if each != "secondary_to_post16")}

ASSESSMENT = (
    Rule(Clock.DECIDE_TO_ASSESS, Kind.REQUEST_RECEIVED, weeks(6), "SEND Regs 2014 reg 5(1)", met=(AGREED, *REFUSED)),
    Rule(Clock.NOTIFY_NO_PLAN, Kind.REQUEST_RECEIVED, weeks(16), "SEND Regs 2014 reg 10(1)", met=NO_PLAN, ended=(*REFUSED, DRAFT, FINAL)),
    Rule(Clock.DRAFT_TARGET, Kind.REQUEST_RECEIVED, weeks(16), "SEND Code of Practice 2015 paras 9.39 to 9.44", met=(DRAFT,), ended=(*REFUSED, *NO_PLAN, FINAL)),
    Rule(Clock.FINAL_PLAN, Kind.REQUEST_RECEIVED, weeks(20), "SEND Regs 2014 reg 13(2)", met=(FINAL,), ended=(*REFUSED, *NO_PLAN)),
    Rule(Clock.ADVICE, Kind.ADVICE_REQUESTED, weeks(6), "SEND Regs 2014 reg 8(1)", met=(Answer(Kind.ADVICE_RECEIVED),), ended=(*REFUSED, *NO_PLAN, FINAL, AMENDED[0])),
    Rule(Clock.COMMENT_ON_DRAFT, Kind.DRAFT_SERVED, days_beginning_with(15), "SEND Regs 2014 reg 13(1)"),
    Rule(Clock.SETTING_REPLY, Kind.SETTING_CONSULTED, days(15), "SEND Code of Practice 2015 para 9.83", ended=(*NO_PLAN, FINAL, AMENDED[0])),
    Rule(Clock.DECIDE_TO_REASSESS, Kind.REASSESSMENT_REQUESTED, days(15), "SEND Regs 2014 reg 25(1)", met=(Answer(Kind.REASSESSMENT_AGREED), _letter("refuse_reassessment")), ended=CEASED),
    Rule(Clock.REASSESSED_FINAL, Kind.REASSESSMENT_AGREED, weeks(14), "SEND Regs 2014 reg 27(2)", met=(FINAL, AMENDED[0]), ended=CEASED),
)  # fmt: skip

REVIEW = (
    Rule(Clock.FIRST_REVIEW, Kind.FINAL_ISSUED, months_beginning_with(12), "CFA 2014 s44(1)(a)", met=(DECIDED,), ended=(*CEASED, TRANSFERRED)),
    Rule(Clock.NEXT_REVIEW, Kind.REVIEW_DECIDED, months_beginning_with(12), "CFA 2014 s44(1)(b)", met=(DECIDED,), ended=(*CEASED, TRANSFERRED)),
    Rule(Clock.REVIEW_NOTICE, Kind.REVIEW_MEETING_PLANNED, weeks_before(2), "SEND Regs 2014 regs 20 and 21", met=(Answer(Kind.REVIEW_NOTICE_SENT),), ended=(HELD, *CEASED), matching=Matching.NEXT_MEETING),
    Rule(Clock.REVIEW_ADVICE_CIRCULATED, Kind.REVIEW_MEETING_PLANNED, weeks_before(2), "SEND Regs 2014 regs 20 and 21", ended=(HELD, *CEASED), matching=Matching.NEXT_MEETING),
    Rule(Clock.REVIEW_REPORT, Kind.REVIEW_MEETING_HELD, weeks(2), "SEND Regs 2014 regs 20 and 21", met=(Answer(Kind.REVIEW_REPORT_SENT),), ended=(DECIDED, *CEASED)),
    Rule(Clock.REVIEW_DECISION, Kind.REVIEW_MEETING_HELD, weeks(4), "SEND Regs 2014 reg 20(10)", met=(DECIDED,), ended=CEASED),
    Rule(Clock.AMENDMENT_NOTICE, Kind.REVIEW_DECIDED, weeks(4), "SEND Regs 2014 regs 20(10) and 22; R (L, M, P) v Devon [2022] EWHC 493 (Admin)", met=(Answer(Kind.AMENDMENT_NOTICE_SERVED),), ended=(*AMENDED, *CEASED), when={"outcome": "amend"}, counts_from=reckoning.meeting_decided_on),
    Rule(Clock.AMENDED_FINAL_LONGSTOP, Kind.REVIEW_DECIDED, weeks(12), "R (L, M, P) v Devon [2022] EWHC 493 (Admin)", met=AMENDED, ended=CEASED, when={"outcome": "amend"}, counts_from=reckoning.meeting_decided_on),
    Rule(Clock.COMMENT_ON_AMENDMENTS, Kind.AMENDMENT_NOTICE_SERVED, days_beginning_with(15), "SEND Regs 2014 reg 22(2)(c)"),
    Rule(Clock.AMENDED_FINAL, Kind.AMENDMENT_NOTICE_SERVED, weeks(8), "SEND Regs 2014 reg 22(3) and (4)", met=AMENDED, ended=CEASED),
)  # fmt: skip

NAMED = (*AMENDED, FINAL, MAINTAINED)
TRANSFER = (
    Rule(Clock.PHASE_TRANSFER, Kind.PHASE_TRANSFER, before(2, 15, "15 February"), "SEND Regs 2014 reg 18(1)(b)", met=NAMED, ended=CEASED, when=OTHER_PHASES, counts_from=reckoning.year_of_transfer, starts_with_event=True),
    Rule(Clock.PHASE_TRANSFER, Kind.PHASE_TRANSFER, before(5, 31, "31 May"), "SEND Regs 2014 reg 18(3)", met=NAMED, ended=CEASED, when=SECONDARY, counts_from=reckoning.year_of_transfer, starts_with_event=True),
    Rule(Clock.PHASE_TRANSFER, Kind.PHASE_TRANSFER, before(3, 31, "31 March"), "SEND Regs 2014 reg 18(1)(a)", met=NAMED, ended=CEASED, when=SECONDARY, counts_from=reckoning.year_of_transfer, starts_with_event=True, since=date(2016, 1, 1)),
    Rule(Clock.PHASE_TRANSFER, Kind.PHASE_TRANSFER, months_before(5), "SEND Regs 2014 reg 18(2)", met=NAMED, ended=CEASED, when={"phase": OTHER_TIME}, counts_from=reckoning.transfer, starts_with_event=True),
    Rule(Clock.TRANSFER_OF_PLAN, Kind.MOVED_IN, same_working_day(), "SEND Regs 2014 reg 15(2)", met=(TRANSFERRED,), where="with 15 working days' notice", counts_from=reckoning.move_in_good_time),
    Rule(Clock.TRANSFER_OF_PLAN, Kind.MOVED_IN, working_days_beginning_with(15), "SEND Regs 2014 reg 15(2)", met=(TRANSFERRED,), where="with less notice", counts_from=reckoning.aware_of_a_late_move),
    Rule(Clock.TELL_FAMILY_AFTER_MOVE, Kind.MOVED_IN, weeks(6), "SEND Regs 2014 reg 15(4)", where="with 15 working days' notice", counts_from=reckoning.move_in_good_time),
    Rule(Clock.TELL_FAMILY_AFTER_MOVE, Kind.PLAN_TRANSFERRED, weeks(6), "SEND Regs 2014 reg 15(4)", where="with less notice", counts_from=reckoning.transfer_after_a_late_move),
    Rule(Clock.REVIEW_AFTER_MOVE, Kind.MOVED_IN, months_beginning_with(3), "SEND Regs 2014 reg 15(5)", met=(DECIDED,), ended=CEASED, where="with 15 working days' notice", counts_from=reckoning.move_in_good_time, settles=reckoning.later_of_year_and_quarter),
    Rule(Clock.REVIEW_AFTER_MOVE, Kind.PLAN_TRANSFERRED, months_beginning_with(3), "SEND Regs 2014 reg 15(5)", met=(DECIDED,), ended=CEASED, where="with less notice", counts_from=reckoning.transfer_after_a_late_move, settles=reckoning.later_of_year_and_quarter),
)  # fmt: skip

REDRESS = (
    Rule(Clock.CONTACT_MEDIATION, Kind.DECISION_LETTER_SENT, months(2), "SEND Regs 2014 reg 33", met=(Answer(Kind.MEDIATION_REQUESTED), DECLINED, CERTIFICATE), ended=(LODGED,), matching=Matching.LATEST_START),
    Rule(Clock.APPEAL, Kind.DECISION_LETTER_SENT, months(2), "Tribunal Procedure (HESC) Rules 2008 rr 12 and 20", met=(LODGED,), matching=Matching.LATEST_START, settles=reckoning.last_day_to_appeal),
    Rule(Clock.TELL_ICB_OF_MEDIATION, Kind.MEDIATION_REQUESTED, working_days(3), "SEND Regs 2014 reg 35", met=(Answer(Kind.ICB_NOTIFIED),), ended=(DECLINED, MEDIATED, NOT_ARRANGED, CERTIFICATE)),
    Rule(Clock.MEDIATION, Kind.MEDIATION_REQUESTED, days(30), "SEND Regs 2014 reg 37", met=(MEDIATED,), ended=(DECLINED, NOT_ARRANGED, CERTIFICATE), when={"scope": "all"}),
    Rule(Clock.MEDIATION, Kind.MEDIATION_REQUESTED, days(30), "SEND Regs 2014 reg 36", met=(MEDIATED,), ended=(DECLINED, NOT_ARRANGED, CERTIFICATE), when={"scope": "health_only"}, counts_from=reckoning.notice_to_icb),
    Rule(Clock.MEDIATION_CERTIFICATE, Kind.MEDIATION_DECLINED, working_days(3), "SEND Regs 2014 reg 34", met=(CERTIFICATE,)),
    Rule(Clock.MEDIATION_CERTIFICATE, Kind.MEDIATION_ENDED, working_days(3), "SEND Regs 2014 reg 38", met=(CERTIFICATE,)),
    Rule(Clock.MEDIATION_CERTIFICATE, Kind.MEDIATION_NOT_ARRANGED, working_days(3), "SEND Regs 2014 reg 39", met=(CERTIFICATE,)),
    Rule(Clock.ORDER_ASSESS_DECISION, Kind.TRIBUNAL_ORDER, weeks(2), "SEND Regs 2014 reg 44(2)(b)", met=(AGREED, Answer(Kind.REASSESSMENT_AGREED)), when={"order": "assess"}),
    Rule(Clock.ORDER_NO_PLAN, Kind.TRIBUNAL_ORDER, weeks(10), "SEND Regs 2014 reg 44(2)(b)(i)", met=NO_PLAN, ended=(DRAFT, FINAL, AMENDED[0]), when={"order": "assess"}),
    Rule(Clock.ORDER_FINAL, Kind.TRIBUNAL_ORDER, weeks(14), "SEND Regs 2014 reg 44(2)(b)(ii)", met=(FINAL, AMENDED[0]), ended=NO_PLAN, when={"order": "assess"}),
    Rule(Clock.ORDER_DRAFT, Kind.TRIBUNAL_ORDER, weeks(5), "SEND Regs 2014 reg 44(2)(c)(i)", met=(DRAFT,), ended=(FINAL,), when={"order": "make_plan"}),
    Rule(Clock.ORDER_FINAL, Kind.TRIBUNAL_ORDER, weeks(11), "SEND Regs 2014 reg 44(2)(c)(ii)", met=(FINAL,), when={"order": "make_plan"}),
    Rule(Clock.ORDER_AMEND, Kind.TRIBUNAL_ORDER, weeks(5), "SEND Regs 2014 reg 44(2)(e)", met=(AMENDED[0],), ended=CEASED, when={"order": "amend"}),
    Rule(Clock.ORDER_PLACEMENT, Kind.TRIBUNAL_ORDER, weeks(2), "SEND Regs 2014 reg 44(2)(f)", met=(AMENDED[0],), ended=CEASED, when={"order": "amend_placement_name"}),
    Rule(Clock.REPLY_TO_RECOMMENDATION, Kind.HEALTH_RECOMMENDATION, weeks(5), "SEND (First-tier Tribunal Recommendations Power) Regs 2017", since=RECOMMENDATIONS),
    Rule(Clock.PLAN_IN_FORCE_UNTIL, Kind.CEASE_DECIDED, months(2), "CFA 2014 s45(4)", settles=reckoning.end_of_force),
)  # fmt: skip

RECORDS = (
    Rule(Clock.SUBJECT_ACCESS_REPLY, Kind.SUBJECT_ACCESS_REQUEST, month_to_a_working_day(), "UK GDPR art 12(3)", since=DATA_PROTECTION),
    Rule(Clock.BREACH_NOTICE, Kind.BREACH_FOUND, hours(72), "UK GDPR art 33(1)", since=DATA_PROTECTION),
)  # fmt: skip

RULES = (*ASSESSMENT, *REVIEW, *TRANSFER, *REDRESS, *RECORDS)
