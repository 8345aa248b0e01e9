"""One open page that listens: what it may be told waits in it until its stream comes to fetch it."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock

from portal.domain.actor import Actor
from portal.domain.permission import Permission, allows
from portal.domain.plan import Plan
from portal.domain.presence import Neighbour, Presence, neighbours
from portal.operations.live import News, hears, news_since, told
from portal.store.changes import Change
from portal.store.database import Database


class Over:
    """The page is told nothing more: its session or its person's part has ended, or the process stops."""


Told = News | tuple[Neighbour, ...] | Over


class Listener:
    """A page of one person at one plan, told of everything up to `after`; `session` is the key of their session.

    `has_hung_up` tells whether the browser is gone, where the server lets that be known before something is sent.
    """

    def __init__(
        self, plan_id: str, actor: Actor, session: str, after: int, has_hung_up: Callable[[], bool] = lambda: False
    ) -> None:
        self.plan_id, self.actor, self.session, self.after = plan_id, actor, session, after
        self.has_hung_up = has_hung_up
        self.there: tuple[Neighbour, ...] | None = None  # whom the page was told of; None until it was told at all
        self._lock = Lock()  # its own request and the reader may both tell it of one change
        self._waiting: SimpleQueue[Told] = SimpleQueue()

    def next(self, patience_s: float) -> Told | None:
        """What it is told next; None when nothing came for so many seconds."""
        try:
            return self._waiting.get(timeout=patience_s)
        except Empty:
            return None

    def end(self) -> None:
        self._waiting.put(Over())

    def may_go_on(self, plan: Plan | None) -> bool:
        """Whether the plan is still there and its person's to open; the page is told when it is over."""
        if plan is not None and allows(self.actor, Permission.PLAN_VIEW, plan):
            return True
        self.end()
        return False

    def hear(self, db: Database, plan: Plan, change: Change) -> None:
        """Tell it of a change; when something before that was not heard, the chain knows it."""
        with self._lock:
            if change.sequence == self.after + 1 and hears(plan, self.actor):
                self._tell(told(plan, self.actor, change))
        if change.sequence > self.after:
            self.catch_up(db, plan)

    def catch_up(self, db: Database, plan: Plan) -> None:
        with self._lock:
            for each in news_since(db, plan, self.actor, self.after):
                self._tell(each)

    def see(self, plan: Plan, present: tuple[Presence, ...]) -> None:
        """Tell it who else is there, when that is not what it was told before."""
        found = neighbours(plan, self.actor, present)
        if found != self.there:
            self.there = found
            self._waiting.put(found)

    def _tell(self, news: News) -> None:
        self.after = news.sequence
        self._waiting.put(news)
