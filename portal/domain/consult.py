"""Consulting settings and their replies (Children and Families Act 2014 s39 and s40; Code of Practice para 9.83)."""

from dataclasses import dataclass, replace
from datetime import date

from portal.domain.actor import Actor, Grant
from portal.domain.case import event_of
from portal.domain.case_steps import next_ref
from portal.domain.consultation import Consulted, Ground
from portal.domain.content import Mark
from portal.domain.decision import Decision, mark
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady
from portal.domain.event import Event, EventKind
from portal.domain.hashing import Value
from portal.domain.moment import Moment, stamp
from portal.domain.permission import Permission, grants_for, grants_on
from portal.domain.permission_law import CONSULTED, is_consulted
from portal.domain.plan import Plan, VersionLine
from portal.domain.state import VersionKind

NOT_YOURS = "The council’s SEN team consults schools and colleges."
Hat = tuple[str, str]  # the agency, by slug and name, for which somebody consults


@dataclass(frozen=True)
class Reply:
    """What a setting replies: whether it can meet the needs, on which grounds not, and what it would need."""

    meets: bool
    grounds: tuple[Ground, ...]
    words: str
    needs: str = ""


@dataclass(frozen=True)
class Elsewhere:
    """A setting that has nobody here. `listed`: yes, no or nothing, where it is no independent one.

    An independent school or college that is not on the list of section 41 may be consulted, and need not admit.
    """

    name: str
    listed: str
    on: date


def draft_of(plan: Plan) -> VersionLine:
    """The version that a setting is sent; NotReady before there is one."""
    found = plan.last_version(VersionKind.DRAFT, VersionKind.PROPOSED_AMENDMENT)
    if found is None:
        raise NotReady(("A school is consulted on the draft plan. Issue that first.",))
    return found


def consult(plan: Plan, actor: Actor, hat: Hat, grant: Grant, pack: tuple[str, ...], moment: Moment) -> Decision:
    """The entry by which a school is consulted: it gives its SENCO their part, and starts the clock of its reply.

    The school's name stands beside the chain alone, since it could tell where a child is.
    """
    draft, (slug, name) = draft_of(plan), hat
    ref = next_ref(plan.case, EventKind.SETTING_CONSULTED, {})
    part: dict[str, Value] = {"person": grant.person, "role": grant.role.value, "relation": CONSULTED}
    facts: dict[str, Value] = {"until": stamp(grant.until) if grant.until else "", **part, "pack": list(pack)}
    one = Consulted(plan.sequence + 1, ref, moment.today, grant.person, grant.agency, pack)
    facts = {"on": moment.today.isoformat(), "ref": ref, "version": draft.number, **facts}
    event = Event(EventKind.SETTING_CONSULTED, facts=facts, beside={"setting": grant.agency_name})
    by = Mark(actor.person, actor.name, slug, moment.product)
    return Decision(_with(plan, one), event, by, name)


def note(plan: Plan, actor: Actor, setting: Elsewhere, moment: Moment) -> Decision:
    """Put on record that a setting was consulted which has nobody here. Raises NotAllowed, NotReady, Invalid."""
    grant = _councils(plan, actor)
    draft_of(plan)
    problems = {
        "name": "" if setting.name.strip() else "Name the school or college.",
        "on": "This day is still to come." if setting.on > moment.today else "",
    }
    if any(problems.values()):
        raise Invalid({name: said for name, said in problems.items() if said})
    ref = next_ref(plan.case, EventKind.SETTING_CONSULTED, {})
    facts: dict[str, Value] = {"on": setting.on.isoformat(), "ref": ref, "listed": setting.listed}
    event = Event(EventKind.SETTING_CONSULTED, facts=facts, beside={"setting": setting.name})
    one = Consulted(plan.sequence + 1, ref, setting.on)
    return Decision(_with(plan, one), event, mark(actor, grant, moment), grant.agency_name)


def _with(plan: Plan, one: Consulted) -> Plan:
    event = event_of(EventKind.SETTING_CONSULTED, one.on, {"ref": one.ref})
    return replace(plan.with_event(event), consulted=(*plan.consulted, one))


def consultations(plan: Plan) -> tuple[Consulted, ...]:
    """Every setting that was consulted, also one of which only the event was put on record."""
    known = {each.number: each for each in plan.consulted}
    asked = (each for each in plan.happened if each.event.kind is EventKind.SETTING_CONSULTED)
    return tuple(
        known.get(each.sequence) or Consulted(each.sequence, each.event.ref or "", each.event.on) for each in asked
    )


def of_school(plan: Plan, actor: Actor) -> tuple[Consulted, ...]:
    """Those by which the actor was sent the draft: their own, or their school's where they cover for a colleague."""
    schools = {each.agency for each in grants_on(actor, plan) if is_consulted(each)}
    return tuple(each for each in consultations(plan) if each.agency and each.agency in schools)


def find(plan: Plan, actor: Actor, number: int) -> Consulted:
    """One that the actor may reply to, or write the reply down; NotFound for anybody else."""
    council = grants_for(actor, Permission.PLAN_PROCESS, plan, "")
    for each in consultations(plan) if council else of_school(plan, actor):
        if each.number == number:
            return each
    raise NotFound("no such consultation")


def reply(plan: Plan, actor: Actor, number: int, said: Reply, on: date, moment: Moment) -> Decision:
    """Put a setting's reply on record, once and for all. `on` is when it came, where the council writes it down.

    Raises NotFound, NotReady once there is one, Invalid.
    """
    found = find(plan, actor, number)
    if found.reply:
        raise NotReady(["There is a reply already, and it stays as it was sent."])
    own = [each for each in grants_on(actor, plan) if is_consulted(each) and each.agency == found.agency]
    grant, on = (own[0], moment.today) if own else (_councils(plan, actor), on)
    _must_fit(found, said, on, moment)
    facts: dict[str, Value] = {
        "consultation": number,
        "ref": found.ref,
        "asked": found.on.isoformat(),
        "meets": said.meets,
        "grounds": [each.value for each in said.grounds],
        "on": on.isoformat(),
        "written_down": not own,
    }
    beside: dict[str, Value] = {"words": said.words, "needs": said.needs}
    event = Event(EventKind.SETTING_REPLIED, facts=facts, beside={name: text for name, text in beside.items() if text})
    after = replace(found, reply=plan.sequence + 1, replied=on)
    others = (each for each in plan.consulted if each.number != number)
    kept = tuple(sorted((*others, after), key=lambda each: each.number))
    return Decision(replace(plan, consulted=kept), event, mark(actor, grant, moment), grant.agency_name)


def _must_fit(found: Consulted, said: Reply, on: date, moment: Moment) -> None:
    problems = {}
    if not found.on <= on <= moment.today:
        problems["on"] = "Give the day on which it came, not before the day on which they were asked."
    if said.meets and said.grounds:
        problems["grounds"] = "Choose a ground only if the needs can’t be met."
    if not said.meets and not said.grounds:
        problems["grounds"] = "Choose at least one ground: the law knows no other."
    if not said.meets and not said.words.strip():
        problems["words"] = "Say why, with what you know of this child."
    if problems:
        raise Invalid(problems)


def _councils(plan: Plan, actor: Actor) -> Grant:
    grants = grants_for(actor, Permission.PLAN_PROCESS, plan, "")
    if not grants:
        raise NotAllowed(NOT_YOURS)
    return grants[0]
