"""A plan with twins of one section, lived in memory, for tests of how they stand and who may read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from portal.domain.actor import Actor
from portal.domain.content import Content
from portal.domain.plan import Plan
from portal.domain.reading import filtered, read
from portal.domain.step_up import ACTS
from portal.domain.twin import Twin, TwinReading, has_words, read_twin, source_of, told_parts
from portal.domain.twin_write import Before, Sent, check, write
from tests import factories as made
from tests.factories import CASEWORKER, MANAGER, at


@dataclass
class Life:
    """A plan with twins of one section, lived in memory: every revision of the section and every twin is kept."""

    plan: Plan
    letter: str = "F"
    tag: str = "ur"
    twins: list[Twin] = field(default_factory=list)
    sections: dict[int, Content] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.moved(self.plan)

    def moved(self, plan: Plan) -> None:
        self.plan = plan
        head = plan.sections[self.letter]
        self.sections[head.revision] = head.content

    @property
    def twin(self) -> Twin | None:
        return self.twins[-1] if self.twins else None

    @property
    def items(self) -> list[str]:
        return [each.id for each in self.plan.sections[self.letter].content.items]

    def then(self, who: Actor) -> dict[int, Content]:
        return {number: filtered(self.plan, who, self.letter, each) for number, each in self.sections.items()}

    def read(self, who: Actor = CASEWORKER) -> TwinReading:
        return read_twin(read(self.plan, who, {}), self.letter, self.twin, self.then(who))

    def sent(self, words: Mapping[str, str], *fits: str, number: int = -1, revision: int = -1) -> Sent:
        now = self.plan.sections[self.letter].revision
        count = len(self.twins) if number < 0 else number
        return Sent(words, frozenset(fits), now if revision < 0 else revision, count)

    def write(self, words: Mapping[str, str], *fits: str, who: Actor = CASEWORKER, **seen: int) -> Twin | None:
        sent, reading = self.sent(words, *fits, **seen), read(self.plan, who, {})
        base = self.twins[sent.number - 1] if sent.number else None
        parts = [told_parts(reading, self.letter, each, self.then(who)) for each in (base, self.twin)]
        before = Before(self.sections[sent.revision], self.twin, *parts)
        written = write(self.plan, who, self.letter, self.tag, sent, before, at())
        if written is None:
            return None
        self.twins.append(written[1])
        return written[1]

    def check(self, who: Actor = MANAGER, named: frozenset[str] = frozenset()) -> None:
        assert self.twin
        seen = (self.twin.number, self.twin.hash.hex())
        checked = check(self.plan, who, self.read(who), seen, named, at())
        assert checked
        assert checked[0].event.kind in ACTS
        self.twins[-1] = replace(self.twin, check=checked[1])

    def change(self, item: str, **values: str) -> None:
        self.moved(made.write(self.plan, CASEWORKER, self.letter, "provision", item, **values))


def lived() -> Life:
    """Section F with two rows."""
    plan, _ = made.add(made.blank(), CASEWORKER, "F", "provision", what="Speech therapy", who="A therapist")
    plan, _ = made.add(plan, CASEWORKER, "F", "provision", what="A listening game", where="At home")
    return Life(plan)


def written(**more: str) -> Life:
    """The same, with a twin of both rows."""
    life = lived()
    life.write({item: f"word {number}" for number, item in enumerate(life.items)} | more)
    return life


def says(life: Life) -> dict[str, str]:
    """What every item of the section says now, in one string each."""
    standard, head = life.plan.section(life.letter)
    found = ((standard.group(each.group), each) for each in head.content.items)
    return {each.id: source_of(group, each) for group, each in found if has_words(group, each)}
