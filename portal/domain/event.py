"""What can happen to a plan: one list of past-tense kinds for the chain, the outbox and the clocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.domain.hashing import Value


class EventKind(StrEnum):
    """What people do to a plan's words and readers, then what happens in the statutory process."""

    PLAN_STARTED = "plan_started"  # a record begun without its request
    SECTION_EDITED = "section_edited"
    WORDS_SET_ASIDE = "words_set_aside"
    CONVERSATION_OPENED = "conversation_opened"
    CONVERSATION_CONTINUED = "conversation_continued"
    CONVERSATION_ANSWERED = "conversation_answered"
    CONVERSATION_WITHDRAWN = "conversation_withdrawn"
    SUGGESTION_ACCEPTED = "suggestion_accepted"
    SECTION_HANDED_OVER = "section_handed_over"
    SECTION_SENT_BACK = "section_sent_back"
    SECTION_SIGNED = "section_signed"
    SIGN_OFF_WITHDRAWN = "sign_off_withdrawn"
    REPRESENTATIONS_RECEIVED = "representations_received"
    REPRESENTATION_MADE = "representation_made"
    REPRESENTATION_ANSWERED = "representation_answered"
    SETTING_REPLIED = "setting_replied"
    ORDERED_WORDS_PINNED = "ordered_words_pinned"
    ORDERED_WORDS_SET_ASIDE = "ordered_words_set_aside"
    PLAN_CEASED = "plan_ceased"
    FINALISING_BEGUN = "finalising_begun"
    AMENDING_BEGUN = "amending_begun"
    AMENDING_ENDED = "amending_ended"  # the council decided not to amend: the words in force stand again
    REVIEW_ADVICE_GIVEN = "review_advice_given"
    REVIEW_ADVICE_CIRCULATED = "review_advice_circulated"
    REVIEW_RECORDED = "review_recorded"
    PERSON_INVITED = "person_invited"
    INVITATION_ACCEPTED = "invitation_accepted"
    GRANT_GIVEN = "grant_given"
    GRANT_HANDED_OVER = "grant_handed_over"
    GRANT_ENDED = "grant_ended"
    READERS_REVIEWED = "readers_reviewed"
    RIGHTS_RECORDED = "rights_recorded"
    TWIN_WRITTEN = "twin_written"
    TWIN_CHECKED = "twin_checked"
    TWIN_CHECKER_NAMED = "twin_checker_named"
    ADVICE_PASSED_ON = "advice_passed_on"
    ADVICE_CHASED = "advice_chased"
    ADVICE_DECLINED = "advice_declined"
    ADVICE_REUSE_AGREED = "advice_reuse_agreed"
    ADVICE_CORRECTED = "advice_corrected"
    ADVICE_TAKEN = "advice_taken"
    LETTER_SENT = "letter_sent"  # of a decision that can be appealed: decision_letter_sent
    HOLD_PLACED = "hold_placed"
    HOLD_RELEASED = "hold_released"
    DESTRUCTION_CONFIRMED = "destruction_confirmed"
    DESTRUCTION_ORDERED = "destruction_ordered"
    # The statutory process, in the order of a case: the clocks count from these (clocks/event.py).
    REQUEST_RECEIVED = "request_received"
    ASSESSMENT_AGREED = "assessment_agreed"
    ASSESSMENT_REFUSED = "assessment_refused"
    ADVICE_REQUESTED = "advice_requested"
    ADVICE_RECEIVED = "advice_received"
    ISSUE_REFUSED = "issue_refused"
    DRAFT_SERVED = "draft_served"
    SETTING_CONSULTED = "setting_consulted"
    FINAL_ISSUED = "final_issued"
    REASSESSMENT_REQUESTED = "reassessment_requested"
    REASSESSMENT_AGREED = "reassessment_agreed"
    REVIEW_MEETING_PLANNED = "review_meeting_planned"
    REVIEW_NOTICE_SENT = "review_notice_sent"
    REVIEW_MEETING_HELD = "review_meeting_held"
    REVIEW_REPORT_SENT = "review_report_sent"
    REVIEW_DECIDED = "review_decided"
    AMENDMENT_NOTICE_SERVED = "amendment_notice_served"
    AMENDED_FINAL_ISSUED = "amended_final_issued"
    PHASE_TRANSFER = "phase_transfer"
    MOVED_IN = "moved_in"
    PLAN_TRANSFERRED = "plan_transferred"
    DECISION_LETTER_SENT = "decision_letter_sent"
    MEDIATION_REQUESTED = "mediation_requested"
    ICB_NOTIFIED = "icb_notified"
    MEDIATION_DECLINED = "mediation_declined"
    MEDIATION_ENDED = "mediation_ended"
    MEDIATION_NOT_ARRANGED = "mediation_not_arranged"
    MEDIATION_CERTIFICATE_ISSUED = "mediation_certificate_issued"
    APPEAL_LODGED = "appeal_lodged"
    APPEAL_CONCLUDED = "appeal_concluded"
    TRIBUNAL_ORDER = "tribunal_order"
    HEALTH_RECOMMENDATION = "health_recommendation"
    CEASE_DECIDED = "cease_decided"
    SUBJECT_ACCESS_REQUEST = "subject_access_request"
    BREACH_FOUND = "breach_found"
    EXEMPTION = "exemption"
    EVENT_CORRECTED = "event_corrected"


_KINDS = tuple(EventKind)
STATUTORY = _KINDS[_KINDS.index(EventKind.REQUEST_RECEIVED) : _KINDS.index(EventKind.EXEMPTION) + 1]
# Each makes a revision of the section that it names. Advice that came on paper names none.
CHANGING = (
    EventKind.SECTION_EDITED,
    EventKind.SUGGESTION_ACCEPTED,
    EventKind.ADVICE_RECEIVED,
    EventKind.ADVICE_CORRECTED,
    EventKind.ADVICE_TAKEN,
)


@dataclass(frozen=True)
class Event:
    """One entry of a plan's chain, before it is numbered and hashed. `facts` names nobody and holds no free text."""

    kind: EventKind
    section: str = ""
    revision: int = 0
    hash: bytes = b""
    facts: Mapping[str, Value] = field(default_factory=dict)
    # A reason, an answer, a signer's sign-on: kept beside the chain as content; only its salted hash stands on it.
    beside: Mapping[str, Value] = field(default_factory=dict)
