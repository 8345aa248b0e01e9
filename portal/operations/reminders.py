"""Set when a council reminds people of legal dates, and make the reminders of a day."""

from collections.abc import Iterable
from datetime import date, timedelta

from portal.domain import reminders as rules
from portal.domain.access import must_be_manager
from portal.domain.actor import Actor
from portal.domain.content import Mark
from portal.domain.error import NotFound, NotReady
from portal.domain.moment import Moment
from portal.domain.reminders import Ladder, Rung
from portal.store import caseload, outbox
from portal.store import reminders as store
from portal.store.database import Database

CAUGHT_UP = timedelta(days=14)  # of a worker that was away longer, older reminders are no use to anybody
MEANWHILE = "Somebody else changed the reminders while you were. Theirs stand here now: change them, and save again."


def ladder(db: Database, actor: Actor, authority: str) -> Ladder:
    """A council's ladder. Raises NotAllowed, and NotFound for another council's."""
    if authority not in must_be_manager(actor):
        raise NotFound("no such council")
    return store.newest(db, authority)


def save(db: Database, actor: Actor, authority: str, number: int, rungs: Iterable[Rung], moment: Moment) -> None:
    """Put new rungs in the place of version `number`. Raises NotAllowed, NotFound, Invalid, NotReady."""
    now = ladder(db, actor, authority)
    found = rules.checked(rungs)
    if found == now.rungs:
        return
    if now.number != number:
        raise NotReady([MEANWHILE])
    part = must_be_manager(actor)[authority]
    by = Mark(actor.person, actor.name, part.agency, moment.product)
    try:
        store.add(db, Ladder(authority, number + 1, found, by))
    except store.SavedMeanwhile:
        raise NotReady([MEANWHILE]) from None


def climb(db: Database, authority: str, moment: Moment) -> int:
    """Make the reminders that came due since this was last done; answers how many. Done twice, each is made once."""
    today = moment.today
    last = store.last_climbed(db, authority)
    if last and last >= today:
        return 0
    since = max(last or today - timedelta(days=1), today - CAUGHT_UP)
    made = {
        (plan_id, rules.key_of(rung), due)
        for plan_id, rung, due in _reached(db, authority, store.newest(db, authority).rungs, since, today)
    }
    for plan_id, kind, due in sorted(made):
        outbox.tell_once(db, plan_id, kind, due.toordinal(), moment.product)
    store.climbed(db, authority, today)
    return len(made)


def _reached(
    db: Database, authority: str, rungs: tuple[Rung, ...], since: date, today: date
) -> Iterable[tuple[str, Rung, date]]:
    if not rungs:
        return
    upto = today - timedelta(days=min(each.days for each in rungs))
    for plan_id, tasks in caseload.dated(db, authority, upto):
        yield from ((plan_id, rung, due) for rung, due in rules.reached(rungs, tasks, since, today))
