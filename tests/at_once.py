"""Several things at the same moment, as people and processes do them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Do all of them at the same moment, each in a thread of its own; answers what was raised."""
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        ready.wait()
        act()

    with ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(run, act) for act in acts]
    return [error for each in running if (error := each.exception())]
