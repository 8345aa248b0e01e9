"""Who opened a plan: each opening of the daily work and each reasoned reading, as one reader may be told of them."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain.actor import FAMILY_ROLES, Actor, Role
from portal.domain.error import NotAllowed
from portal.domain.moment import Moment, local_day
from portal.domain.permission import grants_on
from portal.domain.plan import Plan
from portal.domain.reasoned_reading import CATEGORIES, ReasonedReading, officer_parts
from portal.store import openings, presence, reasoned_readings
from portal.store.database import Database

PAGE = 50
# Where an address is hidden, the name of a school would tell where the child spends the day.
OF_EDUCATION = frozenset({Role.SENCO, Role.EDUCATIONAL_PSYCHOLOGIST, None})
TOLD_WHY = FAMILY_ROLES | {Role.SEN_MANAGER}


@dataclass(frozen=True)
class Line:
    """One thing that somebody read. `what` is the document they took a copy of, else empty; `why` is None for
    the daily work, and (category, reason) of a reasoned reading, its reason empty for whoever is not told it."""

    at: datetime
    name: str
    role: Role | None
    agency_name: str
    what: str = ""
    kind: str = ""
    until: datetime | None = None
    why: tuple[str, str] | None = None
    delayed: bool = False  # the family is not told of it yet
    mine: bool = False
    ends: int = 0  # the number by which its reader can end it now


@dataclass(frozen=True)
class Place:
    """Where a page begins: lines of a moment or before it, `beyond` that many of them."""

    upto: datetime
    beyond: int = 0


@dataclass(frozen=True)
class Page:
    lines: tuple[Line, ...]
    older: Place | None


def is_family(actor: Actor, plan: Plan) -> bool:
    return any(each.role in FAMILY_ROLES for each in grants_on(actor, plan))


def listed(db: Database, actor: Actor, plan: Plan, moment: Moment, place: Place | None = None) -> Page:
    """A page of who read a plan that the actor may open, the newest first."""
    place = place or Place(moment.wall)
    limit = place.beyond + PAGE + 1  # one more tells whether there is another page
    untold = _untold(db, actor, plan, moment)
    daily = openings.of_a_plan(db, plan.id, place.upto, limit, _unseen_family(db, actor, plan))
    with_reason = reasoned_readings.of_a_plan(db, plan.id, place.upto, limit, untold)
    lines = [_daily(plan, actor, each) for each in daily]
    lines += [_reasoned(plan, actor, each, moment) for each in with_reason]
    found = sorted(lines, key=lambda each: each.at, reverse=True)[place.beyond : limit]
    shown = found[:PAGE]
    return Page(tuple(shown), _older(place, shown) if len(found) > PAGE else None)


def must_be_family(actor: Actor, plan: Plan) -> None:
    if not is_family(actor, plan):
        raise NotAllowed("Only the family chooses this, each for themselves.")


def choose(db: Database, actor: Actor, plan: Plan, shown: bool) -> None:
    """Whether the others of the family may see when the actor reads and is there, if they let the actor see it too."""
    must_be_family(actor, plan)
    openings.choose(db, plan.id, actor.person, shown)
    presence.choose(db, plan.id, actor.person, shown)


def shows(db: Database, actor: Actor, plan: Plan) -> bool:
    """Whether the actor has chosen to show the family when they read."""
    return actor.person in openings.choosers(db, plan.id)


def _unseen_family(db: Database, actor: Actor, plan: Plan) -> set[str]:
    """Whose reading is nobody else's business: the family's, but for those who chose to show it to one another."""
    family = openings.family_of(db, plan.id)
    if actor.person not in family:
        return family
    choosers = openings.choosers(db, plan.id)
    return family - {actor.person} - (choosers if actor.person in choosers else set())


def _untold(db: Database, actor: Actor, plan: Plan, moment: Moment) -> list[int]:
    """Emergencies that a safeguarding delay keeps from everybody but the officer and whoever read."""
    if officer_parts(actor, plan.authority):
        return []
    today = local_day(moment.wall)
    delayed = [each for each in reasoned_readings.delayed(db, plan.id) if each.is_kept_from_the_family(today)]
    return [each.number for each in delayed if each.by.person != actor.person]


def _older(place: Place, shown: list[Line]) -> Place:
    last = shown[-1].at
    same = sum(each.at == last for each in shown)
    return Place(last, same + (place.beyond if last == place.upto else 0))


def _agency(plan: Plan, role: Role | None, name: str) -> str:
    return "" if plan.child.hidden_address and role in OF_EDUCATION else name


def _daily(plan: Plan, actor: Actor, opening: openings.Opening) -> Line:
    agency = _agency(plan, opening.role, opening.agency_name)
    what = opening.what.partition(":")[0]
    mine = opening.person == actor.person
    return Line(opening.at, opening.name, opening.role, agency, what, mine=mine)


def _reasoned(plan: Plan, actor: Actor, reading: ReasonedReading, moment: Moment) -> Line:
    roles = {each.role for each in grants_on(actor, plan)}
    mine = reading.by.person == actor.person
    told = mine or bool(roles & TOLD_WHY) or bool(officer_parts(actor, plan.authority))
    why = (CATEGORIES[reading.kind][reading.category], reading.reason if told else "")
    return Line(
        at=reading.by.at,
        name=reading.by.name,
        role=reading.role,
        agency_name=_agency(plan, reading.role, reading.agency_name),
        kind=reading.kind.value,
        until=reading.until,
        why=why,
        delayed=reading.is_kept_from_the_family(local_day(moment.wall)),
        mine=mine,
        ends=reading.number if mine and reading.is_live(moment.wall) else 0,
    )
