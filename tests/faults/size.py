"""How often each fault is tried: in every test run, and in the long one."""

from dataclasses import dataclass

from tests.faults.editors import Crowd


@dataclass(frozen=True)
class Size:
    kills: int
    acknowledged: int  # saves, at least
    races: int
    tabs: int
    editors: Crowd


SHORT = Size(kills=5, acknowledged=300, races=100, tabs=10, editors=Crowd(20, 20, 4))
LONG = Size(kills=100, acknowledged=100_000, races=10_000, tabs=300, editors=Crowd(1_000, 300, 30))
