"""Putting on record what happened in a child's case: an event on its day, and a mistake taken back by another."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from portal.domain.actor import Actor, Grant
from portal.domain.case_steps import AHEAD, next_ref, outstanding, possible
from portal.domain.clocks.days import is_working_day, next_working_day
from portal.domain.clocks.event import FIELDS, Case, Event, Kind, in_order
from portal.domain.clocks.misdated import misdated
from portal.domain.clocks.reading import Faulty, read_event
from portal.domain.decision import Decision, mark
from portal.domain.elsewhere import of_the_other_council, was_issued_here
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady
from portal.domain.event import Event as Entry
from portal.domain.event import EventKind
from portal.domain.hashing import Value
from portal.domain.moment import ENGLAND, Moment
from portal.domain.permission import Permission, grants_for
from portal.domain.plan import Plan

FIVE_IN_THE_EVENING = time(17)
NOT_YOURS = "The council’s SEN team puts on record what happens in a case."


def received_on(day: date, evening: bool = False) -> date:
    """The day on which something counts as received: after five, or on no working day, the next working day."""
    return next_working_day(day + timedelta(days=1) if evening and is_working_day(day) else day)


def counts_as_received(at: datetime) -> date:
    """The same for something that arrived at a moment, by England's clock."""
    there = at.astimezone(ENGLAND)
    return received_on(there.date(), there.time() >= FIVE_IN_THE_EVENING)


def event_of(kind: str, on: date, facts: Mapping[str, Value] | None = None) -> Event:
    """An event as the clocks read it; `facts` are those of the outside contract. Raises Faulty."""
    return read_event({**(facts or {}), "kind": kind, "on": on.isoformat()})


def facts_of(event: Event) -> dict[str, Value]:
    """What an entry of the chain says of an event: its day and the words of the outside contract, no free text."""
    days = {name: day.isoformat() for name, day in event.days.items()}
    return {"on": event.on.isoformat(), **event.words, **days, **event.numbers}


def record(
    plan: Plan, actor: Actor, kind: EventKind, on: date, facts: Mapping[str, Value], words: str, moment: Moment
) -> Decision:
    """Put an event on record. `words` say more of it, beside the chain, for its author and the council.

    Raises NotAllowed, or Invalid with a sentence for what can't have happened so.
    """
    grant = _grant(plan, actor)
    if kind not in possible(plan.case):
        raise Invalid({"kind": "That can’t happen at this stage. Choose from the list."})
    event = possible_event(plan, kind, on, facts, moment)
    by = mark(actor, grant, moment)
    entry = Entry(kind, facts=facts_of(event), beside={"words": words} if words.strip() else {})
    return Decision(plan.with_event(event), entry, by, grant.agency_name)


def possible_event(plan: Plan, kind: EventKind, on: date, facts: Mapping[str, Value], moment: Moment) -> Event:
    """The event as the clocks read it, if it can have happened so; else Invalid with a sentence."""
    if on > moment.today and kind not in AHEAD:
        raise Invalid({"on": "This day is still to come. Put it on record once it has happened."})
    event = _read(plan.case, kind, on, facts)
    _must_follow(plan, event)
    return event


def correct(plan: Plan, actor: Actor, sequence: int, reason: str, moment: Moment) -> Decision:
    """Take an event back that was put on record by mistake; both entries stay on the chain.

    Raises NotAllowed, NotFound for an entry that is no such event, NotReady for what was issued here, Invalid.
    """
    grant = _grant(plan, actor)
    found = next((each for each in plan.happened if each.sequence == sequence), None)
    if found is None:
        raise NotFound("no such event")
    if was_issued_here(plan, found):
        raise NotReady(["This was issued here, on that day, and stays on record."])
    if not reason.strip():
        raise Invalid({"reason": "Say what was wrong, so that whoever looks later understands."})
    by = mark(actor, grant, moment)
    consulted = tuple(each for each in plan.consulted if each.number != sequence)
    left = tuple(each for each in plan.happened if each is not found)
    after = replace(plan, happened=left, consulted=consulted)
    entry = Entry(EventKind.EVENT_CORRECTED, facts={"corrects": sequence}, beside={"words": reason})
    return Decision(after, entry, by, grant.agency_name)


def _grant(plan: Plan, actor: Actor) -> Grant:
    grants = grants_for(actor, Permission.PLAN_PROCESS, plan, "")
    if not grants:
        raise NotAllowed(NOT_YOURS)
    return grants[0]


def _read(case: Case, kind: Kind, on: date, facts: Mapping[str, Value]) -> Event:
    """The event with its number among its kind; what the clocks' own checks refuse stands beside its question."""
    ref = next_ref(case, kind, facts)
    facts = {**facts, **({"ref": ref} if ref else {})}
    fields = [each for each in FIELDS.get(kind, ()) if each.belongs(facts)]
    missing = [each.name for each in fields if each.needed and facts.get(each.name) in (None, "")]
    if missing:
        raise Invalid(dict.fromkeys(missing, "Fill this in."))
    try:
        return event_of(kind, on, facts)
    except Faulty as error:
        about = next((each.name for each in fields if f" {each.name}" in str(error)), "on")
        _, _, why = str(error).rpartition("cannot stand: ")
        raise Invalid({about: f"This can’t be put on record: {why}".replace("_", " ")}) from None


def _must_follow(plan: Plan, event: Event) -> None:
    if event.kind is Kind.ADVICE_RECEIVED and event.ref not in outstanding(plan.case):
        raise Invalid({"ref": "Choose advice that was asked for and has not come yet."})
    others = [each.event for each in of_the_other_council(plan)]  # what they answer is on record there
    ours = [each for each in plan.case.events if each not in others]
    wrong = misdated(replace(plan.case, events=in_order([*ours, event])))
    if wrong:
        answer, start = wrong
        earlier = f"{start.on.day} {start.on:%B %Y}"
        if answer is event:
            raise Invalid({"on": f"This is earlier than what it answers, which is of {earlier}."})
        raise Invalid({"on": f"Something on record of {answer.on.day} {answer.on:%B %Y} answers this, and is earlier."})
