"""Issuing a plan: what stands in the way, what a manager may issue past with a written reason, and the manifest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from portal.domain import hashing
from portal.domain.actor import Actor, Grant
from portal.domain.clocks.event import Event as CaseEvent
from portal.domain.content import Mark, new_salt
from portal.domain.decision import Decision, Reasons, Version, VersionSection, mark
from portal.domain.dilution import Flag, explained, unexplained
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.event import Event, EventKind
from portal.domain.hashing import Value
from portal.domain.moment import Moment, stamp
from portal.domain.ordered import walls as ordered_otherwise
from portal.domain.permission import Permission, grants_on
from portal.domain.permission_table import CASE
from portal.domain.plan import DRAFT_KINDS, FINAL_KINDS, Answer, Child, Plan, SectionHead, VersionLine
from portal.domain.represent import points_unanswered
from portal.domain.standard import Needed, SectionStandard
from portal.domain.state import PlanState, VersionKind

ISSUES = {
    VersionKind.DRAFT: (
        Permission.PLAN_ISSUE_DRAFT,
        PlanState.DRAFTING,
        PlanState.DRAFT_ISSUED,
        EventKind.DRAFT_SERVED,
    ),
    VersionKind.FINAL: (Permission.PLAN_ISSUE_FINAL, PlanState.FINALISING, PlanState.FINAL, EventKind.FINAL_ISSUED),
    # SEND Regs 2014 reg 22: the family is sent what is proposed beside the plan in force, then the plan as amended.
    VersionKind.PROPOSED_AMENDMENT: (
        Permission.PLAN_ISSUE_DRAFT,
        PlanState.AMENDING,
        PlanState.AMENDING,
        EventKind.AMENDMENT_NOTICE_SERVED,
    ),
    VersionKind.AMENDED_FINAL: (
        Permission.PLAN_ISSUE_FINAL,
        PlanState.FINALISING,
        PlanState.FINAL,
        EventKind.AMENDED_FINAL_ISSUED,
    ),
}
# The finaliser of B, F and I is never the one who last changed them (README, decisions).
NOT_BY_THE_LAST_EDITOR = ("B", "F", "I")
HEALTH_PROVISION = "G"


@dataclass(frozen=True)
class Lack:
    """A sign-off that is missing or void, or something said that nobody has answered.

    The council may issue past it, saying why: the legal clock is its own.
    """

    letter: str
    sentence: str


def next_kind(plan: Plan) -> VersionKind | None:
    """What can be issued at this stage; None where something else comes first."""
    if plan.state is PlanState.DRAFTING:
        return VersionKind.DRAFT
    if plan.state is PlanState.AMENDING and not plan.is_with_family:
        return VersionKind.PROPOSED_AMENDMENT
    if plan.state is PlanState.FINALISING:
        return VersionKind.AMENDED_FINAL if plan.in_force else VersionKind.FINAL
    return None


def walls(plan: Plan, actor: Actor, kind: VersionKind) -> tuple[str, ...]:
    """What no reason can get past, in sentences."""
    found = []
    placement = plan.sections["I"].content
    if kind is VersionKind.DRAFT and not placement.is_empty:
        found.append("Section I must be empty in a draft (Children and Families Act 2014, section 38(5)).")
    if kind in FINAL_KINDS and placement.is_empty:
        found.append(
            "Section I must name a school or a type of school (Children and Families Act 2014, section 40(2))."
        )
    if kind in FINAL_KINDS:
        for letter in NOT_BY_THE_LAST_EDITOR:
            changed = plan.sections[letter].changed
            if changed and changed.person == actor.person and _is_new(plan, changed):
                found.append(f"You made the last change to section {letter}. Another manager must issue the plan.")
    return (*found, *ordered_otherwise(plan, kind))


def _is_new(plan: Plan, changed: Mark) -> bool:
    """Whether a change was made since the version in force, which somebody else issued."""
    return plan.in_force is None or changed.at > plan.in_force.at.at


def lacks(plan: Plan, kind: VersionKind) -> tuple[Lack, ...]:
    """The sign-offs and answers a version of this kind asks for and does not have, one lack for a section."""
    return tuple(_lacks(plan, kind))


def _lacks(plan: Plan, kind: VersionKind) -> Iterator[Lack]:
    for standard in plan.standard.sections:
        unsigned = _not_signed(standard, plan.sections[standard.letter], kind)
        unanswered = _unanswered(plan, standard) if kind in FINAL_KINDS else ""
        points = points_unanswered(plan, standard.letter) if kind in FINAL_KINDS else ""
        said = " ".join(each for each in (unsigned, unanswered, points) if each)
        if said:
            yield Lack(standard.letter, said)


def _not_signed(standard: SectionStandard, head: SectionHead, kind: VersionKind) -> str:
    if head.standing:
        return ""
    partly = "".join(f" {each.by.name} can’t read all of it, and so can’t sign for it." for each in head.given)
    if standard.needed is Needed.AGREED:
        return f"The family has not agreed “{standard.title}” as it stands.{partly}"
    return _unsigned(standard, head) + partly if standard.needed is Needed.SIGNED and kind in FINAL_KINDS else ""


def _unanswered(plan: Plan, standard: SectionStandard) -> str:
    """What was said of a section's words and is not answered: asking back answers nothing yet."""
    found = [each for each in plan.conversations if each.section == standard.letter and each.is_unanswered]
    if not found:
        return ""
    many = len(found) > 1
    count = f"{len(found)} comments or suggestions" if many else "1 comment or suggestion"
    return f"{count} about {standard.title} (section {standard.letter}) {'are' if many else 'is'} not answered."


