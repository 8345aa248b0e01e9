"""A reply is lost, on its way from mongod or from the portal: the save is kept once, and its writer is told so."""

from collections.abc import Iterator
from contextlib import contextmanager

from portal.domain.identifier import new_request_id, random_id
from tests.faults.checker import check, counts
from tests.faults.ground import Ground
from tests.faults.half_saves import COMMIT
from tests.faults.history import Result
from tests.faults.kept import record_of, traces_of
from tests.faults.outcome import Outcome, say
from tests.faults.proxy import Command, Point, Proxy, Watch, anything
from tests.faults.writers import SAVED, Writer, begin

LOST = (1, 2)  # replies to one commit, one after the other


def run(ground: Ground) -> Outcome:
    """Lose the replies to a commit, then the portal's own reply to a form, with another's save in between."""
    with _by_proxy(ground) as (proxy, port):
        _, writer = begin(ground.world(), "B", [port, *ground.ports])
        findings = [words for replies in LOST if (words := _commits_reply(proxy, writer, replies))]
    findings += _portals_reply(ground)
    faults = check(writer.notes.history, [record_of(ground.root, writer.section.plan)])
    say(f"the replies to {len(LOST)} commits and to a form lost")
    return Outcome(counts(faults), findings + [str(each) for each in faults])


@contextmanager
def _by_proxy(ground: Ground) -> Iterator[tuple[Proxy, int]]:
    """A worker whose mongod is behind a proxy, and its port."""
    with (
        Proxy(ground.mongods.primary().port) as proxy,
        ground.worker("by-proxy", ground.environment(port=proxy.port)) as worker,
    ):
        yield proxy, worker.port


def _commits_reply(proxy: Proxy, writer: Writer, replies: int) -> str:
    """Lose so many replies to one save's commit; what its writer was not told, in words."""
    lost: list[Command] = []
    proxy.watch = _losing(lost, replies)
    save = writer.save()
    proxy.watch = anything
    if len(lost) < replies or save.result is not Result.ACCEPTED:
        return f"{len(lost)} of {replies} replies to a commit lost: {save.result}"
    return ""


def _losing(lost: list[Command], replies: int) -> Watch:
    def watch(point: Point, command: Command) -> bool:
        if point is Point.ASKED or command.name != COMMIT or len(lost) == replies:
            return True
        lost.append(command)
        return False

    return watch


def _portals_reply(ground: Ground) -> list[str]:
    """Nobody waits for the reply; the same form sent again is answered as saved, and so it is after a later save."""
    section, writer = begin(ground.world(), "B", ground.ports)
    before = traces_of(ground.root, section.plan)
    form = {**section.form(random_id(20), writer.base), "request_id": new_request_id()}
    writer.caller.post_unheard(section.item_path, form)
    findings = []
    for after in (before.one_more(), before.one_more().one_more()):
        answer = writer.caller.post(section.item_path, form)
        if answer is None or answer.status != SAVED or traces_of(ground.root, section.plan) != after:
            findings.append(f"a form sent again: {answer and answer.status}, {traces_of(ground.root, section.plan)}")
        writer.look()
        writer.save()
    return findings
