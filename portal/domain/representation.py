"""Representations: what the family says of a draft, point by point, as the plan remembers it without a word."""

from dataclasses import dataclass

WHOLE, SCHOOL, MEETING = "whole", "school", "meeting"
# What a point may be about beside a section (SEND Regulations 2014 reg 13(1)): a final that passes over it says why
# under this section, where the family's copy shows it.
PASSED_OVER_UNDER = {WHOLE: "A", SCHOOL: "I", MEETING: "A"}


@dataclass(frozen=True)
class Representation:
    """One point. `number` is that of the entry which put it on record, `answer` that of the council's, 0 without one.

    `about` is a section's letter or one of the words above, `person` whose point it is, `version` the draft.
    """

    number: int
    about: str
    person: str
    version: int
    answer: int = 0

    @property
    def is_open(self) -> bool:
        return not self.answer

    @property
    def section(self) -> str:
        """The section under which a final that is issued over it says why."""
        return PASSED_OVER_UNDER.get(self.about, self.about)
