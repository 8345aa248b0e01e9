"""A reasoned reading: a written reason lets somebody read one plan for an hour, and the family is told of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.content import Mark
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady
from portal.domain.moment import Moment, local_day
from portal.domain.permission import Permission, allows, grants_on
from portal.domain.permission_table import CASE
from portal.domain.plan import Note, Plan
from portal.domain.step_up import must_be_fresh

LASTS = timedelta(minutes=60)
SHORTEST, LONGEST = 10, 1000  # characters of a written reason
LONGEST_DELAY = 28  # days
EMERGENCY_ROLES = frozenset({Role.DESIGNATED_CLINICAL_OFFICER, Role.DESIGNATED_SOCIAL_CARE_OFFICER, Role.SEN_MANAGER})
# What is told to others of an emergency. Not on the plan's chain: what is kept from a family for the child's safety
# could not stand in a numbered history that they read.
EMERGENCY_OPENED = "emergency_reading_opened"


class ReadingKind(StrEnum):
    AUDIT = "audit"
    EMERGENCY = "emergency"


CATEGORIES: Mapping[ReadingKind, Mapping[str, str]] = {
    ReadingKind.AUDIT: {
        "request": "Somebody asked for their data, or a court did",
        "complaint": "A complaint about the record",
        "incident": "Data may have been seen or changed wrongly",
        "check": "A planned check of records",
    },
    ReadingKind.EMERGENCY: {
        "harm": "A child may be at risk of harm",
        "medical": "A child needs urgent medical care",
        "missing": "A child is missing",
        "other": "Something else that can’t wait",
    },
}


@dataclass(frozen=True)
class Delay:
    """A safeguarding delay: why the family is not told yet, and the day on which they are unless it is renewed."""

    by: Mark
    words: str
    review_on: date


@dataclass(frozen=True)
class ReasonedReading:
    """One use. `by` is who reads and when it began (wall time); `until` is moved forward when they end it sooner."""

    plan: str
    authority: str
    kind: ReadingKind
    by: Mark
    role: Role
    agency_name: str
    category: str
    reason: str
    until: datetime
    number: int = 0  # in its plan, from 1; given when saved
    seen: Note | None = None  # by the data protection officer, with a note
    delays: tuple[Delay, ...] = ()
    shown: Note | None = None  # ended the delay before its day

    def is_live(self, wall: datetime) -> bool:
        return self.by.at <= wall < self.until

    def is_kept_from_the_family(self, today: date) -> bool:
        return bool(self.delays) and self.shown is None and today < self.delays[-1].review_on


@dataclass(frozen=True)
class Asked:
    """What somebody wrote who wants to read. `delay` days (0: none) keep it from the family, for `delay_reason`."""

    category: str
    reason: str
    delay: int = 0
    delay_reason: str = ""


def officer_parts(actor: Actor, authority: str = "") -> tuple[Grant, ...]:
    """The parts that make the actor a data protection officer: of this authority, or of any."""
    return tuple(
        each
        for each in actor.grants
        if each.role is Role.AUDITOR and each.scope == WHOLE_CASELOAD and authority in ("", each.authority)
    )


def may_ask_in_an_emergency(actor: Actor) -> bool:
    """Whether somebody has a part by which they may open a plan of their authority that they were not given."""
    return bool(authorities_in_an_emergency(actor))


def authorities_in_an_emergency(actor: Actor) -> tuple[str, ...]:
    """Where the actor may open any plan in an emergency."""
    return tuple(sorted({each.authority for each in actor.grants if each.role in EMERGENCY_ROLES}))


def may_ask_to_audit(actor: Actor, plan: Plan) -> bool:
    return any(each.role is Role.AUDITOR and not each.reading for each in grants_on(actor, plan))


def reads_only(actor: Actor, plan_id: str, authority: str) -> bool:
    """Whether the actor opens this plan by a reasoned reading and by nothing else: then nothing of theirs is saved."""
    parts = [each for each in actor.grants_on(plan_id, authority) if each.role in CASE[Permission.PLAN_VIEW]]
    return bool(parts) and all(each.reading for each in parts)


def part_opened_by(actor: Actor, plan: Plan) -> Grant | None:
    """The part by which the actor opens the plan: a reasoned reading before any other, since it shows the most."""
    parts = [each for each in grants_on(actor, plan) if each.role in CASE[Permission.PLAN_VIEW]]
    return max(parts, key=lambda each: bool(each.reading), default=None)


def audit(plan: Plan, actor: Actor, asked: Asked, moment: Moment) -> ReasonedReading:
    """The auditor's reading of a plan they may open. NotFound for a stranger, NotAllowed for every other reader."""
    if not allows(actor, Permission.PLAN_VIEW, plan):
        raise NotFound("no such plan")
    found = [each for each in grants_on(actor, plan) if each.role is Role.AUDITOR and not each.reading]
    if not found:
        raise NotAllowed("Only the data protection officer reads a plan with a written reason.")
    if asked.delay or asked.delay_reason:
        raise Invalid({"delay": "What the data protection officer reads is always shown to the family."})
    return _begun(ReadingKind.AUDIT, plan, found[0], asked, moment)