def _unsigned(standard: SectionStandard, head: SectionHead) -> str:
    named = f"{standard.title} (section {standard.letter})"
    if standard.letter == HEALTH_PROVISION:
        printed = "the words health last agreed" if head.last_agreed else "that no health provision has been agreed"
        return f"{named} is not agreed by health as it stands. The final plan will print {printed}."
    if head.void:
        return f"{named} was changed after it was signed."
    return f"{named} is not signed."


def issue(
    plan: Plan, actor: Actor, kind: VersionKind, reasons: Reasons, moment: Moment, weaker: Sequence[Flag] = ()
) -> Decision:
    """Issue a draft, a final, proposed amendments, or the plan as amended.

    `reasons` maps each lacking section's letter to why it is issued all the same, and each quantity of advice that the
    plan gives less of (`weaker`) to why it does.

    Raises NotAllowed, NotReady for a wrong state or a wall, Invalid for each lack without a reason.
    """
    permission, _, after_state, event_kind = ISSUES[kind]
    grant = _grant(plan, actor, permission)
    if next_kind(plan) is not kind:
        raise NotReady(["This plan is not at the stage where that can be issued."])
    standing_walls = walls(plan, actor, kind)
    if standing_walls:
        raise NotReady(standing_walls)
    lacking = lacks(plan, kind)
    missing = {
        f"reason.{each.letter}": "Say why it is issued without this."
        for each in lacking
        if not reasons.get(each.letter, "").strip()
    }
    missing |= unexplained(weaker, reasons)
    if missing:
        raise Invalid(missing)
    by = mark(actor, grant, moment)
    given = explained({each.letter: reasons[each.letter].strip() for each in lacking}, weaker, reasons)
    version = _version(plan, kind, by, grant, given)
    line = VersionLine(version.number, kind, by, version.hash)
    told = plan.with_event(CaseEvent(event_kind, moment.today, {}, {}, {}))
    after = replace(told, state=after_state, versions=(*plan.versions, line))
    facts: dict[str, Value] = {"version": version.number, "kind": kind.value, "issued_past": sorted(given)}
    event = Event(event_kind, hash=version.hash, facts=facts)
    return Decision(after, event, by, grant.agency_name, version=version)


def begin_finalising(plan: Plan, actor: Actor, moment: Moment) -> Decision:
    """Open section I, once the family has answered or its 15 days are over (SEND Regs 2014 regs 13(1) and 22(2))."""
    grant = _grant(plan, actor, Permission.PLAN_FINALISE)
    if not plan.is_with_family:
        raise NotReady(["There is no draft with the family."])
    if plan.answer_by and not plan.answered and moment.today <= plan.answer_by:
        raise NotReady(["The family has not answered yet, and their 15 days are not over."])
    by = mark(actor, grant, moment)
    after = replace(plan, state=PlanState.FINALISING)
    return Decision(after, Event(EventKind.FINALISING_BEGUN), by, grant.agency_name)


