"""A plan told again from its chain is the plan, whatever happened to it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from portal.domain import issue, retention, rights_record, sign_off
from portal.domain.account import Account, Step, nameless, retold
from portal.domain.actor import WHOLE_CASELOAD, Actor, Role
from portal.domain.content import Content
from portal.domain.decision import Decision
from portal.domain.edit import edit_item
from portal.domain.error import Refusal
from portal.domain.moment import Moment
from portal.domain.plan import Plan, SectionHead
from portal.domain.state import VersionKind
from portal.store import chain
from tests import factories
from tests.factories import CASEWORKER, MANAGER, PARENT, SENCO, SIGNERS, at, blank, modest, new_id, submission

KEEPERS = [factories.actor(Role.SEN_MANAGER, f"-keeper-{each}", scope=WHOLE_CASELOAD) for each in range(3)]
ADVOCATE = factories.actor(Role.ADVOCATE)
WRITERS = {**SIGNERS, "B": CASEWORKER, "E": CASEWORKER, "F": CASEWORKER, "I": CASEWORKER}
GROUPS = {"A": ("people", "people", "words"), "I": ("placement", "placement", "name")}
YEARS = 40 * 366  # days after which any child's plan is due
Done = Callable[[Plan, Moment], Decision | None]


@dataclass(frozen=True)
class Life:
    """A plan and the steps its chain holds; what is refused happens to nobody."""

    plan: Plan
    steps: tuple[Step, ...] = ()

    def after(self, done: Done, moment: Moment) -> "Life":
        try:
            decision = done(self.plan, moment)
        except Refusal:
            return self
        if decision is None:
            return self
        link = chain.link(self.plan, decision)
        plan = replace(decision.plan, sequence=link.sequence, head=link.hash)
        return Life(plan, (*self.steps, Step(link.facts, str(decision.event.beside.get("words", "")))))


def write(letter: str, words: str) -> Done:
    def done(plan: Plan, moment: Moment) -> Decision | None:
        standard, head = plan.section(letter)
        each = standard.groups[0]
        group, item, field = GROUPS.get(letter, (each.name, "" if each.repeats else each.name, each.title_field))
        edit = submission(head.content, group, item, {field: words})
        return edit_item(plan, WRITERS[letter], letter, edit, moment, new_id())

    return done


def sign(letter: str, who: Actor) -> Done:
    def done(plan: Plan, moment: Moment) -> Decision | None:
        head = plan.sections[letter]
        return sign_off.sign(plan, who, letter, head.revision, head.hash.hex(), moment)

    return done


def sign_all(plan: Plan) -> list[Done]:
    return [sign(letter, who) for letter, who in SIGNERS.items()]


def issued(kind: VersionKind) -> Done:
    reasons = {each.letter: "They could not be asked in time." for each in blank().standard.sections}
    return lambda plan, moment: issue.issue(plan, MANAGER, kind, reasons, moment)


LETTERS = st.sampled_from(sorted(SIGNERS))
WORDS = st.sampled_from(["Worry", "Change", "She sings."])
ACTS: st.SearchStrategy[list[Done]] = st.one_of(
    st.builds(lambda letter, words: [write(letter, words)], st.sampled_from(sorted(WRITERS)), WORDS),
    st.builds(lambda letter: [sign(letter, SIGNERS[letter])], LETTERS),
    st.builds(lambda letter: [lambda plan, now: sign_off.hand_over(plan, WRITERS[letter], letter, now)], LETTERS),
    st.builds(
        lambda letter, words: [lambda plan, now: sign_off.send_back(plan, SIGNERS[letter], letter, words, now)],
        LETTERS,
        WORDS,
    ),
    st.builds(
        lambda letter, words: [lambda plan, now: sign_off.withdraw(plan, SIGNERS[letter], letter, words, now)],
        LETTERS,
        WORDS,
    ),
    st.just(sign_all(blank())),
    st.sampled_from([[issued(VersionKind.DRAFT)], [issued(VersionKind.FINAL)]]),
    st.just([lambda plan, now: issue.answer(plan, PARENT, "We agree.", now)]),
    st.just([lambda plan, now: issue.begin_finalising(plan, CASEWORKER, now)]),
    st.builds(lambda who: [lambda plan, now: retention.hold(plan, who, "A complaint.", now)], st.sampled_from(KEEPERS)),
    st.builds(lambda who: [lambda plan, now: retention.release(plan, who, "Settled.", now)], st.sampled_from(KEEPERS)),
    st.builds(lambda who: [lambda plan, now: retention.confirm(plan, who, now)], st.sampled_from(KEEPERS)),
    st.just([lambda plan, now: rights_record.give_consent(plan, PARENT, ADVOCATE.grants[0], ("A",), None, now)]),
    st.just([lambda plan, now: rights_record.withdraw_consent(plan, PARENT, ADVOCATE.person, now)]),
    st.just([lambda plan, now: rights_record.limit(plan, MANAGER, SENCO.grants[0], ("B",), "By order.", now)]),
)
# How many days pass before each: mostly none, sometimes until the plan is due to be destroyed.
WAITS = st.sampled_from([0, 0, 0, 1, 20, YEARS])


def account_of(plan: Plan) -> Account:
    return Account(plan.state, plan.sections, plan.versions, plan.answers, plan.keeping, plan.rights.hash)


def moment_of(day: float) -> Moment:
    """To the second: the chain tells times to the millisecond, as the product's clock does."""
    when = at(day).product.replace(microsecond=0)
    return Moment(when, when)


def marks(head: SectionHead) -> SectionHead:
    return replace(head, content=Content(), revision=0, hash=b"")


def must_agree(life: Life) -> None:
    told, said = retold(life.steps), nameless(account_of(life.plan))
    assert (told.state, told.versions, told.answers) == (said.state, said.versions, said.answers)
    assert (told.keeping, told.rights) == (said.keeping, said.rights)
    for letter in life.plan.sections:
        assert marks(told.section(letter)) == marks(said.section(letter))


@modest
@given(st.lists(st.tuples(ACTS, WAITS), max_size=30))
def test_the_chain_tells_the_plan_again_whatever_happened_to_it(acts: list[tuple[list[Done], int]]) -> None:
    life, day = Life(blank()), 0.0
    for doings, wait in acts:
        day += wait if day < YEARS else 0  # bank holidays are known up to 2089
        for done in doings:
            day += 0.001
            life = life.after(done, moment_of(day))
            must_agree(life)


def test_a_whole_life_from_the_first_word_to_the_end_is_told_again() -> None:
    life = Life(blank())
    doings = [
        *(write(letter, "Words.") for letter in SIGNERS),
        *sign_all(life.plan),
        issued(VersionKind.DRAFT),
        lambda plan, now: issue.answer(plan, PARENT, "We agree.", now),
        lambda plan, now: issue.begin_finalising(plan, CASEWORKER, now),
        write("I", "Elm Road"),
        issued(VersionKind.FINAL),
    ]
    for number, done in enumerate(doings):
        life = life.after(done, at(number))
    for number, who in enumerate(KEEPERS[:2]):
        life = life.after(lambda plan, now, who=who: retention.confirm(plan, who, now), at(YEARS + number))  # type: ignore[misc]
    must_agree(life)
    assert len(life.plan.versions) >= 1
    assert retold(life.steps).ends_in_destruction
