"""One reader for all open pages of a process: it hears what is saved, passes it on, and looks who may still listen."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from threading import Lock, Thread

from portal.domain.browser_session import Limits
from portal.domain.error import NotFound
from portal.domain.plan import Plan
from portal.operations.attendance import Attendance
from portal.operations.listener import Listener
from portal.stopping import Stop
from portal.store import changes, plans
from portal.store.changes import Change
from portal.store.database import Database

log = logging.getLogger("portal.listening")
LOOK_EVERY_S = 1.0
MOST_OF_ONE_PERSON = 20  # pages that listen to one process; whoever opens one more, ends their oldest


class Listening:
    """Every page that listens to this process. The reader begins with the first of them and ends with the last."""

    def __init__(self, db: Database, limits: Limits, clock: Callable[[], datetime], stop: Stop) -> None:
        """Once `stop` is set, every stream ends within a moment."""
        self._db, self._attendance, self._stop = db, Attendance(db, limits, clock), stop
        self._pages: defaultdict[str, list[Listener]] = defaultdict(list)  # by plan
        self._of: defaultdict[str, list[Listener]] = defaultdict(list)  # by person, the oldest first
        self._lock = Lock()
        self._reads = False

    def __len__(self) -> int:
        """How many pages listen."""
        return len(self._everybody())

    def join(self, page: Listener) -> None:
        """Tell a page what it missed, and everything from now on. NotFound when its plan is no longer there."""
        with self._lock:
            self._pages[page.plan_id].append(page)
            theirs = self._of[page.actor.person]
            theirs.append(page)
            for each in theirs[:-MOST_OF_ONE_PERSON]:
                each.end()
            begins, self._reads = not self._reads, True
        if begins:
            Thread(target=self._read, name="listening", daemon=True).start()
        page.catch_up(self._db, plans.load(self._db, page.plan_id))

    def leave(self, page: Listener) -> None:
        """Listen no longer; nothing for a page that never came to join."""
        with self._lock:
            for found, name in ((self._pages, page.plan_id), (self._of, page.actor.person)):
                if page in found.get(name, ()):
                    found[name].remove(page)
                if not found.get(name, True):
                    del found[name]

    def _everybody(self) -> list[Listener]:
        with self._lock:
            return [page for pages in self._pages.values() for page in pages]

    def _at(self, plan_id: str) -> list[Listener]:
        with self._lock:
            return list(self._pages.get(plan_id, ()))

    def _read(self) -> None:
        """Until nobody listens. While changes can't be heard, each chain is asked again and again instead."""
        said = ""
        while self._somebody_listens():
            try:
                self._hear()
            except Exception as error:  # noqa: BLE001  # whatever it is, those whose session ends must be ended
                if said != (said := type(error).__name__):
                    log.warning("changes are not heard: %s", said)
                time.sleep(LOOK_EVERY_S)
                with suppress(Exception):
                    self._catch_up()
                    self._look()

    def _somebody_listens(self) -> bool:
        with self._lock:
            self._reads = bool(self._pages)
            return self._reads

    def _hear(self) -> None:
        looked = 0.0
        with closing(changes.watch(self._db, LOOK_EVERY_S)) as heard:
            next(heard)
            self._catch_up()  # what was saved before it was listened to
            for change in heard:
                if change:
                    self._pass_on(change)
                if time.monotonic() - looked >= LOOK_EVERY_S:
                    looked = time.monotonic()
                    self._look()
                if not self._pages:
                    return

    def _pass_on(self, change: Change) -> None:
        pages = self._at(change.plan)
        plan = self._plan(change.plan) if pages else None
        for page in pages:
            if page.may_go_on(plan) and plan:
                page.hear(self._db, plan, change)

    def _catch_up(self) -> None:
        for plan_id in {each.plan_id for each in self._everybody()}:
            plan = self._plan(plan_id)
            for page in self._at(plan_id):
                if page.may_go_on(plan) and plan:
                    page.catch_up(self._db, plan)

    def _look(self) -> None:
        pages = self._everybody()
        if self._stop.is_set():
            for page in pages:
                page.end()
            return
        for plan_id, moved in self._attendance.look(pages).items():
            plan = self._plan(plan_id)
            for page in moved:
                if page.may_go_on(plan) and plan:
                    page.see(plan, self._attendance.at(plan_id))

    def _plan(self, plan_id: str) -> Plan | None:
        try:
            return plans.load(self._db, plan_id)
        except NotFound:  # destroyed meanwhile
            return None
