"""Deliver notices: the process that reads the outbox and sends what people are to be told."""

import argparse
import logging
from datetime import datetime

from portal.clock import Clock
from portal.commands import Add, database
from portal.config import read_settings
from portal.domain.moment import Moment
from portal.notify.settings import read_channels
from portal.operations import notices
from portal.operations.delivery import Delivery
from portal.stopping import Stop

IDLE_S = 2.0
LOOK_FOR_AUTHORITIES_S = 60.0  # every shard is asked which there are

log = logging.getLogger("portal.delivery")


def register(add: Add) -> None:
    add("deliver", deliver, "tell people what waits for them, by email, text and letter")


def deliver(_: argparse.Namespace) -> int:
    settings = read_settings()
    channels = read_channels()
    log.info("notices leave by %s", ", ".join(sorted(each.value for each in channels)))
    rounds = Rounds(Delivery(database(settings), channels, settings.public_url))
    rounds.run(Stop().on_signals(), Clock(settings.clock_file))
    return 0


class Rounds:
    """Goes round the authorities again and again; nothing that one of them does ends the process."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._authorities: list[str] = []
        self._looked: datetime | None = None

    def run(self, stop: Stop, clock: Clock) -> None:
        while not stop.is_set():
            try:
                busy = self.once(clock.now())
            except Exception as error:  # noqa: BLE001  # the database is away: this process waits for it
                log.warning("nothing could be delivered: %s", type(error).__name__)
                busy = False
            if not busy:
                stop.wait(IDLE_S)

    def once(self, moment: Moment) -> bool:
        """Whether there was anything to do."""
        if self._looked is None or (moment.wall - self._looked).total_seconds() >= LOOK_FOR_AUTHORITIES_S:
            self._authorities, self._looked = notices.authorities(self._delivery.db), moment.wall
        busy = self._delivery.send_a_code(moment)
        for each in self._authorities:
            while notices.spread(self._delivery.db, each, moment):  # all of it first, so that it is told together
                busy = True
            busy = bool(self._delivery.run_once(each, moment)) or busy
        return busy
