"""What a check came to: its problems in sentences, and how many things it looked at."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Found:
    """What one plan or one checkpoint came to. `problems` name entries and sections by number, and nobody."""

    what: str
    problems: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def expect(self, holds: bool, problem: str) -> None:
        if not holds:
            self.problems.append(problem)
