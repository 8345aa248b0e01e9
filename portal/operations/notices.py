"""Make notices of what has happened, for whoever it concerns; show what was sent, and whom it did not reach."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.actor import Actor, Grant, Role
from portal.domain.awaited import tasks_of
from portal.domain.contact import Contact
from portal.domain.error import NotFound
from portal.domain.identifier import authority_of
from portal.domain.moment import Moment
from portal.domain.notice import (
    LETTER_WRITTEN,
    Awaited,
    Happened,
    Notice,
    NoticeKind,
    ToTell,
    nearest,
    to_tell,
    waits_for,
)
from portal.domain.notice_delivery import first_time, wants
from portal.domain.permission import grants_on
from portal.domain.plan import Plan
from portal.operations import intake_notices
from portal.store import chain, checkpoints, contacts, notices, people, plans
from portal.store.database import Database, DatabaseError

log = logging.getLogger("portal.delivery")
COUNCIL = frozenset({Role.SEN_CASEWORKER, Role.SEN_MANAGER})


@dataclass(frozen=True)
class Line:
    """One notice with the name of whoever it was for."""

    notice: Notice
    name: str


def authorities(db: Database) -> list[str]:
    """The codes of the authorities whose plans anything may have happened to."""
    return checkpoints.authorities(db)


def spread(db: Database, authority: str, moment: Moment) -> int:
    """Make the notices of an authority's outbox, each once however many do this; answers of how many plans."""
    waiting = notices.undelivered(db, authority)
    return sum(_is_spread(db, plan_id, happened, moment) for plan_id, happened in waiting.items())


def _is_spread(db: Database, plan_id: str, happened: list[Happened], moment: Moment) -> bool:
    """Whether this made the notices of a plan: not when it was destroyed, or when others made them."""
    try:
        _spread(db, plan_id, happened, moment)
    except (NotFound, notices.SpreadMeanwhile):
        return False
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  # one plan must not keep all others' people from being told
        log.error("the notices of a plan could not be made: %s", type(error).__name__)
        return False
    return True


def _spread(db: Database, plan_id: str, happened: list[Happened], moment: Moment) -> None:
    times, before = notices.awaited(db, plan_id)
    told, now = _told(db, plan_id, happened, before, moment)
    known = contacts.of_people(db, {each.person for each in told})
    made = [each for one in told if (each := _made(plan_id, one, known.get(one.person), moment))]
    notices.spread(db, plan_id, happened, times, now, made)


def _told(
    db: Database, plan_id: str, happened: list[Happened], before: Awaited, moment: Moment
) -> tuple[Sequence[ToTell], Awaited]:
    """Who is told what, and for what everybody is awaited now; of a request that is no plan yet, by its messages."""
    if intake_notices.is_about_a_request(happened):
        return intake_notices.to_tell(db, plan_id, happened, moment), {}
    plan, actors = plans.load(db, plan_id), present(db, plan_id, moment)
    told = to_tell(plan, happened, actors, before, _last_actor(db, plan, happened))
    return told, {each.person: waits for each in actors if (waits := waits_for(plan, each))}


def present(db: Database, plan_id: str, moment: Moment) -> list[Actor]:
    """Everybody who has a live part in a plan, with what they hold there."""
    held: dict[str, list[Grant]] = {}
    for each in people.grants_on(db, plan_id, moment.wall):
        held.setdefault(each.person, []).append(each)
    return [Actor(who, parts[0].name, "", "", tuple(parts), day=moment.today) for who, parts in held.items()]


def _last_actor(db: Database, plan: Plan, happened: list[Happened]) -> str:
    """Who did the last of these things; nobody where it stands on no chain."""
    key = next((each.key for each in reversed(happened) if each.kind != LETTER_WRITTEN), "")
    return str(chain.entry_at(db, plan.id, int(key)).facts["who"]) if key.isdecimal() else ""


def _made(plan_id: str, told: ToTell, contact: Contact | None, moment: Moment) -> Notice | None:
    """The notice; None for whoever gave no way to reach them or wants none, unless the law has us serve it."""
    contact = contact or Contact()
    if not wants(contact, told.kind) or not (contact.ways or told.is_served):
        return None
    return Notice(
        id=f"{plan_id}:notice:{told.because.key}:{told.kind.value}:{told.person}",
        authority=authority_of(plan_id),
        plan=plan_id,
        person=told.person,
        kind=told.kind,
        at=told.because.at,
        due=told.due,
        next=first_time(contact, told.kind, moment.wall),
    )


def still_due(db: Database, notice: Notice, moment: Moment) -> tuple[bool, date | None]:
    """(whether there is still something to tell this person, by when): parts end, and what waited may be done."""
    try:
        plan = plans.load(db, notice.plan)
    except NotFound:
        return intake_notices.still_due(db, notice, moment), None
    actor = next((each for each in present(db, notice.plan, moment) if each.person == notice.person), None)
    if actor is None:
        return False, None
    if notice.kind is NoticeKind.WAITS:
        return bool(waits_for(plan, actor)), nearest(tasks_of(plan, actor))
    return True, notice.due


def tell_the_council(db: Database, failed: Notice, moment: Moment) -> None:
    """When somebody could not be served, whoever works on the plan for the council is told that."""
    for actor in present(db, failed.plan, moment):
        contact = contacts.of_person(db, actor.person)
        works_on_it = any(each.role is Role.SEN_CASEWORKER and each.scope == failed.plan for each in actor.grants)
        if works_on_it and contact.ways and wants(contact, NoticeKind.UNTOLD):
            notices.add(
                db,
                Notice(
                    id=f"{failed.id}:{NoticeKind.UNTOLD.value}:{actor.person}",
                    authority=failed.authority,
                    plan=failed.plan,
                    person=actor.person,
                    kind=NoticeKind.UNTOLD,
                    at=moment.product,
                    next=first_time(contact, NoticeKind.UNTOLD, moment.wall),
                ),
            )


def listed(db: Database, actor: Actor, plan: Plan) -> list[Line]:
    """What was sent about a plan: to everybody for the council's SEN team, else only what the reader was sent."""
    council = any(each.role in COUNCIL for each in grants_on(actor, plan))
    found = notices.of_a_plan(db, plan.id, "" if council else actor.person)
    names = contacts.names(db, {each.person for each in found})
    return [Line(each, names.get(each.person, "Somebody no longer here")) for each in found]
