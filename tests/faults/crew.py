"""Twenty writers in a closed loop, each in a thread of its own."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from tests.faults.caller import signed_on
from tests.faults.ground import Ground
from tests.faults.history import History
from tests.faults.replica_set import until
from tests.faults.writers import GROUPS, PERSONS, Writer, begin

LOOK_EVERY = 5


class Crew:
    """All writers at work, each in a thread of its own."""

    def __init__(self, writers: Sequence[Writer]) -> None:
        self.writers = writers
        self._over = threading.Event()
        self._troubles: list[BaseException] = []
        self._threads = [threading.Thread(target=self._work, args=[each], daemon=True) for each in writers]

    @property
    def acknowledged(self) -> int:
        return sum(each.acknowledged for each in self.writers)

    @property
    def plans(self) -> set[str]:
        return {each.section.plan for each in self.writers}

    @property
    def statuses(self) -> set[int]:
        """What was answered when nothing was known of a save."""
        return {status for each in self.writers for status in each.notes.statuses}

    @property
    def history(self) -> History:
        whole = [each.notes.history for each in self.writers]
        return History([save for each in whole for save in each.saves], [read for each in whole for read in each.reads])

    def wait_for(self, acknowledged: int) -> None:
        """Until so many saves have been acknowledged; TimeoutError when they cease to be."""
        while not self._troubles and (now := self.acknowledged) < acknowledged:
            until(partial(self._goes_on, now))
        if self._troubles:
            raise self._troubles[0]

    def start(self) -> None:
        for each in self._threads:
            each.start()

    def finish(self) -> None:
        """Let everybody have the answer to what they sent last."""
        self._over.set()
        for each in self._threads:
            each.join()
        if self._troubles:
            raise self._troubles[0]

    def _goes_on(self, since: int) -> bool:
        return bool(self._troubles) or self.acknowledged > since

    def _work(self, writer: Writer) -> None:
        try:
            writer.look()
            while not self._over.is_set():
                writer.save()
                if len(writer.notes.saves) % LOOK_EVERY == 0:
                    writer.look()
        except BaseException as error:  # noqa: BLE001  # a thread's own end would say nothing to anybody
            self._troubles.append(error)


@contextmanager
def at_work(ground: Ground, plans: int) -> Iterator[Crew]:
    """Two writers at each of two sections of each plan, until the block ends."""
    writers = []
    for number in range(plans):
        world = ground.world()
        for letter in GROUPS:
            section, first = begin(world, letter, ground.ports)
            ports = ground.ports if number % 2 else ground.ports[::-1]
            writers += [first, Writer(signed_on(world, PERSONS[1], ports), section)]
    crew = Crew(writers)
    crew.start()
    try:
        yield crew
    finally:
        crew.finish()
