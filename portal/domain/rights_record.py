"""Give and withdraw consent, record who decides where capacity is lacking, and keep sections from somebody by order."""

from dataclasses import replace
from datetime import date

from portal.domain.actor import Actor, Grant, Role
from portal.domain.content import new_salt
from portal.domain.decision import Decision, mark
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.event import Event, EventKind
from portal.domain.moment import Moment
from portal.domain.permission import Permission, grants_for
from portal.domain.plan import Plan
from portal.domain.rights import Capacity, Consent, Limit, Matter, Rights
from portal.domain.young_person import is_young_person

MATTER_WORDS = {
    Matter.VIEWS: "agreeing “All about me”",
    Matter.DRAFT: "answering the draft plan",
    Matter.SHARING: "deciding who may read the plan",
}


def give_consent(
    plan: Plan,
    actor: Actor,
    to: Grant,
    letters: tuple[str, ...],
    until: date | None,
    moment: Moment,
    writes: bool = False,
) -> Decision:
    """Let an advocate, or a young person's parent, read these sections; it takes the place of what they had.

    Raises Invalid where nobody's reading hangs on it: a parent's does not before the child is a young person.
    """
    grant = _grant(plan, actor, Permission.PLAN_CONSENT)
    by_age = to.role is Role.PARENT and is_young_person(plan.child.born, moment.today)
    if not letters or not set(letters) <= set(plan.standard.letters):
        raise Invalid({"letters": "Choose the sections that they may read."})
    if to.person == actor.person or not (by_age or to.role is Role.ADVOCATE):
        raise Invalid({"person": "This person does not need consent to read the plan."})
    if until and until < moment.today:
        raise Invalid({"until": "This day is over. Give a day that is still to come, or none."})
    given = Consent(to.person, letters, mark(actor, grant, moment), until, writes and by_age)
    kept = _without(plan.rights.consents, to.person)
    return _recorded(plan, replace(plan.rights, consents=(*kept, given)), actor, grant, moment, "")


def withdraw_consent(plan: Plan, actor: Actor, person: str, moment: Moment) -> Decision | None:
    """Take a consent back, at once and without a reason; None when there is none."""
    grant = _grant(plan, actor, Permission.PLAN_CONSENT)
    kept = _without(plan.rights.consents, person)
    if kept == plan.rights.consents:
        return None
    return _recorded(plan, replace(plan.rights, consents=kept), actor, grant, moment, "")


def record_capacity(plan: Plan, actor: Actor, matter: Matter, to: Grant, words: str, moment: Moment) -> Decision:
    """Record that the young person lacks capacity for one decision, on whose assessment, and who decides instead."""
    grant = _grant(plan, actor, Permission.PLAN_RECORD_RIGHTS)
    if not is_young_person(plan.child.born, moment.today):
        raise NotReady(["Until the child is over compulsory school age, these decisions are the parents’."])
    if to.role is not Role.PARENT:
        raise Invalid({"person": "Choose the deputy or attorney, or else a parent."})
    _must_say(words, "Say who assessed capacity for this decision, when, and what they found.")
    found = Capacity(matter, to.person, mark(actor, grant, moment), words)
    kept = tuple(each for each in plan.rights.capacity if each.matter is not matter)
    return _recorded(plan, replace(plan.rights, capacity=(*kept, found)), actor, grant, moment, words)


def end_capacity(plan: Plan, actor: Actor, matter: Matter, words: str, moment: Moment) -> Decision | None:
    """Give a decision back to the young person; None when it is theirs."""
    grant = _grant(plan, actor, Permission.PLAN_RECORD_RIGHTS)
    kept = tuple(each for each in plan.rights.capacity if each.matter is not matter)
    if kept == plan.rights.capacity:
        return None
    _must_say(words, "Say why the decision is the young person’s again.")
    return _recorded(plan, replace(plan.rights, capacity=kept), actor, grant, moment, words)


def limit(plan: Plan, actor: Actor, to: Grant, letters: tuple[str, ...], words: str, moment: Moment) -> Decision | None:
    """Keep sections from one parent by a court's order, in place of what was kept; no section lifts it.

    None when nothing changes.
    """
    grant = _grant(plan, actor, Permission.PLAN_RECORD_RIGHTS)
    if to.role is not Role.PARENT:
        raise Invalid({"person": "Only a parent is limited here. Anybody else’s part can be ended."})
    if not set(letters) <= set(plan.standard.letters):
        raise Invalid({"letters": "Choose the sections that the order names."})
    kept = tuple(each for each in plan.rights.limits if each.person != to.person)
    if not letters and kept == plan.rights.limits:
        return None
    _must_say(words, "Say which order it is, of which court and which day.")
    limits = (*kept, Limit(to.person, letters, mark(actor, grant, moment), words)) if letters else kept
    return _recorded(plan, replace(plan.rights, limits=limits), actor, grant, moment, words)


def _recorded(plan: Plan, rights: Rights, actor: Actor, grant: Grant, moment: Moment, words: str) -> Decision:
    """One kind of entry for all of them: nobody can tell from the history that a person was kept from something."""
    rights = replace(rights, salt=new_salt())
    event = Event(EventKind.RIGHTS_RECORDED, facts={"rights": rights.hash}, beside={"words": words} if words else {})
    return Decision(replace(plan, rights=rights), event, mark(actor, grant, moment), grant.agency_name)


def _without(consents: tuple[Consent, ...], person: str) -> tuple[Consent, ...]:
    return tuple(each for each in consents if each.person != person)


def _grant(plan: Plan, actor: Actor, permission: Permission) -> Grant:
    grants = grants_for(actor, permission, plan, "")
    if not grants:
        raise NotAllowed("This is for somebody else to decide.")
    return grants[0]


def _must_say(words: str, what: str) -> None:
    if not words.strip():
        raise Invalid({"reason": what})