def answer(plan: Plan, actor: Actor, words: str, moment: Moment) -> Decision:
    """The family's representations about the draft, or the amendments, that they were sent."""
    grant = _grant(plan, actor, Permission.PLAN_ANSWER)
    draft = plan.last_version(*DRAFT_KINDS)
    if draft is None or not (plan.is_with_family or plan.state is PlanState.FINALISING):
        raise NotReady(["There is no draft to answer now."])
    if not words.strip():
        raise Invalid({"words": "Write what you think of the draft."})
    by = mark(actor, grant, moment)
    after = replace(plan, answers=(*plan.answers, Answer(by, words, draft.number)))
    event = Event(EventKind.REPRESENTATIONS_RECEIVED, facts={"version": draft.number}, beside={"words": words})
    return Decision(after, event, by, grant.agency_name)


def _grant(plan: Plan, actor: Actor, permission: Permission) -> Grant:
    for grant in grants_on(actor, plan):
        if grant.role in CASE[permission]:
            return grant
    raise NotAllowed("Someone else does this.")


def _version(plan: Plan, kind: VersionKind, by: Mark, grant: Grant, reasons: Reasons) -> Version:
    sections = tuple(
        _version_section(plan, standard, kind, reasons)
        for standard in plan.standard.sections
        if standard.printed_in_draft or kind not in DRAFT_KINDS
    )
    version = Version(
        number=len(plan.versions) + 1,
        kind=kind,
        by=by,
        agency_name=grant.agency_name,
        authority_name=plan.authority_name,
        cover=plan.child,
        cover_salt=new_salt(),
        sections=sections,
        commissioner=plan.commissioner,
    )
    return replace(version, hash=hashing.version(manifest(plan.id, version)))


def _version_section(plan: Plan, standard: SectionStandard, kind: VersionKind, reasons: Reasons) -> VersionSection:
    """A section as it will be printed; G in a final only in the revision health agreed (SEND Regs 2014 reg 12(2))."""
    letter, head = standard.letter, plan.sections[standard.letter]
    reason = reasons.get(letter, "")
    salt = new_salt() if reason else b""
    if letter == HEALTH_PROVISION and kind in FINAL_KINDS and not head.standing:
        agreed = head.last_agreed
        if agreed:
            return VersionSection(letter, agreed.revision, agreed.hash, (agreed,), reason, salt)
        return VersionSection(letter, 0, b"", (), reason, salt, agreed=False)
    # One that does not count is printed too: left out, it would tell its giver that something is kept from them.
    signed = head.given if standard.needed in (Needed.SIGNED, Needed.AGREED) else ()
    agreed_now = bool(head.standing) or letter != HEALTH_PROVISION
    return VersionSection(letter, head.revision, head.hash, signed, reason, salt, agreed_now)


def manifest(plan_id: str, version: Version) -> dict[str, Value]:
    """What a version's hash is taken over: no free text, only salted hashes of it (docs/hash-format.md)."""
    return {
        "plan": plan_id,
        "version": version.number,
        "kind": version.kind.value,
        "at": stamp(version.by.at),
        "who": version.by.person,
        "agency": version.by.agency,
        "cover": hashing.leaf("cover", cover_facts(version.cover), (), version.cover_salt).hex(),
        "sections": [_line(each) for each in version.sections],
    }


def _line(each: VersionSection) -> dict[str, Value]:
    reason = hashing.leaf(f"{each.letter}/reason", each.reason, (), each.reason_salt).hex() if each.reason else ""
    return {
        "section": each.letter,
        "revision": each.revision,
        "hash": each.hash.hex(),
        "agreed": each.agreed,
        "reason": reason,
        "signed": [[signed.by.person, signed.by.agency, stamp(signed.by.at)] for signed in each.sign_offs],
    }


def cover_facts(child: Child) -> dict[str, Value]:
    """What a version's cover says of the child, as it is hashed."""
    return {
        "name": child.name,
        "born": child.born.isoformat(),
        "nhs_number": child.nhs_number,
        "upn": child.upn,
        "address": child.address,
        "school": child.school,
    }
