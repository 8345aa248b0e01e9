"""Percentiles and medians of what was measured."""

from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many per cent of them do not exceed; ValueError when there are none."""
    if not values:
        raise ValueError("There is nothing to take a percentile of.")
    ordered = sorted(values)
    at = -(-len(ordered) * percent // 100)
    return ordered[max(int(at) - 1, 0)]
