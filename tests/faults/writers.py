"""A writer: notes what it sent and what it saw, and sends the same form again while there is no reply."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from portal.domain.identifier import new_request_id, random_id
from tests.faults.caller import Caller, Reply, signed_on
from tests.faults.history import History, Read, Result, Save
from tests.faults.kept import TOKEN_FIELDS, digest, section_of, token_of
from tests.world import World

GROUPS = {"B": "needs", "F": "provision"}
PERSONS = ("caseworker", "other_caseworker")
SAVED = 200
REFUSED = (409, 422)  # others wrote meanwhile; the page shows a revision that is not there
NOT_NOW = (429, 500, 503)  # too many at once, or nothing is known of the save
PAUSE_S = 0.05
ANSWER_LIMIT_S = 90.0


def clock() -> float:
    return time.monotonic()


@dataclass
class Section:
    """One section of one plan, with its one item that all its writers change."""

    plan: str
    letter: str
    item: str = "new"

    @property
    def name(self) -> str:
        return section_of(self.plan, self.letter)

    @property
    def path(self) -> str:
        return f"/plans/{self.plan}/sections/{self.letter}"

    @property
    def item_path(self) -> str:
        return f"{self.path}/items/{GROUPS[self.letter]}/{self.item}"

    def form(self, token: str, base: int) -> dict[str, object]:
        area = {"area": "communication"} if self.letter == "B" else {}
        return {**area, **dict.fromkeys(TOKEN_FIELDS[self.letter], token), "revision": base}


@dataclass
class Notes:
    """One writer's own record, in its own order."""

    saves: list[Save] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)

    @property
    def history(self) -> History:
        return History(tuple(self.saves), tuple(self.reads))


class Writer:
    """One person at one section. `base` is the revision they last saw."""

    def __init__(self, caller: Caller, section: Section) -> None:
        self.caller, self.section = caller, section
        self.notes = Notes()
        self.base = 0
        self.acknowledged = 0
        self.patient = True  # sends again while there is no reply
        self.meanwhile: Callable[[], None] = lambda: time.sleep(PAUSE_S)  # before sending again

    def look(self) -> str:
        """Read the section once; answers the token it shows, or nothing when there was no answer."""
        start = clock()
        reply = self.caller.get(self.section.path)
        if reply is None or reply.status in NOT_NOW:
            self.meanwhile()
            return ""
        assert reply.status == SAVED, reply.status
        return self._saw(reply, start)

    def save(self) -> Save:
        """Save new words once, by as many tries as it takes to have an answer, all with one request id.

        TimeoutError when there is none for far longer than any fault lasts.
        """
        token, base, request_id, tries = random_id(20), self.base, new_request_id(), 0
        start = clock()
        while clock() - start < ANSWER_LIMIT_S:
            tries += 1
            form = {**self.section.form(token, base), "request_id": request_id}
            reply = self.caller.post(self.section.item_path, form)
            if reply is not None and reply.status not in NOT_NOW:
                return self._answered(reply, start, token, base, again=tries > 1)
            if reply is not None:
                self.notes.statuses.add(reply.status)
                self.caller.turn()
            if not self.patient:
                return self._note(start, token, base, Result.UNKNOWN)
            self.meanwhile()
        raise TimeoutError(f"no answer to a save within {ANSWER_LIMIT_S:.0f} seconds")

    def _answered(self, reply: Reply, start: float, token: str, base: int, again: bool) -> Save:
        assert reply.status in (SAVED, *REFUSED), reply.status
        shown = self._saw(reply, start)
        if reply.status in REFUSED:
            return self._note(start, token, base, Result.REFUSED)
        # A form that was saved before is answered with the section as it stands, which may be a later revision.
        told = self.base if shown == token or not again else 0
        return self._note(start, token, base, Result.ACCEPTED, told)

    def _note(self, start: float, token: str, base: int, result: Result, revision: int = 0) -> Save:
        save = Save(self.section.name, start, clock(), token, base, result, revision)
        self.notes.saves.append(save)
        self.acknowledged += result is Result.ACCEPTED
        return save

    def _saw(self, reply: Reply, start: float) -> str:
        """Note what the reply shows, and stand on it from now on; answers its token."""
        page = reply.json
        self.base = int(page["revision"])
        self.section.item = page["items"][0]["id"]
        self.notes.reads.append(Read(self.section.name, start, clock(), self.base, digest(page["hash"], page["items"])))
        return token_of(self.section.letter, page["items"])


def begin(world: World, letter: str, ports: Sequence[int]) -> tuple[Section, Writer]:
    """A section with its first words, and who wrote them; their history is part of the section's."""
    section = Section(world.plan_id, letter)
    writer = Writer(signed_on(world, PERSONS[0], ports), section)
    writer.save()
    return section, writer
