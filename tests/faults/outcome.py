"""What a scenario found: its figures for the report, each finding in words, and how far it is."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Figures = Mapping[str, int | float | bool]


@dataclass(frozen=True)
class Outcome:
    """`findings` is empty when every promise was kept."""

    figures: Figures
    findings: list[str] = field(default_factory=list)


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """All outcomes as one: counts are added up, the longest time is the longest, what must be true is true of all."""
    figures: dict[str, int | float | bool] = {}
    findings: list[str] = []
    for outcome in outcomes:
        findings += outcome.findings
        for name, value in outcome.figures.items():
            figures[name] = _joined(figures[name], value) if name in figures else value
    return Outcome(figures, findings)


def _joined(one: float, other: float) -> int | float | bool:
    if isinstance(other, bool):
        return bool(one) and other
    return max(one, other) if isinstance(other, float) else one + other


def say(words: str) -> None:
    """Progress, for whoever waits."""
    print(words, file=sys.stderr, flush=True)
