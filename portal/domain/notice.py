"""Notices: who is to be told what, and by when, once something has happened to a plan; never about whom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.domain.access import manager_parts
from portal.domain.actor import Actor, Role
from portal.domain.advice_asked import asked_of, declined
from portal.domain.awaited import tasks_of
from portal.domain.contact import Way
from portal.domain.event import EventKind
from portal.domain.permission import Permission, allows
from portal.domain.plan import Plan
from portal.domain.reasoned_reading import EMERGENCY_OPENED, officer_parts
from portal.domain.reminders import is_reminded, rung_in
from portal.domain.state import PlanState
from portal.domain.turn import Task, TaskKind


class NoticeKind(StrEnum):
    WAITS = "waits"
    DRAFT = "draft"
    FINAL = "final"
    AMENDMENT = "amendment"
    LETTER = "letter"
    ANSWERED = "answered"
    ALERT = "alert"
    REMINDER = "reminder"  # a legal date is near, and something still waits
    LATE = "late"  # it has passed
    UNTOLD = "untold"  # somebody who had to be told could not be


# What the law has the council send (SEND Regulations 2014 regs 13(1) and 14; Children and Families Act 2014 s38).
SERVED = frozenset({NoticeKind.DRAFT, NoticeKind.FINAL, NoticeKind.LETTER, NoticeKind.AMENDMENT})
# An entry of the outbox beside that of the chain, for each letter that was sent here and not on paper.
LETTER_WRITTEN = "letter_written"
# And for whoever a manager reminds by hand, once a day for a plan.
ASKED_AGAIN = "asked_again"
# These do not wait for anybody's hour or day.
AT_ONCE = SERVED | {NoticeKind.ALERT}


class NoticeState(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"  # by whoever delivers it, who has not said yet whether it arrived
    SENT = "sent"
    OVER = "over"  # nothing waits any more, or it was read
    FAILED = "failed"


class Ended(StrEnum):
    """How one attempt ended, as far as anybody has said."""

    BEGUN = "begun"
    TAKEN = "taken"
    ARRIVED = "arrived"
    NOT_NOW = "not_now"
    NEVER = "never"


@dataclass(frozen=True)
class Attempt:
    """Evidence: one attempt, written down before it is made. `number` is the provider's own, `why` a kind of fault."""

    way: Way
    reference: str
    at: datetime
    ended: Ended = Ended.BEGUN
    number: str = ""
    why: str = ""


@dataclass(frozen=True)
class Notice:
    """One thing that one person is told. `next` is when it is seen to again, None for no more.

    `message` names the message that carries it, with others of the same person; `sent` is when it was taken;
    `given_up` are the ways that did not lead to this person, or that they did not follow.
    """

    id: str
    authority: str
    plan: str
    person: str
    kind: NoticeKind
    at: datetime
    due: date | None = None
    state: NoticeState = NoticeState.WAITING
    next: datetime | None = None
    given_up: tuple[Way, ...] = ()
    message: str = ""
    tries: int = 0
    sent: datetime | None = None
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True)
class Happened:
    """An entry of the outbox: the end of its id within the plan, what happened, and when."""

    key: str
    kind: str
    at: datetime


@dataclass(frozen=True)
class ToTell:
    """What one person is to be told of a plan, because of one entry of the outbox."""

    person: str
    kind: NoticeKind
    because: Happened
    due: date | None = None

    @property
    def is_served(self) -> bool:
        return self.kind in SERVED


Awaited = Mapping[str, frozenset[str]]


def waits_for(plan: Plan, actor: Actor) -> frozenset[str]:
    """Everything that a plan waits for from somebody, each by a name of its own, so that what is new can be told."""
    found = tasks_of(plan, actor)
    tasks = {f"{task.kind.value}:{letter}" for task in found if not task.person for letter in task.letters or ("",)}
    tasks |= {f"answered:{each.conversation}" for each in found if each.kind is TaskKind.HEAR}
    asked = {f"conversation:{each.number}" for each in plan.conversations if each.waits_for.person == actor.person}
    advice = {f"advice:{each.number}:{len(each.chased)}" for each in asked_of(plan, actor.person)}
    if any(each.role is Role.SEN_CASEWORKER and each.scope == plan.id for each in actor.grants):
        advice |= {f"no_advice:{each.number}:{len(each.chased)}" for each in declined(plan)}
    return frozenset(tasks | asked | advice)


