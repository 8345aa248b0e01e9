"""Who is reminded of a legal date, and how long before or after it: a council's own ladder, upwards from the work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.actor import Actor, Role
from portal.domain.awaited import tasks_of
from portal.domain.content import Mark
from portal.domain.error import Invalid
from portal.domain.permission import grants_on
from portal.domain.plan import Plan
from portal.domain.turn import Task

EARLIEST, LATEST, MOST = -90, 90, 8  # days before and after a date; rungs
KIND = "reminder"  # an entry of the outbox beside those of the chain


class Whom(StrEnum):
    """Whoever is to act, then those who answer for it."""

    WAITED_FOR = "waited_for"
    CASEWORKER = "caseworker"
    MANAGER = "manager"


@dataclass(frozen=True, order=True)
class Rung:
    """So many days after a legal date (before it, where negative) somebody is reminded."""

    days: int
    whom: Whom


@dataclass(frozen=True)
class Ladder:
    """One version of a council's rungs. Number 0 is as it comes."""

    authority: str
    number: int
    rungs: tuple[Rung, ...]
    by: Mark | None = None


AS_IT_COMES = (
    Rung(-7, Whom.WAITED_FOR),
    Rung(-1, Whom.WAITED_FOR),
    Rung(1, Whom.CASEWORKER),
    Rung(5, Whom.MANAGER),
    Rung(14, Whom.MANAGER),
)


def checked(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    """The rungs from the earliest on, each once. Invalid where there are too many, or one is too far off."""
    found = tuple(sorted(set(rungs)))
    if len(found) > MOST:
        raise Invalid({"days_0": f"Keep to {MOST} reminders or fewer: whoever is reminded too often stops reading."})
    if any(not EARLIEST <= each.days <= LATEST for each in found):
        raise Invalid({"days_0": f"Choose {LATEST} days or fewer."})
    return found


def reached(rungs: Sequence[Rung], tasks: Iterable[Task], since: date, today: date) -> set[tuple[Rung, date]]:
    """The rungs that these tasks came to after `since`, up to today, each with the legal date that it is about."""
    dates = {each.due for each in tasks if each.due}
    return {(rung, due) for rung in rungs for due in dates if since < due + timedelta(days=rung.days) <= today}


def key_of(rung: Rung) -> str:
    """How an entry of the outbox says which rung it is; its number is the legal date's."""
    return f"{KIND}-{rung.whom.value}-{'before' if rung.days < 0 else 'after'}-{abs(rung.days)}"


def rung_in(kind: str) -> Rung | None:
    """The rung that an entry of this kind is of; None for all others."""
    name, _, rest = kind.partition("-")
    if name != KIND:
        return None
    whom, when, days = rest.split("-")
    return Rung(-int(days) if when == "before" else int(days), Whom(whom))


def is_reminded(plan: Plan, actor: Actor, rung: Rung, due: date) -> bool:
    """Whether a rung is this person's: whoever still has something to do by then, or whose case it is."""
    if rung.whom is Whom.WAITED_FOR:
        return any(each.due == due for each in tasks_of(plan, actor))
    role = Role.SEN_CASEWORKER if rung.whom is Whom.CASEWORKER else Role.SEN_MANAGER
    return any(each.role is role for each in grants_on(actor, plan))
