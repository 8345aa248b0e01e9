"""Somebody's dates as a calendar file: those of one plan, or of all by a private address that needs no session."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.domain.actor import Actor
from portal.domain.awaited import tasks_of
from portal.domain.calendar_file import OPENS, SAID, Entry, calendar_file
from portal.domain.error import NotFound
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.domain.turn import Task
from portal.operations import people
from portal.store import caseload, contacts
from portal.store.database import Database


@dataclass(frozen=True)
class Own:
    """Whether somebody has a private calendar, and its secret where it has not been shown yet."""

    there: bool
    secret: str = ""


def own(db: Database, actor: Actor, shows: bool) -> Own:
    """The secret is shown this once; `shows` is whether anybody sees the answer: unseen it is not used up."""
    there = contacts.has_calendar(db, actor.person)
    return Own(there, contacts.reveal_calendar(db, actor.person) if shows else "")


def renew(db: Database, actor: Actor) -> None:
    """A new private address; the one before shows nothing from now on."""
    contacts.new_calendar(db, actor.person)


def end(db: Database, actor: Actor) -> None:
    contacts.end_calendar(db, actor.person)


def by_secret(db: Database, secret: str, issuers: Iterable[str], url: str, moment: Moment) -> str:
    """The dates of whoever this secret belongs to, by what they hold now.

    NotFound for any other secret, and where whoever vouched for the person is no longer believed.
    """
    person = contacts.by_calendar(db, secret)
    actor = people.load_actor(db, person, moment) if person else None
    if actor is None or actor.issuer not in issuers:
        raise NotFound("no such calendar")
    rows = caseload.rows_for(db, actor)
    entries = [each for row in rows for each in _entries(row.plan, row.tasks, url)]
    return calendar_file(entries, moment.wall)


def of_plan(plan: Plan, actor: Actor, url: str, moment: Moment) -> str:
    """The dates of one plan that wait for the actor."""
    return calendar_file(_entries(plan.id, tasks_of(plan, actor), url), moment.wall)


def _entries(plan_id: str, tasks: Iterable[Task], url: str) -> list[Entry]:
    page = f"{url}/plans/{plan_id}"
    days = ((each, each.due or each.opens) for each in tasks)
    return [
        Entry(f"{plan_id}/{task.kind.value}/{''.join(task.letters)}", day, SAID if task.due else OPENS, page)
        for task, day in days
        if day
    ]
