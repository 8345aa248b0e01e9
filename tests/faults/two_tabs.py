"""One person writes in two tabs: words on the same field are never overwritten, words on two fields both stay."""

from functools import partial

from portal.domain.identifier import authority_of, random_id
from tests.at_once import at_once
from tests.faults.checker import check, counts
from tests.faults.ground import DATABASE, Ground
from tests.faults.history import Result, Save
from tests.faults.kept import TOKEN_FIELDS, record_of
from tests.faults.outcome import Outcome, say
from tests.faults.replica_set import Client
from tests.faults.writers import Section, Writer, begin


def run(ground: Ground, rounds: int) -> Outcome:
    """So many times at the same moment, from the same page."""
    section, one = begin(ground.world(), "B", ground.ports)
    other = Writer(one.caller.another_tab(), section)
    other.caller.turn()
    findings = []
    for _ in range(rounds):
        for each in (one, other):
            each.look()
        troubles = at_once(one.save, other.save)
        findings += [str(each) for each in troubles] or _refused_once(ground.root, one, other)
    history = one.notes.history + other.notes.history
    faults = check(history, [record_of(ground.root, section.plan)])
    findings += [str(each) for each in faults] + _both_fields(ground, rounds)
    say(f"two tabs, {rounds} times")
    return Outcome(counts(faults), findings)


def _refused_once(root: Client, one: Writer, other: Writer) -> list[str]:
    """Of the two newest saves one is refused, and its words are kept for their author."""
    saves = [each.notes.saves[-1] for each in (one, other)]
    refused = [each for each in saves if each.result is Result.REFUSED]
    if len(refused) != 1:
        return [f"two tabs: {', '.join(each.result for each in saves)}"]
    return [] if _has_draft(root, one.section, refused[0]) else ["two tabs: the refused words are not kept"]


def _has_draft(root: Client, section: Section, save: Save) -> bool:
    place = {"authority": authority_of(section.plan), "plan": section.plan}
    return any(save.token in str(each["fields"]) for each in root[DATABASE]["drafts"].find(place))


def _both_fields(ground: Ground, rounds: int) -> list[str]:
    """Each tab changes one field and leaves the other out: both changes stay, as two revisions."""
    section, writer = begin(ground.world(), "B", ground.ports)
    tabs = (writer.caller, writer.caller.another_tab())
    tabs[1].turn()
    findings = []
    for _ in range(rounds):
        writer.look()
        token, base = random_id(20), writer.base
        forms = [{field: token, "revision": base} for field in TOKEN_FIELDS["B"]]
        at_once(*(partial(tab.post, section.item_path, form) for tab, form in zip(tabs, forms, strict=True)))
        if writer.look() != token or writer.base != base + 2:
            findings.append("two tabs: of two fields one was lost")
    return findings
