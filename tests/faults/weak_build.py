"""A build that acknowledges too early is caught, and the real one, in the same place, loses nothing."""

import threading
from collections.abc import Callable

from tests.faults.checker import Fault, Kind, check
from tests.faults.ground import Ground
from tests.faults.history import Result
from tests.faults.kept import record_of
from tests.faults.outcome import Outcome, say
from tests.faults.portal_workers import PortalWorker
from tests.faults.replica_set import kill, pause, until, wake
from tests.faults.writers import Writer, begin

TRIES = 3  # a primary alone steps down within two seconds: a save that came too late proves nothing
ALONE_S = 0.5


def run(ground: Ground) -> Outcome:
    """Both builds save while the primary is alone; then it is killed and the others go on without it."""
    with ground.worker("weak", ground.environment(), "tests.faults.weak_portal:app") as weak:
        caught = any(_loses(ground, weak) for _ in range(TRIES))
    findings = [] if caught else ["the weak build was not caught"]
    findings += _keeps(ground)
    say("the weak build was caught" if caught else findings[0])
    return Outcome({"weak_build_caught": caught}, findings)


def _loses(ground: Ground, weak: PortalWorker) -> bool:
    """Whether the weak build acknowledged a save that is nowhere, and the checker says so."""
    writer = _writer(ground, [weak.port])
    writer.patient = False

    def save() -> None:
        writer.save()

    _alone(ground, save)
    acknowledged = writer.notes.saves[-1].result is Result.ACCEPTED
    return acknowledged and Kind.LOST in {each.kind for each in _faults(ground, writer)}


def _keeps(ground: Ground) -> list[str]:
    """The same with the product: no reply while the primary is alone, and in the end a save that is kept."""
    writer, told = _writer(ground, ground.ports), list[bool]()
    saving = threading.Thread(target=writer.save)

    def save() -> None:
        saving.start()
        saving.join(ALONE_S)
        told.append(not saving.is_alive())

    _alone(ground, save)
    saving.join()
    findings = [str(each) for each in _faults(ground, writer)]
    if told != [False] or writer.notes.saves[-1].result is not Result.ACCEPTED:
        findings.append(f"a save with one server alone: {writer.notes.saves[-1].result}")
    return findings


def _alone(ground: Ground, act: Callable[[], None]) -> None:
    """Do it while no other member can hear the primary, then go on without what only the primary had."""
    primary = ground.mongods.primary()
    others = ground.mongods.others(primary)
    for each in others:
        pause(each)
    act()
    kill(primary)
    for each in others:
        wake(each)
    primary.listen()
    ground.mongods.wait_until_whole()


def _writer(ground: Ground, ports: list[int]) -> Writer:
    """Somebody with words that all members have."""
    section, writer = begin(ground.world(), "B", ports)
    until(lambda: record_of(ground.root, section.plan).revisions[section.name])
    return writer


def _faults(ground: Ground, writer: Writer) -> list[Fault]:
    return check(writer.notes.history, [record_of(ground.root, writer.section.plan)])
