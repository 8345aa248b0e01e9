"""Handing over, signing, sending back and withdrawing: each binds to one revision's exact words."""

from portal.domain.actor import Actor, Grant
from portal.domain.decision import Decision, mark
from portal.domain.error import Invalid, NotAllowed, NotReady, StaleRevision
from portal.domain.event import Event, EventKind
from portal.domain.hashing import Value
from portal.domain.moment import Moment
from portal.domain.permission import Permission, grants_for
from portal.domain.plan import Note, Plan, SectionHead, SignOff
from portal.domain.reading import filtered
from portal.domain.standard import Needed, SectionStandard
from portal.domain.state import PlanState


def hand_over(plan: Plan, actor: Actor, letter: str, moment: Moment) -> Decision | None:
    """A writer says that a section is ready; None when it is already with the signer."""
    standard, head = plan.section(letter)
    grant = _grant(plan, actor, letter, Permission.SECTION_EDIT)
    _must_be_signable(plan, standard)
    if head.standing or (head.handed_over and head.handed_over.revision == head.revision):
        return None
    by = mark(actor, grant, moment)
    after = plan.with_section(letter, handed_over=Note(by, "", head.revision), sent_back=None)
    return Decision(after, _event(EventKind.SECTION_HANDED_OVER, letter, head), by, grant.agency_name)


def sign(plan: Plan, actor: Actor, letter: str, revision: int, text_hash: str, moment: Moment) -> Decision | None:
    """Sign exactly the revision that was read; None when this person has done so already.

    Whoever does not read all of it signs too, since a refusal would tell that something is kept from them; but it
    does not count, and the council alone is shown that (restricted.py). Raises StaleRevision when the words have
    changed since they were read, NotReady when the agency asks for a second person and the signer made the last
    change (decisions 1 in the README).
    """
    standard, head = plan.section(letter)
    grant = _grant(plan, actor, letter, Permission.SECTION_SIGN)
    _must_be_signable(plan, standard)
    if (revision, text_hash) != (head.revision, head.hash.hex()):
        raise StaleRevision
    whole = filtered(plan, actor, letter, head.content) == head.content
    if any(each.by.person == actor.person and (each.whole or not whole) for each in head.given):
        return None
    refusal = second_person_needed(actor, grant, head)
    if refusal:
        raise NotReady([refusal])
    by = mark(actor, grant, moment)
    signed = SignOff(by, grant.agency_name, head.revision, head.hash, standard.statement, whole)
    others = tuple(each for each in head.sign_offs if each.by.person != actor.person)
    after = plan.with_section(letter, sign_offs=(*others, signed), sent_back=None)
    evidence: dict[str, Value] = {
        "issuer": actor.issuer,
        "subject": actor.subject,
        "acr": actor.acr,
        "auth_time": actor.auth_time,
    }
    event = _event(EventKind.SECTION_SIGNED, letter, head, evidence, {"statement": standard.statement})
    return Decision(after, event, by, grant.agency_name)


def second_person_needed(actor: Actor, grant: Grant, head: SectionHead) -> str:
    """Why this person may not sign, where their agency asks that the signer is not the last editor; else empty."""
    if grant.second_person and head.changed and head.changed.person == actor.person:
        return "You made the last change to this section. Your agency asks a second person to sign it."
    return ""


def send_back(plan: Plan, actor: Actor, letter: str, reason: str, moment: Moment) -> Decision:
    """A signer asks the writers to look again, and says why."""
    standard, head = plan.section(letter)
    grant = _grant(plan, actor, letter, Permission.SECTION_SIGN)
    _must_be_signable(plan, standard)
    _must_give(reason)
    by = mark(actor, grant, moment)
    after = plan.with_section(letter, sent_back=Note(by, reason, head.revision), handed_over=None)
    event = _event(EventKind.SECTION_SENT_BACK, letter, head, {"words": reason})
    return Decision(after, event, by, grant.agency_name)


def withdraw(plan: Plan, actor: Actor, letter: str, reason: str, moment: Moment) -> Decision | None:
    """Take back one's own sign-off by a new record; None when there is none to take back."""
    standard, head = plan.section(letter)
    grant = _grant(plan, actor, letter, Permission.SECTION_WITHDRAW)
    _must_be_signable(plan, standard)
    _must_give(reason)
    kept = tuple(each for each in head.sign_offs if each.by.person != actor.person)
    if kept == head.sign_offs:
        return None
    by = mark(actor, grant, moment)
    after = plan.with_section(letter, sign_offs=kept, handed_over=None)
    event = _event(EventKind.SIGN_OFF_WITHDRAWN, letter, head, {"words": reason})
    return Decision(after, event, by, grant.agency_name)


def _grant(plan: Plan, actor: Actor, letter: str, permission: Permission) -> Grant:
    grants = grants_for(actor, permission, plan, letter)
    if not grants:
        raise NotAllowed("You can read this section. Someone else signs it.")
    return grants[0]


def _must_be_signable(plan: Plan, standard: SectionStandard) -> None:
    if standard.needed not in (Needed.SIGNED, Needed.AGREED):
        raise NotAllowed("This section is settled by the manager when the plan is issued.")
    # A final's sign-offs are part of what was issued; only the family's own section lives on.
    if plan.state not in standard.written_in or (plan.state is PlanState.FINAL and standard.needed is Needed.SIGNED):
        raise NotReady(["This plan has been issued. Its sign-offs can no longer change."])


def _must_give(reason: str) -> None:
    if not reason.strip():
        raise Invalid({"reason": "Say why, so that they know what to do."})


def _event(
    kind: EventKind,
    letter: str,
    head: SectionHead,
    beside: dict[str, Value] | None = None,
    facts: dict[str, Value] | None = None,
) -> Event:
    return Event(kind, letter, head.revision, head.hash, facts or {}, beside or {})
