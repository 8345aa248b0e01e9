"""Where a section stands, in one word and a shape: derived from what was saved and signed, never stored."""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.content import Mark
from portal.domain.plan import Plan
from portal.domain.standard import Needed


class SectionState(StrEnum):
    EMPTY = "empty"
    LOCKED = "locked"
    WRITING = "writing"
    HANDED_OVER = "handed_over"
    SENT_BACK = "sent_back"
    SIGNED = "signed"
    VOID = "void"
    OPEN = "open"  # never signed section by section (I, J, K)


@dataclass(frozen=True)
class SectionStatus:
    """`by` is who brought the section there: the signer, the writer, whoever handed it over or sent it back."""

    state: SectionState
    by: Mark | None = None
    since_void: Mark | None = None  # when void: whose sign-off no longer counts


def status_of(plan: Plan, letter: str) -> SectionStatus:
    """Read in this order: signed beats everything, a void sign-off is never hidden by a later hand-over."""
    standard, head = plan.section(letter)
    if head.standing:
        return SectionStatus(SectionState.SIGNED, head.standing[-1].by)
    if head.handed_over and head.handed_over.revision == head.revision:
        return SectionStatus(SectionState.HANDED_OVER, head.handed_over.by, head.void[-1].by if head.void else None)
    if head.sent_back and head.sent_back.revision == head.revision:
        return SectionStatus(SectionState.SENT_BACK, head.sent_back.by)
    if head.void:
        return SectionStatus(SectionState.VOID, head.changed, head.void[-1].by)
    if plan.state not in standard.written_in and head.content.is_empty:
        return SectionStatus(SectionState.LOCKED)
    if head.content.is_empty:
        return SectionStatus(SectionState.EMPTY)
    open_ended = standard.needed in (Needed.AT_ISSUE, Needed.NOTHING)
    return SectionStatus(SectionState.OPEN if open_ended else SectionState.WRITING, head.changed)


def signed_so_far(plan: Plan) -> tuple[int, int]:
    """(sections signed, sections that a final needs signed), section A's agreement apart."""
    needed = [each.letter for each in plan.standard.sections if each.needed is Needed.SIGNED]
    return sum(1 for letter in needed if plan.sections[letter].standing), len(needed)
