"""A portal worker is killed at each step inside a save: everything the save writes is kept, or nothing."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle

from tests.faults.checker import check
from tests.faults.ground import Ground
from tests.faults.history import Result
from tests.faults.kept import record_of, traces_of
from tests.faults.outcome import Outcome, say
from tests.faults.portal_workers import PortalWorker
from tests.faults.proxy import Command, Point, Proxy, anything
from tests.faults.writers import Writer, begin

WORKERS = 2  # one is made anew while the other is killed
READY = "tests.faults.ready_portal:app"
COMMIT = "commitTransaction"


@dataclass(frozen=True)
class Step:
    """A command of the save's transaction: the worker dies when `number` of them have come to this point."""

    number: int
    point: Point
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.point})"


def run(ground: Ground) -> Outcome:
    """Learn the steps of a save from one that nobody disturbs, then kill a worker at each of them."""
    with ExitStack() as running:
        proxy = running.enter_context(Proxy(ground.mongods.primary().port))
        env = ground.environment(port=proxy.port)
        workers = [ground.worker(f"doomed-{number}", env, READY) for number in range(WORKERS)]
        for each in workers:
            running.callback(each.stop)
            each.start()
        steps = _steps(ground, proxy, workers[0])
        turns = zip(cycle(workers), steps, strict=False)
        halves = [words for worker, step in turns if (words := _killed_at(ground, proxy, worker, step))]
    say(f"a worker killed at each of {len(steps)} steps of a save")
    return Outcome({"half_saves": len(halves)}, halves)


def _steps(ground: Ground, proxy: Proxy, worker: PortalWorker) -> Sequence[Step]:
    """Every command of the transaction before mongod has it, and the commit once more when it is done."""
    seen: list[Command] = []
    writer = _writer(ground, worker)

    def watch(point: Point, command: Command) -> bool:
        if point is Point.ASKED and command.saving:
            seen.append(command)
        return True

    proxy.watch = watch
    assert writer.save().result is Result.ACCEPTED
    proxy.watch = anything
    names = [f"{each.name} {each.collection}" for each in seen]
    assert seen[-1].name == COMMIT
    asked = [Step(number, Point.ASKED, name) for number, name in enumerate(names, 1)]
    return [*asked, Step(len(names), Point.ANSWERED, names[-1])]


def _killed_at(ground: Ground, proxy: Proxy, worker: PortalWorker, step: Step) -> str:
    """Kill the worker at the step and send the form again to another: what was half done, in words, or nothing."""
    writer = _writer(ground, worker)
    plan = writer.section.plan
    before, found = traces_of(ground.root, plan), []

    def look() -> None:
        found.append(traces_of(ground.root, plan))
        # The dead worker's transaction holds the plan until the server ends it, after some seconds: it is ended now.
        ground.root.admin.command("killAllSessions", [])

    writer.meanwhile = look
    proxy.watch = _killing(worker, step)
    save = writer.save()
    proxy.watch = anything
    kept = step.point is Point.ANSWERED
    if not found:
        return f"{step}: the worker was not killed"
    if found[0] != (before.one_more() if kept else before):
        return f"{step}: {before} became {found[0]}"
    if save.result is not Result.ACCEPTED or traces_of(ground.root, plan) != before.one_more():
        return f"{step}: sent again, {before} became {traces_of(ground.root, plan)}"
    return "; ".join(str(each) for each in check(writer.notes.history, [record_of(ground.root, plan)]))


def _killing(worker: PortalWorker, step: Step) -> Callable[[Point, Command], bool]:
    come = 0

    def watch(point: Point, command: Command) -> bool:
        nonlocal come
        if not command.saving or point is not step.point:
            return True
        come += 1
        if come == step.number:
            worker.kill()
        return come < step.number

    return watch


def _writer(ground: Ground, worker: PortalWorker) -> Writer:
    """Somebody in a plan of their own, whose forms go to this worker first."""
    worker.wait()
    _, writer = begin(ground.world(), "B", [worker.port, *ground.ports])
    return writer
