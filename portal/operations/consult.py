"""Consult schools and colleges: send a SENCO the draft as it was issued, put others on record, and take replies."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from portal.domain import consult as rules
from portal.domain.access import Part
from portal.domain.actor import Actor, Grant, Role
from portal.domain.clocks.name import Clock
from portal.domain.consult import Elsewhere, Reply, of_school
from portal.domain.consultation import Consulted, Ground
from portal.domain.content import Item, Mark
from portal.domain.decision import Decision
from portal.domain.error import Invalid
from portal.domain.event import EventKind
from portal.domain.identifier import authority_of
from portal.domain.moment import ENGLAND, Moment
from portal.domain.permission import Permission, in_audience
from portal.domain.permission_law import CONSULTED
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading, filtered
from portal.domain.restricted import content_for
from portal.operations.access import agency_named, enlist, grant_for, hat_to_give, place_of
from portal.operations.act import act
from portal.store import parts, people, plans, revisions, said, versions
from portal.store.database import Database, Session
from portal.store.requests import Request
from portal.store.said import Said

REPLY = timedelta(days=15)  # SEND Code of Practice 2015 para 9.83
LONGEST = timedelta(days=90)
ADVICE_LIST = "K"
KINDS = (EventKind.SETTING_CONSULTED, EventKind.SETTING_REPLIED)


@dataclass(frozen=True)
class Replied:
    """A setting's reply as somebody may read it; `written_down` where the council did so for it."""

    meets: bool
    grounds: tuple[Ground, ...]
    words: str
    needs: str
    by: Mark
    on: date
    written_down: bool


@dataclass(frozen=True)
class Asked:
    """A setting that was consulted: its name where the reader may know it, by when it is to reply, and the reply.

    `sent` is the number of the version that it was sent, 0 where that is not known. `listed` says of an independent
    setting whether it is on the list of section 41. `told` is whether the reader is told more than that there was one.
    """

    one: Consulted
    name: str
    listed: str
    sent: int
    due: date | None
    told: bool
    replied: Replied | None
    mine: bool


def reply_by(moment: Moment) -> date:
    """The day by which a school answers that is consulted today."""
    return moment.today + REPLY


def consult(
    db: Database,
    actor: Actor,
    plan_id: str,
    slug: str,
    person: str,
    last: date,
    moment: Moment,
    request: Request | None = None,
    pack: tuple[str, ...] = (),
) -> None:
    """Let a school's SENCO read the draft plan as it was issued, to the end of a day, and ask for the school's reply.

    `pack` names the advice of that draft that they may read beside it. Raises NotFound for a stranger, NotAllowed,
    NotReady before a draft is issued, and Invalid for a person, a day or advice that won't do.
    """
    agency = agency_named(db, slug)
    part = Part(Role.SENCO, agency, plan_id, place_of(db, actor, agency, plan_id))
    hat = hat_to_give(db, actor, person, part)
    rules.draft_of(plans.load(db, plan_id))
    until = _end_of(last, moment)
    name = _senco(db, slug, person, plan_id, moment)
    grant = replace(grant_for(part, person, name, actor, moment.wall, CONSULTED), until=until)

    def decide(plan: Plan) -> Decision | None:
        if pack and not {*pack} <= {each.id for each in _advice_sent(db, plan, actor)}:
            raise Invalid({"pack": "Choose advice from the list."})
        return None if parts.holds(db, grant) else rules.consult(plan, actor, hat, grant, pack, moment)

    def also(session: Session) -> None:
        enlist(db, grant, session)

    act(db, actor, plan_id, decide, request, also, entitled=True)


def note(
    db: Database, actor: Actor, plan_id: str, setting: Elsewhere, moment: Moment, request: Request | None = None
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.note(plan, actor, setting, moment), request)


def reply(
    db: Database,
    actor: Actor,
    plan_id: str,
    number: int,
    said: Reply,
    on: date,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.reply(plan, actor, number, said, on, moment), request)


def offered(db: Database, reading: PlanReading) -> tuple[tuple[str, str], ...]:
    """(id, title) of the advice that the council may send with the draft: what the draft itself lists."""
    return tuple((each.id, each.text("document")) for each in _advice_sent(db, reading.plan, reading.actor))


