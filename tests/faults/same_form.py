"""One form is submitted many times at once: it is one save, and each submission is told so."""

from collections.abc import Callable

from portal.domain.identifier import new_request_id, random_id
from tests.at_once import at_once
from tests.faults.caller import Caller, Reply
from tests.faults.checker import check, counts
from tests.faults.ground import Ground
from tests.faults.history import History, Result, Save
from tests.faults.kept import record_of, traces_of
from tests.faults.outcome import Outcome, say
from tests.faults.writers import SAVED, Section, begin, clock

TIMES = 50


def run(ground: Ground) -> Outcome:
    """Fifty tabs send the same bytes at the same moment, half of them to each worker."""
    section, writer = begin(ground.world(), "B", ground.ports)
    token, base, start = random_id(20), writer.base, clock()
    form = {**section.form(token, base), "request_id": new_request_id()}
    before, replies = traces_of(ground.root, section.plan), list[Reply | None]()
    tabs = [writer.caller.another_tab() for _ in range(TIMES)]
    for each in tabs[1::2]:
        each.turn()
    at_once(*(_submitting(each, section, form, replies) for each in tabs))
    save = Save(section.name, start, clock(), token, base, Result.ACCEPTED, base + 1)
    faults = check(writer.notes.history + History([save]), [record_of(ground.root, section.plan)])
    findings = [str(each) for each in faults]
    answers = [each.status if each else 0 for each in replies]
    if answers != [SAVED] * TIMES:
        findings.append(f"one form sent {TIMES} times was answered {sorted(answers)}")
    if (after := traces_of(ground.root, section.plan)) != before.one_more():
        findings.append(f"one form sent {TIMES} times: {before} became {after}")
    say(f"one form sent {TIMES} times at once")
    return Outcome(counts(faults), findings)


def _submitting(
    tab: Caller, section: Section, form: dict[str, object], replies: list[Reply | None]
) -> Callable[[], None]:
    return lambda: replies.append(tab.post(section.item_path, form))
