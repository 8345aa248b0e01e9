"""What can happen to a plan: one list of past-tense kinds for the chain, the outbox and the clocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.domain.hashing import Value


class EventKind(StrEnum):
    """The first group is written by this product today; the statutory process adds its own kinds here."""

    PLAN_STARTED = "plan_started"
    SECTION_EDITED = "section_edited"
    WORDS_SET_ASIDE = "words_set_aside"
    SECTION_HANDED_OVER = "section_handed_over"
    SECTION_SENT_BACK = "section_sent_back"
    SECTION_SIGNED = "section_signed"
    SIGN_OFF_WITHDRAWN = "sign_off_withdrawn"
    DRAFT_SERVED = "draft_served"
    REPRESENTATIONS_RECEIVED = "representations_received"
    FINALISING_BEGUN = "finalising_begun"
    FINAL_ISSUED = "final_issued"
    PERSON_INVITED = "person_invited"
    INVITATION_ACCEPTED = "invitation_accepted"
    GRANT_GIVEN = "grant_given"
    GRANT_HANDED_OVER = "grant_handed_over"
    GRANT_ENDED = "grant_ended"
    READERS_REVIEWED = "readers_reviewed"
    RIGHTS_RECORDED = "rights_recorded"
    HOLD_PLACED = "hold_placed"
    HOLD_RELEASED = "hold_released"
    DESTRUCTION_CONFIRMED = "destruction_confirmed"
    DESTRUCTION_ORDERED = "destruction_ordered"


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