def pack_of(db: Database, reading: PlanReading, number: int) -> tuple[Item, ...]:
    """The advice that a school may read beside the draft, as the draft listed it; NotFound for anybody else."""
    plan, actor = plans.load(db, reading.plan.id), reading.actor
    one = rules.find(plan, actor, number)
    found = (each for each in _advice_sent(db, plan, actor, unfiltered=True) if each.id in one.pack)
    return tuple(each for each in found if in_audience(actor, plan, each.audience))


def _advice_sent(db: Database, plan: Plan, actor: Actor, unfiltered: bool = False) -> tuple[Item, ...]:
    line = versions.find(db, plan.id, rules.draft_of(plan).number).section(ADVICE_LIST)
    if line is None or not line.revision:
        return ()
    content = revisions.find(db, plan.id, ADVICE_LIST, line.revision).content
    return (
        content_for(plan, actor, ADVICE_LIST, content) if unfiltered else filtered(plan, actor, ADVICE_LIST, content)
    ).items


def of_plan(db: Database, reading: PlanReading) -> tuple[Asked, ...]:
    """Every setting that was consulted, oldest first; a school that is consulted is told of its own part alone."""
    plan, mine = reading.plan, {each.number for each in of_school(reading.plan, reading.actor)}
    history = reading.may(Permission.PLAN_HISTORY)
    shown = [each for each in rules.consultations(plan) if history or each.number in mine]
    entries = said.of_kinds(db, plan, *KINDS) if shown else {}
    due = {each.ref: each.due for each in plan.clocks if each.clock is Clock.SETTING_REPLY}
    told = _is_told(reading)
    return tuple(
        _asked(reading, each, entries, due.get(each.ref), told or each.number in mine, each.number in mine)
        for each in shown
    )


def one_of(db: Database, reading: PlanReading, number: int) -> Asked:
    """One that the reader may reply to, or write the reply down; NotFound for anybody else."""
    one = rules.find(reading.plan, reading.actor, number)
    return next(each for each in of_plan(db, reading) if each.one.number == one.number)


def _is_told(reading: PlanReading) -> bool:
    """Whether a reader is told which schools were asked and what they replied: who reads section I as it is written.

    Where the child's address is hidden a school's name would tell it, and the council alone is told.
    """
    if reading.may(Permission.PLAN_PROCESS):
        return True
    return reading.may(Permission.SECTION_VIEW, "I") and not reading.plan.child.hidden_address


def _asked(
    reading: PlanReading, one: Consulted, entries: dict[int, Said], due: date | None, told: bool, mine: bool
) -> Asked:
    entry, reply = entries[one.number], entries.get(one.reply)
    name = entry.beside.get("setting", "") or entry.beside.get("words", "")
    name = reading.says(name) if told else ""
    listed, sent = str(entry.facts.get("listed", "")), int(entry.facts.get("version", 0))
    return Asked(one, name, listed, sent, due, told, _replied(reading, reply) if told else None, mine)


def _replied(reading: PlanReading, entry: Said | None) -> Replied | None:
    if entry is None:
        return None
    facts, who = entry.facts, entry.by.person
    return Replied(
        bool(facts["meets"]),
        tuple(Ground(each) for each in facts["grounds"]),
        reading.says(entry.beside.get("words", ""), who),
        reading.says(entry.beside.get("needs", ""), who),
        entry.by,
        date.fromisoformat(facts["on"]),
        bool(facts["written_down"]),
    )


def _end_of(last: date, moment: Moment) -> datetime:
    """The last minute of a day, in England; Invalid for one that won't do."""
    if not moment.today <= last <= moment.today + LONGEST:
        raise Invalid({"last": f"Choose a day from today on, within {LONGEST.days} days."})
    return datetime.combine(last + timedelta(days=1), time(), ENGLAND).astimezone(UTC)


def _senco(db: Database, slug: str, person: str, plan_id: str, moment: Moment) -> str:
    """The name of somebody who works for the school, and has no part of a SENCO's in the plan already."""
    found = people.standing(db, person)
    held = found.actor(moment.wall).grants if found else ()
    if found is None or not any(each.agency == slug and not each.reading for each in held):
        raise Invalid({"person": "Choose somebody who works for this school."})
    if any(_is_sencos(each, plan_id) for each in held):
        raise Invalid({"person": "They work with this child already, and read more than a school that is consulted."})
    return found.name


def _is_sencos(grant: Grant, plan_id: str) -> bool:
    own = grant.role is Role.SENCO and grant.relation != CONSULTED
    return own and grant.covers(plan_id, authority_of(plan_id))
