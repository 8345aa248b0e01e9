"""The names of the clocks, as everybody outside knows them."""

from enum import StrEnum


class Clock(StrEnum):
    """One statutory limit, in the order of a case."""

    DECIDE_TO_ASSESS = "decide_to_assess"
    ADVICE = "advice"
    NOTIFY_NO_PLAN = "notify_no_plan"
    DRAFT_TARGET = "draft_target"
    COMMENT_ON_DRAFT = "comment_on_draft"
    SETTING_REPLY = "setting_reply"
    FINAL_PLAN = "final_plan"
    DECIDE_TO_REASSESS = "decide_to_reassess"
    REASSESSED_FINAL = "reassessed_final"
    FIRST_REVIEW = "first_review"
    NEXT_REVIEW = "next_review"
    REVIEW_NOTICE = "review_notice"
    REVIEW_ADVICE_CIRCULATED = "review_advice_circulated"
    REVIEW_REPORT = "review_report"
    REVIEW_DECISION = "review_decision"
    AMENDMENT_NOTICE = "amendment_notice"
    COMMENT_ON_AMENDMENTS = "comment_on_amendments"
    AMENDED_FINAL = "amended_final"
    AMENDED_FINAL_LONGSTOP = "amended_final_longstop"
    PHASE_TRANSFER = "phase_transfer"
    TRANSFER_OF_PLAN = "transfer_of_plan"
    TELL_FAMILY_AFTER_MOVE = "tell_family_after_move"
    REVIEW_AFTER_MOVE = "review_after_move"
    CONTACT_MEDIATION = "contact_mediation"
    TELL_ICB_OF_MEDIATION = "tell_icb_of_mediation"
    MEDIATION = "mediation"
    MEDIATION_CERTIFICATE = "mediation_certificate"
    APPEAL = "appeal"
    ORDER_ASSESS_DECISION = "order_assess_decision"
    ORDER_NO_PLAN = "order_no_plan"
    ORDER_FINAL = "order_final"
    ORDER_DRAFT = "order_draft"
    ORDER_AMEND = "order_amend"
    ORDER_PLACEMENT = "order_placement"
    REPLY_TO_RECOMMENDATION = "reply_to_recommendation"
    PLAN_IN_FORCE_UNTIL = "plan_in_force_until"
    SUBJECT_ACCESS_REPLY = "subject_access_reply"
    BREACH_NOTICE = "breach_notice"


# What an answer's or an exemption's `ref` can choose among.
WITH_REF = (Clock.ADVICE, Clock.SETTING_REPLY)

# Time that is left to the family, and a day before which nothing may happen: nobody is late when it is over.
NOBODY_IS_LATE = (Clock.COMMENT_ON_DRAFT, Clock.COMMENT_ON_AMENDMENTS, Clock.PLAN_IN_FORCE_UNTIL)
