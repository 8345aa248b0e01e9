"""A crowd writes in one section of one plan, each saving now and then: whatever they are answered, no word is lost."""

import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from portal.domain.identifier import authority_of, random_id
from portal.operations import people
from tests.faults.caller import Caller, signed_on
from tests.faults.ground import DATABASE, Ground
from tests.faults.outcome import Outcome, say
from tests.faults.replica_set import Client
from tests.world import World

ITEMS = 12
SAVED, CLASHED, TOO_FAST, NO_REPLY = 200, 409, 429, 0
TOKEN = re.compile(r"token-[0-9a-z]{20}")
STACK_BYTES = 512 * 1024  # of a thread each


@dataclass(frozen=True)
class Crowd:
    """How many, for how long, and how often each saves: seconds."""

    count: int
    seconds: float
    every_s: float


@dataclass
class Answers:
    """The texts that were sent, by the status that they were answered."""

    texts: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    troubles: list[BaseException] = field(default_factory=list)

    @property
    def failed(self) -> int:
        return sum(len(texts) for status, texts in self.texts.items() if status >= 500)

    def lost(self, saved: set[str], kept: set[str]) -> list[str]:
        """The texts that were answered as saved and are not, or as clashing or too fast and are nowhere."""
        gone = [text for text in self.texts[SAVED] if text not in saved]
        return gone + [
            text for status in (CLASHED, TOO_FAST) for text in self.texts[status] if text not in saved | kept
        ]


def run(ground: Ground, crowd: Crowd) -> Outcome:
    world = ground.world()
    items = [world.add("caseworker", "B", "needs", **_need(f"token-{random_id(20)}")) for _ in range(ITEMS)]
    callers = [signed_on(each, "editor", ground.ports) for each in _people(world, crowd.count)]
    answers = Answers()
    _write(callers, f"/plans/{world.plan_id}/sections/B", items, crowd, answers)
    lost = answers.lost(*_left(ground.root, world.plan_id))
    counts = {status: len(texts) for status, texts in sorted(answers.texts.items()) if texts}
    say(f"{crowd.count} editors on one plan, by status: {counts}")
    findings = [f"editors: {len(lost)} texts were lost"] if lost else []
    findings += [f"editors: {answers.failed} saves were failed"] if answers.failed else []
    findings += [f"editors: {each!r}" for each in answers.troubles[:1]]
    findings += [] if answers.texts[SAVED] else ["editors: nothing was saved"]
    figures = {"editors": crowd.count, "editors_saved": len(answers.texts[SAVED])}
    return Outcome({**figures, "editors_lost": len(lost), "editors_5xx": answers.failed}, findings)


def _people(world: World, count: int) -> Iterator[World]:
    """The world as each of so many caseworkers of this plan has it: `editor` is their key in it."""
    (part,) = [each for each in world.actor("caseworker").grants if each.scope == world.plan_id]
    issuer = world.settings.providers[0].issuer
    for number in range(count):
        person = people.signed_on(world.db, issuer, f"editor-{random_id(8)}", f"Editor {number}")
        people.give(world.db, replace(part, person=person, name=f"Editor {number}"))
        yield replace(world, people={**world.people, "editor": person})


def _write(callers: Sequence[Caller], section: str, items: Sequence[str], crowd: Crowd, answers: Answers) -> None:
    """Everybody at once, each beginning at a moment of their own; raises nothing: troubles are noted."""
    until = time.monotonic() + crowd.seconds
    before = threading.stack_size(STACK_BYTES)
    threads = [
        threading.Thread(target=_writes, args=(caller, section, items[at % ITEMS], at, crowd, until, answers))
        for at, caller in enumerate(callers)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    threading.stack_size(before)


def _writes(caller: Caller, section: str, item: str, number: int, crowd: Crowd, until: float, answers: Answers) -> None:
    """One person: looks at the section, changes their item, and waits for their next turn."""
    text, status = "", SAVED
    try:
        time.sleep(crowd.every_s * number / crowd.count)
        while (began := time.monotonic()) < until:
            # Who was asked to wait sends the same words again, as the form that is given back holds them.
            text = text if status == TOO_FAST else f"token-{random_id(20)}"
            status = _save(caller, section, item, text)
            answers.texts[status].append(text)
            time.sleep(max(0.0, began + crowd.every_s - time.monotonic()))
    except BaseException as error:  # noqa: BLE001  # a thread's own end would say nothing to anybody
        answers.troubles.append(error)


def _save(caller: Caller, section: str, item: str, text: str) -> int:
    """The status that the save was answered, or the look before it when that was no answer."""
    caller.turn()  # by a connection of its own: the server keeps none that is idle for two seconds
    shown = caller.get(section)
    if shown is None or shown.status != SAVED:
        return shown.status if shown else NO_REPLY
    reply = caller.post(f"{section}/items/needs/{item}", {**_need(text), "revision": shown.json["revision"]})
    return reply.status if reply else NO_REPLY


def _need(text: str) -> dict[str, str]:
    return {"area": "communication", "need": "Being understood", "effect": f"She needs time. {text}"}


def _left(root: Client, plan: str) -> tuple[set[str], set[str]]:
    """The texts in any revision of the section, and those that are kept for their authors or set aside."""
    db, place = root[DATABASE], {"authority": authority_of(plan), "plan": plan}
    saved = {text for each in db["section_revisions"].find(place) for text in TOKEN.findall(str(each))}
    aside = (each for name in ("drafts", "statements") for each in db[name].find(place))
    return saved, {text for each in aside for text in TOKEN.findall(str(each))}