def nearest(tasks: Iterable[Task]) -> date | None:
    """The nearest legal last day of some tasks."""
    return min((each.due for each in tasks if each.due), default=None)


def to_tell(
    plan: Plan, happened: Sequence[Happened], people: Iterable[Actor], before: Awaited, done_by: str
) -> tuple[ToTell, ...]:
    """Who is told what, now that these things have happened.

    `people` are those with a live part, `before` what they were awaited for when this was last asked, and `done_by`
    whoever did the last thing: they know of it. Nobody is told twice of one thing that waits.
    """
    served = _served(plan, happened)
    return tuple(each for actor in people for each in _told(plan, happened, actor, before, done_by, served))


def _told(
    plan: Plan,
    happened: Sequence[Happened],
    actor: Actor,
    before: Awaited,
    done_by: str,
    served: Mapping[NoticeKind, Happened],
) -> Iterator[ToTell]:
    tasks = tasks_of(plan, actor)
    if served and allows(actor, Permission.PLAN_ANSWER, plan):  # whose decision it is, they are served
        yield from (ToTell(actor.person, kind, why, nearest(tasks)) for kind, why in served.items())
    elif actor.person != done_by and waits_for(plan, actor) - before.get(actor.person, frozenset()):
        yield ToTell(actor.person, NoticeKind.WAITS, happened[-1], nearest(tasks))
    for each in happened:
        if each.kind == EventKind.REPRESENTATION_ANSWERED and actor.person in _answered(plan, each):
            yield ToTell(actor.person, NoticeKind.ANSWERED, each)
    if allows(actor, Permission.PLAN_ANSWER, plan):
        yield from (ToTell(actor.person, NoticeKind.LETTER, each) for each in happened if each.kind == LETTER_WRITTEN)
    yield from _reminded(plan, happened, actor)
    if officer_parts(actor, plan.authority):
        emergencies = (each for each in happened if each.kind == EMERGENCY_OPENED)
        yield from (ToTell(actor.person, NoticeKind.ALERT, each) for each in emergencies)


def _reminded(plan: Plan, happened: Sequence[Happened], actor: Actor) -> Iterator[ToTell]:
    """A council's reminders of a legal date (reminders.py), to those on that rung."""
    for each in happened:
        rung = rung_in(each.kind)
        due = date.fromordinal(int(each.key.rpartition(":")[2])) if rung else None
        if rung and due and is_reminded(plan, actor, rung, due):
            kind = NoticeKind.LATE if rung.days > 0 else NoticeKind.REMINDER
            yield ToTell(actor.person, kind, each, due)
        elif each.kind == ASKED_AGAIN and waits_for(plan, actor) and not manager_parts(actor):
            yield ToTell(actor.person, NoticeKind.REMINDER, each, nearest(tasks_of(plan, actor)))


def _answered(plan: Plan, happened: Happened) -> frozenset[str]:
    """Whose point an entry answers: nobody else is told."""
    return frozenset(each.person for each in plan.representations if str(each.answer) == happened.key)


def _served(plan: Plan, happened: Sequence[Happened]) -> dict[NoticeKind, Happened]:
    """The version that was issued last among these things, while it is the plan's stage: an older one was overtaken."""
    stages = {
        EventKind.DRAFT_SERVED: (PlanState.DRAFT_ISSUED, NoticeKind.DRAFT),
        EventKind.FINAL_ISSUED: (PlanState.FINAL, NoticeKind.FINAL),
        EventKind.AMENDMENT_NOTICE_SERVED: (PlanState.AMENDING, NoticeKind.AMENDMENT),
        EventKind.AMENDED_FINAL_ISSUED: (PlanState.FINAL, NoticeKind.FINAL),
    }
    for each in reversed(happened):
        for kind, (state, notice) in stages.items():
            if each.kind == kind and plan.state is state:
                return {notice: each}
    return {}
