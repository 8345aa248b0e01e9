"""Check what a plan says of itself against what its chain says: stage, sign-offs, versions, answers and keeping."""

from collections.abc import Mapping
from dataclasses import replace

from portal.domain.account import Account, Settled, Step, as_chained, nameless, retold
from portal.domain.decision import Version
from portal.domain.ehc_plan import STANDARDS
from portal.domain.event import EventKind
from portal.domain.plan import SectionHead, SignOff
from portal.operations.found import Found
from portal.store.evidence import Kept, KeptLink

Given = Mapping[str, list[SignOff]]


def check_account(kept: Kept, links: list[KeptLink], found: Found) -> None:
    """The plan's own account against its chain's; of a gravestone, whether its chain ends as a lawful one does."""
    told = retold(_step(each) for each in links)
    if kept.destroyed:
        confirmed = "the plan: it was destroyed, and its chain does not end with two people's confirmation and no hold"
        found.expect(told.ends_in_destruction, confirmed)
        return
    said = nameless(kept.account)
    found.expect(said.state == told.state, "the plan: its stage is not the one that the chain leads to")
    found.expect(said.versions == told.versions, "the plan: its versions are not those that the chain names")
    found.expect(said.answers == told.answers, "the plan: its answers are not those on the chain")
    found.expect(said.keeping.hold == told.keeping.hold, "the plan: its hold is not as the chain says")
    found.expect(said.rights == told.rights, "the plan: who may read and decide is not as the chain says")
    waited = "the plan: who waits for whom is not as the chain says"
    found.expect(said.conversations == told.conversations, waited)
    answered = "the plan: who was answered in a conversation is not as the chain says"
    found.expect(all(_is_told(each, told) for each in said.settled), answered)
    case = "the plan: what happened in the statutory process is not as the chain says"
    found.expect(said.happened == told.happened, case)
    advised = "the plan: who has given advice for a review is not as the chain says"
    found.expect(said.advised == told.advised, advised)
    told_of = "the plan: when the family was told of its move is not as the chain says"
    found.expect(said.move_told == told.move_told, told_of)
    process = "the plan: what the family and schools said, or the tribunal ordered, is not as the chain says"
    found.expect(said.process == told.process, process)
    advice = "the plan: who was asked for advice, and what came of it, is not as the chain says"
    found.expect((said.advice, said.taken) == (told.advice, told.taken), advice)
    confirmed = "the plan: the confirmations that it may be destroyed are not those on the chain"
    found.expect(said.keeping.confirmed == told.keeping.confirmed, confirmed)
    _sections(kept.standard, said, told, found)


def _is_told(settled: Settled, told: Account) -> bool:
    """Whether the chain tells that a conversation was settled so; one of before says no role of whoever opened it."""
    begun = told.opened.get(settled.number)
    return replace(settled, role=settled.role or (begun.role if begun else "")) in told.settled


def _step(link: KeptLink) -> Step:
    return Step(link.facts, str(link.beside.get("words", "")))


def _sections(standard: str, said: Account, told: Account, found: Found) -> None:
    letters = STANDARDS[standard].letters
    for letter in sorted(set(letters) | set(said.sections)):
        if letter not in said.sections:
            found.problems.append(f"section {letter}: the plan has lost it")
        elif letter not in letters:
            found.problems.append(f"section {letter}: the plan's standard has no such section")
        else:
            _marks(letter, said.section(letter), told.section(letter), found)


def _marks(letter: str, said: SectionHead, told: SectionHead, found: Found) -> None:
    """Who changed, signed, handed over and sent back a section; sign-offs in their order, since the last is shown."""
    for each in said.sign_offs:
        stands = f"section {letter}: a sign-off of revision {each.revision} does not stand on the chain"
        found.expect(each in told.sign_offs, stands)
    for each in told.sign_offs:
        lost = f"section {letter}: a sign-off of revision {each.revision} was taken from the plan"
        found.expect(each in said.sign_offs, lost)
    if set(said.sign_offs) == set(told.sign_offs):
        ordered = f"section {letter}: its sign-offs are not in the order of the chain"
        found.expect(said.sign_offs == told.sign_offs, ordered)
    changed = f"section {letter}: who changed it last is not as the chain says"
    found.expect(said.changed == told.changed, changed)
    handed = f"section {letter}: whether it was handed over or sent back is not as the chain says"
    found.expect((said.handed_over, said.sent_back) == (told.handed_over, told.sent_back), handed)


def sign_offs_given(links: list[KeptLink]) -> Given:
    """Every sign-off there ever was, by section, whether or not it still stands: a version prints those of its day."""
    given: dict[str, list[SignOff]] = {}
    for each in links:
        if each.facts["kind"] == EventKind.SECTION_SIGNED:
            given.setdefault(each.facts["section"], []).append(_step(each).sign_off)
    return given


def check_printed(number: int, version: Version, given: Given, found: Found) -> None:
    """Each sign-off that a version prints was given."""
    for line in version.sections:
        for each in line.sign_offs:
            named = f"version {number}: it prints a sign-off of section {line.letter} that is not on the chain"
            found.expect(as_chained(each) in given.get(line.letter, []), named)
