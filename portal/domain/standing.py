"""A person as they are known, with everything they were ever given: what an actor is at a moment follows from it."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from portal.domain.actor import Actor, Grant
from portal.domain.moment import local_day


@dataclass(frozen=True)
class Standing:
    """`stamp` is new whenever anything here is changed; grants that begin or end by themselves need no new one."""

    person: str
    name: str
    issuer: str
    subject: str
    grants: tuple[Grant, ...]
    stamp: str = ""
    leads: tuple[str, ...] = ()
    look: tuple[str, ...] = ()  # how they like their pages to look (look.py)
    wording: str = ""  # the language they would rather read, or easy words (twin_wording.py)
    _actors: dict[int, Actor] = field(default_factory=dict, repr=False, compare=False)

    def actor(self, wall: datetime, auth_time: int = 0, acr: str = "", day: date | None = None) -> Actor:
        """This person with the grants that are live now, signed on at that time and in that way.

        `day` is the day on which they act, where that is not the day it is.
        """
        turn, day = self._turn(wall), day or local_day(wall)
        actor = self._actors.get(turn)
        if actor is None or (actor.auth_time, actor.acr, actor.day) != (auth_time, acr, day):
            live = tuple(each for each in self.grants if each.live_at(wall))
            actor = Actor(self.person, self.name, self.issuer, self.subject, live, auth_time, acr, self.leads, day)
            self._actors[turn] = actor
        return actor

    def at(self, wall: datetime) -> tuple[str, str, int]:
        """Names the person with exactly the grants that are live now, for whoever remembers what hung on them."""
        return self.person, self.stamp, self._turn(wall)

    def _turn(self, wall: datetime) -> int:
        """How many grants have begun or ended: between two such moments the same ones are live."""
        return bisect_right(self._turns, wall)

    @cached_property
    def _turns(self) -> list[datetime]:
        return sorted({day for each in self.grants for day in (each.since, each.until) if day})
