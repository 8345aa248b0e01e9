"""Plan a review, invite to it, gather advice, record its meeting, decide, and open the plan for amendment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from portal.domain import not_amend
from portal.domain import review_act as rules
from portal.domain.actor import Actor, Grant
from portal.domain.amend import Because, begin_amending
from portal.domain.decision import Decision
from portal.domain.hashing import Value
from portal.domain.moment import Moment
from portal.domain.permission import Permission
from portal.domain.permission_law import is_consulted
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading, Reach
from portal.domain.review import PART_OF, Review, Said, reviews_of
from portal.domain.review_act import Rows
from portal.domain.standard import Needed
from portal.domain.step_up import proven
from portal.operations.act import act
from portal.store import people, reviews, revisions, versions
from portal.store.database import Database
from portal.store.requests import Request

Sent = Request | None
Restore = Callable[[Plan], Decision]
OUTCOMES = "E"


def plan_meeting(
    db: Database, actor: Actor, plan_id: str, on: date, words: str, moment: Moment, sent: Sent = None
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.plan_meeting(plan, actor, on, words, moment), sent)


def invite(
    db: Database, actor: Actor, plan_id: str, invited: Rows, words: str, moment: Moment, sent: Sent = None
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.invite(plan, actor, invited, words, moment), sent)


def advise(
    db: Database, actor: Actor, plan_id: str, progress: str, change: str, moment: Moment, sent: Sent = None
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.advise(plan, actor, progress, change, moment), sent)


def tell_views(
    db: Database, actor: Actor, plan_id: str, views: str, told: str, moment: Moment, sent: Sent = None
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.tell_views(plan, actor, views, told, moment), sent)


def circulate(db: Database, actor: Actor, plan_id: str, moment: Moment, sent: Sent = None) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.circulate(plan, actor, moment), sent)


def record(
    db: Database,
    actor: Actor,
    plan_id: str,
    on: date,
    said: Mapping[str, Value],
    moment: Moment,
    sent: Sent = None,
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.record(plan, actor, on, said, moment), sent)


def send_report(db: Database, actor: Actor, plan_id: str, moment: Moment, sent: Sent = None) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.send_report(plan, actor, moment), sent)


def decide(
    db: Database, actor: Actor, plan_id: str, outcome: str, words: str, moment: Moment, sent: Sent = None
) -> Plan:
    """Raises StepUpNeeded where the plan is to cease and the actor has not proved a moment ago who they are."""
    decided = proven(actor, moment, lambda plan: rules.decide(plan, actor, outcome, words, moment))
    return act(db, actor, plan_id, decided, sent)


def amend(
    db: Database, actor: Actor, plan_id: str, because: Because, words: str, moment: Moment, sent: Sent = None
) -> Plan:
    return act(db, actor, plan_id, lambda plan: begin_amending(plan, actor, because, words, moment), sent)


def decide_not_to_amend(
    db: Database, actor: Actor, plan_id: str, words: str, moment: Moment, sent: Sent = None
) -> Plan:
    """End an amendment that the family was served; each section says again what is in force, by an entry of its own."""

    def follow(plan: Plan) -> Sequence[Restore]:
        if plan.in_force is None:
            return ()
        force = versions.find(db, plan_id, plan.in_force.number)
        issued = revisions.contents(db, plan_id, not_amend.to_restore(plan, force))
        return [
            partial(not_amend.restore, actor=actor, letter=letter, issued=content, version=force.number, moment=moment)
            for letter, content in issued.items()
        ]

    decided = partial(not_amend.decide_not_to_amend, actor=actor, words=words, moment=moment)
    return act(db, actor, plan_id, decided, sent, then=follow)


# What one person may read of them


def reads_all(reading: PlanReading) -> bool:
    """Whether the words of a meeting are this reader's: they may touch every section that somebody signs."""
    signed = (each for each in reading.sections.values() if each.standard.needed is Needed.SIGNED)
    return all(each.reach in (Reach.WORKING, Reach.FINAL) for each in signed)


def all_of(db: Database, reading: PlanReading) -> tuple[Review, ...]:
    """Every review as this reader may see it, oldest first: its steps always, its words if they may read them all."""
    return tuple(_told(reading, each) for each in reviews_of(reviews.all_of(db, reading.plan)))


def why_amended(db: Database, reading: PlanReading) -> Said | None:
    """Why the plan was opened for amendment the last time, or why it was then not amended, as this reader may know."""
    found = reviews.opened_or_ended(db, reading.plan)[-1:]
    return _words_told(reading, found[0], reads_all(reading)) if found else None


def _told(reading: PlanReading, review: Review) -> Review:
    """Advice stays between its author and whoever holds the review until it is sent round."""
    open_to = reading.may(Permission.PLAN_REVIEW) or review.circulated is not None or review.held is not None
    whole = reads_all(reading)
    told = (_words_told(reading, each, whole) for each in review.entries)
    shown = (each for each in told if not each.facts.get("part") or _is_own(reading, each) or (open_to and whole))
    return replace(review, entries=tuple(shown))


def _is_own(reading: PlanReading, said: Said) -> bool:
    return said.by.person == reading.actor.person


def _words_told(reading: PlanReading, said: Said, whole: bool) -> Said:
    """The entry with those of its words that this reader may read: their own, or what nothing is kept from them of."""
    if _is_own(reading, said):
        return said
    agency = reading.says(said.agency_name)
    if not whole:
        return replace(said, beside={}, agency_name=agency)
    return replace(
        said, beside={name: _value_told(reading, each) for name, each in said.beside.items()}, agency_name=agency
    )


def _value_told(reading: PlanReading, value: Value) -> Value:
    if isinstance(value, str):
        return reading.says(value)
    if isinstance(value, Mapping):
        return {name: _value_told(reading, each) for name, each in value.items()}
    return [_value_told(reading, each) for each in value] if isinstance(value, list | tuple) else value


def may_be_invited(db: Database, plan: Plan, moment: Moment) -> tuple[tuple[str, Grant], ...]:
    """(part, their part in the plan) of everybody here whom the law has invited, or who knows the child."""
    found: dict[str, tuple[str, Grant]] = {}
    for each in people.grants_on(db, plan.id, moment.wall):
        if each.role in PART_OF and not is_consulted(each):
            found.setdefault(each.person, (PART_OF[each.role], each))
    return tuple(found.values())
