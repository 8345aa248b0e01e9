"""Who listens and still may, and who is at which plan: looked up for all open pages of a process in a few questions."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from portal.domain.actor import Actor
from portal.domain.browser_session import Limits
from portal.domain.identifier import authority_of
from portal.domain.presence import Presence
from portal.operations.listener import Listener
from portal.store import people, presence, sessions
from portal.store.database import Database
from portal.store.sessions import StillThere

Present = dict[str, tuple[Presence, ...]]


class Attendance:
    """What was seen at the last look. `clock` tells wall time, by which sessions, parts and presence end."""

    def __init__(self, db: Database, limits: Limits, clock: Callable[[], datetime]) -> None:
        self._db, self._limits, self._clock = db, limits, clock
        self._present: Present = {}

    def at(self, plan_id: str) -> tuple[Presence, ...]:
        return self._present.get(plan_id, ())

    def look(self, pages: Sequence[Listener]) -> dict[str, list[Listener]]:
        """End the pages that are closed or whose session is over; answers, by plan, those that may find a difference.

        What their person may do may be another, or who is at the plan.
        """
        wall = self._clock()
        known = sessions.still_there(self._db, sorted({each.session for each in pages}))
        moved = self._moved({each.plan_id for each in pages}, wall)
        different: defaultdict[str, list[Listener]] = defaultdict(list)
        for page in pages:
            actor = self._actor(page, known.get(page.session), wall)
            if actor is None or page.has_hung_up():
                page.end()
            elif actor != page.actor or page.there is None or page.plan_id in moved:
                page.actor = actor
                different[page.plan_id].append(page)
        return different

    def _actor(self, page: Listener, session: StillThere | None, wall: datetime) -> Actor | None:
        """The page's person with what they may do now; None when their session is over."""
        if session is None or not self._limits.is_live(session.started, session.seen, wall):
            return None
        standing = people.standing_by(self._db, page.actor.person, session.stamp)
        return standing.actor(wall, page.actor.auth_time, page.actor.acr) if standing else None

    def _moved(self, plan_ids: set[str], wall: datetime) -> set[str]:
        """The plans at which somebody came, went or moved since the last look."""
        asked: defaultdict[str, list[str]] = defaultdict(list)
        for each in plan_ids:
            asked[authority_of(each)].append(each)
        now: Present = {}
        for authority, of_authority in asked.items():
            now |= presence.at_plans(self._db, authority, of_authority, wall)
        before, self._present = self._present, now
        return {each for each in plan_ids if now.get(each, ()) != before.get(each, ())}
