"""How long a plan is kept: the policy as dated rows, what stops destruction, and the two people who confirm it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.domain.actor import Actor, Grant
from portal.domain.content import Mark
from portal.domain.decision import Decision, mark
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.event import Event, EventKind
from portal.domain.moment import Moment, local_day
from portal.domain.permission import Permission, grants_for
from portal.domain.plan import Child, Keeping, Note, Plan

PEOPLE_NEEDED = 2


@dataclass(frozen=True)
class Policy:
    """One row: the years from birth for which a plan is kept. A later row for the same children takes its place."""

    children: str
    only_looked_after: bool
    years: int
    why: str
    source: str
    since: date


# The first plans were made on 1 September 2014. An authority that keeps its own schedule changes these rows alone.
POLICIES = (
    Policy(
        "every child",
        False,
        31,
        "A plan can run until somebody is 25, and for six years after that a question about it can come to court.",
        "IRMS toolkit for schools: date of birth and 31 years (25, and 6 by the Limitation Act 1980, section 5)",
        date(2014, 9, 1),
    ),
    Policy(
        "a child who is or was looked after by a council",
        True,
        75,
        "The law keeps the records of somebody whom a council looked after, so that they can read them as an adult.",
        "Care Planning, Placement and Case Review (England) Regulations 2010, regulation 50(2)",
        date(2014, 9, 1),
    ),
)


def policy_for(child: Child, on: date, policies: Sequence[Policy] = POLICIES) -> Policy:
    """Of the rows in force that day and that are for this child, the one that keeps the plan longest."""
    rows = [each for each in policies if each.since <= on and (child.looked_after or not each.only_looked_after)]
    newest = {each.only_looked_after: each for each in sorted(rows, key=lambda row: row.since)}
    return max(newest.values(), key=lambda row: row.years)


def due_on(child: Child, on: date, policies: Sequence[Policy] = POLICIES) -> date:
    """The first day on which the plan may be destroyed, by the policy in force on a day."""
    return _anniversary(child.born, policy_for(child, on, policies).years)


def _anniversary(born: date, years: int) -> date:
    """The day on which so many years are over: for 29 February, 1 March of a year that has none."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def standing(child: Child, keeping: Keeping, on: date) -> tuple[Mark, ...]:
    """The confirmations that count: given when the plan was due already by the policy of today.

    They hold no date of their own: it would tell the child's birthday where that is not encrypted.
    """
    due = due_on(child, on)
    return tuple(each for each in keeping.confirmed if due <= local_day(each.at))


def may_be_destroyed(child: Child, keeping: Keeping, on: date) -> bool:
    confirmed = {each.person for each in standing(child, keeping, on)}
    return due_on(child, on) <= on and keeping.hold is None and len(confirmed) >= PEOPLE_NEEDED


def hold(plan: Plan, actor: Actor, reason: str, moment: Moment) -> Decision:
    """Keep the plan whatever its date says, until the hold is released. What was confirmed before lapses."""
    grant = _grant(plan, actor, Permission.PLAN_HOLD)
    _must_give(reason)
    if plan.keeping.hold:
        raise NotReady(["There is a hold on this plan already."])
    by = mark(actor, grant, moment)
    after = replace(plan, keeping=Keeping(hold=Note(by, reason)))
    return Decision(after, Event(EventKind.HOLD_PLACED, beside={"words": reason}), by, grant.agency_name)


def release(plan: Plan, actor: Actor, reason: str, moment: Moment) -> Decision | None:
    """Let the plan's date count again; None when nothing holds it."""
    grant = _grant(plan, actor, Permission.PLAN_HOLD)
    _must_give(reason)
    if plan.keeping.hold is None:
        return None
    by = mark(actor, grant, moment)
    after = replace(plan, keeping=replace(plan.keeping, hold=None))
    return Decision(after, Event(EventKind.HOLD_RELEASED, beside={"words": reason}), by, grant.agency_name)


def confirm(plan: Plan, actor: Actor, moment: Moment) -> Decision | None:
    """One of two different people says that the plan may be destroyed; None when two have said so.

    Raises NotReady before the plan is due, while a hold is on it, and when one person would be both.
    """
    grant = _grant(plan, actor, Permission.PLAN_DESTROY)
    if plan.keeping.hold:
        raise NotReady(["There is a hold on this plan. It is kept until the hold is released."])
    if moment.today < due_on(plan.child, moment.today):
        raise NotReady(["This plan is to be kept for longer. Look at its date again."])
    given = standing(plan.child, plan.keeping, moment.today)
    if len(given) >= PEOPLE_NEEDED:
        return None
    if any(each.person == actor.person for each in given):
        raise NotReady(["You have confirmed this already. The second person must be somebody else."])
    by = mark(actor, grant, moment)
    after = replace(plan, keeping=Keeping(confirmed=(*given, by)))
    kind = EventKind.DESTRUCTION_ORDERED if given else EventKind.DESTRUCTION_CONFIRMED
    return Decision(after, Event(kind), by, grant.agency_name)


def _grant(plan: Plan, actor: Actor, permission: Permission) -> Grant:
    grants = grants_for(actor, permission, plan, "")
    if not grants:
        raise NotAllowed("The council’s SEN managers and its data protection officer see to how long plans are kept.")
    return grants[0]


def _must_give(reason: str) -> None:
    if not reason.strip():
        raise Invalid({"reason": "Say why, so that whoever looks later understands."})
