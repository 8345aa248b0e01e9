"""The states a plan passes through and the kinds of version that can be issued from it."""

from enum import StrEnum


class PlanState(StrEnum):
    DRAFTING = "drafting"
    DRAFT_ISSUED = "draft_issued"
    FINALISING = "finalising"
    FINAL = "final"
    AMENDING = "amending"
    CEASED = "ceased"


class VersionKind(StrEnum):
    DRAFT = "draft"
    FINAL = "final"
    PROPOSED_AMENDMENT = "proposed_amendment"
    AMENDED_FINAL = "amended_final"
    TRIBUNAL_ORDERED = "tribunal_ordered"


STATE_WORDS = {
    PlanState.DRAFTING: "Being written",
    PlanState.DRAFT_ISSUED: "Draft, shared with the family",
    PlanState.FINALISING: "Being finalised",
    PlanState.FINAL: "Final plan, in force",
    PlanState.AMENDING: "Being amended",
    PlanState.CEASED: "Ceased",
}

VERSION_WORDS = {
    VersionKind.DRAFT: "Draft plan",
    VersionKind.FINAL: "Final plan",
    VersionKind.PROPOSED_AMENDMENT: "Proposed amended plan",
    VersionKind.AMENDED_FINAL: "Amended final plan",
    VersionKind.TRIBUNAL_ORDERED: "Plan as ordered by the tribunal",
}

# Once final, a plan changes only by an amendment (SEND Regs 2014 reg 22).
WRITING = frozenset({PlanState.DRAFTING, PlanState.DRAFT_ISSUED, PlanState.FINALISING, PlanState.AMENDING})
# "All about me" is the family's, and a child goes on growing between two reviews.
ALWAYS_BUT_CEASED = frozenset(PlanState) - {PlanState.CEASED}
# A draft or a proposed amendment must not name a school or a type of school (CFA 2014 s38(5)).
PLACEMENT_OPEN = frozenset({PlanState.FINALISING})
