"""What was recorded of who may read a plan and who decides in it: consents, capacity for a decision, court orders."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.content import Mark
from portal.domain.hashing import Value, leaf


class Matter(StrEnum):
    """A decision that is the young person's own; whether somebody has capacity is asked of each by itself."""

    VIEWS = "views"  # agreeing "All about me"
    DRAFT = "draft"  # answering a draft
    SHARING = "sharing"  # who may read the plan


@dataclass(frozen=True)
class Consent:
    """That somebody may read sections: a parent of a young person, or an advocate. `until` is its last day.

    `writes`: and a parent may write in "All about me" with the young person, as parents do for a child.
    """

    person: str
    letters: tuple[str, ...]
    by: Mark
    until: date | None = None
    writes: bool = False

    def covers(self, letter: str, day: date) -> bool:
        return letter in self.letters and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Capacity:
    """That the young person lacks capacity for one decision (Mental Capacity Act 2005 ss2, 3), and who decides.

    `person` is the alternative person: a deputy or attorney, else a parent (SEND Regulations 2014 reg 64).
    """

    matter: Matter
    person: str
    by: Mark
    words: str  # who assessed it, when, and what they found


@dataclass(frozen=True)
class Limit:
    """That a court's order keeps sections from one person; who they are and why is nobody else's to infer."""

    person: str
    letters: tuple[str, ...]
    by: Mark
    words: str


@dataclass(frozen=True)
class Rights:
    """All that stands recorded beside one plan. `salt` keeps its hash on the chain from being guessed."""

    consents: tuple[Consent, ...] = ()
    capacity: tuple[Capacity, ...] = ()
    limits: tuple[Limit, ...] = ()
    salt: bytes = b""

    def consents_to(self, person: str, letter: str, day: date) -> bool:
        return any(each.person == person and each.covers(letter, day) for each in self.consents)

    def lets_write(self, person: str, letter: str, day: date) -> bool:
        return any(each.writes for each in self.consents if each.person == person and each.covers(letter, day))

    def decider(self, matter: Matter) -> str:
        """Who decides instead of the young person; empty where they decide themselves."""
        return next((each.person for each in self.capacity if each.matter is matter), "")

    def decides_something(self, person: str) -> bool:
        return any(each.person == person for each in self.capacity)

    def keeps_from(self, person: str, letter: str) -> bool:
        return any(each.person == person and letter in each.letters for each in self.limits)

    @property
    def hash(self) -> str:
        """Over everything recorded but names; it stands on the chain, so that nothing is slipped in beside it."""
        if not self.salt:
            return ""
        consents: list[Value] = [
            [each.person, list(each.letters), each.by.person, str(each.until or ""), each.writes]
            for each in self.consents
        ]
        capacity: list[Value] = [[each.matter.value, each.person, each.by.person, each.words] for each in self.capacity]
        limits: list[Value] = [[each.person, list(each.letters), each.by.person, each.words] for each in self.limits]
        return leaf("rights", [consents, capacity, limits], (), self.salt).hex()