def part_in_an_emergency(actor: Actor, authority: str, asked: Asked, moment: Moment) -> Grant:
    """The part by which the actor may open any plan of the authority, once all they say does; else NotFound.

    Judged before the plan is looked for, so that no answer but an opening tells that there is one. Raises Invalid,
    and StepUpNeeded for somebody who has not proved a moment ago who they are.
    """
    found = [each for each in actor.grants if each.role in EMERGENCY_ROLES and each.authority == authority]
    if not found:
        raise NotFound("no such plan")
    _check(ReadingKind.EMERGENCY, asked)
    must_be_fresh(actor, moment.wall)
    return found[0]


def emergency(plan: Plan, actor: Actor, asked: Asked, moment: Moment) -> ReasonedReading:
    """The reading of somebody with a named role in the plan's authority, whatever part they have in the plan."""
    part = part_in_an_emergency(actor, plan.authority, asked, moment)
    begun = _begun(ReadingKind.EMERGENCY, plan, part, asked, moment)
    if asked.delay:
        begun = replace(begun, delays=(_delay(begun.by, asked.delay, asked.delay_reason),))
    return begun


def _check(kind: ReadingKind, asked: Asked) -> None:
    if asked.category not in CATEGORIES[kind]:
        raise Invalid({"category": "Choose what it is about."})
    _reason("reason", asked.reason)
    if asked.delay:
        _days(asked.delay)
        _reason("delay_reason", asked.delay_reason)
    elif asked.delay_reason.strip():
        raise Invalid({"delay": "Choose until when it is to be kept from the family, or take the reason out."})


def _begun(kind: ReadingKind, plan: Plan, part: Grant, asked: Asked, moment: Moment) -> ReasonedReading:
    _check(kind, asked)
    by = Mark(part.person, part.name, part.agency, moment.wall)
    until = moment.wall + LASTS
    why = (asked.category, asked.reason)
    return ReasonedReading(plan.id, plan.authority, kind, by, part.role, part.agency_name, *why, until)


def _reason(field: str, words: str) -> str:
    if not SHORTEST <= len(words.strip()) <= LONGEST:
        raise Invalid({field: f"Write why, in {SHORTEST} to {LONGEST:,} characters."})
    return words


def _note(field: str, words: str) -> str:
    if not 1 <= len(words.strip()) <= LONGEST:
        raise Invalid({field: f"Write what you found or did, in up to {LONGEST:,} characters."})
    return words


def _days(days: int) -> None:
    if not 1 <= days <= LONGEST_DELAY:
        raise Invalid({"delay": f"Choose a day within {LONGEST_DELAY} days."})


def _delay(by: Mark, days: int, words: str) -> Delay:
    _days(days)
    return Delay(by, _reason("delay_reason", words), local_day(by.at) + timedelta(days=days))


def end(reading: ReasonedReading, actor: Actor, moment: Moment) -> ReasonedReading:
    """Over, sooner than by itself. NotFound for anybody else: nobody is told who reads."""
    if reading.by.person != actor.person:
        raise NotFound("no such reading")
    return replace(reading, until=min(reading.until, moment.wall))


def acknowledge(reading: ReasonedReading, actor: Actor, note: str, moment: Moment) -> ReasonedReading:
    """Seen by the data protection officer, once, with what they found; never one's own use."""
    by = _officer(reading, actor, moment)
    if reading.seen:
        raise NotReady(("Somebody has seen to this already.",))
    return replace(reading, seen=Note(by, _note("note", note)))


def delay(reading: ReasonedReading, actor: Actor, days: int, words: str, moment: Moment) -> ReasonedReading:
    """Keep it from the family until a day, or renew that. A delay that is over is not begun again."""
    by = _officer(reading, actor, moment)
    if reading.delays and not reading.is_kept_from_the_family(local_day(moment.wall)):
        raise NotReady(("The delay is over, and the family has been shown this.",))
    return replace(reading, delays=(*reading.delays, _delay(by, days, words)))


def show(reading: ReasonedReading, actor: Actor, note: str, moment: Moment) -> ReasonedReading:
    """End the delay: from now on the family sees it."""
    by = _officer(reading, actor, moment)
    if not reading.is_kept_from_the_family(local_day(moment.wall)):
        raise NotReady(("This is not kept from the family.",))
    return replace(reading, shown=Note(by, _note("why", note)))


def _officer(reading: ReasonedReading, actor: Actor, moment: Moment) -> Mark:
    """The data protection officer who acts."""
    parts = officer_parts(actor, reading.authority)
    if not parts or reading.by.person == actor.person:
        raise NotAllowed("The data protection officer sees to this, and nobody to a use of their own.")
    return Mark(actor.person, actor.name, parts[0].agency, moment.wall)
