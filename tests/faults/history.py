"""What writers and readers saw, each on one clock, and what was kept: plain facts to be held against one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Result(StrEnum):
    """What a writer knows of a save. No reply is unknown, and never a failure."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Save:
    """One save of one section's words, which hold `token` and nothing else like it anywhere.

    `base` is the revision the writer had before them; `revision` is the one they were told they had made,
    0 when the reply did not say. Times are seconds on a clock that never goes back.
    """

    section: str
    start: float
    end: float
    token: str
    base: int
    result: Result
    revision: int = 0


@dataclass(frozen=True)
class Read:
    """A reply that showed a section at a revision; `digest` is over every word it showed."""

    section: str
    start: float
    end: float
    revision: int
    digest: str


@dataclass(frozen=True)
class History:
    """Everything that all writers and readers noted."""

    saves: Sequence[Save] = ()
    reads: Sequence[Read] = ()

    def __add__(self, other: "History") -> "History":
        return History((*self.saves, *other.saves), (*self.reads, *other.reads))

    @property
    def acknowledged(self) -> list[Save]:
        return [each for each in self.saves if each.result is Result.ACCEPTED]

    @property
    def longest_outage(self) -> float:
        """The longest time in seconds in which nobody's save was acknowledged."""
        ends = sorted(each.end for each in self.acknowledged)
        return max((after - before for before, after in pairwise(ends)), default=0.0)


@dataclass(frozen=True)
class Revision:
    """A kept revision: the token in its words, empty when they are not one save's, and whether its hash is theirs."""

    number: int
    token: str
    digest: str
    hash: str
    sound: bool = True


@dataclass(frozen=True)
class Entry:
    """A kept link of a plan's chain: what it is about, and whether it follows from the link before it."""

    sequence: int
    kind: str
    section: str
    revision: int
    hash: str
    linked: bool = True


@dataclass(frozen=True)
class Record:
    """One plan as it is kept. Revisions and heads by section; `announced` is the outbox, by sequence."""

    plan: str
    revisions: Mapping[str, Sequence[Revision]]
    heads: Mapping[str, Revision]
    chain: Sequence[Entry] = ()
    announced: Sequence[int] = ()
    sequence: int = 0
